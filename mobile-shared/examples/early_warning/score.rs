//! A port of the benchmark's `score.py`: from the days on which a flag stood to what was found, how late, and how often in vain.
//!
//! `rescore` prints it as `score.py` does, and `tests/early-warning` compares the two on the engine's own flags.

use crate::data::{Event, Person, Set};
use crate::numbers::{mean, median, real};

/// Notifications of the first four weeks count for nothing.
const WARM_UP: i32 = 28;
/// So many days without a flag make the next one a new notification.
const GAP: i32 = 7;
/// A flag that stands is notified anew after so many days.
const AGAIN: i32 = 14;
/// After the end of a worsening nothing is a false alarm for so many days.
const GRACE: i32 = 14;
/// What `score.py` puts for the delay of a worsening that was missed.
const MISSED: f64 = 999.0;

/// The level that stood on each day, for each person of a set: 0 none, 1 watch, 2 alert.
pub type Flags = Vec<Vec<u8>>;

/// One worsening: days from its onset to the first notification, and from there to its peak.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub kind: String,
    pub delay: Option<i32>,
    pub lead: Option<i32>,
}

#[derive(Debug, Clone, Default)]
pub struct Score {
    pub outcomes: Vec<Outcome>,
    pub persons: usize,
    /// Days on which a notification would have been false.
    pub days: usize,
    pub false_alarms: usize,
    /// Notifications in the first weeks.
    pub too_early: usize,
    pub stable: usize,
    pub stable_flagged: usize,
}

impl Score {
    /// Scores flags of at least this level.
    pub fn of(set: &Set, flags: &Flags, least: u8) -> Self {
        let mut score = Self { persons: set.people.len(), ..Self::default() };
        for (person, levels) in set.people.iter().zip(flags) {
            score.add(person, &notifications(person, levels, least));
        }
        score
    }

    fn add(&mut self, person: &Person, told: &[i32]) {
        let counted = person.start + WARM_UP;
        let worse = |day: &i32| person.events.iter().any(|e| e.onset <= *day && *day <= e.end + GRACE);
        self.days += person.days().filter(|(day, _)| *day >= counted && !worse(day)).count();
        self.too_early += told.iter().filter(|day| **day < counted).count();
        let in_vain = told.iter().filter(|day| **day >= counted && !worse(day)).count();
        self.false_alarms += in_vain;
        if person.events.is_empty() {
            self.stable += 1;
            self.stable_flagged += usize::from(in_vain > 0);
        }
        self.outcomes.extend(person.events.iter().map(|event| outcome(event, told)));
    }

    /// The share of worsenings that were found within so many days.
    pub fn found(&self, days: i32) -> f64 {
        self.share(|outcome| outcome.delay.is_some_and(|delay| delay <= days)).unwrap_or(f64::NAN)
    }

    /// As [`found`](Self::found), of one kind.
    pub fn found_of(&self, kind: &str, days: i32) -> f64 {
        self.only(kind).found(days)
    }

    pub fn false_alarms_a_year(&self) -> f64 {
        real(self.false_alarms) / self.years().max(1e-9)
    }

    pub fn years(&self) -> f64 {
        real(self.days) / 365.25
    }

    /// The share of people without a worsening who were never flagged; there must be some.
    pub fn never_flagged(&self) -> Option<f64> {
        (self.stable > 0).then(|| 1.0 - real(self.stable_flagged) / real(self.stable))
    }

    /// The share of worsenings of which something is true; there must be some.
    pub fn share(&self, is: impl Fn(&Outcome) -> bool) -> Option<f64> {
        let those: Vec<f64> = self.outcomes.iter().map(|o| f64::from(u8::from(is(o)))).collect();
        mean(&those)
    }

    /// The same for worsenings of one kind.
    pub fn only(&self, kind: &str) -> Self {
        let outcomes = self.outcomes.iter().filter(|o| o.kind == kind).cloned().collect();
        Self { outcomes, ..self.clone() }
    }

    /// The middle delay of those that were found.
    pub fn median_delay(&self) -> Option<f64> {
        median(&self.outcomes.iter().filter_map(|o| o.delay.map(f64::from)).collect::<Vec<_>>())
    }

    /// The middle delay, those that were missed counting as the longest.
    pub fn median_delay_of_all(&self) -> Option<f64> {
        median(&self.outcomes.iter().map(|o| o.delay.map_or(MISSED, f64::from)).collect::<Vec<_>>())
    }

    pub fn median_lead(&self) -> Option<f64> {
        median(&self.outcomes.iter().filter_map(|o| o.lead.map(f64::from)).collect::<Vec<_>>())
    }
}

fn outcome(event: &Event, told: &[i32]) -> Outcome {
    let first = told.iter().find(|day| event.onset <= **day && **day <= event.end);
    Outcome {
        kind: event.kind.clone(),
        delay: first.map(|day| day - event.onset),
        lead: first.map(|day| event.peak - day),
    }
}

/// The days on which somebody would be told: the first after at least a week without a flag, and every two weeks while it stands.
fn notifications(person: &Person, levels: &[u8], least: u8) -> Vec<i32> {
    let mut told: Vec<i32> = Vec::new();
    let mut before = None;
    for (day, _) in (person.start..).zip(levels).filter(|(_, level)| **level >= least) {
        let fresh = before.is_none_or(|before| day - before >= GAP);
        if fresh || told.last().is_some_and(|last| day - last >= AGAIN) {
            told.push(day);
        }
        before = Some(day);
    }
    told
}
