//! Control charts against the when-well usual.

use super::Series;

/// Shewhart's: how far today is from usual.
pub fn change(series: &Series) -> Vec<(usize, f64)> {
    series.judged().to_vec()
}

/// An exponentially weighted moving average over answers, in its own standard errors (Roberts 1959).
pub fn ewma(series: &Series, lambda: f64) -> Vec<(usize, f64)> {
    let (mut average, mut left) = (0.0, 1.0);
    let step = |(day, z): &(usize, f64)| {
        average += lambda * (z - average);
        left *= (1.0 - lambda).powi(2);
        (*day, average / (lambda / (2.0 - lambda) * (1.0 - left)).sqrt())
    };
    series.judged().iter().map(step).collect()
}

/// The sum of what lies more than `slack` above usual, never below nothing (Page 1954). `slack` is half of the shift it is best at.
pub fn cusum(series: &Series, slack: f64) -> Vec<(usize, f64)> {
    let mut sum: f64 = 0.0;
    let step = |(day, z): &(usize, f64)| {
        sum = (sum + z - slack).max(0.0);
        (*day, sum)
    };
    series.judged().iter().map(step).collect()
}
