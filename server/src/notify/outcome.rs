//! What came of handing a notification to somebody else's server, and how that is written down: the same for every way by which
//! things are told. Whoever asked did so outside any transaction; what was heard and the end of the job are one transaction.

use chrono::{DateTime, Duration, Utc};
use reqwest::StatusCode;

use super::{Kind, sender::Answer, sender::come_back_at, subscriptions, subscriptions::Why};
use crate::{
    app::App,
    db::Tx,
    error::{Error, Result},
    escalation::{self, Heard},
    ids::{ClientId, DeliveryId, NotificationId, OrganisationId, SubscriptionId},
    jobs::{self, Job, Then},
};

/// What a server that cannot just now is left alone for at most, between two tries.
const LONGEST_WAIT: i64 = 900;
/// How often writing down what was heard is tried. Giving up means that it is sent once more.
const WRITTEN_WITHIN_TRIES: u32 = 3;

/// What is to be told, and how far it has come.
#[derive(Debug, sqlx::FromRow)]
pub struct Due {
    pub queued: bool,
    pub tries: i32,
    pub kind: Kind,
    pub subject_id: uuid::Uuid,
    pub count: i32,
    pub useful_until: DateTime<Utc>,
    pub notification_id: NotificationId,
    pub client_id: Option<ClientId>,
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It need not be sent: its receipt came first.
    Nothing,
    Sent,
    Failed(String),
    Dropped(&'static str),
    /// It was of use no longer than it could not be handed over, for this reason.
    TooLate(String),
    /// The push service says that there is no such subscription any more.
    Gone(String, SubscriptionId),
    /// They do not take anything from us: the status, and the problem.
    Refused(u16, String),
    Again(DateTime<Utc>, String),
}

/// A try: whom it was handed to (none if nobody was asked), and what became of it.
#[derive(Debug)]
pub struct Tried {
    /// A host; never more of an address.
    pub service: Option<String>,
    pub became: Became,
}

impl Tried {
    /// Nobody was asked.
    pub fn nobody(became: Became) -> Self {
        Self { service: None, became }
    }
}

/// How often something was tried, and until when that is of use.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    pub tries: i32,
    pub useful_until: DateTime<Utc>,
}

impl Effort {
    /// It comes again at this time, if it is of use then.
    pub fn again(&self, at: DateTime<Utc>, problem: String) -> Became {
        if at < self.useful_until { Became::Again(at, problem) } else { Became::TooLate(problem) }
    }

    /// It comes again when they say, or after twice as long as the last time; never sooner than that.
    pub fn later(&self, now: DateTime<Utc>, at: Option<DateTime<Utc>>, problem: String) -> Became {
        let wait = 2_i64.saturating_pow(self.tries.clamp(0, 20).unsigned_abs() + 1).min(LONGEST_WAIT);
        // A service that says "at once" is not asked again and again without a pause.
        let own = now + Duration::seconds(wait);
        self.again(at.unwrap_or(own).max(own), problem)
    }

    /// What the answer of an HTTP server amounts to.
    pub fn judge(&self, now: DateTime<Utc>, answer: &Answer) -> Became {
        let Answer::Status { status, retry_after, code } = answer else {
            return self.later(now, None, "unreachable".to_owned());
        };
        let problem = match code {
            Some(code) => format!("{} {code}", status.as_u16()),
            None => status.as_u16().to_string(),
        };
        match *status {
            s if s.is_success() => Became::Sent,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Became::Refused(status.as_u16(), problem),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                self.later(now, retry_after.as_deref().and_then(|r| come_back_at(r, now)), problem)
            }
            s if s.is_server_error() => self.later(now, None, problem),
            _ => Became::Failed(problem),
        }
    }
}

impl Due {
    fn effort(&self) -> Effort {
        Effort { tries: self.tries, useful_until: self.useful_until }
    }

    pub fn again(&self, at: DateTime<Utc>, problem: String) -> Became {
        self.effort().again(at, problem)
    }

