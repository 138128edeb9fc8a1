//! What is usual for one client and one item.
//!
//! Learned twice from the same answers. *Usual*, the one that charts and sentences speak of, is what was said in the first four
//! weeks and does not change: anyone can look it up. The *norm* that a change is measured by starts there and is made surer by
//! later answers, while all is steady, until there are enough of them.

use std::collections::VecDeque;

use chrono::{NaiveDate, TimeDelta};

use super::rules::Rules;

/// The smallest difference between two answers to an item so far: how finely this client uses the scale. In tenths of it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    size: f64,
    seen: Vec<f64>,
}

impl Step {
    /// No scale is taken to be coarser than one of five answers, so that somebody who always answered the same is not out of reach.
    const COARSEST: f64 = 2.5;
    /// More different answers than this do not make a scale finer in any way that matters.
    const ENOUGH: usize = 40;

    pub fn new() -> Self {
        Self { size: Self::COARSEST, seen: Vec::new() }
    }

    pub fn see(&mut self, level: f64) {
        let differences = self.seen.iter().map(|seen| (seen - level).abs());
        let nearest = differences.fold(f64::INFINITY, f64::min);
        if nearest > 1e-6 && self.seen.len() < Self::ENOUGH {
            self.size = self.size.min(nearest);
            self.seen.push(level);
        }
    }

    /// The least spread that answers on this scale can have.
    pub fn least_spread(&self, rules: &Rules) -> f64 {
        rules.least_spread.max(rules.least_steps * self.size)
    }
}

/// What is usual, in tenths of the item's scale with higher = worse (0..10).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Norm {
    /// The typical answer: the median.
    pub median: f64,
    /// Where the moving average rests when all is as usual: a mean of answers clipped as they are in the moving average. Differs
    /// from the median for somebody who mostly answers at the end of the scale.
    pub mean: f64,
    /// Usual day-to-day variation, a standard deviation; nothing for somebody who always answers the same.
    pub spread: f64,
    /// How many answers it was learned from.
    pub answers: usize,
}

impl Norm {
    /// The same, with no less spread than a scale can tell.
    pub fn at_least(self, spread: f64) -> Self {
        Self { spread: self.spread.max(spread), ..self }
    }

    /// How far an answer lies from usual on the worse side, in spreads; never further than `clip` either way.
    pub fn distance(&self, level: f64, rules: &Rules) -> f64 {
        ((level - self.mean) / self.spread).clamp(-rules.clip, rules.clip)
    }
}

/// Collects the answers that a norm is made of, for one item.
#[derive(Debug, Clone, Default)]
pub(super) struct Learning {
    first: Option<NaiveDate>,
    /// In order of size.
    learned: Vec<f64>,
    waiting: VecDeque<(NaiveDate, f64)>,
    least_spread: f64,
    usual: Option<Norm>,
    norm: Option<Norm>,
}

impl Learning {
    /// What was usual in the first weeks, `None` before there are enough answers.
    pub fn usual(&self) -> Option<Norm> {
        self.usual
    }

    /// As [`usual`](Self::usual), made surer by later steady days.
    pub fn norm(&self) -> Option<Norm> {
        self.norm
    }

    /// Takes in one day's value (0..10, higher = worse), and tells whether that changed what is usual. While a change stands, nothing
    /// is learned.
    pub fn answer(&mut self, day: NaiveDate, value: f64, steady: bool, least_spread: f64, rules: &Rules) -> bool {
        let first = *self.first.get_or_insert(day);
        self.least_spread = least_spread;
        if !steady && self.norm.is_some() {
            return false;
        }
        if day < first + TimeDelta::days(rules.learn_days) || self.learned.len() < rules.learn_answers {
            self.learn(value);
            self.refresh(rules);
            self.usual = self.norm;
            return true;
        }
        if self.learned.len() < rules.fixed_at {
            self.waiting.push_back((day, value));
        }
        false
    }

    /// Ends a day: answers that waited long enough join the usual. While a change stands nothing joins, and what waited is
    /// dropped, because it may be the beginning of that change.
    pub fn end_day(&mut self, day: NaiveDate, steady: bool, rules: &Rules) {
        if !steady {
            self.waiting.clear();
            return;
        }
        let ripe = day - TimeDelta::days(rules.wait_days.into());
        let before = self.learned.len();
        while let Some((made, value)) = self.waiting.front().copied()
            && made <= ripe
            && self.learned.len() < rules.fixed_at
        {
            self.learn(value);
            self.waiting.pop_front();
        }
        if self.learned.len() > before {
            self.refresh(rules);
        }
    }

    fn learn(&mut self, value: f64) {
        let place = self.learned.partition_point(|v| *v < value);
        self.learned.insert(place, value);
    }

    fn refresh(&mut self, rules: &Rules) {
        self.norm = (self.learned.len() >= rules.learn_answers).then(|| norm(&self.learned, self.least_spread, rules));
    }
}

