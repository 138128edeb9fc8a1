//! The job that hands one notification to one push service: asked outside any transaction, then written down together with the
//! end of the job. So it is sent once as a rule; once more, with the same topic, for each time a node dies in between.

use reqwest::Url;
use web_push::{SubscriptionInfo, Urgency};

use super::{
    Discretion,
    outcome::{Became, Due, Tried, settle},
    receipt_token,
    sender::{Answer, Handling, Outgoing, seal},
    subscriptions, tag,
    words::{Payload, in_force},
};
use crate::{
    app::App,
    error::Result,
    ids::{DeliveryId, SubscriptionId},
    jobs::{self, Job},
    reminders,
};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    due: Due,
    subscription_id: SubscriptionId,
    address: Vec<u8>,
    wrapped_key: Option<Vec<u8>>,
    language: Option<String>,
    live: bool,
    /// What it tells of is a request or a flag of its own, which somebody can take.
    can_be_taken: bool,
}

/// Runs the job.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    let row = load(app, job).await?;
    let tried = match ready(app, job, &row).await {
        Ok((url, message)) => {
            if !jobs::is_surely_mine(app, job) {
                // This node was held up: whoever has the lease next sends it. Nothing was asked, so nothing is written.
                return Ok(());
            }
            let service = url.host_str().unwrap_or_default().to_owned();
            let answer = jobs::holding(app, job, app.push.ask(url, message, app.now())).await;
            Tried { service: Some(service), became: judge(app, &row, &answer) }
        }
        Err(became) => Tried::nobody(became),
    };
    measure(&tried);
    settle(app, job, &row.due, &tried).await
}

async fn load(app: &App, job: &Job) -> Result<Row> {
    Ok(app
        .db
        .query(
            "SELECT d.state = 'queued' AS queued, d.tries, n.kind, n.subject_id, n.count, n.useful_until,
                    d.notification_id, n.client_id, d.subscription_id, s.address, c.wrapped_key, c.language,
                    (s.ended_at IS NULL AND v.revoked_at IS NULL AND x.ended_at IS NULL
                     AND COALESCE(c.active, TRUE) AND COALESCE(w.active, TRUE)) AS live,
                    (n.kind = 'contact_request' OR (n.kind = 'flag' AND EXISTS (
                        SELECT 1 FROM flag f WHERE f.organisation_id = n.organisation_id AND f.id = n.subject_id))) AS can_be_taken
             FROM delivery d
             JOIN notification n ON n.organisation_id = d.organisation_id AND n.id = d.notification_id
             JOIN push_subscription s ON s.organisation_id = d.organisation_id AND s.id = d.subscription_id
             LEFT JOIN client c ON c.organisation_id = s.organisation_id AND c.id = s.client_id
             LEFT JOIN device v ON v.organisation_id = s.organisation_id AND v.id = s.device_id
             LEFT JOIN worker w ON w.organisation_id = s.organisation_id AND w.id = s.worker_id
             LEFT JOIN session x ON x.organisation_id = s.organisation_id AND x.id = s.session_id
             WHERE d.organisation_id = $1 AND d.id = $2",
        )
        .bind(job.organisation_id)
        .bind(DeliveryId(job.subject_id))
        .one()
        .await?)
}

/// Where it goes and what is sent; or why nothing is.
async fn ready(app: &App, job: &Job, row: &Row) -> std::result::Result<(Url, Outgoing), Became> {
    let (delivery, due) = (DeliveryId(job.subject_id), &row.due);
    if let Some(became) = due.not_sent(app, job.organisation_id, row.live).await {
        return Err(became);
    }
    let keys = |error: &dyn std::fmt::Display| {
        tracing::error!(%delivery, subscription = %row.subscription_id, %error, "a notification cannot be encrypted");
        Became::Failed("keys".to_owned())
    };
    let address = open(app, job, row).map_err(|e| keys(&e))?;
    let url = app.push.check(&address.endpoint).map_err(|_| Became::Failed("address".to_owned()))?;
    if let Err(until) = app.push.patience.ask(&url.origin().ascii_serialization(), app.now()) {
        return Err(due.again(until, "unreachable".to_owned()));
    }
    let discretion = match due.client_id {
        Some(client) => reminders::discretion(app, job.organisation_id, client).await.unwrap_or(Discretion::Hidden),
        None => Discretion::Neutral,
    };
    let (token, topic) = (receipt_token(app, delivery), tag(due.kind, due.subject_id, row.subscription_id));
    let language = in_force(app, row.language.as_deref().unwrap_or("en"));
    let what = (due.kind, due.count);
    let payload = Payload::new(delivery, &token, what, &topic, language, discretion, row.can_be_taken).bytes();
    let ttl = (due.useful_until - app.now()).num_seconds().max(1);
    // A flag that somebody asked about is urgent; those of the morning are not.
    let urgency = if job.kind == jobs::Kind::DeliverFirst { Urgency::High } else { due.kind.urgency() };
    let handling = Handling { ttl: u32::try_from(ttl).unwrap_or(u32::MAX), urgency, topic };
    let vapid = app.vapid.token(&url.origin().ascii_serialization(), app.now()).map_err(|e| keys(&e))?;
    let message = seal(&address, &payload, handling, Some(vapid)).map_err(|e| keys(&e))?;
    Ok((url, message))
}

fn open(app: &App, job: &Job, row: &Row) -> Result<SubscriptionInfo> {
    let owner = match (row.due.client_id, &row.wrapped_key) {
        (Some(client), Some(wrapped)) => Some(app.master.open_client_key(job.organisation_id, client, wrapped)?),
        _ => None,
    };
    subscriptions::open_address(app, row.subscription_id, owner.as_ref(), &row.address)
}

fn judge(app: &App, row: &Row, answer: &Answer) -> Became {
    match row.due.judge(app.now(), answer) {
        Became::Failed(code) if matches!(code.as_str(), "404" | "410") => Became::Gone(code, row.subscription_id),
        became => became,
    }
}

fn measure(tried: &Tried) {
    let Some(outcome) = tried.became.word() else { return };
    // Its last two labels: what stands before them, a phone may make up.
    let service = tried.service.as_deref().unwrap_or("none").rsplitn(3, '.').take(2).collect::<Vec<_>>();
    let service: Vec<&str> = service.into_iter().rev().collect();
    let labels = [("service", service.join(".")), ("outcome", outcome.to_owned())];
    metrics::counter!("companion_pushes_total", &labels).increment(1);
}
