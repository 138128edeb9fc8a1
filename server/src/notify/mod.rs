//! Telling somebody something outside the apps.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{ClientId, NotificationId, OrganisationId, WorkerId},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    Client(ClientId),
    Worker(WorkerId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Reminder,
}

#[derive(Clone, Copy, Debug)]
pub struct Message {
    pub to: Recipient,
    pub kind: Kind,
    pub subject: Uuid,
    pub count: i32,
    pub useful_until: DateTime<Utc>,
}

/// One notification, however many devices they have. None if they have none.
pub async fn tell(
    _tx: &mut Tx,
    app: &App,
    _organisation: OrganisationId,
    _message: Message,
) -> Result<Option<NotificationId>> {
    Ok(Some(app.new_id()))
}
