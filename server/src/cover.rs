//! Is a person watching now? Worked out from the rota and from whether the engine would really ring them; never claimed otherwise.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use mobile_shared::{
    escalation::Who,
    rota::{self, Line, Shift},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Phone,
    app::App,
    channels,
    clients::{self, Client},
    db::Connection,
    error::Result,
    escalation::{self, Kind, policy},
    ids::{OrganisationId, ServiceId, WorkerId},
    organisation,
    rota::{
        AHEAD, Standing,
        readiness::{Readiness, Ready},
    },
    workers::Names,
};

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Cover {
    watched_now: bool,
    /// First name of who is watching.
    by: Option<String>,
    /// When they stop: the end of the unbroken time that they are on.
    until: Option<DateTime<Utc>>,
    /// When somebody will be, or who comes after them will.
    next: Option<DateTime<Utc>>,
    /// The number to ring: the client's own line if there is one, else the provider's.
    phone: Option<String>,
}

/// Whether a person is watching now.
#[utoipa::path(get, path = "/api/v1/me/cover", responses((status = 200, body = Cover)))]
pub async fn show(State(app): State<App>, phone: Phone) -> Result<Json<Cover>> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let cover = of_service(&app, phone.organisation, client.service_id).await?;
    Ok(Json(Cover { phone: number_of(&app.db, phone.organisation, &client).await?, ..cover }))
}

/// While the engine is behind, nothing is claimed: neither that somebody watches nor that somebody will.
async fn of_service(app: &App, organisation: OrganisationId, service: ServiceId) -> Result<Cover> {
    if !escalation::is_healthy(app).await? {
        return Ok(Cover::default());
    }
    let list = policy::of(&app.db, organisation, service, Kind::ContactNow).await?;
    if !list.steps.iter().any(|step| step.who == Who::FirstLine) {
        // Whoever is on would not be rung.
        return Ok(Cover::default());
    }
    let now = app.now();
    let standing = Standing::load(&app.db, organisation, service, now).await?;
    let shifts = standing.shifts(now, now + AHEAD);
    let watching = watching(app, organisation, service, &standing, &shifts).await?;
    let Some((by, until)) = watching else {
        let later = after(&shifts, &standing, now);
        return Ok(Cover { next: later, ..Cover::default() });
    };
    let by = Names::load(app, organisation).await?.first(Some(by));
    let next = rota::next_covered(&shifts, &standing.absences, Line::First, until);
    Ok(Cover { watched_now: true, by, until: Some(until), next, ..Cover::default() })
}

/// Whoever is on first line, is there, was not found unready, and would be rung if somebody asked now; of several, whoever stays
/// longest.
async fn watching(
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    standing: &Standing,
    shifts: &[Shift],
) -> Result<Option<(WorkerId, DateTime<Utc>)>> {
    let now = app.now();
    let is_now = |shift: &&Shift| shift.line == Line::First && shift.holds(now);
    let on_now: Vec<Shift> = shifts.iter().filter(is_now).cloned().collect();
    let readiness = Readiness::load(&app.db, organisation, service, &on_now).await?;
    let unready = |worker: WorkerId| {
        let mut theirs = on_now.iter().filter(|shift| shift.worker == Some(worker.0));
        theirs.any(|shift| readiness.of(shift, now).0 == Some(Ready::NotReady))
    };
    let mut found = Vec::new();
    for worker in standing.on(Line::First, now).into_iter().filter(|worker| !unready(*worker)) {
        let can_be_rung = !channels::of(&app.db, app, organisation, worker).await?.is_empty();
        let until = rota::unbroken(shifts, &standing.absences, Line::First, worker.0, now);
        found.extend(until.filter(|_| can_be_rung).map(|until| (worker, until)));
    }
    Ok(found.into_iter().max_by_key(|(_, until)| *until))
}

/// When the next shift begins that somebody is there for. Not now: whoever is on now does not watch.
fn after(shifts: &[Shift], standing: &Standing, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let on_now: Vec<uuid::Uuid> = rota::on(shifts, &standing.absences, Line::First, now);
    let others: Vec<Shift> =
        shifts.iter().filter(|s| !(s.holds(now) && s.worker.is_some_and(|w| on_now.contains(&w)))).cloned().collect();
    rota::next_covered(&others, &standing.absences, Line::First, now)
}

/// The number that stands beside every request for contact.
pub async fn number_to_ring(app: &App, phone: Phone) -> Result<Option<String>> {
    let client = clients::load(app, phone.organisation, phone.client).await?;
    number_of(&app.db, phone.organisation, &client).await
}

/// The number to ring instead, of a client.
pub async fn number_of(from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Option<String>> {
    let provider = organisation::brand(from, organisation).await?;
    Ok(client.profile.dedicated_phone.clone().or(provider.phone))
}
