//! Workers come, change roles, and leave. Leaving ends every session at once, and what would be told to it.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Role, Worker},
    app::App,
    audit::{self, Actor},
    auth::password,
    channels, contact,
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    flags,
    ids::{OrganisationId, ServiceId, WorkerId},
    notify::subscriptions,
    paging::Page,
    rota,
};

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerEntry {
    id: WorkerId,
    email: String,
    name: String,
    first_name: String,
    active: bool,
    roles: Vec<Role>,
    service_ids: Vec<ServiceId>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: WorkerId,
    email: String,
    name: String,
    first_name: String,
    active: bool,
}

async fn entry(app: &App, organisation: OrganisationId, row: Row) -> Result<WorkerEntry> {
    let services: Vec<(ServiceId,)> = app
        .db
        .query("SELECT service_id FROM worker_service WHERE organisation_id = $1 AND worker_id = $2")
        .bind(organisation)
        .bind(row.id)
        .all()
        .await?;
    Ok(WorkerEntry {
        id: row.id,
        roles: super::roles_of(app, organisation, row.id).await?,
        service_ids: services.into_iter().map(|s| s.0).collect(),
        email: row.email,
        name: row.name,
        first_name: row.first_name,
        active: row.active,
    })
}

/// Everybody who works here, or did.
#[utoipa::path(get, path = "/api/v1/admin/workers", responses((status = 200, body = Page<WorkerEntry>)))]
pub async fn list(State(app): State<App>, worker: Worker) -> Result<Json<Page<WorkerEntry>>> {
    let rows: Vec<Row> = app
        .db
        .query("SELECT id, email, name, first_name, active FROM worker WHERE organisation_id = $1 ORDER BY name")
        .bind(worker.organisation)
        .all()
        .await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        items.push(entry(&app, worker.organisation, row).await?);
    }
    Ok(Json(Page::all(items)))
}

#[derive(Clone, Deserialize, ToSchema)]
pub struct NewWorker {
    pub email: String,
    pub name: String,
    /// What clients see.
    pub first_name: String,
    /// At least 12 characters.
    pub password: String,
    pub roles: Vec<Role>,
    #[serde(default)]
    pub service_ids: Vec<ServiceId>,
}

impl std::fmt::Debug for NewWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewWorker({:?})", self.roles)
    }
}

/// A new worker.
#[utoipa::path(post, path = "/api/v1/admin/workers", request_body = NewWorker, responses((status = 201, body = WorkerEntry)))]
pub async fn create(
    State(app): State<App>,
    admin: Worker,
    Body(new): Body<NewWorker>,
) -> Result<(StatusCode, Json<WorkerEntry>)> {
    let id = add(&app, admin.organisation, Actor::Worker(admin.id), new).await?;
    Ok((StatusCode::CREATED, Json(load(&app, admin.organisation, id).await?)))
}

/// Adds a worker; `companion init` adds the first one.
pub async fn add(app: &App, organisation: OrganisationId, by: Actor, new: NewWorker) -> Result<WorkerId> {
    let email = new.email.trim().to_lowercase();
    Faults::default()
        .check(
            email.len() <= 254 && email.split_once('@').is_some_and(|(a, b)| !a.is_empty() && b.contains('.')),
            "email",
            "This does not look like an e-mail address.",
        )
        .text(&new.name, "name", 120)
        .text(&new.first_name, "first_name", 60)
        .check(!new.roles.is_empty(), "roles", "Choose at least one role.")
        .check(long_enough(&new.password), "password", TOO_SHORT)
        .done()?;
    let id: WorkerId = app.new_id();
    let password_hash = app.passwords.hash(&app.chance, new.password).await?;
    let mut tx = app.db.begin().await?;
    let added = tx
        .query(
            "INSERT INTO worker (organisation_id, id, email, name, first_name, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(organisation)
        .bind(id)
        .bind(&email)
        .bind(new.name.trim())
        .bind(new.first_name.trim())
        .bind(&password_hash)
        .bind(app.now())
        .execute()
        .await;
    match added {
        Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => {
            return Err(Error::Conflict("Somebody signs in with this e-mail address already."));
        }
        added => added?,
    };
    put_roles(&mut tx, organisation, id, &new.roles).await?;
    put_services(&mut tx, organisation, id, &new.service_ids).await?;
    let detail = serde_json::json!({ "worker": id, "roles": new.roles });
    audit::append(&mut tx, app, organisation, by, "worker.created", &[], detail).await?;
    tx.commit().await?;
    Ok(id)
}

const TOO_SHORT: &str = "Please use at least 12 characters: a few words make a good password.";

fn long_enough(password: &str) -> bool {
    (password::SHORTEST..=200).contains(&password.chars().count())
}

#[derive(Deserialize, ToSchema)]
pub struct WorkerChange {
    active: Option<bool>,
    roles: Option<Vec<Role>>,
    service_ids: Option<Vec<ServiceId>>,
    password: Option<String>,
}

impl std::fmt::Debug for WorkerChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WorkerChange(..)")
    }
}

