//! What changed, numbered per organisation, for the team's live stream.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{ClientId, OrganisationId},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum What {
    ContactRequest,
    Flag,
    CheckIn,
    Client,
    Items,
}

/// Appends an event. Raising the number locks the organisation until commit, so that numbers become visible in
/// order on both databases; do it late in a transaction.
pub async fn append(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    what: What,
    subject: Uuid,
    client: ClientId,
) -> Result<()> {
    let seq: i64 = tx
        .query("UPDATE organisation SET event_seq = event_seq + 1 WHERE id = $1 RETURNING event_seq")
        .bind(organisation)
        .scalar()
        .await?;
    tx.query(
        "INSERT INTO event (organisation_id, seq, at, what, subject_id, client_id) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(organisation)
    .bind(seq)
    .bind(app.now())
    .bind(what)
    .bind(subject)
    .bind(client)
    .execute()
    .await?;
    Ok(())
}
