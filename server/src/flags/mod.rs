//! Flags: something a worker must see, open until a named person says what came of it.
//!
//! Few: one open flag per client and kind, and new evidence adds to it. Explained: the sentence and the facts
//! are the engine's, the same for the worker and for the client.

pub mod client;
pub mod decide;
pub mod team;

use chrono::{DateTime, NaiveDate, Utc};
use mobile_shared::early_warning::{self as engine, Language, Turn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    assessments::{Diary, Explanation, language},
    clients::Client,
    db::Tx,
    error::Result,
    events,
    ids::{ClientId, FlagId, OrganisationId, WorkerId},
    seal::{ClientKey, Place},
};
use decide::{Before, Step};

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

/// Lets the early-warning flag of a client follow what the engine concludes.
pub async fn follow(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    diary: &Diary,
    assessments: &[engine::Assessment],
    today: NaiveDate,
) -> Result<()> {
    // One client has one open flag of a kind; the newest tells what has been dealt with.
    let latest: Option<Row> = tx
        .query(
            "SELECT id, client_id, kind, level, state, raised_at, first_day, last_day, stands, reported_late, explanation,
                    owner_id, acknowledged_at, resolved_at, outcome
             FROM flag WHERE organisation_id = $1 AND client_id = $2 AND kind = 'early_warning'
             ORDER BY raised_at DESC, id DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(client.id)
        .optional()
        .await?;
    let before = latest.as_ref().map(|f| Before {
        level: f.level,
        stands: f.stands,
        first_day: f.first_day,
        last_day: f.last_day,
        resolved_on: f.resolved_at.map(|at| crate::assessments::day_of(at, client.zone)),
    });
    let levels: Vec<_> = assessments.iter().map(|a| (a.day, a.level)).collect();
    let step = decide::next(&levels, today, before);
    let why = |day: NaiveDate| assessments.iter().find(|a| a.day == day).map(|a| Explanation::of(a, language(client)));
    match (step, latest) {
        (Step::Nothing, _) => {}
        (Step::Raise { day, level, first_day }, _) => {
            let Some(why) = why(day) else { return Ok(()) };
            let late = day != today || diary.newest_is_late;
            raise(tx, app, organisation, client, &why, level, first_day, day, day == today, late).await?;
        }
        (Step::Extend { level }, Some(flag)) => {
            let Some(why) = why(today) else { return Ok(()) };
            let what = if level > flag.level {
                Some(EntryWhat::LevelRose)
            } else if flag.last_day < today && diary.has_check_in_on(today) || !flag.stands {
                Some(EntryWhat::Added)
            } else {
                None
            };
            extend(tx, app, organisation, client, &flag, &why, level, today).await?;
            if let Some(what) = what {
                let entry = Entry { words: Some(&why.sentence), ..Entry::default() };
                add_entry(tx, app, organisation, flag.id, &client.key, what, entry).await?;
            }
            events::append(tx, app, organisation, events::What::Flag, flag.id.0, client.id).await?;
        }
        (Step::Ease, Some(flag)) => ease(tx, app, organisation, client, &flag, assessments.last()).await?,
        (Step::CoverUntilToday, Some(flag)) => {
            tx.query("UPDATE flag SET last_day = $3 WHERE organisation_id = $1 AND id = $2")
                .bind(organisation)
                .bind(flag.id)
                .bind(today)
                .execute()
                .await?;
        }
        (Step::Extend { .. } | Step::Ease | Step::CoverUntilToday, None) => {}
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one row, told once")]
async fn raise(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    why: &Explanation,
    level: FlagLevel,
    first_day: NaiveDate,
    day: NaiveDate,
    stands: bool,
    late: bool,
) -> Result<()> {
    let id: FlagId = app.new_id();
    tx.query(
        "INSERT INTO flag (organisation_id, id, client_id, kind, level, state, raised_at, first_day, last_day, stands,
                           reported_late, explanation)
         VALUES ($1, $2, $3, 'early_warning', $4, 'open', $5, $6, $7, $8, $9, $10)",
    )
    .bind(organisation)
    .bind(id)
    .bind(client.id)
    .bind(level)
    .bind(app.now())
    .bind(first_day)
    .bind(day)
    .bind(stands)
    .bind(late)
    .bind(client.key.seal_json(&app.chance, explanation_place(id), why))
    .execute()
    .await?;
    let entry = Entry { words: Some(&why.sentence), ..Entry::default() };
    add_entry(tx, app, organisation, id, &client.key, EntryWhat::Raised, entry).await?;
    events::append(tx, app, organisation, events::What::Flag, id.0, client.id).await
}

#[expect(clippy::too_many_arguments, reason = "one row, told once")]
async fn extend(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    flag: &Row,
    why: &Explanation,
    level: FlagLevel,
    today: NaiveDate,
) -> Result<()> {
    tx.query("UPDATE flag SET level = $3, last_day = $4, stands = TRUE, explanation = $5 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(flag.id)
        .bind(level.max(flag.level))
        .bind(today)
        .bind(client.key.seal_json(&app.chance, explanation_place(flag.id), why))
        .execute()
        .await?;
    Ok(())
}

/// The change has eased. The flag stays until somebody has looked; its story says that it eased.
async fn ease(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    flag: &Row,
    now: Option<&engine::Assessment>,
) -> Result<()> {
    tx.query("UPDATE flag SET stands = FALSE WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(flag.id)
        .execute()
        .await?;
    let words =
        now.filter(|a| matches!(a.turn, Turn::Eased | Turn::WentQuiet)).map(|a| engine::sentence(a, Language::En));
    let entry = Entry { words: words.as_deref(), ..Entry::default() };
    add_entry(tx, app, organisation, flag.id, &client.key, EntryWhat::Eased, entry).await?;
    events::append(tx, app, organisation, events::What::Flag, flag.id.0, client.id).await
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
        events::append(tx, app, organisation, events::What::Flag, id.0, client).await?;
    }
    Ok(())
}
