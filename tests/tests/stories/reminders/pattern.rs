//! What the team may see of answers, and a pattern of none: only if the client wants it.

use chrono::{TimeDelta, TimeZone, Utc};
use companion_tests::{Client, Phone, Value, Worker, World, json, reminders::daily, story};

/// Days on which the evening's reminder is told, and answered or not.
async fn days(world: &World, phone: &Phone, days: usize, answered: bool) {
    for _ in 0..days {
        let evening = world.now().date_naive().and_hms_opt(21, 30, 0).unwrap();
        world.live_until(Utc.from_utc_datetime(&evening)).await;
        if answered {
            let tonight = phone.occurrence_on(&world.now().date_naive().to_string()).await;
            phone.say(&tonight, "done").await;
        }
        world.live_until(world.now() + TimeDelta::hours(10)).await;
    }
}

async fn flags(world: &World, client: &Client) -> Vec<Value> {
    let flags = world.dee.flags().await.into_iter();
    flags.filter(|f| f["kind"] == "reminders" && f["client"]["id"] == json!(client.id.0)).collect()
}

story!(nothing_is_seen_by_the_team_before_it_is_shared, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    days(world, &phone, 25, true).await;
    days(world, &phone, 10, false).await;
    let tonight = phone.occurrence_on(&world.now().date_naive().to_string()).await;
    let mut skip = phone.new_act(&tonight);
    skip["reason"] = json!("a reason of mine");
    phone.put_act(&tonight, "skip", &skip).await.is(200);
    let seen = world.dee.reminders_of(&sam).await;
    assert_eq!((&seen["shared"], &seen["occurrences"]), (&json!(false), &Value::Null));
    assert_eq!(seen["reminders"][0]["title"], "Tablets");
    assert!(!seen.to_string().contains("a reason of mine"));
    assert!(flags(world, &sam).await.is_empty() && phone.flags().await.is_empty());
    assert_eq!(phone.sharing().await["reminders_shared"], false);
    // Where somebody is stays with them.
    phone.choose_reminder_settings(&json!({ "zone_here": "America/New_York", "follow_travel": true })).await;
    assert_eq!(world.dee.reminders_of(&sam).await["settings"]["zone"], "Europe/London");

    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    let seen = world.dee.reminders_of(&sam).await;
    let answers = seen["occurrences"].as_array().unwrap();
    assert!(seen["shared"] == true && answers.len() >= 13, "{seen:#}");
    assert!(answers.iter().any(|o| o["reason"] == "a reason of mine"));
    phone.choose_sharing(&json!({ "reminders_shared": false })).await;
    assert_eq!(world.dee.reminders_of(&sam).await["occurrences"], Value::Null);
});

story!(who_stops_answering_gets_one_gentle_flag_that_eases_with_an_answer, |world| {
    // Somebody who never checks in.
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    phone.remind("Tablets", daily("21:00")).await;
    days(world, &phone, 24, true).await;
    days(world, &phone, 6, false).await;
    assert!(flags(world, &sam).await.is_empty(), "a few evenings are nothing");
    days(world, &phone, 3, false).await;
    let raised = flags(world, &sam).await;
    let flag = Worker::only(&raised);
    println!("{}", flag["sentence"]);
    assert_eq!((&flag["level"], &flag["stands_today"], &flag["facts"]), (&json!("watch"), &json!(true), &json!([])));
    let sentence = flag["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("None of the 7 reminders of the last 7 days was answered. In the three weeks before"));
    assert_eq!(Worker::only(&phone.flags().await)["sentence"], flag["sentence"], "one truth");
    assert_eq!(flag["timeline"].as_array().unwrap().len(), 1, "and no line for every morning");
    assert_eq!(world.count("SELECT COUNT(*) FROM assessment").await, 0, "nothing is said of days without a check-in");

    let day = world.now().date_naive();
    days(world, &phone, 1, true).await;
    let eased = flags(world, &sam).await;
    let eased = Worker::only(&eased);
    assert_eq!((&eased["stands_today"], &eased["state"]), (&json!(false), &json!("open")));
    let told = eased["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&told["what"], &told["words"]),
        (&json!("eased"), &json!(format!("A reminder was answered again on {}.", day.format("%A %-d %B"))))
    );
    assert_eq!(phone.flags().await[0]["stands"], false);
});

story!(a_pattern_ends_when_it_is_no_longer_shared, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    phone.remind("Tablets", daily("21:00")).await;
    days(world, &phone, 24, true).await;
    days(world, &phone, 9, false).await;
    assert_eq!(Worker::only(&flags(world, &sam).await)["stands_today"], true);
    phone.choose_sharing(&json!({ "reminders_shared": false })).await;
    world.run_jobs().await;
    let flag = Worker::only(&flags(world, &sam).await).clone();
    assert_eq!((&flag["stands_today"], &flag["timeline"][1]["words"]), (&json!(false), &Value::Null));
    days(world, &phone, 3, false).await;
    assert_eq!(flags(world, &sam).await.len(), 1);
});

story!(the_pattern_is_told_in_the_clients_language, |world| {
    let (sam, phone) = world.client_with_phone("Siân").await;
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "language": "cy" })).await.is(200);
    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    phone.remind("Tabledi", daily("21:00")).await;
    days(world, &phone, 24, true).await;
    days(world, &phone, 9, false).await;
    let mine = phone.flags().await;
    assert!(
        Worker::only(&mine)["sentence"].as_str().unwrap().starts_with("Ni chafodd yr un o'r 7 nodyn atgoffa"),
        "{mine:?}"
    );
    assert!(flags(world, &sam).await[0]["sentence"].as_str().unwrap().starts_with("None of the 7"));
});
