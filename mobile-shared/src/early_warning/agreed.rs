//! What client and worker agree is usual: proposed from answers, confirmed by people.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::rules::Rules;
use super::track::{band, oriented};
use super::usual::{Norm, Step, median, norm};
use super::{Agreed, CheckIn, ItemSpec, Learned};

/// The proposal for one item, if it was answered often enough on those days.
pub(super) fn propose(
    rules: &Rules,
    item: &ItemSpec,
    check_ins: &[CheckIn],
    days: &RangeInclusive<NaiveDate>,
) -> Option<Agreed> {
    if !item.has_a_scale() {
        return None;
    }
    let mut said: BTreeMap<NaiveDate, Vec<f64>> = BTreeMap::new();
    for check_in in check_ins.iter().filter(|c| days.contains(&c.day)) {
        for answer in check_in.answers.iter().filter(|a| a.item == item.key && a.value.is_finite()) {
            said.entry(check_in.day).or_default().push(answer.value.clamp(item.min, item.max));
        }
    }
    if said.len() < rules.learn_answers {
        return None;
    }
    let mut levels: Vec<f64> = said.values().map(|values| oriented(item, median(values))).collect();
    let mut step = Step::new();
    levels.iter().for_each(|level| step.see(*level));
    levels.sort_unstable_by(f64::total_cmp);
    let norm = norm(&levels, step.least_spread(rules), rules);
    let usual = band(item, norm, rules);
    let learned = Some(Learned { mean: norm.mean, spread: norm.spread, answers: norm.answers });
    Some(Agreed { item: item.key.clone(), low: usual.low, centre: usual.centre, high: usual.high, learned })
}

impl Agreed {
    /// Whether it is something that people can have meant.
    pub(super) fn makes_sense(&self) -> bool {
        let numbers = self.learned.map_or([0.0; 2], |l| [l.mean, l.spread]);
        let finite = [self.low, self.centre, self.high].iter().chain(&numbers).all(|v| v.is_finite());
        finite && self.low <= self.centre && self.centre <= self.high
    }
}

/// What was agreed, as the engine measures by it.
pub(super) fn norm_of(agreed: &Agreed, item: &ItemSpec, rules: &Rules) -> Norm {
    let median = oriented(item, agreed.centre);
    let Some(Learned { mean, spread, answers }) = agreed.learned else {
        // A band that people set by hand is taken at their word: half of it is `band` spreads.
        let half = (agreed.high - agreed.low) / 2.0 / (item.max - item.min) * 10.0;
        let spread = (half / rules.band).max(rules.least_spread);
        return Norm { median, mean: median, spread, answers: rules.fixed_at };
    };
    Norm { median, mean, spread, answers: answers.max(rules.learn_answers) }
}
