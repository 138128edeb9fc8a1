//! Wall clocks, and the instants at which they show a time.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::{GapInfo, Tz};
use serde::{Deserialize, Serialize};

/// A time of day in whole minutes; `"HH:MM"` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Clock(NaiveTime);

/// What was meant to be a [`Clock`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time is written as 08:30")]
pub struct NotATime;

impl Clock {
    /// `None` if there is no such time.
    pub fn new(hour: u32, minute: u32) -> Option<Self> {
        NaiveTime::from_hms_opt(hour, minute, 0).map(Self)
    }

    pub fn time(self) -> NaiveTime {
        self.0
    }
}

impl FromStr for Clock {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let [h1 @ b'0'..=b'9', h2 @ b'0'..=b'9', b':', m1 @ b'0'..=b'9', m2 @ b'0'..=b'9'] = text.as_bytes() else {
            return Err(NotATime);
        };
        let number = |tens: &u8, ones: &u8| u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
        Self::new(number(h1, h2), number(m1, m2)).ok_or(NotATime)
    }
}

impl TryFrom<String> for Clock {
    type Error = NotATime;

    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

impl From<Clock> for String {
    fn from(clock: Clock) -> Self {
        clock.to_string()
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

/// The moment at which a clock on the wall there first shows this time or a later one.
///
/// A time that the clocks jump over is the first valid minute after the gap, be it an hour, half an hour or a whole day that
/// never was; a time that comes twice is the earlier one. In places where the date is beyond what a calendar can hold, UTC.
pub fn instant(date: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let local = date.and_time(time);
    if let Some(at) = zone.from_local_datetime(&local).earliest() {
        return at.to_utc();
    }
    match GapInfo::new(&local, &zone).and_then(|gap| gap.end) {
        Some(end) => end.to_utc() + TimeDelta::seconds(i64::from((60 - end.second()) % 60)),
        None => local.and_utc(),
    }
}
