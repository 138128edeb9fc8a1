//! The library: articles and exercises for resilience packs.
//!
//! The first texts come with the app (`server/library`); each organisation has its own copies in the database, to change
//! as it likes. Phones and screens get a text as blocks (`mobile_shared::resource`), made of its Markdown each time a node
//! reads it, so what an older or a wiser rule let in is judged by the present one.

pub mod change;
mod checks;
pub mod desk;
pub mod figures;
pub mod folder;
pub mod images;
pub mod links;
mod markdown;
mod readability;
mod shipped;
#[cfg(test)]
mod shipped_tests;
mod source;

pub use markdown::clean;
pub use shipped::{install, install_everywhere};
pub use source::{Kind, Reading, read};

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, NaiveDate, Utc};
use mobile_shared::resource::{Edition, Exercise, Reviewed, Text};

use crate::{
    access::{Role, Worker},
    app::App,
    auth::hash,
    db::{Connection, Tx},
    error::{Error, Result},
    ids::{OrganisationId, ResourceId, WorkerId},
    pack::Mark,
    workers::Names,
};

/// Who may write drafts.
pub const WRITERS: &[Role] = &[Role::TeamLead, Role::RecoveryCoach, Role::PeerNavigator, Role::Admin];
/// Who may put them before clients, and take them away.
pub const PUBLISHERS: &[Role] = &[Role::TeamLead, Role::Admin];

/// What a phone names a text by: it changes with every word of it.
pub type TextHash = String;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// No longer offered; those who keep it keep it.
    Retired,
    /// Wrong or unsafe: gone from phones.
    Withdrawn,
}

/// A resource as phones may get it.
#[derive(Debug)]
pub struct Published {
    pub id: ResourceId,
    pub slug: String,
    pub kind: Kind,
    pub exercise: Option<Exercise>,
    pub retired: Option<Retired>,
    pub editions: BTreeMap<Edition, TextHash>,
}

/// Everything of one organisation that is published, rendered.
#[derive(Debug)]
pub struct Library {
    revision: i64,
    /// By slug.
    pub resources: Vec<Published>,
    pub texts: BTreeMap<TextHash, Text>,
}

impl Library {
    pub fn get(&self, id: ResourceId) -> Option<&Published> {
        self.resources.iter().find(|r| r.id == id)
    }

    /// Its title for a worker: in English if there is one.
    pub fn title(&self, id: ResourceId) -> Option<&str> {
        let hash = self.get(id)?.editions.values().next()?;
        self.texts.get(hash).map(|t| t.title.as_str())
    }

    pub fn is_discreet(&self, resource: &Published) -> bool {
        resource.editions.values().any(|hash| self.texts.get(hash).is_some_and(|t| t.discreet))
    }

    /// The mark without what it tells of reading, where the text has become discreet since.
    pub fn without_traces(&self, id: uuid::Uuid, mark: Mark) -> Mark {
        let discreet = self.get(ResourceId(id)).is_some_and(|r| self.is_discreet(r));
        if discreet { Mark { read_to: 0, opened_at: None, ..mark } } else { mark }
    }
}

/// The rendered libraries of this node. Rendering takes milliseconds and phones ask often.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<HashMap<OrganisationId, Arc<Library>>>);

#[derive(sqlx::FromRow)]
struct PublishedRow {
    id: ResourceId,
    slug: String,
    retired: Option<String>,
    edition: String,
    markdown: String,
    reviewed_by: Option<WorkerId>,
    reviewed_on: Option<NaiveDate>,
}

/// The published library as it is now.
pub async fn library(app: &App, organisation: OrganisationId) -> Result<Arc<Library>> {
    // The revision is read before the rows: a change between the two is rendered too early, never missed.
    let revision: i64 =
        app.db.query("SELECT library_revision FROM organisation WHERE id = $1").bind(organisation).scalar().await?;
    let shelf = |shelf: &Shelf| shelf.0.lock().unwrap_or_else(PoisonError::into_inner).get(&organisation).cloned();
    if let Some(library) = shelf(&app.shelf).filter(|l| l.revision == revision) {
        return Ok(library);
    }
    let rows: Vec<PublishedRow> = app
        .db
        .query(
            "SELECT r.id, r.slug, r.retired, t.edition, t.markdown, t.reviewed_by, t.reviewed_on
             FROM resource r
             JOIN resource_text t ON t.organisation_id = r.organisation_id AND t.resource_id = r.id AND t.state = 'published'
             WHERE r.organisation_id = $1",
        )
        .bind(organisation)
        .all()
        .await?;
    let names = Names::load(app, organisation).await?;
    let library = Arc::new(rendered(revision, rows, &names));
    app.shelf.0.lock().unwrap_or_else(PoisonError::into_inner).insert(organisation, Arc::clone(&library));
    Ok(library)
}

fn rendered(revision: i64, mut rows: Vec<PublishedRow>, names: &Names) -> Library {
    // English first: the others are wordings of it.
    rows.sort_by_cached_key(|row| (row.slug.clone(), Edition::parse(&row.edition)));
    let mut library = Library { revision, resources: Vec::new(), texts: BTreeMap::new() };
    for row in rows {
        let edition = Edition::parse(&row.edition);
        let Some((edition, written)) = edition.and_then(|e| Some((e, read(&row.markdown, e).written?))) else {
            tracing::error!(slug = row.slug, edition = row.edition, "a published text cannot be read");
            continue;
        };
        let text = written.text(reviewed(names, row.reviewed_by, row.reviewed_on));
        let hash = hash_of(&text);
        if library.resources.last().is_none_or(|last| last.id != row.id) {
            library.resources.push(Published {
                id: row.id,
                slug: row.slug,
                kind: written.front.kind,
                exercise: written.front.exercise,
                retired: retired(row.retired.as_deref()),
                editions: BTreeMap::new(),
            });
        }
        if let Some(resource) = library.resources.last_mut() {
            resource.editions.insert(edition, hash.clone());
        }
        library.texts.insert(hash, text);
    }
    library
}

