//! The fold: day by day, which items rise together, how far, whether that stands, and whether it has gone quiet.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::by_plan::{ByPlan, Met};
use super::rhythm::Rhythm;
use super::rules::Rules;
use super::together::{Rise, highest};
use super::track::{Place, Track};
use super::{Assessment, Baseline, CheckIn, Diary, Fact, ItemKind, Level, Silence, Turn};

/// The engine's memory of one client. Feed it one day after the other.
#[derive(Debug)]
pub(super) struct Engine<'a> {
    rules: &'a Rules,
    fading: Vec<f64>,
    tracks: Vec<Track<'a>>,
    /// The tracks of each item key.
    asked: BTreeMap<&'a str, Vec<usize>>,
    /// What was said today, track by track; kept to be used again tomorrow.
    said: Vec<Vec<f64>>,
    baselines: &'a [Baseline],
    rhythm: Rhythm,
    by_plan: ByPlan<'a>,
    /// By the weighing alone.
    level: Level,
    /// With the rules of the plan.
    told: Level,
    /// Items named while the present change stood.
    named: Vec<usize>,
    last_answer: Option<NaiveDate>,
    /// How high the items stood when they were last heard of.
    last_height: f64,
}

/// How a day came out: its level, how it came about, the items behind it and where their answers lie.
struct Verdict {
    /// The day before.
    before: Level,
    level: Level,
    turn: Turn,
    items: Vec<usize>,
    place: Place,
}

impl<'a> Engine<'a> {
    pub fn new(diary: &'a Diary, rules: &'a Rules) -> Self {
        let tracks: Vec<Track<'a>> = diary.items.iter().filter(|i| i.has_a_scale()).map(Track::new).collect();
        let mut asked: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (n, track) in tracks.iter().enumerate() {
            asked.entry(&track.item.key).or_default().push(n);
        }
        Self {
            rules,
            fading: rules.fading(),
            said: vec![Vec::new(); tracks.len()],
            tracks,
            asked,
            baselines: &diary.baselines,
            rhythm: Rhythm::default(),
            by_plan: ByPlan::new(diary),
            level: Level::Steady,
            told: Level::Steady,
            named: Vec::new(),
            last_answer: None,
            last_height: 0.0,
        }
    }

    /// Lives through one day and tells what it amounts to, if that is `wanted`. Days must come in order, each once.
    pub fn day(&mut self, day: NaiveDate, check_ins: &[&CheckIn], wanted: bool) -> Option<Assessment> {
        let agreed = self.agree(|from| from == day);
        let before = self.level;
        if !check_ins.is_empty() {
            self.rhythm.check_in(day, check_ins.len());
        }
        self.take_in(day, check_ins, before == Level::Steady);
        self.by_plan.take_in(day, check_ins);
        let mut verdict = self.judge(day, agreed);
        self.level = verdict.level;
        let met = self.by_plan.met(day, self.rules.quiet_days);
        self.overrule(&mut verdict, !met.is_empty(), agreed);
        let steady = before == Level::Steady && self.level == Level::Steady;
        for track in &mut self.tracks {
            track.end_day(day, steady, self.rules);
        }
        let silent = self.rhythm.is_silent(day, self.last_height, self.level > Level::Steady, self.rules);
        wanted.then(|| self.tell(day, verdict, met, silent))
    }

    /// What was agreed before the first day that is lived through holds from there.
    pub fn agree_before(&mut self, first: NaiveDate) {
        self.agree(|from| from < first);
    }

    /// A newer agreement takes the place of the whole older one. Tells whether there was any.
    fn agree(&mut self, comes: impl Fn(NaiveDate) -> bool) -> bool {
        let Some(newest) = self.baselines.iter().filter(|b| comes(b.from)).max_by_key(|b| b.from) else { return false };
        for track in &mut self.tracks {
            let agreed = newest.usual.iter().find(|a| a.item == track.item.key);
            track.agree(agreed, self.rules);
        }
        true
    }

    fn take_in(&mut self, day: NaiveDate, check_ins: &[&CheckIn], steady: bool) {
        for answer in check_ins.iter().flat_map(|c| &c.answers) {
            for n in self.asked.get(answer.item.as_str()).into_iter().flatten() {
                self.said[*n].push(answer.value);
            }
        }
        for (track, said) in self.tracks.iter_mut().zip(&mut self.said) {
            if track.answer(day, said, steady, self.rules) {
                self.last_answer = Some(day);
            }
            said.clear();
        }
    }

