//! The team's side: choosing with the client, and what the client shares.

use axum::{Json, extract::State, response::Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Chosen, Helped, additions, chosen_place, client::shared_marks};
use crate::{
    access::Record,
    app::App,
    clients::{self, Client},
    error::{Body, Error, Faults, Path, Result},
    events,
    ids::{AdditionId, ClientId, ResourceId},
    resources::{self, Kind},
    workers::Names,
};

const MOST: usize = 30;
const LONGEST_WHY: usize = 400;

#[derive(Debug, Serialize, ToSchema)]
pub struct ChosenRow {
    resource_id: ResourceId,
    title: String,
    #[schema(value_type = String)]
    kind: Kind,
    /// No longer offered in the library.
    retired: bool,
    why: Option<String>,
    /// First name.
    by: Option<String>,
    added_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SharedMark {
    resource_id: ResourceId,
    title: String,
    bookmarked: bool,
    helped: Option<Helped>,
    read_to: u8,
    changed_at: DateTime<Utc>,
}

/// What the client shares, and nothing else.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shared {
    marks: Vec<SharedMark>,
    additions: Vec<additions::Addition>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TeamPack {
    revision: i32,
    chosen: Vec<ChosenRow>,
    shared: Shared,
}

async fn read(app: &App, record: &Record, client: &Client) -> Result<TeamPack> {
    let library = resources::library(app, record.organisation).await?;
    let pack = super::load(&app.db, record.organisation, record.client, &client.key).await?;
    let additions = additions::list(app, record.organisation, client, &pack.own, additions::Reader::Team).await?;
    let names = Names::load(app, record.organisation).await?;
    let title = |id| library.title(id).map(str::to_owned);
    let chosen = pack.chosen.iter().filter_map(|c| {
        let resource = library.get(c.resource_id)?;
        Some(ChosenRow {
            resource_id: c.resource_id,
            title: title(c.resource_id)?,
            kind: resource.kind,
            retired: resource.retired.is_some(),
            why: c.why.clone(),
            by: names.first(Some(c.by)),
            added_at: c.added_at,
        })
    });
    let marks = shared_marks(&pack.own).filter_map(|(resource_id, m)| {
        let m = library.without_traces(resource_id.0, m.clone());
        Some(SharedMark {
            resource_id,
            title: title(resource_id)?,
            bookmarked: m.bookmarked,
            helped: m.helped,
            read_to: m.read_to,
            changed_at: m.changed_at,
        })
    });
    Ok(TeamPack {
        revision: pack.chosen_revision,
        chosen: chosen.collect(),
        shared: Shared { marks: marks.collect(), additions },
    })
}

/// This client's pack: what was chosen with them, and what they share.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/pack", params(("id" = Uuid, Path)), responses((status = 200, body = TeamPack)))]
pub async fn show(State(app): State<App>, record: Record) -> Result<Json<TeamPack>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    Ok(Json(read(&app, &record, &client).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewChoice {
    resource_id: ResourceId,
    why: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewChoices {
    /// As it was read: so that two workers at once do not undo each other.
    revision: i32,
    /// All that is chosen, in order: one that is missing is chosen no longer.
    chosen: Vec<NewChoice>,
}

impl NewChoices {
    fn check(&self, library: &resources::Library, before: &[Chosen]) -> Result<()> {
        let mut faults = Faults::default();
        faults.check(self.chosen.len() <= MOST, "chosen", format!("{MOST} are the most. Few are read, many are not."));
        for (i, choice) in self.chosen.iter().enumerate() {
            let offered = library.get(choice.resource_id).is_some_and(|r| r.retired.is_none());
            let was = before.iter().any(|c| c.resource_id == choice.resource_id);
            faults
                .check(offered || was, &format!("chosen[{i}].resource_id"), "This is not offered in the library.")
                .check(
                    self.chosen[..i].iter().all(|c| c.resource_id != choice.resource_id),
                    &format!("chosen[{i}].resource_id"),
                    "This is here twice.",
                )
                .at_most(choice.why.as_deref(), &format!("chosen[{i}].why"), LONGEST_WHY);
        }
        faults.done()
    }

    /// Who chose something, and when, stays with it unless its why is reworded.
    fn with(self, before: &[Chosen], record: &Record, now: DateTime<Utc>) -> Vec<Chosen> {
        let chosen = |choice: NewChoice| {
            let why = choice.why.map(|w| resources::clean(w.trim())).filter(|w| !w.is_empty());
            let was = before.iter().find(|c| c.resource_id == choice.resource_id && c.why == why).cloned();
            was.unwrap_or(Chosen { resource_id: choice.resource_id, why, by: record.worker.id, added_at: now })
        };
        self.chosen.into_iter().map(chosen).collect()
    }
}

/// Changes what is chosen for this client. They see it, with why and by whom.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/pack", params(("id" = Uuid, Path)), request_body = NewChoices,
    responses((status = 200, body = TeamPack), (status = 409, body = crate::error::Problem)))]
pub async fn put(State(app): State<App>, record: Record, Body(new): Body<NewChoices>) -> Result<Json<TeamPack>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let library = resources::library(&app, record.organisation).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    let before = super::load(&mut tx, record.organisation, record.client, &client.key).await?;
    // First of all: whoever has not seen the change cannot know why a part of theirs no longer fits.
    if new.revision != before.chosen_revision {
        return Err(Error::Conflict("Somebody else changed this pack meanwhile. Please look again."));
    }
    new.check(&library, &before.chosen)?;
    let chosen = new.with(&before.chosen, &record, app.now());
    tx.query(
        "INSERT INTO pack (organisation_id, client_id, chosen, chosen_revision) VALUES ($1, $2, $3, 1)
         ON CONFLICT (organisation_id, client_id)
         DO UPDATE SET chosen = excluded.chosen, chosen_revision = pack.chosen_revision + 1",
    )
    .bind(record.organisation)
    .bind(record.client)
    .bind(client.key.seal_json(&app.chance, chosen_place(record.client), &chosen))
    .execute()
    .await?;
    events::append(&mut tx, &app, record.organisation, events::What::Client, record.client.0, record.client).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(read(&app, &record, &client).await?))
}

#[derive(Debug, Deserialize)]
pub struct PhotoPath {
    #[serde(rename = "id")]
    _client: ClientId,
    addition_id: AdditionId,
}

/// A photo that the client shares.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/pack/additions/{addition_id}/photo", params(("id" = Uuid, Path), ("addition_id" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg")))]
pub async fn photo(State(app): State<App>, record: Record, Path(path): Path<PhotoPath>) -> Result<Response> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let pack = super::load(&app.db, record.organisation, record.client, &client.key).await?;
    if !pack.own.shares(path.addition_id.0) {
        return Err(Error::NotFound);
    }
    additions::photo_of(&app, record.organisation, &client, path.addition_id).await
}
