//! The team's side of a flag: see why, take it, say what came of it.

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AnswerKind, Entry, EntryWhat, FlagKind, FlagLevel, FlagState, Outcome, Row, add_entry, words_place};
use crate::{
    access::{Record, Worker},
    app::App,
    assessments::{Explanation, Fact, kept},
    audit,
    clients::{self, Client, ClientRef},
    db::Tx,
    error::{Body, Error, Faults, Path, Query, Result},
    escalation::{self, Subject, team::Escalation},
    events,
    ids::{ClientId, FlagId, OrganisationId, WorkerId},
    items,
    paging::Page,
    plans::beside::{self, Helps},
    workers::{Names, WorkerRef},
};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientAnswer {
    pub answer: AnswerKind,
    pub words: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntry {
    pub at: DateTime<Utc>,
    pub what: EntryWhat,
    pub by: Option<WorkerRef>,
    pub words: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TeamFlag {
    pub id: FlagId,
    pub client: ClientRef,
    kind: FlagKind,
    pub level: FlagLevel,
    pub state: FlagState,
    pub raised_at: DateTime<Utc>,
    pub sentence: String,
    facts: Vec<Fact>,
    /// The engine still sees it.
    pub stands_today: bool,
    /// The days on which it stood.
    days: Vec<NaiveDate>,
    /// The answers behind it came later than they were made.
    reported_late: bool,
    /// The client reads flags on the phone, this one too.
    flags_shown: bool,
    pub owner: Option<WorkerRef>,
    pub acknowledged_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    outcome: Option<Outcome>,
    /// What the client said to it.
    pub answer: Option<ClientAnswer>,
    timeline: Vec<TimelineEntry>,
    /// What the plan in force says beside it.
    pub plan: Option<Helps>,
    /// Who is being rung, or when it comes back: of what its client asks about, or was agreed for the night.
    pub escalation: Option<Escalation>,
    /// Acknowledging took it over from somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    took_over_from: Option<WorkerRef>,
}

impl TeamFlag {
    /// The client said "please talk to me", and nobody has taken it since.
    pub fn wants_talk(&self) -> bool {
        let asked = self.answer.as_ref().filter(|a| a.answer == AnswerKind::PleaseTalk);
        asked.is_some_and(|a| self.acknowledged_at.is_none_or(|at| at < a.at))
    }
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    at: DateTime<Utc>,
    what: EntryWhat,
    worker_id: Option<WorkerId>,
    words: Option<Vec<u8>>,
    answer: Option<AnswerKind>,
}

pub async fn describe(
    app: &App,
    organisation: OrganisationId,
    row: Row,
    client: &Client,
    names: &Names,
) -> Result<TeamFlag> {
    let entries: Vec<EntryRow> = app
        .db
        .query(
            "SELECT id, at, what, worker_id, words, answer FROM flag_entry
             WHERE organisation_id = $1 AND flag_id = $2 ORDER BY at, id",
        )
        .bind(organisation)
        .bind(row.id)
        .all()
        .await?;
    let mut timeline = Vec::with_capacity(entries.len());
    let mut answer = None;
    for entry in entries {
        let words = client.key.read_text(words_place(entry.id), entry.words.as_deref());
        if let Some(kind) = entry.answer {
            answer = Some(ClientAnswer { answer: kind, words: words.clone(), at: entry.at });
        }
        timeline.push(TimelineEntry { at: entry.at, what: entry.what, by: names.of(entry.worker_id), words });
    }
    let why = row.explanation(&client.key)?;
    let days = kept::standing_days(&app.db, organisation, client.id, row.kind, row.first_day, row.last_day).await?;
    let plan = plan_beside(app, organisation, client, &why).await?;
    let escalation = escalation::team::of(app, organisation, Subject::Flag(row.id), names).await?;
    Ok(TeamFlag {
        id: row.id,
        client: client.reference(),
        kind: row.kind,
        level: row.level,
        state: row.state,
        raised_at: row.raised_at,
        sentence: why.sentence,
        facts: why.facts,
        stands_today: row.stands,
        days,
        reported_late: row.reported_late,
        flags_shown: client.flags_shown,
        owner: names.of(row.owner_id),
        acknowledged_at: row.acknowledged_at,
        resolved_at: row.resolved_at,
        outcome: row.outcome,
        answer,
        timeline,
        plan,
        escalation,
        took_over_from: None,
    })
}

async fn plan_beside(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    why: &Explanation,
) -> Result<Option<Helps>> {
    let about = why.about();
    if about.is_empty() {
        return Ok(None);
    }
    let plan = beside::in_force(&app.db, organisation, client).await?;
    let items = items::all(&app.db, organisation, client).await?;
    Ok(beside::helps(plan.as_ref(), &about, &items, why.met.first().map(|met| met.words.as_str())))
}

#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    /// `open`, `acknowledged`, `resolved`; without it, what is not resolved.
    pub state: Option<FlagState>,
    pub level: Option<FlagLevel>,
    #[serde(default)]
    pub mine: bool,
}

/// The flags of a worker's own clients and of whom they were called for; who covers a night is not flooded with everybody's. Leaves
/// no audit row: the caller does.
pub async fn of_caseload(app: &App, worker: &Worker, filter: &Filter, clients: &[Client]) -> Result<Vec<TeamFlag>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT f.id, f.client_id, f.kind, f.level, f.state, f.raised_at, f.first_day, f.last_day, f.stands,
                    f.reported_late, f.explanation, f.owner_id, f.acknowledged_at, f.resolved_at, f.outcome
             FROM flag f JOIN flag_caseload l ON l.organisation_id = f.organisation_id AND l.client_id = f.client_id
             WHERE f.organisation_id = $1 AND l.worker_id = $2
               AND ((CAST($3 AS TEXT) IS NULL AND f.state <> 'resolved') OR f.state = $3)
               AND (CAST($4 AS TEXT) IS NULL OR f.level = $4) AND (NOT $5 OR f.owner_id = $2)
             ORDER BY f.raised_at DESC LIMIT $6",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(filter.state)
        .bind(filter.level)
        .bind(filter.mine)
        // What still needs a person is never cut off.
        .bind(if filter.state == Some(FlagState::Resolved) { 200 } else { i64::MAX })
        .all()
        .await?;
    let names = Names::load(app, worker.organisation).await?;
    let mut flags = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(client) = clients.iter().find(|c| c.id == row.client_id) {
            flags.push(describe(app, worker.organisation, row, client, &names).await?);
        }
    }
    Ok(flags)
}

