//! One thing that a person did on this phone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What was done. In the order in which it is sent: a person waiting for a person goes first, in the order in which it was said; what may
/// be large, as photos are, goes late.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    ContactRequest,
    ContactAddition,
    ContactCancel,
    FlagAnswer,
    BaselineAnswer,
    CheckIn,
    Occurrence,
    PlanDraft,
    PlanAgree,
    PackAdditionGone,
    PackFeedback,
    PackAddition,
    PackFirstAid,
    PackSearch,
    /// Of a newer app that was on this phone before: kept as it is for when it comes back, and not sent by us, who
    /// cannot know what it hangs on.
    #[serde(untagged)]
    Unknown(String),
}

impl Kind {
    /// A person waits for a person.
    pub fn is_contact(&self) -> bool {
        matches!(self, Kind::ContactRequest | Kind::ContactAddition | Kind::ContactCancel)
    }

    pub fn is_known(&self) -> bool {
        !matches!(self, Kind::Unknown(_))
    }

    /// As on the wire.
    pub fn name(&self) -> String {
        // A kind is written as a string and as nothing else.
        serde_json::to_value(self).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Saved on this phone.
    Waiting,
    /// As waiting, but it has failed so often that it is shown as such, and tried once an hour.
    SetAside,
    /// The provider has it. Kept for a while, to be offered again.
    Received,
    /// The provider will not take it. Kept and shown until the person removes it.
    Refused,
    /// Of a newer app: left alone.
    #[serde(untagged)]
    Unknown(String),
}

/// Whatever else a newer app has stored with an entry stays with it in `beyond`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Made at the tap: the same id again is the same thing, however often it is sent.
    pub id: Uuid,
    pub kind: Kind,
    /// As on the wire.
    pub body: Value,
    /// What it belongs to; `None`: itself.
    #[serde(default)]
    pub target: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub state: State,
    /// Why it was refused.
    #[serde(default)]
    pub reason: Option<String>,
    /// How often it failed for itself.
    #[serde(default)]
    pub tries: u32,
    #[serde(default)]
    pub not_before: Option<DateTime<Utc>>,
    /// By the server's clock.
    #[serde(default)]
    pub received_at: Option<DateTime<Utc>>,
    #[serde(flatten)]
    pub beyond: Map<String, Value>,
}

impl Entry {
    /// What somebody did just now. `target` is found in the body.
    pub fn new(id: Uuid, kind: Kind, body: Value, now: DateTime<Utc>) -> Self {
        let target = target(&kind, &body);
        Self {
            id,
            kind,
            body,
            target,
            created_at: now,
            state: State::Waiting,
            reason: None,
            tries: 0,
            not_before: None,
            received_at: None,
            beyond: Map::new(),
        }
    }

    /// Still to be sent.
    pub fn waits(&self) -> bool {
        matches!(self.state, State::Waiting | State::SetAside)
    }

    /// Of marks on an article, or of snoozes of one reminder, only the newest is worth sending. Who asks for a person again takes no request
    /// back any more: a cancel on its way would close the new one with the old. Everything else is kept, each for itself.
    pub(super) fn replaces(&self, one: &Entry) -> bool {
        if self.kind == Kind::ContactRequest {
            return one.kind == Kind::ContactCancel;
        }
        let newest = match self.kind {
            Kind::BaselineAnswer | Kind::Occurrence | Kind::PlanAgree | Kind::PackFeedback => self.target.is_some(),
            // There is one box, and each time the whole of it is sent.
            Kind::PackFirstAid => true,
            _ => false,
        };
        newest && one.kind == self.kind && one.target == self.target
    }

    /// What must have gone before it.
    pub(super) fn hangs_on(&self) -> Vec<Uuid> {
        let named = |field: &str| id(&self.body[field]).into_iter().collect();
        match self.kind {
            Kind::PackFirstAid => self.body["ids"].as_array().into_iter().flatten().filter_map(id).collect(),
            Kind::PlanDraft => named("based_on"),
            Kind::PackAddition => named("replaces"),
            _ => self.target.into_iter().collect(),
        }
    }
}

fn target(kind: &Kind, body: &Value) -> Option<Uuid> {
    let field = match kind {
        Kind::ContactAddition | Kind::ContactCancel => "contact_request_id",
        Kind::FlagAnswer => "flag_id",
        Kind::BaselineAnswer => "baseline_id",
        Kind::Occurrence => "occurrence_id",
        Kind::PlanAgree => "version",
        Kind::PackFeedback => "resource_id",
        Kind::PackAdditionGone => "addition_id",
        _ => return None,
    };
    id(&body[field])
}

fn id(value: &Value) -> Option<Uuid> {
    value.as_str()?.parse().ok()
}
