//! From "somebody needs a person" to a named person who said "I've got this": who is rung, by which channel, and when the next.
//!
//! A pure state machine. Facts and the time go in; the next state, what is to be done, and when to look again come out
//! ([`advance`]). Whoever keeps it stores the [`State`] with its [`State::due`] in the transaction that carries out the
//! [`Effect`]s. It ends only when a person ends it, and an acknowledged request comes back when nothing came of it.
//!
//! Who a step means is asked when the step is due, never before ([`World`]): people fall ill, swap shifts and leave.

mod advance;
pub mod policy;

#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use advance::{Advanced, advance};
pub use policy::{HeldFor, Kind, Policy, Step, Who};

/// A device that has not said within this time that it rang is not waited for: the person's next channel is tried.
pub const RECEIPT_WITHIN: TimeDelta = TimeDelta::seconds(60);
/// How long whoever let a promise pass, or was handed something, is rung alone before everybody else is; by a list for the day, as long
/// as its first step.
pub const HOLDER_FIRST: TimeDelta = TimeDelta::minutes(5);
/// How long a step waits that rings whoever there is.
pub const ANYBODY_WAIT: TimeDelta = TimeDelta::minutes(5);
/// When nobody at all can be rung it is tried again after this.
pub const NOBODY_WAIT: TimeDelta = TimeDelta::minutes(1);

/// The people and their phones as they are at this moment. Every answer may be another one a minute later.
pub trait World {
    /// Whom a step means: those who work here, are not away, and may be rung at this hour.
    fn who(&self, who: Who) -> Vec<Uuid>;
    /// Whether this person may be rung now.
    fn may_ring(&self, person: Uuid) -> bool;
    /// Everybody there is, for when a list finds nobody: on shift, the catch-all, leads, whoever runs the place.
    fn anybody(&self) -> Vec<Uuid>;
    /// A person's channels that could work now, in their own order.
    fn channels(&self, person: Uuid) -> Vec<Uuid>;
    /// `at` if that is in working hours, else when they next begin.
    fn by_day(&self, at: DateTime<Utc>) -> DateTime<Utc>;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum State {
    /// Nobody has it.
    Ringing(Ringing),
    /// A named person has it. Acknowledged is not done: at `until` it comes back.
    Held {
        by: Uuid,
        until: DateTime<Utc>,
    },
    Ended,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ringing {
    pub place: Place,
    /// How often the end of the list was passed.
    pub round: u32,
    /// When this step began to ring; `None`: it has not yet.
    pub since: Option<DateTime<Utc>>,
    /// Who was rung in this step, in order.
    pub rung: Vec<Rung>,
    /// When to look again.
    pub due: DateTime<Utc>,
}

/// Where in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Whoever had it and let the time pass, or was handed it.
    Holder(Uuid),
    /// From 0.
    Step(usize),
    /// The list found nobody: whoever there is.
    Anybody,
}

/// One person, rung by one channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    pub person: Uuid,
    pub channel: Uuid,
    pub at: DateTime<Utc>,
    pub heard: Heard,
}

/// What is known of a ring. That a push or a mail server took it is not hearing anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    #[default]
    Nothing,
    /// The device itself said that it rang.
    Delivered,
    /// It cannot arrive.
    Failed,
}

/// What is to be done or said, together with storing the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    Ring {
        place: Place,
        round: u32,
        person: Uuid,
        channel: Uuid,
    },
    /// A step that means nobody who can be rung: the next one came at once.
    Empty {
        place: Place,
    },
    /// Somebody whom the step means has no channel that could work.
    NoChannel {
        place: Place,
        person: Uuid,
    },
    /// The whole list was gone through for the first time, and nobody has it: the client is told.
    NotAnswered,
    /// There is nobody at all who could be rung. This must be shouted about.
    Nobody,
    /// Nothing came of it by the time that was said.
    CameBack {
        by: Uuid,
    },
}

impl State {
    /// Begins at the top of the list, at once. A list that is for working hours waits for them when it is first looked at.
    pub fn begin(now: DateTime<Utc>) -> Self {
        Self::Ringing(Ringing::at(Place::Step(0), 0, now))
    }

    /// When to look again; `None` only once it has ended.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Ringing(ringing) => Some(ringing.due),
            Self::Held { until, .. } => Some(*until),
            Self::Ended => None,
        }
    }

    /// A named person says "I've got this". What has ended stays so.
    #[must_use]
    pub fn acknowledge(self, by: Uuid, until: DateTime<Utc>) -> Self {
        match self {
            Self::Ended => Self::Ended,
            Self::Ringing(_) | Self::Held { .. } => Self::Held { by, until },
        }
    }

    /// It was handed to somebody, who has not said that they have it: they are rung first, and alone; then the list, from the top.
    #[must_use]
    pub fn hand_to(self, to: Uuid, now: DateTime<Utc>) -> Self {
        match self {
            Self::Ended => Self::Ended,
            Self::Ringing(_) | Self::Held { .. } => Self::Ringing(Ringing::at(Place::Holder(to), 0, now)),
        }
    }

    /// It was taken by a clock that was ahead, and stood at `then` when ours stands at `now`: whoever has it has it for as long as was meant.
    #[must_use]
    pub fn put_right(self, then: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        match self {
            Self::Held { by, until } => {
                Self::Held { by, until: until.min(now + (until - then).max(TimeDelta::zero())) }
            }
            other => other,
        }
    }

    /// To be looked at by then: its list is another now, or something was promised for that time.
    #[must_use]
    pub fn look_at(mut self, now: DateTime<Utc>) -> Self {
        if let Self::Ringing(ringing) = &mut self {
            ringing.due = ringing.due.min(now);
        }
        self
    }

    /// What is known of a ring of the present step. One that failed is looked at now: the next channel need not wait.
    pub fn hear(&mut self, person: Uuid, channel: Uuid, heard: Heard, now: DateTime<Utc>) {
        let Self::Ringing(ringing) = self else { return };
        let rung = ringing.rung.iter_mut().rev().find(|r| r.person == person && r.channel == channel);
        // A late word that it failed does not undo that it rang.
        let Some(rung) = rung.filter(|r| r.heard != Heard::Delivered) else { return };
        rung.heard = heard;
        if heard == Heard::Failed {
            ringing.due = ringing.due.min(now);
        }
    }
}

impl Ringing {
    fn at(place: Place, round: u32, due: DateTime<Utc>) -> Self {
        Self { place, round, since: None, rung: Vec::new(), due }
    }
}
