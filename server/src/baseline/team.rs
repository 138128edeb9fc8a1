//! The team's side: a suggestion from the answers, and writing down what was agreed, or asking on the phone.

use axum::{Json, extract::State as Shared};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Baseline, BaselineItem, Body as Sealed, How, NewUsual, State, body_place, described, in_force_from, is_near,
    opened, rows,
};
use crate::{
    access::Record,
    app::App,
    assessments::{self, day_of, diary},
    clients::{self, Client},
    db::Tx,
    error::{Body, Error, Faults, Query, Result},
    events,
    ids::BaselineId,
    items,
    replay::{self, Change},
    workers::{Names, WorkerRef},
};

/// The first four weeks, as the engine learns from them.
const FIRST_WEEKS: TimeDelta = TimeDelta::days(27);
const LONGEST_WORDS: usize = 1000;

/// What some days' answers say is usual: empty where there are fewer than ten.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    first_day: NaiveDate,
    last_day: NaiveDate,
    items: Vec<BaselineItem>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TeamBaselines {
    current: Option<Baseline<WorkerRef>>,
    proposed: Option<Baseline<WorkerRef>>,
    /// All there ever were, newest first.
    history: Vec<Baseline<WorkerRef>>,
    suggestion: Suggestion,
}

/// Days to take a suggestion from.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Days {
    first_day: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
}

impl Days {
    /// Those asked for, or the first four weeks of answers.
    fn or_first(self, first_answer: Option<NaiveDate>, today: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
        let first = self.first_day.or(first_answer).unwrap_or(today - FIRST_WEEKS);
        let last = self.last_day.or(first.checked_add_signed(FIRST_WEEKS)).unwrap_or(today).min(today);
        Faults::default()
            .check(is_near(first, today), "first_day", "This day is too far from today.")
            .check(is_near(last, today), "last_day", "This day is too far from today.")
            .check(first <= last, "first_day", "The first day comes before the last, and neither is to come.")
            .done()?;
        Ok((first, last))
    }
}

/// What is usual for this client when well, what was before, and what their answers say.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/baseline", params(("id" = Uuid, Path), ("first_day" = Option<NaiveDate>, Query), ("last_day" = Option<NaiveDate>, Query)), responses((status = 200, body = TeamBaselines)))]
pub async fn show(Shared(app): Shared<App>, record: Record, Query(days): Query<Days>) -> Result<Json<TeamBaselines>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let mut items = items::all(&app.db, record.organisation, &client).await?;
    let rows = rows(&app.db, record.organisation, &client).await?;
    let names = Names::load(&app, record.organisation).await?;
    let shelf = opened(&rows, &client, &items, |id| names.of(Some(id)))?;
    let diary = diary::load(&app.db, record.organisation, &client).await?;
    let (first_day, last_day) = days.or_first(diary.first_day(), day_of(app.now(), client.zone))?;
    // What is no longer asked needs no usual.
    items.retain(|item| item.current);
    let suggestion = Suggestion { first_day, last_day, items: described(&diary.propose(first_day..=last_day), &items) };
    Ok(Json(TeamBaselines { current: shelf.current, proposed: shelf.proposed, history: shelf.history, suggestion }))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewBaseline {
    /// Made in the team's app: the same again is a retry.
    id: BaselineId,
    #[serde(flatten)]
    usual: NewUsual,
    /// For the client to read.
    words: Option<String>,
    agreed_how: How,
    /// What the replay of these numbers answered today.
    seen: Option<String>,
}

/// Writes down what was agreed, in force from today; or asks the client on their phone.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/baseline", params(("id" = Uuid, Path)), request_body = NewBaseline,
    responses((status = 200, body = Baseline<WorkerRef>), (status = 409, body = crate::error::Problem)))]
pub async fn put(
    Shared(app): Shared<App>,
    record: Record,
    Body(new): Body<NewBaseline>,
) -> Result<Json<Baseline<WorkerRef>>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let today = day_of(app.now(), client.zone);
    let items = items::all(&app.db, record.organisation, &client).await?;
    let mut faults = Faults::default();
    faults.at_most(new.words.as_deref(), "words", LONGEST_WORDS);
    new.usual.check(&mut faults, &items, today, "");
    faults.done()?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    if !is_retry(&mut tx, &record, &client, &new).await? {
        replay::must_have_seen(&app, &client, &Change::of_baseline(new.usual.clone()), new.seen.as_deref())?;
        write(&mut tx, &app, &record, &client, &new, today).await?;
    }
    tx.commit().await?;
    app.wake();
    let rows = rows(&app.db, record.organisation, &client).await?;
    let names = Names::load(&app, record.organisation).await?;
    let mut written = opened(&rows, &client, &items, |id| names.of(Some(id)))?.history;
    written.retain(|baseline| baseline.id == new.id);
    written.pop().map(Json).ok_or(Error::NotFound)
}

/// Whether the same was written before. Something else under its id is a conflict.
async fn is_retry(tx: &mut Tx, record: &Record, client: &Client, new: &NewBaseline) -> Result<bool> {
    let rows = rows(tx, record.organisation, client).await?;
    let Some(row) = rows.iter().find(|row| row.id == new.id) else { return Ok(false) };
    let kept = row.open(client)?;
    let days = (row.first_day, row.last_day) == (new.usual.first_day, new.usual.last_day);
    let same = |item: &super::NewItem| {
        let id = item.item_id.to_string();
        kept.items.iter().any(|k| k.item == id && item.is(k.low, k.centre, k.high))
    };
    let items = kept.items.len() == new.usual.items.len() && new.usual.items.iter().all(same);
    if days && items && kept.words == new.words && kept.how == new.agreed_how {
        return Ok(true);
    }
    Err(Error::Conflict("Something else was saved under this id."))
}

async fn write(
    tx: &mut Tx,
    app: &App,
    record: &Record,
    client: &Client,
    new: &NewBaseline,
    today: NaiveDate,
) -> Result<()> {
    let diary = diary::load(&mut *tx, record.organisation, client).await?;
    let body = Sealed { items: new.usual.agreed(&diary), words: new.words.clone(), how: new.agreed_how };
    // The client is asked one thing at a time.
    tx.query(
        "UPDATE baseline SET state = 'withdrawn' WHERE organisation_id = $1 AND client_id = $2 AND state = 'proposed'",
    )
    .bind(record.organisation)
    .bind(record.client)
    .execute()
    .await?;
    let together = new.agreed_how == How::Together;
    let from = in_force_from(&rows(&mut *tx, record.organisation, client).await?, today);
    tx.query(
        "INSERT INTO baseline (organisation_id, client_id, id, state, first_day, last_day, body, proposed_by, proposed_at,
                               agreed_how, answered_at, in_force_from)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(record.organisation)
    .bind(record.client)
    .bind(new.id)
    .bind(if together { State::Agreed } else { State::Proposed })
    .bind(new.usual.first_day)
    .bind(new.usual.last_day)
    .bind(client.key.seal_json(&app.chance, body_place(new.id), &body))
    .bind(record.worker.id)
    .bind(app.now())
    .bind(together.then_some(How::Together))
    .bind(together.then_some(app.now()))
    .bind(together.then_some(from))
    .execute()
    .await?;
    if together {
        assessments::assess_soon(tx, app, record.organisation, record.client).await?;
    }
    events::append(tx, app, record.organisation, events::What::Client, record.client.0, record.client).await
}
