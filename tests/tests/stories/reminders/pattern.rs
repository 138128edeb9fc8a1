//! What the team may see of answers, and a pattern of none: only if the client wants it.

use chrono::{TimeDelta, TimeZone, Utc};
use companion_tests::{
    Client, Phone, Value, Worker, World, json,
    push_peer::{Browser, PushPeer},
    reminders::daily,
    story,
};

/// A phone that can be told, and says what it received.
struct Reached {
    peer: PushPeer,
    browser: Browser,
}

impl Reached {
    async fn on(phone: &Phone) -> Self {
        let peer = PushPeer::start().await;
        let browser = Browser::at(&peer, phone.new_id());
        browser.put(phone, "me").await.is(200);
        Self { peer, browser }
    }

    async fn say_so(&self, world: &World) {
        let received = self.peer.take();
        let receipt = |message| Browser::receipt(&self.browser.read(message), "delivered", world.now());
        let receipts: Vec<Value> = received.iter().map(receipt).collect();
        world.api.post("/api/v1/push/receipts", &json!({ "receipts": receipts })).await.is(200);
    }
}

/// Days on which the evening's reminder is told, reaches the phone or not, and is answered or not.
async fn days(world: &World, phone: &Phone, reached: Option<&Reached>, days: usize, answered: bool) {
    for _ in 0..days {
        let evening = world.now().date_naive().and_hms_opt(21, 30, 0).unwrap();
        world.live_until(Utc.from_utc_datetime(&evening)).await;
        if let Some(reached) = reached {
            reached.say_so(world).await;
        }
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
    let reached = Reached::on(&phone).await;
    days(world, &phone, Some(&reached), 25, true).await;
    days(world, &phone, Some(&reached), 10, false).await;
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
    phone.choose_reminder_settings(&json!({ "zone_here": null })).await;

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
    let reached = Reached::on(&phone).await;
    days(world, &phone, Some(&reached), 24, true).await;
    days(world, &phone, Some(&reached), 6, false).await;
    assert!(flags(world, &sam).await.is_empty(), "a few evenings are nothing");
    days(world, &phone, Some(&reached), 3, false).await;
    let raised = flags(world, &sam).await;
    let flag = Worker::only(&raised);
    println!("{}", flag["sentence"]);
    assert_eq!((&flag["level"], &flag["stands_today"], &flag["facts"]), (&json!("watch"), &json!(true), &json!([])));
    let sentence = flag["sentence"].as_str().unwrap();
    assert!(sentence.starts_with(
        "None of the 7 reminders that reached the phone in the last 7 days was answered. In the three weeks before"
    ));
    assert_eq!(Worker::only(&phone.flags().await)["sentence"], flag["sentence"], "one truth");
    assert_eq!(flag["timeline"].as_array().unwrap().len(), 1, "and no line for every morning");
    assert_eq!(world.count("SELECT COUNT(*) FROM assessment").await, 0, "nothing is said of days without a check-in");

    let day = world.now().date_naive();
    days(world, &phone, None, 1, true).await;
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

story!(what_never_reached_somebody_says_nothing_about_them, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    phone.remind("Tablets", daily("21:00")).await;
    // No phone to be told on: for three weeks they look into the app, and then for two they do not.
    days(world, &phone, None, 24, true).await;
    days(world, &phone, None, 14, false).await;
    assert!(flags(world, &sam).await.is_empty(), "nobody told them");
    // Now there is one. The push service takes everything, and no phone says that anything arrived.
    let reached = Reached::on(&phone).await;
    days(world, &phone, None, 24, true).await;
    days(world, &phone, None, 9, false).await;
    assert!(
        phone.occurrences_on(&(world.now().date_naive() - TimeDelta::days(2)).to_string()).await[0]["sent_at"]
            .is_string()
    );
    assert!(flags(world, &sam).await.is_empty(), "sent is not delivered");
    // Now it arrives, and is not answered: four of them are few, and with more it is a pattern.
    reached.peer.take();
    days(world, &phone, Some(&reached), 4, false).await;
    assert!(flags(world, &sam).await.is_empty());
    days(world, &phone, Some(&reached), 2, false).await;
    let raised = flags(world, &sam).await;
    let sentence = Worker::only(&raised)["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("None of the 6 reminders that reached the phone in the last 7 days"), "{sentence}");
});

story!(the_team_is_not_told_in_which_zone_a_phone_is, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    phone.remind("Tablets", daily("21:00")).await;
    let reached = Reached::on(&phone).await;
    days(world, &phone, Some(&reached), 1, true).await;
    phone.choose_reminder_settings(&json!({ "follow_travel": true, "zone_here": "Asia/Tokyo" })).await;
    world.live_until(world.now() + TimeDelta::hours(6)).await;
    reached.say_so(world).await;
    let there = phone.occurrence_on("2026-11-17").await;
    assert_eq!((&there["at"], there["sent_at"].is_string()), (&json!("2026-11-17T12:00:00Z"), true), "they see it");
    phone.say(&there, "done").await;
    let seen = world.dee.reminders_of(&sam).await;
    let answers: Vec<&Value> =
        seen["occurrences"].as_array().unwrap().iter().filter(|o| o["state"] == "done").collect();
    let [home, away] = answers[..] else { panic!("{seen:#}") };
    assert!(home["sent_at"].is_string() && home["delivered_at"].is_string() && home["answered_at"].is_string());
    assert_eq!((&away["date"], &away["time"]), (&json!("2026-11-17"), &json!("21:00")));
    for moment in ["sent_at", "delivered_at", "seen_at", "answered_at", "snoozed_until"] {
        assert_eq!(away[moment], Value::Null, "{moment}");
    }
    assert!(answers.iter().all(|one| one.get("at").is_none()) && !seen.to_string().contains("Tokyo"));
});

story!(a_pattern_ends_when_it_is_no_longer_shared, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    phone.remind("Tablets", daily("21:00")).await;
    let reached = Reached::on(&phone).await;
    days(world, &phone, Some(&reached), 24, true).await;
    days(world, &phone, Some(&reached), 9, false).await;
    assert_eq!(Worker::only(&flags(world, &sam).await)["stands_today"], true);
    phone.choose_sharing(&json!({ "reminders_shared": false })).await;
    world.run_jobs().await;
    let flag = Worker::only(&flags(world, &sam).await).clone();
    assert_eq!((&flag["stands_today"], &flag["timeline"][1]["words"]), (&json!(false), &Value::Null));
    days(world, &phone, Some(&reached), 3, false).await;
    assert_eq!(flags(world, &sam).await.len(), 1);
});

story!(the_pattern_is_told_in_the_clients_language, |world| {
    let (sam, phone) = world.client_with_phone("Siân").await;
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "language": "cy" })).await.is(200);
    phone.choose_sharing(&json!({ "reminders_shared": true })).await;
    phone.remind("Tabledi", daily("21:00")).await;
    let reached = Reached::on(&phone).await;
    days(world, &phone, Some(&reached), 24, true).await;
    days(world, &phone, Some(&reached), 9, false).await;
    let mine = phone.flags().await;
    assert!(
        Worker::only(&mine)["sentence"].as_str().unwrap().starts_with("Ni chafodd yr un o'r 7 nodyn atgoffa"),
        "{mine:?}"
    );
    assert!(flags(world, &sam).await[0]["sentence"].as_str().unwrap().starts_with("None of the 7"));
});
