//! Which workers support a client; one of them is the key worker.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Record, Role},
    app::App,
    error::{Body, Error, Faults, Result},
    events,
    ids::{ClientId, OrganisationId, WorkerId},
    paging::Page,
    workers::WorkerRef,
};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Assignment {
    pub worker: WorkerRef,
    /// Of several roles the one nearest to the client.
    pub role: Option<Role>,
    pub key_worker: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: WorkerId,
    name: String,
    first_name: String,
    role: Option<Role>,
    key_worker: bool,
}

pub async fn of(app: &App, organisation: OrganisationId, client: ClientId) -> Result<Vec<Assignment>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT w.id, w.name, w.first_name, a.key_worker,
                (SELECT MIN(r.role) FROM worker_role r WHERE r.organisation_id = w.organisation_id AND r.worker_id = w.id AND r.role <> 'admin') AS role
             FROM assignment a JOIN worker w ON w.organisation_id = a.organisation_id AND w.id = a.worker_id
             WHERE a.organisation_id = $1 AND a.client_id = $2 AND w.active ORDER BY a.key_worker DESC, w.name",
        )
        .bind(organisation)
        .bind(client)
        .all()
        .await?;
    let assignment = |r: Row| Assignment {
        worker: WorkerRef { id: r.id, name: r.name, first_name: r.first_name },
        role: r.role,
        key_worker: r.key_worker,
    };
    Ok(rows.into_iter().map(assignment).collect())
}

/// Who supports this client.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/assignments", params(("id" = Uuid, Path)), responses((status = 200, body = Page<Assignment>)))]
pub async fn list(State(app): State<App>, record: Record) -> Result<Json<Page<Assignment>>> {
    Ok(Json(Page::all(of(&app, record.organisation, record.client).await?)))
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Assigned {
    pub worker_id: WorkerId,
    #[serde(default)]
    pub key_worker: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Assignments {
    workers: Vec<Assigned>,
}

/// The whole list of who supports this client.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/assignments", params(("id" = Uuid, Path)), request_body = Assignments, responses((status = 200, body = Page<Assignment>)))]
pub async fn put(
    State(app): State<App>,
    record: Record,
    Body(body): Body<Assignments>,
) -> Result<Json<Page<Assignment>>> {
    assign(&app, record.organisation, record.client, &body.workers).await?;
    list(State(app), record).await
}

pub async fn assign(app: &App, organisation: OrganisationId, client: ClientId, workers: &[Assigned]) -> Result<()> {
    let keys = workers.iter().filter(|w| w.key_worker).count();
    Faults::default().check(keys <= 1, "workers", "One of them is the key worker, not more.").done()?;
    let mut tx = app.db.begin().await?;
    super::take_turn(&mut tx, organisation, client).await?;
    tx.query("DELETE FROM assignment WHERE organisation_id = $1 AND client_id = $2")
        .bind(organisation)
        .bind(client)
        .execute()
        .await?;
    for worker in workers {
        // An admin as such supports nobody, and somebody who left cannot.
        let added = tx
            .query(
                "INSERT INTO assignment (organisation_id, client_id, worker_id, key_worker, created_at)
                 SELECT w.organisation_id, $2, w.id, $4, $5 FROM worker w
                 WHERE w.organisation_id = $1 AND w.id = $3 AND w.active
                   AND EXISTS (SELECT 1 FROM worker_role r WHERE r.organisation_id = w.organisation_id
                               AND r.worker_id = w.id AND r.role <> 'admin')
                 ON CONFLICT DO NOTHING",
            )
            .bind(organisation)
            .bind(client)
            .bind(worker.worker_id)
            .bind(worker.key_worker)
            .bind(app.now())
            .execute()
            .await?;
        if added == 0 {
            return Err(Error::field(
                "workers",
                "One of these is not a worker who can support somebody, or is there twice.",
            ));
        }
    }
    events::append(&mut tx, app, organisation, events::What::Client, client.0, client).await?;
    tx.commit().await?;
    app.wake();
    Ok(())
}
