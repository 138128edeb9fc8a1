//! What waits on a phone to be sent: kept through anything, sent once, and shown as sent when the server has said so.
//!
//! A machine that does nothing by itself. The host brings disk, clock, network and ids, and goes round like this:
//! 1. A tap: [`Outbox::keep`] gives [`Change`]s. The host puts them on disk, all or none, then [`Outbox::apply`]; only now is the
//!    person told "saved". So it is with the changes of every other step, and a kill between any two of them loses nothing:
//!    [`Outbox::read`] makes the same machine from what is on disk.
//! 2. A [`Round`] begins: [`Outbox::next`] says what to send. What came back goes to [`Outbox::answered`] or [`Outbox::failed`],
//!    and so on until there is nothing to send, or it is said to [wait](Then::Wait).
//! 3. The next one begins with the next tap, with the network, at [`Outbox::wake`], or [after a pause](pause) if nobody could be reached.
//!
//! The client's app in the browser follows the same rules; `fixtures/outbox.json` holds both to them.

mod answered;
mod entry;
mod failed;
mod next;
mod under_way;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::sync::Last;
pub use entry::{Entry, Kind, State};
pub use failed::{Failure, Then, pause};
pub use next::{Round, Send};
pub use under_way::UnderWay;

/// So long what was received is kept, to be offered to a server that was restored from an older backup.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// How this phone stands with the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    #[serde(default)]
    pub cursor: Option<String>,
    /// A server that does not know it has lost something. Without an id, which was done last is not known; then what was received is
    /// offered with every request, until something new is done.
    #[serde(flatten)]
    pub last: Last,
    /// The server has lost something: what was received is to be offered at once.
    #[serde(default)]
    pub offer: bool,
    #[serde(default)]
    pub session: Session,
    /// Parts that may be other on the phone than the cursor says: of what was put back meanwhile the server would say that it is unchanged.
    /// They are asked for anew. The number tells a doubt from one that came upon it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub doubts: BTreeMap<String, u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Session {
    #[default]
    Open,
    /// No token is taken any more, for whatever reason. Never a reason to wipe: the person joins again, and until then
    /// requests for contact go by the contact key.
    Over,
    /// This very phone was revoked: the person's data goes.
    Revoked,
}

/// What to put on disk: all of a step or nothing of it, and safe from a crash before anybody is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// In the place of an entry with this id, if there is one.
    Put(Box<Entry>),
    Remove(Uuid),
    Standing(Standing),
    /// What the server now says about one part; for the host alone.
    Part {
        name: String,
        data: Value,
    },
    /// At this moment of the phone's clock these parts (`None`: all), but for some, were as they are on the phone now; for the host alone.
    Confirmed {
        parts: Option<Vec<String>>,
        but: Vec<String>,
        at: DateTime<Utc>,
    },
}

/// The id of a tap is in use for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this id is in use for something else")]
pub struct UsedId;

/// Everything of one person on one phone.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    entries: BTreeMap<Uuid, Entry>,
    standing: Standing,
}

impl Outbox {
    /// From what is on disk.
    pub fn read(entries: impl IntoIterator<Item = Entry>, standing: Standing) -> Self {
        Self { entries: entries.into_iter().map(|entry| (entry.id, entry)).collect(), standing }
    }

    /// What was put on disk is so.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Put(entry) => drop(self.entries.insert(entry.id, (**entry).clone())),
                Change::Remove(id) => drop(self.entries.remove(id)),
                Change::Standing(standing) => self.standing = standing.clone(),
                Change::Part { .. } | Change::Confirmed { .. } => {}
            }
        }
    }

    /// In no order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// A tap. The same one again changes nothing. Of some kinds it takes the place of what waits about the same thing.
    pub fn keep(&self, entry: Entry) -> Result<Vec<Change>, UsedId> {
        match self.entries.get(&entry.id) {
            Some(known) if known.kind == entry.kind && known.body == entry.body => return Ok(Vec::new()),
            Some(_) => return Err(UsedId),
            None => {}
        }
        let older = self.entries().filter(|one| entry.replaces(one) && (one.waits() || one.state == State::Refused));
        let mut changes: Vec<Change> = older.map(|one| Change::Remove(one.id)).collect();
        changes.push(Change::Put(Box::new(entry)));
        Ok(changes)
    }

    /// What the server says about a part otherwise than in an answer to sync: to a change of it, or because it was asked for by itself.
    pub fn learnt(&self, part: String, data: Value, now: DateTime<Utc>) -> Vec<Change> {
        // An answer that was on its way when this phone was revoked leaves nothing on it.
        if self.standing.session == Session::Revoked {
            return Vec::new();
        }
        let mut standing = self.standing.clone();
        let number = standing.doubts.values().max().map_or(1, |last| last + 1);
        standing.doubts.insert(part.clone(), number);
        let confirmed = Change::Confirmed { parts: Some(vec![part.clone()]), but: Vec::new(), at: now };
        let mut changes = vec![Change::Part { name: part, data }, confirmed];
        changes.extend(self.now_stands(standing));
        changes
    }

    /// The person has seen that it was refused, and wants it gone.
    pub fn remove_refused(&self, id: Uuid) -> Vec<Change> {
        let refused = self.entries.get(&id).is_some_and(|entry| entry.state == State::Refused);
        if refused { vec![Change::Remove(id)] } else { Vec::new() }
    }

    /// What would be lost by signing out, oldest first: to be said before.
    pub fn unsent(&self) -> Vec<&Entry> {
        let mut unsent: Vec<&Entry> = self.entries().filter(|entry| entry.state != State::Received).collect();
        unsent.sort_by_key(|entry| (entry.created_at, entry.id));
        unsent
    }

    /// The phone could get no new token, and this is why; or it has one again, after joining with a code.
    pub fn session_is(&self, session: Session) -> Vec<Change> {
        // Whoever was revoked stays so, whatever a second answer says that was on its way, until somebody has joined.
        let stays = self.standing.session == Session::Revoked && session != Session::Open;
        if self.standing.session == session || stays {
            return Vec::new();
        }
        // Who joins again may have joined another server: what it knows of this phone is not known.
        vec![Change::Standing(Standing { session, cursor: None, ..self.standing.clone() })]
    }

    /// When to begin a round for what waits; `None` if nothing does that can be sent.
    pub fn wake(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waiting = self.entries().filter(|entry| entry.waits() && self.can_go(entry));
        waiting.map(|entry| entry.held_until(now).unwrap_or(now)).min()
    }

    /// A person waits for a person: pauses are short.
    pub fn contact_waits(&self) -> bool {
        self.entries().any(|entry| entry.waits() && entry.kind.is_contact())
    }
}

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod stories;
