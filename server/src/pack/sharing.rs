//! What a client decides about who may know what. More kinds of data come here as the app has them.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Phone,
    app::App,
    db::{Connection, Tx},
    error::{Body, Result},
    etag,
    ids::{ClientId, OrganisationId},
};

#[derive(Debug, Serialize, ToSchema)]
pub struct Sharing {
    /// To be counted, without a name and never among fewer than five, in what is read and helps.
    pack_counted: bool,
}

pub async fn is_counted(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<bool> {
    Ok(from
        .query("SELECT pack_counted FROM client WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client)
        .scalar()
        .await?)
}

/// My choices.
#[utoipa::path(get, path = "/api/v1/me/sharing", responses((status = 200, body = Sharing)))]
pub async fn show(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let pack_counted = is_counted(&app.db, phone.organisation, phone.client).await?;
    etag::json(&headers, &Sharing { pack_counted })
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Choices {
    /// Missing: as it was.
    pack_counted: Option<bool>,
}

/// Changes my choices. What is missing stays as it is, so an older app takes nothing back.
#[utoipa::path(put, path = "/api/v1/me/sharing", request_body = Choices, responses((status = 200, body = Sharing)))]
pub async fn put(State(app): State<App>, phone: Phone, Body(choices): Body<Choices>) -> Result<Json<Sharing>> {
    let mut tx = app.db.begin().await?;
    if let Some(counted) = choices.pack_counted {
        tx.query("UPDATE client SET pack_counted = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(phone.organisation)
            .bind(phone.client)
            .bind(counted)
            .execute()
            .await?;
        if !counted {
            forget_searches(&mut tx, &phone).await?;
        }
    }
    let pack_counted = is_counted(&mut tx, phone.organisation, phone.client).await?;
    tx.commit().await?;
    Ok(Json(Sharing { pack_counted }))
}

/// Whoever does not want to be counted is not counted for the past either.
async fn forget_searches(tx: &mut Tx, phone: &Phone) -> Result<()> {
    tx.query("DELETE FROM missing_search WHERE organisation_id = $1 AND client_id = $2")
        .bind(phone.organisation)
        .bind(phone.client)
        .execute()
        .await?;
    Ok(())
}
