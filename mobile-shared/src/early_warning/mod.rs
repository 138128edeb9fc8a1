//! Early warning: what changed from a client's own usual, how persistently, and in which words.
//!
//! [`assess`] is a pure fold over a client's check-ins: no clock, no disk, no chance. The same answers give the same
//! assessments on the server, on a phone and in the `companion assess` filter, and the assessment of a day uses nothing
//! that was said later.
//!
//! How it thinks, once a day (`docs/early-warning.md` has the formulas, the measurements and the limits):
//! 1. Each item's answers are turned so that higher is worse and compared with what is *usual* for this client: what client and
//!    worker agreed ([`Baseline`]), or until they did, what was said in the first four weeks (`usual.rs`). Should the last months
//!    have been worse than that, a change is measured mostly from there: it must be a change from lately as well, or somebody
//!    whose life has moved on would be flagged for ever.
//! 2. A moving average that fades with the calendar shows how high each item stands; one bad day cannot lift it far (`track.rs`).
//! 3. The subset of items that rise together is weighed as one, against those that do not (`together.rs`), higher while it is
//!    still growing. Its height decides between steady, watch and alert, and only if at least one of its items was outside usual on
//!    several of the last answers (`engine.rs`).
//! 4. A change stands until answers show that it has clearly eased, or until nothing was heard for a week.
//! 5. Silence is a signal of its own, measured against this client's rhythm (`rhythm.rs`).
//! 6. A rule that client and worker agreed in the plan is not weighed: when its answers have come, the day is an alert
//!    (`by_plan.rs`).
//!
//! It does not predict or diagnose; a person decides what a change means.

mod agreed;
mod by_plan;
mod engine;
mod rhythm;
mod rules;
mod together;
mod track;
mod usual;
mod words;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use crate::item::HigherIs;
pub use by_plan::{Met, PlanRule, PlanRules, Side};
pub use rules::{Rules, Sensitivity, VERSION};
pub(crate) use words::named_day;
pub use words::{
    Language, picture_sentence, sentence, sentence_naming_days, silence_sentence, silence_sentence_naming_days,
};

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
    /// Of a sign: the stage of the client's plan that it shows, 1 to 3; 0 and 1 weigh the same.
    #[serde(default)]
    pub stage: u8,
    /// The lowest possible answer. An item whose `max` is not above its `min` is left out.
    pub min: f64,
    /// The highest possible answer.
    pub max: f64,
    pub higher_is: HigherIs,
    /// First day on which it is no longer asked. From then on it says nothing.
    #[serde(default)]
    pub ends: Option<NaiveDate>,
}

impl ItemSpec {
    fn has_a_scale(&self) -> bool {
        self.max > self.min && (self.max - self.min).is_finite()
    }
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

/// Everything the engine knows of one client.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Diary {
    pub items: Vec<ItemSpec>,
    /// In any order. Pass all there are: what is usual is learned from the first ones.
    pub check_ins: Vec<CheckIn>,
    /// What client and worker agreed is usual, each time they did, in the order in which it came into force.
    #[serde(default)]
    pub baselines: Vec<Baseline>,
    /// The rules of each version of the client's plan, in the order in which it came into force.
    #[serde(default)]
    pub plans: Vec<PlanRules>,
}

/// What client and worker agreed is usual when well. It holds from a day on, until another does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// First day that is judged by it.
    pub from: NaiveDate,
    /// An item that is not here goes back to what was learned from its first answers.
    pub usual: Vec<Agreed>,
}

/// What was agreed for one item, in its own scale: answers of `low..=high` are usual, `centre` is typical.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreed {
    pub item: String,
    pub low: f64,
    pub centre: f64,
    pub high: f64,
    /// What stood behind it, if it was taken from answers as proposed; `None` if a person put in numbers of their own.
    pub learned: Option<Learned>,
}

/// What some answers to one item amount to, in tenths of its scale with higher = worse (0..10).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    pub mean: f64,
    /// Usual day-to-day variation, a standard deviation.
    pub spread: f64,
    pub answers: usize,
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
    /// To steady, because another usual was agreed today.
    Agreed,
    /// To steady, because too little was heard lately to say that it still stands.
    WentQuiet,
}

