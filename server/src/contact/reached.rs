//! *Reached*: it has come to a person's device. Nobody has said yet that they saw it.

use chrono::{DateTime, Utc};

use super::{ContactState, ContactWhat, Row, tell_without_words};
use crate::{
    app::App,
    clients,
    db::{Connection, Tx},
    error::Result,
    ids::{ClientId, ContactRequestId, OrganisationId},
};

/// A worker's screen has these requests on it now: they have reached a person's device. Nobody has said yet
/// that they saw them.
pub async fn reached(app: &App, organisation: OrganisationId, rows: &mut [Row]) -> Result<()> {
    for row in rows.iter_mut().filter(|r| r.state == ContactState::Received) {
        // One by one: telling the team locks the organisation until commit, and a client who taps again holds
        // their request while waiting for that.
        let mut tx = app.db.begin().await?;
        if mark_reached(&mut tx, app, organisation, row.client_id, row.id).await? {
            tx.commit().await?;
            app.wake();
            row.state = ContactState::Reached;
            row.reached_at = row.reached_at.or(Some(app.now()));
        }
    }
    Ok(())
}

/// A worker's device says that it rang for this request, which it was told of at `rung_at`. If the request was opened again since,
/// that was for something else, and says nothing of now.
pub async fn reached_by_ring(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    id: ContactRequestId,
    rung_at: DateTime<Utc>,
) -> Result<()> {
    let waiting: Option<(ClientId,)> = tx
        .query("SELECT client_id FROM contact_request WHERE organisation_id = $1 AND id = $2 AND state = 'received'")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?;
    let Some((client,)) = waiting else { return Ok(()) };
    // Whoever changes a request takes their client's turn first.
    clients::take_turn(tx, organisation, client).await?;
    if !opened_again_since(&mut *tx, organisation, client, id, rung_at).await? {
        mark_reached(tx, app, organisation, client, id).await?;
    }
    Ok(())
}

async fn mark_reached(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
) -> Result<bool> {
    let changed = tx
        .query(
            "UPDATE contact_request SET state = 'reached', reached_at = COALESCE(reached_at, $4)
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND state = 'received'",
        )
        .bind(organisation)
        .bind(client)
        .bind(id)
        .bind(app.now())
        .execute()
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    tell_without_words(tx, app, organisation, (client, id), ContactWhat::Reached, None).await?;
    Ok(true)
}

/// Whether a request was opened again after this: what was said of it before was said of something else.
pub async fn opened_again_since(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
    at: DateTime<Utc>,
) -> Result<bool> {
    let again: i64 = from
        .query(
            "SELECT COUNT(*) FROM contact_entry
             WHERE organisation_id = $1 AND client_id = $2 AND request_id = $3 AND what = 'opened_again' AND at > $4",
        )
        .bind(organisation)
        .bind(client)
        .bind(id)
        .bind(at)
        .scalar()
        .await?;
    Ok(again > 0)
}
