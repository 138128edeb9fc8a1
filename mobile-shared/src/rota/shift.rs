//! The dated instances of a pattern, and the instants between which somebody is on.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Kind, Line, Pattern};
use crate::reminder::instant;

/// One shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    pub pattern: Uuid,
    /// The date that it starts on, on the wall.
    pub date: NaiveDate,
    pub line: Line,
    pub kind: Kind,
    /// Whose it is; `None`: nobody's.
    pub worker: Option<Uuid>,
    pub from: DateTime<Utc>,
    /// Not on any more.
    pub until: DateTime<Utc>,
}

impl Shift {
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        (self.from..self.until).contains(&at)
    }
}

/// One shift is somebody else's. Of several about the same, the last one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub pattern: Uuid,
    pub date: NaiveDate,
    pub worker: Uuid,
}

/// Every shift of which some is at `from` or later and before `until`, by when they start.
///
/// One whose whole time the clocks jump over does not happen. Windows that touch give a shift that is in both twice.
pub fn shifts(
    patterns: &[Pattern],
    changes: &[Change],
    zone: Tz,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<Shift> {
    let changed: HashMap<(Uuid, NaiveDate), Uuid> =
        changes.iter().map(|change| ((change.pattern, change.date), change.worker)).collect();
    let mut found: Vec<Shift> = Vec::new();
    for pattern in patterns {
        for date in pattern.schedule().dates(around(from, until)) {
            let (starts, ends) = starts_and_ends(pattern, date, zone);
            if starts < until && from < ends && starts < ends {
                found.push(Shift {
                    pattern: pattern.id,
                    date,
                    line: pattern.line,
                    kind: pattern.kind,
                    worker: changed.get(&(pattern.id, date)).copied().or(pattern.worker_id),
                    from: starts,
                    until: ends,
                });
            }
        }
    }
    found.sort_by_key(|shift| (shift.from, shift.line, shift.until, shift.pattern, shift.date));
    found
}

/// The dates on which a shift can start that touches this time: no place is a day away from UTC, and none lasts longer than a day
/// and the hour that comes twice.
fn around(from: DateTime<Utc>, until: DateTime<Utc>) -> std::ops::RangeInclusive<NaiveDate> {
    let first = from.date_naive().checked_sub_days(Days::new(3)).unwrap_or(NaiveDate::MIN);
    let last = until.date_naive().checked_add_days(Days::new(2)).unwrap_or(NaiveDate::MAX);
    first..=last
}

/// The instants of the shift that starts on a date: the first at which the wall shows its start, the last at which it shows its end.
pub fn starts_and_ends(pattern: &Pattern, date: NaiveDate, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    let next_day = pattern.until <= pattern.from;
    let last = if next_day { date.checked_add_days(Days::new(1)).unwrap_or(date) } else { date };
    (instant(date, pattern.from.time(), zone), last_instant(last, pattern.until.time(), zone))
}

/// The last moment at which a clock on the wall there shows this time; if the clocks jump over it, the first valid minute after.
fn last_instant(date: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&date.and_time(time)).latest() {
        Some(at) => at.to_utc(),
        None => instant(date, time, zone),
    }
}
