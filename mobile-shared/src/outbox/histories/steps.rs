//! What can happen.

use chrono::TimeDelta;
use proptest::{prelude::*, sample::select};

use super::phone::Killed;

#[derive(Clone, Copy, Debug)]
pub enum What {
    CheckIn,
    /// The server will not take it.
    Wrong,
    /// The server breaks whenever it is in a request.
    Breaks,
    Contact,
    /// Hangs on the newest of its kind on this phone.
    Words,
    Plan,
    /// Which the server recognises by what sync remembers alone.
    Search,
    /// On one of two articles: only the newest about each is kept.
    Mark,
    /// Of a newer app.
    Unknown,
}

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Tap(usize, What, Killed),
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
    BackUp,
    /// … to any backup there is, also to a newer one than last time; what is under way arrives later.
    Restore {
        which: usize,
    },
}

pub fn any_step() -> impl Strategy<Value = Step> {
    let phone = || 0..2_usize;
    let which = || 0..4_usize;
    let killed =
        || prop_oneof![8 => Just(Killed::No), 1 => Just(Killed::BeforeItIsOnDisk), 1 => Just(Killed::AfterItIsOnDisk)];
    let what = prop_oneof![
        6 => Just(What::CheckIn), 3 => Just(What::Contact), 4 => Just(What::Words), 3 => Just(What::Plan),
        2 => Just(What::Search), 3 => Just(What::Mark),
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
        12 => phone().prop_map(Step::Round),
        24 => (which(), prop::bool::weighted(0.2)).prop_map(|(which, doubled)| Step::Serve { which, doubled }),
        24 => (which(), prop::bool::weighted(0.2), killed()).prop_map(|(which, doubled, killed)| Step::Hear { which, doubled, killed }),
        5 => which().prop_map(|which| Step::GiveUp { which }),
        3 => which().prop_map(|which| Step::LoseRequest { which }),
        5 => phone().prop_map(Step::Kill),
        2 => (phone(), select(vec![-9000, -400, -1, 0, 0, 1, 400, 9000])).prop_map(|(phone, days)| Step::ClockJumps(phone, days)),
        8 => pass.prop_map(Step::Pass),
        1 => phone().prop_map(Step::SignOut),
        1 => phone().prop_map(Step::SessionEnds),
        2 => phone().prop_map(Step::TokenRunsOut),
        1 => phone().prop_map(Step::Revoked),
        1 => phone().prop_map(Step::Upgrade),
        2 => phone().prop_map(Step::JoinAgain),
        2 => Just(Step::Busy),
        2 => Just(Step::Down),
        4 => Just(Step::BackUp),
        4 => (0..3_usize).prop_map(|which| Step::Restore { which }),
    ]
}
