//! What is said to a reminder: done, not this time, later. Every act is kept; the latest counts.

use axum::{Json, extract::State as Shared, http::HeaderMap};
use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};
use mobile_shared::{
    phone_clock::made_at,
    reminder::{Clock, Schedule, instant, occurrence_id},
};
use serde::{Deserialize, Serialize};
use sqlx::types::Json as Column;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    About,
    listing::{self, Occurrence},
    round,
    standing::Standing,
};
use crate::{
    access::Phone,
    app::App,
    assessments,
    auth::hash,
    check_ins::sent_at,
    clients::{self, Client},
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    events,
    ids::{ClientId, NotificationId, OccurrenceId, OrganisationId, ReminderId},
    seal::Place,
};

const LONGEST_REASON: usize = 300;
/// How long a snooze may be.
const LONGEST_SNOOZE: TimeDelta = TimeDelta::days(1);
/// The snooze of a notification's button.
const SNOOZE: TimeDelta = TimeDelta::minutes(30);
/// How far from today the day is that somebody answers about: a phone may have been offline for long.
const BACK: TimeDelta = TimeDelta::days(400);
const AHEAD: TimeDelta = TimeDelta::days(92);

/// What can be done with an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Done,
    Snooze,
    Skip,
}

/// What it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Said {
    Done,
    Skipped,
    Snoozed,
}

impl Act {
    fn said(self) -> Said {
        match self {
            Self::Done => Said::Done,
            Self::Snooze => Said::Snoozed,
            Self::Skip => Said::Skipped,
        }
    }
}

pub fn reason_place(act: Uuid) -> Place {
    Place { column: "occurrence_act.reason", row: act }
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewAct {
    /// Of this act, made on the phone: the same again is a retry.
    id: Uuid,
    reminder_id: ReminderId,
    date: NaiveDate,
    /// `21:00`
    #[schema(value_type = String)]
    time: Clock,
    /// By the phone's clock.
    at: DateTime<Utc>,
    /// Of a snooze.
    until: Option<DateTime<Utc>>,
    reason: Option<String>,
}

impl NewAct {
    fn check(&self, occurrence: OccurrenceId, act: Act, now: DateTime<Utc>) -> Result<()> {
        let snooze = act == Act::Snooze;
        let lasts = self.until.map(|until| until - self.at);
        Faults::default()
            .check(
                occurrence.0 == occurrence_id(self.reminder_id.0, self.date, self.time.time()),
                "id",
                "This is not the id of that reminder on that day at that time.",
            )
            .check((-BACK..=AHEAD).contains(&(self.date - now.date_naive())), "date", "This day is too far from today.")
            .check(!snooze || self.until.is_some(), "until", "Say until when.")
            .check(
                !snooze || lasts.is_none_or(|l| l > TimeDelta::zero() && l <= LONGEST_SNOOZE),
                "until",
                "Choose a time within the next day.",
            )
            .at_most(self.reason.as_deref(), "reason", LONGEST_REASON)
            .done()
    }
}

/// It is done.
#[utoipa::path(post, path = "/api/v1/me/occurrences/{id}/done", params(("id" = Uuid, Path)), request_body = NewAct,
    responses((status = 200, body = Occurrence), (status = 409, body = crate::error::Problem)))]
pub async fn done(
    Shared(app): Shared<App>,
    phone: Phone,
    Path(id): Path<OccurrenceId>,
    headers: HeaderMap,
    Body(body): Body<NewAct>,
) -> Result<Json<Occurrence>> {
    answer(&app, &phone, id, &headers, body, Act::Done).await
}

/// Tell me again later.
#[utoipa::path(post, path = "/api/v1/me/occurrences/{id}/snooze", params(("id" = Uuid, Path)), request_body = NewAct,
    responses((status = 200, body = Occurrence), (status = 409, body = crate::error::Problem)))]
