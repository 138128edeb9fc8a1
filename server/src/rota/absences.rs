//! Somebody is not there: ill, on leave, or for another reason. Every rota that they are on has a hole from then on.

use std::collections::HashSet;

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::worker_changed;
use crate::{
    access::{Role, Worker},
    app::App,
    audit,
    auth::hash,
    db::Connection,
    error::{Body, Error, Faults, Path, Result},
    ids::{AbsenceId, OrganisationId, WorkerId},
    workers::{Names, WorkerRef},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Why {
    Ill,
    Leave,
    Other,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RotaAbsence {
    id: AbsenceId,
    worker: Option<WorkerRef>,
    from: DateTime<Utc>,
    /// `null`: until it is ended.
    until: Option<DateTime<Utc>>,
    /// Only they and whoever leads read why.
    why: Option<Why>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewAbsence {
    worker_id: WorkerId,
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    why: Why,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AbsenceId,
    worker_id: WorkerId,
    from_at: DateTime<Utc>,
    until_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    why: Why,
    body_hash: Vec<u8>,
}

impl Row {
    fn describe(self, names: &Names, may_read_why: bool) -> RotaAbsence {
        RotaAbsence {
            id: self.id,
            worker: names.of(Some(self.worker_id)),
            from: self.from_at,
            until: [self.until_at, self.ended_at].into_iter().flatten().min(),
            why: may_read_why.then_some(self.why),
        }
    }
}

async fn load(mut from: impl Connection, organisation: OrganisationId, id: AbsenceId) -> Result<Option<Row>> {
    Ok(from
        .query(
            "SELECT id, worker_id, from_at, until_at, ended_at, why, body_hash FROM absence
             WHERE organisation_id = $1 AND id = $2",
        )
        .bind(organisation)
        .bind(id)
        .optional()
        .await?)
}

/// For oneself, or a lead for whoever works in a service of theirs. Of anybody else there is nothing to find.
async fn may_say(app: &App, worker: &Worker, of: WorkerId) -> Result<()> {
    if worker.id == of {
        return Ok(());
    }
    let shared: i64 = app
        .db
        .query(
            "SELECT COUNT(*) FROM worker_service mine
             JOIN worker_service theirs ON theirs.organisation_id = mine.organisation_id AND theirs.service_id = mine.service_id
             WHERE mine.organisation_id = $1 AND mine.worker_id = $2 AND theirs.worker_id = $3",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(of)
        .scalar()
        .await?;
    match (shared > 0, worker.is(Role::TeamLead)) {
        (true, true) => Ok(()),
        (true, false) => Err(Error::Forbidden),
        (false, _) => Err(Error::NotFound),
    }
}

/// Somebody is away. What they are on is a hole from then on, and their leads hear of it by day. The same again is a retry.
#[utoipa::path(put, path = "/api/v1/team/rota/absences/{id}", params(("id" = Uuid, Path)), request_body = NewAbsence,
    responses((status = 200, body = RotaAbsence), (status = 409, body = crate::error::Problem), (status = 422, body = crate::error::Problem)))]
pub async fn put(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<AbsenceId>,
    Body(new): Body<NewAbsence>,
) -> Result<Json<RotaAbsence>> {
    may_say(&app, &worker, new.worker_id).await?;
    let is_a_time = |at: DateTime<Utc>| (1900..=2200).contains(&at.year());
    Faults::default()
        .check(is_a_time(new.from), "from", "Choose a day between 1900 and 2200.")
        .check(new.until.is_none_or(is_a_time), "until", "Choose a day between 1900 and 2200.")
        .check(
            new.until.is_none_or(|until| micros(new.from) < micros(until)),
            "until",
            "Choose a time after the beginning.",
        )
        .done()?;
    let body_hash = hash(&serde_json::to_vec(&new).unwrap_or_default());
    let mut tx = app.db.begin().await?;
    if let Some(known) = load(&mut tx, worker.organisation, id).await? {
        if known.body_hash != body_hash {
            return Err(Error::Conflict("Another absence was taken in under this id."));
        }
    } else {
        tx.query(
            "INSERT INTO absence (organisation_id, id, worker_id, from_at, until_at, why, said_by, said_at, body_hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(worker.organisation)
        .bind(id)
        .bind(new.worker_id)
        .bind(micros(new.from))
        .bind(new.until.map(micros))
        .bind(new.why)
        .bind(worker.id)
        .bind(app.now())
        .bind(&body_hash)
        .execute()
        .await?;
        worker_changed(&mut tx, &app, worker.organisation, new.worker_id).await?;
        let detail = json!({ "id": id, "worker_id": new.worker_id });
        audit::did(&mut tx, &app, &worker, "rota.absence", detail).await?;
        tx.commit().await?;
        app.wake();
    }
    let row = load(&app.db, worker.organisation, id).await?.ok_or(Error::NotFound)?;
    Ok(Json(row.describe(&Names::load(&app, worker.organisation).await?, true)))
}

/// As databases keep it.
fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    chrono::SubsecRound::trunc_subsecs(at, 6)
}

/// They are there again, or will be after all.
#[utoipa::path(delete, path = "/api/v1/team/rota/absences/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn end(State(app): State<App>, worker: Worker, Path(id): Path<AbsenceId>) -> Result<StatusCode> {
    let row = load(&app.db, worker.organisation, id).await?.ok_or(Error::NotFound)?;
    may_say(&app, &worker, row.worker_id).await?;
    let mut tx = app.db.begin().await?;
    tx.query("UPDATE absence SET ended_at = $3 WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL")
        .bind(worker.organisation)
        .bind(id)
        .bind(app.now())
        .execute()
        .await?;
    worker_changed(&mut tx, &app, worker.organisation, row.worker_id).await?;
    let detail = json!({ "id": id, "worker_id": row.worker_id });
    audit::did(&mut tx, &app, &worker, "rota.absence.end", detail).await?;
    tx.commit().await?;
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever works in a service that this worker leads.
async fn led_by(app: &App, lead: &Worker) -> Result<HashSet<WorkerId>> {
    if !lead.is(Role::TeamLead) {
        return Ok(HashSet::new());
    }
    let rows: Vec<(WorkerId,)> = app
        .db
        .query(
            "SELECT DISTINCT theirs.worker_id FROM worker_service mine
             JOIN worker_service theirs ON theirs.organisation_id = mine.organisation_id AND theirs.service_id = mine.service_id
             WHERE mine.organisation_id = $1 AND mine.worker_id = $2",
        )
        .bind(lead.organisation)
        .bind(lead.id)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// The absences of these people in a time.
pub async fn of_window(
    app: &App,
    reader: &Worker,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    of: &HashSet<WorkerId>,
    names: &Names,
) -> Result<Vec<RotaAbsence>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT id, worker_id, from_at, until_at, ended_at, why, body_hash FROM absence
             WHERE organisation_id = $1 AND from_at < $3 AND (until_at IS NULL OR until_at > $2)
               AND (ended_at IS NULL OR (ended_at > $2 AND ended_at > from_at)) ORDER BY from_at, id",
        )
        .bind(reader.organisation)
        .bind(from)
        .bind(until)
        .all()
        .await?;
    let led = led_by(app, reader).await?;
    let theirs = rows.into_iter().filter(|row| of.contains(&row.worker_id));
    Ok(theirs
        .map(|row| {
            let may_read_why = row.worker_id == reader.id || led.contains(&row.worker_id);
            row.describe(names, may_read_why)
        })
        .collect())
}
