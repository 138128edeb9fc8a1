//! What is looked at before a text is kept, beyond the text itself: whether its pictures and the resources it links to are there.

use std::collections::BTreeSet;

use mobile_shared::resource::Edition;
use uuid::Uuid;

use super::{
    Reading, clean, images,
    source::{self, Written},
};
use crate::{
    app::App,
    error::{Error, FieldError, Result},
    ids::{ImageId, OrganisationId},
};

/// The text as it is kept, if nothing is wrong with it.
pub async fn checked(app: &App, organisation: OrganisationId, markdown: &str, edition: Edition) -> Result<String> {
    let markdown = as_kept(markdown);
    let Reading { written, mut faults } = source::read(&markdown, edition);
    faults.extend(unknown_pictures(app, organisation, written.as_ref()).await?);
    if faults.is_empty() {
        return Ok(markdown);
    }
    let told = faults.into_iter().map(|(line, message)| FieldError {
        field: "markdown".to_owned(),
        message: line.map_or_else(|| message.clone(), |line| format!("Line {line}: {message}")),
    });
    Err(Error::Invalid(told.collect()))
}

/// A text in the form it is kept in: the line of a fault is a line of this.
pub fn as_kept(markdown: &str) -> String {
    clean(markdown).trim().to_owned() + "\n"
}

/// Pictures that are not there, as faults.
pub async fn unknown_pictures(
    app: &App,
    organisation: OrganisationId,
    written: Option<&Written>,
) -> Result<Vec<(Option<usize>, String)>> {
    let mut faults = Vec::new();
    let images: BTreeSet<Uuid> = written.into_iter().flat_map(Written::images).collect();
    for image in images {
        if !images::is_known(app, organisation, ImageId(image)).await? {
            faults.push((None, "One of the pictures is not in the library. Please add it again.".to_owned()));
        }
    }
    Ok(faults)
}

/// Links to resources that are not there, as sentences.
pub async fn unknown_links(app: &App, organisation: OrganisationId, written: &Written) -> Result<Vec<String>> {
    let slugs: Vec<(String,)> = app
        .db
        .query("SELECT slug FROM resource WHERE organisation_id = $1 AND retired IS NULL")
        .bind(organisation)
        .all()
        .await?;
    let unknown = written.linked().into_iter().filter(|slug| slugs.iter().all(|s| s.0 != *slug));
    Ok(unknown.map(|slug| format!("It links to \"{slug}\", which is not offered in the library.")).collect())
}
