//! Promise 8: time is right. By the clock on the wall, across its changes, and where somebody travels.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::{America::New_York, Asia::Tokyo, Europe::London};
use companion_tests::{
    json,
    reminders::{daily, once},
    story,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

story!(time_is_right_every_evening_of_a_year_is_told_at_nine_once, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2027-11-16T12:00:00Z")).await;
    let told = world.told(sam.id.0).await;
    let first: NaiveDate = "2026-11-16".parse().unwrap();
    let evenings: Vec<String> = first.iter_days().take(365).map(|day| format!("{day} 21:00")).collect();
    assert_eq!(told.iter().map(|t| t.wall(London)).collect::<Vec<_>>(), evenings);
    assert!(told.iter().all(|t| t.told == 1
        && t.told_at == t.due_at
        && format!("{} {}", t.local_date, t.local_time) == t.wall(London)));
    let utc: std::collections::BTreeSet<String> = told.iter().map(|t| t.told_at.format("%H:%M").to_string()).collect();
    assert_eq!(utc.into_iter().collect::<Vec<_>>(), ["20:00", "21:00"], "summer and winter");
    assert_eq!(world.count("SELECT COUNT(*) FROM job WHERE kind = 'remind' AND done_at IS NULL").await, 1);
});

story!(time_is_right_in_the_night_that_has_no_half_past_one_and_in_the_one_that_has_two, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Up for the night shift", daily("01:30")).await;
    world.live_until(at("2027-03-26T12:00:00Z")).await;
    let before = world.told(sam.id.0).await.len();
    world.live_until(at("2027-03-29T12:00:00Z")).await;
    let told: Vec<DateTime<Utc>> = world.told(sam.id.0).await[before..].iter().map(|t| t.told_at).collect();
    // On the 28th the clocks jump from one to two: the first valid minute after is two in summer time.
    assert_eq!(told, [at("2027-03-27T01:30:00Z"), at("2027-03-28T01:00:00Z"), at("2027-03-29T00:30:00Z")]);
    let jumped = phone.occurrence_on("2027-03-28").await;
    assert_eq!((&jumped["time"], &jumped["at"]), (&json!("01:30"), &json!("2027-03-28T01:00:00Z")));

    world.live_until(at("2027-10-29T12:00:00Z")).await;
    let before = world.told(sam.id.0).await.len();
    world.live_until(at("2027-11-01T12:00:00Z")).await;
    let told: Vec<DateTime<Utc>> = world.told(sam.id.0).await[before..].iter().map(|t| t.told_at).collect();
    // On the 31st half past one comes twice, and is told the first time only.
    assert_eq!(told, [at("2027-10-30T00:30:00Z"), at("2027-10-31T00:30:00Z"), at("2027-11-01T01:30:00Z")]);
});

story!(time_is_right_on_the_last_day_of_every_month_and_on_leap_days, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.clock.set(at("2027-12-20T09:00:00Z"));
    let last = json!({ "starts_on": "2027-12-20", "times": ["09:00"], "repeat": { "unit": "month", "every": 1, "month": { "day": 31 } },
                       "ends": { "after": 4 } });
    phone.remind("Rent", last).await;
    world.live_until(at("2028-06-01T12:00:00Z")).await;
    let told: Vec<String> = world.told(sam.id.0).await.iter().map(|t| t.wall(London)).collect();
    assert_eq!(
        told,
        ["2027-12-31 09:00", "2028-01-31 09:00", "2028-02-29 09:00", "2028-03-31 09:00"],
        "and then it ends"
    );
});

story!(time_is_right_where_somebody_travels_if_they_wish, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    phone.choose_reminder_settings(&json!({ "zone_here": "America/New_York" })).await;
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await[0].told_at, at("2026-11-16T21:00:00Z"), "as at home, for who did not ask");

    phone.choose_reminder_settings(&json!({ "follow_travel": true })).await;
    world.live_until(at("2026-11-19T12:00:00Z")).await;
    let told = world.told(sam.id.0).await;
    let there: Vec<String> = told[1..].iter().map(|t| t.wall(New_York)).collect();
    assert_eq!(there, ["2026-11-17 21:00", "2026-11-18 21:00"]);

    // Home again in the middle of the evening there: that day has had its reminder, and has no second one.
    world.live_until(at("2026-11-20T02:30:00Z")).await;
    phone.choose_reminder_settings(&json!({ "zone_here": null })).await;
    world.live_until(at("2026-11-21T12:00:00Z")).await;
    let told = world.told(sam.id.0).await;
    let days: Vec<String> = told.iter().map(|t| t.local_date.to_string()).collect();
    assert_eq!(days, ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"], "each day once");
    assert_eq!(told.last().unwrap().wall(London), "2026-11-20 21:00");
    assert!(told.iter().all(|t| t.told == 1));
});

story!(time_is_right_for_who_arrives_just_after_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    phone.choose_reminder_settings(&json!({ "follow_travel": true })).await;
    // It is half past noon in London, and half past nine in the evening in Tokyo.
    world.live_until(at("2026-11-16T12:30:00Z")).await;
    phone.choose_reminder_settings(&json!({ "zone_here": "Asia/Tokyo" })).await;
    world.run_jobs().await;
    let told = world.told(sam.id.0).await;
    assert_eq!((told.len(), told[0].wall(Tokyo)), (1, "2026-11-16 21:30".to_owned()), "the evening there is not lost");
    world.live_until(at("2026-11-17T13:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await.last().unwrap().wall(Tokyo), "2026-11-17 21:00");
});

story!(time_is_right_after_somebody_moves_house, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-17T09:00:00Z")).await;
    let moved = json!({ "time_zone": "Atlantic/Azores" });
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &moved).await.is(200);
    world.live_until(at("2026-11-18T09:00:00Z")).await;
    let told: Vec<DateTime<Utc>> = world.told(sam.id.0).await.iter().map(|t| t.told_at).collect();
    assert_eq!(told, [at("2026-11-16T21:00:00Z"), at("2026-11-17T22:00:00Z")]);
});

story!(a_clock_that_jumps_tells_nothing_twice_and_nothing_for_ever_after, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-16T21:00:00Z")).await;
    // Two days ahead for a moment, and back: nothing that was told is told again.
    world.clock.set(at("2026-11-18T21:00:30Z"));
    world.run_jobs().await;
    let (_, other) = world.client_with_phone("Kim").await;
    other.remind("Water the plants", once("2026-11-17", "10:00")).await;
    world.clock.set(at("2026-11-16T21:00:30Z"));
    world.live_until(at("2026-11-17T09:00:00Z")).await;
    phone.change_reminder(&phone.reminders().await["reminders"][0], json!({ "title": "My tablets" })).await.is(200);
    world.live_until(at("2026-11-20T22:00:00Z")).await;
    let told = world.told(sam.id.0).await;
    assert!(told.iter().all(|t| t.told == 1), "{told:#?}");
    let days: Vec<String> = told.iter().map(|t| t.due_at.date_naive().to_string()).collect();
    assert_eq!(days, ["2026-11-16", "2026-11-18", "2026-11-19", "2026-11-20"], "{told:#?}");
    assert!(told.iter().all(|t| t.told_at - t.due_at < TimeDelta::minutes(1)));
});
