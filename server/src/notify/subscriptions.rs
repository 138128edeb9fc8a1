//! Where a phone or a browser can be told something. A client's device has one live subscription, a worker's session too; they
//! end in the transaction that ends the device or the session.

use serde::Serialize;
use utoipa::ToSchema;
use web_push::SubscriptionInfo;

use super::Recipient;
use crate::{
    app::App,
    db::{Connection, Tx},
    error::{Error, Result},
    ids::{DeviceId, OrganisationId, SessionId, SubscriptionId, WorkerId},
    seal::{ClientKey, Place},
};

/// Why a subscription ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Why {
    /// Its push service knows it no more: the app must make another.
    Gone,
    /// Another one came for the same device or from the same browser.
    Replaced,
    Removed,
    SignedOut,
}

fn place(id: SubscriptionId) -> Place {
    Place { column: "push_subscription.address", row: id.0 }
}

fn secret_name(id: SubscriptionId) -> String {
    format!("push_subscription.address/{id}")
}

/// A client's address is sealed with their key: erasing them erases it. A worker has none.
pub fn seal_address(app: &App, id: SubscriptionId, key: Option<&ClientKey>, address: &SubscriptionInfo) -> Vec<u8> {
    match key {
        Some(key) => key.seal_json(&app.chance, place(id), address),
        None => {
            let json = serde_json::to_vec(address).unwrap_or_default();
            app.master.seal_secret(&app.chance, &secret_name(id), &json)
        }
    }
}

pub fn open_address(app: &App, id: SubscriptionId, key: Option<&ClientKey>, sealed: &[u8]) -> Result<SubscriptionInfo> {
    match key {
        Some(key) => Ok(key.open_json(place(id), sealed)?),
        None => {
            let json = app.master.open_secret(&secret_name(id), sealed)?;
            serde_json::from_slice(&json).map_err(Error::internal)
        }
    }
}

/// The live subscriptions of somebody.
pub async fn live(
    mut from: impl Connection,
    organisation: OrganisationId,
    of: Recipient,
) -> Result<Vec<SubscriptionId>> {
    let (sql, id) = match of {
        Recipient::Client(client) => (
            "SELECT id FROM push_subscription WHERE organisation_id = $1 AND client_id = $2 AND ended_at IS NULL ORDER BY id",
            client.0,
        ),
        Recipient::Worker(worker) => (
            "SELECT id FROM push_subscription WHERE organisation_id = $1 AND worker_id = $2 AND ended_at IS NULL ORDER BY id",
            worker.0,
        ),
    };
    let rows: Vec<(SubscriptionId,)> = from.query(sql).bind(organisation).bind(id).all().await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

pub async fn end(tx: &mut Tx, app: &App, organisation: OrganisationId, id: SubscriptionId, why: Why) -> Result<()> {
    tx.query(
        "UPDATE push_subscription SET ended_at = $3, ended_why = $4 WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL",
    )
    .bind(organisation)
    .bind(id)
    .bind(app.now())
    .bind(why)
    .execute()
    .await?;
    Ok(())
}

/// A phone is signed out or revoked.
pub async fn end_of_device(tx: &mut Tx, app: &App, organisation: OrganisationId, device: DeviceId) -> Result<()> {
    tx.query(
        "UPDATE push_subscription SET ended_at = $3, ended_why = 'signed_out'
         WHERE organisation_id = $1 AND device_id = $2 AND ended_at IS NULL",
    )
    .bind(organisation)
    .bind(device)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// A session ends: a worker's browser's, or a phone's whose token somebody else had.
pub async fn end_of_session(tx: &mut Tx, app: &App, organisation: OrganisationId, session: SessionId) -> Result<()> {
    tx.query(
        "UPDATE push_subscription SET ended_at = $3, ended_why = 'signed_out'
         WHERE organisation_id = $1 AND ended_at IS NULL
           AND (session_id = $2 OR device_id = (SELECT device_id FROM session WHERE organisation_id = $1 AND id = $2))",
    )
    .bind(organisation)
    .bind(session)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// Every session of a worker ends.
pub async fn end_of_worker(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    tx.query(
        "UPDATE push_subscription SET ended_at = $3, ended_why = 'signed_out'
         WHERE organisation_id = $1 AND worker_id = $2 AND ended_at IS NULL",
    )
    .bind(organisation)
    .bind(worker)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}
