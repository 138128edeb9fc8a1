//! What a client's phone knows of its person, provider and team.

use std::collections::BTreeMap;

use axum::{extract::State, http::HeaderMap, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Reach, assignments, communication::Communication};
use crate::{
    access::{Phone, Role},
    app::App,
    error::Result,
    etag,
    ids::{ClientId, OrganisationId, WorkerId},
    organisation::{self, Brand},
    rota,
    workers::Names,
};

#[derive(Debug, Serialize, ToSchema)]
pub struct Myself {
    pub id: ClientId,
    pub preferred_name: String,
    pub language: String,
    pub time_zone: String,
    pub check_ins_per_week: i32,
    pub phone: Option<String>,
}

pub async fn myself(app: &App, organisation: OrganisationId, id: ClientId) -> Result<Myself> {
    let client = super::load(app, organisation, id).await?;
    Ok(Myself {
        id,
        preferred_name: client.profile.preferred_name,
        language: client.language,
        time_zone: client.zone.name().to_owned(),
        check_ins_per_week: client.check_ins_per_week,
        phone: client.profile.phone,
    })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TeamMember {
    first_name: String,
    role: Option<Role>,
    key_worker: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    client: Myself,
    provider: Brand,
    /// The number to ring for this client, where it is not the provider's.
    dedicated_phone: Option<String>,
    /// How this client likes to be contacted.
    reach: Reach,
    communication: Communication,
    team: Vec<TeamMember>,
    /// First names of everybody who can read a note that is shared.
    note_readers: Vec<String>,
}

/// Me, my provider and my team.
#[utoipa::path(get, path = "/api/v1/me", responses((status = 200, body = Me)))]
pub async fn show(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let client = super::load(&app, phone.organisation, phone.client).await?;
    let team = assignments::of(&app, phone.organisation, phone.client).await?;
    // The same view that decides: who can read is who is told. Whoever is on the rota can, when they are on.
    let mut readers: BTreeMap<WorkerId, String> = app
        .db
        .query(
            "SELECT w.id, w.first_name FROM worker w
             JOIN caseload l ON l.organisation_id = w.organisation_id AND l.worker_id = w.id
             WHERE l.organisation_id = $1 AND l.client_id = $2",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .all::<(WorkerId, String)>()
        .await?
        .into_iter()
        .collect();
    readers.extend(rota::named(&app, phone.organisation, client.service_id).await?);
    let mut note_readers: Vec<String> = readers.into_values().collect();
    note_readers.sort_unstable();
    let me = Me {
        client: myself(&app, phone.organisation, phone.client).await?,
        provider: organisation::brand(&app.db, phone.organisation).await?,
        communication: client.communication(&Names::load(&app, phone.organisation).await?),
        dedicated_phone: client.profile.dedicated_phone,
        reach: client.profile.reach,
        team: team
            .into_iter()
            .map(|a| TeamMember { first_name: a.worker.first_name, role: a.role, key_worker: a.key_worker })
            .collect(),
        note_readers,
    };
    etag::json(&headers, &me)
}
