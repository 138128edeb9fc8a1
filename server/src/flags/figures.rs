//! Burden and usefulness, month by month and service by service: how many flags, how soon somebody had them, what came of
//! them, and what no flag came before. No client and no worker is named.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AnswerKind, FlagKind, Outcome};
use crate::{
    access::Worker,
    app::App,
    assessments::day_of,
    error::{Faults, Query, Result},
    ids::{OrganisationId, ServiceId},
    organisation::ZONE,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ByKind {
    early_warning: usize,
    silence: usize,
    client_asked: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Counts {
    /// People supported, and workers of the service, as of now.
    clients: i64,
    workers: i64,
    /// Raised in this month. What follows is about these, whenever it happened.
    flags: usize,
    by_kind: ByKind,
    /// None where there is no worker, or no day of the month has passed.
    flags_per_worker_week: Option<f64>,
    acknowledged: usize,
    median_minutes_to_acknowledge: Option<f64>,
    resolved: usize,
    /// Resolved as talked and fine, support changed, or a new usual.
    led_to_something: usize,
    not_useful: usize,
    client_said_one_off: usize,
    /// It got worse in this month, and no flag came before.
    missed: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfService {
    service_id: ServiceId,
    service_name: String,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Month {
    /// `2026-11`
    month: String,
    services: Vec<OfService>,
    total: Counts,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FlagFigures {
    /// Newest first.
    months: Vec<Month>,
}

/// A flag as the figures see it.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Raised {
    service_id: ServiceId,
    kind: FlagKind,
    raised_at: DateTime<Utc>,
    acknowledged_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    outcome: Option<Outcome>,
    answer: Option<AnswerKind>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Service {
    id: ServiceId,
    name: String,
    clients: i64,
    workers: i64,
}

/// What is counted of these flags, in a month of which so many days have been.
fn counts(flags: &[&Raised], missed: usize, clients: i64, workers: i64, days: i64) -> Counts {
    let count = |what: &dyn Fn(&Raised) -> bool| flags.iter().filter(|f| what(f)).count();
    let came_to = |outcomes: &[Outcome]| count(&|f| f.outcome.is_some_and(|o| outcomes.contains(&o)));
    let minutes = flags.iter().filter_map(|f| Some((f.acknowledged_at? - f.raised_at).as_seconds_f64() / 60.0));
    let worker_weeks = workers as f64 * days as f64 / 7.0;
    Counts {
        clients,
        workers,
        flags: flags.len(),
        by_kind: ByKind {
            early_warning: count(&|f| f.kind == FlagKind::EarlyWarning),
            silence: count(&|f| f.kind == FlagKind::Silence),
            client_asked: count(&|f| f.kind == FlagKind::ClientAsked),
        },
        flags_per_worker_week: (worker_weeks > 0.0).then(|| flags.len() as f64 / worker_weeks),
        acknowledged: count(&|f| f.acknowledged_at.is_some()),
        median_minutes_to_acknowledge: median(minutes.collect()),
        resolved: count(&|f| f.resolved_at.is_some()),
        led_to_something: came_to(&[Outcome::TalkedAndFine, Outcome::SupportChanged, Outcome::NewUsual]),
        not_useful: came_to(&[Outcome::NotUseful]),
        client_said_one_off: count(&|f| f.answer == Some(AnswerKind::OneOff)),
        missed,
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let upper = *values.get(half)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[half - 1], upper) })
}

/// The first days of the last months, newest first.
fn months(today: NaiveDate, count: u32) -> Vec<NaiveDate> {
    let first = today.with_day(1).unwrap_or(today);
    (0..count).filter_map(|n| first.checked_sub_months(Months::new(n))).collect()
}

fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Days of the month up to today.
fn days_so_far(month: NaiveDate, today: NaiveDate) -> i64 {
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    (next.min(today.succ_opt().unwrap_or(today)) - month).num_days()
}

async fn services(app: &App, organisation: OrganisationId) -> Result<Vec<Service>> {
    Ok(app
        .db
        .query(
            "SELECT s.id, s.name,
                (SELECT COUNT(*) FROM client c WHERE c.organisation_id = s.organisation_id AND c.service_id = s.id AND c.active) AS clients,
                (SELECT COUNT(*) FROM worker w JOIN worker_service ws ON ws.organisation_id = w.organisation_id AND ws.worker_id = w.id
                 WHERE w.organisation_id = s.organisation_id AND ws.service_id = s.id AND w.active
                   AND EXISTS (SELECT 1 FROM worker_role r WHERE r.organisation_id = w.organisation_id AND r.worker_id = w.id
                               AND r.role <> 'admin')) AS workers
             FROM service s WHERE s.organisation_id = $1 ORDER BY s.name",
        )
        .bind(organisation)
        .all()
        .await?)
}

/// Somebody of two services is one worker of the organisation.
async fn all_workers(app: &App, organisation: OrganisationId) -> Result<i64> {
    Ok(app
        .db
        .query(
            "SELECT COUNT(*) FROM worker w WHERE w.organisation_id = $1 AND w.active
             AND EXISTS (SELECT 1 FROM worker_service s WHERE s.organisation_id = w.organisation_id AND s.worker_id = w.id)
             AND EXISTS (SELECT 1 FROM worker_role r WHERE r.organisation_id = w.organisation_id AND r.worker_id = w.id
                         AND r.role <> 'admin')",
        )
        .bind(organisation)
        .scalar()
        .await?)
}

async fn raised_since(app: &App, organisation: OrganisationId, from: DateTime<Utc>) -> Result<Vec<Raised>> {
    Ok(app
        .db
        .query(
            "SELECT c.service_id, f.kind, f.raised_at, f.acknowledged_at, f.resolved_at, f.outcome,
                (SELECT e.answer FROM flag_entry e WHERE e.organisation_id = f.organisation_id AND e.flag_id = f.id
                 AND e.answer IS NOT NULL ORDER BY e.at DESC, e.id DESC LIMIT 1) AS answer
             FROM flag f JOIN client c ON c.organisation_id = f.organisation_id AND c.id = f.client_id
             WHERE f.organisation_id = $1 AND f.raised_at >= $2",
        )
        .bind(organisation)
        .bind(from)
        .all()
        .await?)
}

async fn missed_since(app: &App, organisation: OrganisationId, from: NaiveDate) -> Result<Vec<(ServiceId, NaiveDate)>> {
    Ok(app
        .db
        .query(
            "SELECT c.service_id, m.noticed_on FROM missed_warning m
             JOIN client c ON c.organisation_id = m.organisation_id AND c.id = m.client_id
             WHERE m.organisation_id = $1 AND m.noticed_on >= $2",
        )
        .bind(organisation)
        .bind(from)
        .all()
        .await?)
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Asked {
    months: Option<u32>,
}

/// How many flags there were, how soon somebody had them, and what came of them.
#[utoipa::path(get, path = "/api/v1/team/figures/flags", params(("months" = Option<u32>, Query, minimum = 1, maximum = 24)), responses((status = 200, body = FlagFigures)))]
pub async fn show(State(app): State<App>, worker: Worker, Query(asked): Query<Asked>) -> Result<Json<FlagFigures>> {
    let count = asked.months.unwrap_or(6);
    Faults::default().check((1..=24).contains(&count), "months", "Between 1 and 24 months.").done()?;
    let today = day_of(app.now(), ZONE);
    let months = months(today, count);
    let first = months.last().copied().unwrap_or(today);
    let midnight = first.and_time(NaiveTime::MIN);
    let from = midnight.and_local_timezone(ZONE).earliest().map_or_else(|| midnight.and_utc(), |at| at.to_utc());
    let of = worker.organisation;
    let (services, workers) = (services(&app, of).await?, all_workers(&app, of).await?);
    let mut raised: BTreeMap<NaiveDate, Vec<Raised>> = BTreeMap::new();
    for flag in raised_since(&app, of, from).await? {
        raised.entry(first_of(day_of(flag.raised_at, ZONE))).or_default().push(flag);
    }
    let missed = missed_since(&app, of, first).await?;
    let month = |first: &NaiveDate| {
        let flags = raised.get(first).map_or(&[][..], Vec::as_slice);
        let missed: Vec<ServiceId> = missed.iter().filter(|m| first_of(m.1) == *first).map(|m| m.0).collect();
        of_month(*first, today, &services, workers, flags, &missed)
    };
    Ok(Json(FlagFigures { months: months.iter().map(month).collect() }))
}

fn of_month(
    first: NaiveDate,
    today: NaiveDate,
    services: &[Service],
    workers: i64,
    flags: &[Raised],
    missed: &[ServiceId],
) -> Month {
    let days = days_so_far(first, today);
    let of_service = |service: &Service| {
        let flags: Vec<&Raised> = flags.iter().filter(|f| f.service_id == service.id).collect();
        let missed = missed.iter().filter(|id| **id == service.id).count();
        OfService {
            service_id: service.id,
            service_name: service.name.clone(),
            counts: counts(&flags, missed, service.clients, service.workers, days),
        }
    };
    let clients = services.iter().map(|s| s.clients).sum();
    let all: Vec<&Raised> = flags.iter().collect();
    Month {
        month: first.format("%Y-%m").to_string(),
        services: services.iter().map(of_service).collect(),
        total: counts(&all, missed.len(), clients, workers, days),
    }
}
