//! When something recurs, in choices that people make; underneath is a recurrence rule of RFC 5545.
//!
//! The `rrule` crate is used on dates alone, written as midnights in UTC: it has faults around clock changes, and it wants an
//! UNTIL in UTC. It walks from its start date by date, so it is started near the first date that is asked for.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime};
use rrule::{Frequency, NWeekday, RRule, Tz, Unvalidated};
use serde::{Deserialize, Serialize};

use super::Clock;

const FIRST_DATE: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date");
const LAST_DATE: NaiveDate = NaiveDate::from_ymd_opt(2200, 12, 31).expect("a date");
const MOST_TIMES: usize = 6;
const EVERY: RangeInclusive<u16> = 1..=52;
const AFTER: RangeInclusive<u32> = 1..=1000;

/// On which dates something happens, and at which times of those dates, by the clock on the client's wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The first date it can happen on. Weeks and months that are left out are counted from the one it is in.
    pub starts_on: NaiveDate,
    /// One to six, ascending.
    pub times: Vec<Clock>,
    pub repeat: Repeat,
    #[serde(default)]
    pub ends: Option<Ends>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", rename_all = "snake_case", into = "RepeatOnTheWire")]
pub enum Repeat {
    /// Once, on the date it starts on.
    None,
    /// `every`: each so many days, weeks or months; 1 to 52.
    Day {
        #[serde(default = "one")]
        every: u16,
    },
    /// Weeks begin on Monday.
    Week {
        #[serde(default = "one")]
        every: u16,
        weekdays: Vec<Weekday>,
    },
    Month {
        #[serde(default = "one")]
        every: u16,
        month: MonthDay,
    },
}

fn one() -> u16 {
    1
}

/// The date of a month on which something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MonthDay {
    /// 1 to 31; in a shorter month its last day.
    Day { day: u8 },
    /// The first, second, third, fourth or (-1) last such weekday.
    Nth { nth: i8, weekday: Weekday },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Mo,
    Tu,
    We,
    Th,
    Fr,
    Sa,
    Su,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ends {
    /// The last date it can happen on.
    On(NaiveDate),
    /// After so many dates; 1 to 1000. Those of a pause count.
    After(u32),
}

/// Why something is not a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("a reminder starts between 1900 and 2200")]
    StartsOn,
    #[error("a reminder has one to six times of a day, the earliest first and each once")]
    Times,
    #[error("a reminder comes every 1 to 52 days, weeks or months")]
    Every,
    #[error("a weekly reminder needs at least one day of the week, and each once")]
    Weekdays,
    #[error(
        "a monthly reminder is on a day from 1 to 31, or on the first, second, third, fourth or last of a day of the week"
    )]
    MonthDay,
    #[error("a reminder ends on or after the date it starts on, and before 2201")]
    EndsOn,
    #[error("a reminder ends after 1 to 1000 days")]
    EndsAfter,
}

impl Fault {
    /// The field of [`Schedule`] that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            Self::StartsOn => "starts_on",
            Self::Times => "times",
            Self::Every | Self::Weekdays | Self::MonthDay => "repeat",
            Self::EndsOn | Self::EndsAfter => "ends",
        }
    }
}

impl Schedule {
    /// What has a fault never happens, so check before storing.
    pub fn check(&self) -> Result<(), Fault> {
        let dates = FIRST_DATE..=LAST_DATE;
        if !dates.contains(&self.starts_on) {
            return Err(Fault::StartsOn);
        }
        if !(1..=MOST_TIMES).contains(&self.times.len()) || !self.times.is_sorted_by(|one, next| one < next) {
            return Err(Fault::Times);
        }
        self.repeat.check()?;
        match self.ends {
            Some(Ends::On(last)) if last < self.starts_on || !dates.contains(&last) => Err(Fault::EndsOn),
            Some(Ends::After(count)) if !AFTER.contains(&count) => Err(Fault::EndsAfter),
            _ => Ok(()),
        }
    }

    /// The value of an RRULE whose DTSTART is the date it starts on; `None` if it happens once.
    ///
    /// Two things for a calendar file: programs show the date of DTSTART whether it fits the rule or not, so put the first date there
    /// (the rule means the same then); and beside a time with a zone, RFC 5545 wants the last instant in UTC for the date in UNTIL.
    pub fn rule(&self) -> Option<String> {
        let rule = match &self.repeat {
            Repeat::None => return None,
            Repeat::Day { every } => format!("FREQ=DAILY;INTERVAL={every}"),
            Repeat::Week { every, weekdays } => {
                let days: Vec<&str> = weekdays.iter().map(|day| day.letters()).collect();
                format!("FREQ=WEEKLY;INTERVAL={every};WKST=MO;BYDAY={}", days.join(","))
            }
            Repeat::Month { every, month: MonthDay::Nth { nth, weekday } } => {
                format!("FREQ=MONTHLY;INTERVAL={every};BYDAY={nth}{}", weekday.letters())
            }
            Repeat::Month { every, month: MonthDay::Day { day } } => {
                let days: Vec<String> = last_of(*day).map(|day| day.to_string()).collect();
                let last = if days.len() > 1 { ";BYSETPOS=-1" } else { "" };
                format!("FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={}{last}", days.join(","))
            }
        };
        Some(match self.ends {
            None => rule,
            Some(Ends::On(last)) => format!("{rule};UNTIL={}", last.format("%Y%m%d")),
            Some(Ends::After(count)) => format!("{rule};COUNT={count}"),
        })
    }

    /// The dates of these days on which it happens, in order. None if it has a [`Fault`]; never after 2200.
    pub fn dates(&self, days: RangeInclusive<NaiveDate>) -> Vec<NaiveDate> {
        self.dates_from(*days.start()).take_while(|date| date <= days.end()).collect()
    }

