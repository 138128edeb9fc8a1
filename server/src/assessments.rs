//! From check-ins to assessments: loads a client's diary, calls the engine of the core, keeps what it concluded
//! and lets the flags follow.

use axum::{Json, extract::State};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use mobile_shared::early_warning::{self as engine, ItemKind, ItemSpec, Language, Level, sentence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Record,
    app::App,
    check_ins,
    clients::{self, Client},
    db::{Connection, Tx},
    error::Result,
    events, flags,
    ids::{ClientId, OrganisationId},
    items::{self, Kind},
    jobs,
    paging::Page,
    seal::Place,
};

/// What is usual for one item, in its own scale.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Usual {
    item_id: String,
    low: f64,
    high: f64,
    centre: f64,
}

impl From<&engine::Usual> for Usual {
    fn from(u: &engine::Usual) -> Self {
        Self { item_id: u.item.clone(), low: u.low, high: u.high, centre: u.centre }
    }
}

/// Answers from `low` to `high` are usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Band {
    low: f64,
    high: f64,
    centre: f64,
}

/// One item's part in a flag: from what to what, how often, since when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Fact {
    item_id: String,
    text: String,
    usual: Band,
    now: f64,
    count: usize,
    of: usize,
    since: NaiveDate,
}

impl From<&engine::Fact> for Fact {
    fn from(f: &engine::Fact) -> Self {
        Self {
            item_id: f.item.clone(),
            text: f.label.clone(),
            usual: Band { low: f.usual.low, high: f.usual.high, centre: f.usual.centre },
            now: f.now,
            count: f.count,
            of: f.of,
            since: f.since,
        }
    }
}

/// Why, in words and in numbers; kept sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Explanation {
    pub sentence: String,
    pub facts: Vec<Fact>,
}

impl Explanation {
    pub fn of(assessment: &engine::Assessment, language: Language) -> Self {
        Self { sentence: sentence(assessment, language), facts: assessment.facts.iter().map(Fact::from).collect() }
    }
}

pub fn language(client: &Client) -> Language {
    if client.language == "cy" { Language::Cy } else { Language::En }
}

/// Everything a client ever answered, as the engine takes it.
#[derive(Debug)]
pub struct Diary {
    inner: engine::Diary,
    /// The last one to arrive was made on an earlier day.
    pub newest_is_late: bool,
}

