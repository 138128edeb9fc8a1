//! The client's side: ask, see the truth at every step, add words, cancel.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use mobile_shared::contact::LONGEST_MESSAGE;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    ContactState, ContactWhat, Entry, Row,
    accept::{self, NewRequest},
    load,
    story::{self, Request},
    tell, words_place,
};
use crate::{
    access::{Phone, bearer},
    app::App,
    auth::{hash, same, session::Opaque},
    clients::{self, Client},
    cover,
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    escalation::{self, Subject},
    etag,
    ids::{ClientId, ContactRequestId, DeviceId},
    paging::Page,
    workers::Names,
};

/// What is needed to tell a client of their requests.
struct Teller {
    client: Client,
    names: Names,
    number: Option<String>,
}

impl Teller {
    async fn load(app: &App, phone: Phone) -> Result<Self> {
        Ok(Self {
            client: clients::load(app, phone.organisation, phone.client).await?,
            names: Names::load(app, phone.organisation).await?,
            number: cover::number_to_ring(app, phone).await?,
        })
    }

    async fn tell(&self, app: &App, phone: Phone, row: &Row) -> Result<Request> {
        let told = story::tell(app, phone.organisation, row, &self.client, &self.names, self.number.clone()).await?;
        Ok(told.0)
    }
}

async fn reply(app: &App, phone: Phone, row: &Row) -> Result<Request> {
    Teller::load(app, phone).await?.tell(app, phone, row).await
}

/// "Please contact me." The same again answers the same; another tap while one is open folds into it.
#[utoipa::path(put, path = "/api/v1/me/contact-requests/{id}", params(("id" = Uuid, Path)), request_body = NewRequest,
    responses((status = 201, body = Request), (status = 200, body = Request), (status = 409, body = crate::error::Problem)))]
pub async fn put(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<NewRequest>,
) -> Result<(StatusCode, Json<Request>)> {
    let from = accept::From::phone(phone.organisation, phone.client, phone.device);
    let (status, row) = accept::accept(&app, from, id, body).await?;
    Ok((status, Json(reply(&app, phone, &row).await?)))
}

/// What has become of my request.
#[utoipa::path(get, path = "/api/v1/me/contact-requests/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Request)))]
pub async fn show(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<ContactRequestId>,
    headers: HeaderMap,
) -> Result<Response> {
    let row = load(&app.db, phone.organisation, phone.client, id).await?.ok_or(Error::NotFound)?;
    etag::json(&headers, &reply(&app, phone, &row).await?)
}

/// My requests, newest first.
#[utoipa::path(get, path = "/api/v1/me/contact-requests", responses((status = 200, body = Page<Request>)))]
pub async fn list(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT * FROM contact_request WHERE organisation_id = $1 AND client_id = $2 AND folded_into IS NULL
             ORDER BY received_at DESC LIMIT 50",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .all()
        .await?;
    let teller = Teller::load(&app, phone).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        items.push(teller.tell(&app, phone, row).await?);
    }
    etag::json(&headers, &Page::all(items))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAddition {
    /// Made on the phone: the same again is a retry.
    id: Uuid,
    message: String,
}

/// A few more words.
#[utoipa::path(post, path = "/api/v1/me/contact-requests/{id}/additions", params(("id" = Uuid, Path)), request_body = NewAddition,
    responses((status = 201, body = Request), (status = 200, body = Request), (status = 409, body = crate::error::Problem)))]
