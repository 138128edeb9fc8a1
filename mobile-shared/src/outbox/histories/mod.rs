//! Histories that nobody would think of writing down: two phones of one client and a server, with taps, kills between any two steps,
//! lost, late, doubled and crossing requests and answers, clocks that jump by years, sign-outs, revocations, newer apps, and backups that
//! are restored.
//!
//! 2,000 of them, the same each time; `COMPANION_TEST_HISTORIES` says how many instead. `COMPANION_TEST_SCALE` multiplies them, and lives
//! others each time, from a seed that is printed; `COMPANION_TEST_SEED` lives those again.

mod asked;
mod phone;
mod server;
mod steps;

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher, RandomState},
};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Entry, Failure, Kind, Round, Send, Session, State, Then};
use crate::sync::Answer;
use phone::{Killed, Phone, Sent};
use server::Server;
use steps::{Poison, Step, What, any_step, step_of_asking};

/// What a server answers.
#[derive(Clone, Debug)]
pub enum Heard {
    /// With everything that it had then.
    Answer(Answer, BTreeSet<Uuid>),
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
    /// What a phone let go of because it was received long ago: the provider had it then.
    forgotten: BTreeSet<Uuid>,
    /// Cancels that were lost, and that somebody had asked after.
    overtaken: BTreeSet<Uuid>,
    taps: u64,
}

impl World {
    fn new() -> Self {
        let mut server = Server::default();
        (0..2).for_each(|session| server.joins(session));
        server.back_up();
        let now = "2026-11-22T09:00:00Z".parse().unwrap();
        let phones = [Phone::joined(0), Phone::joined(1)];
        Self {
            now,
            phones,
            server,
            requests: vec![],
            answers: vec![],
            sessions: 2,
            saved: BTreeMap::new(),
            forgotten: BTreeSet::new(),
            overtaken: BTreeSet::new(),
            taps: 0,
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Tap(phone, what, poison, killed) => self.tap(phone, what, poison, killed),
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
            Step::LoseAnswer(phone) => {
                let Some(sent) = self.phones[phone].next(phone, false, self.now) else { return };
                drop(self.serve(&sent));
                self.hear(&sent, &Err(Failure::Unreachable), Killed::No);
            }
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
            Step::Crash => self.server.crashes = true,
            Step::BackUp => self.server.back_up(),
            Step::Restore { which } => self.server.restore(which),
        }
    }

