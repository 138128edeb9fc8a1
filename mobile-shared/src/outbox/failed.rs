//! What it means that there was no answer to a request, or none that says anything of what was in it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Change, Entry, Kind, Outbox, Round, Send, Session, next::operation};
use crate::sync::{Operation, Problem, Request};

/// Why there was none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// No network, no answer in time, or one that is not the server's, as where a network wants to be paid first.
    Unreachable,
    Status {
        status: u16,
        /// `None`: what came with it was not JSON.
        #[serde(default)]
        problem: Option<Problem>,
    },
}

/// What the host does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Ask [`Outbox::next`].
    GoOn,
    /// Wait: the round is over.
    Wait,
    /// Get a new token, then go on; [`Outbox::session_is`] if there is none to be had.
    Refresh,
}

impl Outbox {
    /// A request failed as a whole.
    pub fn failed(&self, round: &mut Round, sent: &Send, failure: &Failure, now: DateTime<Utc>) -> (Vec<Change>, Then) {
        let (status, problem) = match failure {
            // A proxy's page says nothing of the server either.
            Failure::Unreachable | Failure::Status { status: 502.., problem: None } => {
                round.by_key.clear();
                return (Vec::new(), round.end());
            }
            Failure::Status { status, problem } => (*status, problem.as_ref()),
        };
        match sent {
            Send::Sync(request) => self.sync_failed(round, request, status, now),
            Send::ByKey(operation) => self.key_failed(round, operation, status, problem, now),
        }
    }

    fn sync_failed(
        &self,
        round: &mut Round,
        request: &Request,
        status: u16,
        now: DateTime<Utc>,
    ) -> (Vec<Change>, Then) {
        match &request.operations[..] {
            operations if status == 401 && !round.refreshed => {
                round.refreshed = true;
                round.forget(operations);
                (Vec::new(), Then::Refresh)
            }
            operations if status == 401 || says_nothing(status) => {
                self.fail_open(round, operations);
                (Vec::new(), round.end())
            }
            [] => {
                let waiting: Vec<Operation> = self.entries().filter(|entry| entry.waits()).map(operation).collect();
                self.fail_open(round, &waiting);
                (Vec::new(), round.end())
            }
            // Something in it makes the server fail or say no to all of it. Half as many find out what; alone, it is this one.
            [only] => {
                self.fail_open(round, std::slice::from_ref(only));
                round.as_many_as_ever();
                round.alone = round.alone.saturating_add(1);
                // It must not keep the phone from hearing what changed, nor that the server has lost something.
                round.ask = true;
                (self.becomes(only, |entry| entry.failed(now)), Then::GoOn)
            }
            several => {
                round.most = several.len() / 2;
                round.forget(several);
                (Vec::new(), Then::GoOn)
            }
        }
    }

    fn key_failed(
        &self,
        round: &mut Round,
        operation: &Operation,
        status: u16,
        problem: Option<&Problem>,
        now: DateTime<Utc>,
    ) -> (Vec<Change>, Then) {
        let code = problem.and_then(|problem| problem.code.as_deref());
        match status {
            401 if code == Some("device_revoked") => (self.session_is(Session::Revoked), round.end()),
            400 | 409 | 413 | 422 if code.is_some() => {
                (self.becomes(operation, |entry| entry.refused(problem)), round.then())
            }
            // Without a code it is a page of somebody else, as where a network wants to be paid first: that ends no request for contact.
            400 | 401 | 409 | 413 | 422 => (Vec::new(), self.key_is_of_no_use(round)),
            status if says_nothing(status) => (Vec::new(), self.key_is_of_no_use(round)),
            _ => (self.becomes(operation, |entry| entry.failed(now)), round.then()),
        }
    }

    fn key_is_of_no_use(&self, round: &mut Round) -> Then {
        round.by_key.clear();
        // Beside a session that is open it was only one more try.
        if self.standing.session == Session::Open { round.then() } else { round.end() }
    }

    fn fail_open(&self, round: &mut Round, operations: &[Operation]) {
        operations.iter().filter_map(|one| self.entries.get(&one.id)).for_each(|entry| round.fails_open(entry));
    }

    fn becomes(&self, operation: &Operation, change: impl Fn(&Entry) -> Entry) -> Vec<Change> {
        let entry = self.entries.get(&operation.id).filter(|entry| entry.waits());
        entry.map(|entry| Change::Put(Box::new(change(entry)))).into_iter().collect()
    }
}

/// Of what was sent: the server is busy, or away, or is of before sync.
fn says_nothing(status: u16) -> bool {
    matches!(status, 403 | 404 | 408 | 425 | 429 | 502..=504)
}

impl Round {
    /// They count as not tried.
    fn forget(&mut self, operations: &[Operation]) {
        self.tried.retain(|id| operations.iter().all(|one| one.id != *id));
    }

    /// Whatever stopped the session, the contact key may still get a request for contact through.
    pub(super) fn fails_open(&mut self, entry: &Entry) {
        if entry.kind == Kind::ContactRequest && !self.went_by_key.contains(&entry.id) {
            self.by_key.insert(entry.id);
        }
    }

    fn end(&mut self) -> Then {
        self.over = true;
        self.then()
    }
}

/// How long to wait after so many rounds in a row that reached nobody. 5 seconds, doubling: to 5 minutes, or to half a
/// minute while a person waits for a person.
pub fn pause(failures: u32, contact_waits: bool) -> Duration {
    let longest = if contact_waits { 30 } else { 5 * 60 };
    Duration::from_secs((5 << failures.saturating_sub(1).min(10)).min(longest))
}
