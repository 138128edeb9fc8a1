//! The outbox as an object with a mutex round it. Each step is on the host's disk before it is so here.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use chrono::{DateTime, Utc};
use mobile_shared::{
    outbox::{self, Change, Entry, Failure, Round, Send, Session, State, UnderWay},
    sync::{self, Problem},
};

use crate::{
    disk::{Disk, DiskChange},
    error::{HostError, id},
    tap::Tap,
    time::instant,
};

#[derive(Debug, uniffi::Object)]
pub struct Outbox {
    disk: Arc<dyn Disk>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    outbox: outbox::Outbox,
    round: Round,
    under_way: UnderWay,
    unreadable: u32,
}

/// What the host sends now. `number` names it when its answer is brought.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum ToSend {
    /// `POST /api/v1/me/sync` with the access token and `Companion-Sent-At`.
    Sync { number: u64, body: String },
    /// `PUT /api/v1/contact-requests/{id}` with the contact key: the session is over or did not help, the request for contact goes all the same.
    ByKey { number: u64, id: String, body: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Then {
    /// Ask `next`.
    GoOn,
    /// The round is over: wait for `pause` and begin another.
    Wait,
    /// Refresh the token and go on; say `session_over` if that is refused.
    Refresh,
    /// This phone was revoked: wipe what is the person's. The crisis lines stay.
    Wipe,
}

/// How something stands: never more than is so.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Shown {
    SavedOnThisPhone,
    /// "Could not be sent yet; still trying."
    StillTrying,
    Received {
        at: Option<SystemTime>,
    },
    NotSent {
        reason: Option<String>,
    },
    /// Of a newer app: kept for it.
    OfANewerApp,
}

#[derive(Clone, Debug, uniffi::Record)]
pub struct Item {
    pub id: String,
    pub kind: String,
    pub target: Option<String>,
    pub body: String,
    pub created_at: SystemTime,
    pub shown: Shown,
}

#[uniffi::export]
impl Outbox {
    /// From what `disk` was given before. An entry that cannot be read is left where it is and counted; a standing that cannot be read is
    /// as none, and costs no more than a longer request.
    #[uniffi::constructor]
    pub fn open(disk: Arc<dyn Disk>, entries: Vec<String>, standing: Option<String>) -> Arc<Self> {
        let read: Vec<Entry> = entries.iter().filter_map(|entry| serde_json::from_str(entry).ok()).collect();
        let unreadable = u32::try_from(entries.len() - read.len()).unwrap_or(u32::MAX);
        let standing = standing.and_then(|standing| serde_json::from_str(&standing).ok()).unwrap_or_default();
        let outbox = outbox::Outbox::read(read, standing);
        Arc::new(Self { disk, inner: Mutex::new(Inner { outbox, unreadable, ..Inner::default() }) })
    }

    /// How many entries on the disk could not be read: to be told to whoever looks after the app.
    pub fn unreadable(&self) -> u32 {
        self.lock().unreadable
    }

    /// When this returns, and only then, say "saved". `id` is a new UUID (version 7). Where only the newest about one thing is worth sending,
    /// as with marks on an article, what waits gives way to it.
    pub fn keep(&self, id: String, tap: Tap, now: SystemTime) -> Result<(), HostError> {
        let (kind, body) = tap.kind_and_body()?;
        let entry = Entry::new(self::id(&id)?, kind, body, instant(now));
        self.step(|inner| inner.outbox.keep(entry).map_err(|outbox::UsedId| HostError::UsedId))
    }

    /// What the server says about a part (named as in `PutPart`) otherwise than in an answer to `next`: to a change of it, or because the app asked
    /// for it by itself. Not by the host alone: this part is then asked for anew until it was told again, as the server, which compares with what
    /// it last told here, would call unchanged what was put back meanwhile.
    pub fn learnt(&self, part: String, json: String, now: SystemTime) -> Result<(), HostError> {
        let data = serde_json::from_str(&json).map_err(|error| HostError::unreadable("part", error))?;
        self.step(|inner| Ok(inner.outbox.learnt(part, data, instant(now))))
    }

