//! What a rota amounts to: its newest version, what was swapped, and who is away or has left.

use std::collections::HashMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use mobile_shared::rota::{self, Absence, Change, Hole, Line, Pattern, Shift};
use sqlx::types::Json as Column;
use uuid::Uuid;

use crate::{
    db::Connection,
    error::Result,
    ids::{OrganisationId, RotaId, ServiceId, WorkerId},
    organisation::ZONE,
};

/// A version of a rota, as it was saved.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Version {
    pub id: RotaId,
    pub number: i32,
    pub catch_all: Option<WorkerId>,
    pub patterns: Column<Vec<Pattern>>,
    pub published_at: DateTime<Utc>,
    pub published_by: WorkerId,
}

/// A swap that both agreed to.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Agreed {
    shift: Column<Shift>,
    in_return: Option<Column<Shift>>,
    giver: WorkerId,
    taker: WorkerId,
}

/// The rota of one service as it stands.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// `None`: nothing was ever published.
    pub version: Option<Version>,
    pub changes: Vec<Change>,
    /// Of everybody in the organisation. Who has left is away for ever.
    pub absences: Vec<Absence>,
}

impl Standing {
    /// What counts from a moment on.
    pub async fn load(
        mut from: impl Connection,
        organisation: OrganisationId,
        service: ServiceId,
        since: DateTime<Utc>,
    ) -> Result<Self> {
        let version: Option<Version> = from
            .query(
                "SELECT id, number, catch_all, patterns, published_at, published_by FROM rota
                 WHERE organisation_id = $1 AND service_id = $2 ORDER BY number DESC LIMIT 1",
            )
            .bind(organisation)
            .bind(service)
            .optional()
            .await?;
        Self::of(from, organisation, service, since, version).await
    }

    /// The same, if this were the newest version.
    pub async fn load_with(
        from: impl Connection,
        organisation: OrganisationId,
        service: ServiceId,
        since: DateTime<Utc>,
        version: Version,
    ) -> Result<Self> {
        Self::of(from, organisation, service, since, Some(version)).await
    }

    async fn of(
        mut from: impl Connection,
        organisation: OrganisationId,
        service: ServiceId,
        since: DateTime<Utc>,
        version: Option<Version>,
    ) -> Result<Self> {
        let agreed: Vec<Agreed> = from
            .query(
                "SELECT shift, in_return, giver, taker FROM rota_swap
                 WHERE organisation_id = $1 AND service_id = $2 AND ends_at > $3 AND agreed_at IS NOT NULL ORDER BY agreed_at, id",
            )
            .bind(organisation)
            .bind(service)
            .bind(since - Duration::days(2))
            .all()
            .await?;
        let absences = absences(&mut from, organisation, since).await?;
        let patterns = version.as_ref().map_or(&[][..], |version| &version.patterns.0);
        Ok(Self { changes: in_force(patterns, &agreed), version, absences })
    }

    pub fn patterns(&self) -> &[Pattern] {
        self.version.as_ref().map_or(&[], |version| &version.patterns.0)
    }

