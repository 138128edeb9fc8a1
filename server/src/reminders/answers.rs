//! A place-holder, to be replaced when reminders are merged.

use chrono::{DateTime, Utc};

use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{ClientId, NotificationId, OrganisationId},
};

/// What a button of a reminder's notification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Done,
    Snooze,
}

/// The occurrences that a notification told of were answered on it.
#[expect(clippy::unused_async, reason = "a place-holder")]
pub async fn by_notification(
    _tx: &mut Tx,
    _app: &App,
    _organisation: OrganisationId,
    _client: ClientId,
    _notification: NotificationId,
    _act: Act,
    _at: DateTime<Utc>,
) -> Result<()> {
    Ok(())
}
