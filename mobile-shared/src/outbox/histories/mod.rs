//! Histories that nobody would think of writing down: two phones of one client and a server, with taps, kills between any two steps,
//! lost, late, doubled and crossing requests and answers, clocks that jump by years, sign-outs, and backups that are restored.
//!
//! 2,000 of them; `COMPANION_TEST_SCALE` multiplies them, or `COMPANION_TEST_HISTORIES` says how many. The same each time;
//! `COMPANION_TEST_SEED` gives others.

mod phone;
mod server;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Failure, Kind, Send, State};
use crate::sync::Answer;
use phone::{Killed, Phone};
use server::Server;

#[derive(Clone, Copy, Debug)]
enum What {
    CheckIn,
    /// The server will not take it.
    Wrong,
    /// The server breaks whenever it is in a request.
    Breaks,
    Contact,
    /// Hangs on the newest of its kind on this phone.
    Words,
    Plan,
    /// Of a newer app.
    Unknown,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Tap(usize, What, Killed),
    /// The phone sends what comes next, in the same round or a new one; or only what a person waits for.
    Send {
        phone: usize,
        contact_only: bool,
    },
    NewRound(usize),
    /// The server works on one of the requests that are under way. A doubled one stays under way.
    Serve {
        which: usize,
        doubled: bool,
    },
    /// An answer reaches its phone, at last; a doubled one will again.
    Hear {
        which: usize,
        doubled: bool,
        killed: Killed,
    },
    /// The phone gives a request up, or never hears its answer; the server may still get it.
    GiveUp {
        which: usize,
    },
    LoseRequest {
        which: usize,
    },
    Kill(usize),
    ClockJumps(usize, i64),
    Pass(TimeDelta),
    SignOut(usize),
    SessionEnds(usize),
    JoinAgain(usize),
    Busy,
    Down,
    BackUp,
    /// … after the last answers were heard, or without.
    Restore { heard: bool },
}

fn any_step() -> impl Strategy<Value = Step> {
    let phone = || 0..2_usize;
    let which = || 0..4_usize;
    let killed =
        || prop_oneof![8 => Just(Killed::No), 1 => Just(Killed::BeforeItIsOnDisk), 1 => Just(Killed::AfterItIsOnDisk)];
    let what = prop_oneof![
        6 => Just(What::CheckIn), 3 => Just(What::Contact), 4 => Just(What::Words), 3 => Just(What::Plan),
        1 => Just(What::Wrong), 1 => Just(What::Breaks), 1 => Just(What::Unknown),
    ];
    let pass = select(vec![
        TimeDelta::seconds(2),
        TimeDelta::seconds(15),
        TimeDelta::minutes(2),
        TimeDelta::minutes(70),
        TimeDelta::days(1),
        TimeDelta::days(12),
    ]);
    prop_oneof![
        20 => (phone(), what, killed()).prop_map(|(phone, what, killed)| Step::Tap(phone, what, killed)),
        24 => (phone(), prop::bool::weighted(0.2)).prop_map(|(phone, contact_only)| Step::Send { phone, contact_only }),
        10 => phone().prop_map(Step::NewRound),
        24 => (which(), prop::bool::weighted(0.2)).prop_map(|(which, doubled)| Step::Serve { which, doubled }),
        24 => (which(), prop::bool::weighted(0.2), killed()).prop_map(|(which, doubled, killed)| Step::Hear { which, doubled, killed }),
        5 => which().prop_map(|which| Step::GiveUp { which }),
        3 => which().prop_map(|which| Step::LoseRequest { which }),
        5 => phone().prop_map(Step::Kill),
        2 => (phone(), select(vec![-9000, -400, -1, 0, 0, 1, 400, 9000])).prop_map(|(phone, days)| Step::ClockJumps(phone, days)),
        8 => pass.prop_map(Step::Pass),
        1 => phone().prop_map(Step::SignOut),
        1 => phone().prop_map(Step::SessionEnds),
        2 => phone().prop_map(Step::JoinAgain),
        2 => Just(Step::Busy),
        2 => Just(Step::Down),
        3 => Just(Step::BackUp),
        2 => any::<bool>().prop_map(|heard| Step::Restore { heard }),
    ]
}

type Came = Result<Option<Answer>, Failure>;

