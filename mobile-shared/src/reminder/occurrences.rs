//! The dated instances of a reminder.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use super::{Schedule, instant};

/// What occurrences are named in.
const NAMESPACE: Uuid = uuid!("9d687253-787a-4f97-8841-f1070b802724");

/// One wording of a reminder, as far as time is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    pub id: Uuid,
    pub schedule: Schedule,
    /// Nothing before it: when it was made or last changed.
    pub from: DateTime<Utc>,
    /// Nothing at or after it: when it was changed again or turned off.
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
    /// The last date of the pause; nothing on it or before.
    #[serde(default)]
    pub paused_until: Option<NaiveDate>,
}

/// A reminder on one of its dates, at one of its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub id: Uuid,
    pub reminder: Uuid,
    /// Date and time as chosen. The wall shows another if the clocks jump over them.
    pub date: NaiveDate,
    pub time: NaiveTime,
    pub at: DateTime<Utc>,
}

/// What an occurrence is called everywhere, whoever works it out: the UUID (version 5) of `"<reminder>/<date>/<HH:MM>"`, as in
/// `019a0000-0000-7000-8000-000000000001/2026-03-29/01:30`.
pub fn occurrence_id(reminder: Uuid, date: NaiveDate, time: NaiveTime) -> Uuid {
    Uuid::new_v5(&NAMESPACE, format!("{reminder}/{date}/{}", time.format("%H:%M")).as_bytes())
}

/// What happens at `from` or later and before `to`, in order.
///
/// Windows that touch can be put together. Times that the clocks jump over may share an instant; each is there.
pub fn occurrences(reminder: &Reminder, zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Occurrence> {
    let found = walk(reminder, zone, from).take_while(|(.., at)| *at < to);
    found.map(|moment| occurrence(reminder, moment)).collect()
}

/// The first that happens later than `after`.
pub fn next_after(reminder: &Reminder, zone: Tz, after: DateTime<Utc>) -> Option<Occurrence> {
    let found = walk(reminder, zone, after).find(|(.., at)| *at > after);
    found.map(|moment| occurrence(reminder, moment))
}

type Moment = (NaiveDate, NaiveTime, DateTime<Utc>);

/// Everything from an instant on, in order.
fn walk(reminder: &Reminder, zone: Tz, from: DateTime<Utc>) -> impl Iterator<Item = Moment> {
    let from = from.max(reminder.from);
    let until = reminder.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let paused_until = reminder.paused_until.unwrap_or(NaiveDate::MIN);
    // No place is a whole day away from UTC, and no clock ever jumped over more than a day.
    let first = from.date_naive().checked_sub_days(Days::new(2)).unwrap_or(NaiveDate::MIN);
    let dates = reminder.schedule.dates_from(first.max(paused_until)).filter(move |date| *date > paused_until);
    let times = &reminder.schedule.times;
    dates
        .flat_map(move |date| times.iter().map(move |time| (date, time.time(), instant(date, time.time(), zone))))
        .skip_while(move |(.., at)| *at < from)
        .take_while(move |(.., at)| *at < until)
}

fn occurrence(reminder: &Reminder, (date, time, at): Moment) -> Occurrence {
    Occurrence { id: occurrence_id(reminder.id, date, time), reminder: reminder.id, date, time, at }
}
