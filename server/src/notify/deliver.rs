//! The job that hands one notification to one push service: asked outside any transaction, then written down together with the
//! end of the job. So it is sent once as a rule; once more, with the same topic, for each time a node dies in between.

use chrono::{DateTime, Duration, Utc};
use reqwest::{StatusCode, Url};
use web_push::SubscriptionInfo;

use super::{
    Discretion, Kind, receipt_token,
    sender::{self, Answer, Handling, Sealed, come_back_at, seal},
    subscriptions::{self, Why},
    tag,
    words::Payload,
};
use crate::{
    app::App,
    db::Tx,
    error::{Error, Result},
    escalation::{self, Heard},
    ids::{ClientId, DeliveryId, NotificationId, SubscriptionId},
    jobs::{self, Job, Then},
    reminders,
};

/// What a push service that cannot just now is left alone for at most, between two tries.
const LONGEST_WAIT: i64 = 900;
/// How often writing down what a push service said is tried. Giving up means that it is sent once more.
const WRITTEN_WITHIN_TRIES: u32 = 3;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    queued: bool,
    tries: i32,
    kind: Kind,
    subject_id: uuid::Uuid,
    count: i32,
    useful_until: DateTime<Utc>,
    notification_id: NotificationId,
    subscription_id: SubscriptionId,
    address: Vec<u8>,
    client_id: Option<ClientId>,
    wrapped_key: Option<Vec<u8>>,
    language: Option<String>,
    live: bool,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Became {
    /// It need not be sent: its receipt came first.
    Nothing,
    Sent,
    Failed(String),
    Dropped(String),
    /// The push service says that there is no such subscription any more.
    Gone(String),
    /// The push service does not take anything from us.
    Refused(StatusCode),
    Again(DateTime<Utc>, String),
}

/// Runs the job.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    let delivery = DeliveryId(job.subject_id);
    let row = load(app, job, delivery).await?;
    let (service, became) = match ready(app, job, delivery, &row).await {
        Ok((url, message)) => {
            let longest = Duration::from_std(sender::WITHIN).unwrap_or_default();
            if app.now() + longest > job.lease_until {
                // This node was held up: whoever has the lease next sends it. Nothing was asked, so nothing is written.
                return Ok(());
            }
            let service = url.host_str().unwrap_or_default().to_owned();
            let answer = ask(app, url, message).await;
            (Some(service), judge(app, &row, &answer))
        }
        Err(became) => (None, became),
    };
    measure(service.as_deref(), &became);
    for _ in 1..WRITTEN_WITHIN_TRIES {
        match write(app, job, delivery, &row, service.as_deref(), &became).await {
            Err(Error::Busy) => {}
            written => return written,
        }
    }
    write(app, job, delivery, &row, service.as_deref(), &became).await
}

