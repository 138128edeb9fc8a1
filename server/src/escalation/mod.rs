//! From "somebody needs a person" to a named person who has it: who is rung, when, and what becomes of it.
//!
//! What happens next is decided by the core (`mobile_shared::escalation`). Here its state is kept, one row for each request or flag
//! that somebody is needed for, with the time of the next look ([`sweep`]). Whoever changes what it is about changes the row in the
//! same transaction: [`begin`], [`acknowledged`], [`reopened`], [`raised`], [`ended`].

mod adopt;
mod called;
pub mod drill;
mod effects;
mod heard;
pub mod policy;
pub mod rehearsal;
pub mod sweep;
pub mod team;
#[cfg(test)]
mod tests;
pub mod watch;
mod world;

use chrono::{DateTime, Utc};
use mobile_shared::escalation::{self as core, State};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    db::{Connection, Tx},
    error::{Error, Result},
    ids::{ClientId, ContactRequestId, DrillId, EscalationId, FlagId, OrganisationId, WorkerId},
    working_hours,
};

pub use core::Heard;
pub use heard::heard;
pub use watch::is_healthy;

/// What somebody is needed for: it chooses the list that is gone down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    ContactNow,
    ContactToday,
    ContactWhenYouCan,
    /// "Yes, please talk to me."
    ClientAsked,
    /// A rule that client and worker agreed for the night too.
    PlanRule,
}

impl Kind {
    pub const ALL: [Self; 5] =
        [Self::ContactNow, Self::ContactToday, Self::ContactWhenYouCan, Self::ClientAsked, Self::PlanRule];

    pub fn core(self) -> core::Kind {
        match self {
            Self::ContactNow => core::Kind::ContactNow,
            Self::ContactToday => core::Kind::ContactToday,
            Self::ContactWhenYouCan => core::Kind::ContactWhenYouCan,
            Self::ClientAsked => core::Kind::ClientAsked,
            Self::PlanRule => core::Kind::PlanRule,
        }
    }

    /// How long whoever takes it now has it, if they say nothing better.
    pub fn held_until(self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.core().held_for().until(now, working_hours::next_noon(now))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
enum SubjectKind {
    ContactRequest,
    Flag,
    Drill,
}

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Request(ContactRequestId),
    Flag(FlagId),
    /// About nobody.
    Drill(DrillId),
}

impl Subject {
    fn kind(self) -> SubjectKind {
        match self {
            Self::Request(_) => SubjectKind::ContactRequest,
            Self::Flag(_) => SubjectKind::Flag,
            Self::Drill(_) => SubjectKind::Drill,
        }
    }

    fn id(self) -> Uuid {
        match self {
            Self::Request(id) => id.0,
            Self::Flag(id) => id.0,
            Self::Drill(id) => id.0,
        }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    organisation_id: OrganisationId,
    id: EscalationId,
    client_id: Option<ClientId>,
    subject_kind: SubjectKind,
    subject_id: Uuid,
    kind: Kind,
    /// As text: one that cannot be read must not keep the row from being looked at.
    state: String,
    due_at: Option<DateTime<Utc>>,
    since_at: Option<DateTime<Utc>>,
    fence: i64,
    looked_at: DateTime<Utc>,
}

impl Row {
    fn subject(&self) -> Subject {
        match self.subject_kind {
            SubjectKind::ContactRequest => Subject::Request(ContactRequestId(self.subject_id)),
            SubjectKind::Flag => Subject::Flag(FlagId(self.subject_id)),
            SubjectKind::Drill => Subject::Drill(DrillId(self.subject_id)),
        }
    }

