//! A client's phones, as their worker sees them; a lost one is signed out in one tap.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Record,
    app::App,
    db::Tx,
    error::{Error, Path, Result},
    events,
    ids::{ClientId, DeviceId, OrganisationId},
    notify::subscriptions,
    paging::Page,
};

#[derive(Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Device {
    id: DeviceId,
    name: String,
    joined_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
}

/// The phones that joined for this client.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/devices", params(("id" = Uuid, Path)), responses((status = 200, body = Page<Device>)))]
pub async fn list(State(app): State<App>, record: Record) -> Result<Json<Page<Device>>> {
    let devices = app
        .db
        .query(
            "SELECT id, name, joined_at, last_seen_at, revoked_at FROM device
             WHERE organisation_id = $1 AND client_id = $2 ORDER BY joined_at DESC",
        )
        .bind(record.organisation)
        .bind(record.client)
        .all()
        .await?;
    Ok(Json(Page::all(devices)))
}

#[derive(Debug, Deserialize)]
pub struct OfDevice {
    device_id: DeviceId,
}

/// A lost phone: its session, its refresh tokens, its contact key and its notifications end at once.
#[utoipa::path(delete, path = "/api/v1/team/clients/{id}/devices/{device_id}", params(("id" = Uuid, Path), ("device_id" = Uuid, Path)), responses((status = 204)))]
pub async fn revoke(State(app): State<App>, record: Record, Path(path): Path<OfDevice>) -> Result<StatusCode> {
    let mut tx = app.db.begin().await?;
    if !end(&mut tx, &app, record.organisation, record.client, path.device_id).await? {
        return Err(Error::NotFound);
    }
    events::append(&mut tx, &app, record.organisation, events::What::Client, record.client.0, record.client).await?;
    tx.commit().await?;
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a phone of this client, every session on it and its notifications; tells whether there is such a phone.
pub async fn end(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    device: DeviceId,
) -> Result<bool> {
    let found = tx
        .query(
            "UPDATE device SET revoked_at = COALESCE(revoked_at, $4)
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
        )
        .bind(organisation)
        .bind(client)
        .bind(device)
        .bind(app.now())
        .execute()
        .await?;
    tx.query("UPDATE session SET ended_at = $3 WHERE organisation_id = $1 AND device_id = $2 AND ended_at IS NULL")
        .bind(organisation)
        .bind(device)
        .bind(app.now())
        .execute()
        .await?;
    subscriptions::end_of_device(tx, app, organisation, device).await?;
    Ok(found > 0)
}
