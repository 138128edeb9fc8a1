//! The stay-well plan: drafted by client and worker, each where they are, and in force once both have agreed.
//!
//! Every save is a version, and no version is ever changed. Whoever saves says what they had before them; if that was no longer
//! the newest, both are put together line by line (`mobile_shared::plan::merge`), and what was sent is kept beside it. To agree is
//! about one version: whatever is saved after it starts the agreeing anew.

pub mod agree;
pub mod beside;
pub mod client;
pub mod draft;
pub mod team;

use chrono::{DateTime, NaiveDate, Utc};
use mobile_shared::plan::{self, Body};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clients::Client,
    db::Connection,
    error::{Error, Result},
    ids::{OrganisationId, PlanVersionId, WorkerId},
    seal::Place,
    workers::Names,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum How {
    /// The client by themselves, on their phone.
    OnPhone,
    /// With their worker beside them.
    Together,
}

#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub id: PlanVersionId,
    arrival: i32,
    number: Option<i32>,
    based_on: Option<PlanVersionId>,
    aside: bool,
    merged_from: Option<PlanVersionId>,
    body: Vec<u8>,
    body_hash: Vec<u8>,
    written_by: Option<WorkerId>,
    written_at: DateTime<Utc>,
    client_agreed_at: Option<DateTime<Utc>>,
    client_agreed_how: Option<How>,
    worker_agreed_at: Option<DateTime<Utc>>,
    worker_agreed_by: Option<WorkerId>,
    in_force_from: Option<NaiveDate>,
}

impl Row {
    fn open(&self, client: &Client) -> Result<Body> {
        Ok(client.key.open_json(place(self.id), &self.body)?)
    }
}

fn place(id: PlanVersionId) -> Place {
    Place { column: "plan_version.body", row: id.0 }
}

/// All versions, in the order in which they came.
async fn rows(mut from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT id, arrival, number, based_on, aside, merged_from, body, body_hash, written_by, written_at,
                    client_agreed_at, client_agreed_how, worker_agreed_at, worker_agreed_by, in_force_from
             FROM plan_version WHERE organisation_id = $1 AND client_id = $2 ORDER BY arrival",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?)
}

/// Those that say where the plan is now, and the ones named: the newest to come, the newest of those that do not stand aside, and
/// what was agreed last. However long a history is, these are few.
async fn rows_now(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: &Client,
    named: [Option<PlanVersionId>; 2],
) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT id, arrival, number, based_on, aside, merged_from, body, body_hash, written_by, written_at,
                    client_agreed_at, client_agreed_how, worker_agreed_at, worker_agreed_by, in_force_from
             FROM plan_version p WHERE organisation_id = $1 AND client_id = $2 AND (id = $3 OR id = $4
                OR arrival = (SELECT MAX(arrival) FROM plan_version WHERE organisation_id = $1 AND client_id = $2)
                OR arrival = (SELECT MAX(arrival) FROM plan_version WHERE organisation_id = $1 AND client_id = $2 AND NOT aside)
                OR number = (SELECT MAX(number) FROM plan_version WHERE organisation_id = $1 AND client_id = $2))
             ORDER BY arrival",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(named[0])
        .bind(named[1])
        .all()
        .await?)
}

/// Where the plan is now, agreed or not.
fn head(rows: &[Row]) -> Option<&Row> {
    rows.iter().rfind(|row| !row.aside)
}

/// The plan that both agreed to last.
fn current(rows: &[Row]) -> Option<&Row> {
    rows.iter().max_by_key(|row| row.number).filter(|row| row.number.is_some())
}

/// What waits for somebody to agree.
fn draft(rows: &[Row]) -> Option<&Row> {
    head(rows).filter(|row| row.number.is_none())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Client,
    Worker,
}

/// Who wrote it, as the reader calls them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct By {
    pub who: Who,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ClientAgreed {
    at: DateTime<Utc>,
    how: How,
    /// Who was beside them.
    worker: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerAgreed {
    at: DateTime<Utc>,
    by: Option<String>,
}

/// One version of the plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanVersion {
    id: PlanVersionId,
    /// Counted when both have agreed.
    number: Option<i32>,
    /// `keeps_well`, `important`, `works`, `does_not_work`, `triggers`, `want`, `do_not_want`, `tell`, `do_not_tell`: lists of
    /// `{id, text, beside}`; `stages`, `people` and `rules`. Not in a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    body: Option<Body>,
    based_on: Option<PlanVersionId>,
    written_at: DateTime<Utc>,
    by: By,
    /// Put together from two changes that were made at once.
    merged: bool,
    /// It was sent like this, and another change had come first: what became of both is the version after it.
    aside: bool,
    /// Lines that are there in two wordings, until somebody chooses.
    doubled: usize,
    client_agreed: Option<ClientAgreed>,
    worker_agreed: Option<WorkerAgreed>,
    current: bool,
}

