//! Promises 4 and 5: every flag explains itself, and there are few of them.

use chrono::Duration;
use companion_tests::{Value, Worker, json, story};

/// The middle one of these.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[half] } else { f64::midpoint(sorted[half - 1], sorted[half]) }
}

story!(promise_4_every_flag_explains_itself, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (mut sleep, mut first_bad_day) = (Vec::new(), None);
    let usual_nights = [5.0, 6.0, 5.0, 4.0, 5.0].repeat(6);
    let bad_nights = [1.0, 2.0, 1.0, 1.0, 2.0];
    for &night in usual_nights.iter().chain(&bad_nights) {
        world.day(&phone, &[("sleep", night), ("mood", 5.0)]).await;
        sleep.push(night);
        if night < 4.0 {
            first_bad_day.get_or_insert(world.now().date_naive());
        }
    }

    let inbox = world.dee.inbox().await;
    let row = Worker::only(&inbox);
    let flag = &row["flag"];
    let fact = Worker::only(flag["facts"].as_array().unwrap()).clone();
    println!("{}", flag["sentence"]);

    // The numbers, worked out again from what the phone sent.
    let usual = median(&usual_nights);
    let last: Vec<f64> = sleep[sleep.len() - 4..].to_vec();
    let below: Vec<f64> = last.iter().copied().filter(|v| *v < fact["usual"]["low"].as_f64().unwrap()).collect();
    assert_eq!(fact["usual"]["centre"], json!(usual));
    assert_eq!(fact["now"], json!(median(&below)));
    assert_eq!((&fact["count"], &fact["of"]), (&json!(below.len()), &json!(last.len())));
    let since = first_bad_day.unwrap();
    assert_eq!(fact["since"], json!(since));

    // The sentence says those numbers and no others.
    let sentence = flag["sentence"].as_str().unwrap();
    let day = since.format("%A %-d %B").to_string();
    assert_eq!(
        sentence,
        format!(
            "Sleep has gone from your usual {usual} to {} on each of your last 4 check-ins, since {day}.",
            median(&below)
        )
    );

    // One sentence, one truth: the row, the flag, its story and the client's own screen.
    assert_eq!(row["sentence"], flag["sentence"]);
    assert_eq!(flag["timeline"].as_array().unwrap().last().unwrap()["words"], flag["sentence"]);
    let mine = phone.flags().await;
    let mine = Worker::only(&mine);
    assert_eq!((&mine["sentence"], &mine["facts"]), (&flag["sentence"], &flag["facts"]));
    for score in ["level", "stands_today", "outcome", "owner"] {
        assert_eq!(mine[score], Value::Null, "a client's flag has no {score}");
    }
});

