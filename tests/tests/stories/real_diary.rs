//! A real person's diary, day by day through HTTP: the days on which the flag stands, and the numbers in its
//! sentence, read from the worker's inbox.

use std::{collections::BTreeMap, fs};

use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Europe::London;
use companion_tests::{Client, Phone, Value, Worker, World, data, json, story};

/// A person of the file whose diary has a worsening, labelled with hindsight: days 38 to 59.
const PERSON: &str = "JAN2_1_438";
const WORSENING: std::ops::RangeInclusive<u64> = 38..=59;

/// One person's part of the public file.
struct Diary {
    columns: Vec<String>,
    rows: BTreeMap<u64, Vec<Option<f64>>>,
    last_day: u64,
}

impl Diary {
    fn read() -> Option<Self> {
        let check_ins = fs::read_to_string(data::early_warning("real_jang.checkins.csv")?).unwrap();
        let persons = fs::read_to_string(data::early_warning("real_jang.persons.csv")?).unwrap();
        let mut lines = check_ins.lines();
        let columns = lines.next().unwrap().split(',').skip(2).map(str::to_owned).collect();
        let fields_of = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let rows = lines
            .map(fields_of)
            .filter(|fields| fields[0] == PERSON)
            .map(|fields| (fields[1].parse().unwrap(), fields[2..].iter().map(|v| v.parse().ok()).collect()))
            .collect();
        let person = persons.lines().map(fields_of).find(|fields| fields[0] == PERSON).unwrap();
        Some(Self { columns, rows, last_day: person[2].parse().unwrap() })
    }

    /// What `companion assess` prints of this person alone: the days on which a change stands.
    fn days_that_assess_prints(&self) -> Vec<u64> {
        let mut check_ins = format!("person_id,day,{}\n", self.columns.join(","));
        for (day, row) in &self.rows {
            let cells: Vec<String> = row.iter().map(|v| v.map_or_else(String::new, |v| v.to_string())).collect();
            check_ins += &format!("{PERSON},{day},{}\n", cells.join(","));
        }
        let persons = format!("person_id,start_day,end_day\n{PERSON},0,{}\n", self.last_day);
        let mut flags = Vec::new();
        companion::assess::run(persons.as_bytes(), check_ins.as_bytes(), &mut flags).unwrap();
        let flags = String::from_utf8(flags).unwrap();
        flags.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().parse().unwrap()).collect()
    }

    /// The answers to one question up to a day, with their days.
    fn answers(&self, column: usize, up_to: u64) -> Vec<(u64, f64)> {
        self.rows.range(..=up_to).filter_map(|(day, row)| Some((*day, row[column]?))).collect()
    }
}

story!(the_flag_stands_on_the_days_that_assess_prints_and_its_numbers_are_the_diarys, |world| {
    let Some(diary) = Diary::read() else {
        return data::skip("../shared/early-warning/real_jang.* is not there");
    };
    // The clocks go forward on day 62.
    let day_0 = NaiveDate::from_ymd_opt(2027, 1, 25).unwrap();
    move_to_evening(world, day_0);
    let (client, phone) = world.client_with_phone("Jan").await;
    agree_questions(world, &client, &diary).await;

    let (mut stood, mut told) = (Vec::new(), 0);
    for day in 0..=diary.last_day {
        move_to_evening(world, day_0 + Days::new(day));
        if let Some(row) = diary.rows.get(&day) {
            check_in(world, &phone, &diary, row).await;
        }
        world.run_jobs().await;
        let inbox = world.dee.inbox().await;
        if inbox.is_empty() {
            continue;
        }
        let flag = &Worker::only(&inbox)["flag"];
        if flag["stands_today"] == true {
            stood.push(day);
            numbers_are_the_diarys(&diary, flag, day, day_0);
            told += 1;
        }
    }

    let expected = diary.days_that_assess_prints();
    assert!(expected.iter().any(|day| WORSENING.contains(day)), "the worsening is found");
    assert_eq!(stood, expected);
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    let days: Vec<Value> = expected.iter().map(|&day| json!(day_0 + Days::new(day))).collect();
    assert_eq!(flag["days"], json!(days), "and the flag remembers its days");
    assert_eq!(world.count("SELECT COUNT(*) FROM flag").await, 1, "one flag");
    println!(
        "{} days, {} check-ins; the flag stood on {} days and its numbers were right on {told}",
        diary.last_day + 1,
        diary.rows.len(),
        stood.len()
    );
    println!("{}", flag["sentence"]);
});

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

/// Each number of the sentence, worked out again from the raw rows.
fn numbers_are_the_diarys(diary: &Diary, flag: &Value, today: u64, day_0: NaiveDate) {
    let sentence = flag["sentence"].as_str().unwrap();
    let facts = flag["facts"].as_array().unwrap();
    assert!(!facts.is_empty());
    for fact in facts {
        let name = fact["text"].as_str().unwrap();
        let column = diary.columns.iter().position(|c| c.replace('_', " ") == name).unwrap();
        let answers = diary.answers(column, today);
        let first = answers[0].0;
        let well: Vec<f64> = answers.iter().filter(|(day, _)| day - first < 28).map(|(_, v)| *v).collect();
        let last: Vec<f64> = answers[answers.len().saturating_sub(4)..].iter().map(|(_, v)| *v).collect();
        let high = fact["usual"]["high"].as_f64().unwrap();
        let above: Vec<f64> = last.iter().copied().filter(|v| *v > high).collect();

        let (usual, now) = (median(&well), median(&above));
        assert!((fact["usual"]["centre"].as_f64().unwrap() - usual).abs() < 1e-5, "day {today}: {fact}");
        assert_eq!(fact["now"].as_f64(), Some(now), "day {today}: {fact}");
        assert_eq!((&fact["count"], &fact["of"]), (&json!(above.len()), &json!(last.len())), "day {today}");
        let since: NaiveDate = fact["since"].as_str().unwrap().parse().unwrap();
        let since_day = u64::try_from((since - day_0).num_days()).unwrap();
        assert!(
            answers.iter().any(|(day, v)| *day == since_day && *v > high),
            "day {today}: it began on a day like that"
        );

        assert!(sentence.contains(name), "{sentence}");
        let share = if above.len() == last.len() { "each".to_owned() } else { above.len().to_string() };
        let clause = format!(
            "from your usual {} to {} on {share} of your last {} check-ins, since {}",
            in_words(usual),
            in_words(now),
            last.len(),
            since.format("%A %-d %B")
        );
        assert!(sentence.contains(&clause), "day {today}: {clause:?} is not in {sentence:?}");
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

/// Whole numbers bare, others with one decimal.
fn in_words(value: f64) -> String {
    let rounded = format!("{value:.1}");
    rounded.strip_suffix(".0").map_or(rounded.clone(), str::to_owned)
}
