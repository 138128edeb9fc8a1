//! Made-up lives for the property tests, each from a seed, so that a failing one can be had again.

use chrono::{NaiveDate, TimeDelta};

use super::*;

/// A small seeded generator (`SplitMix64`, Steele et al. 2014).
pub(super) struct Seed(pub u64);

impl Seed {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// Day 0 is a Sunday, the first of March.
pub(super) fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + TimeDelta::days(i64::try_from(n).unwrap())
}

/// Some months of somebody's check-ins: one to five items on scales of all sorts, a rhythm of their own, days with several check-ins,
/// skipped items, sometimes a worsening, a silence, or a usual that was agreed.
pub(super) fn life(seed: &mut Seed) -> Diary {
    let names = ["sleep", "mood", "energy", "voices in the wall", "staying in bed"];
    let items: Vec<ItemSpec> =
        names[..=usize::try_from(seed.below(5)).unwrap()].iter().map(|n| item(n, seed)).collect();
    let often = seed.of(&[1, 2, 2, 3, 5]);
    let (onset, quiet) = (20 + seed.below(90), 40 + seed.below(90));
    let mut check_ins = Vec::new();
    for n in (0..110).filter(|n| *n < quiet || *n > quiet + 30) {
        let times = if seed.one_in(often) { seed.of(&[1, 1, 1, 1, 2, 3]) } else { 0 };
        for _ in 0..times {
            let worse = if (onset..onset + 30).contains(&n) { 4 } else { 0 };
            let mut answers = Vec::new();
            for item in &items {
                if !seed.one_in(8) {
                    answers.push(answer(item, worse, seed));
                }
            }
            check_ins.push(CheckIn { day: day(n), answers });
        }
    }
    let mut diary = Diary { items, check_ins, baselines: Vec::new(), plans: Vec::new() };
    for _ in 0..seed.of(&[0, 0, 1, 2]) {
        let from = 30 + seed.below(70);
        let mut usual = propose(&Rules::default(), &diary, day(from - 28)..=day(from - 1));
        if seed.one_in(3) {
            for agreed in &mut usual {
                *agreed = Agreed { learned: None, high: agreed.centre.max(agreed.high - 1.0), ..agreed.clone() };
            }
        }
        diary.baselines.push(Baseline { from: day(from), usual });
    }
    diary.baselines.sort_by_key(|b| b.from);
    diary.baselines.dedup_by_key(|b| b.from);
    diary
}

/// As [`life`], with one or two plans whose rules are about its items.
pub(super) fn life_with_plans(seed: &mut Seed) -> Diary {
    let mut diary = life(seed);
    for n in 0..=seed.below(2) {
        let rules = (0..=seed.below(3)).map(|rule| {
            let item = &diary.items[usize::try_from(seed.below(diary.items.len() as u64)).unwrap()];
            let steps = seed.below(5) as f64;
            let (side, value) =
                if seed.one_in(2) { (Side::AtMost, item.min + steps) } else { (Side::AtLeast, item.max - steps) };
            PlanRule {
                id: format!("{n}-{rule}"),
                items: vec![item.key.clone()],
                side,
                value,
                days: usize::try_from(1 + seed.below(6)).unwrap(),
                words: seed.of(&["Ring me", "If it stays so, ring Mum.", "{day} or {words}, ask me!"]).to_owned(),
                at_night: seed.one_in(2),
            }
        });
        let rules = rules.collect();
        diary.plans.push(PlanRules { from: day(20 + n * 40 + seed.below(20)), rules });
    }
    diary
}

fn item(name: &str, seed: &mut Seed) -> ItemSpec {
    let (min, max) = seed.of(&[(1.0, 7.0), (0.0, 10.0), (1.0, 5.0), (-4.0, 4.0)]);
    ItemSpec {
        key: name.to_owned(),
        label: name.to_owned(),
        kind: seed.of(&[ItemKind::Standard, ItemKind::Standard, ItemKind::Sign]),
        stage: seed.of(&[0, 1, 2, 3]),
        min,
        max,
        higher_is: seed.of(&[HigherIs::Worse, HigherIs::Better]),
        ends: None,
    }
}

fn answer(item: &ItemSpec, worse: u64, seed: &mut Seed) -> Answer {
    let from_best = ((1 + seed.below(3) + worse) as f64).min(item.max - item.min);
    let value = if item.higher_is == HigherIs::Worse { item.min + from_best } else { item.max - from_best };
    Answer { item: item.key.clone(), value }
}
