//! A real person's diary: the days on which the flag stands, and the numbers in its sentence, read from the worker's
//! inbox.

use chrono::{Days, NaiveDate};
use companion_tests::{Value, Worker, World, data, json, story};

use super::{Diary, agree_questions, check_in, move_to_evening};

/// A person of the file whose diary has a worsening, labelled with hindsight: days 38 to 59.
const PERSON: &str = "JAN2_1_438";
const WORSENING: std::ops::RangeInclusive<u64> = 38..=59;

impl Diary {
    /// The answers to one question up to a day, with their days.
    fn answers(&self, column: usize, up_to: u64) -> Vec<(u64, f64)> {
        self.rows.range(..=up_to).filter_map(|(day, row)| Some((*day, row[column]?))).collect()
    }
}

story!(the_flag_stands_on_the_days_that_assess_prints_and_its_numbers_are_the_diarys, |world| {
    let Some(diary) = Diary::read("real_jang", PERSON) else {
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
        let changes = changes(world).await;
        if changes.is_empty() {
            continue;
        }
        let flag = Worker::only(&changes);
        if flag["stands_today"] == true {
            stood.push(day);
            numbers_are_the_diarys(&diary, flag, day, day_0);
            told += 1;
        }
    }

    let expected: Vec<u64> = diary.what_assess_prints().iter().filter(|p| p.is_change()).map(|p| p.day).collect();
    assert!(expected.iter().any(|day| WORSENING.contains(day)), "the worsening is found");
    assert_eq!(stood, expected);
    let flag = Worker::only(&changes(world).await).clone();
    let days: Vec<Value> = expected.iter().map(|&day| json!(day_0 + Days::new(day))).collect();
    assert_eq!(flag["days"], json!(days), "and the flag remembers its days");
    assert_eq!(world.count("SELECT COUNT(*) FROM flag WHERE kind = 'early_warning'").await, 1, "one flag");
    println!(
        "{} days, {} check-ins; the flag stood on {} days and its numbers were right on {told}",
        diary.last_day + 1,
        diary.rows.len(),
        stood.len()
    );
    println!("{}", flag["sentence"]);
});

/// The flags of changes in the inbox; that somebody has gone quiet is another matter.
async fn changes(world: &World) -> Vec<Value> {
    let flags = world.dee.inbox().await.into_iter().map(|row| row["flag"].clone());
    flags.filter(|flag| flag["kind"] == "early_warning").collect()
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
