//! Before the night: has some device of everybody who works it answered within twelve hours?
//!
//! Asked is by a test message, three hours before the night of a shift begins and again one hour before, unless something of theirs has
//! answered anyway. Half an hour before, whoever has not is *not ready*: the rota shows it, nobody is told that they watch, and the
//! backup hears of it. An answer at any later time makes them ready.

use std::collections::HashMap;

use axum::{Json, extract::State};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use mobile_shared::rota::{Line, Shift, begins_at_night};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Standing, holes::tell_of_rota, leads, leads_it, take_turn};
use crate::{
    access::Worker,
    app::App,
    channels,
    db::{Connection, Tx},
    error::{Body, Result},
    ids::{OrganisationId, ServiceId, WorkerId},
    notify::{Kind, Message, Recipient},
    organisation::ZONE,
    workers::{Names, WorkerRef},
};

/// How long before the night an answer counts.
const ANSWERED_WITHIN: Duration = Duration::hours(12);
/// How long before it people are asked.
const ASKED: [Duration; 2] = [Duration::hours(3), Duration::hours(1)];
/// How long before it they have to have answered, and how long they have at least: a shift may change hands late.
const ANSWERED_BY: Duration = Duration::minutes(30);
/// A test is of use as long as an answer changes anything.
const USEFUL_FOR: Duration = Duration::hours(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ready {
    Ready,
    NotReady,
    Asked,
}

#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct Asked {
    pattern_id: Uuid,
    local_date: NaiveDate,
    worker_id: WorkerId,
    first_asked_at: DateTime<Utc>,
    last_asked_at: DateTime<Utc>,
    told_at: Option<DateTime<Utc>>,
}

type Name = (Uuid, NaiveDate, WorkerId);

/// Who was asked about which shifts, and whose devices last answered when.
#[derive(Debug, Default)]
pub struct Readiness {
    asked: HashMap<Name, Asked>,
    answered: HashMap<WorkerId, DateTime<Utc>>,
}

impl Readiness {
    /// What is known about these shifts.
    pub async fn load(
        mut from: impl Connection,
        organisation: OrganisationId,
        service: ServiceId,
        shifts: &[Shift],
    ) -> Result<Self> {
        let Some(first) = shifts.iter().map(|shift| shift.date).min() else { return Ok(Self::default()) };
        let asked: Vec<Asked> = from
            .query(
                "SELECT pattern_id, local_date, worker_id, first_asked_at, last_asked_at, told_at FROM rota_readiness
                 WHERE organisation_id = $1 AND service_id = $2 AND local_date >= $3",
            )
            .bind(organisation)
            .bind(service)
            .bind(first)
            .all()
            .await?;
        let mut answered = HashMap::new();
        for worker in shifts.iter().filter_map(|shift| shift.worker).map(WorkerId) {
            if !answered.contains_key(&worker)
                && let Some(at) = last_answer(&mut from, organisation, worker).await?
            {
                answered.insert(worker, at);
            }
        }
        let asked = asked.into_iter().map(|row| ((row.pattern_id, row.local_date, row.worker_id), row)).collect();
        Ok(Self { asked, answered })
    }

    fn answered(&self, worker: WorkerId, night: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.answered.get(&worker).copied().filter(|at| *at >= night - ANSWERED_WITHIN)
    }

    fn asked(&self, shift: &Shift, worker: WorkerId) -> Option<&Asked> {
        self.asked.get(&(shift.pattern, shift.date, worker))
    }

    /// How it is with whoever has a shift, and when they answered. `None`: it has no night, or it is too early to ask.
    pub fn of(&self, shift: &Shift, now: DateTime<Utc>) -> (Option<Ready>, Option<DateTime<Utc>>) {
        let (Some(worker), Some(night)) = (shift.worker.map(WorkerId), begins_at_night(shift, ZONE)) else {
            return (None, None);
        };
        if let Some(at) = self.answered(worker, night) {
            return (Some(Ready::Ready), Some(at));
        }
        let state = self
            .asked(shift, worker)
            .map(|asked| if now < answered_by(night, asked.first_asked_at) { Ready::Asked } else { Ready::NotReady });
        (state, None)
    }
}