    fn heard(&self, day: NaiveDate) -> bool {
        self.last_answer.is_some_and(|last| day - last <= TimeDelta::days(self.rules.quiet_days))
    }

    /// Today's level. Only answers raise it or let it ease; without any it stands as it was, until nothing is known any more.
    fn judge(&mut self, day: NaiveDate, agreed: bool) -> Verdict {
        let before = self.level;
        if !self.heard(day) {
            self.named.clear();
            let turn = if before > Level::Steady { Turn::WentQuiet } else { Turn::Unchanged };
            return Verdict { before, level: Level::Steady, turn, items: Vec::new(), place: Place::Inside };
        }
        let (level, telling) = if self.last_answer == Some(day) { self.weigh(day) } else { self.as_it_was(day) };
        let turn = turn(before, level, agreed);
        if level > Level::Steady {
            self.named.clone_from(&telling);
            return Verdict { before, level, turn, items: telling, place: Place::Worse };
        }
        let back: Vec<usize> = std::mem::take(&mut self.named);
        // Where the yardstick moved, nothing has come back.
        let items = back.into_iter().filter(|&n| !agreed && self.tracks[n].is_back(day, self.rules)).collect();
        Verdict { before, level, turn, items, place: Place::Inside }
    }

    /// A rule of the plan that is met makes the day an alert. Learning goes on by the weighing alone.
    fn overrule(&mut self, verdict: &mut Verdict, met: bool, agreed: bool) {
        if met && verdict.level == Level::Steady {
            // What is back near usual today is no part of an alert.
            verdict.items.clear();
        }
        let before = std::mem::replace(&mut self.told, if met { Level::Alert } else { verdict.level });
        if (before, self.told) != (verdict.before, verdict.level) {
            verdict.turn = turn(before, self.told, agreed && !met);
            verdict.level = self.told;
        }
    }

    /// On a day without answers a change stands by those before, as long as they are about something that is still asked.
    fn as_it_was(&self, day: NaiveDate) -> (Level, Vec<usize>) {
        let said = |n: &usize| self.tracks[*n].count(day, Place::Worse, self.rules) > 0;
        let items: Vec<usize> = self.named.iter().copied().filter(said).collect();
        (if items.is_empty() { Level::Steady } else { self.level }, items)
    }

    /// The level that today's answers mean, and the items that tell it: those of the rise that were outside usual often enough.
    fn weigh(&mut self, day: NaiveDate) -> (Level, Vec<usize>) {
        let rise = self.rise(day);
        self.last_height = rise.height;
        let count = |n: usize| self.tracks[n].count(day, Place::Worse, self.rules);
        let telling = |items: &[usize], enough: usize| -> Vec<usize> {
            items.iter().copied().filter(|&n| count(n) >= enough).collect()
        };
        let mut items = telling(&rise.items, self.rules.persist);
        if self.level > Level::Steady {
            // To stand takes a little less than to begin: see `Rules::ease`.
            let enough = self.rules.persist.saturating_sub(1).max(1);
            for those in [&rise.items, &self.named] {
                if items.is_empty() {
                    items = telling(those, enough);
                }
            }
        }
        let every = items.iter().any(|&n| count(n) >= self.rules.recent);
        let level = if items.is_empty() { Level::Steady } else { self.level_of(day, rise.height, every) };
        (level, items)
    }

    /// The level that a rise of this height means, given the level that stands: coming down takes more than going up. To become an
    /// alert, one item must have been outside usual on `every` recent answer.
    fn level_of(&self, day: NaiveDate, height: f64, every: bool) -> Level {
        let Rules { watch, alert, ease, .. } = *self.rules;
        let heard = self.part_of_days(day);
        let limit = |level: Level, limit: f64| {
            let limit = for_this_rhythm(limit, heard);
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

    /// On what part of the days that count as recent something was answered.
    fn part_of_days(&self, day: NaiveDate) -> f64 {
        let heard = self.tracks.iter().map(|t| t.days_heard(day, self.rules)).max().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "a few weeks")]
        let part = heard as f64 / self.rhythm.days_since_first(day).clamp(1, self.rules.memory_days().into()) as f64;
        part.clamp(0.1, 1.0)
    }

