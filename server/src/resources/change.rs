//! Changing the library: drafts are written, published, reviewed; resources retired and brought back.
//!
//! A text that was published is never edited. Who put which text before clients, and who reviewed it, is in the audit trail.

use axum::{Json, extract::State, http::StatusCode};
use mobile_shared::resource::Edition;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    VersionRow, changed,
    checks::checked,
    desk::{self, Draft, Resource},
    edition, insert_resource, insert_text, move_state, set_state,
    source::{self, slug_of},
    take_turn, versions,
};
use crate::{
    access::Worker,
    app::App,
    audit::{self, Actor},
    db::Tx,
    error::{Body, Error, Path, Result},
    ids::{OrganisationId, ResourceId},
};

const CHANGED: Error = Error::Conflict(
    "Somebody else changed this text meanwhile. Please look at theirs first; yours is still on your screen.",
);

/// A new resource, as a draft.
#[utoipa::path(post, path = "/api/v1/team/resources", request_body = Draft, responses((status = 201, body = Resource), (status = 200, body = Resource)))]
pub async fn create(
    State(app): State<App>,
    worker: Worker,
    Body(draft): Body<Draft>,
) -> Result<(StatusCode, Json<Resource>)> {
    let markdown = checked(&app, worker.organisation, &draft.markdown, draft.edition).await?;
    let title = source::read(&markdown, draft.edition).written.map(|w| w.front.title).unwrap_or_default();
    let slug = match slug_of(&title) {
        slug if slug.is_empty() => "text".to_owned(),
        slug => slug,
    };
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, worker.organisation).await?;
    if let Some(id) = begun_before(&mut tx, &worker, draft.edition, &markdown).await? {
        tx.commit().await?;
        return Ok((StatusCode::OK, desk::resource(&app, &worker, id).await?));
    }
    let slug = free(&mut tx, worker.organisation, slug).await?;
    let id = insert_resource(&mut tx, &app, worker.organisation, &slug).await?;
    insert_text(&mut tx, worker.organisation, id, a_draft(&app, &worker, draft.edition, 1, markdown)).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, desk::resource(&app, &worker, id).await?))
}

/// The same words from the same worker again, and nothing of it published: a retry whose first reply was lost.
async fn begun_before(tx: &mut Tx, worker: &Worker, edition: Edition, markdown: &str) -> Result<Option<ResourceId>> {
    let found: Option<(ResourceId,)> = tx
        .query(
            "SELECT resource_id FROM resource_text
             WHERE organisation_id = $1 AND written_by = $2 AND edition = $3 AND markdown = $4 AND state = 'draft' AND number = 1",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .bind(edition.as_str())
        .bind(markdown)
        .optional()
        .await?;
    Ok(found.map(|f| f.0))
}

/// The name, or the name with a number after it if that is taken.
async fn free(tx: &mut Tx, organisation: OrganisationId, slug: String) -> Result<String> {
    let taken: Vec<(String,)> =
        tx.query("SELECT slug FROM resource WHERE organisation_id = $1").bind(organisation).all().await?;
    let is_free = |name: &String| taken.iter().all(|t| t.0 != *name);
    let numbered = (2..).map(|n| format!("{slug}-{n}"));
    Ok(std::iter::once(slug.clone()).chain(numbered).find(is_free).unwrap_or(slug))
}

fn a_draft(app: &App, worker: &Worker, edition: Edition, number: i32, markdown: String) -> VersionRow {
    VersionRow {
        edition: edition.as_str().to_owned(),
        number,
        markdown,
        state: "draft".to_owned(),
        shipped: false,
        written_by: Some(worker.id),
        written_at: app.now(),
        published_by: None,
        reviewed_by: None,
        reviewed_on: None,
    }
}

#[derive(Debug, Deserialize)]
pub struct DraftPath {
    id: ResourceId,
    edition: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDraft {
    markdown: String,
    /// The hash of the text it was made from; none for the first of its wording.
    based_on: Option<String>,
}

/// Saves a draft. One is kept for each wording; what clients read stays as it is.
#[utoipa::path(put, path = "/api/v1/team/resources/{id}/drafts/{edition}", params(("id" = Uuid, Path), ("edition" = String, Path)),
    request_body = NewDraft, responses((status = 200, body = Resource), (status = 409, body = crate::error::Problem)))]
