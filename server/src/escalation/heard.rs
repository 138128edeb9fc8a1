//! What is heard of a ring: it arrived, or it cannot.

use chrono::{DateTime, Utc};
use mobile_shared::escalation::{Ringing, State};
use uuid::Uuid;

use super::{Heard, Subject, TRIES, open_by_id, store_as_of};
use crate::{
    app::App,
    contact,
    db::Tx,
    error::{Error, Result},
    ids::{EscalationId, NotificationId, OrganisationId, WorkerId},
};

/// What became of a ring. That one phone of several is gone is nothing yet.
pub async fn heard(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    notification: NotificationId,
    heard: Heard,
) -> Result<()> {
    let rung: Option<(EscalationId, WorkerId, Uuid, DateTime<Utc>)> = tx
        .query("SELECT escalation_id, worker_id, channel_id, at FROM ring WHERE organisation_id = $1 AND notification_id = $2")
        .bind(organisation)
        .bind(notification)
        .optional()
        .await?;
    let Some((id, worker, channel, rung_at)) = rung else { return Ok(()) };
    if let (Heard::Delivered, Some(Subject::Request(request))) = (heard, subject_of(tx, organisation, id).await?) {
        // It rang on somebody's device: that is its being reached.
        contact::reached_by_ring(tx, app, organisation, request, rung_at).await?;
    }
    if heard == Heard::Failed && may_still_arrive(tx, organisation, notification).await? {
        return Ok(());
    }
    for _ in 0..TRIES {
        let Some(row) = open_by_id(&mut *tx, organisation, id).await? else { return Ok(()) };
        let before = row.state(app.now());
        if matches!(&before, State::Ringing(Ringing { since: Some(since), .. }) if rung_at < *since) {
            // Of a step that has passed: it says nothing about this one.
            return Ok(());
        }
        let mut state = before.clone();
        state.hear(worker.0, channel, heard, app.now());
        if state == before || store_as_of(tx, &row, row.kind, &state, (app.now(), row.looked_at)).await? {
            return Ok(());
        }
    }
    Err(Error::Busy)
}

async fn subject_of(tx: &mut Tx, organisation: OrganisationId, id: EscalationId) -> Result<Option<Subject>> {
    Ok(open_by_id(tx, organisation, id).await?.map(|row| row.subject()))
}

async fn may_still_arrive(tx: &mut Tx, organisation: OrganisationId, notification: NotificationId) -> Result<bool> {
    let on_their_way: i64 = tx
        .query("SELECT COUNT(*) FROM delivery WHERE organisation_id = $1 AND notification_id = $2 AND state IN ('queued', 'sent')")
        .bind(organisation)
        .bind(notification)
        .scalar()
        .await?;
    Ok(on_their_way > 0)
}