    pub fn shifts(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Shift> {
        rota::shifts(self.patterns(), &self.changes, ZONE, from, until)
    }

    /// One shift of the rota by its name, whoever has it.
    pub fn shift(&self, pattern: Uuid, date: NaiveDate) -> Option<Shift> {
        let noon = date.and_hms_opt(12, 0, 0)?.and_utc();
        let around = (noon - Duration::days(2), noon + Duration::days(2));
        let one: Vec<Pattern> = self.patterns().iter().filter(|one| one.id == pattern).cloned().collect();
        rota::shifts(&one, &self.changes, ZONE, around.0, around.1).into_iter().find(|shift| shift.date == date)
    }

    pub fn on(&self, line: Line, at: DateTime<Utc>) -> Vec<WorkerId> {
        let shifts = self.shifts(at, at + Duration::minutes(1));
        rota::on(&shifts, &self.absences, line, at).into_iter().map(WorkerId).collect()
    }

    pub fn is_away(&self, worker: WorkerId, at: DateTime<Utc>) -> bool {
        self.absences.iter().any(|absence| absence.worker == worker.0 && absence.holds(at))
    }

    /// Whether somebody is named to catch what nobody else answers, and is there all that time.
    pub fn is_caught(&self, hole: &Hole) -> bool {
        let Some(named) = self.version.as_ref().and_then(|version| version.catch_all) else { return false };
        let overlaps = |away: &Absence| away.from < hole.until && away.until.is_none_or(|until| until > hole.from);
        !self.absences.iter().any(|away| away.worker == named.0 && overlaps(away))
    }

    /// Who catches what nobody else answers, if they are there.
    pub fn catch_all(&self, at: DateTime<Utc>) -> Option<WorkerId> {
        let named = self.version.as_ref()?.catch_all?;
        (!self.is_away(named, at)).then_some(named)
    }
}

/// What the agreed swaps change. A shift that is not the giver's any more, because a lead has given it to somebody else since, stays
/// with whoever has it.
fn in_force(patterns: &[Pattern], agreed: &[Agreed]) -> Vec<Change> {
    let mut has: HashMap<(Uuid, NaiveDate), Uuid> = HashMap::new();
    for swap in agreed {
        let there = Some((&swap.shift.0, swap.giver, swap.taker));
        let back = swap.in_return.as_ref().map(|shift| (&shift.0, swap.taker, swap.giver));
        for (shift, giver, taker) in there.into_iter().chain(back) {
            let name = (shift.pattern, shift.date);
            let written = patterns.iter().find(|one| one.id == shift.pattern).and_then(|one| one.worker_id);
            if has.get(&name).copied().or(written) == Some(giver.0) {
                has.insert(name, taker.0);
            }
        }
    }
    has.into_iter().map(|((pattern, date), worker)| Change { pattern, date, worker }).collect()
}

#[derive(sqlx::FromRow)]
struct Away {
    worker_id: Uuid,
    from_at: DateTime<Utc>,
    until_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

/// Everybody's absences that reach beyond a moment, and those who have left.
pub async fn absences(
    mut from: impl Connection,
    organisation: OrganisationId,
    since: DateTime<Utc>,
) -> Result<Vec<Absence>> {
    let away: Vec<Away> = from
        .query(
            "SELECT worker_id, from_at, until_at, ended_at FROM absence
             WHERE organisation_id = $1 AND (until_at IS NULL OR until_at > $2) AND (ended_at IS NULL OR ended_at > $2)",
        )
        .bind(organisation)
        .bind(since)
        .all()
        .await?;
    let left: Vec<(Uuid,)> =
        from.query("SELECT id FROM worker WHERE organisation_id = $1 AND NOT active").bind(organisation).all().await?;
    let away = away.into_iter().map(|row| {
        let until = [row.until_at, row.ended_at].into_iter().flatten().min();
        Absence { worker: row.worker_id, from: row.from_at, until }
    });
    let left = left.into_iter().map(|row| Absence { worker: row.0, from: DateTime::<Utc>::MIN_UTC, until: None });
    Ok(away.chain(left).collect())
}

#[derive(sqlx::FromRow)]
struct OfService {
    service_id: ServiceId,
    catch_all: Option<WorkerId>,
    patterns: Column<Vec<Pattern>>,
}

/// The services whose rota names somebody: in a pattern, as its catch-all, or because they took a shift of it. In order of their ids,
/// so that whoever takes their turns does so in one order.
pub async fn services_with(
    mut from: impl Connection,
    organisation: OrganisationId,
    worker: WorkerId,
    now: DateTime<Utc>,
) -> Result<Vec<ServiceId>> {
    let all: Vec<OfService> = from
        .query(
            "SELECT r.service_id, r.catch_all, r.patterns FROM rota r
             WHERE r.organisation_id = $1 AND r.number =
                   (SELECT MAX(n.number) FROM rota n WHERE n.organisation_id = r.organisation_id AND n.service_id = r.service_id)",
        )
        .bind(organisation)
        .all()
        .await?;
    let swapped: Vec<(ServiceId,)> = from
        .query(
            "SELECT DISTINCT service_id FROM rota_swap
             WHERE organisation_id = $1 AND ends_at > $2 AND agreed_at IS NOT NULL AND (taker = $3 OR giver = $3)",
        )
        .bind(organisation)
        .bind(now - Duration::days(2))
        .bind(worker)
        .all()
        .await?;
    let names = |one: &OfService| {
        one.catch_all == Some(worker) || one.patterns.iter().any(|pattern| pattern.worker_id == Some(worker.0))
    };
    let mut found: Vec<ServiceId> = all.iter().filter(|one| names(one)).map(|one| one.service_id).collect();
    found.extend(swapped.into_iter().map(|row| row.0));
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The instant at which a date begins here.
pub fn day_begins(date: NaiveDate) -> DateTime<Utc> {
    mobile_shared::reminder::instant(date, chrono::NaiveTime::MIN, ZONE)
}

/// And the one at which it has ended.
pub fn day_ends(date: NaiveDate) -> DateTime<Utc> {
    day_begins(date.checked_add_days(Days::new(1)).unwrap_or(date))
}
