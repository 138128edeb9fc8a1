//! `companion assess`: the early-warning engine as a filter, so that anyone can measure it.
//!
//! Check-ins in, one line a flagged day out; the format is described in `early-warning/README.md`. It calls the same function that
//! the server calls for every client.

use std::collections::HashMap;
use std::io::{Read, Write};

use chrono::{NaiveDate, TimeDelta};
use mobile_shared::early_warning::{
    Answer, CheckIn, Diary, HigherIs, ItemKind, ItemSpec, Language, Level, assess, sentence_naming_days,
    silence_sentence_naming_days,
};

/// Day 0 of every diary. Any date serves: the engine knows no weekdays, and the words say "day 12".
const DAY_0: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 3).expect("the third of January 2000 was a Monday");

/// More days than this are a mistake in the file, and would be assessed one by one.
const LONGEST_DIARY: i64 = 36_525;

/// Why a file could not be assessed.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    #[error("cannot read or write the table")]
    Csv(#[from] csv::Error),
    #[error("cannot write the flags")]
    Write(#[from] std::io::Error),
    #[error("the {table} table has no column {column:?}")]
    Column { table: &'static str, column: &'static str },
    #[error("the {table} table, line {line}: {value:?} is no {what}")]
    Value { table: &'static str, line: u64, value: String, what: &'static str },
    #[error("the persons table says that {person:?} keeps a diary from day {start} to day {end}")]
    Diary { person: String, start: i64, end: i64 },
}

/// One line of the flags table.
#[derive(serde::Serialize)]
struct Flag<'a> {
    person_id: &'a str,
    day: i64,
    level: u8,
    reason: String,
}

/// Reads `persons` (`person_id,start_day,end_day`) and `check_ins` (`person_id,day,<item>…`, each item 0..10 with higher = worse,
/// an empty cell = not answered), writes `flags` (`person_id,day,level,reason`): a line for every day on which a change stands,
/// level 1 = watch, 2 = alert, persons in the order of their table.
///
/// # Errors
/// If a table cannot be read, lacks a column or holds something that is no number.
pub fn run(persons: impl Read, check_ins: impl Read, flags: impl Write) -> Result<(), AssessError> {
    let (items, mut diaries) = read_check_ins(check_ins)?;
    let mut persons = csv::Reader::from_reader(persons);
    let header = persons.headers()?.clone();
    let find = |column| find_column(&header, "persons", column);
    let (id, start, end) = (find("person_id")?, find("start_day")?, find("end_day")?);
    let mut flags = csv::WriterBuilder::new().has_headers(false).from_writer(flags);
    flags.write_record(["person_id", "day", "level", "reason"])?;
    for record in persons.records() {
        let record = record?;
        let person = &record[id];
        let (start, end) = (whole(&record, start, "persons")?, whole(&record, end, "persons")?);
        if start > end || start < -LONGEST_DIARY || end > LONGEST_DIARY {
            return Err(AssessError::Diary { person: person.to_owned(), start, end });
        }
        let check_ins = diaries.remove(person).unwrap_or_default();
        let diary = Diary { items: items.clone(), check_ins, baselines: Vec::new(), plans: Vec::new() };
        for assessment in assess(&diary, date(start)..=date(end)) {
            let name = |day| format!("day {}", number(day));
            let (level, reason) = match assessment.level {
                Level::Alert => (2, sentence_naming_days(&assessment, Language::En, &name)),
                Level::Watch => (1, sentence_naming_days(&assessment, Language::En, &name)),
                Level::Steady => match silence_sentence_naming_days(&assessment, Language::En, &name) {
                    Some(reason) => (1, reason),
                    None => continue,
                },
            };
            flags.serialize(Flag { person_id: person, day: number(assessment.day), level, reason })?;
        }
    }
    flags.flush()?;
    Ok(())
}

type Diaries = HashMap<String, Vec<CheckIn>>;

