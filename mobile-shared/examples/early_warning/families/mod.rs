//! Other families of detectors, each in its plain published form, so that the engine has something to be compared with.
//!
//! Every one turns a person's days into heights, and flags the check-in days whose height is at least its threshold. Only that
//! threshold is tuned. What is fixed in each is what its source, or the usual textbook, takes. All know a person's usual by the same
//! rule, and none knows of silence, growth, persistence or of when to stop: those are what the engine adds.

mod change_point;
mod charts;
mod moving;
mod scan;
mod series;
mod state_space;

use crate::data::{Person, Set};
use crate::score::Flags;
use series::{Series, highest, of_the_mean};

/// How high a person stands on each day; nothing on a day that says nothing.
pub type Heights = Vec<Option<f64>>;

#[derive(Debug)]
pub struct Family {
    pub name: &'static str,
    pub source: &'static str,
    heights: fn(&Person) -> Heights,
}

pub const FAMILIES: [Family; 12] = [
    Family {
        name: "change from the first 28 days, mean of items",
        source: "as in early-signs apps; Shewhart 1931",
        heights: |p| of_the_mean(p, charts::change),
    },
    Family {
        name: "EWMA λ .1, highest item",
        source: "Roberts 1959; Smit et al. 2022",
        heights: |p| highest(p, |s| charts::ewma(s, 0.1)),
    },
    Family {
        name: "EWMA λ .2, highest item",
        source: "Roberts 1959; Smit et al. 2022",
        heights: |p| highest(p, |s| charts::ewma(s, 0.2)),
    },
    Family {
        name: "EWMA λ .1, mean of items",
        source: "Roberts 1959; Smit et al. 2022",
        heights: |p| of_the_mean(p, |s| charts::ewma(s, 0.1)),
    },
    Family {
        name: "EWMA λ .2, mean of items",
        source: "Roberts 1959; Smit et al. 2022",
        heights: |p| of_the_mean(p, |s| charts::ewma(s, 0.2)),
    },
    Family {
        name: "CUSUM k .5, highest item",
        source: "Page 1954",
        heights: |p| highest(p, |s| charts::cusum(s, 0.5)),
    },
    Family { name: "CUSUM k 1, highest item", source: "Page 1954", heights: |p| highest(p, |s| charts::cusum(s, 1.0)) },
    Family {
        name: "CUSUM k .5, mean of items",
        source: "Page 1954",
        heights: |p| of_the_mean(p, |s| charts::cusum(s, 0.5)),
    },
    Family {
        name: "median/MAD, moving baseline, mean of items",
        source: "Hampel 1974; Iglewicz and Hoaglin 1993",
        heights: |p| of_the_mean(p, moving::robust),
    },
    Family {
        name: "subset scan, windows of 3 to 21 days",
        source: "Kulldorff 1997; Neill 2012",
        heights: scan::heights,
    },
    Family {
        name: "Bayesian online change points, mean of items",
        source: "Adams and MacKay 2007",
        heights: |p| of_the_mean(p, change_point::risen),
    },
    Family {
        name: "local level (Kalman), innovations, mean of items",
        source: "Harvey 1989",
        heights: |p| of_the_mean(p, state_space::innovations),
    },
];

impl Family {
    /// The heights of everybody in a set.
    pub fn heights(&self, set: &Set) -> Vec<Heights> {
        set.people.iter().map(self.heights).collect()
    }
}

/// Who is flagged when, at a threshold.
pub fn flags(heights: &[Heights], threshold: f64) -> Flags {
    let level = |height: &Option<f64>| u8::from(height.is_some_and(|h| h >= threshold));
    heights.iter().map(|days| days.iter().map(level).collect()).collect()
}
