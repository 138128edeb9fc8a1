//! What a person does, as it goes over the wire.

use std::time::SystemTime;

use mobile_shared::outbox::Kind;
use serde_json::{Map, Value, json};

use crate::{
    error::{HostError, id},
    time::instant,
};

#[derive(Clone, Debug, uniffi::Record)]
pub struct Answer {
    pub item_id: String,
    /// `None`: skipped.
    pub value: Option<f64>,
}

#[derive(Clone, Debug, uniffi::Record)]
pub struct CheckIn {
    /// By the phone's clock.
    pub recorded_at: SystemTime,
    pub answers: Vec<Answer>,
    pub note: Option<String>,
    pub note_shared: bool,
    pub replaces: Option<String>,
}

#[expect(clippy::enum_variant_names, reason = "as on the wire")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum When {
    Now,
    Today,
    WhenYouCan,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum How {
    Call,
    Text,
    Visit,
}

#[derive(Clone, Debug, uniffi::Record)]
pub struct ContactRequest {
    pub requested_at: SystemTime,
    pub when: When,
    pub how: How,
    pub message: Option<String>,
}

#[derive(Clone, Debug, uniffi::Enum)]
pub enum Act {
    Done,
    Snooze { until: SystemTime },
    Skip { reason: Option<String> },
}

/// An occurrence is named by where it comes from, too: the server may not have worked it out yet.
#[derive(Clone, Debug, uniffi::Record)]
pub struct OccurrenceAnswer {
    pub occurrence_id: String,
    pub reminder_id: String,
    pub date: String,
    pub time: String,
    pub at: SystemTime,
    pub act: Act,
}

#[derive(Clone, Debug, uniffi::Enum)]
pub enum Tap {
    CheckIn {
        check_in: CheckIn,
    },
    ContactRequest {
        request: ContactRequest,
    },
    ContactAddition {
        contact_request_id: String,
        message: String,
    },
    ContactCancel {
        contact_request_id: String,
    },
    Occurrence {
        answer: OccurrenceAnswer,
    },
    FlagAnswer {
        flag_id: String,
        answer: String,
        words: Option<String>,
    },
    BaselineAnswer {
        baseline_id: String,
        answer: String,
        words: Option<String>,
    },
    /// A plan is a large thing: its body crosses as the JSON of `PUT /api/v1/me/plan/draft`.
    PlanDraft {
        body: String,
    },
    PlanAgree {
        version: String,
    },
    /// What of the pack there is, by its kind on the wire, with its body in JSON.
    Pack {
        kind: String,
        body: String,
    },
}

impl Tap {
    pub fn kind_and_body(self) -> Result<(Kind, Value), HostError> {
        Ok(match self {
            Self::CheckIn { check_in } => (Kind::CheckIn, check_in.body()?),
            Self::ContactRequest { request } => (Kind::ContactRequest, request.body()),
            Self::ContactAddition { contact_request_id, message } => {
                let target = id(&contact_request_id)?;
                (Kind::ContactAddition, json!({ "contact_request_id": target, "message": message }))
            }
            Self::ContactCancel { contact_request_id } => {
                (Kind::ContactCancel, json!({ "contact_request_id": id(&contact_request_id)? }))
            }
            Self::Occurrence { answer } => (Kind::Occurrence, answer.body()?),
            Self::FlagAnswer { flag_id, answer, words } => {
                (Kind::FlagAnswer, json!({ "flag_id": id(&flag_id)?, "answer": answer, "words": words }))
            }
            Self::BaselineAnswer { baseline_id, answer, words } => {
                (Kind::BaselineAnswer, json!({ "baseline_id": id(&baseline_id)?, "answer": answer, "words": words }))
            }
            Self::PlanDraft { body } => (Kind::PlanDraft, object(&body)?),
            Self::PlanAgree { version } => (Kind::PlanAgree, json!({ "version": id(&version)? })),
            Self::Pack { kind, body } => (pack(&kind)?, object(&body)?),
        })
    }
}

fn pack(kind: &str) -> Result<Kind, HostError> {
    let known = serde_json::from_value(json!(kind)).ok();
    known
        .filter(|kind| {
            use Kind::{PackAddition, PackAdditionGone, PackFeedback, PackFirstAid, PackSearch};
            matches!(kind, PackFeedback | PackAddition | PackAdditionGone | PackFirstAid | PackSearch)
        })
        .ok_or_else(|| HostError::Unknown { what: format!("the kind {kind}") })
}

fn object(text: &str) -> Result<Value, HostError> {
    let object: Map<String, Value> =
        serde_json::from_str(text).map_err(|reason| HostError::unreadable("a body", reason))?;
    Ok(Value::Object(object))
}

impl CheckIn {
    fn body(self) -> Result<Value, HostError> {
        let answers: Result<Vec<Value>, HostError> = self
            .answers
            .iter()
            .map(|answer| Ok(json!({ "item_id": id(&answer.item_id)?, "value": answer.value })))
            .collect();
        Ok(json!({
            "recorded_at": instant(self.recorded_at),
            "answers": answers?,
            "note": self.note,
            "note_shared": self.note_shared,
            "replaces": self.replaces.as_deref().map(id).transpose()?,
        }))
    }
}

impl ContactRequest {
    fn body(self) -> Value {
        let when = match self.when {
            When::Now => "now",
            When::Today => "today",
            When::WhenYouCan => "when_you_can",
        };
        let how = match self.how {
            How::Call => "call",
            How::Text => "text",
            How::Visit => "visit",
        };
        json!({ "requested_at": instant(self.requested_at), "when": when, "how": how, "message": self.message })
    }
}

impl OccurrenceAnswer {
    fn body(self) -> Result<Value, HostError> {
        let mut body = json!({
            "occurrence_id": id(&self.occurrence_id)?,
            "reminder_id": id(&self.reminder_id)?,
            "date": self.date,
            "time": self.time,
            "at": instant(self.at),
        });
        match self.act {
            Act::Done => body["act"] = json!("done"),
            Act::Snooze { until } => {
                body["act"] = json!("snooze");
                body["until"] = json!(instant(until));
            }
            Act::Skip { reason } => {
                body["act"] = json!("skip");
                body["reason"] = json!(reason);
            }
        }
        Ok(body)
    }
}
