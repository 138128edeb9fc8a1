//! The ways by which a worker can be rung beside the app: push, e-mail, text, voice; each worker's own, in their own order.
//!
//! [`of`] says which would work now, [`ring`] rings by one. What is rung goes the way of every message (`docs/push.md`): a
//! notification and a delivery in the caller's transaction, and a job that hands it over ([`deliver`]). What comes back is a link
//! that a person pressed ([`link`]), a reply ([`reply`]), or the button of a push; all of them end in [`answer`].

pub mod address;
pub mod answer;
pub mod deliver;
pub mod gateway;
pub mod link;
pub mod mail;
pub mod mine;
pub mod reply;
pub mod settings;
pub mod signature;
mod words;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    db::{Connection, Tx},
    error::Result,
    ids::{ChannelId, DeliveryId, NotificationId, OrganisationId, WorkerId},
    notify::{self, Kind, Message, Recipient, Via, sender::Sender, subscriptions},
};

pub use settings::{GatewaySettings, SettingsError};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ChannelKind {
    /// Every browser and phone of theirs that has notifications on.
    Push,
    Email,
    Sms,
    Voice,
}

impl ChannelKind {
    /// Whether a message by it can hold a link.
    fn shows_links(self) -> bool {
        matches!(self, Self::Email | Self::Sms)
    }
}

/// One way to ring one worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: ChannelId,
    pub worker: WorkerId,
    pub kind: ChannelKind,
}

/// Whom this server hands e-mails, texts and calls to.
#[derive(Debug)]
pub struct Relays {
    pub mail: Option<mail::Mailer>,
    pub sms: Option<gateway::Gateway>,
    pub voice: Option<gateway::Gateway>,
}

impl Relays {
    pub fn new(config: &crate::config::Config, push: &Sender) -> std::result::Result<Self, SettingsError> {
        let (mut sms, mut voice) = (None, None);
        for settings in &config.gateways {
            let place = if settings.kind == settings::GatewayKind::Sms { &mut sms } else { &mut voice };
            if place.is_some() {
                return Err(SettingsError::Twice(settings.kind));
            }
            *place = Some(gateway::Gateway::new(settings, push.this_machine(), &config.public_url)?);
        }
        Ok(Self { mail: mail::Mailer::new(config, push.within())?, sms, voice })
    }

    /// Whether this server can ring by such a channel at all.
    pub fn can(&self, kind: ChannelKind) -> bool {
        match kind {
            ChannelKind::Push => true,
            ChannelKind::Email => self.mail.is_some(),
            ChannelKind::Sms => self.sms.is_some(),
            ChannelKind::Voice => self.voice.is_some(),
        }
    }

    fn gateway(&self, kind: ChannelKind) -> Option<&gateway::Gateway> {
        match kind {
            ChannelKind::Sms => self.sms.as_ref(),
            ChannelKind::Voice => self.voice.as_ref(),
            ChannelKind::Push | ChannelKind::Email => None,
        }
    }

    /// Who carries it there.
    fn host(&self, kind: ChannelKind) -> Option<String> {
        match kind {
            ChannelKind::Push => None,
            ChannelKind::Email => self.mail.as_ref().map(|mailer| mailer.host().to_owned()),
            ChannelKind::Sms | ChannelKind::Voice => self.gateway(kind)?.url().host_str().map(str::to_owned),
        }
    }

    fn gateways(&self) -> impl Iterator<Item = &gateway::Gateway> {
        self.sms.iter().chain(&self.voice)
    }
}

/// A channel as it is kept.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: ChannelId,
    kind: ChannelKind,
    address: Option<Vec<u8>>,
    address_since: DateTime<Utc>,
}

fn secret_name(id: ChannelId) -> String {
    format!("channel.address/{id}")
}

/// What a worker has chosen, in order; empty if they never did.
async fn chosen(mut from: impl Connection, organisation: OrganisationId, worker: WorkerId) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT id, kind, address, address_since FROM channel
             WHERE organisation_id = $1 AND worker_id = $2 AND ended_at IS NULL ORDER BY position",
        )
        .bind(organisation)
        .bind(worker)
        .all()
        .await?)
}

/// Of somebody who never chose: push first, then e-mail to the address they sign in with.
const USUAL: [ChannelKind; 2] = [ChannelKind::Push, ChannelKind::Email];

/// The id that a usual channel has before it is written down, and then keeps.
fn usual_id(worker: WorkerId, kind: ChannelKind) -> ChannelId {
    let name: &[u8] = if kind == ChannelKind::Push { b"channel/push" } else { b"channel/email" };
    ChannelId(Uuid::new_v5(&worker.0, name))
}

async fn sign_in_address(
    mut from: impl Connection,
    organisation: OrganisationId,
    worker: WorkerId,
) -> Result<Option<String>> {
    let found: Option<(String,)> = from
        .query("SELECT email FROM worker WHERE organisation_id = $1 AND id = $2 AND active")
        .bind(organisation)
        .bind(worker)
        .optional()
        .await?;
    Ok(found.map(|f| f.0))
}

