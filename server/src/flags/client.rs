//! The client's side of a flag: the worker's sentence, word for word or in Welsh, and an answer to it.

use axum::{Json, extract::State, http::HeaderMap, response::Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    AnswerKind, Entry, EntryWhat, FlagKind, FlagState, Row, add_entry,
    team::{self, ClientAnswer},
    words_place,
};
use crate::{
    access::Phone,
    app::App,
    assessments::{Fact, Sentences},
    clients::{self, Client},
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    escalation::{self, Kind, Subject},
    etag, events,
    ids::FlagId,
    paging::Page,
    plans::beside::Helps,
    workers::Names,
};

/// A change from my usual. No level and no score: those are for sorting an inbox.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyFlag {
    id: FlagId,
    kind: FlagKind,
    state: FlagState,
    /// The engine still sees it. Otherwise it has eased, or enough time has passed.
    stands: bool,
    raised_at: DateTime<Utc>,
    /// In the language of the client's record.
    sentence: String,
    /// None for who does not want to read it.
    sentences: Option<Sentences>,
    facts: Vec<Fact>,
    /// What my plan says beside it.
    plan: Option<Helps>,
    /// First name of who has it.
    seen_by: Option<String>,
    seen_at: Option<DateTime<Utc>>,
    answer: Option<ClientAnswer>,
}

async fn load_all(app: &App, phone: &Phone, client: &Client) -> Result<Vec<MyFlag>> {
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT id, client_id, kind, level, state, raised_at, first_day, last_day, stands, reported_late, explanation,
                    owner_id, acknowledged_at, resolved_at, outcome
             FROM flag WHERE organisation_id = $1 AND client_id = $2 ORDER BY raised_at DESC LIMIT 50",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .all()
        .await?;
    let names = Names::load(app, phone.organisation).await?;
    let mut flags = Vec::with_capacity(rows.len());
    for row in rows {
        let (kind, owner, seen_at) = (row.kind, row.owner_id, row.acknowledged_at);
        let explanation = row.explanation(&client.key)?;
        let sentences = explanation.sentences();
        let flag = team::describe(app, phone.organisation, row, client, &names).await?;
        flags.push(MyFlag {
            id: flag.id,
            kind,
            state: flag.state,
            stands: flag.stands_today,
            raised_at: flag.raised_at,
            sentence: sentences.of_record(client),
            sentences: Some(sentences),
            facts: explanation.facts,
            plan: flag.plan,
            seen_by: names.first(owner),
            seen_at,
            answer: flag.answer,
        });
    }
    Ok(flags)
}

