//! Check-ins by text, as a worker agrees them with a client.

use axum::{Json, extract::State as Shared, http::StatusCode};
use chrono::{DateTime, Duration, Utc};
use mobile_shared::reminder::{Clock, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    EndedBy, State, is_possible,
    kept::{self, Agreed},
    news, outgoing, round,
    settings::Settings,
    words::Texts,
};
use crate::{
    access::Record,
    app::App,
    audit::Actor,
    auth::limits::{self, Limit},
    clients::{self, Client},
    config::Language,
    error::{Body, Error, Faults, Result},
    events,
    given::Given,
    ids::{OrganisationId, SeriesId},
    items::{self, Item},
    organisation,
    workers::Names,
};

/// Check-ins by text, and how far they have come.
#[derive(Debug, Serialize, ToSchema)]
pub struct ByText {
    /// This server can send texts and take what is answered.
    possible: bool,
    /// That texts are written in here.
    languages: Vec<Language>,
    /// `null`: it was never agreed.
    state: Option<State>,
    agreed: Option<Agreement>,
    settings: Option<ByTextSettings>,
    /// The question, word for word.
    question: Option<String>,
    said_yes_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    ended_by: Option<EndedBy>,
    last_text: Option<LastText>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Agreement {
    how: Given,
    /// First name of the worker.
    with: Option<String>,
    at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ByTextSettings {
    number: String,
    items: Vec<SeriesId>,
    #[schema(value_type = Vec<String>)]
    days: Vec<Weekday>,
    #[schema(value_type = String)]
    time: Clock,
    language: String,
    names_questions: bool,
    from: String,
}

/// What became of the last text that was not an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct LastText {
    at: DateTime<Utc>,
    /// The gateway took it; more is not known.
    sent_at: Option<DateTime<Utc>>,
    problem: Option<String>,
}

/// As a worker of the team sees it, and the client.
pub async fn describe(app: &App, organisation: OrganisationId, client: &Client) -> Result<ByText> {
    let possible = is_possible(app);
    let languages = app.config.languages.clone();
    let Some(row) = kept::load(&app.db, organisation, client.id).await? else {
        return Ok(ByText {
            possible,
            languages,
            state: None,
            agreed: None,
            settings: None,
            question: None,
            said_yes_at: None,
            ended_at: None,
            ended_by: None,
            last_text: None,
        });
    };
    let names = Names::load(app, organisation).await?;
    let settings = row.settings(client)?;
    let items = items::all(&app.db, organisation, client).await?;
    let question = match &settings {
        Some(settings) => Some(Texts::to(app, client, settings, None)?.question(&settings.questions(&items))),
        None => None,
    };
    let last = outgoing::last(&app.db, organisation, client.id).await?;
    Ok(ByText {
        possible,
        languages,
        state: Some(row.state),
        agreed: Some(Agreement { how: row.agreed_how, with: names.first(Some(row.agreed_with)), at: row.agreed_at }),
        settings: settings.map(|s| ByTextSettings {
            number: s.number,
            items: s.items,
            days: s.days,
            time: s.time,
            language: s.language,
            names_questions: s.names_questions,
            from: s.from,
        }),
        question,
        said_yes_at: row.said_yes_at,
        ended_at: row.ended_at,
        ended_by: row.ended_by,
        last_text: last.map(|l| LastText { at: l.made_at, sent_at: l.sent_at, problem: l.problem }),
    })
}

/// Check-ins by text of this client.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/by-text", params(("id" = Uuid, Path)), responses((status = 200, body = ByText)))]
pub async fn show(Shared(app): Shared<App>, record: Record) -> Result<Json<ByText>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    Ok(Json(describe(&app, record.organisation, &client).await?))
}

/// What client and worker agreed. What is missing is as is usual: mood, every day, at ten, in the client's language, from the provider,
/// without naming what is asked about.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewByText {
    number: String,
    /// `in_person` or `by_phone`
    agreed: Given,
    items: Option<Vec<SeriesId>>,
    #[schema(value_type = Option<Vec<String>>)]
    days: Option<Vec<Weekday>>,
    #[schema(value_type = Option<String>)]
    time: Option<Clock>,
    language: Option<String>,
    #[serde(default)]
    names_questions: bool,
    from: Option<String>,
}

