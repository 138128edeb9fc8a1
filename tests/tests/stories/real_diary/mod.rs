//! People's diaries, real and made up, kept beside the repository and never in it, told day by day through HTTP.

mod levels;
mod numbers;

use std::{collections::BTreeMap, fs};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Europe::London;
use companion_tests::{Client, Phone, Value, World, data, json};

/// One person's part of a public file.
struct Diary {
    person: &'static str,
    columns: Vec<String>,
    rows: BTreeMap<u64, Vec<Option<f64>>>,
    last_day: u64,
}

/// A day on which something stands: level 1 or 2, and why.
struct Printed {
    day: u64,
    level: u8,
    reason: String,
}

impl Printed {
    /// Silence alone is told in words of its own.
    fn is_change(&self) -> bool {
        !self.reason.trim_start_matches('"').starts_with("There has been no check-in")
    }
}

impl Diary {
    /// None where the files are not there.
    fn read(set: &str, person: &'static str) -> Option<Self> {
        let check_ins = fs::read_to_string(data::early_warning(&format!("{set}.checkins.csv"))?).unwrap();
        let persons = fs::read_to_string(data::early_warning(&format!("{set}.persons.csv"))?).unwrap();
        let mut lines = check_ins.lines();
        let columns = lines.next().unwrap().split(',').skip(2).map(str::to_owned).collect();
        let fields_of = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let rows = lines
            .map(fields_of)
            .filter(|fields| fields[0] == person)
            .map(|fields| (fields[1].parse().unwrap(), fields[2..].iter().map(|v| v.parse().ok()).collect()))
            .collect();
        let of_person = persons.lines().map(fields_of).find(|fields| fields[0] == person).unwrap();
        Some(Self { person, columns, rows, last_day: of_person[2].parse().unwrap() })
    }

    /// What `companion assess` prints of this person alone.
    fn what_assess_prints(&self) -> Vec<Printed> {
        let mut check_ins = format!("person_id,day,{}\n", self.columns.join(","));
        for (day, row) in &self.rows {
            let cells: Vec<String> = row.iter().map(|v| v.map_or_else(String::new, |v| v.to_string())).collect();
            check_ins += &format!("{},{day},{}\n", self.person, cells.join(","));
        }
        let persons = format!("person_id,start_day,end_day\n{},0,{}\n", self.person, self.last_day);
        let mut flags = Vec::new();
        companion::assess::run(persons.as_bytes(), check_ins.as_bytes(), &mut flags).unwrap();
        let flags = String::from_utf8(flags).unwrap();
        let line = |line: &str| {
            let fields: Vec<&str> = line.splitn(4, ',').collect();
            Printed { day: fields[1].parse().unwrap(), level: fields[2].parse().unwrap(), reason: fields[3].to_owned() }
        };
        flags.lines().skip(1).map(line).collect()
    }
}

/// Eight in the evening, where the person lives.
fn move_to_evening(world: &World, day: NaiveDate) {
    let evening = day.and_time(NaiveTime::from_hms_opt(20, 0, 0).unwrap());
    world.clock.set(evening.and_local_timezone(London).unwrap().to_utc());
}

/// The file's own columns as the person's signs.
async fn agree_questions(world: &World, client: &Client, diary: &Diary) {
    let items: Vec<Value> = diary
        .columns
        .iter()
        .map(|column| {
            json!({ "series_id": null, "kind": "sign", "key": null, "text": column.replace('_', " "),
                    "labels": { "low": "Not at all", "middle": "Some", "high": "A lot" },
                    "min": 0, "max": 10, "higher_is": "worse" })
        })
        .collect();
    let body = json!({ "check_ins_per_week": 7, "items": items });
    world.dee.put(&format!("/api/v1/team/clients/{}/items", client.id), &body).await.is(200);
}

async fn check_in(world: &World, phone: &Phone, diary: &Diary, row: &[Option<f64>]) {
    let names: Vec<String> = diary.columns.iter().map(|c| c.replace('_', " ")).collect();
    let answers: Vec<(&str, f64)> =
        names.iter().zip(row).filter_map(|(name, value)| Some((name.as_str(), (*value)?))).collect();
    let kept = phone.check_in(&answers).await;
    assert_eq!((&kept["made_at"], &kept["clock_corrected"]), (&json!(world.now()), &json!(false)));
}
