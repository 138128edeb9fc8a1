//! Bayesian online change points (Adams, `MacKay` 2007): how long has the present level lasted, and how high is it?

use super::Series;

/// Chance that a level ends at an answer: one in two months of daily ones.
const HAZARD: f64 = 1.0 / 60.0;
/// A new level is drawn from around usual, with this variance, in spreads; answers vary around it with variance 1 (known).
const PRIOR: f64 = 1.0;
/// "Risen" is a level at least this many spreads above usual.
const RISEN: f64 = 0.5;
/// Runs less likely than this are forgotten.
const LEAST: f64 = 1e-6;

/// One possible run: its probability, and mean and variance of what is known of its level.
#[derive(Debug, Clone, Copy)]
struct Run {
    chance: f64,
    mean: f64,
    variance: f64,
}

/// The log odds that the present level is a risen one.
pub fn risen(series: &Series) -> Vec<(usize, f64)> {
    // When well, the level is usual by definition, known from as many answers as were learned from.
    let mut runs = vec![Run { chance: 1.0, mean: 0.0, variance: 1.0 / crate::numbers::real(series.learned) }];
    let mut heights = Vec::new();
    for (day, z) in series.judged() {
        runs = next(&runs, *z);
        let risen: f64 = runs.iter().map(|r| r.chance * below((r.mean - RISEN) / r.variance.sqrt())).sum();
        heights.push((*day, (risen.max(1e-12) / (1.0 - risen).max(1e-12)).ln()));
    }
    heights
}

fn next(runs: &[Run], z: f64) -> Vec<Run> {
    let fresh = Run { chance: HAZARD, mean: 0.0, variance: PRIOR };
    let kept = runs.iter().map(|r| Run { chance: r.chance * (1.0 - HAZARD), ..*r });
    let mut runs: Vec<Run> = std::iter::once(fresh).chain(kept).map(|run| seen(run, z)).collect();
    let all: f64 = runs.iter().map(|r| r.chance).sum();
    for run in &mut runs {
        run.chance /= all.max(f64::MIN_POSITIVE);
    }
    runs.retain(|r| r.chance > LEAST);
    runs
}

/// A run after one more answer: likelier if it expected it, and surer of its level.
fn seen(run: Run, z: f64) -> Run {
    let expected = run.variance + 1.0;
    let likelihood = (-(z - run.mean).powi(2) / (2.0 * expected)).exp() / expected.sqrt();
    let gain = run.variance / expected;
    Run {
        chance: run.chance * likelihood,
        mean: run.mean + gain * (z - run.mean),
        variance: run.variance * (1.0 - gain),
    }
}

/// The share of a bell curve that lies below `x`: Abramowitz and Stegun 26.2.17, good to seven decimals.
fn below(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let tail = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530]
        .iter()
        .fold(0.0, |sum, factor| (sum + factor) * t);
    let rest = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt() * tail;
    if x >= 0.0 { 1.0 - rest } else { rest }
}