    pub fn later(&self, now: DateTime<Utc>, at: Option<DateTime<Utc>>, problem: String) -> Became {
        self.effort().later(now, at, problem)
    }

    pub fn judge(&self, now: DateTime<Utc>, answer: &Answer) -> Became {
        self.effort().judge(now, answer)
    }

    /// Whether nobody has answered meanwhile what this would tell: a message that had to wait is not sent for what is over.
    pub async fn is_still_wanted(&self, app: &App, organisation: OrganisationId) -> Result<bool> {
        let sql = match self.kind {
            Kind::Reminder => return self.is_unanswered(app, organisation).await,
            // A ring, for as long as nobody has what it is about.
            Kind::ContactRequest | Kind::Flag => {
                "SELECT COUNT(*) FROM ring r JOIN escalation e ON e.organisation_id = r.organisation_id AND e.id = r.escalation_id
                 WHERE r.organisation_id = $1 AND r.notification_id = $2 AND (e.ended_at IS NOT NULL OR e.held_by IS NOT NULL)"
            }
            Kind::ContactNews | Kind::PlanWaiting | Kind::Readiness | Kind::Rota | Kind::Test => return Ok(true),
        };
        let over: i64 = app.db.query(sql).bind(organisation).bind(self.notification_id).scalar().await?;
        Ok(over == 0)
    }

    /// Whether something that a reminder's message tells of has neither been answered nor put off until later.
    async fn is_unanswered(&self, app: &App, organisation: OrganisationId) -> Result<bool> {
        let (told, waiting): (i64, i64) = app
            .db
            .query(
                "SELECT COUNT(*), COUNT(CASE WHEN o.answer IS NULL OR (o.answer = 'snoozed' AND o.tell_at IS NULL) THEN 1 END)
                 FROM occurrence_told t
                 JOIN occurrence o ON o.organisation_id = t.organisation_id AND o.client_id = t.client_id AND o.id = t.occurrence_id
                 WHERE t.organisation_id = $1 AND t.client_id = $2 AND t.notification_id = $3",
            )
            .bind(organisation)
            .bind(self.client_id)
            .bind(self.notification_id)
            .one()
            .await?;
        Ok(told == 0 || waiting > 0)
    }

    /// Why it is not sent at all, if it is not. `live`: whoever it is for is still there.
    pub async fn not_sent(&self, app: &App, organisation: OrganisationId, live: bool) -> Option<Became> {
        if !self.queued {
            Some(Became::Nothing)
        } else if !live {
            Some(Became::Dropped("ended"))
        } else if app.now() >= self.useful_until {
            Some(Became::Dropped("stale"))
        } else if !self.is_still_wanted(app, organisation).await.unwrap_or(true) {
            Some(Became::Dropped("answered"))
        } else {
            None
        }
    }
}

impl Became {
    /// For measuring.
    pub fn word(&self) -> Option<&'static str> {
        Some(match self {
            Self::Nothing => return None,
            Self::Sent => "sent",
            Self::Failed(_) => "failed",
            Self::Dropped(_) | Self::TooLate(_) => "dropped",
            Self::Gone(..) => "gone",
            Self::Refused(..) => "refused",
            Self::Again(..) => "again",
        })
    }

    /// The state that it leaves, and why.
    pub fn state(&self) -> (&'static str, Option<String>) {
        match self {
            Self::Sent => ("sent", None),
            Self::Failed(problem) | Self::Gone(problem, _) | Self::Refused(_, problem) => {
                ("failed", Some(problem.clone()))
            }
            Self::Dropped(why) => ("dropped", Some((*why).to_owned())),
            Self::TooLate(problem) => ("dropped", Some(problem.clone())),
            Self::Again(_, problem) => ("queued", Some(problem.clone())),
            // Whatever it is by now.
            Self::Nothing => ("queued", None),
        }
    }

    /// It will not arrive, though somebody is still waiting to be told.
    fn has_failed(&self) -> bool {
        !matches!(self, Self::Nothing | Self::Sent | Self::Again(..) | Self::Dropped("answered"))
    }
}

