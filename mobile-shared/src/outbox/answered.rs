//! What the server's answers do.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Change, Entry, KEPT, Kind, Outbox, Round, Standing, State};
use crate::sync::{Answer, Came, Last, Operation, Outcome, Problem, Request};

/// After so many tries of its own that failed, something is set aside.
const TRIES: u32 = 8;
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(5);
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);
const LONGEST_PAUSE_OF_CONTACT: TimeDelta = TimeDelta::seconds(60);

impl Outbox {
    /// The answer to a request. One that comes twice, late, or to an older request changes nothing that no longer waits.
    pub fn answered(&self, round: &mut Round, request: &Request, answer: &Answer, now: DateTime<Utc>) -> Vec<Change> {
        round.alone = 0;
        round.as_many_as_ever();
        let mut changes = Vec::new();
        let (mut received, mut done) = (false, None);
        let outcomes: BTreeMap<Uuid, &Outcome> = answer.operations.iter().rev().map(|one| (one.id, one)).collect();
        for Operation { id, .. } in &request.operations {
            let Some(entry) = self.entries.get(id).filter(|entry| entry.waits()) else { continue };
            let outcome = outcomes.get(id);
            let entry = match outcome.map(|one| &one.outcome) {
                Some(came @ (Came::Done | Came::AlreadyDone)) => {
                    received = true;
                    done = if *came == Came::Done { Some(*id) } else { done };
                    entry.received(answer.server_time.at)
                }
                Some(Came::Refused) if self.target_may_be_lost(entry, request, answer) => continue,
                Some(Came::Refused) => entry.refused(outcome.and_then(|one| one.problem.as_ref())),
                Some(Came::TryLater | Came::Other(_)) | None => {
                    round.fails_open(entry);
                    entry.failed(now)
                }
            };
            changes.push(Change::Put(Box::new(entry)));
        }
        let mut standing = self.standing.clone();
        // A second copy of an answer must not bring back what has been sent again by then: the first one ends the offer.
        let offered = request.offered.as_ref().filter(|_| self.offers());
        let in_order = request.offered.is_none() && request.last == standing.last && !self.offers();
        let hears_of_all = in_order || offered.is_some_and(|offered| self.are_all(offered));
        if received || offered.is_some() {
            // What is already done was done before something else perhaps, and answers may cross: then which the server took last is
            // not known, and only offering all of it tells whether it has lost any.
            let known = done.filter(|_| hears_of_all);
            let last = |id| Last { id: Some(id), at: Some(answer.server_time.written.clone()) };
            standing.last = known.map(last).unwrap_or_default();
        }
        if let Some(offered) = offered {
            standing.offer = false;
            let missing = answer.missing.iter().filter(|id| offered.contains(id)).filter_map(|id| self.entries.get(id));
            let again = missing.filter(|entry| entry.state == State::Received);
            changes.extend(again.map(|entry| {
                let overtaken = self.was_asked_after(entry);
                if overtaken { Change::Remove(entry.id) } else { Change::Put(Box::new(entry.waiting_again())) }
            }));
        }
        standing.offer |= answer.offer_again;
        // A phone that was off for long still has to offer what it has.
        if hears_of_all && !standing.offer {
            changes.extend(self.outlived(answer.server_time.at, &changes));
        }
        // Of two answers that were on their way at once the second brings old news.
        if self.standing.cursor == request.cursor {
            standing.cursor = Some(answer.cursor.clone());
            // What was learnt since the question went may be newer than its answer.
            let late = |name: &&String| standing.doubts.get(*name) != request.doubts.get(*name);
            let told: Vec<String> = answer.changes.keys().filter(|name| !late(name)).cloned().collect();
            for name in told {
                standing.doubts.remove(&name);
                changes.push(Change::Part { data: answer.changes[&name].clone(), name });
            }
            let parts = request.want.clone();
            let but = answer.untold.iter().chain(standing.doubts.keys()).cloned().collect();
            // What did not change is not told, and is as good as what is.
            let confirmed = parts.as_ref().is_none_or(|parts| !parts.is_empty());
            changes.extend(confirmed.then_some(Change::Confirmed { parts, but, at: now }));
        }
        changes.extend(self.now_stands(standing));
        changes
    }

