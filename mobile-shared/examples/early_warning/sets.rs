//! All sets, and what a detector makes of each of them.

use std::path::Path;

use crate::data::{DataError, Set, read};
use crate::made::{more_missing, slow_drift, three_a_week};
use crate::score::{Flags, Score};

#[derive(Debug)]
pub struct Sets {
    pub synth: Set,
    /// `synth` on Monday, Wednesday and Friday only.
    pub thinned: Set,
    pub semi: Set,
    pub real: Set,
    /// `synth` with half of its days dropped.
    pub missing: Set,
    /// Stable people of `synth`, half of whom drift slowly.
    pub drift: Set,
}

impl Sets {
    pub fn read(folder: &Path) -> Result<Self, DataError> {
        let synth = read(folder, "synth")?;
        Ok(Self {
            thinned: three_a_week(&synth),
            missing: more_missing(&synth),
            drift: slow_drift(&synth),
            semi: read(folder, "semi_jang")?,
            real: read(folder, "real_jang")?,
            synth,
        })
    }
}

/// A detector's scores: one working point, all sets.
#[derive(Debug)]
pub struct Scores {
    pub synth: Score,
    /// Of alerts alone (level 2).
    pub alerts: Score,
    pub thinned: Score,
    pub semi: Score,
    pub real: Score,
    pub missing: Score,
    pub drift: Score,
}

impl Scores {
    pub fn of(sets: &Sets, detector: impl Fn(&Set) -> Flags) -> Self {
        let synth = detector(&sets.synth);
        let watch = |set: &Set| Score::of(set, &detector(set), 1);
        Self {
            alerts: Score::of(&sets.synth, &synth, 2),
            synth: Score::of(&sets.synth, &synth, 1),
            thinned: watch(&sets.thinned),
            semi: watch(&sets.semi),
            real: watch(&sets.real),
            missing: watch(&sets.missing),
            drift: watch(&sets.drift),
        }
    }
}
