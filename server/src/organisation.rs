//! The provider itself: its name, colour, phone, and the services it runs.

use axum::{Json, extract::State, http::StatusCode};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Worker,
    app::App,
    audit,
    db::Connection,
    error::{Body, Error, Faults, Result},
    ids::{OrganisationId, ServiceId},
    paging::Page,
    resources,
};

/// The calendar that an organisation's figures go by: every nation it may be in keeps the same time. A client has their own.
pub const ZONE: Tz = chrono_tz::Europe::London;

#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Brand {
    pub id: OrganisationId,
    pub name: String,
    pub brand_colour: Option<String>,
    pub phone: Option<String>,
    pub phone_hours: Option<String>,
}

pub async fn brand(mut from: impl Connection, organisation: OrganisationId) -> Result<Brand> {
    Ok(from
        .query("SELECT id, name, brand_colour, phone, phone_hours FROM organisation WHERE id = $1")
        .bind(organisation)
        .one()
        .await?)
}

/// The organisation of this name; without one, the only one there is.
pub async fn named(app: &App, name: Option<&str>) -> Result<OrganisationId, String> {
    let all: Result<Vec<(OrganisationId, String)>, _> =
        app.db.query("SELECT id, name FROM organisation ORDER BY name").all().await;
    let all = all.map_err(|e| e.to_string())?;
    let names = || all.iter().map(|o| format!("{:?}", o.1)).collect::<Vec<_>>().join(", ");
    match (name, &all[..]) {
        (None, [only]) => Ok(only.0),
        (None, []) => Err("there is no organisation yet; begin with `companion init`".to_owned()),
        (None, _) => Err(format!("say which with --organisation: {}", names())),
        (Some(name), _) => all
            .iter()
            .find(|o| o.1 == name)
            .map(|o| o.0)
            .ok_or_else(|| format!("there is no {name:?}; there is {}", names())),
    }
}

/// Makes an organisation; `companion init` and the demonstration begin with it.
pub async fn create(app: &App, settings: &Settings) -> Result<OrganisationId> {
    settings.check()?;
    let id: OrganisationId = app.new_id();
    let (hash, seal) = audit::first_link(&app.master, id);
    let mut tx = app.db.begin().await?;
    tx.query(
        "INSERT INTO organisation (id, name, brand_colour, phone, phone_hours, nation, created_at, audit_hash, audit_seal)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(settings.name.trim())
    .bind(&settings.brand_colour)
    .bind(&settings.phone)
    .bind(&settings.phone_hours)
    .bind(&settings.nation)
    .bind(app.now())
    .bind(hash.to_vec())
    .bind(seal.to_vec())
    .execute()
    .await?;
    resources::install(&mut tx, app, id).await?;
    tx.commit().await?;
    Ok(id)
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, sqlx::FromRow)]
pub struct Settings {
    pub name: String,
    /// `#rrggbb`
    pub brand_colour: Option<String>,
    /// The number to ring instead of using the app.
    pub phone: Option<String>,
    /// When it is answered, in the provider's words.
    pub phone_hours: Option<String>,
    /// `england`, `wales`, `scotland` or `northern_ireland`: whose crisis lines come first.
    pub nation: String,
}

impl Settings {
    fn check(&self) -> Result<()> {
        let hex = |c: &str| c.len() == 7 && c.starts_with('#') && c[1..].bytes().all(|b| b.is_ascii_hexdigit());
        Faults::default()
            .text(&self.name, "name", 120)
            .check(self.brand_colour.as_deref().is_none_or(hex), "brand_colour", "Write a colour like #0b5c63.")
            .at_most(self.phone.as_deref(), "phone", 40)
            .at_most(self.phone_hours.as_deref(), "phone_hours", 120)
            .check(
                ["england", "wales", "scotland", "northern_ireland"].contains(&self.nation.as_str()),
                "nation",
                "Choose england, wales, scotland or northern_ireland.",
            )
            .done()
    }
}

/// The provider's settings.
#[utoipa::path(get, path = "/api/v1/admin/organisation", responses((status = 200, body = Settings)))]
pub async fn show(State(app): State<App>, worker: Worker) -> Result<Json<Settings>> {
    let settings = app
        .db
        .query("SELECT name, brand_colour, phone, phone_hours, nation FROM organisation WHERE id = $1")
        .bind(worker.organisation)
        .one()
        .await?;
    Ok(Json(settings))
}

/// Changes the provider's settings.
#[utoipa::path(put, path = "/api/v1/admin/organisation", request_body = Settings, responses((status = 200, body = Settings)))]
pub async fn put(State(app): State<App>, worker: Worker, Body(settings): Body<Settings>) -> Result<Json<Settings>> {
    settings.check()?;
    let mut tx = app.db.begin().await?;
    tx.query(
        "UPDATE organisation SET name = $2, brand_colour = $3, phone = $4, phone_hours = $5, nation = $6 WHERE id = $1",
    )
    .bind(worker.organisation)
    .bind(settings.name.trim())
    .bind(&settings.brand_colour)
    .bind(&settings.phone)
    .bind(&settings.phone_hours)
    .bind(&settings.nation)
    .execute()
    .await?;
    tx.commit().await?;
    show(State(app), worker).await
}

#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Service {
    pub id: ServiceId,
    pub name: String,
    pub kind: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewService {
    pub name: String,
    /// `24_hour`, `medium`, `flexible_community`, `forensic`, `recovery_college` or `women_only`
    pub kind: String,
}

pub async fn all_services(app: &App, organisation: OrganisationId) -> Result<Vec<Service>> {
    Ok(app
        .db
        .query("SELECT id, name, kind FROM service WHERE organisation_id = $1 ORDER BY name")
        .bind(organisation)
        .all()
        .await?)
}

/// The services the provider runs.
#[utoipa::path(get, path = "/api/v1/admin/services", responses((status = 200, body = Page<Service>)))]
pub async fn services(State(app): State<App>, worker: Worker) -> Result<Json<Page<Service>>> {
    Ok(Json(Page::all(all_services(&app, worker.organisation).await?)))
}

/// A new service.
#[utoipa::path(post, path = "/api/v1/admin/services", request_body = NewService, responses((status = 201, body = Service)))]
pub async fn create_service(
    State(app): State<App>,
    worker: Worker,
    Body(new): Body<NewService>,
) -> Result<(StatusCode, Json<Service>)> {
    Ok((StatusCode::CREATED, Json(add_service(&app, worker.organisation, new).await?)))
}

pub async fn add_service(app: &App, organisation: OrganisationId, new: NewService) -> Result<Service> {
    const KINDS: [&str; 6] = ["24_hour", "medium", "flexible_community", "forensic", "recovery_college", "women_only"];
    Faults::default()
        .text(&new.name, "name", 120)
        .check(KINDS.contains(&new.kind.as_str()), "kind", "This is not a kind of service that we know.")
        .done()?;
    let service = Service { id: app.new_id(), name: new.name.trim().to_owned(), kind: new.kind };
    let mut tx = app.db.begin().await?;
    let added = tx
        .query("INSERT INTO service (organisation_id, id, name, kind, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(organisation)
        .bind(service.id)
        .bind(&service.name)
        .bind(&service.kind)
        .bind(app.now())
        .execute()
        .await;
    match added {
        Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => {
            return Err(Error::Conflict("There is a service of this name already."));
        }
        added => added?,
    };
    tx.commit().await?;
    Ok(service)
}
