//! Everything a client ever answered, what was agreed about it, and the rules they chose: what the engine is asked with.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{NaiveDate, TimeDelta};
use mobile_shared::early_warning::{self as engine, Agreed, ItemKind, ItemSpec, PlanRule, PlanRules, Rules};

use super::day_of;
use crate::{
    auth::hash,
    baseline, check_ins,
    clients::Client,
    db::Connection,
    error::Result,
    ids::{CheckInId, OrganisationId},
    items::{self, Item, Kind},
    plans,
    warning_rules::{self, Chosen},
};

/// A client who has not checked in for this long is no longer looked at every morning: whoever stopped has stopped.
pub const LOOKED_AFTER_FOR: TimeDelta = TimeDelta::days(60);

#[derive(Debug)]
pub struct Diary {
    inner: engine::Diary,
    rules: Rules,
    chosen: Chosen,
    /// The check-ins that count, by their day.
    ids: BTreeMap<NaiveDate, Vec<CheckInId>>,
    /// The last one to arrive was made on an earlier day.
    pub newest_is_late: bool,
}

pub async fn load(mut from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Diary> {
    let items = items::all(&mut from, organisation, client).await?;
    let rows = check_ins::between(&mut from, organisation, client.id, &check_ins::Range::default(), i64::MAX).await?;
    let chosen = warning_rules::in_force(&mut from, organisation, client.id).await?;
    let newest = rows.iter().max_by_key(|r| r.received_at);
    let newest_is_late = newest.is_some_and(|r| r.day < day_of(r.received_at, client.zone));
    let mut check_ins = Vec::with_capacity(rows.len());
    let mut ids: BTreeMap<NaiveDate, Vec<CheckInId>> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.replaced_by.is_none()) {
        let answers = row.answers(&client.key)?;
        let answers =
            answers.iter().filter_map(|a| a.value.map(|value| engine::Answer { item: a.item_id.to_string(), value }));
        check_ins.push(engine::CheckIn { day: row.day, answers: answers.collect() });
        ids.entry(row.day).or_default().push(row.id);
    }
    ids.values_mut().for_each(|day| day.sort_unstable());
    let mut baselines = baseline::agreed(&mut from, organisation, client).await?;
    for baseline in &mut baselines {
        // The engine's days begin with the first check-in; what was agreed before that holds from there.
        baseline.from = ids.keys().next().map_or(baseline.from, |first| baseline.from.max(*first));
    }
    let plan = plans::beside::agreed(&mut from, organisation, client).await?;
    let specs = items.iter().map(|item| spec(item, plan.stage(item, &items))).collect();
    let inner = engine::Diary { items: specs, check_ins, baselines, plans: plan.rules(&items) };
    Ok(Diary { inner, rules: chosen.rules(client), chosen, ids, newest_is_late })
}

fn spec(item: &Item, stage: u8) -> ItemSpec {
    ItemSpec {
        key: item.id.to_string(),
        label: item.short_name(),
        kind: if item.kind == Kind::Sign { ItemKind::Sign } else { ItemKind::Standard },
        stage,
        min: f64::from(item.min),
        max: f64::from(item.max),
        higher_is: item.higher_is,
        // A retired wording may still be answered from a phone that was offline: those answers count.
        ends: None,
    }
}

/// What a replay puts in the place of what is in force.
#[derive(Debug, Default)]
pub struct Other {
    pub rules: Option<Rules>,
    pub usual: Option<Vec<Agreed>>,
    pub plan: Option<Vec<PlanRule>>,
}

impl Diary {
    /// Every day from the first check-in to `today`, by the rules and baselines in force.
    pub fn assess(&self, today: NaiveDate) -> Vec<engine::Assessment> {
        let first = self.first_day().unwrap_or(today).min(today);
        engine::assess_by(&self.rules, &self.inner, first..=today)
    }

    /// Some days as they would have been with something else in force all through.
    pub fn replay(&self, other: Other, days: RangeInclusive<NaiveDate>) -> Vec<engine::Assessment> {
        let mut inner = self.inner.clone();
        let first = self.first_day().unwrap_or(*days.start()).min(*days.start());
        if let Some(usual) = other.usual {
            inner.baselines = vec![engine::Baseline { from: first, usual }];
        }
        if let Some(rules) = other.plan {
            inner.plans = vec![PlanRules { from: first, rules }];
        }
        let rules = other.rules.as_ref().unwrap_or(&self.rules);
        let mut all = engine::assess_by(rules, &inner, first..=*days.end());
        all.retain(|a| days.contains(&a.day));
        all
    }

    /// What those days' answers say is usual.
    pub fn propose(&self, days: RangeInclusive<NaiveDate>) -> Vec<Agreed> {
        engine::propose(&self.rules, &self.inner, days)
    }

    pub fn has_check_in_on(&self, day: NaiveDate) -> bool {
        self.ids.contains_key(&day)
    }

    pub fn first_day(&self) -> Option<NaiveDate> {
        self.ids.keys().next().copied()
    }

    pub fn last_day(&self) -> Option<NaiveDate> {
        self.ids.keys().next_back().copied()
    }

    /// Whether this client is looked at every morning.
    pub fn is_followed(&self, today: NaiveDate) -> bool {
        self.last_day().is_some_and(|last| today - last <= LOOKED_AFTER_FOR)
    }

    /// Client and team both let silence be a signal.
    pub fn silence_counts(&self) -> bool {
        self.rules.silence
    }

    /// The rules by which days are concluded, to be kept beside each.
    pub fn rules_name(&self) -> String {
        format!("{} {}", engine::VERSION, self.chosen.sensitivity.word())
    }

    /// For each of these days, a hash over the check-ins that count on it or before.
    pub fn known(&self, days: impl Iterator<Item = NaiveDate>) -> Vec<Vec<u8>> {
        let mut check_ins = self.ids.iter().peekable();
        let mut so_far = hash(b"nothing yet");
        let upto = |day: NaiveDate| {
            while let Some((_, ids)) = check_ins.next_if(|(made_on, _)| **made_on <= day) {
                for id in ids {
                    so_far.extend_from_slice(id.0.as_bytes());
                }
                so_far = hash(&so_far);
            }
            so_far.clone()
        };
        days.map(upto).collect()
    }
}
