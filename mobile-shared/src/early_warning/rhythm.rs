//! How often this client checks in, and when they have been quiet for longer than that explains.
//!
//! A *gap* is the number of days without a check-in between two days with one. By a client's own rhythm, the probability of a gap of
//! at least `g` days is taken to be `p q^(g-1)`: `p` is the share of their gaps that are a day or longer, `q` comes from how long
//! those were (a geometric tail; the gaps of real diaries have one, with more short gaps than single days missed by chance would give).
//! Minus its logarithm is the *surprise* of a silence.

use chrono::{Datelike, NaiveDate};

use super::rules::Rules;

/// One more gap of this many days is taken to be known of everybody: a client who never missed a day may.
const PRIOR_GAP: f64 = 2.5;

/// A day with check-ins, and how many.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub number: i32,
    pub check_ins: usize,
}

/// A client's check-in days so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Rhythm {
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    days: Vec<Day>,
    gaps: i64,
    /// Gaps of a day or longer, and the days in them.
    quiet: i64,
    quiet_days: i64,
    longest: i64,
    /// The day on which the present silence was first told.
    told: Option<NaiveDate>,
}

impl Rhythm {
    /// Somebody checked in so often on this day.
    pub fn check_in(&mut self, day: NaiveDate, check_ins: usize) {
        if let Some(last) = self.last {
            let gap = (day - last).num_days() - 1;
            self.gaps += 1;
            self.quiet += i64::from(gap > 0);
            self.quiet_days += gap;
            self.longest = self.longest.max(gap);
        }
        self.first.get_or_insert(day);
        self.last = Some(day);
        self.days.push(Day { number: day.num_days_from_ce(), check_ins });
        self.told = None;
    }

    /// Whether silence stands today. `height` is how high the items stood when they were last heard of. While a change stands
    /// (`busy`), that is told and silence is not, though its days run on.
    pub fn is_silent(&mut self, today: NaiveDate, height: f64, busy: bool, rules: &Rules) -> bool {
        if !rules.silence {
            return false;
        }
        let days = self.quiet_for(today);
        let worse = rules.silence_worse * height.clamp(0.0, rules.watch);
        let surprising = days >= rules.silence_least
            && self.surprise(days) >= rules.silence_surprise
            && self.surprise(days) + worse >= rules.silence_limit;
        if self.told.is_none() && surprising && self.is_known(today, rules) {
            self.told = Some(today);
        }
        !busy && self.told.is_some_and(|told| (today - told).num_days() < rules.silence_days)
    }

    /// Days from the first check-in to today, both counted.
    pub fn days_since_first(&self, today: NaiveDate) -> i64 {
        self.first.map_or(0, |first| (today - first).num_days() + 1)
    }

    /// Full days without a check-in before today.
    pub fn quiet_for(&self, today: NaiveDate) -> i64 {
        self.last.map_or(0, |last| (today - last).num_days() - 1).max(0)
    }

    pub fn last(&self) -> Option<NaiveDate> {
        self.last
    }

    pub fn longest(&self) -> i64 {
        self.longest
    }

    /// The days with check-ins up to this one.
    pub fn days(&self, today: NaiveDate) -> &[Day] {
        &self.days[..self.days.partition_point(|d| d.number <= today.num_days_from_ce())]
    }

    /// Days with a check-in a week, in the twelve weeks up to the last one.
    #[expect(clippy::cast_precision_loss, reason = "a few weeks")]
    pub fn a_week(&self) -> f64 {
        const WEEKS: i32 = 12 * 7;
        let (Some(first), Some(last)) = (self.days.first(), self.days.last()) else { return 0.0 };
        let span = (last.number - first.number + 1).min(WEEKS);
        let days = self.days.iter().rev().take_while(|d| d.number > last.number - span).count();
        7.0 * days as f64 / f64::from(span)
    }

    fn is_known(&self, today: NaiveDate, rules: &Rules) -> bool {
        self.days.len() >= rules.learn_answers
            && self.first.is_some_and(|first| (today - first).num_days() >= rules.learn_days)
    }

    /// Minus the natural logarithm of the probability of a gap of at least so many days.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand days")]
    fn surprise(&self, days: i64) -> f64 {
        let (quiet, gaps) = (self.quiet as f64, self.gaps as f64);
        let length = (self.quiet_days as f64 + PRIOR_GAP) / (quiet + 1.0);
        let begins = (quiet + 0.5) / (gaps + 1.0);
        let goes_on = 1.0 - 1.0 / length.max(1.05);
        -(begins.ln() + (days - 1) as f64 * goes_on.ln())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + TimeDelta::days(n)
    }

    /// The first day after the last of these check-ins on which silence stands.
    fn silent_after(check_ins: impl Iterator<Item = i64>, height: f64) -> Option<i64> {
        let mut rhythm = Rhythm::default();
        let mut last = 0;
        for n in check_ins {
            rhythm.check_in(day(n), 1);
            last = n;
        }
        (1..60).find(|n| rhythm.is_silent(day(last + n), height, false, &Rules::default()))
    }

    #[test]
    fn silence_is_measured_by_ones_own_rhythm() {
        let daily = silent_after(0..40, 0.0).unwrap();
        let now_and_then = silent_after((0..40).map(|n| n * 4), 0.0).unwrap();
        assert!(daily < now_and_then, "{daily} {now_and_then}");
    }

    #[test]
    fn after_a_worsening_it_is_noticed_sooner() {
        let (as_usual, worse) = (silent_after((0..40).step_by(2), 0.0), silent_after((0..40).step_by(2), 2.5));
        assert!(worse < as_usual, "{worse:?} {as_usual:?}");
    }

    #[test]
    fn what_somebody_often_does_is_not_called_quiet_however_they_were() {
        let weekly = silent_after((0..20).map(|n| n * 7), 3.5).unwrap();
        assert!(weekly > 8, "{weekly}");
        let irregular = silent_after(
            (0..20).scan(0, |day, n| {
                *day += 2 + 3 * (n % 3);
                Some(*day)
            }),
            3.5,
        )
        .unwrap();
        assert!(irregular > 8, "{irregular}");
    }

    #[test]
    fn whoever_has_no_rhythm_yet_is_not_called_silent() {
        assert_eq!(silent_after(0..5, 3.0), None);
    }

    #[test]
    fn it_ends_by_itself_and_comes_back_only_after_a_new_check_in() {
        let mut rhythm = Rhythm::default();
        (0..40).for_each(|n| rhythm.check_in(day(n), 1));
        let mut silent = |n: i64| rhythm.is_silent(day(n), 0.0, false, &Rules::default());
        let days: Vec<i64> = (40..140).filter(|n| silent(*n)).collect();
        assert_eq!(days.len(), 13);
        assert_eq!(days[12] - days[0], 12);
    }
}
