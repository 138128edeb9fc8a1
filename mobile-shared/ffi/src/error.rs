//! What a host is told when something is wrong.

use uuid::Uuid;

/// Something that the person can put right: show it beside the field.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Fault {
    /// Which field, as on the wire: `answers[2]`, `note`.
    pub field: String,
    pub sentence: String,
}

impl Fault {
    pub fn new(field: impl Into<String>, sentence: impl ToString) -> Self {
        Self { field: field.into(), sentence: sentence.to_string() }
    }
}

/// Something that the host did wrong, or that cannot be read: for the log, never for the person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HostError {
    #[error("{what} cannot be read: {reason}")]
    Unreadable { what: String, reason: String },
    /// Nothing was kept: do not say "saved".
    #[error("the disk did not take it: {reason}")]
    Disk { reason: String },
    #[error("{what} is not known here")]
    Unknown { what: String },
    #[error("this id is in use for something else")]
    UsedId,
}

impl HostError {
    pub fn unreadable(what: &str, reason: impl ToString) -> Self {
        Self::Unreadable { what: what.to_owned(), reason: reason.to_string() }
    }
}

/// What a host throws where it should not.
impl From<uniffi::UnexpectedUniFFICallbackError> for HostError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Disk { reason: error.reason }
    }
}

pub fn id(text: &str) -> Result<Uuid, HostError> {
    text.parse().map_err(|reason| HostError::unreadable("an id", reason))
}
