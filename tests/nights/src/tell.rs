//! Many nights, and the shortest way to tell of one that failed.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::{
    night::{HOUR, Night, Setting, Told},
    steps::Steps,
    witness::Broken,
};

pub type Make = fn() -> Box<dyn Steps>;

pub fn live(seed: u64, setting: Setting, make: Make, tell: bool) -> Told {
    Night::new(seed, setting, &mut *make(), tell).live()
}

/// So many nights from a first seed on, on every core of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Nights {
    pub first: u64,
    pub count: u64,
    pub make: Make,
}

/// A night in which something did not hold.
#[derive(Debug)]
pub struct Found {
    pub seed: u64,
    /// How many nights it took.
    pub after: u64,
    pub broken: Broken,
    /// A simpler night that fails alike, and what happened in it.
    pub simpler: u64,
    pub setting: Setting,
    pub said: String,
}

#[derive(Debug, Default)]
pub struct Sum {
    pub nights: AtomicU64,
    pub looks: AtomicU64,
    pub rings: AtomicU64,
}

impl Nights {
    /// The first night that fails, or what all of them came to.
    pub fn live(&self) -> Result<Sum, Box<Found>> {
        let (sum, next, failed) = (Sum::default(), AtomicU64::new(0), AtomicU64::new(u64::MAX));
        let is_over = AtomicBool::new(false);
        let work = || {
            while !is_over.load(Ordering::Relaxed) {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= self.count {
                    break;
                }
                let told = live(self.first.wrapping_add(n), Setting::EVERYTHING, self.make, false);
                sum.nights.fetch_add(1, Ordering::Relaxed);
                sum.looks.fetch_add(told.looks, Ordering::Relaxed);
                sum.rings.fetch_add(told.rings as u64, Ordering::Relaxed);
                if told.broken.is_some() {
                    failed.fetch_min(n, Ordering::Relaxed);
                    is_over.store(true, Ordering::Relaxed);
                }
            }
        };
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(work);
            }
        });
        match failed.into_inner() {
            u64::MAX => Ok(sum),
            n => Err(Box::new(Found::shortest(self.first.wrapping_add(n), n + 1, self.make))),
        }
    }
}

/// A setting with less in it is tried with so many seeds: the same seed is another night in it.
const TRIES: u64 = 300;

impl Found {
    /// A night with as little going wrong as still breaks the same invariant, and ending when it does.
    fn shortest(seed: u64, after: u64, make: Make) -> Self {
        let fails = |seed, setting| live(seed, setting, make, false).broken;
        let Some(first) = fails(seed, Setting::EVERYTHING) else {
            let broken =
                Broken { invariant: "the same twice", at: 0, what: "the night differed when it came again".into() };
            return Self { seed, after, setting: Setting::EVERYTHING, simpler: seed, broken, said: String::new() };
        };
        let mut found = (seed, Setting::EVERYTHING, first.clone());
        let without: [fn(&mut Setting); 11] = [
            |s| s.nodes = 1,
            |s| s.requests = 1,
            |s| s.clocks_jump = false,
            |s| s.nodes_die = false,
            |s| s.nodes_pause = false,
            |s| s.disk_fills = false,
            |s| s.push_fails = false,
            |s| s.lists_change = false,
            |s| s.people_change = false,
            |s| s.people_answer = false,
            |s| s.hours /= 4,
        ];
        for less in without {
            let mut fewer = found.1;
            less(&mut fewer);
            let mut seeds = (0..TRIES).map(|n| found.0.wrapping_add(n));
            let again = seeds
                .find_map(|seed| Some((seed, fails(seed, fewer)?)).filter(|(_, b)| b.invariant == first.invariant));
            if let Some((seed, broken)) = again {
                found = (seed, fewer, broken);
            }
        }
        let (simpler, setting, broken) = found;
        let said = live(simpler, setting, make, true).said;
        Self { seed, after, setting, simpler, broken, said }
    }
}

impl std::fmt::Display for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seed, after, setting, simpler, broken, said } = self;
        let (hour, minute) = (broken.at / HOUR, broken.at / 60_000 % 60);
        writeln!(f, "night {after}, COMPANION_TEST_SEED={seed}: {:?} does not hold", broken.invariant)?;
        writeln!(f, "simplest: seed {simpler}, {hour}:{minute:02} h in, with {setting:?}")?;
        let lines: Vec<&str> = said.lines().collect();
        for line in &lines[lines.len().saturating_sub(25)..] {
            writeln!(f, "  {line}")?;
        }
        write!(f, "{}", broken.what)
    }
}

/// How many nights: `COMPANION_TEST_NIGHTS`, which `tests/soak` gives, or twenty thousand.
pub fn count() -> u64 {
    std::env::var("COMPANION_TEST_NIGHTS").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000)
}
