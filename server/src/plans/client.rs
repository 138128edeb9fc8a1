//! The client's side: my plan, my draft, my yes.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use mobile_shared::plan::Rule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    History, NewDraft, Opener, Plan, PlanVersion, Reader, Row, agree as agreeing, agree::Yes, current, draft as drafts,
    head, rows, rows_now,
};
use crate::{
    access::Phone,
    app::App,
    clients::{self, Client},
    error::{Body, Error, Path, Result},
    etag,
    ids::PlanVersionId,
    replay::{self, Change, Replayed},
    workers::Names,
};

/// The versions of my plan, with what it takes to open them.
struct Shelf {
    client: Client,
    names: Names,
    rows: Vec<Row>,
}

impl Shelf {
    /// As it is now, with a version that is named.
    async fn now(app: &App, phone: &Phone, named: Option<PlanVersionId>) -> Result<Self> {
        let client = clients::load(app, phone.organisation, phone.client).await?;
        let names = Names::load(app, phone.organisation).await?;
        let rows = rows_now(&app.db, phone.organisation, &client, [named, None]).await?;
        Ok(Self { client, names, rows })
    }

    async fn whole(app: &App, phone: &Phone) -> Result<Self> {
        let mut shelf = Self::now(app, phone, None).await?;
        shelf.rows = rows(&app.db, phone.organisation, &shelf.client).await?;
        Ok(shelf)
    }

    fn opener(&self) -> Opener<'_> {
        let current = current(&self.rows).map(|row| row.id);
        Opener { client: &self.client, names: &self.names, reader: Reader::Client, current }
    }

    fn head(&self) -> Result<PlanVersion> {
        head(&self.rows).map(|row| self.opener().version(row)).ok_or(Error::NotFound)?
    }
}

/// My plan as both agreed to it, and what waits for that.
#[utoipa::path(get, path = "/api/v1/me/plan", responses((status = 200, body = Plan)))]
pub async fn show(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let shelf = Shelf::now(&app, &phone, None).await?;
    etag::json(&headers, &shelf.opener().plan(&shelf.rows)?)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MyDraft {
    draft: Option<PlanVersion>,
}

/// What waits until both have agreed.
#[utoipa::path(get, path = "/api/v1/me/plan/draft", responses((status = 200, body = MyDraft)))]
pub async fn draft(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let shelf = Shelf::now(&app, &phone, None).await?;
    etag::json(&headers, &MyDraft { draft: shelf.opener().plan(&shelf.rows)?.draft })
}

/// Shows my team what I wrote. What they changed meanwhile is kept too; the answer is what the plan is now.
#[utoipa::path(put, path = "/api/v1/me/plan/draft", request_body = NewDraft,
    responses((status = 200, body = PlanVersion), (status = 409, body = crate::error::Problem)))]
pub async fn save(State(app): State<App>, phone: Phone, Body(new): Body<NewDraft>) -> Result<Json<PlanVersion>> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    drafts::save(&app, phone.organisation, &client, None, &new).await?;
    Ok(Json(Shelf::now(&app, &phone, None).await?.head()?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MyYes {
    /// Made on the phone, as with everything it sends. What is agreed to is in the path.
    #[serde(rename = "id")]
    _id: Uuid,
}

/// I agree to this version.
#[utoipa::path(post, path = "/api/v1/me/plan/{version}/agree", params(("version" = Uuid, Path)), request_body = MyYes,
    responses((status = 200, body = PlanVersion), (status = 409, body = crate::error::Problem)))]
pub async fn agree(
    State(app): State<App>,
    phone: Phone,
    Path(version): Path<PlanVersionId>,
    Body(MyYes { _id }): Body<MyYes>,
) -> Result<Json<PlanVersion>> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    agreeing::agree(&app, phone.organisation, &client, version, Yes::Client).await?;
    let shelf = Shelf::now(&app, &phone, Some(version)).await?;
    Ok(Json(shelf.opener().one(&shelf.rows, version)?))
}

/// Who changed what, and when.
#[utoipa::path(get, path = "/api/v1/me/plan/history", responses((status = 200, body = History)))]
pub async fn history(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let shelf = Shelf::whole(&app, &phone).await?;
    etag::json(&headers, &shelf.opener().history(&shelf.rows)?)
}

/// My plan as it was.
#[utoipa::path(get, path = "/api/v1/me/plan/versions/{version}", params(("version" = Uuid, Path)), responses((status = 200, body = PlanVersion)))]
pub async fn version(
    State(app): State<App>,
    phone: Phone,
    Path(version): Path<PlanVersionId>,
) -> Result<Json<PlanVersion>> {
    let shelf = Shelf::now(&app, &phone, Some(version)).await?;
    Ok(Json(shelf.opener().one(&shelf.rows, version)?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MyRules {
    /// `{id, item_id, side, value, check_ins, words, at_night}`
    #[schema(value_type = Vec<Object>)]
    rules: Vec<Rule>,
}

/// When my team would have been told by these rules, over the last twelve weeks.
#[utoipa::path(post, path = "/api/v1/me/plan/replay", request_body = MyRules, responses((status = 200, body = Replayed)))]
pub async fn replay(State(app): State<App>, phone: Phone, Body(body): Body<MyRules>) -> Result<Json<Replayed>> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    Ok(Json(replay::of(&app, phone.organisation, &client, &Change::of_plan(body.rules)).await?))
}
