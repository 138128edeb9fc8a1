//! A robust score against a baseline that moves along: it needs no "when well", and slowly takes anything for usual.

use super::Series;
use crate::numbers::{mean, median, real};

/// Days that are compared, and the eight weeks before them that they are compared with.
const NOW: usize = 7;
const BEFORE: usize = 63;
const ENOUGH: usize = 10;

/// The last week's mean above the median of the weeks before, in standard errors from the median absolute deviation.
pub fn robust(series: &Series) -> Vec<(usize, f64)> {
    let judge = |n: usize| {
        let (today, _) = series.values[n];
        let those = |from: usize, to: usize| -> Vec<f64> {
            let there = series.values[..=n].iter().filter(|v| today - v.0 >= from && today - v.0 < to);
            there.map(|v| v.1).collect()
        };
        let (now, before) = (those(0, NOW), those(NOW, BEFORE));
        if before.len() < ENOUGH {
            return None;
        }
        let centre = median(&before)?;
        let deviations: Vec<f64> = before.iter().map(|v| (v - centre).abs()).collect();
        // 1.4826 turns it into a standard deviation for bell-shaped answers; the series is in spreads, so half of one is the least.
        let spread = (1.4826 * median(&deviations)?).max(0.5);
        Some((today, (mean(&now)? - centre) / spread * real(now.len()).sqrt()))
    };
    (series.learned..series.values.len()).filter_map(judge).collect()
}
