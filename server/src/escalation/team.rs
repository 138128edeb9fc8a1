//! What the team sees of it: where in the list it is, who was rung and what became of that, who has it and when it comes back.

use chrono::{DateTime, TimeDelta, Utc};
use mobile_shared::escalation::{ANYBODY_WAIT, Place, Policy, Ringing, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Kind, Subject, policy};
use crate::{
    app::App,
    channels,
    error::Result,
    ids::{EscalationId, OrganisationId, ServiceId, WorkerId},
    workers::{Names, WorkerRef},
};

/// The newest are enough: a night that nobody answers has hundreds.
const MOST: i64 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nobody has it.
    Ringing,
    Held,
    Ended,
}

/// What is known of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Waiting,
    /// Somebody else took it to carry it there.
    Sent,
    /// It rang.
    Delivered,
    /// They tapped it.
    Seen,
    Failed,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RungOne {
    at: DateTime<Utc>,
    /// From 1; null if it was no step of the list.
    step: Option<i32>,
    /// As in the list; `holder`: who had it before, or was handed it; `anybody`: whoever there is.
    who: String,
    worker: Option<WorkerRef>,
    channel: channels::ChannelKind,
    heard: Fate,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Escalation {
    pub state: Phase,
    /// Where in the list, from 1; null if at no step of it.
    pub step: Option<usize>,
    of: usize,
    /// Whom that step means; `holder`: who had it before, or was handed it; `anybody`: whoever there is.
    who: Option<String>,
    /// When this step began to ring, or when it was taken.
    since: DateTime<Utc>,
    /// When the next step is due.
    next_at: Option<DateTime<Utc>>,
    /// When it rings again if nothing came of it.
    comes_back_at: Option<DateTime<Utc>>,
    /// The newest last.
    rung: Vec<RungOne>,
    /// Somebody has been rung in this step.
    #[serde(skip)]
    pub has_begun: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: EscalationId,
    kind: Kind,
    state: String,
    since_at: Option<DateTime<Utc>>,
    begun_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    service_id: ServiceId,
}

#[derive(sqlx::FromRow)]
struct RungRow {
    at: DateTime<Utc>,
    worker_id: WorkerId,
    channel: channels::ChannelKind,
    place: String,
    step: Option<i32>,
    who: Option<String>,
    deliveries: i64,
    failed: i64,
    sent: i64,
    delivered: i64,
    seen: i64,
}

impl RungRow {
    fn heard(&self) -> Fate {
        match self {
            row if row.seen > 0 => Fate::Seen,
            row if row.delivered > 0 => Fate::Delivered,
            row if row.sent > 0 => Fate::Sent,
            row if row.failed == row.deliveries => Fate::Failed,
            _ => Fate::Waiting,
        }
    }
}

/// How it stands about a subject; none if nobody was ever needed.
pub async fn of(
    app: &App,
    organisation: OrganisationId,
    subject: Subject,
    names: &Names,
) -> Result<Option<Escalation>> {
    let row: Option<Row> = app
        .db
        .query(
            "SELECT e.id, e.kind, CAST(e.state AS TEXT) AS state, e.since_at, e.begun_at, e.ended_at, c.service_id
             FROM escalation e JOIN client c ON c.organisation_id = e.organisation_id AND c.id = e.client_id
             WHERE e.organisation_id = $1 AND e.subject_kind = $2 AND e.subject_id = $3 ORDER BY e.begun_at DESC, e.id DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(subject.kind())
        .bind(subject.id())
        .optional()
        .await?;
    let Some(row) = row else { return Ok(None) };
    let policy = policy::of(&app.db, organisation, row.service_id, row.kind).await?;
    let rung = rung(app, organisation, row.id, names).await?;
    let state = serde_json::from_str(&row.state).unwrap_or_else(|_| State::begin(row.begun_at));
    let bare = Escalation {
        state: Phase::Ended,
        step: None,
        of: policy.steps.len(),
        who: None,
        since: row.since_at.unwrap_or(row.begun_at),
        next_at: None,
        comes_back_at: None,
        rung,
        has_begun: false,
    };
    Ok(Some(match state {
        _ if row.ended_at.is_some() => bare,
        State::Ended => bare,
        State::Held { until, .. } => Escalation { state: Phase::Held, comes_back_at: Some(until), ..bare },
        State::Ringing(ringing) => ringing_now(bare, &ringing, &policy),
    }))
}

fn ringing_now(bare: Escalation, ringing: &Ringing, policy: &Policy) -> Escalation {
    let (step, who, wait) = match ringing.place {
        Place::Holder(_) => (None, "holder", policy.holder_first()),
        Place::Anybody => (None, "anybody", ANYBODY_WAIT),
        Place::Step(n) => {
            // A list may have become shorter since.
            let step = policy.steps.get(n).or(policy.steps.last());
            let minutes = step.map_or(0, |step| step.minutes);
            (Some(n + 1), step.map_or("", |step| policy::whose(step.who)), TimeDelta::minutes(minutes.into()))
        }
    };
    let next_at = ringing.since.map_or(ringing.due, |since| since + wait);
    let has_begun = ringing.since.is_some();
    Escalation { state: Phase::Ringing, has_begun, step, who: Some(who.to_owned()), next_at: Some(next_at), ..bare }
}

async fn rung(app: &App, organisation: OrganisationId, id: EscalationId, names: &Names) -> Result<Vec<RungOne>> {
    let mut rows: Vec<RungRow> = app
        .db
        .query(
            "SELECT r.at, r.worker_id, r.channel, r.place, r.step, r.who, COUNT(d.id) AS deliveries,
                    COUNT(CASE WHEN d.state IN ('failed', 'dropped') THEN 1 END) AS failed,
                    COUNT(d.sent_at) AS sent, COUNT(d.delivered_at) AS delivered, COUNT(d.seen_at) AS seen
             FROM ring r LEFT JOIN delivery d ON d.organisation_id = r.organisation_id AND d.notification_id = r.notification_id
             WHERE r.organisation_id = $1 AND r.escalation_id = $2
             GROUP BY r.notification_id, r.at, r.worker_id, r.channel, r.place, r.step, r.who
             ORDER BY r.at DESC, r.notification_id DESC LIMIT $3",
        )
        .bind(organisation)
        .bind(id)
        .bind(MOST)
        .all()
        .await?;
    rows.reverse();
    let tell = |row: RungRow| RungOne {
        at: row.at,
        step: row.step,
        who: row.who.clone().unwrap_or_else(|| row.place.clone()),
        worker: names.of(Some(row.worker_id)),
        channel: row.channel,
        heard: row.heard(),
    };
    Ok(rows.into_iter().map(tell).collect())
}
