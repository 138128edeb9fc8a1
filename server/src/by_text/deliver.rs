//! The job that hands a text to the gateway: as that of a ring (`channels/deliver.rs`), with the same patience.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use reqwest::Url;

use super::{
    State, kept,
    outgoing::{self, Inside, Kind, inside_place},
    round,
};
use crate::{
    app::App,
    clients::{self, Client},
    contact,
    error::{Error, Result},
    ids::{ClientId, ContactRequestId, DeliveryId},
    jobs::{self, Job, Then},
    notify::{
        outcome::{self, Became, Effort, Tried},
        sender::Outgoing,
    },
};

/// A first text that stands behind another looks again after this.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, sqlx::FromRow)]
struct Row {
    queued: bool,
    client_id: ClientId,
    kind: Kind,
    number_hash: Option<Vec<u8>>,
    words: Option<Vec<u8>>,
    day: Option<NaiveDate>,
    about_request: Option<ContactRequestId>,
    tries: i32,
    useful_until: DateTime<Utc>,
}

impl Row {
    fn effort(&self) -> Effort {
        Effort { tries: self.tries, useful_until: self.useful_until }
    }
}

/// Runs the job.
pub async fn run(app: &App, job: &Job) -> Result<()> {
    let row = load(app, job).await?;
    let tried = match ready(app, job, &row).await? {
        Ok(_) if !jobs::is_surely_mine(app, job) => return Ok(()),
        Ok((url, request)) => jobs::holding(app, job, hand_over(app, &row, url, request)).await,
        Err(became) => Tried::nobody(became),
    };
    if let Some(outcome) = tried.became.word() {
        metrics::counter!("companion_relays_total", "channel" => "sms_to_client", "outcome" => outcome).increment(1);
    }
    match write(app, job, &tried).await {
        // Not written down, it would be sent once more.
        Err(Error::Busy) => write(app, job, &tried).await,
        written => written,
    }
}

async fn load(app: &App, job: &Job) -> Result<Row> {
    Ok(app
        .db
        .query(
            "SELECT state = 'queued' AS queued, client_id, kind, number_hash, words, day, about_request, tries, useful_until
             FROM text_message WHERE organisation_id = $1 AND id = $2",
        )
        .bind(job.organisation_id)
        .bind(job.subject_id)
        .one()
        .await?)
}

/// The request to make, or what became of it without one.
async fn ready(app: &App, job: &Job, row: &Row) -> Result<std::result::Result<(Url, Outgoing), Became>> {
    let (true, Some(sealed)) = (row.queued, &row.words) else { return Ok(Err(Became::Nothing)) };
    if app.now() >= row.useful_until {
        return Ok(Err(Became::Dropped("stale")));
    }
    if let Some(why) = unwanted(app, job, row).await? {
        return Ok(Err(Became::Dropped(why)));
    }
    let client = clients::load(app, job.organisation_id, row.client_id).await?;
    if let Some(at) = waits(app, job, row, &client).await? {
        return Ok(Err(row.effort().again(at, "waits".to_owned())));
    }
    let inside: Inside = match client.key.open_json(inside_place(job.subject_id), sealed) {
        Ok(inside) => inside,
        Err(error) => {
            tracing::error!(text = %job.subject_id, %error, "a text cannot be opened");
            return Ok(Err(Became::Failed("keys".to_owned())));
        }
    };
    let Some(gateway) = &app.relays.sms else { return Ok(Err(Became::Failed("unavailable".to_owned()))) };
    if let Err(until) = app.push.patience.ask(&gateway.url().origin().ascii_serialization(), app.now()) {
        return Ok(Err(row.effort().again(until, "unreachable".to_owned())));
    }
    let request = gateway.request(DeliveryId(job.subject_id), &inside.to, &inside.words, app.now());
    Ok(Ok((gateway.url().clone(), request)))
}

/// Why it is not sent, if it is not. Answers always are: somebody wrote. News of a request are, while it is so.
async fn unwanted(app: &App, job: &Job, row: &Row) -> Result<Option<&'static str>> {
    let wanted = match row.kind {
        Kind::Answer => {
            let Some(request) = row.about_request else { return Ok(None) };
            let waits = contact::is_not_answered(&app.db, job.organisation_id, row.client_id, request).await?;
            return Ok((!waits).then_some("answered"));
        }
        Kind::First => State::Waiting,
        Kind::Question => State::On,
    };
    let agreed = kept::load(&app.db, job.organisation_id, row.client_id).await?;
    let is_theirs = |agreed: &kept::Row| agreed.state == wanted && agreed.number_hash == row.number_hash;
    match row.day {
        _ if !agreed.as_ref().is_some_and(is_theirs) => Ok(Some("ended")),
        Some(day) => round::unwanted(&app.db, job.organisation_id, row.client_id, day).await,
        None => Ok(None),
    }
}

/// Until when it waits, if it does: for the morning, or for whoever was asked a short while ago.
async fn waits(app: &App, job: &Job, row: &Row, client: &Client) -> Result<Option<DateTime<Utc>>> {
    let (Kind::First, Some(number)) = (row.kind, &row.number_hash) else { return Ok(None) };
    // In this order: whoever is no longer before it has been sent by then, and is found there.
    let behind = outgoing::stands_behind(&app.db, job.organisation_id, job.subject_id).await?;
    let at = outgoing::first_at(&app.db, app, number, client.zone).await?;
    if at > app.now() {
        return Ok(Some(at));
    }
    Ok(behind.then(|| app.now() + LOOK_AGAIN))
}

async fn hand_over(app: &App, row: &Row, url: Url, request: Outgoing) -> Tried {
    let service = url.host_str().unwrap_or_default().to_owned();
    let answer = app.push.ask(url, request, app.now()).await;
    Tried { service: Some(service), became: row.effort().judge(app.now(), &answer) }
}

/// What was heard and the end of the job are one transaction. Its words are forgotten with it.
async fn write(app: &App, job: &Job, tried: &Tried) -> Result<()> {
    let then = if let Became::Again(at, _) = tried.became { Then::Again(at) } else { Then::Done };
    let Some(mut tx) = jobs::begin(app, job, then).await? else { return Ok(()) };
    if tried.became == Became::Nothing {
        return Ok(tx.commit().await?);
    }
    let (state, problem) = tried.became.state();
    tx.query(
        "UPDATE text_message SET state = $3, problem = $4, tries = tries + $5, sent_at = $6,
                words = CASE WHEN $7 THEN words END
         WHERE organisation_id = $1 AND id = $2 AND state = 'queued'",
    )
    .bind(job.organisation_id)
    .bind(job.subject_id)
    .bind(state)
    .bind(problem)
    .bind(i32::from(tried.service.is_some()))
    .bind((state == "sent").then(|| app.now()))
    .bind(state == "queued")
    .execute()
    .await?;
    outcome::remember(&mut tx, app, tried).await?;
    Ok(tx.commit().await?)
}
