//! A phone joins with a code and gets a session of its own, and a key that can always ask for contact.

use axum::{Json, extract::State, http::StatusCode};
use chrono::Duration;
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

#[derive(Debug, Deserialize, ToSchema)]
pub struct Claim {
    code: String,
    device_name: String,
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
#[utoipa::path(post, path = "/api/v1/auth/claim", request_body = Claim, responses((status = 201, body = Joined)))]
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
    let Some((organisation, client)) = made_for(&app, &code).await? else {
        limits::count(&app, EVERYWHERE, OF_ALL).await?;
        return Err(Error::CodeNotValid);
    };
    let (device, contact_secret): (DeviceId, [u8; 32]) = (app.new_id(), app.chance.bytes());
    let mut tx = app.db.begin().await?;
    // Used and joined in one transaction: a code is never spent on a phone that did not get in.
    let spent = tx
        .query("UPDATE invite SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(hash(code.as_bytes()))
        .bind(app.now())
        .execute()
        .await?;
    if spent == 0 {
        return Err(Error::CodeNotValid);
    }
    tx.query(
        "INSERT INTO device (organisation_id, id, client_id, name, contact_key_hash, joined_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
    )
    .bind(organisation)
    .bind(device)
    .bind(client)
    .bind(&body.device_name)
    .bind(hash(&contact_secret))
    .bind(app.now())
    .execute()
    .await?;
    let tokens = session::begin(&mut tx, &app, organisation, Owner::Device(device)).await?;
    events::append(&mut tx, &app, organisation, events::What::Client, client.0, client).await?;
    audit::append(&mut tx, &app, organisation, Actor::Device(device), "joined", &[client], serde_json::json!({}))
        .await?;
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
    Ok((StatusCode::CREATED, Json(joined)))
}

/// Whom an unused code that has not run out was made for.
async fn made_for(app: &App, code: &str) -> Result<Option<(OrganisationId, ClientId)>> {
    Ok(app
        .db
        .query("SELECT organisation_id, client_id FROM invite WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2")
        .bind(hash(code.as_bytes()))
        .bind(app.now())
        .optional()
        .await?)
}