fn answered_by(night: DateTime<Utc>, first_asked_at: DateTime<Utc>) -> DateTime<Utc> {
    (night - ANSWERED_BY).max(first_asked_at + ANSWERED_BY)
}

/// When anything that somebody can be told by now last answered: it arrived on a phone, or they tapped it, or they pressed the link in a
/// message, or replied to one. That a gateway took a message says nothing.
async fn last_answer(
    mut from: impl Connection,
    organisation: OrganisationId,
    worker: WorkerId,
) -> Result<Option<DateTime<Utc>>> {
    let (delivered, seen): (Option<DateTime<Utc>>, Option<DateTime<Utc>>) = from
        .query(
            "SELECT MAX(d.delivered_at), MAX(d.seen_at) FROM push_subscription s
             JOIN delivery d ON d.organisation_id = s.organisation_id AND d.subscription_id = s.id
             WHERE s.organisation_id = $1 AND s.worker_id = $2 AND s.ended_at IS NULL",
        )
        .bind(organisation)
        .bind(worker)
        .one()
        .await?;
    let pressed: Option<DateTime<Utc>> = from
        .query(
            "SELECT MAX(d.seen_at) FROM channel c
             JOIN delivery d ON d.organisation_id = c.organisation_id AND d.channel_id = c.id
             JOIN notification n ON n.organisation_id = d.organisation_id AND n.id = d.notification_id
             WHERE c.organisation_id = $1 AND c.worker_id = $2 AND c.ended_at IS NULL AND n.made_at >= c.address_since",
        )
        .bind(organisation)
        .bind(worker)
        .scalar()
        .await?;
    Ok(delivered.max(seen).max(pressed))
}

/// Asks whoever is to be asked now, tells the backup of whoever did not answer, and answers when to look again.
pub async fn see_to(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    standing: &Standing,
) -> Result<Option<DateTime<Utc>>> {
    let now = app.now();
    let shifts = standing.shifts(now, now + Duration::days(2));
    let readiness = Readiness::load(&mut *tx, organisation, service, &shifts).await?;
    let mut next = Vec::new();
    for shift in &shifts {
        let (Some(worker), Some(night)) = (shift.worker.map(WorkerId), begins_at_night(shift, ZONE)) else { continue };
        let asked = readiness.asked(shift, worker);
        next.extend(ASKED.map(|before| night - before));
        let away = standing.is_away(worker, now.max(shift.from));
        if now < night - ASKED[0] || away || readiness.answered(worker, night).is_some() {
            continue;
        }
        let is_due = |before: &Duration| {
            let due = night - *before;
            due <= now && asked.is_none_or(|asked| asked.last_asked_at < due)
        };
        if ASKED.iter().any(is_due) {
            ask(tx, app, organisation, service, shift, (worker, asked.is_some())).await?;
        }
        let by = answered_by(night, asked.map_or(now, |asked| asked.first_asked_at));
        next.push(by);
        if by <= now && asked.is_some_and(|asked| asked.told_at.is_none()) {
            tell_backup(tx, app, organisation, service, standing, &readiness, (shift, worker)).await?;
        }
    }
    Ok(next.into_iter().filter(|at| *at > now).min())
}

/// Sends a test and writes down that it was: by the way that they would be rung by first; to whoever kept silent before, by all of them.
/// Whether there was any.
async fn ask(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    shift: &Shift,
    (worker, again): (WorkerId, bool),
) -> Result<bool> {
    let now = app.now();
    let to = Recipient::Worker(worker);
    let message = Message { to, kind: Kind::Readiness, subject: service.0, count: 1, useful_until: now + USEFUL_FOR };
    let ways = channels::of(&mut *tx, app, organisation, worker).await?;
    for way in ways.iter().take(if again { usize::MAX } else { 1 }) {
        channels::ring(tx, app, organisation, way, message).await?;
    }
    tx.query(
        "INSERT INTO rota_readiness (organisation_id, service_id, pattern_id, local_date, worker_id, first_asked_at, last_asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)
         ON CONFLICT (organisation_id, service_id, pattern_id, local_date, worker_id) DO UPDATE SET last_asked_at = excluded.last_asked_at",
    )
    .bind(organisation)
    .bind(service)
    .bind(shift.pattern)
    .bind(shift.date)
    .bind(worker)
    .bind(now)
    .execute()
    .await?;
    Ok(!ways.is_empty())
}