    /// The person has seen that it was refused, and wants it gone.
    pub fn remove_refused(&self, id: String) -> Result<(), HostError> {
        let id = self::id(&id)?;
        self.step(|inner| Ok(inner.outbox.remove_refused(id)))
    }

    /// With `ask`, hear what changed even if nothing waits.
    pub fn begin_round(&self, ask: bool) {
        self.lock().round = Round::new(ask);
    }

    /// The next request of the round; nothing, when everything that can go was tried.
    pub fn next(&self, now: SystemTime) -> Option<ToSend> {
        let mut inner = self.lock();
        let Inner { outbox, round, .. } = &mut *inner;
        let send = outbox.next(round, instant(now))?;
        Some(inner.sends(send))
    }

    /// Only what a person waits for: to be sent at once, while another request is still on its way.
    pub fn next_contact(&self, now: SystemTime) -> Option<ToSend> {
        let mut inner = self.lock();
        let Inner { outbox, round, .. } = &mut *inner;
        let send = outbox.next_contact(round, instant(now))?;
        Some(inner.sends(send))
    }

    /// What the server answered, whatever it was. A number that was heard of before, or went before `joined_again`, says nothing any more.
    pub fn answered(&self, number: u64, status: u16, body: String, now: SystemTime) -> Result<Then, HostError> {
        let now = instant(now);
        self.comes(number, |inner, sent| match (sent, status) {
            (Send::Sync(request), 200) => match serde_json::from_str::<sync::Answer>(&body) {
                Ok(answer) => inner.heard(|outbox, round| outbox.answered(round, request, &answer, now)),
                // Where a network wants to be paid first, it answers everything.
                Err(_) => inner.failed(sent, &Failure::Unreachable, now),
            },
            (Send::ByKey(operation), 200 | 201) => match received_at(&body) {
                Some(at) => inner.heard(|outbox, _| outbox.received_by_key(operation.id, at)),
                None => inner.failed(sent, &Failure::Unreachable, now),
            },
            _ => {
                let problem: Option<Problem> = serde_json::from_str(&body).ok();
                inner.failed(sent, &Failure::Status { status, problem }, now)
            }
        })
    }

    /// No network, or no answer in time.
    pub fn unreachable(&self, number: u64, now: SystemTime) -> Result<Then, HostError> {
        self.comes(number, |inner, sent| inner.failed(sent, &Failure::Unreachable, instant(now)))
    }

    /// The refresh token was refused (401); `revoked` if the problem's code was `device_revoked`, and only then is anything wiped.
    pub fn session_over(&self, revoked: bool) -> Result<Then, HostError> {
        let session = if revoked { Session::Revoked } else { Session::Over };
        self.step(|inner| Ok(inner.outbox.session_is(session)))?;
        Ok(if self.is_revoked() { Then::Wipe } else { Then::GoOn })
    }

    /// This phone was revoked. To be asked at start, too: the app may have been killed before it had wiped everything.
    pub fn is_revoked(&self) -> bool {
        self.lock().outbox.standing().session == Session::Revoked
    }

    /// The same person has joined again, with a code. What is still under way from before is forgotten, and the round with it.
    pub fn joined_again(&self) -> Result<(), HostError> {
        self.step(|inner| {
            inner.under_way.forget();
            inner.round = Round::default();
            Ok(inner.outbox.session_is(Session::Open))
        })
    }

    /// When to begin a round for what waits; nothing, if nothing does that can be sent.
    pub fn wake(&self, now: SystemTime) -> Option<SystemTime> {
        self.lock().outbox.wake(instant(now)).map(SystemTime::from)
    }

    /// How long to wait after so many rounds in a row that reached nobody.
    pub fn pause(&self, failures: u32) -> Duration {
        outbox::pause(failures, self.lock().outbox.contact_waits())
    }

