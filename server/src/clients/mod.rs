//! The people supported: who they are in their own words, their support package, and a worker's caseload.

pub mod assignments;
pub mod communication;
pub mod me;
pub mod page;
pub mod reach;

pub use page::{NewClient, add};

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use mobile_shared::contact::How;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Worker,
    app::App,
    audit,
    db::{Connection, Tx},
    error::{Error, Faults, Result},
    ids::{ClientId, OrganisationId, ServiceId, WorkerId},
    organisation::Service,
    paging::Page,
    seal::{ClientKey, Place},
    workers::{Names, WorkerRef},
};

/// How a client likes to be reached. Shown before any call: somebody else may pick up.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Reach {
    #[schema(value_type = Option<String>)]
    pub how: Option<How>,
    /// "after 10, never while my brother is in"
    pub when: Option<String>,
    /// What to say and what not to.
    pub words: Option<String>,
    /// Whether a message may be left for whoever picks up or listens; none if they have not said.
    #[serde(default)]
    pub leave_message: Option<bool>,
    /// Never while they are at work.
    #[serde(default)]
    pub not_at_work: bool,
}

impl Reach {
    /// `within`: the field of the body that this is.
    fn check<'f>(&self, faults: &'f mut Faults, within: &str) -> &'f mut Faults {
        faults.at_most(self.when.as_deref(), &format!("{within}when"), 300).at_most(
            self.words.as_deref(),
            &format!("{within}words"),
            500,
        )
    }
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
    #[serde(default)]
    communication: communication::Kept,
    /// Of a newer server beside this one: what is written here keeps it.
    #[serde(flatten)]
    unknown: serde_json::Map<String, serde_json::Value>,
}

impl Profile {
    fn unreadable() -> Self {
        let name = "A record that cannot be read".to_owned();
        Self {
            preferred_name: name.clone(),
            name,
            phone: None,
            dedicated_phone: None,
            reach: Reach::default(),
            about: None,
            communication: communication::Kept::default(),
            unknown: serde_json::Map::new(),
        }
    }
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
    flags_shown: bool,
    silence_counts: bool,
    active: bool,
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
    /// Their choice: to read flags, and their picture in words, on the phone.
    pub flags_shown: bool,
    /// Their choice: that having gone quiet is a signal.
    pub silence_counts: bool,
    /// Supported by the organisation now.
    pub active: bool,
    pub service_id: ServiceId,
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
        // A damaged profile must not keep a request for contact from being taken in, or shown.
        let profile = key.open_json(profile_place(row.id), &row.profile).unwrap_or_else(|error| {
            tracing::error!(client = %row.id, %error, "a client's profile cannot be read");
            Profile::unreadable()
        });
        Ok(Self {
            id: row.id,
            key,
            profile,
            language: row.language,
            zone: row.time_zone.parse().map_err(Error::internal)?,
            check_ins_per_week: row.check_ins_per_week,
            flags_shown: row.flags_shown,
            silence_counts: row.silence_counts,
            active: row.active,
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
pub async fn load_from(
    mut from: impl Connection,
    app: &App,
    organisation: OrganisationId,
    id: ClientId,
) -> Result<Client> {
    let row = from
        .query(
            "SELECT id, service_id, wrapped_key, profile, language, time_zone, hours_per_week, cover,
                    check_ins_per_week, created_at, flags_shown, silence_counts, active
             FROM client WHERE organisation_id = $1 AND id = $2",
        )
        .bind(organisation)
        .bind(id)
        .one()
        .await?;
    Client::open(app, organisation, row)
}

/// The same, to write their profile anew: one that cannot be read is not written over.
async fn load_to_change(tx: &mut Tx, app: &App, organisation: OrganisationId, id: ClientId) -> Result<Client> {
    let client = load_from(&mut *tx, app, organisation, id).await?;
    let (sealed,): (Vec<u8>,) = tx
        .query("SELECT profile FROM client WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .one()
        .await?;
    let profile = client.key.open_json(profile_place(id), &sealed).map_err(Error::internal)?;
    Ok(Client { profile, ..client })
}

/// Everybody on a worker's caseload.
pub async fn caseload(app: &App, worker: &Worker) -> Result<Vec<Client>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT c.id, c.service_id, c.wrapped_key, c.profile, c.language, c.time_zone, c.hours_per_week, c.cover,
                    c.check_ins_per_week, c.created_at, c.flags_shown, c.silence_counts, c.active
             FROM client c JOIN caseload l ON l.organisation_id = c.organisation_id AND l.client_id = c.id
             WHERE l.organisation_id = $1 AND l.worker_id = $2 AND c.active",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .all()
        .await?;
    let open = |row: Row| {
        let id = row.id;
        Client::open(app, worker.organisation, row)
            // One record that cannot be opened must not take the whole inbox away.
            .inspect_err(|error| tracing::error!(client = %id, %error, "a client's record cannot be opened"))
            .ok()
    };
    Ok(rows.into_iter().filter_map(open).collect())
}

/// Makes transactions that decide by this client's other rows take turns; do it first in them.
pub async fn take_turn(tx: &mut Tx, organisation: OrganisationId, client: ClientId) -> Result<()> {
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
