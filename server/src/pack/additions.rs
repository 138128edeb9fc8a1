//! What a client adds to their pack: a note, a photo, a link, an exercise they kept. Private unless they say otherwise;
//! removed when they say so, words and photo and all.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chrono::{DateTime, Utc};
use mobile_shared::{phone_clock::made_at, resource::Exercise};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Mark, Own, keep_own};
use crate::{
    access::Phone,
    app::App,
    auth::hash,
    check_ins::sent_at,
    clients::{self, Client},
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    ids::{AdditionId, ClientId, OrganisationId},
    resources::images,
    seal::Place,
};

const LONGEST_TITLE: usize = 120;
const LONGEST_TEXT: usize = 8000;
const LONGEST_LINK: usize = 500;
const MOST: i64 = 200;
/// Of a photo as it comes, in bytes; phones make it small before.
const LARGEST_PHOTO: usize = 400 * 1024;
/// Of the body that carries one, in bytes: base64 takes a third more.
pub const LARGEST_BODY: usize = 600 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdditionKind {
    Note,
    Photo,
    Link,
    Exercise,
}

/// An addition as the phone sends it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAddition {
    #[serde(flatten)]
    body: Sent,
    /// Base64 of a JPEG, PNG or WebP.
    photo: Option<String>,
}

/// Its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sent {
    kind: AdditionKind,
    title: String,
    text: Option<String>,
    url: Option<String>,
    #[schema(value_type = String)]
    exercise: Option<Exercise>,
    /// By the phone's clock.
    made_at: DateTime<Utc>,
    /// Whether my team may see it, from the start.
    #[serde(default)]
    shared: bool,
    /// The one of mine that this takes the place of.
    replaces: Option<AdditionId>,
}

/// What is kept of it, sealed. A retry has the same words and the same photo.
#[derive(Serialize, Deserialize)]
struct Kept {
    sent: Sent,
    photo_hash: Option<Vec<u8>>,
    /// The phone's clock, put right.
    made_at: DateTime<Utc>,
}

impl Sent {
    fn check(&self, id: AdditionId) -> Result<()> {
        let link = self.url.as_deref();
        Faults::default()
            .text(&self.title, "title", LONGEST_TITLE)
            .at_most(self.text.as_deref(), "text", LONGEST_TEXT)
            .at_most(link, "url", LONGEST_LINK)
            .check(link.is_none_or(is_link), "url", "A link begins with https:// or http://, and has no spaces.")
            .check(self.kind != AdditionKind::Link || link.is_some(), "url", "Please put in the link.")
            .check(self.kind != AdditionKind::Exercise || self.exercise.is_some(), "exercise", "Which exercise was it?")
            .check(self.replaces != Some(id), "replaces", "It cannot take its own place.")
            .done()
    }
}

/// A client may keep any page: it is theirs, and opens only when they tap it.
fn is_link(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|r| !r.is_empty() && !r.chars().any(|c| c.is_whitespace() || c.is_control()))
}

/// Something of the client's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct Addition {
    pub id: AdditionId,
    kind: AdditionKind,
    title: String,
    text: Option<String>,
    url: Option<String>,
    #[schema(value_type = String)]
    exercise: Option<Exercise>,
    has_photo: bool,
    made_at: DateTime<Utc>,
    shared: bool,
}

fn body_place(id: AdditionId) -> Place {
    Place { column: "pack_addition.body", row: id.0 }
}

fn photo_place(id: AdditionId) -> Place {
    Place { column: "pack_addition.photo", row: id.0 }
}

/// Who is going to read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Client,
    Team,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AdditionId,
    body: Vec<u8>,
}

impl Row {
    fn open(self, client: &Client, own: &Own) -> Result<Addition> {
        let Kept { sent, photo_hash, made_at } = client.key.open_json(body_place(self.id), &self.body)?;
        Ok(Addition {
            id: self.id,
            kind: sent.kind,
            title: sent.title,
            text: sent.text,
            url: sent.url,
            exercise: sent.exercise,
            has_photo: photo_hash.is_some(),
            made_at,
            shared: own.shares(self.id.0),
        })
    }
}

