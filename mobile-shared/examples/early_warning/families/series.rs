//! One series of numbers (an item, or the mean of all items) against a person's usual in it.

use super::Heights;
use crate::data::{Person, Row};
use crate::numbers::{mean, spread};

/// "When well" is the first four weeks, or longer until there are ten answers. The engine has the same.
const LEARN_DAYS: usize = 28;
const LEARN_ANSWERS: usize = 10;

/// A series with its usual learned.
#[derive(Debug)]
pub struct Series {
    /// Each day with a value: its place in the diary, and how many spreads it lies above usual.
    pub values: Vec<(usize, f64)>,
    /// How many of them the usual was learned from. They are not judged by it.
    pub learned: usize,
}

impl Series {
    /// Nothing, if there are too few values ever to know a usual. `least` is the least spread: whoever always answers the same
    /// has none.
    pub fn new(values: &[(usize, f64)], least: f64) -> Option<Self> {
        let early = values.iter().take_while(|v| v.0 < LEARN_DAYS).count();
        let learned = early.max(LEARN_ANSWERS);
        let usual: Vec<f64> = values.get(..learned)?.iter().map(|v| v.1).collect();
        let (mean, spread) = (mean(&usual)?, spread(&usual)?.max(least));
        let values = values.iter().map(|(day, value)| (*day, (value - mean) / spread)).collect();
        Some(Self { values, learned })
    }

    /// What is judged: all after what was learned from.
    pub fn judged(&self) -> &[(usize, f64)] {
        &self.values[self.learned..]
    }
}

/// Each item for itself; the highest of them on a day counts.
pub fn highest(person: &Person, judge: impl Fn(&Series) -> Vec<(usize, f64)>) -> Heights {
    let mut heights: Heights = vec![None; person.rows.len()];
    for series in items(person).into_iter().flatten() {
        for (day, height) in judge(&series) {
            heights[day] = Some(heights[day].map_or(height, |other| other.max(height)));
        }
    }
    heights
}

/// The mean of the items answered on a day is one series.
pub fn of_the_mean(person: &Person, judge: impl Fn(&Series) -> Vec<(usize, f64)>) -> Heights {
    let mut heights: Heights = vec![None; person.rows.len()];
    let said = |row: &Row| mean(&row.iter().filter_map(|v| *v).collect::<Vec<_>>());
    // Means vary less than items do.
    for (day, height) in Series::new(&values(person, said), 0.5).iter().flat_map(judge) {
        heights[day] = Some(height);
    }
    heights
}

/// Each item as a series.
pub fn items(person: &Person) -> Vec<Option<Series>> {
    let count = person.rows.iter().flatten().map(Vec::len).next().unwrap_or(0);
    (0..count).map(|item| Series::new(&values(person, |row| row[item]), 1.0)).collect()
}

fn values(person: &Person, of: impl Fn(&Row) -> Option<f64>) -> Vec<(usize, f64)> {
    person.rows.iter().enumerate().filter_map(|(day, row)| Some((day, of(row.as_ref()?)?))).collect()
}
