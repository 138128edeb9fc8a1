//! How readily a client's changes are told to the team, and whether silence is: chosen for each client, with a reason, after
//! a look at what it would have meant (`replay.rs`). The client reads it on their phone.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use mobile_shared::early_warning as engine;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Record,
    app::App,
    assessments,
    clients::{self, Client},
    db::{Connection, Tx},
    error::{Body, Error, Faults, Result},
    events,
    ids::{ClientId, OrganisationId, WorkerId},
    replay::{self, Change},
    seal::Place,
    workers::{Names, WorkerRef},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Sensitivity {
    /// A smaller change is told, and more flags that turn out to be nothing.
    Sooner,
    #[default]
    Usual,
    /// Only a larger change is told.
    Later,
}

impl Sensitivity {
    pub fn word(self) -> &'static str {
        match self {
            Self::Sooner => "sooner",
            Self::Usual => "usual",
            Self::Later => "later",
        }
    }
}

impl From<Sensitivity> for engine::Sensitivity {
    fn from(sensitivity: Sensitivity) -> Self {
        match sensitivity {
            Sensitivity::Sooner => Self::Sooner,
            Sensitivity::Usual => Self::Usual,
            Sensitivity::Later => Self::Later,
        }
    }
}

/// What the team can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewRules {
    pub sensitivity: Sensitivity,
    /// Whether silence is told. Counts only while the client agrees.
    pub silence: bool,
}

impl NewRules {
    /// As the engine takes them. The client's own word on silence comes first.
    pub fn of(self, client: &Client) -> engine::Rules {
        engine::Rules::chosen(self.sensitivity.into(), self.silence && client.silence_counts)
    }
}

/// The rules in force: what was chosen last, or what everybody starts with.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Chosen {
    pub sensitivity: Sensitivity,
    pub silence: bool,
    pub changed_by: Option<WorkerId>,
    pub changed_at: Option<DateTime<Utc>>,
}

impl Chosen {
    const AT_FIRST: Self = Self { sensitivity: Sensitivity::Usual, silence: true, changed_by: None, changed_at: None };

    pub fn rules(&self, client: &Client) -> engine::Rules {
        NewRules { sensitivity: self.sensitivity, silence: self.silence }.of(client)
    }
}

pub async fn in_force(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<Chosen> {
    let chosen: Option<Chosen> = from
        .query(
            "SELECT sensitivity, silence, changed_by, changed_at FROM warning_rules
             WHERE organisation_id = $1 AND client_id = $2 ORDER BY number DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(client)
        .optional()
        .await?;
    Ok(chosen.unwrap_or(Chosen::AT_FIRST))
}

/// One change of the rules.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesChange {
    sensitivity: Sensitivity,
    silence: bool,
    why: Option<String>,
    changed_by: Option<WorkerRef>,
    changed_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WarningRules {
    sensitivity: Sensitivity,
    silence: bool,
    /// The client agrees that silence is told; without that it is not, whatever was chosen.
    silence_counts: bool,
    changed_at: Option<DateTime<Utc>>,
    changed_by: Option<WorkerRef>,
    why: Option<String>,
    /// Every change, newest first.
    history: Vec<RulesChange>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    sensitivity: Sensitivity,
    silence: bool,
    why: Vec<u8>,
    changed_by: WorkerId,
    changed_at: DateTime<Utc>,
}

fn place(id: Uuid) -> Place {
    Place { column: "warning_rules.why", row: id }
}

async fn history(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT id, sensitivity, silence, why, changed_by, changed_at FROM warning_rules
             WHERE organisation_id = $1 AND client_id = $2 ORDER BY number DESC",
        )
        .bind(organisation)
        .bind(client)
        .all()
        .await?)
}

async fn read(app: &App, record: &Record, client: &Client) -> Result<WarningRules> {
    let rows = history(&app.db, record.organisation, record.client).await?;
    let names = Names::load(app, record.organisation).await?;
    let change = |row: &Row| RulesChange {
        sensitivity: row.sensitivity,
        silence: row.silence,
        why: client.key.read_text(place(row.id), Some(&row.why)),
        changed_by: names.of(Some(row.changed_by)),
        changed_at: row.changed_at,
    };
    let newest = rows.first().map(change);
    Ok(WarningRules {
        sensitivity: newest.as_ref().map_or(Chosen::AT_FIRST.sensitivity, |c| c.sensitivity),
        silence: newest.as_ref().map_or(Chosen::AT_FIRST.silence, |c| c.silence),
        silence_counts: client.silence_counts,
        changed_at: newest.as_ref().map(|c| c.changed_at),
        changed_by: newest.as_ref().and_then(|c| c.changed_by.clone()),
        why: newest.and_then(|c| c.why),
        history: rows.iter().map(change).collect(),
    })
}

/// When a change of this client's is told to the team, and why so.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/warning-rules", params(("id" = Uuid, Path)), responses((status = 200, body = WarningRules)))]
pub async fn show(State(app): State<App>, record: Record) -> Result<Json<WarningRules>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    Ok(Json(read(&app, &record, &client).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct RulesBody {
    /// Made in the team's app: the same again is a retry.
    id: Uuid,
    #[serde(flatten)]
    rules: NewRules,
    /// The client reads that the rules were changed; the team reads why.
    why: String,
    /// What the replay of these rules answered today.
    seen: Option<String>,
}

const LONGEST_WHY: usize = 500;

/// Changes the rules, from the next assessment on. What was concluded before stays as it was.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/warning-rules", params(("id" = Uuid, Path)), request_body = RulesBody,
    responses((status = 200, body = WarningRules), (status = 409, body = crate::error::Problem)))]
pub async fn put(State(app): State<App>, record: Record, Body(body): Body<RulesBody>) -> Result<Json<WarningRules>> {
    Faults::default().text(&body.why, "why", LONGEST_WHY).done()?;
    let client = clients::load(&app, record.organisation, record.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    let before = history(&mut tx, record.organisation, record.client).await?;
    if let Some(row) = before.iter().find(|row| row.id == body.id) {
        let why = client.key.open_text(place(row.id), Some(&row.why))?;
        if (NewRules { sensitivity: row.sensitivity, silence: row.silence }) != body.rules
            || why.as_ref() != Some(&body.why)
        {
            return Err(Error::Conflict("Other rules were saved under this id."));
        }
    } else {
        replay::must_have_seen(&app, &client, &Change::of_rules(body.rules), body.seen.as_deref())?;
        insert(&mut tx, &app, &record, &client, &body, before.len()).await?;
        assessments::assess_soon(&mut tx, &app, record.organisation, record.client).await?;
        events::append(&mut tx, &app, record.organisation, events::What::Client, record.client.0, record.client)
            .await?;
    }
    tx.commit().await?;
    app.wake();
    Ok(Json(read(&app, &record, &client).await?))
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    record: &Record,
    client: &Client,
    body: &RulesBody,
    before: usize,
) -> Result<()> {
    let number = i32::try_from(before + 1).map_err(Error::internal)?;
    tx.query(
        "INSERT INTO warning_rules (organisation_id, client_id, id, number, sensitivity, silence, why, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(record.organisation)
    .bind(record.client)
    .bind(body.id)
    .bind(number)
    .bind(body.rules.sensitivity)
    .bind(body.rules.silence)
    .bind(client.key.seal(&app.chance, place(body.id), body.why.as_bytes()))
    .bind(record.worker.id)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}
