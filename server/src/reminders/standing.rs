//! By what a client is reminded now: their settings, the zone in force, and the reminders that are on.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use mobile_shared::reminder::{
    Clock, Occurrence, Pending, Quiet, Reminder, Round, Schedule, USEFUL_FOR, instant, next_after, occurrences, round,
};
use sqlx::types::Json as Column;

use super::{About, settings};
use crate::{
    assessments::day_of,
    db::Connection,
    error::{Error, Result},
    ids::{ClientId, OrganisationId},
};

/// What a reminder that is on is about, and when it happens.
#[derive(Clone, Debug)]
pub struct Told {
    pub reminder: Reminder,
    pub about: About,
    /// When this wording was written.
    pub changed_at: DateTime<Utc>,
}

impl Told {
    /// It is this one, and not in a pause.
    pub fn is_on(&self, reminder: uuid::Uuid, today: NaiveDate) -> bool {
        self.reminder.id == reminder && self.reminder.paused_until.is_none_or(|last| last < today)
    }
}

#[derive(Clone, Debug)]
pub struct Standing {
    pub settings: settings::Row,
    /// Where they are, if reminders are to move with them; else where they live.
    pub zone: Tz,
    quiet: Option<Quiet>,
    pub reminders: Vec<Told>,
}

#[derive(sqlx::FromRow)]
struct Row {
    reminder_id: uuid::Uuid,
    about: About,
    schedule: Column<Schedule>,
    from_at: DateTime<Utc>,
    paused_until: Option<NaiveDate>,
    changed_at: DateTime<Utc>,
}

impl Standing {
    /// Two queries; no key is opened and nobody's words are read.
    pub async fn load(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<Self> {
        let settings = settings::Row::load(&mut from, organisation, client).await?;
        let rows: Vec<Row> = from
            .query(
                "SELECT c.reminder_id, c.about, c.schedule, c.from_at, c.paused_until, c.changed_at
                 FROM reminder r
                 JOIN reminder_change c ON c.organisation_id = r.organisation_id AND c.client_id = r.client_id AND c.id = r.in_force
                 WHERE r.organisation_id = $1 AND r.client_id = $2 AND r.in_force IS NOT NULL ORDER BY r.id",
            )
            .bind(organisation)
            .bind(client)
            .all()
            .await?;
        let told = |row: Row| Told {
            about: row.about,
            changed_at: row.changed_at,
            reminder: Reminder {
                id: row.reminder_id,
                schedule: row.schedule.0,
                from: row.from_at,
                until: None,
                // A pause of everything is one of each.
                paused_until: row.paused_until.max(settings.reminders_paused_until),
            },
        };
        let reminders = rows.into_iter().map(told).collect();
        Ok(Self { zone: settings.zone()?, quiet: settings.quiet()?, reminders, settings })
    }

    /// What happens at `from` or later and before `to`, in order of time.
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(Occurrence, &Told)> {
        let mut all = Vec::new();
        for told in &self.reminders {
            all.extend(occurrences(&told.reminder, self.zone, from, to).into_iter().map(|o| (o, told)));
        }
        all.sort_by_key(|(occurrence, _)| (occurrence.at, occurrence.id));
        all
    }

    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        day_of(now, self.zone)
    }

    /// The day of a date here.
    pub fn day(&self, date: NaiveDate) -> std::ops::Range<DateTime<Utc>> {
        day(date, self.zone)
    }

    fn is_paused(&self, now: DateTime<Utc>) -> bool {
        self.settings.reminders_paused_until.is_some_and(|last| self.today(now) <= last)
    }

    pub fn is_quiet(&self, at: DateTime<Utc>) -> bool {
        self.quiet.is_some_and(|quiet| quiet.holds(at, self.zone))
    }

    /// The end of the quiet hours that hold at this time; the time itself if none do.
    pub fn quiet_ends(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.quiet.filter(|quiet| quiet.holds(at, self.zone)).map_or(at, |quiet| quiet.end(at, self.zone))
    }

