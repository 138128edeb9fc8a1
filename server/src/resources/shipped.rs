//! The texts that come with the app, and how an organisation gets its copies of them.

use std::collections::HashMap;

use mobile_shared::resource::{Edition, Stage};
use rust_embed::Embed;

use super::{VersionRow, changed, insert_resource, insert_text, read, set_state};
use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{OrganisationId, ResourceId, WorkerId},
};

#[derive(Embed)]
#[folder = "library"]
struct Files;

/// One file of `server/library`.
#[derive(Debug)]
pub struct Shipped {
    pub edition: Edition,
    pub slug: String,
    pub markdown: String,
}

/// All of them, by edition and name.
pub fn all() -> Vec<Shipped> {
    let shipped = |path: &str| {
        let (folder, file) = path.split_once('/')?;
        let bytes = Files::get(path)?.data;
        Some(Shipped {
            edition: Edition::parse(folder)?,
            slug: file.strip_suffix(".md")?.to_owned(),
            markdown: String::from_utf8(bytes.into_owned()).ok()?,
        })
    };
    let mut all: Vec<Shipped> = Files::iter().filter_map(|path| shipped(&path)).collect();
    all.sort_by(|a, b| (a.edition, &a.slug).cmp(&(b.edition, &b.slug)));
    all
}

/// Brings every organisation's library up to what this binary carries. Safe to do again, and on several nodes.
pub async fn install_everywhere(app: &App) -> Result<()> {
    let organisations: Vec<(OrganisationId,)> = app.db.query("SELECT id FROM organisation").all().await?;
    for (organisation,) in organisations {
        let mut tx = app.db.begin().await?;
        if install(&mut tx, app, organisation).await? > 0 {
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Adds what is new, in the caller's transaction. A text that the provider neither changed nor reviewed follows ours; beside
/// any other, ours is only offered. Says how many texts were added.
pub async fn install(tx: &mut Tx, app: &App, organisation: OrganisationId) -> Result<usize> {
    changed(tx, organisation).await?;
    let known: Vec<(ResourceId, String)> =
        tx.query("SELECT id, slug FROM resource WHERE organisation_id = $1").bind(organisation).all().await?;
    let mut ids: HashMap<String, ResourceId> = known.into_iter().map(|(id, slug)| (slug, id)).collect();
    let texts: Vec<Known> = tx
        .query(
            "SELECT resource_id, edition, number, markdown, state, shipped, published_by, reviewed_by
             FROM resource_text WHERE organisation_id = $1 ORDER BY number DESC",
        )
        .bind(organisation)
        .all()
        .await?;
    let mut added = 0;
    for file in all() {
        let id = match ids.get(&file.slug) {
            Some(id) => *id,
            None => insert_resource(tx, app, organisation, &file.slug).await?,
        };
        ids.insert(file.slug.clone(), id);
        let of_resource: Vec<&Known> = texts.iter().filter(|t| t.resource_id == id).collect();
        let known: Vec<&Known> = of_resource.iter().copied().filter(|t| t.edition == file.edition.as_str()).collect();
        // Whatever became of a text of ours, we do not bring it twice.
        if known.iter().any(|t| t.shipped && t.markdown == file.markdown) {
            continue;
        }
        // A wording of ours beside words of theirs would say something else than they do.
        let decided = of_resource.iter().any(|t| t.is_decided());
        let undecided = !known.is_empty() && !known.iter().any(|t| t.state == "published");
        let publish = !(decided || undecided || must_wait(&file));
        add(tx, app, organisation, id, file, &known, publish).await?;
        added += 1;
    }
    Ok(added)
}

#[derive(sqlx::FromRow)]
struct Known {
    resource_id: ResourceId,
    edition: String,
    number: i32,
    markdown: String,
    state: String,
    shipped: bool,
    published_by: Option<WorkerId>,
    reviewed_by: Option<WorkerId>,
}

impl Known {
    /// Clients read it because somebody of the provider wrote, chose or reviewed it.
    fn is_decided(&self) -> bool {
        self.state == "published" && (!self.shipped || self.published_by.is_some() || self.reviewed_by.is_some())
    }
}

async fn add(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    id: ResourceId,
    file: Shipped,
    known: &[&Known],
    publish: bool,
) -> Result<()> {
    let state = if publish { "published" } else { "offered" };
    // Only the newest of ours is worth offering.
    for before in known.iter().filter(|t| t.state == "offered" || t.state == state) {
        set_state(tx, organisation, id, file.edition, before.number, "earlier").await?;
    }
    let text = VersionRow {
        edition: file.edition.as_str().to_owned(),
        number: known.first().map_or(1, |t| t.number + 1),
        markdown: file.markdown,
        state: state.to_owned(),
        shipped: true,
        written_by: None,
        written_at: app.now(),
        published_by: None,
        reviewed_by: None,
        reviewed_on: None,
    };
    insert_text(tx, organisation, id, text).await
}

/// Words for a crisis that no native speaker has read yet are offered to the provider, and not shown to clients: they read
/// the English until then.
fn must_wait(file: &Shipped) -> bool {
    let written = read(&file.markdown, file.edition).written;
    written.is_some_and(|w| w.front.awaiting_native_review && w.front.stage == Stage::Crisis)
}
