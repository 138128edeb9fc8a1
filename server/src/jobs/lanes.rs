//! How a node works on its lanes: takes leases, runs several jobs at once, and looks again when the next is due.

use std::{collections::HashSet, panic::AssertUnwindSafe, time::Duration as StdDuration};

use chrono::{DateTime, Duration, Utc};
use futures_util::FutureExt;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{CLOCKS_DIFFER, Job, Lane, run};
use crate::{
    app::App,
    assessments,
    auth::limits,
    by_text,
    db::Db,
    error::{Error, Result},
    escalation::{self, watch::is_time},
    ids::OrganisationId,
    reminders, rota,
};

/// How many are leased in one transaction.
const LEASED_TOGETHER: usize = 32;
/// From how many times as many of the oldest they are taken, when that many are due.
const BACKLOG: usize = 4;
/// How often a node looks without being woken: for what fell due, and for what other nodes left.
const LOOK: StdDuration = StdDuration::from_secs(1);
/// How often what was done long ago is let go.
const TIDY: StdDuration = StdDuration::from_secs(3600);

/// Takes every step and runs everything that is due now in all lanes, and what that leaves due, until nothing is left. Returns how
/// many were done.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut done = 0;
    loop {
        let before = done;
        done += escalation::sweep::run_due(app).await?;
        for lane in Lane::ALL {
            done += drain(app, lane).await?;
        }
        if done == before {
            return Ok(done);
        }
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
    if let Err(error) = by_text::round::see_to_everybody(&app).await {
        tracing::error!(%error, "whether everybody who is asked by text is asked could not be made sure of");
    }
    if let Err(error) = rota::round::see_to_everything(&app).await {
        tracing::error!(%error, "whether every rota is looked at could not be made sure of");
    }
    if let Err(error) = limits::tidy(&app).await {
        tracing::error!(%error, "old counts of tries could not be let go");
    }
    let mut lanes: JoinSet<()> = Lane::ALL.into_iter().map(|lane| keep_up(app.clone(), lane)).collect();
    // Beside the lanes: nobody who is to be rung waits for a job.
    lanes.spawn(escalation::sweep::run_until_stopped(app));
    while lanes.join_next().await.is_some() {}
}

