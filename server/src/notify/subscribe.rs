//! What apps ask about their subscriptions: put one, see what became of them, take one away, try one out.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web_push::{SubscriptionInfo, SubscriptionKeys};

use super::{
    Kind, Message, Recipient, Via, queue, sender,
    subscriptions::{Why, open_address, seal_address},
};
use crate::{
    access::{Phone, Worker},
    app::App,
    auth::{
        hash,
        limits::{self, Limit},
    },
    clients,
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    ids::{ClientId, DeliveryId, DeviceId, OrganisationId, SessionId, SubscriptionId, WorkerId},
    paging::Page,
    seal::ClientKey,
};

/// A subscription of this phone or browser.
#[derive(Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct Subscription {
    id: SubscriptionId,
    made_at: DateTime<Utc>,
    /// When a push service last took something for it.
    last_sent_at: Option<DateTime<Utc>>,
    /// When this phone or browser last said that something arrived.
    last_delivered_at: Option<DateTime<Utc>>,
    /// When something was last tapped on it.
    last_seen_at: Option<DateTime<Utc>>,
    /// `gone` or `replaced`: nothing comes by it any more. `null`: it is live.
    ended: Option<Why>,
}

/// Keys of a subscription, as the browser gives them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Keys {
    p256dh: String,
    auth: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewSubscription {
    endpoint: String,
    keys: Keys,
}

impl NewSubscription {
    fn check(self, app: &App) -> Result<SubscriptionInfo> {
        // Some browsers fill base64 up with "=".
        let plain = |key: &str| key.trim_end_matches('=').to_owned();
        let keys = SubscriptionKeys { p256dh: plain(&self.keys.p256dh), auth: plain(&self.keys.auth) };
        let wrong = app.push.check(&self.endpoint).err();
        Faults::default()
            .check(wrong.is_none(), "endpoint", wrong.unwrap_or_default())
            .check(sender::keys_work(&keys), "keys", "These are not the keys of a push subscription.")
            .done()?;
        Ok(SubscriptionInfo { endpoint: self.endpoint, keys })
    }
}

/// Whose subscriptions: a device's or a session's.
#[derive(Clone, Copy, Debug)]
struct Owner {
    organisation: OrganisationId,
    recipient: Recipient,
    device: Option<DeviceId>,
    session: Option<SessionId>,
}

impl From<&Phone> for Owner {
    fn from(phone: &Phone) -> Self {
        Self {
            organisation: phone.organisation,
            recipient: Recipient::Client(phone.client),
            device: Some(phone.device),
            session: None,
        }
    }
}

impl From<&Worker> for Owner {
    fn from(worker: &Worker) -> Self {
        Self {
            organisation: worker.organisation,
            recipient: Recipient::Worker(worker.id),
            device: None,
            session: Some(worker.session),
        }
    }
}

impl Owner {
    fn client(&self) -> Option<ClientId> {
        if let Recipient::Client(client) = self.recipient { Some(client) } else { None }
    }

    fn worker(&self) -> Option<WorkerId> {
        if let Recipient::Worker(worker) = self.recipient { Some(worker) } else { None }
    }

    async fn key(&self, app: &App) -> Result<Option<ClientKey>> {
        match self.client() {
            Some(client) => Ok(Some(clients::load(app, self.organisation, client).await?.key)),
            None => Ok(None),
        }
    }
}

const TAKEN: Error = Error::Conflict("Another subscription was taken in under this id.");

#[derive(sqlx::FromRow)]
struct Kept {
    device_id: Option<DeviceId>,
    session_id: Option<SessionId>,
    address: Vec<u8>,
    ended_why: Option<Why>,
}

