//! Whole histories: every day, with a check-in or without, is concluded by the server as `companion assess` prints it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use companion_tests::{Value, World, data, json, story};

use super::{Diary, Printed, agree_questions, check_in, move_to_evening};

story!(somebody_who_gets_worse_slowly, |world| {
    let printed = every_day_is_what_assess_prints(world, "synth", "s101_0011").await;
    assert!(printed.iter().any(|p| (61..=122).contains(&p.day)), "the worsening is found");
});

story!(somebody_who_stays_as_they_are, |world| {
    every_day_is_what_assess_prints(world, "synth", "s101_0001").await;
});

story!(somebody_who_gets_a_little_worse_and_goes_quiet, |world| {
    every_day_is_what_assess_prints(world, "synth", "s101_0389").await;
});

story!(a_real_person_over_ten_months, |world| {
    let printed = every_day_is_what_assess_prints(world, "real_jang", "JAN2_1_347").await;
    println!("{} of their days had something standing", printed.len());
});

/// Lives through a diary and compares; what assess prints of it.
async fn every_day_is_what_assess_prints(world: &World, set: &str, person: &'static str) -> Vec<Printed> {
    let Some(diary) = Diary::read(set, person) else {
        data::skip("../shared/early-warning is not there");
        return Vec::new();
    };
    let day_0 = NaiveDate::from_ymd_opt(2027, 1, 25).unwrap();
    move_to_evening(world, day_0);
    let (client, phone) = world.client_with_phone("Jan").await;
    agree_questions(world, &client, &diary).await;
    for day in 0..=diary.last_day {
        move_to_evening(world, day_0 + Days::new(day));
        if let Some(row) = diary.rows.get(&day) {
            check_in(world, &phone, &diary, row).await;
        }
        // Without one, it is the morning's look that concludes the day.
        assert!(world.run_jobs().await > 0 || diary.rows.range(..=day).next().is_none(), "day {day} is looked at");
    }

    let printed = diary.what_assess_prints();
    let mut expected: BTreeMap<u64, u8> = (0..=diary.last_day).map(|day| (day, 0)).collect();
    expected.extend(printed.iter().map(|p| (p.day, p.level)));
    let record = world.dee.assessments(&client).await;
    let mut found: BTreeMap<u64, u8> = record.iter().map(|a| (day_of(a, day_0), level(a))).collect();
    let begins = *found.keys().next().unwrap();
    found.extend((0..begins).map(|day| (day, 0)));
    assert_eq!(found, expected, "{person}");

    let kinds: BTreeSet<&str> =
        printed.iter().map(|p| if p.is_change() { "early_warning" } else { "silence" }).collect();
    let flags = phone.flags().await;
    let raised: BTreeSet<&str> = flags.iter().map(|f| f["kind"].as_str().unwrap()).collect();
    assert!(raised.is_superset(&kinds), "{raised:?} {kinds:?}");
    println!(
        "{person}: {} days, {} check-ins, {} days printed, {} flags",
        diary.last_day + 1,
        diary.rows.len(),
        printed.len(),
        flags.len()
    );
    printed
}

fn day_of(assessment: &Value, day_0: NaiveDate) -> u64 {
    let day: NaiveDate = assessment["day"].as_str().unwrap().parse().unwrap();
    u64::try_from((day - day_0).num_days()).unwrap()
}

/// As assess counts them: the higher of a change and silence.
fn level(assessment: &Value) -> u8 {
    let change = match assessment["level"].as_str().unwrap() {
        "steady" => 0,
        "watch" => 1,
        _ => 2,
    };
    change.max(u8::from(assessment["silence"] != json!(null)))
}
