//! The people supported: who they are in their own words, their support package, and a worker's caseload.

pub mod assignments;
pub mod me;

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use mobile_shared::contact::How;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Record, Role, Worker},
    app::App,
    audit::{self, Actor},
    db::Connection,
    error::{Body, Error, Faults, Result},
    events, items,
    ids::{ClientId, OrganisationId, ServiceId, WorkerId},
    organisation::Service,
    paging::Page,
    seal::{ClientKey, Place},
    workers::{Names, WorkerRef},
};
use assignments::Assignment;

/// How a client likes to be reached. Shown before any call: somebody else may pick up.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Reach {
    #[schema(value_type = Option<String>)]
    pub how: Option<How>,
    /// "after 10, never while my brother is in"
    pub when: Option<String>,
    /// What to say and what not to.
    pub words: Option<String>,
}

/// What is known of a person; kept sealed as one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub preferred_name: String,
    pub phone: Option<String>,
    pub dedicated_phone: Option<String>,
    pub reach: Reach,
    /// Who they are, in their own words.
    pub about: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PackageCover {
    Day,
    SleepingNight,
    WakingNight,
    OnCall,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ClientId,
    service_id: ServiceId,
    wrapped_key: Vec<u8>,
    profile: Vec<u8>,
    language: String,
    time_zone: String,
    hours_per_week: Option<i32>,
    cover: PackageCover,
    check_ins_per_week: i32,
    created_at: DateTime<Utc>,
}

/// A client with their key, opened.
#[derive(Debug)]
pub struct Client {
    pub id: ClientId,
    pub key: ClientKey,
    pub profile: Profile,
    pub language: String,
    pub zone: Tz,
    pub check_ins_per_week: i32,
    service_id: ServiceId,
    hours_per_week: Option<i32>,
    cover: PackageCover,
    created_at: DateTime<Utc>,
}

/// What others are called when named beside something of theirs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClientRef {
    pub id: ClientId,
    pub name: String,
    pub preferred_name: String,
}

impl Client {
    pub fn reference(&self) -> ClientRef {
        ClientRef { id: self.id, name: self.profile.name.clone(), preferred_name: self.profile.preferred_name.clone() }
    }

    fn open(app: &App, organisation: OrganisationId, row: Row) -> Result<Self> {
        let key = app.master.open_client_key(organisation, row.id, &row.wrapped_key)?;
        let profile = key.open_json(profile_place(row.id), &row.profile)?;
        Ok(Self {
            id: row.id,
            key,
            profile,
            language: row.language,
            zone: row.time_zone.parse().map_err(Error::internal)?,
            check_ins_per_week: row.check_ins_per_week,
            service_id: row.service_id,
            hours_per_week: row.hours_per_week,
            cover: row.cover,
            created_at: row.created_at,
        })
    }
}

fn profile_place(id: ClientId) -> Place {
    Place { column: "client.profile", row: id.0 }
}

pub async fn load(app: &App, organisation: OrganisationId, id: ClientId) -> Result<Client> {
    load_from(&app.db, app, organisation, id).await
}

/// The same, from within a transaction.
pub async fn load_from(mut from: impl Connection, app: &App, organisation: OrganisationId, id: ClientId) -> Result<Client> {
    let row = from
        .query(
            "SELECT id, service_id, wrapped_key, profile, language, time_zone, hours_per_week, cover,
                    check_ins_per_week, created_at
             FROM client WHERE organisation_id = $1 AND id = $2",
        )
        .bind(organisation)
        .bind(id)
        .one()
        .await?;
    Client::open(app, organisation, row)
}

/// Everybody on a worker's caseload.
pub async fn caseload(app: &App, worker: &Worker) -> Result<Vec<Client>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT c.id, c.service_id, c.wrapped_key, c.profile, c.language, c.time_zone, c.hours_per_week, c.cover,
                    c.check_ins_per_week, c.created_at
             FROM client c JOIN caseload l ON l.organisation_id = c.organisation_id AND l.client_id = c.id
             WHERE l.organisation_id = $1 AND l.worker_id = $2 AND c.active",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .all()
        .await?;
    rows.into_iter().map(|row| Client::open(app, worker.organisation, row)).collect()
}

