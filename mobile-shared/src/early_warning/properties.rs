//! What must hold for any diary at all: no look-ahead, the same answer twice, and numbers that are in the answers.

use chrono::{NaiveDate, TimeDelta};

use super::*;

/// A small seeded generator (`SplitMix64`, Steele et al. 2014), so that a failing diary can be had again.
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + TimeDelta::days(i64::try_from(n).unwrap())
}

fn items() -> Vec<ItemSpec> {
    let item = |key: &str, kind, higher_is, min, max| ItemSpec {
        key: key.to_owned(),
        label: key.to_owned(),
        kind,
        stage: 0,
        min,
        max,
        higher_is,
        ends: None,
    };
    vec![
        item("sleep", ItemKind::Standard, HigherIs::Worse, 0.0, 10.0),
        item("mood", ItemKind::Standard, HigherIs::Better, 1.0, 7.0),
        ItemSpec { ends: Some(day(90)), ..item("energy", ItemKind::Standard, HigherIs::Better, 0.0, 10.0) },
        item("voices", ItemKind::Sign, HigherIs::Worse, 1.0, 7.0),
    ]
}

fn assess(items: &[ItemSpec], check_ins: &[CheckIn], days: RangeInclusive<NaiveDate>) -> Vec<Assessment> {
    super::assess(&Diary { items: items.to_vec(), check_ins: check_ins.to_vec(), baselines: Vec::new() }, days)
}

const DAYS: u64 = 120;

/// Some four months with gaps, skipped items, days with two check-ins, and a worsening somewhere.
fn random_diary(seed: &mut Seed) -> Vec<CheckIn> {
    let (onset, asked) = (seed.below(DAYS), items());
    let mut diary = Vec::new();
    for n in 0..DAYS {
        for _ in 0..[0, 1, 1, 1, 2][usize::try_from(seed.below(5)).unwrap()] {
            let mut answers = Vec::new();
            for item in &asked {
                let worse = 1 + seed.below(3) + if n >= onset && n < onset + 25 { 3 } else { 0 };
                let value =
                    if item.higher_is == HigherIs::Worse { item.min + worse as f64 } else { item.max - worse as f64 };
                if seed.below(6) > 0 {
                    answers.push(Answer { item: item.key.clone(), value });
                }
            }
            diary.push(CheckIn { day: day(n), answers });
        }
    }
    diary
}

#[test]
fn a_day_is_assessed_by_what_was_said_up_to_it() {
    let (items, mut flagged) = (items(), 0);
    for seed in 0..40 {
        let mut seed = Seed(seed);
        let diary = random_diary(&mut seed);
        let whole = assess(&items, &diary, day(0)..=day(DAYS - 1));
        flagged += whole.iter().filter(|a| a.level > Level::Steady).count();
        for _ in 0..6 {
            let cut = seed.below(DAYS);
            let known: Vec<CheckIn> = diary.iter().filter(|c| c.day <= day(cut)).cloned().collect();
            let until = assess(&items, &known, day(0)..=day(cut));
            assert_eq!(until, whole[..until.len()], "cut on day {cut}");
        }
    }
    assert!(flagged > 100, "the diaries are meant to raise something: {flagged}");
}

#[test]
fn neither_the_order_of_check_ins_nor_the_days_asked_for_matter() {
    let items = items();
    for seed in 0..20 {
        let mut diary = random_diary(&mut Seed(seed));
        let whole = assess(&items, &diary, day(0)..=day(DAYS - 1));
        diary.reverse();
        assert_eq!(assess(&items, &diary, day(0)..=day(DAYS - 1)), whole);
        assert_eq!(assess(&items, &diary, day(70)..=day(80)), whole[70..=80]);
    }
}

/// Recounts a fact from nothing but the diary and the band of usual.
fn recount(fact: &Fact, item: &ItemSpec, diary: &[CheckIn], today: NaiveDate) -> (usize, usize, f64) {
    let mut by_day: Vec<f64> = Vec::new();
    for d in (0..28).map(|back| today - TimeDelta::days(back)) {
        let mut said: Vec<f64> = diary
            .iter()
            .filter(|c| c.day == d)
            .flat_map(|c| &c.answers)
            .filter(|a| a.item == item.key)
            .map(|a| a.value)
            .collect();
        said.sort_by(f64::total_cmp);
        match said.len() {
            0 => {}
            1 => by_day.push(said[0]),
            2 => by_day.push(f64::midpoint(said[0], said[1])),
            _ => unreachable!("two check-ins a day at most"),
        }
    }
    by_day.truncate(4);
    let outside = |v: &f64| {
        if item.higher_is == HigherIs::Worse { *v > fact.usual.high } else { *v < fact.usual.low }
    };
    let mut counted: Vec<f64> = by_day.iter().copied().filter(outside).collect();
    counted.sort_by(f64::total_cmp);
    let n = counted.len();
    (n, by_day.len(), f64::midpoint(counted[(n - 1) / 2], counted[n / 2]))
}

#[test]
fn the_numbers_in_a_sentence_are_those_of_the_answers() {
    let items: Vec<ItemSpec> = items();
    let mut checked = 0;
    for seed in 0..40 {
        let diary = random_diary(&mut Seed(seed));
        for seen in assess(&items, &diary, day(0)..=day(DAYS - 1)).iter().filter(|a| a.level > Level::Steady) {
            let words = sentence(seen, Language::En);
            assert!(!seen.facts.is_empty());
            for fact in &seen.facts {
                let item = items.iter().find(|i| i.key == fact.item).unwrap();
                assert_eq!(
                    (fact.count, fact.of, fact.now),
                    recount(fact, item, &diary, seen.day),
                    "{} {words}",
                    seen.day
                );
                assert!(fact.usual.low <= fact.usual.centre && fact.usual.centre <= fact.usual.high);
                assert!(item.min <= fact.usual.low && fact.usual.high <= item.max && fact.since <= seen.day);
                checked += 1;
            }
            let first = &seen.facts[0];
            let shown = |v: f64| format!("{}", (v * 10.0).round() / 10.0);
            assert!(
                words.contains(&format!("your usual {} to {} on ", shown(first.usual.centre), shown(first.now))),
                "{words}"
            );
        }
    }
    assert!(checked > 100);
}
