//! What was agreed, as it is kept: sealed, and found again by its number.

use chrono::{DateTime, Utc};

use super::{EndedBy, State, settings::Settings};
use crate::{
    app::App,
    audit::{self, Actor},
    clients::Client,
    db::{Connection, Tx},
    error::Result,
    events,
    given::Given,
    ids::{ClientId, OrganisationId, WorkerId},
    seal::Place,
};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub state: State,
    settings: Option<Vec<u8>>,
    pub number_hash: Option<Vec<u8>>,
    pub agreed_how: Given,
    pub agreed_with: WorkerId,
    pub agreed_at: DateTime<Utc>,
    pub said_yes_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_by: Option<EndedBy>,
}

impl Row {
    /// None of what has ended.
    pub fn settings(&self, client: &Client) -> Result<Option<Settings>> {
        let Some(sealed) = &self.settings else { return Ok(None) };
        Ok(Some(client.key.open_json(place(client.id), sealed)?))
    }
}

fn place(client: ClientId) -> Place {
    Place { column: "by_text.settings", row: client.0 }
}

pub async fn load(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<Option<Row>> {
    Ok(from
        .query(
            "SELECT state, settings, number_hash, agreed_how, agreed_with, agreed_at, said_yes_at, ended_at, ended_by
             FROM by_text WHERE organisation_id = $1 AND client_id = $2",
        )
        .bind(organisation)
        .bind(client)
        .optional()
        .await?)
}

/// Whose number this is: whose it said yes for, else who was asked last. Of somebody who is supported no more it is nobody's.
pub async fn whose(mut from: impl Connection, app: &App, number: &str) -> Result<Option<(OrganisationId, ClientId)>> {
    Ok(from
        .query(
            "SELECT b.organisation_id, b.client_id FROM by_text b
             JOIN client c ON c.organisation_id = b.organisation_id AND c.id = b.client_id
             WHERE b.number_hash = $1 AND c.active
             ORDER BY CASE WHEN b.state = 'on' THEN 0 ELSE 1 END, b.agreed_at DESC, b.client_id LIMIT 1",
        )
        .bind(app.master.address_hash(number).to_vec())
        .optional()
        .await?)
}

/// What a worker and a client agreed just now.
#[derive(Clone, Copy, Debug)]
pub struct Agreed {
    pub how: Given,
    pub with: WorkerId,
}

/// Writes down what is agreed. A number that said yes before, and is still the one, goes on; another is asked first.
pub async fn keep(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    settings: &Settings,
    agreed: Agreed,
) -> Result<()> {
    tx.query(
        "INSERT INTO by_text (organisation_id, client_id, state, settings, number_hash, agreed_how, agreed_with, agreed_at)
         VALUES ($1, $2, 'waiting', $3, $4, $5, $6, $7)
         ON CONFLICT (organisation_id, client_id) DO UPDATE SET
            state = CASE WHEN by_text.number_hash = excluded.number_hash THEN by_text.state ELSE 'waiting' END,
            said_yes_at = CASE WHEN by_text.number_hash = excluded.number_hash THEN by_text.said_yes_at END,
            settings = excluded.settings, number_hash = excluded.number_hash, agreed_how = excluded.agreed_how,
            agreed_with = excluded.agreed_with, agreed_at = excluded.agreed_at, ended_at = NULL, ended_by = NULL",
    )
    .bind(organisation)
    .bind(client.id)
    .bind(client.key.seal_json(&app.chance, place(client.id), settings))
    .bind(app.master.address_hash(&settings.number).to_vec())
    .bind(agreed.how)
    .bind(agreed.with)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// Whoever has the number said yes.
pub async fn begin(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    tx.query("UPDATE by_text SET state = 'on', said_yes_at = $3 WHERE organisation_id = $1 AND client_id = $2 AND state = 'waiting'")
        .bind(organisation)
        .bind(client)
        .bind(app.now())
        .execute()
        .await?;
    changed(tx, app, organisation, client, "by_text.begun", Actor::System).await
}

/// It ends: the number and what was agreed are forgotten.
pub async fn end(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    by: EndedBy,
    actor: Actor,
) -> Result<()> {
    let ended = tx
        .query(
            "UPDATE by_text SET state = 'ended', settings = NULL, number_hash = NULL, ended_at = $3, ended_by = $4
             WHERE organisation_id = $1 AND client_id = $2 AND state <> 'ended'",
        )
        .bind(organisation)
        .bind(client)
        .bind(app.now())
        .bind(by)
        .execute()
        .await?;
    if ended == 0 {
        return Ok(());
    }
    changed(tx, app, organisation, client, "by_text.ended", actor).await
}

async fn changed(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    action: &str,
    actor: Actor,
) -> Result<()> {
    audit::append(tx, app, organisation, actor, action, &[client], serde_json::json!({})).await?;
    events::append(tx, app, organisation, events::What::Client, client.0, client).await
}
