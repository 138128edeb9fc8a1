//! A check-in by text, for a client with no smartphone or no data (docs/channels.md).
//!
//! A worker agrees it with the client ([`team`]); a first text asks whoever has the number, and nothing else is asked before they have
//! said YES. A job per client asks on the days agreed ([`round`]), a job per text hands it to the gateway ([`deliver`]). What comes
//! back is read ([`read`]) and taken in ([`hear`]): numbers are a check-in, words a request for contact.

pub mod client;
pub mod deliver;
pub mod hear;
mod kept;
pub mod news;
pub mod outgoing;
pub mod read;
pub mod round;
mod settings;
pub mod team;
mod words;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// The first text is not answered.
    Waiting,
    /// The number said yes.
    On,
    Ended,
}

/// Who ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EndedBy {
    /// STOP came from the number.
    Text,
    Client,
    Worker,
}

/// Whether this server can send texts and take what is answered.
fn is_possible(app: &App) -> bool {
    app.relays.sms.as_ref().is_some_and(|gateway| gateway.replies)
}
