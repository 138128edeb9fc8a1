//! Burden and usefulness, month by month and service by service: how many flags, how soon somebody had them, what came of
//! them, and what no flag came before. No client and no worker is named.
//!
//! Of a service of one or two clients the figures are about them. Those who work there know them; whoever does not, an admin
//! too, sees a service from five clients on (the rule of five, `resources/figures.rs`), and the total is of what is shown.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State};
use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AnswerKind, FlagKind, Outcome};
use crate::{
    access::Worker,
    app::App,
    assessments::day_of,
    error::{Error, Faults, Query, Result},
    ids::{OrganisationId, ServiceId, WorkerId},
    organisation::ZONE,
    resources::figures::FEWEST,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ByKind {
    early_warning: usize,
    silence: usize,
    client_asked: usize,
    reminders: usize,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Counts {
    /// People supported, and workers of the service, as of now.
    clients: i64,
    workers: usize,
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
    /// When somebody had it first: opened again, it counts once.
    taken_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    outcome: Option<Outcome>,
    answer: Option<AnswerKind>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Service {
    id: ServiceId,
    name: String,
    clients: i64,
    #[sqlx(skip)]
    workers: BTreeSet<WorkerId>,
}

/// What is counted of these flags, in a month of which so many days have been.
fn counts(flags: &[&Raised], missed: usize, clients: i64, workers: usize, days: i64) -> Counts {
    let count = |what: &dyn Fn(&Raised) -> bool| flags.iter().filter(|f| what(f)).count();
    let came_to = |outcomes: &[Outcome]| count(&|f| f.outcome.is_some_and(|o| outcomes.contains(&o)));
    let minutes = flags.iter().filter_map(|f| Some((f.taken_at? - f.raised_at).as_seconds_f64() / 60.0));
    let worker_weeks = workers as f64 * days as f64 / 7.0;
    Counts {
        clients,
        workers,
        flags: flags.len(),
        by_kind: ByKind {
            early_warning: count(&|f| f.kind == FlagKind::EarlyWarning),
            silence: count(&|f| f.kind == FlagKind::Silence),
            client_asked: count(&|f| f.kind == FlagKind::ClientAsked),
            reminders: count(&|f| f.kind == FlagKind::Reminders),
        },
        flags_per_worker_week: (worker_weeks > 0.0).then(|| flags.len() as f64 / worker_weeks),
        acknowledged: count(&|f| f.taken_at.is_some()),
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

fn month_of(at: DateTime<Utc>) -> NaiveDate {
    first_of(day_of(at, ZONE))
}

/// Days of the month up to today.
fn days_so_far(month: NaiveDate, today: NaiveDate) -> i64 {
    let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
    (next.min(today.succ_opt().unwrap_or(today)) - month).num_days()
}

/// The services that this worker is shown.
async fn services(app: &App, worker: &Worker) -> Result<Vec<Service>> {
    let mut services: Vec<Service> = app
        .db
        .query(
            "SELECT id, name, clients FROM
                (SELECT s.id, s.name,
                    (SELECT COUNT(*) FROM client c WHERE c.organisation_id = s.organisation_id AND c.service_id = s.id AND c.active) AS clients,
                    (SELECT COUNT(*) FROM worker_service m WHERE m.organisation_id = s.organisation_id AND m.service_id = s.id
                     AND m.worker_id = $2) AS mine
                 FROM service s WHERE s.organisation_id = $1) AS service
             WHERE mine > 0 OR clients >= $3 ORDER BY name",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(i64::try_from(FEWEST).map_err(Error::internal)?)
        .all()
        .await?;
    let workers: Vec<(ServiceId, WorkerId)> = app
        .db
        .query(
            "SELECT s.service_id, s.worker_id FROM worker w
             JOIN worker_service s ON s.organisation_id = w.organisation_id AND s.worker_id = w.id
             WHERE w.organisation_id = $1 AND w.active
               AND EXISTS (SELECT 1 FROM worker_role r WHERE r.organisation_id = w.organisation_id AND r.worker_id = w.id
                           AND r.role <> 'admin')",
        )
        .bind(worker.organisation)
        .all()
        .await?;
    for service in &mut services {
        service.workers = workers.iter().filter(|w| w.0 == service.id).map(|w| w.1).collect();
    }
    Ok(services)
}

async fn raised_since(app: &App, organisation: OrganisationId, from: DateTime<Utc>) -> Result<Vec<Raised>> {
    Ok(app
        .db
        .query(
            "SELECT c.service_id, f.kind, f.raised_at, f.resolved_at, f.outcome,
                (SELECT MIN(e.at) FROM flag_entry e WHERE e.organisation_id = f.organisation_id AND e.flag_id = f.id
                 AND e.what IN ('acknowledged', 'resolved')) AS taken_at,
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
    let services = services(&app, &worker).await?;
    let shown = |id: ServiceId| services.iter().any(|s| s.id == id);
    let mut raised: BTreeMap<NaiveDate, Vec<Raised>> = BTreeMap::new();
    for flag in raised_since(&app, of, from).await?.into_iter().filter(|f| shown(f.service_id)) {
        raised.entry(month_of(flag.raised_at)).or_default().push(flag);
    }
    let mut missed = missed_since(&app, of, first).await?;
    missed.retain(|m| shown(m.0));
    let month = |first: &NaiveDate| {
        let flags = raised.get(first).map_or(&[][..], Vec::as_slice);
        let missed: Vec<ServiceId> = missed.iter().filter(|m| first_of(m.1) == *first).map(|m| m.0).collect();
        of_month(*first, today, &services, flags, &missed)
    };
    Ok(Json(FlagFigures { months: months.iter().map(month).collect() }))
}

fn of_month(first: NaiveDate, today: NaiveDate, services: &[Service], flags: &[Raised], missed: &[ServiceId]) -> Month {
    let days = days_so_far(first, today);
    let of_service = |service: &Service| {
        let flags: Vec<&Raised> = flags.iter().filter(|f| f.service_id == service.id).collect();
        let missed = missed.iter().filter(|id| **id == service.id).count();
        OfService {
            service_id: service.id,
            service_name: service.name.clone(),
            counts: counts(&flags, missed, service.clients, service.workers.len(), days),
        }
    };
    let clients = services.iter().map(|s| s.clients).sum();
    // Somebody of two services is one worker.
    let workers = services.iter().flat_map(|s| &s.workers).collect::<BTreeSet<_>>().len();
    let all: Vec<&Raised> = flags.iter().collect();
    Month {
        month: first.format("%Y-%m").to_string(),
        services: services.iter().map(of_service).collect(),
        total: counts(&all, missed.len(), clients, workers, days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn flag(raised: &str, taken_after: Option<i64>) -> Raised {
        let raised_at = at(raised);
        Raised {
            service_id: ServiceId(uuid::Uuid::nil()),
            kind: FlagKind::EarlyWarning,
            raised_at,
            taken_at: taken_after.map(|minutes| raised_at + TimeDelta::minutes(minutes)),
            resolved_at: None,
            outcome: None,
            answer: None,
        }
    }

    #[test]
    fn flags_are_told_for_each_worker_and_week_that_has_been() {
        let flags = [flag("2026-11-02T09:00:00Z", None), flag("2026-11-03T09:00:00Z", None)];
        let flags: Vec<&Raised> = flags.iter().collect();
        let of = |workers, days| counts(&flags, 0, 4, workers, days).flags_per_worker_week;
        assert_eq!((of(2, 7), of(4, 28), of(1, 14)), (Some(1.0), Some(0.125), Some(1.0)));
        assert_eq!((of(0, 7), of(2, 0)), (None, None));
    }

    #[test]
    fn the_median_is_the_middle_one_or_between_the_two() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![90.0, 5.0, 10.0]), Some(10.0));
        assert_eq!(median(vec![90.0, 5.0, 10.0, 20.0]), Some(15.0));
        let flags = ["10", "", "30"].map(|after| flag("2026-11-02T09:00:00Z", after.parse().ok()));
        let counts = counts(&flags.iter().collect::<Vec<_>>(), 0, 4, 2, 7);
        assert_eq!((counts.acknowledged, counts.median_minutes_to_acknowledge), (2, Some(20.0)), "of those taken");
    }

    #[test]
    fn a_month_begins_at_midnight_in_summer_too() {
        assert_eq!(month_of(at("2026-06-30T22:59:59Z")), day("2026-06-01"));
        assert_eq!(month_of(at("2026-06-30T23:00:00Z")), day("2026-07-01"));
        assert_eq!(month_of(at("2026-11-30T23:59:59Z")), day("2026-11-01"));
        assert_eq!(months(day("2027-01-15"), 3), ["2027-01-01", "2026-12-01", "2026-11-01"].map(day));
        assert_eq!(days_so_far(day("2026-11-01"), day("2026-11-16")), 16);
        assert_eq!(days_so_far(day("2026-10-01"), day("2026-11-16")), 31);
    }
}
