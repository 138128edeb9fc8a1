//! Swaps: one shift for another worker, perhaps for one of theirs in return. It counts when both have said yes.

pub mod agreeing;

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use mobile_shared::rota::Shift;
use serde::Serialize;
use sqlx::types::Json as Column;
use utoipa::ToSchema;

use super::{
    Standing,
    holes::{by_daylight, tell_of_rota},
    team::RotaShift,
};
use crate::{
    app::App,
    db::{Connection, Tx},
    error::Result,
    ids::{OrganisationId, ServiceId, SwapId, WorkerId},
    workers::{Names, WorkerRef},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SwapState {
    Waiting,
    Agreed,
    Declined,
    Withdrawn,
    /// A shift of it is over, or is somebody else's by now.
    TooLate,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Swap {
    id: SwapId,
    service_id: ServiceId,
    shift: RotaShift,
    to: Option<WorkerRef>,
    in_return: Option<RotaShift>,
    giver: Option<WorkerRef>,
    giver_yes_at: Option<DateTime<Utc>>,
    taker_yes_at: Option<DateTime<Utc>>,
    state: SwapState,
    by: Option<WorkerRef>,
    words: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: SwapId,
    service_id: ServiceId,
    shift: Column<Shift>,
    in_return: Option<Column<Shift>>,
    giver: WorkerId,
    taker: WorkerId,
    giver_yes_at: Option<DateTime<Utc>>,
    taker_yes_at: Option<DateTime<Utc>>,
    agreed_at: Option<DateTime<Utc>>,
    declined_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    last_said_by: Option<WorkerId>,
    told_at: Option<DateTime<Utc>>,
    words: Option<Vec<u8>>,
    proposed_by: WorkerId,
    body_hash: Vec<u8>,
}

impl Row {
    fn state(&self, standing: &Standing, now: DateTime<Utc>) -> SwapState {
        if self.withdrawn_at.is_some() {
            return SwapState::Withdrawn;
        }
        if self.declined_at.is_some() {
            return SwapState::Declined;
        }
        if self.agreed_at.is_some() {
            return SwapState::Agreed;
        }
        let is_theirs = |shift: &Shift, whose: WorkerId| {
            let still = standing.shift(shift.pattern, shift.date);
            still.is_some_and(|still| still.worker == Some(whose.0) && now < still.until)
        };
        let back = self.in_return.as_ref().is_none_or(|shift| is_theirs(shift, self.taker));
        if is_theirs(&self.shift, self.giver) && back { SwapState::Waiting } else { SwapState::TooLate }
    }

    fn describe(self, app: &App, standing: &Standing, names: &Names) -> Swap {
        let state = self.state(standing, app.now());
        let shift = |shift: &Shift| RotaShift::of(shift, standing, names);
        Swap {
            id: self.id,
            service_id: self.service_id,
            shift: shift(&self.shift),
            to: names.of(Some(self.taker)),
            in_return: self.in_return.as_ref().map(|one| shift(one)),
            giver: names.of(Some(self.giver)),
            giver_yes_at: self.giver_yes_at,
            taker_yes_at: self.taker_yes_at,
            state,
            by: names.of(Some(self.proposed_by)),
            words: self.words.as_ref().map(|words| read(app, &secret_name(self.id), words)),
        }
    }

    /// Who has not said anything yet.
    fn silent(&self) -> Vec<WorkerId> {
        let giver = self.giver_yes_at.is_none().then_some(self.giver);
        giver.into_iter().chain(self.taker_yes_at.is_none().then_some(self.taker)).collect()
    }

    /// What became of it is settled.
    fn is_settled(&self) -> bool {
        self.agreed_at.is_some() || self.declined_at.is_some() || self.withdrawn_at.is_some()
    }

    /// Who is to hear of it: whoever has to answer; once it is settled, everybody but whoever said the last word. Nobody, if it was
    /// taken back before anybody heard.
    fn to_be_told(&self) -> BTreeSet<WorkerId> {
        if self.withdrawn_at.is_some() && self.told_at.is_none() {
            BTreeSet::new()
        } else if self.is_settled() {
            let all = [self.giver, self.taker, self.proposed_by];
            all.into_iter().filter(|one| Some(*one) != self.last_said_by).collect()
        } else {
            self.silent().into_iter().collect()
        }
    }
}

fn secret_name(id: SwapId) -> String {
    format!("rota_swap.words/{id}")
}

/// Words between workers. What cannot be opened says so in its own place.
pub fn read(app: &App, name: &str, sealed: &[u8]) -> String {
    let words = app.master.open_secret(name, sealed).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    words.unwrap_or_else(|| {
        tracing::error!(name, "words cannot be read");
        "(These words cannot be read.)".to_owned()
    })
}

async fn load(mut from: impl Connection, organisation: OrganisationId, id: SwapId) -> Result<Option<Row>> {
    Ok(from
        .query("SELECT * FROM rota_swap WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?)
}

/// The swaps of a service that touch a time or wait for an answer.
pub async fn of_window(
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    names: &Names,
) -> Result<Vec<Swap>> {
    let rows: Vec<Row> = app
        .db
        .query("SELECT * FROM rota_swap WHERE organisation_id = $1 AND service_id = $2 AND ends_at > $3 ORDER BY proposed_at, id")
        .bind(organisation)
        .bind(service)
        .bind(from.min(app.now()))
        .all()
        .await?;
    let standing = Standing::load(&app.db, organisation, service, app.now()).await?;
    let touches = |shift: &Shift| shift.from < until && from < shift.until;
    let shown = rows.into_iter().filter(|row| {
        touches(&row.shift)
            || row.in_return.as_ref().is_some_and(|back| touches(back))
            || row.state(&standing, app.now()) == SwapState::Waiting
    });
    Ok(shown.map(|row| row.describe(app, &standing, names)).collect())
}

/// What waits for one worker's answer, in any service.
pub async fn waiting_for(
    app: &App,
    organisation: OrganisationId,
    worker: WorkerId,
    names: &Names,
) -> Result<Vec<Swap>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT * FROM rota_swap
             WHERE organisation_id = $1 AND ends_at > $2 AND agreed_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL
               AND ((giver = $3 AND giver_yes_at IS NULL) OR (taker = $3 AND taker_yes_at IS NULL)) ORDER BY proposed_at, id",
        )
        .bind(organisation)
        .bind(app.now())
        .bind(worker)
        .all()
        .await?;
    let mut waiting = Vec::new();
    for row in rows {
        let standing = Standing::load(&app.db, organisation, row.service_id, app.now()).await?;
        if row.state(&standing, app.now()) == SwapState::Waiting {
            waiting.push(row.describe(app, &standing, names));
        }
    }
    Ok(waiting)
}

/// As long as a day.
const USEFUL_FOR: Duration = Duration::hours(12);

/// Tells whoever is asked, and what became of it to the others, by daylight; answers when to look again.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
) -> Result<Option<DateTime<Utc>>> {
    let now = app.now();
    let waiting: Vec<Row> = tx
        .query(
            "SELECT * FROM rota_swap
             WHERE organisation_id = $1 AND service_id = $2 AND ends_at > $3
               AND ((agreed_at IS NULL AND declined_at IS NULL AND withdrawn_at IS NULL AND told_at IS NULL)
                 OR ((agreed_at IS NOT NULL OR declined_at IS NOT NULL OR withdrawn_at IS NOT NULL) AND outcome_told_at IS NULL))
             ORDER BY proposed_at, id",
        )
        .bind(organisation)
        .bind(service)
        .bind(now)
        .all()
        .await?;
    let at = by_daylight(now);
    if waiting.is_empty() || at > now {
        return Ok((!waiting.is_empty()).then_some(at));
    }
    for row in waiting {
        for worker in row.to_be_told() {
            tell_of_rota(tx, app, organisation, service, worker, 1, now + USEFUL_FOR).await?;
        }
        tx.query(
            "UPDATE rota_swap SET told_at = COALESCE(told_at, $3), outcome_told_at = CASE WHEN $4 THEN $3 END
             WHERE organisation_id = $1 AND id = $2",
        )
        .bind(organisation)
        .bind(row.id)
        .bind(now)
        .bind(row.is_settled())
        .execute()
        .await?;
    }
    Ok(None)
}
