//! How a client wants to be told things: quiet hours, pauses, travel, and what may stand on a locked screen.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use mobile_shared::reminder::{Clock, Quiet, USEFUL_FOR};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{NO_SUCH_DATE, is_a_date, round, standing::clock};
use crate::{
    access::Phone,
    app::App,
    db::{Connection, Tx},
    error::{Body, Error, Faults, Result},
    etag, events,
    ids::{ClientId, OrganisationId},
    notify::Discretion,
};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    pub active: bool,
    pub language: String,
    time_zone: String,
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    pub reminders_paused_until: Option<NaiveDate>,
    follow_travel: bool,
    zone_here: Option<String>,
    discretion: Discretion,
    calendar: bool,
    pub reminders_shared: bool,
    pub reminders_seen_to: Option<DateTime<Utc>>,
}

impl Row {
    pub async fn load(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<Self> {
        Ok(from
            .query(
                "SELECT active, language, time_zone, quiet_from, quiet_until, reminders_paused_until, follow_travel, zone_here,
                        discretion, calendar_hash IS NOT NULL AS calendar, reminders_shared, reminders_seen_to
                 FROM client WHERE organisation_id = $1 AND id = $2",
            )
            .bind(organisation)
            .bind(client)
            .one()
            .await?)
    }

    /// The zone in force.
    pub fn zone(&self) -> Result<Tz> {
        let here = self.zone_here.as_deref().filter(|_| self.follow_travel);
        here.unwrap_or(&self.time_zone).parse().map_err(Error::internal)
    }

    pub fn quiet(&self) -> Result<Option<Quiet>> {
        let (Some(from), Some(until)) = (&self.quiet_from, &self.quiet_until) else { return Ok(None) };
        Ok(Some(Quiet { from: clock(from)?.time(), until: clock(until)?.time() }))
    }

    fn with(self, change: Change) -> Result<Self> {
        let time = |now: Option<Option<Clock>>, before| now.map_or(before, |clock| clock.map(|c| c.to_string()));
        let row = Self {
            quiet_from: time(change.quiet_from, self.quiet_from),
            quiet_until: time(change.quiet_until, self.quiet_until),
            reminders_paused_until: change.paused_until.unwrap_or(self.reminders_paused_until),
            follow_travel: change.follow_travel.unwrap_or(self.follow_travel),
            zone_here: change.zone_here.unwrap_or(self.zone_here),
            discretion: change.discretion.unwrap_or(self.discretion),
            ..self
        };
        Faults::default()
            .check(
                row.quiet_from.is_some() == row.quiet_until.is_some(),
                "quiet_until",
                "Quiet hours have a beginning and an end.",
            )
            .check(
                row.zone_here.as_deref().is_none_or(|zone| zone.parse::<Tz>().is_ok()),
                "zone_here",
                "Write a time zone like Europe/London.",
            )
            .check(row.reminders_paused_until.is_none_or(is_a_date), "paused_until", NO_SUCH_DATE)
            .done()?;
        Ok(row)
    }

    #[cfg(test)]
    pub fn example() -> Self {
        Self {
            active: true,
            language: "en".into(),
            time_zone: "Europe/London".into(),
            quiet_from: None,
            quiet_until: None,
            reminders_paused_until: None,
            follow_travel: false,
            zone_here: None,
            discretion: Discretion::Neutral,
            calendar: false,
            reminders_shared: false,
            reminders_seen_to: None,
        }
    }
}

/// As the client reads them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReminderSettings)]
pub struct Settings {
    /// `22:00`, by the clock on the wall.
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    /// The last day of a pause of everything.
    paused_until: Option<NaiveDate>,
    follow_travel: bool,
    /// Where I live.
    zone: String,
    /// Where my phone says that it is.
    zone_here: Option<String>,
    discretion: Discretion,
    /// There is a calendar that shows when my reminders are.
    calendar: bool,
}

impl From<Row> for Settings {
    fn from(row: Row) -> Self {
        Self {
            quiet_from: row.quiet_from,
            quiet_until: row.quiet_until,
            paused_until: row.reminders_paused_until,
            follow_travel: row.follow_travel,
            zone: row.time_zone,
            zone_here: row.zone_here,
            discretion: row.discretion,
            calendar: row.calendar,
        }
    }
}

/// What of it helps a worker to make a reminder. Not where somebody is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TeamReminderSettings)]
pub struct TeamSettings {
    quiet_from: Option<String>,
    quiet_until: Option<String>,
    paused_until: Option<NaiveDate>,
    zone: String,
}

impl From<Row> for TeamSettings {
    fn from(row: Row) -> Self {
        Self {
            quiet_from: row.quiet_from,
            quiet_until: row.quiet_until,
            paused_until: row.reminders_paused_until,
            zone: row.time_zone,
        }
    }
}

/// How I want to be told things.
#[utoipa::path(get, path = "/api/v1/me/reminder-settings", responses((status = 200, body = Settings)))]
pub async fn show(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let row = Row::load(&app.db, phone.organisation, phone.client).await?;
    etag::json(&headers, &Settings::from(row))
}

/// Missing: as it was. Null: none.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ReminderSettingsChange)]
pub struct Change {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    quiet_from: Option<Option<Clock>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    quiet_until: Option<Option<Clock>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<NaiveDate>)]
    paused_until: Option<Option<NaiveDate>>,
    follow_travel: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    zone_here: Option<Option<String>>,
    discretion: Option<Discretion>,
}

/// Tells null from missing.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Changes what is given and leaves the rest.
#[utoipa::path(put, path = "/api/v1/me/reminder-settings", request_body = Change, responses((status = 200, body = Settings)))]
pub async fn put(State(app): State<App>, phone: Phone, Body(change): Body<Change>) -> Result<Json<Settings>> {
    let mut tx = app.db.begin().await?;
    let before = round::settle(&mut tx, &app, phone.organisation, phone.client).await?.settings;
    let now = before.clone().with(change)?;
    if now != before {
        write(&mut tx, &phone, &now).await?;
        if now.zone()? == before.zone()? {
            round::plan(&mut tx, &app, phone.organisation, phone.client).await?;
        } else {
            moved(&mut tx, &app, phone.organisation, phone.client).await?;
        }
        events::append(&mut tx, &app, phone.organisation, events::What::Client, phone.client.0, phone.client).await?;
    }
    tx.commit().await?;
    app.wake();
    Ok(Json(now.into()))
}

async fn write(tx: &mut Tx, phone: &Phone, row: &Row) -> Result<()> {
    tx.query(
        "UPDATE client SET quiet_from = $3, quiet_until = $4, reminders_paused_until = $5, follow_travel = $6, zone_here = $7,
                           discretion = $8
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(phone.organisation)
    .bind(phone.client)
    .bind(&row.quiet_from)
    .bind(&row.quiet_until)
    .bind(row.reminders_paused_until)
    .bind(row.follow_travel)
    .bind(&row.zone_here)
    .bind(row.discretion)
    .execute()
    .await?;
    Ok(())
}

/// The zone in force is another, in a transaction that has settled what happened by the old one. What the day there has held in
/// the last hours and is still of use is told all the same, unless it was told before they left.
pub async fn moved(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    tx.query("UPDATE client SET reminders_seen_to = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client)
        .bind(app.now() - USEFUL_FOR)
        .execute()
        .await?;
    round::soon(tx, app, organisation, client).await
}
