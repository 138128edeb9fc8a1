//! Going quiet: a separate, gentler signal, for those who had a rhythm, and for nobody who does not want it.

use chrono::Duration;
use companion::assessments::daily;
use companion_tests::{Client, Phone, Value, Worker, World, json, story};

/// Six weeks of checking in nearly every day: each seventh is left out.
async fn a_rhythm(world: &World, phone: &Phone) {
    for n in 0..42 {
        world.advance(Duration::days(1));
        if n % 7 != 6 {
            phone.check_in(&[("mood", [5.0, 6.0, 5.0, 4.0][n % 4]), ("sleep", 5.0)]).await;
        }
        world.run_jobs().await;
    }
}

/// Days on which nothing comes; the first on which a flag of silence stands.
async fn quiet(world: &World, client: &Client, days: usize) -> Option<usize> {
    let mut first = None;
    for n in 1..=days {
        world.advance(Duration::days(1));
        world.run_jobs().await;
        if first.is_none() && !silences(world, client).await.is_empty() {
            first = Some(n);
        }
    }
    first
}

/// The flags of silence that are open.
async fn silences(world: &World, client: &Client) -> Vec<Value> {
    let flags = world.dee.flags().await.into_iter();
    flags.filter(|f| f["kind"] == "silence" && f["client"]["id"] == json!(client.id.0)).collect()
}

story!(who_stops_checking_in_gets_one_gentle_flag_that_eases_when_they_are_back, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    a_rhythm(world, &phone).await;
    assert!(world.dee.inbox().await.is_empty(), "a day left out now and then is their rhythm");
    let last = world.dee.check_ins(&sam).await[0]["made_at"].as_str().unwrap()[..10].to_owned();

    let first = quiet(world, &sam, 12).await.expect("twelve days of nothing are told");
    assert!((4..=10).contains(&first), "on day {first}");
    let flags = silences(world, &sam).await;
    let flag = Worker::only(&flags);
    println!("{first} days: {}", flag["sentence"]);
    assert_eq!(
        (&flag["level"], &flag["stands_today"], &flag["reported_late"]),
        (&json!("watch"), &json!(true), &json!(false))
    );
    let last: chrono::NaiveDate = last.parse().unwrap();
    assert!(flag["sentence"].as_str().unwrap().contains(&last.format("%A %-d %B").to_string()), "{flag}");
    assert_eq!(flag["days"].as_array().unwrap().len(), 12 - first + 1, "it remembers its days");
    assert_eq!(world.count("SELECT COUNT(*) FROM flag WHERE kind = 'silence'").await, 1);
    // One truth: the record, the inbox and the client's own screen say the same.
    let today = world.dee.assessments(&sam).await[0].clone();
    assert_eq!((&today["silence"], &today["level"]), (&flag["sentence"], &json!("steady")), "it is no change");
    let mine = phone.flags().await;
    assert_eq!((&Worker::only(&mine)["sentence"], &mine[0]["kind"]), (&flag["sentence"], &json!("silence")));
    assert_eq!(mine[0]["stands"], true);

    phone.check_in(&[("mood", 5.0)]).await;
    world.run_jobs().await;
    let back = silences(world, &sam).await;
    let back = Worker::only(&back);
    assert_eq!((&back["stands_today"], &back["state"]), (&json!(false), &json!("open")), "somebody still looks");
    let story = back["timeline"].as_array().unwrap();
    let told: Vec<&Value> = story.iter().map(|e| &e["what"]).collect();
    assert_eq!(told, ["raised", "eased"], "and no line for every morning");
    let day = world.now().format("%A %-d %B").to_string();
    assert_eq!(story[1]["words"], format!("Checked in again on {day}."));
    assert_eq!(phone.flags().await[0]["stands"], false, "which the client can see too");
});

story!(an_answer_to_a_day_before_the_silence_does_not_end_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    a_rhythm(world, &phone).await;
    assert!(quiet(world, &sam, 10).await.is_some());
    phone.check_in_made_at(world.now() - Duration::days(14), &[("mood", 5.0)]).await;
    world.run_jobs().await;
    assert_eq!(Worker::only(&silences(world, &sam).await)["stands_today"], true);
    quiet(world, &sam, 15).await;
    let flag = Worker::only(&silences(world, &sam).await).clone();
    assert_eq!(flag["stands_today"], false);
    let eased = flag["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(eased["words"], "Still no check-in. Waiting longer will not tell more.", "nobody checked in again");
});

story!(a_long_silence_is_told_once, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    a_rhythm(world, &phone).await;
    quiet(world, &sam, 55).await;
    let flags = silences(world, &sam).await;
    let flag = Worker::only(&flags);
    assert_eq!((&flag["stands_today"], &flag["state"]), (&json!(false), &json!("open")), "it waits to be looked at");
    let story = flag["timeline"].as_array().unwrap();
    assert_eq!((story.len(), &story[1]["what"]), (2, &json!("eased")));
    assert_eq!(story[1]["words"], "Still no check-in. Waiting longer will not tell more.");
    assert_eq!(world.count("SELECT COUNT(*) FROM flag").await, 1);
    // Looked into, it is told no more.
    world.dee.resolve(&flag["id"], "talked_and_fine").await;
    assert_eq!(quiet(world, &sam, 20).await, None);
});