    /// Everything of this person on this phone, oldest first.
    pub fn items(&self) -> Vec<Item> {
        let inner = self.lock();
        let mut entries: Vec<&Entry> = inner.outbox.entries().collect();
        entries.sort_by_key(|entry| (entry.created_at, entry.id));
        entries.into_iter().map(item).collect()
    }

    /// What would be lost by signing out: to be said before. The host then forgets the person's data.
    pub fn unsent(&self) -> Vec<Item> {
        self.lock().outbox.unsent().into_iter().map(item).collect()
    }
}

impl Outbox {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing in here is half done if a host's disk panics: what is on disk comes first.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, step: impl FnOnce(&mut Inner) -> Result<Vec<Change>, HostError>) -> Result<(), HostError> {
        let mut inner = self.lock();
        let changes = step(&mut inner)?;
        self.write(&mut inner, &changes)
    }

    fn write(&self, inner: &mut Inner, changes: &[Change]) -> Result<(), HostError> {
        if changes.is_empty() {
            return Ok(());
        }
        let written = self.disk.write(changes.iter().map(DiskChange::from).collect());
        // A full disk keeps no revoked phone from being wiped.
        let revoked = |change: &Change| matches!(change, Change::Standing(now) if now.session == Session::Revoked);
        if !changes.iter().any(revoked) {
            written?;
        }
        inner.outbox.apply(changes);
        Ok(())
    }

    fn comes(
        &self,
        number: u64,
        step: impl FnOnce(&mut Inner, &Send) -> (Vec<Change>, Then),
    ) -> Result<Then, HostError> {
        let mut inner = self.lock();
        let Some(sent) = inner.under_way.comes(number) else { return Ok(Then::GoOn) };
        let (changes, then) = step(&mut inner, &sent);
        self.write(&mut inner, &changes)?;
        let revoked = inner.outbox.standing().session == Session::Revoked;
        Ok(if revoked { Then::Wipe } else { then })
    }
}

impl Inner {
    fn sends(&mut self, send: Send) -> ToSend {
        let number = self.under_way.goes(send.clone());
        match send {
            Send::Sync(request) => {
                let body = serde_json::to_string(&request).expect("a request is JSON");
                ToSend::Sync { number, body }
            }
            Send::ByKey(operation) => {
                ToSend::ByKey { number, id: operation.id.to_string(), body: operation.body.to_string() }
            }
        }
    }

    fn heard(&mut self, answer: impl FnOnce(&outbox::Outbox, &mut Round) -> Vec<Change>) -> (Vec<Change>, Then) {
        let changes = answer(&self.outbox, &mut self.round);
        (changes, self.round.then().into())
    }

    fn failed(&mut self, sent: &Send, failure: &Failure, now: DateTime<Utc>) -> (Vec<Change>, Then) {
        let (changes, then) = self.outbox.failed(&mut self.round, sent, failure, now);
        (changes, then.into())
    }
}

impl From<outbox::Then> for Then {
    fn from(then: outbox::Then) -> Self {
        match then {
            outbox::Then::GoOn => Self::GoOn,
            outbox::Then::Wait => Self::Wait,
            outbox::Then::Refresh => Self::Refresh,
        }
    }
}

fn received_at(body: &str) -> Option<DateTime<Utc>> {
    let answer: serde_json::Value = serde_json::from_str(body).ok()?;
    answer["received_at"].as_str()?.parse().ok()
}

fn item(entry: &Entry) -> Item {
    let shown = match &entry.state {
        _ if !entry.kind.is_known() => Shown::OfANewerApp,
        State::Waiting => Shown::SavedOnThisPhone,
        State::SetAside => Shown::StillTrying,
        State::Received => Shown::Received { at: entry.received_at.map(SystemTime::from) },
        State::Refused => Shown::NotSent { reason: entry.reason.clone() },
        State::Unknown(_) => Shown::OfANewerApp,
    };
    Item {
        id: entry.id.to_string(),
        kind: entry.kind.name(),
        target: entry.target.map(|id| id.to_string()),
        body: entry.body.to_string(),
        created_at: entry.created_at.into(),
        shown,
    }
}