/// Changes roles, services or password, or ends somebody's work here. A new password and leaving end every
/// session of theirs and the notifications to it, and what a leaver had open is nobody's again. The audit trail names the roles given: an admin
/// may give them to anybody, themselves too.
#[utoipa::path(patch, path = "/api/v1/admin/workers/{id}", params(("id" = Uuid, Path)), request_body = WorkerChange, responses((status = 200, body = WorkerEntry)))]
pub async fn change(
    State(app): State<App>,
    admin: Worker,
    Path(id): Path<WorkerId>,
    Body(change): Body<WorkerChange>,
) -> Result<Json<WorkerEntry>> {
    let organisation = admin.organisation;
    Faults::default()
        .check(change.password.as_deref().is_none_or(long_enough), "password", TOO_SHORT)
        .check(change.roles.as_ref().is_none_or(|r| !r.is_empty()), "roles", "Choose at least one role.")
        .check(
            id != admin.id || change.active != Some(false),
            "active",
            "You cannot end your own access; ask another admin.",
        )
        .done()?;
    load(&app, organisation, id).await?;
    let password_hash = match change.password {
        Some(password) => Some(app.passwords.hash(&app.chance, password).await?),
        None => None,
    };
    let leaves = change.active == Some(false);
    let signs_out = password_hash.is_some() || leaves;
    let detail = serde_json::json!({
        "worker": id, "active": change.active, "roles": change.roles, "services": change.service_ids,
        "password": password_hash.is_some(),
    });
    let mut tx = app.db.begin().await?;
    tx.query(
        "UPDATE worker SET active = COALESCE($3, active), password_hash = COALESCE($4, password_hash)
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(organisation)
    .bind(id)
    .bind(change.active)
    .bind(password_hash)
    .execute()
    .await?;
    if let Some(roles) = &change.roles {
        put_roles(&mut tx, organisation, id, roles).await?;
    }
    if let Some(services) = &change.service_ids {
        put_services(&mut tx, organisation, id, services).await?;
    }
    if signs_out {
        tx.query("UPDATE session SET ended_at = $3 WHERE organisation_id = $1 AND worker_id = $2 AND ended_at IS NULL")
            .bind(organisation)
            .bind(id)
            .bind(app.now())
            .execute()
            .await?;
        subscriptions::end_of_worker(&mut tx, &app, organisation, id).await?;
    }
    // Who is back is no more a hole on a rota than who has left is not one.
    if change.active.is_some() {
        rota::worker_changed(&mut tx, &app, organisation, id).await?;
    }
    if leaves {
        channels::end_of_worker(&mut tx, &app, organisation, id).await?;
        contact::let_go(&mut tx, &app, organisation, id).await?;
        flags::let_go(&mut tx, &app, organisation, id).await?;
    }
    audit::append(&mut tx, &app, organisation, Actor::Worker(admin.id), "worker.changed", &[], detail).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(load(&app, organisation, id).await?))
}

async fn load(app: &App, organisation: OrganisationId, id: WorkerId) -> Result<WorkerEntry> {
    let row: Option<Row> = app
        .db
        .query("SELECT id, email, name, first_name, active FROM worker WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?;
    entry(app, organisation, row.ok_or(Error::NotFound)?).await
}

async fn put_roles(tx: &mut Tx, organisation: OrganisationId, worker: WorkerId, roles: &[Role]) -> Result<()> {
    tx.query("DELETE FROM worker_role WHERE organisation_id = $1 AND worker_id = $2")
        .bind(organisation)
        .bind(worker)
        .execute()
        .await?;
    for role in roles {
        tx.query(
            "INSERT INTO worker_role (organisation_id, worker_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(organisation)
        .bind(worker)
        .bind(*role)
        .execute()
        .await?;
    }
    Ok(())
}

async fn put_services(
    tx: &mut Tx,
    organisation: OrganisationId,
    worker: WorkerId,
    services: &[ServiceId],
) -> Result<()> {
    tx.query("DELETE FROM worker_service WHERE organisation_id = $1 AND worker_id = $2")
        .bind(organisation)
        .bind(worker)
        .execute()
        .await?;
    for service in services {
        let added = tx
            .query("INSERT INTO worker_service (organisation_id, worker_id, service_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(organisation)
            .bind(worker)
            .bind(*service)
            .execute()
            .await;
        match added {
            Err(e) if e.as_database_error().is_some_and(|e| e.is_foreign_key_violation()) => {
                return Err(Error::field("service_ids", "There is no such service."));
            }
            added => added?,
        };
    }
    Ok(())
}