/// Takes a subscription in. The same again renews it, unless its push service has said that it is gone.
async fn accept(app: &App, owner: Owner, id: SubscriptionId, new: NewSubscription) -> Result<Json<Subscription>> {
    let address = new.check(app)?;
    let key = owner.key(app).await?;
    let mut tx = app.db.begin().await?;
    let kept: Option<Kept> = tx
        .query("SELECT device_id, session_id, address, ended_why FROM push_subscription WHERE organisation_id = $1 AND id = $2")
        .bind(owner.organisation)
        .bind(id)
        .optional()
        .await?;
    if let Some(kept) = &kept {
        let theirs = (kept.device_id, kept.session_id) == (owner.device, owner.session);
        if !theirs || open_address(app, id, key.as_ref(), &kept.address)? != address {
            return Err(TAKEN);
        }
    }
    if kept.as_ref().is_none_or(|k| k.ended_why != Some(Why::Gone)) {
        let endpoint_hash = hash(address.endpoint.as_bytes());
        replace_others(&mut tx, app, owner, id, &endpoint_hash).await?;
        let written = if kept.is_some() {
            renew(&mut tx, owner, id).await
        } else {
            let sealed = seal_address(app, id, key.as_ref(), &address);
            insert(&mut tx, app, owner, id, (endpoint_hash, sealed)).await
        };
        match written {
            // Another tab put its own at the same moment: one of them comes again and finds the other.
            Err(e) if e.as_database_error().is_some_and(|e| e.is_unique_violation()) => return Err(Error::Busy),
            written => written?,
        };
    }
    tx.commit().await?;
    let all = of(app, owner).await?;
    all.into_iter().find(|s| s.id == id).map(Json).ok_or(Error::NotFound)
}

async fn renew(tx: &mut Tx, owner: Owner, id: SubscriptionId) -> sqlx::Result<u64> {
    tx.query("UPDATE push_subscription SET ended_at = NULL, ended_why = NULL WHERE organisation_id = $1 AND id = $2")
        .bind(owner.organisation)
        .bind(id)
        .execute()
        .await
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    owner: Owner,
    id: SubscriptionId,
    (endpoint_hash, address): (Vec<u8>, Vec<u8>),
) -> sqlx::Result<u64> {
    tx.query(
        "INSERT INTO push_subscription (organisation_id, id, client_id, device_id, worker_id, session_id, endpoint_hash, address, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(owner.organisation)
    .bind(id)
    .bind(owner.client())
    .bind(owner.device)
    .bind(owner.worker())
    .bind(owner.session)
    .bind(endpoint_hash)
    .bind(address)
    .bind(app.now())
    .execute()
    .await
}

/// What was there for this device, this session or this browser before, whoever used it.
async fn replace_others(tx: &mut Tx, app: &App, owner: Owner, id: SubscriptionId, endpoint_hash: &[u8]) -> Result<()> {
    tx.query(
        "UPDATE push_subscription SET ended_at = $6, ended_why = 'replaced'
         WHERE ended_at IS NULL AND NOT (organisation_id = $1 AND id = $2)
           AND (endpoint_hash = $5 OR (organisation_id = $1 AND (device_id = $3 OR session_id = $4)))",
    )
    .bind(owner.organisation)
    .bind(id)
    .bind(owner.device)
    .bind(owner.session)
    .bind(endpoint_hash)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// Those of this device or session that are live or that the app should hear about, newest first.
async fn of(app: &App, owner: Owner) -> Result<Vec<Subscription>> {
    Ok(app
        .db
        .query(
            "SELECT s.id, s.made_at, s.ended_why AS ended,
                    (SELECT MAX(d.sent_at) FROM delivery d WHERE d.organisation_id = s.organisation_id AND d.subscription_id = s.id) AS last_sent_at,
                    (SELECT MAX(d.delivered_at) FROM delivery d WHERE d.organisation_id = s.organisation_id AND d.subscription_id = s.id) AS last_delivered_at,
                    (SELECT MAX(d.seen_at) FROM delivery d WHERE d.organisation_id = s.organisation_id AND d.subscription_id = s.id) AS last_seen_at
             FROM push_subscription s
             WHERE s.organisation_id = $1 AND (s.device_id = $2 OR s.session_id = $3)
               AND (s.ended_why IS NULL OR s.ended_why IN ('gone', 'replaced'))
             ORDER BY s.made_at DESC, s.id DESC LIMIT 20",
        )
        .bind(owner.organisation)
        .bind(owner.device)
        .bind(owner.session)
        .all()
        .await?)
}

async fn remove(app: &App, owner: Owner, id: SubscriptionId) -> Result<StatusCode> {
    let mut tx = app.db.begin().await?;
    tx.query(
        "UPDATE push_subscription SET ended_at = COALESCE(ended_at, $5), ended_why = 'removed'
         WHERE organisation_id = $1 AND id = $2 AND (device_id = $3 OR session_id = $4)",
    )
    .bind(owner.organisation)
    .bind(id)
    .bind(owner.device)
    .bind(owner.session)
    .bind(app.now())
    .execute()
    .await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Enough for somebody who is finding out why nothing comes.
const TESTS: Limit = Limit { most: 20, window: Duration::hours(1) };
/// A test is of use while somebody looks at the screen.
const TEST_USEFUL_FOR: Duration = Duration::minutes(5);

#[derive(Debug, Serialize, ToSchema)]
pub struct Test {
    delivery_id: DeliveryId,
}

async fn test_it(app: &App, owner: Owner, id: SubscriptionId) -> Result<Json<Test>> {
    let there = of(app, owner).await?.into_iter().find(|s| s.id == id).ok_or(Error::NotFound)?;
    if there.ended.is_some() {
        return Err(Error::Conflict("Nothing comes by this subscription any more. Switch notifications on again."));
    }
    limits::count(app, &format!("push_test:{id}"), TESTS).await?;
    let useful_until = app.now() + TEST_USEFUL_FOR;
    let message = Message { to: owner.recipient, kind: Kind::Test, subject: id.0, count: 1, useful_until };
    let mut tx = app.db.begin().await?;
    let (_, deliveries) = queue(&mut tx, app, owner.organisation, message, &[Via::Push(id)], false).await?;
    tx.commit().await?;
    app.wake();
    let delivery_id = deliveries.first().copied().ok_or(Error::NotFound)?;
    Ok(Json(Test { delivery_id }))
}

/// Tell this phone from now on.
#[utoipa::path(put, path = "/api/v1/me/push-subscriptions/{id}", params(("id" = Uuid, Path)), request_body = NewSubscription,
    responses((status = 200, body = Subscription), (status = 409, body = crate::error::Problem), (status = 422, body = crate::error::Problem)))]
pub async fn put_mine(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<SubscriptionId>,
    Body(new): Body<NewSubscription>,
) -> Result<Json<Subscription>> {
    accept(&app, Owner::from(&phone), id, new).await
}

/// The subscriptions of this phone: at every start the app compares them with what the browser has.
#[utoipa::path(get, path = "/api/v1/me/push-subscriptions", responses((status = 200, body = Page<Subscription>)))]
pub async fn list_mine(State(app): State<App>, phone: Phone) -> Result<Json<Page<Subscription>>> {
    Ok(Json(Page::all(of(&app, Owner::from(&phone)).await?)))
}

/// Do not tell this phone any more.
#[utoipa::path(delete, path = "/api/v1/me/push-subscriptions/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_mine(State(app): State<App>, phone: Phone, Path(id): Path<SubscriptionId>) -> Result<StatusCode> {
    remove(&app, Owner::from(&phone), id).await
}

