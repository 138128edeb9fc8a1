//! A text to a client, written down in the transaction that causes it, with the job that hands it over.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::settings::{Settings, by_day};
use crate::{
    app::App,
    clients::Client,
    db::{Connection, Tx},
    error::Result,
    ids::{ClientId, ContactRequestId, ItemId, OrganisationId},
    jobs,
    seal::Place,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// May we ask?
    First,
    Question,
    /// To a text of theirs, or what became of it.
    Answer,
}

/// What stands sealed in a text that is not sent yet. The number too: the last answer goes to one that is forgotten already.
#[derive(Debug, Serialize, Deserialize)]
pub struct Inside {
    pub to: String,
    pub words: String,
}

pub fn inside_place(id: Uuid) -> Place {
    Place { column: "text_message.words", row: id }
}

fn asked_place(id: Uuid) -> Place {
    Place { column: "text_message.asked", row: id }
}

/// So many answers a day to one number, so that two machines cannot talk for ever.
const MOST_ANSWERS: i64 = 10;
/// So long a number can still be confirmed by whoever holds the master key, after a text to it.
const KEPT: Duration = Duration::days(2);
const ANSWER_USEFUL_FOR: Duration = Duration::hours(1);
/// What must not be missed: a gateway that is down may take so long.
const NEWS_USEFUL_FOR: Duration = Duration::hours(12);
const FIRST_USEFUL_FOR: Duration = Duration::days(3);
/// A first text is not sent again before: whoever has the number may be a stranger, or may have said STOP.
const FIRST_AGAIN: Duration = Duration::days(1);

/// Asks whoever has the number. By day: if it is night, in the morning; and not within a day of another first text to them.
pub async fn first(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    settings: &Settings,
    words: String,
) -> Result<()> {
    let text = New {
        kind: Kind::First,
        words,
        asked: None,
        about: None,
        due_at: first_at(&mut *tx, app, &app.master.address_hash(&settings.number), client.zone).await?,
        useful_until: app.now() + FIRST_USEFUL_FOR,
    };
    queue(tx, app, organisation, client, settings, text).await
}

/// When whoever has a number may be asked: by day, and a day after they were asked last, for whomever that was. Who agrees on a number
/// with a client learns nothing of that: a first text is always written down, and waits.
pub async fn first_at(mut from: impl Connection, app: &App, number_hash: &[u8], zone: Tz) -> Result<DateTime<Utc>> {
    let last: Option<(DateTime<Utc>,)> = from
        .query(
            "SELECT sent_at FROM text_message WHERE number_hash = $1 AND kind = $2 AND state = 'sent' AND sent_at > $3
             ORDER BY sent_at DESC LIMIT 1",
        )
        .bind(number_hash.to_vec())
        .bind(Kind::First)
        .bind(app.now() - FIRST_AGAIN)
        .optional()
        .await?;
    Ok(by_day(last.map_or(app.now(), |(at,)| at + FIRST_AGAIN), zone))
}

/// Whether another first text to the same number stands before this one: of two that were agreed at once, one goes.
pub async fn stands_behind(mut from: impl Connection, organisation: OrganisationId, id: Uuid) -> Result<bool> {
    let before: i64 = from
        .query(
            "SELECT COUNT(*) FROM text_message m
             JOIN text_message o ON o.number_hash = m.number_hash AND o.kind = m.kind AND o.state = 'queued'
                AND (o.made_at < m.made_at OR (o.made_at = m.made_at AND o.id < m.id))
             WHERE m.organisation_id = $1 AND m.id = $2",
        )
        .bind(organisation)
        .bind(id)
        .scalar()
        .await?;
    Ok(before > 0)
}

/// Whether this client was asked under this number in the last day, or is about to be: changing what is agreed asks nobody twice.
pub async fn is_asked_first(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    number: &str,
) -> Result<bool> {
    let asked: i64 = tx
        .query(
            "SELECT COUNT(*) FROM text_message
             WHERE organisation_id = $1 AND client_id = $2 AND number_hash = $3 AND kind = $4
               AND (state = 'queued' OR (state = 'sent' AND sent_at > $5))",
        )
        .bind(organisation)
        .bind(client)
        .bind(app.master.address_hash(number).to_vec())
        .bind(Kind::First)
        .bind(app.now() - FIRST_AGAIN)
        .scalar()
        .await?;
    Ok(asked > 0)
}

/// Forgets to which number a text went, some days later, and answers altogether. What was asked, and when, stays.
pub async fn tidy(app: &App) -> Result<()> {
    let before = app.now() - KEPT;
    let mut tx = app.db.begin().await?;
    tx.query("DELETE FROM text_message WHERE kind = 'answer' AND state <> 'queued' AND useful_until < $1")
        .bind(before)
        .execute()
        .await?;
    tx.query("UPDATE text_message SET number_hash = NULL WHERE state <> 'queued' AND useful_until < $1 AND number_hash IS NOT NULL")
        .bind(before)
        .execute()
        .await?;
    Ok(tx.commit().await?)
}

