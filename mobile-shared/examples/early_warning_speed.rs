//! How long the early-warning engine takes.
//!
//!     cargo run --release -p mobile-shared --example early_warning_speed
//!
//! Each figure is the median of many runs, on one core. The diaries are made up by a seeded generator, with a day in three missing and
//! a worsening every other month, so that flags are raised, stand and ease.

use std::fmt::Display;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::time::Instant;

use chrono::{NaiveDate, TimeDelta};
use mobile_shared::early_warning::{Answer, CheckIn, Diary, HigherIs, ItemKind, ItemSpec, assess};

const DAY_0: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 5).expect("the fifth of January 2026 was a Monday");

fn main() {
    let long = diary(1, 400, 12);
    measure("the last day of 400 days with 12 items", "under 1 ms", 301, || assess(&long, day(399)..=day(399)).len());
    measure("every day of 400 days with 12 items", "no target", 51, || assess(&long, day(0)..=day(399)).len());
    let (people, days): (Vec<Diary>, RangeInclusive<NaiveDate>) =
        ((0..1000).map(|seed| diary(seed, 180, 6)).collect(), day(0)..=day(179));
    measure("every day of 1,000 people, 180 days with 6 items", "under 2 s", 7, || {
        people.iter().map(|diary| assess(diary, days.clone()).len()).sum::<usize>()
    });
}

fn measure<T>(what: impl Display, target: &str, runs: usize, mut run: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            black_box(run());
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{what:50} {:10.3} ms  (fastest {:.3}, of {runs} runs; {target})", times[runs / 2], times[0]);
}

/// A small seeded generator (`SplitMix64`, Steele et al. 2014).
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

fn diary(seed: u64, days: i64, items: usize) -> Diary {
    let mut seed = Seed(seed);
    let items: Vec<ItemSpec> = (0..items).map(item).collect();
    let mut check_ins = Vec::new();
    for n in 0..days {
        if seed.below(3) == 0 {
            continue;
        }
        let worse = n >= 60 && n % 60 < 14;
        let mut value = || {
            let usual = 1 + seed.below(2) + seed.below(2) + seed.below(2);
            f64::from(u8::try_from(usual + if worse { 4 } else { 0 }).expect("at most eight"))
        };
        let answers = items.iter().map(|item| Answer { item: item.key.clone(), value: value() }).collect();
        check_ins.push(CheckIn { day: day(n), answers });
    }
    Diary { items, check_ins, baselines: Vec::new(), plans: Vec::new() }
}

/// Keys are as long as on the server.
fn item(n: usize) -> ItemSpec {
    ItemSpec {
        key: format!("0190a5b1-7c3e-7000-8000-{n:012}"),
        label: format!("item {n}"),
        kind: if n.is_multiple_of(3) { ItemKind::Sign } else { ItemKind::Standard },
        stage: 0,
        min: 0.0,
        max: 10.0,
        higher_is: HigherIs::Worse,
        ends: None,
    }
}

fn day(n: i64) -> NaiveDate {
    DAY_0 + TimeDelta::days(n)
}
