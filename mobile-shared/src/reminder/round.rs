//! What to tell one client now.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Occurrence, instant};

/// How late an occurrence can be told and still be of use.
pub const USEFUL_FOR: TimeDelta = TimeDelta::hours(3);

/// The hours in which nothing is told, by the clock on the wall. `from` is the first minute of them, `until` the first after; they
/// may cross midnight, and there are none if both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    pub from: NaiveTime,
    pub until: NaiveTime,
}

impl Quiet {
    pub fn holds(&self, at: DateTime<Utc>, zone: Tz) -> bool {
        self.end(at, zone) > at
    }

    /// When one may speak again: `at` itself, unless it is quiet then.
    pub fn end(&self, at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        if self.from == self.until {
            return at;
        }
        // A night from which the clocks take everything but its ends touches the next one, so ends are followed in order. The dates
        // are those of UTC, from which no place is a day away, and two more for a day that never was.
        let first = at.date_naive().checked_sub_days(Days::new(3)).unwrap_or(NaiveDate::MIN);
        first.iter_days().take(6).fold(at, |at, date| {
            let last = if self.from < self.until { Some(date) } else { date.succ_opt() };
            let quiet = last.map(|last| instant(date, self.from, zone)..instant(last, self.until, zone));
            quiet.filter(|quiet| quiet.contains(&at)).map_or(at, |quiet| quiet.end)
        })
    }
}

/// An occurrence that has neither been told nor answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub occurrence: Occurrence,
    /// When it happens, or until when it was snoozed.
    pub due_at: DateTime<Utc>,
}

/// What to do with everything that is pending for one client; ids are those of occurrences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// To be folded into one.
    pub tell: Vec<Uuid>,
    /// Too late to be of use: not told.
    pub stale: Vec<Uuid>,
    /// Look again then.
    pub next: Option<DateTime<Utc>>,
}

/// Sorts what is pending: told now, no longer told, or later. What is due in quiet hours waits for their end.
pub fn round(pending: &[Pending], quiet: Option<Quiet>, zone: Tz, now: DateTime<Utc>) -> Round {
    let may_speak = quiet.map_or(now, |quiet| quiet.end(now, zone));
    let mut round = Round::default();
    for Pending { occurrence, due_at } in pending {
        let look_again = if *due_at > now {
            *due_at
        } else if now.signed_duration_since(due_at) > USEFUL_FOR {
            round.stale.push(occurrence.id);
            continue;
        } else if may_speak > now {
            may_speak
        } else {
            round.tell.push(occurrence.id);
            continue;
        };
        round.next = Some(round.next.map_or(look_again, |next| next.min(look_again)));
    }
    round
}
