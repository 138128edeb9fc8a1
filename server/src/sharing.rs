//! What a client decides about who may know what, and what they are told. More kinds of data come here as the app has them.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Phone,
    app::App,
    assessments,
    db::{Connection, Tx},
    error::{Body, Result},
    etag, events,
    ids::{ClientId, OrganisationId},
    warning_rules::{self, Sensitivity},
    workers::Names,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Chosen {
    pack_counted: bool,
    flags_shown: bool,
    silence_counts: bool,
    reminders_shared: bool,
}

/// The team's rules for telling a change, as the client reads them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Warning {
    sensitivity: Sensitivity,
    silence: bool,
    changed_at: Option<DateTime<Utc>>,
    /// First name.
    changed_by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Sharing {
    /// To be counted, without a name and never among fewer than five, in what is read and helps.
    pack_counted: bool,
    /// To read flags, and how things are in words, on this phone. They reach the team either way.
    flags_shown: bool,
    /// That having gone quiet may be told to the team.
    silence_counts: bool,
    /// That the team sees which reminders were answered, and is told, gently, when none are any more.
    reminders_shared: bool,
    warning: Warning,
}

async fn chosen(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<Chosen> {
    Ok(from
        .query("SELECT pack_counted, flags_shown, silence_counts, reminders_shared FROM client WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client)
        .one()
        .await?)
}

pub async fn is_counted(from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<bool> {
    Ok(chosen(from, organisation, client).await?.pack_counted)
}

async fn read(app: &App, phone: &Phone) -> Result<Sharing> {
    let Chosen { pack_counted, flags_shown, silence_counts, reminders_shared } =
        chosen(&app.db, phone.organisation, phone.client).await?;
    let rules = warning_rules::in_force(&app.db, phone.organisation, phone.client).await?;
    let names = Names::of_one(app, phone.organisation, rules.changed_by).await?;
    let warning = Warning {
        sensitivity: rules.sensitivity,
        silence: rules.silence,
        changed_at: rules.changed_at,
        changed_by: names.first(rules.changed_by),
    };
    Ok(Sharing { pack_counted, flags_shown, silence_counts, reminders_shared, warning })
}

/// My choices, and the rules by which my team is told of a change.
#[utoipa::path(get, path = "/api/v1/me/sharing", responses((status = 200, body = Sharing)))]
pub async fn show(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    etag::json(&headers, &read(&app, &phone).await?)
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Choices {
    /// Missing: as it was.
    pack_counted: Option<bool>,
    flags_shown: Option<bool>,
    silence_counts: Option<bool>,
    reminders_shared: Option<bool>,
}

/// Changes my choices. What is missing stays as it is, so an older app takes nothing back.
#[utoipa::path(put, path = "/api/v1/me/sharing", request_body = Choices, responses((status = 200, body = Sharing)))]
pub async fn put(State(app): State<App>, phone: Phone, Body(choices): Body<Choices>) -> Result<Json<Sharing>> {
    let mut tx = app.db.begin().await?;
    crate::clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let before = chosen(&mut tx, phone.organisation, phone.client).await?;
    let now = Chosen {
        pack_counted: choices.pack_counted.unwrap_or(before.pack_counted),
        flags_shown: choices.flags_shown.unwrap_or(before.flags_shown),
        silence_counts: choices.silence_counts.unwrap_or(before.silence_counts),
        reminders_shared: choices.reminders_shared.unwrap_or(before.reminders_shared),
    };
    if now != before {
        change(&mut tx, &app, &phone, before, now).await?;
    }
    tx.commit().await?;
    app.wake();
    Ok(Json(read(&app, &phone).await?))
}

async fn change(tx: &mut Tx, app: &App, phone: &Phone, before: Chosen, now: Chosen) -> Result<()> {
    tx.query(
        "UPDATE client SET pack_counted = $3, flags_shown = $4, silence_counts = $5, reminders_shared = $6
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(phone.organisation)
    .bind(phone.client)
    .bind(now.pack_counted)
    .bind(now.flags_shown)
    .bind(now.silence_counts)
    .bind(now.reminders_shared)
    .execute()
    .await?;
    if before.pack_counted && !now.pack_counted {
        forget_searches(tx, phone).await?;
    }
    if before.silence_counts != now.silence_counts || before.reminders_shared != now.reminders_shared {
        // A signal that stands is over, or begins to count, today and not at the next check-in.
        assessments::assess_soon(tx, app, phone.organisation, phone.client).await?;
    }
    events::append(tx, app, phone.organisation, events::What::Client, phone.client.0, phone.client).await
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
