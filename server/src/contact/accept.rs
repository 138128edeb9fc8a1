//! Taking a request for contact in: durable before the answer, retries free, a second tap folded into the open
//! request. Nothing here can be refused for a limit, a session or a role.

use axum::http::StatusCode;
use chrono::{DateTime, SubsecRound, Utc};
use mobile_shared::contact::{LONGEST_MESSAGE, fold};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ContactState, ContactWhat, Entry, Means, Row, Urgency, begin_again, load, message_place, tell};
use crate::{
    app::App,
    auth::hash,
    clients::{self, Client},
    db::Tx,
    error::{Error, Faults, Result},
    escalation::{self, Subject},
    given::Given,
    ids::{ClientId, ContactRequestId, DeviceId, OrganisationId},
};

/// A request as the phone sends it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewRequest {
    /// By the phone's clock.
    pub requested_at: DateTime<Utc>,
    pub when: Urgency,
    pub how: Means,
    pub message: Option<String>,
}

/// From whom, and how.
#[derive(Clone, Copy, Debug)]
pub struct From {
    pub organisation: OrganisationId,
    pub client: ClientId,
    device: DeviceId,
    given: Option<Given>,
}

impl From {
    pub fn phone(organisation: OrganisationId, client: ClientId, device: DeviceId) -> Self {
        Self { organisation, client, device, given: None }
    }

    /// By text: it comes from no phone of the app's, so its device is the nil id.
    pub fn text(organisation: OrganisationId, client: ClientId) -> Self {
        Self { organisation, client, device: DeviceId(Uuid::nil()), given: Some(Given::ByText) }
    }
}

/// Takes the request in. 201 the first time, 200 on a retry, 409 for another body under a used id.
pub async fn accept(app: &App, from: From, id: ContactRequestId, body: NewRequest) -> Result<(StatusCode, Row)> {
    Faults::default().at_most(body.message.as_deref(), "message", LONGEST_MESSAGE).done()?;
    let body_hash = hash(&serde_json::to_vec(&body).unwrap_or_default());
    let client = clients::load(app, from.organisation, from.client).await?;
    let mut tx = app.db.begin().await?;
    // Taps from two phones at once take turns, so that the second sees the first and folds into it.
    clients::take_turn(&mut tx, from.organisation, from.client).await?;
    if let Some(row) = load(&mut tx, from.organisation, from.client, id).await? {
        let same = row.body_hash == body_hash;
        // The first request may still be waiting for the disk: ending this empty part waits with it.
        tx.commit().await?;
        return if same { Ok((StatusCode::OK, row)) } else { Err(TAKEN) };
    }
    take_in(&mut tx, app, from, &client, id, &body, body_hash).await?;
    tx.commit().await?;
    app.wake();
    let row = load(&app.db, from.organisation, from.client, id).await?;
    Ok((StatusCode::CREATED, row.ok_or_else(|| Error::internal("an accepted request is not there"))?))
}

/// The same for what cannot come twice, in the caller's transaction, which has the client's turn.
pub async fn hear(
    tx: &mut Tx,
    app: &App,
    from: From,
    client: &Client,
    id: ContactRequestId,
    body: &NewRequest,
) -> Result<()> {
    let body_hash = hash(&serde_json::to_vec(body).unwrap_or_default());
    take_in(tx, app, from, client, id, body, body_hash).await
}

async fn take_in(
    tx: &mut Tx,
    app: &App,
    from: From,
    client: &Client,
    id: ContactRequestId,
    body: &NewRequest,
    body_hash: Vec<u8>,
) -> Result<()> {
    let open = super::open_of(tx, from.organisation, from.client).await?;
    insert(tx, app, from, id, client, body, body_hash, open.as_ref().map(|o| o.id)).await?;
    let Some(open) = open else {
        let (subject, kind) = (Subject::Request(id), body.when.escalation());
        escalation::begin(tx, app, from.organisation, from.client, subject, kind).await?;
        let about = (from.client, id);
        return tell(tx, app, from.organisation, about, &client.key, ContactWhat::Received, Entry::default()).await;
    };
    fold_into(tx, app, from, client, &open, body).await
}

const TAKEN: Error = Error::Conflict("Another request was taken in under this id.");

#[expect(clippy::too_many_arguments, reason = "one row, told once")]
async fn insert(
    tx: &mut Tx,
    app: &App,
    from: From,
    id: ContactRequestId,
    client: &Client,
    body: &NewRequest,
    body_hash: Vec<u8>,
    folded_into: Option<ContactRequestId>,
) -> Result<()> {
    let inserted = tx
        .query(
            "INSERT INTO contact_request (organisation_id, client_id, id, requested_at, received_at, asked_when, how, message,
                                          urgency, folded_into, device_id, body_hash, state, given)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $6, $9, $10, $11, $12, $13)",
        )
        .bind(from.organisation)
        .bind(from.client)
        .bind(id)
        .bind(body.requested_at.trunc_subsecs(6))
        .bind(app.now())
        .bind(body.when)
        .bind(body.how)
        .bind(client.key.seal_text(&app.chance, message_place(id), body.message.as_deref()))
        .bind(folded_into)
        .bind(from.device)
        .bind(body_hash)
        .bind(ContactState::Received)
        .bind(from.given)
        .execute()
        .await;
    match inserted {
        // An id that another client's phone used: a phone with a broken generator. Ask for another id.
        Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => Err(TAKEN),
        inserted => Ok(inserted.map(|_| ())?),
    }
}

/// Another tap joins the open request: its words are added, the urgency only rises, and a `now` on a request
/// that somebody has already taken opens it again.
async fn fold_into(tx: &mut Tx, app: &App, from: From, client: &Client, open: &Row, body: &NewRequest) -> Result<()> {
    let folded = fold(open.state.into(), open.urgency.into(), body.when.into());
    let urgency = Urgency::from(folded.urgency);
    let subject = (from.client, open.id);
    tx.query("UPDATE contact_request SET taps = taps + 1, urgency = $4 WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(from.organisation)
        .bind(from.client)
        .bind(open.id)
        .bind(urgency)
        .execute()
        .await?;
    let (rung, kind) = (Subject::Request(open.id), urgency.escalation());
    if folded.opens_again {
        escalation::reopened(tx, app, from.organisation, from.client, rung, kind).await?;
    } else if folded.urgency > open.urgency.into() {
        escalation::raised(tx, app, from.organisation, from.client, rung, kind).await?;
    }
    let entry = Entry { how: Some(body.how), words: body.message.as_deref(), given: from.given, ..Entry::default() };
    tell(tx, app, from.organisation, subject, &client.key, ContactWhat::Folded, entry).await?;
    if folded.opens_again {
        // What was promised no longer holds: it was for something less urgent. Its story keeps it.
        begin_again(tx, from.organisation, Some(open.id), None).await?;
        tell(tx, app, from.organisation, subject, &client.key, ContactWhat::OpenedAgain, Entry::default()).await?;
    }
    Ok(())
}