/// Nothing of theirs answered: second line hears of it, if it can; else whoever catches what nobody answers; else the leads.
async fn tell_backup(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    standing: &Standing,
    readiness: &Readiness,
    (shift, worker): (&Shift, WorkerId),
) -> Result<()> {
    let now = app.now();
    let at = now.max(shift.from);
    let can_hear = |one: &WorkerId| {
        let theirs = |other: &&Shift| other.worker == Some(one.0) && other.line == Line::Second && other.holds(at);
        let shifts = standing.shifts(at, at + Duration::minutes(1));
        let unready = shifts.iter().find(theirs).is_some_and(|s| readiness.of(s, now).0 == Some(Ready::NotReady));
        *one != worker && !unready
    };
    let mut backup: Vec<WorkerId> = standing.on(Line::Second, at).into_iter().filter(can_hear).collect();
    if backup.is_empty() {
        backup.extend(standing.catch_all(now).filter(|one| *one != worker));
    }
    if backup.is_empty() {
        backup = leads(&mut *tx, organisation, service).await?;
        backup.retain(|lead| *lead != worker && !standing.is_away(*lead, now));
    }
    for one in backup {
        tell_of_rota(tx, app, organisation, service, one, 1, shift.until).await?;
    }
    tx.query(
        "UPDATE rota_readiness SET told_at = $6
         WHERE organisation_id = $1 AND service_id = $2 AND pattern_id = $3 AND local_date = $4 AND worker_id = $5",
    )
    .bind(organisation)
    .bind(service)
    .bind(shift.pattern)
    .bind(shift.date)
    .bind(worker)
    .bind(now)
    .execute()
    .await?;
    Ok(())
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct AskTonight {
    service_id: ServiceId,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AskedTonight {
    asked: Vec<WorkerRef>,
    /// Those who work tonight and have nothing that could be asked: no device has notifications on, and nothing else reaches them.
    nothing_to_ask: Vec<WorkerRef>,
}

/// Asks everybody who works the next night now.
#[utoipa::path(post, path = "/api/v1/team/rota/readiness", request_body = AskTonight, responses((status = 200, body = AskedTonight)))]
pub async fn ask_tonight(
    State(app): State<App>,
    lead: Worker,
    Body(body): Body<AskTonight>,
) -> Result<Json<AskedTonight>> {
    leads_it(&app, &lead, body.service_id).await?;
    let (organisation, service, now) = (lead.organisation, body.service_id, app.now());
    let names = Names::load(&app, organisation).await?;
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, organisation, service).await?;
    let standing = Standing::load(&mut tx, organisation, service, now).await?;
    let (mut asked, mut nothing_to_ask) = (Vec::new(), Vec::new());
    let shifts = standing.shifts(now, now + Duration::days(1));
    let readiness = Readiness::load(&mut tx, organisation, service, &shifts).await?;
    for shift in shifts {
        let Some(worker) = shift.worker.map(WorkerId) else { continue };
        if begins_at_night(&shift, ZONE).is_none() || standing.is_away(worker, now.max(shift.from)) {
            continue;
        }
        let told =
            ask(&mut tx, &app, organisation, service, &shift, (worker, readiness.asked(&shift, worker).is_some()))
                .await?;
        let heard = if told { &mut asked } else { &mut nothing_to_ask };
        heard.extend(names.of(Some(worker)));
    }
    super::round::soon(&mut tx, &app, organisation, service).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(AskedTonight { asked, nothing_to_ask }))
}
