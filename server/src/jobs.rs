//! What must still happen: jobs written in the transaction that caused them, leased, run once, tried again.
//!
//! A job's effects and its being done are one transaction, and only the node that holds the lease may end it.
//! So a crash at any moment leaves the job due again and nothing of it half done. The one exception asks another machine
//! between two transactions: [`notify::deliver`], [`channels::deliver`], [`by_text::deliver`].

mod lanes;

pub use lanes::{run_due, run_until_stopped};

use std::convert::Infallible;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    app::App,
    assessments, by_text, channels,
    db::Tx,
    error::Result,
    escalation,
    ids::{ClientId, DrillId, OrganisationId, ServiceId, WorkerId},
    notify, plans, reminders, rota,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// Assess a client's check-ins.
    Assess,
    /// The far end of a drill, by the way that a request for contact rings.
    Drill,
    /// Look through what a client is to be reminded of.
    Remind,
    /// Tell a worker of the flags that waited for the day.
    TellFlags,
    /// A plan waits for the client: tell them, if it still does.
    AskAboutPlan,
    /// Look at the rota of a service.
    Rota,
    /// Hand a notification to a push service.
    Deliver,
    /// The same for what somebody is waiting for: a request for contact.
    DeliverFirst,
    /// Ring a worker by e-mail, text or voice.
    Relay,
    /// Ask a client by text, if it is time.
    AskByText,
    /// Hand a text for a client to the gateway.
    Text,
    /// The same for an answer: somebody has just written.
    TextFirst,
}

impl Kind {
    fn lane(self) -> Lane {
        match self {
            Self::Drill | Self::DeliverFirst | Self::Relay | Self::TextFirst => Lane::Urgent,
            Self::Assess | Self::Remind | Self::TellFlags | Self::AskAboutPlan | Self::Rota | Self::AskByText => {
                Lane::Work
            }
            Self::Deliver | Self::Text => Lane::Push,
        }
    }
}

/// Jobs of one lane hold up nothing in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Lane {
    /// What a person waits for. Ten thousand reminders of nine o'clock are not before it.
    Urgent,
    /// What needs this machine and the database only.
    Work,
    /// What waits for a push service.
    Push,
}

impl Lane {
    const ALL: [Self; 3] = [Self::Urgent, Self::Work, Self::Push];

    /// How many a node runs at once. Those of the work lane share their waits for the disk; more would take connections away
    /// from people. Those of the push lane wait for others most of the time.
    fn at_once(self) -> usize {
        match self {
            Self::Work => 8,
            Self::Urgent => 16,
            Self::Push => 32,
        }
    }

