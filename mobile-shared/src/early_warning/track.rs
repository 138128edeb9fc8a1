//! One item's recent answers seen against its usual: how high, how persistent, since when.

use std::collections::VecDeque;

use chrono::{NaiveDate, TimeDelta};

use super::agreed::norm_of;
use super::rules::Rules;
use super::usual::{Learning, Norm, Step, median, norm};
use super::{Agreed, Counted, Fact, HigherIs, ItemSpec, Usual};

/// How many days' answers are kept: enough for the recent usual.
const KEPT: usize = 120;

/// One day's answer to one item.
#[derive(Debug, Clone, Copy)]
struct Said {
    day: NaiveDate,
    /// In the item's own scale; the median if the item was answered more than once that day.
    raw: f64,
    /// 0..10, higher = worse.
    level: f64,
    /// How often it was answered that day.
    times: usize,
}

/// Where an answer lies, seen from usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Worse,
    Better,
    Inside,
}

/// The state of one item.
#[derive(Debug, Clone)]
pub(super) struct Track<'a> {
    pub item: &'a ItemSpec,
    learning: Learning,
    agreed: Option<(Agreed, Norm)>,
    step: Step,
    /// The recent usual, and the day from which it was taken stock of.
    lately: Option<Norm>,
    counted_on: Option<NaiveDate>,
    said: VecDeque<Said>,
}

impl<'a> Track<'a> {
    pub fn new(item: &'a ItemSpec) -> Self {
        Self {
            item,
            learning: Learning::default(),
            agreed: None,
            step: Step::new(),
            lately: None,
            counted_on: None,
            said: VecDeque::new(),
        }
    }

    /// Takes in everything said about this item on one day (in its own scale), and tells whether that was anything at all.
    pub fn answer(&mut self, day: NaiveDate, values: &[f64], steady: bool, rules: &Rules) -> bool {
        let values: Vec<f64> =
            values.iter().filter(|v| v.is_finite()).map(|v| v.clamp(self.item.min, self.item.max)).collect();
        if values.is_empty() || self.item.ends.is_some_and(|ends| day >= ends) {
            return false;
        }
        let raw = median(&values);
        let level = oriented(self.item, raw);
        self.step.see(level);
        self.learning.answer(day, level, steady, self.step.least_spread(rules), rules);
        self.said.push_back(Said { day, raw, level, times: values.len() });
        if self.said.len() > KEPT {
            self.said.pop_front();
        }
        self.take_stock(day, rules);
        true
    }

    /// From now on this is usual, because client and worker agreed so.
    pub fn agree(&mut self, agreed: &Agreed, rules: &Rules) {
        if agreed.makes_sense() {
            self.agreed = Some((agreed.clone(), norm_of(agreed, self.item, rules)));
        }
    }

    /// Ends a day; see [`Learning::end_day`].
    pub fn end_day(&mut self, day: NaiveDate, steady: bool, rules: &Rules) {
        self.learning.end_day(day, steady, rules);
    }

    /// How far recent answers lie from usual on the worse side, in standard errors of their mean, the newest weighing most. `None`
    /// while nothing is usual yet, or nothing recent was said.
    ///
    /// With weights `w` that fade by `fade_days`, the mean of `z` (distances in spreads) is `sum(w z) / sum(w)`. Its variance, were
    /// all as usual, is that of days of which each resembles the one before, and of a usual that is itself known from only so
    /// many answers.
    pub fn height(&self, today: NaiveDate, rules: &Rules) -> Option<f64> {
        let reference = self.reference(rules)?;
        let (mut sum, mut weights, mut squares) = (0.0, 0.0, 0.0);
        for said in self.recent(today, rules) {
            #[expect(clippy::cast_precision_loss, reason = "a few weeks")]
            let weight = (-((today - said.day).num_days() as f64) / rules.fade_days).exp();
            sum += weight * reference.distance(said.level, rules);
            weights += weight;
            squares += weight * weight;
        }
        if weights == 0.0 {
            return None;
        }
        let answers = weights * weights / squares;
        let resembling = 1.0 + 2.0 * rules.carry_over / (1.0 - rules.carry_over) * (1.0 - 1.0 / answers);
        #[expect(clippy::cast_precision_loss, reason = "a few hundred answers at most")]
        let doubt = rules.usual_doubt / reference.answers as f64;
        Some(sum / (squares * resembling + weights * weights * doubt).sqrt())
    }

