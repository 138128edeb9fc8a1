//! What is agreed with a client: to which number, on which days and when, and which of their questions.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use mobile_shared::{
    item::Scale,
    reminder::{Clock, Weekday, instant},
};
use serde::{Deserialize, Serialize};

use super::words;
use crate::{
    channels::address,
    error::{Faults, Result},
    ids::SeriesId,
    items::Item,
};

/// How many questions one text holds.
pub const MOST_ITEMS: usize = 3;
/// Nothing is asked before this hour of the client's clock, or from this one on.
pub const DAY: std::ops::Range<u32> = 8..21;
const LONGEST_FROM: usize = 30;

/// As it is kept, sealed as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// As +447700900123.
    pub number: String,
    /// The questions asked, in this order.
    pub items: Vec<SeriesId>,
    pub days: Vec<Weekday>,
    pub time: Clock,
    /// `en` or `cy`
    pub language: String,
    /// Whether the text says what is asked about: others may see it.
    pub names_questions: bool,
    /// Whom the texts say they are from.
    pub from: String,
}

impl Settings {
    /// With the number in its one form, if this can be meant.
    pub fn checked(mut self, current: &[Item]) -> Result<Self> {
        let number = address::number(&self.number);
        let mut faults = Faults::default();
        let known = self.items.iter().all(|series| current.iter().any(|item| item.series_id == *series));
        faults
            .check(number.is_ok(), "number", number.as_ref().err().copied().unwrap_or_default())
            .check((1..=MOST_ITEMS).contains(&self.items.len()), "items", "One to three questions, please.")
            .check(known && each_once(&self.items), "items", "Choose from this client's own questions, each once.")
            .check(!self.days.is_empty() && each_once(&self.days), "days", "At least one day of the week, each once.")
            .check(DAY.contains(&self.time.time().hour()), "time", "Between 8:00 and 20:59: texts wake people up.")
            .check(["en", "cy"].contains(&self.language.as_str()), "language", "Choose en or cy.")
            .text(&self.from, "from", LONGEST_FROM)
            .check(words::is_plain(&self.from), "from", "Plain letters and figures, please: others cost more.")
            .done()?;
        if let Ok(number) = number {
            self.number = number;
        }
        Ok(self)
    }

    /// The questions as they are asked now. One that is asked no more is left out.
    pub fn questions<'i>(&self, items: &'i [Item]) -> Vec<&'i Item> {
        self.items.iter().filter_map(|series| items.iter().find(|i| i.current && i.series_id == *series)).collect()
    }

    pub fn asks_on(&self, day: NaiveDate) -> bool {
        self.days.iter().any(|d| *d as u32 == day.weekday().num_days_from_monday())
    }

    /// When it is asked on a day of the client's calendar.
    pub fn at(&self, day: NaiveDate, zone: Tz) -> DateTime<Utc> {
        instant(day, self.time.time(), zone)
    }

    /// When it is asked next after this.
    pub fn next_after(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let today = now.with_timezone(&zone).date_naive();
        let days = (0..=8).filter_map(|n| today.checked_add_days(Days::new(n)));
        days.filter(|day| self.asks_on(*day)).map(|day| self.at(day, zone)).find(|at| *at > now)
    }
}

/// When night falls on a day, as far as texts go.
pub fn night(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    instant(day, NaiveTime::from_hms_opt(DAY.end, 0, 0).unwrap_or_default(), zone)
}

/// Now, or the next morning if it is night for the client.
pub fn by_day(now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let local = now.with_timezone(&zone);
    let morning = NaiveTime::from_hms_opt(DAY.start, 0, 0).unwrap_or_default();
    let today = local.date_naive();
    match local.hour() {
        hour if hour < DAY.start => instant(today, morning, zone),
        hour if hour >= DAY.end => instant(today.checked_add_days(Days::new(1)).unwrap_or(today), morning, zone),
        _ => now,
    }
}

/// The scales of questions, in their order.
pub fn scales<'i>(questions: impl IntoIterator<Item = &'i Item>) -> Vec<Scale> {
    questions.into_iter().map(Item::scale).collect()
}

fn each_once<T: PartialEq>(all: &[T]) -> bool {
    all.iter().enumerate().all(|(i, one)| !all[..i].contains(one))
}
