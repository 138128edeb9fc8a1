//! What workers are told by day: what the engine noticed. What rings at any hour is the escalation's.

use chrono::Duration;

use super::{Kind, Message, Recipient, tell};
use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{ClientId, FlagId, OrganisationId, WorkerId},
    jobs, working_hours,
};

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

/// A flag was raised at the level of an alert, or rose to it: told in working hours, several together as one message.
pub async fn tell_flag(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    flag: FlagId,
) -> Result<()> {
    for worker in who(tx, organisation, client).await? {
        tx.query(
            "INSERT INTO flag_to_tell (organisation_id, worker_id, flag_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(organisation)
        .bind(worker)
        .bind(flag)
        .execute()
        .await?;
        // One job each: the first to run tells all that are there by then, the others find nothing left to tell.
        let by_day = working_hours::open_at(app.now());
        jobs::add(tx, app, organisation, jobs::Kind::TellFlags, worker.0, by_day).await?;
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
