//! Histories that nobody would think of writing down: two phones of one client and a server, with taps, kills between any two steps,
//! lost, late, doubled and crossing requests and answers, clocks that jump by years, sign-outs, revocations, newer apps, and backups that
//! are restored.
//!
//! 2,000 of them; `COMPANION_TEST_SCALE` multiplies them, or `COMPANION_TEST_HISTORIES` says how many. The same each time;
//! `COMPANION_TEST_SEED` gives others.

mod phone;
mod server;
mod steps;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Failure, KEPT, Kind, Round, Send, Session, State, Then};
use crate::sync::Answer;
use phone::{Killed, Phone, Sent};
use server::Server;
use steps::{Step, What, any_step};

/// What a server answers.
#[derive(Clone, Debug)]
pub enum Heard {
    Answer(Answer),
    /// It has it, since then.
    ByKey(DateTime<Utc>),
}

type Came = Result<Heard, Failure>;

struct World {
    now: DateTime<Utc>,
    phones: [Phone; 2],
    server: Server,
    /// On their way.
    requests: Vec<Sent>,
    answers: Vec<(Sent, Came)>,
    sessions: u32,
    /// By phone: what somebody was told is saved. `None` once it was said that it goes with signing out, or something newer took its place.
    saved: BTreeMap<Uuid, Option<usize>>,
    taps: u64,
}

