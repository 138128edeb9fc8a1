//! Reminders while there is no network: from what was chosen to instants.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use mobile_shared::reminder::{self, Reminder, Schedule};

use crate::error::{Fault, HostError};

pub fn instant(time: SystemTime) -> DateTime<Utc> {
    time.into()
}

pub fn zone(name: &str) -> Result<Tz, HostError> {
    name.parse().map_err(|reason| HostError::unreadable("a time zone", reason))
}

#[derive(Clone, Debug, uniffi::Record)]
pub struct Occurrence {
    /// The same on every phone and on the server: nobody tells it twice.
    pub id: String,
    pub reminder_id: String,
    pub date: String,
    pub time: String,
    pub at: SystemTime,
}

/// What happens at `from` or later and before `to`, in order. `reminder` is the JSON of `{id, schedule, from, until?, paused_until?}`.
#[uniffi::export]
pub fn occurrences(
    reminder: String,
    zone: String,
    from: SystemTime,
    to: SystemTime,
) -> Result<Vec<Occurrence>, HostError> {
    let reminder: Reminder =
        serde_json::from_str(&reminder).map_err(|reason| HostError::unreadable("a reminder", reason))?;
    let found = reminder::occurrences(&reminder, self::zone(&zone)?, instant(from), instant(to));
    let occurrence = |one: reminder::Occurrence| Occurrence {
        id: one.id.to_string(),
        reminder_id: one.reminder.to_string(),
        date: one.date.to_string(),
        time: one.time.format("%H:%M").to_string(),
        at: one.at.into(),
    };
    Ok(found.into_iter().map(occurrence).collect())
}

/// Whether a schedule that a person chose can be one.
#[uniffi::export]
pub fn check_schedule(schedule: String) -> Result<Option<Fault>, HostError> {
    let schedule: Schedule =
        serde_json::from_str(&schedule).map_err(|reason| HostError::unreadable("a schedule", reason))?;
    Ok(schedule.check().err().map(|fault| Fault::new(fault.field(), fault)))
}
