//! A phone: what is on its disk, what is in its memory, and a clock that may be years wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::server::Server;
use crate::{
    outbox::{Change, Entry, Failure, Kind, Outbox, Round, Send, Session, Standing, State, Then},
    sync::Answer,
};

/// When the app is killed while it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Killed {
    No,
    BeforeItIsOnDisk,
    AfterItIsOnDisk,
}

#[derive(Debug, Default)]
pub struct Phone {
    /// As written: each entry and the standing in JSON.
    disk: BTreeMap<Uuid, String>,
    standing: String,
    pub outbox: Outbox,
    pub round: Round,
    pub wrong_by: TimeDelta,
    pub session: u32,
}

impl Phone {
    pub fn joined(session: u32) -> Self {
        Self { standing: json!({}).to_string(), session, ..Self::default() }
    }

    pub fn clock(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + self.wrong_by
    }

    /// The app is gone, and begins again from what is on disk.
    pub fn kill(&mut self) {
        let entries = self.disk.values().map(|entry| serde_json::from_str(entry).unwrap());
        let standing: Standing = serde_json::from_str(&self.standing).unwrap();
        self.outbox = Outbox::read(entries, standing);
        self.round = Round::new(true);
    }

    /// Whether the changes came to the disk.
    pub fn write(&mut self, changes: &[Change], killed: Killed) -> bool {
        if killed == Killed::BeforeItIsOnDisk {
            self.kill();
            return false;
        }
        for change in changes {
            match change {
                Change::Put(entry) => drop(self.disk.insert(entry.id, serde_json::to_string(entry).unwrap())),
                Change::Remove(id) => drop(self.disk.remove(id)),
                Change::Standing(standing) => self.standing = serde_json::to_string(standing).unwrap(),
                Change::Part { .. } | Change::Confirmed { .. } => {}
            }
        }
        if killed == Killed::AfterItIsOnDisk {
            self.kill();
        } else {
            self.outbox.apply(changes);
        }
        true
    }

    pub fn tap(&mut self, id: Uuid, kind: &Kind, body: Value, now: DateTime<Utc>, killed: Killed) -> bool {
        let entry = Entry::new(id, kind.clone(), body, self.clock(now));
        let changes = self.outbox.keep(entry).unwrap();
        self.write(&changes, killed)
    }

    pub fn next(&mut self, contact_only: bool, now: DateTime<Utc>) -> Option<Send> {
        let now = self.clock(now);
        if contact_only {
            return self.outbox.next_contact(&mut self.round, now);
        }
        self.outbox.next(&mut self.round, now)
    }

    pub fn hears(
        &mut self,
        sent: &Send,
        came: &Result<Option<Answer>, Failure>,
        now: DateTime<Utc>,
        killed: Killed,
        server: &Server,
    ) {
        let clock = self.clock(now);
        match (sent, came) {
            (Send::Sync(request), Ok(Some(answer))) => {
                let changes = self.outbox.answered(&mut self.round, request, answer, clock);
                self.write(&changes, killed);
            }
            (Send::ByKey(operation), Ok(_)) => {
                let changes = self.outbox.received_by_key(operation.id, clock);
                self.write(&changes, killed);
            }
            (_, Err(failure)) => {
                let (changes, then) = self.outbox.failed(&mut self.round, sent, failure, clock);
                self.write(&changes, killed);
                if then == Then::Refresh && !server.knows(self.session) {
                    let changes = self.outbox.session_is(Session::Over);
                    self.write(&changes, Killed::No);
                }
            }
            (Send::Sync(_), Ok(None)) => unreachable!("a sync has an answer"),
        }
    }

    /// The person signs out, or the phone is lost: nothing of it stays. Says what had not gone.
    pub fn wipe(&mut self, session: u32) -> Vec<Uuid> {
        let unsent = self.outbox.unsent().iter().map(|entry| entry.id).collect();
        *self = Self { wrong_by: self.wrong_by, ..Self::joined(session) };
        unsent
    }

    pub fn joins_again(&mut self, session: u32) {
        self.session = session;
        let changes = self.outbox.session_is(Session::Open);
        self.write(&changes, Killed::No);
    }

    pub fn received(&self) -> impl Iterator<Item = &Entry> {
        self.outbox.entries().filter(|entry| entry.state == State::Received)
    }
}
