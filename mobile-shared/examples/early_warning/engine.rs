//! Our engine over a set, by any rules: exactly what `companion assess` does with a file.

use std::num::NonZero;
use std::thread;

use chrono::{NaiveDate, TimeDelta};
use mobile_shared::early_warning::{Answer, CheckIn, Diary, HigherIs, ItemKind, ItemSpec, Level, Rules, assess_by};

use crate::data::{Person, Row, Set};
use crate::score::Flags;

/// Any date serves: the engine knows no weekdays.
const DAY_0: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 3).expect("the third of January 2000 was a Monday");

/// The level of each day of each person. The sets do not say which items are people's own signs, so all count alike, as in
/// `companion assess`.
pub fn levels(rules: &Rules, set: &Set) -> Flags {
    let items: Vec<ItemSpec> = set.items.iter().map(|name| item(name)).collect();
    levels_of(rules, set, &items)
}

/// As [`levels`], with the items whose name begins with "sign" taken for the person's own signs of this stage.
pub fn levels_with_signs(rules: &Rules, set: &Set, stage: u8) -> Flags {
    let sign = |name: &String| {
        let kind = if name.starts_with("sign") { ItemKind::Sign } else { ItemKind::Standard };
        ItemSpec { kind, stage, ..item(name) }
    };
    levels_of(rules, set, &set.items.iter().map(sign).collect::<Vec<_>>())
}

/// People are independent of each other, so every core takes some.
fn levels_of(rules: &Rules, set: &Set, items: &[ItemSpec]) -> Flags {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let part = |people: &[Person]| -> Flags { people.iter().map(|person| of_one(rules, items, person)).collect() };
    thread::scope(|scope| {
        let parts: Vec<_> = set
            .people
            .chunks(set.people.len().div_ceil(cores).max(1))
            .map(|people| scope.spawn(|| part(people)))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("the engine does not panic")).collect()
    })
}

fn of_one(rules: &Rules, items: &[ItemSpec], person: &Person) -> Vec<u8> {
    let check_in = |(day, row): (i32, &Option<Row>)| {
        let answers = items.iter().zip(row.as_ref()?);
        let answers = answers.filter_map(|(item, value)| Some(Answer { item: item.key.clone(), value: (*value)? }));
        Some(CheckIn { day: date(day), answers: answers.collect() })
    };
    let diary = Diary {
        items: items.to_vec(),
        check_ins: person.days().filter_map(check_in).collect(),
        baselines: Vec::new(),
        plans: Vec::new(),
    };
    let Some((last, _)) = person.days().last() else { return Vec::new() };
    let days = date(person.start)..=date(last);
    let level = |level, silent| match level {
        Level::Alert => 2,
        Level::Watch => 1,
        Level::Steady => u8::from(silent),
    };
    assess_by(rules, &diary, days).iter().map(|a| level(a.level, a.silence.is_some())).collect()
}

fn item(name: &str) -> ItemSpec {
    ItemSpec {
        key: name.to_owned(),
        label: name.to_owned(),
        kind: ItemKind::Standard,
        stage: 0,
        min: 0.0,
        max: 10.0,
        higher_is: HigherIs::Worse,
        ends: None,
    }
}

fn date(day: i32) -> NaiveDate {
    DAY_0 + TimeDelta::days(day.into())
}
