//! Reminders: of a check-in, of something in the plan, of whatever somebody wants; by the clock on their wall.
//!
//! `change.rs` keeps every wording, `round.rs` is what happens when a time has come, `answers.rs` what is said to it, `listing.rs`
//! what is shown of it. What happens when is decided in `mobile_shared::reminder`, for phones and server alike.

pub mod answers;
pub mod calendar;
mod change;
pub mod client;
pub mod listing;
pub mod pattern;
pub mod round;
pub mod settings;
pub mod standing;
pub mod team;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use mobile_shared::reminder::Schedule;
use serde::{Deserialize, Serialize};
use sqlx::types::Json as Column;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    clients::Client,
    db::Connection,
    error::Result,
    ids::{ClientId, OrganisationId, ReminderChangeId, ReminderId, WorkerId},
    notify,
    seal::{ClientKey, Place},
};

pub use change::plan_changed;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ReminderState)]
pub enum State {
    /// By a worker; waits for the client.
    Proposed,
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum About {
    /// A check-in of that day answers it.
    CheckIn,
    Plan,
    Own,
}

/// Whose change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    Client,
    Worker(WorkerId),
}

impl Author {
    fn worker(self) -> Option<WorkerId> {
        match self {
            Self::Client => None,
            Self::Worker(id) => Some(id),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Client,
    Worker,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct By {
    who: Who,
    /// On the phone a worker's first name.
    name: String,
}

/// A reminder as it stands: in the wording that is told, or was until it was turned off, or waits as the first there is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reminder {
    pub id: ReminderId,
    /// This wording of it. Whoever edits it says so in `based_on`.
    change: ReminderChangeId,
    title: String,
    note: Option<String>,
    about: About,
    plan_line: Option<Uuid>,
    #[schema(value_type = Object)]
    schedule: Schedule,
    state: State,
    /// The last day of its own pause.
    paused_until: Option<NaiveDate>,
    by: By,
    changed_at: DateTime<Utc>,
    /// It was turned off because the agreed plan no longer has its line.
    by_plan: bool,
    /// What a worker proposes in its place. It changes nothing before the client says yes.
    proposal: Option<Proposed>,
}

/// Another wording of a reminder, which waits for the client.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReminderProposal)]
pub struct Proposed {
    /// Whoever answers it says so in `based_on`: on is yes, off is no.
    change: ReminderChangeId,
    title: String,
    note: Option<String>,
    about: About,
    plan_line: Option<Uuid>,
    #[schema(value_type = Object)]
    schedule: Schedule,
    by: By,
    changed_at: DateTime<Utc>,
}

/// What is sealed of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub title: String,
    pub note: Option<String>,
}

pub fn words_place(id: ReminderChangeId) -> Place {
    Place { column: "reminder_change.words", row: id.0 }
}

/// What cannot be opened says so in its own place.
fn words(key: &ClientKey, id: ReminderChangeId, sealed: &[u8]) -> Words {
    key.open_json(words_place(id), sealed).unwrap_or_else(|error| {
        tracing::error!(change = %id, %error, "the words of a reminder cannot be read");
        Words { title: "(These words cannot be read.)".to_owned(), note: None }
    })
}

/// What a change was called.
pub fn title(key: &ClientKey, id: ReminderChangeId, sealed: Option<&[u8]>) -> Option<String> {
    sealed.map(|sealed| words(key, id, sealed).title)
}

/// One wording.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    id: ReminderChangeId,
    reminder_id: ReminderId,
    number: i32,
    state: State,
    about: About,
    plan_line: Option<Uuid>,
    schedule: Column<Schedule>,
    paused_until: Option<NaiveDate>,
    from_at: DateTime<Utc>,
    words: Vec<u8>,
    worker_id: Option<WorkerId>,
    by_plan: bool,
    changed_at: DateTime<Utc>,
    body_hash: Vec<u8>,
}

impl Row {
    fn words(&self, client: &Client) -> Words {
        words(&client.key, self.id, &self.words)
    }

