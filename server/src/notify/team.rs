//! What workers are told, and when: a request for contact and a client's own word at any hour; what the engine noticed by day.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::{Kind, Message, Recipient, tell};
use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{ClientId, ContactRequestId, FlagId, OrganisationId, WorkerId},
    jobs,
    organisation::ZONE,
};

/// After this a request is somebody else's to carry further.
const REQUEST_USEFUL_FOR: Duration = Duration::hours(1);
/// As long as a working day.
const FLAG_USEFUL_FOR: Duration = Duration::hours(8);

/// When a flag is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The client asked for it, or it is a rule that client and worker agreed.
    AtOnce,
    /// In working hours; several together as one message.
    ByDay,
}

/// Who is told about a client: those assigned; if there is nobody, whoever sees their record at all. Who only covers is left to
/// escalation, and is told of nobody's flags.
async fn who(tx: &mut Tx, organisation: OrganisationId, client: ClientId) -> Result<Vec<WorkerId>> {
    let assigned: Vec<(WorkerId,)> = tx
        .query(
            "SELECT a.worker_id FROM assignment a
             JOIN own_caseload l ON l.organisation_id = a.organisation_id AND l.worker_id = a.worker_id AND l.client_id = a.client_id
             WHERE a.organisation_id = $1 AND a.client_id = $2 ORDER BY a.worker_id",
        )
        .bind(organisation)
        .bind(client)
        .all()
        .await?;
    let told = if assigned.is_empty() {
        tx.query("SELECT worker_id FROM own_caseload WHERE organisation_id = $1 AND client_id = $2 ORDER BY worker_id")
            .bind(organisation)
            .bind(client)
            .all()
            .await?
    } else {
        assigned
    };
    Ok(told.into_iter().map(|row| row.0).collect())
}

/// A client asks for contact, or asks more urgently.
pub async fn tell_request(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    request: ContactRequestId,
) -> Result<()> {
    let useful_until = app.now() + REQUEST_USEFUL_FOR;
    for worker in who(tx, organisation, client).await? {
        let to = Recipient::Worker(worker);
        let message = Message { to, kind: Kind::ContactRequest, subject: request.0, count: 1, useful_until };
        tell(tx, app, organisation, message).await?;
    }
    Ok(())
}

/// A flag was raised at the level of an alert, or rose to it, or its client asks about it.
pub async fn tell_flag(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    flag: FlagId,
    when: When,
) -> Result<()> {
    for worker in who(tx, organisation, client).await? {
        if when == When::AtOnce {
            let useful_until = app.now() + FLAG_USEFUL_FOR;
            let to = Recipient::Worker(worker);
            tell(tx, app, organisation, Message { to, kind: Kind::Flag, subject: flag.0, count: 1, useful_until })
                .await?;
        }
        tx.query(
            "INSERT INTO flag_to_tell (organisation_id, worker_id, flag_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(organisation)
        .bind(worker)
        .bind(flag)
        .execute()
        .await?;
        // What was told at once is told again by day, if nobody has taken it by then: a phone may have been off.
        let first = if when == When::AtOnce { app.now() + FLAG_USEFUL_FOR } else { app.now() };
        // One job each: the first to run tells all that are there by then, the others find nothing left to tell.
        jobs::add(tx, app, organisation, jobs::Kind::TellFlags, worker.0, by_day(first)).await?;
    }
    Ok(())
}

/// The job by day: one message for all flags that wait for this worker and are still nobody's.
pub async fn tell_flags(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    let waiting: Vec<(FlagId,)> = tx
        .query("DELETE FROM flag_to_tell WHERE organisation_id = $1 AND worker_id = $2 RETURNING flag_id")
        .bind(organisation)
        .bind(worker)
        .all()
        .await?;
    let mut count = 0;
    for (flag,) in waiting {
        let open: i64 = tx
            .query(
                "SELECT COUNT(*) FROM flag f
                 JOIN flag_caseload l ON l.organisation_id = f.organisation_id AND l.client_id = f.client_id
                 WHERE f.organisation_id = $1 AND f.id = $2 AND f.state = 'open' AND l.worker_id = $3",
            )
            .bind(organisation)
            .bind(flag)
            .bind(worker)
            .scalar()
            .await?;
        count += i32::from(open > 0);
    }
    if count > 0 {
        let useful_until = app.now() + FLAG_USEFUL_FOR;
        let to = Recipient::Worker(worker);
        tell(tx, app, organisation, Message { to, kind: Kind::Flag, subject: worker.0, count, useful_until }).await?;
    }
    Ok(())
}

const fn o_clock(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}
const DAY_BEGINS: NaiveTime = o_clock(9);
const DAY_ENDS: NaiveTime = o_clock(17);

/// Now, if it is Monday to Friday between nine and five; else the next such morning.
pub fn by_day(now: DateTime<Utc>) -> DateTime<Utc> {
    let here = now.with_timezone(&ZONE);
    let works = |day: NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    if works(here.date_naive()) && (DAY_BEGINS..DAY_ENDS).contains(&here.time()) {
        return now;
    }
    let first = here.date_naive() + TimeDelta::days(i64::from(here.time() >= DAY_BEGINS));
    let day = first.iter_days().find(|day| works(*day)).unwrap_or(first);
    let morning = day.and_time(DAY_BEGINS);
    morning.and_local_timezone(ZONE).earliest().map_or_else(|| morning.and_utc(), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_noticed_waits_for_the_day() {
        for (now, told) in [
            // Monday
            ("2026-11-16T09:00:00Z", "2026-11-16T09:00:00Z"),
            ("2026-11-16T16:59:59Z", "2026-11-16T16:59:59Z"),
            ("2026-11-16T17:00:00Z", "2026-11-17T09:00:00Z"),
            ("2026-11-16T05:00:00Z", "2026-11-16T09:00:00Z"),
            // Friday evening, Saturday, Sunday
            ("2026-11-20T17:30:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-21T12:00:00Z", "2026-11-23T09:00:00Z"),
            ("2026-11-22T03:00:00Z", "2026-11-23T09:00:00Z"),
            // In summer it is an hour later here than in UTC, also on the Monday after the change.
            ("2026-07-01T08:30:00Z", "2026-07-01T08:30:00Z"),
            ("2026-07-01T16:30:00Z", "2026-07-02T08:00:00Z"),
            ("2026-03-27T18:00:00Z", "2026-03-30T08:00:00Z"),
            ("2026-10-23T18:00:00Z", "2026-10-26T09:00:00Z"),
        ] {
            assert_eq!(by_day(now.parse().unwrap()), told.parse::<DateTime<Utc>>().unwrap(), "{now}");
        }
    }
}
