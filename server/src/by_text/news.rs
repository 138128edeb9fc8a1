//! What a number that said yes is told without having written just now: that its texts are read no more, and that nobody has answered
//! yet. Whoever has no app hears it no other way.

use super::{
    EndedBy, State,
    kept::{self, Row},
    outgoing,
    words::Texts,
};
use crate::{
    app::App,
    audit::Actor,
    clients, cover,
    db::Tx,
    error::Result,
    ids::{ClientId, ContactRequestId, OrganisationId},
};

/// A worker or the client ends it, and whoever has the number hears so.
pub async fn end(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    by: EndedBy,
    actor: Actor,
) -> Result<()> {
    let before = kept::load(&mut *tx, organisation, client).await?;
    kept::end(tx, app, organisation, client, by, actor).await?;
    let Some(before) = before else { return Ok(()) };
    read_no_more(tx, app, organisation, client, &before).await
}

/// The number of what was agreed before is given up, and by nobody who has it: they may still write CALL ME to us.
pub async fn read_no_more(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    before: &Row,
) -> Result<()> {
    if before.state != State::On {
        return Ok(());
    }
    tell(tx, app, organisation, client, before, None, |texts, _| texts.ended()).await
}

/// Everybody was rung for a request, and nobody has it. Whoever asked by text hears that by text, with whom to ring.
pub async fn not_answered(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    request: ContactRequestId,
) -> Result<()> {
    let Some(agreed) = kept::load(&mut *tx, organisation, client).await? else { return Ok(()) };
    if agreed.state != State::On || !came_by_text(tx, organisation, client, request).await? {
        return Ok(());
    }
    tell(tx, app, organisation, client, &agreed, Some(request), |texts, time| texts.not_answered(time)).await
}

/// All of it, or something that joined it.
async fn came_by_text(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
    request: ContactRequestId,
) -> Result<bool> {
    let by_text: i64 = tx
        .query(
            "SELECT COUNT(*) FROM contact_request
             WHERE organisation_id = $1 AND client_id = $2 AND (id = $3 OR folded_into = $3) AND given = 'by_text'",
        )
        .bind(organisation)
        .bind(client)
        .bind(request)
        .scalar()
        .await?;
    Ok(by_text > 0)
}

/// `about`: the request that it is news of. `words`: what is said, given the time by the client's clock.
async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    agreed: &Row,
    about: Option<ContactRequestId>,
    words: impl FnOnce(&Texts<'_>, &str) -> String,
) -> Result<()> {
    let record = clients::load_from(&mut *tx, app, organisation, client).await;
    let opened = record.and_then(|client| Ok((agreed.settings(&client)?, client)));
    let (settings, client) = match opened {
        Ok((Some(settings), client)) => (settings, client),
        Ok((None, _)) => return Ok(()),
        Err(error) => {
            // It ends all the same, and goes on ringing.
            tracing::error!(%client, %error, "what was agreed about texts cannot be opened");
            return Ok(());
        }
    };
    let phone = cover::number_of(&mut *tx, organisation, &client).await?;
    let time = app.now().with_timezone(&client.zone).format("%H:%M").to_string();
    let words = words(&Texts::to(app, &client, &settings, phone.as_deref())?, &time);
    outgoing::tell(tx, app, organisation, &client, &settings, about, words).await
}