fn retired(word: Option<&str>) -> Option<Retired> {
    match word {
        Some("retired") => Some(Retired::Retired),
        // A word we do not know is no reason to show what somebody took away.
        Some(_) => Some(Retired::Withdrawn),
        None => None,
    }
}

fn reviewed(names: &Names, by: Option<WorkerId>, on: Option<NaiveDate>) -> Option<Reviewed> {
    Some(Reviewed { by: names.of(by)?.name, on: on? })
}

fn hash_of(text: &Text) -> TextHash {
    hex::encode(&hash(&serde_json::to_vec(text).unwrap_or_default())[..8])
}

/// What a writer's screen names a file by, to notice that somebody else saved meanwhile.
fn hash_of_file(markdown: &str) -> String {
    hex::encode(&hash(markdown.as_bytes())[..8])
}

/// One version of one wording.
#[derive(Clone, Debug, sqlx::FromRow)]
struct VersionRow {
    edition: String,
    number: i32,
    markdown: String,
    state: String,
    shipped: bool,
    written_by: Option<WorkerId>,
    written_at: DateTime<Utc>,
    published_by: Option<WorkerId>,
    reviewed_by: Option<WorkerId>,
    reviewed_on: Option<NaiveDate>,
}

impl VersionRow {
    fn hash(&self) -> String {
        hash_of_file(&self.markdown)
    }
}

/// Makes changes of the library take turns. First in every transaction here, or [`changed`].
async fn take_turn(tx: &mut Tx, organisation: OrganisationId) -> Result<()> {
    tx.query("UPDATE organisation SET library_revision = library_revision WHERE id = $1")
        .bind(organisation)
        .execute()
        .await?;
    Ok(())
}

/// The same, and tells every node that what phones may read has changed.
async fn changed(tx: &mut Tx, organisation: OrganisationId) -> Result<()> {
    tx.query("UPDATE organisation SET library_revision = library_revision + 1 WHERE id = $1")
        .bind(organisation)
        .execute()
        .await?;
    Ok(())
}

/// All versions of all wordings of a resource, newest first.
async fn versions(mut from: impl Connection, organisation: OrganisationId, id: ResourceId) -> Result<Vec<VersionRow>> {
    Ok(from
        .query(
            "SELECT edition, number, markdown, state, shipped, written_by, written_at, published_by, reviewed_by,
                    reviewed_on
             FROM resource_text WHERE organisation_id = $1 AND resource_id = $2 ORDER BY edition, number DESC",
        )
        .bind(organisation)
        .bind(id)
        .all()
        .await?)
}

async fn insert_text(tx: &mut Tx, organisation: OrganisationId, id: ResourceId, text: VersionRow) -> Result<()> {
    tx.query(
        "INSERT INTO resource_text (organisation_id, resource_id, edition, number, markdown, state, shipped, written_by,
                                    written_at, published_by, reviewed_by, reviewed_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(organisation)
    .bind(id)
    .bind(text.edition)
    .bind(text.number)
    .bind(text.markdown)
    .bind(text.state)
    .bind(text.shipped)
    .bind(text.written_by)
    .bind(text.written_at)
    .bind(text.published_by)
    .bind(text.reviewed_by)
    .bind(text.reviewed_on)
    .execute()
    .await?;
    Ok(())
}

async fn set_state(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ResourceId,
    edition: Edition,
    number: i32,
    state: &'static str,
) -> Result<()> {
    tx.query(
        "UPDATE resource_text SET state = $5 WHERE organisation_id = $1 AND resource_id = $2 AND edition = $3 AND number = $4",
    )
    .bind(organisation)
    .bind(id)
    .bind(edition.as_str())
    .bind(number)
    .bind(state)
    .execute()
    .await?;
    Ok(())
}

/// Moves whatever texts of one wording are in one state to another.
async fn move_state(
    tx: &mut Tx,
    organisation: OrganisationId,
    id: ResourceId,
    edition: Edition,
    from: &'static str,
    to: &'static str,
) -> Result<()> {
    tx.query(
        "UPDATE resource_text SET state = $5
         WHERE organisation_id = $1 AND resource_id = $2 AND edition = $3 AND state = $4",
    )
    .bind(organisation)
    .bind(id)
    .bind(edition.as_str())
    .bind(from)
    .bind(to)
    .execute()
    .await?;
    Ok(())
}

async fn insert_resource(tx: &mut Tx, app: &App, organisation: OrganisationId, slug: &str) -> Result<ResourceId> {
    let id: ResourceId = app.new_id();
    tx.query("INSERT INTO resource (organisation_id, id, slug, created_at) VALUES ($1, $2, $3, $4)")
        .bind(organisation)
        .bind(id)
        .bind(slug)
        .bind(app.now())
        .execute()
        .await?;
    Ok(id)
}

fn may(worker: &Worker, roles: &[Role]) -> bool {
    roles.iter().any(|r| worker.is(*r))
}

fn edition(word: &str) -> Result<Edition> {
    Edition::parse(word).ok_or(Error::NotFound)
}
