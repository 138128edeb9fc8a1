//! Early warning: what changed from a client's own usual, how persistently, and in which words.
//!
//! [`assess`] is a pure fold over a client's check-ins: no clock, no disk, no chance. The same answers give the same
//! assessments on the server, on a phone and in the `companion assess` filter, and the assessment of a day uses nothing
//! that was said later.
//!
//! How it thinks, once a day:
//! 1. Each item's answers are turned so that higher is worse and compared with what is *usual* for this client: what was
//!    said in the first four weeks (`usual.rs`). A new usual is agreed on purpose ([`ItemSpec::usual_from`]). Should the
//!    last months have been worse than that, a change is measured mostly from there: it must be a change from lately as
//!    well, or somebody whose life has moved on would be flagged for ever.
//! 2. A moving average (EWMA) shows how high each item stands; one bad day cannot lift it far (`track.rs`).
//! 3. The subset of items that rise together is weighed as one (`engine.rs`). Its height decides between steady, watch and
//!    alert, and only if at least one of its items was outside usual on several of the last answers.
//! 4. A change stands until it has clearly eased, or until nothing was heard for a week.
//!
//! What it does not do yet: silence says nothing here (a separate, gentler signal will), and weekdays are all alike.
//! It does not predict or diagnose; a person decides what a change means.

mod engine;
mod rules;
mod track;
mod usual;
mod words;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use crate::item::HigherIs;
pub use rules::{Rules, VERSION};
pub use words::{Language, picture_sentence, sentence, sentence_naming_days};

/// A question everybody may be asked, or a sign of the client's own choosing (which counts for more).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Standard,
    Sign,
}

/// One version of one question, as the engine needs to know it. A reworded question is a new item with its own usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemSpec {
    /// What answers refer to; unique among a client's items (a UUID on the server, a column name in a CSV file).
    pub key: String,
    /// What it is called in a sentence: a short name in lower case ("sleep"), or the client's own words for a sign, bare of
    /// quotation marks.
    pub label: String,
    pub kind: ItemKind,
    /// The lowest possible answer. An item whose `max` is not above its `min` is left out.
    pub min: f64,
    /// The highest possible answer.
    pub max: f64,
    pub higher_is: HigherIs,
    /// First day on which it is no longer asked. From then on it says nothing.
    #[serde(default)]
    pub ends: Option<NaiveDate>,
    /// Day from which a new usual is learned, because client and worker agreed that the old one no longer fits.
    #[serde(default)]
    pub usual_from: Option<NaiveDate>,
}

/// One check-in, on the day it is counted under (the client's own calendar).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckIn {
    pub day: NaiveDate,
    /// What was answered; skipped items are left out. Answers to unknown items are ignored.
    pub answers: Vec<Answer>,
}

/// One answer, in the item's own scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub item: String,
    pub value: f64,
}

/// What an assessment amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Steady,
    /// In the inbox.
    Watch,
    /// Also pushed, by day.
    Alert,
}

/// How a day's level compares with that of the day before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    Unchanged,
    /// From steady to watch or alert.
    Raised,
    /// From watch to alert.
    Rose,
    /// From alert to watch.
    Fell,
    /// To steady, because the answers are nearer to usual.
    Eased,
    /// To steady, because too little was heard lately to say that it still stands.
    WentQuiet,
}

/// What an item's `count` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Every check-in was on a day of its own.
    CheckIns,
    /// Days; on some of them the item was answered more than once and the middle answer counted.
    Days,
}

/// What is usual for one item, in its own scale: what was said in the first four weeks, while no change stood. Answers of
/// `low..=high` are usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    pub item: String,
    pub low: f64,
    /// The middle one of the answers it was learned from.
    pub centre: f64,
    pub high: f64,
}

/// One item's part in an assessment. All numbers are in the item's own scale and come from the answers themselves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    pub item: String,
    pub label: String,
    pub kind: ItemKind,
    pub usual: Usual,
    /// The middle one of the `count` answers.
    pub now: f64,
    /// How many of the last `of` answers to this item the fact is about: those outside usual on the worse side (for
    /// [`Assessment::facts`] of a change), on the better side ([`Assessment::better`]), or inside usual (facts of a change that
    /// eased).
    pub count: usize,
    pub of: usize,
    pub counted: Counted,
    /// The day on which the present run of such answers began.
    pub since: NaiveDate,
}

/// What the engine concludes for one client on one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    pub day: NaiveDate,
    pub level: Level,
    pub turn: Turn,
    /// Whether anything was answered lately (on this day or within [`Rules::quiet_days`] before). If not, steady means "not known".
    pub heard: bool,
    /// Why: the items that changed, most important first; on the day it eased, those that are back near usual. Otherwise empty.
    pub facts: Vec<Fact>,
    /// Items that have lately been worse than usual, whether or not that amounts to a change: for the client's own picture.
    pub worse: Vec<Fact>,
    /// Items that have lately been better than usual.
    pub better: Vec<Fact>,
    /// What is usual, item by item; an item is absent until there are enough answers.
    pub usual: Vec<Usual>,
}

/// Assesses every day of `days` with the [default rules](Rules::default), using each day only the check-ins up to it.
///
/// `check_ins` may come in any order and may begin long before `days`: pass all there are, because what is usual is learned from
/// the first ones. One assessment a day, in order.
#[must_use]
pub fn assess(items: &[ItemSpec], check_ins: &[CheckIn], days: RangeInclusive<NaiveDate>) -> Vec<Assessment> {
    assess_by(&Rules::default(), items, check_ins, days)
}

/// As [`assess`], by other rules: what would they have raised?
#[must_use]
pub fn assess_by(
    rules: &Rules,
    items: &[ItemSpec],
    check_ins: &[CheckIn],
    days: RangeInclusive<NaiveDate>,
) -> Vec<Assessment> {
    let mut diary: BTreeMap<NaiveDate, Vec<&CheckIn>> = BTreeMap::new();
    for check_in in check_ins.iter().filter(|c| c.day <= *days.end()) {
        diary.entry(check_in.day).or_default().push(check_in);
    }
    let first = diary.keys().next().copied().unwrap_or(*days.start()).min(*days.start());
    let mut engine = engine::Engine::new(items, rules);
    first
        .iter_days()
        .take_while(|day| day <= days.end())
        .map(|day| engine.day(day, diary.get(&day).map_or(&[], Vec::as_slice)))
        .filter(|assessment| assessment.day >= *days.start())
        .collect()
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;
