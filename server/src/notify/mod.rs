//! Telling somebody something outside the apps: by Web Push here, workers also by the ways in [`crate::channels`].
//!
//! What is told is written down in the transaction that causes it ([`tell`]); a job of its own lane carries it to each phone
//! or browser ([`deliver`]). *Sent*, *delivered* and *seen* are three things, each written only when it is known
//! ([`receipts`]). Nothing that must happen may hang on any of them: a push is best effort.

pub mod deliver;
pub mod endpoint;
pub mod outcome;
pub mod patience;
pub mod receipts;
pub mod sender;
pub mod subscribe;
pub mod subscriptions;
pub mod team;
pub mod vapid;
pub mod words;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;
use web_push::Urgency;

use crate::{
    app::App,
    db::Tx,
    error::Result,
    ids::{ChannelId, ClientId, DeliveryId, NotificationId, OrganisationId, SubscriptionId, WorkerId},
    jobs,
};

/// What somebody is told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    Reminder,
    /// Somebody has seen the client's request for contact, or promised to call.
    ContactNews,
    /// A plan or a baseline waits for the client.
    PlanWaiting,
    /// To workers.
    ContactRequest,
    /// To workers.
    Flag,
    /// To a worker before their shift: does this reach you?
    Readiness,
    /// To workers: something is wrong with a rota.
    Rota,
    Test,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Reminder,
        Self::ContactNews,
        Self::PlanWaiting,
        Self::ContactRequest,
        Self::Flag,
        Self::Readiness,
        Self::Rota,
        Self::Test,
    ];

    /// How much of a battery it is worth.
    fn urgency(self) -> Urgency {
        match self {
            // A phone that sleeps does not answer what is not urgent, and a night would be thought uncovered.
            Self::ContactRequest | Self::Readiness => Urgency::High,
            Self::Reminder | Self::ContactNews | Self::Flag | Self::Test | Self::Rota => Urgency::Normal,
            Self::PlanWaiting => Urgency::Low,
        }
    }

    /// Whether somebody else is rung when it cannot arrive.
    pub fn rings(self) -> bool {
        matches!(self, Self::ContactRequest | Self::Flag)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Reminder => "reminder",
            Self::ContactNews => "contact_news",
            Self::PlanWaiting => "plan_waiting",
            Self::ContactRequest => "contact_request",
            Self::Flag => "flag",
            Self::Readiness => "readiness",
            Self::Rota => "rota",
            Self::Test => "test",
        }
    }
}

/// How a client wants to be told things on a screen that others may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Discretion {
    /// The phone fills in the client's own words from what it has. A push never carries them.
    Words,
    Neutral,
    /// Only that there is something.
    Hidden,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    Client(ClientId),
    Worker(WorkerId),
}

#[derive(Clone, Copy, Debug)]
pub struct Message {
    pub to: Recipient,
    pub kind: Kind,
    /// A later message of this kind about the same takes its place on the screen.
    pub subject: Uuid,
    /// How many things are told together.
    pub count: i32,
    /// After this it is not sent any more, and a push service need not keep it.
    pub useful_until: DateTime<Utc>,
}

/// Where one delivery goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Push(SubscriptionId),
    /// E-mail, text or voice.
    Channel(ChannelId),
}

/// One notification, one delivery and one job for every live subscription of theirs. None if they have none.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    message: Message,
) -> Result<Option<NotificationId>> {
    let subscriptions = subscriptions::live(&mut *tx, organisation, message.to).await?;
    if subscriptions.is_empty() {
        return Ok(None);
    }
    let vias: Vec<Via> = subscriptions.into_iter().map(Via::Push).collect();
    let urgent = message.kind == Kind::ContactRequest;
    Ok(Some(queue(tx, app, organisation, message, &vias, urgent).await?.0))
}

/// The notification and its deliveries, in the order of where they go. `urgent`: somebody is waiting for it.
pub async fn queue(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    message: Message,
    vias: &[Via],
    urgent: bool,
) -> Result<(NotificationId, Vec<DeliveryId>)> {
    let id: NotificationId = app.new_id();
    let (client, worker) = match message.to {
        Recipient::Client(client) => (Some(client), None),
        Recipient::Worker(worker) => (None, Some(worker)),
    };
    tx.query(
        "INSERT INTO notification (organisation_id, id, client_id, worker_id, kind, subject_id, count, made_at, useful_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(organisation)
    .bind(id)
    .bind(client)
    .bind(worker)
    .bind(message.kind)
    .bind(message.subject)
    .bind(message.count.max(1))
    .bind(app.now())
    .bind(message.useful_until)
    .execute()
    .await?;
    let mut deliveries = Vec::with_capacity(vias.len());
    for via in vias {
        let delivery: DeliveryId = app.new_id();
        let (subscription, channel) = match *via {
            Via::Push(subscription) => (Some(subscription), None),
            Via::Channel(channel) => (None, Some(channel)),
        };
        tx.query(
            "INSERT INTO delivery (organisation_id, id, notification_id, subscription_id, channel_id, state)
             VALUES ($1, $2, $3, $4, $5, 'queued')",
        )
        .bind(organisation)
        .bind(delivery)
        .bind(id)
        .bind(subscription)
        .bind(channel)
        .execute()
        .await?;
        let job = match via {
            Via::Channel(_) => jobs::Kind::Relay,
            Via::Push(_) if urgent => jobs::Kind::DeliverFirst,
            Via::Push(_) => jobs::Kind::Deliver,
        };
        jobs::add(tx, app, organisation, job, delivery.0, app.now()).await?;
        deliveries.push(delivery);
    }
    Ok((id, deliveries))
}

/// What a later message about the same takes the place of, on the screen and at the push service (`Topic`, at most 32
/// characters). Hashed, and with the subscription in it: a push service learns no id of ours, and not that two phones are told
/// of the same.
pub fn tag(kind: Kind, subject: Uuid, subscription: SubscriptionId) -> String {
    let hash = Sha256::new().chain_update(kind.name()).chain_update(subject).chain_update(subscription.0).finalize();
    URL_SAFE_NO_PAD.encode(&hash[..12])
}

/// What a phone shows with its receipt for a delivery: 96 bits that only this server can make.
pub fn receipt_token(app: &App, delivery: DeliveryId) -> String {
    URL_SAFE_NO_PAD.encode(&app.master.receipt_token(delivery.0)[..12])
}
