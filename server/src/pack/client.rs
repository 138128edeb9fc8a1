//! The client's side: the whole pack in one answer, and what they make of it.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::{DateTime, Utc};
use mobile_shared::{
    phone_clock::made_at,
    resource::{Edition, Exercise, Text},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Mark, Own, Pack, additions, keep_own};
use crate::{
    access::Phone,
    app::App,
    check_ins::sent_at,
    clients,
    db::Tx,
    error::{Body, Error, Faults, Path, Query, Result},
    etag,
    ids::ResourceId,
    resources::{self, Kind, Library, Published, Retired, TextHash, figures::WINDOW},
    seal::Place,
    sharing,
    workers::Names,
};

/// Things in a first-aid box: few, or it is no help in a bad hour.
const MOST_FIRST_AID: usize = 12;
/// Marks kept for one client, far above the number of resources anybody has.
const MOST_MARKS: usize = 2000;
/// Searches kept of one client: more say nothing new.
const MOST_SEARCHES: i64 = 100;

#[derive(Debug, Serialize, ToSchema)]
pub struct PackResource {
    id: ResourceId,
    slug: String,
    #[schema(value_type = String)]
    kind: Kind,
    #[schema(value_type = String)]
    exercise: Option<Exercise>,
    /// No longer offered; here because this client keeps it.
    retired: bool,
    /// Edition (`en`, `en-easy`, `cy`, `cy-easy`) to the hash of its text.
    #[schema(value_type = Object)]
    editions: BTreeMap<Edition, TextHash>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChosenForMe {
    resource_id: ResourceId,
    /// In the worker's words.
    why: Option<String>,
    /// First name.
    by: Option<String>,
    added_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyPack {
    resources: Vec<PackResource>,
    /// Texts by hash: those that the phone did not name as its own.
    #[schema(value_type = Object)]
    texts: BTreeMap<TextHash, Text>,
    chosen: Vec<ChosenForMe>,
    additions: Vec<additions::Addition>,
    first_aid: Option<Vec<Uuid>>,
    #[schema(value_type = Object)]
    marks: BTreeMap<Uuid, Mark>,
}

#[derive(Debug, Deserialize)]
pub struct Have {
    /// Hashes of texts that are on the phone already, with commas between; `*` asks for no text at all.
    #[serde(default)]
    have: String,
}

/// My pack: everything I may read, with what was chosen for me. Name the texts you have and they are not sent again.
#[utoipa::path(get, path = "/api/v1/me/pack", params(("have" = Option<String>, Query)), responses((status = 200, body = MyPack)))]
pub async fn show(
    State(app): State<App>,
    phone: Phone,
    Query(have): Query<Have>,
    headers: HeaderMap,
) -> Result<Response> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let library = resources::library(&app, phone.organisation).await?;
    let pack = super::load(&app.db, phone.organisation, phone.client, &client.key).await?;
    let additions = additions::list(&app, phone.organisation, &client, &pack.own, additions::Reader::Client).await?;
    let names = Names::load(&app, phone.organisation).await?;
    let mut mine = mine(&library, pack, additions, &names);
    // The tag is of the pack as a whole: a phone that has it has all its texts, whichever way they came.
    let tag = etag::of(&mine)?;
    let had: BTreeSet<&str> = have.have.split(',').collect();
    let wanted: BTreeSet<&TextHash> = mine
        .resources
        .iter()
        .flat_map(|r| r.editions.values())
        .filter(|h| !had.contains("*") && !had.contains(h.as_str()))
        .collect();
    mine.texts = wanted.into_iter().filter_map(|h| Some((h.clone(), library.texts.get(h)?.clone()))).collect();
    etag::json_as(&headers, &tag, &mine)
}

fn mine(library: &Library, pack: Pack, additions: Vec<additions::Addition>, names: &Names) -> MyPack {
    let offered = |r: &&Published| match r.retired {
        None => true,
        Some(Retired::Retired) => pack.own.keeps(r.id),
        Some(Retired::Withdrawn) => false,
    };
    let resources: Vec<PackResource> = library
        .resources
        .iter()
        .filter(offered)
        .map(|r| PackResource {
            id: r.id,
            slug: r.slug.clone(),
            kind: r.kind,
            exercise: r.exercise,
            retired: r.retired.is_some(),
            editions: r.editions.clone(),
        })
        .collect();
    let is_here = |id: Uuid| resources.iter().any(|r| r.id.0 == id) || additions.iter().any(|a| a.id.0 == id);
    let chosen = pack
        .chosen
        .into_iter()
        .filter(|c| is_here(c.resource_id.0))
        .map(|c| ChosenForMe {
            resource_id: c.resource_id,
            why: c.why,
            by: names.first(Some(c.by)),
            added_at: c.added_at,
        })
        .collect();
    let Own { first_aid, marks, .. } = pack.own;
    MyPack {
        chosen,
        first_aid: first_aid.map(|ids| ids.into_iter().filter(|id| is_here(*id)).collect()),
        marks: marks
            .into_iter()
            .filter(|(id, _)| is_here(*id))
            .map(|(id, m)| (id, library.without_traces(id, m)))
            .collect(),
        resources,
        texts: BTreeMap::new(),
        additions,
    }
}

/// What I make of a resource: kept, helped, how far I read, and whether my team may see that. Of my own additions, only
/// whether my team may see them. An older one changes nothing; the answer is what holds.
#[utoipa::path(put, path = "/api/v1/me/pack/{id}/feedback", params(("id" = Uuid, Path)), request_body = Mark, responses((status = 200, body = Mark)))]
pub async fn feedback(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
    Body(mut mark): Body<Mark>,
) -> Result<Json<Mark>> {
    Faults::default().check(mark.read_to <= 100, "read_to", "From 0 to 100.").done()?;
    let library = resources::library(&app, phone.organisation).await?;
    mark = mark.put_right(|at| made_at(at, sent_at(&headers), phone.joined_at, app.now()).at);
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let known = library.get(ResourceId(id)).is_some()
        || additions::is_there(&mut tx, phone.organisation, phone.client, id).await?;
    if !known {
        return Err(Error::NotFound);
    }
    let mut own = super::load(&mut tx, phone.organisation, phone.client, &client.key).await?.own;
    if library.get(ResourceId(id)).is_some_and(|r| library.is_discreet(r)) {
        mark = Mark { read_to: 0, opened_at: None, ..mark };
    }
    match own.marks.get(&id) {
        Some(before) => mark = Mark::merged(before, mark),
        None if own.marks.len() >= MOST_MARKS => {
            return Err(Error::Conflict("There are more marks here than anybody makes. Please ask your team."));
        }
        None => {}
    }
    if own.marks.insert(id, mark.clone()).as_ref() != Some(&mark) {
        keep_own(&mut tx, &app, phone.organisation, phone.client, &client.key, &own).await?;
    }
    // Also when nothing changed: what it answers may have been taken in a moment ago, and waits for the disk.
    tx.commit().await?;
    Ok(Json(mark))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFirstAid {
    ids: Vec<Uuid>,
    changed_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FirstAid {
    ids: Vec<Uuid>,
}

/// My first-aid box: the few things for a bad hour, in my order.
#[utoipa::path(put, path = "/api/v1/me/pack/first-aid", request_body = NewFirstAid, responses((status = 200, body = FirstAid)))]
pub async fn first_aid(
    State(app): State<App>,
    phone: Phone,
    headers: HeaderMap,
    Body(body): Body<NewFirstAid>,
) -> Result<Json<FirstAid>> {
    Faults::default()
        .check(
            body.ids.len() <= MOST_FIRST_AID,
            "ids",
            format!("{MOST_FIRST_AID} things are the most, so that it stays quick."),
        )
        .done()?;
    let at = made_at(body.changed_at, sent_at(&headers), phone.joined_at, app.now()).at;
    let library = resources::library(&app, phone.organisation).await?;
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let mut own = super::load(&mut tx, phone.organisation, phone.client, &client.key).await?.own;
    if own.first_aid_at.is_some_and(|before| before >= at) {
        // What it answers may have been taken in a moment ago, and waits for the disk.
        tx.commit().await?;
        return Ok(Json(FirstAid { ids: own.first_aid.unwrap_or_default() }));
    }
    let mut ids = Vec::new();
    for id in body.ids {
        let known = library.get(ResourceId(id)).is_some()
            || additions::is_there(&mut tx, phone.organisation, phone.client, id).await?;
        if known && !ids.contains(&id) {
            ids.push(id);
        }
    }
    own.first_aid = Some(ids.clone());
    own.first_aid_at = Some(at);
    keep_own(&mut tx, &app, phone.organisation, phone.client, &client.key, &own).await?;
    tx.commit().await?;
    Ok(Json(FirstAid { ids }))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MissingSearch {
    words: String,
    /// By the phone's clock; the server counts by its own.
    #[expect(dead_code, reason = "part of the wire, for a phone's own outbox")]
    searched_at: DateTime<Utc>,
}

/// A search that found nothing, to be counted without a name. Nothing is kept of a client who is not counted.
#[utoipa::path(put, path = "/api/v1/me/pack/searches/{id}", params(("id" = Uuid, Path)), request_body = MissingSearch, responses((status = 204)))]
pub async fn missing_search(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<Uuid>,
    Body(body): Body<MissingSearch>,
) -> Result<StatusCode> {
    Faults::default().text(&body.words, "words", 80).done()?;
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    if sharing::is_counted(&mut tx, phone.organisation, phone.client).await? {
        tx.query(
            "INSERT INTO missing_search (organisation_id, id, client_id, words, received_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(phone.organisation)
        .bind(id)
        .bind(phone.client)
        .bind(client.key.seal(&app.chance, search_place(id), body.words.trim().to_lowercase().as_bytes()))
        .bind(app.now())
        .execute()
        .await?;
        forget_old(&mut tx, &phone, app.now()).await?;
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn forget_old(tx: &mut Tx, phone: &Phone, now: DateTime<Utc>) -> Result<()> {
    tx.query(
        "DELETE FROM missing_search WHERE organisation_id = $1 AND client_id = $2 AND (received_at < $3 OR id NOT IN
            (SELECT id FROM missing_search WHERE organisation_id = $1 AND client_id = $2 ORDER BY received_at DESC, id DESC LIMIT $4))",
    )
    .bind(phone.organisation)
    .bind(phone.client)
    .bind(now - WINDOW)
    .bind(MOST_SEARCHES)
    .execute()
    .await?;
    Ok(())
}

pub fn search_place(id: Uuid) -> Place {
    Place { column: "missing_search.words", row: id }
}

/// What the client shares of their marks, for their team.
pub fn shared_marks(own: &Own) -> impl Iterator<Item = (ResourceId, &Mark)> {
    own.marks.iter().filter(|(_, m)| m.shared).map(|(id, m)| (ResourceId(*id), m))
}
