//! `compare`: the engine, other families and the engine without some of its parts, each at one working point over all sets.

use std::process::ExitCode;

use mobile_shared::early_warning::Rules;

use crate::ablations::ABLATIONS;
use crate::bisect::{TARGET, threshold};
use crate::data::Set;
use crate::engine::levels;
use crate::families::{FAMILIES, Family, Heights, flags};
use crate::score::Score;
use crate::sets::{Scores, Sets};
use crate::table::{head, number, rate, row, share, shares};

/// A column of the tables: its name, and what stands in it.
type Column = (&'static str, fn(&Scores) -> String);

const COLUMNS: [Column; 13] = [
    ("synth: found 14 / 28", |s| shares(&[s.synth.found(14), s.synth.found(28)])),
    ("dropout 14", |s| share(s.synth.found_of("dropout", 14))),
    ("false a year", |s| rate(s.synth.false_alarms_a_year())),
    ("never flagged", |s| share(s.synth.never_flagged().unwrap_or(f64::NAN))),
    ("alerts: false a year", |s| of_alerts(s, rate(s.alerts.false_alarms_a_year()))),
    ("alerts: found 28", |s| of_alerts(s, share(s.alerts.found(28)))),
    ("semi: false a year", |s| rate(s.semi.false_alarms_a_year())),
    ("real: false a year", |s| rate(s.real.false_alarms_a_year())),
    ("semi / real: found 28", |s| shares(&[s.semi.found(28), s.real.found(28)])),
    ("three a week: found 14 / 28", |s| shares(&[s.thinned.found(14), s.thinned.found(28)])),
    ("false a year", |s| rate(s.thinned.false_alarms_a_year())),
    ("half missing: found 14 / 28, false a year", |s| with_false(&s.missing, &[14, 28])),
    ("slow drift: found 28 / 42 / 56, false a year", |s| with_false(&s.drift, &[28, 42, 56])),
];

/// Halvings of the range of a threshold. One run of the engine takes a second, so it gets fewer.
const FINE: u32 = 40;
const COARSE: u32 = 9;

/// Nothing is looked for above this height: no change is flagged there any more.
const HIGHEST: f64 = 7.5;

pub fn print(sets: &Sets) -> ExitCode {
    println!("Every detector is set to about {TARGET} false alarms a person-year on synth, by its one threshold.\n");
    begin("threshold");
    let rules = Rules::default();
    line("**this engine**", &number(rules.watch), &scored(&rules, sets));
    for family in &FAMILIES {
        let (found, scores) = tuned(family, sets);
        line(family.name, &number(found), &scores);
    }
    println!("\nSources:\n");
    for family in &FAMILIES {
        println!("* {}: {}", family.name, family.source);
    }
    println!("\nThe engine without some of its parts, all else at its default:\n");
    begin("watch");
    line("**this engine**", &number(rules.watch), &scored(&rules, sets));
    for ablation in &ABLATIONS {
        line(ablation.name, &number(rules.watch), &scored(&ablation.rules(), sets));
    }
    println!("\nThe same, with `watch` and `alert` scaled to the same number of false alarms on synth:\n");
    begin("watch");
    line("**this engine**", &number(rules.watch), &scored(&rules, sets));
    for ablation in &ABLATIONS {
        let rules = retuned(&ablation.rules(), sets);
        line(ablation.name, &number(rules.watch), &scored(&rules, sets));
    }
    ExitCode::SUCCESS
}

fn begin(tuned: &'static str) {
    let names: Vec<&str> = ["detector", tuned].into_iter().chain(COLUMNS.iter().map(|c| c.0)).collect();
    head(&names);
}

fn line(name: &str, tuned: &str, scores: &Scores) {
    let figures = COLUMNS.iter().map(|(_, figure)| figure(scores));
    row(&[name.to_owned(), tuned.to_owned()].into_iter().chain(figures).collect::<Vec<_>>());
}

fn with_false(score: &Score, days: &[i32]) -> String {
    let found: Vec<f64> = days.iter().map(|days| score.found(*days)).collect();
    format!("{}, {}", shares(&found), rate(score.false_alarms_a_year()))
}

/// Most detectors know no second level.
fn of_alerts(scores: &Scores, figure: String) -> String {
    let any = scores.alerts.false_alarms > 0 || scores.alerts.outcomes.iter().any(|o| o.delay.is_some());
    if any { figure } else { "–".to_owned() }
}

fn scored(rules: &Rules, sets: &Sets) -> Scores {
    Scores::of(sets, |set| levels(rules, set))
}

/// A family at the threshold that gives it as many false alarms as the others.
fn tuned(family: &Family, sets: &Sets) -> (f64, Scores) {
    let heights: Vec<Heights> = family.heights(&sets.synth);
    let all = || heights.iter().flatten().filter_map(|h| *h);
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let false_alarms = |at: f64| Score::of(&sets.synth, &flags(&heights, at), 1).false_alarms_a_year();
    let found = threshold(low, high, FINE, false_alarms);
    (found, Scores::of(sets, |set: &Set| flags(&family.heights(set), found)))
}

fn retuned(rules: &Rules, sets: &Sets) -> Rules {
    let at = |watch: f64| Rules { watch, alert: rules.alert * watch / rules.watch, ..rules.clone() };
    let false_alarms = |watch: f64| Score::of(&sets.synth, &levels(&at(watch), &sets.synth), 1).false_alarms_a_year();
    at(threshold(1.5, HIGHEST, COARSE, false_alarms))
}