    /// By how many spreads the last three answers lie above the six before them. `None` with fewer than three of those.
    pub fn slope(&self, today: NaiveDate, rules: &Rules) -> Option<f64> {
        let reference = self.reference(rules)?;
        let last: Vec<f64> =
            self.recent(today, rules).rev().take(9).map(|s| reference.distance(s.level, rules)).collect();
        let (now, before) = last.split_at_checked(3).filter(|(_, before)| before.len() >= 3)?;
        Some(mean(now) - mean(before))
    }

    /// What a change is measured from: the when-well usual, or nearer to the recent one if that is worse or more varied.
    fn reference(&self, rules: &Rules) -> Option<Norm> {
        let well = self.agreed.as_ref().map(|a| a.1).or_else(|| self.learning.norm())?;
        let least = self.step.least_spread(rules);
        let Some(lately) = self.lately else { return Some(well.at_least(least)) };
        let worse = |lately: f64, well: f64| well + rules.lately_share * (lately - well).max(0.0);
        let spread = worse(lately.spread.max(least), well.spread.max(least));
        Some(Norm { mean: worse(lately.mean, well.mean), spread, ..well })
    }

    /// Once a week, counted from the first answer, what was said lately is taken stock of. More often would change little.
    fn take_stock(&mut self, day: NaiveDate, rules: &Rules) {
        let Some(first) = self.learning.first_day() else { return };
        let week = first + TimeDelta::days((day - first).num_days() / 7 * 7);
        if self.counted_on == Some(week) {
            return;
        }
        let (from, to) = (week - TimeDelta::days(rules.lately_days), week - TimeDelta::days(rules.wait_days));
        let lately: Vec<f64> = self.said.iter().filter(|s| s.day > from && s.day <= to).map(|s| s.level).collect();
        let enough = lately.len() >= rules.learn_answers;
        self.lately = enough.then(|| norm(&lately, self.step.least_spread(rules), rules));
        self.counted_on = Some(week);
    }

    /// On how many of the days that count as recent something was said.
    pub fn days_heard(&self, today: NaiveDate, rules: &Rules) -> usize {
        self.recent(today, rules).count()
    }

    /// How many of the last answers lie there.
    pub fn count(&self, today: NaiveDate, place: Place, rules: &Rules) -> usize {
        let Some(band) = self.band(rules) else {
            return 0;
        };
        self.last(today, rules).iter().filter(|s| self.lies(s.raw, &band, place)).count()
    }

    /// The usual band in the item's own scale.
    pub fn band(&self, rules: &Rules) -> Option<Usual> {
        if let Some((Agreed { low, centre, high, .. }, _)) = self.agreed {
            return Some(Usual { item: self.item.key.clone(), low, centre, high });
        }
        Some(band(self.item, self.learning.usual()?, rules))
    }

    /// What there is to say about this item today, counting the last answers that lie there. `None` if there are none.
    pub fn fact(&self, today: NaiveDate, place: Place, rules: &Rules) -> Option<Fact> {
        let usual = self.band(rules)?;
        let last = self.last(today, rules);
        let there: Vec<&Said> = last.iter().filter(|s| self.lies(s.raw, &usual, place)).collect();
        if there.is_empty() {
            return None;
        }
        let since = self.since(last.len(), &usual, place, rules)?;
        Some(Fact {
            item: self.item.key.clone(),
            label: self.item.label.clone(),
            kind: self.item.kind,
            now: median(&there.iter().map(|s| s.raw).collect::<Vec<_>>()),
            count: there.len(),
            of: last.len(),
            counted: if last.iter().all(|s| s.times == 1) { Counted::CheckIns } else { Counted::Days },
            since,
            usual,
        })
    }

