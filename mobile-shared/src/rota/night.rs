//! Which shifts have a night in them, and when somebody who works it is to be asked whether their phone works.

use std::ops::Range;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Shift;
use crate::reminder::instant;

const fn o_clock(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}
const NIGHT_BEGINS: NaiveTime = o_clock(20);
const NIGHT_ENDS: NaiveTime = o_clock(8);
/// Whose night begins after midnight is asked as if it began now: they may be asleep at three.
const EVENING: NaiveTime = o_clock(21);

/// From eight in the evening to eight in the morning.
pub fn is_night(at: DateTime<Utc>, zone: Tz) -> bool {
    let wall = at.with_timezone(&zone).time();
    wall >= NIGHT_BEGINS || wall < NIGHT_ENDS
}

/// When the night of a shift begins: its longest stretch between eight and eight. `None`: there is none in it.
///
/// If that is after midnight it is nine in the evening before, because the hours before it are what this is for: asking whoever works
/// the night whether they can be reached, while they are awake.
pub fn begins_at_night(shift: &Shift, zone: Tz) -> Option<DateTime<Utc>> {
    let night = nights_near(shift, zone)
        .map(|night| night.start.max(shift.from)..night.end.min(shift.until))
        .filter(|stretch| stretch.start < stretch.end)
        .max_by_key(|stretch| (stretch.end - stretch.start, std::cmp::Reverse(stretch.start)))?;
    let wall = night.start.with_timezone(&zone);
    if wall.time() >= NIGHT_BEGINS {
        return Some(night.start);
    }
    let evening = wall.date_naive().checked_sub_days(Days::new(1))?;
    Some(instant(evening, EVENING, zone))
}

fn nights_near(shift: &Shift, zone: Tz) -> impl Iterator<Item = Range<DateTime<Utc>>> {
    let first = shift.from.with_timezone(&zone).date_naive() - TimeDelta::days(1);
    first.iter_days().take(4).map(move |date| {
        let morning = date.checked_add_days(Days::new(1)).unwrap_or(date);
        instant(date, NIGHT_BEGINS, zone)..instant(morning, NIGHT_ENDS, zone)
    })
}
