//! Proposing a swap, and the answers to it.

use axum::{Json, extract::State};
use chrono::NaiveDate;
use mobile_shared::rota::Shift;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json as Column;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Row, Swap, SwapState, load, secret_name};
use crate::{
    access::Worker,
    app::App,
    audit,
    auth::hash,
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    ids::{OrganisationId, ServiceId, SwapId, WorkerId},
    rota::{Standing, changed, may_change, may_read, publish, round, take_turn},
    workers::Names,
};

const LONGEST_WORDS: usize = 500;

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
            round::soon(&mut tx, &app, organisation, new.service_id).await?;
            audit::did(&mut tx, &app, &worker, "rota.swap", json!({ "id": id })).await?;
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
        let detail = json!({ "id": id, "answer": body.answer });
        audit::did(&mut tx, &app, &worker, "rota.swap.answer", detail).await?;
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
        "UPDATE rota_swap SET giver_yes_at = $3, taker_yes_at = $4, agreed_at = $5, declined_at = $6, withdrawn_at = $7, last_said_by = $8
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(worker.organisation)
    .bind(row.id)
    .bind(giver_yes_at)
    .bind(taker_yes_at)
    .bind((yes && both).then_some(now))
    .bind((answer == SwapAnswer::No).then_some(now))
    .bind((answer == SwapAnswer::Withdraw).then_some(now))
    .bind(worker.id)
    .execute()
    .await?;
    Ok(())
}