story!(a_phone_without_network_was_not_silent, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    a_rhythm(world, &phone).await;
    let (mut kept_back, mut told) = (Vec::new(), false);
    for _ in 0..14 {
        world.advance(Duration::days(1));
        kept_back.push(world.now());
        world.run_jobs().await;
        told |= !silences(world, &sam).await.is_empty();
    }
    assert!(told, "nobody could know");
    for made in kept_back {
        phone.check_in_made_at(made, &[("mood", 5.0)]).await;
    }
    world.run_jobs().await;
    let record = world.dee.assessments(&sam).await;
    assert!(record.iter().all(|day| day["silence"].is_null()), "the days were not silent after all");
    assert_eq!(Worker::only(&silences(world, &sam).await)["stands_today"], false);
});

story!(who_never_had_a_rhythm_cannot_break_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    for gap in [1, 9, 2, 17] {
        world.advance(Duration::days(gap));
        phone.check_in(&[("mood", 4.0)]).await;
        world.run_jobs().await;
    }
    assert_eq!(quiet(world, &sam, 40).await, None);
});

story!(who_does_not_want_silence_to_count_is_never_flagged_for_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.choose_sharing(&json!({ "silence_counts": false })).await;
    a_rhythm(world, &phone).await;
    assert_eq!(quiet(world, &sam, 21).await, None);
    assert!(world.dee.assessments(&sam).await.iter().all(|day| day["silence"].is_null()));
    // Whatever the team chose.
    world.dee.choose_rules(&sam, phone.new_id(), "sooner", true).await;
    assert_eq!(quiet(world, &sam, 3).await, None);
});

story!(a_silence_ends_when_the_client_says_that_it_does_not_count, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    a_rhythm(world, &phone).await;
    assert!(quiet(world, &sam, 10).await.is_some());
    phone.choose_sharing(&json!({ "silence_counts": false })).await;
    world.run_jobs().await;
    let flag = Worker::only(&silences(world, &sam).await).clone();
    assert_eq!(flag["stands_today"], false);
    let eased = flag["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&eased["what"], &eased["words"]),
        (&json!("eased"), &Value::Null),
        "nobody checked in, and nothing says so"
    );
    // And a team that turned it off hears nothing either.
    let (kim, kims) = world.client_with_phone("Kim").await;
    world.dee.choose_rules(&kim, kims.new_id(), "usual", false).await;
    a_rhythm(world, &kims).await;
    assert_eq!(quiet(world, &kim, 21).await, None);
});

/// Looks that wait for a later time.
async fn waiting(world: &World) -> i64 {
    world.count("SELECT COUNT(*) FROM job WHERE kind = 'assess' AND done_at IS NULL").await
}

story!(everybody_who_checked_in_lately_is_looked_at_every_morning_once, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let (_, kims) = world.client_with_phone("Kim").await;
    assert_eq!((world.run_jobs().await, waiting(world).await), (0, 0), "nobody has checked in");
    for _ in 0..3 {
        phone.check_in(&[("mood", 5.0)]).await;
        kims.check_in(&[("mood", 5.0)]).await;
        world.run_jobs().await;
    }
    assert_eq!(waiting(world).await, 2, "one look each, however often they check in");
    for _ in 0..60 {
        world.advance(Duration::days(1));
        assert_eq!(world.run_jobs().await, 2);
    }
    assert_eq!(world.dee.assessments(&sam).await.len(), 61, "a day without a check-in is concluded too");
    world.advance(Duration::days(1));
    assert_eq!((world.run_jobs().await, waiting(world).await), (2, 0), "sixty days later that is over");
    phone.check_in(&[("mood", 5.0)]).await;
    world.run_jobs().await;
    assert_eq!(waiting(world).await, 1, "until they are back");
});

story!(who_is_supported_no_more_is_not_looked_at, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    a_rhythm(world, &phone).await;
    let before = world.count("SELECT COUNT(*) FROM assessment").await;
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE client SET active = FALSE").execute().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((quiet(world, &sam, 21).await, waiting(world).await), (None, 0));
    assert_eq!(world.count("SELECT COUNT(*) FROM assessment").await, before);
    assert_eq!(world.count("SELECT COUNT(*) FROM flag").await, 0);
});

story!(a_server_that_starts_makes_sure_of_the_mornings, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.client_with_phone("Kim").await;
    phone.check_in(&[("mood", 5.0)]).await;
    world.run_jobs().await;
    // As a server left it that looked only at those with a change.
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("DELETE FROM job WHERE done_at IS NULL").execute().await.unwrap();
    tx.commit().await.unwrap();
    let other = world.another_node().await;
    let (here, there) = tokio::join!(daily::see_to_everybody(&world.app), daily::see_to_everybody(&other));
    assert!(here.unwrap() + there.unwrap() >= 1);
    assert_eq!(waiting(world).await, 1, "Sam, once, however many nodes start; Kim has never checked in");
    assert_eq!(daily::see_to_everybody(&world.app).await.unwrap(), 0, "nothing is left to see to");
    world.advance(Duration::days(1));
    assert_eq!(world.run_jobs().await, 1);
    world.advance(Duration::days(70));
    world.run_jobs().await;
    assert_eq!(
        (daily::see_to_everybody(&world.app).await.unwrap(), waiting(world).await),
        (0, 0),
        "who stopped has stopped"
    );
});