    /// Whether the middle one of the last answers is inside usual again.
    pub fn is_back(&self, today: NaiveDate, rules: &Rules) -> bool {
        let last: Vec<f64> = self.last(today, rules).iter().map(|s| s.raw).collect();
        self.band(rules).is_some_and(|band| !last.is_empty() && (band.low..=band.high).contains(&median(&last)))
    }

    /// The day the present run of answers there began; the last `counted` answers all belong to it. Before them a run goes on
    /// over one answer elsewhere, and ends at two in a row or at a gap longer than the memory.
    fn since(&self, counted: usize, usual: &Usual, place: Place, rules: &Rules) -> Option<NaiveDate> {
        let (mut since, mut elsewhere) = (None, 0);
        for (back, said) in self.said.iter().rev().enumerate() {
            if self.lies(said.raw, usual, place) {
                let gap = since.is_some_and(|later| later - said.day > TimeDelta::days(rules.memory_days()));
                if gap && back >= counted {
                    break;
                }
                (since, elsewhere) = (Some(said.day), 0);
            } else {
                elsewhere += 1;
            }
            if elsewhere >= 2 && back >= counted {
                break;
            }
        }
        since
    }

    fn lies(&self, raw: f64, usual: &Usual, place: Place) -> bool {
        let worse_is_up = self.item.higher_is == HigherIs::Worse;
        match place {
            Place::Inside => (usual.low..=usual.high).contains(&raw),
            Place::Worse if worse_is_up => raw > usual.high,
            Place::Better if !worse_is_up => raw > usual.high,
            Place::Worse | Place::Better => raw < usual.low,
        }
    }

    fn recent(&self, today: NaiveDate, rules: &Rules) -> impl DoubleEndedIterator<Item = &Said> {
        let from = today - TimeDelta::days(rules.memory_days());
        let asked = self.item.ends.is_none_or(|ends| today < ends);
        let begins = if asked { self.said.partition_point(|s| s.day <= from) } else { self.said.len() };
        self.said.range(begins..)
    }

    fn last(&self, today: NaiveDate, rules: &Rules) -> Vec<Said> {
        let mut last: Vec<Said> = self.recent(today, rules).rev().take(rules.recent).copied().collect();
        last.reverse();
        last
    }
}

fn mean(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few values")]
    let n = values.len() as f64;
    values.iter().sum::<f64>() / n
}

/// An answer in tenths of its scale, higher = worse.
pub(super) fn oriented(item: &ItemSpec, raw: f64) -> f64 {
    let share = 10.0 * (raw - item.min) / (item.max - item.min);
    if item.higher_is == HigherIs::Worse { share } else { 10.0 - share }
}

fn own_scale(item: &ItemSpec, level: f64) -> f64 {
    let share = if item.higher_is == HigherIs::Worse { level } else { 10.0 - level };
    let raw = item.min + share / 10.0 * (item.max - item.min);
    // Takes back the rounding of the way there, so that a usual of 2 is 2 and not 1.9999.
    (raw * 1e6).round() / 1e6
}

/// The band of usual answers in the item's own scale.
pub(super) fn band(item: &ItemSpec, norm: Norm, rules: &Rules) -> Usual {
    let (min, max) = (item.min, item.max);
    let centre = own_scale(item, norm.median);
    let half = (rules.band * norm.spread * (max - min) / 10.0).max(1.0);
    // Answers are whole points, so the band ends at whole points too.
    let low = (centre - half - 1e-9).ceil().clamp(min, centre);
    let high = (centre + half + 1e-9).floor().clamp(centre, max);
    Usual { item: item.key.clone(), low, centre, high }
}