    fn hear(&mut self, sent: &Sent, came: &Came, killed: Killed) -> Then {
        let phone = sent.phone;
        let (then, gone) = self.phones[phone].hears(sent, came, self.now, killed, &mut self.server);
        for (entry, was_asked_after) in gone {
            // Of what was received, only what the provider still had when it answered goes, or a cancel that somebody asked after.
            if matches!(came, Ok(Heard::Answer(_, had)) if had.contains(&entry.id)) {
                self.forgotten.insert(entry.id);
            } else {
                let overtaken = entry.kind == Kind::ContactCancel && was_asked_after;
                assert!(overtaken, "{entry:?} was lost, and is not offered any more");
                self.overtaken.insert(entry.id);
            }
        }
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

    fn tap(&mut self, phone: usize, what: What, poison: Poison, killed: Killed) {
        self.taps += 1;
        let mut body = json!({ "tap": self.taps });
        let newest = |kind: Kind, most: usize| {
            let all = self.phones[phone].outbox.entries().filter(|entry| entry.kind == kind);
            let mut all: Vec<Uuid> = all.map(|entry| entry.id).collect();
            all.split_off(all.len().saturating_sub(most))
        };
        let kind = match what {
            What::CheckIn => Kind::CheckIn,
            What::Search => Kind::PackSearch,
            What::Mark => Kind::PackFeedback,
            What::Occurrence => Kind::Occurrence,
            What::FlagAnswer => Kind::FlagAnswer,
            What::Contact => Kind::ContactRequest,
            What::Words => Kind::ContactAddition,
            What::Cancel => Kind::ContactCancel,
            What::Plan => Kind::PlanDraft,
            What::Agree => Kind::PlanAgree,
            What::Addition => Kind::PackAddition,
            What::FirstAid => Kind::PackFirstAid,
            What::Unknown => Kind::Unknown("voice_note".to_owned()),
        };
        let (on, field) = match what {
            What::Words | What::Cancel => (newest(Kind::ContactRequest, 1), "contact_request_id"),
            What::Plan => (newest(Kind::PlanDraft, 1), "based_on"),
            What::Agree => (newest(Kind::PlanDraft, 1), "version"),
            What::Addition => (newest(Kind::PackAddition, 1), "replaces"),
            What::FirstAid => (newest(Kind::PackAddition, usize::MAX), "ids"),
            _ => (vec![], ""),
        };
        let one_of_two = json!(Uuid::from_u128(u128::MAX - u128::from(self.taps % 2)));
        match what {
            What::Words | What::Cancel | What::Agree if on.is_empty() => return,
            What::Mark => body["resource_id"] = one_of_two,
            What::Occurrence => body["occurrence_id"] = one_of_two,
            What::FlagAnswer => body["flag_id"] = one_of_two,
            _ => {}
        }
        match poison {
            Poison::None => {}
            Poison::Wrong => body["wrong"] = Value::Bool(true),
            Poison::Breaks => body["breaks"] = Value::Bool(true),
        }
        if !on.is_empty() {
            body[field] = if what == What::FirstAid { json!(on) } else { json!(on[0]) };
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
        (self.server.busy, self.server.down, self.server.crashes) = (0, 0, false);
        (self.requests, self.answers) = (vec![], vec![]);
        for hour in 0..40 {
            if hour > 4 && self.phones.iter().all(|phone| phone.outbox.wake(self.now).is_none()) {
                break;
            }
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
                let was_let_go = self.forgotten.contains(id) || self.overtaken.contains(id);
                prop_assert!(self.server.has(*id) || was_let_go, "{id} is gone from its phone and from the server");
                continue;
            };
            match (&entry.state, entry.body["breaks"] == true, entry.kind.is_known()) {
                (State::Received, false, true) => prop_assert!(self.server.has(*id), "lost in a restore: {entry:?}"),
                (State::SetAside, true, true) | (State::Waiting, _, false) => {}
                (State::Waiting, _, true) => {
                    prop_assert!(waits_for_poison(phone, entry), "{entry:?} waits for nothing")
                }
                (State::Refused, false, true) => self.was_rightly_refused(phone, entry)?,
                _ => prop_assert!(false, "{entry:?} on {:?}", phone.outbox.standing()),
            }
        }
        Ok(())
    }

    /// In the end: who asked last is asked for, and who took it back last is not.
    fn the_last_word_stands(&self) -> TestCaseResult {
        let said = self.phones.iter().flat_map(|phone| phone.outbox.entries());
        let said = said.filter(|entry| matches!(entry.state, State::Waiting | State::Received));
        let said = said.filter_map(|entry| match entry.kind {
            Kind::ContactRequest => Some((entry.id, entry.id, true)),
            Kind::ContactCancel => Some((entry.id, entry.target?, false)),
            _ => None,
        });
        if let Some((last, tap, asks)) = said.chain(self.server.last_word()).max() {
            prop_assert_eq!(self.server.is_asked_for(tap), asks, "{} was said last, of {}", last, tap);
        }
        Ok(())
    }

    /// Because it is wrong, or because what it hangs on was refused, or was received so long ago that a restore lost it.
    fn was_rightly_refused(&self, phone: &Phone, entry: &Entry) -> TestCaseResult {
        if entry.body["wrong"] == true {
            return Ok(());
        }
        prop_assert_eq!(entry.reason.as_deref(), Some("hangs on nothing"));
        let rightly = |id: Uuid| match phone.outbox.entries.get(&id) {
            Some(on) => on.state == State::Refused,
            None => self.forgotten.contains(&id),
        };
        prop_assert!(entry.hangs_on().into_iter().any(rightly), "{entry:?} overtook what it hangs on");
        Ok(())
    }
}

/// What it hangs on can never go, or what that hangs on.
fn waits_for_poison(phone: &Phone, entry: &Entry) -> bool {
    let waiting = |id: &Uuid| phone.outbox.entries.get(id).filter(|on| on.id != entry.id && on.waits());
    let poison = |on: &Entry| on.body["breaks"] == true || !on.kind.is_known() || waits_for_poison(phone, on);
    entry.hangs_on().iter().filter_map(waiting).any(poison)
}

fn pick<T: Clone>(all: &mut Vec<T>, which: usize, stays: bool) -> Option<T> {
    let at = which % all.len().max(1);
    if stays { all.get(at).cloned() } else { (!all.is_empty()).then(|| all.remove(at)) }
}

fn number(variable: &str) -> Option<u32> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|reason| panic!("{variable} is {text:?}: {reason}")))
}

fn live(what: &str, cases: u32, steps: impl Strategy<Value = Step>, history: impl Fn(Vec<Step>) -> TestCaseResult) {
    let scale = number("COMPANION_TEST_SCALE").unwrap_or(1);
    let histories = number("COMPANION_TEST_HISTORIES").map_or(cases * scale, |all| all * cases / 2000);
    let fresh = || (RandomState::new().hash_one(histories) >> 32) as u32;
    let seed = number("COMPANION_TEST_SEED").unwrap_or_else(|| if scale > 1 { fresh() } else { 7 });
    println!("{histories} histories of {what}: COMPANION_TEST_SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..4].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: histories, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let lived = TestRunner::new_with_rng(config, rng).run(&vec(steps, 1..110), history);
    lived.unwrap_or_else(|found| panic!("COMPANION_TEST_SEED={seed}: {found}"));
}

#[test]
fn every_tap_ends_received_or_visibly_not_sent_and_never_twice() {
    live("two phones", 2000, any_step(), |steps| {
        let mut world = World::new();
        for step in steps {
            world.take(step);
            world.never_claims_more_than_is_true()?;
            world.never_wakes_for_nothing()?;
        }
        world.settle();
        world.never_claims_more_than_is_true()?;
        world.everything_is_received_or_visibly_not_sent()?;
        world.the_last_word_stands()
    });
}

/// The server knows nothing of cancels that come late here: the phone alone keeps the order.
#[test]
fn of_asking_and_taking_back_what_was_said_last_stands() {
    live("asking", 500, step_of_asking(), |steps| {
        let mut world = World::new();
        world.server.older = true;
        steps.into_iter().for_each(|step| world.take(step));
        world.settle();
        world.everything_is_received_or_visibly_not_sent()?;
        world.the_last_word_stands()
    });
}
