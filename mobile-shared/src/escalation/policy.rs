//! A list of who is rung, one after the other, and for how long each.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub const MOST_STEPS: usize = 12;
/// Minutes; a step that waits longer is as good as none.
pub const LONGEST_WAIT: u16 = 240;

/// What somebody is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    ContactNow,
    ContactToday,
    ContactWhenYouCan,
    /// "Yes, please talk to me."
    ClientAsked,
    /// A rule that client and worker agreed for the night too.
    PlanRule,
}

/// Whom a step means. Worked out when the step is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "who", content = "worker_id", rename_all = "snake_case")]
pub enum Who {
    KeyWorker,
    Assigned,
    FirstLine,
    SecondLine,
    TeamLead,
    CatchAll,
    Person(Uuid),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    #[serde(flatten)]
    pub who: Who,
    /// How long until the next, 1 to 240.
    pub minutes: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// The last repeats for ever.
    pub steps: Vec<Step>,
    /// Nobody is rung outside working hours.
    pub by_day: bool,
}

/// Why a list cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("a list has 1 to 12 steps")]
    Steps,
    #[error("a step waits 1 to 240 minutes")]
    Minutes,
    #[error(
        "nobody of this list can be rung at night: add who is on call, the team lead, the catch-all or a person, or make it a list for the day"
    )]
    Night,
}

/// How long a named person has it before it comes back, if they say nothing better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldFor {
    Minutes(i64),
    /// Until noon of the next working day.
    NextWorkingNoon,
}

impl Kind {
    pub const ALL: [Self; 5] =
        [Self::ContactNow, Self::ContactToday, Self::ContactWhenYouCan, Self::ClientAsked, Self::PlanRule];

    /// The list that holds where nobody has made another.
    pub fn usual(self) -> Policy {
        use Who::{Assigned, FirstLine, KeyWorker, SecondLine, TeamLead};
        let steps: &[(Who, u16)] = match self {
            Self::ContactNow => &[(KeyWorker, 5), (FirstLine, 5), (SecondLine, 5), (TeamLead, 5)],
            Self::ContactToday => &[(KeyWorker, 20), (Assigned, 20), (FirstLine, 10), (SecondLine, 10), (TeamLead, 15)],
            Self::ContactWhenYouCan => &[(KeyWorker, 120), (Assigned, 120), (TeamLead, 120)],
            Self::ClientAsked | Self::PlanRule => &[(KeyWorker, 10), (FirstLine, 10), (SecondLine, 10), (TeamLead, 10)],
        };
        let steps = steps.iter().map(|&(who, minutes)| Step { who, minutes }).collect();
        Policy { steps, by_day: self == Self::ContactWhenYouCan }
    }

    pub fn held_for(self) -> HeldFor {
        match self {
            Self::ContactNow => HeldFor::Minutes(30),
            Self::ContactToday => HeldFor::Minutes(120),
            Self::ContactWhenYouCan | Self::ClientAsked | Self::PlanRule => HeldFor::NextWorkingNoon,
        }
    }
}

impl HeldFor {
    /// Until when, from `now`; `noon` is that of the next working day.
    pub fn until(self, now: DateTime<Utc>, noon: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Minutes(minutes) => now + TimeDelta::minutes(minutes),
            Self::NextWorkingNoon => noon,
        }
    }
}

impl Who {
    /// Whether this means anybody at night: key worker and assigned workers are rung in working hours or on their shifts only.
    fn is_for_the_night(self) -> bool {
        !matches!(self, Self::KeyWorker | Self::Assigned)
    }
}

impl Policy {
    /// How long one person is rung alone before the list is.
    pub fn holder_first(&self) -> TimeDelta {
        let first = self.steps.first().filter(|_| self.by_day);
        first.map_or(super::HOLDER_FIRST, |step| TimeDelta::minutes(step.minutes.into()).max(super::HOLDER_FIRST))
    }

    pub fn check(&self) -> Result<(), Fault> {
        if !(1..=MOST_STEPS).contains(&self.steps.len()) {
            return Err(Fault::Steps);
        }
        if self.steps.iter().any(|step| !(1..=LONGEST_WAIT).contains(&step.minutes)) {
            return Err(Fault::Minutes);
        }
        if !self.by_day && !self.steps.iter().any(|step| step.who.is_for_the_night()) {
            return Err(Fault::Night);
        }
        Ok(())
    }
}
