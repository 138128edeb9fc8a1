//! How something was given by somebody who had no app at hand.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Given {
    /// To a worker, who wrote it down.
    InPerson,
    /// To a worker, who wrote it down.
    ByPhone,
    /// As an answer to a text; nobody wrote it down.
    ByText,
}

impl Given {
    /// Whether this is something a worker can say of what they write down.
    pub fn is_told_to_a_worker(self) -> bool {
        self != Self::ByText
    }
}
