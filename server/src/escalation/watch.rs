//! The engine watches itself: whether it sweeps, whether anything is overdue, whether a drill comes back, whether the clock jumped. It
//! tells `/health/engine`, the metrics, the team lead, and by heartbeat somebody outside who notices when it stops. Never `/readyz`: a
//! late step must not take a node away that could take a request in.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration as StdDuration, Instant},
};

use axum::{Json, extract::State};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    adopt,
    drill::{self, Drill},
};
use crate::{
    access::Worker,
    app::{self, App},
    error::{Error, Result},
    health::EngineHealth,
    ids::{EscalationId, OrganisationId},
    jobs,
    outbound::{self, Reach},
};

/// How often a node writes down that it sweeps. Others read it.
const WRITE: TimeDelta = TimeDelta::seconds(5);
/// An engine that has not finished a sweep for this long is not watching, nor one with a step that is overdue for this long.
const STILL: TimeDelta = TimeDelta::seconds(30);
const OVERDUE: TimeDelta = TimeDelta::seconds(60);
const JUMP: TimeDelta = TimeDelta::seconds(5);
/// What was looked at this much later than now shows that a clock went back, or that another's is ahead. Those of two nodes differ by
/// less.
pub const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(5);
const GRACE: StdDuration = StdDuration::from_secs(2);
const LOOK_FOR_DRILLS: StdDuration = StdDuration::from_secs(5);
const BEAT: StdDuration = StdDuration::from_secs(60);

/// What this node knows of its own sweeps.
#[derive(Debug, Default)]
pub struct Watch(Mutex<Swept>);

#[derive(Debug, Default)]
struct Swept {
    at: Option<DateTime<Utc>>,
    written_at: Option<DateTime<Utc>>,
    /// What another clock looked at, later than ours says it is: when by that one, and since when we see it.
    ahead: HashMap<EscalationId, (DateTime<Utc>, Instant)>,
}

/// Something of another clock, which is ahead of ours.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Ahead {
    pub organisation_id: OrganisationId,
    pub id: EscalationId,
    pub looked_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
}

impl Watch {
    /// Which of these are ours to look at. All, if it was our own clock that went back. If it is another node's clock that is ahead, it
    /// is left to that node for as long as it meant to wait, by time that passes: two that took each other's at once would each
    /// find over what the other has begun, and ring without a pause.
    pub fn ours(&self, now: DateTime<Utc>, ahead: Vec<Ahead>) -> Vec<Ahead> {
        let mut swept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.at.is_some_and(|at| at > now + CLOCKS_DIFFER) {
            return ahead;
        }
        let before = std::mem::take(&mut swept.ahead);
        let mut ours = Vec::new();
        for one in ahead {
            let seen = before.get(&one.id).filter(|(looked_at, _)| *looked_at == one.looked_at);
            let since = seen.map_or_else(Instant::now, |(_, since)| *since);
            swept.ahead.insert(one.id, (one.looked_at, since));
            let meant = (one.due_at - one.looked_at).to_std().unwrap_or_default();
            if meant.is_zero() || since.elapsed() > meant + GRACE {
                ours.push(one);
            }
        }
        ours
    }

    fn last(&self) -> Option<DateTime<Utc>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).at
    }

    /// This node has looked through everything, to the end.
    pub async fn finished_a_sweep(&self, app: &App) -> Result<()> {
        let now = app.now();
        {
            let mut swept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            swept.at = Some(now);
            if swept.written_at.is_some_and(|at| (now - at).abs() < WRITE) {
                return Ok(());
            }
            swept.written_at = Some(now);
        }
        let mut tx = app.db.begin().await?;
        tx.query("INSERT INTO engine (id, swept_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET swept_at = excluded.swept_at")
            .bind(now)
            .execute()
            .await?;
        Ok(tx.commit().await?)
    }
}

/// How the engine is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Steps {
    /// When a node last looked through all that was due, to the end.
    pub last_finished_sweep: Option<DateTime<Utc>>,
    /// When the oldest step that was not taken was due.
    pub oldest_overdue_step: Option<DateTime<Utc>>,
    /// Seconds since then.
    pub overdue_step_seconds: i64,
    /// Requests and flags that need a person and have no next step. There must be none.
    pub open_without_next_step: i64,
    /// Steps that found nobody at all, in the last 24 hours.
    pub rang_nobody: i64,
    pub last_drill: Option<Drill>,
    /// Since when drills have not come back.
    pub drill_failing_since: Option<DateTime<Utc>>,
    /// When a node's clock last jumped by more than five seconds.
    pub clock_jumped_at: Option<DateTime<Utc>>,
}

async fn oldest_overdue(app: &App) -> Result<Option<DateTime<Utc>>> {
    Ok(app
        .db
        .query("SELECT MIN(due_at) FROM escalation WHERE ended_at IS NULL AND due_at <= $1")
        .bind(app.now())
        .scalar()
        .await?)
}