pub async fn save(
    State(app): State<App>,
    worker: Worker,
    Path(path): Path<DraftPath>,
    Body(draft): Body<NewDraft>,
) -> Result<Json<Resource>> {
    let edition = edition(&path.edition)?;
    let markdown = checked(&app, worker.organisation, &draft.markdown, edition).await?;
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, worker.organisation).await?;
    let known = of_edition(&mut tx, worker.organisation, path.id, edition).await?;
    let before = known.iter().find(|v| v.state == "draft");
    // Saving the same again is no conflict with oneself: the first reply may have been lost.
    if before.is_some_and(|v| v.markdown == markdown) {
        tx.commit().await?;
        return desk::resource(&app, &worker, path.id).await;
    }
    if !known.is_empty() && !starts(&known).iter().any(|v| Some(v.hash()) == draft.based_on) {
        return Err(CHANGED);
    }
    match before {
        Some(before) => rewrite(&mut tx, &app, &worker, path.id, edition, before.number, markdown).await?,
        None => {
            let number = known.first().map_or(1, |v| v.number + 1);
            insert_text(&mut tx, worker.organisation, path.id, a_draft(&app, &worker, edition, number, markdown))
                .await?;
        }
    }
    tx.commit().await?;
    desk::resource(&app, &worker, path.id).await
}

/// What a draft may be made from, so that nobody writes past a text they have not seen: the draft that is there, else what
/// clients read or what is offered, else the newest.
fn starts(known: &[VersionRow]) -> Vec<&VersionRow> {
    let of = |states: &[&str]| known.iter().filter(|v| states.contains(&v.state.as_str())).collect::<Vec<_>>();
    [of(&["draft"]), of(&["published", "offered"])]
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_else(|| known.iter().take(1).collect())
}

async fn rewrite(
    tx: &mut Tx,
    app: &App,
    worker: &Worker,
    id: ResourceId,
    edition: Edition,
    number: i32,
    markdown: String,
) -> Result<()> {
    tx.query(
        "UPDATE resource_text SET markdown = $5, shipped = FALSE, written_by = $6, written_at = $7, reviewed_by = NULL, reviewed_on = NULL
         WHERE organisation_id = $1 AND resource_id = $2 AND edition = $3 AND number = $4 AND state = 'draft'",
    )
    .bind(worker.organisation)
    .bind(id)
    .bind(edition.as_str())
    .bind(number)
    .bind(markdown)
    .bind(worker.id)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// The versions of one wording, newest first. A resource that is not there has none, and that is an answer of its own.
async fn of_edition(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ResourceId,
    edition: Edition,
) -> Result<Vec<VersionRow>> {
    let mut known = versions(&mut *tx, organisation, id).await?;
    if known.is_empty() {
        return Err(Error::NotFound);
    }
    known.retain(|v| v.edition == edition.as_str());
    Ok(known)
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/api/v1/team/resources/{id}/drafts/{edition}", params(("id" = Uuid, Path), ("edition" = String, Path)), responses((status = 200, body = Resource)))]
pub async fn discard(State(app): State<App>, worker: Worker, Path(path): Path<DraftPath>) -> Result<Json<Resource>> {
    let edition = edition(&path.edition)?;
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, worker.organisation).await?;
    let all = versions(&mut tx, worker.organisation, path.id).await?;
    if all.is_empty() {
        return Err(Error::NotFound);
    }
    if all.iter().all(|v| v.state == "draft" && v.edition == edition.as_str()) {
        return Err(Error::Conflict(
            "This is all there is of it. Publish it first, or leave it: nobody sees a draft but the team.",
        ));
    }
    tx.query(
        "DELETE FROM resource_text WHERE organisation_id = $1 AND resource_id = $2 AND edition = $3 AND state = 'draft'",
    )
    .bind(worker.organisation)
    .bind(path.id)
    .bind(edition.as_str())
    .execute()
    .await?;
    tx.commit().await?;
    desk::resource(&app, &worker, path.id).await
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Which {
    #[schema(value_type = String)]
    edition: Edition,
    number: i32,
    /// Of the text as it was read: what is signed or published is what was on the screen.
    hash: String,
}

async fn found(tx: &mut Tx, organisation: OrganisationId, id: ResourceId, which: &Which) -> Result<VersionRow> {
    let known = of_edition(tx, organisation, id, which.edition).await?;
    let version = known.into_iter().find(|v| v.number == which.number).ok_or(Error::NotFound)?;
    if version.hash() == which.hash { Ok(version) } else { Err(CHANGED) }
}

/// The guard's row says that somebody tried; this one, which text it was and that it was done.
async fn told(
    tx: &mut Tx,
    app: &App,
    worker: &Worker,
    action: &'static str,
    id: ResourceId,
    which: &Which,
) -> Result<()> {
    let detail = serde_json::json!({ "id": id, "edition": which.edition, "number": which.number, "hash": which.hash });
    audit::append(tx, app, worker.organisation, Actor::Worker(worker.id), action, &[], detail).await
}

/// Puts a text before clients: a draft, a newer one that came with the app, or an earlier one again.
#[utoipa::path(post, path = "/api/v1/team/resources/{id}/publish", params(("id" = Uuid, Path)), request_body = Which,
    responses((status = 200, body = Resource), (status = 409, body = crate::error::Problem)))]