    /// The same without an end, one by one.
    pub(super) fn dates_from(&self, first: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        let first = first.max(self.starts_on);
        let last = match self.ends {
            Some(Ends::On(last)) => last.min(LAST_DATE),
            _ => LAST_DATE,
        };
        let never = first > last || self.check().is_err();
        let once = (!never && self.repeat == Repeat::None && first == self.starts_on).then_some(self.starts_on);
        let recurring = if never { None } else { self.recurrence() }.and_then(|rule| {
            let start = self.anchor(first)?.and_time(NaiveTime::MIN).and_utc().with_timezone(&Tz::UTC);
            Some((&rule.build(start).ok()?).into_iter().map(|at| at.date_naive()))
        });
        let dates = once.into_iter().chain(recurring.into_iter().flatten());
        dates.skip_while(move |date| *date < first).take_while(move |date| *date <= last)
    }

    /// The rule as the library has it. Its own text of a rule is not used: it writes "the first Monday" as "every Monday".
    fn recurrence(&self) -> Option<RRule<Unvalidated>> {
        let rule = match &self.repeat {
            Repeat::None => return None,
            Repeat::Day { every } => RRule::new(Frequency::Daily).interval(*every),
            Repeat::Week { every, weekdays } => RRule::new(Frequency::Weekly)
                .interval(*every)
                .week_start(chrono::Weekday::Mon)
                .by_weekday(weekdays.iter().map(|day| NWeekday::Every((*day).into())).collect()),
            Repeat::Month { every, month: MonthDay::Nth { nth, weekday } } => RRule::new(Frequency::Monthly)
                .interval(*every)
                .by_weekday(vec![NWeekday::Nth(i16::from(*nth), (*weekday).into())]),
            Repeat::Month { every, month: MonthDay::Day { day } } => RRule::new(Frequency::Monthly)
                .interval(*every)
                .by_month_day(last_of(*day).map(u8::cast_signed).collect())
                .by_set_pos(if *day > 28 { vec![-1] } else { Vec::new() }),
        };
        Some(match self.ends {
            Some(Ends::After(count)) => rule.count(count),
            // An end date is kept by whoever walks: the library refuses to start after it.
            _ => rule,
        })
    }

    /// Where to start walking so that `first` and all dates after it are met: at most one period of the rule before it. If dates are
    /// counted, at the very first.
    fn anchor(&self, first: NaiveDate) -> Option<NaiveDate> {
        let start = self.starts_on;
        if matches!(self.ends, Some(Ends::After(_))) {
            return Some(start);
        }
        let whole = |distance: u64, period: u64| distance - distance % period;
        let days = u64::try_from((first - start).num_days()).ok()?;
        match self.repeat {
            Repeat::None => Some(start),
            Repeat::Day { every } => start.checked_add_days(Days::new(whole(days, every.into()))),
            Repeat::Week { every, .. } => start.checked_add_days(Days::new(whole(days, 7 * u64::from(every)))),
            Repeat::Month { every, .. } => {
                let month = |date: NaiveDate| date.year() * 12 + date.month0().cast_signed();
                let months = u64::try_from(month(first) - month(start)).ok()?;
                let months = u32::try_from(whole(months, every.into())).ok()?;
                start.with_day(1)?.checked_add_months(Months::new(months))
            }
        }
    }
}

impl Repeat {
    fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Day { every } | Self::Week { every, .. } | Self::Month { every, .. } if !EVERY.contains(every) => {
                Err(Fault::Every)
            }
            Self::Week { weekdays, .. } => {
                let twice = weekdays.iter().enumerate().any(|(n, day)| weekdays[..n].contains(day));
                if weekdays.is_empty() || twice { Err(Fault::Weekdays) } else { Ok(()) }
            }
            Self::Month { month: MonthDay::Day { day: 1..=31 } | MonthDay::Nth { nth: -1 | 1..=4, .. }, .. } => Ok(()),
            Self::Month { .. } => Err(Fault::MonthDay),
            Self::None | Self::Day { .. } => Ok(()),
        }
    }
}

/// The days of a month of which the last one that it has is meant.
fn last_of(day: u8) -> RangeInclusive<u8> {
    day.min(28)..=day
}

impl Weekday {
    fn letters(self) -> &'static str {
        match self {
            Self::Mo => "MO",
            Self::Tu => "TU",
            Self::We => "WE",
            Self::Th => "TH",
            Self::Fr => "FR",
            Self::Sa => "SA",
            Self::Su => "SU",
        }
    }
}

impl From<Weekday> for chrono::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mo => Self::Mon,
            Weekday::Tu => Self::Tue,
            Weekday::We => Self::Wed,
            Weekday::Th => Self::Thu,
            Weekday::Fr => Self::Fri,
            Weekday::Sa => Self::Sat,
            Weekday::Su => Self::Sun,
        }
    }
}

/// `every` is always said, once included.
#[derive(Serialize)]
struct RepeatOnTheWire {
    unit: &'static str,
    every: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    weekdays: Option<Vec<Weekday>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<MonthDay>,
}

impl From<Repeat> for RepeatOnTheWire {
    fn from(repeat: Repeat) -> Self {
        let wire = |unit, every| Self { unit, every, weekdays: None, month: None };
        match repeat {
            Repeat::None => wire("none", 1),
            Repeat::Day { every } => wire("day", every),
            Repeat::Week { every, weekdays } => Self { weekdays: Some(weekdays), ..wire("week", every) },
            Repeat::Month { every, month } => Self { month: Some(month), ..wire("month", every) },
        }
    }
}
