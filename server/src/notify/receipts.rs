//! What phones say became of a notification. *Sent* is the push service's word; *delivered* and *seen* are only ever a phone's.

use axum::{Json, extract::State};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Kind, receipt_token};
use crate::{
    app::App,
    auth::same,
    channels::answer::{self, Outcome, Ring, Way},
    error::{Body, Error, Result},
    escalation,
    ids::{ClientId, DeliveryId, NotificationId, OrganisationId, WorkerId},
    reminders::answers::{self, Act},
};

/// Those of a phone that was offline come together.
const MOST: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It is on the screen.
    Delivered,
    /// Somebody tapped it.
    Seen,
    /// A button of a reminder.
    Done,
    Snooze,
    /// A worker's button: "I've got this".
    Acknowledge,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Receipt {
    id: DeliveryId,
    /// What came with the notification: the right to say this.
    token: String,
    what: What,
    /// By the phone's clock.
    at: DateTime<Utc>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Receipts {
    receipts: Vec<Receipt>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Heard {
    /// What came of each "I've got this", in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    acknowledged: Vec<Acknowledged>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledged {
    id: DeliveryId,
    /// `yours`, `taken`: by somebody else, `over`: it is done, or has changed since.
    #[schema(value_type = String)]
    outcome: Outcome,
}

/// What became of notifications. Whoever has the token may say so, signed in or not; what nobody here sent is passed over.
#[utoipa::path(post, path = "/api/v1/push/receipts", request_body = Receipts, responses((status = 200, body = Heard)))]
pub async fn hear(State(app): State<App>, Body(body): Body<Receipts>) -> Result<Json<Heard>> {
    if body.receipts.len() > MOST {
        return Err(Error::field("receipts", "Please send at most 20 at once."));
    }
    let (mut heard, mut failed) = (Heard::default(), None);
    for receipt in &body.receipts {
        // No database is asked for somebody who guesses.
        if !is_ours(&app, receipt) {
            continue;
        }
        match note(&app, receipt).await {
            Ok(outcome) => heard.acknowledged.extend(outcome.map(|outcome| Acknowledged { id: receipt.id, outcome })),
            // All of them come again; those that were taken in change nothing then.
            Err(Error::Busy) => failed = Some(Error::Busy),
            Err(error) => {
                tracing::error!(delivery = %receipt.id, %error, "a receipt could not be taken in");
                failed = failed.or(Some(error));
            }
        }
    }
    app.wake();
    // One that fails keeps none of the others from being heard.
    failed.map_or(Ok(Json(heard)), Err)
}

fn is_ours(app: &App, receipt: &Receipt) -> bool {
    let given = URL_SAFE_NO_PAD.decode(&receipt.token).unwrap_or_default();
    let ours = URL_SAFE_NO_PAD.decode(receipt_token(app, receipt.id)).unwrap_or_default();
    same(&given, &ours)
}

#[derive(sqlx::FromRow)]
struct Told {
    organisation_id: OrganisationId,
    notification_id: NotificationId,
    client_id: Option<ClientId>,
    worker_id: Option<WorkerId>,
    kind: Kind,
    subject_id: Uuid,
    made_at: DateTime<Utc>,
    useful_until: DateTime<Utc>,
    is_news: bool,
    signed_out: bool,
    active: bool,
}

impl Told {
    /// To whom it was said, if it was a worker whose session still stands.
    fn ring(&self) -> Option<Ring> {
        (!self.signed_out).then_some(Ring {
            organisation_id: self.organisation_id,
            notification_id: self.notification_id,
            worker_id: self.worker_id?,
            kind: self.kind,
            subject_id: self.subject_id,
            made_at: self.made_at,
            active: self.active,
        })
    }
}

/// Writes down what a phone says; and what came of it if it says "I've got this".
async fn note(app: &App, receipt: &Receipt) -> Result<Option<Outcome>> {
    let told: Option<Told> = app
        .db
        .query(
            "SELECT d.organisation_id, d.notification_id, n.client_id, n.worker_id, n.kind, n.subject_id, n.made_at, n.useful_until,
                    (d.delivered_at IS NULL) AS is_news,
                    (COALESCE(s.ended_why = 'signed_out', FALSE) OR v.revoked_at IS NOT NULL) AS signed_out,
                    COALESCE(w.active, TRUE) AS active
             FROM delivery d
             JOIN notification n ON n.organisation_id = d.organisation_id AND n.id = d.notification_id
             JOIN push_subscription s ON s.organisation_id = d.organisation_id AND s.id = d.subscription_id
             LEFT JOIN device v ON v.organisation_id = s.organisation_id AND v.id = s.device_id
             LEFT JOIN worker w ON w.organisation_id = s.organisation_id AND w.id = s.worker_id
             WHERE d.id = $1",
        )
        .bind(receipt.id)
        .optional()
        .await?;
    let Some(told) = told else { return Ok(None) };
    // A phone whose clock is wrong: it was between our writing it down and now.
    let at = receipt.at.trunc_subsecs(6);
    let at = if (told.made_at..=app.now()).contains(&at) { at } else { app.now() };
    let seen_at = (receipt.what != What::Delivered).then_some(at);
    let mut tx = app.db.begin().await?;
    // What arrived was sent, whether or not the push service's answer reached us; it need not be sent again.
    tx.query(
        "UPDATE delivery SET state = 'sent', problem = NULL, sent_at = COALESCE(sent_at, $3),
                delivered_at = COALESCE(delivered_at, $3), seen_at = COALESCE(seen_at, $4)
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(told.organisation_id)
    .bind(receipt.id)
    .bind(at)
    .bind(seen_at)
    .execute()
    .await?;
    let act = match receipt.what {
        What::Done => Some(Act::Done),
        What::Snooze => Some(Act::Snooze),
        What::Delivered | What::Seen | What::Acknowledge => None,
    };
    // A browser that somebody has signed out of is no longer anybody's who could be waited for.
    if told.is_news && told.worker_id.is_some() && !told.signed_out {
        escalation::heard(&mut tx, app, told.organisation_id, told.notification_id, escalation::Heard::Delivered)
            .await?;
    }
    // A phone that was signed out since may say that it showed something, and answers nothing for its owner any more.
    if let (Some(act), Some(client), Kind::Reminder, false) = (act, told.client_id, told.kind, told.signed_out) {
        answers::by_notification(&mut tx, app, told.organisation_id, client, told.notification_id, act, at).await?;
    }
    // A press that was made while the phone was offline may come hours later: it is not taken for one of now.
    let outcome = match (receipt.what, told.ring()) {
        (What::Acknowledge, _) if app.now() >= told.useful_until => Some(Outcome::Over),
        (What::Acknowledge, Some(ring)) => Some(answer::say(&mut tx, app, &ring, Way::Notification).await?),
        (What::Acknowledge, None) => Some(Outcome::Over),
        _ => None,
    };
    tx.commit().await?;
    Ok(outcome)
}
