//! The team's side: the plan, a draft of it, and a yes, for a worker or for both in one room.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    History, NewDraft, Opener, Plan, PlanVersion, Reader, Row, agree as agreeing, agree::Yes, beside, current,
    draft as drafts, head, rows, rows_now,
};
use crate::{
    access::Record,
    app::App,
    baseline::ItemScale,
    clients::{self, Client},
    error::{Body, Error, Path, Result},
    ids::{ItemId, PlanVersionId},
    items::{self, Item, Kind},
    workers::Names,
};

/// A question that the plan can speak of.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanItem {
    item_id: ItemId,
    text: String,
    /// How a sentence names it.
    short: String,
    sign: bool,
    /// It is still asked, perhaps in other words. A rule about one that is not will never be met.
    asked: bool,
    scale: ItemScale,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TeamPlan {
    #[serde(flatten)]
    plan: Plan,
    /// What is asked now, and what the plan speaks of.
    items: Vec<PlanItem>,
}

struct Shelf {
    client: Client,
    names: Names,
    rows: Vec<Row>,
}

impl Shelf {
    /// As it is now, with a version that is named.
    async fn now(app: &App, record: &Record, named: Option<PlanVersionId>) -> Result<Self> {
        let client = clients::load(app, record.organisation, record.client).await?;
        let names = Names::load(app, record.organisation).await?;
        let rows = rows_now(&app.db, record.organisation, &client, [named, None]).await?;
        Ok(Self { client, names, rows })
    }

    async fn whole(app: &App, record: &Record) -> Result<Self> {
        let mut shelf = Self::now(app, record, None).await?;
        shelf.rows = rows(&app.db, record.organisation, &shelf.client).await?;
        Ok(shelf)
    }

    fn opener(&self) -> Opener<'_> {
        let current = current(&self.rows).map(|row| row.id);
        Opener { client: &self.client, names: &self.names, reader: Reader::Worker, current }
    }

    /// The questions that the plan or its draft names.
    fn named(&self) -> Result<Vec<Uuid>> {
        let mut named = Vec::new();
        for row in [head(&self.rows), current(&self.rows)].into_iter().flatten() {
            let body = row.open(&self.client)?;
            named.extend(body.rules.iter().map(|rule| rule.item_id));
            named.extend(body.stages.iter().flat_map(|s| &s.signs).filter_map(|sign| sign.item_id));
        }
        Ok(named)
    }
}

fn plan_item(item: &Item, items: &[Item]) -> PlanItem {
    PlanItem {
        item_id: item.id,
        text: item.text.clone(),
        short: item.short_name(),
        sign: item.kind == Kind::Sign,
        asked: beside::same_question(item.id.0, items).any(|same| same.current),
        scale: ItemScale::of(item),
    }
}

/// The plan as both agreed to it, and what waits for that.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/plan", params(("id" = Uuid, Path)), responses((status = 200, body = TeamPlan)))]
pub async fn show(State(app): State<App>, record: Record) -> Result<Json<TeamPlan>> {
    let shelf = Shelf::now(&app, &record, None).await?;
    let items = items::all(&app.db, record.organisation, &shelf.client).await?;
    let named = shelf.named()?;
    let wanted = items.iter().filter(|item| item.current || named.contains(&item.id.0));
    let asked = wanted.map(|item| plan_item(item, &items)).collect();
    Ok(Json(TeamPlan { plan: shelf.opener().plan(&shelf.rows)?, items: asked }))
}

/// Saves a draft. What came meanwhile is kept too; the answer is what the plan is now.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/plan", params(("id" = Uuid, Path)), request_body = NewDraft,
    responses((status = 200, body = PlanVersion), (status = 409, body = crate::error::Problem)))]
pub async fn save(State(app): State<App>, record: Record, Body(new): Body<NewDraft>) -> Result<Json<PlanVersion>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    drafts::save(&app, record.organisation, &client, Some(record.worker.id), &new).await?;
    let shelf = Shelf::now(&app, &record, None).await?;
    let head = head(&shelf.rows).ok_or(Error::NotFound)?;
    Ok(Json(shelf.opener().version(head)?))
}

/// Whose yes a worker writes down.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HowAgreed {
    /// Their own; the client says theirs on the phone.
    Mine,
    /// Both, in one room.
    Together,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct TeamYes {
    how: HowAgreed,
}

#[derive(Debug, Deserialize)]
pub struct VersionPath {
    version: PlanVersionId,
}

/// Agrees to a version, for the worker or for both.
#[utoipa::path(post, path = "/api/v1/team/clients/{id}/plan/{version}/agree", params(("id" = Uuid, Path), ("version" = Uuid, Path)), request_body = TeamYes,
    responses((status = 200, body = PlanVersion), (status = 409, body = crate::error::Problem)))]
pub async fn agree(
    State(app): State<App>,
    record: Record,
    Path(VersionPath { version }): Path<VersionPath>,
    Body(body): Body<TeamYes>,
) -> Result<Json<PlanVersion>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let yes = match body.how {
        HowAgreed::Mine => Yes::Worker(record.worker.id),
        HowAgreed::Together => Yes::Together(record.worker.id),
    };
    agreeing::agree(&app, record.organisation, &client, version, yes).await?;
    let shelf = Shelf::now(&app, &record, Some(version)).await?;
    Ok(Json(shelf.opener().one(&shelf.rows, version)?))
}

/// Who changed what, and when.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/plan/history", params(("id" = Uuid, Path)), responses((status = 200, body = History)))]
pub async fn history(State(app): State<App>, record: Record) -> Result<Json<History>> {
    let shelf = Shelf::whole(&app, &record).await?;
    Ok(Json(shelf.opener().history(&shelf.rows)?))
}

/// The plan as it was.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/plan/versions/{version}", params(("id" = Uuid, Path), ("version" = Uuid, Path)), responses((status = 200, body = PlanVersion)))]
pub async fn version(
    State(app): State<App>,
    record: Record,
    Path(VersionPath { version }): Path<VersionPath>,
) -> Result<Json<PlanVersion>> {
    let shelf = Shelf::now(&app, &record, Some(version)).await?;
    Ok(Json(shelf.opener().one(&shelf.rows, version)?))
}