    /// The subset of items that stands out most when taken together, higher while it is still growing.
    fn rise(&self, day: NaiveDate) -> Rise {
        let mut heights: Vec<(f64, usize)> = self
            .tracks
            .iter()
            .enumerate()
            .filter_map(|(n, t)| Some((t.height(day, &self.fading, self.rules)?, n)))
            .collect();
        self.weigh_signs(&mut heights);
        let mut rise = highest(&mut heights, self.rules);
        let slopes: Vec<f64> = rise.items.iter().filter_map(|&n| self.tracks[n].slope(day, self.rules)).collect();
        if !slopes.is_empty() {
            #[expect(clippy::cast_precision_loss, reason = "a few items")]
            let mean = slopes.iter().sum::<f64>() / slopes.len() as f64;
            rise.height += self.rules.slope_weight * mean.clamp(-1.5, 1.5);
        }
        rise
    }

    /// A sign counts for more than a standard item beside it, which counts for less: the weights are 1 on (quadratic) average.
    fn weigh_signs(&self, heights: &mut [(f64, usize)]) {
        let squares: f64 = heights.iter().map(|h| self.weight(h.1).powi(2)).sum();
        #[expect(clippy::cast_precision_loss, reason = "a few items")]
        let average = (squares / heights.len() as f64).sqrt();
        for (height, n) in heights {
            *height *= self.weight(*n) / average;
        }
    }

    fn weight(&self, n: usize) -> f64 {
        match self.tracks[n].item.kind {
            ItemKind::Standard => 1.0,
            ItemKind::Sign => self.rules.sign_weight.powi(self.tracks[n].item.stage.clamp(1, 3).into()),
        }
    }

    fn tell(&self, day: NaiveDate, verdict: Verdict, met: Vec<Met>, silent: bool) -> Assessment {
        Assessment {
            day,
            level: verdict.level,
            turn: verdict.turn,
            heard: self.heard(day),
            facts: self.facts(day, &verdict.items, verdict.place),
            met,
            silence: if silent { self.silence(day) } else { None },
            worse: self.persisting(day, Place::Worse),
            better: self.persisting(day, Place::Better),
            usual: self.tracks.iter().filter_map(Track::usual).collect(),
        }
    }

    fn silence(&self, day: NaiveDate) -> Option<Silence> {
        let last = self.rhythm.last()?;
        Some(Silence {
            last,
            days: self.rhythm.quiet_for(day),
            usual_a_week: self.rhythm.a_week(),
            longest_before: self.rhythm.longest(),
            facts: self.persisting(last, Place::Worse),
        })
    }

    /// Items that have lately been outside usual on that side, as persistently as a change must be to begin.
    fn persisting(&self, day: NaiveDate, place: Place) -> Vec<Fact> {
        let enough = |n: &usize| self.tracks[*n].count(day, place, self.rules) >= self.rules.persist;
        let items: Vec<usize> = (0..self.tracks.len()).filter(enough).collect();
        self.facts(day, &items, place)
    }

    fn facts(&self, day: NaiveDate, items: &[usize], place: Place) -> Vec<Fact> {
        let heard = self.rhythm.days(day);
        items.iter().filter_map(|&n| self.tracks[n].fact(day, place, heard, self.rules)).collect()
    }
}

/// The limit for somebody who answers on this part of all days. A limit is passed by chance about `days exp(-limit²/2)` times, so
/// whoever answers on every third day is looked at a third as often, and may have a lower one for as many false alarms a year.
fn for_this_rhythm(limit: f64, part: f64) -> f64 {
    (limit * limit + 2.0 * part.ln()).max(1.0).sqrt()
}

fn turn(before: Level, now: Level, agreed: bool) -> Turn {
    match (before, now) {
        (Level::Steady, Level::Watch | Level::Alert) => Turn::Raised,
        (Level::Watch, Level::Alert) => Turn::Rose,
        (Level::Alert, Level::Watch) => Turn::Fell,
        (Level::Watch | Level::Alert, Level::Steady) if agreed => Turn::Agreed,
        (Level::Watch | Level::Alert, Level::Steady) => Turn::Eased,
        _ => Turn::Unchanged,
    }
}
