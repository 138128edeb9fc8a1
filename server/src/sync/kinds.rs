//! What a phone can send in one go, and which single route each is. The route decides; here it only gets its address.

use axum::http::Method;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::{Error, Result};

/// An operation's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    CheckIn,
    ContactRequest,
    ContactAddition,
    ContactCancel,
    Occurrence,
    PlanDraft,
    PlanAgree,
    FlagAnswer,
    BaselineAnswer,
    PackFeedback,
    PackAddition,
    PackAdditionGone,
    PackFirstAid,
    PackSearch,
}

const KINDS: &[(&str, Kind)] = &[
    ("check_in", Kind::CheckIn),
    ("contact_request", Kind::ContactRequest),
    ("contact_addition", Kind::ContactAddition),
    ("contact_cancel", Kind::ContactCancel),
    ("occurrence", Kind::Occurrence),
    ("plan_draft", Kind::PlanDraft),
    ("plan_agree", Kind::PlanAgree),
    ("flag_answer", Kind::FlagAnswer),
    ("baseline_answer", Kind::BaselineAnswer),
    ("pack_feedback", Kind::PackFeedback),
    ("pack_addition", Kind::PackAddition),
    ("pack_addition_gone", Kind::PackAdditionGone),
    ("pack_first_aid", Kind::PackFirstAid),
    ("pack_search", Kind::PackSearch),
];

/// A call of the single route.
#[derive(Debug)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub body: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Done,
    Snooze,
    Skip,
}

impl Kind {
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Whether 201 tells the first time from a retry.
    pub fn says_when_new(self) -> bool {
        matches!(self, Self::CheckIn | Self::ContactRequest | Self::ContactAddition | Self::PackAddition)
    }

    /// Whether its route refuses another body under a used id.
    pub fn knows_its_retries(self) -> bool {
        self.says_when_new() || matches!(self, Self::Occurrence | Self::PlanDraft | Self::FlagAnswer)
    }

    /// The call that this operation is.
    pub fn call(self, id: Uuid, mut body: Map<String, Value>) -> Result<Call> {
        let (method, path) = match self {
            Self::CheckIn => (Method::PUT, format!("/me/check-ins/{id}")),
            Self::ContactRequest => (Method::PUT, format!("/me/contact-requests/{id}")),
            Self::ContactAddition => {
                (Method::POST, format!("/me/contact-requests/{}/additions", target(&mut body, "contact_request_id")?))
            }
            Self::ContactCancel => {
                (Method::POST, format!("/me/contact-requests/{}/cancel", target(&mut body, "contact_request_id")?))
            }
            Self::Occurrence => {
                let (occurrence, act) = (target(&mut body, "occurrence_id")?, act(&mut body)?);
                (Method::POST, format!("/me/occurrences/{occurrence}/{act}"))
            }
            Self::PlanDraft => (Method::PUT, "/me/plan/draft".to_owned()),
            Self::PlanAgree => (Method::POST, format!("/me/plan/{}/agree", target(&mut body, "version")?)),
            Self::FlagAnswer => (Method::POST, format!("/me/flags/{}/answer", target(&mut body, "flag_id")?)),
            Self::BaselineAnswer => {
                (Method::POST, format!("/me/baseline/{}/answer", target(&mut body, "baseline_id")?))
            }
            Self::PackFeedback => (Method::PUT, format!("/me/pack/{}/feedback", target(&mut body, "resource_id")?)),
            Self::PackAddition => (Method::PUT, format!("/me/pack/additions/{id}")),
            Self::PackAdditionGone => {
                (Method::DELETE, format!("/me/pack/additions/{}", target(&mut body, "addition_id")?))
            }
            Self::PackFirstAid => (Method::PUT, "/me/pack/first-aid".to_owned()),
            Self::PackSearch => (Method::PUT, format!("/me/pack/searches/{id}")),
        };
        // Where a route takes the id in the body.
        body.insert("id".to_owned(), Value::String(id.to_string()));
        Ok(Call { method, path: format!("/api/v1{path}"), body })
    }
}

/// The id of what an operation is about. Being an id, it cannot lead to another address.
fn target(body: &mut Map<String, Value>, field: &str) -> Result<Uuid> {
    let named = body.remove(field).ok_or_else(|| Error::field(field, "Please say which one this is about."))?;
    serde_json::from_value(named).map_err(|_| Error::field(field, "This is not an id."))
}

fn act(body: &mut Map<String, Value>) -> Result<&'static str> {
    let named = body.remove("act").unwrap_or_default();
    let act: Act = serde_json::from_value(named).map_err(|_| Error::field("act", "One of done, snooze, skip."))?;
    Ok(match act {
        Act::Done => "done",
        Act::Snooze => "snooze",
        Act::Skip => "skip",
    })
}
