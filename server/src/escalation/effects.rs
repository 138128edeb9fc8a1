//! What a look leads to: rings, words in the story, news for the client. All in the transaction that stores the state.

use chrono::{Duration, TimeDelta};
use mobile_shared::escalation::{Effect, Place, Policy};
use uuid::Uuid;

use super::{Row, Subject, called, drill, policy::whose, world::Phones};
use crate::{
    app::App,
    by_text, channels,
    contact::{self, ContactWhat},
    db::Tx,
    error::{Error, Result},
    flags,
    ids::{ClientId, ContactRequestId, WorkerId},
    notify::{Kind as Told, Message, Recipient},
};

/// After this a ring is somebody else's to answer.
pub const REQUEST_USEFUL_FOR: Duration = Duration::hours(1);
const FLAG_USEFUL_FOR: Duration = Duration::hours(8);
/// The last step rings through the night; its story is told no more often than this for each person.
const TELL_AGAIN: TimeDelta = TimeDelta::hours(1);

/// Something that is looked at.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    pub app: &'a App,
    pub row: &'a Row,
    pub policy: &'a Policy,
    pub phones: &'a Phones,
}

impl At<'_> {
    pub async fn carry_out(self, tx: &mut Tx, effects: &[Effect]) -> Result<()> {
        // What is told to the team locks its stream until commit: last.
        let mut told = Vec::new();
        for effect in effects {
            match *effect {
                Effect::Ring { place, round, person, channel } => {
                    if self.ring(tx, place, round, WorkerId(person), channel).await? {
                        told.push((ContactWhat::Rung, Some(WorkerId(person))));
                    }
                }
                Effect::Empty { place } => {
                    tracing::debug!(escalation = %self.row.id, ?place, "a step that finds nobody")
                }
                Effect::NoChannel { place, person } => {
                    tracing::warn!(escalation = %self.row.id, ?place, worker = %person, "somebody who is meant cannot be rung");
                }
                Effect::NotAnswered => self.not_answered(tx).await?,
                Effect::Nobody => {
                    if self.nobody(tx).await? {
                        told.push((ContactWhat::NobodyThere, None));
                    }
                }
                Effect::CameBack { by } => {
                    self.news(tx).await?;
                    told.push((ContactWhat::CameBack, Some(WorkerId(by))));
                }
            }
        }
        for (what, worker) in told {
            self.tell(tx, what, worker).await?;
        }
        Ok(())
    }

    /// Rings somebody; whether that is worth a line of the story.
    async fn ring(self, tx: &mut Tx, place: Place, round: u32, worker: WorkerId, channel: Uuid) -> Result<bool> {
        let (app, row) = (self.app, self.row);
        let organisation = row.organisation_id;
        let (kind, useful_for) = match row.subject() {
            Subject::Request(_) => (Told::ContactRequest, REQUEST_USEFUL_FOR),
            Subject::Flag(_) => (Told::Flag, FLAG_USEFUL_FOR),
            Subject::Drill(id) => return drill::ring(tx, app, organisation, id).await.map(|()| false),
        };
        let channel = self.phones.channel(worker.0, channel).ok_or_else(|| Error::internal("a channel nobody has"))?;
        let useful_until = app.now() + useful_for;
        let message = Message { to: Recipient::Worker(worker), kind, subject: row.subject_id, count: 1, useful_until };
        let worth_telling = round == 0 || !self.was_told_lately(tx, worker).await?;
        let notification = channels::ring(tx, app, organisation, channel, message).await?;
        let (place, step, who) = match place {
            Place::Holder(_) => ("holder", None, None),
            Place::Anybody => ("anybody", None, None),
            Place::Step(n) => ("step", i32::try_from(n + 1).ok(), self.policy.steps.get(n).map(|step| whose(step.who))),
        };
        tx.query(
            "INSERT INTO ring (organisation_id, notification_id, escalation_id, at, worker_id, channel_id, channel, place, step, who, round)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(organisation)
        .bind(notification)
        .bind(row.id)
        .bind(app.now())
        .bind(worker)
        .bind(channel.id)
        .bind(channel.kind)
        .bind(place)
        .bind(step)
        .bind(who)
        .bind(i32::try_from(round).unwrap_or(i32::MAX))
        .execute()
        .await?;
        if let Some(client) = row.client_id {
            called::add(tx, organisation, worker, client).await?;
        }
        metrics::counter!("companion_rings_total", "place" => place).increment(1);
        Ok(worth_telling)
    }

    async fn was_told_lately(self, tx: &mut Tx, worker: WorkerId) -> Result<bool> {
        let Some((client, request)) = self.request() else { return Ok(true) };
        let told: i64 = tx
            .query(
                "SELECT COUNT(*) FROM contact_entry WHERE organisation_id = $1 AND client_id = $2 AND request_id = $3
                 AND what = 'rung' AND worker_id = $4 AND at > $5",
            )
            .bind(self.row.organisation_id)
            .bind(client)
            .bind(request)
            .bind(worker)
            .bind(self.app.now() - TELL_AGAIN)
            .scalar()
            .await?;
        Ok(told > 0)
    }

    fn request(self) -> Option<(ClientId, ContactRequestId)> {
        match (self.row.client_id, self.row.subject()) {
            (Some(client), Subject::Request(id)) => Some((client, id)),
            _ => None,
        }
    }

    /// The client hears once that nobody has answered yet.
    async fn not_answered(self, tx: &mut Tx) -> Result<()> {
        let Some((client, id)) = self.request() else { return Ok(()) };
        let first = tx
            .query(
                "UPDATE contact_request SET not_answered_at = $4
                 WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND not_answered_at IS NULL",
            )
            .bind(self.row.organisation_id)
            .bind(client)
            .bind(id)
            .bind(self.app.now())
            .execute()
            .await?;
        if first == 0 {
            return Ok(());
        }
        by_text::news::not_answered(tx, self.app, self.row.organisation_id, client, id).await?;
        self.news(tx).await
    }

    async fn news(self, tx: &mut Tx) -> Result<()> {
        let Some((client, id)) = self.request() else { return Ok(()) };
        contact::tell_client(tx, self.app, self.row.organisation_id, client, id).await
    }

    /// There is nobody at all; whether that is new.
    async fn nobody(self, tx: &mut Tx) -> Result<bool> {
        metrics::counter!("companion_rang_nobody_total").increment(1);
        let before: i64 = tx
            .query(
                "SELECT COUNT(*) FROM rang_nobody n WHERE n.organisation_id = $1 AND n.escalation_id = $2
                 AND NOT EXISTS (SELECT 1 FROM ring r WHERE r.organisation_id = n.organisation_id AND r.escalation_id = n.escalation_id
                                 AND r.at >= n.at)",
            )
            .bind(self.row.organisation_id)
            .bind(self.row.id)
            .scalar()
            .await?;
        tx.query(
            "INSERT INTO rang_nobody (organisation_id, escalation_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(self.row.organisation_id)
        .bind(self.row.id)
        .bind(self.app.now())
        .execute()
        .await?;
        if before == 0 {
            tracing::error!(escalation = %self.row.id, kind = ?self.row.kind, "nobody at all can be rung about this; tried again each minute");
        }
        Ok(before == 0)
    }

    async fn tell(self, tx: &mut Tx, what: ContactWhat, worker: Option<WorkerId>) -> Result<()> {
        let (app, organisation) = (self.app, self.row.organisation_id);
        match (self.row.subject(), self.row.client_id) {
            (Subject::Request(id), Some(client)) => {
                contact::tell_without_words(tx, app, organisation, (client, id), what, worker).await
            }
            (Subject::Flag(id), Some(client)) => flags::tell_of_escalation(tx, app, organisation, client, id).await,
            _ => Ok(()),
        }
    }
}