pub async fn diary(mut from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Diary> {
    let items = items::all(&mut from, organisation, client).await?;
    let items = items
        .iter()
        .map(|item| ItemSpec {
            key: item.id.to_string(),
            label: item.short_name(),
            kind: if item.kind == Kind::Sign { ItemKind::Sign } else { ItemKind::Standard },
            min: f64::from(item.min),
            max: f64::from(item.max),
            higher_is: item.higher_is,
            // A retired wording may still be answered from a phone that was offline: those answers count.
            ends: None,
        })
        .collect();
    let rows = check_ins::between(&mut from, organisation, client.id, &check_ins::Range::default(), i64::MAX).await?;
    let newest = rows.iter().max_by_key(|r| r.received_at);
    let newest_is_late = newest.is_some_and(|r| r.day < day_of(r.received_at, client.zone));
    let mut diary = Vec::with_capacity(rows.len());
    for row in rows.iter().filter(|r| r.replaced_by.is_none()) {
        let answers = row.answers(&client.key)?;
        let answers =
            answers.iter().filter_map(|a| a.value.map(|value| engine::Answer { item: a.item_id.to_string(), value }));
        diary.push(engine::CheckIn { day: row.day, answers: answers.collect() });
    }
    let inner = engine::Diary { items, check_ins: diary, baselines: Vec::new() };
    Ok(Diary { inner, newest_is_late })
}

pub fn day_of(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

impl Diary {
    /// Every day from the first check-in to `today`.
    pub fn assess(&self, today: NaiveDate) -> Vec<engine::Assessment> {
        let first = self.inner.check_ins.iter().map(|c| c.day).min().unwrap_or(today).min(today);
        engine::assess(&self.inner, first..=today)
    }

    pub fn has_check_in_on(&self, day: NaiveDate) -> bool {
        self.inner.check_ins.iter().any(|c| c.day == day)
    }
}

/// What is usual for a client and how things are, as of today.
#[derive(Debug)]
pub struct Picture {
    pub usual: Vec<Usual>,
    pub sentence: Option<String>,
}

pub async fn picture(app: &App, organisation: OrganisationId, client: &Client) -> Result<Picture> {
    let today = day_of(app.now(), client.zone);
    let assessments = diary(&app.db, organisation, client).await?.assess(today);
    let Some(now) = assessments.last() else { return Ok(Picture { usual: Vec::new(), sentence: None }) };
    Ok(Picture {
        usual: now.usual.iter().map(Usual::from).collect(),
        sentence: engine::picture_sentence(now, language(client)),
    })
}

/// The job after a check-in, and once a day while a change stands: assess, keep, let the flags follow.
pub async fn assess(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    clients::take_turn(tx, organisation, client).await?;
    let client = clients::load_from(&mut *tx, app, organisation, client).await?;
    let today = day_of(app.now(), client.zone);
    let diary = diary(&mut *tx, organisation, &client).await?;
    let assessments = diary.assess(today);
    keep(tx, app, organisation, &client, &assessments, today).await?;
    flags::follow(tx, app, organisation, &client, &diary, &assessments, today).await?;
    events::append(tx, app, organisation, events::What::CheckIn, client.id.0, client.id).await?;
    let stands = assessments.last().is_some_and(|a| a.level > Level::Steady);
    if stands && !jobs::is_waiting(tx, app, organisation, jobs::Kind::Assess, client.id.0).await? {
        // Time alone can end a change: look again tomorrow, before the day's first shift.
        jobs::add(tx, app, organisation, jobs::Kind::Assess, client.id.0, next_morning(today, client.zone)).await?;
    }
    Ok(())
}

fn next_morning(today: NaiveDate, zone: Tz) -> DateTime<Utc> {
    const FIVE: NaiveTime = match NaiveTime::from_hms_opt(5, 0, 0) {
        Some(five) => five,
        None => NaiveTime::MIN,
    };
    let local = (today + TimeDelta::days(1)).and_time(FIVE);
    // Five in the morning exists once in every zone whose clocks change at night; elsewhere UTC is near enough.
    local.and_local_timezone(zone).earliest().map_or_else(|| local.and_utc(), |at| at.to_utc())
}

#[derive(sqlx::FromRow)]
struct Kept {
    day: NaiveDate,
    level: String,
    explanation: Vec<u8>,
}

/// Its row is a client's day.
fn place(client: ClientId, day: NaiveDate) -> Place {
    let days = u128::from(day.num_days_from_ce().unsigned_abs());
    Place { column: "assessment.explanation", row: Uuid::from_u128(client.0.as_u128() ^ days) }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Steady => "steady",
        Level::Watch => "watch",
        Level::Alert => "alert",
    }
}

/// Keeps what is new: today, and days whose level a late check-in has changed.
async fn keep(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    assessments: &[engine::Assessment],
    today: NaiveDate,
) -> Result<()> {
    let kept: Vec<(NaiveDate, String)> = tx
        .query("SELECT day, level FROM assessment WHERE organisation_id = $1 AND client_id = $2")
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?;
    for assessment in assessments {
        let level = word(assessment.level);
        if assessment.day != today && kept.iter().any(|(day, l)| *day == assessment.day && l == level) {
            continue;
        }
        let explanation = Explanation::of(assessment, language(client));
        tx.query(
            "INSERT INTO assessment (organisation_id, client_id, day, level, engine, explanation, assessed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (organisation_id, client_id, day) DO UPDATE SET level = excluded.level, engine = excluded.engine,
                explanation = excluded.explanation, assessed_at = excluded.assessed_at",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(assessment.day)
        .bind(level)
        .bind(engine::VERSION)
        .bind(client.key.seal_json(&app.chance, place(client.id, assessment.day), &explanation))
        .bind(app.now())
        .execute()
        .await?;
    }
    Ok(())
}

/// The days from one to another on which a change stood.
pub async fn standing_days(
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<NaiveDate>> {
    let days: Vec<(NaiveDate,)> = app
        .db
        .query(
            "SELECT day FROM assessment WHERE organisation_id = $1 AND client_id = $2 AND day >= $3 AND day <= $4
             AND level <> 'steady' ORDER BY day",
        )
        .bind(organisation)
        .bind(client)
        .bind(from)
        .bind(to)
        .all()
        .await?;
    Ok(days.into_iter().map(|d| d.0).collect())
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Assessment {
    day: NaiveDate,
    /// `steady`, `watch` or `alert`
    level: String,
    sentence: String,
    facts: Vec<Fact>,
}

/// What the engine concluded, newest day first.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/assessments", params(("id" = Uuid, Path)), responses((status = 200, body = Page<Assessment>)))]
pub async fn list(State(app): State<App>, record: Record) -> Result<Json<Page<Assessment>>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let rows: Vec<Kept> = app
        .db
        .query(
            "SELECT day, level, explanation FROM assessment WHERE organisation_id = $1 AND client_id = $2
             ORDER BY day DESC LIMIT 400",
        )
        .bind(record.organisation)
        .bind(record.client)
        .all()
        .await?;
    let open = |row: Kept| {
        let why: Explanation = client.key.open_json(place(client.id, row.day), &row.explanation)?;
        Ok(Assessment { day: row.day, level: row.level, sentence: why.sentence, facts: why.facts })
    };
    Ok(Json(Page::all(rows.into_iter().map(open).collect::<Result<_>>()?)))
}
