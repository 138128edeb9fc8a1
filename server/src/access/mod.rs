//! Who may do what, decided here and nowhere else.
//!
//! Every route has a row in [`TABLE`]; one without a row answers nobody. The guard reads the row, finds out who
//! is calling, decides, leaves the audit row, and only then lets the handler run. A handler gets its caller as
//! an argument ([`Phone`], [`Worker`], [`Record`]) and cannot make one itself.
//!
//! Which clients a worker may see is the view `caseload` (migrations/0014_rota.sql): those assigned to them, for a team lead those
//! of their services, those of a service that they are on duty for, and those they were called for. An admin, as such, sees nobody's
//! record.

mod table;

use std::time::Duration;

use axum::{
    extract::{FromRequestParts, MatchedPath, RawPathParams, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::Response,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    audit::{self, Actor},
    auth::{access_token::Who, session},
    error::{Error, Result},
    ids::{ClientId, DeviceId, OrganisationId, SessionId, WorkerId},
};
use Rule::{AnyOf, ContactKey, Open, Phone as ByPhone, Record as OfClient, RecordAs, SignedIn, Worker as ByWorker};
pub use table::{Row, TABLE};

/// Whom a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Anyone.
    Open,
    /// Anyone signed in, for themselves.
    SignedIn,
    /// A client's phone, for that client.
    Phone,
    /// A phone's contact key, which can ask for contact and nothing else. The handler checks it.
    ContactKey,
    /// A worker, for what is theirs; lists hold only their caseload.
    Worker,
    /// A worker who holds one of the roles.
    AnyOf(&'static [Role]),
    /// A worker whose caseload holds the client whom the row of the path is about.
    Record(Via),
    /// The same, for a worker who holds the role.
    RecordAs(Via, Role),
}

/// How `{id}` in the path leads to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Client,
    Flag,
    ContactRequest,
}

/// How long a handler may take.
const WITHIN: Duration = Duration::from_secs(20);
/// And one that first takes in a picture, or all that a phone has saved for weeks, over a line that may be poor: 600 KiB at 40 kbit/s.
const UPLOAD_WITHIN: Duration = Duration::from_secs(120);
const UPLOADS: &[&str] = &["/api/v1/me/pack/additions/{id}", "/api/v1/me/sync", "/api/v1/team/resource-images/{id}"];

/// What a worker may be; several may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    SupportWorker,
    RecoveryCoach,
    PeerNavigator,
    TeamLead,
    Admin,
}

/// A client's phone, signed in.
#[derive(Clone, Copy, Debug)]
pub struct Phone {
    pub organisation: OrganisationId,
    pub client: ClientId,
    pub device: DeviceId,
    pub session: SessionId,
    /// When the client's first phone joined: what a phone says of an earlier time is a wrong clock.
    pub joined_at: DateTime<Utc>,
}

/// A worker, signed in.
#[derive(Clone, Debug)]
pub struct Worker {
    pub organisation: OrganisationId,
    pub id: WorkerId,
    pub session: SessionId,
    pub roles: Vec<Role>,
}

impl Worker {
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// A worker before the record of a client whom they may see. Having one means the look has been audited.
#[derive(Clone, Debug)]
pub struct Record {
    pub worker: Worker,
    pub organisation: OrganisationId,
    pub client: ClientId,
}

/// Who is signed in, phone or worker.
#[derive(Clone, Debug)]
pub enum Caller {
    Phone(Phone),
    Worker(Worker),
}

/// The row of a route. A HEAD is a GET without its body.
pub fn row_of(method: &Method, path: &str) -> Option<&'static Row> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    TABLE.iter().find(|r| r.method == method && r.path == path)
}

pub async fn guard(
    State(app): State<App>,
    path: MatchedPath,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let row = row_of(request.method(), path.as_str()).ok_or(Error::Forbidden)?;
    match row.rule {
        Open | ContactKey => {}
        SignedIn => {
            let caller = caller(&app, request.headers()).await?;
            request.extensions_mut().insert(caller);
        }
        ByPhone => {
            let Caller::Phone(phone) = caller(&app, request.headers()).await? else { return Err(Error::Forbidden) };
            request.extensions_mut().insert(phone);
        }
        ByWorker => {
            let worker = worker(&app, request.headers()).await?;
            request.extensions_mut().insert(worker);
        }
        AnyOf(roles) => {
            let worker = worker(&app, request.headers()).await?;
            holds(&app, &worker, roles, row).await?;
            audit::seen(&app, &worker, row.action, &[], id_in(&params).ok()).await?;
            request.extensions_mut().insert(worker);
        }
        OfClient(via) | RecordAs(via, _) => {
            let worker = worker(&app, request.headers()).await?;
            if let RecordAs(_, role) = row.rule {
                holds(&app, &worker, &[role], row).await?;
            }
            let record = record(&app, worker, via, id_in(&params)?, row).await?;
            request.extensions_mut().insert(record);
        }
    }
    // A database that no longer answers must not hold callers for ever. (A stream answers at once, then flows.)
    let within = if UPLOADS.contains(&row.path) { UPLOAD_WITHIN } else { WITHIN };
    tokio::time::timeout(within, next.run(request)).await.map_err(|_| Error::Slow)
}