/// The client's additions, newest first. What is not shared does not leave this function for a worker.
pub async fn list(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    own: &Own,
    reader: Reader,
) -> Result<Vec<Addition>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT id, body FROM pack_addition
             WHERE organisation_id = $1 AND client_id = $2 AND removed_at IS NULL ORDER BY received_at DESC, id DESC",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?;
    rows.into_iter().filter(|r| reader == Reader::Client || own.shares(r.id.0)).map(|r| r.open(client, own)).collect()
}

pub async fn is_there(tx: &mut Tx, organisation: OrganisationId, client: ClientId, id: Uuid) -> Result<bool> {
    let found: Option<(AdditionId,)> = tx
        .query(
            "SELECT id FROM pack_addition
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND removed_at IS NULL",
        )
        .bind(organisation)
        .bind(client)
        .bind(id)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Adds something of my own. The same again answers the same; another body under a used id is a conflict.
#[utoipa::path(put, path = "/api/v1/me/pack/additions/{id}", params(("id" = Uuid, Path)), request_body = NewAddition,
    responses((status = 201, body = Addition), (status = 200, body = Addition), (status = 409, body = crate::error::Problem)))]
pub async fn put(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<AdditionId>,
    headers: HeaderMap,
    Body(new): Body<NewAddition>,
) -> Result<(StatusCode, Json<Addition>)> {
    new.body.check(id)?;
    let (photo, photo_hash) = picture(&app, &new).await?;
    let sent = new.body;
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let mut own = super::load(&mut tx, phone.organisation, phone.client, &client.key).await?.own;
    if let Some(row) = before(&mut tx, &phone, id, &client, &sent, photo_hash.as_deref()).await? {
        // What it answers may have been taken in a moment ago: ending this empty part waits with it for the disk.
        tx.commit().await?;
        return Ok((StatusCode::OK, Json(row.open(&client, &own)?)));
    }
    let made_at = made_at(sent.made_at, sent_at(&headers), phone.joined_at, app.now()).at;
    if let Some(old) = sent.replaces
        && remove(&mut tx, &app, &phone, old).await?
    {
        own.takes_place_of(id.0, old.0);
    }
    room_for_one_more(&mut tx, &phone).await?;
    own.marks.insert(id.0, Mark::of_addition(sent.shared, made_at));
    let body = client.key.seal_json(&app.chance, body_place(id), &Kept { sent, photo_hash, made_at });
    let photo = photo.map(|jpeg| client.key.seal(&app.chance, photo_place(id), &jpeg));
    insert(&mut tx, &app, &phone, id, &body, photo).await?;
    keep_own(&mut tx, &app, phone.organisation, phone.client, &client.key, &own).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(Row { id, body }.open(&client, &own)?)))
}

impl Own {
    fn takes_place_of(&mut self, new: Uuid, old: Uuid) {
        self.marks.remove(&old);
        for id in self.first_aid.iter_mut().flatten().filter(|id| **id == old) {
            *id = new;
        }
    }
}

/// The photo of an addition, drawn anew, and the hash of the file it came as.
async fn picture(app: &App, new: &NewAddition) -> Result<(Option<Vec<u8>>, Option<Vec<u8>>)> {
    let Some(photo) = &new.photo else {
        Faults::default().check(new.body.kind != AdditionKind::Photo, "photo", "Please put in the photo.").done()?;
        return Ok((None, None));
    };
    let file =
        BASE64.decode(photo).map_err(|_| Error::field("photo", "The photo did not come whole. Please try again."))?;
    Faults::default()
        .check(file.len() <= LARGEST_PHOTO, "photo", "This photo is too large to keep. Please try a smaller one.")
        .done()?;
    let hash = hash(&file);
    let drawn = images::redraw_aside(app, file).await?.map_err(|message| Error::field("photo", message))?;
    Ok((Some(drawn.jpeg), Some(hash)))
}

const USED: Error = Error::Conflict("This was sent before with other words, or has been removed since.");