/// What an item's `count` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// The client's last check-ins, each on a day of its own.
    CheckIns,
    /// The last days with a check-in; on some of them there were several, and the middle answer counted.
    Days,
    /// The last days on which this item was answered; it was skipped in other check-ins.
    Answers,
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

/// No check-in for longer than this client's own rhythm explains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Silence {
    /// The day of the last check-in.
    pub last: NaiveDate,
    /// Days since then, without the day itself.
    pub days: i64,
    /// Days with a check-in a week, in the twelve weeks until then.
    pub usual_a_week: f64,
    /// The longest they were ever quiet before, in days without a check-in.
    pub longest_before: i64,
    /// Items that were worse than usual when they were last heard of, most important first.
    pub facts: Vec<Fact>,
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
    /// Rules of the client's own plan that are met. Each makes the day an alert, whatever the weighing says.
    pub met: Vec<Met>,
    /// The client has been quiet for longer than is usual for them. A signal of its own beside the level.
    pub silence: Option<Silence>,
    /// Items that have lately been worse than usual, whether or not that amounts to a change: for the client's own picture.
    pub worse: Vec<Fact>,
    /// Items that have lately been better than usual.
    pub better: Vec<Fact>,
    /// What is usual, item by item; an item is absent until there are enough answers.
    pub usual: Vec<Usual>,
}

/// Assesses every day of `days` with the [default rules](Rules::default), using each day only what was said and agreed up to it.
/// One assessment a day, in order.
#[must_use]
pub fn assess(diary: &Diary, days: RangeInclusive<NaiveDate>) -> Vec<Assessment> {
    assess_by(&Rules::default(), diary, days)
}

/// As [`assess`], by other rules: what would they have raised?
#[must_use]
pub fn assess_by(rules: &Rules, diary: &Diary, days: RangeInclusive<NaiveDate>) -> Vec<Assessment> {
    let mut said: BTreeMap<NaiveDate, Vec<&CheckIn>> = BTreeMap::new();
    for check_in in diary.check_ins.iter().filter(|c| c.day <= *days.end()) {
        said.entry(check_in.day).or_default().push(check_in);
    }
    let first = said.keys().next().copied().unwrap_or(*days.start()).min(*days.start());
    let mut engine = engine::Engine::new(diary, rules);
    engine.agree_before(first);
    first
        .iter_days()
        .take_while(|day| day <= days.end())
        .filter_map(|day| engine.day(day, said.get(&day).map_or(&[], Vec::as_slice), day >= *days.start()))
        .collect()
}

/// What to propose as usual when well, from the answers of those days: the items that have enough of them.
#[must_use]
pub fn propose(rules: &Rules, diary: &Diary, days: RangeInclusive<NaiveDate>) -> Vec<Agreed> {
    diary.items.iter().filter_map(|item| agreed::propose(rules, item, &diary.check_ins, &days)).collect()
}

/// Some days in a row on which a change, or silence, stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    pub what: Standing,
    /// The highest it came to.
    pub level: Level,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Change,
    Silence,
}

/// What stood in these assessments of days in a row, in order of its first day.
#[must_use]
pub fn episodes(assessments: &[Assessment]) -> Vec<Episode> {
    let mut found: Vec<Episode> = Vec::new();
    for what in [Standing::Change, Standing::Silence] {
        let mut open: Option<Episode> = None;
        for assessment in assessments {
            let level = match what {
                Standing::Change => assessment.level,
                Standing::Silence if assessment.silence.is_some() => Level::Watch,
                Standing::Silence => Level::Steady,
            };
            if level == Level::Steady {
                found.extend(open.take());
                continue;
            }
            let episode = open.get_or_insert(Episode { what, level, first: assessment.day, last: assessment.day });
            episode.level = episode.level.max(level);
            episode.last = assessment.day;
        }
        found.extend(open);
    }
    found.sort_by_key(|e| e.first);
    found
}

#[cfg(test)]
mod claims;
#[cfg(test)]
mod claims_by_plan;
#[cfg(test)]
mod made_up;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod stories;
