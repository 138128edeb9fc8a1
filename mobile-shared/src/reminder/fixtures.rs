//! The cases that every core must get right, in `fixtures/occurrences.json`.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::*;

#[derive(Serialize, Deserialize)]
struct Case {
    name: String,
    zone: String,
    reminder: Reminder,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    expected: Vec<Expected>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Expected {
    date: NaiveDate,
    time: Clock,
    at: DateTime<Utc>,
    id: Uuid,
}

/// `COMPANION_REWRITE=1` writes what is found into the file, to be read before it is kept.
#[test]
fn other_cores_find_the_same_occurrences_from_the_fixtures() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/occurrences.json");
    let mut cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert!(cases.len() >= 25);
    let rewrite = std::env::var_os("COMPANION_REWRITE").is_some();
    for case in &mut cases {
        let zone: Tz = case.zone.parse().unwrap();
        let expected = |one: &Occurrence| Expected {
            date: one.date,
            time: one.time.format("%H:%M").to_string().parse().unwrap(),
            at: one.at,
            id: one.id,
        };
        let found: Vec<Expected> = occurrences(&case.reminder, zone, case.from, case.to).iter().map(expected).collect();
        let next =
            next_after(&case.reminder, zone, case.from - TimeDelta::nanoseconds(1)).filter(|one| one.at < case.to);
        assert_eq!(next.as_ref().map(expected).as_ref(), found.first(), "{}", case.name);
        if rewrite {
            case.expected = found;
        } else {
            assert_eq!(found, case.expected, "{}", case.name);
        }
    }
    if rewrite {
        std::fs::write(FILE, format!("[\n{}\n]\n", cases.iter().map(written).collect::<Vec<_>>().join(",\n"))).unwrap();
    }
}

/// A line for each occurrence, so that a change can be read.
fn written(case: &Case) -> String {
    fn text<T: Serialize>(value: &T) -> String {
        serde_json::to_string(value).unwrap()
    }
    let lines: Vec<String> = case.expected.iter().map(|one| format!("\n      {}", text(one))).collect();
    let expected = if lines.is_empty() { String::new() } else { lines.join(",") + "\n    " };
    format!(
        "  {{\n    \"name\": {},\n    \"zone\": {},\n    \"reminder\": {},\n    \"from\": {}, \"to\": {},\n    \"expected\": [{expected}]\n  }}",
        text(&case.name),
        text(&case.zone),
        text(&case.reminder),
        text(&case.from),
        text(&case.to)
    )
}