story!(promise_5_few_flags, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    assert!(world.dee.inbox().await.is_empty(), "usual days raise nothing");

    // A long drift: one flag, which new evidence adds to.
    world.bad_days(&phone, 8).await;
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    let story = |flag: &Value| -> Vec<String> {
        flag["timeline"].as_array().unwrap().iter().map(|e| e["what"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(story(&flag)[0], "raised");
    assert!(story(&flag).iter().filter(|w| *w == "added").count() >= 3, "{:?}", story(&flag));
    assert_eq!(story(&flag).iter().filter(|w| *w == "raised").count(), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM flag").await, 1);

    // A second check-in on the same day adds nothing to read.
    let before = story(&flag).len();
    phone.check_in(&[("mood", 2.0), ("sleep", 1.0)]).await;
    world.run_jobs().await;
    assert_eq!(story(&Worker::only(&world.dee.inbox().await)["flag"]).len(), before);

    // Resolved: the same change, going on, is not raised again for two weeks.
    world.dee.resolve(&flag["id"], "support_changed").await;
    world.bad_days(&phone, 5).await;
    assert!(world.dee.inbox().await.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM flag").await, 1);
    assert_eq!(phone.flags().await.len(), 1, "and the client sees the one that was dealt with");
});

story!(one_bad_day_is_a_bad_day, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 1).await;
    world.usual_days(&phone, 3).await;
    assert!(world.dee.inbox().await.is_empty());
});

story!(a_flag_is_taken_answered_and_resolved_by_people, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    let id = Worker::only(&world.dee.inbox().await)["flag"]["id"].clone();

    // Taken by one, then by another, who is told from whom.
    let taken = world.dee.act_on_flag(&id, "acknowledge", &json!({})).await.is(200);
    assert_eq!((&taken["state"], &taken["owner"]["first_name"]), (&json!("acknowledged"), &json!("Dee")));
    let over = world.lead.act_on_flag(&id, "acknowledge", &json!({})).await.is(200);
    assert_eq!((&over["owner"]["first_name"], &over["took_over_from"]["first_name"]), (&json!("Pat"), &json!("Dee")));
    let mine = phone.flags().await;
    assert_eq!(mine[0]["seen_by"], "Pat");

    // The client's answer is shown and closes nothing; "please talk to me" comes to the top.
    world.advance(Duration::minutes(1));
    phone.answer_flag(&id, phone.new_id(), "please_talk", Some("it has been a hard week")).await.is(200);
    let inbox = world.lead.inbox().await;
    let row = Worker::only(&inbox);
    assert_eq!(row["group"], "now");
    assert_eq!(row["flag"]["state"], "acknowledged");
    assert_eq!(row["flag"]["answer"]["words"], "it has been a hard week");

    // A note for the team, then what came of it. Only once.
    world.advance(Duration::minutes(1));
    world.lead.act_on_flag(&id, "note", &json!({ "words": "rang, we talked" })).await.is(200);
    world.advance(Duration::minutes(1));
    let resolved = world
        .lead
        .act_on_flag(&id, "resolve", &json!({ "outcome": "talked_and_fine", "words": "will sleep at her sister's" }))
        .await
        .is(200);
    assert_eq!((&resolved["state"], &resolved["outcome"]), (&json!("resolved"), &json!("talked_and_fine")));
    let told: Vec<_> =
        resolved["timeline"].as_array().unwrap().iter().rev().take(3).map(|e| e["what"].clone()).collect();
    assert_eq!(told, ["resolved", "note", "answered"]);
    world.dee.act_on_flag(&id, "resolve", &json!({ "outcome": "other" })).await.is_problem(409, "conflict");
    world.dee.act_on_flag(&id, "acknowledge", &json!({})).await.is_problem(409, "conflict");
    assert!(world.dee.inbox().await.is_empty());
    // What the team wrote is the team's.
    let mine = phone.flags().await;
    assert_eq!(mine[0]["state"], "resolved");
    let text = mine[0].to_string();
    assert!(!text.contains("rang") && !text.contains("sister"), "{text}");
});

story!(a_change_that_eases_says_so_and_waits_to_be_looked_at, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    assert_eq!(Worker::only(&world.dee.inbox().await)["flag"]["stands_today"], true);

    world.usual_days(&phone, 10).await;
    let inbox = world.dee.inbox().await;
    let flag = &Worker::only(&inbox)["flag"];
    assert_eq!((&flag["stands_today"], &flag["state"]), (&json!(false), &json!("open")));
    assert_eq!(flag["timeline"].as_array().unwrap().last().unwrap()["what"], "eased");
    // Its sentence is still that of the change, not of the easing.
    assert!(flag["sentence"].as_str().unwrap().contains("gone from your usual"), "{}", flag["sentence"]);
});

story!(time_alone_ends_a_change_that_nobody_hears_of_any_more, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    for day in 1..=8 {
        world.advance(Duration::days(1));
        world.run_jobs().await;
        // Silence is told in a flag of its own by then.
        let mut flags = world.dee.flags().await;
        flags.retain(|flag| flag["kind"] == "early_warning");
        assert_eq!(Worker::only(&flags)["stands_today"], json!(day <= 7), "{day} days after the last check-in");
    }
});

story!(answers_that_come_late_count_on_their_day_and_are_said_to_be_late, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    // Five bad days on a phone without network, which come all at once.
    let mut queued = Vec::new();
    for _ in 0..5 {
        world.advance(Duration::days(1));
        let mut body = phone.new_check_in(&[("mood", 2.0), ("sleep", 1.0)]).await;
        body["recorded_at"] = json!(world.now());
        queued.push((phone.new_id(), body));
    }
    world.advance(Duration::days(1));
    for (id, body) in &queued {
        let kept = phone.put_check_in(*id, body).await.is(201);
        assert_eq!(kept["made_at"], body["recorded_at"]);
        assert_eq!(kept["clock_corrected"], false);
    }
    world.run_jobs().await;

    let inbox = world.dee.inbox().await;
    assert_eq!(Worker::only(&inbox)["flag"]["reported_late"], true);
    assert_eq!(world.dee.check_ins(&sam).await.len(), 35);
});

story!(promise_2_a_retry_is_free_for_please_talk_to_me_about_a_flag_that_a_restore_lost, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    let open = Worker::only(&world.dee.inbox().await)["flag"]["id"].clone();
    let (lost, id) = (json!(phone.new_id()), phone.new_id());
    let answered = phone.answer_flag(&lost, id, "please_talk", None).await.is(200);
    assert_eq!(answered["id"], open, "the change is told under another id");
    world.dee.resolve(&open, "talked_and_fine").await;
    // The reply was lost, and meanwhile somebody did talk.
    assert_eq!(phone.answer_flag(&lost, id, "please_talk", None).await.is(200)["id"], open);
    assert_eq!(phone.flags().await[0]["state"], "resolved");
    phone.answer_flag(&lost, phone.new_id(), "please_talk", None).await.is_problem(404, "not_found");
});
