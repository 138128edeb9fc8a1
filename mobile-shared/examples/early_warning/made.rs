//! Sets made from the public ones: fewer check-ins, and a slow drift. Seeded, so that everybody makes the same.

use crate::data::{Event, Person, Row, Set};
use crate::numbers::{real, spread};

/// Days over which a slow drift comes, and how long it stays in all.
const DRIFT: i32 = 56;
const STAYS: i32 = 84;
/// How far it goes, in spreads of the person's answers, in this share of the items.
const SIZE: f64 = 1.5;
const SHARE: f64 = 0.6;

/// A small seeded generator (`SplitMix64`, Steele et al. 2014).
struct Seed(u64);

impl Seed {
    /// Evenly from 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        #[expect(clippy::cast_precision_loss, reason = "53 bits are what a number holds")]
        let share = ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64;
        share
    }
}

/// Only the check-ins of Monday, Wednesday and Friday, if day 0 is a Monday.
pub fn three_a_week(set: &Set) -> Set {
    without(set, |day| ![0, 2, 4].contains(&day.rem_euclid(7)))
}

/// Half of all days dropped by chance.
pub fn more_missing(set: &Set) -> Set {
    let mut seed = Seed(7);
    without(set, |_| seed.next() > 0.5)
}

fn without(set: &Set, mut dropped: impl FnMut(i32) -> bool) -> Set {
    let mut set = set.clone();
    for person in &mut set.people {
        for (day, row) in (person.start..).zip(&mut person.rows) {
            if dropped(day) {
                *row = None;
            }
        }
    }
    set
}

/// The stable people of a set. Every second one drifts: from some day between 60 and 90 on, more than half of their items rise
/// steadily over eight weeks and stay up for four more. Nobody told them apart by anything but that.
pub fn slow_drift(set: &Set) -> Set {
    let mut seed = Seed(11);
    let mut people: Vec<Person> = set.people.iter().filter(|p| p.events.is_empty()).cloned().collect();
    for person in people.iter_mut().step_by(2) {
        #[expect(clippy::cast_possible_truncation, reason = "a month")]
        let onset = 60 + (seed.next() * 30.0) as i32;
        let drifts: Vec<bool> = (0..set.items.len()).map(|item| seed.next() < SHARE || item == 0).collect();
        let spreads: Vec<f64> = (0..set.items.len()).map(|item| spread_of(person, item)).collect();
        for (day, row) in (person.start..).zip(&mut person.rows).filter(|(day, _)| *day >= onset) {
            let far = SIZE * (f64::from(day - onset) / f64::from(DRIFT)).min(1.0);
            raise(row, &drifts, &spreads, far);
        }
        let person_id = person.id.clone();
        person.events.push(Event {
            person_id,
            kind: "slow".to_owned(),
            onset,
            peak: onset + DRIFT,
            end: onset + STAYS,
        });
    }
    Set { items: set.items.clone(), people }
}

fn raise(row: &mut Option<Row>, drifts: &[bool], spreads: &[f64], far: f64) {
    for ((value, drifts), spread) in row.iter_mut().flatten().zip(drifts).zip(spreads) {
        if let (Some(value), true) = (value, drifts) {
            *value = (*value + far * spread).round().clamp(0.0, 10.0);
        }
    }
}

/// Over the whole diary, and at least a point: whoever always answers the same must drift too.
fn spread_of(person: &Person, item: usize) -> f64 {
    let said: Vec<f64> = person.rows.iter().flatten().filter_map(|row| row[item]).collect();
    let of_all = spread(&said).unwrap_or(0.0) * (1.0 - 1.0 / real(said.len().max(1))).sqrt();
    of_all.max(1.0)
}
