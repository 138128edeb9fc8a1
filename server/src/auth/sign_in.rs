//! Workers sign in with e-mail and password. (Passkeys and the provider's own sign-in come later.)

use axum::{Json, extract::State};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    hash,
    limits::{self, Address, Limit},
    session::{self, Owner},
};
use crate::{
    app::App,
    audit::{self, Actor},
    error::{Body, Error, Result},
    ids::{OrganisationId, WorkerId},
    organisation,
    workers::{self, SignedIn},
};

/// For one account from one address: a stranger elsewhere does not keep the on-call worker out.
const OF_ONE_ACCOUNT: Limit = Limit { most: 10, window: Duration::minutes(15) };
/// For one account from anywhere: more than a stranger can try from a few places, far fewer than guessing a good password takes.
const OF_ONE_ACCOUNT_ANYWHERE: Limit = Limit { most: 200, window: Duration::hours(1) };
const OF_ONE_ADDRESS: Limit = Limit { most: 100, window: Duration::minutes(15) };

#[derive(Deserialize, ToSchema)]
pub struct SignIn {
    email: String,
    password: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn(..)")
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerSession {
    access_token: String,
    refresh_token: String,
    expires_in: i64,
    worker: SignedIn,
}

/// Signs a worker in. A wrong address and a wrong password look and take the same.
#[utoipa::path(post, path = "/api/v1/auth/sign-in", request_body = SignIn, responses((status = 200, body = WorkerSession)))]
pub async fn sign_in(
    State(app): State<App>,
    Address(ip): Address,
    Body(body): Body<SignIn>,
) -> Result<Json<WorkerSession>> {
    let email = body.email.trim().to_lowercase();
    let anywhere = format!("sign_in:{}", hex::encode(&hash(email.as_bytes())[..16]));
    let account = format!("{anywhere}:{ip}");
    limits::count(&app, &format!("sign_in:{ip}"), OF_ONE_ADDRESS).await?;
    limits::count(&app, &account, OF_ONE_ACCOUNT).await?;
    limits::count(&app, &anywhere, OF_ONE_ACCOUNT_ANYWHERE).await?;
    let found: Option<(OrganisationId, WorkerId, String)> = app
        .db
        .query("SELECT organisation_id, id, password_hash FROM worker WHERE email = $1 AND active")
        .bind(&email)
        .optional()
        .await?;
    let kept = found.as_ref().map(|(_, _, hash)| hash.clone());
    if !app.passwords.verify(body.password, kept).await? {
        return Err(Error::WrongSignIn);
    }
    let (organisation, id, _) = found.ok_or(Error::WrongSignIn)?;
    limits::forget(&app, &account).await?;
    limits::forget(&app, &anywhere).await?;
    let mut tx = app.db.begin().await?;
    let tokens = session::begin(&mut tx, &app, organisation, Owner::Worker(id)).await?;
    audit::append(&mut tx, &app, organisation, Actor::Worker(id), "signed_in", &[], serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(Json(WorkerSession {
        access_token: tokens.access_token,
        refresh_token: tokens.refresh_token,
        expires_in: tokens.expires_in,
        worker: workers::signed_in(&app, organisation, id, organisation::brand(&app.db, organisation).await?).await?,
    }))
}
