//! Where nobody is: raised by day, while somebody can still do something about it, and never at night.

use chrono::{DateTime, Timelike, Utc};
use mobile_shared::rota::{self, Hole, Line};

use super::{AHEAD, Standing, leads, round::next_at};
use crate::{
    app::App,
    channels,
    db::Tx,
    error::Result,
    ids::{OrganisationId, ServiceId, WorkerId},
    notify::{Kind, Message, Recipient},
    organisation::ZONE,
    working_hours::open_at,
};

/// Each morning at ten what is still uncovered is told again.
const AGAIN_AT: u32 = 10;
const NOT_SOONER: chrono::Duration = chrono::Duration::hours(6);
/// What cannot wait for the next working day is told from eight in the morning to eight in the evening, whatever the day.
const DAY: std::ops::Range<u32> = 8..20;
/// As long as a working day.
const USEFUL_FOR: chrono::Duration = chrono::Duration::hours(8);

#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct Known {
    from_at: DateTime<Utc>,
    until_at: DateTime<Utc>,
    told_at: Option<DateTime<Utc>>,
}

/// The minutes of the next 14 days on which nobody of first line is on.
pub fn ahead(standing: &Standing, now: DateTime<Utc>) -> Vec<Hole> {
    let shifts = standing.shifts(now, now + AHEAD);
    rota::holes(&shifts, &standing.absences, Line::First, now, now + AHEAD)
}

/// What of them a lead has to hear of. Where there is somebody who catches what nobody answers, what the rota left open on purpose is
/// not; what illness opened is.
fn to_tell(standing: &Standing, now: DateTime<Utc>) -> Vec<Hole> {
    let mut open = ahead(standing, now);
    let plan = rota::shifts(standing.patterns(), &[], ZONE, now, now + AHEAD);
    let planned = rota::holes(&plan, &[], Line::First, now, now + AHEAD);
    let on_purpose = |hole: &Hole| planned.iter().any(|known| known.from <= hole.from && hole.until <= known.until);
    open.retain(|hole| !(on_purpose(hole) && standing.is_caught(hole)));
    open
}

/// Tells the leads of what is open, if it is time to; answers when to look again. One message is about all of it.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    standing: &Standing,
) -> Result<Option<DateTime<Utc>>> {
    let now = app.now();
    let mut open = known(tx, organisation, service, to_tell(standing, now), now).await?;
    let tell_at = |hole: &Known| match hole.told_at {
        None => may_tell_at(hole.from_at, now),
        Some(told) => open_at(again_at(told).max(now)),
    };
    if open.iter().any(|hole| tell_at(hole) <= now) {
        tell_leads(tx, app, organisation, service, standing, i32::try_from(open.len()).unwrap_or(i32::MAX)).await?;
        open.iter_mut().for_each(|hole| hole.told_at = Some(now));
    }
    let next = open.iter().map(tell_at).min();
    open.retain(|hole| hole.until_at > now || hole.told_at.is_none());
    write(tx, organisation, service, &open).await?;
    // The window of 14 days moves on, and nobody changes anything when it reaches an uncovered night.
    Ok(next.into_iter().chain([next_at(AGAIN_AT, now)]).min())
}

/// What is still open is told again on the next working day at ten, but not an hour after it was told at nine.
fn again_at(told: DateTime<Utc>) -> DateTime<Utc> {
    next_at(AGAIN_AT, told + NOT_SOONER)
}

/// When a lead may be told of a hole at the earliest: in working hours; if it begins before the next, on any day by daylight, so
/// that nothing waits over the weekend that begins uncovered.
fn may_tell_at(begins: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let at_work = open_at(now);
    if begins < at_work { by_daylight(now).min(at_work) } else { at_work }
}

/// Now, if it is between eight and eight; else the next morning at eight.
pub fn by_daylight(now: DateTime<Utc>) -> DateTime<Utc> {
    if DAY.contains(&now.with_timezone(&ZONE).hour()) { now } else { next_at(DAY.start, now) }
}