    /// Where it stands. One that cannot be read begins again at the top of the list.
    fn state(&self, now: DateTime<Utc>) -> State {
        serde_json::from_str(&self.state).unwrap_or_else(|error| {
            tracing::error!(escalation = %self.id, %error, "an escalation's state cannot be read; it begins again");
            State::begin(now)
        })
    }
}

/// What is open about a subject.
async fn open(mut from: impl Connection, organisation: OrganisationId, subject: Subject) -> Result<Option<Row>> {
    Ok(from
        .query(
            "SELECT organisation_id, id, client_id, subject_kind, subject_id, kind, CAST(state AS TEXT) AS state, due_at, since_at,
                    fence, looked_at
             FROM escalation WHERE organisation_id = $1 AND subject_kind = $2 AND subject_id = $3 AND ended_at IS NULL",
        )
        .bind(organisation)
        .bind(subject.kind())
        .bind(subject.id())
        .optional()
        .await?)
}

/// The same by its own id.
async fn open_by_id(mut from: impl Connection, organisation: OrganisationId, id: EscalationId) -> Result<Option<Row>> {
    Ok(from
        .query(
            "SELECT organisation_id, id, client_id, subject_kind, subject_id, kind, CAST(state AS TEXT) AS state, due_at, since_at,
                    fence, looked_at
             FROM escalation WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL",
        )
        .bind(organisation)
        .bind(id)
        .optional()
        .await?)
}

fn held_by(state: &State) -> Option<WorkerId> {
    if let State::Held { by, .. } = state { Some(WorkerId(*by)) } else { None }
}

/// Writes what has become of it, unless it was changed since it was read. Whether it was written.
async fn store(tx: &mut Tx, row: &Row, kind: Kind, state: &State, now: DateTime<Utc>) -> Result<bool> {
    store_as_of(tx, row, kind, state, (now, now)).await
}

/// The same; `looked_at` is when it was last looked at, and by whose clock. A receipt is no look.
async fn store_as_of(
    tx: &mut Tx,
    row: &Row,
    kind: Kind,
    state: &State,
    (now, looked_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool> {
    let since = match state {
        State::Ringing(ringing) => ringing.since,
        // Taken now, or before.
        State::Held { .. } if row.state(now) == *state => row.since_at,
        State::Held { .. } | State::Ended => Some(now),
    };
    let written = tx
        .query(
            "UPDATE escalation SET kind = $4, state = $5, due_at = $6, since_at = $7, held_by = COALESCE($8, CASE WHEN $9 THEN held_by END),
                    looked_at = $11, retry_at = NULL, ended_at = CASE WHEN $9 THEN $10 END, fence = fence + 1
             WHERE organisation_id = $1 AND id = $2 AND fence = $3 AND ended_at IS NULL",
        )
        .bind(row.organisation_id)
        .bind(row.id)
        .bind(row.fence)
        .bind(kind)
        .bind(Json(state))
        .bind(state.due())
        .bind(since)
        .bind(held_by(state))
        .bind(*state == State::Ended)
        .bind(now)
        .bind(looked_at)
        .execute()
        .await?;
    Ok(written > 0)
}

/// How often a change is tried that another, about a receipt, came before.
const TRIES: usize = 5;

/// Changes what is open about a subject; nothing if nothing is.
async fn change(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    subject: Subject,
    to: impl Fn(State, Kind) -> (State, Kind) + Send,
) -> Result<Option<Row>> {
    for _ in 0..TRIES {
        let Some(row) = open(&mut *tx, organisation, subject).await? else { return Ok(None) };
        let (state, kind) = to(row.state(app.now()), row.kind);
        if store(tx, &row, kind, &state, app.now()).await? {
            return Ok(Some(row));
        }
    }
    Err(Error::Busy)
}

/// Somebody is needed, from now on. If that is known already: a person who has it is rung about it again, and who is being rung is.
pub async fn begin(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    subject: Subject,
    kind: Kind,
) -> Result<()> {
    let now = app.now();
    let again = |state: State, before: Kind| match state {
        State::Ringing(_) => (state, before),
        State::Held { .. } | State::Ended => (State::begin(now), kind),
    };
    if change(tx, app, organisation, subject, again).await?.is_none() {
        insert(tx, app, organisation, Some(client), subject, kind, &State::begin(now)).await?;
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: Option<ClientId>,
    subject: Subject,
    kind: Kind,
    state: &State,
) -> Result<EscalationId> {
    let id: EscalationId = app.new_id();
    tx.query(
        "INSERT INTO escalation (organisation_id, id, client_id, subject_kind, subject_id, kind, state, due_at, since_at, held_by,
                                 looked_at, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
    )
    .bind(organisation)
    .bind(id)
    .bind(client)
    .bind(subject.kind())
    .bind(subject.id())
    .bind(kind)
    .bind(Json(state))
    .bind(state.due())
    .bind(held_by(state).map(|_| app.now()))
    .bind(held_by(state))
    .bind(app.now())
    .execute()
    .await?;
    Ok(id)
}

/// A named person has it, by their own word. At `until` it comes back if nothing came of it.
pub async fn acknowledged(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    subject: Subject,
    by: WorkerId,
    until: DateTime<Utc>,
) -> Result<()> {
    let held = |state: State, kind| (state.acknowledge(by.0, until), kind);
    if let Some(Row { client_id: Some(client), .. }) = change(tx, app, organisation, subject, held).await? {
        called::add(tx, organisation, by, client).await?;
    }
    Ok(())
}

/// It was handed to somebody. They have it when they say so: until then they are rung, and after a while everybody else is.
pub async fn handed(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    subject: Subject,
    to: WorkerId,
) -> Result<()> {
    let now = app.now();
    let handed = |state: State, kind| (state.hand_to(to.0, now), kind);
    if let Some(Row { client_id: Some(client), .. }) = change(tx, app, organisation, subject, handed).await? {
        called::add(tx, organisation, to, client).await?;
    }
    Ok(())
}

/// It needs a person afresh: from the top of the list.
pub async fn reopened(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    subject: Subject,
    kind: Kind,
) -> Result<()> {
    let now = app.now();
    if change(tx, app, organisation, subject, |_, _| (State::begin(now), kind)).await?.is_none() {
        insert(tx, app, organisation, Some(client), subject, kind, &State::begin(now)).await?;
    }
    Ok(())
}

/// Whoever had it is gone: it needs a person afresh, if it did at all.
pub async fn let_go(tx: &mut Tx, app: &App, organisation: OrganisationId, subject: Subject) -> Result<()> {
    let now = app.now();
    change(tx, app, organisation, subject, |_, kind| (State::begin(now), kind)).await.map(|_| ())
}

/// It is more urgent than before: rung again from the top of that list. Whoever has it keeps it, for no longer than suits it now.
pub async fn raised(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    subject: Subject,
    kind: Kind,
) -> Result<()> {
    let now = app.now();
    let sooner = |state: State, _| match state {
        State::Held { by, until } => (State::Held { by, until: until.min(kind.held_until(now)) }, kind),
        State::Ringing(_) | State::Ended => (State::begin(now), kind),
    };
    if change(tx, app, organisation, subject, sooner).await?.is_none() {
        insert(tx, app, organisation, Some(client), subject, kind, &State::begin(now)).await?;
    }
    Ok(())
}

/// It is over: somebody was in touch, or nobody is needed any more.
pub async fn ended(tx: &mut Tx, app: &App, organisation: OrganisationId, subject: Subject) -> Result<()> {
    if let Some(Row { client_id: Some(client), .. }) =
        change(tx, app, organisation, subject, |_, kind| (State::Ended, kind)).await?
    {
        called::tidy(tx, app, organisation, client).await?;
    }
    Ok(())
}

/// Whether somebody had it and it came back: it is rung again, and whoever is rung may take it over.
pub async fn rings_again(mut from: impl Connection, organisation: OrganisationId, subject: Uuid) -> Result<bool> {
    let rings: i64 = from
        .query(
            "SELECT COUNT(*) FROM escalation
             WHERE organisation_id = $1 AND subject_id = $2 AND ended_at IS NULL AND held_by IS NULL",
        )
        .bind(organisation)
        .bind(subject)
        .scalar()
        .await?;
    Ok(rings > 0)
}
