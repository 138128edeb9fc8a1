//! One request on one screen, for whoever has just been woken: who, since when, in their words, how to reach them, and what the
//! plan says helps.

use axum::{Json, extract::State};
use chrono::Duration;
use mobile_shared::plan::Line;
use serde::Serialize;
use utoipa::ToSchema;

use super::{load, reached, story, story::TeamRequest};
use crate::{
    access::Record,
    app::App,
    check_ins::listing::last_stage,
    clients::{self, Client},
    error::{Error, Path, Result},
    ids::{ContactRequestId, OrganisationId},
    plans::beside,
    workers::Names,
};

/// How long what a client said of their stage is taken to be so.
const STAGE_HOLDS: Duration = Duration::days(3);

#[derive(Debug, Serialize, ToSchema)]
pub struct PlanPerson {
    name: String,
    relation: Option<String>,
    phone: Option<String>,
}

/// What the agreed plan says for a moment like this.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatHelps {
    /// Where the client said they are, in the plan's words; none if they have not said so lately.
    stage: Option<String>,
    /// What the client does; without a stage, what works.
    mine: Vec<String>,
    workers: Vec<String>,
    does_not_work: Vec<String>,
    people: Vec<PlanPerson>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OneRequest {
    #[serde(flatten)]
    request: TeamRequest,
    /// None: no plan has been agreed.
    plan: Option<WhatHelps>,
}

/// One request, with what helps. Having it on the screen is its being *reached*.
#[utoipa::path(get, path = "/api/v1/team/contact-requests/{id}", params(("id" = Uuid, Path)), responses((status = 200, body = OneRequest)))]
pub async fn show(
    State(app): State<App>,
    record: Record,
    Path(id): Path<ContactRequestId>,
) -> Result<Json<OneRequest>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let row = load(&app.db, record.organisation, record.client, id).await?.ok_or(Error::NotFound)?;
    let mut rows = [row];
    reached(&app, record.organisation, &mut rows).await?;
    let names = Names::load(&app, record.organisation).await?;
    let request = story::for_team(&app, record.organisation, &rows[0], &client, &names).await?;
    Ok(Json(OneRequest { request, plan: what_helps(&app, record.organisation, &client).await? }))
}

async fn what_helps(app: &App, organisation: OrganisationId, client: &Client) -> Result<Option<WhatHelps>> {
    let Some(plan) = beside::in_force(&app.db, organisation, client).await? else { return Ok(None) };
    let said = last_stage(app, organisation, client, app.now() - STAGE_HOLDS).await?;
    let stage = said.and_then(|said| plan.stages.iter().find(|stage| stage.id == said.id));
    let texts = |lines: &[Line]| lines.iter().map(|line| line.text.clone()).collect();
    Ok(Some(WhatHelps {
        stage: stage.map(|stage| stage.name.clone()),
        mine: texts(stage.map_or(&plan.works, |stage| &stage.mine)),
        workers: texts(stage.map_or(&[], |stage| &stage.workers)),
        does_not_work: texts(&plan.does_not_work),
        people: plan
            .people
            .iter()
            .map(|p| PlanPerson { name: p.name.clone(), relation: p.relation.clone(), phone: p.phone.clone() })
            .collect(),
    }))
}
