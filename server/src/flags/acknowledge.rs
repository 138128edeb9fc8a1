//! "I've got this", said of a flag outside the app: of one that its client asked about, or that a rule of the plan raised.

use super::{AnswerKind, Entry, EntryWhat, FlagState, add_entry, team::take};
use crate::{
    app::App,
    audit::{self, Actor},
    channels::answer::{Outcome, Said},
    clients,
    db::Tx,
    error::Result,
    escalation, events,
    ids::{ClientId, FlagId, OrganisationId, WorkerId},
};

/// Only while nobody has it, or its client has asked again since somebody took it.
pub async fn acknowledge_as(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    id: FlagId,
    said: Said,
) -> Result<Outcome> {
    clients::take_turn(tx, organisation, client).await?;
    let found: Option<(FlagState, Option<WorkerId>, bool)> = tx
        .query(
            "SELECT f.state, f.owner_id, EXISTS (
                 SELECT 1 FROM flag_entry e WHERE e.organisation_id = f.organisation_id AND e.flag_id = f.id
                 AND e.answer = $3 AND e.at > f.acknowledged_at) AS asked_again
             FROM flag f WHERE f.organisation_id = $1 AND f.id = $2",
        )
        .bind(organisation)
        .bind(id)
        .bind(AnswerKind::PleaseTalk)
        .optional()
        .await?;
    let Some((state, owner, asked_again)) = found else { return Ok(Outcome::Over) };
    match state {
        FlagState::Resolved => return Ok(Outcome::Over),
        FlagState::Acknowledged if !asked_again && !escalation::rings_again(&mut *tx, organisation, id.0).await? => {
            return Ok(if owner == Some(said.worker) { Outcome::Yours } else { Outcome::Taken });
        }
        FlagState::Acknowledged | FlagState::Open => {}
    }
    take(tx, app, organisation, id, said.worker).await?;
    let detail = serde_json::json!({ "id": id, "by": said.way });
    audit::append(tx, app, organisation, Actor::Worker(said.worker), "flag.acknowledge", &[client], detail).await?;
    let key = clients::load_from(&mut *tx, app, organisation, client).await?.key;
    let entry = Entry { worker: Some(said.worker), ..Entry::default() };
    add_entry(tx, app, organisation, id, &key, EntryWhat::Acknowledged, entry).await?;
    events::append(tx, app, organisation, events::What::Flag, id.0, client).await?;
    Ok(Outcome::Yours)
}
