//! The library as a folder of Markdown: out, to be edited with anything, and in again.
//!
//! `en/low-mood.md`, `en-easy/low-mood.md`, `cy/low-mood.md`, and `images/ID.jpg`. What comes in becomes drafts (or is
//! published, when asked); nothing is taken in unless every file is sound.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use indicatif::{ProgressBar, ProgressStyle};
use mobile_shared::resource::{Edition, is_slug};
use uuid::Uuid;

use super::{
    VersionRow, changed,
    checks::as_kept,
    images, insert_resource, insert_text, move_state,
    source::{self, Written},
    versions,
};
use crate::{
    app::App,
    db::Tx,
    error::Error,
    ids::{ImageId, OrganisationId, ResourceId},
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What was done, for the person at the keyboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub texts: usize,
    pub unchanged: usize,
    pub images: usize,
}

/// Hidden when nobody watches: indicatif draws on a terminal only.
pub fn bar(of: usize, doing: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos} of {len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(of as u64).with_style(style).with_message(doing)
}

#[derive(sqlx::FromRow)]
struct Row {
    slug: String,
    edition: String,
    markdown: String,
}

/// Writes what clients may read to a folder that must be empty or new.
pub async fn export(app: &App, organisation: OrganisationId, to: &Path) -> Result<Report, Failure> {
    if fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!("{} is not empty; an export never overwrites", to.display()).into());
    }
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT r.slug, t.edition, t.markdown FROM resource_text t
             JOIN resource r ON r.organisation_id = t.organisation_id AND r.id = t.resource_id
             WHERE t.organisation_id = $1 AND t.state = 'published' AND r.retired IS NULL ORDER BY t.edition, r.slug",
        )
        .bind(organisation)
        .all()
        .await?;
    let progress = bar(rows.len(), "Writing texts");
    let mut report = Report::default();
    let mut pictures = BTreeSet::new();
    for row in progress.wrap_iter(rows.iter()) {
        let folder = to.join(&row.edition);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{}.md", row.slug)), &row.markdown)?;
        report.texts += 1;
        let written = Edition::parse(&row.edition).and_then(|e| source::read(&row.markdown, e).written);
        pictures.extend(written.iter().flat_map(Written::images));
    }
    for id in pictures {
        let jpeg: Option<(Vec<u8>,)> = app
            .db
            .query("SELECT bytes FROM resource_image WHERE organisation_id = $1 AND id = $2")
            .bind(organisation)
            .bind(ImageId(id))
            .optional()
            .await?;
        if let Some((jpeg,)) = jpeg {
            fs::create_dir_all(to.join("images"))?;
            fs::write(to.join("images").join(format!("{id}.jpg")), jpeg)?;
            report.images += 1;
        }
    }
    Ok(report)
}

struct Incoming {
    edition: Edition,
    slug: String,
    markdown: String,
}

/// Reads a folder into the library: as drafts, or `publish`ed at once.
pub async fn import(app: &App, organisation: OrganisationId, from: &Path, publish: bool) -> Result<Report, Failure> {
    let pictures = pictures_in(&from.join("images"))?;
    let incoming = sound_files(app, organisation, from, &pictures, publish).await?;
    let mut report = Report::default();
    let progress = bar(pictures.len(), "Reading pictures");
    for (id, file) in progress.wrap_iter(pictures.into_iter()) {
        let bytes = fs::read(&file)?;
        images::add(app, organisation, ImageId(id), None, &bytes).await.map_err(|e| told(&file, e))?;
        report.images += 1;
    }
    let progress = bar(incoming.len(), "Reading texts");
    let mut tx = app.db.begin().await?;
    changed(&mut tx, organisation).await?;
    for file in progress.wrap_iter(incoming.into_iter()) {
        if take_in(&mut tx, app, organisation, file, publish).await? {
            report.texts += 1;
        } else {
            report.unchanged += 1;
        }
    }
    tx.commit().await?;
    Ok(report)
}

fn told(file: &Path, error: Error) -> Failure {
    match error {
        Error::Invalid(errors) => {
            let said: Vec<String> = errors.into_iter().map(|e| e.message).collect();
            format!("{}: {}", file.display(), said.join(" ")).into()
        }
        other => other.into(),
    }
}