/// Writes down what became of it, and ends the job with that, or has it come again.
pub async fn settle(app: &App, job: &Job, due: &Due, tried: &Tried) -> Result<()> {
    for _ in 1..WRITTEN_WITHIN_TRIES {
        match write(app, job, due, tried).await {
            Err(Error::Busy) => {}
            written => return written,
        }
    }
    write(app, job, due, tried).await
}

async fn write(app: &App, job: &Job, due: &Due, tried: &Tried) -> Result<()> {
    let Tried { service, became } = tried;
    let then = if let Became::Again(at, _) = became { Then::Again(*at) } else { Then::Done };
    let Some(mut tx) = jobs::begin(app, job, then).await? else { return Ok(()) };
    if *became == Became::Nothing {
        return Ok(tx.commit().await?);
    }
    let (state, problem) = became.state();
    // A receipt that came meanwhile knows better.
    let written = tx
        .query(
            "UPDATE delivery SET state = $3, problem = $4, tries = tries + $5, sent_at = $6
             WHERE organisation_id = $1 AND id = $2 AND state = 'queued'",
        )
        .bind(job.organisation_id)
        .bind(DeliveryId(job.subject_id))
        .bind(state)
        .bind(problem)
        .bind(i32::from(service.is_some()))
        .bind((state == "sent").then(|| app.now()))
        .execute()
        .await?;
    if let Became::Gone(_, subscription) = became {
        subscriptions::end(&mut tx, app, job.organisation_id, *subscription, Why::Gone).await?;
    }
    remember(&mut tx, app, tried).await?;
    if written > 0 && became.has_failed() && is_the_last(&mut tx, job.organisation_id, due).await? {
        escalation::heard(&mut tx, app, job.organisation_id, due.notification_id, Heard::Failed).await?;
    }
    Ok(tx.commit().await?)
}

/// Remembers who refuses us, and who no longer does.
pub async fn remember(tx: &mut Tx, app: &App, tried: &Tried) -> Result<()> {
    match (&tried.service, &tried.became) {
        (Some(service), Became::Refused(status, _)) => refused(tx, app, service, *status).await,
        (Some(service), Became::Sent) => taken(tx, service).await,
        _ => Ok(()),
    }
}

/// Whether nothing else of a ring can still arrive: of a worker's two phones one may yet ring.
async fn is_the_last(tx: &mut Tx, organisation: OrganisationId, due: &Due) -> Result<bool> {
    if !due.kind.rings() {
        return Ok(false);
    }
    // Those of one ring take turns: of two that fail at the same moment the second sees the first.
    tx.query("UPDATE notification SET count = count WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(due.notification_id)
        .execute()
        .await?;
    let left: i64 = tx
        .query(
            "SELECT COUNT(*) FROM delivery WHERE organisation_id = $1 AND notification_id = $2 AND state IN ('queued', 'sent')",
        )
        .bind(organisation)
        .bind(due.notification_id)
        .scalar()
        .await?;
    Ok(left == 0)
}

/// The operator must look: nothing that is sent to this service arrives.
async fn refused(tx: &mut Tx, app: &App, service: &str, status: u16) -> Result<()> {
    tracing::error!(
        service,
        status,
        "it refuses what this server sends. A push service: look at push_subject, and whether the database has the push key that phones \
         subscribed with. A gateway or mail server: look at its password"
    );
    tx.query(
        "INSERT INTO push_refusal (service, status, since, last_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (service) DO UPDATE SET status = excluded.status, last_at = excluded.last_at",
    )
    .bind(service)
    .bind(i32::from(status))
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

async fn taken(tx: &mut Tx, service: &str) -> Result<()> {
    tx.query("DELETE FROM push_refusal WHERE service = $1").bind(service).execute().await?;
    Ok(())
}

/// Who refuses what we send, and since when.
pub async fn refusing(app: &App) -> Result<Vec<(String, DateTime<Utc>)>> {
    Ok(app.db.query("SELECT service, since FROM push_refusal ORDER BY since, service").all().await?)
}
