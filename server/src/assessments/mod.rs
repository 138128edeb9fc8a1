//! From check-ins to assessments: loads a client's diary, calls the engine of the core, keeps what it concluded
//! and lets the flags follow.

pub mod daily;
pub mod diary;
pub mod kept;

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use mobile_shared::early_warning::{self as engine, Language, sentence, silence_sentence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Record,
    app::App,
    clients::{self, Client},
    db::Tx,
    error::Result,
    events, flags,
    ids::{ClientId, ItemId, OrganisationId},
    jobs,
    paging::Page,
    reminders::{self, pattern::Lately},
};
use diary::Diary;

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
    /// `check_ins`, `days` with several check-ins, or `answers` where the item was skipped in between.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    counted: Option<engine::Counted>,
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
            counted: Some(f.counted),
            since: f.since,
        }
    }
}

/// A rule of the plan that was met, in the words of those who agreed it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Met {
    rule: String,
    pub words: String,
    pub item_id: String,
    value: f64,
    pub at_night: bool,
    /// The first day of the run of answers that meets it.
    since: NaiveDate,
}

impl Met {
    /// These answers have met this rule, with these terms, before. A run that began later is another.
    pub fn is_known_from(&self, before: &Self) -> bool {
        let terms = |met: &Self| (met.rule.clone(), met.value.to_bits(), met.at_night);
        terms(self) == terms(before) && self.since <= before.since
    }
}

impl From<&engine::Met> for Met {
    fn from(met: &engine::Met) -> Self {
        Self {
            rule: met.rule.clone(),
            words: met.words.clone(),
            item_id: met.item.clone(),
            value: met.value,
            at_night: met.at_night,
            since: met.since,
        }
    }
}

/// Why, in words and in numbers; kept sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Explanation {
    /// In English, which the team reads.
    pub sentence: String,
    pub facts: Vec<Fact>,
    /// The same sentence in Welsh. What was kept before the phone chose its language may lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translated: Option<String>,
    /// Rules of the plan that were met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<Met>,
    /// Of a day: the sentence about silence, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<String>,
    /// Of silence: the day of the last check-in before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_since: Option<NaiveDate>,
}

impl Explanation {
    /// Everything that was concluded of a day.
    pub fn of_day(assessment: &engine::Assessment) -> Self {
        Self { silence: silence_sentence(assessment, Language::En), ..Self::of_change(assessment) }
    }

    pub fn of_change(assessment: &engine::Assessment) -> Self {
        Self {
            sentence: sentence(assessment, Language::En),
            facts: assessment.facts.iter().map(Fact::from).collect(),
            translated: Some(sentence(assessment, Language::Cy)),
            met: assessment.met.iter().map(Met::from).collect(),
            silence: None,
            quiet_since: None,
        }
    }

    /// None where there is no silence.
    pub fn of_silence(assessment: &engine::Assessment) -> Option<Self> {
        let silence = assessment.silence.as_ref()?;
        Some(Self {
            sentence: silence_sentence(assessment, Language::En)?,
            facts: silence.facts.iter().map(Fact::from).collect(),
            translated: silence_sentence(assessment, Language::Cy),
            met: Vec::new(),
            silence: None,
            quiet_since: Some(silence.last),
        })
    }

    /// The questions it is about: those of the rules that were met first.
    pub fn about(&self) -> Vec<ItemId> {
        let met = self.met.iter().map(|met| &met.item_id);
        met.chain(self.facts.iter().map(|fact| &fact.item_id)).filter_map(|id| id.parse().ok().map(ItemId)).collect()
    }

    /// As the client reads it.
    pub fn sentences(&self) -> Sentences {
        Sentences { en: self.sentence.clone(), cy: self.translated.clone() }
    }
}

/// One sentence in each language that the client's app speaks: which one is read is chosen on the phone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sentences {
    pub en: String,
    /// None of what was kept before there was a choice.
    pub cy: Option<String>,
}

impl Sentences {
    pub fn each(say: impl Fn(Language) -> Option<String>) -> Option<Self> {
        Some(Self { en: say(Language::En)?, cy: say(Language::Cy) })
    }

    /// In the language of the client's record, for an app that knows of no other.
    pub fn of_record(&self, client: &Client) -> String {
        self.cy.clone().filter(|_| client.language == "cy").unwrap_or_else(|| self.en.clone())
    }
}

pub fn day_of(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// What is usual for a client and how things are, as of today.
#[derive(Debug)]
pub struct Picture {
    pub usual: Vec<Usual>,
    pub sentence: Option<Sentences>,
}

pub async fn picture(app: &App, organisation: OrganisationId, client: &Client) -> Result<Picture> {
    let today = day_of(app.now(), client.zone);
    let assessments = diary::load(&app.db, organisation, client).await?.assess(today);
    let Some(now) = assessments.last() else { return Ok(Picture { usual: Vec::new(), sentence: None }) };
    Ok(Picture {
        usual: now.usual.iter().map(Usual::from).collect(),
        sentence: Sentences::each(|language| engine::picture_sentence(now, language)),
    })
}

/// What the job concluded of a client: the engine's days, and the record as it is now.
#[derive(Debug)]
pub struct Concluded {
    pub today: NaiveDate,
    pub diary: Diary,
    pub assessments: Vec<engine::Assessment>,
    pub record: kept::Record,
    /// What became of their reminders.
    pub reminders: Lately,
}

impl Concluded {
    pub fn of(&self, day: NaiveDate) -> Option<&engine::Assessment> {
        self.assessments.iter().find(|a| a.day == day)
    }
}

/// The job after a check-in, after what the engine goes by was changed, and every morning: assess, keep, let the flags follow.
pub async fn assess(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    clients::take_turn(tx, organisation, client).await?;
    let client = clients::load_from(&mut *tx, app, organisation, client).await?;
    if !client.active {
        // Supported no more: nobody looks, and no other look is left.
        return Ok(());
    }
    let today = day_of(app.now(), client.zone);
    let diary = diary::load(&mut *tx, organisation, &client).await?;
    // Of somebody who never checked in there is nothing to conclude.
    let assessments = if diary.first_day().is_some() { diary.assess(today) } else { Vec::new() };
    let record = kept::keep(tx, app, organisation, &client, &diary, &assessments, today).await?;
    reminders::round::checked_in(tx, app, organisation, client.id).await?;
    let reminders = Lately::load(&mut *tx, organisation, &client, today).await?;
    let concluded = Concluded { today, diary, assessments, record, reminders };
    flags::follow::follow(tx, app, organisation, &client, &concluded).await?;
    if concluded.record.news {
        events::append(tx, app, organisation, events::What::CheckIn, client.id.0, client.id).await?;
    }
    if concluded.diary.is_followed(today) || concluded.reminders.shared {
        daily::look_tomorrow(tx, app, organisation, client.id, client.zone).await?;
    }
    Ok(())
}

/// Leaves that job for now.
pub async fn assess_soon(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    jobs::add(tx, app, organisation, jobs::Kind::Assess, client.0, app.now()).await
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Assessment {
    day: NaiveDate,
    /// `steady`, `watch` or `alert`
    level: String,
    sentence: String,
    facts: Vec<Fact>,
    /// That there was no check-in for longer than is usual for this client.
    silence: Option<String>,
}

/// What the engine concluded, newest day first.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/assessments", params(("id" = Uuid, Path)), responses((status = 200, body = Page<Assessment>)))]
pub async fn list(State(app): State<App>, record: Record) -> Result<Json<Page<Assessment>>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    Ok(Json(Page::all(kept::newest(&app, record.organisation, &client).await?)))
}