/// The flags of my caseload, newest first.
#[utoipa::path(get, path = "/api/v1/team/flags", params(("state" = Option<FlagState>, Query), ("level" = Option<FlagLevel>, Query), ("mine" = Option<bool>, Query)), responses((status = 200, body = Page<TeamFlag>)))]
pub async fn list(
    State(app): State<App>,
    worker: Worker,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<TeamFlag>>> {
    let clients = clients::caseload(&app, &worker).await?;
    let flags = of_caseload(&app, &worker, &filter, &clients).await?;
    let mut seen: Vec<ClientId> = flags.iter().map(|f| f.client.id).collect();
    seen.sort_unstable();
    seen.dedup();
    audit::seen(&app, &worker, "flags.read", &seen, None).await?;
    Ok(Json(Page::all(flags)))
}

async fn load(app: &App, organisation: OrganisationId, id: FlagId) -> Result<Row> {
    Ok(app
        .db
        .query(
            "SELECT id, client_id, kind, level, state, raised_at, first_day, last_day, stands, reported_late, explanation,
                    owner_id, acknowledged_at, resolved_at, outcome
             FROM flag WHERE organisation_id = $1 AND id = $2",
        )
        .bind(organisation)
        .bind(id)
        .one()
        .await?)
}

async fn reply(app: &App, record: &Record, id: FlagId, took_over_from: Option<WorkerId>) -> Result<Json<TeamFlag>> {
    let client = clients::load(app, record.organisation, record.client).await?;
    let names = Names::load(app, record.organisation).await?;
    let row = load(app, record.organisation, id).await?;
    let mut flag = describe(app, record.organisation, row, &client, &names).await?;
    flag.took_over_from = names.of(took_over_from);
    Ok(Json(flag))
}

/// Writes a line of the story and tells the team; the last thing before the commit.
async fn tell(tx: &mut Tx, app: &App, record: &Record, id: FlagId, what: EntryWhat, words: Option<&str>) -> Result<()> {
    let client = clients::load_from(&mut *tx, app, record.organisation, record.client).await?;
    let entry = Entry { worker: Some(record.worker.id), words, ..Entry::default() };
    add_entry(tx, app, record.organisation, id, &client.key, what, entry).await?;
    events::append(tx, app, record.organisation, events::What::Flag, id.0, record.client).await
}

const RESOLVED: Error = Error::Conflict("This flag has been resolved already.");

/// "I've got this." Taken over if somebody else had it; the answer says from whom.
#[utoipa::path(post, path = "/api/v1/team/flags/{id}/acknowledge", params(("id" = Uuid, Path)), responses((status = 200, body = TeamFlag)))]
pub async fn acknowledge(State(app): State<App>, record: Record, Path(id): Path<FlagId>) -> Result<Json<TeamFlag>> {
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    let owner: Option<(Option<WorkerId>,)> = tx
        .query("SELECT owner_id FROM flag WHERE organisation_id = $1 AND id = $2 AND state <> 'resolved'")
        .bind(record.organisation)
        .bind(id)
        .optional()
        .await?;
    let before = owner.ok_or(RESOLVED)?.0.filter(|w| *w != record.worker.id);
    take(&mut tx, &app, record.organisation, id, record.worker.id).await?;
    tell(&mut tx, &app, &record, id, EntryWhat::Acknowledged, None).await?;
    tx.commit().await?;
    app.wake();
    reply(&app, &record, id, before).await
}

/// Makes a flag this worker's. Every way of saying "I've got this" does this.
pub async fn take(tx: &mut Tx, app: &App, organisation: OrganisationId, id: FlagId, worker: WorkerId) -> Result<()> {
    tx.query("UPDATE flag SET state = 'acknowledged', owner_id = $3, acknowledged_at = $4 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .bind(worker)
        .bind(app.now())
        .execute()
        .await?;
    let until = escalation::Kind::ClientAsked.held_until(app.now());
    escalation::acknowledged(tx, app, organisation, Subject::Flag(id), worker, until).await
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Note {
    words: String,
}

const LONGEST_WORDS: usize = 2000;

/// A line for the team in the flag's story.
#[utoipa::path(post, path = "/api/v1/team/flags/{id}/note", params(("id" = Uuid, Path)), request_body = Note, responses((status = 200, body = TeamFlag)))]
pub async fn note(
    State(app): State<App>,
    record: Record,
    Path(id): Path<FlagId>,
    Body(body): Body<Note>,
) -> Result<Json<TeamFlag>> {
    Faults::default().text(&body.words, "words", LONGEST_WORDS).done()?;
    let mut tx = app.db.begin().await?;
    tell(&mut tx, &app, &record, id, EntryWhat::Note, Some(&body.words)).await?;
    tx.commit().await?;
    app.wake();
    reply(&app, &record, id, None).await
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Resolution {
    outcome: Outcome,
    words: Option<String>,
}

/// What came of it. Whoever resolves a flag that nobody had is the one who had it.
#[utoipa::path(post, path = "/api/v1/team/flags/{id}/resolve", params(("id" = Uuid, Path)), request_body = Resolution, responses((status = 200, body = TeamFlag)))]
pub async fn resolve(
    State(app): State<App>,
    record: Record,
    Path(id): Path<FlagId>,
    Body(body): Body<Resolution>,
) -> Result<Json<TeamFlag>> {
    Faults::default().at_most(body.words.as_deref(), "words", LONGEST_WORDS).done()?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    let resolved = tx
        .query(
            "UPDATE flag SET state = 'resolved', resolved_at = $3, outcome = $4, owner_id = COALESCE(owner_id, $5),
                             acknowledged_at = COALESCE(acknowledged_at, $3)
             WHERE organisation_id = $1 AND id = $2 AND state <> 'resolved'",
        )
        .bind(record.organisation)
        .bind(id)
        .bind(app.now())
        .bind(body.outcome)
        .bind(record.worker.id)
        .execute()
        .await?;
    if resolved == 0 {
        return Err(RESOLVED);
    }
    escalation::ended(&mut tx, &app, record.organisation, Subject::Flag(id)).await?;
    tell(&mut tx, &app, &record, id, EntryWhat::Resolved, body.words.as_deref()).await?;
    tx.commit().await?;
    app.wake();
    reply(&app, &record, id, None).await
}
