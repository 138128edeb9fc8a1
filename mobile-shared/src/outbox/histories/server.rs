//! A provider's server, as small as can be: it keeps what it took, can be ill, and can be put back to any backup.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Heard, asked::Asked};
use crate::{
    outbox::{Failure, Session},
    sync::{Answer, Came, Operation, Outcome, Problem, Request},
};

/// What a backup holds.
#[derive(Clone, Debug, Default)]
struct Kept {
    taken: BTreeMap<Uuid, (String, Value)>,
    /// By tap, how often it was put in: a thing that is there twice is seen twice by whoever reads it.
    times: BTreeMap<u64, u8>,
    /// What came by sync, and when: only of that it can say whether it knows a phone's `last`, and what is missing.
    remembered: BTreeMap<Uuid, DateTime<Utc>>,
    asked: Asked,
    /// Everyone that ever joined: their contact keys are known here.
    joined: BTreeSet<u32>,
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
    /// It stops in the middle of the next request that has something in it.
    pub crashes: bool,
    /// Of before it was known that a cancel may come late.
    pub older: bool,
    answers: u32,
}

impl Server {
    pub fn joins(&mut self, session: u32) {
        self.kept.joined.insert(session);
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

    pub fn is_asked_for(&self, tap: Uuid) -> bool {
        self.kept.asked.is_open(tap)
    }

    /// The newest of asking and taking back that it has: its id, the request that it is about, and whether it asks.
    pub fn last_word(&self) -> Option<(Uuid, Uuid, bool)> {
        let word = |(id, (kind, body)): (&Uuid, &(String, Value))| match kind.as_str() {
            "contact_request" => Some((*id, *id, true)),
            "contact_cancel" => Some((*id, body["contact_request_id"].as_str()?.parse().ok()?, false)),
            _ => None,
        };
        self.kept.taken.iter().filter_map(word).max()
    }

    pub fn has_twice(&self) -> Option<(&u64, &u8)> {
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
        let operations: Vec<Outcome> = request.operations.iter().map(|one| self.operation(one)).collect();
        if !operations.is_empty() && std::mem::take(&mut self.crashes) {
            return Err(Failure::Unreachable);
        }
        for one in &operations {
            if matches!(one.outcome, Came::Done | Came::AlreadyDone) {
                self.kept.remembered.entry(one.id).or_insert(now);
                self.promised.entry(one.id).or_insert(now);
            }
        }
        let offered = request.offered.iter().flatten().copied();
        let missing = offered.filter(|id| !self.kept.remembered.contains_key(id)).collect();
        self.answers += 1;
        let answer = Answer {
            cursor: format!("c{}", self.answers),
            server_time: now.to_rfc3339().try_into().unwrap(),
            operations,
            untold: Vec::new(),
            changes: serde_json::Map::new(),
            offer_again,
            missing,
        };
        Ok(Heard::Answer(answer, self.kept.taken.keys().copied().collect()))
    }

    pub fn by_key(&mut self, session: u32, operation: &Operation, now: DateTime<Utc>) -> Result<Heard, Failure> {
        self.is_up()?;
        if self.kept.revoked.contains(&session) {
            return Err(status(401, "device_revoked"));
        }
        // A phone that it never heard of has no key here either.
        if !self.kept.joined.contains(&session) {
            return Err(status(401, "unauthorised"));
        }
        if operation.body["breaks"] == true {
            return Err(status(500, "internal"));
        }
        match self.route(operation).0 {
            Came::Refused => Err(status(409, "used")),
            Came::TryLater => Err(status(503, "busy")),
            _ => {
                self.promised.entry(operation.id).or_insert(now);
                Ok(Heard::ByKey(now))
            }
        }
    }

    fn is_up(&mut self) -> Result<(), Failure> {
        let was_down = self.down > 0;
        self.down = self.down.saturating_sub(1);
        if was_down { Err(status(503, "down")) } else { Ok(()) }
    }

    /// Through sync: what that remembers is not done again.
    fn operation(&mut self, one: &Operation) -> Outcome {
        let known = self.kept.remembered.contains_key(&one.id);
        let same = self.kept.taken.get(&one.id).is_some_and(|taken| *taken == (one.kind.clone(), one.body.clone()));
        let (outcome, problem) = if known && same { (Came::AlreadyDone, None) } else { self.route(one) };
        Outcome { id: one.id, outcome, problem, answer: None }
    }

    /// The single route, which knows its own retries by their ids; not each says that it was one.
    fn route(&mut self, one: &Operation) -> (Came, Option<Problem>) {
        let refused = |code: &str| (Came::Refused, Some(Problem { code: Some(code.to_owned()), ..Problem::default() }));
        let hangs_on: Vec<Uuid> = serde_json::from_value(one.body["hangs_on"].clone()).unwrap_or_default();
        if let Some((kind, body)) = self.kept.taken.get(&one.id) {
            let says_so = ["check_in", "contact_request", "contact_addition", "pack_addition"].contains(&kind.as_str());
            let came = if says_so { Came::AlreadyDone } else { Came::Done };
            return if (kind, body) == (&one.kind, &one.body) { (came, None) } else { refused("used") };
        }
        if self.busy > 0 {
            self.busy -= 1;
            return (Came::TryLater, None);
        }
        if one.body["wrong"] == true {
            return refused("wrong");
        }
        if !hangs_on.iter().all(|id| self.has(*id)) {
            return refused("hangs on nothing");
        }
        match one.kind.as_str() {
            "contact_request" => self.kept.asked.asks(one.id),
            "contact_cancel" => self.kept.asked.cancels(one.id, hangs_on[0], !self.older),
            _ => {}
        }
        self.kept.taken.insert(one.id, (one.kind.clone(), one.body.clone()));
        *self.kept.times.entry(one.body["tap"].as_u64().unwrap()).or_default() += 1;
        (Came::Done, None)
    }
}

fn status(status: u16, code: &str) -> Failure {
    Failure::Status { status, problem: Some(Problem { code: Some(code.to_owned()), ..Problem::default() }) }
}