/// When it last swept, and when a clock last jumped.
type Known = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

async fn engine(app: &App) -> Result<Known> {
    let row: Option<Known> =
        app.db.query("SELECT swept_at, clock_jumped_at FROM engine WHERE id = 1").optional().await?;
    let (swept, jumped) = row.unwrap_or_default();
    // What this node did is known better here.
    Ok((app.watch.last().max(swept), jumped))
}

/// `of`: what is counted is of this organisation only. The rest is one engine for all.
pub async fn steps(app: &App, of: Option<OrganisationId>) -> Result<Steps> {
    let (last_finished_sweep, clock_jumped_at) = engine(app).await?;
    let oldest_overdue_step = oldest_overdue(app).await?;
    let (last_drill, drill_failing_since) = drill::last(app).await?;
    let rang_nobody = app
        .db
        .query("SELECT COUNT(*) FROM rang_nobody WHERE at > $1 AND ($2 IS NULL OR organisation_id = $2)")
        .bind(app.now() - TimeDelta::hours(24))
        .bind(of)
        .scalar()
        .await?;
    Ok(Steps {
        last_finished_sweep,
        oldest_overdue_step,
        overdue_step_seconds: oldest_overdue_step.map_or(0, |due| (app.now() - due).num_seconds()),
        open_without_next_step: adopt::orphans(app, of).await?,
        rang_nobody,
        last_drill,
        drill_failing_since,
        clock_jumped_at,
    })
}

/// Whether the engine keeps up: it swept lately, and neither a step nor a ring on its way is overdue.
pub async fn is_healthy(app: &App) -> Result<bool> {
    let (swept, _) = engine(app).await?;
    let now = app.now();
    let sweeps = swept.is_some_and(|at| (now - at).abs() < STILL);
    let overdue = oldest_overdue(app).await?.into_iter().chain(jobs::oldest_urgent(app).await?).min();
    Ok(sweeps && overdue.is_none_or(|due| now - due <= OVERDUE))
}

/// The same, for the metrics.
pub async fn measure(app: &App) {
    let steps = match steps(app, None).await {
        Ok(steps) => steps,
        Err(error) => return tracing::error!(%error, "the engine could not be measured"),
    };
    let age = steps.last_finished_sweep.map_or(f64::INFINITY, |at| (app.now() - at).as_seconds_f64());
    metrics::gauge!("companion_escalation_sweep_age_seconds").set(age);
    metrics::gauge!("companion_oldest_overdue_step_seconds").set(steps.overdue_step_seconds as f64);
    metrics::gauge!("companion_open_without_next_step").set(steps.open_without_next_step as f64);
    metrics::gauge!("companion_rang_nobody_in_a_day").set(steps.rang_nobody as f64);
    metrics::gauge!("companion_drill_failing").set(if steps.drill_failing_since.is_some() { 1.0 } else { 0.0 });
    if let Some(seconds) = steps.last_drill.and_then(|drill| drill.seconds) {
        metrics::gauge!("companion_drill_seconds").set(seconds);
    }
}

/// What the running node does beside sweeping.
#[derive(Debug)]
pub struct Watcher {
    clock: (DateTime<Utc>, Instant),
    drills: Option<Instant>,
    beaten: Option<Instant>,
    heartbeat: Option<Heartbeat>,
}

impl Watcher {
    pub fn new(app: &App) -> Self {
        let reach = if app::in_tests_only() { Reach::Anywhere } else { Reach::Public };
        let url = app.config.heartbeat_url();
        let heartbeat = url.ok().flatten().and_then(|url| {
            Heartbeat::new(url, reach)
                .inspect_err(|error| tracing::error!(%error, "nobody outside will be told that this engine lives"))
                .ok()
        });
        Self { clock: (app.now(), Instant::now()), drills: None, beaten: None, heartbeat }
    }

    /// A wall clock that does not go with the time that passes: steps come too early or too late by as much.
    pub async fn mind_the_clock(&mut self, app: &App) {
        let now = (app.now(), Instant::now());
        let jump = jumped(now.0 - self.clock.0, now.1 - self.clock.1);
        self.clock = now;
        let Some(by) = jump else { return };
        tracing::error!(seconds = by.as_seconds_f64(), "the clock has jumped");
        metrics::counter!("companion_clock_jumps_total").increment(1);
        if let Err(error) = note_jump(app).await {
            tracing::error!(%error, "that the clock has jumped could not be written down");
        }
    }

    pub async fn drill_and_report(&mut self, app: &App) {
        if is_time(&mut self.drills, LOOK_FOR_DRILLS)
            && let Err(error) = drill::begin_if_due(app).await
        {
            tracing::error!(%error, "a drill could not begin");
        }
        if let Some(heartbeat) = &self.heartbeat
            && is_time(&mut self.beaten, BEAT)
        {
            // Not waited for: whoever is outside may be slow.
            let (heartbeat, app) = (heartbeat.clone(), app.clone());
            tokio::spawn(async move { heartbeat.beat(&app).await });
        }
    }
}

