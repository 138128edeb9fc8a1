//! The sweep: every row that is due is looked at, in a transaction of its own.
//!
//! Any node may sweep, and all do. What a look decides is written only if nobody changed the row since it was read, together with
//! everything it leads to; so a step is taken once, and a node that was held up changes nothing with what it thought it knew. A look
//! that fails holds up nothing else: the others go on, and it is tried again.

use std::{collections::HashSet, panic::AssertUnwindSafe, time::Duration as StdDuration};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{FutureExt, StreamExt, stream};

use super::{
    Subject, adopt, called, drill,
    effects::At,
    open_by_id, policy, store,
    watch::{self, Ahead, CLOCKS_DIFFER, is_time},
    world::{self, About},
};
use crate::{
    app::App,
    clients, contact,
    error::{Error, Result},
    ids::{ClientId, EscalationId, OrganisationId, ServiceId},
};

/// How often a node looks without being woken. It wakes by itself when the next step is due.
const LOOK: StdDuration = StdDuration::from_secs(1);
/// Of a backlog so many of the oldest are taken at once, and so many of the newest that have not rung yet.
const OLDEST: i64 = 48;
const NEWEST: i64 = 16;
/// How many looks a node takes at once. Few: who taps now must not wait for them.
const AT_ONCE: usize = 4;
const RETRY: TimeDelta = TimeDelta::seconds(5);
/// How often what was missed is looked for, and what is over is tidied away.
const ADOPT: StdDuration = StdDuration::from_secs(10);
const TIDY: StdDuration = StdDuration::from_secs(600);

/// Sweeps until the server drains, whatever happens.
pub async fn run_until_stopped(app: App) {
    while AssertUnwindSafe(keep_up(&app)).catch_unwind().await.is_err() && !app.stop.is_cancelled() {
        tracing::error!("the sweep panicked; it begins again");
        tokio::time::sleep(LOOK).await;
    }
}

