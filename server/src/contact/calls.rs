//! A client rang, or told a worker, instead of tapping. Whoever heard it writes it down, and what was promised on the phone is held to like any
//! other promise.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ContactState, ContactWhat, Entry, Means, Row, Urgency, load,
    promise::{NewPromise, check_promise, keep_promise, make_promise},
    story::{self, TeamRequest},
    taken, tell,
};
use crate::{
    access::Record,
    app::App,
    auth::hash,
    clients,
    db::Tx,
    error::{Body, Error, Faults, Result},
    escalation::{self, Subject},
    given::Given,
    ids::{ContactRequestId, DeviceId},
    workers::Names,
};

const LONGEST_WORDS: usize = 2000;
/// A call of an earlier shift may be written down later.
const OLDEST: Duration = Duration::days(7);

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewCall {
    /// Made in the team's app: the same again is a retry.
    id: ContactRequestId,
    /// When they rang or said so; now if it is not said.
    called_at: Option<DateTime<Utc>>,
    /// `in_person` or `by_phone`; by phone if it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    given: Option<Given>,
    /// For the team.
    words: Option<String>,
    /// What they want next, and how soon.
    how: Means,
    when: Urgency,
    promise: Option<NewPromise>,
    /// Nothing more is needed.
    #[serde(default)]
    done: bool,
}

impl NewCall {
    fn check(&self, now: DateTime<Utc>) -> Result<()> {
        let heard = self.called_at.is_none_or(|at| (now - OLDEST..=now + Duration::minutes(1)).contains(&at));
        Faults::default()
            .at_most(self.words.as_deref(), "words", LONGEST_WORDS)
            .check(heard, "called_at", "Within the last seven days, please.")
            .check(self.given.is_none_or(Given::is_told_to_a_worker), "given", "Was it given in person, or by phone?")
            .check(
                !(self.done && self.promise.is_some()),
                "done",
                "Either nothing more is needed, or something is promised.",
            )
            .done()
    }
}

/// They rang. A request of theirs that is open takes the call in; else the call is one, seen by whoever took it.
#[utoipa::path(post, path = "/api/v1/team/clients/{id}/calls", params(("id" = Uuid, Path)), request_body = NewCall,
    responses((status = 201, body = TeamRequest), (status = 200, body = TeamRequest), (status = 409, body = crate::error::Problem)))]
pub async fn log(
    State(app): State<App>,
    record: Record,
    Body(call): Body<NewCall>,
) -> Result<(StatusCode, Json<TeamRequest>)> {
    let body_hash = hash(&serde_json::to_vec(&call).unwrap_or_default());
    let (organisation, client_id) = (record.organisation, record.client);
    let client = clients::load(&app, organisation, client_id).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, organisation, client_id).await?;
    let (status, id) = match load(&mut tx, organisation, client_id, call.id).await? {
        Some(row) if row.body_hash != body_hash => return Err(TAKEN),
        Some(row) => (StatusCode::OK, row.folded_into.unwrap_or(row.id)),
        None => {
            call.check(app.now())?;
            (StatusCode::CREATED, take_in(&mut tx, &app, &record, &client, &call, body_hash).await?)
        }
    };
    tx.commit().await?;
    app.wake();
    let row = load(&app.db, organisation, client_id, id).await?.ok_or(Error::NotFound)?;
    let names = Names::load(&app, organisation).await?;
    Ok((status, Json(story::for_team(&app, organisation, &row, &client, &names).await?)))
}

const TAKEN: Error = Error::Conflict("Another call was written down under this id.");

