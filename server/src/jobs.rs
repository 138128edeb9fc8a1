//! What must still happen: jobs written in the transaction that caused them, leased, run once, tried again.
//!
//! A job's effects and its being done are one transaction, and only the node that holds the lease may end it.
//! So a crash at any moment leaves the job due again and nothing of it half done.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    app::App,
    assessments,
    auth::limits,
    contact,
    db::Tx,
    error::{Error, Result},
    ids::{ClientId, ContactRequestId, OrganisationId},
    reminders,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// Assess a client's check-ins.
    Assess,
    /// The time a worker promised has come: was it kept?
    PromiseDue,
    /// Look through what a client is to be reminded of.
    Remind,
}

const AT_ONCE: i64 = 20;
/// A node that dies without coming back holds its jobs up for this long; one that is slow and loses a lease
/// changes nothing with it.
const LEASE: Duration = Duration::seconds(15);
/// How often a node looks without being woken: for what fell due, and for what other nodes left.
const LOOK: StdDuration = StdDuration::from_secs(1);

#[derive(Clone, Debug, sqlx::FromRow)]
struct Job {
    organisation_id: OrganisationId,
    id: Uuid,
    kind: Kind,
    subject_id: Uuid,
    attempts: i32,
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
    tx.query("INSERT INTO job (organisation_id, id, kind, subject_id, due_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(organisation)
        .bind(app.new_id::<Uuid>())
        .bind(kind)
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

/// Runs everything due now, and what that leaves due, until nothing is left. Returns how many were done.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut done = 0;
    loop {
        let leased = lease(app).await?;
        if leased.is_empty() {
            app.swept();
            return Ok(done);
        }
        for job in leased {
            if app.stop.is_cancelled() {
                // Whoever runs next takes it over.
                return Ok(done);
            }
            // A task of its own, so that a job that panics takes nothing else with it.
            let task = tokio::spawn({
                let (app, job) = (app.clone(), job.clone());
                async move { run(&app, &job).await }
            });
            match task.await.map_err(Error::internal).flatten() {
                Ok(()) => done += 1,
                Err(error) => {
                    tracing::error!(job.id = %job.id, job.kind = ?job.kind, job.attempts, %error, "a job failed; it will be tried again");
                    try_later(app, &job).await?;
                }
            }
        }
        app.wake();
    }
}

/// Runs jobs until the server drains.
pub async fn run_until_stopped(app: App) {
    if let Err(error) = take_over(&app).await {
        tracing::error!(%error, "jobs that a node left behind wait until their leases run out");
    }
    if let Err(error) = assessments::daily::see_to_everybody(&app).await {
        tracing::error!(%error, "whether everybody is looked at every morning could not be made sure of");
    }
    if let Err(error) = reminders::round::see_to_everybody(&app).await {
        tracing::error!(%error, "whether everybody is reminded could not be made sure of");
    }
    if let Err(error) = limits::tidy(&app).await {
        tracing::error!(%error, "old counts of tries could not be let go");
    }
    let mut changes = app.changes();
    while !app.stop.is_cancelled() {
        changes.mark_unchanged();
        if let Err(error) = sweep(&app).await {
            tracing::error!(%error, "looking for jobs failed");
        }
        tokio::select! {
            () = app.stop.cancelled() => {}
            _ = changes.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn sweep(app: &App) -> Result<()> {
    if app.signer.is_due(app.now()) {
        app.signer.rotate(&app.db, app.now(), &app.chance, &app.master).await?;
    }
    run_due(app).await.map(|_| ())
}

/// A node that starts does not wait for the leases of one that was killed, perhaps itself. A node that lives
/// and loses a lease by this changes nothing with it: see [`run`].
async fn take_over(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query("UPDATE job SET lease_until = NULL WHERE done_at IS NULL AND lease_until > $1")
        .bind(app.now())
        .execute()
        .await?;
    Ok(tx.commit().await?)
}

/// Takes some due jobs for this node: one after the other and in the order of their ids, so that two nodes that reach for the
/// same, as they do every morning at five, wait for each other and never crosswise. On PostgreSQL a node that waited for a
/// row looks at it again and leaves it alone.
async fn lease(app: &App) -> Result<Vec<Job>> {
    let now = app.now();
    let mut due: Vec<(OrganisationId, Uuid)> = app
        .db
        .query(
            "SELECT organisation_id, id FROM job
             WHERE due_at <= $1 AND done_at IS NULL AND (lease_until IS NULL OR lease_until <= $1)
             ORDER BY due_at LIMIT $2",
        )
        .bind(now)
        .bind(AT_ONCE)
        .all()
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    due.sort_unstable();
    let mut tx = app.db.begin().await?;
    let mut leased = Vec::with_capacity(due.len());
    for (organisation, id) in due {
        let job: Option<Job> = tx
            .query(
                "UPDATE job SET leased_by = $3, lease_until = $4, attempts = attempts + 1
                 WHERE organisation_id = $1 AND id = $2 AND done_at IS NULL AND (lease_until IS NULL OR lease_until <= $5)
                 RETURNING organisation_id, id, kind, subject_id, attempts",
            )
            .bind(organisation)
            .bind(id)
            .bind(app.node())
            .bind(now + LEASE)
            .bind(now)
            .optional()
            .await?;
        leased.extend(job);
    }
    tx.commit().await?;
    Ok(leased)
}

async fn run(app: &App, job: &Job) -> Result<()> {
    let mut tx = app.db.begin().await?;
    // First of all: whoever lost the lease meanwhile changes nothing.
    let mine = tx
        .query("UPDATE job SET done_at = $4 WHERE organisation_id = $1 AND id = $2 AND leased_by = $3 AND attempts = $5 AND done_at IS NULL")
        .bind(job.organisation_id)
        .bind(job.id)
        .bind(app.node())
        .bind(app.now())
        .bind(job.attempts)
        .execute()
        .await?;
    if mine == 0 {
        return Ok(());
    }
    match job.kind {
        Kind::Assess => assessments::assess(&mut tx, app, job.organisation_id, ClientId(job.subject_id)).await?,
        Kind::Remind => reminders::round::remind(&mut tx, app, job.organisation_id, ClientId(job.subject_id)).await?,
        Kind::PromiseDue => {
            contact::promise_due(&mut tx, app, job.organisation_id, ContactRequestId(job.subject_id)).await?
        }
    }
    Ok(tx.commit().await?)
}

/// Waits twice as long after each failure, up to a quarter of an hour.
async fn try_later(app: &App, job: &Job) -> Result<()> {
    let wait = Duration::seconds(2_i64.pow(job.attempts.clamp(1, 10).unsigned_abs()).min(900));
    let mut tx = app.db.begin().await?;
    tx.query("UPDATE job SET lease_until = $3 WHERE organisation_id = $1 AND id = $2 AND done_at IS NULL")
        .bind(job.organisation_id)
        .bind(job.id)
        .bind(app.now() + wait)
        .execute()
        .await?;
    Ok(tx.commit().await?)
}

/// When the oldest overdue job was due.
pub async fn oldest_overdue(app: &App) -> Result<Option<DateTime<Utc>>> {
    Ok(app
        .db
        .query("SELECT MIN(due_at) FROM job WHERE done_at IS NULL AND due_at <= $1")
        .bind(app.now())
        .scalar()
        .await?)
}
