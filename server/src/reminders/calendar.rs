//! A calendar for phones without push: when my reminders are, under a secret address, in neutral words.
//!
//! Events are single instants in UTC, so a calendar program needs no zones and no recurrence of its own and cannot get either
//! wrong. It asks again every hour.

use axum::{
    Json,
    extract::State as Shared,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, TimeDelta, Utc};
use icalendar::{Alarm, Calendar, Class, Component, Event, EventLike, Property};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::standing::{Standing, Told};
use crate::{
    access::Phone,
    app::App,
    auth::{
        hash,
        limits::{self, Address, Limit},
    },
    db::Tx,
    error::{Error, Path, Result},
    events,
    ids::{ClientId, OrganisationId},
    notify::words::in_force,
};

const AHEAD: TimeDelta = TimeDelta::weeks(8);
/// What calendars show as the length of an event.
const LASTS: TimeDelta = TimeDelta::minutes(5);
const ASK_AGAIN: Duration = Duration::hours(1);
/// Addresses that are not there, asked for from one place. Only they count, and only they are refused: calendar programs of many
/// people ask from one place, and go on asking for calendars that were ended.
const GUESSES: Limit = Limit { most: 60, window: Duration::hours(1) };

#[derive(Debug, Serialize, ToSchema)]
pub struct MyCalendar {
    /// Shown once. Whoever has it can see when my reminders are, and nothing else.
    url: String,
}

/// A new address for my calendar. The old one ends.
#[utoipa::path(post, path = "/api/v1/me/calendar", responses((status = 201, body = MyCalendar)))]
pub async fn make(Shared(app): Shared<App>, phone: Phone) -> Result<(StatusCode, Json<MyCalendar>)> {
    let secret = URL_SAFE_NO_PAD.encode(app.chance.bytes::<24>());
    let mut tx = app.db.begin().await?;
    keep(&mut tx, &app, &phone, Some(hash(secret.as_bytes()))).await?;
    tx.commit().await?;
    app.wake();
    let url = format!("{}/calendar/{secret}.ics", app.config.public_url.trim_end_matches('/'));
    Ok((StatusCode::CREATED, Json(MyCalendar { url })))
}

/// Ends my calendar: its address leads nowhere.
#[utoipa::path(delete, path = "/api/v1/me/calendar", responses((status = 204)))]
pub async fn end(Shared(app): Shared<App>, phone: Phone) -> Result<StatusCode> {
    let mut tx = app.db.begin().await?;
    keep(&mut tx, &app, &phone, None).await?;
    tx.commit().await?;
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}

async fn keep(tx: &mut Tx, app: &App, phone: &Phone, hash: Option<Vec<u8>>) -> Result<()> {
    tx.query("UPDATE client SET calendar_hash = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(hash)
        .execute()
        .await?;
    events::append(tx, app, phone.organisation, events::What::Client, phone.client.0, phone.client).await
}

/// When somebody's reminders are, for their calendar program.
#[utoipa::path(get, path = "/calendar/{secret}", params(("secret" = String, Path)), responses((status = 200, content_type = "text/calendar", body = String)))]
pub async fn feed(
    Shared(app): Shared<App>,
    Address(ip): Address,
    Path(secret): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let secret = secret.strip_suffix(".ics").unwrap_or(&secret);
    let Some((organisation, client)) = whose(&app, secret).await? else {
        limits::count(&app, &format!("calendar:{ip}"), GUESSES).await?;
        return Err(Error::NotFound);
    };
    let standing = Standing::load(&app.db, organisation, client).await?;
    let answered = answered(&app, organisation, client).await?;
    Ok(answer(&headers, write(&standing, &answered, app.now(), in_force(&app, &standing.settings.language))))
}

/// Found by its hash, so no more is learned from how long a wrong one takes than that it is wrong.
async fn whose(app: &App, secret: &str) -> Result<Option<(OrganisationId, ClientId)>> {
    Ok(app
        .db
        .query("SELECT organisation_id, id FROM client WHERE calendar_hash = $1 AND active")
        .bind(hash(secret.as_bytes()))
        .optional()
        .await?)
}

/// What was answered beforehand needs no event.
async fn answered(app: &App, organisation: OrganisationId, client: ClientId) -> Result<Vec<Uuid>> {
    let ids: Vec<(Uuid,)> = app
        .db
        .query(
            "SELECT id FROM occurrence
             WHERE organisation_id = $1 AND client_id = $2 AND local_date >= $3 AND answer IN ('done', 'skipped')",
        )
        .bind(organisation)
        .bind(client)
        .bind((app.now() - TimeDelta::days(2)).date_naive())
        .all()
        .await?;
    Ok(ids.into_iter().map(|id| id.0).collect())
}

/// From today on: what has just rung must not vanish.
fn write(standing: &Standing, answered: &[Uuid], now: DateTime<Utc>, language: &str) -> String {
    let (name, title) = match language {
        "cy" => ("Nodiadau atgoffa", "Nodyn atgoffa"),
        _ => ("Reminders", "Reminder"),
    };
    let today = standing.day(standing.today(now)).start;
    let mut calendar = Calendar::empty();
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//Companion//Reminders//EN"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(Property::new(key, value));
    }
    calendar.name(name).ttl(&ASK_AGAIN);
    for (occurrence, told) in standing.between(today, now + AHEAD) {
        if !answered.contains(&occurrence.id) {
            calendar.push(event(standing, told, occurrence.id, occurrence.at, title));
        }
    }
    calendar.to_string()
}

fn event(standing: &Standing, told: &Told, id: Uuid, at: DateTime<Utc>, title: &str) -> Event {
    let mut event = Event::new();
    event
        .uid(&id.to_string())
        // When it was written, not when it was asked for: the same calendar is the same text.
        .timestamp(told.changed_at)
        .starts(at)
        .ends(at + LASTS)
        .summary(title)
        .class(Class::Private)
        .add_property("TRANSP", "TRANSPARENT");
    if !standing.is_quiet(at) {
        // The library would add both by clock and chance.
        let mut alarm = Alarm::display(title, Duration::zero());
        alarm.uid(&format!("{id}-alarm")).timestamp(told.changed_at);
        event.alarm(alarm);
    }
    event.done()
}

fn answer(request: &HeaderMap, text: String) -> Response {
    let tag = format!("\"{}\"", hex::encode(&hash(text.as_bytes())[..12]));
    let known = request
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