/// The channels of a worker by which they could be rung now, in their own order. None for somebody who does not work here any more.
pub async fn of(
    mut from: impl Connection,
    app: &App,
    organisation: OrganisationId,
    worker: WorkerId,
) -> Result<Vec<Channel>> {
    if sign_in_address(&mut from, organisation, worker).await?.is_none() {
        return Ok(Vec::new());
    }
    let chosen = chosen(&mut from, organisation, worker).await?;
    let all: Vec<Channel> = if chosen.is_empty() {
        USUAL.into_iter().map(|kind| Channel { id: usual_id(worker, kind), worker, kind }).collect()
    } else {
        chosen.into_iter().map(|row| Channel { id: row.id, worker, kind: row.kind }).collect()
    };
    let can_push = !subscriptions::live(&mut from, organisation, Recipient::Worker(worker)).await?.is_empty();
    let works = |kind| if kind == ChannelKind::Push { can_push } else { app.relays.can(kind) };
    Ok(all.into_iter().filter(|channel| works(channel.kind)).collect())
}

/// Rings a worker by one of their channels. What they are told holds no name and nobody's words.
pub async fn ring(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    channel: &Channel,
    message: Message,
) -> Result<NotificationId> {
    Ok(send(tx, app, organisation, channel, message).await?.0)
}

/// Tells a worker something by the first of their channels. None if they have none.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    worker: WorkerId,
    message: Message,
) -> Result<Option<NotificationId>> {
    let Some(first) = of(&mut *tx, app, organisation, worker).await?.into_iter().next() else { return Ok(None) };
    ring(tx, app, organisation, &first, message).await.map(Some)
}

async fn send(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    channel: &Channel,
    message: Message,
) -> Result<(NotificationId, Vec<DeliveryId>)> {
    let message = Message { to: Recipient::Worker(channel.worker), ..message };
    let vias: Vec<Via> = if channel.kind == ChannelKind::Push {
        let live = subscriptions::live(&mut *tx, organisation, message.to).await?;
        live.into_iter().map(Via::Push).collect()
    } else {
        write_usual_down(tx, app, organisation, channel.worker).await?;
        vec![Via::Channel(channel.id)]
    };
    let queued = notify::queue(tx, app, organisation, message, &vias, message.kind.rings()).await?;
    if channel.kind.shows_links() && can_be_answered(message.kind) {
        link::make(tx, app, organisation, queued.0, message.useful_until).await?;
    }
    Ok(queued)
}

/// Whether there is something to say to it: "I've got this", or that it arrived.
fn can_be_answered(kind: Kind) -> bool {
    kind.rings() || matches!(kind, Kind::Readiness | Kind::Test)
}

/// Deliveries point at channels: those of somebody who never chose any are written down by the first ring.
async fn write_usual_down(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    if !chosen(&mut *tx, organisation, worker).await?.is_empty() {
        return Ok(());
    }
    take_turn(tx, organisation, worker).await?;
    let email = sign_in_address(&mut *tx, organisation, worker).await?;
    // They may have chosen a moment ago: nothing is put beside that.
    let (true, Some(email)) = (chosen(&mut *tx, organisation, worker).await?.is_empty(), email) else { return Ok(()) };
    for (position, kind) in (0_i32..).zip(USUAL) {
        let address = (kind == ChannelKind::Email).then_some(email.as_str());
        keep(tx, app, organisation, worker, (usual_id(worker, kind), kind, address), position).await?;
    }
    Ok(())
}

/// Who changes a worker's list does so alone.
async fn take_turn(tx: &mut Tx, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    tx.query("UPDATE worker SET active = active WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(worker)
        .execute()
        .await?;
    Ok(())
}

/// Writes a channel down at a place in the list that is free. Another address than before begins anew.
async fn keep(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    worker: WorkerId,
    (id, kind, address): (ChannelId, ChannelKind, Option<&str>),
    position: i32,
) -> Result<()> {
    tx.query(
        "INSERT INTO channel (organisation_id, id, worker_id, kind, position, address, address_hash, address_since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (organisation_id, id) DO UPDATE SET
            position = excluded.position, address = excluded.address, address_hash = excluded.address_hash, ended_at = NULL,
            address_since = CASE WHEN channel.address_hash = excluded.address_hash OR excluded.address_hash IS NULL
                                 THEN channel.address_since ELSE excluded.address_since END",
    )
    .bind(organisation)
    .bind(id)
    .bind(worker)
    .bind(kind)
    .bind(position)
    .bind(address.map(|a| app.master.seal_secret(&app.chance, &secret_name(id), a.as_bytes())))
    .bind(address.map(|a| app.master.address_hash(a).to_vec()))
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// Empties the list; what is kept again afterwards lives on.
async fn end_all(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    tx.query("UPDATE channel SET ended_at = $3 WHERE organisation_id = $1 AND worker_id = $2 AND ended_at IS NULL")
        .bind(organisation)
        .bind(worker)
        .bind(app.now())
        .execute()
        .await?;
    Ok(())
}

/// Addresses of channels that have ended are not kept.
async fn forget_ended(tx: &mut Tx, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    tx.query(
        "UPDATE channel SET address = NULL, address_hash = NULL
         WHERE organisation_id = $1 AND worker_id = $2 AND ended_at IS NOT NULL AND address IS NOT NULL",
    )
    .bind(organisation)
    .bind(worker)
    .execute()
    .await?;
    Ok(())
}

fn open_address(app: &App, id: ChannelId, sealed: Option<&[u8]>) -> Result<Option<String>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let address = app.master.open_secret(&secret_name(id), sealed)?;
    String::from_utf8(address).map(Some).map_err(crate::error::Error::internal)
}

/// A worker leaves: their numbers are forgotten. Should they come back, they begin with what is usual.
pub async fn end_of_worker(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    end_all(tx, app, organisation, worker).await?;
    forget_ended(tx, organisation, worker).await
}
