//! A client's page: who they are, their support package, who supports them; making one and changing it.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    ClientRef, PackageCover, Profile, Reach,
    assignments::{self, Assignment},
    communication::{self, Communication},
    load, load_to_change, profile_place, take_turn,
};
use crate::{
    access::{Record, Role, Worker},
    app::App,
    audit::{self, Actor},
    by_text,
    error::{Body, Error, Faults, Result},
    events,
    ids::{ClientId, OrganisationId, ServiceId},
    items,
    organisation::Service,
    reminders,
    workers::Names,
};

#[derive(Debug, Serialize, ToSchema)]
pub struct ClientPage {
    #[serde(flatten)]
    client: ClientRef,
    phone: Option<String>,
    service: Service,
    language: String,
    time_zone: String,
    hours_per_week: Option<i32>,
    cover: PackageCover,
    dedicated_phone: Option<String>,
    reach: Reach,
    communication: Communication,
    about: Option<String>,
    check_ins_per_week: i32,
    /// The client wants to read flags on their phone. If not, they still reach the team.
    flags_shown: bool,
    /// The client agrees that having gone quiet is a signal.
    silence_counts: bool,
    assignments: Vec<Assignment>,
    last_check_in_at: Option<DateTime<Utc>>,
    joined: bool,
    created_at: DateTime<Utc>,
}

/// A client's page.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = ClientPage)))]
pub async fn show(State(app): State<App>, record: Record) -> Result<Json<ClientPage>> {
    Ok(Json(page(&app, record.organisation, record.client).await?))
}

