//! Flags: something a worker must see, open until a named person says what came of it.
//!
//! Few: one open flag per client and kind, and new evidence adds to it. Explained: the sentence and the facts
//! are the engine's, the same for the worker and for the client.

pub mod acknowledge;
pub mod client;
pub mod decide;
pub mod figures;
pub mod follow;
pub mod missed;
pub mod team;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    assessments::Explanation,
    db::Tx,
    error::Result,
    escalation::{self, Subject},
    events,
    ids::{ClientId, FlagId, OrganisationId, WorkerId},
    seal::{ClientKey, Place},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FlagKind {
    EarlyWarning,
    Silence,
    ClientAsked,
    Reminders,
    System,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FlagLevel {
    Watch,
    Alert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum FlagState {
    Open,
    Acknowledged,
    Resolved,
}

/// What came of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Outcome {
    TalkedAndFine,
    SupportChanged,
    OneOff,
    NewUsual,
    NotUseful,
    Other,
}

/// What a client says to a flag. It is shown, and closes nothing by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AnswerKind {
    PleaseTalk,
    AboutRight,
    OneOff,
    NotSure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EntryWhat {
    Raised,
    Added,
    LevelRose,
    Eased,
    Acknowledged,
    Note,
    Answered,
    Resolved,
}

#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub id: FlagId,
    pub client_id: ClientId,
    pub kind: FlagKind,
    pub level: FlagLevel,
    pub state: FlagState,
    pub raised_at: DateTime<Utc>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub stands: bool,
    pub reported_late: bool,
    explanation: Vec<u8>,
    pub owner_id: Option<WorkerId>,
    pub acknowledged_at: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    pub outcome: Option<Outcome>,
}

impl Row {
    pub fn explanation(&self, key: &ClientKey) -> Result<Explanation> {
        Ok(key.open_json(explanation_place(self.id), &self.explanation)?)
    }
}

fn explanation_place(id: FlagId) -> Place {
    Place { column: "flag.explanation", row: id.0 }
}

fn words_place(entry: Uuid) -> Place {
    Place { column: "flag_entry.words", row: entry }
}

/// A line in a flag's story.
#[derive(Debug, Default)]
struct Entry<'a> {
    worker: Option<WorkerId>,
    words: Option<&'a str>,
    answer: Option<AnswerKind>,
    /// Of a line made on a phone; otherwise one is made here.
    id: Option<Uuid>,
}

async fn add_entry(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    flag: FlagId,
    key: &ClientKey,
    what: EntryWhat,
    entry: Entry<'_>,
) -> Result<()> {
    let id = entry.id.unwrap_or_else(|| app.new_id());
    tx.query(
        "INSERT INTO flag_entry (organisation_id, flag_id, id, at, what, worker_id, words, answer)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organisation)
    .bind(flag)
    .bind(id)
    .bind(app.now())
    .bind(what)
    .bind(entry.worker)
    .bind(key.seal_text(&app.chance, words_place(id), entry.words))
    .bind(entry.answer)
    .execute()
    .await?;
    Ok(())
}

/// Escalation has rung somebody about it, or it came back.
pub async fn tell_of_escalation(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    flag: FlagId,
) -> Result<()> {
    events::append(tx, app, organisation, events::What::Flag, flag.0, client).await
}

/// A worker leaves: flags they had are open again.
pub async fn let_go(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    let theirs: Vec<(ClientId, FlagId)> = tx
        .query(
            "UPDATE flag SET state = 'open', owner_id = NULL, acknowledged_at = NULL
             WHERE organisation_id = $1 AND owner_id = $2 AND state = 'acknowledged' RETURNING client_id, id",
        )
        .bind(organisation)
        .bind(worker)
        .all()
        .await?;
    for (client, id) in theirs {
        escalation::let_go(tx, app, organisation, Subject::Flag(id)).await?;
        events::append(tx, app, organisation, events::What::Flag, id.0, client).await?;
    }
    Ok(())
}