    /// The contact key was enough; `received_at` as the answer has it.
    pub fn received_by_key(&self, id: Uuid, received_at: DateTime<Utc>) -> Vec<Change> {
        let Some(entry) = self.entries.get(&id).filter(|entry| entry.waits()) else { return Vec::new() };
        let mut changes = vec![Change::Put(Box::new(entry.received(received_at)))];
        // It came to the server beside the sync, which has an order of its own.
        changes.extend(self.now_stands(Standing { last: Last::default(), ..self.standing.clone() }));
        changes
    }

    /// A cancel, and a person was asked for again after it: what stands is that they were.
    fn was_asked_after(&self, cancel: &Entry) -> bool {
        let of = |entry: &Entry| (entry.received_at, entry.id);
        let after = |one: &Entry| one.waits() || one.state == State::Received && of(one) > of(cancel);
        let mut asked = self.entries().filter(|one| one.kind == Kind::ContactRequest && Some(one.id) != cancel.target);
        cancel.kind == Kind::ContactCancel && asked.any(after)
    }

    /// Whether nothing was received since these were offered.
    fn are_all(&self, offered: &[Uuid]) -> bool {
        let offered: BTreeSet<&Uuid> = offered.iter().collect();
        self.received().iter().all(|id| offered.contains(id))
    }

    /// Whether the server may have refused something only because it has lost what that hangs on. Then it waits: that is offered first.
    fn target_may_be_lost(&self, entry: &Entry, request: &Request, answer: &Answer) -> bool {
        let lost = answer.offer_again || !answer.missing.is_empty() || request.offered.is_none() && self.offers();
        !entry.hangs_on().is_empty() && (lost || !self.can_go(entry))
    }

    pub(super) fn now_stands(&self, standing: Standing) -> Option<Change> {
        (standing != self.standing).then_some(Change::Standing(standing))
    }

    /// What was received so long ago that it need not be offered any more. By the server's clock: the phone's may be years wrong.
    fn outlived(&self, server_time: DateTime<Utc>, changed: &[Change]) -> Vec<Change> {
        let again: BTreeSet<Uuid> = changed.iter().filter_map(|change| Some(put(change)?.id)).collect();
        let old = |entry: &&Entry| {
            let since = entry.received_at.map(|at| server_time.signed_duration_since(at));
            entry.state == State::Received && since.is_none_or(|since| since > KEPT) && !again.contains(&entry.id)
        };
        self.entries().filter(old).map(|entry| Change::Remove(entry.id)).collect()
    }
}

fn put(change: &Change) -> Option<&Entry> {
    if let Change::Put(entry) = change { Some(entry) } else { None }
}

impl Entry {
    fn received(&self, at: DateTime<Utc>) -> Self {
        Self { state: State::Received, received_at: Some(at), reason: None, not_before: None, ..self.clone() }
    }

    pub(super) fn refused(&self, problem: Option<&Problem>) -> Self {
        let reason = problem.and_then(Problem::words).map(str::to_owned);
        Self { state: State::Refused, reason, not_before: None, ..self.clone() }
    }

    /// Once more it failed for itself.
    pub(super) fn failed(&self, now: DateTime<Utc>) -> Self {
        let tries = self.tries.saturating_add(1);
        let longest = if self.kind.is_contact() { LONGEST_PAUSE_OF_CONTACT } else { LONGEST_PAUSE };
        let (state, pause) = if tries < TRIES {
            (State::Waiting, (FIRST_PAUSE * (1 << tries)).min(longest))
        } else {
            (State::SetAside, longest)
        };
        Self { state, tries, not_before: now.checked_add_signed(pause), ..self.clone() }
    }

    fn waiting_again(&self) -> Self {
        Self { state: State::Waiting, tries: 0, not_before: None, received_at: None, ..self.clone() }
    }
}
