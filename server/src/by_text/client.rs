//! Check-ins by text, as the client sees them; and their end, which needs nobody else.

use axum::{
    extract::State as Shared,
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{
    EndedBy, news,
    team::{self, ByText},
};
use crate::{access::Phone, app::App, audit::Actor, clients, error::Result, etag};

/// My check-ins by text.
#[utoipa::path(get, path = "/api/v1/me/by-text", responses((status = 200, body = ByText)))]
pub async fn show(Shared(app): Shared<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    etag::json(&headers, &team::describe(&app, phone.organisation, &client).await?)
}

/// I want no more of them. The number is forgotten.
#[utoipa::path(delete, path = "/api/v1/me/by-text", responses((status = 204)))]
pub async fn end(Shared(app): Shared<App>, phone: Phone) -> Result<StatusCode> {
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let by = Actor::Device(phone.device);
    news::end(&mut tx, &app, phone.organisation, phone.client, EndedBy::Client, by).await?;
    tx.commit().await?;
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}
