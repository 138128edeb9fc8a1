//! A phone joins with a code and gets a session of its own, and a key that can always ask for contact.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    hash, invite,
    limits::{self, Address, Limit},
    session::{self, Opaque, Owner},
};
use crate::{
    app::App,
    audit::{self, Actor},
    clients,
    db::Tx,
    error::{Body, Error, Faults, Result},
    events,
    ids::{ClientId, DeviceId, OrganisationId},
};

/// Guesses from one address.
const OF_ONE: Limit = Limit { most: 20, window: Duration::hours(1) };
const EVERYWHERE: &str = "claim:all";
/// Wrong guesses from everywhere. Past it nobody can join for a while, which is better than a stranger who does. With 100 codes open at once, 72 hours of guessing at this rate find one with
/// a chance of 4 in ten million.
const OF_ALL: Limit = Limit { most: 200, window: Duration::hours(1) };
/// So long a phone whose answer was lost on the way can have it again.
const AGAIN: Duration = Duration::hours(1);

#[derive(Debug, Deserialize, ToSchema)]
pub struct Claim {
    code: String,
    device_name: String,
    /// Made on the phone. The same phone with the same code joins once, however often it has to ask.
    device_id: Option<DeviceId>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Joined {
    access_token: String,
    refresh_token: String,
    expires_in: i64,
    /// Keep it apart from the session: it asks for contact when the session is gone.
    contact_key: String,
    client: clients::me::Myself,
}

/// Joins this phone to the client whom the code was made for.
#[utoipa::path(post, path = "/api/v1/auth/claim", request_body = Claim, responses((status = 201, body = Joined), (status = 200, body = Joined)))]
pub async fn claim(
    State(app): State<App>,
    Address(ip): Address,
    Body(body): Body<Claim>,
) -> Result<(StatusCode, Json<Joined>)> {
    Faults::default().at_most(Some(&body.device_name), "device_name", 80).done()?;
    let by_address = format!("claim:{ip}");
    limits::count(&app, &by_address, OF_ONE).await?;
    limits::check(&app, EVERYWHERE, OF_ALL).await?;
    let Some(code) = invite::normal(&body.code) else { return Err(Error::CodeNotValid) };
    let Some((organisation, client)) = made_for(&app, &code, body.device_id).await? else {
        limits::count(&app, EVERYWHERE, OF_ALL).await?;
        return Err(Error::CodeNotValid);
    };
    let device = body.device_id.unwrap_or_else(|| app.new_id());
    let contact_secret = app.master.contact_secret(organisation.0, device.0, &code);
    let mut tx = app.db.begin().await?;
    // One moment for both: by it the phone is known that a code has let in.
    let now = app.now();
    // Used and joined in one transaction: a code is never spent on a phone that did not get in.
    let spent = tx
        .query("UPDATE invite SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(hash(code.as_bytes()))
        .bind(now)
        .execute()
        .await?;
    let tokens = if spent == 0 {
        joined_before(&mut tx, &app, (organisation, client, device), &code, &contact_secret).await?
    } else {
        add(&mut tx, (organisation, client, device), &body.device_name, &contact_secret, now).await?;
        session::begin(&mut tx, &app, organisation, Owner::Device(device)).await?
    };
    events::append(&mut tx, &app, organisation, events::What::Client, client.0, client).await?;
    let how = serde_json::json!({ "again": spent == 0 });
    audit::append(&mut tx, &app, organisation, Actor::Device(device), "joined", &[client], how).await?;
    tx.commit().await?;
    app.wake();
    limits::forget(&app, &by_address).await?;
    let joined = Joined {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_in: tokens.expires_in,
        contact_key: Opaque { organisation, row: device.0, secret: contact_secret }.encode(),
        client: clients::me::myself(&app, organisation, client).await?,
    };
    Ok((if spent == 0 { StatusCode::OK } else { StatusCode::CREATED }, Json(joined)))
}

type Who = (OrganisationId, ClientId, DeviceId);

async fn add(
    tx: &mut Tx,
    (organisation, client, device): Who,
    name: &str,
    secret: &[u8],
    now: DateTime<Utc>,
) -> Result<()> {
    let added = tx
        .query(
            "INSERT INTO device (organisation_id, id, client_id, name, contact_key_hash, joined_at, last_seen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(organisation)
        .bind(device)
        .bind(client)
        .bind(name)
        .bind(hash(secret))
        .bind(now)
        .execute()
        .await;
    match added {
        Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => {
            Err(Error::Conflict("Another phone joined under this id."))
        }
        added => Ok(added.map(|_| ())?),
    }
}

/// The phone that this code let in asks again: it may never have had the answer, and gets the same. A late copy of what it asked, when it has
/// long been at home, changes nothing.
async fn joined_before(
    tx: &mut Tx,
    app: &App,
    (organisation, client, device): Who,
    code: &str,
    secret: &[u8],
) -> Result<session::Tokens> {
    let known: Option<(DeviceId,)> = tx
        .query(
            "SELECT d.id FROM device d
             JOIN invite i ON i.organisation_id = d.organisation_id AND i.used_at = d.joined_at
             WHERE d.organisation_id = $1 AND d.client_id = $2 AND d.id = $3 AND d.revoked_at IS NULL
               AND i.code_hash = $4 AND i.used_at > $5",
        )
        .bind(organisation)
        .bind(client)
        .bind(device)
        .bind(hash(code.as_bytes()))
        .bind(app.now() - AGAIN)
        .optional()
        .await?;
    if known.is_none() {
        return Err(Error::CodeNotValid);
    }
    let tokens = session::first_again(tx, app, organisation, device).await?.ok_or(Error::CodeNotValid)?;
    // An older server gave out a key that cannot be made again. Nobody has used it.
    tx.query("UPDATE device SET contact_key_hash = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(device)
        .bind(hash(secret))
        .execute()
        .await?;
    Ok(tokens)
}

/// Whom a code that has not run out was made for: an unused one, or one that has let this very phone in.
async fn made_for(app: &App, code: &str, device: Option<DeviceId>) -> Result<Option<(OrganisationId, ClientId)>> {
    Ok(app
        .db
        .query(
            "SELECT i.organisation_id, i.client_id FROM invite i
             WHERE i.code_hash = $1 AND i.expires_at > $2
               AND (i.used_at IS NULL
                    OR EXISTS (SELECT 1 FROM device d WHERE d.organisation_id = i.organisation_id AND d.client_id = i.client_id
                               AND d.id = $3 AND d.joined_at = i.used_at))",
        )
        .bind(hash(code.as_bytes()))
        .bind(app.now())
        .bind(device)
        .optional()
        .await?)
}
