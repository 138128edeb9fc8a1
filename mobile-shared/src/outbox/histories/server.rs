//! A provider's server, as small as can be: it keeps what it took, can be ill, and can be put back to an older backup.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    outbox::Failure,
    sync::{Answer, Came, Operation, Outcome, Problem, Request},
};

/// What a backup holds.
#[derive(Clone, Debug, Default)]
struct Kept {
    taken: BTreeMap<Uuid, (String, Value)>,
    sessions: BTreeSet<u32>,
}

#[derive(Debug, Default)]
pub struct Server {
    kept: Kept,
    backup: Kept,
    /// Everything it ever said it has: no phone may show more than this as received.
    pub promised: BTreeSet<Uuid>,
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

    pub fn knows(&self, session: u32) -> bool {
        self.kept.sessions.contains(&session)
    }

    pub fn back_up(&mut self) {
        self.backup = self.kept.clone();
    }

    pub fn restore(&mut self) {
        self.kept = self.backup.clone();
    }

    pub fn has(&self, id: Uuid) -> bool {
        self.kept.taken.contains_key(&id)
    }

    /// Everything it has, by the tap that is written in each.
    pub fn taps(&self) -> Vec<u64> {
        self.kept.taken.values().filter_map(|(_, body)| body["tap"].as_u64()).collect()
    }

    pub fn sync(&mut self, session: u32, request: &Request, now: DateTime<Utc>) -> Result<Answer, Failure> {
        self.opens(session)?;
        if request.operations.iter().any(|one| one.body["breaks"] == true) {
            return Err(Failure::Status { status: 500, problem: None });
        }
        let offer_again = request.last.id.is_some_and(|last| !self.has(last));
        let operations = request.operations.iter().map(|one| self.operation(one)).collect();
        let offered = request.offered.iter().flatten().copied();
        let missing = offered.filter(|id| !self.has(*id)).collect();
        self.answers += 1;
        let cursor = format!("c{}", self.answers);
        let changes = serde_json::Map::new();
        Ok(Answer {
            cursor,
            server_time: now.to_rfc3339().try_into().unwrap(),
            operations,
            untold: Vec::new(),
            changes,
            offer_again,
            missing,
        })
    }

    pub fn by_key(&mut self, session: u32, operation: &Operation) -> Result<(), Failure> {
        if self.down > 0 {
            self.down -= 1;
            return Err(Failure::Status { status: 503, problem: None });
        }
        // A phone that it never heard of has no key here either.
        if !self.kept.sessions.iter().any(|known| *known <= session) {
            return Err(Failure::Status { status: 401, problem: None });
        }
        match self.operation(operation).outcome {
            Came::Refused => Err(Failure::Status { status: 409, problem: None }),
            Came::TryLater => Err(Failure::Status { status: 503, problem: None }),
            _ => Ok(()),
        }
    }

    fn opens(&mut self, session: u32) -> Result<(), Failure> {
        let status = if self.down > 0 {
            self.down -= 1;
            503
        } else if !self.knows(session) {
            401
        } else {
            return Ok(());
        };
        Err(Failure::Status { status, problem: None })
    }

    fn operation(&mut self, one: &Operation) -> Outcome {
        let refused = |code: &str| (Came::Refused, Some(Problem { code: Some(code.to_owned()), ..Problem::default() }));
        let hangs_on = one.body["hangs_on"].as_str().and_then(|id| id.parse().ok());
        let (outcome, problem) = if let Some((kind, body)) = self.kept.taken.get(&one.id) {
            if (kind, body) == (&one.kind, &one.body) { (Came::AlreadyDone, None) } else { refused("used") }
        } else if self.busy > 0 {
            self.busy -= 1;
            (Came::TryLater, None)
        } else if one.body["wrong"] == true {
            refused("wrong")
        } else if hangs_on.is_some_and(|id| !self.has(id)) {
            refused("hangs on nothing")
        } else {
            self.kept.taken.insert(one.id, (one.kind.clone(), one.body.clone()));
            self.promised.insert(one.id);
            (Came::Done, None)
        };
        Outcome { id: one.id, outcome, problem, answer: None }
    }
}
