//! The rota: who is on, first line and second, by service.
//!
//! What recurs is in `publish.rs`, a version each time somebody saves; `swaps.rs` and `absences.rs` change what comes of it. Instants,
//! and who is on at one, come from `mobile_shared::rota`, by way of [`Standing`]. One job waits per service (`round.rs`): it keeps
//! who is on duty (`duty.rs`), asks whoever works the night whether their phone works (`readiness.rs`), and tells leads by day where
//! nobody is (`holes.rs`).

pub mod absences;
pub mod duty;
pub mod handovers;
pub mod holes;
pub mod mine;
pub mod publish;
pub mod readiness;
pub mod round;
mod standing;
pub mod swaps;
pub mod team;

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    access::{Role, Worker},
    app::App,
    db::{Connection, Tx},
    error::{Error, Result},
    ids::{OrganisationId, ServiceId, WorkerId},
};

pub use mobile_shared::rota::Line;
pub use standing::{Standing, Version};

/// How far ahead no minute may be uncovered.
pub const AHEAD: Duration = Duration::days(14);

/// Who is on: active, not away, swaps counted. Each once, whoever began first, first.
pub async fn on(
    from: impl Connection,
    _: &App,
    organisation: OrganisationId,
    service: ServiceId,
    line: Line,
    at: DateTime<Utc>,
) -> Result<Vec<WorkerId>> {
    Ok(Standing::load(from, organisation, service, at).await?.on(line, at))
}

/// Who is rung if nobody is on; they still work here, but may be away.
pub async fn catch_all(
    mut from: impl Connection,
    organisation: OrganisationId,
    service: ServiceId,
) -> Result<Option<WorkerId>> {
    let found: Option<(WorkerId,)> = from
        .query(
            "SELECT w.id FROM rota r JOIN worker w ON w.organisation_id = r.organisation_id AND w.id = r.catch_all AND w.active
             WHERE r.organisation_id = $1 AND r.service_id = $2
               AND r.number = (SELECT MAX(n.number) FROM rota n WHERE n.organisation_id = $1 AND n.service_id = $2)",
        )
        .bind(organisation)
        .bind(service)
        .optional()
        .await?;
    Ok(found.map(|row| row.0))
}

/// Who is away at a moment, on whatever rota.
pub async fn away(from: impl Connection, organisation: OrganisationId, at: DateTime<Utc>) -> Result<HashSet<WorkerId>> {
    let absences = standing::absences(from, organisation, at).await?;
    Ok(absences.into_iter().filter(|absence| absence.holds(at)).map(|absence| WorkerId(absence.worker)).collect())
}

/// What stands around a moment, for asking who is on at any minute of that night without the database.
pub async fn tonight(
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    at: DateTime<Utc>,
) -> Result<Standing> {
    Standing::load(&app.db, organisation, service, at - Duration::days(1)).await
}

/// The active leads of a service.
pub async fn leads(
    mut from: impl Connection,
    organisation: OrganisationId,
    service: ServiceId,
) -> Result<Vec<WorkerId>> {
    let rows: Vec<(WorkerId,)> = from
        .query(
            "SELECT w.id FROM worker w
             JOIN worker_service s ON s.organisation_id = w.organisation_id AND s.worker_id = w.id
             JOIN worker_role r ON r.organisation_id = w.organisation_id AND r.worker_id = w.id AND r.role = 'team_lead'
             WHERE w.organisation_id = $1 AND s.service_id = $2 AND w.active ORDER BY w.id",
        )
        .bind(organisation)
        .bind(service)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Whoever the rota of a service names, and so sees its clients at one time or another: by id, with their first names.
pub async fn named(app: &App, organisation: OrganisationId, service: ServiceId) -> Result<Vec<(WorkerId, String)>> {
    let standing = Standing::load(&app.db, organisation, service, app.now()).await?;
    let written = standing.patterns().iter().filter_map(|pattern| pattern.worker_id);
    let named: HashSet<Uuid> = written.chain(standing.changes.iter().map(|change| change.worker)).collect();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let mut all: Vec<(WorkerId, String)> = app
        .db
        .query(
            "SELECT w.id, w.first_name FROM worker w WHERE w.organisation_id = $1 AND w.active
               AND EXISTS (SELECT 1 FROM worker_role r
                           WHERE r.organisation_id = w.organisation_id AND r.worker_id = w.id AND r.role <> 'admin')",
        )
        .bind(organisation)
        .all()
        .await?;
    all.retain(|(id, _)| named.contains(&id.0));
    Ok(all)
}

/// Makes transactions that decide by this service's rota take turns; do it first in them.
pub async fn take_turn(tx: &mut Tx, organisation: OrganisationId, service: ServiceId) -> Result<()> {
    tx.query("UPDATE service SET rota_turn = rota_turn + 1 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(service)
        .execute()
        .await?;
    Ok(())
}

/// What a rota says has changed, in a transaction that has its turn: who is on duty follows at once, and a round looks at the rest.
pub async fn changed(tx: &mut Tx, app: &App, organisation: OrganisationId, service: ServiceId) -> Result<()> {
    let standing = Standing::load(&mut *tx, organisation, service, app.now()).await?;
    duty::keep(tx, app, organisation, service, &standing).await?;
    round::soon(tx, app, organisation, service).await
}

/// Somebody goes, comes back, leaves for good or is something else now: every rota that they are on has changed. Takes the turns of
/// those services, so do it before anything else in the transaction takes one.
pub async fn worker_changed(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    for service in standing::services_with(&mut *tx, organisation, worker, app.now()).await? {
        take_turn(tx, organisation, service).await?;
        changed(tx, app, organisation, service).await?;
    }
    Ok(())
}

/// Whether a worker belongs to a service.
pub async fn works_in(app: &App, worker: &Worker, service: ServiceId) -> Result<bool> {
    let found: Option<(WorkerId,)> = app
        .db
        .query("SELECT worker_id FROM worker_service WHERE organisation_id = $1 AND worker_id = $2 AND service_id = $3")
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(service)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// The rota of a service is for whoever works in it or is on it.
async fn may_read(app: &App, worker: &Worker, service: ServiceId) -> Result<()> {
    if works_in(app, worker, service).await? {
        return Ok(());
    }
    let on = standing::services_with(&app.db, worker.organisation, worker.id, app.now()).await?;
    if on.contains(&service) { Ok(()) } else { Err(Error::NotFound) }
}

async fn may_change(app: &App, worker: &Worker, service: ServiceId) -> Result<bool> {
    Ok(worker.is(Role::TeamLead) && works_in(app, worker, service).await?)
}

/// For a route that only leads reach: of this service, too?
async fn leads_it(app: &App, worker: &Worker, service: ServiceId) -> Result<()> {
    if may_change(app, worker, service).await? {
        return Ok(());
    }
    Err(Error::field("service_id", "Choose a service that you lead."))
}
