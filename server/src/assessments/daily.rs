//! The look every morning: time alone can end a change, and time alone is what silence is made of.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{day_of, diary::LOOKED_AFTER_FOR};
use crate::{
    app::App,
    clients,
    db::Tx,
    error::{Error, Result},
    ids::{ClientId, OrganisationId},
    jobs::{self, Kind},
};

/// Leaves the job for tomorrow's look, before the day's first shift, if there is none. The caller has the client's turn, so
/// there will not be two.
pub async fn look_tomorrow(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    zone: Tz,
) -> Result<()> {
    if !jobs::is_waiting(tx, app, organisation, Kind::Assess, client.0).await? {
        let due = next_morning(day_of(app.now(), zone), zone);
        jobs::add(tx, app, organisation, Kind::Assess, client.0, due).await?;
    }
    Ok(())
}

fn next_morning(today: NaiveDate, zone: Tz) -> DateTime<Utc> {
    const FIVE: NaiveTime = match NaiveTime::from_hms_opt(5, 0, 0) {
        Some(five) => five,
        None => NaiveTime::MIN,
    };
    let local = (today + TimeDelta::days(1)).and_time(FIVE);
    // Five in the morning exists once in every zone whose clocks change at night; elsewhere UTC is near enough.
    local.and_local_timezone(zone).earliest().map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// As many as one transaction takes.
const AT_ONCE: usize = 100;

/// A server that starts makes sure that everybody who checked in lately, or shares what becomes of their reminders, is looked at: each look leaves the next, but a
/// database may come from a server that did not do so. Asks once; as a rule there is nobody to see to.
pub async fn see_to_everybody(app: &App) -> Result<usize> {
    let without: Vec<(OrganisationId, ClientId, String)> = app
        .db
        .query(
            "SELECT c.organisation_id, c.id, c.time_zone FROM client c
             WHERE c.active
               AND (c.reminders_shared
                    OR EXISTS (SELECT 1 FROM check_in k WHERE k.organisation_id = c.organisation_id AND k.client_id = c.id
                               AND k.made_at >= $1))
               AND NOT EXISTS (SELECT 1 FROM job j WHERE j.organisation_id = c.organisation_id AND j.subject_id = c.id
                               AND j.kind = $2 AND j.done_at IS NULL)
             ORDER BY c.organisation_id, c.id",
        )
        .bind(app.now() - LOOKED_AFTER_FOR)
        .bind(Kind::Assess)
        .all()
        .await?;
    for some in without.chunks(AT_ONCE) {
        let mut tx = app.db.begin().await?;
        for (organisation, client, zone) in some {
            clients::take_turn(&mut tx, *organisation, *client).await?;
            let zone = zone.parse().map_err(Error::internal)?;
            look_tomorrow(&mut tx, app, *organisation, *client, zone).await?;
        }
        tx.commit().await?;
    }
    Ok(without.len())
}