/// How a reader is told of people: the client reads first names, a worker whole ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Client,
    Worker,
}

/// Opens versions for a reader.
struct Opener<'a> {
    client: &'a Client,
    names: &'a Names,
    reader: Reader,
    current: Option<PlanVersionId>,
}

impl Opener<'_> {
    fn name(&self, worker: WorkerId) -> Option<String> {
        match self.reader {
            Reader::Client => self.names.first(Some(worker)),
            Reader::Worker => self.names.of(Some(worker)).map(|w| w.name),
        }
    }

    fn by(&self, worker: Option<WorkerId>) -> By {
        match worker {
            Some(worker) => By { who: Who::Worker, name: self.name(worker).unwrap_or_default() },
            None => By { who: Who::Client, name: self.client.profile.preferred_name.clone() },
        }
    }

    fn version(&self, row: &Row) -> Result<PlanVersion> {
        let body = row.open(self.client)?;
        let how = row.client_agreed_at.zip(row.client_agreed_how);
        let beside = |how| if how == How::Together { row.worker_agreed_by.and_then(|w| self.name(w)) } else { None };
        Ok(PlanVersion {
            id: row.id,
            number: row.number,
            doubled: body.doubled(),
            body: Some(body),
            based_on: row.based_on,
            written_at: row.written_at,
            by: self.by(row.written_by),
            merged: row.merged_from.is_some(),
            aside: row.aside,
            client_agreed: how.map(|(at, how)| ClientAgreed { at, how, worker: beside(how) }),
            worker_agreed: row
                .worker_agreed_at
                .map(|at| WorkerAgreed { at, by: row.worker_agreed_by.and_then(|w| self.name(w)) }),
            current: Some(row.id) == self.current,
        })
    }
}

/// The plan as it stands: what both agreed to, and what waits for that.
#[derive(Debug, Serialize, ToSchema)]
pub struct Plan {
    current: Option<PlanVersion>,
    draft: Option<PlanVersion>,
}

/// A version, and what is different in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Step {
    version: PlanVersion,
    /// `{where, stage, what, before, after}`, against what its writer had before them.
    #[schema(value_type = Vec<Object>)]
    changes: Vec<plan::Change>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// Newest first.
    items: Vec<Step>,
}

impl Opener<'_> {
    fn plan(&self, rows: &[Row]) -> Result<Plan> {
        let open = |row: Option<&Row>| row.map(|row| self.version(row)).transpose();
        Ok(Plan { current: open(current(rows))?, draft: open(draft(rows))? })
    }

    fn history(&self, rows: &[Row]) -> Result<History> {
        let step = |row: &Row| {
            let before = row.based_on.and_then(|id| rows.iter().find(|r| r.id == id));
            let before = before.map(|row| row.open(self.client)).transpose()?.unwrap_or_default();
            let mut version = self.version(row)?;
            let changes = version.body.take().map(|after| plan::changes(&before, &after)).unwrap_or_default();
            Ok(Step { version, changes })
        };
        Ok(History { items: rows.iter().rev().map(step).collect::<Result<_>>()? })
    }

    fn one(&self, rows: &[Row], id: PlanVersionId) -> Result<PlanVersion> {
        rows.iter().find(|row| row.id == id).map(|row| self.version(row)).ok_or(Error::NotFound)?
    }
}

/// A version as somebody saves it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewDraft {
    /// Made where it was written: the same again is a retry.
    id: PlanVersionId,
    /// The version it was written on; none for the first.
    based_on: Option<PlanVersionId>,
    /// As in `PlanVersion`.
    #[schema(value_type = Object)]
    body: Body,
    /// What the replay of its rules answered today; needed where a rule is new or other than it was.
    #[serde(skip_serializing)]
    seen: Option<String>,
}