async fn load(app: &App, job: &Job, delivery: DeliveryId) -> Result<Row> {
    Ok(app
        .db
        .query(
            "SELECT d.state = 'queued' AS queued, d.tries, n.kind, n.subject_id, n.count, n.useful_until,
                    d.notification_id, d.subscription_id, s.address, s.client_id, c.wrapped_key, c.language,
                    (s.ended_at IS NULL AND v.revoked_at IS NULL AND x.ended_at IS NULL
                     AND COALESCE(c.active, TRUE) AND COALESCE(w.active, TRUE)) AS live
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
        .bind(delivery)
        .one()
        .await?)
}

/// Where it goes and what is sent; or why nothing is.
async fn ready(app: &App, job: &Job, delivery: DeliveryId, row: &Row) -> std::result::Result<(Url, Sealed), Became> {
    if !row.queued {
        return Err(Became::Nothing);
    }
    if !row.live {
        return Err(Became::Dropped("ended".to_owned()));
    }
    if app.now() >= row.useful_until {
        return Err(Became::Dropped("stale".to_owned()));
    }
    if !is_still_wanted(app, job, row).await.unwrap_or(true) {
        return Err(Became::Dropped("answered".to_owned()));
    }
    let keys = |error: &dyn std::fmt::Display| {
        tracing::error!(%delivery, subscription = %row.subscription_id, %error, "a notification cannot be encrypted");
        Became::Failed("keys".to_owned())
    };
    let address = open(app, job, row).map_err(|e| keys(&e))?;
    let url = app.push.check(&address.endpoint).map_err(|_| Became::Failed("address".to_owned()))?;
    if let Err(until) = app.push.patience.ask(&url.origin().ascii_serialization(), app.now()) {
        return Err(again(row, until, "unreachable".to_owned()));
    }
    let discretion = match row.client_id {
        Some(client) => reminders::discretion(app, job.organisation_id, client).await.unwrap_or(Discretion::Hidden),
        None => Discretion::Neutral,
    };
    let (token, topic) = (receipt_token(app, delivery), tag(row.kind, row.subject_id, row.subscription_id));
    let language = row.language.as_deref().unwrap_or("en");
    let payload = Payload::new(delivery, &token, (row.kind, row.count), &topic, language, discretion).bytes();
    let ttl = (row.useful_until - app.now()).num_seconds().max(1);
    let handling = Handling { ttl: u32::try_from(ttl).unwrap_or(u32::MAX), urgency: row.kind.urgency(), topic };
    let vapid = app.vapid.token(&url.origin().ascii_serialization(), app.now()).map_err(|e| keys(&e))?;
    let message = seal(&address, &payload, handling, Some(vapid)).map_err(|e| keys(&e))?;
    Ok((url, message))
}

/// Whether nobody has answered meanwhile what this would tell: a message that had to wait is not sent for what is over.
async fn is_still_wanted(app: &App, job: &Job, row: &Row) -> Result<bool> {
    let sql = match row.kind {
        Kind::Reminder => return is_unanswered(app, job, row).await,
        // A ring, for as long as nobody has what it is about. One without a row is of before there were any.
        Kind::ContactRequest | Kind::Flag => {
            "SELECT COUNT(*) FROM ring r JOIN escalation e ON e.organisation_id = r.organisation_id AND e.id = r.escalation_id
             WHERE r.organisation_id = $1 AND r.notification_id = $2 AND (e.ended_at IS NOT NULL OR e.held_by IS NOT NULL)"
        }
        Kind::ContactNews | Kind::PlanWaiting | Kind::Test => return Ok(true),
    };
    let over: i64 = app.db.query(sql).bind(job.organisation_id).bind(row.notification_id).scalar().await?;
    Ok(over == 0)
}

/// Whether something that a reminder's message tells of has neither been answered nor put off until later.
async fn is_unanswered(app: &App, job: &Job, row: &Row) -> Result<bool> {
    let (told, waiting): (i64, i64) = app
        .db
        .query(
            "SELECT COUNT(*), COUNT(CASE WHEN o.answer IS NULL OR (o.answer = 'snoozed' AND o.tell_at IS NULL) THEN 1 END)
             FROM occurrence_told t
             JOIN occurrence o ON o.organisation_id = t.organisation_id AND o.client_id = t.client_id AND o.id = t.occurrence_id
             WHERE t.organisation_id = $1 AND t.client_id = $2 AND t.notification_id = $3",
        )
        .bind(job.organisation_id)
        .bind(row.client_id)
        .bind(row.notification_id)
        .one()
        .await?;
    Ok(told == 0 || waiting > 0)
}

fn open(app: &App, job: &Job, row: &Row) -> Result<SubscriptionInfo> {
    let owner = match (row.client_id, &row.wrapped_key) {
        (Some(client), Some(wrapped)) => Some(app.master.open_client_key(job.organisation_id, client, wrapped)?),
        _ => None,
    };
    subscriptions::open_address(app, row.subscription_id, owner.as_ref(), &row.address)
}

async fn ask(app: &App, url: Url, message: Sealed) -> Answer {
    let origin = url.origin().ascii_serialization();
    let answer = app.push.post(url, message).await;
    match answer {
        Answer::Unreachable => app.push.patience.kept_silent(&origin, app.now()),
        Answer::Status { .. } => app.push.patience.answered(&origin),
    }
    answer
}

/// It comes again at this time, if it is of use then.
fn again(row: &Row, at: DateTime<Utc>, problem: String) -> Became {
    if at < row.useful_until { Became::Again(at, problem) } else { Became::Dropped(problem) }
}

fn judge(app: &App, row: &Row, answer: &Answer) -> Became {
    let later = |at: Option<DateTime<Utc>>, problem: String| {
        let wait = 2_i64.saturating_pow(row.tries.clamp(0, 20).unsigned_abs() + 1).min(LONGEST_WAIT);
        // A service that says "at once" is not asked again and again without a pause.
        let own = app.now() + Duration::seconds(wait);
        again(row, at.unwrap_or(own).max(own), problem)
    };
    let Answer::Status { status, retry_after } = answer else {
        return later(None, "unreachable".to_owned());
    };
    let code = status.as_u16().to_string();
    match *status {
        s if s.is_success() => Became::Sent,
        StatusCode::NOT_FOUND | StatusCode::GONE => Became::Gone(code),
        s @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => Became::Refused(s),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            later(retry_after.as_deref().and_then(|r| come_back_at(r, app.now())), code)
        }
        s if s.is_server_error() => later(None, code),
        _ => Became::Failed(code),
    }
}

