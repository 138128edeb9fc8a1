//! What recurs on a rota, as people write it down.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use chrono::NaiveDate;

use crate::reminder::{self, Clock, Ends, Repeat, Schedule};

/// Who is rung first, and who next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    First,
    Second,
}

/// What sort of a shift it is. It says what somebody may expect of it and changes nothing of who is rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    DaySupport,
    SleepingNight,
    WakingNight,
    OnCall,
}

/// A shift that recurs, or happens once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    pub id: Uuid,
    pub line: Line,
    pub kind: Kind,
    /// `None`: it is nobody's yet, and a hole until somebody takes it.
    #[serde(default)]
    pub worker_id: Option<Uuid>,
    /// The first date that one can start on.
    pub starts_on: NaiveDate,
    pub from: Clock,
    /// Not later than `from`: on the next day. The same as `from`: 24 hours later by the wall.
    pub until: Clock,
    pub repeat: Repeat,
    #[serde(default)]
    pub ends: Option<Ends>,
}

/// Why something is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("Choose a day between 1900 and 2200.")]
    StartsOn,
    #[error("A shift comes every 1 to 52 days, weeks or months.")]
    Every,
    #[error("Choose at least one day of the week, and each once.")]
    Weekdays,
    #[error("Choose a day from 1 to 31, or the first, second, third, fourth or last of a day of the week.")]
    MonthDay,
    #[error("A shift ends on or after the day it starts on, and before 2201.")]
    EndsOn,
    #[error("A shift ends after 1 to 1000 times.")]
    EndsAfter,
}

impl Fault {
    /// The field of [`Pattern`] that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            Self::StartsOn => "starts_on",
            Self::Every | Self::Weekdays | Self::MonthDay => "repeat",
            Self::EndsOn | Self::EndsAfter => "ends",
        }
    }
}

impl Pattern {
    /// What has a fault never happens, so check before storing.
    pub fn check(&self) -> Result<(), Fault> {
        self.schedule().check().map_err(|fault| match fault {
            // Its one time is a time.
            reminder::Fault::StartsOn | reminder::Fault::Times => Fault::StartsOn,
            reminder::Fault::Every => Fault::Every,
            reminder::Fault::Weekdays => Fault::Weekdays,
            reminder::Fault::MonthDay => Fault::MonthDay,
            reminder::Fault::EndsOn => Fault::EndsOn,
            reminder::Fault::EndsAfter => Fault::EndsAfter,
        })
    }

    /// The dates that it starts on.
    pub(super) fn schedule(&self) -> Schedule {
        Schedule { starts_on: self.starts_on, times: vec![self.from], repeat: self.repeat.clone(), ends: self.ends }
    }
}