async fn holds(app: &App, worker: &Worker, roles: &[Role], row: &Row) -> Result<()> {
    if roles.iter().any(|role| worker.is(*role)) {
        return Ok(());
    }
    denied(app, worker, row, &[]).await?;
    Err(Error::Forbidden)
}

/// Decides whether the worker may see the client, and leaves the audit row, whichever way it goes.
async fn record(app: &App, worker: Worker, via: Via, id: Uuid, row: &Row) -> Result<Record> {
    let client = client_of(app, worker.organisation, via, id).await?.ok_or(Error::NotFound)?;
    if !may_see(app, &worker, client).await? {
        denied(app, &worker, row, &[client]).await?;
        // Not "forbidden": that would say that there is such a person.
        return Err(Error::NotFound);
    }
    audit::seen(app, &worker, row.action, &[client], (via != Via::Client).then_some(id)).await?;
    Ok(Record { organisation: worker.organisation, client, worker })
}

async fn denied(app: &App, worker: &Worker, row: &Row, clients: &[ClientId]) -> Result<()> {
    let mut tx = app.db.begin().await?;
    let detail = serde_json::json!({ "refused": row.action });
    audit::append(&mut tx, app, worker.organisation, Actor::Worker(worker.id), "denied", clients, detail).await?;
    Ok(tx.commit().await?)
}

async fn client_of(app: &App, organisation: OrganisationId, via: Via, id: Uuid) -> Result<Option<ClientId>> {
    let sql = match via {
        Via::Client => "SELECT id FROM client WHERE organisation_id = $1 AND id = $2",
        Via::Flag => "SELECT client_id FROM flag WHERE organisation_id = $1 AND id = $2",
        Via::ContactRequest => "SELECT client_id FROM contact_request WHERE organisation_id = $1 AND id = $2",
    };
    let client: Option<(ClientId,)> = app.db.query(sql).bind(organisation).bind(id).optional().await?;
    Ok(client.map(|c| c.0))
}

pub async fn may_see(app: &App, worker: &Worker, client: ClientId) -> Result<bool> {
    let found: Option<(ClientId,)> = app
        .db
        .query("SELECT client_id FROM caseload WHERE organisation_id = $1 AND worker_id = $2 AND client_id = $3")
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(client)
        .optional()
        .await?;
    Ok(found.is_some())
}

async fn worker(app: &App, headers: &HeaderMap) -> Result<Worker> {
    match caller(app, headers).await? {
        Caller::Worker(worker) => Ok(worker),
        Caller::Phone(_) => Err(Error::Forbidden),
    }
}

/// Who holds the token: its signature and time are checked, then that its session still stands.
async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller> {
    let token = bearer(headers).ok_or(Error::Unauthorised)?;
    let claims = app.signer.verify(&app.db, &app.master, app.now(), token).await?;
    match claims.who {
        Who::Phone => session::phone(app, &claims).await?.map(Caller::Phone),
        Who::Worker => session::worker(app, &claims).await?.map(Caller::Worker),
    }
    .ok_or(Error::Unauthorised)
}

pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn id_in(params: &RawPathParams) -> Result<Uuid> {
    let (_, id) = params.iter().find(|(name, _)| *name == "id").ok_or(Error::NotFound)?;
    id.parse().map_err(|_| Error::NotFound)
}

macro_rules! given_by_the_guard {
    ($($caller:ty),+) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $caller {
            type Rejection = Error;

            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
                parts.extensions.get::<Self>().cloned().ok_or_else(|| {
                    Error::internal(concat!("the rule of this route gives no ", stringify!($caller)))
                })
            }
        }
    )+};
}
given_by_the_guard!(Phone, Worker, Record, Caller);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What the API says of itself: (method, path) of every route.
    fn described() -> BTreeSet<(String, String)> {
        let api = serde_json::to_value(crate::app::api().into_openapi()).unwrap();
        let paths = api["paths"].as_object().unwrap();
        paths
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().unwrap().keys().map(|m| (m.to_uppercase(), path.clone())).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn every_route_has_its_row_and_every_row_its_route() {
        let rows: BTreeSet<_> = TABLE.iter().map(|r| (r.method.to_owned(), r.path.to_owned())).collect();
        assert_eq!(rows.len(), TABLE.len(), "a row twice");
        assert_eq!(rows, described());
    }
}
