//! Who is on duty, and so sees the clients of the service: from a quarter of an hour before a shift to an hour after it.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};

use super::Standing;
use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{OrganisationId, ServiceId, WorkerId},
};

/// For reading up before it begins.
const BEFORE: Duration = Duration::minutes(15);
/// For writing up after it ended.
const AFTER: Duration = Duration::minutes(60);

/// Brings the rows in line with the rota, whose turn the caller has. Answers when they are to be looked at again.
pub async fn keep(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    standing: &Standing,
) -> Result<Option<DateTime<Utc>>> {
    let now = app.now();
    let (wanted, next) = on_duty(standing, now);
    let there: Vec<(WorkerId, DateTime<Utc>)> = tx
        .query("SELECT worker_id, until FROM duty WHERE organisation_id = $1 AND service_id = $2")
        .bind(organisation)
        .bind(service)
        .all()
        .await?;
    if there.into_iter().collect::<BTreeMap<_, _>>() == wanted {
        return Ok(next);
    }
    tx.query("DELETE FROM duty WHERE organisation_id = $1 AND service_id = $2")
        .bind(organisation)
        .bind(service)
        .execute()
        .await?;
    for (worker, until) in wanted {
        tx.query("INSERT INTO duty (organisation_id, worker_id, service_id, until) VALUES ($1, $2, $3, $4)")
            .bind(organisation)
            .bind(worker)
            .bind(service)
            .bind(until)
            .execute()
            .await?;
    }
    Ok(next)
}

/// Who is on duty and until when, and when that changes next.
fn on_duty(standing: &Standing, now: DateTime<Utc>) -> (BTreeMap<WorkerId, DateTime<Utc>>, Option<DateTime<Utc>>) {
    let mut on = BTreeMap::new();
    let mut changes: Vec<DateTime<Utc>> =
        standing.absences.iter().flat_map(|a| [Some(a.from), a.until]).flatten().collect();
    for shift in standing.shifts(now - AFTER, now + Duration::days(2)) {
        let Some(worker) = shift.worker.map(WorkerId) else { continue };
        let (from, until) = (shift.from - BEFORE, shift.until + AFTER);
        changes.extend([from, until]);
        if (from..until).contains(&now) && !standing.is_away(worker, now) {
            on.entry(worker).and_modify(|u: &mut DateTime<Utc>| *u = until.max(*u)).or_insert(until);
        }
    }
    (on, changes.into_iter().filter(|at| *at > now).min())
}