/// Looks after one lane until the server drains.
async fn keep_up(app: App, lane: Lane) {
    let mut changes = app.changes();
    let mut tidied = None;
    let mut forgotten = None;
    while !app.stop.is_cancelled() {
        changes.mark_unchanged();
        if lane == Lane::Work
            && is_time(&mut tidied, TIDY)
            && let Err(error) = super::tidy(&app).await
        {
            tracing::error!(%error, "jobs that were done long ago could not be let go");
        }
        if lane == Lane::Work
            && is_time(&mut forgotten, TIDY)
            && let Err(error) = by_text::outgoing::tidy(&app).await
        {
            tracing::error!(%error, "numbers of old texts could not be forgotten");
        }
        if let Err(error) = sweep(&app, lane).await {
            tracing::error!(%error, ?lane, "looking for jobs failed");
        }
        let wait = until_next(&app, lane).await.unwrap_or(LOOK);
        tokio::select! {
            () = app.stop.cancelled() => {}
            _ = changes.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// How long nothing in a lane falls due: what is for nine o'clock happens at nine. It is looked at sooner all the same, for what
/// other nodes leave.
async fn until_next(app: &App, lane: Lane) -> Result<StdDuration> {
    let next: Option<DateTime<Utc>> = app
        .db
        .query("SELECT MIN(due_at) FROM job WHERE lane = $1 AND done_at IS NULL AND due_at > $2")
        .bind(lane)
        .bind(app.now())
        .scalar()
        .await?;
    let wait = next.map_or(LOOK, |at| (at - app.now()).to_std().unwrap_or_default());
    // A clock that goes on in milliseconds may wake a moment too soon.
    Ok(wait.saturating_add(StdDuration::from_millis(1)).min(LOOK))
}

async fn sweep(app: &App, lane: Lane) -> Result<()> {
    if lane == Lane::Work && app.signer.is_due(app.now()) {
        app.signer.rotate(&app.db, app.now(), &app.chance, &app.master).await?;
    }
    drain(app, lane).await.map(|_| ())
}

/// A node that starts does not wait for the leases of one that was killed, perhaps itself. A node that lives
/// and loses a lease by this changes nothing with it: see [`super::begin`]. But it may be asking a push service just now, and would ask
/// in vain: where several nodes may live, what is on its way to somebody's phone is left to them until their leases end.
async fn take_over(app: &App) -> Result<()> {
    let alone = matches!(app.db, Db::Sqlite { .. });
    let mut tx = app.db.begin().await?;
    tx.query("UPDATE job SET lease_until = NULL WHERE done_at IS NULL AND lease_until > $1 AND (lane = $2 OR $3)")
        .bind(app.now())
        .bind(Lane::Work)
        .bind(alone)
        .execute()
        .await?;
    Ok(tx.commit().await?)
}

/// Runs what is due in a lane, several at once and never two about the same subject, until nothing is left. Returns how many
/// were done.
async fn drain(app: &App, lane: Lane) -> Result<usize> {
    let mut changes = app.changes();
    let (mut running, mut waiting) = (JoinSet::new(), Vec::<Job>::new());
    let mut subjects = HashSet::new();
    let (mut done, mut failed) = (0, None);
    loop {
        changes.mark_unchanged();
        let free = lane.at_once().saturating_sub(running.len() + waiting.len());
        // Whoever runs next takes over what a node that stops, or whose database fails, leaves.
        if free > 0 && failed.is_none() && !app.stop.is_cancelled() {
            match lease(app, lane, free.min(LEASED_TOGETHER)).await {
                Ok(leased) => waiting.extend(leased),
                Err(error) => failed = Some(error),
            }
        }
        if app.stop.is_cancelled() {
            waiting.clear();
        }
        let now: Vec<Job> = waiting.extract_if(.., |job| subjects.insert(job.subject())).collect();
        for job in now {
            running.spawn(attempt(app.clone(), job));
        }
        if running.is_empty() {
            break;
        }
        tokio::select! {
            Some(ended) = running.join_next() => {
                let ended = std::iter::once(ended).chain(std::iter::from_fn(|| running.try_join_next()));
                // A task ends with an error only if it was aborted, and nobody aborts these.
                for (subject, was_done) in ended.flatten() {
                    subjects.remove(&subject);
                    done += usize::from(was_done);
                }
                if lane == Lane::Work {
                    app.wake();
                }
            }
            _ = changes.changed(), if free > 0 => {}
            () = tokio::time::sleep(LOOK), if free > 0 => {}
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(done),
    }
}

/// Takes some due jobs for this node; none only if none is due.
async fn lease(app: &App, lane: Lane, most: usize) -> Result<Vec<Job>> {
    loop {
        let due = due(app, lane, most).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let leased = lease_these(app, lane, due).await?;
        // Where another node was sooner with all of them, there may be more.
        if !leased.is_empty() {
            return Ok(leased);
        }
    }
}

/// Some jobs that are due. Of a backlog not simply the oldest, which every node would reach for, but some of the oldest.
async fn due(app: &App, lane: Lane, most: usize) -> Result<Vec<(OrganisationId, Uuid)>> {
    let mut due: Vec<(OrganisationId, Uuid)> = app
        .db
        .query(
            "SELECT organisation_id, id FROM job
             WHERE lane = $1 AND due_at <= $2 AND done_at IS NULL
               AND (lease_until IS NULL OR lease_until <= CASE WHEN leased_by = $4 THEN $2 ELSE $5 END)
             ORDER BY due_at LIMIT $3",
        )
        .bind(lane)
        .bind(app.now())
        .bind(i64::try_from(most * BACKLOG).unwrap_or(1))
        .bind(app.node())
        .bind(app.now() - CLOCKS_DIFFER)
        .all()
        .await?;
    if due.len() > most {
        let [start] = app.chance.bytes::<1>();
        let length = due.len();
        due.rotate_left(usize::from(start) % length);
        due.truncate(most);
    }
    Ok(due)
}

/// One after the other and in the order of their ids, so that two nodes that reach for the same, as they do every morning at
/// five, wait for each other and never crosswise. On PostgreSQL a node that waited for a row looks at it again and leaves it
/// alone.
async fn lease_these(app: &App, lane: Lane, mut due: Vec<(OrganisationId, Uuid)>) -> Result<Vec<Job>> {
    let now = app.now();
    due.sort_unstable();
    let mut tx = app.db.begin().await?;
    let mut leased = Vec::with_capacity(due.len());
    for (organisation, id) in due {
        let job: Option<Job> = tx
            .query(
                "UPDATE job SET leased_by = $3, lease_until = $4, attempts = attempts + 1
                 WHERE organisation_id = $1 AND id = $2 AND done_at IS NULL AND due_at <= $5
                   AND (lease_until IS NULL OR lease_until <= CASE WHEN leased_by = $3 THEN $5 ELSE $6 END)
                 RETURNING organisation_id, id, kind, subject_id, attempts, lease_until",
            )
            .bind(organisation)
            .bind(id)
            .bind(app.node())
            .bind(now + lane.lease())
            .bind(now)
            .bind(now - CLOCKS_DIFFER)
            .optional()
            .await?;
        leased.extend(job);
    }
    tx.commit().await?;
    Ok(leased)
}

/// One try at a job; whether it was done. One that panics takes nothing else with it.
async fn attempt(app: App, job: Job) -> ((OrganisationId, Uuid), bool) {
    let done = AssertUnwindSafe(run(&app, &job)).catch_unwind().await;
    let done = done.unwrap_or_else(|_| Err(Error::internal("it panicked")));
    if let Err(error) = &done {
        tracing::error!(job.id = %job.id, job.kind = ?job.kind, job.attempts, %error, "a job failed; it will be tried again");
        if let Err(error) = try_later(&app, &job).await {
            tracing::error!(job.id = %job.id, %error, "it waits until its lease runs out");
        }
    }
    (job.subject(), done.is_ok())
}

/// Waits twice as long after each failure, up to a quarter of an hour.
async fn try_later(app: &App, job: &Job) -> Result<()> {
    let wait = Duration::seconds(2_i64.pow(job.attempts.clamp(1, 10).unsigned_abs()).min(900));
    let mut tx = app.db.begin().await?;
    tx.query(
        "UPDATE job SET lease_until = $5 WHERE organisation_id = $1 AND id = $2 AND leased_by = $3 AND attempts = $4 AND done_at IS NULL",
    )
    .bind(job.organisation_id)
    .bind(job.id)
    .bind(app.node())
    .bind(job.attempts)
    .bind(app.now() + wait)
    .execute()
    .await?;
    Ok(tx.commit().await?)
}
