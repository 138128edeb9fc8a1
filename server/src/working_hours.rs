//! Monday to Friday, nine to five, by the provider's clock.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use crate::organisation::ZONE;

pub const fn o_clock(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}
const DAY_BEGINS: NaiveTime = o_clock(9);
const NOON: NaiveTime = o_clock(12);
const DAY_ENDS: NaiveTime = o_clock(17);

fn is_working_day(day: &NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn first_working_day(from: NaiveDate) -> NaiveDate {
    from.iter_days().find(is_working_day).unwrap_or(from)
}

/// A wall time of the provider; the first of two.
pub fn instant(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let wall = day.and_time(time);
    wall.and_local_timezone(ZONE).earliest().map_or_else(|| wall.and_utc(), |at| at.to_utc())
}

/// Now, if it is in working hours; else the next morning on which they begin.
pub fn open_at(now: DateTime<Utc>) -> DateTime<Utc> {
    let here = now.with_timezone(&ZONE);
    if is_working_day(&here.date_naive()) && (DAY_BEGINS..DAY_ENDS).contains(&here.time()) {
        return now;
    }
    let first = here.date_naive() + TimeDelta::days(i64::from(here.time() >= DAY_BEGINS));
    instant(first_working_day(first), DAY_BEGINS)
}

/// Noon of the next working day, never of today.
pub fn next_noon(now: DateTime<Utc>) -> DateTime<Utc> {
    instant(first_working_day(now.with_timezone(&ZONE).date_naive() + TimeDelta::days(1)), NOON)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_can_wait_waits_for_the_day() {
        for (now, opens) in [
            // Monday
            ("2026-11-16T09:00:00Z", "2026-11-16T09:00:00Z"),
            ("2026-11-16T16:59:59Z", "2026-11-16T16:59:59Z"),
            ("2026-11-16T17:00:00Z", "2026-11-17T09:00:00Z"),
            ("2026-11-16T05:00:00Z", "2026-11-16T09:00:00Z"),
            // Friday evening, Saturday, Sunday
            ("2026-11-20T17:30:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-21T12:00:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-22T03:00:00Z", "2026-11-23T09:00:00Z"),
            // In summer it is an hour later here than in UTC, also on the Monday after the change.
            ("2026-07-01T08:30:00Z", "2026-07-01T08:30:00Z"),
            ("2026-07-01T16:30:00Z", "2026-07-02T08:00:00Z"),
            ("2026-03-27T18:00:00Z", "2026-03-30T08:00:00Z"),
            ("2026-10-23T18:00:00Z", "2026-10-26T09:00:00Z"),
        ] {
            assert_eq!(open_at(at(now)), at(opens), "{now}");
        }
    }

    #[test]
    fn noon_of_the_next_working_day() {
        for (now, noon) in [
            ("2026-11-16T03:00:00Z", "2026-11-17T12:00:00Z"),
            ("2026-11-20T10:00:00Z", "2026-11-23T12:00:00Z"),
            ("2026-11-22T23:30:00Z", "2026-11-23T12:00:00Z"),
            ("2026-03-27T10:00:00Z", "2026-03-30T11:00:00Z"),
        ] {
            assert_eq!(next_noon(at(now)), at(noon), "{now}");
        }
    }
}