fn pictures_in(folder: &Path) -> io::Result<Vec<(Uuid, PathBuf)>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut pictures = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if let Some(id) = path.file_stem().and_then(|s| s.to_str()).and_then(|s| s.parse().ok()) {
            pictures.push((id, path));
        }
    }
    pictures.sort();
    Ok(pictures)
}

/// Every text of the folder, or every fault of every file, pictures too.
async fn sound_files(
    app: &App,
    organisation: OrganisationId,
    from: &Path,
    pictures: &[(Uuid, PathBuf)],
    publish: bool,
) -> Result<Vec<Incoming>, Failure> {
    let (mut incoming, mut faults) = (Vec::new(), Vec::new());
    for (id, file) in pictures {
        let bytes = fs::read(file)?;
        if let Err(message) = images::redraw(&bytes) {
            faults.push(format!("{}: {message}", file.display()));
        } else if images::is_another(app, organisation, ImageId(*id), &bytes).await? {
            faults.push(format!("{}: another picture of the library has this id", file.display()));
        }
    }
    for edition in Edition::ALL {
        for file in texts_in(&from.join(edition.as_str()))? {
            let slug = file.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            let markdown = match fs::read_to_string(&file) {
                Ok(markdown) => as_kept(&markdown),
                Err(error) => {
                    faults.push(format!("{}: {error}", file.display()));
                    continue;
                }
            };
            if !is_slug(&slug) {
                faults.push(format!("{}: a file is named in small letters, with dashes between words", file.display()));
            }
            let reading = source::read(&markdown, *edition);
            if publish && reading.written.as_ref().is_some_and(|w| !w.is_whole()) {
                faults.push(format!("{}: to be published it needs a summary, a topic and some words", file.display()));
            }
            for (line, message) in reading.faults {
                faults.push(format!("{}:{}: {message}", file.display(), line.unwrap_or(1)));
            }
            for id in reading.written.iter().flat_map(Written::images) {
                let here = pictures.iter().any(|(known, _)| *known == id);
                if !here && !images::is_known(app, organisation, ImageId(id)).await? {
                    faults
                        .push(format!("{}: the picture {id} is neither in images/ nor in the library", file.display()));
                }
            }
            incoming.push(Incoming { edition: *edition, slug, markdown });
        }
    }
    if !faults.is_empty() {
        return Err(format!("nothing was taken in:\n{}", faults.join("\n")).into());
    }
    if incoming.is_empty() {
        return Err(format!("there is no en/*.md, en-easy/*.md, cy/*.md or cy-easy/*.md in {}", from.display()).into());
    }
    Ok(incoming)
}

fn texts_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(entries) => entries.map(|e| e.map(|e| e.path())).collect::<io::Result<_>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    files.retain(|f| f.extension().is_some_and(|e| e == "md"));
    files.sort();
    Ok(files)
}

/// Keeps one text, unless what is there says the same.
async fn take_in(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    file: Incoming,
    publish: bool,
) -> Result<bool, Error> {
    let id: Option<(ResourceId,)> = tx
        .query("SELECT id FROM resource WHERE organisation_id = $1 AND slug = $2")
        .bind(organisation)
        .bind(&file.slug)
        .optional()
        .await?;
    let id = match id {
        Some((id,)) => id,
        None => insert_resource(tx, app, organisation, &file.slug).await?,
    };
    let mut known = versions(&mut *tx, organisation, id).await?;
    known.retain(|v| v.edition == file.edition.as_str());
    let same = |state: &str| known.iter().any(|v| v.state == state && v.markdown == file.markdown);
    if same("published") || (same("draft") && !publish) {
        return Ok(false);
    }
    // A draft that is there is kept in the history: nobody's work is written over.
    move_state(tx, organisation, id, file.edition, "draft", "earlier").await?;
    if publish {
        move_state(tx, organisation, id, file.edition, "published", "earlier").await?;
    }
    let text = VersionRow {
        edition: file.edition.as_str().to_owned(),
        number: known.first().map_or(1, |v| v.number + 1),
        markdown: file.markdown,
        state: if publish { "published" } else { "draft" }.to_owned(),
        shipped: false,
        written_by: None,
        written_at: app.now(),
        published_by: None,
        reviewed_by: None,
        reviewed_on: None,
    };
    insert_text(tx, organisation, id, text).await?;
    Ok(true)
}