/// Whether so much time has passed since this was last true.
pub fn is_time(last: &mut Option<Instant>, every: StdDuration) -> bool {
    let due = last.is_none_or(|at| at.elapsed() >= every);
    if due {
        *last = Some(Instant::now());
    }
    due
}

/// By how much the wall clock jumped while so much time passed; none if it did not.
fn jumped(wall: TimeDelta, passed: StdDuration) -> Option<TimeDelta> {
    let jump = wall - TimeDelta::from_std(passed).unwrap_or(TimeDelta::MAX);
    (jump.abs() > JUMP).then_some(jump)
}

async fn note_jump(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query("INSERT INTO engine (id, clock_jumped_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET clock_jumped_at = excluded.clock_jumped_at")
        .bind(app.now())
        .execute()
        .await?;
    Ok(tx.commit().await?)
}

/// Somebody outside who is told every minute that all is well, and rings when they hear nothing.
#[derive(Clone, Debug)]
pub struct Heartbeat {
    http: Client,
    url: String,
}

impl Heartbeat {
    pub fn new(url: &str, reach: Reach) -> Result<Self> {
        Ok(Self { http: outbound::client(reach).map_err(Error::internal)?, url: url.to_owned() })
    }

    /// Tells them, if it is so. Whether they were told.
    pub async fn beat(&self, app: &App) -> bool {
        let well = async { Ok::<_, Error>(is_healthy(app).await? && drill::last(app).await?.1.is_none()) };
        if !well.await.unwrap_or(false) {
            tracing::error!("the engine is not well: no heartbeat is sent");
            return false;
        }
        let told = self.http.get(&self.url).send().await.is_ok_and(|answer| answer.status().is_success());
        if !told {
            tracing::warn!("the heartbeat was not taken");
        }
        told
    }
}

/// How the engine is, for whoever leads a team.
#[derive(Debug, Serialize, ToSchema)]
pub struct TeamEngine {
    #[serde(flatten)]
    health: EngineHealth,
    healthy: bool,
    /// What is wrong, in words; empty: nothing.
    words: Vec<String>,
    /// When nobody of first line is on in the coming 24 hours, in my services.
    holes: Vec<super::rehearsal::HoleOf>,
}

/// How the engine is, and what the coming night looks like.
#[utoipa::path(get, path = "/api/v1/team/engine", responses((status = 200, body = TeamEngine)))]
pub async fn show(State(app): State<App>, worker: Worker) -> Result<Json<TeamEngine>> {
    let health = EngineHealth::of(&app, Some(worker.organisation)).await?;
    let healthy = is_healthy(&app).await?;
    let words = words(&health, healthy);
    let holes = super::rehearsal::holes_of(&app, &worker).await?;
    Ok(Json(TeamEngine { health, healthy, words, holes }))
}

fn words(health: &EngineHealth, healthy: bool) -> Vec<String> {
    let steps = &health.steps;
    let mut words = Vec::new();
    let mut say = |so: bool, sentence: String| {
        if so {
            words.push(sentence);
        }
    };
    say(
        !healthy,
        "The engine that rings people does not keep up. Ask whoever runs the server, and watch the inbox.".into(),
    );
    say(
        steps.open_without_next_step > 0,
        format!(
            "{} requests have no next step. They are taken up by themselves within seconds.",
            steps.open_without_next_step
        ),
    );
    say(
        steps.rang_nobody > 0,
        format!(
            "In the last 24 hours {} steps found nobody who could be rung. Look at the rota, and at people's channels.",
            steps.rang_nobody
        ),
    );
    say(
        steps.drill_failing_since.is_some(),
        "The test that goes the whole way every five minutes does not come back.".into(),
    );
    say(
        health.requests_seen_by_nobody > 0,
        "There are requests of clients on nobody's caseload. Assign somebody.".into(),
    );
    say(
        !health.push_refused_by.is_empty(),
        "A push service refuses our messages. Ask whoever runs the server to look at the log.".into(),
    );
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumps_is_noticed_and_one_that_is_pushed_a_little_is_not() {
        let after = |wall| jumped(TimeDelta::milliseconds(wall), StdDuration::from_secs(1));
        for fine in [1000, 900, 5900, -3900] {
            assert_eq!(after(fine), None, "{fine}");
        }
        assert_eq!(after(3_601_000), Some(TimeDelta::hours(1)));
        assert_eq!(after(-3_599_000), Some(TimeDelta::hours(-1)));
        assert_eq!(
            jumped(TimeDelta::zero(), StdDuration::from_secs(6)),
            Some(TimeDelta::seconds(-6)),
            "it stands still"
        );
    }
}
