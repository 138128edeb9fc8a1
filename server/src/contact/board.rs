//! The board by day: what is open in a service now, and how soon people were reached and answered, against what was promised.

use axum::{Json, extract::State};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ContactState, Urgency,
    history::{self, Asked},
    story::TeamRequest,
    team,
};
use crate::{
    access::Worker,
    app::App,
    audit, clients,
    error::{Query, Result},
    ids::{ClientId, ContactRequestId},
    organisation::Service,
    workers::{self, WorkerRef},
};

/// Over how long the figures are.
const LATELY: Duration = Duration::days(30);
/// What telecare is measured by: 97.5 % within this.
const AT_ONCE: Duration = Duration::seconds(60);

#[derive(Debug, Serialize, ToSchema)]
pub struct OpenRequest {
    id: ContactRequestId,
    client: clients::ClientRef,
    urgency: Urgency,
    state: ContactState,
    since: DateTime<Utc>,
    reached_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
    owner: Option<WorkerRef>,
    promise: Option<super::story::Promise>,
    promise_broken: bool,
}

/// How long something took; none where it never happened.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Took {
    /// Seconds: half took at most this long.
    p50: Option<i64>,
    /// Seconds: nine of ten.
    p90: Option<i64>,
    /// Of all that were asked, the part for which it took at most 60 seconds: 0 to 1.
    within_60_s: Option<f64>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Promises {
    kept: i64,
    broken: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OfService {
    service: Service,
    open: Vec<OpenRequest>,
    /// How many were asked in the app in the last 30 days. Times are of these: a call was answered before it was written down.
    asked: usize,
    /// From asking to a device of a person's.
    reached: Took,
    /// From asking to "I've got this".
    acknowledged: Took,
    promises: Promises,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Board {
    services: Vec<OfService>,
}

/// My services: what is open on my caseload, and the last 30 days in figures.
#[utoipa::path(get, path = "/api/v1/team/board", params(("background" = Option<bool>, Query)), responses((status = 200, body = Board)))]
pub async fn show(State(app): State<App>, worker: Worker, Query(screen): Query<team::Screen>) -> Result<Json<Board>> {
    let clients = clients::caseload(&app, &worker).await?;
    let mut rows = team::open_on_caseload(&app, &worker, false).await?;
    screen.shows(&app, worker.organisation, &mut rows).await?;
    let open = team::describe_all(&app, worker.organisation, &rows, &clients).await?;
    let mut seen: Vec<ClientId> = rows.iter().map(|r| r.client_id).collect();
    seen.sort_unstable();
    seen.dedup();
    audit::seen(&app, &worker, "board.read", &seen, None).await?;
    let mut services = Vec::new();
    for service in workers::services_of(&app, &worker).await? {
        let asked =
            history::asked(&app, worker.organisation, service.id, app.now() - LATELY..app.now() + Duration::seconds(1))
                .await?;
        let of_service = |client: ClientId| clients.iter().any(|c| c.id == client && c.service_id == service.id);
        let open = open.iter().filter(|r| of_service(r.client.client.id)).map(in_short).collect();
        services.push(of(service, open, &asked));
    }
    Ok(Json(Board { services }))
}

fn in_short(request: &TeamRequest) -> OpenRequest {
    let inner = &request.request;
    OpenRequest {
        id: inner.id,
        client: request.client.client.clone(),
        urgency: inner.urgency,
        state: inner.state,
        since: inner.received_at,
        reached_at: inner.reached_at,
        seen_at: inner.seen_at,
        owner: request.owner.clone(),
        promise: inner.promise.clone(),
        promise_broken: inner.promise_broken,
    }
}

fn of(service: Service, open: Vec<OpenRequest>, all: &[Asked]) -> OfService {
    let asked: Vec<&Asked> = all.iter().filter(|one| !one.by_phone).collect();
    OfService {
        service,
        open,
        asked: asked.len(),
        reached: took(asked.len(), asked.iter().filter_map(|a| Some(a.reached_at? - a.received_at)).collect()),
        acknowledged: took(asked.len(), asked.iter().filter_map(|a| Some(a.seen_at? - a.received_at)).collect()),
        promises: Promises {
            kept: all.iter().map(|one| one.promises_kept).sum(),
            broken: all.iter().map(|one| one.promises_broken).sum(),
        },
    }
}

fn took(asked: usize, mut times: Vec<Duration>) -> Took {
    times.sort_unstable();
    let at = |share: usize| {
        let rank = (times.len() * share).div_ceil(100).checked_sub(1)?;
        times.get(rank).map(Duration::num_seconds)
    };
    let soon = times.iter().filter(|time| **time <= AT_ONCE).count();
    Took { p50: at(50), p90: at(90), within_60_s: (asked > 0).then(|| soon as f64 / asked as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(times: &[i64]) -> Vec<Duration> {
        times.iter().copied().map(Duration::seconds).collect()
    }

    #[test]
    fn half_and_nine_of_ten_are_times_that_were() {
        let took = took(12, seconds(&[100, 1, 2, 3, 4, 5, 6, 7, 8, 61]));
        assert_eq!(took, Took { p50: Some(5), p90: Some(61), within_60_s: Some(8.0 / 12.0) });
    }

    #[test]
    fn what_never_happened_took_no_time_and_counts_as_not_in_time() {
        assert_eq!(took(0, vec![]), Took::default());
        assert_eq!(took(2, vec![]), Took { within_60_s: Some(0.0), ..Took::default() });
    }
}
