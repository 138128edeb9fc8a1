//! What a worker says of how they can be rung: see, choose, try out.

use std::collections::HashSet;

use axum::{Json, extract::State};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Channel as Way, ChannelKind, Row, USUAL, address, chosen, end_all, forget_ended, keep, open_address, send,
    sign_in_address, take_turn, usual_id,
};
use crate::{
    access::Worker,
    app::App,
    audit::{self, Actor},
    auth::limits::{self, Limit},
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    ids::{ChannelId, DeliveryId, OrganisationId, WorkerId},
    notify::{Kind, Message, Recipient, outcome, subscriptions},
    paging::Page,
};

/// One way to ring me.
#[derive(Debug, Serialize, ToSchema)]
pub struct Channel {
    id: ChannelId,
    kind: ChannelKind,
    /// Where to; push has none.
    address: Option<String>,
    /// This server can send by it.
    available: bool,
    /// It would be rung now, as far as is known: whoever carries it there does not refuse us.
    works: bool,
    last_test: Option<LastTest>,
}

/// What became of the last message that was to show whether it arrives.
#[derive(Debug, Serialize, ToSchema, sqlx::FromRow)]
pub struct LastTest {
    at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    /// When a device said that it arrived, or somebody used the link in it.
    delivered_at: Option<DateTime<Utc>>,
    seen_at: Option<DateTime<Utc>>,
    /// Why the last try, or it all, came to nothing.
    problem: Option<String>,
}

/// The ways to ring me, in the order in which they are tried.
#[utoipa::path(get, path = "/api/v1/team/channels", responses((status = 200, body = Page<Channel>)))]
pub async fn list(State(app): State<App>, worker: Worker) -> Result<Json<Page<Channel>>> {
    Ok(Json(Page::all(of(&app, worker.organisation, worker.id).await?)))
}

async fn of(app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<Vec<Channel>> {
    let mut rows = chosen(&app.db, organisation, worker).await?;
    let mut sign_in = None;
    if rows.is_empty() {
        sign_in = sign_in_address(&app.db, organisation, worker).await?;
        let usual = |kind| Row { id: usual_id(worker, kind), kind, address: None, address_since: DateTime::UNIX_EPOCH };
        rows = USUAL.into_iter().map(usual).collect();
    }
    let can_push = !subscriptions::live(&app.db, organisation, Recipient::Worker(worker)).await?.is_empty();
    let refusing = outcome::refusing(app).await?;
    let is_refused =
        |kind| app.relays.host(kind).is_some_and(|host| refusing.iter().any(|(service, _)| *service == host));
    let mut channels = Vec::with_capacity(rows.len());
    for row in rows {
        let address = match &sign_in {
            Some(email) => (row.kind == ChannelKind::Email).then(|| email.clone()),
            None => open_address(app, row.id, row.address.as_deref())?,
        };
        let available = app.relays.can(row.kind);
        channels.push(Channel {
            id: row.id,
            kind: row.kind,
            address,
            available,
            works: if row.kind == ChannelKind::Push { can_push } else { available && !is_refused(row.kind) },
            last_test: last_test(app, organisation, worker, &row).await?,
        });
    }
    Ok(channels)
}

async fn last_test(app: &App, organisation: OrganisationId, worker: WorkerId, row: &Row) -> Result<Option<LastTest>> {
    let by_push = row.kind == ChannelKind::Push;
    let last: Option<(Uuid,)> = app
        .db
        .query(
            "SELECT n.id FROM notification n
             JOIN delivery d ON d.organisation_id = n.organisation_id AND d.notification_id = n.id
             WHERE n.organisation_id = $1 AND n.worker_id = $2 AND n.kind IN ('test', 'readiness') AND n.made_at >= $3
               AND ((d.channel_id = $4 AND NOT $5) OR (d.subscription_id IS NOT NULL AND $5))
             ORDER BY n.made_at DESC, n.id DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(worker)
        .bind(if by_push { DateTime::UNIX_EPOCH } else { row.address_since })
        .bind(row.id)
        .bind(by_push)
        .optional()
        .await?;
    let Some((last,)) = last else { return Ok(None) };
    Ok(app
        .db
        .query(
            "SELECT MIN(n.made_at) AS at, MIN(d.sent_at) AS sent_at, MIN(d.delivered_at) AS delivered_at, MIN(d.seen_at) AS seen_at,
                    CASE WHEN MIN(d.sent_at) IS NULL THEN MAX(d.problem) END AS problem
             FROM notification n
             JOIN delivery d ON d.organisation_id = n.organisation_id AND d.notification_id = n.id
             WHERE n.organisation_id = $1 AND n.id = $2",
        )
        .bind(organisation)
        .bind(last)
        .optional()
        .await?)
}

#[derive(Clone, Deserialize, ToSchema)]
pub struct NewChannel {
    /// Made in the browser.
    id: ChannelId,
    kind: ChannelKind,
    address: Option<String>,
}

impl std::fmt::Debug for NewChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewChannel({:?})", self.kind)
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewChannels {
    /// In the order in which they are tried.
    items: Vec<NewChannel>,
}

/// More nobody is reached by.
const MOST: usize = 10;

type Checked = (ChannelId, ChannelKind, Option<String>);

/// What was chosen, each address in its one form.
fn check(items: &[NewChannel]) -> Result<Vec<Checked>> {
    let mut faults = Faults::default();
    faults.check(!items.is_empty(), "items", "Keep at least one way to be rung.");
    faults.check(items.len() <= MOST, "items", "Please keep this to 10.");
    let (mut checked, mut ids, mut seen) = (Vec::with_capacity(items.len()), HashSet::new(), HashSet::new());
    for (n, item) in items.iter().enumerate().take(MOST) {
        let field = format!("items.{n}.address");
        match address::read(item.kind, item.address.as_deref()) {
            Ok(address) => {
                faults.check(seen.insert((item.kind, address.clone())), &field, "This is in the list already.");
                checked.push((item.id, item.kind, address));
            }
            Err(wrong) => {
                faults.check(false, &field, wrong);
            }
        }
        faults.check(ids.insert(item.id), &format!("items.{n}.id"), "This id is in the list already.");
    }
    faults.done()?;
    Ok(checked)
}

const TAKEN: Error = Error::Conflict("One of these was taken in under another id or kind. Please load the page again.");

/// How I want to be rung from now on. Without push, or with a number that is wrong, somebody may wait for me in vain: try each out.
#[utoipa::path(put, path = "/api/v1/team/channels", request_body = NewChannels,
    responses((status = 200, body = Page<Channel>), (status = 409, body = crate::error::Problem), (status = 422, body = crate::error::Problem)))]