/// Changes from my usual, newest first. Whoever does not want to read them here is shown none.
#[utoipa::path(get, path = "/api/v1/me/flags", responses((status = 200, body = Page<MyFlag>)))]
pub async fn list(State(app): State<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let flags = if client.flags_shown { load_all(&app, &phone, &client).await? } else { Vec::new() };
    etag::json(&headers, &Page::all(flags))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Answer {
    /// Made on the phone: the same again is a retry.
    id: Uuid,
    answer: AnswerKind,
    words: Option<String>,
}

/// What I say to it.
#[utoipa::path(post, path = "/api/v1/me/flags/{id}/answer", params(("id" = Uuid, Path)), request_body = Answer, responses((status = 200, body = MyFlag)))]
pub async fn answer(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<FlagId>,
    Body(body): Body<Answer>,
) -> Result<Json<MyFlag>> {
    Faults::default().at_most(body.words.as_deref(), "words", 1000).done()?;
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let answered = match answered_before(&mut tx, &phone, &client, &body).await? {
        Some(flag) => flag,
        None => {
            let flag = about(&mut tx, &phone, id, body.answer).await?;
            let entry = Entry {
                words: body.words.as_deref(),
                answer: Some(body.answer),
                id: Some(body.id),
                ..Entry::default()
            };
            add_entry(&mut tx, &app, phone.organisation, flag, &client.key, EntryWhat::Answered, entry).await?;
            if body.answer == AnswerKind::PleaseTalk {
                // They ask for it themselves: at any hour.
                let subject = Subject::Flag(flag);
                escalation::begin(&mut tx, &app, phone.organisation, phone.client, subject, Kind::ClientAsked).await?;
            }
            events::append(&mut tx, &app, phone.organisation, events::What::Flag, flag.0, phone.client).await?;
            flag
        }
    };
    tx.commit().await?;
    app.wake();
    let flags = load_all(&app, &phone, &client).await?;
    let mut flag = flags.into_iter().find(|f| f.id == answered).ok_or(Error::NotFound)?;
    if !client.flags_shown {
        // Who does not want to read them reads none here either.
        (flag.sentence, flag.sentences, flag.facts, flag.plan) = (String::new(), None, Vec::new(), None);
    }
    Ok(Json(flag))
}

/// The flag that this answer went to, if it was taken in before.
async fn answered_before(tx: &mut Tx, phone: &Phone, client: &Client, body: &Answer) -> Result<Option<FlagId>> {
    let before: Option<(FlagId, Option<AnswerKind>, Option<Vec<u8>>)> = tx
        .query(
            "SELECT e.flag_id, e.answer, e.words FROM flag_entry e
             JOIN flag f ON f.organisation_id = e.organisation_id AND f.id = e.flag_id
             WHERE e.organisation_id = $1 AND f.client_id = $2 AND e.id = $3",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(body.id)
        .optional()
        .await?;
    let Some((flag, kind, words)) = before else { return Ok(None) };
    let words = client.key.open_text(words_place(body.id), words.as_deref())?;
    if kind != Some(body.answer) || words != body.words {
        return Err(Error::Conflict("Another answer was taken in under this id."));
    }
    Ok(Some(flag))
}

/// The flag that a new answer goes to: the one that was answered, unless somebody is to talk and nobody would look there.
async fn about(tx: &mut Tx, phone: &Phone, id: FlagId, answer: AnswerKind) -> Result<FlagId> {
    let mine: Option<(FlagKind, FlagState)> = tx
        .query("SELECT kind, state FROM flag WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(id)
        .optional()
        .await?;
    match mine {
        Some((kind, FlagState::Resolved)) if answer == AnswerKind::PleaseTalk => open_again(tx, phone, id, kind).await,
        Some(_) => Ok(id),
        // A database that was put back from a backup may have lost this one, and tell the same change under another id.
        None if answer == AnswerKind::PleaseTalk => newest_open(tx, phone).await?.ok_or(Error::NotFound),
        None => Err(Error::NotFound),
    }
}

async fn newest_open(tx: &mut Tx, phone: &Phone) -> Result<Option<FlagId>> {
    let open: Option<(FlagId,)> = tx
        .query(
            "SELECT id FROM flag WHERE organisation_id = $1 AND client_id = $2 AND state <> 'resolved'
             ORDER BY raised_at DESC, id DESC LIMIT 1",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .optional()
        .await?;
    Ok(open.map(|(id,)| id))
}

/// "Please talk to me" about a flag that a worker has resolved since: it must reach somebody all the same. It
/// goes to the open flag of its kind if there is one, else this one is opened again.
async fn open_again(tx: &mut Tx, phone: &Phone, id: FlagId, kind: FlagKind) -> Result<FlagId> {
    let open: Option<(FlagId,)> = tx
        .query(
            "SELECT id FROM flag WHERE organisation_id = $1 AND client_id = $2 AND kind = $3 AND state <> 'resolved'",
        )
        .bind(phone.organisation)
        .bind(phone.client)
        .bind(kind)
        .optional()
        .await?;
    if let Some((open,)) = open {
        return Ok(open);
    }
    tx.query(
        "UPDATE flag SET state = 'open', owner_id = NULL, acknowledged_at = NULL, resolved_at = NULL, outcome = NULL
         WHERE organisation_id = $1 AND id = $2",
    )
    .bind(phone.organisation)
    .bind(id)
    .execute()
    .await?;
    Ok(id)
}