/// Send a test to this phone.
#[utoipa::path(post, path = "/api/v1/me/push-subscriptions/{id}/test", params(("id" = Uuid, Path)), responses((status = 200, body = Test)))]
pub async fn test_mine(State(app): State<App>, phone: Phone, Path(id): Path<SubscriptionId>) -> Result<Json<Test>> {
    test_it(&app, Owner::from(&phone), id).await
}

/// Tell this browser from now on, until it signs out.
#[utoipa::path(put, path = "/api/v1/team/push-subscriptions/{id}", params(("id" = Uuid, Path)), request_body = NewSubscription,
    responses((status = 200, body = Subscription), (status = 409, body = crate::error::Problem), (status = 422, body = crate::error::Problem)))]
pub async fn put_team(
    State(app): State<App>,
    worker: Worker,
    Path(id): Path<SubscriptionId>,
    Body(new): Body<NewSubscription>,
) -> Result<Json<Subscription>> {
    accept(&app, Owner::from(&worker), id, new).await
}

/// The subscriptions of this browser.
#[utoipa::path(get, path = "/api/v1/team/push-subscriptions", responses((status = 200, body = Page<Subscription>)))]
pub async fn list_team(State(app): State<App>, worker: Worker) -> Result<Json<Page<Subscription>>> {
    Ok(Json(Page::all(of(&app, Owner::from(&worker)).await?)))
}

/// Do not tell this browser any more.
#[utoipa::path(delete, path = "/api/v1/team/push-subscriptions/{id}", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn delete_team(State(app): State<App>, worker: Worker, Path(id): Path<SubscriptionId>) -> Result<StatusCode> {
    remove(&app, Owner::from(&worker), id).await
}

/// Send a test to this browser.
#[utoipa::path(post, path = "/api/v1/team/push-subscriptions/{id}/test", params(("id" = Uuid, Path)), responses((status = 200, body = Test)))]
pub async fn test_team(State(app): State<App>, worker: Worker, Path(id): Path<SubscriptionId>) -> Result<Json<Test>> {
    test_it(&app, Owner::from(&worker), id).await
}
