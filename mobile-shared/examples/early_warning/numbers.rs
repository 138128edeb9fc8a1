//! Small sums that several modules need.

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "days and people, a few hundred thousand at most")]
pub fn real(count: usize) -> f64 {
    count as f64
}

/// Of nothing, there is no mean.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / real(values.len()))
}

/// Between two middle values, halfway.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        n if n % 2 == 1 => Some(sorted[half]),
        _ => Some(f64::midpoint(sorted[half - 1], sorted[half])),
    }
}

/// Standard deviation, of a sample.
pub fn spread(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / real(values.len() - 1)).sqrt())
}