async fn page(app: &App, organisation: OrganisationId, id: ClientId) -> Result<ClientPage> {
    let client = load(app, organisation, id).await?;
    let service = app
        .db
        .query("SELECT id, name, kind FROM service WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client.service_id)
        .one()
        .await?;
    let (last_check_in_at, devices): (Option<DateTime<Utc>>, i64) = app
        .db
        .query(
            "SELECT (SELECT MAX(made_at) FROM check_in WHERE organisation_id = $1 AND client_id = $2),
                    (SELECT COUNT(*) FROM device WHERE organisation_id = $1 AND client_id = $2 AND revoked_at IS NULL)",
        )
        .bind(organisation)
        .bind(id)
        .one()
        .await?;
    let names = Names::load(app, organisation).await?;
    Ok(ClientPage {
        client: client.reference(),
        communication: client.communication(&names),
        phone: client.profile.phone,
        service,
        language: client.language,
        time_zone: client.zone.name().to_owned(),
        hours_per_week: client.hours_per_week,
        cover: client.cover,
        dedicated_phone: client.profile.dedicated_phone,
        reach: client.profile.reach,
        about: client.profile.about,
        check_ins_per_week: client.check_ins_per_week,
        flags_shown: client.flags_shown,
        silence_counts: client.silence_counts,
        assignments: assignments::of(app, organisation, id).await?,
        last_check_in_at,
        joined: devices > 0,
        created_at: client.created_at,
    })
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewClient {
    pub name: String,
    pub preferred_name: String,
    pub phone: Option<String>,
    pub service_id: ServiceId,
    #[serde(default = "english")]
    pub language: String,
    #[serde(default = "london")]
    pub time_zone: String,
    pub hours_per_week: Option<i32>,
    pub cover: PackageCover,
    pub dedicated_phone: Option<String>,
    #[serde(default, deserialize_with = "null_is_nothing")]
    pub reach: Reach,
    pub about: Option<String>,
    pub check_ins_per_week: Option<i32>,
}

fn null_is_nothing<'de, D: Deserializer<'de>>(from: D) -> Result<Reach, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

fn english() -> String {
    "en".into()
}

fn london() -> String {
    "Europe/London".into()
}

/// A new client, in a service I lead.
#[utoipa::path(post, path = "/api/v1/team/clients", request_body = NewClient, responses((status = 201, body = ClientPage)))]
pub async fn create(
    State(app): State<App>,
    worker: Worker,
    Body(new): Body<NewClient>,
) -> Result<(StatusCode, Json<ClientPage>)> {
    let leads: Option<(ServiceId,)> = app
        .db
        .query(
            "SELECT service_id FROM worker_service WHERE organisation_id = $1 AND worker_id = $2 AND service_id = $3",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(new.service_id)
        .optional()
        .await?;
    if leads.is_none() {
        return Err(Error::field("service_id", "Choose a service that you lead."));
    }
    let id = add(&app, worker.organisation, Actor::Worker(worker.id), new).await?;
    Ok((StatusCode::CREATED, Json(page(&app, worker.organisation, id).await?)))
}

/// Adds a client with a key of their own and the standard questions.
pub async fn add(app: &App, organisation: OrganisationId, by: Actor, new: NewClient) -> Result<ClientId> {
    let profile = Profile {
        name: new.name.trim().to_owned(),
        preferred_name: new.preferred_name.trim().to_owned(),
        phone: new.phone,
        dedicated_phone: new.dedicated_phone,
        reach: new.reach,
        about: new.about,
        communication: communication::Kept::default(),
        unknown: serde_json::Map::new(),
    };
    let check_ins_per_week = new.check_ins_per_week.unwrap_or(3);
    check(&profile, &new.language, &new.time_zone, new.hours_per_week, check_ins_per_week)?;
    let id: ClientId = app.new_id();
    let (key, wrapped) = app.master.new_client_key(&app.chance, organisation, id);
    let mut tx = app.db.begin().await?;
    tx.query(
        "INSERT INTO client (organisation_id, id, service_id, wrapped_key, profile, language, time_zone, hours_per_week,
                             cover, check_ins_per_week, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(organisation)
    .bind(id)
    .bind(new.service_id)
    .bind(wrapped)
    .bind(key.seal_json(&app.chance, profile_place(id), &profile))
    .bind(&new.language)
    .bind(&new.time_zone)
    .bind(new.hours_per_week)
    .bind(new.cover)
    .bind(check_ins_per_week)
    .bind(app.now())
    .execute()
    .await?;
    items::add_standard(&mut tx, app, organisation, id, &key).await?;
    events::append(&mut tx, app, organisation, events::What::Client, id.0, id).await?;
    audit::append(&mut tx, app, organisation, by, "client.created", &[id], serde_json::json!({})).await?;
    tx.commit().await?;
    app.wake();
    Ok(id)
}

fn check(profile: &Profile, language: &str, zone: &str, hours: Option<i32>, check_ins: i32) -> Result<()> {
    let mut faults = Faults::default();
    profile
        .reach
        .check(&mut faults, "reach.")
        .text(&profile.name, "name", 120)
        .text(&profile.preferred_name, "preferred_name", 60)
        .at_most(profile.phone.as_deref(), "phone", 40)
        .at_most(profile.dedicated_phone.as_deref(), "dedicated_phone", 40)
        .at_most(profile.about.as_deref(), "about", 2000)
        .check(["en", "cy"].contains(&language), "language", "Choose en or cy.")
        .check(zone.parse::<Tz>().is_ok(), "time_zone", "Write a time zone like Europe/London.")
        .check(hours.is_none_or(|h| (1..=168).contains(&h)), "hours_per_week", "Between 1 and 168 hours.")
        .check((1..=14).contains(&check_ins), "check_ins_per_week", "Between 1 and 14 times a week.")
        .done()
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ClientChange {
    name: Option<String>,
    preferred_name: Option<String>,
    phone: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    hours_per_week: Option<i32>,
    cover: Option<PackageCover>,
    dedicated_phone: Option<String>,
    reach: Option<Reach>,
    about: Option<String>,
    check_ins_per_week: Option<i32>,
}

impl ClientChange {
    /// What was agreed with those who pay for it; the rest is the person.
    fn touches_the_package(&self) -> bool {
        self.hours_per_week.is_some() || self.cover.is_some() || self.dedicated_phone.is_some()
    }
}

/// Changes what is given and leaves the rest. The support package is changed by a team lead.
#[utoipa::path(patch, path = "/api/v1/team/clients/{id}", params(("id" = Uuid, Path)), request_body = ClientChange, responses((status = 200, body = ClientPage)))]
pub async fn change(
    State(app): State<App>,
    record: Record,
    Body(change): Body<ClientChange>,
) -> Result<Json<ClientPage>> {
    if change.touches_the_package() && !record.worker.is(Role::TeamLead) {
        return Err(Error::Forbidden);
    }
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, record.organisation, record.client).await?;
    let client = load_to_change(&mut tx, &app, record.organisation, record.client).await?;
    let old = client.profile;
    let profile = Profile {
        name: change.name.unwrap_or(old.name),
        preferred_name: change.preferred_name.unwrap_or(old.preferred_name),
        phone: change.phone.or(old.phone),
        dedicated_phone: change.dedicated_phone.or(old.dedicated_phone),
        reach: change.reach.unwrap_or(old.reach),
        about: change.about.or(old.about),
        communication: old.communication,
        unknown: old.unknown,
    };
    let language = change.language.unwrap_or(client.language);
    let zone = change.time_zone.unwrap_or_else(|| client.zone.name().to_owned());
    let hours = change.hours_per_week.or(client.hours_per_week);
    let check_ins = change.check_ins_per_week.unwrap_or(client.check_ins_per_week);
    check(&profile, &language, &zone, hours, check_ins)?;
    let moves = zone != client.zone.name();
    if moves {
        // What has come by now came by the old clock.
        reminders::round::settle(&mut tx, &app, record.organisation, record.client).await?;
    }
    tx.query(
        "UPDATE client SET profile = $3, language = $4, time_zone = $5, hours_per_week = $6, cover = $7, check_ins_per_week = $8
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(record.organisation)
    .bind(record.client)
    .bind(client.key.seal_json(&app.chance, profile_place(record.client), &profile))
    .bind(&language)
    .bind(&zone)
    .bind(hours)
    .bind(change.cover.unwrap_or(client.cover))
    .bind(check_ins)
    .execute()
    .await?;
    if moves {
        reminders::settings::moved(&mut tx, &app, record.organisation, record.client).await?;
        by_text::round::soon(&mut tx, &app, record.organisation, record.client).await?;
    }
    events::append(&mut tx, &app, record.organisation, events::What::Client, record.client.0, record.client).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(page(&app, record.organisation, record.client).await?))
}
