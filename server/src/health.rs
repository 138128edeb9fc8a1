//! Is it alive, can it take something in, does its engine keep up; and the measurements.

use std::{any::Any, time::Instant};

use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    contact,
    error::{Error, Result},
    escalation::watch::{self, Steps},
    ids::OrganisationId,
    jobs, notify,
};

#[derive(Debug, Serialize, ToSchema)]
pub struct Alive {
    alive: bool,
    version: &'static str,
}

/// Whether the process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = Alive)))]
pub async fn alive() -> Json<Alive> {
    Json(Alive { alive: true, version: env!("CARGO_PKG_VERSION") })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    ready: bool,
}

/// Whether this node can accept and store: it writes, commits and is not draining.
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = Ready), (status = 503, body = Ready)))]
pub async fn ready(State(app): State<App>) -> Response {
    let ready = !app.stop.is_cancelled() && can_store(&app).await.is_ok();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready })).into_response()
}

async fn can_store(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query(
        "INSERT INTO attempt (name, window_start, tries) VALUES ('readyz', $1, 1)
         ON CONFLICT (name) DO UPDATE SET window_start = excluded.window_start",
    )
    .bind(app.now())
    .execute()
    .await?;
    Ok(tx.commit().await?)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EngineHealth {
    #[serde(flatten)]
    pub steps: Steps,
    /// When the oldest job that is not done was due.
    oldest_overdue: Option<DateTime<Utc>>,
    /// Seconds since then.
    overdue_seconds: i64,
    /// Since when a push service has refused everything that this server sends: notifications do not arrive, and somebody
    /// must look at the log.
    push_refused_since: Option<DateTime<Utc>>,
    /// Which push services do.
    pub push_refused_by: Vec<String>,
    /// Open requests for contact of clients on nobody's caseload: assign somebody.
    pub requests_seen_by_nobody: i64,
}

/// Whether the engine keeps up. Something overdue never makes a node unready: it must still take things in.
#[utoipa::path(get, path = "/health/engine", responses((status = 200, body = EngineHealth)))]
pub async fn engine(State(app): State<App>) -> Result<Json<EngineHealth>> {
    Ok(Json(EngineHealth::of(&app, None).await?))
}

impl EngineHealth {
    /// `organisation`: what is counted is of this one only.
    pub async fn of(app: &App, organisation: Option<OrganisationId>) -> Result<Self> {
        let oldest_overdue = jobs::oldest_overdue(app).await?;
        let refusing = notify::outcome::refusing(app).await?;
        Ok(Self {
            steps: watch::steps(app, organisation).await?,
            push_refused_since: refusing.first().map(|(_, since)| *since),
            push_refused_by: refusing.into_iter().map(|(service, _)| service).collect(),
            oldest_overdue,
            requests_seen_by_nobody: contact::seen_by_nobody(app, organisation).await?,
            overdue_seconds: oldest_overdue.map_or(0, |due| (app.now() - due).num_seconds()),
        })
    }
}

/// Counts and times every request, by its route and never by what is in it.
pub async fn measure(path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let route = path.map_or_else(|| "other".to_owned(), |p| p.as_str().to_owned());
    let method = request.method().to_string();
    let begun = Instant::now();
    let response = next.run(request).await;
    let labels = [("route", route), ("method", method), ("status", response.status().as_u16().to_string())];
    metrics::counter!("companion_requests_total", &labels).increment(1);
    metrics::histogram!("companion_request_seconds", &labels).record(begun.elapsed().as_secs_f64());
    response
}

/// A handler that panicked: 500 for the caller, and the process lives.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Error::internal("a handler panicked").into_response()
}
