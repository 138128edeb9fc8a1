//! "I've got this", by whichever way it is said outside the app. One path for all: it does what the button in the app does, as the
//! worker who was rung, and only while nobody has it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    contact,
    db::Tx,
    error::Result,
    flags,
    ids::{ClientId, ContactRequestId, FlagId, NotificationId, OrganisationId, WorkerId},
    notify::Kind,
};

/// How it was said; for the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The button of a notification.
    Notification,
    /// The link in a message.
    Link,
    /// A reply to a text, or a key pressed in a call.
    Reply,
}

/// Who says it, and when they were rung for it.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub worker: WorkerId,
    pub way: Way,
    pub rung_at: DateTime<Utc>,
}

/// What came of saying so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// They have it: now, or they had it already.
    Yours,
    /// Somebody else has it.
    Taken,
    /// It is done, or withdrawn, or has become something else since.
    Over,
    /// A test: it arrived, which is all there is to say.
    Heard,
}

/// A ring as whoever answers it finds it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Ring {
    pub organisation_id: OrganisationId,
    pub notification_id: NotificationId,
    pub worker_id: WorkerId,
    pub kind: Kind,
    pub subject_id: Uuid,
    pub made_at: DateTime<Utc>,
    /// Whether they still work here.
    pub active: bool,
}

/// Says "I've got this" to a ring. Somebody who does not work here any more can say nothing.
pub async fn say(tx: &mut Tx, app: &App, ring: &Ring, way: Way) -> Result<Outcome> {
    if !ring.active {
        return Ok(Outcome::Over);
    }
    let organisation = ring.organisation_id;
    let said = Said { worker: ring.worker_id, way, rung_at: ring.made_at };
    match ring.kind {
        Kind::Readiness | Kind::Test => Ok(Outcome::Heard),
        Kind::ContactRequest => {
            let found =
                client_of(tx, ring, "SELECT client_id FROM contact_request WHERE organisation_id = $1 AND id = $2")
                    .await?;
            let Some(client) = found else { return Ok(Outcome::Over) };
            let id = ContactRequestId(ring.subject_id);
            contact::acknowledge::acknowledge_as(tx, app, organisation, client, id, said).await
        }
        Kind::Flag => {
            // Those of the morning come together, and are nobody's to take at once.
            let found =
                client_of(tx, ring, "SELECT client_id FROM flag WHERE organisation_id = $1 AND id = $2").await?;
            let Some(client) = found else { return Ok(Outcome::Over) };
            flags::acknowledge::acknowledge_as(tx, app, organisation, client, FlagId(ring.subject_id), said).await
        }
        Kind::Reminder | Kind::ContactNews | Kind::PlanWaiting | Kind::Rota => Ok(Outcome::Over),
    }
}

async fn client_of(tx: &mut Tx, ring: &Ring, sql: &'static str) -> Result<Option<ClientId>> {
    let found: Option<(ClientId,)> = tx.query(sql).bind(ring.organisation_id).bind(ring.subject_id).optional().await?;
    Ok(found.map(|f| f.0))
}

/// Whoever answers has seen it: the delivery is known to have arrived, whatever the gateway said.
pub async fn note_seen(tx: &mut Tx, app: &App, ring: &Ring) -> Result<()> {
    tx.query(
        "UPDATE delivery SET state = 'sent', problem = NULL, sent_at = COALESCE(sent_at, $3),
                delivered_at = COALESCE(delivered_at, $3), seen_at = COALESCE(seen_at, $3)
         WHERE organisation_id = $1 AND notification_id = $2 AND channel_id IS NOT NULL",
    )
    .bind(ring.organisation_id)
    .bind(ring.notification_id)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}