/// Makes transactions that decide by this client's other rows take turns; do it first in them.
pub async fn take_turn(tx: &mut crate::db::Tx, organisation: OrganisationId, client: ClientId) -> Result<()> {
    tx.query("UPDATE client SET turn = turn + 1 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client)
        .execute()
        .await?;
    Ok(())
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CaseloadRow {
    #[serde(flatten)]
    client: ClientRef,
    service: Service,
    key_worker: Option<WorkerRef>,
    last_check_in_at: Option<DateTime<Utc>>,
    open_flags: i64,
    open_requests: i64,
    /// A phone has joined.
    joined: bool,
}

#[derive(sqlx::FromRow)]
struct Figures {
    id: ClientId,
    service_id: ServiceId,
    service_name: String,
    service_kind: String,
    key_worker: Option<WorkerId>,
    last_check_in_at: Option<DateTime<Utc>>,
    open_flags: i64,
    open_requests: i64,
    devices: i64,
}

/// My caseload, by name.
#[utoipa::path(get, path = "/api/v1/team/clients", responses((status = 200, body = Page<CaseloadRow>)))]
pub async fn list(State(app): State<App>, worker: Worker) -> Result<Json<Page<CaseloadRow>>> {
    let mut clients = caseload(&app, &worker).await?;
    clients.sort_by_cached_key(|c| c.profile.name.to_lowercase());
    let ids: Vec<ClientId> = clients.iter().map(|c| c.id).collect();
    audit::seen(&app, &worker, "caseload.read", &ids, None).await?;
    let mut figures: Vec<Figures> = app
        .db
        .query(
            "SELECT c.id, s.id AS service_id, s.name AS service_name, s.kind AS service_kind,
                (SELECT a.worker_id FROM assignment a WHERE a.organisation_id = c.organisation_id AND a.client_id = c.id AND a.key_worker) AS key_worker,
                (SELECT MAX(k.made_at) FROM check_in k WHERE k.organisation_id = c.organisation_id AND k.client_id = c.id) AS last_check_in_at,
                (SELECT COUNT(*) FROM flag f WHERE f.organisation_id = c.organisation_id AND f.client_id = c.id AND f.state <> 'resolved') AS open_flags,
                (SELECT COUNT(*) FROM contact_request r WHERE r.organisation_id = c.organisation_id AND r.client_id = c.id
                    AND r.folded_into IS NULL AND (r.state NOT IN ('done', 'cancelled') OR (r.state = 'cancelled' AND r.seen_at IS NULL))) AS open_requests,
                (SELECT COUNT(*) FROM device d WHERE d.organisation_id = c.organisation_id AND d.client_id = c.id AND d.revoked_at IS NULL) AS devices
             FROM client c
             JOIN caseload l ON l.organisation_id = c.organisation_id AND l.client_id = c.id
             JOIN service s ON s.organisation_id = c.organisation_id AND s.id = c.service_id
             WHERE l.organisation_id = $1 AND l.worker_id = $2 AND c.active",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .all()
        .await?;
    let names = Names::load(&app, worker.organisation).await?;
    let items = clients
        .iter()
        .filter_map(|client| {
            let at = figures.iter().position(|f| f.id == client.id)?;
            let f = figures.swap_remove(at);
            Some(CaseloadRow {
                client: client.reference(),
                service: Service { id: f.service_id, name: f.service_name, kind: f.service_kind },
                key_worker: names.of(f.key_worker),
                last_check_in_at: f.last_check_in_at,
                open_flags: f.open_flags,
                open_requests: f.open_requests,
                joined: f.devices > 0,
            })
        })
        .collect();
    Ok(Json(Page::all(items)))
}

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
    about: Option<String>,
    check_ins_per_week: i32,
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
    Ok(ClientPage {
        client: client.reference(),
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
    #[serde(default)]
    pub reach: Reach,
    pub about: Option<String>,
    pub check_ins_per_week: Option<i32>,
}

fn english() -> String {
    "en".into()
}

fn london() -> String {
    "Europe/London".into()
}

/// A new client, in a service I lead.
#[utoipa::path(post, path = "/api/v1/team/clients", request_body = NewClient, responses((status = 201, body = ClientPage)))]
pub async fn create(State(app): State<App>, worker: Worker, Body(new): Body<NewClient>) -> Result<(StatusCode, Json<ClientPage>)> {
    let leads: Option<(ServiceId,)> = app
        .db
        .query("SELECT service_id FROM worker_service WHERE organisation_id = $1 AND worker_id = $2 AND service_id = $3")
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
    Faults::default()
        .text(&profile.name, "name", 120)
        .text(&profile.preferred_name, "preferred_name", 60)
        .at_most(profile.phone.as_deref(), "phone", 40)
        .at_most(profile.dedicated_phone.as_deref(), "dedicated_phone", 40)
        .at_most(profile.about.as_deref(), "about", 2000)
        .at_most(profile.reach.when.as_deref(), "reach.when", 300)
        .at_most(profile.reach.words.as_deref(), "reach.words", 500)
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
pub async fn change(State(app): State<App>, record: Record, Body(change): Body<ClientChange>) -> Result<Json<ClientPage>> {
    if change.touches_the_package() && !record.worker.is(Role::TeamLead) {
        return Err(Error::Forbidden);
    }
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, record.organisation, record.client).await?;
    let client = load_from(&mut tx, &app, record.organisation, record.client).await?;
    let old = client.profile;
    let profile = Profile {
        name: change.name.unwrap_or(old.name),
        preferred_name: change.preferred_name.unwrap_or(old.preferred_name),
        phone: change.phone.or(old.phone),
        dedicated_phone: change.dedicated_phone.or(old.dedicated_phone),
        reach: change.reach.unwrap_or(old.reach),
        about: change.about.or(old.about),
    };
    let language = change.language.unwrap_or(client.language);
    let zone = change.time_zone.unwrap_or_else(|| client.zone.name().to_owned());
    let hours = change.hours_per_week.or(client.hours_per_week);
    let check_ins = change.check_ins_per_week.unwrap_or(client.check_ins_per_week);
    check(&profile, &language, &zone, hours, check_ins)?;
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
    events::append(&mut tx, &app, record.organisation, events::What::Client, record.client.0, record.client).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(page(&app, record.organisation, record.client).await?))
}
