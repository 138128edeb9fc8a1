//! The questions of a client's check-ins: a standard set, and the client's own signs in their own words.
//!
//! An item's id names one version. Rewording retires the row and starts a new one of the same series, so old
//! answers keep the question they were given to, and one made offline under the old words is still good.

pub mod change;

pub use change::add_standard;

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, Utc};
use mobile_shared::item::{self, HigherIs, Labels, Scale};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Phone, Record},
    app::App,
    clients::{self, Client},
    db::Connection,
    error::Result,
    etag,
    ids::{ClientId, ItemId, OrganisationId, SeriesId},
    seal::{ClientKey, Place},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    Standard,
    Sign,
}

/// The words at both ends and the middle of the scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScaleLabels {
    low: String,
    middle: String,
    high: String,
}

impl ScaleLabels {
    /// The words at the low and at the high end.
    pub fn ends(&self) -> (&str, &str) {
        (&self.low, &self.high)
    }
}

impl From<Labels> for ScaleLabels {
    fn from(l: Labels) -> Self {
        Self { low: l.low, middle: l.middle, high: l.high }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Words {
    text: String,
    labels: ScaleLabels,
}

/// One version of one question.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Item {
    pub id: ItemId,
    pub series_id: SeriesId,
    pub version: i32,
    pub kind: Kind,
    /// Of a standard item: `mood`, `sleep`, `energy`, `anxiety`, `connection`.
    pub key: Option<String>,
    pub text: String,
    pub labels: ScaleLabels,
    pub min: i32,
    pub max: i32,
    /// `better` or `worse`
    #[schema(value_type = String)]
    pub higher_is: HigherIs,
    pub position: i32,
    #[serde(skip)]
    pub current: bool,
}

impl Item {
    pub fn scale(&self) -> Scale {
        Scale { min: self.min, max: self.max, higher_is: self.higher_is }
    }

    /// How a sentence names it: a standard item by its short name, a sign in the client's own words.
    pub fn short_name(&self) -> String {
        match self.key.as_deref().and_then(item::standard) {
            Some(standard) => standard.short.to_owned(),
            None => self.text.clone(),
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ItemId,
    series_id: SeriesId,
    version: i32,
    kind: Kind,
    standard_key: Option<String>,
    words: Vec<u8>,
    min: i32,
    max: i32,
    higher_is: String,
    position: i32,
    retired_at: Option<DateTime<Utc>>,
}

impl Row {
    fn open(self, key: &ClientKey) -> Result<Item> {
        let kept: Words = key.open_json(place(self.id), &self.words)?;
        // A standard item's words come with the app, so that they can be had in both languages.
        let words = match self.standard_key.as_deref().and_then(item::standard) {
            Some(standard) => standard_words(standard),
            None => kept,
        };
        Ok(Item {
            id: self.id,
            series_id: self.series_id,
            version: self.version,
            kind: self.kind,
            key: self.standard_key,
            text: words.text,
            labels: words.labels,
            min: self.min,
            max: self.max,
            higher_is: if self.higher_is == "better" { HigherIs::Better } else { HigherIs::Worse },
            position: self.position,
            current: self.retired_at.is_none(),
        })
    }
}

fn place(id: ItemId) -> Place {
    Place { column: "item.words", row: id.0 }
}

fn standard_words(standard: &item::Standard) -> Words {
    let [low, middle, high] = standard.labels.map(str::to_owned);
    Words { text: standard.text.to_owned(), labels: ScaleLabels { low, middle, high } }
}

/// All versions of all questions this client was ever asked, in the order they are asked.
pub async fn all(mut from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Vec<Item>> {
    let rows: Vec<Row> = from
        .query(
            "SELECT id, series_id, version, kind, standard_key, words, min, max, higher_is, position, retired_at
             FROM item WHERE organisation_id = $1 AND client_id = $2 ORDER BY position, version",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?;
    rows.into_iter().map(|r| r.open(&client.key)).collect()
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Items {
    check_ins_per_week: i32,
    items: Vec<Item>,
}

async fn current(app: &App, organisation: OrganisationId, client: ClientId) -> Result<Items> {
    let client = clients::load(app, organisation, client).await?;
    let mut items = all(&app.db, organisation, &client).await?;
    items.retain(|i| i.current);
    Ok(Items { check_ins_per_week: client.check_ins_per_week, items })
}

/// The questions of my check-ins.
#[utoipa::path(get, path = "/api/v1/me/items", responses((status = 200, body = Items)))]
pub async fn mine(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    etag::json(&headers, &current(&app, phone.organisation, phone.client).await?)
}

/// The questions of this client's check-ins.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/items", params(("id" = Uuid, Path)), responses((status = 200, body = Items)))]
pub async fn for_team(State(app): State<App>, record: Record) -> Result<Json<Items>> {
    Ok(Json(current(&app, record.organisation, record.client).await?))
}