pub async fn publish(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<ResourceId>,
    Body(which): Body<Which>,
) -> Result<Json<Resource>> {
    let mut tx = app.db.begin().await?;
    changed(&mut tx, worker.organisation).await?;
    let version = found(&mut tx, worker.organisation, id, &which).await?;
    let reading = source::read(&version.markdown, which.edition);
    if !reading.faults.is_empty() || !reading.written.is_some_and(|w| w.is_whole()) {
        return Err(Error::field(
            "markdown",
            "Before clients can read it, it needs a summary, a topic and some words, and no faults.",
        ));
    }
    if version.state != "published" {
        move_state(&mut tx, worker.organisation, id, which.edition, "published", "earlier").await?;
        set_state(&mut tx, worker.organisation, id, which.edition, which.number, "published").await?;
    }
    tx.query(
        "UPDATE resource_text SET published_by = $5
         WHERE organisation_id = $1 AND resource_id = $2 AND edition = $3 AND number = $4",
    )
    .bind(worker.organisation)
    .bind(id)
    .bind(which.edition.as_str())
    .bind(which.number)
    .bind(worker.id)
    .execute()
    .await?;
    told(&mut tx, &app, &worker, "resource.published", id, &which).await?;
    tx.commit().await?;
    desk::resource(&app, &worker, id).await
}

/// "I have read this and it is right for our clients", signed with the caller's name.
#[utoipa::path(post, path = "/api/v1/team/resources/{id}/review", params(("id" = Uuid, Path)), request_body = Which,
    responses((status = 200, body = Resource), (status = 409, body = crate::error::Problem)))]
pub async fn review(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<ResourceId>,
    Body(which): Body<Which>,
) -> Result<Json<Resource>> {
    let mut tx = app.db.begin().await?;
    changed(&mut tx, worker.organisation).await?;
    found(&mut tx, worker.organisation, id, &which).await?;
    tx.query(
        "UPDATE resource_text SET reviewed_by = $5, reviewed_on = $6
         WHERE organisation_id = $1 AND resource_id = $2 AND edition = $3 AND number = $4",
    )
    .bind(worker.organisation)
    .bind(id)
    .bind(which.edition.as_str())
    .bind(which.number)
    .bind(worker.id)
    .bind(app.now().date_naive())
    .execute()
    .await?;
    told(&mut tx, &app, &worker, "resource.reviewed", id, &which).await?;
    tx.commit().await?;
    desk::resource(&app, &worker, id).await
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Retire {
    /// It is wrong or unsafe: take it from phones too, except where it is open this moment.
    withdraw: bool,
}

/// Offers it no longer.
#[utoipa::path(post, path = "/api/v1/team/resources/{id}/retire", params(("id" = Uuid, Path)), request_body = Retire, responses((status = 200, body = Resource)))]
pub async fn retire(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<ResourceId>,
    Body(body): Body<Retire>,
) -> Result<Json<Resource>> {
    set_retired(&app, &worker, id, Some(if body.withdraw { "withdrawn" } else { "retired" })).await
}

/// Offers it again.
#[utoipa::path(post, path = "/api/v1/team/resources/{id}/restore", params(("id" = Uuid, Path)), responses((status = 200, body = Resource)))]
pub async fn restore(State(app): State<App>, worker: Worker, Path(id): Path<ResourceId>) -> Result<Json<Resource>> {
    set_retired(&app, &worker, id, None).await
}

async fn set_retired(
    app: &App,
    worker: &Worker,
    id: ResourceId,
    retired: Option<&'static str>,
) -> Result<Json<Resource>> {
    let mut tx = app.db.begin().await?;
    changed(&mut tx, worker.organisation).await?;
    let found = tx
        .query("UPDATE resource SET retired = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(worker.organisation)
        .bind(id)
        .bind(retired)
        .execute()
        .await?;
    if found == 0 {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    desk::resource(app, worker, id).await
}
