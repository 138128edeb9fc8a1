//! A phone: what is on its disk, what is in its memory, and a clock that may be years wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Heard, server::Server};
use crate::outbox::{Change, Entry, Failure, Kind, Outbox, Round, Send, Session, Standing, State, Then, UnderWay};

/// When the app is killed while it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Killed {
    No,
    BeforeItIsOnDisk,
    AfterItIsOnDisk,
}

/// What a phone has sent, as far as the network knows: from which life of the app, under which number.
#[derive(Clone, Debug)]
pub struct Sent {
    pub phone: usize,
    pub session: u32,
    life: u32,
    number: u64,
    pub what: Send,
}

#[derive(Debug, Default)]
pub struct Phone {
    /// As written: each entry and the standing in JSON.
    disk: BTreeMap<Uuid, String>,
    standing: String,
    pub outbox: Outbox,
    pub round: Round,
    under_way: UnderWay,
    /// How often the app was begun: what was sent before that is nobody's.
    life: u32,
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
        self.under_way = UnderWay::default();
        self.life += 1;
    }

    /// A newer app knows what this one kept for it, and finds what an older one has stored, with less in it.
    pub fn upgrade(&mut self) {
        for entry in self.disk.values_mut() {
            let mut stored: Value = serde_json::from_str(entry).unwrap();
            if stored["kind"] == "voice_note" {
                stored["kind"] = json!("check_in");
            }
            stored.as_object_mut().unwrap().retain(|_, value| !value.is_null() && *value != 0);
            *entry = stored.to_string();
        }
        self.kill();
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

    /// Whether it came to the disk, and in whose place.
    pub fn tap(&mut self, id: Uuid, kind: Kind, body: Value, now: DateTime<Utc>, killed: Killed) -> Option<Vec<Uuid>> {
        let changes = self.outbox.keep(Entry::new(id, kind, body, self.clock(now))).unwrap();
        let gone = changes.iter().filter_map(|change| if let Change::Remove(id) = change { Some(*id) } else { None });
        let gone = gone.collect();
        self.write(&changes, killed).then_some(gone)
    }

    pub fn next(&mut self, phone: usize, contact_only: bool, now: DateTime<Utc>) -> Option<Sent> {
        let now = self.clock(now);
        let next = if contact_only { Outbox::next_contact } else { Outbox::next };
        let what = next(&self.outbox, &mut self.round, now)?;
        let number = self.under_way.goes(what.clone());
        Some(Sent { phone, session: self.session, life: self.life, number, what })
    }

    /// Late, twice, or after it was given up: it is worked in each time, unless it is from another life or before joining again.
    /// What then is to be done, and what went from the phone, with whether a person was asked for after it.
    pub fn hears(
        &mut self,
        sent: &Sent,
        came: &Result<Heard, Failure>,
        now: DateTime<Utc>,
        killed: Killed,
        server: &mut Server,
    ) -> (Then, Vec<(Entry, bool)>) {
        if self.life != sent.life || !self.under_way.has(sent.number) {
            return (Then::GoOn, Vec::new());
        }
        let clock = self.clock(now);
        let (changes, then) = match (&sent.what, came) {
            (Send::Sync(request), Ok(Heard::Answer(answer, _))) => {
                (self.outbox.answered(&mut self.round, request, answer, clock), self.round.then())
            }
            (Send::ByKey(operation), Ok(Heard::ByKey(at))) => {
                (self.outbox.received_by_key(operation.id, *at), self.round.then())
            }
            (what, Err(failure)) => self.outbox.failed(&mut self.round, what, failure, clock),
            (what, Ok(heard)) => unreachable!("{heard:?} to {what:?}"),
        };
        let goes = |change: &Change| if let Change::Remove(id) = change { self.outbox.entries.get(id) } else { None };
        let mut gone: Vec<(Entry, bool)> = changes
            .iter()
            .filter_map(goes)
            .map(|entry| (entry.clone(), self.outbox.entries().any(|one| asks_after(one, entry))))
            .collect();
        self.write(&changes, killed);
        gone.retain(|(entry, _)| !self.outbox.entries.contains_key(&entry.id));
        if then == Then::Refresh
            && self.life == sent.life
            && let Some(session) = server.refresh(self.session)
        {
            let changes = self.outbox.session_is(session);
            self.write(&changes, Killed::No);
        }
        (then, gone)
    }

    /// The person signs out, or the phone was revoked: nothing of it stays.
    pub fn wipe(&mut self, session: u32) {
        *self = Self { wrong_by: self.wrong_by, life: self.life + 1, ..Self::joined(session) };
    }

    pub fn joins_again(&mut self, session: u32) {
        self.session = session;
        self.under_way.forget();
        self.round = Round::default();
        let changes = self.outbox.session_is(Session::Open);
        self.write(&changes, Killed::No);
    }

    pub fn received(&self) -> impl Iterator<Item = &Entry> {
        self.outbox.entries().filter(|entry| entry.state == State::Received)
    }
}

/// It was tapped later, or came to the server later.
fn asks_after(one: &Entry, entry: &Entry) -> bool {
    one.kind == Kind::ContactRequest && (one.id > entry.id || one.waits() || one.received_at > entry.received_at)
}
