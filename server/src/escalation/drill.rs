//! A request about nobody that goes the whole way every five minutes: a row, the sweep, a ring by the urgent lane, and an answer at its
//! other end. If it does not come back, neither might somebody's request.

use chrono::{DateTime, TimeDelta, Utc};
use mobile_shared::escalation::{Advanced, Kind as CoreKind, Policy, State};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Kind, Subject, change, insert, world::Phones};
use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{DrillId, OrganisationId},
    jobs,
};

const EVERY: TimeDelta = TimeDelta::minutes(5);
/// One that has not come back after this has failed.
const WITHIN: TimeDelta = TimeDelta::seconds(60);
const KEEP: TimeDelta = TimeDelta::days(7);

/// The last that was asked, and how long its way took.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Drill {
    asked_at: DateTime<Utc>,
    rung_at: Option<DateTime<Utc>>,
    acknowledged_at: Option<DateTime<Utc>>,
    /// From asked to acknowledged.
    pub seconds: Option<f64>,
}

/// Begins one if it is time. Whichever node comes first.
pub async fn begin_if_due(app: &App) -> Result<bool> {
    let now = app.now();
    let recent: i64 = app
        .db
        .query("SELECT COUNT(*) FROM drill WHERE asked_at > $1 AND asked_at <= $2")
        .bind(now - EVERY)
        // Another node's clock may be a little ahead.
        .bind(now + WITHIN)
        .scalar()
        .await?;
    if recent > 0 {
        return Ok(false);
    }
    begin(app).await
}

/// Begins one. Those before that never came back are given up: they have been counted as failed.
pub async fn begin(app: &App) -> Result<bool> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let organisation: Option<(OrganisationId,)> =
        tx.query("SELECT id FROM organisation ORDER BY created_at, id LIMIT 1").optional().await?;
    let Some((organisation,)) = organisation else { return Ok(false) };
    let open: Vec<(DrillId,)> = tx
        .query("SELECT subject_id FROM escalation WHERE organisation_id = $1 AND subject_kind = 'drill' AND ended_at IS NULL")
        .bind(organisation)
        .all()
        .await?;
    for (id,) in open {
        change(&mut tx, app, organisation, Subject::Drill(id), |_, kind| (State::Ended, kind)).await?;
    }
    let id: DrillId = app.new_id();
    tx.query("INSERT INTO drill (organisation_id, id, asked_at) VALUES ($1, $2, $3)")
        .bind(organisation)
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    insert(&mut tx, app, organisation, None, Subject::Drill(id), Kind::ContactNow, &State::begin(now)).await?;
    tx.commit().await?;
    app.wake();
    Ok(true)
}

/// What the core decides in a world in which the first step means the drill's own phone.
pub fn look(state: &State, now: DateTime<Utc>) -> (Policy, Advanced, Phones) {
    let policy = CoreKind::ContactNow.usual();
    let advanced = mobile_shared::escalation::advance(state, &policy, &Loopback, now);
    (policy, advanced, Phones::default())
}

#[derive(Debug)]
struct Loopback;

impl mobile_shared::escalation::World for Loopback {
    fn who(&self, _: mobile_shared::escalation::Who) -> Vec<Uuid> {
        vec![Uuid::nil()]
    }
    fn may_ring(&self, _: Uuid) -> bool {
        true
    }
    fn anybody(&self) -> Vec<Uuid> {
        vec![Uuid::nil()]
    }
    fn channels(&self, _: Uuid) -> Vec<Uuid> {
        vec![Uuid::nil()]
    }
    fn by_day(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at
    }
}

/// By the lane that requests for contact ring by.
pub async fn ring(tx: &mut Tx, app: &App, organisation: OrganisationId, id: DrillId) -> Result<()> {
    tx.query("UPDATE drill SET rung_at = COALESCE(rung_at, $3) WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .bind(app.now())
        .execute()
        .await?;
    jobs::add(tx, app, organisation, jobs::Kind::Drill, id.0, app.now()).await
}

/// The ring has arrived at its other end, which has got this.
pub async fn arrived(tx: &mut Tx, app: &App, organisation: OrganisationId, id: DrillId) -> Result<()> {
    tx.query("UPDATE drill SET acknowledged_at = COALESCE(acknowledged_at, $3) WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .bind(app.now())
        .execute()
        .await?;
    change(tx, app, organisation, Subject::Drill(id), |_, kind| (State::Ended, kind)).await?;
    Ok(())
}

/// The last drill, and since when they have not come back.
pub async fn last(app: &App) -> Result<(Option<Drill>, Option<DateTime<Utc>>)> {
    type Times = (DateTime<Utc>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let last: Option<Times> = app
        .db
        .query("SELECT asked_at, rung_at, acknowledged_at FROM drill ORDER BY asked_at DESC LIMIT 1")
        .optional()
        .await?;
    let failing: Option<DateTime<Utc>> = app
        .db
        .query(
            "SELECT MIN(asked_at) FROM drill WHERE acknowledged_at IS NULL AND asked_at <= $1
             AND asked_at > COALESCE((SELECT MAX(d.asked_at) FROM drill d WHERE d.acknowledged_at IS NOT NULL), $2)",
        )
        .bind(app.now() - WITHIN)
        .bind(DateTime::UNIX_EPOCH)
        .scalar()
        .await?;
    let last = last.map(|(asked_at, rung_at, acknowledged_at)| Drill {
        asked_at,
        rung_at,
        acknowledged_at,
        seconds: acknowledged_at.map(|at| (at - asked_at).as_seconds_f64()),
    });
    Ok((last, failing))
}

pub async fn tidy(app: &App) -> Result<()> {
    let mut tx = app.db.begin().await?;
    tx.query("DELETE FROM escalation WHERE subject_kind = 'drill' AND ended_at < $1")
        .bind(app.now() - KEEP)
        .execute()
        .await?;
    tx.query("DELETE FROM drill WHERE asked_at < $1").bind(app.now() - KEEP).execute().await?;
    tx.query("DELETE FROM rang_nobody WHERE at < $1").bind(app.now() - KEEP).execute().await?;
    Ok(tx.commit().await?)
}
