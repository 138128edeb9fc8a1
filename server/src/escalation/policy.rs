//! The lists: who is rung about what, one after the other. Per service and kind; where nobody made one, the usual one holds.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use mobile_shared::escalation::{Policy, Step, Who, policy::Fault};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::types::Json as Stored;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Kind, Row as Open, TRIES, open_by_id, store_as_of};
use crate::{
    access::{Role, Worker},
    app::App,
    audit,
    db::{Connection, Tx},
    error::{Body, Error, Faults, Query, Result},
    ids::{OrganisationId, ServiceId, WorkerId},
    rota,
    workers::{Names, WorkerRef},
};

/// Whom a step means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// In working hours, or on a shift.
    KeyWorker,
    /// Everybody assigned; in working hours, or on a shift.
    Assigned,
    FirstLine,
    SecondLine,
    /// The leads of the service.
    TeamLead,
    CatchAll,
    /// The one named.
    Person,
}

/// The word for it, in the database too.
pub fn whose(who: Who) -> &'static str {
    match who {
        Who::KeyWorker => "key_worker",
        Who::Assigned => "assigned",
        Who::FirstLine => "first_line",
        Who::SecondLine => "second_line",
        Who::TeamLead => "team_lead",
        Who::CatchAll => "catch_all",
        Who::Person(_) => "person",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyStep {
    who: Whose,
    /// Of a step that means one person.
    #[serde(default)]
    worker_id: Option<WorkerId>,
    /// Until the next step, 1 to 240.
    minutes: i64,
}

impl From<Step> for PolicyStep {
    fn from(step: Step) -> Self {
        let (who, worker_id) = match step.who {
            Who::KeyWorker => (Whose::KeyWorker, None),
            Who::Assigned => (Whose::Assigned, None),
            Who::FirstLine => (Whose::FirstLine, None),
            Who::SecondLine => (Whose::SecondLine, None),
            Who::TeamLead => (Whose::TeamLead, None),
            Who::CatchAll => (Whose::CatchAll, None),
            Who::Person(person) => (Whose::Person, Some(WorkerId(person))),
        };
        Self { who, worker_id, minutes: step.minutes.into() }
    }
}

impl PolicyStep {
    fn core(self) -> Option<Step> {
        let who = match (self.who, self.worker_id) {
            (Whose::KeyWorker, _) => Who::KeyWorker,
            (Whose::Assigned, _) => Who::Assigned,
            (Whose::FirstLine, _) => Who::FirstLine,
            (Whose::SecondLine, _) => Who::SecondLine,
            (Whose::TeamLead, _) => Who::TeamLead,
            (Whose::CatchAll, _) => Who::CatchAll,
            (Whose::Person, Some(person)) => Who::Person(person.0),
            (Whose::Person, None) => return None,
        };
        Some(Step { who, minutes: u16::try_from(self.minutes).unwrap_or(u16::MAX) })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    kind: Kind,
    steps: String,
    by_day: bool,
    changed_at: DateTime<Utc>,
    changed_by: WorkerId,
}

impl Row {
    /// One that cannot be read, or rings nobody at night, is as good as none: the usual one holds.
    fn policy(&self) -> Option<Policy> {
        let steps = serde_json::from_str(&self.steps).inspect_err(
            |error| tracing::error!(kind = ?self.kind, %error, "a policy cannot be read; the usual one holds"),
        );
        let policy = Policy { steps: steps.ok()?, by_day: self.by_day };
        (policy.check().is_ok() && may_wait(self.kind, self.by_day)).then_some(policy)
    }
}

/// Whether a list of this kind may wait for the day: what is urgent may not.
fn may_wait(kind: Kind, by_day: bool) -> bool {
    !by_day || kind == Kind::ContactWhenYouCan
}

/// The list that holds now.
pub async fn of(
    mut from: impl Connection,
    organisation: OrganisationId,
    service: ServiceId,
    kind: Kind,
) -> Result<Policy> {
    let row: Option<Row> = from
        .query(
            "SELECT kind, CAST(steps AS TEXT) AS steps, by_day, changed_at, changed_by FROM policy
             WHERE organisation_id = $1 AND service_id = $2 AND kind = $3",
        )
        .bind(organisation)
        .bind(service)
        .bind(kind)
        .optional()
        .await?;
    Ok(row.and_then(|row| row.policy()).unwrap_or_else(|| kind.core().usual()))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyOfKind {
    kind: Kind,
    steps: Vec<PolicyStep>,
    /// Nobody is rung outside working hours.
    by_day: bool,
    /// Nobody has made another.
    usual: bool,
    changed_at: Option<DateTime<Utc>>,
    changed_by: Option<WorkerRef>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Policies {
    /// Leads of the service may.
    may_change: bool,
    items: Vec<PolicyOfKind>,
}

#[derive(Debug, Deserialize)]
pub struct OfService {
    pub service_id: ServiceId,
}

async fn all(app: &App, worker: &Worker, service: ServiceId) -> Result<Policies> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT kind, CAST(steps AS TEXT) AS steps, by_day, changed_at, changed_by FROM policy
             WHERE organisation_id = $1 AND service_id = $2",
        )
        .bind(worker.organisation)
        .bind(service)
        .all()
        .await?;
    let names = Names::load(app, worker.organisation).await?;
    let describe = |kind: Kind| {
        let made = rows.iter().find(|row| row.kind == kind).and_then(|row| Some((row, row.policy()?)));
        let (row, policy) = match made {
            Some((row, policy)) => (Some(row), policy),
            None => (None, kind.core().usual()),
        };
        PolicyOfKind {
            kind,
            steps: policy.steps.into_iter().map(PolicyStep::from).collect(),
            by_day: policy.by_day,
            usual: row.is_none(),
            changed_at: row.map(|row| row.changed_at),
            changed_by: names.of(row.map(|row| row.changed_by)),
        }
    };
    Ok(Policies { may_change: worker.is(Role::TeamLead), items: Kind::ALL.into_iter().map(describe).collect() })
}

/// Who is rung about what in a service I am in, one after the other.
#[utoipa::path(get, path = "/api/v1/team/policies", params(("service_id" = Uuid, Query)), responses((status = 200, body = Policies)))]
pub async fn show(State(app): State<App>, worker: Worker, Query(of): Query<OfService>) -> Result<Json<Policies>> {
    if !rota::works_in(&app, &worker, of.service_id).await? {
        return Err(Error::NotFound);
    }
    Ok(Json(all(&app, &worker, of.service_id).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPolicy {
    service_id: ServiceId,
    kind: Kind,
    /// 1 to 12; the last repeats until somebody answers.
    #[serde(default)]
    steps: Vec<PolicyStep>,
    #[serde(default)]
    by_day: bool,
    /// Back to the usual list; steps are not looked at.
    #[serde(default)]
    usual: bool,
}

impl NewPolicy {
    fn checked(&self) -> Result<Policy> {
        let mut faults = Faults::default();
        for (n, step) in self.steps.iter().enumerate() {
            let named = step.who != Whose::Person || step.worker_id.is_some();
            faults.check(named, &format!("steps.{n}.worker_id"), "Choose who this step rings.");
            let fits = (1..=240).contains(&step.minutes);
            faults.check(fits, &format!("steps.{n}.minutes"), "A step waits 1 to 240 minutes.");
        }
        let words = "Only what has no hurry may wait for the day.";
        faults.check(may_wait(self.kind, self.by_day), "by_day", words);
        faults.done()?;
        let steps = self.steps.iter().filter_map(|step| step.core()).collect();
        let policy = Policy { steps, by_day: self.by_day };
        policy.check().map_err(|fault| {
            let words = match fault {
                Fault::Steps => "A list has 1 to 12 steps.",
                Fault::Minutes => "A step waits 1 to 240 minutes.",
                Fault::Night => {
                    "Nobody of this list can be rung at night: add who is on call, the team lead, the catch-all or a person, or make it a list for the day."
                }
            };
            Error::field("steps", words)
        })?;
        Ok(policy)
    }
}

/// Another list for one kind, or the usual one again. What is being rung just now goes on by the new list.
#[utoipa::path(put, path = "/api/v1/team/policies", request_body = NewPolicy, responses((status = 200, body = Policies)))]
pub async fn put(State(app): State<App>, worker: Worker, Body(new): Body<NewPolicy>) -> Result<Json<Policies>> {
    if !rota::works_in(&app, &worker, new.service_id).await? {
        return Err(Error::field("service_id", "Choose a service that you lead."));
    }
    let policy = if new.usual { None } else { Some(new.checked()?) };
    let mut tx = app.db.begin().await?;
    let before = of(&mut tx, worker.organisation, new.service_id, new.kind).await?;
    tx.query("DELETE FROM policy WHERE organisation_id = $1 AND service_id = $2 AND kind = $3")
        .bind(worker.organisation)
        .bind(new.service_id)
        .bind(new.kind)
        .execute()
        .await?;
    if let Some(policy) = policy {
        insert(&mut tx, &app, &worker, &new, &policy).await?;
    }
    let after = of(&mut tx, worker.organisation, new.service_id, new.kind).await?;
    let detail = json!({ "service_id": new.service_id, "kind": new.kind, "before": before, "after": after });
    audit::did(&mut tx, &app, &worker, "policy.changed", detail).await?;
    list_changed(&mut tx, &app, worker.organisation, new.service_id, new.kind).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(all(&app, &worker, new.service_id).await?))
}

/// Another list was saved for this kind in this service: what is being rung by it is looked at now.
async fn list_changed(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    kind: Kind,
) -> Result<()> {
    let rows: Vec<Open> = tx
        .query(
            "SELECT e.organisation_id, e.id, e.client_id, e.subject_kind, e.subject_id, e.kind, CAST(e.state AS TEXT) AS state, e.due_at,
                    e.since_at, e.fence, e.looked_at
             FROM escalation e JOIN client c ON c.organisation_id = e.organisation_id AND c.id = e.client_id
             WHERE e.organisation_id = $1 AND c.service_id = $2 AND e.kind = $3 AND e.ended_at IS NULL AND e.held_by IS NULL
             ORDER BY e.id",
        )
        .bind(organisation)
        .bind(service)
        .bind(kind)
        .all()
        .await?;
    for row in rows {
        look_soon(tx, app, row).await?;
    }
    Ok(())
}

/// It is due now. Whoever changed it meanwhile may have done so by the old list.
async fn look_soon(tx: &mut Tx, app: &App, mut row: Open) -> Result<()> {
    for _ in 0..TRIES {
        let state = row.state(app.now()).look_at(app.now());
        if store_as_of(tx, &row, row.kind, &state, (app.now(), row.looked_at)).await? {
            return Ok(());
        }
        let Some(now) = open_by_id(&mut *tx, row.organisation_id, row.id).await? else { return Ok(()) };
        row = now;
    }
    Err(Error::Busy)
}

async fn insert(tx: &mut Tx, app: &App, worker: &Worker, new: &NewPolicy, policy: &Policy) -> Result<()> {
    for (n, step) in policy.steps.iter().enumerate() {
        if let Who::Person(person) = step.who
            && !works_here(tx, worker.organisation, person).await?
        {
            return Err(Error::field(format!("steps.{n}.worker_id"), "Choose somebody who works here."));
        }
    }
    tx.query(
        "INSERT INTO policy (organisation_id, service_id, kind, steps, by_day, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (organisation_id, service_id, kind) DO UPDATE
         SET steps = excluded.steps, by_day = excluded.by_day, changed_at = excluded.changed_at, changed_by = excluded.changed_by",
    )
    .bind(worker.organisation)
    .bind(new.service_id)
    .bind(new.kind)
    .bind(Stored(&policy.steps))
    .bind(policy.by_day)
    .bind(app.now())
    .bind(worker.id)
    .execute()
    .await?;
    Ok(())
}

async fn works_here(tx: &mut Tx, organisation: OrganisationId, person: Uuid) -> Result<bool> {
    let found: i64 = tx
        .query("SELECT COUNT(*) FROM worker WHERE organisation_id = $1 AND id = $2 AND active")
        .bind(organisation)
        .bind(WorkerId(person))
        .scalar()
        .await?;
    Ok(found > 0)
}
