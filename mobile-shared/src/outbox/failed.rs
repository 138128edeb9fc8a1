//! What it means that there was no answer to a request, or none that says anything of what was in it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Change, Outbox, Round, Send, Session};
use crate::sync::{Operation, Problem};

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
            Failure::Unreachable => return (Vec::new(), round.end()),
            Failure::Status { status, problem } => (*status, problem.as_ref()),
        };
        match sent {
            Send::Sync(request) => match status {
                401 => {
                    if std::mem::replace(&mut round.refreshed, true) {
                        return (Vec::new(), round.end());
                    }
                    round.forget(&request.operations);
                    (Vec::new(), Then::Refresh)
                }
                status if says_nothing(status, problem) => (Vec::new(), round.end()),
                _ => self.cannot_be_carried(round, &request.operations, now),
            },
            Send::ByKey(operation) => match status {
                401 => {
                    let revoked = problem.is_some_and(|problem| problem.code.as_deref() == Some("device_revoked"));
                    let end = round.end();
                    (if revoked { self.session_is(Session::Revoked) } else { Vec::new() }, end)
                }
                400 | 409 | 413 | 422 if problem.is_some_and(|problem| problem.code.is_some()) => {
                    (self.becomes(operation, |entry| entry.refused(problem)), Then::GoOn)
                }
                // Where a network wants to be paid first, its page must not end a request for contact.
                400 | 409 | 413 | 422 => (Vec::new(), round.end()),
                status if says_nothing(status, problem) => (Vec::new(), round.end()),
                _ => (self.becomes(operation, |entry| entry.failed(now)), Then::GoOn),
            },
        }
    }

    /// Something in it makes the server fail or say no to all of it. Half as many find out what; alone, it is this one.
    fn cannot_be_carried(
        &self,
        round: &mut Round,
        operations: &[Operation],
        now: DateTime<Utc>,
    ) -> (Vec<Change>, Then) {
        match operations {
            [] => (Vec::new(), round.end()),
            [only] => {
                round.as_many_as_ever();
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

    fn becomes(&self, operation: &Operation, change: impl Fn(&super::Entry) -> super::Entry) -> Vec<Change> {
        let entry = self.entries.get(&operation.id).filter(|entry| entry.waits());
        entry.map(|entry| Change::Put(Box::new(change(entry)))).into_iter().collect()
    }
}

/// Of what was sent: the server is busy, or away, or this is not the server, as with a proxy's page (no problem in JSON).
fn says_nothing(status: u16, problem: Option<&Problem>) -> bool {
    matches!(status, 403 | 404 | 408 | 425 | 429 | 502..=504) || status > 504 && problem.is_none()
}

impl Round {
    /// They count as not tried.
    fn forget(&mut self, operations: &[Operation]) {
        self.tried.retain(|id| operations.iter().all(|one| one.id != *id));
    }

    fn end(&mut self) -> Then {
        self.over = true;
        Then::Wait
    }
}

/// How long to wait after so many rounds in a row that reached nobody. 5 seconds, doubling: to 5 minutes, or to half a
/// minute while a person waits for a person.
pub fn pause(failures: u32, contact_waits: bool) -> Duration {
    let longest = if contact_waits { 30 } else { 5 * 60 };
    Duration::from_secs((5 << failures.saturating_sub(1).min(10)).min(longest))
}