    /// A node that dies without coming back holds its jobs up for this long; one that is slow and loses a lease
    /// changes nothing with it. Whoever waits for somebody else's server says meanwhile that it lives: [`holding`].
    fn lease(self) -> Duration {
        match self {
            // A person waits for it.
            Self::Urgent => Duration::seconds(4),
            Self::Work => Duration::seconds(15),
            Self::Push => Duration::seconds(30),
        }
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Job {
    pub organisation_id: OrganisationId,
    id: Uuid,
    pub kind: Kind,
    pub subject_id: Uuid,
    attempts: i32,
    /// By this node's clock.
    pub lease_until: DateTime<Utc>,
}

/// Leaves a job, in the transaction that causes it.
pub async fn add(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    kind: Kind,
    subject: Uuid,
    due_at: DateTime<Utc>,
) -> Result<()> {
    tx.query("INSERT INTO job (organisation_id, id, kind, lane, subject_id, due_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(organisation)
        .bind(app.new_id::<Uuid>())
        .bind(kind)
        .bind(kind.lane())
        .bind(subject)
        .bind(due_at)
        .execute()
        .await?;
    Ok(())
}

/// Whether a job of this kind is already waiting for a later time.
pub async fn is_waiting(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    kind: Kind,
    subject: Uuid,
) -> Result<bool> {
    let waiting: i64 = tx
        .query(
            "SELECT COUNT(*) FROM job WHERE organisation_id = $1 AND subject_id = $2 AND kind = $3
             AND done_at IS NULL AND due_at > $4",
        )
        .bind(organisation)
        .bind(subject)
        .bind(kind)
        .bind(app.now())
        .scalar()
        .await?;
    Ok(waiting > 0)
}

/// Leaves a job unless one waits already that is due by then. Two may wait if what is due comes to be earlier: no row that another
/// node may be about to run is touched, so nobody waits for anybody crosswise. The later one finds nothing to do.
pub async fn add_unless_waiting(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    kind: Kind,
    subject: Uuid,
    due_at: DateTime<Utc>,
) -> Result<()> {
    let waiting: i64 = tx
        .query(
            "SELECT COUNT(*) FROM job WHERE organisation_id = $1 AND subject_id = $2 AND kind = $3
             AND done_at IS NULL AND due_at <= $4",
        )
        .bind(organisation)
        .bind(subject)
        .bind(kind)
        .bind(due_at)
        .scalar()
        .await?;
    if waiting == 0 { add(tx, app, organisation, kind, subject, due_at).await } else { Ok(()) }
}

impl Job {
    fn subject(&self) -> (OrganisationId, Uuid) {
        (self.organisation_id, self.subject_id)
    }
}

async fn run(app: &App, job: &Job) -> Result<()> {
    match job.kind {
        Kind::Deliver | Kind::DeliverFirst => return notify::deliver::run(app, job).await,
        Kind::Relay => return channels::deliver::run(app, job).await,
        Kind::Text | Kind::TextFirst => return by_text::deliver::run(app, job).await,
        _ => {}
    }
    let Some(mut tx) = begin(app, job, Then::Done).await? else { return Ok(()) };
    let (organisation, subject) = job.subject();
    match job.kind {
        Kind::Assess => assessments::assess(&mut tx, app, organisation, ClientId(subject)).await?,
        Kind::Drill => escalation::drill::arrived(&mut tx, app, organisation, DrillId(subject)).await?,
        Kind::Remind => reminders::round::remind(&mut tx, app, organisation, ClientId(subject)).await?,
        Kind::TellFlags => notify::team::tell_flags(&mut tx, app, organisation, WorkerId(subject)).await?,
        Kind::AskAboutPlan => plans::agree::ask_client(&mut tx, app, organisation, ClientId(subject)).await?,
        Kind::Rota => rota::round::look(&mut tx, app, organisation, ServiceId(subject)).await?,
        Kind::AskByText => by_text::round::ask(&mut tx, app, organisation, ClientId(subject)).await?,
        Kind::Deliver | Kind::DeliverFirst | Kind::Relay | Kind::Text | Kind::TextFirst => {}
    }
    Ok(tx.commit().await?)
}

/// What becomes of a job with the transaction that [`begin`] begins.
#[derive(Clone, Copy, Debug)]
pub enum Then {
    Done,
    /// It is due again at this time.
    Again(DateTime<Utc>),
}

/// Begins the transaction that ends a job. None if this node lost the lease meanwhile: then it changes nothing.
pub async fn begin(app: &App, job: &Job, then: Then) -> Result<Option<Tx>> {
    let (done_at, due_at) = match then {
        Then::Done => (Some(app.now()), None),
        Then::Again(at) => (None, Some(at)),
    };
    let mut tx = app.db.begin().await?;
    let mine = tx
        .query(
            "UPDATE job SET done_at = $5, due_at = COALESCE($6, due_at), lease_until = CASE WHEN $7 THEN lease_until END
             WHERE organisation_id = $1 AND id = $2 AND leased_by = $3 AND attempts = $4 AND done_at IS NULL",
        )
        .bind(job.organisation_id)
        .bind(job.id)
        .bind(app.node())
        .bind(job.attempts)
        .bind(done_at)
        .bind(due_at)
        .bind(done_at.is_some())
        .execute()
        .await?;
    Ok((mine > 0).then_some(tx))
}

/// A lease of another node's is over only so long after its end: its clock may be behind ours.
const CLOCKS_DIFFER: Duration = Duration::seconds(4);

/// Whether a job was leased so lately that no other node can think of it as its own by now.
pub fn is_surely_mine(app: &App, job: &Job) -> bool {
    app.now() + job.kind.lane().lease() / 2 <= job.lease_until
}

/// Waits for somebody else's server, outside any transaction, and keeps the lease meanwhile.
pub async fn holding<T>(app: &App, job: &Job, asked: impl Future<Output = T>) -> T {
    tokio::select! {
        answer = asked => answer,
        never = keep_lease(app, job) => match never {},
    }
}

async fn keep_lease(app: &App, job: &Job) -> Infallible {
    let pause = (job.kind.lane().lease() / 3).to_std().unwrap_or_default();
    loop {
        tokio::time::sleep(pause).await;
        if let Err(error) = renew(app, job).await {
            tracing::warn!(job.id = %job.id, %error, "a lease could not be kept: another node may do the same");
        }
    }
}

async fn renew(app: &App, job: &Job) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query(
        "UPDATE job SET lease_until = $5 WHERE organisation_id = $1 AND id = $2 AND leased_by = $3 AND attempts = $4 AND done_at IS NULL",
    )
    .bind(job.organisation_id)
    .bind(job.id)
    .bind(app.node())
    .bind(job.attempts)
    .bind(app.now() + job.kind.lane().lease())
    .execute()
    .await?;
    Ok(tx.commit().await?)
}

/// How long a job that is done is kept, for whoever looks into what happened.
const KEEP: Duration = Duration::days(7);
/// How many are let go in one transaction: a person may be waiting for the next.
const LET_GO_TOGETHER: i64 = 500;

/// Lets go of what was done long ago. Returns how many there were.
pub async fn tidy(app: &App) -> Result<u64> {
    let mut all = 0;
    loop {
        let mut tx = app.db.begin().await?;
        let gone = tx
            .query(
                "DELETE FROM job WHERE (organisation_id, id) IN
                     (SELECT organisation_id, id FROM job WHERE done_at < $1 ORDER BY done_at LIMIT $2)",
            )
            .bind(app.now() - KEEP)
            .bind(LET_GO_TOGETHER)
            .execute()
            .await?;
        tx.commit().await?;
        all += gone;
        if gone == 0 || app.stop.is_cancelled() {
            return Ok(all);
        }
    }
}

/// When the oldest overdue job was due that somebody is waiting for.
pub async fn oldest_urgent(app: &App) -> Result<Option<DateTime<Utc>>> {
    Ok(app
        .db
        .query("SELECT MIN(due_at) FROM job WHERE lane = $1 AND done_at IS NULL AND due_at <= $2")
        .bind(Lane::Urgent)
        .bind(app.now())
        .scalar()
        .await?)
}

/// When the oldest overdue job was due. One lane after the other: so each answer is the first row of an index.
pub async fn oldest_overdue(app: &App) -> Result<Option<DateTime<Utc>>> {
    let mut oldest: Option<DateTime<Utc>> = None;
    for lane in Lane::ALL {
        let due: Option<DateTime<Utc>> = app
            .db
            .query("SELECT MIN(due_at) FROM job WHERE lane = $1 AND done_at IS NULL AND due_at <= $2")
            .bind(lane)
            .bind(app.now())
            .scalar()
            .await?;
        oldest = oldest.into_iter().chain(due).min();
    }
    Ok(oldest)
}