pub async fn snooze(
    Shared(app): Shared<App>,
    phone: Phone,
    Path(id): Path<OccurrenceId>,
    headers: HeaderMap,
    Body(body): Body<NewAct>,
) -> Result<Json<Occurrence>> {
    answer(&app, &phone, id, &headers, body, Act::Snooze).await
}

/// Not this time.
#[utoipa::path(post, path = "/api/v1/me/occurrences/{id}/skip", params(("id" = Uuid, Path)), request_body = NewAct,
    responses((status = 200, body = Occurrence), (status = 409, body = crate::error::Problem)))]
pub async fn skip(
    Shared(app): Shared<App>,
    phone: Phone,
    Path(id): Path<OccurrenceId>,
    headers: HeaderMap,
    Body(body): Body<NewAct>,
) -> Result<Json<Occurrence>> {
    answer(&app, &phone, id, &headers, body, Act::Skip).await
}

/// An act as it counts.
struct Kept<'a> {
    id: Uuid,
    occurrence: OccurrenceId,
    said: Said,
    at: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    reason: Option<Vec<u8>>,
    body_hash: &'a [u8],
}

async fn answer(
    app: &App,
    phone: &Phone,
    id: OccurrenceId,
    headers: &HeaderMap,
    body: NewAct,
    act: Act,
) -> Result<Json<Occurrence>> {
    body.check(id, act, app.now())?;
    let client = clients::load(app, phone.organisation, phone.client).await?;
    let at = made_at(body.at, sent_at(headers), phone.joined_at, app.now()).at.trunc_subsecs(6);
    let kept = Kept {
        id: body.id,
        occurrence: id,
        said: act.said(),
        at,
        // As wrong as the phone's clock is.
        until: body.until.filter(|_| act == Act::Snooze).map(|until| (at + (until - body.at)).trunc_subsecs(6)),
        reason: client.key.seal_text(&app.chance, reason_place(body.id), body.reason.as_deref()),
        body_hash: &hash(&serde_json::to_vec(&(id, act.said(), &body)).unwrap_or_default()),
    };
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    if !is_retry(&mut tx, phone.organisation, &client, &kept).await? {
        make_sure_of_row(&mut tx, phone.organisation, &client, &body, id).await?;
        keep(&mut tx, app, phone.organisation, phone.client, kept).await?;
        round::plan(&mut tx, app, phone.organisation, phone.client).await?;
        tell_the_team(&mut tx, app, phone.organisation, phone.client).await?;
    }
    tx.commit().await?;
    app.wake();
    listing::one(app, phone.organisation, &client, id, body.date).await.map(Json)
}

