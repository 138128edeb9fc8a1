//! Members of staff: who they are to each other and to clients.

pub mod admin;

use std::collections::HashMap;

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::{Role, Worker},
    app::App,
    error::Result,
    ids::{OrganisationId, ServiceId, WorkerId},
    organisation::{self, Brand, Service},
    paging::Page,
};

/// A worker as others see them. Clients see the first name only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::FromRow)]
pub struct WorkerRef {
    pub id: WorkerId,
    pub name: String,
    pub first_name: String,
}

/// Everybody's name, for putting names to ids.
#[derive(Debug)]
pub struct Names(HashMap<WorkerId, WorkerRef>);

impl Names {
    pub async fn load(app: &App, organisation: OrganisationId) -> Result<Self> {
        let all: Vec<WorkerRef> = app
            .db
            .query("SELECT id, name, first_name FROM worker WHERE organisation_id = $1")
            .bind(organisation)
            .all()
            .await?;
        Ok(Self(all.into_iter().map(|w| (w.id, w)).collect()))
    }

    /// One worker's name, if there is one to name: most often there is not.
    pub async fn of_one(app: &App, organisation: OrganisationId, id: Option<WorkerId>) -> Result<Self> {
        if id.is_some() { Self::load(app, organisation).await } else { Ok(Self(HashMap::new())) }
    }

    pub fn of(&self, id: Option<WorkerId>) -> Option<WorkerRef> {
        self.0.get(&id?).cloned()
    }

    pub fn first(&self, id: Option<WorkerId>) -> Option<String> {
        self.0.get(&id?).map(|w| w.first_name.clone())
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    #[serde(flatten)]
    who: WorkerRef,
    email: String,
    roles: Vec<Role>,
    services: Vec<ServiceName>,
    organisation: Brand,
}

#[derive(Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct ServiceName {
    id: ServiceId,
    name: String,
}

pub async fn roles_of(app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<Vec<Role>> {
    let roles: Vec<(Role,)> = app
        .db
        .query("SELECT role FROM worker_role WHERE organisation_id = $1 AND worker_id = $2 ORDER BY role")
        .bind(organisation)
        .bind(worker)
        .all()
        .await?;
    Ok(roles.into_iter().map(|r| r.0).collect())
}

pub async fn signed_in(app: &App, organisation: OrganisationId, id: WorkerId, brand: Brand) -> Result<SignedIn> {
    let (name, first_name, email): (String, String, String) = app
        .db
        .query("SELECT name, first_name, email FROM worker WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .one()
        .await?;
    let services = app
        .db
        .query(
            "SELECT s.id, s.name FROM service s
             JOIN worker_service ws ON ws.organisation_id = s.organisation_id AND ws.service_id = s.id
             WHERE ws.organisation_id = $1 AND ws.worker_id = $2 ORDER BY s.name",
        )
        .bind(organisation)
        .bind(id)
        .all()
        .await?;
    let roles = roles_of(app, organisation, id).await?;
    Ok(SignedIn { who: WorkerRef { id, name, first_name }, email, roles, services, organisation: brand })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    worker: SignedIn,
    organisation: Brand,
}

/// Who I am signed in as.
#[utoipa::path(get, path = "/api/v1/team/me", responses((status = 200, body = Me)))]
pub async fn me(State(app): State<App>, worker: Worker) -> Result<Json<Me>> {
    let organisation = organisation::brand(&app.db, worker.organisation).await?;
    let worker = signed_in(&app, worker.organisation, worker.id, organisation.clone()).await?;
    Ok(Json(Me { worker, organisation }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Colleague {
    #[serde(flatten)]
    who: WorkerRef,
    roles: Vec<Role>,
}

/// Active colleagues of the services I am in: those I can hand something over to, or assign.
#[utoipa::path(get, path = "/api/v1/team/workers", responses((status = 200, body = Page<Colleague>)))]
pub async fn list(State(app): State<App>, worker: Worker) -> Result<Json<Page<Colleague>>> {
    let found: Vec<WorkerRef> = app
        .db
        .query(
            "SELECT DISTINCT w.id, w.name, w.first_name FROM worker w
             JOIN worker_service theirs ON theirs.organisation_id = w.organisation_id AND theirs.worker_id = w.id
             JOIN worker_service mine ON mine.organisation_id = w.organisation_id AND mine.service_id = theirs.service_id
             WHERE w.organisation_id = $1 AND mine.worker_id = $2 AND w.active ORDER BY w.name",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .all()
        .await?;
    let mut items = Vec::with_capacity(found.len());
    for who in found {
        let roles = roles_of(&app, worker.organisation, who.id).await?;
        items.push(Colleague { who, roles });
    }
    Ok(Json(Page::all(items)))
}

/// The services I am in.
#[utoipa::path(get, path = "/api/v1/team/services", responses((status = 200, body = Page<Service>)))]
pub async fn services(State(app): State<App>, worker: Worker) -> Result<Json<Page<Service>>> {
    Ok(Json(Page::all(services_of(&app, &worker).await?)))
}

/// The services that a worker works in, by name.
pub async fn services_of(app: &App, worker: &Worker) -> Result<Vec<Service>> {
    Ok(app
        .db
        .query(
            "SELECT s.id, s.name, s.kind FROM service s
             JOIN worker_service ws ON ws.organisation_id = s.organisation_id AND ws.service_id = s.id
             WHERE ws.organisation_id = $1 AND ws.worker_id = $2 ORDER BY s.name",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .all()
        .await?)
}