    /// For a reader to whom workers are called so.
    fn by(&self, client: &Client, name: impl Fn(WorkerId) -> Option<String>) -> By {
        match self.worker_id {
            None => By { who: Who::Client, name: client.profile.preferred_name.clone() },
            Some(id) => By { who: Who::Worker, name: name(id).unwrap_or_default() },
        }
    }
}

/// A reminder: the wording that stands, and what is proposed in its place.
#[derive(Clone, Debug)]
struct Both {
    stands: Row,
    proposal: Option<Row>,
}

impl Both {
    /// That is what a worker proposes.
    fn waits(&self, id: ReminderChangeId) -> bool {
        self.proposal.as_ref().is_some_and(|row| row.id == id)
    }

    /// The last thing that anybody wrote.
    fn newest(&self) -> &Row {
        self.proposal.as_ref().filter(|proposal| proposal.number > self.stands.number).unwrap_or(&self.stands)
    }

    fn open(self, client: &Client, name: impl Fn(WorkerId) -> Option<String>) -> Reminder {
        let Self { stands: row, proposal } = self;
        let (Words { title, note }, by) = (row.words(client), row.by(client, &name));
        Reminder {
            id: row.reminder_id,
            change: row.id,
            title,
            note,
            about: row.about,
            plan_line: row.plan_line,
            schedule: row.schedule.0,
            state: row.state,
            paused_until: row.paused_until,
            by,
            changed_at: row.changed_at,
            by_plan: row.by_plan,
            proposal: proposal.map(|row| {
                let (Words { title, note }, by) = (row.words(client), row.by(client, &name));
                Proposed {
                    change: row.id,
                    title,
                    note,
                    about: row.about,
                    plan_line: row.plan_line,
                    schedule: row.schedule.0,
                    by,
                    changed_at: row.changed_at,
                }
            }),
        }
    }
}

/// Every reminder of a client as it stands, the oldest first. Of its history no more than two wordings are read.
async fn all(mut from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Vec<Both>> {
    let rows: Vec<Row> = from
        .query(
            "SELECT c.id, c.reminder_id, c.number, c.state, c.about, c.plan_line, c.schedule, c.paused_until, c.from_at, c.words,
                    c.worker_id, c.by_plan, c.changed_at, c.body_hash
             FROM reminder r
             JOIN reminder_change c ON c.organisation_id = r.organisation_id AND c.client_id = r.client_id AND c.id = r.change_id
             WHERE r.organisation_id = $1 AND r.client_id = $2 ORDER BY r.created_at, r.id",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?;
    let mut proposals: Vec<Row> = from
        .query(
            "SELECT c.id, c.reminder_id, c.number, c.state, c.about, c.plan_line, c.schedule, c.paused_until, c.from_at, c.words,
                    c.worker_id, c.by_plan, c.changed_at, c.body_hash
             FROM reminder r
             JOIN reminder_change c ON c.organisation_id = r.organisation_id AND c.client_id = r.client_id AND c.id = r.proposal_id
             WHERE r.organisation_id = $1 AND r.client_id = $2",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?;
    let mut proposal = |reminder| {
        let at = proposals.iter().position(|row| row.reminder_id == reminder)?;
        Some(proposals.swap_remove(at))
    };
    Ok(rows.into_iter().map(|stands| Both { proposal: proposal(stands.reminder_id), stands }).collect())
}

/// One wording by its id, of whichever reminder.
async fn wording(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: &Client,
    id: ReminderChangeId,
) -> Result<Option<Row>> {
    Ok(from
        .query(
            "SELECT id, reminder_id, number, state, about, plan_line, schedule, paused_until, from_at, words, worker_id, by_plan,
                    changed_at, body_hash
             FROM reminder_change WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(id)
        .optional()
        .await?)
}

/// A date that a database knows and a calendar has: from outside comes any.
fn is_a_date(date: NaiveDate) -> bool {
    (1900..=2200).contains(&date.year())
}

const NO_SUCH_DATE: &str = "Choose a day between 1900 and 2200.";

/// How discreet a client wants to be told things.
pub async fn discretion(app: &App, organisation: OrganisationId, client: ClientId) -> Result<notify::Discretion> {
    Ok(app
        .db
        .query("SELECT discretion FROM client WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client)
        .scalar()
        .await?)
}