fn read_check_ins(check_ins: impl Read) -> Result<(Vec<ItemSpec>, Diaries), AssessError> {
    let mut rows = csv::Reader::from_reader(check_ins);
    let header = rows.headers()?.clone();
    let id = find_column(&header, "check-ins", "person_id")?;
    let day = find_column(&header, "check-ins", "day")?;
    let columns: Vec<usize> = (0..header.len()).filter(|&n| n != id && n != day).collect();
    let items = columns.iter().map(|&n| item(&header[n])).collect();
    let mut diaries = Diaries::new();
    for record in rows.records() {
        let record = record?;
        let made = whole(&record, day, "check-ins")?;
        if !(-LONGEST_DIARY..=LONGEST_DIARY).contains(&made) {
            return Err(not_a(&record, day, "check-ins", "day"));
        }
        let mut answers = Vec::with_capacity(columns.len());
        for &n in columns.iter().filter(|&&n| !record[n].trim().is_empty()) {
            let value: f64 = record[n].trim().parse().map_err(|_| not_a(&record, n, "check-ins", "number"))?;
            answers.push(Answer { item: header[n].to_owned(), value });
        }
        diaries.entry(record[id].to_owned()).or_default().push(CheckIn { day: date(made), answers });
    }
    Ok((items, diaries))
}

/// A column of the table as an item. The table does not say which are the person's own signs, so all count alike.
fn item(column: &str) -> ItemSpec {
    ItemSpec {
        key: column.to_owned(),
        label: column.replace('_', " "),
        kind: ItemKind::Standard,
        stage: 0,
        min: 0.0,
        max: 10.0,
        higher_is: HigherIs::Worse,
        ends: None,
    }
}

fn find_column(header: &csv::StringRecord, table: &'static str, column: &'static str) -> Result<usize, AssessError> {
    header.iter().position(|name| name.trim() == column).ok_or(AssessError::Column { table, column })
}

fn whole(record: &csv::StringRecord, column: usize, table: &'static str) -> Result<i64, AssessError> {
    record[column].trim().parse().map_err(|_| not_a(record, column, table, "whole number"))
}

fn not_a(record: &csv::StringRecord, column: usize, table: &'static str, what: &'static str) -> AssessError {
    let line = record.position().map_or(0, csv::Position::line);
    AssessError::Value { table, line, value: record[column].to_owned(), what }
}

fn date(day: i64) -> NaiveDate {
    DAY_0 + TimeDelta::days(day)
}

fn number(day: NaiveDate) -> i64 {
    (day - DAY_0).num_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(persons: &str, check_ins: &str) -> Result<String, AssessError> {
        let mut flags = Vec::new();
        run(persons.as_bytes(), check_ins.as_bytes(), &mut flags)?;
        Ok(String::from_utf8(flags).expect("flags are text"))
    }

    #[test]
    fn a_change_is_a_line_a_day_with_its_reason() {
        let mut check_ins = String::from("person_id,day,sleep,low_energy\n");
        for day in 0..32 {
            let sleep = if day < 28 { [2, 3, 2, 1][day % 4] } else { 7 };
            check_ins += &format!("anna,{day},{sleep},\nben,{day},3,3\n");
        }
        let flags = flags("person_id,start_day,end_day\nanna,0,45\nben,0,45\n", &check_ins).expect("well formed");
        let lines: Vec<&str> = flags.lines().collect();
        assert_eq!(lines[0], "person_id,day,level,reason");
        let last =
            "anna,31,2,\"Sleep has gone from your usual 2 to 7 on each of your last 4 check-ins, since day 28.\"";
        assert!(lines.contains(&last), "{flags}");
        assert!(lines[1..].iter().all(|line| line.starts_with("anna,")), "{flags}");
    }

    #[test]
    fn an_empty_diary_raises_nothing() {
        let flags = flags("person_id,start_day,end_day\nanna,0,45\n", "person_id,day,sleep\n").expect("well formed");
        assert_eq!(flags, "person_id,day,level,reason\n");
    }

    #[test]
    fn a_mistake_in_a_table_is_named() {
        let persons = "person_id,start_day,end_day\nanna,0,45\n";
        let wrong = |check_ins| flags(persons, check_ins).expect_err("malformed").to_string();
        assert_eq!(wrong("person,day,sleep\n"), "the check-ins table has no column \"person_id\"");
        assert_eq!(
            wrong("person_id,day,sleep\nanna,0,3\nanna,1,bad\n"),
            "the check-ins table, line 3: \"bad\" is no number"
        );
    }
}
