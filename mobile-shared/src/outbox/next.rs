//! What to send next.

use std::{cmp::Ordering, collections::BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Entry, Kind, Outbox, Session, State, Then};
use crate::sync::{Last, MOST_OFFERED, Operation, Request};

/// At most so many in one request, and so much JSON: it must get through on 2G, and be worth little if it does not.
const MOST: usize = 200;
const MOST_BYTES: usize = 64 * 1024;
/// After so many that failed alone, one after the other, nothing is believed to be wrong with them before the server has answered something.
const MOST_ALONE: u8 = 2;
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
    /// So many failed alone since the last answer.
    pub(super) alone: u8,
    /// Requests for contact that the session did not get through: they go by the contact key, once, even when the round is over.
    pub(super) by_key: BTreeSet<Uuid>,
    pub(super) went_by_key: BTreeSet<Uuid>,
}

impl Default for Round {
    fn default() -> Self {
        Self {
            tried: BTreeSet::new(),
            most: MOST,
            ask: false,
            over: false,
            refreshed: false,
            alone: 0,
            by_key: BTreeSet::new(),
            went_by_key: BTreeSet::new(),
        }
    }
}

impl Round {
    /// To send what waits, and with `ask` to hear what changed even if nothing does.
    pub fn new(ask: bool) -> Self {
        Self { ask, ..Self::default() }
    }

    /// What the host does next, after an answer.
    pub fn then(&self) -> Then {
        if self.over && self.by_key.is_empty() { Then::Wait } else { Then::GoOn }
    }

    /// The server has answered, or the one that could not be carried was found: the others go together again.
    pub(super) fn as_many_as_ever(&mut self) {
        self.most = MOST;
    }
}

/// What the host shall send.
#[derive(Clone, Debug, PartialEq)]
pub enum Send {
    /// `POST /api/v1/me/sync`
    Sync(Request),
    /// `PUT /api/v1/contact-requests/{id}` with the contact key: the session is over, or did not get it through.
    ByKey(Operation),
}

impl Outbox {
    /// The next request of this round; its entries count as tried from now on. `None`: everything that can go now was tried.
    pub fn next(&self, round: &mut Round, now: DateTime<Utc>) -> Option<Send> {
        let by_key = self.next_by_key(round, now);
        if by_key.is_some() || round.over || self.standing.session != Session::Open {
            return by_key;
        }
        if round.alone >= MOST_ALONE {
            // Is it them, or does the server say so to everything? Then it is not asked hundreds of times.
            return Some(Send::Sync(self.request(round, &[], Last::default(), None, Some(Vec::new()))));
        }
        let ready = self.ready(round, now);
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
        let by_key = self.next_by_key(round, now);
        if by_key.is_some() {
            return by_key;
        }
        let mut ready = self.ready(round, now);
        // Words for a request that the server may have lost go with the offer, or it would not know what to do with them.
        ready.retain(|entry| entry.kind.is_contact() && (entry.hangs_on().is_empty() || !self.offers()));
        if round.over || self.standing.session != Session::Open || ready.is_empty() {
            return None;
        }
        let want = OF_CONTACT.map(str::to_owned).to_vec();
        Some(Send::Sync(self.request(round, &ready, self.standing.last.clone(), None, Some(want))))
    }

    /// A request for contact fails open: whatever stopped the session, the contact key may still get it through.
    fn next_by_key(&self, round: &mut Round, now: DateTime<Utc>) -> Option<Send> {
        if self.standing.session == Session::Over && !round.over {
            round.by_key.extend(self.ready(round, now).iter().map(|entry| entry.id));
        }
        let Round { by_key, went_by_key, tried, .. } = round;
        let mut entries: Vec<&Entry> = by_key.iter().filter_map(|id| self.entries.get(id)).collect();
        entries.retain(|entry| entry.waits() && self.can_go(entry) && !went_by_key.contains(&entry.id));
        *by_key = entries.iter().map(|entry| entry.id).collect();
        let entry = entries.into_iter().min_by_key(|entry| (entry.created_at, entry.id))?;
        by_key.remove(&entry.id);
        went_by_key.insert(entry.id);
        tried.insert(entry.id);
        Some(Send::ByKey(operation(entry)))
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
        let wanted = |part: &&String| want.as_ref().is_none_or(|want| want.contains(part));
        let doubts = self.standing.doubts.clone();
        let anew = doubts.keys().filter(wanted).cloned().collect();
        Request { cursor: self.standing.cursor.clone(), operations, last, offered, want, anew, doubts }
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
            // "No longer" and "please, again" mean nothing without their order.
            let both_of_contact = one.kind.is_contact() && other.kind.is_contact();
            let by_kind = if both_of_contact { Ordering::Equal } else { one.kind.cmp(&other.kind) };
            by_kind.then_with(|| of(one).cmp(&of(other)))
        });
        ready
    }

    /// Whether nothing stands in its way but time.
    pub(super) fn can_go(&self, entry: &Entry) -> bool {
        let waits = |id: &Uuid| *id != entry.id && self.entries.get(id).is_some_and(Entry::waits);
        let has_a_way = match self.standing.session {
            Session::Open => entry.kind.is_known(),
            Session::Over => entry.kind == Kind::ContactRequest,
            Session::Revoked => false,
        };
        has_a_way && !entry.hangs_on().iter().any(waits)
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

pub(super) fn operation(entry: &Entry) -> Operation {
    Operation { id: entry.id, kind: entry.kind.name(), body: entry.body.clone() }
}
