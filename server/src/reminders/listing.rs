//! What happened, what is due and what is to come, day by day.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mobile_shared::reminder::instant;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    About,
    answers::{Said, reason_place},
    standing::{Standing, Told, clock},
};
use crate::{
    app::App,
    clients::Client,
    error::{Error, Result},
    ids::{OccurrenceId, OrganisationId, ReminderId},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OccurrenceState {
    ToCome,
    /// Its time has come and its day is not over.
    Due,
    Done,
    Skipped,
    /// To be told again.
    Snoozed,
    /// Not answered, and its day is over.
    Missed,
    /// Nobody was told: it was too late to be of use, or in a pause.
    NotTold,
}

/// One dated instance of a reminder.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Occurrence {
    pub id: OccurrenceId,
    reminder_id: ReminderId,
    date: NaiveDate,
    /// `21:00`, by the clock on the wall.
    time: String,
    at: DateTime<Utc>,
    state: OccurrenceState,
    snoozed_until: Option<DateTime<Utc>>,
    reason: Option<String>,
    /// The push service took it.
    sent_at: Option<DateTime<Utc>>,
    /// It arrived on a phone.
    delivered_at: Option<DateTime<Utc>>,
    /// Somebody tapped it.
    seen_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    /// A check-in of that day was the answer.
    by_check_in: bool,
    /// By whose clock its time is.
    #[serde(skip)]
    zone: String,
}

/// The same for the team, who are not told in which zone somebody's phone is. So there is no instant beside the time on the wall; and
/// of what came while they were away no other moment either, from which the zone could be reckoned.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TeamOccurrence {
    id: OccurrenceId,
    reminder_id: ReminderId,
    date: NaiveDate,
    /// `21:00`, by the clock on the client's wall.
    time: String,
    state: OccurrenceState,
    snoozed_until: Option<DateTime<Utc>>,
    reason: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    by_check_in: bool,
}

impl Occurrence {
    pub fn for_the_team(self, client: &Client) -> TeamOccurrence {
        let at_home = self.zone == client.zone.name();
        let at = |moment: Option<DateTime<Utc>>| moment.filter(|_| at_home);
        TeamOccurrence {
            id: self.id,
            reminder_id: self.reminder_id,
            date: self.date,
            time: self.time,
            state: self.state,
            snoozed_until: at(self.snoozed_until),
            reason: self.reason,
            sent_at: at(self.sent_at),
            delivered_at: at(self.delivered_at),
            seen_at: at(self.seen_at),
            answered_at: at(self.answered_at),
            by_check_in: self.by_check_in,
        }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: OccurrenceId,
    reminder_id: ReminderId,
    local_date: NaiveDate,
    local_time: String,
    due_at: DateTime<Utc>,
    tell_at: Option<DateTime<Utc>>,
    told: i32,
    zone: String,
    answer: Option<Said>,
    act_id: Option<Uuid>,
    answered_at: Option<DateTime<Utc>>,
    snoozed_until: Option<DateTime<Utc>>,
    by_check_in: bool,
    reason: Option<Vec<u8>>,
}

impl Row {
    fn state(&self, today: NaiveDate, now: DateTime<Utc>) -> OccurrenceState {
        use OccurrenceState as S;
        match self.answer {
            Some(Said::Done) => S::Done,
            Some(Said::Skipped) => S::Skipped,
            Some(Said::Snoozed) if self.tell_at.is_some() => S::Snoozed,
            None if self.due_at > now => S::ToCome,
            None if self.tell_at.is_some() => S::Due,
            _ if self.told == 0 => S::NotTold,
            _ if self.local_date < today => S::Missed,
            _ => S::Due,
        }
    }
}

/// When a notification was sent, delivered and seen: three things, each known or not.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct Times {
    occurrence_id: OccurrenceId,
    told_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    delivered_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
}

/// Everything of these local days, in order of time.
pub async fn between(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    standing: &Standing,
    days: RangeInclusive<NaiveDate>,
) -> Result<Vec<Occurrence>> {
    all(app, organisation, client, standing, days, None).await
}

/// One that has its row, on its day.
pub async fn one(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    id: OccurrenceId,
    day: NaiveDate,
) -> Result<Occurrence> {
    let standing = Standing::load(&app.db, organisation, client.id).await?;
    let of_day = all(app, organisation, client, &standing, day..=day, Some(id)).await?;
    of_day.into_iter().find(|o| o.id == id).ok_or(Error::NotFound)
}