    /// What to do with what waits. In a pause nothing is told, and nothing waits for its end either.
    pub fn round(&self, pending: &[Pending], now: DateTime<Utc>) -> Round {
        if !self.is_paused(now) {
            return round(pending, self.quiet, self.zone, now);
        }
        let (due, later): (Vec<&Pending>, Vec<&Pending>) = pending.iter().partition(|p| p.due_at <= now);
        Round {
            tell: Vec::new(),
            stale: due.iter().map(|p| p.occurrence.id).collect(),
            next: later.iter().map(|p| p.due_at).min(),
        }
    }

    /// When the next reminder happens, after now.
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.reminders.iter().filter_map(|told| next_after(&told.reminder, self.zone, now)).map(|o| o.at).min()
    }

    /// Until when something due then is worth telling: for as long as it is of use, and not into the quiet hours, in which a phone
    /// that was off would otherwise show it.
    pub fn useful_until(&self, due: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let until = due + USEFUL_FOR;
        let Some(quiet) = self.quiet.filter(|quiet| quiet.from != quiet.until) else { return until };
        let starts = self.today(now).iter_days().take(2).map(|date| instant(date, quiet.from, self.zone));
        starts.filter(|start| *start > now).fold(until, DateTime::min)
    }
}

/// A date somewhere, from its first instant to the first of the next.
pub fn day(date: NaiveDate, zone: Tz) -> std::ops::Range<DateTime<Utc>> {
    let next = date.checked_add_signed(TimeDelta::days(1)).unwrap_or(date);
    instant(date, NaiveTime::MIN, zone)..instant(next, NaiveTime::MIN, zone)
}

/// A time as it stands in a row.
pub fn clock(text: &str) -> Result<Clock> {
    text.parse().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn standing(quiet: Option<Quiet>, paused_until: Option<&str>) -> Standing {
        let mut settings = settings::Row::example();
        settings.reminders_paused_until = paused_until.map(|d| d.parse().unwrap());
        Standing { zone: chrono_tz::Europe::London, quiet, reminders: Vec::new(), settings }
    }

    fn night() -> Option<Quiet> {
        let time = |text: &str| clock(text).unwrap().time();
        Some(Quiet { from: time("22:00"), until: time("08:00") })
    }

    fn waits(due_at: &str) -> Pending {
        let id = uuid::Uuid::from_u128(due_at.len() as u128 + u128::from(due_at.as_bytes()[9]));
        let time = NaiveTime::MIN;
        let occurrence = Occurrence { id, reminder: id, date: at(due_at).date_naive(), time, at: at(due_at) };
        Pending { occurrence, due_at: at(due_at) }
    }

    #[test]
    fn what_is_told_stays_of_use_for_three_hours_and_not_into_the_night() {
        let now = at("2026-11-16T20:30:00Z");
        assert_eq!(standing(None, None).useful_until(now, now), at("2026-11-16T23:30:00Z"));
        assert_eq!(standing(night(), None).useful_until(now, now), at("2026-11-16T22:00:00Z"));
        // Something for the small hours, told when the night is over.
        let morning = at("2026-11-17T08:00:00Z");
        assert_eq!(
            standing(night(), None).useful_until(at("2026-11-17T06:00:00Z"), morning),
            at("2026-11-17T09:00:00Z")
        );
    }

    #[test]
    fn a_pause_of_everything_lets_go_of_what_waits_and_of_nothing_after_it() {
        let (now, pending) =
            (at("2026-11-16T20:30:00Z"), [waits("2026-11-16T20:00:00Z"), waits("2026-11-18T20:00:00Z")]);
        let round = standing(None, Some("2026-11-16")).round(&pending, now);
        assert_eq!((round.tell.len(), round.stale.len(), round.next), (0, 1, Some(at("2026-11-18T20:00:00Z"))));
        let over = standing(None, Some("2026-11-15")).round(&pending, now);
        assert_eq!((over.tell.len(), over.stale.len()), (1, 0));
    }
}