/// The norm of some values in order of size; there must be at least one. No answer counts as further off than `clip` spreads, of which one is not
/// less than `least_spread`.
pub(super) fn norm(sorted: &[f64], least_spread: f64, rules: &Rules) -> Norm {
    let median = middle(sorted);
    // 1.4826 turns a median distance into a standard deviation for bell-shaped answers (Hampel 1974).
    let reach = rules.clip * (1.4826 * median_distance(sorted, median)).max(least_spread);
    let (mut sum, mut squares) = (0.0, 0.0);
    for value in sorted {
        // From the median, so that no digits are lost in the squares.
        let distance = (value - median).clamp(-reach, reach);
        sum += distance;
        squares += distance * distance;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred answers at most")]
    let n = sorted.len() as f64;
    let mean = median + sum / n;
    let variance = ((squares - sum * sum / n) / (n - 1.0).max(1.0)).max(0.0);
    Norm { median, mean, spread: variance.sqrt(), answers: sorted.len() }
}

/// The median of the distances of sorted values from one of them: walks outwards from there.
fn median_distance(sorted: &[f64], from: f64) -> f64 {
    let above = sorted.partition_point(|v| *v < from);
    let (mut low, mut high) = (above, above);
    let half = sorted.len() / 2;
    let (mut last, mut before) = (0.0, 0.0);
    for _ in 0..=half {
        let down = if low > 0 { from - sorted[low - 1] } else { f64::INFINITY };
        let up = sorted.get(high).map_or(f64::INFINITY, |v| v - from);
        before = last;
        if down < up {
            (last, low) = (down, low - 1);
        } else {
            (last, high) = (up, high + 1);
        }
    }
    if sorted.len() % 2 == 1 { last } else { f64::midpoint(before, last) }
}

/// The middle value; between two middle ones, halfway. Zero for an empty slice.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    middle(&sorted)
}

fn middle(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + TimeDelta::days(n)
    }

    #[test]
    fn a_terrible_week_at_the_start_hardly_moves_the_usual() {
        let values: Vec<f64> = (0..28).map(|n| if n < 21 { 2.0 } else { 10.0 }).collect();
        let norm = norm(&values, 1.0, &Rules::default());
        assert!((norm.median - 2.0).abs() < 1e-9);
        assert!(norm.mean < 4.0 && norm.spread < 3.5, "{norm:?}");
    }

    #[test]
    fn half_of_all_distances_from_the_middle_are_no_longer_than_their_median() {
        for values in [vec![3.0], vec![1.0, 4.0], vec![1.0, 1.0, 2.0, 9.0], vec![0.0, 0.0, 0.0, 5.0, 7.0, 7.5, 10.0]] {
            let distances: Vec<f64> = values.iter().map(|v| (v - middle(&values)).abs()).collect();
            let walked = median_distance(&values, middle(&values));
            assert!((walked - median(&distances)).abs() < 1e-9, "{values:?}: {walked}");
        }
    }

    #[test]
    fn a_step_is_the_finest_difference_seen() {
        let mut step = Step::new();
        for level in [0.0, 10.0, 3.3, 3.3, 6.7] {
            step.see(level);
        }
        assert!((step.least_spread(&Rules::default()) - 2.0).abs() < 0.01);
        step.see(5.0);
        assert!((step.least_spread(&Rules::default()) - 0.8 * 1.7).abs() < 0.01);
    }

    #[test]
    fn nothing_is_usual_before_ten_answers() {
        let rules = Rules::default();
        let mut learning = Learning::default();
        for n in 0..9 {
            learning.answer(day(n * 4), 3.0, true, 1.0, &rules);
        }
        assert_eq!(learning.norm(), None);
        learning.answer(day(40), 3.0, true, 1.0, &rules);
        assert_eq!(learning.norm().map(|n| n.answers), Some(10));
    }

    #[test]
    fn usual_stays_what_was_said_in_the_first_weeks() {
        let rules = Rules::default();
        let mut learning = Learning::default();
        for n in 0..80 {
            learning.answer(day(n), if n < 28 { 2.0 } else { 3.0 }, true, 1.0, &rules);
            learning.end_day(day(n), true, &rules);
        }
        let counted = |norm: Option<Norm>| norm.map(|n| n.answers);
        assert_eq!((counted(learning.usual()), counted(learning.norm())), (Some(28), Some(45)));
    }

    #[test]
    fn what_was_said_while_a_change_stood_never_becomes_usual() {
        let rules = Rules::default();
        let mut learning = Learning::default();
        for n in 0..60 {
            let steady = n < 35;
            learning.answer(day(n), if n < 28 { 2.0 } else { 6.0 }, steady, 1.0, &rules);
            learning.end_day(day(n), steady, &rules);
        }
        assert_eq!(learning.norm().map(|n| n.answers), Some(28));
    }
}
