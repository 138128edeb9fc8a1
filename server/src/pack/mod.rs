//! The resilience pack of one client: what the team chose with them and why, what they added themselves, their first-aid
//! box, and what they make of what they read. The worker sees only what the client shares.

pub mod additions;
pub mod client;
pub mod team;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    db::{Connection, Tx},
    error::Result,
    ids::{ClientId, OrganisationId, ResourceId, WorkerId},
    seal::{ClientKey, Place},
};

/// One resource that was chosen for the client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Chosen {
    pub resource_id: ResourceId,
    pub why: Option<String>,
    pub by: WorkerId,
    pub added_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Helped {
    Helped,
    NotForMe,
}

/// What a client makes of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mark {
    #[serde(default)]
    pub bookmarked: bool,
    pub helped: Option<Helped>,
    /// How far they have read: 0 to 100.
    #[serde(default)]
    pub read_to: u8,
    /// Their team may see this mark.
    #[serde(default)]
    pub shared: bool,
    /// When they last decided that, by the phone's clock, put right. A phone that has not heard of the decision yet must
    /// not undo it, so it holds by itself.
    pub shared_at: Option<DateTime<Utc>>,
    pub opened_at: Option<DateTime<Utc>>,
    /// By the phone's clock, put right. Of two marks the later holds.
    pub changed_at: DateTime<Utc>,
}

impl Mark {
    /// Of an addition only `shared` counts.
    fn of_addition(shared: bool, at: DateTime<Utc>) -> Self {
        Self {
            bookmarked: false,
            helped: None,
            read_to: 0,
            shared,
            shared_at: Some(at),
            opened_at: None,
            changed_at: at,
        }
    }

    /// By a clock that is right.
    fn put_right(self, right: impl Fn(DateTime<Utc>) -> DateTime<Utc>) -> Self {
        let [shared_at, opened_at] = [self.shared_at, self.opened_at].map(|at| at.map(&right));
        Self { shared_at, opened_at, changed_at: right(self.changed_at), ..self }
    }

    /// What holds of two marks: the later one, and of the two decisions to share the later one.
    fn merged(before: &Self, new: Self) -> Self {
        let decided = if new.shared_at > before.shared_at { &new } else { before };
        let (shared, shared_at) = (decided.shared, decided.shared_at);
        let later = if new.changed_at > before.changed_at { new } else { before.clone() };
        Self { shared, shared_at, ..later }
    }

    /// Kept even when the resource is retired: nobody's page is taken away in the middle.
    fn is_in_use(&self) -> bool {
        self.bookmarked || (1..100).contains(&self.read_to)
    }
}

/// What is the client's own of their pack.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Own {
    /// Ids of resources and additions, in order. None: never chosen.
    pub first_aid: Option<Vec<Uuid>>,
    pub first_aid_at: Option<DateTime<Utc>>,
    /// By resource, and by addition (of which only `shared` counts).
    pub marks: BTreeMap<Uuid, Mark>,
}

impl Own {
    pub fn shares(&self, id: Uuid) -> bool {
        self.marks.get(&id).is_some_and(|m| m.shared)
    }

    fn keeps(&self, id: ResourceId) -> bool {
        self.marks.get(&id.0).is_some_and(Mark::is_in_use)
            || self.first_aid.as_ref().is_some_and(|ids| ids.contains(&id.0))
    }
}

/// A client's pack, opened.
#[derive(Debug, Default)]
pub struct Pack {
    pub chosen: Vec<Chosen>,
    pub chosen_revision: i32,
    pub own: Own,
}

#[derive(sqlx::FromRow)]
struct Row {
    chosen: Option<Vec<u8>>,
    chosen_revision: i32,
    own: Option<Vec<u8>>,
}

fn chosen_place(client: ClientId) -> Place {
    Place { column: "pack.chosen", row: client.0 }
}

pub fn own_place(client: ClientId) -> Place {
    Place { column: "pack.own", row: client.0 }
}

pub async fn load(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: ClientId,
    key: &ClientKey,
) -> Result<Pack> {
    let row: Option<Row> = from
        .query("SELECT chosen, chosen_revision, own FROM pack WHERE organisation_id = $1 AND client_id = $2")
        .bind(organisation)
        .bind(client)
        .optional()
        .await?;
    let Some(row) = row else { return Ok(Pack::default()) };
    let open = |sealed: Option<Vec<u8>>, place| sealed.map(|s| key.open(place, &s)).transpose();
    let read = |error| crate::error::Error::internal(format!("a pack cannot be read: {error}"));
    Ok(Pack {
        chosen: match open(row.chosen, chosen_place(client))? {
            Some(json) => serde_json::from_slice(&json).map_err(read)?,
            None => Vec::new(),
        },
        chosen_revision: row.chosen_revision,
        own: match open(row.own, own_place(client))? {
            Some(json) => serde_json::from_slice(&json).map_err(read)?,
            None => Own::default(),
        },
    })
}

/// Keeps what is the client's own. Take the client's turn first.
async fn keep_own(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    key: &ClientKey,
    own: &Own,
) -> Result<()> {
    tx.query(
        "INSERT INTO pack (organisation_id, client_id, own) VALUES ($1, $2, $3)
         ON CONFLICT (organisation_id, client_id) DO UPDATE SET own = excluded.own",
    )
    .bind(organisation)
    .bind(client)
    .bind(key.seal_json(&app.chance, own_place(client), own))
    .execute()
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(changed: i64, shared: bool, decided: Option<i64>, read_to: u8) -> Mark {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        Mark { read_to, shared_at: decided.map(at), ..Mark::of_addition(shared, at(changed)) }
    }

    #[test]
    fn a_phone_that_has_not_heard_of_it_does_not_undo_a_decision_to_share_no_longer() {
        let unshared = mark(100, false, Some(100), 10);
        let stale = mark(200, true, Some(50), 60);
        let held = Mark::merged(&unshared, stale.clone());
        assert_eq!((held.shared, held.read_to), (false, 60));
        // In whichever order they come.
        assert_eq!(Mark::merged(&stale, unshared), held);
    }
}
