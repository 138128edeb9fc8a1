//! A place-holder, to be replaced as a whole when reminders are merged: the two things that `notify` asks of them.

pub mod answers;

use crate::{
    app::App,
    error::Result,
    ids::{ClientId, OrganisationId},
    notify::Discretion,
};

/// How discreet a client wants to be told things.
#[expect(clippy::unused_async, reason = "a place-holder")]
pub async fn discretion(_app: &App, _organisation: OrganisationId, _client: ClientId) -> Result<Discretion> {
    Ok(Discretion::Neutral)
}
