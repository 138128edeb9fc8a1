//! `groups`: does the engine serve some people worse than others? The people of `synth` in thirds, by how they keep their diary.

use std::collections::BTreeMap;
use std::process::ExitCode;

use mobile_shared::early_warning::Rules;

use crate::data::{Person, Set};
use crate::engine::levels;
use crate::numbers::{mean, real};
use crate::score::Score;
use crate::sets::Sets;
use crate::table::{head, rate, row, share, shares};

type Trait = (&'static str, fn(&Person) -> f64);

const TRAITS: [Trait; 4] = [
    ("share of days with a check-in", days_answered),
    ("longest gap in the first 60 days, in days", longest_gap),
    ("mean answer in the first four weeks", first_level),
    ("share of answers that are the person's most frequent one", sameness),
];

pub fn print(sets: &Sets) -> ExitCode {
    head(&[
        "people of synth by",
        "third",
        "from",
        "to",
        "worsenings",
        "found 14 / 28",
        "false a year",
        "never flagged",
    ]);
    for (name, of) in TRAITS {
        let mut people = sets.synth.people.clone();
        people.sort_by(|a, b| of(a).total_cmp(&of(b)));
        for (third, people) in ["lowest", "middle", "highest"].iter().zip(people.chunks(people.len().div_ceil(3))) {
            let (from, to) = (people.first().map_or(0.0, of), people.last().map_or(0.0, of));
            let set = Set { items: sets.synth.items.clone(), people: people.to_vec() };
            let score = Score::of(&set, &levels(&Rules::default(), &set), 1);
            row(&[
                name,
                third,
                &rate(from),
                &rate(to),
                &score.outcomes.len().to_string(),
                &shares(&[score.found(14), score.found(28)]),
                &rate(score.false_alarms_a_year()),
                &share(score.never_flagged().unwrap_or(f64::NAN)),
            ]);
        }
    }
    ExitCode::SUCCESS
}

fn days_answered(person: &Person) -> f64 {
    real(person.rows.iter().flatten().count()) / real(person.rows.len())
}

fn longest_gap(person: &Person) -> f64 {
    let quiet = person.rows.iter().take(60).collect::<Vec<_>>();
    real(quiet.split(|row| row.is_some()).map(<[_]>::len).max().unwrap_or(0))
}

fn first_level(person: &Person) -> f64 {
    let said: Vec<f64> = person.rows.iter().take(28).flatten().flatten().filter_map(|v| *v).collect();
    mean(&said).unwrap_or(0.0)
}

/// Item by item, and the mean of that.
fn sameness(person: &Person) -> f64 {
    let items = person.rows.iter().flatten().map(Vec::len).next().unwrap_or(0);
    let each = (0..items).filter_map(|item| {
        let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
        for value in person.rows.iter().flatten().filter_map(|row| row[item]) {
            *counts.entry(value.to_bits()).or_default() += 1;
        }
        Some(real(*counts.values().max()?) / real(counts.values().sum()))
    });
    mean(&each.collect::<Vec<_>>()).unwrap_or(0.0)
}
