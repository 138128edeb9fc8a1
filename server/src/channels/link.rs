//! The link in a message: one page with one button, for somebody who has been woken and is signed in nowhere. Mail scanners and
//! previews fetch links, so a GET only shows; a person's press (a POST that says so) acknowledges, once.

mod page;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};

use super::answer::{self, Outcome, Ring, Way};
use crate::{
    app::App,
    auth::{
        hash,
        limits::{self, Address, Limit},
    },
    db::Tx,
    error::{Path, Result},
    ids::{NotificationId, OrganisationId, WorkerId},
};
use page::Shows;

/// Addresses that are not there, asked for from one place.
const GUESSES: Limit = Limit { most: 60, window: Duration::hours(1) };

fn token(app: &App, notification: NotificationId) -> String {
    // 144 bits
    URL_SAFE_NO_PAD.encode(&app.master.link_token(notification.0)[..18])
}

/// What stands in the message.
pub fn address(app: &App, notification: NotificationId) -> String {
    format!("{}/ack/{}", app.config.public_url.trim_end_matches('/'), token(app, notification))
}

/// A link for a notification; good until this time, once.
pub async fn make(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    notification: NotificationId,
    until: DateTime<Utc>,
) -> Result<()> {
    tx.query("INSERT INTO ack_link (organisation_id, notification_id, token_hash, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(organisation)
        .bind(notification)
        .bind(hash(token(app, notification).as_bytes()))
        .bind(until)
        .execute()
        .await?;
    Ok(())
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Link {
    #[sqlx(flatten)]
    ring: Ring,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

/// Found by its hash, so no more is learned from how long a wrong one takes than that it is wrong.
async fn find(app: &App, token: &str) -> Result<Option<Link>> {
    Ok(app
        .db
        .query(
            "SELECT l.organisation_id, l.notification_id, n.worker_id, n.kind, n.subject_id, n.made_at, w.active,
                    l.expires_at, l.used_at
             FROM ack_link l
             JOIN notification n ON n.organisation_id = l.organisation_id AND n.id = l.notification_id
             JOIN worker w ON w.organisation_id = n.organisation_id AND w.id = n.worker_id
             WHERE l.token_hash = $1",
        )
        .bind(hash(token.as_bytes()))
        .optional()
        .await?)
}

/// What somebody who was rung can press. Looking at it changes nothing.
#[utoipa::path(get, path = "/ack/{token}", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/html", body = String), (status = 404, content_type = "text/html", body = String)))]
pub async fn show(
    State(app): State<App>,
    Address(ip): Address,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let language = language(&headers);
    let Some(link) = find(&app, &token).await? else {
        limits::count(&app, &format!("ack:{ip}"), GUESSES).await?;
        return Ok(page::of(StatusCode::NOT_FOUND, Shows::Nothing, language));
    };
    Ok(page::of(StatusCode::OK, look(&app, &link).await?, language))
}

/// "I've got this", from a message: as the worker who was rung, while nobody has it, once.
#[utoipa::path(post, path = "/ack/{token}", params(("token" = String, Path)),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, content_type = "text/html", body = String), (status = 404, content_type = "text/html", body = String)))]
pub async fn press(
    State(app): State<App>,
    Address(ip): Address,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Result<Response> {
    let language = language(&headers);
    let Some(link) = find(&app, &token).await? else {
        limits::count(&app, &format!("ack:{ip}"), GUESSES).await?;
        return Ok(page::of(StatusCode::NOT_FOUND, Shows::Nothing, language));
    };
    // What a person's button sends; whatever else posts here is shown the button.
    if body.trim() != page::PRESSED {
        return Ok(page::of(StatusCode::OK, look(&app, &link).await?, language));
    }
    let shows = match use_it(&app, &link).await? {
        Some(outcome) => Shows::Came(outcome),
        // Somebody else's press may have been first: it is looked at anew.
        None => match find(&app, &token).await? {
            Some(link) => look(&app, &link).await?,
            None => Shows::Nothing,
        },
    };
    Ok(page::of(StatusCode::OK, shows, language))
}

/// Uses the link, and says what came of it. None if it cannot be used (any more).
async fn use_it(app: &App, link: &Link) -> Result<Option<Outcome>> {
    let ring = &link.ring;
    let mut tx = app.db.begin().await?;
    let used = tx
        .query(
            "UPDATE ack_link SET used_at = $3
             WHERE organisation_id = $1 AND notification_id = $2 AND used_at IS NULL AND expires_at > $3",
        )
        .bind(ring.organisation_id)
        .bind(ring.notification_id)
        .bind(app.now())
        .execute()
        .await?;
    if used == 0 {
        // Whoever used it may still be waiting for the disk: ending this empty part waits with them.
        tx.commit().await?;
        return Ok(None);
    }
    if !ring.active {
        return Ok(None);
    }
    answer::note_seen(&mut tx, app, ring).await?;
    let outcome = answer::say(&mut tx, app, ring, Way::Link).await?;
    tx.commit().await?;
    app.wake();
    Ok(Some(outcome))
}

/// How things stand: whose it is now, whether the link can still be used.
async fn look(app: &App, link: &Link) -> Result<Shows> {
    let ring = &link.ring;
    if !ring.active {
        return Ok(Shows::Nothing);
    }
    Ok(match (link.used_at, holder(app, ring).await?) {
        (_, Some(holder)) if holder == ring.worker_id => Shows::Came(Outcome::Yours),
        (Some(_), None) if !ring.kind.rings() => Shows::Came(Outcome::Heard),
        (Some(_), Some(_)) => Shows::Came(Outcome::Taken),
        (Some(_), None) => Shows::Came(Outcome::Over),
        (None, _) if app.now() >= link.expires_at => Shows::TooOld,
        (None, _) => Shows::Button(ring.kind),
    })
}

/// Who has what it is about; none once that is over, and none while it rings: whoever had it before may be rung about it again.
async fn holder(app: &App, ring: &Ring) -> Result<Option<WorkerId>> {
    let found: Option<(Option<WorkerId>,)> = app
        .db
        .query("SELECT held_by FROM escalation WHERE organisation_id = $1 AND subject_id = $2 AND ended_at IS NULL")
        .bind(ring.organisation_id)
        .bind(ring.subject_id)
        .optional()
        .await?;
    Ok(found.and_then(|f| f.0))
}

/// Welsh for whoever's browser prefers it.
fn language(headers: &HeaderMap) -> &'static str {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first = wanted.split(',').next().unwrap_or_default().trim().to_ascii_lowercase();
    if first == "cy" || first.starts_with("cy-") || first.starts_with("cy;") { "cy" } else { "en" }
}