async fn keep_up(app: &App) {
    let mut changes = app.changes();
    let mut watcher = watch::Watcher::new(app);
    let (mut adopted, mut tidied) = (None, None);
    while !app.stop.is_cancelled() {
        changes.mark_unchanged();
        watcher.mind_the_clock(app).await;
        if is_time(&mut adopted, ADOPT)
            && let Err(error) = adopt::adopt(app).await
        {
            tracing::error!(%error, "what has no next step could not be looked for");
        }
        if let Err(error) = sweep(app).await {
            tracing::error!(%error, "the sweep failed; it begins again");
        }
        watcher.drill_and_report(app).await;
        if is_time(&mut tidied, TIDY)
            && let Err(error) = tidy(app).await
        {
            tracing::error!(%error, "what is over could not be tidied away");
        }
        let wait = until_next(app).await.unwrap_or(LOOK);
        tokio::select! {
            () = app.stop.cancelled() => {}
            _ = changes.changed() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Lets go of what is over.
pub async fn tidy(app: &App) -> Result<()> {
    called::tidy_all(app).await?;
    drill::tidy(app).await
}

/// How long nothing falls due.
async fn until_next(app: &App) -> Result<StdDuration> {
    let next: Option<DateTime<Utc>> = app
        .db
        .query("SELECT MIN(due_at) FROM escalation WHERE ended_at IS NULL AND due_at > $1")
        .bind(app.now())
        .scalar()
        .await?;
    let wait = next.map_or(LOOK, |at| (at - app.now()).to_std().unwrap_or_default());
    // A clock that goes on in milliseconds may wake a moment too soon.
    Ok(wait.saturating_add(StdDuration::from_millis(1)).min(LOOK))
}

/// Takes up what was missed, and sweeps. Returns how many steps were taken.
pub async fn run_due(app: &App) -> Result<usize> {
    adopt::adopt(app).await?;
    sweep(app).await
}

type Key = (OrganisationId, EscalationId);

/// Looks at everything that is due, until nothing is left. Each once: what fails is for the next sweep.
async fn sweep(app: &App) -> Result<usize> {
    let (mut seen, mut taken) = (HashSet::<Key>::new(), 0);
    loop {
        let mut due = due(app).await?;
        due.retain(|key| seen.insert(*key));
        if due.is_empty() || app.stop.is_cancelled() {
            break;
        }
        let looks = due.into_iter().map(|key| look_or_leave(app, key));
        let found: Vec<bool> = stream::iter(looks).buffer_unordered(AT_ONCE).collect().await;
        taken += found.into_iter().filter(|taken| *taken).count();
    }
    if taken > 0 {
        app.wake();
    }
    app.watch.finished_a_sweep(app).await?;
    Ok(taken)
}

async fn due(app: &App) -> Result<Vec<Key>> {
    // Another node's clock was ahead when it put a look off.
    let never_meant = app.now() + RETRY * 2;
    let mut due: Vec<Key> = app
        .db
        .query(
            "SELECT organisation_id, id FROM escalation
             WHERE ended_at IS NULL AND since_at IS NULL AND due_at <= $1
               AND (retry_at IS NULL OR retry_at <= $1 OR retry_at > $3)
             ORDER BY due_at DESC LIMIT $2",
        )
        .bind(app.now())
        .bind(NEWEST)
        .bind(never_meant)
        .all()
        .await?;
    let oldest: Vec<Key> = app
        .db
        .query(
            "SELECT organisation_id, id FROM escalation
             WHERE ended_at IS NULL AND due_at <= $1 AND (retry_at IS NULL OR retry_at <= $1 OR retry_at > $3)
             ORDER BY due_at LIMIT $2",
        )
        .bind(app.now())
        .bind(OLDEST)
        .bind(never_meant)
        .all()
        .await?;
    let ahead: Vec<Ahead> = app
        .db
        .query(
            "SELECT organisation_id, id, looked_at, due_at FROM escalation WHERE ended_at IS NULL AND looked_at > $1
             ORDER BY held_by IS NOT NULL, looked_at LIMIT $2",
        )
        .bind(app.now() + CLOCKS_DIFFER)
        .bind(OLDEST)
        .all()
        .await?;
    let from_the_future = app.watch.ours(app.now(), ahead).into_iter().map(|one| (one.organisation_id, one.id));
    due.extend(oldest);
    due.extend(from_the_future);
    let mut once = HashSet::new();
    due.retain(|key| once.insert(*key));
    Ok(due)
}

/// One look; whether it changed anything. One that fails, or panics, is left for later.
async fn look_or_leave(app: &App, key: Key) -> bool {
    let looked = AssertUnwindSafe(look(app, key)).catch_unwind().await;
    match looked.unwrap_or_else(|_| Err(Error::internal("it panicked"))) {
        Ok(changed) => changed,
        // The database is busy, or another node was here: it is still due.
        Err(Error::Busy) => false,
        Err(error) => {
            tracing::error!(escalation = %key.1, %error, "a step of an escalation failed; it will be tried again");
            if let Err(error) = try_later(app, key).await {
                tracing::error!(escalation = %key.1, %error, "it is tried again at once");
            }
            false
        }
    }
}

async fn try_later(app: &App, (organisation, id): Key) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query("UPDATE escalation SET retry_at = $3 WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL")
        .bind(organisation)
        .bind(id)
        .bind(app.now() + RETRY)
        .execute()
        .await?;
    Ok(tx.commit().await?)
}

async fn look(app: &App, (organisation, id): Key) -> Result<bool> {
    let Some(seen) = open_by_id(&app.db, organisation, id).await? else { return Ok(false) };
    let mut tx = app.db.begin().await?;
    if let Some(client) = seen.client_id {
        clients::take_turn(&mut tx, organisation, client).await?;
    }
    // As it is now that nobody else is at it.
    let Some(row) = open_by_id(&mut tx, organisation, id).await? else { return Ok(false) };
    let now = app.now();
    if row.due_at.is_some_and(|due| due > now) && row.looked_at <= now + CLOCKS_DIFFER {
        return Ok(false);
    }
    let seen = row.state(now);
    let promised_by = match row.subject() {
        Subject::Request(request) => contact::promise_due(&mut tx, app, organisation, request).await?,
        Subject::Flag(_) | Subject::Drill(_) => None,
    };
    // What was promised was said as a time, whatever clock it was said by.
    let by_our_clock = promised_by.is_none() && row.looked_at > now + CLOCKS_DIFFER;
    let state = if by_our_clock { seen.clone().put_right(row.looked_at, now) } else { seen.clone() };
    let (list, mut advanced, phones) = match row.client_id {
        None => drill::look(&state, now),
        Some(client) => {
            let service = service_of(&mut tx, organisation, client).await?;
            let list = policy::of(&mut tx, organisation, service, row.kind).await?;
            let about = About { organisation, service, client, now };
            let (advanced, phones) = world::look(&mut tx, app, about, &list, &state).await?;
            (list, advanced, phones)
        }
    };
    if let Some(by) = promised_by {
        // It rings, and somebody had promised something: that time is not missed.
        advanced.state = advanced.state.look_at(by);
    }
    if !store(&mut tx, &row, row.kind, &advanced.state, now).await? {
        return Ok(false);
    }
    let at = At { app, row: &row, policy: &list, phones: &phones };
    at.carry_out(&mut tx, &advanced.effects).await?;
    tx.commit().await?;
    Ok(advanced.state != seen)
}

async fn service_of(tx: &mut crate::db::Tx, organisation: OrganisationId, client: ClientId) -> Result<ServiceId> {
    Ok(tx
        .query("SELECT service_id FROM client WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client)
        .scalar()
        .await?)
}
