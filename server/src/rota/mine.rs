//! What the rotas say to one worker: am I on, when next, and what am I asked.

use axum::{Json, extract::State};
use chrono::Duration;
use mobile_shared::rota::Shift;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Standing,
    standing::services_with,
    swaps::{self, Swap},
    team::{RotaShift, ServiceRef, described, service_ref},
};
use crate::{access::Worker, app::App, error::Result, workers::Names};

const AHEAD: Duration = Duration::days(28);

#[derive(Debug, Serialize, ToSchema)]
pub struct MyShift {
    #[serde(flatten)]
    shift: RotaShift,
    service: ServiceRef,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyRota {
    now: Vec<MyShift>,
    /// Of the next 28 days.
    next: Vec<MyShift>,
    /// Swaps that wait for my answer.
    asked: Vec<Swap>,
    /// Whose rota I can look at.
    services: Vec<ServiceRef>,
}

/// My shifts, now and next, and what waits for my answer.
#[utoipa::path(get, path = "/api/v1/team/rota/mine", responses((status = 200, body = MyRota)))]
pub async fn show(State(app): State<App>, worker: Worker) -> Result<Json<MyRota>> {
    let (organisation, now) = (worker.organisation, app.now());
    let names = Names::load(&app, organisation).await?;
    let on = services_with(&app.db, organisation, worker.id, now).await?;
    let mut all = of_worker(&app, &worker).await?;
    for service in &on {
        if !all.iter().any(|known| known.id == *service) {
            all.push(service_ref(&app, organisation, *service).await?);
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    let mut shifts: Vec<MyShift> = Vec::new();
    for service in all.iter().filter(|service| on.contains(&service.id)) {
        shifts.extend(of_service(&app, &worker, service, &names).await?);
    }
    shifts.sort_by_key(|mine| mine.shift.from);
    let (is_on, next) = shifts.into_iter().partition(|mine| mine.shift.from <= now);
    let asked = swaps::waiting_for(&app, organisation, worker.id, &names).await?;
    Ok(Json(MyRota { now: is_on, next, asked, services: all }))
}

async fn of_service(app: &App, worker: &Worker, service: &ServiceRef, names: &Names) -> Result<Vec<MyShift>> {
    let now = app.now();
    let standing = Standing::load(&app.db, worker.organisation, service.id, now).await?;
    let mut shifts: Vec<Shift> = standing.shifts(now, now + AHEAD);
    shifts.retain(|shift| shift.worker == Some(worker.id.0));
    let described = described(app, worker.organisation, service.id, &shifts, &standing, names).await?;
    Ok(described.into_iter().map(|shift| MyShift { shift, service: service.clone() }).collect())
}

async fn of_worker(app: &App, worker: &Worker) -> Result<Vec<ServiceRef>> {
    Ok(app
        .db
        .query(
            "SELECT s.id, s.name FROM service s
             JOIN worker_service w ON w.organisation_id = s.organisation_id AND w.service_id = s.id
             WHERE s.organisation_id = $1 AND w.worker_id = $2",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .all()
        .await?)
}
