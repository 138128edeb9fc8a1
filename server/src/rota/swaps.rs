//! Swaps: one shift for another worker, perhaps for one of theirs in return. It counts when both have said yes.

use axum::{Json, extract::State};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use mobile_shared::rota::Shift;
use serde::{Deserialize, Serialize};
use sqlx::types::Json as Column;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Standing, changed,
    holes::{by_daylight, tell_of_rota},
    may_change, may_read, publish, take_turn,
    team::RotaShift,
};
use crate::{
    access::Worker,
    app::App,
    auth::hash,
    db::{Connection, Tx},
    error::{Body, Error, Faults, Path, Result},
    ids::{OrganisationId, ServiceId, SwapId, WorkerId},
    workers::{Names, WorkerRef},
};

const LONGEST_WORDS: usize = 500;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwapState {
    Waiting,
    Agreed,
    Declined,
    Withdrawn,
    /// A shift of it is over, or is somebody else's by now.
    TooLate,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Swap {
    id: SwapId,
    service_id: ServiceId,
    shift: RotaShift,
    to: Option<WorkerRef>,
    in_return: Option<RotaShift>,
    giver: Option<WorkerRef>,
    giver_yes_at: Option<DateTime<Utc>>,
    taker_yes_at: Option<DateTime<Utc>>,
    state: SwapState,
    by: Option<WorkerRef>,
    words: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct ShiftName {
    pattern_id: Uuid,
    date: NaiveDate,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewSwap {
    service_id: ServiceId,
    pattern_id: Uuid,
    date: NaiveDate,
    /// Who takes it.
    to: WorkerId,
    in_return: Option<ShiftName>,
    words: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: SwapId,
    service_id: ServiceId,
    shift: Column<Shift>,
    in_return: Option<Column<Shift>>,
    giver: WorkerId,
    taker: WorkerId,
    giver_yes_at: Option<DateTime<Utc>>,
    taker_yes_at: Option<DateTime<Utc>>,
    agreed_at: Option<DateTime<Utc>>,
    declined_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    words: Option<Vec<u8>>,
    proposed_by: WorkerId,
    body_hash: Vec<u8>,
}

impl Row {
    fn state(&self, standing: &Standing, now: DateTime<Utc>) -> SwapState {
        if self.withdrawn_at.is_some() {
            return SwapState::Withdrawn;
        }
        if self.declined_at.is_some() {
            return SwapState::Declined;
        }
        if self.agreed_at.is_some() {
            return SwapState::Agreed;
        }
        let is_theirs = |shift: &Shift, whose: WorkerId| {
            let still = standing.shift(shift.pattern, shift.date);
            still.is_some_and(|still| still.worker == Some(whose.0) && now < still.until)
        };
        let back = self.in_return.as_ref().is_none_or(|shift| is_theirs(shift, self.taker));
        if is_theirs(&self.shift, self.giver) && back { SwapState::Waiting } else { SwapState::TooLate }
    }

    fn describe(self, app: &App, standing: &Standing, names: &Names) -> Swap {
        let state = self.state(standing, app.now());
        let shift = |shift: &Shift| RotaShift::of(shift, standing, names);
        Swap {
            id: self.id,
            service_id: self.service_id,
            shift: shift(&self.shift),
            to: names.of(Some(self.taker)),
            in_return: self.in_return.as_ref().map(|one| shift(one)),
            giver: names.of(Some(self.giver)),
            giver_yes_at: self.giver_yes_at,
            taker_yes_at: self.taker_yes_at,
            state,
            by: names.of(Some(self.proposed_by)),
            words: self.words.as_ref().map(|words| read(app, &secret_name(self.id), words)),
        }
    }

    /// Who has not said anything yet.
    fn silent(&self) -> Vec<WorkerId> {
        let giver = self.giver_yes_at.is_none().then_some(self.giver);
        giver.into_iter().chain(self.taker_yes_at.is_none().then_some(self.taker)).collect()
    }
}

fn secret_name(id: SwapId) -> String {
    format!("rota_swap.words/{id}")
}

/// Words between workers. What cannot be opened says so in its own place.
pub fn read(app: &App, name: &str, sealed: &[u8]) -> String {
    let words = app.master.open_secret(name, sealed).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    words.unwrap_or_else(|| {
        tracing::error!(name, "words cannot be read");
        "(These words cannot be read.)".to_owned()
    })
}

async fn load(mut from: impl Connection, organisation: OrganisationId, id: SwapId) -> Result<Option<Row>> {
    Ok(from
        .query("SELECT * FROM rota_swap WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?)
}

/// Proposes a swap: for oneself, as whoever has the shift or would take it, or as a lead for two others. The same again is a retry.
#[utoipa::path(put, path = "/api/v1/team/rota/swaps/{id}", params(("id" = Uuid, Path)), request_body = NewSwap,
    responses((status = 200, body = Swap), (status = 409, body = crate::error::Problem), (status = 422, body = crate::error::Problem)))]
pub async fn put(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<SwapId>,
    Body(new): Body<NewSwap>,
) -> Result<Json<Swap>> {
    may_read(&app, &worker, new.service_id).await?;
    Faults::default().at_most(new.words.as_deref(), "words", LONGEST_WORDS).done()?;
    let body_hash = hash(&serde_json::to_vec(&(&new, worker.id)).unwrap_or_default());
    let is_lead = may_change(&app, &worker, new.service_id).await?;
    let organisation = worker.organisation;
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, organisation, new.service_id).await?;
    match load(&mut tx, organisation, id).await? {
        Some(known) if known.body_hash != body_hash => {
            return Err(Error::Conflict("Another swap was taken in under this id."));
        }
        Some(_) => {}
        None => {
            let standing = Standing::load(&mut tx, organisation, new.service_id, app.now()).await?;
            let (shift, in_return) = fits(&mut tx, &app, organisation, &standing, &new).await?;
            let giver = shift.worker.map(WorkerId);
            if giver != Some(worker.id) && new.to != worker.id && !is_lead {
                return Err(Error::Forbidden);
            }
            insert(&mut tx, &app, &worker, (id, &new, body_hash), &shift, in_return.as_ref()).await?;
            super::round::soon(&mut tx, &app, organisation, new.service_id).await?;
        }
    }
    tx.commit().await?;
    app.wake();
    one(&app, organisation, id).await
}

/// The shifts that are meant, if they can be swapped.
async fn fits(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    standing: &Standing,
    new: &NewSwap,
) -> Result<(Shift, Option<Shift>)> {
    let now = app.now();
    let find = |name: ShiftName, field: &str| {
        let shift = standing.shift(name.pattern_id, name.date);
        let shift = shift.ok_or_else(|| Error::field(field, "There is no such shift on the rota any more."))?;
        if shift.until <= now { Err(Error::field(field, "This shift is over.")) } else { Ok(shift) }
    };
    let shift = find(ShiftName { pattern_id: new.pattern_id, date: new.date }, "date")?;
    let in_return = new.in_return.map(|name| find(name, "in_return")).transpose()?;
    let eligible = publish::eligible(tx, organisation, new.service_id).await?;
    let theirs = |shift: &Shift| shift.worker == Some(new.to.0);
    Faults::default()
        .check(shift.worker.is_some(), "pattern_id", "This shift is nobody's yet. A lead can give it to somebody.")
        .check(!theirs(&shift), "to", "They have this shift already.")
        .check(eligible.contains(&new.to), "to", "Choose somebody who works in this service or leads one.")
        .check(!standing.is_away(new.to, shift.from.max(now)), "to", "They are away then.")
        .check(in_return.as_ref().is_none_or(theirs), "in_return", "Choose a shift of theirs.")
        .done()?;
    Ok((shift, in_return))
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    by: &Worker,
    (id, new, body_hash): (SwapId, &NewSwap, Vec<u8>),
    shift: &Shift,
    in_return: Option<&Shift>,
) -> Result<()> {
    let now = app.now();
    let giver = shift.worker.map(WorkerId);
    let words = new.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
    tx.query(
        "INSERT INTO rota_swap (organisation_id, service_id, id, shift, in_return, giver, taker, giver_yes_at, taker_yes_at,
                                ends_at, words, proposed_by, proposed_at, body_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(by.organisation)
    .bind(new.service_id)
    .bind(id)
    .bind(Column(shift))
    .bind(in_return.map(Column))
    .bind(giver)
    .bind(new.to)
    .bind((giver == Some(by.id)).then_some(now))
    .bind((new.to == by.id).then_some(now))
    .bind(in_return.map_or(shift.until, |back| back.until.max(shift.until)))
    .bind(words.map(|words| app.master.seal_secret(&app.chance, &secret_name(id), words.as_bytes())))
    .bind(by.id)
    .bind(now)
    .bind(body_hash)
    .execute()
    .await?;
    Ok(())
}

async fn one(app: &App, organisation: OrganisationId, id: SwapId) -> Result<Json<Swap>> {
    let row = load(&app.db, organisation, id).await?.ok_or(Error::NotFound)?;
    let standing = Standing::load(&app.db, organisation, row.service_id, app.now()).await?;
    Ok(Json(row.describe(app, &standing, &Names::load(app, organisation).await?)))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwapAnswer {
    Yes,
    No,
    /// By whoever proposed it.
    Withdraw,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AnswerSwap {
    answer: SwapAnswer,
}

/// Yes or no by one of the two; taken back by whoever proposed it. It counts from the second yes.
#[utoipa::path(post, path = "/api/v1/team/rota/swaps/{id}/answer", params(("id" = Uuid, Path)), request_body = AnswerSwap,
    responses((status = 200, body = Swap), (status = 409, body = crate::error::Problem)))]
pub async fn answer(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<SwapId>,
    Body(body): Body<AnswerSwap>,
) -> Result<Json<Swap>> {
    let organisation = worker.organisation;
    let row = load(&app.db, organisation, id).await?.ok_or(Error::NotFound)?;
    if row.giver != worker.id && row.taker != worker.id {
        may_read(&app, &worker, row.service_id).await?;
    }
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, organisation, row.service_id).await?;
    let row = load(&mut tx, organisation, id).await?.ok_or(Error::NotFound)?;
    let standing = Standing::load(&mut tx, organisation, row.service_id, app.now()).await?;
    let state = row.state(&standing, app.now());
    if !may_answer(&row, &worker, body.answer) {
        return Err(Error::Forbidden);
    }
    if !is_said_already(&row, &worker, body.answer, state) {
        open(state)?;
        say(&mut tx, &app, &worker, &row, body.answer).await?;
        changed(&mut tx, &app, organisation, row.service_id).await?;
        tx.commit().await?;
        app.wake();
    }
    one(&app, organisation, id).await
}

fn may_answer(row: &Row, worker: &Worker, answer: SwapAnswer) -> bool {
    match answer {
        SwapAnswer::Yes | SwapAnswer::No => row.giver == worker.id || row.taker == worker.id,
        SwapAnswer::Withdraw => row.proposed_by == worker.id,
    }
}

/// A retry.
fn is_said_already(row: &Row, worker: &Worker, answer: SwapAnswer, state: SwapState) -> bool {
    match answer {
        SwapAnswer::Yes => {
            !row.silent().contains(&worker.id) && matches!(state, SwapState::Waiting | SwapState::Agreed)
        }
        SwapAnswer::No => state == SwapState::Declined,
        SwapAnswer::Withdraw => state == SwapState::Withdrawn,
    }
}

fn open(state: SwapState) -> Result<()> {
    Err(Error::Conflict(match state {
        SwapState::Waiting => return Ok(()),
        SwapState::Agreed => "Both have agreed to this. To undo it, propose a swap the other way round.",
        SwapState::Declined => "This was declined. Propose it again if it should still be.",
        SwapState::Withdrawn => "This was taken back.",
        SwapState::TooLate => "It is too late for this: a shift is over, or somebody else has it by now.",
    }))
}

async fn say(tx: &mut Tx, app: &App, worker: &Worker, row: &Row, answer: SwapAnswer) -> Result<()> {
    let now = app.now();
    let yes = answer == SwapAnswer::Yes;
    let giver_yes_at = row.giver_yes_at.or((yes && row.giver == worker.id).then_some(now));
    let taker_yes_at = row.taker_yes_at.or((yes && row.taker == worker.id).then_some(now));
    let both = giver_yes_at.is_some() && taker_yes_at.is_some();
    tx.query(
        "UPDATE rota_swap SET giver_yes_at = $3, taker_yes_at = $4, agreed_at = $5, declined_at = $6, withdrawn_at = $7
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(worker.organisation)
    .bind(row.id)
    .bind(giver_yes_at)
    .bind(taker_yes_at)
    .bind((yes && both).then_some(now))
    .bind((answer == SwapAnswer::No).then_some(now))
    .bind((answer == SwapAnswer::Withdraw).then_some(now))
    .execute()
    .await?;
    Ok(())
}

/// The swaps of a service that touch a time or wait for an answer.
pub async fn of_window(
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    names: &Names,
) -> Result<Vec<Swap>> {
    let rows: Vec<Row> = app
        .db
        .query("SELECT * FROM rota_swap WHERE organisation_id = $1 AND service_id = $2 AND ends_at > $3 ORDER BY proposed_at, id")
        .bind(organisation)
        .bind(service)
        .bind(from.min(app.now()))
        .all()
        .await?;
    let standing = Standing::load(&app.db, organisation, service, app.now()).await?;
    let touches = |shift: &Shift| shift.from < until && from < shift.until;
    let shown = rows.into_iter().filter(|row| {
        touches(&row.shift)
            || row.in_return.as_ref().is_some_and(|back| touches(back))
            || row.state(&standing, app.now()) == SwapState::Waiting
    });
    Ok(shown.map(|row| row.describe(app, &standing, names)).collect())
}

/// What waits for one worker's answer, in any service.
pub async fn waiting_for(
    app: &App,
    organisation: OrganisationId,
    worker: WorkerId,
    names: &Names,
) -> Result<Vec<Swap>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT * FROM rota_swap
             WHERE organisation_id = $1 AND ends_at > $2 AND agreed_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL
               AND ((giver = $3 AND giver_yes_at IS NULL) OR (taker = $3 AND taker_yes_at IS NULL)) ORDER BY proposed_at, id",
        )
        .bind(organisation)
        .bind(app.now())
        .bind(worker)
        .all()
        .await?;
    let mut waiting = Vec::new();
    for row in rows {
        let standing = Standing::load(&app.db, organisation, row.service_id, app.now()).await?;
        if row.state(&standing, app.now()) == SwapState::Waiting {
            waiting.push(row.describe(app, &standing, names));
        }
    }
    Ok(waiting)
}

/// As long as a day.
const USEFUL_FOR: Duration = Duration::hours(12);

/// Tells whoever is asked, by daylight; answers when to look again.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
) -> Result<Option<DateTime<Utc>>> {
    let now = app.now();
    let waiting: Vec<Row> = tx
        .query(
            "SELECT * FROM rota_swap
             WHERE organisation_id = $1 AND service_id = $2 AND ends_at > $3 AND told_at IS NULL
               AND agreed_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL ORDER BY proposed_at, id",
        )
        .bind(organisation)
        .bind(service)
        .bind(now)
        .all()
        .await?;
    let at = by_daylight(now);
    if waiting.is_empty() || at > now {
        return Ok((!waiting.is_empty()).then_some(at));
    }
    for row in waiting {
        for worker in row.silent() {
            tell_of_rota(tx, app, organisation, service, worker, 1, now + USEFUL_FOR).await?;
        }
        tx.query("UPDATE rota_swap SET told_at = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(organisation)
            .bind(row.id)
            .bind(now)
            .execute()
            .await?;
    }
    Ok(None)
}
