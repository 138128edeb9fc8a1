//! The team's live stream (SSE), fed from the database, so that it can be resumed anywhere and by any node.
//!
//! Events carry ids only and only of the worker's caseload as it is at that moment. The stream ends when the
//! session does, and when the server drains.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use chrono::{DateTime, Utc};
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Worker,
    app::App,
    error::Result,
    events::What,
    ids::{ClientId, OrganisationId},
};

/// How often to look without being woken: for what other nodes did, and whether the session still stands.
const LOOK: Duration = Duration::from_secs(2);
const STILL_HERE: Duration = Duration::from_secs(15);
/// Whoever has missed more than this asks for all anew: that costs less than hearing of each.
const AT_ONCE: usize = 1000;

#[derive(Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Changed {
    #[serde(skip)]
    seq: i64,
    #[schema(value_type = String)]
    what: What,
    #[sqlx(rename = "subject_id")]
    id: Uuid,
    client_id: ClientId,
    at: DateTime<Utc>,
}

/// The number of the newest event.
pub async fn newest(app: &App, organisation: OrganisationId) -> Result<i64> {
    Ok(app.db.query("SELECT event_seq FROM organisation WHERE id = $1").bind(organisation).scalar().await?)
}

/// What changes on my caseload, as it happens. `Last-Event-ID` resumes; `event: reset` means: ask for all anew.
#[utoipa::path(get, path = "/api/v1/team/events", responses((status = 200, body = String, content_type = "text/event-stream")))]
pub async fn events(State(app): State<App>, worker: Worker, headers: HeaderMap) -> Result<Response> {
    let newest = newest(&app, worker.organisation).await?;
    let asked = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    // A number we never gave: it is from before a restore.
    let (after, reset) = match asked {
        Some(seq) if (0..=newest).contains(&seq) => (seq, false),
        Some(_) => (newest, true),
        None => (newest, false),
    };
    let first = if reset { vec![ask_anew(newest)] } else { Vec::new() };
    let changes = app.changes();
    let listener = Listener { app, worker, after, changes, waiting: first, begun: false };
    let stream =
        stream::unfold(listener, |mut l| async move { l.next().await.map(|event| (Ok::<_, Infallible>(event), l)) });
    let mut response =
        Sse::new(stream).keep_alive(KeepAlive::new().interval(STILL_HERE).text("still here")).into_response();
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn ask_anew(newest: i64) -> Event {
    Event::default().event("reset").id(newest.to_string()).data("{}")
}

struct Listener {
    app: App,
    worker: Worker,
    /// The newest event looked at.
    after: i64,
    changes: tokio::sync::watch::Receiver<u64>,
    /// Oldest last.
    waiting: Vec<Event>,
    begun: bool,
}

impl Listener {
    /// The next event; none when the stream is over.
    async fn next(&mut self) -> Option<Event> {
        if !self.begun {
            self.begun = true;
            // First bytes at once, so that proxies pass the stream on.
            return Some(Event::default().comment("here"));
        }
        loop {
            if let Some(event) = self.waiting.pop() {
                return Some(event);
            }
            if self.app.stop.is_cancelled() {
                return None;
            }
            self.changes.mark_unchanged();
            match self.look().await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    tracing::warn!(%error, "a stream could not look for events; it ends and will be resumed");
                    return None;
                }
            }
            if self.waiting.is_empty() {
                tokio::select! {
                    () = self.app.stop.cancelled() => return None,
                    _ = self.changes.changed() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        }
    }

    /// Fetches what is new; false when the session has ended.
    async fn look(&mut self) -> Result<bool> {
        let standing: Option<(i64,)> = self
            .app
            .db
            .query(
                "SELECT o.event_seq FROM session s
                 JOIN worker w ON w.organisation_id = s.organisation_id AND w.id = s.worker_id
                 JOIN organisation o ON o.id = s.organisation_id
                 WHERE s.organisation_id = $1 AND s.id = $2 AND s.ended_at IS NULL AND w.active",
            )
            .bind(self.worker.organisation)
            .bind(self.worker.session)
            .optional()
            .await?;
        let Some((newest,)) = standing else { return Ok(false) };
        if newest == self.after {
            return Ok(true);
        }
        let found: Vec<Changed> = self
            .app
            .db
            .query(
                "SELECT e.seq, e.what, e.subject_id, e.client_id, e.at FROM event e
                 JOIN caseload l ON l.organisation_id = e.organisation_id AND l.client_id = e.client_id
                 WHERE e.organisation_id = $1 AND l.worker_id = $2 AND e.seq > $3 AND e.seq <= $4 ORDER BY e.seq DESC LIMIT 1001",
            )
            .bind(self.worker.organisation)
            .bind(self.worker.id)
            .bind(self.after)
            .bind(newest)
            .all()
            .await?;
        self.after = newest;
        if found.len() > AT_ONCE {
            self.waiting.push(ask_anew(newest));
            return Ok(true);
        }
        for changed in found {
            let data = serde_json::to_string(&changed).unwrap_or_default();
            self.waiting.push(Event::default().event("changed").id(changed.seq.to_string()).data(data));
        }
        Ok(true)
    }
}
