//! Who was called to a client may see their record until it is over; whoever had it, twelve hours longer.

use chrono::TimeDelta;

use crate::{
    app::App,
    clients,
    db::Tx,
    error::Result,
    ids::{ClientId, OrganisationId, WorkerId},
};

/// To write down what came of it.
const AFTERWARDS: TimeDelta = TimeDelta::hours(12);

pub async fn add(tx: &mut Tx, organisation: OrganisationId, worker: WorkerId, client: ClientId) -> Result<()> {
    tx.query("INSERT INTO called (organisation_id, worker_id, client_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
        .bind(organisation)
        .bind(worker)
        .bind(client)
        .execute()
        .await?;
    Ok(())
}

/// Something about this client is over: whoever is no longer needed sees their record no longer.
pub async fn tidy(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    tx.query(
        "DELETE FROM called WHERE organisation_id = $1 AND client_id = $2
           AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.organisation_id = called.organisation_id AND e.client_id = called.client_id
               AND ((e.held_by = called.worker_id AND (e.ended_at IS NULL OR e.ended_at > $3))
                 OR (e.ended_at IS NULL AND EXISTS (SELECT 1 FROM ring r WHERE r.organisation_id = e.organisation_id
                        AND r.escalation_id = e.id AND r.worker_id = called.worker_id))))",
    )
    .bind(organisation)
    .bind(client)
    .bind(app.now() - AFTERWARDS)
    .execute()
    .await?;
    Ok(())
}

/// The same for everybody. Returns how many were let go.
pub async fn tidy_all(app: &App) -> Result<u64> {
    let clients: Vec<(OrganisationId, ClientId)> =
        app.db.query("SELECT DISTINCT organisation_id, client_id FROM called").all().await?;
    for (organisation, client) in &clients {
        if let Err(error) = tidy_one(app, *organisation, *client).await {
            tracing::error!(%client, %error, "who was called to a client and is not needed any more still sees them");
        }
    }
    Ok(clients.len() as u64)
}

async fn tidy_one(app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    let mut tx = app.db.begin().await?;
    // Whoever is just being called has the turn.
    clients::take_turn(&mut tx, organisation, client).await?;
    tidy(&mut tx, app, organisation, client).await?;
    Ok(tx.commit().await?)
}