async fn all(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    standing: &Standing,
    days: RangeInclusive<NaiveDate>,
    asked_for: Option<OccurrenceId>,
) -> Result<Vec<Occurrence>> {
    let now = app.now();
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT o.id, o.reminder_id, o.local_date, o.local_time, o.due_at, o.tell_at, o.told, o.zone, o.answer, o.act_id,
                    o.answered_at, o.snoozed_until, o.by_check_in, a.reason
             FROM occurrence o
             LEFT JOIN occurrence_act a ON a.organisation_id = o.organisation_id AND a.client_id = o.client_id AND a.id = o.act_id
             WHERE o.organisation_id = $1 AND o.client_id = $2 AND o.local_date >= $3 AND o.local_date <= $4",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(*days.start())
        .bind(*days.end())
        .all()
        .await?;
    let times = delivery_times(app, organisation, client, &days).await?;
    let (from, to) = (standing.day(*days.start()).start, standing.day(*days.end()).end);
    // A date may be at another instant than its day where clocks jump over midnight: a margin, and then the dates decide.
    let margin = TimeDelta::days(1);
    let expected = standing.between(from - margin, to + margin);
    let expected: HashMap<Uuid, (mobile_shared::reminder::Occurrence, &Told)> = expected
        .into_iter()
        .filter(|(o, _)| days.contains(&o.date))
        .map(|(occurrence, told)| (occurrence.id, (occurrence, told)))
        .collect();
    let known: HashSet<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let checked_in = checked_in_today(app, organisation, client, standing).await?;
    let mut all = Vec::with_capacity(rows.len() + expected.len());
    for row in rows {
        // Answered beforehand, and it will not be: its reminder is off, or at other times.
        let gone = row.due_at > now && row.tell_at.is_none() && !expected.contains_key(&row.id.0);
        if gone && asked_for != Some(row.id) {
            continue;
        }
        let times = times.get(&row.id).copied();
        all.push(of_row(row, times, client, standing, now)?);
    }
    for (occurrence, told) in expected.into_values().filter(|(o, _)| !known.contains(&o.id)) {
        let answered = checked_in.filter(|_| told.about == About::CheckIn && occurrence.date == standing.today(now));
        let seen_to = standing.settings.reminders_seen_to.is_some_and(|seen_to| occurrence.at < seen_to);
        let state = match answered {
            Some(_) => OccurrenceState::Done,
            None if occurrence.at > now => OccurrenceState::ToCome,
            None if seen_to => OccurrenceState::NotTold,
            None => OccurrenceState::Due,
        };
        all.push(Occurrence {
            id: OccurrenceId(occurrence.id),
            reminder_id: ReminderId(occurrence.reminder),
            date: occurrence.date,
            time: occurrence.time.format("%H:%M").to_string(),
            at: occurrence.at,
            state,
            snoozed_until: None,
            reason: None,
            sent_at: None,
            delivered_at: None,
            seen_at: None,
            answered_at: answered,
            by_check_in: answered.is_some(),
            zone: standing.zone.name().to_owned(),
        });
    }
    all.sort_by_key(|o| (o.at, o.id));
    Ok(all)
}

fn of_row(
    row: Row,
    times: Option<Times>,
    client: &Client,
    standing: &Standing,
    now: DateTime<Utc>,
) -> Result<Occurrence> {
    let state = row.state(standing.today(now), now);
    // What is to come is where the client is by then, as far as is known now.
    let at = if row.due_at > now {
        instant(row.local_date, clock(&row.local_time)?.time(), standing.zone)
    } else {
        row.due_at
    };
    let reason = row.act_id.and_then(|act| client.key.read_text(reason_place(act), row.reason.as_deref()));
    Ok(Occurrence {
        id: row.id,
        reminder_id: row.reminder_id,
        date: row.local_date,
        time: row.local_time,
        at,
        state,
        snoozed_until: row.snoozed_until.filter(|_| state == OccurrenceState::Snoozed),
        reason,
        sent_at: times.and_then(|t| t.sent_at),
        delivered_at: times.and_then(|t| t.delivered_at),
        seen_at: times.and_then(|t| t.seen_at),
        answered_at: row.answered_at,
        by_check_in: row.by_check_in,
        zone: row.zone,
    })
}

/// When the first check-in of today was made: it answers what is still to come today.
async fn checked_in_today(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    standing: &Standing,
) -> Result<Option<DateTime<Utc>>> {
    let day = standing.day(standing.today(app.now()));
    Ok(app
        .db
        .query(
            "SELECT MIN(made_at) FROM check_in
             WHERE organisation_id = $1 AND client_id = $2 AND made_at >= $3 AND made_at < $4",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(day.start)
        .bind(day.end)
        .scalar()
        .await?)
}

/// What became of telling the occurrences of these days. Of several notifications the last one counts that reached anybody, else the
/// last that was sent: what arrived did arrive, whatever came of a later one. Of several phones the first counts.
///
/// `CROSS JOIN` tells SQLite to begin with the days; by itself it reads everything that the client was ever told.
async fn delivery_times(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    days: &RangeInclusive<NaiveDate>,
) -> Result<HashMap<OccurrenceId, Times>> {
    let mut times: Vec<Times> = app
        .db
        .query(
            "SELECT t.occurrence_id, t.at AS told_at, MIN(d.sent_at) AS sent_at, MIN(d.delivered_at) AS delivered_at,
                    MIN(d.seen_at) AS seen_at
             FROM occurrence o CROSS JOIN occurrence_told t CROSS JOIN delivery d
             WHERE o.organisation_id = $1 AND o.client_id = $2 AND o.local_date >= $3 AND o.local_date <= $4
               AND t.organisation_id = o.organisation_id AND t.client_id = o.client_id AND t.occurrence_id = o.id
               AND d.organisation_id = t.organisation_id AND d.notification_id = t.notification_id
             GROUP BY t.occurrence_id, t.notification_id, t.at",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(*days.start())
        .bind(*days.end())
        .all()
        .await?;
    times.sort_by_key(|t| (t.delivered_at.is_some(), t.sent_at.is_some(), t.told_at));
    Ok(times.into_iter().map(|t| (t.occurrence_id, t)).collect())
}
