//! One round trip with the server: what waits on the phone goes up, what changed comes down. `POST /api/v1/me/sync`.
//!
//! Both sides may be newer than the other: fields that are not known are left alone, and an outcome that is not known
//! counts as one to try again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// How many operations the server takes at once.
pub const MOST_OPERATIONS: usize = 500;
/// How many ids it lets a phone offer again.
pub const MOST_OFFERED: usize = 2000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// What the last answer gave; `None` the first time.
    pub cursor: Option<String>,
    /// Worked off in this order.
    pub operations: Vec<Operation>,
    #[serde(flatten)]
    pub last: Last,
    /// After an answer with `offer_again`: what this phone had accepted in its last 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<Vec<Uuid>>,
    /// Which parts to hear about; `None`: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub want: Option<Vec<String>>,
    /// Parts to tell whatever the cursor knows: this phone has learnt of them otherwise since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anew: Vec<String>,
    /// What was in doubt when this was made; not sent.
    #[serde(skip)]
    pub doubts: BTreeMap<String, u64>,
}

/// The newest operation that this phone was told is done, and in which answer. The id alone is not enough: a server that was put back to a
/// backup may take the same thing in a second time, and have lost what came between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    #[serde(default, rename = "last")]
    pub id: Option<Uuid>,
    /// Missing in what an older app has stored.
    #[serde(default, rename = "last_at", skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A moment as the server wrote it, to be given back to the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Stamp {
    pub written: String,
    pub at: DateTime<Utc>,
}

impl TryFrom<String> for Stamp {
    type Error = chrono::ParseError;

    fn try_from(written: String) -> Result<Self, Self::Error> {
        Ok(Self { at: written.parse()?, written })
    }
}

impl From<Stamp> for String {
    fn from(stamp: Stamp) -> Self {
        stamp.written
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Made on the phone, at the tap.
    pub id: Uuid,
    pub kind: String,
    pub body: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub cursor: String,
    pub server_time: Stamp,
    #[serde(default)]
    pub operations: Vec<Outcome>,
    /// By part: what the GET of that part answers. Only what differs from what the cursor knows.
    #[serde(default)]
    pub changes: Map<String, Value>,
    /// Parts that could not be told just now: what the phone has of them may be old.
    #[serde(default)]
    pub untold: Vec<String>,
    /// The server does not know `last`: it was restored from an older backup, or is another one.
    #[serde(default)]
    pub offer_again: bool,
    /// Of what was offered: what to send again.
    #[serde(default)]
    pub missing: Vec<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: Uuid,
    pub outcome: Came,
    #[serde(default)]
    pub problem: Option<Problem>,
    /// What the single route answers to the operation, if it was done now.
    #[serde(default)]
    pub answer: Option<Value>,
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    Done,
    AlreadyDone,
    Refused,
    TryLater,
    /// Of a newer server.
    #[serde(untagged)]
    Other(String),
}

/// Why something was refused, as far as a phone shows it (RFC 9457).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub title: Option<String>,
    /// A sentence that a person can act on.
    #[serde(default)]
    pub detail: Option<String>,
}

impl Problem {
    /// The best words there are for it.
    pub fn words(&self) -> Option<&str> {
        [&self.detail, &self.title, &self.code].into_iter().find_map(|words| words.as_deref())
    }
}
