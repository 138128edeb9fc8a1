//! What client and worker agreed in the plan: "if I haven't slept for three nights, ring me". No weighing here: the answers
//! are as the rule says, or they are not.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{CheckIn, Diary, ItemKind, ItemSpec};
pub use crate::plan::Side;

/// A rule of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRule {
    pub id: String,
    /// The question it is about, in every wording it was asked in on this scale.
    pub items: Vec<String>,
    pub side: Side,
    /// In the item's own scale.
    pub value: f64,
    /// On how many answered days, one after the other.
    pub days: usize,
    /// As client and worker say it.
    pub words: String,
    /// Agreed that it may ring at night.
    #[serde(default)]
    pub at_night: bool,
}

/// The rules of one version of the plan. They hold from a day on, until those of another do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRules {
    /// First day that is judged by them. Answers before it count for a run that reaches into it.
    pub from: NaiveDate,
    pub rules: Vec<PlanRule>,
}

/// A rule whose answers have come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Met {
    pub rule: String,
    pub words: String,
    pub at_night: bool,
    pub item: String,
    pub label: String,
    pub kind: ItemKind,
    pub side: Side,
    pub value: f64,
    /// Answered days in a row, up to the last, on which it was so; at least as many as the rule asks for.
    pub count: usize,
    /// The first of them.
    pub since: NaiveDate,
}

/// The middle answer of each day.
type Answered = Vec<(NaiveDate, f64)>;

/// What was answered to the items that rules are about.
#[derive(Debug)]
pub(super) struct ByPlan<'a> {
    plans: &'a [PlanRules],
    items: BTreeMap<&'a str, (&'a ItemSpec, Answered)>,
}

impl<'a> ByPlan<'a> {
    pub fn new(diary: &'a Diary) -> Self {
        let rules = || diary.plans.iter().flat_map(|plan| &plan.rules);
        let asked = diary.items.iter().filter(|item| rules().any(|rule| rule.items.contains(&item.key)));
        Self { plans: &diary.plans, items: asked.map(|item| (item.key.as_str(), (item, Vec::new()))).collect() }
    }

    /// Of several answers on one day the middle one counts, as everywhere.
    pub fn take_in(&mut self, day: NaiveDate, check_ins: &[&CheckIn]) {
        for (key, (_, answered)) in &mut self.items {
            let answers = check_ins.iter().flat_map(|c| &c.answers).filter(|a| a.item == *key && a.value.is_finite());
            let mut said: Vec<f64> = answers.map(|a| a.value).collect();
            said.sort_by(f64::total_cmp);
            if let Some(upper) = said.get(said.len() / 2) {
                let lower = said[(said.len() - 1) / 2];
                answered.push((day, f64::midpoint(lower, *upper)));
            }
        }
    }

    /// The rules in force that are met on this day. After `quiet_days` without an answer nothing is known, and a run is broken.
    pub fn met(&self, day: NaiveDate, quiet_days: i64) -> Vec<Met> {
        let Some(plan) = self.plans.iter().filter(|p| p.from <= day).max_by_key(|p| p.from) else { return Vec::new() };
        plan.rules.iter().filter_map(|rule| self.is_met(rule, day, TimeDelta::days(quiet_days))).collect()
    }

    fn is_met(&self, rule: &PlanRule, day: NaiveDate, longest: TimeDelta) -> Option<Met> {
        let is_so = |value: f64| match rule.side {
            Side::AtLeast => value >= rule.value,
            Side::AtMost => value <= rule.value,
        };
        let mut said: Vec<(NaiveDate, f64, &ItemSpec)> = Vec::new();
        for (item, answered) in rule.items.iter().filter_map(|key| self.items.get(key.as_str())) {
            said.extend(answered.iter().map(|(on, value)| (*on, *value, *item)));
        }
        // On the day a question was reworded both wordings may have been answered: both must say so.
        said.sort_by_key(|(on, ..)| *on);
        let (mut later, mut days) = (day, Vec::new());
        for (on, value, item) in said.iter().rev() {
            if later - *on > longest || !is_so(*value) {
                days.retain(|(counted, _)| counted != on);
                break;
            }
            later = *on;
            if days.last().is_none_or(|(last, _)| last != on) {
                days.push((*on, *item));
            }
        }
        let ((_, item), (since, _)) = (days.first()?, days.last()?);
        (days.len() >= rule.days.max(1)).then(|| Met {
            rule: rule.id.clone(),
            words: rule.words.clone(),
            at_night: rule.at_night,
            item: item.key.clone(),
            label: item.label.clone(),
            kind: item.kind,
            side: rule.side,
            value: rule.value,
            count: days.len(),
            since: *since,
        })
    }
}
