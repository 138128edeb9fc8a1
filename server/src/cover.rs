//! Is a person watching now? Until a rota exists nothing says so, and no screen may claim it.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{access::Phone, app::App, clients, error::Result, organisation};

#[derive(Debug, Serialize, ToSchema)]
pub struct Cover {
    watched_now: bool,
    /// First name of who is watching.
    by: Option<String>,
    until: Option<DateTime<Utc>>,
    /// When somebody will be.
    next: Option<DateTime<Utc>>,
    /// The number to ring: the client's own line if there is one, else the provider's.
    phone: Option<String>,
}

/// Whether a person is watching now.
#[utoipa::path(get, path = "/api/v1/me/cover", responses((status = 200, body = Cover)))]
pub async fn show(State(app): State<App>, phone: Phone) -> Result<Json<Cover>> {
    let number = number_to_ring(&app, phone).await?;
    Ok(Json(Cover { watched_now: false, by: None, until: None, next: None, phone: number }))
}

/// The number that stands beside every request for contact.
pub async fn number_to_ring(app: &App, phone: Phone) -> Result<Option<String>> {
    let client = clients::load(app, phone.organisation, phone.client).await?;
    let provider = organisation::brand(app, phone.organisation).await?;
    Ok(client.profile.dedicated_phone.or(provider.phone))
}
