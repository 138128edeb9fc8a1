//! A provider's server, as small as can be: it keeps what it took, can be ill, and can be put back to any backup.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::Heard;
use crate::{
    outbox::{Failure, Session},
    sync::{Answer, Came, Operation, Outcome, Problem, Request},
};

/// What a backup holds.
#[derive(Clone, Debug, Default)]
struct Kept {
    taken: BTreeMap<Uuid, (String, Value)>,
    /// How often each was put in: a thing that is there twice is seen twice by whoever reads it.
    times: BTreeMap<Uuid, u8>,
    /// What came by sync, and when: only of that it can say whether it knows a phone's `last`, and what is missing.
    remembered: BTreeMap<Uuid, DateTime<Utc>>,
    sessions: BTreeSet<u32>,
    revoked: BTreeSet<u32>,
    /// Their access token has run out.
    stale: BTreeSet<u32>,
}

#[derive(Debug, Default)]
pub struct Server {
    kept: Kept,
    backups: Vec<Kept>,
    /// Everything it ever said it has, and when first: no phone may show more than this as received.
    pub promised: BTreeMap<Uuid, DateTime<Utc>>,
    pub ever_revoked: BTreeSet<u32>,
    /// So many more operations are to be tried later.
    pub busy: u8,
    /// So many more requests get a 503.
    pub down: u8,
    answers: u32,
}

impl Server {
    pub fn joins(&mut self, session: u32) {
        self.kept.sessions.insert(session);
    }

    pub fn ends(&mut self, session: u32) {
        self.kept.sessions.remove(&session);
    }

    pub fn revokes(&mut self, session: u32) {
        self.ends(session);
        self.kept.revoked.insert(session);
        self.ever_revoked.insert(session);
    }

    pub fn token_runs_out(&mut self, session: u32) {
        self.kept.stale.insert(session);
    }

    /// How the session stands after asking for a new token; `None` if that is not to be learnt now.
    pub fn refresh(&mut self, session: u32) -> Option<Session> {
        self.is_up().ok()?;
        self.kept.stale.remove(&session);
        Some(match () {
            () if self.kept.revoked.contains(&session) => Session::Revoked,
            () if self.kept.sessions.contains(&session) => Session::Open,
            () => Session::Over,
        })
    }

    pub fn back_up(&mut self) {
        self.backups.push(self.kept.clone());
    }

    pub fn restore(&mut self, which: usize) {
        self.kept = self.backups[which % self.backups.len()].clone();
    }

    pub fn has(&self, id: Uuid) -> bool {
        self.kept.taken.contains_key(&id)
    }

    pub fn has_twice(&self) -> Option<(&Uuid, &u8)> {
        self.kept.times.iter().find(|(_, times)| **times > 1)
    }

    pub fn sync(&mut self, session: u32, request: &Request, now: DateTime<Utc>) -> Result<Heard, Failure> {
        self.is_up()?;
        if !self.kept.sessions.contains(&session) || self.kept.stale.contains(&session) {
            return Err(status(401, "unauthorised"));
        }
        if request.operations.iter().any(|one| one.body["breaks"] == true) {
            return Err(status(500, "internal"));
        }
        let known = |id| {
            let at = self.kept.remembered.get(&id);
            at.is_some_and(|at| request.last.at.as_ref().is_none_or(|last| last.parse() == Ok(*at)))
        };
        let offer_again = request.last.id.is_some_and(|last| !known(last));
        let operations: Vec<Outcome> = request.operations.iter().map(|one| self.operation(one, now)).collect();
        for one in &operations {
            if matches!(one.outcome, Came::Done | Came::AlreadyDone) {
                self.kept.remembered.entry(one.id).or_insert(now);
            }
        }
        let offered = request.offered.iter().flatten().copied();
        let missing = offered.filter(|id| !self.kept.remembered.contains_key(id)).collect();
        self.answers += 1;
        Ok(Heard::Answer(Answer {
            cursor: format!("c{}", self.answers),
            server_time: now.to_rfc3339().try_into().unwrap(),
            operations,
            untold: Vec::new(),
            changes: serde_json::Map::new(),
            offer_again,
            missing,
        }))
    }

    pub fn by_key(&mut self, session: u32, operation: &Operation, now: DateTime<Utc>) -> Result<Heard, Failure> {
        self.is_up()?;
        if self.kept.revoked.contains(&session) {
            return Err(status(401, "device_revoked"));
        }
        // A phone that it never heard of has no key here either.
        if !self.kept.sessions.iter().any(|known| *known <= session) {
            return Err(status(401, "unauthorised"));
        }
        match self.operation(operation, now).outcome {
            Came::Refused => Err(status(409, "used")),
            Came::TryLater => Err(status(503, "busy")),
            _ => Ok(Heard::ByKey(now)),
        }
    }

    fn is_up(&mut self) -> Result<(), Failure> {
        let was_down = self.down > 0;
        self.down = self.down.saturating_sub(1);
        if was_down { Err(status(503, "down")) } else { Ok(()) }
    }

    fn operation(&mut self, one: &Operation, now: DateTime<Utc>) -> Outcome {
        let refused = |code: &str| (Came::Refused, Some(Problem { code: Some(code.to_owned()), ..Problem::default() }));
        let hangs_on = one.body["hangs_on"].as_str().and_then(|id| id.parse().ok());
        let same = self.kept.taken.get(&one.id).map(|(kind, body)| (kind, body) == (&one.kind, &one.body));
        // The route of searches does not look for a used id: only sync knows what it took in.
        let known = one.kind != "pack_search" || self.kept.remembered.contains_key(&one.id);
        let (outcome, problem) = if let Some(same) = same.filter(|_| known) {
            if same { (Came::AlreadyDone, None) } else { refused("used") }
        } else if self.busy > 0 {
            self.busy -= 1;
            (Came::TryLater, None)
        } else if one.body["wrong"] == true {
            refused("wrong")
        } else if hangs_on.is_some_and(|id| !self.has(id)) {
            refused("hangs on nothing")
        } else {
            self.kept.taken.insert(one.id, (one.kind.clone(), one.body.clone()));
            *self.kept.times.entry(one.id).or_default() += 1;
            self.promised.entry(one.id).or_insert(now);
            (Came::Done, None)
        };
        Outcome { id: one.id, outcome, problem, answer: None }
    }
}

fn status(status: u16, code: &str) -> Failure {
    Failure::Status { status, problem: Some(Problem { code: Some(code.to_owned()), ..Problem::default() }) }
}