impl World {
    fn new() -> Self {
        let mut server = Server::default();
        (0..2).for_each(|session| server.joins(session));
        server.back_up();
        let now = "2026-11-22T09:00:00Z".parse().unwrap();
        let phones = [Phone::joined(0), Phone::joined(1)];
        Self { now, phones, server, requests: vec![], answers: vec![], sessions: 2, saved: BTreeMap::new(), taps: 0 }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Tap(phone, what, killed) => self.tap(phone, what, killed),
            Step::Send { phone, contact_only } => {
                let sent = self.phones[phone].next(phone, contact_only, self.now);
                self.requests.extend(sent);
            }
            Step::NewRound(phone) => self.phones[phone].round = Round::new(true),
            Step::Round(phone) => self.round(phone),
            Step::Serve { which, doubled } => {
                let Some(sent) = pick(&mut self.requests, which, doubled) else { return };
                let came = self.serve(&sent);
                self.answers.push((sent, came));
            }
            Step::Hear { which, doubled, killed } => {
                let Some((sent, came)) = pick(&mut self.answers, which, doubled) else { return };
                self.hear(&sent, &came, killed);
            }
            Step::GiveUp { which } => {
                let Some(sent) = pick(&mut self.requests, which, true) else { return };
                self.hear(&sent, &Err(Failure::Unreachable), Killed::No);
            }
            Step::LoseRequest { which } => drop(pick(&mut self.requests, which, false)),
            // The requests go on.
            Step::Kill(phone) => self.phones[phone].kill(),
            Step::Upgrade(phone) => self.phones[phone].upgrade(),
            Step::ClockJumps(phone, days) => self.phones[phone].wrong_by = TimeDelta::days(days),
            Step::Pass(time) => self.now += time,
            Step::SignOut(phone) => self.wipe(phone),
            Step::SessionEnds(phone) => self.server.ends(self.phones[phone].session),
            Step::TokenRunsOut(phone) => self.server.token_runs_out(self.phones[phone].session),
            Step::Revoked(phone) => self.server.revokes(self.phones[phone].session),
            Step::JoinAgain(phone) => self.join_again(phone),
            Step::Busy => self.server.busy = 3,
            Step::Down => self.server.down = 2,
            Step::BackUp => self.server.back_up(),
            Step::Restore { which } => self.server.restore(which),
        }
    }

    fn hear(&mut self, sent: &Sent, came: &Came, killed: Killed) -> Then {
        let phone = sent.phone;
        let then = self.phones[phone].hears(sent, came, self.now, killed, &mut self.server);
        if self.phones[phone].outbox.standing().session == Session::Revoked {
            assert!(self.server.ever_revoked.contains(&self.phones[phone].session), "wiped, and was not revoked");
            self.wipe(phone);
        }
        then
    }

    fn wipe(&mut self, phone: usize) {
        let session = self.new_session();
        self.phones[phone].wipe(session);
        // What was received stays with the provider, and what was not is said to be lost; after a restore, both.
        self.saved.values_mut().filter(|on| **on == Some(phone)).for_each(|on| *on = None);
    }

    fn tap(&mut self, phone: usize, what: What, killed: Killed) {
        self.taps += 1;
        let mut body = json!({ "tap": self.taps });
        let newest = |kind: &Kind| {
            let all = self.phones[phone].outbox.entries().filter(|entry| entry.kind == *kind);
            all.map(|entry| entry.id).max()
        };
        let kind = match what {
            What::CheckIn => Kind::CheckIn,
            What::Wrong | What::Breaks | What::Search => Kind::PackSearch,
            What::Mark => Kind::PackFeedback,
            What::Contact => Kind::ContactRequest,
            What::Words => Kind::ContactAddition,
            What::Plan => Kind::PlanDraft,
            What::Unknown => Kind::Unknown("voice_note".to_owned()),
        };
        let (on, field) = match what {
            What::Words => (newest(&Kind::ContactRequest), "contact_request_id"),
            What::Plan => (newest(&Kind::PlanDraft), "based_on"),
            _ => (None, ""),
        };
        match what {
            What::Words if on.is_none() => return,
            What::Wrong => body["wrong"] = Value::Bool(true),
            What::Breaks => body["breaks"] = Value::Bool(true),
            What::Mark => body["resource_id"] = json!(Uuid::from_u128(u128::MAX - u128::from(self.taps % 2))),
            _ => {}
        }
        if let Some(on) = on {
            body[field] = json!(on);
            body["hangs_on"] = json!(on);
        }
        // Ids of taps on one phone grow, as those of a clock that is right would; the order must not hang on it.
        let id = Uuid::from_u128(u128::from(self.taps));
        if let Some(gone) = self.phones[phone].tap(id, kind, body, self.now, killed) {
            self.saved.insert(id, Some(phone));
            self.saved.extend(gone.into_iter().map(|id| (id, None)));
        }
    }

    fn serve(&mut self, sent: &Sent) -> Came {
        // No two answers of a server are of the same moment.
        self.now += TimeDelta::milliseconds(1);
        match &sent.what {
            Send::Sync(request) => self.server.sync(sent.session, request, self.now),
            Send::ByKey(operation) => self.server.by_key(sent.session, operation, self.now),
        }
    }

    fn new_session(&mut self) -> u32 {
        self.sessions += 1;
        self.server.joins(self.sessions);
        self.sessions
    }

    fn join_again(&mut self, phone: usize) {
        if self.phones[phone].outbox.standing().session == Session::Over {
            let session = self.new_session();
            self.phones[phone].joins_again(session);
        }
    }

    fn round(&mut self, phone: usize) {
        self.phones[phone].round = Round::new(true);
        for asked in 0.. {
            assert!(asked < 60, "a round without end: {:?}", self.phones[phone]);
            let Some(sent) = self.phones[phone].next(phone, false, self.now) else { break };
            let came = self.serve(&sent);
            if self.hear(&sent, &came, Killed::No) == Then::Wait {
                break;
            }
        }
    }

    /// The network is there, the server is well, and nobody does anything: hours and days pass.
    fn settle(&mut self) {
        (self.server.busy, self.server.down) = (0, 0);
        (self.requests, self.answers) = (vec![], vec![]);
        for _ in 0..40 {
            self.now += TimeDelta::minutes(61);
            for phone in 0..2 {
                self.join_again(phone);
                self.round(phone);
            }
        }
    }

    /// At every moment: nothing is shown as received that the server never said it has.
    fn never_claims_more_than_is_true(&self) -> TestCaseResult {
        for entry in self.phones.iter().flat_map(Phone::received) {
            prop_assert!(self.server.promised.contains_key(&entry.id), "{entry:?}");
        }
        Ok(())
    }

    /// At every moment: a phone that wakes has something to send, or it would wake for ever.
    fn never_wakes_for_nothing(&self) -> TestCaseResult {
        for phone in &self.phones {
            let now = phone.clock(self.now);
            if phone.outbox.wake(now).is_some_and(|at| at <= now) {
                prop_assert!(phone.outbox.next(&mut Round::new(false), now).is_some(), "{phone:?}");
            }
        }
        Ok(())
    }

    /// In the end.
    fn everything_is_received_or_visibly_not_sent(&self) -> TestCaseResult {
        prop_assert_eq!(self.server.has_twice(), None);
        for (id, on) in &self.saved {
            let Some(phone) = on.map(|phone| &self.phones[phone]) else { continue };
            let Some(entry) = phone.outbox.entries().find(|entry| entry.id == *id) else {
                let since = self.server.promised.get(id).map(|at| self.now - at);
                prop_assert!(
                    self.server.has(*id) || since > Some(KEPT),
                    "{id} is gone from its phone and from the server"
                );
                continue;
            };
            match (&entry.state, entry.body["breaks"] == true, entry.kind.is_known()) {
                (State::Received, false, true) => prop_assert!(self.server.has(*id), "lost in a restore: {entry:?}"),
                (State::SetAside, true, true) | (State::Waiting, _, false) => {}
                (State::Refused, false, true) => self.was_rightly_refused(phone, entry)?,
                _ => prop_assert!(false, "{entry:?} on {:?}", phone.outbox.standing()),
            }
        }
        Ok(())
    }

    /// Because it is wrong, or because what it hangs on was refused, or was received so long ago that a restore lost it.
    fn was_rightly_refused(&self, phone: &Phone, entry: &super::Entry) -> TestCaseResult {
        if entry.body["wrong"] == true {
            return Ok(());
        }
        prop_assert_eq!(entry.reason.as_deref(), Some("hangs on nothing"));
        for id in entry.hangs_on() {
            let on = phone.outbox.entries().find(|one| one.id == id);
            prop_assert!(on.is_none_or(|on| on.state == State::Refused), "{entry:?} overtook {on:?}");
        }
        Ok(())
    }
}

fn pick<T: Clone>(all: &mut Vec<T>, which: usize, stays: bool) -> Option<T> {
    let at = which % all.len().max(1);
    if stays { all.get(at).cloned() } else { (!all.is_empty()).then(|| all.remove(at)) }
}

fn number(variable: &str) -> Option<u32> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

#[test]
fn every_tap_ends_received_or_visibly_not_sent_and_never_twice() {
    let histories = number("COMPANION_TEST_HISTORIES").unwrap_or(2000 * number("COMPANION_TEST_SCALE").unwrap_or(1));
    let seed = number("COMPANION_TEST_SEED").unwrap_or(7);
    println!("{histories} histories of two phones: COMPANION_TEST_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: histories, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let history = |steps: Vec<Step>| {
        let mut world = World::new();
        for step in steps {
            world.take(step);
            world.never_claims_more_than_is_true()?;
            world.never_wakes_for_nothing()?;
        }
        world.settle();
        world.never_claims_more_than_is_true()?;
        world.everything_is_received_or_visibly_not_sent()
    };
    TestRunner::new_with_rng(config, rng).run(&vec(any_step(), 1..150), history).unwrap();
}
