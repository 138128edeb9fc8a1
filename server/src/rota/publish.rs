//! Saving a rota: a version, published by being saved, and never one with an uncovered minute that nobody catches.

use std::collections::HashSet;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use mobile_shared::rota::{self, Hole, Line, Pattern, Shift};
use serde::{Deserialize, Serialize};
use sqlx::types::Json as Column;
use utoipa::ToSchema;

use super::{
    AHEAD, Standing, Version, changed, holes, leads_it, take_turn,
    team::{RotaHole, RotaShift, RotaView, Window, view},
};
use crate::{
    access::Worker,
    app::App,
    auth::hash,
    db::Tx,
    error::{Body, Error, Faults, FieldError, Result},
    ids::{OrganisationId, RotaId, ServiceId, WorkerId},
    organisation::ZONE,
    workers::Names,
};

/// Recurring shifts of one service.
const MOST: usize = 200;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewRota {
    service_id: ServiceId,
    id: RotaId,
    /// The version that was looked at; `null` for the first.
    based_on: Option<RotaId>,
    /// Who is rung if nobody is on. Without one no minute of the next 14 days may be uncovered.
    catch_all: Option<WorkerId>,
    /// `{id, line, kind, worker_id, starts_on, from, until, repeat, ends}`
    #[schema(value_type = Vec<Object>)]
    patterns: Vec<Pattern>,
}

/// What was typed, before anything is saved.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct DraftRota {
    service_id: ServiceId,
    #[schema(value_type = Vec<Object>)]
    patterns: Vec<Pattern>,
}

fn check_patterns(patterns: &[Pattern]) -> Faults {
    let mut faults = Faults::default();
    faults.check(patterns.len() <= MOST, "patterns", format!("Please keep this to {MOST} lines."));
    let mut ids = HashSet::new();
    for (n, pattern) in patterns.iter().enumerate() {
        if let Err(fault) = pattern.check() {
            faults.check(false, &format!("patterns.{n}.{}", fault.field()), fault.to_string());
        }
        faults.check(ids.insert(pattern.id), &format!("patterns.{n}.id"), "Another line has this id.");
    }
    faults
}

/// Who can be on the rota of a service: whoever works in it, and leads of any.
pub async fn eligible(tx: &mut Tx, organisation: OrganisationId, service: ServiceId) -> Result<HashSet<WorkerId>> {
    let rows: Vec<(WorkerId,)> = tx
        .query(
            "SELECT w.id FROM worker w WHERE w.organisation_id = $1 AND w.active
               AND (EXISTS (SELECT 1 FROM worker_service s
                            WHERE s.organisation_id = w.organisation_id AND s.worker_id = w.id AND s.service_id = $2)
                    OR EXISTS (SELECT 1 FROM worker_role r
                               WHERE r.organisation_id = w.organisation_id AND r.worker_id = w.id AND r.role = 'team_lead'))",
        )
        .bind(organisation)
        .bind(service)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Saves a rota. It holds from now on. The same again is a retry.
#[utoipa::path(put, path = "/api/v1/team/rota", request_body = NewRota,
    responses((status = 200, body = RotaView), (status = 409, body = crate::error::Problem), (status = 422, body = crate::error::Problem)))]
pub async fn put(State(app): State<App>, lead: Worker, Body(new): Body<NewRota>) -> Result<Json<RotaView>> {
    leads_it(&app, &lead, new.service_id).await?;
    let (organisation, service) = (lead.organisation, new.service_id);
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, organisation, service).await?;
    if !is_known(&mut tx, organisation, &new).await? {
        let standing = Standing::load(&mut tx, organisation, service, app.now()).await?;
        check(&mut tx, &app, organisation, &standing, &new).await?;
        let standing =
            Standing::load_with(&mut tx, organisation, service, app.now(), version(&app, &lead, &new)).await?;
        if let Some(hole) = holes::ahead(&standing, app.now()).into_iter().find(|hole| !standing.is_caught(hole)) {
            return Err(Error::Uncovered(vec![uncovered(hole)]));
        }
        insert(&mut tx, &app, organisation, &lead, &new, &standing).await?;
        changed(&mut tx, &app, organisation, service).await?;
        tx.commit().await?;
        app.wake();
    }
    Ok(Json(view(&app, &lead, service, Window::usual(app.now())).await?))
}

