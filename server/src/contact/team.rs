//! The team's side: see it at once, say "I've got this" and by when, try, hand over, complete.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    ContactState, ContactWhat, Entry, Means, Row, load,
    promise::{NewPromise, check_promise, keep_promise, make_promise},
    story::{self, TeamRequest},
    tell,
};
use crate::{
    access::{Record, Worker},
    app::App,
    audit,
    clients::{self, Client},
    db::Tx,
    error::{Body, Error, Faults, Path, Query, Result},
    escalation::{self, Subject},
    ids::{ClientId, ContactRequestId, OrganisationId, WorkerId},
    paging::Page,
    workers::Names,
};

/// The requests of a worker's caseload that still need a person, or of these only `mine`. Having them on a
/// screen is *reached*, so ask for none that will not be shown.
pub async fn open_on_caseload(app: &App, worker: &Worker, mine: bool) -> Result<Vec<Row>> {
    Ok(app
        .db
        .query(
            "SELECT r.* FROM contact_request r
             JOIN caseload l ON l.organisation_id = r.organisation_id AND l.client_id = r.client_id
             WHERE r.organisation_id = $1 AND l.worker_id = $2 AND r.folded_into IS NULL
               AND (r.state NOT IN ('done', 'cancelled') OR (r.state = 'cancelled' AND r.seen_at IS NULL))
               AND (NOT $3 OR r.owner_id = $2)
             ORDER BY r.received_at",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(mine)
        .all()
        .await?)
}

pub async fn describe_all(
    app: &App,
    organisation: OrganisationId,
    rows: &[Row],
    clients: &[Client],
) -> Result<Vec<TeamRequest>> {
    let names = Names::load(app, organisation).await?;
    let mut requests = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(client) = clients.iter().find(|c| c.id == row.client_id) {
            requests.push(story::for_team(app, organisation, row, client, &names).await?);
        }
    }
    Ok(requests)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    #[default]
    Open,
    Done,
    All,
}

#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(default)]
    state: Which,
}

/// Whether a person may be looking. What is fetched for a page that nobody sees has reached nobody.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Screen {
    /// The page is in the background.
    #[serde(default)]
    pub background: bool,
}

impl Screen {
    /// A screen has these requests on it now, if anybody can see it.
    pub async fn shows(self, app: &App, organisation: OrganisationId, rows: &mut [Row]) -> Result<()> {
        if self.background { Ok(()) } else { super::reached(app, organisation, rows).await }
    }
}

/// Requests for contact of my caseload: what still needs a person, or what is done, or all.
#[utoipa::path(get, path = "/api/v1/team/contact-requests", params(("state" = Option<Which>, Query), ("background" = Option<bool>, Query)),
    responses((status = 200, body = Page<TeamRequest>)))]
pub async fn list(
    State(app): State<App>,
    worker: Worker,
    Query(filter): Query<Filter>,
    Query(screen): Query<Screen>,
) -> Result<Json<Page<TeamRequest>>> {
    let clients = clients::caseload(&app, &worker).await?;
    let mut rows = match filter.state {
        Which::Done => Vec::new(),
        Which::Open | Which::All => open_on_caseload(&app, &worker, false).await?,
    };
    if filter.state != Which::Open {
        let ended: Vec<Row> = app
            .db
            .query(
                "SELECT r.* FROM contact_request r
                 JOIN caseload l ON l.organisation_id = r.organisation_id AND l.client_id = r.client_id
                 WHERE r.organisation_id = $1 AND l.worker_id = $2 AND r.folded_into IS NULL
                   AND (r.state = 'done' OR (r.state = 'cancelled' AND r.seen_at IS NOT NULL))
                 ORDER BY r.received_at DESC LIMIT 200",
            )
            .bind(worker.organisation)
            .bind(worker.id)
            .all()
            .await?;
        rows.extend(ended);
    }
    let mut seen: Vec<ClientId> = rows.iter().map(|r| r.client_id).collect();
    seen.sort_unstable();
    seen.dedup();
    audit::seen(&app, &worker, "contact_requests.read", &seen, None).await?;
    screen.shows(&app, worker.organisation, &mut rows).await?;
    let requests = describe_all(&app, worker.organisation, &rows, &clients).await?;
    Ok(Json(Page::all(requests)))
}

/// A client's requests, newest first.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/contact-requests", params(("id" = Uuid, Path)), responses((status = 200, body = Page<TeamRequest>)))]
pub async fn list_of_client(State(app): State<App>, record: Record) -> Result<Json<Page<TeamRequest>>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let mut rows: Vec<Row> = app
        .db
        .query(
            "SELECT * FROM contact_request WHERE organisation_id = $1 AND client_id = $2 AND folded_into IS NULL
             ORDER BY received_at DESC LIMIT 100",
        )
        .bind(record.organisation)
        .bind(record.client)
        .all()
        .await?;
    super::reached(&app, record.organisation, &mut rows).await?;
    Ok(Json(Page::all(describe_all(&app, record.organisation, &rows, &[client]).await?)))
}