const EVERY_DAY: [Weekday; 7] =
    [Weekday::Mo, Weekday::Tu, Weekday::We, Weekday::Th, Weekday::Fr, Weekday::Sa, Weekday::Su];

impl NewByText {
    async fn settings(
        self,
        app: &App,
        organisation: OrganisationId,
        client: &Client,
        items: &[Item],
    ) -> Result<Settings> {
        let from = match self.from {
            Some(from) => from.trim().to_owned(),
            None => organisation::brand(&app.db, organisation).await?.name,
        };
        let mood = || items.iter().filter(|i| i.key.as_deref() == Some("mood")).map(|i| i.series_id).collect();
        let settings = Settings {
            number: self.number,
            items: self.items.unwrap_or_else(mood),
            days: self.days.unwrap_or_else(|| EVERY_DAY.to_vec()),
            time: self.time.or(Clock::new(10, 0)).ok_or_else(|| Error::internal("ten is a time"))?,
            language: self.language.unwrap_or_else(|| client.language.clone()),
            names_questions: self.names_questions,
            from,
        };
        settings.checked(items)
    }
}

/// So many changes a day: each may send a text to somebody.
const CHANGES: Limit = Limit { most: 20, window: Duration::days(1) };

/// Agrees on check-ins by text, with the client. The number is asked first; nothing else is sent before it says yes.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/by-text", params(("id" = Uuid, Path)), request_body = NewByText,
    responses((status = 200, body = ByText), (status = 409, body = crate::error::Problem)))]
pub async fn put(Shared(app): Shared<App>, record: Record, Body(new): Body<NewByText>) -> Result<Json<ByText>> {
    if !is_possible(&app) {
        return Err(Error::Conflict("This server cannot send texts and take what is answered."));
    }
    let (organisation, id) = (record.organisation, record.client);
    Faults::default()
        .check(new.agreed.is_told_to_a_worker(), "agreed", "Was it agreed in person, or by phone?")
        .done()?;
    limits::count(&app, &format!("by_text:{id}"), CHANGES).await?;
    let client = clients::load(&app, organisation, id).await?;
    let mut items = items::all(&app.db, organisation, &client).await?;
    items.retain(|item| item.current);
    let agreed = Agreed { how: new.agreed, with: record.worker.id };
    let settings = new.settings(&app, organisation, &client, &items).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, organisation, id).await?;
    let before = kept::load(&mut tx, organisation, id).await?;
    kept::keep(&mut tx, &app, organisation, &client, &settings, agreed).await?;
    let now = kept::load(&mut tx, organisation, id).await?.ok_or(Error::NotFound)?;
    if let Some(before) = before.filter(|before| before.number_hash != now.number_hash) {
        news::read_no_more(&mut tx, &app, organisation, id, &before).await?;
    }
    if now.state == State::Waiting {
        if !outgoing::is_asked_first(&mut tx, &app, organisation, id, &settings.number).await? {
            let words = Texts::to(&app, &client, &settings, None)?.first();
            outgoing::first(&mut tx, &app, organisation, &client, &settings, words).await?;
        }
    } else {
        round::soon(&mut tx, &app, organisation, id).await?;
    }
    events::append(&mut tx, &app, organisation, events::What::Client, id.0, id).await?;
    tx.commit().await?;
    app.wake();
    Ok(Json(describe(&app, organisation, &client).await?))
}

/// It ends: nothing is sent any more, and the number is forgotten.
#[utoipa::path(delete, path = "/api/v1/team/clients/{id}/by-text", params(("id" = Uuid, Path)), responses((status = 204)))]
pub async fn end(Shared(app): Shared<App>, record: Record) -> Result<StatusCode> {
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    let by = Actor::Worker(record.worker.id);
    news::end(&mut tx, &app, record.organisation, record.client, EndedBy::Worker, by).await?;
    tx.commit().await?;
    app.wake();
    Ok(StatusCode::NO_CONTENT)
}
