//! "It got worse, and no flag came before": said by a worker, so that what warns can be judged by what it missed too.

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Record,
    app::App,
    assessments::day_of,
    clients::{self, Client},
    db::Connection,
    error::{Body, Error, Faults, Result},
    events,
    ids::WorkerId,
    paging::Page,
    seal::Place,
    workers::{Names, WorkerRef},
};

const LONGEST_WORDS: usize = 1000;
const OLDEST: TimeDelta = TimeDelta::days(366);

#[derive(Debug, Serialize, ToSchema)]
pub struct MissedWarning {
    id: Uuid,
    noticed_on: NaiveDate,
    words: Option<String>,
    by: Option<WorkerRef>,
    at: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    noticed_on: NaiveDate,
    words: Option<Vec<u8>>,
    told_by: WorkerId,
    told_at: DateTime<Utc>,
}

impl Row {
    fn open(&self, client: &Client, names: &Names) -> MissedWarning {
        MissedWarning {
            id: self.id,
            noticed_on: self.noticed_on,
            words: client.key.read_text(place(self.id), self.words.as_deref()),
            by: names.of(Some(self.told_by)),
            at: self.told_at,
        }
    }
}

fn place(id: Uuid) -> Place {
    Place { column: "missed_warning.words", row: id }
}

async fn rows(mut from: impl Connection, record: &Record) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT id, noticed_on, words, told_by, told_at FROM missed_warning
             WHERE organisation_id = $1 AND client_id = $2 ORDER BY noticed_on DESC, told_at DESC, id DESC",
        )
        .bind(record.organisation)
        .bind(record.client)
        .all()
        .await?)
}

/// When it got worse and no flag came before, newest first.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/missed-warnings", params(("id" = Uuid, Path)), responses((status = 200, body = Page<MissedWarning>)))]
pub async fn list(State(app): State<App>, record: Record) -> Result<Json<Page<MissedWarning>>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let names = Names::load(&app, record.organisation).await?;
    let rows = rows(&app.db, &record).await?;
    Ok(Json(Page::all(rows.iter().map(|row| row.open(&client, &names)).collect())))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMissedWarning {
    /// Made in the team's app: the same again is a retry.
    id: Uuid,
    noticed_on: NaiveDate,
    words: Option<String>,
}

/// It got worse and no flag came before.
#[utoipa::path(post, path = "/api/v1/team/clients/{id}/missed-warnings", params(("id" = Uuid, Path)), request_body = NewMissedWarning,
    responses((status = 200, body = MissedWarning), (status = 409, body = crate::error::Problem)))]
pub async fn tell(
    State(app): State<App>,
    record: Record,
    Body(new): Body<NewMissedWarning>,
) -> Result<Json<MissedWarning>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let today = day_of(app.now(), client.zone);
    Faults::default()
        .at_most(new.words.as_deref(), "words", LONGEST_WORDS)
        .check(new.noticed_on <= today, "noticed_on", "This day is still to come.")
        .check(new.noticed_on >= today - OLDEST, "noticed_on", "This is more than a year ago.")
        .done()?;
    let mut tx = app.db.begin().await?;
    let told = tx
        .query(
            "INSERT INTO missed_warning (organisation_id, client_id, id, noticed_on, words, told_by, told_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(record.organisation)
        .bind(record.client)
        .bind(new.id)
        .bind(new.noticed_on)
        .bind(client.key.seal_text(&app.chance, place(new.id), new.words.as_deref()))
        .bind(record.worker.id)
        .bind(app.now())
        .execute()
        .await?;
    if told > 0 {
        events::append(&mut tx, &app, record.organisation, events::What::Client, record.client.0, record.client)
            .await?;
    }
    tx.commit().await?;
    app.wake();
    let names = Names::load(&app, record.organisation).await?;
    let kept = rows(&app.db, &record).await?.into_iter().find(|row| row.id == new.id).ok_or(Error::NotFound)?;
    let kept = kept.open(&client, &names);
    if (kept.noticed_on, &kept.words) != (new.noticed_on, &new.words) {
        return Err(Error::Conflict("Something else was saved under this id."));
    }
    Ok(Json(kept))
}