pub async fn add(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<NewAddition>,
) -> Result<(StatusCode, Json<Request>)> {
    Faults::default().text(&body.message, "message", LONGEST_MESSAGE).done()?;
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let row = joined(&mut tx, phone, id).await?;
    let before: Option<(Option<Vec<u8>>,)> = tx
        .query(
            "SELECT words FROM contact_entry WHERE organisation_id = $1 AND client_id = $2 AND request_id = $3 AND id = $4",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(row.id)
        .bind(body.id)
        .optional()
        .await?;
    let status = match before {
        Some((words,)) => {
            if client.key.open_text(words_place(body.id), words.as_deref())?.as_deref() != Some(&body.message) {
                return Err(Error::Conflict("Other words were taken in under this id."));
            }
            StatusCode::OK
        }
        // Nobody would read them there.
        None if !row.needs_a_person() => {
            return Err(Error::Conflict("This request is closed. Please ask for contact again."));
        }
        None => {
            let entry = Entry { id: Some(body.id), words: Some(&body.message), ..Entry::default() };
            tell(&mut tx, &app, phone.organisation, (phone.client, row.id), &client.key, ContactWhat::Added, entry)
                .await?;
            StatusCode::CREATED
        }
    };
    tx.commit().await?;
    app.wake();
    Ok((status, Json(reply(&app, phone, &row).await?)))
}

/// The request of that id or, if that tap joined another, the one it joined: a phone that was offline does not
/// know yet.
async fn joined(tx: &mut Tx, phone: Phone, id: ContactRequestId) -> Result<Row> {
    let row = load(&mut *tx, phone.organisation, phone.client, id).await?.ok_or(Error::NotFound)?;
    match row.folded_into {
        Some(open) => load(tx, phone.organisation, phone.client, open).await?.ok_or(Error::NotFound),
        None => Ok(row),
    }
}

/// So far a phone's clock may be ahead, and its ids still tell when something was tapped.
const AHEAD: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, Deserialize, ToSchema)]
pub struct Cancel {
    /// Made on the phone: the same again is a retry.
    id: Uuid,
}

/// I no longer need it. The team still sees that I had asked, until somebody has looked. A cancel that comes late, when I have asked again
/// since, ends nothing.
#[utoipa::path(post, path = "/api/v1/me/contact-requests/{id}/cancel", params(("id" = Uuid, Path)), request_body = Cancel, responses((status = 200, body = Request)))]
pub async fn cancel(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<Cancel>,
) -> Result<Json<Request>> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let row = joined(&mut tx, phone, id).await?;
    if row.state.core().is_open() && !asked_again(&mut tx, phone, row.id, (id, body.id), app.now()).await? {
        let unread = has_unread(&mut tx, phone, row.id).await?;
        tx.query(
            "UPDATE contact_request SET state = 'cancelled', cancelled_at = $4, seen_at = CASE WHEN $5 THEN NULL ELSE seen_at END,
                    seen_by = CASE WHEN $5 THEN NULL ELSE seen_by END, owner_id = CASE WHEN $5 THEN NULL ELSE owner_id END
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(row.id)
        .bind(app.now())
        .bind(unread)
        .execute()
        .await?;
        // Nobody is rung about it any more. It stays in the inbox until somebody has looked.
        escalation::ended(&mut tx, &app, phone.organisation, Subject::Request(row.id)).await?;
        let entry = Entry { id: Some(body.id), ..Entry::default() };
        tell(&mut tx, &app, phone.organisation, (phone.client, row.id), &client.key, ContactWhat::Cancelled, entry)
            .await?;
    }
    tx.commit().await?;
    app.wake();
    let row = load(&app.db, phone.organisation, phone.client, row.id).await?.ok_or(Error::NotFound)?;
    Ok(Json(reply(&app, phone, &row).await?))
}