struct World {
    now: DateTime<Utc>,
    phones: [Phone; 2],
    server: Server,
    /// On their way: from which phone, with which session, and what.
    requests: Vec<(usize, u32, Send)>,
    answers: Vec<(usize, u32, Send, Came)>,
    sessions: u32,
    /// By phone: what somebody was told is saved. `None` once it was said that it goes with signing out.
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
                let sent = self.phones[phone].next(contact_only, self.now);
                let session = self.phones[phone].session;
                self.requests.extend(sent.map(|sent| (phone, session, sent)));
            }
            Step::NewRound(phone) => self.phones[phone].round = super::Round::new(true),
            Step::Serve { which, doubled } => {
                let Some((phone, session, sent)) = pick(&mut self.requests, which, doubled) else { return };
                let came = self.serve(session, &sent);
                self.answers.push((phone, session, sent, came));
            }
            Step::Hear { which, doubled, killed } => {
                let Some((phone, session, sent, came)) = pick(&mut self.answers, which, doubled) else { return };
                // What was sent for somebody who has signed out meanwhile is nobody's.
                if self.phones[phone].session == session {
                    self.phones[phone].hears(&sent, &came, self.now, killed, &self.server);
                }
            }
            Step::GiveUp { which } => {
                let Some((phone, session, sent)) = pick(&mut self.requests, which, true) else { return };
                if self.phones[phone].session == session {
                    self.phones[phone].hears(&sent, &Err(Failure::Unreachable), self.now, Killed::No, &self.server);
                }
            }
            Step::LoseRequest { which } => drop(pick(&mut self.requests, which, false)),
            Step::Kill(phone) => {
                self.phones[phone].kill();
                // Nobody is there to hear them. The requests go on.
                self.answers.retain(|(to, ..)| *to != phone);
            }
            Step::ClockJumps(phone, days) => self.phones[phone].wrong_by = TimeDelta::days(days),
            Step::Pass(time) => self.now += time,
            Step::SignOut(phone) => {
                let session = self.new_session();
                self.phones[phone].wipe(session);
                // What was received stays with the provider, and what was not is said to be lost; after a restore, both.
                self.saved.values_mut().filter(|on| **on == Some(phone)).for_each(|on| *on = None);
            }
            Step::SessionEnds(phone) => self.server.ends(self.phones[phone].session),
            Step::JoinAgain(phone) => self.join_again(phone),
            Step::Busy => self.server.busy = 3,
            Step::Down => self.server.down = 2,
            Step::BackUp => self.server.back_up(),
            // It was stopped for that, and every connection with it: what was under way to it never comes, nor what it had answered.
            Step::Restore { heard } => {
                self.requests.clear();
                while heard && !self.answers.is_empty() {
                    self.take(Step::Hear { which: 0, doubled: false, killed: Killed::No });
                }
                self.answers.clear();
                self.server.restore();
            }
        }
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
            What::Wrong | What::Breaks => Kind::PackSearch,
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
            _ => {}
        }
        if let Some(on) = on {
            body[field] = json!(on);
            body["hangs_on"] = json!(on);
        }
        // Ids of taps on one phone grow, as those of a clock that is right would; the order must not hang on it.
        let id = Uuid::from_u128(u128::from(self.taps));
        if self.phones[phone].tap(id, &kind, body, self.now, killed) {
            self.saved.insert(id, Some(phone));
        }
    }

    fn serve(&mut self, session: u32, sent: &Send) -> Came {
        // No two answers of a server are of the same moment.
        self.now += TimeDelta::milliseconds(1);
        match sent {
            Send::Sync(request) => self.server.sync(session, request, self.now).map(Some),
            Send::ByKey(operation) => self.server.by_key(session, operation).map(|()| None),
        }
    }

    fn new_session(&mut self) -> u32 {
        self.sessions += 1;
        self.server.joins(self.sessions);
        self.sessions
    }

    fn join_again(&mut self, phone: usize) {
        if self.phones[phone].outbox.standing().session == super::Session::Over {
            let session = self.new_session();
            self.phones[phone].joins_again(session);
        }
    }

    /// The network is there, the server is well, and nobody does anything: hours and days pass.
    fn settle(&mut self) {
        (self.server.busy, self.server.down) = (0, 0);
        (self.requests, self.answers) = (vec![], vec![]);
        for _ in 0..60 {
            self.now += TimeDelta::minutes(61);
            for phone in 0..2 {
                self.join_again(phone);
                self.phones[phone].round = super::Round::new(true);
                while let Some(sent) = self.phones[phone].next(false, self.now) {
                    let came = self.serve(self.phones[phone].session, &sent);
                    self.phones[phone].hears(&sent, &came, self.now, Killed::No, &self.server);
                }
            }
        }
    }

    /// At every moment: nothing is shown as received that the server never said it has.
    fn never_claims_more_than_is_true(&self) -> TestCaseResult {
        for entry in self.phones.iter().flat_map(Phone::received) {
            prop_assert!(self.server.promised.contains(&entry.id), "{entry:?}");
        }
        Ok(())
    }

    /// In the end.
    fn everything_is_received_or_visibly_not_sent(&self) -> TestCaseResult {
        let taps = self.server.taps();
        prop_assert_eq!(taps.iter().collect::<BTreeSet<_>>().len(), taps.len(), "never twice");
        for (id, on) in &self.saved {
            let Some(phone) = on.map(|phone| &self.phones[phone]) else { continue };
            let Some(entry) = phone.outbox.entries().find(|entry| entry.id == *id) else {
                prop_assert!(self.server.promised.contains(id), "{id} is gone from its phone, and never was received");
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
        }
        world.settle();
        world.never_claims_more_than_is_true()?;
        world.everything_is_received_or_visibly_not_sent()
    };
    TestRunner::new_with_rng(config, rng).run(&vec(any_step(), 1..150), history).unwrap();
}
