//! What escalation hears of rings. (Who is rung when comes with the sweep.)

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    app::App,
    contact,
    db::{Connection, Tx},
    error::Result,
    ids::{ContactRequestId, NotificationId, OrganisationId},
    jobs,
    notify::Kind,
};

/// What is known of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The device itself said that it rang.
    Delivered,
    /// It cannot arrive.
    Failed,
}

/// A ring arrived, or cannot. A request that rang on somebody's device has reached a person's device.
pub async fn heard(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    notification: NotificationId,
    heard: Heard,
) -> Result<()> {
    let rung: Option<(Uuid, DateTime<Utc>)> = tx
        .query(
            "SELECT subject_id, made_at FROM notification
             WHERE organisation_id = $1 AND id = $2 AND kind = $3 AND worker_id IS NOT NULL",
        )
        .bind(organisation)
        .bind(notification)
        .bind(Kind::ContactRequest)
        .optional()
        .await?;
    match (rung, heard) {
        (Some((request, rung_at)), Heard::Delivered) => {
            contact::reached_by_ring(tx, app, organisation, ContactRequestId(request), rung_at).await
        }
        _ => Ok(()),
    }
}

/// Whether somebody had it and it came back: it is rung again, and whoever is rung may take it over.
pub async fn rings_again(_from: impl Connection, _organisation: OrganisationId, _subject: Uuid) -> Result<bool> {
    Ok(false)
}

/// A node that has not looked through its jobs for longer cannot say that anybody watches.
const LAST_LOOK: Duration = Duration::seconds(30);
/// What was due longer ago than this is late.
const LATE: Duration = Duration::seconds(60);

/// Whether the engine keeps up. While it does not, nobody may be told that somebody would be rung.
pub async fn is_healthy(app: &App) -> Result<bool> {
    let now = app.now();
    let looked = app.last_sweep().is_some_and(|at| now - at < LAST_LOOK);
    let late = jobs::oldest_overdue(app).await?.is_some_and(|due| now - due > LATE);
    Ok(looked && !late)
}
