//! The rota on a screen: what recurs, what comes of it, and everything that bears on it.

use std::collections::HashSet;

use axum::{Json, extract::State};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use mobile_shared::rota::{self, Hole, Kind, Line, Pattern, Shift};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Standing,
    absences::{self, RotaAbsence},
    handovers::{self, Handover},
    may_change, may_read,
    readiness::{Readiness, Ready},
    standing::{day_begins, day_ends},
    swaps::{self, Swap},
};
use crate::{
    access::Worker,
    app::App,
    error::{Error, Faults, Query, Result},
    ids::{OrganisationId, RotaId, ServiceId, WorkerId},
    organisation::ZONE,
    workers::{Names, WorkerRef},
};

/// Days that can be looked at together.
const MOST_DAYS: u64 = 62;
/// How long ahead it is said whether somebody is ready.
const READY_AHEAD: Duration = Duration::hours(24);

#[derive(Clone, Debug, Serialize, ToSchema, sqlx::FromRow)]
#[schema(as = RotaService)]
pub struct ServiceRef {
    pub id: ServiceId,
    pub name: String,
}

pub async fn service_ref(app: &App, organisation: OrganisationId, service: ServiceId) -> Result<ServiceRef> {
    let found = app
        .db
        .query("SELECT id, name FROM service WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(service)
        .optional()
        .await?;
    found.ok_or(Error::NotFound)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RotaView {
    service: ServiceRef,
    /// `null`: nothing was published yet.
    id: Option<RotaId>,
    number: i32,
    published_at: Option<DateTime<Utc>>,
    published_by: Option<WorkerRef>,
    zone: &'static str,
    catch_all: Option<WorkerRef>,
    may_change: bool,
    patterns: Vec<RotaPattern>,
    shifts: Vec<RotaShift>,
    holes: Vec<RotaHole>,
    swaps: Vec<Swap>,
    absences: Vec<RotaAbsence>,
    /// Of the last 48 hours, the newest first.
    handovers: Vec<Handover>,
    /// Who can be put on it.
    workers: Vec<WorkerRef>,
}

/// A recurring shift, with the name of whose it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct RotaPattern {
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pattern: Pattern,
    worker: Option<WorkerRef>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RotaShift {
    pattern_id: Uuid,
    /// That it starts on, on the wall.
    date: NaiveDate,
    #[schema(value_type = String)]
    line: Line,
    #[schema(value_type = String)]
    kind: Kind,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    worker: Option<WorkerRef>,
    /// They are away for some of it.
    away: bool,
    swapped: bool,
    /// Only of a shift with a night in it that is on or begins within 24 hours.
    ready: Option<Ready>,
    answered_at: Option<DateTime<Utc>>,
}

impl RotaShift {
    pub fn of(shift: &Shift, standing: &Standing, names: &Names) -> Self {
        let worker = shift.worker.map(WorkerId);
        let is_away = |absence: &rota::Absence| {
            Some(absence.worker) == shift.worker
                && absence.from < shift.until
                && absence.until.is_none_or(|until| shift.from < until)
        };
        Self {
            pattern_id: shift.pattern,
            date: shift.date,
            line: shift.line,
            kind: shift.kind,
            from: shift.from,
            until: shift.until,
            worker: names.of(worker),
            away: standing.absences.iter().any(is_away),
            swapped: standing.changes.iter().any(|change| (change.pattern, change.date) == (shift.pattern, shift.date)),
            ready: None,
            answered_at: None,
        }
    }

    fn with(mut self, (ready, answered_at): (Option<Ready>, Option<DateTime<Utc>>)) -> Self {
        (self.ready, self.answered_at) = (ready, answered_at);
        self
    }
}

/// Shifts as they are shown, with whether those of the next night are ready.
pub async fn described(
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    shifts: &[Shift],
    standing: &Standing,
    names: &Names,
) -> Result<Vec<RotaShift>> {
    let now = app.now();
    let soon: Vec<Shift> = shifts.iter().filter(|s| now < s.until && s.from < now + READY_AHEAD).cloned().collect();
    let readiness = Readiness::load(&app.db, organisation, service, &soon).await?;
    let describe = |shift: &Shift| {
        let described = RotaShift::of(shift, standing, names);
        if soon.contains(shift) { described.with(readiness.of(shift, now)) } else { described }
    };
    Ok(shifts.iter().map(describe).collect())
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RotaHole {
    #[schema(value_type = String)]
    line: Line,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl RotaHole {
    pub fn of(line: Line, hole: Hole) -> Self {
        Self { line, from: hole.from, until: hole.until }
    }
}

/// Dates, the last one included.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    from: NaiveDate,
    until: NaiveDate,
}

impl Window {
    pub fn usual(now: DateTime<Utc>) -> Self {
        let today = now.with_timezone(&ZONE).date_naive();
        Self { from: today, until: today + Days::new(14) }
    }

    fn instants(self) -> (DateTime<Utc>, DateTime<Utc>) {
        (day_begins(self.from), day_ends(self.until))
    }
}

#[derive(Debug, Deserialize)]
pub struct Which {
    service_id: ServiceId,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Which {
    fn window(&self, now: DateTime<Utc>) -> Result<Window> {
        let from = self.from.unwrap_or(Window::usual(now).from);
        let is_a_date = |date: NaiveDate| (1900..=2200).contains(&chrono::Datelike::year(&date));
        Faults::default()
            .check(is_a_date(from), "from", "Choose a day between 1900 and 2200.")
            .check(self.until.is_none_or(is_a_date), "until", "Choose a day between 1900 and 2200.")
            .done()?;
        let until = self.until.unwrap_or(from + Days::new(14));
        let days = (until - from).num_days();
        Faults::default()
            .check(days >= 0, "until", "This is before the first day.")
            .check(days < MOST_DAYS.cast_signed(), "until", format!("Please look at {MOST_DAYS} days at most."))
            .done()?;
        Ok(Window { from, until })
    }
}

/// The rota of a service that I work in or am on.
#[utoipa::path(get, path = "/api/v1/team/rota",
    params(("service_id" = Uuid, Query), ("from" = Option<chrono::NaiveDate>, Query), ("until" = Option<chrono::NaiveDate>, Query)),
    responses((status = 200, body = RotaView)))]
pub async fn show(State(app): State<App>, worker: Worker, Query(which): Query<Which>) -> Result<Json<RotaView>> {
    may_read(&app, &worker, which.service_id).await?;
    let window = which.window(app.now())?;
    Ok(Json(view(&app, &worker, which.service_id, window).await?))
}

pub async fn view(app: &App, worker: &Worker, service: ServiceId, window: Window) -> Result<RotaView> {
    let (organisation, now) = (worker.organisation, app.now());
    let (from, until) = window.instants();
    let standing = Standing::load(&app.db, organisation, service, from.min(now)).await?;
    let names = Names::load(app, organisation).await?;
    let shifts = standing.shifts(from, until);
    let workers = workers_for(app, organisation, service).await?;
    let version = standing.version.as_ref();
    let on_it: HashSet<WorkerId> =
        shifts.iter().filter_map(|s| s.worker).map(WorkerId).chain(workers.iter().map(|w| w.id)).collect();
    Ok(RotaView {
        service: service_ref(app, organisation, service).await?,
        id: version.map(|v| v.id),
        number: version.map_or(0, |v| v.number),
        published_at: version.map(|v| v.published_at),
        published_by: names.of(version.map(|v| v.published_by)),
        zone: ZONE.name(),
        catch_all: names.of(version.and_then(|v| v.catch_all)),
        may_change: may_change(app, worker, service).await?,
        patterns: standing.patterns().iter().map(|p| described_pattern(p, &names)).collect(),
        holes: all_holes(&standing, &shifts, from.max(now), until),
        swaps: swaps::of_window(app, organisation, service, (from, until), &names).await?,
        absences: absences::of_window(app, worker, (from, until), &on_it, &names).await?,
        handovers: handovers::latest(app, organisation, service, &names).await?,
        shifts: described(app, organisation, service, &shifts, &standing, &names).await?,
        workers,
    })
}

fn described_pattern(pattern: &Pattern, names: &Names) -> RotaPattern {
    RotaPattern { worker: names.of(pattern.worker_id.map(WorkerId)), pattern: pattern.clone() }
}

/// Where nobody is from now on: on first line, and on second where there is one.
pub fn all_holes(standing: &Standing, shifts: &[Shift], from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<RotaHole> {
    let has_second = standing.patterns().iter().any(|pattern| pattern.line == Line::Second);
    let lines = if has_second { &[Line::First, Line::Second][..] } else { &[Line::First] };
    let holes = |line: &Line| {
        let holes = rota::holes(shifts, &standing.absences, *line, from, until);
        holes.into_iter().map(|hole| RotaHole::of(*line, hole)).collect::<Vec<_>>()
    };
    lines.iter().flat_map(holes).collect()
}

/// Whom a rota can be made of: the active workers of the service, and whoever leads one.
async fn workers_for(app: &App, organisation: OrganisationId, service: ServiceId) -> Result<Vec<WorkerRef>> {
    Ok(app
        .db
        .query(
            "SELECT w.id, w.name, w.first_name FROM worker w WHERE w.organisation_id = $1 AND w.active
               AND (EXISTS (SELECT 1 FROM worker_service s
                            WHERE s.organisation_id = w.organisation_id AND s.worker_id = w.id AND s.service_id = $2)
                    OR EXISTS (SELECT 1 FROM worker_role r
                               WHERE r.organisation_id = w.organisation_id AND r.worker_id = w.id AND r.role = 'team_lead'))
             ORDER BY w.name, w.id",
        )
        .bind(organisation)
        .bind(service)
        .all()
        .await?)
}
