//! What whoever goes off tells whoever comes on. It belongs to no one client's record, so names are best left out; it is sealed all the same.

use axum::{Json, extract::State};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::may_read;
use crate::{
    access::Worker,
    app::App,
    auth::hash,
    error::{Body, Error, Faults, Path, Result},
    ids::{HandoverId, OrganisationId, ServiceId, WorkerId},
    workers::{Names, WorkerRef},
};

const LONGEST: usize = 2000;
/// Two nights back.
const SHOWN_FOR: Duration = Duration::hours(48);

#[derive(Debug, Serialize, ToSchema)]
pub struct Handover {
    id: HandoverId,
    at: DateTime<Utc>,
    by: Option<WorkerRef>,
    words: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewHandover {
    service_id: ServiceId,
    words: String,
}

fn secret_name(id: HandoverId) -> String {
    format!("rota_handover.words/{id}")
}

/// A note for whoever comes on next. The same again is a retry.
#[utoipa::path(put, path = "/api/v1/team/rota/handovers/{id}", params(("id" = Uuid, Path)), request_body = NewHandover,
    responses((status = 200, body = Handover), (status = 409, body = crate::error::Problem), (status = 422, body = crate::error::Problem)))]
pub async fn put(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<HandoverId>,
    Body(new): Body<NewHandover>,
) -> Result<Json<Handover>> {
    may_read(&app, &worker, new.service_id).await?;
    Faults::default().text(&new.words, "words", LONGEST).done()?;
    let body_hash = hash(&serde_json::to_vec(&(&new, worker.id)).unwrap_or_default());
    let mut tx = app.db.begin().await?;
    tx.query(
        "INSERT INTO rota_handover (organisation_id, service_id, id, at, worker_id, words, body_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(worker.organisation)
    .bind(new.service_id)
    .bind(id)
    .bind(app.now())
    .bind(worker.id)
    .bind(app.master.seal_secret(&app.chance, &secret_name(id), new.words.trim().as_bytes()))
    .bind(&body_hash)
    .execute()
    .await?;
    let (known, at): (Vec<u8>, DateTime<Utc>) = tx
        .query("SELECT body_hash, at FROM rota_handover WHERE organisation_id = $1 AND id = $2")
        .bind(worker.organisation)
        .bind(id)
        .one()
        .await?;
    if known != body_hash {
        return Err(Error::Conflict("Another note was taken in under this id."));
    }
    tx.commit().await?;
    let by = Names::load(&app, worker.organisation).await?.of(Some(worker.id));
    Ok(Json(Handover { id, at, by, words: new.words.trim().to_owned() }))
}

#[derive(sqlx::FromRow)]
struct Row {
    id: HandoverId,
    at: DateTime<Utc>,
    worker_id: WorkerId,
    words: Vec<u8>,
}

pub async fn latest(
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    names: &Names,
) -> Result<Vec<Handover>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT id, at, worker_id, words FROM rota_handover
             WHERE organisation_id = $1 AND service_id = $2 AND at > $3 ORDER BY at DESC, id DESC",
        )
        .bind(organisation)
        .bind(service)
        .bind(app.now() - SHOWN_FOR)
        .all()
        .await?;
    let open = |row: Row| {
        let words = super::swaps::read(app, &secret_name(row.id), &row.words);
        Handover { id: row.id, at: row.at, by: names.of(Some(row.worker_id)), words }
    };
    Ok(rows.into_iter().map(open).collect())
}
