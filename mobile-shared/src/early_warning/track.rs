//! One item's recent answers seen against its usual: how high, how persistent, since when.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::agreed::norm_of;
use super::rhythm::Day;
use super::rules::Rules;
use super::usual::{Learning, Norm, Step, median, norm};
use super::{Agreed, Counted, Fact, HigherIs, ItemSpec, Usual};

/// One day's answer to one item.
#[derive(Debug, Clone, Copy)]
struct Said {
    day: NaiveDate,
    /// The same day as a number: most of the engine's time goes into counting days.
    number: i32,
    /// In the item's own scale; the median if the item was answered more than once that day.
    raw: f64,
    /// 0..10, higher = worse.
    level: f64,
    /// No change stood then, so it may be learned from.
    steady: bool,
}

/// Usual answers, in the item's own scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub low: f64,
    pub centre: f64,
    pub high: f64,
}

/// Where an answer lies, seen from usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Worse,
    Better,
    Inside,
}

/// The levels of the steady days of `said[from..to]` in order of size, as the window slides on.
#[derive(Debug, Clone, Default)]
struct Window {
    from: usize,
    to: usize,
    sorted: Vec<f64>,
}

impl Window {
    /// Both ends only ever move forwards.
    fn slide(&mut self, said: &[Said], from: usize, to: usize) {
        for said in said[self.to..to.max(self.to)].iter().filter(|s| s.steady) {
            let place = self.sorted.partition_point(|level| *level < said.level);
            self.sorted.insert(place, said.level);
        }
        self.to = to.max(self.to);
        for said in said[self.from..from.clamp(self.from, self.to)].iter().filter(|s| s.steady) {
            let place = self.sorted.partition_point(|level| *level < said.level);
            self.sorted.remove(place);
        }
        self.from = from.clamp(self.from, self.to);
    }
}

/// The state of one item.
#[derive(Debug, Clone)]
pub(super) struct Track<'a> {
    pub item: &'a ItemSpec,
    learning: Learning,
    /// What was agreed, as changes are measured by it.
    agreed: Option<Norm>,
    /// Usual answers: as agreed, or as learned.
    band: Option<Band>,
    step: Step,
    /// The recent usual, and the day from which it was taken stock of.
    lately: Option<Norm>,
    window: Window,
    counted_on: Option<i32>,
    said: Vec<Said>,
}

impl<'a> Track<'a> {
    pub fn new(item: &'a ItemSpec) -> Self {
        Self {
            item,
            learning: Learning::default(),
            agreed: None,
            band: None,
            step: Step::new(),
            lately: None,
            window: Window::default(),
            counted_on: None,
            said: Vec::new(),
        }
    }

    /// Takes in everything said about this item on one day (in its own scale), and tells whether that was anything at all.
    pub fn answer(&mut self, day: NaiveDate, values: &[f64], steady: bool, rules: &Rules) -> bool {
        let asked = self.item.ends.is_none_or(|ends| day < ends);
        let Some(raw) = middle_answer(values).filter(|_| asked) else { return false };
        let raw = raw.clamp(self.item.min, self.item.max);
        let level = oriented(self.item, raw);
        self.step.see(level);
        let news = self.learning.answer(day, level, steady, self.step.least_spread(rules), rules);
        if news && self.agreed.is_none() {
            self.band = self.learning.usual().map(|norm| band(self.item, norm, rules));
        }
        let number = day.num_days_from_ce();
        self.said.push(Said { day, number, raw, level, steady });
        self.take_stock(number, rules);
        true
    }

