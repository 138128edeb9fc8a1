//! Schedules and times for tests, in few words.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::*;

/// `"21:00"`, or several with blanks between them.
pub fn times(text: &str) -> Vec<Clock> {
    text.split(' ').map(|time| time.parse().unwrap()).collect()
}

pub fn time(text: &str) -> NaiveTime {
    text.parse::<Clock>().unwrap().time()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn daily(starts_on: &str, at: &str) -> Schedule {
    Schedule { starts_on: date(starts_on), times: times(at), repeat: Repeat::Day { every: 1 }, ends: None }
}

pub fn weekly(starts_on: &str, every: u16, weekdays: &[Weekday]) -> Schedule {
    Schedule { repeat: Repeat::Week { every, weekdays: weekdays.to_vec() }, ..daily(starts_on, "09:00") }
}

pub fn monthly(starts_on: &str, month: MonthDay) -> Schedule {
    Schedule { repeat: Repeat::Month { every: 1, month }, ..daily(starts_on, "09:00") }
}

/// There from the beginning of time, never paused.
pub fn reminder(schedule: Schedule) -> Reminder {
    let id = Uuid::from_u128(0x019a_0000_0000_7000_8000_0000_0000_0001);
    Reminder { id, schedule, from: DateTime::<Utc>::MIN_UTC, until: None, paused_until: None }
}

/// The dates in these days, as text.
pub fn dates(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
    schedule.dates(date(from)..=date(to)).iter().map(ToString::to_string).collect()
}

/// Local date, local time and instant of each, as text.
pub fn told(reminder: &Reminder, zone: Tz, from: &str, to: &str) -> Vec<String> {
    let found = occurrences(reminder, zone, utc(from), utc(to));
    found.iter().map(|o| format!("{} {} = {}", o.date, o.time.format("%H:%M"), o.at.format("%dT%H:%MZ"))).collect()
}