/// Writes down what became of it, and ends the job with that, or has it come again.
async fn write(
    app: &App,
    job: &Job,
    delivery: DeliveryId,
    row: &Row,
    service: Option<&str>,
    became: &Became,
) -> Result<()> {
    let then = if let Became::Again(at, _) = became { Then::Again(*at) } else { Then::Done };
    let Some(mut tx) = jobs::begin(app, job, then).await? else { return Ok(()) };
    let (state, problem, asked) = match became {
        Became::Nothing => return Ok(tx.commit().await?),
        Became::Sent => ("sent", None, true),
        Became::Failed(problem) => ("failed", Some(problem.clone()), service.is_some()),
        Became::Dropped(problem) => ("dropped", Some(problem.clone()), service.is_some()),
        Became::Gone(status) => ("failed", Some(status.clone()), true),
        Became::Refused(status) => ("failed", Some(status.as_str().to_owned()), true),
        Became::Again(_, problem) => ("queued", Some(problem.clone()), service.is_some()),
    };
    // A receipt that came meanwhile knows better.
    tx.query(
        "UPDATE delivery SET state = $3, problem = $4, tries = tries + $5, sent_at = $6
         WHERE organisation_id = $1 AND id = $2 AND state = 'queued'",
    )
    .bind(job.organisation_id)
    .bind(delivery)
    .bind(state)
    .bind(problem)
    .bind(i32::from(asked))
    .bind((state == "sent").then(|| app.now()))
    .execute()
    .await?;
    if matches!(state, "failed" | "dropped") {
        // If nothing else of it may still arrive, the next channel need not wait.
        escalation::heard(&mut tx, app, job.organisation_id, row.notification_id, Heard::Failed).await?;
    }
    match (service, became) {
        (_, Became::Gone(_)) => {
            subscriptions::end(&mut tx, app, job.organisation_id, row.subscription_id, Why::Gone).await?;
        }
        (Some(service), Became::Refused(status)) => refused(&mut tx, app, service, *status).await?,
        (Some(service), Became::Sent) => taken(&mut tx, service).await?,
        _ => {}
    }
    tx.commit().await?;
    if state == "failed" {
        app.wake();
    }
    Ok(())
}

/// The operator must look: nothing that is sent to this service arrives.
async fn refused(tx: &mut Tx, app: &App, service: &str, status: StatusCode) -> Result<()> {
    tracing::error!(
        service,
        status = status.as_u16(),
        "a push service refuses what this server sends; look at push_subject, and whether the database has the push key that phones subscribed with"
    );
    tx.query(
        "INSERT INTO push_refusal (service, status, since, last_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (service) DO UPDATE SET status = excluded.status, last_at = excluded.last_at",
    )
    .bind(service)
    .bind(i32::from(status.as_u16()))
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

async fn taken(tx: &mut Tx, service: &str) -> Result<()> {
    tx.query("DELETE FROM push_refusal WHERE service = $1").bind(service).execute().await?;
    Ok(())
}

/// Which push services refuse what we send, and since when.
pub async fn refusing(app: &App) -> Result<Vec<(String, DateTime<Utc>)>> {
    Ok(app.db.query("SELECT service, since FROM push_refusal ORDER BY since, service").all().await?)
}

fn measure(service: Option<&str>, became: &Became) {
    let outcome = match became {
        Became::Nothing => return,
        Became::Sent => "sent",
        Became::Failed(_) => "failed",
        Became::Dropped(_) => "dropped",
        Became::Gone(_) => "gone",
        Became::Refused(_) => "refused",
        Became::Again(..) => "again",
    };
    // Its last two labels: what stands before them, a phone may make up.
    let service = service.unwrap_or("none").rsplitn(3, '.').take(2).collect::<Vec<_>>();
    let service: Vec<&str> = service.into_iter().rev().collect();
    let labels = [("service", service.join(".")), ("outcome", outcome.to_owned())];
    metrics::counter!("companion_pushes_total", &labels).increment(1);
}