    /// From now on this is usual, because client and worker agreed so; without anything agreed, what was learned is.
    pub fn agree(&mut self, agreed: Option<&Agreed>, rules: &Rules) {
        let agreed = agreed.filter(|a| a.makes_sense());
        self.agreed = agreed.map(|a| norm_of(a, self.item, rules));
        self.band = match agreed {
            Some(a) => Some(Band { low: a.low, centre: a.centre, high: a.high }),
            None => self.learning.usual().map(|norm| band(self.item, norm, rules)),
        };
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
    pub fn height(&self, today: NaiveDate, fading: &[f64], rules: &Rules) -> Option<f64> {
        let reference = self.reference(rules)?;
        let number = today.num_days_from_ce();
        let (mut sum, mut weights, mut squares) = (0.0, 0.0, 0.0);
        for said in self.recent(today, rules) {
            let weight = usize::try_from(number - said.number).map_or(0.0, |age| fading[age]);
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
        let mut distances = self.recent(today, rules).rev().map(|said| reference.distance(said.level, rules));
        let now = Mean::of(distances.by_ref().take(3));
        let before = Mean::of(distances.take(6));
        (before.count >= 3).then(|| now.value() - before.value())
    }

    /// What a change is measured from: the when-well usual, or nearer to the recent one if that is worse or more varied.
    fn reference(&self, rules: &Rules) -> Option<Norm> {
        let well = self.agreed.or_else(|| self.learning.norm())?;
        let least = self.step.least_spread(rules);
        let Some(lately) = self.lately else { return Some(well.at_least(least)) };
        let worse = |lately: f64, well: f64| well + rules.lately_share * (lately - well).max(0.0);
        let spread = worse(lately.spread.max(least), well.spread.max(least));
        Some(Norm { mean: worse(lately.mean, well.mean), spread, ..well })
    }

    /// Once a week, counted from the first answer, what was said lately is taken stock of. More often would change little.
    fn take_stock(&mut self, today: i32, rules: &Rules) {
        let Some(first) = self.said.first() else { return };
        let week = first.number + (today - first.number) / 7 * 7;
        if self.counted_on == Some(week) {
            return;
        }
        let until = |days: i32| self.said.partition_point(|s| s.number <= week - days);
        let (from, to) = (until(rules.lately_days.max(rules.wait_days)), until(rules.wait_days));
        self.window.slide(&self.said, from, to);
        let enough = self.window.sorted.len() >= rules.learn_answers;
        self.lately = enough.then(|| norm(&self.window.sorted, self.step.least_spread(rules), rules));
        self.counted_on = Some(week);
    }

    /// On how many of the days that count as recent something was said.
    pub fn days_heard(&self, today: NaiveDate, rules: &Rules) -> usize {
        self.recent(today, rules).count()
    }

    /// How many of the last answers lie there.
    pub fn count(&self, today: NaiveDate, place: Place, rules: &Rules) -> usize {
        let Some(band) = self.band else {
            return 0;
        };
        self.recent(today, rules).rev().take(rules.recent).filter(|s| self.lies(s.raw, band, place)).count()
    }

    /// What is usual, in the item's own scale.
    pub fn usual(&self) -> Option<Usual> {
        let Band { low, centre, high } = self.band?;
        Some(Usual { item: self.item.key.clone(), low, centre, high })
    }

    /// What there is to say about this item today, counting the last answers that lie there. `None` if there are none.
    pub fn fact(&self, today: NaiveDate, place: Place, heard: &[Day], rules: &Rules) -> Option<Fact> {
        let band = self.band?;
        let last = self.last(today, rules);
        let there: Vec<&Said> = last.iter().filter(|s| self.lies(s.raw, band, place)).collect();
        if there.is_empty() {
            return None;
        }
        let since = self.since(last.len(), band, place, rules)?;
        Some(Fact {
            item: self.item.key.clone(),
            label: self.item.label.clone(),
            kind: self.item.kind,
            now: median(&there.iter().map(|s| s.raw).collect::<Vec<_>>()),
            count: there.len(),
            of: last.len(),
            counted: counted(&last, heard),
            since,
            usual: self.usual()?,
        })
    }

    /// Whether the middle one of the last answers is inside usual again.
    pub fn is_back(&self, today: NaiveDate, rules: &Rules) -> bool {
        let last: Vec<f64> = self.last(today, rules).iter().map(|s| s.raw).collect();
        self.band.is_some_and(|band| !last.is_empty() && (band.low..=band.high).contains(&median(&last)))
    }

    /// The day the present run of answers there began; the last `counted` answers all belong to it. Before them a run goes on
    /// over one answer elsewhere, and ends at two in a row or at a gap longer than the memory.
    fn since(&self, counted: usize, band: Band, place: Place, rules: &Rules) -> Option<NaiveDate> {
        let (mut since, mut elsewhere) = (None, 0);
        for (back, said) in self.said.iter().rev().enumerate() {
            if self.lies(said.raw, band, place) {
                let gap = since.is_some_and(|later| later - said.day > TimeDelta::days(rules.memory_days().into()));
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

    fn lies(&self, raw: f64, band: Band, place: Place) -> bool {
        let worse_is_up = self.item.higher_is == HigherIs::Worse;
        match place {
            Place::Inside => (band.low..=band.high).contains(&raw),
            Place::Worse if worse_is_up => raw > band.high,
            Place::Better if !worse_is_up => raw > band.high,
            Place::Worse | Place::Better => raw < band.low,
        }
    }

    fn recent(&self, today: NaiveDate, rules: &Rules) -> impl DoubleEndedIterator<Item = &Said> {
        let from = today.num_days_from_ce() - rules.memory_days();
        let asked = self.item.ends.is_none_or(|ends| today < ends);
        let begins = if asked { self.said.partition_point(|s| s.number <= from) } else { self.said.len() };
        self.said[begins..].iter()
    }

    fn last(&self, today: NaiveDate, rules: &Rules) -> Vec<Said> {
        let mut last: Vec<Said> = self.recent(today, rules).rev().take(rules.recent).copied().collect();
        last.reverse();
        last
    }
}

/// What those last answers are the last of: of all check-ins, of all days with one, or only of the days with an answer to this item.
fn counted(last: &[Said], heard: &[Day]) -> Counted {
    let days = &heard[heard.len().saturating_sub(last.len())..];
    if !last.iter().map(|s| s.number).eq(days.iter().map(|d| d.number)) {
        Counted::Answers
    } else if days.iter().all(|d| d.check_ins == 1) {
        Counted::CheckIns
    } else {
        Counted::Days
    }
}

/// The middle one of a day's answers.
fn middle_answer(values: &[f64]) -> Option<f64> {
    match values {
        [] => None,
        [only] => only.is_finite().then_some(*only),
        _ => {
            let values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
            (!values.is_empty()).then(|| median(&values))
        }
    }
}

struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        values.fold(Self { sum: 0.0, count: 0 }, |mean, value| Self { sum: mean.sum + value, count: mean.count + 1 })
    }

    fn value(&self) -> f64 {
        self.sum / f64::from(self.count)
    }
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
pub(super) fn band(item: &ItemSpec, norm: Norm, rules: &Rules) -> Band {
    let (min, max) = (item.min, item.max);
    let centre = own_scale(item, norm.median).clamp(min, max);
    // A point either way is usual for everybody; on a scale of three or two answers, less.
    let half = (rules.band * norm.spread * (max - min) / 10.0).max(((max - min) / 4.0).min(1.0));
    // Answers are whole points, so the band ends at whole points too.
    let low = (centre - half - 1e-9).ceil().clamp(min, centre);
    let high = (centre + half + 1e-9).floor().clamp(centre, max);
    Band { low, centre, high }
}
