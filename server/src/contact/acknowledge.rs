//! "I've got this", said outside the app: by the button of a notification, the link in a message, or a reply to it.

use super::{ContactWhat, load, opened_again_since, promise_due, taken, team::take, tell_without_words};
use crate::{
    app::App,
    audit::{self, Actor},
    channels::answer::{Outcome, Said},
    clients,
    db::Tx,
    error::Result,
    escalation,
    ids::{ClientId, ContactRequestId, OrganisationId},
};

/// "Seen", without a promise. Only while nobody has it: whoever pressed a button of last night takes nothing from anybody. That
/// this worker was rung is their right; what they see of the client afterwards is asked where they look.
pub async fn acknowledge_as(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
    said: Said,
) -> Result<Outcome> {
    clients::take_turn(tx, organisation, client).await?;
    promise_due(tx, app, organisation, id).await?;
    let Some(row) = load(&mut *tx, organisation, client, id).await? else { return Ok(Outcome::Over) };
    if !row.needs_a_person() || opened_again_since(&mut *tx, organisation, client, id, said.rung_at).await? {
        return Ok(Outcome::Over);
    }
    if row.owner_id.is_some() && !escalation::rings_again(&mut *tx, organisation, id.0).await? {
        return Ok(if row.owner_id == Some(said.worker) { Outcome::Yours } else { Outcome::Taken });
    }
    take(tx, app, organisation, &row, said.worker, false).await?;
    taken(tx, app, organisation, client, id, false).await?;
    let detail = serde_json::json!({ "id": id, "by": said.way });
    audit::append(tx, app, organisation, Actor::Worker(said.worker), "contact.acknowledge", &[client], detail).await?;
    tell_without_words(tx, app, organisation, (client, id), ContactWhat::Seen, Some(said.worker)).await?;
    Ok(Outcome::Yours)
}