async fn is_retry(tx: &mut Tx, organisation: OrganisationId, client: &Client, kept: &Kept<'_>) -> Result<bool> {
    let before: Option<(Vec<u8>,)> = tx
        .query("SELECT body_hash FROM occurrence_act WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(organisation)
        .bind(client.id)
        .bind(kept.id)
        .optional()
        .await?;
    match before {
        Some((hash,)) if hash == kept.body_hash => Ok(true),
        Some(_) => Err(Error::Conflict("Another answer was taken in under this id.")),
        None => Ok(false),
    }
}

/// The row of what is answered. Its time may be still to come, or was taken from a wording that has been replaced since; but the
/// reminder must have had it at some time.
async fn make_sure_of_row(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: &Client,
    body: &NewAct,
    id: OccurrenceId,
) -> Result<()> {
    let wordings: Vec<(Column<Schedule>, About)> = tx
        .query(
            "SELECT schedule, about FROM reminder_change WHERE organisation_id = $1 AND client_id = $2 AND reminder_id = $3
             ORDER BY number DESC",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(body.reminder_id)
        .all()
        .await?;
    if wordings.is_empty() {
        return Err(Error::NotFound);
    }
    let has =
        |schedule: &Schedule| schedule.times.contains(&body.time) && !schedule.dates(body.date..=body.date).is_empty();
    let wording = wordings.iter().find(|(schedule, _)| has(schedule));
    let Some((_, about)) = wording else {
        return Err(Error::field("date", "The reminder is not on this day at this time."));
    };
    let zone = Standing::load(&mut *tx, organisation, client.id).await?.zone;
    tx.query(
        "INSERT INTO occurrence (organisation_id, client_id, reminder_id, local_date, local_time, id, due_at, zone, about)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(organisation)
    .bind(client.id)
    .bind(body.reminder_id)
    .bind(body.date)
    .bind(body.time.to_string())
    .bind(id)
    .bind(instant(body.date, body.time.time(), zone))
    .bind(zone.name())
    .bind(*about)
    .execute()
    .await?;
    Ok(())
}

/// Writes an act down, and lets it count unless a later one does.
async fn keep(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId, act: Kept<'_>) -> Result<()> {
    tx.query(
        "INSERT INTO occurrence_act (organisation_id, client_id, id, occurrence_id, answer, at, until, reason, received_at, body_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(organisation)
    .bind(client)
    .bind(act.id)
    .bind(act.occurrence)
    .bind(act.said)
    .bind(act.at)
    .bind(act.until)
    .bind(&act.reason)
    .bind(app.now())
    .bind(act.body_hash)
    .execute()
    .await?;
    tx.query(
        "UPDATE occurrence SET answer = $4, act_id = $5, answered_at = $6, snoozed_until = $7, tell_at = $7, by_check_in = FALSE
         WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND (answered_at IS NULL OR answered_at <= $6)",
    )
    .bind(organisation)
    .bind(client)
    .bind(act.occurrence)
    .bind(act.said)
    .bind(act.id)
    .bind(act.at)
    .bind(act.until)
    .execute()
    .await?;
    Ok(())
}

/// Who shares their answers is seen to have given one; and if their team was told that there were none, it hears of it today.
async fn tell_the_team(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    let (shared, flagged): (bool, i64) = tx
        .query(
            "SELECT c.reminders_shared,
                    (SELECT COUNT(*) FROM flag f WHERE f.organisation_id = c.organisation_id AND f.client_id = c.id
                     AND f.kind = 'reminders' AND f.stands)
             FROM client c WHERE c.organisation_id = $1 AND c.id = $2",
        )
        .bind(organisation)
        .bind(client)
        .one()
        .await?;
    if !shared {
        return Ok(());
    }
    if flagged > 0 {
        assessments::assess_soon(tx, app, organisation, client).await?;
    }
    events::append(tx, app, organisation, events::What::Client, client.0, client).await
}

/// The button of a notification, the last one or any before it: everything that was told in it is done, or told again in half an
/// hour. The same again changes nothing.
pub async fn by_notification(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    notification: NotificationId,
    act: Act,
    at: DateTime<Utc>,
) -> Result<()> {
    clients::take_turn(tx, organisation, client).await?;
    let told: Vec<(OccurrenceId,)> = tx
        .query(
            "SELECT occurrence_id FROM occurrence_told
             WHERE organisation_id = $1 AND client_id = $2 AND notification_id = $3 ORDER BY occurrence_id",
        )
        .bind(organisation)
        .bind(client)
        .bind(notification)
        .all()
        .await?;
    let at = at.min(app.now()).trunc_subsecs(6);
    let until = (act == Act::Snooze).then(|| at + SNOOZE);
    for (occurrence,) in told {
        let name = [occurrence.0.as_bytes().as_slice(), format!("{act:?}").as_bytes()].concat();
        let id = Uuid::new_v5(&notification.0, &name);
        let before: Option<(Uuid,)> = tx
            .query("SELECT id FROM occurrence_act WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
            .bind(organisation)
            .bind(client)
            .bind(id)
            .optional()
            .await?;
        if before.is_none() {
            let kept = Kept { id, occurrence, said: act.said(), at, until, reason: None, body_hash: &[] };
            keep(tx, app, organisation, client, kept).await?;
        }
    }
    round::plan(tx, app, organisation, client).await?;
    tell_the_team(tx, app, organisation, client).await
}
