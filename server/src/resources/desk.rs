//! What workers read of the library: the list, one resource with its history, and how a text would look.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use mobile_shared::resource::{Edition, Exercise, Reviewed, Stage, Text, Topic};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Kind, PUBLISHERS, Reading, VersionRow, WRITERS,
    checks::{as_kept, unknown_links, unknown_pictures},
    clean, hash_of_file, may, reviewed,
    source::{self, Written},
    versions,
};
use crate::{
    access::Worker,
    app::App,
    error::{Body, Error, Path, Result},
    ids::ResourceId,
    workers::Names,
};

/// What clients read now, in one wording.
#[derive(Debug, Serialize, ToSchema)]
pub struct Shown {
    number: i32,
    at: DateTime<Utc>,
    /// First name; none: it came with the app.
    by: Option<String>,
    #[schema(value_type = Object)]
    reviewed: Option<Reviewed>,
    words: usize,
    /// In years, by the Flesch-Kincaid grade; none for Welsh.
    reading_age: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Drafted {
    number: i32,
    at: DateTime<Utc>,
    by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EditionState {
    #[schema(value_type = String)]
    edition: Edition,
    published: Option<Shown>,
    draft: Option<Drafted>,
    /// The number of a newer text that came with the app and waits for a decision.
    newer_shipped: Option<i32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Listed {
    id: ResourceId,
    slug: String,
    #[schema(value_type = String)]
    kind: Kind,
    #[schema(value_type = String)]
    exercise: Option<Exercise>,
    title: String,
    summary: String,
    #[schema(value_type = Vec<String>)]
    topics: Vec<Topic>,
    #[schema(value_type = String)]
    stage: Stage,
    /// `retired`, `withdrawn`, or none: it is offered.
    retired: Option<String>,
    editions: Vec<EditionState>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Library {
    may_write: bool,
    may_publish: bool,
    items: Vec<Listed>,
}

#[derive(sqlx::FromRow)]
struct ResourceRow {
    id: ResourceId,
    slug: String,
    retired: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TextRow {
    resource_id: ResourceId,
    #[sqlx(flatten)]
    version: VersionRow,
}

fn listed(row: ResourceRow, texts: &[VersionRow], names: &Names) -> Listed {
    let read =
        |v: &VersionRow| Some((source::read(&v.markdown, Edition::parse(&v.edition)?).written?, v.state.clone()));
    // What it is called: as published, else as drafted; English first, which is the order of editions.
    let mut found: Vec<(Written, String)> = texts.iter().filter_map(read).collect();
    found.sort_by_key(|(written, _)| written.edition);
    let front = ["published", "draft", "offered", "earlier"]
        .iter()
        .find_map(|state| found.iter().find(|(_, s)| s == state))
        .map(|(written, _)| &written.front);
    Listed {
        id: row.id,
        kind: front.map_or(Kind::Article, |f| f.kind),
        exercise: front.and_then(|f| f.exercise),
        title: front.map_or_else(|| row.slug.clone(), |f| clean(&f.title)),
        summary: front.map_or_else(String::new, |f| clean(&f.summary)),
        topics: front.map_or_else(Vec::new, |f| f.topics.clone()),
        stage: front.map_or(Stage::Any, |f| f.stage),
        retired: row.retired,
        editions: Edition::ALL.iter().filter_map(|e| edition_state(*e, texts, names)).collect(),
        slug: row.slug,
    }
}

fn edition_state(edition: Edition, texts: &[VersionRow], names: &Names) -> Option<EditionState> {
    let mut own = texts.iter().filter(|v| v.edition == edition.as_str()).peekable();
    own.peek()?;
    let mut state = EditionState { edition, published: None, draft: None, newer_shipped: None };
    for v in own {
        let by = names.first(v.written_by);
        match v.state.as_str() {
            "published" => {
                let written = source::read(&v.markdown, edition).written;
                state.published = Some(Shown {
                    number: v.number,
                    at: v.written_at,
                    by,
                    reviewed: reviewed(names, v.reviewed_by, v.reviewed_on),
                    words: written.as_ref().map_or(0, |w| w.counts().words),
                    reading_age: written.as_ref().and_then(Written::reading_age).map(rounded),
                });
            }
            "draft" => state.draft = Some(Drafted { number: v.number, at: v.written_at, by }),
            "offered" => state.newer_shipped = Some(v.number),
            _ => {}
        }
    }
    // Whoever has written or chosen something since has decided.
    let shown = state.published.as_ref().map_or(0, |p| p.number);
    state.newer_shipped = state.newer_shipped.filter(|offered| *offered > shown);
    Some(state)
}

fn rounded(age: f64) -> f64 {
    (age * 10.0).round() / 10.0
}

/// The library: everything, retired ones too.
#[utoipa::path(get, path = "/api/v1/team/resources", responses((status = 200, body = Library)))]
pub async fn list(State(app): State<App>, worker: Worker) -> Result<Json<Library>> {
    let resources: Vec<ResourceRow> = app
        .db
        .query("SELECT id, slug, retired FROM resource WHERE organisation_id = $1")
        .bind(worker.organisation)
        .all()
        .await?;
    let texts: Vec<TextRow> = app
        .db
        .query(
            "SELECT resource_id, edition, number, markdown, state, shipped, written_by, written_at, published_by, reviewed_by,
                    reviewed_on
             FROM resource_text WHERE organisation_id = $1 AND state <> 'earlier' ORDER BY edition, number DESC",
        )
        .bind(worker.organisation)
        .all()
        .await?;
    let names = Names::load(&app, worker.organisation).await?;
    let of = |id: ResourceId| -> Vec<VersionRow> {
        texts.iter().filter(|t| t.resource_id == id).map(|t| t.version.clone()).collect()
    };
    let mut items: Vec<Listed> = resources
        .into_iter()
        .map(|r| {
            let own = of(r.id);
            listed(r, &own, &names)
        })
        .collect();
    items.sort_by_key(|i| i.title.to_lowercase());
    Ok(Json(Library { may_write: may(&worker, WRITERS), may_publish: may(&worker, PUBLISHERS), items }))
}

/// One version of one wording.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    edition: String,
    number: i32,
    /// `published`, `draft`, `earlier`, or `shipped_offer`: a newer text that came with the app
    state: String,
    markdown: String,
    hash: String,
    at: DateTime<Utc>,
    /// First name; none: it came with the app.
    by: Option<String>,
    #[schema(value_type = Object)]
    reviewed: Option<Reviewed>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Resource {
    #[serde(flatten)]
    listed: Listed,
    may_write: bool,
    may_publish: bool,
    /// Of every wording, newest first.
    texts: Vec<Version>,
}

pub async fn resource(app: &App, worker: &Worker, id: ResourceId) -> Result<Json<Resource>> {
    let row: Option<ResourceRow> = app
        .db
        .query("SELECT id, slug, retired FROM resource WHERE organisation_id = $1 AND id = $2")
        .bind(worker.organisation)
        .bind(id)
        .optional()
        .await?;
    let versions = versions(&app.db, worker.organisation, id).await?;
    let names = Names::load(app, worker.organisation).await?;
    let listed = listed(row.ok_or(Error::NotFound)?, &versions, &names);
    let texts = versions
        .into_iter()
        .map(|v| Version {
            hash: hash_of_file(&v.markdown),
            state: if v.state == "offered" { "shipped_offer".to_owned() } else { v.state },
            by: names.first(v.written_by),
            reviewed: reviewed(&names, v.reviewed_by, v.reviewed_on),
            edition: v.edition,
            number: v.number,
            markdown: v.markdown,
            at: v.written_at,
        })
        .collect();
    Ok(Json(Resource { listed, may_write: may(worker, WRITERS), may_publish: may(worker, PUBLISHERS), texts }))
}

/// One resource with all its wordings and their history.
#[utoipa::path(get, path = "/api/v1/team/resources/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = Resource)))]
pub async fn show(State(app): State<App>, worker: Worker, Path(id): Path<ResourceId>) -> Result<Json<Resource>> {
    resource(&app, &worker, id).await
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Draft {
    #[schema(value_type = String)]
    pub edition: Edition,
    pub markdown: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Remark {
    line: Option<usize>,
    message: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// As phones would get it.
    #[schema(value_type = Object)]
    text: Option<Text>,
    /// What keeps it from being saved.
    faults: Vec<Remark>,
    /// What would make it better.
    advice: Vec<Remark>,
    words: usize,
    reading_age: Option<f64>,
    publishable: bool,
}

/// How a text would look, and what is to be said about it. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/team/resources/preview", request_body = Draft, responses((status = 200, body = Preview)))]
pub async fn preview(State(app): State<App>, worker: Worker, Body(draft): Body<Draft>) -> Result<Json<Preview>> {
    let Reading { written, mut faults } = source::read(&as_kept(&draft.markdown), draft.edition);
    faults.extend(unknown_pictures(&app, worker.organisation, written.as_ref()).await?);
    let remark = |(line, message)| Remark { line, message };
    let mut advice = written.as_ref().map_or_else(Vec::new, Written::advice);
    if let Some(written) = &written {
        advice.extend(unknown_links(&app, worker.organisation, written).await?);
    }
    Ok(Json(Preview {
        publishable: faults.is_empty() && written.as_ref().is_some_and(Written::is_whole),
        faults: faults.into_iter().map(remark).collect(),
        advice: advice.into_iter().map(|message| Remark { line: None, message }).collect(),
        words: written.as_ref().map_or(0, |w| w.counts().words),
        reading_age: written.as_ref().and_then(Written::reading_age).map(rounded),
        text: written.map(|w| w.text(None)),
    }))
}
