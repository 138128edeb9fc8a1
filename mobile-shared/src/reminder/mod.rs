//! Reminders: on which dates, at which instants, and what to tell now.
//!
//! Stored is what people chose, in local wall time ([`Schedule`]); instants are worked out late, in the zone in force
//! ([`occurrences`], [`next_after`]), and [`round`] says what of that is to be told. Server and phones compute the same, and
//! an occurrence has the same id everywhere ([`occurrence_id`]), so that nobody tells it twice.
//!
//! Three things keep the time right:
//! 1. A schedule speaks of dates and wall clocks only. The dates come from the `rrule` crate and know of no zone (`schedule.rs`).
//! 2. A date and time become an instant when the wall clock there first shows that time or a later one ([`instant`]): a time that
//!    the clocks jump over is at the first valid minute after, one that comes twice is the earlier.
//! 3. So later wall times are never at earlier instants, and windows that touch neither miss an occurrence nor have it twice.

mod local_time;
mod occurrences;
mod round;
mod schedule;

pub use local_time::{Clock, NotATime, instant};
pub use occurrences::{Occurrence, Reminder, next_after, occurrence_id, occurrences};
pub use round::{Pending, Quiet, Round, USEFUL_FOR, round};
pub use schedule::{Ends, Fault, MonthDay, Repeat, Schedule, Weekday};

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod made_up;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;
#[cfg(test)]
mod stories_of_clocks;
