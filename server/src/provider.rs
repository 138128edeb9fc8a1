//! What anyone may know before joining: whose app this is, the number to ring, and the crisis lines.
//!
//! Crisis lines are data, shipped with the app (`mobile-shared/data/crisis_lines.json`) so that they show with
//! no network; that a named person of the provider has checked a number is kept per provider.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Worker,
    app::App,
    config::Language,
    error::{Error, Path, Result},
    etag,
    ids::OrganisationId,
    paging::Page,
};

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InTwoLanguages {
    en: String,
    cy: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CrisisLine {
    pub id: String,
    /// `uk`, `england`, `wales`, `scotland` or `northern_ireland`
    pub nation: String,
    pub name: String,
    pub number: String,
    /// `call` or `text`
    pub kind: String,
    /// For a text: the word to send.
    pub text_word: Option<String>,
    pub when: InTwoLanguages,
    pub cost: InTwoLanguages,
    /// Where the number was found.
    pub source: String,
    /// Empty until a named person of the provider has checked it.
    #[serde(default)]
    pub checked_on: Option<NaiveDate>,
    #[serde(default)]
    pub checked_by: Option<String>,
}

/// The shipped list.
pub fn shipped_lines() -> Result<Vec<CrisisLine>> {
    serde_json::from_str(include_str!("../../mobile-shared/data/crisis_lines.json")).map_err(Error::internal)
}

/// The list with the provider's checks, the provider's own nation first.
pub async fn lines(app: &App, organisation: Option<(OrganisationId, &str)>) -> Result<Vec<CrisisLine>> {
    let mut lines = shipped_lines()?;
    let Some((organisation, nation)) = organisation else { return Ok(lines) };
    let checks: Vec<(String, NaiveDate, String)> = app
        .db
        .query(
            "SELECT k.line_id, k.checked_on, w.name FROM crisis_line_check k
             JOIN worker w ON w.organisation_id = k.organisation_id AND w.id = k.checked_by
             WHERE k.organisation_id = $1",
        )
        .bind(organisation)
        .all()
        .await?;
    for (id, on, by) in checks {
        if let Some(line) = lines.iter_mut().find(|l| l.id == id) {
            (line.checked_on, line.checked_by) = (Some(on), Some(by));
        }
    }
    lines.sort_by_key(|l| (l.nation != "uk" && l.nation != nation, l.nation != nation));
    Ok(lines)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Provider {
    /// None while this server serves no provider, or several.
    name: Option<String>,
    brand_colour: Option<String>,
    phone: Option<String>,
    phone_hours: Option<String>,
    nation: String,
    crisis_lines: Vec<CrisisLine>,
    /// That the client's app offers.
    languages: Vec<Language>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: OrganisationId,
    name: String,
    brand_colour: Option<String>,
    phone: Option<String>,
    phone_hours: Option<String>,
    nation: String,
}

/// Whose app this is, for a phone that has not joined.
#[utoipa::path(get, path = "/api/v1/provider", responses((status = 200, body = Provider)))]
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    let mut rows: Vec<Row> = app
        .db
        .query("SELECT id, name, brand_colour, phone, phone_hours, nation FROM organisation ORDER BY id LIMIT 2")
        .all()
        .await?;
    let only = if rows.len() == 1 { rows.pop() } else { None };
    let crisis_lines = lines(&app, only.as_ref().map(|r| (r.id, r.nation.as_str()))).await?;
    let languages = app.config.languages.clone();
    let provider = match only {
        Some(row) => Provider {
            name: Some(row.name),
            brand_colour: row.brand_colour,
            phone: row.phone,
            phone_hours: row.phone_hours,
            nation: row.nation,
            crisis_lines,
            languages,
        },
        None => Provider {
            name: None,
            brand_colour: None,
            phone: None,
            phone_hours: None,
            nation: "england".into(),
            crisis_lines,
            languages,
        },
    };
    etag::json(&headers, &provider)
}

async fn lines_of(app: &App, organisation: OrganisationId) -> Result<Vec<CrisisLine>> {
    let nation: String =
        app.db.query("SELECT nation FROM organisation WHERE id = $1").bind(organisation).scalar().await?;
    lines(app, Some((organisation, &nation))).await
}

/// The crisis lines and who has checked them.
#[utoipa::path(get, path = "/api/v1/admin/crisis-lines", responses((status = 200, body = Page<CrisisLine>)))]
pub async fn crisis_lines(State(app): State<App>, worker: Worker) -> Result<Json<Page<CrisisLine>>> {
    Ok(Json(Page::all(lines_of(&app, worker.organisation).await?)))
}

/// "I have checked this number": by me, today.
#[utoipa::path(post, path = "/api/v1/admin/crisis-lines/{id}/check", params(("id" = String, Path)), responses((status = 200, body = CrisisLine)))]
pub async fn check_crisis_line(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<String>,
) -> Result<Json<CrisisLine>> {
    if !shipped_lines()?.iter().any(|l| l.id == id) {
        return Err(Error::NotFound);
    }
    let mut tx = app.db.begin().await?;
    tx.query(
        "INSERT INTO crisis_line_check (organisation_id, line_id, checked_on, checked_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation_id, line_id) DO UPDATE SET checked_on = excluded.checked_on, checked_by = excluded.checked_by",
    )
    .bind(worker.organisation)
    .bind(&id)
    .bind(app.now().date_naive())
    .bind(worker.id)
    .execute()
    .await?;
    tx.commit().await?;
    let line = lines_of(&app, worker.organisation).await?.into_iter().find(|l| l.id == id);
    line.map(Json).ok_or(Error::NotFound)
}

/// How many shipped numbers nobody of each provider has checked yet; `serve` warns as long as there are some.
pub async fn unchecked(app: &App) -> Result<Vec<(String, usize)>> {
    let organisations: Vec<(OrganisationId, String, String)> =
        app.db.query("SELECT id, name, nation FROM organisation ORDER BY name").all().await?;
    let mut found = Vec::new();
    for (id, name, nation) in organisations {
        let missing = lines(app, Some((id, &nation))).await?.iter().filter(|l| l.checked_on.is_none()).count();
        if missing > 0 {
            found.push((name, missing));
        }
    }
    Ok(found)
}
