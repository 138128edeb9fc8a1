//! People, what they said day by day, and when they got worse: a set as three tables.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Why a set cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error(
        "there is no {0}\nThe public sets are not part of the repository. Put them into shared/early-warning beside it, or name \
         their folder with --data DIR."
    )]
    Missing(PathBuf),
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, csv::Error),
    #[error("{0}: {1}")]
    Wrong(PathBuf, String),
}

/// One day's answers, item by item: 0..10, higher = worse.
pub type Row = Vec<Option<f64>>;

/// A worsening that was planted, or that people saw with hindsight.
#[derive(Debug, Clone, Deserialize)]
pub struct Event {
    pub person_id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub onset: i32,
    pub peak: i32,
    pub end: i32,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    /// The day of the first row.
    pub start: i32,
    /// A row a day up to the last one; nothing on a day without a check-in.
    pub rows: Vec<Option<Row>>,
    pub events: Vec<Event>,
}

impl Person {
    /// Each day with its row.
    pub fn days(&self) -> impl Iterator<Item = (i32, &Option<Row>)> {
        (self.start..).zip(&self.rows)
    }
}

#[derive(Debug, Clone)]
pub struct Set {
    pub items: Vec<String>,
    pub people: Vec<Person>,
}

#[derive(Deserialize)]
struct PersonRow {
    person_id: String,
    start_day: i32,
    end_day: i32,
}

/// Where the public sets lie unless somebody says otherwise.
pub fn beside_the_repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/early-warning")
}

/// Reads `{name}.persons.csv`, `{name}.checkins.csv` and `{name}.labels.csv`.
pub fn read(folder: &Path, name: &str) -> Result<Set, DataError> {
    let file = |table: &str| folder.join(format!("{name}.{table}.csv"));
    let mut people = read_people(&file("persons"))?;
    let numbers: HashMap<String, usize> = people.iter().map(|p| p.id.clone()).zip(0..).collect();
    let labels = file("labels");
    for event in rows::<Event>(&labels)? {
        let n = numbers.get(&event.person_id).ok_or_else(|| wrong(&labels, "an event of an unknown person"))?;
        people[*n].events.push(event);
    }
    let items = read_check_ins(&file("checkins"), &numbers, &mut people)?;
    Ok(Set { items, people })
}

fn read_people(path: &Path) -> Result<Vec<Person>, DataError> {
    let person = |row: PersonRow| {
        let days =
            usize::try_from(row.end_day - row.start_day + 1).map_err(|_| wrong(path, "a diary ends too soon"))?;
        Ok(Person { id: row.person_id, start: row.start_day, rows: vec![None; days], events: Vec::new() })
    };
    rows::<PersonRow>(path)?.into_iter().map(person).collect()
}

fn read_check_ins(
    path: &Path,
    numbers: &HashMap<String, usize>,
    people: &mut [Person],
) -> Result<Vec<String>, DataError> {
    let unreadable = |error| DataError::Unreadable(path.to_owned(), error);
    let mut table = open(path)?;
    let items = table.headers().map_err(unreadable)?.iter().skip(2).map(str::to_owned).collect();
    for record in table.records() {
        let record = record.map_err(unreadable)?;
        let person = numbers.get(&record[0]).map(|n| &mut people[*n]);
        let person = person.ok_or_else(|| wrong(path, "a check-in of an unknown person"))?;
        let day: i32 = record[1].parse().map_err(|_| wrong(path, "a day that is no number"))?;
        let row = usize::try_from(day - person.start).ok().and_then(|n| person.rows.get_mut(n));
        *row.ok_or_else(|| wrong(path, "a check-in outside the days of its person"))? =
            Some(record.iter().skip(2).map(|cell| cell.parse().ok()).collect());
    }
    Ok(items)
}

pub fn rows<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, DataError> {
    open(path)?.deserialize().collect::<Result<_, _>>().map_err(|error| DataError::Unreadable(path.to_owned(), error))
}

fn open(path: &Path) -> Result<csv::Reader<std::fs::File>, DataError> {
    if !path.exists() {
        return Err(DataError::Missing(path.to_owned()));
    }
    csv::Reader::from_path(path).map_err(|error| DataError::Unreadable(path.to_owned(), error))
}

pub fn wrong(path: &Path, what: &str) -> DataError {
    DataError::Wrong(path.to_owned(), what.to_owned())
}
