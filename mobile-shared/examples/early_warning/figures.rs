//! `score`: the engine as it ships, figure by figure.

use std::process::ExitCode;

use mobile_shared::early_warning::{Rules, VERSION};

use crate::engine::{levels, levels_with_signs};
use crate::goals::{FIGURES, Standing, broken};
use crate::score::Score;
use crate::sets::{Scores, Sets};
use crate::table::{head, rate, row, share};

pub fn print(sets: &Sets) -> ExitCode {
    let rules = Rules::default();
    let scores = Scores::of(sets, |set| levels(&rules, set));
    println!("Rules {VERSION}\n");
    head(&["figure", "floor", "goal", "seen", ""]);
    for figure in &FIGURES {
        let standing = match figure.standing(&scores) {
            Standing::Goal => "goal",
            Standing::Met => "met",
            Standing::Below => "below",
        };
        let seen = figure.shown((figure.seen)(&scores));
        row(&[figure.what, &figure.limit(figure.floor), &figure.limit(figure.goal), &seen, standing]);
    }
    for (what, seen) in beside(&scores) {
        row(&[what, "", "", &seen, ""]);
    }
    for stage in 1..=3 {
        let score = Score::of(&sets.synth, &levels_with_signs(&rules, &sets.synth, stage), 1);
        let what = format!("synth, two of six items as signs of stage {stage}: false alarms; found within 14 days");
        row(&[&what, "", "", &format!("{}; {}", rate(score.false_alarms_a_year()), share(score.found(14))), ""]);
    }
    let broken = broken(&scores);
    if broken.is_empty() {
        println!("\nNo floor is broken.");
        return ExitCode::SUCCESS;
    }
    println!("\nBelow the floor: {}.", broken.join(", "));
    ExitCode::FAILURE
}

/// Figures that nothing was asked of.
fn beside(scores: &Scores) -> Vec<(&'static str, String)> {
    vec![
        ("synth: gradual found within 14 days", share(scores.synth.found_of("gradual", 14))),
        ("synth: gradual found within 28 days", share(scores.synth.found_of("gradual", 28))),
        ("synth: sudden found within 14 days", share(scores.synth.found_of("sudden", 14))),
        ("synth: sudden found within 28 days", share(scores.synth.found_of("sudden", 28))),
        ("synth: dropout found within 28 days", share(scores.synth.found_of("dropout", 28))),
        ("synth: middle delay of all in days", rate(scores.synth.median_delay_of_all().unwrap_or(f64::NAN))),
        ("synth: alerts (level 2), found within 14 days", share(scores.alerts.found(14))),
        ("synth: alerts (level 2), found within 28 days", share(scores.alerts.found(28))),
        ("semi_jang: found within 14 days (of 6)", share(scores.semi.found(14))),
        ("semi_jang: found within 28 days (of 6)", share(scores.semi.found(28))),
        ("real_jang: found within 14 days (of 3)", share(scores.real.found(14))),
        ("real_jang: found within 28 days (of 3)", share(scores.real.found(28))),
        ("half of the days missing: false alarms a person-year", rate(scores.missing.false_alarms_a_year())),
        ("half of the days missing: found within 14 days", share(scores.missing.found(14))),
        ("half of the days missing: found within 28 days", share(scores.missing.found(28))),
        ("slow drift: false alarms a person-year", rate(scores.drift.false_alarms_a_year())),
        ("slow drift: found within 28 days", share(scores.drift.found(28))),
        ("slow drift: found within 42 days", share(scores.drift.found(42))),
        ("slow drift: found within 56 days", share(scores.drift.found(56))),
    ]
}
