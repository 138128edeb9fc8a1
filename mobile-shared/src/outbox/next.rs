//! What to send next.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Entry, Kind, Outbox, Session, State};
use crate::sync::{Last, MOST_OFFERED, Operation, Request};

/// At most so many in one request, and so much JSON: it must get through on 2G, and be worth little if it does not.
const MOST: usize = 200;
const MOST_BYTES: usize = 64 * 1024;
/// What a request for contact asks to hear about, to stay small.
const OF_CONTACT: [&str; 2] = ["contact_requests", "cover"];

/// What is remembered while everything that can go is tried once. In memory only.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Round {
    /// Sent in this round, and not to be sent again in it.
    pub(super) tried: BTreeSet<Uuid>,
    /// At most so many in the next request: fewer after one that could not be carried.
    pub(super) most: usize,
    /// Hear what changed, if there is nothing to send too.
    pub(super) ask: bool,
    pub(super) over: bool,
    /// A new token was asked for; not twice.
    pub(super) refreshed: bool,
}

impl Default for Round {
    fn default() -> Self {
        Self { tried: BTreeSet::new(), most: MOST, ask: false, over: false, refreshed: false }
    }
}

impl Round {
    /// To send what waits, and with `ask` to hear what changed even if nothing does.
    pub fn new(ask: bool) -> Self {
        Self { ask, ..Self::default() }
    }

    /// Nobody could be reached, or nobody who knows us: wait before the next one.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The one that could not be carried was found: the others go together again.
    pub(super) fn as_many_as_ever(&mut self) {
        self.most = MOST;
    }
}

/// What the host shall send.
#[derive(Clone, Debug, PartialEq)]
pub enum Send {
    /// `POST /api/v1/me/sync`
    Sync(Request),
    /// `PUT /api/v1/contact-requests/{id}` with the contact key: the session is over.
    ByKey(Operation),
}

impl Outbox {
    /// The next request of this round; its entries count as tried from now on. `None`: everything that can go now was tried.
    pub fn next(&self, round: &mut Round, now: DateTime<Utc>) -> Option<Send> {
        if round.over || self.standing.session == Session::Revoked {
            return None;
        }
        let ready = self.ready(round, now);
        if self.standing.session == Session::Over {
            let entry = ready.first()?;
            round.tried.insert(entry.id);
            return Some(Send::ByKey(operation(entry)));
        }
        let contact = self.next_contact(round, now);
        if contact.is_some() {
            return contact;
        }
        if ready.is_empty() && !round.ask && !self.standing.offer {
            return None;
        }
        round.ask = false;
        let offered = self.offers().then(|| self.received());
        let last = if offered.is_some() { Last::default() } else { self.standing.last.clone() };
        Some(Send::Sync(self.request(round, &ready, last, offered, None)))
    }

    /// Only what a person waits for, if there is any: to be sent at once, while another request is still on its way.
    pub fn next_contact(&self, round: &mut Round, now: DateTime<Utc>) -> Option<Send> {
        let mut ready = self.ready(round, now);
        // Words for a request that the server may have lost go with the offer, or it would not know what to do with them.
        ready.retain(|entry| entry.kind.is_contact() && (entry.hangs_on().is_empty() || !self.offers()));
        if round.over || self.standing.session != Session::Open || ready.is_empty() {
            return None;
        }
        let want = OF_CONTACT.map(str::to_owned).to_vec();
        Some(Send::Sync(self.request(round, &ready, self.standing.last.clone(), None, Some(want))))
    }

    fn request(
        &self,
        round: &mut Round,
        ready: &[&Entry],
        last: Last,
        offered: Option<Vec<Uuid>>,
        want: Option<Vec<String>>,
    ) -> Request {
        let mut bytes = 0;
        let fits = |one: &Operation| {
            let first = bytes == 0;
            bytes += serde_json::to_vec(one).map_or(0, |json| json.len());
            first || bytes <= MOST_BYTES
        };
        let operations: Vec<Operation> =
            ready.iter().map(|entry| operation(entry)).take(round.most).take_while(fits).collect();
        round.tried.extend(operations.iter().map(|one| one.id));
        Request { cursor: self.standing.cursor.clone(), operations, last, offered, want }
    }

    /// What can go now, in order.
    fn ready(&self, round: &Round, now: DateTime<Utc>) -> Vec<&Entry> {
        let mut ready: Vec<&Entry> = self
            .entries()
            .filter(|entry| entry.waits() && !round.tried.contains(&entry.id) && self.can_go(entry))
            .filter(|entry| entry.held_until(now).is_none())
            .collect();
        ready.sort_by(|one, other| {
            let of = |entry: &Entry| (entry.created_at, entry.id);
            one.kind.cmp(&other.kind).then_with(|| of(one).cmp(&of(other)))
        });
        ready
    }

    /// Whether nothing stands in its way but time.
    pub(super) fn can_go(&self, entry: &Entry) -> bool {
        let waits = |id: &Uuid| *id != entry.id && self.entries.get(id).is_some_and(Entry::waits);
        let by_key_or_open = self.standing.session == Session::Open || entry.kind == Kind::ContactRequest;
        entry.kind.is_known() && by_key_or_open && !entry.hangs_on().iter().any(waits)
    }

    /// Whether the server may have lost something of what it took: it said so, or which it took last is not known.
    pub(super) fn offers(&self) -> bool {
        let received = || self.entries().any(|entry| entry.state == State::Received);
        self.standing.offer || self.standing.last.id.is_none() && received()
    }

    /// What is offered: the newest of what was received.
    pub(super) fn received(&self) -> Vec<Uuid> {
        let mut received: Vec<&Entry> = self.entries().filter(|entry| entry.state == State::Received).collect();
        received.sort_by_key(|entry| std::cmp::Reverse((entry.received_at, entry.id)));
        received.iter().take(MOST_OFFERED).map(|entry| entry.id).collect()
    }
}

impl Entry {
    /// Until when it is held back, if it is. A clock that was put back must not hold it back for longer than we ever would.
    pub(super) fn held_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let longest = if self.kind.is_contact() { TimeDelta::minutes(1) } else { TimeDelta::hours(1) };
        self.not_before.filter(|until| now < *until && until.signed_duration_since(now) <= longest)
    }
}

fn operation(entry: &Entry) -> Operation {
    Operation { id: entry.id, kind: entry.kind.name(), body: entry.body.clone() }
}
