//! The fold: day by day, which items rise together, how far, and whether that stands.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::rules::Rules;
use super::track::{Place, Track};
use super::{Assessment, Baseline, CheckIn, Diary, Fact, ItemKind, Level, Turn};

/// The engine's memory of one client. Feed it one day after the other.
#[derive(Debug)]
pub(super) struct Engine<'a> {
    rules: &'a Rules,
    tracks: Vec<Track<'a>>,
    baselines: &'a [Baseline],
    level: Level,
    /// Items named while the present change stood.
    named: Vec<usize>,
    last_answer: Option<NaiveDate>,
}

/// The items that rise together, most important first, and how high they stand as one.
struct Rise {
    height: f64,
    items: Vec<usize>,
}

impl<'a> Engine<'a> {
    pub fn new(diary: &'a Diary, rules: &'a Rules) -> Self {
        let tracks = diary.items.iter().filter(|i| i.max > i.min).map(Track::new).collect();
        Self { rules, tracks, baselines: &diary.baselines, level: Level::Steady, named: Vec::new(), last_answer: None }
    }

    /// Lives through one day. Days must come in order, each once.
    pub fn day(&mut self, day: NaiveDate, check_ins: &[&CheckIn]) -> Assessment {
        let mut answers: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        for answer in check_ins.iter().flat_map(|c| &c.answers) {
            answers.entry(&answer.item).or_default().push(answer.value);
        }
        for agreed in self.baselines.iter().filter(|b| b.from == day).flat_map(|b| &b.usual) {
            for track in self.tracks.iter_mut().filter(|t| t.item.key == agreed.item) {
                track.agree(agreed, self.rules);
            }
        }
        let before = self.level;
        for track in &mut self.tracks {
            let values = answers.get(track.item.key.as_str()).map_or(&[][..], Vec::as_slice);
            if track.answer(day, values, before == Level::Steady, self.rules) {
                self.last_answer = Some(day);
            }
        }
        let (level, turn, facts) = self.judge(day, self.last_answer == Some(day));
        self.level = level;
        for track in &mut self.tracks {
            track.end_day(day, before == Level::Steady && level == Level::Steady, self.rules);
        }
        let usual = self.tracks.iter().filter_map(|t| t.band(self.rules)).collect();
        let (worse, better) = (self.persisting(day, Place::Worse), self.persisting(day, Place::Better));
        Assessment { day, level, turn, heard: self.heard(day), facts, silence: None, worse, better, usual }
    }

    fn heard(&self, day: NaiveDate) -> bool {
        self.last_answer.is_some_and(|last| day - last <= TimeDelta::days(self.rules.quiet_days))
    }

    /// Today's level, how it came about, and the facts behind it.
    fn judge(&mut self, day: NaiveDate, answered: bool) -> (Level, Turn, Vec<Fact>) {
        let before = self.level;
        if !self.heard(day) && before > Level::Steady {
            self.named.clear();
            return (Level::Steady, Turn::WentQuiet, Vec::new());
        }
        let rise = self.rise(day);
        let standing = before > Level::Steady;
        let counted = |items: &[usize], enough: usize| -> Vec<usize> {
            let count = |n: usize| self.tracks[n].count(day, Place::Worse, self.rules);
            items.iter().copied().filter(|&n| count(n) >= enough).collect()
        };
        let mut telling = counted(&rise.items, self.rules.persist);
        // To stand takes a little less than to begin: see `Rules::ease`.
        if telling.is_empty() && standing {
            telling = counted(&rise.items, self.rules.persist.saturating_sub(1).max(1));
        }
        if telling.is_empty() && standing {
            telling = counted(&self.named, self.rules.persist.saturating_sub(1).max(1));
        }
        let every = telling.iter().any(|&n| self.tracks[n].count(day, Place::Worse, self.rules) >= self.rules.recent);
        let level = match (telling.is_empty(), answered) {
            (true, _) => Level::Steady,
            (false, true) => self.level_of(rise.height, every),
            (false, false) => before,
        };
        let turn = match (before, level) {
            (Level::Steady, Level::Watch | Level::Alert) => Turn::Raised,
            (Level::Watch, Level::Alert) => Turn::Rose,
            (Level::Alert, Level::Watch) => Turn::Fell,
            (Level::Watch | Level::Alert, Level::Steady) => Turn::Eased,
            _ => Turn::Unchanged,
        };
        if level > Level::Steady {
            self.named.clone_from(&telling);
            return (level, turn, self.facts(day, &telling, Place::Worse));
        }
        let back: Vec<usize> = std::mem::take(&mut self.named);
        let back: Vec<usize> = back.into_iter().filter(|&n| self.tracks[n].is_back(day, self.rules)).collect();
        (level, turn, self.facts(day, &back, Place::Inside))
    }

    /// The level that a rise of this height means, given the level that stands: coming down takes more than going up. To become an
    /// alert, one item must have been outside usual on `every` recent answer.
    fn level_of(&self, height: f64, every: bool) -> Level {
        let Rules { watch, alert, ease, .. } = *self.rules;
        let limit = |level: Level, limit: f64| {
            if self.level >= level { limit * ease } else { limit }
        };
        if height >= limit(Level::Alert, alert) && (every || self.level == Level::Alert) {
            Level::Alert
        } else if height >= limit(Level::Watch, watch) {
            Level::Watch
        } else {
            Level::Steady
        }
    }

    /// The subset of items that stands out most when taken together: with `k` items of equal likeness `r`, the sum of the highest
    /// `k` heights has the standard error `sqrt(k + k(k-1)r)`.
    fn rise(&self, day: NaiveDate) -> Rise {
        let mut heights: Vec<(f64, usize)> =
            self.tracks.iter().enumerate().filter_map(|(n, t)| Some((t.height(day, self.rules)?, n))).collect();
        // A sign counts for more than a standard item beside it; where all are of a kind there is nothing to weigh it against.
        let is_sign = |n: usize| self.tracks[n].item.kind == ItemKind::Sign;
        if heights.iter().any(|h| !is_sign(h.1)) {
            for (height, n) in &mut heights {
                *height *= if is_sign(*n) { self.rules.sign_weight } else { 1.0 };
            }
        }
        heights.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut best = Rise { height: 0.0, items: Vec::new() };
        let (mut sum, mut k) = (0.0, 0.0);
        for (taken, (height, _)) in heights.iter().enumerate() {
            sum += height;
            k += 1.0;
            let together = sum / (k + k * (k - 1.0) * self.rules.likeness).sqrt();
            if together > best.height {
                best = Rise { height: together, items: heights[..=taken].iter().map(|h| h.1).collect() };
            }
        }
        best
    }

    /// Items that have lately been outside usual on that side, as persistently as a change must be to begin.
    fn persisting(&self, day: NaiveDate, place: Place) -> Vec<Fact> {
        let enough = |n: &usize| self.tracks[*n].count(day, place, self.rules) >= self.rules.persist;
        let items: Vec<usize> = (0..self.tracks.len()).filter(enough).collect();
        self.facts(day, &items, place)
    }

    fn facts(&self, day: NaiveDate, items: &[usize], place: Place) -> Vec<Fact> {
        items.iter().filter_map(|&n| self.tracks[n].fact(day, place, self.rules)).collect()
    }
}
