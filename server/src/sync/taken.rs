//! What was taken in through sync. Each single route knows its own retries; this list knows all of them alike, and shows whether the
//! database still remembers what a phone was told.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{access::Phone, app::App, error::Result};

/// How long it is remembered: phones offer what is up to 30 days old, and may have been off for as long.
const KEPT: TimeDelta = TimeDelta::days(90);

/// An operation that was taken in just now.
#[derive(Debug)]
pub struct Taken<'a> {
    pub id: Uuid,
    pub kind: &'a str,
    pub body_hash: Vec<u8>,
}

/// The kind and the hash of what was taken in under this id.
pub async fn before(app: &App, phone: &Phone, id: Uuid) -> Result<Option<(String, Vec<u8>)>> {
    Ok(app
        .db
        .query("SELECT kind, body_hash FROM sync_operation WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(id)
        .optional()
        .await?)
}

/// Whether this database took it in, and at that moment. A database that was put back may have taken the same in before, or may take in late what
/// was on its way, and yet have lost all that came between.
pub async fn remembers(app: &App, phone: &Phone, id: Uuid, at: Option<DateTime<Utc>>) -> Result<bool> {
    let row: Option<(DateTime<Utc>,)> = app
        .db
        .query("SELECT received_at FROM sync_operation WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(id)
        .optional()
        .await?;
    Ok(row.is_some_and(|(received_at,)| at.is_none_or(|at| at == received_at)))
}

/// Those of the ids that nothing was taken in under. A request for contact may have come by its key.
pub async fn unknown(app: &App, phone: &Phone, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid,)> = app
        .db
        .query(
            "SELECT id FROM sync_operation WHERE organisation_id = $1 AND client_id = $2
             UNION SELECT id FROM contact_request WHERE organisation_id = $1 AND client_id = $2",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .all()
        .await?;
    let known: HashSet<Uuid> = rows.into_iter().map(|r| r.0).collect();
    Ok(ids.iter().copied().filter(|id| !known.contains(id)).collect())
}

/// Remembers them, and lets go of what is old.
pub async fn remember(app: &App, phone: &Phone, operations: &[Taken<'_>], now: DateTime<Utc>) -> Result<()> {
    if operations.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for operation in operations {
        tx.query(
            "INSERT INTO sync_operation (organisation_id, client_id, id, kind, body_hash, received_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(operation.id)
        .bind(operation.kind)
        .bind(&operation.body_hash)
        .bind(now)
        .execute()
        .await?;
    }
    tx.query("DELETE FROM sync_operation WHERE organisation_id = $1 AND client_id = $2 AND received_at < $3")
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(now - KEPT)
        .execute()
        .await?;
    Ok(tx.commit().await?)
}
