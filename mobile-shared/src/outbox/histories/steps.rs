//! What can happen.

use chrono::TimeDelta;
use proptest::{prelude::*, sample::select};

use super::phone::Killed;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    CheckIn,
    Contact,
    /// Hangs on the newest request for contact on this phone.
    Words,
    Cancel,
    /// Hangs on the newest of its kind on this phone.
    Plan,
    Agree,
    Addition,
    /// Hangs on all additions on this phone.
    FirstAid,
    FlagAnswer,
    Search,
    /// On one of two articles: only the newest about each is kept.
    Mark,
    Occurrence,
    /// Of a newer app.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Poison {
    None,
    /// The server will not take it.
    Wrong,
    /// The server breaks whenever it is in a request.
    Breaks,
}

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Tap(usize, What, Poison, Killed),
    /// The phone sends what comes next, in the same round or a new one; or only what a person waits for.
    Send {
        phone: usize,
        contact_only: bool,
    },
    NewRound(usize),
    /// A whole round on a good line.
    Round(usize),
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
    /// The server works on what the phone sends next, and the phone never hears of it.
    LoseAnswer(usize),
    Kill(usize),
    ClockJumps(usize, i64),
    Pass(TimeDelta),
    SignOut(usize),
    SessionEnds(usize),
    TokenRunsOut(usize),
    Revoked(usize),
    Upgrade(usize),
    JoinAgain(usize),
    Busy,
    Down,
    /// It stops when it has done what was sent and before it remembers and says so.
    Crash,
    BackUp,
    /// … to any backup there is, also to a newer one than last time; what is under way arrives later.
    Restore {
        which: usize,
    },
}

fn killed() -> impl Strategy<Value = Killed> {
    prop_oneof![8 => Just(Killed::No), 1 => Just(Killed::BeforeItIsOnDisk), 1 => Just(Killed::AfterItIsOnDisk)]
}

fn poison() -> impl Strategy<Value = Poison> {
    prop_oneof![22 => Just(Poison::None), 1 => Just(Poison::Wrong), 1 => Just(Poison::Breaks)]
}

fn pass() -> impl Strategy<Value = TimeDelta> {
    select(vec![
        TimeDelta::seconds(2),
        TimeDelta::seconds(15),
        TimeDelta::minutes(2),
        TimeDelta::minutes(70),
        TimeDelta::days(1),
        TimeDelta::days(12),
    ])
}

fn clock() -> impl Strategy<Value = i64> {
    select(vec![-9000, -400, -1, 0, 0, 1, 400, 9000])
}

pub fn any_step() -> impl Strategy<Value = Step> {
    let phone = || 0..2_usize;
    let which = || 0..4_usize;
    let what = prop_oneof![
        6 => Just(What::CheckIn), 4 => Just(What::Contact), 3 => Just(What::Words), 3 => Just(What::Cancel), 3 => Just(What::Plan),
        1 => Just(What::Agree), 2 => Just(What::Addition), 1 => Just(What::FirstAid), 1 => Just(What::FlagAnswer),
        2 => Just(What::Search), 2 => Just(What::Mark), 2 => Just(What::Occurrence), 1 => Just(What::Unknown),
    ];
    let tap = (phone(), what, poison(), killed());
    prop_oneof![
        20 => tap.prop_map(|(phone, what, poison, killed)| Step::Tap(phone, what, poison, killed)),
        24 => (phone(), prop::bool::weighted(0.2)).prop_map(|(phone, contact_only)| Step::Send { phone, contact_only }),
        10 => phone().prop_map(Step::NewRound),
        12 => phone().prop_map(Step::Round),
        24 => (which(), prop::bool::weighted(0.2)).prop_map(|(which, doubled)| Step::Serve { which, doubled }),
        24 => (which(), prop::bool::weighted(0.2), killed()).prop_map(|(which, doubled, killed)| Step::Hear { which, doubled, killed }),
        5 => which().prop_map(|which| Step::GiveUp { which }),
        3 => which().prop_map(|which| Step::LoseRequest { which }),
        5 => phone().prop_map(Step::Kill),
        2 => phone().prop_map(Step::LoseAnswer),
        2 => (phone(), clock()).prop_map(|(phone, days)| Step::ClockJumps(phone, days)),
        8 => pass().prop_map(Step::Pass),
        1 => phone().prop_map(Step::SignOut),
        1 => phone().prop_map(Step::SessionEnds),
        2 => phone().prop_map(Step::TokenRunsOut),
        1 => phone().prop_map(Step::Revoked),
        1 => phone().prop_map(Step::Upgrade),
        2 => phone().prop_map(Step::JoinAgain),
        2 => Just(Step::Busy),
        2 => Just(Step::Down),
        2 => Just(Step::Crash),
        4 => Just(Step::BackUp),
        4 => (0..3_usize).prop_map(|which| Step::Restore { which }),
    ]
}

/// One phone that asks for a person, takes it back and asks again, on a line that loses answers and turns nothing round.
pub fn step_of_asking() -> impl Strategy<Value = Step> {
    let what = prop_oneof![4 => Just(What::Contact), 4 => Just(What::Cancel), 2 => Just(What::Words), 2 => Just(What::CheckIn)];
    prop_oneof![
        20 => (what, poison(), killed()).prop_map(|(what, poison, killed)| Step::Tap(0, what, poison, killed)),
        12 => Just(Step::Round(0)),
        5 => Just(Step::LoseAnswer(0)),
        2 => Just(Step::NewRound(0)),
        3 => Just(Step::Kill(0)),
        2 => clock().prop_map(|days| Step::ClockJumps(0, days)),
        8 => pass().prop_map(Step::Pass),
        1 => Just(Step::SessionEnds(0)),
        2 => Just(Step::JoinAgain(0)),
        2 => Just(Step::Busy),
        2 => Just(Step::Down),
        2 => Just(Step::Crash),
        4 => Just(Step::BackUp),
        4 => (0..3_usize).prop_map(|which| Step::Restore { which }),
    ]
}