/// Whether this was saved before. Something else under its id is refused.
async fn is_known(tx: &mut Tx, organisation: OrganisationId, new: &NewRota) -> Result<bool> {
    let known: Option<(Vec<u8>,)> = tx
        .query("SELECT body_hash FROM rota WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(new.id)
        .optional()
        .await?;
    match known {
        None => Ok(false),
        Some((known,)) if known == body_hash(new) => Ok(true),
        Some(_) => Err(Error::Conflict("Another rota was taken in under this id.")),
    }
}

fn body_hash(new: &NewRota) -> Vec<u8> {
    hash(&serde_json::to_vec(new).unwrap_or_default())
}

async fn check(tx: &mut Tx, app: &App, organisation: OrganisationId, standing: &Standing, new: &NewRota) -> Result<()> {
    if standing.version.as_ref().map(|version| version.id) != new.based_on {
        return Err(Error::Conflict("Somebody has saved this rota meanwhile. Please look at it again."));
    }
    let eligible = eligible(tx, organisation, new.service_id).await?;
    let mut faults = check_patterns(&new.patterns);
    for (n, pattern) in new.patterns.iter().enumerate() {
        let known = pattern.worker_id.is_none_or(|worker| eligible.contains(&WorkerId(worker)));
        let words = "Choose somebody who works in this service or leads one, or nobody yet.";
        faults.check(known, &format!("patterns.{n}.worker_id"), words);
    }
    if let Some(named) = new.catch_all {
        let here = works_here(tx, organisation, named).await?;
        faults.check(here, "catch_all", "Choose somebody who works here.");
        faults.check(
            !here || !standing.is_away(named, app.now()),
            "catch_all",
            "They are away. Choose somebody who is there.",
        );
    }
    faults.done()
}

async fn works_here(tx: &mut Tx, organisation: OrganisationId, worker: WorkerId) -> Result<bool> {
    let found: i64 = tx
        .query("SELECT COUNT(*) FROM worker WHERE organisation_id = $1 AND id = $2 AND active")
        .bind(organisation)
        .bind(worker)
        .scalar()
        .await?;
    Ok(found > 0)
}

fn version(app: &App, lead: &Worker, new: &NewRota) -> Version {
    Version {
        id: new.id,
        number: 0,
        catch_all: new.catch_all,
        patterns: Column(new.patterns.clone()),
        published_at: app.now(),
        published_by: lead.id,
    }
}

fn uncovered(hole: Hole) -> FieldError {
    let told = |at: DateTime<Utc>| at.with_timezone(&ZONE).format("%A %-d %B, %H:%M").to_string();
    let message = format!(
        "Nobody is on first line from {} to {}. Fill it, or name somebody who is rung when nobody is on.",
        told(hole.from),
        told(hole.until)
    );
    FieldError { field: "patterns".to_owned(), message }
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    lead: &Worker,
    new: &NewRota,
    standing: &Standing,
) -> Result<()> {
    let inserted = tx
        .query(
            "INSERT INTO rota (organisation_id, service_id, id, number, catch_all, patterns, body_hash, published_at, published_by)
             SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5, $6, $7, $8 FROM rota WHERE organisation_id = $1 AND service_id = $2",
        )
        .bind(organisation)
        .bind(new.service_id)
        .bind(new.id)
        .bind(new.catch_all)
        .bind(Column(standing.patterns()))
        .bind(body_hash(new))
        .bind(app.now())
        .bind(lead.id)
        .execute()
        .await;
    match inserted {
        Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => Err(Error::Busy),
        inserted => {
            inserted?;
            Ok(())
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    shifts: Vec<RotaShift>,
    holes: Vec<RotaHole>,
}

/// What the next 14 days would be. Nothing is saved.
#[utoipa::path(post, path = "/api/v1/team/rota/preview", request_body = DraftRota,
    responses((status = 200, body = Preview), (status = 422, body = crate::error::Problem)))]
pub async fn preview(State(app): State<App>, lead: Worker, Body(draft): Body<DraftRota>) -> Result<Json<Preview>> {
    leads_it(&app, &lead, draft.service_id).await?;
    check_patterns(&draft.patterns).done()?;
    let (organisation, now) = (lead.organisation, app.now());
    let version = Version {
        id: app.new_id(),
        number: 0,
        catch_all: None,
        patterns: Column(draft.patterns),
        published_at: now,
        published_by: lead.id,
    };
    let standing = Standing::load_with(&app.db, organisation, draft.service_id, now, version).await?;
    let names = Names::load(&app, organisation).await?;
    let shifts: Vec<Shift> = standing.shifts(now, now + AHEAD);
    let holes = [Line::First, Line::Second]
        .into_iter()
        .filter(|line| *line == Line::First || standing.patterns().iter().any(|pattern| pattern.line == *line))
        .flat_map(|line| {
            let holes = rota::holes(&shifts, &standing.absences, line, now, now + AHEAD);
            holes.into_iter().map(move |hole| RotaHole::of(line, hole))
        });
    Ok(Json(Preview {
        holes: holes.collect(),
        shifts: shifts.iter().map(|s| RotaShift::of(s, &standing, &names)).collect(),
    }))
}