const ENDED: Error = Error::Conflict("This request has been completed already.");

/// Begins a change: the request as it is, alone with it until commit.
async fn begin(app: &App, record: &Record, id: ContactRequestId) -> Result<(Tx, Client, Row)> {
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    let client = clients::load_from(&mut tx, app, record.organisation, record.client).await?;
    // What was promised for a time that has just passed was not kept, whatever comes now.
    super::promise_due(&mut tx, app, record.organisation, id).await?;
    let row = load(&mut tx, record.organisation, record.client, id).await?.ok_or(Error::NotFound)?;
    if !row.needs_a_person() {
        return Err(ENDED);
    }
    Ok((tx, client, row))
}

async fn commit(
    app: &App,
    record: &Record,
    mut tx: Tx,
    client: &Client,
    id: ContactRequestId,
    what: ContactWhat,
    entry: Entry<'_>,
) -> Result<Json<TeamRequest>> {
    let entry = Entry { worker: Some(record.worker.id), ..entry };
    tell(&mut tx, app, record.organisation, (record.client, id), &client.key, what, entry).await?;
    tx.commit().await?;
    app.wake();
    let row = load(&app.db, record.organisation, record.client, id).await?.ok_or(Error::NotFound)?;
    let names = Names::load(app, record.organisation).await?;
    Ok(Json(story::for_team(app, record.organisation, &row, client, &names).await?))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Acknowledgement {
    promise: Option<NewPromise>,
}

/// "I've got this", with a promise or without. A cancelled request is closed by it: somebody has looked.
#[utoipa::path(post, path = "/api/v1/team/contact-requests/{id}/acknowledge", params(("id" = Uuid, Path)), request_body = Acknowledgement, responses((status = 200, body = TeamRequest)))]
pub async fn acknowledge(
    State(app): State<App>,
    record: Record,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<Acknowledgement>,
) -> Result<Json<TeamRequest>> {
    let (mut tx, client, row) = begin(&app, &record, id).await?;
    check_promise(&mut Faults::default(), body.promise, row.urgency, app.now()).done()?;
    let promised = take(&mut tx, &app, record.organisation, &row, record.worker.id, body.promise.is_some()).await?;
    let promise = body.promise.filter(|_| promised);
    if let Some(promise) = promise {
        make_promise(&mut tx, &app, &record, id, promise).await?;
    }
    super::taken(&mut tx, &app, record.organisation, record.client, id, false).await?;
    let what = if promised { ContactWhat::Promised } else { ContactWhat::Seen };
    commit(&app, &record, tx, &client, id, what, Entry { how: promise.map(|p| p.what), ..Entry::default() }).await
}

/// Makes a request this worker's; whether by a promise that still has to be written. Every way of saying "I've got this" does
/// this, alone with the request until commit.
pub async fn take(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    row: &Row,
    worker: WorkerId,
    promising: bool,
) -> Result<bool> {
    let (state, promised) = match (row.state, promising) {
        (ContactState::Cancelled, _) => (ContactState::Cancelled, false),
        (_, true) => (ContactState::Promised, true),
        // Saying "I've got this" again does not undo what was tried or promised.
        (ContactState::Promised | ContactState::Attempted, false) => (row.state, false),
        _ => (ContactState::Seen, false),
    };
    tx.query(
        "UPDATE contact_request SET state = $4, seen_at = COALESCE(seen_at, $5), seen_by = COALESCE(seen_by, $6), owner_id = $6,
                reached_at = COALESCE(reached_at, $5)
         WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
    )
    .bind(organisation)
    .bind(row.client_id)
    .bind(row.id)
    .bind(state)
    .bind(app.now())
    .bind(worker)
    .execute()
    .await?;
    // A promise is told each time: what they were told before holds no longer.
    if (promised || row.seen_at.is_none()) && state != ContactState::Cancelled {
        super::tell_client(tx, app, organisation, row.client_id, row.id).await?;
    }
    Ok(promised)
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAttempt {
    how: Means,
    /// Whether they were reached.
    reached: bool,
    words: Option<String>,
}

const LONGEST_WORDS: usize = 2000;

/// I tried. It is not done by that, reached or not.
#[utoipa::path(post, path = "/api/v1/team/contact-requests/{id}/attempt", params(("id" = Uuid, Path)), request_body = NewAttempt, responses((status = 200, body = TeamRequest)))]
pub async fn attempt(
    State(app): State<App>,
    record: Record,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<NewAttempt>,
) -> Result<Json<TeamRequest>> {
    Faults::default().at_most(body.words.as_deref(), "words", LONGEST_WORDS).done()?;
    let (mut tx, client, row) = begin(&app, &record, id).await?;
    let cancelled = row.state == ContactState::Cancelled;
    let state = if cancelled { row.state } else { ContactState::Attempted };
    // Of a cancelled request only reaching them counts as having looked.
    own(&mut tx, &app, &record, id, state, record.worker.id, !cancelled || body.reached).await?;
    super::taken(&mut tx, &app, record.organisation, record.client, id, body.reached).await?;
    if body.reached {
        keep_promise(&mut tx, &app, &record, &row, &client).await?;
    }
    let entry =
        Entry { how: Some(body.how), reached: Some(body.reached), words: body.words.as_deref(), ..Entry::default() };
    commit(&app, &record, tx, &client, id, ContactWhat::Attempted, entry).await
}

/// Gives the request to somebody; `looked` is whether a person has seen it by that.
async fn own(
    tx: &mut Tx,
    app: &App,
    record: &Record,
    id: ContactRequestId,
    state: ContactState,
    owner: WorkerId,
    looked: bool,
) -> Result<()> {
    let (seen_at, seen_by) = (looked.then(|| app.now()), looked.then_some(record.worker.id));
    tx.query(
        "UPDATE contact_request SET state = $4, owner_id = $5, seen_at = COALESCE(seen_at, $6), seen_by = COALESCE(seen_by, $7),
                reached_at = COALESCE(reached_at, $6)
         WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
    )
    .bind(record.organisation)
    .bind(record.client)
    .bind(id)
    .bind(state)
    .bind(owner)
    .bind(seen_at)
    .bind(seen_by)
    .execute()
    .await?;
    Ok(())
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Completion {
    words: Option<String>,
}

/// Done: they have been in touch.
#[utoipa::path(post, path = "/api/v1/team/contact-requests/{id}/complete", params(("id" = Uuid, Path)), request_body = Completion, responses((status = 200, body = TeamRequest)))]
pub async fn complete(
    State(app): State<App>,
    record: Record,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<Completion>,
) -> Result<Json<TeamRequest>> {
    Faults::default().at_most(body.words.as_deref(), "words", LONGEST_WORDS).done()?;
    let (mut tx, client, row) = begin(&app, &record, id).await?;
    let owner = row.owner_id.unwrap_or(record.worker.id);
    own(&mut tx, &app, &record, id, ContactState::Done, owner, true).await?;
    tx.query("UPDATE contact_request SET done_at = $4, done_by = $5 WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(record.organisation)
        .bind(record.client)
        .bind(id)
        .bind(app.now())
        .bind(record.worker.id)
        .execute()
        .await?;
    super::taken(&mut tx, &app, record.organisation, record.client, id, true).await?;
    keep_promise(&mut tx, &app, &record, &row, &client).await?;
    commit(
        &app,
        &record,
        tx,
        &client,
        id,
        ContactWhat::Done,
        Entry { words: body.words.as_deref(), ..Entry::default() },
    )
    .await
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct HandOver {
    to: WorkerId,
    words: Option<String>,
}

/// Hands it over to somebody who may see this client. They have it when they say so; until then they are rung, and then everybody else.
/// What was promised to the client stays promised.
#[utoipa::path(post, path = "/api/v1/team/contact-requests/{id}/hand-over", params(("id" = Uuid, Path)), request_body = HandOver, responses((status = 200, body = TeamRequest)))]
pub async fn hand_over(
    State(app): State<App>,
    record: Record,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<HandOver>,
) -> Result<Json<TeamRequest>> {
    Faults::default().at_most(body.words.as_deref(), "words", LONGEST_WORDS).done()?;
    let (mut tx, client, row) = begin(&app, &record, id).await?;
    let may: Option<(WorkerId,)> = tx
        .query("SELECT worker_id FROM caseload WHERE organisation_id = $1 AND client_id = $2 AND worker_id = $3")
        .bind(record.organisation)
        .bind(record.client)
        .bind(body.to)
        .optional()
        .await?;
    if may.is_none() {
        return Err(Error::field("to", "Choose somebody who supports this client, or leads their service."));
    }
    let state = if row.state.core().is_owned() || row.state == ContactState::Cancelled {
        row.state
    } else {
        ContactState::Seen
    };
    // A cancelled one still needs the look of whoever it is handed to.
    own(&mut tx, &app, &record, id, state, body.to, row.state != ContactState::Cancelled).await?;
    if body.to != record.worker.id && row.state.core().is_open() && row.state != ContactState::Cancelled {
        super::not_answered_no_more(&mut tx, record.organisation, record.client, id).await?;
        escalation::handed(&mut tx, &app, record.organisation, Subject::Request(id), body.to).await?;
    } else {
        super::taken(&mut tx, &app, record.organisation, record.client, id, false).await?;
    }
    let entry = Entry { to: Some(body.to), words: body.words.as_deref(), ..Entry::default() };
    commit(&app, &record, tx, &client, id, ContactWhat::HandedOver, entry).await
}