/// The addition that has this id already, if it is the same. Anything else under the id is a conflict.
async fn before(
    tx: &mut Tx,
    phone: &Phone,
    id: AdditionId,
    client: &Client,
    sent: &Sent,
    photo_hash: Option<&[u8]>,
) -> Result<Option<Row>> {
    let row: Option<(ClientId, Option<Vec<u8>>)> = tx
        .query("SELECT client_id, body FROM pack_addition WHERE organisation_id = $1 AND id = $2")
        .bind(phone.organisation)
        .bind(id)
        .optional()
        .await?;
    match row {
        None => Ok(None),
        Some((owner, Some(body))) if owner == phone.client => {
            let kept: Kept = client.key.open_json(body_place(id), &body)?;
            let same = kept.sent == *sent && kept.photo_hash.as_deref() == photo_hash;
            if same { Ok(Some(Row { id, body })) } else { Err(USED) }
        }
        Some(_) => Err(USED),
    }
}

async fn room_for_one_more(tx: &mut Tx, phone: &Phone) -> Result<()> {
    let mine: i64 = tx
        .query(
            "SELECT COUNT(*) FROM pack_addition WHERE organisation_id = $1 AND client_id = $2 AND removed_at IS NULL",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .scalar()
        .await?;
    if mine < MOST { Ok(()) } else { Err(Error::Conflict("Your pack is full. Please remove something first.")) }
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    phone: &Phone,
    id: AdditionId,
    body: &[u8],
    photo: Option<Vec<u8>>,
) -> Result<()> {
    let inserted = tx
        .query(
            "INSERT INTO pack_addition (organisation_id, id, client_id, body, photo, received_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(phone.organisation)
        .bind(id)
        .bind(phone.client)
        .bind(body.to_vec())
        .bind(photo)
        .bind(app.now())
        .execute()
        .await?;
    // Somebody else's id, taken in the moment between.
    if inserted == 1 { Ok(()) } else { Err(USED) }
}

/// Removes something of my own: its words and its photo are gone. Also when it is gone already.
#[utoipa::path(delete, path = "/api/v1/me/pack/additions/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete(State(app): State<App>, phone: Phone, Path(id): Path<AdditionId>) -> Result<StatusCode> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    if remove(&mut tx, &app, &phone, id).await? {
        let mut own = super::load(&mut tx, phone.organisation, phone.client, &client.key).await?.own;
        own.marks.remove(&id.0);
        own.first_aid.iter_mut().for_each(|ids| ids.retain(|kept| *kept != id.0));
        keep_own(&mut tx, &app, phone.organisation, phone.client, &client.key, &own).await?;
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes words and photo away, and keeps the id used. Says whether there was anything of this client's.
async fn remove(tx: &mut Tx, app: &App, phone: &Phone, id: AdditionId) -> Result<bool> {
    let removed = tx
        .query(
            "UPDATE pack_addition SET removed_at = $4, body = NULL, photo = NULL
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND removed_at IS NULL",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(id)
        .bind(app.now())
        .execute()
        .await?;
    // It may be on its way still, behind this.
    tx.query(
        "INSERT INTO pack_addition (organisation_id, id, client_id, received_at, removed_at)
         VALUES ($1, $2, $3, $4, $4) ON CONFLICT DO NOTHING",
    )
    .bind(phone.organisation)
    .bind(id)
    .bind(phone.client)
    .bind(app.now())
    .execute()
    .await?;
    Ok(removed == 1)
}

/// A photo of the client's, opened.
pub async fn photo_of(app: &App, organisation: OrganisationId, client: &Client, id: AdditionId) -> Result<Response> {
    let row: Option<(Option<Vec<u8>>,)> = app
        .db
        .query("SELECT photo FROM pack_addition WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(organisation)
        .bind(client.id)
        .bind(id)
        .optional()
        .await?;
    let sealed = row.and_then(|r| r.0).ok_or(Error::NotFound)?;
    Ok(images::private(client.key.open(photo_place(id), &sealed)?))
}

/// A photo of my own.
#[utoipa::path(get, path = "/api/v1/me/pack/additions/{id}/photo", params(("id" = Uuid, Path)), responses((status = 200, body = Vec<u8>, content_type = "image/jpeg")))]
pub async fn photo(State(app): State<App>, phone: Phone, Path(id): Path<AdditionId>) -> Result<Response> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    photo_of(&app, phone.organisation, &client, id).await
}
