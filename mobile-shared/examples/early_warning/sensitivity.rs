//! `sensitivity`: every number of the rules halved and doubled, one at a time. Nothing may hang on a figure's last digit.

use std::process::ExitCode;

use mobile_shared::early_warning::Rules;
use serde_json::{Map, Value};

use crate::engine::levels;
use crate::goals::{FIGURES, broken};
use crate::numbers::real;
use crate::sets::{Scores, Sets};
use crate::table::{head, number, row};

/// Numbers that mean nothing beyond a bound: shares above 1, and more answers outside usual than are looked at.
const AT_MOST: [(&str, f64); 3] = [("lately_share", 1.0), ("ease", 1.0), ("persist", 4.0)];
const AT_LEAST: [(&str, f64); 1] = [("recent", 3.0)];

/// The rules with one number changed.
#[derive(Debug)]
struct Change {
    name: String,
    from: f64,
    to: f64,
    rules: Rules,
}

pub fn print(sets: &Sets) -> ExitCode {
    let changes = match changes(&Rules::default()) {
        Ok(changes) => changes,
        Err(error) => {
            eprintln!("the rules cannot be taken apart: {error}");
            return ExitCode::FAILURE;
        }
    };
    let names = ["rule", "from", "to"].into_iter().chain(FIGURES.iter().map(|figure| figure.short));
    head(&names.chain(["floors broken"]).collect::<Vec<_>>());
    let none = String::new();
    line(["**as it ships**".to_owned(), none.clone(), none], &Rules::default(), sets);
    for Change { name, from, to, rules } in changes {
        line([format!("`{name}`"), number(from), number(to)], &rules, sets);
    }
    ExitCode::SUCCESS
}

fn line(change: [String; 3], rules: &Rules, sets: &Sets) {
    let scores = Scores::of(sets, |set| levels(rules, set));
    let figures = FIGURES.iter().map(|figure| figure.shown((figure.seen)(&scores)));
    let broken = broken(&scores).join(", ");
    let broken = if broken.is_empty() { broken } else { format!("**{broken}**") };
    row(&change.into_iter().chain(figures).chain([broken]).collect::<Vec<_>>());
}

/// Every number in the rules is found in their JSON, so that none added later is forgotten.
fn changes(rules: &Rules) -> Result<Vec<Change>, serde_json::Error> {
    let fields: Map<String, Value> = serde_json::from_value(serde_json::to_value(rules)?)?;
    let mut changes = Vec::new();
    for (name, value) in &fields {
        let Some(from) = value.as_f64() else { continue };
        for factor in [0.5, 2.0] {
            let bound =
                |bounds: &[(&str, f64)]| bounds.iter().find(|(bounded, _)| bounded == name).map(|(_, bound)| *bound);
            let to = from * factor;
            let to = to.min(bound(&AT_MOST).unwrap_or(to)).max(bound(&AT_LEAST).unwrap_or(0.0));
            let (to, value) = if value.is_f64() { (to, Value::from(to)) } else { whole(to) };
            let mut other = fields.clone();
            other.insert(name.clone(), value);
            changes.push(Change { name: name.clone(), from, to, rules: serde_json::from_value(other.into())? });
        }
    }
    Ok(changes)
}

fn whole(value: f64) -> (f64, Value) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days and answers, a hundred at most")]
    let rounded = value.round() as usize;
    (real(rounded), Value::from(rounded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_halved_and_doubled() {
        let rules = Rules::default();
        let changes = changes(&rules).unwrap();
        assert!(changes.len() >= 2 * 20 && changes.iter().all(|c| c.rules != rules));
        let watch: Vec<f64> = changes.iter().filter(|c| c.name == "watch").map(|c| c.to).collect();
        assert_eq!(watch, [rules.watch / 2.0, rules.watch * 2.0]);
    }
}
