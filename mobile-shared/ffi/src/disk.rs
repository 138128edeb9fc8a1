//! What the host keeps.

use std::time::SystemTime;

use mobile_shared::outbox::Change;

use crate::error::HostError;

/// Storage of one person on this phone. It knows nothing of what it keeps.
#[uniffi::export(with_foreign)]
pub trait Disk: Send + Sync + std::fmt::Debug {
    /// All of them or none, and safe from a crash or an empty battery before it returns. Must not call the outbox.
    fn write(&self, changes: Vec<DiskChange>) -> Result<(), HostError>;
}

#[derive(Clone, Debug, uniffi::Enum)]
pub enum DiskChange {
    /// In the place of the entry of this id, if there is one.
    PutEntry {
        id: String,
        json: String,
    },
    RemoveEntry {
        id: String,
    },
    /// There is one.
    PutStanding {
        json: String,
    },
    /// What the server says now about one part, as the GET of that part answers it.
    PutPart {
        name: String,
        json: String,
    },
    /// At this moment of the phone's clock these parts (nothing: all there are), but for some, were as they are on the phone now: to be
    /// noted as when they were heard, for `cover_words` and for whoever reads "as of".
    Confirmed {
        parts: Option<Vec<String>>,
        but: Vec<String>,
        at: SystemTime,
    },
}

impl From<&Change> for DiskChange {
    fn from(change: &Change) -> Self {
        match change {
            Change::Put(entry) => Self::PutEntry { id: entry.id.to_string(), json: json(entry) },
            Change::Remove(id) => Self::RemoveEntry { id: id.to_string() },
            Change::Standing(standing) => Self::PutStanding { json: json(standing) },
            Change::Part { name, data } => Self::PutPart { name: name.clone(), json: data.to_string() },
            Change::Confirmed { parts, but, at } => {
                Self::Confirmed { parts: parts.clone(), but: but.clone(), at: (*at).into() }
            }
        }
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("what came from JSON goes into it")
}