/// Whether something came since a worker last did something about it. Being rung is not doing something: they may be asleep.
async fn has_unread(tx: &mut Tx, phone: Phone, id: ContactRequestId) -> Result<bool> {
    let unread: i64 = tx
        .query(
            "SELECT COUNT(*) FROM contact_entry e
             WHERE e.organisation_id = $1 AND e.client_id = $2 AND e.request_id = $3 AND e.what IN ('added', 'folded')
               AND e.at > (SELECT MAX(w.at) FROM contact_entry w
                           WHERE w.organisation_id = $1 AND w.client_id = $2 AND w.request_id = $3
                             AND w.what IN ('seen', 'promised', 'attempted', 'handed_over', 'called_in'))",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(id)
        .scalar()
        .await?;
    Ok(unread > 0)
}

/// Whether a tap on this phone that joined the request was made after the cancel, which only arrives later: asking again is the newer word.
/// Ids of one phone tell their order. But the tap that a cancel names came before it, whatever the phone's clock said then; and so did taps of
/// a clock that was ahead, if it has been put right since.
async fn asked_again(
    tx: &mut Tx,
    phone: Phone,
    id: ContactRequestId,
    (named, cancel): (ContactRequestId, Uuid),
    now: DateTime<Utc>,
) -> Result<bool> {
    let millis = u64::try_from((now + AHEAD).timestamp_millis()).unwrap_or(0);
    let soon = uuid::Builder::from_unix_timestamp_millis(millis, &[u8::MAX; 10]).into_uuid();
    let later: Option<(ContactRequestId,)> = tx
        .query(
            "SELECT id FROM contact_request
             WHERE organisation_id = $1 AND client_id = $2 AND (id = $3 OR folded_into = $3) AND device_id = $4
               AND id > $5 AND id <> $6 AND id <= $7 LIMIT 1",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(id)
        .bind(phone.device)
        .bind(cancel)
        .bind(named)
        .bind(if cancel > soon { Uuid::max() } else { soon })
        .optional()
        .await?;
    Ok(later.is_some())
}

/// State and times only: whoever holds the phone may not be the one who may read.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateOnly {
    id: ContactRequestId,
    state: ContactState,
    received_at: DateTime<Utc>,
    reached_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
    promised_by: Option<DateTime<Utc>>,
    promise_broken: bool,
    done_at: Option<DateTime<Utc>>,
    cancelled_at: Option<DateTime<Utc>>,
    folded_into: Option<ContactRequestId>,
}

/// "Please contact me" when the session is gone or the app is locked: create-only, repeatable, never limited.
#[utoipa::path(put, path = "/api/v1/contact-requests/{id}", params(("id" = Uuid, Path)), request_body = NewRequest,
    responses((status = 201, body = StateOnly), (status = 200, body = StateOnly), (status = 409, body = crate::error::Problem)))]
pub async fn put_with_key(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<ContactRequestId>,
    Body(body): Body<NewRequest>,
) -> Result<(StatusCode, Json<StateOnly>)> {
    let from = holder(&app, &headers).await?;
    let (status, row) = accept::accept(&app, from, id, body).await?;
    // A tap that folded is answered with what became of the request it joined.
    let joined = match row.folded_into {
        Some(open) => load(&app.db, from.organisation, from.client, open).await?,
        None => None,
    };
    let now = joined.as_ref().unwrap_or(&row);
    Ok((
        status,
        Json(StateOnly {
            id,
            state: now.state,
            received_at: row.received_at,
            reached_at: now.reached_at,
            seen_at: now.seen_at,
            promised_by: now.promise_by,
            promise_broken: now.promise_broken,
            done_at: now.done_at,
            cancelled_at: now.cancelled_at,
            folded_into: row.folded_into,
        }),
    ))
}

/// Whose phone holds this contact key, unless the phone was revoked.
async fn holder(app: &App, headers: &HeaderMap) -> Result<accept::From> {
    let key = bearer(headers).and_then(Opaque::decode).ok_or(Error::Unauthorised)?;
    let device = DeviceId(key.row);
    let found: Option<(ClientId, Vec<u8>, Option<DateTime<Utc>>)> = app
        .db
        .query("SELECT client_id, contact_key_hash, revoked_at FROM device WHERE organisation_id = $1 AND id = $2")
        .bind(key.organisation)
        .bind(device)
        .optional()
        .await?;
    let (client, kept, revoked_at) = found.ok_or(Error::Unauthorised)?;
    if !same(&kept, &hash(&key.secret)) {
        return Err(Error::Unauthorised);
    }
    if revoked_at.is_some() {
        return Err(Error::DeviceRevoked);
    }
    Ok(accept::From::phone(key.organisation, client, device))
}
