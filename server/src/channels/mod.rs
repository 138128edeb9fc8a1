//! By what a worker can be rung: Web Push, for now.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    db::{Connection, Tx},
    error::{Error, Result},
    ids::{NotificationId, OrganisationId, WorkerId},
    notify::{self, Message},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    Push,
    Email,
    Sms,
    Voice,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: Uuid,
    pub kind: Kind,
}

/// A worker's channels that could work now, in their order.
pub async fn of(
    mut from: impl Connection,
    _app: &App,
    organisation: OrganisationId,
    worker: WorkerId,
) -> Result<Vec<Channel>> {
    let live: i64 = from
        .query(
            "SELECT COUNT(*) FROM push_subscription WHERE organisation_id = $1 AND worker_id = $2 AND ended_at IS NULL",
        )
        .bind(organisation)
        .bind(worker)
        .scalar()
        .await?;
    Ok(if live > 0 { vec![Channel { id: worker.0, kind: Kind::Push }] } else { Vec::new() })
}

/// Rings by one of them.
pub async fn ring(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    _channel: &Channel,
    message: Message,
) -> Result<NotificationId> {
    notify::tell(tx, app, organisation, message).await?.ok_or_else(|| Error::internal("a channel that cannot ring"))
}
