//! What was asked of the engine before it was written: a floor to accept, and a goal.

use crate::sets::Scores;
use crate::table::{rate, share};

/// One figure and what was asked of it.
#[derive(Debug)]
pub struct Figure {
    pub what: &'static str,
    /// As short as a table needs it.
    pub short: &'static str,
    pub seen: fn(&Scores) -> f64,
    pub floor: f64,
    pub goal: f64,
    pub wanted: Wanted,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A share of people or worsenings, to be high.
    Much,
    /// Alarms a year, to be few.
    Few,
}

/// How a figure stands against what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Goal,
    Met,
    Below,
}

const fn much(what: &'static str, short: &'static str, seen: fn(&Scores) -> f64, floor: f64, goal: f64) -> Figure {
    Figure { what, short, seen, floor, goal, wanted: Wanted::Much }
}

const fn few(what: &'static str, short: &'static str, seen: fn(&Scores) -> f64, floor: f64, goal: f64) -> Figure {
    Figure { what, short, seen, floor, goal, wanted: Wanted::Few }
}

pub const FIGURES: [Figure; 11] = [
    few("synth: false alarms a person-year", "false", |s| s.synth.false_alarms_a_year(), 1.5, 1.3),
    much("synth: found within 14 days", "found 14", |s| s.synth.found(14), 0.44, 0.50),
    much("synth: found within 28 days", "found 28", |s| s.synth.found(28), 0.74, 0.84),
    much("synth: dropout found within 14 days", "dropout", |s| s.synth.found_of("dropout", 14), 0.33, 0.42),
    much("synth: stable people never flagged", "never", |s| s.synth.never_flagged().unwrap_or(f64::NAN), 0.55, 0.60),
    few("semi_jang: false alarms a person-year", "semi false", |s| s.semi.false_alarms_a_year(), 3.0, 2.2),
    few("real_jang: false alarms a person-year", "real false", |s| s.real.false_alarms_a_year(), 3.0, 2.2),
    much("synth, three days a week: found within 14 days", "thinned 14", |s| s.thinned.found(14), 0.20, 0.30),
    much("synth, three days a week: found within 28 days", "thinned 28", |s| s.thinned.found(28), 0.50, 0.65),
    few(
        "synth, three days a week: false alarms a person-year",
        "thinned false",
        |s| s.thinned.false_alarms_a_year(),
        2.0,
        2.0,
    ),
    few("synth: false alerts (level 2) a person-year", "false alerts", |s| s.alerts.false_alarms_a_year(), 0.5, 0.5),
];

impl Figure {
    pub fn standing(&self, scores: &Scores) -> Standing {
        let seen = (self.seen)(scores);
        let reaches = |asked: f64| if self.wanted == Wanted::Much { seen >= asked } else { seen <= asked };
        match (reaches(self.floor), reaches(self.goal)) {
            (_, true) => Standing::Goal,
            (true, false) => Standing::Met,
            _ => Standing::Below,
        }
    }

    pub fn shown(&self, value: f64) -> String {
        if self.wanted == Wanted::Much { share(value) } else { rate(value) }
    }

    /// A floor or goal, as a limit: "≤ 1.50".
    pub fn limit(&self, value: f64) -> String {
        let sign = if self.wanted == Wanted::Much { "≥" } else { "≤" };
        format!("{sign} {}", self.shown(value))
    }
}

/// The floors that these scores break, in few words.
pub fn broken(scores: &Scores) -> Vec<&'static str> {
    FIGURES.iter().filter(|figure| figure.standing(scores) == Standing::Below).map(|figure| figure.short).collect()
}
