//! Finds the one threshold that gives a detector as many false alarms as all the others.

/// False alarms a person-year on `synth` that every detector in the comparison is set to.
pub const TARGET: f64 = 1.3;

/// The lowest threshold between `low` and `high` that gives no more than [`TARGET`], to within the range halved `steps` times.
/// More is flagged at a lower threshold.
pub fn threshold(mut low: f64, mut high: f64, steps: u32, false_alarms: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..steps {
        let middle = f64::midpoint(low, high);
        if false_alarms(middle) > TARGET {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
