//! The job of one service: whatever of its rota has come due, and the next time to look.

use chrono::{DateTime, Duration, Utc};

use super::{Standing, duty, holes, readiness, swaps, take_turn};
use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{OrganisationId, ServiceId},
    jobs::{self, Kind},
};

/// A look at the clock at least this often: summer time may be abolished meanwhile.
const LOOK_AGAIN: Duration = Duration::days(1);

/// The job. It may be run at any time and as often as anybody likes.
pub async fn look(tx: &mut Tx, app: &App, organisation: OrganisationId, service: ServiceId) -> Result<()> {
    take_turn(tx, organisation, service).await?;
    // From before the shifts that may still be on.
    let standing = Standing::load(&mut *tx, organisation, service, app.now() - Duration::days(2)).await?;
    if standing.version.is_none() {
        return Ok(());
    }
    let next = [
        duty::keep(tx, app, organisation, service, &standing).await?,
        readiness::see_to(tx, app, organisation, service, &standing).await?,
        holes::tell(tx, app, organisation, service, &standing).await?,
        swaps::tell(tx, app, organisation, service).await?,
    ];
    let next = next.into_iter().flatten().min().unwrap_or(app.now() + LOOK_AGAIN);
    let next = next.clamp(app.now() + Duration::seconds(1), app.now() + LOOK_AGAIN);
    jobs::add_unless_waiting(tx, app, organisation, Kind::Rota, service.0, next).await
}

/// Leaves a look for now.
pub async fn soon(tx: &mut Tx, app: &App, organisation: OrganisationId, service: ServiceId) -> Result<()> {
    jobs::add_unless_waiting(tx, app, organisation, Kind::Rota, service.0, app.now()).await
}

/// A server that starts makes sure that a look waits for every rota: each leaves the next, but a database may come from a server
/// that did not do so.
pub async fn see_to_everything(app: &App) -> Result<usize> {
    let without: Vec<(OrganisationId, ServiceId)> = app
        .db
        .query(
            "SELECT DISTINCT r.organisation_id, r.service_id FROM rota r
             WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.organisation_id = r.organisation_id AND j.subject_id = r.service_id
                               AND j.kind = $1 AND j.done_at IS NULL)
             ORDER BY r.organisation_id, r.service_id",
        )
        .bind(Kind::Rota)
        .all()
        .await?;
    for (organisation, service) in &without {
        let mut tx = app.db.begin().await?;
        take_turn(&mut tx, *organisation, *service).await?;
        soon(&mut tx, app, *organisation, *service).await?;
        tx.commit().await?;
    }
    Ok(without.len())
}

/// The next time that the day here begins at an hour, after now.
pub fn next_at(hour: u32, now: DateTime<Utc>) -> DateTime<Utc> {
    use crate::organisation::ZONE;
    let time = chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let today = now.with_timezone(&ZONE).date_naive();
    let at = |date| mobile_shared::reminder::instant(date, time, ZONE);
    let first = at(today);
    if first > now { first } else { at(today.succ_opt().unwrap_or(today)) }
}
