//! What needs a person and has no next step: there must be none. What was open before there was escalation, or by a mistake of ours,
//! is taken up here, and counted until then.

use super::{Kind, Subject, insert, open};
use crate::{
    app::App,
    clients,
    contact::{self, Row as Request},
    error::Result,
    ids::{ClientId, FlagId, OrganisationId},
};
use mobile_shared::escalation::State;

/// Requests and flags without a next step, of one organisation or of all.
pub async fn orphans(app: &App, of: Option<OrganisationId>) -> Result<i64> {
    let requests: i64 = app
        .db
        .query(
            "SELECT COUNT(*) FROM contact_request r WHERE r.folded_into IS NULL AND r.state NOT IN ('done', 'cancelled')
             AND ($1 IS NULL OR r.organisation_id = $1)
             AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.organisation_id = r.organisation_id
                 AND e.subject_kind = 'contact_request' AND e.subject_id = r.id AND e.ended_at IS NULL)",
        )
        .bind(of)
        .scalar()
        .await?;
    let flags: i64 = app
        .db
        .query(
            "SELECT COUNT(*) FROM flag f WHERE f.state <> 'resolved' AND ($1 IS NULL OR f.organisation_id = $1)
             AND EXISTS (SELECT 1 FROM flag_entry a WHERE a.organisation_id = f.organisation_id AND a.flag_id = f.id
                 AND a.answer = 'please_talk' AND (f.acknowledged_at IS NULL OR a.at > f.acknowledged_at))
             AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.organisation_id = f.organisation_id
                 AND e.subject_kind = 'flag' AND e.subject_id = f.id AND e.ended_at IS NULL)",
        )
        .bind(of)
        .scalar()
        .await?;
    Ok(requests + flags)
}

/// Gives each a next step. Returns how many there were.
pub async fn adopt(app: &App) -> Result<usize> {
    let requests: Vec<Request> = app
        .db
        .query(
            "SELECT r.* FROM contact_request r WHERE r.folded_into IS NULL AND r.state NOT IN ('done', 'cancelled')
             AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.organisation_id = r.organisation_id
                 AND e.subject_kind = 'contact_request' AND e.subject_id = r.id AND e.ended_at IS NULL)
             ORDER BY r.received_at LIMIT 1000",
        )
        .all()
        .await?;
    let flags: Vec<(OrganisationId, ClientId, FlagId)> = app
        .db
        .query(
            "SELECT f.organisation_id, f.client_id, f.id FROM flag f WHERE f.state <> 'resolved'
             AND EXISTS (SELECT 1 FROM flag_entry a WHERE a.organisation_id = f.organisation_id AND a.flag_id = f.id
                 AND a.answer = 'please_talk' AND (f.acknowledged_at IS NULL OR a.at > f.acknowledged_at))
             AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.organisation_id = f.organisation_id
                 AND e.subject_kind = 'flag' AND e.subject_id = f.id AND e.ended_at IS NULL)
             ORDER BY f.raised_at LIMIT 1000",
        )
        .all()
        .await?;
    // One that fails keeps none of the others waiting.
    for request in &requests {
        if let Err(error) = take_up_request(app, request).await {
            tracing::error!(request = %request.id, %error, "a request for contact still has no next step");
        }
    }
    for (organisation, client, id) in &flags {
        if let Err(error) = take_up_flag(app, *organisation, *client, *id).await {
            tracing::error!(flag = %id, %error, "a flag still has no next step");
        }
    }
    Ok(requests.len() + flags.len())
}

async fn take_up_request(app: &App, seen: &Request) -> Result<()> {
    let (organisation, client, subject) = (seen.organisation_id, seen.client_id, Subject::Request(seen.id));
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, organisation, client).await?;
    let Some(row) = contact::load(&mut tx, organisation, client, seen.id).await? else { return Ok(()) };
    if !row.state.core().is_open() || open(&mut tx, organisation, subject).await?.is_some() {
        return Ok(());
    }
    let state = match row.owner_id.filter(|_| row.state.core().is_owned()) {
        Some(by) => State::Held { by: by.0, until: contact::held_until(&mut tx, app, organisation, &row).await? },
        None => State::begin(app.now()),
    };
    insert(&mut tx, app, organisation, Some(client), subject, row.urgency.escalation(), &state).await?;
    tracing::warn!(request = %row.id, "a request for contact had no next step; it has one now");
    Ok(tx.commit().await?)
}

async fn take_up_flag(app: &App, organisation: OrganisationId, client: ClientId, id: FlagId) -> Result<()> {
    let subject = Subject::Flag(id);
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, organisation, client).await?;
    let open_still: i64 = tx
        .query("SELECT COUNT(*) FROM flag WHERE organisation_id = $1 AND id = $2 AND state <> 'resolved'")
        .bind(organisation)
        .bind(id)
        .scalar()
        .await?;
    if open_still == 0 || open(&mut tx, organisation, subject).await?.is_some() {
        return Ok(());
    }
    insert(&mut tx, app, organisation, Some(client), subject, Kind::ClientAsked, &State::begin(app.now())).await?;
    tracing::warn!(flag = %id, "a client who asks to be talked to had no next step; there is one now");
    Ok(tx.commit().await?)
}