/// The holes with when they were told: one that begins within a told one is the same. What came and went in a night before anybody
/// could be told is still to be told.
async fn known(
    tx: &mut Tx,
    organisation: OrganisationId,
    service: ServiceId,
    holes: Vec<Hole>,
    now: DateTime<Utc>,
) -> Result<Vec<Known>> {
    let before: Vec<Known> = tx
        .query("SELECT from_at, until_at, told_at FROM rota_hole WHERE organisation_id = $1 AND service_id = $2 ORDER BY from_at")
        .bind(organisation)
        .bind(service)
        .all()
        .await?;
    let told = |hole: &Hole| {
        let same = before.iter().filter(|known| (known.from_at..known.until_at).contains(&hole.from));
        same.filter_map(|known| known.told_at).max()
    };
    let went = before.iter().filter(|known| known.until_at <= now && known.told_at.is_none()).copied();
    let come = holes.iter().map(|hole| Known { from_at: hole.from, until_at: hole.until, told_at: told(hole) });
    Ok(went.chain(come).collect())
}

async fn write(tx: &mut Tx, organisation: OrganisationId, service: ServiceId, open: &[Known]) -> Result<()> {
    tx.query("DELETE FROM rota_hole WHERE organisation_id = $1 AND service_id = $2")
        .bind(organisation)
        .bind(service)
        .execute()
        .await?;
    for hole in open {
        tx.query("INSERT INTO rota_hole (organisation_id, service_id, from_at, until_at, told_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(organisation)
            .bind(service)
            .bind(hole.from_at)
            .bind(hole.until_at)
            .bind(hole.told_at)
            .execute()
            .await?;
    }
    Ok(())
}

/// The leads who are there; if none is, all of them.
async fn tell_leads(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    standing: &Standing,
    count: i32,
) -> Result<()> {
    let all = leads(&mut *tx, organisation, service).await?;
    let there: Vec<WorkerId> = all.iter().copied().filter(|lead| !standing.is_away(*lead, app.now())).collect();
    let told = if there.is_empty() { all } else { there };
    if told.is_empty() {
        tracing::warn!(%service, "a rota has times on which nobody is on, and no lead to hear of it");
    }
    for lead in told {
        tell_of_rota(tx, app, organisation, service, lead, count, app.now() + USEFUL_FOR).await?;
    }
    Ok(())
}

/// Something about a rota to look at.
pub async fn tell_of_rota(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    worker: WorkerId,
    count: i32,
    useful_until: DateTime<Utc>,
) -> Result<()> {
    let to = Recipient::Worker(worker);
    let message = Message { to, kind: Kind::Rota, subject: service.0, count, useful_until };
    channels::tell(tx, app, organisation, worker, message).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_raised_by_day_and_none_waits_over_the_weekend_that_it_begins_on() {
        for (now, begins, told) in [
            // Monday
            ("2026-11-16T11:00:00Z", "2026-11-25T22:00:00Z", "2026-11-16T11:00:00Z"),
            ("2026-11-16T02:00:00Z", "2026-11-25T22:00:00Z", "2026-11-16T09:00:00Z"),
            // At two in the morning, about that very night.
            ("2026-11-17T02:00:00Z", "2026-11-17T02:00:00Z", "2026-11-17T08:00:00Z"),
            // In the evening, about tonight; and about tomorrow night, which can wait.
            ("2026-11-16T18:30:00Z", "2026-11-16T22:00:00Z", "2026-11-16T18:30:00Z"),
            ("2026-11-16T18:30:00Z", "2026-11-17T22:00:00Z", "2026-11-17T09:00:00Z"),
            ("2026-11-16T21:00:00Z", "2026-11-16T22:00:00Z", "2026-11-17T08:00:00Z"),
            // Friday evening and Saturday, about Sunday night; and about the week after.
            ("2026-11-20T18:00:00Z", "2026-11-22T22:00:00Z", "2026-11-20T18:00:00Z"),
            ("2026-11-21T06:00:00Z", "2026-11-22T22:00:00Z", "2026-11-21T08:00:00Z"),
            ("2026-11-21T12:00:00Z", "2026-11-24T22:00:00Z", "2026-11-23T09:00:00Z"),
        ] {
            let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
            assert_eq!(may_tell_at(at(begins), at(now)), at(told), "{now} about {begins}");
        }
    }
}
