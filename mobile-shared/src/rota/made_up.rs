//! Rotas for tests, in few words.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::{Europe::London, Tz};
use uuid::Uuid;

use super::*;
use crate::reminder::{Clock, Repeat};

pub const ZONE: Tz = London;
pub const DEE: Uuid = Uuid::from_u128(0xdee);
pub const SAM: Uuid = Uuid::from_u128(0x5a);

pub fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn clock(text: &str) -> Clock {
    text.parse().unwrap()
}

/// `"22:00-08:00"`, every day from 2024 on, on the first line.
pub fn daily(n: u128, times: &str, worker: Option<Uuid>) -> Pattern {
    let (from, until) = times.split_once('-').unwrap();
    Pattern {
        id: Uuid::from_u128(n),
        line: Line::First,
        kind: Kind::OnCall,
        worker_id: worker,
        starts_on: date("2023-12-01"),
        from: clock(from),
        until: clock(until),
        repeat: Repeat::Day { every: 1 },
        ends: None,
    }
}

pub fn once(n: u128, on: &str, times: &str, worker: Uuid) -> Pattern {
    Pattern { starts_on: date(on), repeat: Repeat::None, ..daily(n, times, Some(worker)) }
}

pub fn all(patterns: &[Pattern], from: &str, until: &str) -> Vec<Shift> {
    shifts(patterns, &[], ZONE, utc(from), utc(until))
}

/// `"16T09:00Z to 17T08:00Z"` of each.
pub fn told<'a>(spans: impl IntoIterator<Item = (&'a DateTime<Utc>, &'a DateTime<Utc>)>) -> Vec<String> {
    spans
        .into_iter()
        .map(|(from, until)| format!("{} to {}", from.format("%dT%H:%MZ"), until.format("%dT%H:%MZ")))
        .collect()
}

pub fn holes_told(shifts: &[Shift], absences: &[Absence], from: &str, until: &str) -> Vec<String> {
    told(holes(shifts, absences, Line::First, utc(from), utc(until)).iter().map(|hole| (&hole.from, &hole.until)))
}