/// The question of a day.
#[derive(Debug)]
pub struct Question {
    pub day: NaiveDate,
    /// What is asked, in this order.
    pub items: Vec<ItemId>,
    pub words: String,
    pub until: DateTime<Utc>,
}

pub async fn ask(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    settings: &Settings,
    question: Question,
) -> Result<()> {
    let text = New {
        kind: Kind::Question,
        words: question.words,
        asked: Some((question.day, question.items)),
        about: None,
        due_at: app.now(),
        useful_until: question.until,
    };
    queue(tx, app, organisation, client, settings, text).await
}

/// Tells whoever has a number what they must not miss: however often they were answered today.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    settings: &Settings,
    about: Option<ContactRequestId>,
    words: String,
) -> Result<()> {
    let useful_until = app.now() + NEWS_USEFUL_FOR;
    let text = New { kind: Kind::Answer, words, asked: None, about, due_at: app.now(), useful_until };
    queue(tx, app, organisation, client, settings, text).await
}

/// Answers a text, unless that number was answered often enough today.
pub async fn answer(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    settings: &Settings,
    words: String,
) -> Result<()> {
    let lately: i64 = tx
        .query("SELECT COUNT(*) FROM text_message WHERE number_hash = $1 AND kind = $2 AND made_at > $3")
        .bind(app.master.address_hash(&settings.number).to_vec())
        .bind(Kind::Answer)
        .bind(app.now() - Duration::days(1))
        .scalar()
        .await?;
    if lately >= MOST_ANSWERS {
        return Ok(());
    }
    let useful_until = app.now() + ANSWER_USEFUL_FOR;
    let text = New { kind: Kind::Answer, words, asked: None, about: None, due_at: app.now(), useful_until };
    queue(tx, app, organisation, client, settings, text).await
}

struct New {
    kind: Kind,
    words: String,
    asked: Option<(NaiveDate, Vec<ItemId>)>,
    /// The request for contact whose news it is.
    about: Option<ContactRequestId>,
    due_at: DateTime<Utc>,
    useful_until: DateTime<Utc>,
}

async fn queue(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    settings: &Settings,
    text: New,
) -> Result<()> {
    let id: Uuid = app.new_id();
    let inside = Inside { to: settings.number.clone(), words: text.words };
    let (day, asked) = text.asked.unzip();
    tx.query(
        "INSERT INTO text_message (organisation_id, id, client_id, kind, number_hash, words, day, asked, about_request, made_at, useful_until,
                                   state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'queued')",
    )
    .bind(organisation)
    .bind(id)
    .bind(client.id)
    .bind(text.kind)
    .bind(app.master.address_hash(&settings.number).to_vec())
    .bind(client.key.seal_json(&app.chance, inside_place(id), &inside))
    .bind(day)
    .bind(asked.map(|items| client.key.seal_json(&app.chance, asked_place(id), &items)))
    .bind(text.about)
    .bind(app.now())
    .bind(text.useful_until)
    .execute()
    .await?;
    let job = if text.kind == Kind::Answer { jobs::Kind::TextFirst } else { jobs::Kind::Text };
    jobs::add(tx, app, organisation, job, id, text.due_at).await
}

/// What was asked last before a moment, if that was not long ago.
pub async fn asked_lately(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: &Client,
    at: DateTime<Utc>,
) -> Result<Option<Vec<ItemId>>> {
    let found: Option<(Uuid, Vec<u8>)> = tx
        .query(
            "SELECT id, asked FROM text_message
             WHERE organisation_id = $1 AND client_id = $2 AND kind = 'question' AND state IN ('queued', 'sent')
               AND made_at <= $3 AND made_at > $4
             ORDER BY day DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(at)
        .bind(at - Duration::days(1))
        .optional()
        .await?;
    let Some((id, sealed)) = found else { return Ok(None) };
    Ok(Some(client.key.open_json(asked_place(id), &sealed)?))
}

/// Whether a day's question has been written down.
pub async fn is_asked(tx: &mut Tx, organisation: OrganisationId, client: ClientId, day: NaiveDate) -> Result<bool> {
    let asked: i64 = tx
        .query(
            "SELECT COUNT(*) FROM text_message WHERE organisation_id = $1 AND client_id = $2 AND kind = 'question' AND day = $3",
        )
        .bind(organisation)
        .bind(client)
        .bind(day)
        .scalar()
        .await?;
    Ok(asked > 0)
}

/// What became of the newest text that was not an answer. One that waits for its hour, or was needed no more, has no problem; one whose
/// hour never came was simply too late.
#[derive(Debug, sqlx::FromRow)]
pub struct Last {
    pub made_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub problem: Option<String>,
}

pub async fn last(mut from: impl Connection, organisation: OrganisationId, client: ClientId) -> Result<Option<Last>> {
    Ok(from
        .query(
            "SELECT made_at, sent_at,
                    CASE WHEN problem = 'waits' AND state <> 'queued' THEN 'stale' WHEN problem NOT IN ('ended', 'waits') THEN problem END AS problem
             FROM text_message
             WHERE organisation_id = $1 AND client_id = $2 AND kind <> 'answer' ORDER BY made_at DESC, id DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(client)
        .optional()
        .await?)
}
