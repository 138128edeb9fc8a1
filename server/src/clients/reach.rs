//! How a client wants to be contacted, in their own hands: a worker reads it before ringing, and the client may change it whenever
//! they like.

use axum::{Json, extract::State};

use super::{Profile, Reach, load_to_change, profile_place, take_turn};
use crate::{
    access::Phone,
    app::App,
    error::{Body, Faults, Result},
    events,
};

/// How I like to be contacted.
#[utoipa::path(put, path = "/api/v1/me/reach", request_body = Reach, responses((status = 200, body = Reach)))]
pub async fn put(State(app): State<App>, phone: Phone, Body(reach): Body<Reach>) -> Result<Json<Reach>> {
    reach.check(&mut Faults::default(), "").done()?;
    let (organisation, id) = (phone.organisation, phone.client);
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, organisation, id).await?;
    let client = load_to_change(&mut tx, &app, organisation, id).await?;
    let profile = Profile { reach: reach.clone(), ..client.profile };
    tx.query("UPDATE client SET profile = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .bind(client.key.seal_json(&app.chance, profile_place(id), &profile))
        .execute()
        .await?;
    events::append(&mut tx, &app, organisation, events::What::Client, id.0, id).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(reach))
}
