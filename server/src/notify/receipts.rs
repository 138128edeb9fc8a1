//! What phones say became of a notification. *Sent* is the push service's word; *delivered* and *seen* are only ever a phone's.

use axum::{Json, extract::State};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Kind, receipt_token};
use crate::{
    app::App,
    auth::same,
    error::{Body, Error, Result},
    escalation,
    ids::{ClientId, DeliveryId, NotificationId, OrganisationId},
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

#[derive(Debug, Serialize, ToSchema)]
pub struct Heard {}

/// What became of notifications. Whoever has the token may say so, signed in or not; what nobody here sent is passed over.
#[utoipa::path(post, path = "/api/v1/push/receipts", request_body = Receipts, responses((status = 200, body = Heard)))]
pub async fn hear(State(app): State<App>, Body(body): Body<Receipts>) -> Result<Json<Heard>> {
    if body.receipts.len() > MOST {
        return Err(Error::field("receipts", "Please send at most 20 at once."));
    }
    for receipt in &body.receipts {
        // No database is asked for somebody who guesses.
        if is_ours(&app, receipt) {
            note(&app, receipt).await?;
        }
    }
    app.wake();
    Ok(Json(Heard {}))
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
    kind: Kind,
    made_at: DateTime<Utc>,
    signed_out: bool,
}

async fn note(app: &App, receipt: &Receipt) -> Result<()> {
    let told: Option<Told> = app
        .db
        .query(
            "SELECT d.organisation_id, d.notification_id, n.client_id, n.kind, n.made_at,
                    (COALESCE(s.ended_why = 'signed_out', FALSE) OR v.revoked_at IS NOT NULL) AS signed_out
             FROM delivery d
             JOIN notification n ON n.organisation_id = d.organisation_id AND n.id = d.notification_id
             JOIN push_subscription s ON s.organisation_id = d.organisation_id AND s.id = d.subscription_id
             LEFT JOIN device v ON v.organisation_id = s.organisation_id AND v.id = s.device_id
             WHERE d.id = $1",
        )
        .bind(receipt.id)
        .optional()
        .await?;
    let Some(told) = told else { return Ok(()) };
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
    escalation::heard(&mut tx, app, told.organisation_id, told.notification_id, escalation::Heard::Delivered).await?;
    let act = match receipt.what {
        What::Done => Some(Act::Done),
        What::Snooze => Some(Act::Snooze),
        What::Delivered | What::Seen => None,
    };
    // A phone that was signed out since may say that it showed something, and answers nothing for its owner any more.
    if let (Some(act), Some(client), Kind::Reminder, false) = (act, told.client_id, told.kind, told.signed_out) {
        answers::by_notification(&mut tx, app, told.organisation_id, client, told.notification_id, act, at).await?;
    }
    Ok(tx.commit().await?)
}
