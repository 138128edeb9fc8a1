//! A local-level model (Harvey 1989): a level that wanders, seen through noise. The Kalman filter says each day what it expected;
//! what comes above that, in standard errors, is the innovation.

use std::collections::VecDeque;

use super::Series;
use crate::numbers::real;

/// How far the level wanders a day, as a variance, where answers vary around it with variance 1.
const WANDERS: f64 = 0.02;
/// One innovation is one bad day; a week of check-ins is judged together.
const TOGETHER: usize = 5;

/// The sum of the last innovations, in standard errors.
pub fn innovations(series: &Series) -> Vec<(usize, f64)> {
    let (mut level, mut variance, mut before) = (0.0, 1.0, None);
    let mut last: VecDeque<f64> = VecDeque::new();
    let step = |(day, z): &(usize, f64)| {
        // Days without a check-in leave the level where it was, and less sure.
        variance += WANDERS * real(*day - before.unwrap_or(*day));
        before = Some(*day);
        let expected = variance + 1.0;
        last.push_back((z - level) / expected.sqrt());
        if last.len() > TOGETHER {
            last.pop_front();
        }
        let gain = variance / expected;
        level += gain * (z - level);
        variance *= 1.0 - gain;
        (*day, last.iter().sum::<f64>() / real(last.len()).sqrt())
    };
    let all: Vec<(usize, f64)> = series.values.iter().map(step).collect();
    all[series.learned..].to_vec()
}
