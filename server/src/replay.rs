//! Replay before saving: what other rules, or another baseline, would have raised over this client's last weeks.
//!
//! The answer carries `seen`, a hash over the client, the day and the change. Saving a change asks for it: so nobody changes
//! what is told of a person without having looked, today, at what it would have meant. Nothing is kept for it.

use std::ops::RangeInclusive;

use axum::{Json, extract::State};
use chrono::{NaiveDate, TimeDelta};
use mobile_shared::{
    early_warning::{self as engine, Level, Standing},
    plan::{self, Rule},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Record,
    app::App,
    assessments::{
        Sentences, day_of,
        diary::{self, Other},
    },
    auth::hash,
    baseline::NewUsual,
    clients::{self, Client},
    error::{Body, Error, Faults, Result},
    flags::{FlagKind, FlagLevel},
    ids::OrganisationId,
    items, plans,
    warning_rules::NewRules,
};

/// Twelve weeks, up to today.
const DAYS: TimeDelta = TimeDelta::days(84);

/// What is to be changed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub rules: Option<NewRules>,
    /// Replayed as if it had been in force all through.
    pub baseline: Option<NewUsual>,
    /// The rules of the plan, replayed as if they had been in force all through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub plan_rules: Option<Vec<Rule>>,
}

impl Change {
    pub fn of_rules(rules: NewRules) -> Self {
        Self { rules: Some(rules), baseline: None, plan_rules: None }
    }

    pub fn of_baseline(usual: NewUsual) -> Self {
        Self { rules: None, baseline: Some(usual), plan_rules: None }
    }

    pub fn of_plan(rules: Vec<Rule>) -> Self {
        Self { rules: None, baseline: None, plan_rules: Some(rules) }
    }

    /// The proof that this change was looked at today.
    fn seen(&self, app: &App, client: &Client) -> String {
        let mut canonical = self.clone();
        if let Some(usual) = &mut canonical.baseline {
            usual.items.sort_by_key(|item| item.item_id);
        }
        if let Some(rules) = &mut canonical.plan_rules {
            rules.sort_by_key(|rule| rule.id);
        }
        let today = day_of(app.now(), client.zone);
        // Our own plain structs: serialising them cannot fail.
        hex::encode(hash(&serde_json::to_vec(&(client.id, today, canonical)).unwrap_or_default()))
    }
}

/// Refuses a change that was not looked at today.
pub fn must_have_seen(app: &App, client: &Client, change: &Change, seen: Option<&str>) -> Result<()> {
    if seen == Some(change.seen(app, client).as_str()) {
        return Ok(());
    }
    Err(Error::Conflict(
        "Please look first at what this would have raised: the look was not at this change, or not today.",
    ))
}

/// Some days in a row on which a change, or silence, stood.
#[derive(Debug, Serialize, ToSchema)]
pub struct Episode {
    /// `early_warning` or `silence`
    kind: FlagKind,
    level: FlagLevel,
    first_day: NaiveDate,
    last_day: NaiveDate,
    /// Of the first day on which it was as high as it came to be; in English, which the team reads.
    sentence: String,
    sentences: Sentences,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Replayed {
    from: NaiveDate,
    to: NaiveDate,
    /// By what is in force.
    now: Vec<Episode>,
    /// By the change.
    then: Vec<Episode>,
    /// To be given back when the change is saved.
    seen: String,
}

fn episodes(days: &[engine::Assessment]) -> Vec<Episode> {
    engine::episodes(days).iter().filter_map(|episode| describe(episode, days)).collect()
}

fn describe(episode: &engine::Episode, days: &[engine::Assessment]) -> Option<Episode> {
    let mut days = days.iter().filter(|a| (episode.first..=episode.last).contains(&a.day));
    let (kind, sentences) = match episode.what {
        Standing::Change => {
            let highest = days.find(|a| a.level == episode.level)?;
            (FlagKind::EarlyWarning, Sentences::each(|language| Some(engine::sentence(highest, language)))?)
        }
        Standing::Silence => {
            let quiet = days.find(|a| a.silence.is_some())?;
            (FlagKind::Silence, Sentences::each(|language| engine::silence_sentence(quiet, language))?)
        }
    };
    let level = if episode.level == Level::Alert { FlagLevel::Alert } else { FlagLevel::Watch };
    let sentence = sentences.en.clone();
    Some(Episode { kind, level, first_day: episode.first, last_day: episode.last, sentence, sentences })
}

/// What a change would have raised over the last twelve weeks, beside what is raised as it is.
#[utoipa::path(post, path = "/api/v1/team/clients/{id}/assessments/replay", params(("id" = Uuid, Path)), request_body = Change, responses((status = 200, body = Replayed)))]
pub async fn replay(State(app): State<App>, record: Record, Body(change): Body<Change>) -> Result<Json<Replayed>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    Ok(Json(of(&app, record.organisation, &client, &change).await?))
}

/// The same for whoever may ask.
pub async fn of(app: &App, organisation: OrganisationId, client: &Client, change: &Change) -> Result<Replayed> {
    let today = day_of(app.now(), client.zone);
    let items = items::all(&app.db, organisation, client).await?;
    let mut faults = Faults::default();
    if let Some(usual) = &change.baseline {
        usual.check(&mut faults, &items, today, "baseline.");
    }
    if let Some(rules) = &change.plan_rules {
        let body = plan::Body { rules: rules.clone(), ..plan::Body::default() };
        body.faults().iter().for_each(|fault| _ = faults.check(false, &fault.field, fault.message));
        plans::draft::check_rules(&mut faults, rules, &items, "rules");
    }
    faults.done()?;
    let diary = diary::load(&app.db, organisation, client).await?;
    let days: RangeInclusive<NaiveDate> = today - DAYS + TimeDelta::days(1)..=today;
    let other = Other {
        rules: change.rules.map(|rules| rules.of(client)),
        usual: change.baseline.as_ref().map(|usual| usual.agreed(&diary)),
        plan: change.plan_rules.as_ref().map(|rules| plans::beside::rules(rules, &items)),
    };
    Ok(Replayed {
        from: *days.start(),
        to: today,
        now: episodes(&diary.replay(Other::default(), days.clone())),
        then: episodes(&diary.replay(other, days)),
        seen: change.seen(app, client),
    })
}