pub async fn put(State(app): State<App>, worker: Worker, Body(body): Body<NewChannels>) -> Result<Json<Page<Channel>>> {
    let channels = check(&body.items)?;
    let organisation = worker.organisation;
    let mut tx = app.db.begin().await?;
    take_turn(&mut tx, organisation, worker.id).await?;
    end_all(&mut tx, &app, organisation, worker.id).await?;
    for (position, (id, kind, address)) in (0_i32..).zip(&channels) {
        if !is_free(&mut tx, organisation, worker.id, *id, *kind).await? {
            return Err(TAKEN);
        }
        keep(&mut tx, &app, organisation, worker.id, (*id, *kind, address.as_deref()), position).await?;
    }
    forget_ended(&mut tx, organisation, worker.id).await?;
    let kinds: Vec<ChannelKind> = channels.iter().map(|c| c.1).collect();
    let detail = serde_json::json!({ "channels": kinds });
    audit::append(&mut tx, &app, organisation, Actor::Worker(worker.id), "self.channels.change", &[], detail).await?;
    tx.commit().await?;
    Ok(Json(Page::all(of(&app, organisation, worker.id).await?)))
}

/// Whether an id may be used: it is new, or was theirs and of this kind.
async fn is_free(
    tx: &mut Tx,
    organisation: OrganisationId,
    worker: WorkerId,
    id: ChannelId,
    kind: ChannelKind,
) -> Result<bool> {
    let kept: Option<(WorkerId, ChannelKind)> = tx
        .query("SELECT worker_id, kind FROM channel WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(id)
        .optional()
        .await?;
    Ok(kept.is_none_or(|kept| kept == (worker, kind)))
}

/// Enough for somebody who is finding out why nothing comes; a text costs money.
const TESTS: Limit = Limit { most: 20, window: Duration::hours(1) };
/// An e-mail may take a while.
const TEST_USEFUL_FOR: Duration = Duration::minutes(15);

#[derive(Debug, Serialize, ToSchema)]
pub struct Test {
    delivery_id: DeliveryId,
}

/// Send a test by it, for real. What became of it stands in the list.
#[utoipa::path(post, path = "/api/v1/team/channels/{id}/test", params(("id" = Uuid, Path)),
    responses((status = 200, body = Test), (status = 409, body = crate::error::Problem)))]
pub async fn test(State(app): State<App>, worker: Worker, Path(id): Path<ChannelId>) -> Result<Json<Test>> {
    let all = of(&app, worker.organisation, worker.id).await?;
    let channel = all.into_iter().find(|c| c.id == id).ok_or(Error::NotFound)?;
    if !channel.available {
        return Err(Error::Conflict("This server cannot send by this way yet. Ask whoever runs it."));
    }
    if channel.kind == ChannelKind::Push && !channel.works {
        return Err(Error::Conflict("Notifications are on in no browser of yours. Switch them on first."));
    }
    // By worker: ids of channels are made in the browser, as many as one likes.
    limits::count(&app, &format!("channel_test:{}", worker.id), TESTS).await?;
    let way = Way { id, worker: worker.id, kind: channel.kind };
    let (to, useful_until) = (Recipient::Worker(worker.id), app.now() + TEST_USEFUL_FOR);
    let mut tx = app.db.begin().await?;
    let message = Message { to, kind: Kind::Test, subject: id.0, count: 1, useful_until };
    let (_, deliveries) = send(&mut tx, &app, worker.organisation, &way, message).await?;
    tx.commit().await?;
    app.wake();
    let delivery_id = deliveries.first().copied().ok_or(Error::NotFound)?;
    Ok(Json(Test { delivery_id }))
}