async fn take_in(
    tx: &mut Tx,
    app: &App,
    record: &Record,
    client: &clients::Client,
    call: &NewCall,
    body_hash: Vec<u8>,
) -> Result<ContactRequestId> {
    let mut open = super::open_of(tx, record.organisation, record.client).await?;
    if let Some(known) = &open {
        super::promise_due(tx, app, record.organisation, known.id).await?;
        open = super::open_of(tx, record.organisation, record.client).await?;
    }
    // They asked after that call: that nothing more was needed then says nothing of now.
    let open = open.filter(|open| !call.done || call.called_at.is_none_or(|at| at >= open.received_at));
    let urgency = open.as_ref().map_or(call.when, |o| o.urgency.max(call.when));
    check_promise(&mut Faults::default(), call.promise, urgency, app.now()).done()?;
    insert(tx, app, record, call, body_hash, open.as_ref().map(|o| o.id)).await?;
    let id = open.as_ref().map_or(call.id, |o| o.id);
    let about = (record.client, id);
    let entry = |words| Entry { worker: Some(record.worker.id), how: Some(call.how), words, ..Entry::default() };
    let called = Entry { given: Some(call.given.unwrap_or(Given::ByPhone)), ..entry(call.words.as_deref()) };
    tell(tx, app, record.organisation, about, &client.key, ContactWhat::CalledIn, called).await?;
    let state = match (&open, call) {
        (_, NewCall { done: true, .. }) => ContactState::Done,
        (_, NewCall { promise: Some(_), .. }) => ContactState::Promised,
        (Some(Row { state: state @ (ContactState::Promised | ContactState::Attempted), .. }), _) => *state,
        _ => ContactState::Seen,
    };
    own(tx, app, record, id, state).await?;
    if let Some(open) = &open {
        raise(tx, app, record, open, call.when).await?;
    }
    if let (true, Some(open)) = (call.done, &open) {
        keep_promise(tx, app, record, open, client).await?;
    }
    if let Some(promise) = call.promise {
        make_promise(tx, app, record, id, promise).await?;
        super::tell_client(tx, app, record.organisation, record.client, id).await?;
    }
    if open.is_none() {
        let (about, kind) = (Subject::Request(id), call.when.escalation());
        escalation::begin(tx, app, record.organisation, record.client, about, kind).await?;
    }
    taken(tx, app, record.organisation, record.client, id, false).await?;
    let what = match state {
        ContactState::Done => ContactWhat::Done,
        ContactState::Promised if call.promise.is_some() => ContactWhat::Promised,
        _ => ContactWhat::Seen,
    };
    tell(tx, app, record.organisation, about, &client.key, what, entry(None)).await?;
    Ok(id)
}

/// What they said on the phone may be more urgent than what they had asked; never less.
async fn raise(tx: &mut Tx, app: &App, record: &Record, open: &Row, when: Urgency) -> Result<()> {
    if when <= open.urgency {
        return Ok(());
    }
    tx.query("UPDATE contact_request SET urgency = $4 WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(record.organisation)
        .bind(record.client)
        .bind(open.id)
        .bind(when)
        .execute()
        .await?;
    let (subject, kind) = (Subject::Request(open.id), when.escalation());
    escalation::raised(tx, app, record.organisation, record.client, subject, kind).await
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    record: &Record,
    call: &NewCall,
    body_hash: Vec<u8>,
    folded_into: Option<ContactRequestId>,
) -> Result<()> {
    let inserted = tx
        .query(
            "INSERT INTO contact_request (organisation_id, client_id, id, requested_at, received_at, asked_when, how, urgency,
                                          folded_into, device_id, body_hash, state, taken_by, given)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9, $10, $11, $12, $13)",
        )
        .bind(record.organisation)
        .bind(record.client)
        .bind(call.id)
        .bind(call.called_at.unwrap_or_else(|| app.now()).trunc_subsecs(6))
        .bind(app.now())
        .bind(call.when)
        .bind(call.how)
        .bind(folded_into)
        .bind(DeviceId(Uuid::nil()))
        .bind(body_hash)
        .bind(if call.done { ContactState::Done } else { ContactState::Received })
        .bind(record.worker.id)
        .bind(call.given.unwrap_or(Given::ByPhone))
        .execute()
        .await;
    match inserted {
        Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => Err(TAKEN),
        inserted => Ok(inserted.map(|_| ())?),
    }
}

/// Whoever took the call has it.
async fn own(tx: &mut Tx, app: &App, record: &Record, id: ContactRequestId, state: ContactState) -> Result<()> {
    let done = state == ContactState::Done;
    tx.query(
        "UPDATE contact_request SET state = $4, owner_id = $5, reached_at = COALESCE(reached_at, $6), seen_at = COALESCE(seen_at, $6),
                seen_by = COALESCE(seen_by, $5), done_at = $7, done_by = $8
         WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
    )
    .bind(record.organisation)
    .bind(record.client)
    .bind(id)
    .bind(state)
    .bind(record.worker.id)
    .bind(app.now())
    .bind(done.then(|| app.now()))
    .bind(done.then_some(record.worker.id))
    .execute()
    .await?;
    Ok(())
}
