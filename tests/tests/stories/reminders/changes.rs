//! Making reminders and changing them, alone and together.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use companion::{
    clients,
    ids::WorkerId,
    reminders::{Author, plan_changed},
};
use companion_tests::{Value, Worker, json, reminders::daily, story};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

story!(a_change_takes_back_nothing_and_tells_nothing_that_was_before_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let tablets = phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    let monday = phone.occurrence_on("2026-11-16").await;
    phone.say(&monday, "done").await;
    // To a time that is over today: it begins tomorrow.
    let earlier = phone.change_reminder(&tablets, json!({ "schedule": daily("08:00") })).await.is(200);
    world.live_until(at("2026-11-18T12:00:00Z")).await;
    let told: Vec<(String, String)> =
        world.told(sam.id.0).await.iter().map(|t| (t.local_date.to_string(), t.local_time.clone())).collect();
    let expected = [("2026-11-16", "21:00"), ("2026-11-18", "08:00")].map(|(d, t)| (d.to_owned(), t.to_owned()));
    assert_eq!(told, expected);
    assert_eq!(phone.occurrence_on("2026-11-16").await["state"], "done", "what was answered stays");
    assert!(phone.occurrences_on("2026-11-17").await.is_empty());
    // Off: nothing more.
    let off = phone.change_reminder(&earlier, json!({ "state": "off" })).await.is(200);
    world.live_until(at("2026-11-20T12:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await.len(), 2);
    assert_eq!(phone.reminders().await["reminders"][0]["state"], "off");
    // On again: from now on.
    phone.change_reminder(&off, json!({ "state": "on" })).await.is(200);
    world.live_until(at("2026-11-21T12:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await.len(), 3);
    assert_eq!(world.count("SELECT COUNT(*) FROM reminder_change").await, 4, "every wording is kept");
});

story!(other_words_in_the_minute_of_a_reminder_do_not_lose_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let tablets = phone.remind("Tablets", daily("21:00")).await;
    // Its time has come, and nobody has looked yet.
    world.clock.set(at("2026-11-16T21:00:10Z"));
    let other = phone.change_reminder(&tablets, json!({ "title": "The white tablets" })).await.is(200);
    world.run_jobs().await;
    assert_eq!(world.told(sam.id.0).await.len(), 1);
    world.clock.set(at("2026-11-17T21:00:10Z"));
    phone.change_reminder(&other, json!({ "state": "off" })).await.is(200);
    world.run_jobs().await;
    assert_eq!(world.told(sam.id.0).await.len(), 1, "who turns it off in that minute is not told");
});

story!(a_reminder_sent_again_is_the_same_and_two_changes_at_once_do_not_undo_each_other, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (id, body) = (phone.new_id(), phone.new_reminder("Tablets", daily("21:00")));
    let made = phone.put_reminder(id, &body).await.is(200);
    assert_eq!(phone.put_reminder(id, &body).await.is(200), made);
    let mut other = body.clone();
    other["title"] = json!("Other");
    phone.put_reminder(id, &other).await.is_problem(409, "conflict");
    phone.put_reminder(phone.new_id(), &body).await.is_problem(409, "conflict");
    let mine = phone.change_reminder(&made, json!({ "title": "Mine" })).await.is(200);
    phone.change_reminder(&made, json!({ "title": "From the other phone" })).await.is_problem(409, "conflict");
    assert_eq!(phone.put_reminder(id, &body).await.is(200), made, "a retry that comes late answers what it was");
    assert_eq!(phone.reminders().await["reminders"], json!([mine]));
    phone.put_reminder(phone.new_id(), &phone.new_reminder(" ", daily("21:00"))).await.is_problem(422, "invalid");
    let no_times = json!({ "starts_on": "2026-11-16", "times": [], "repeat": { "unit": "day", "every": 1 } });
    let answer =
        phone.put_reminder(phone.new_id(), &phone.new_reminder("x", no_times)).await.is_problem(422, "invalid");
    assert_eq!(answer["errors"][0]["field"], "schedule.times");
    let list = phone.get("/api/v1/me/reminders").await;
    let tag = list.header("etag").unwrap().to_owned();
    let again = companion_tests::Answer::of(
        phone
            .api
            .request(reqwest::Method::GET, "/api/v1/me/reminders", Some(&phone.token().await))
            .header("If-None-Match", tag),
    );
    assert_eq!(again.await.status.as_u16(), 304);
});

fn proposal(title: &str, schedule: Value, id: uuid::Uuid, change: uuid::Uuid, agreed: &str) -> Value {
    json!({ "id": id, "change": change, "based_on": null, "title": title, "note": null, "about": "plan", "plan_line": null,
            "schedule": schedule, "agreed": agreed })
}

story!(what_a_worker_proposes_waits_for_the_client, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let (id, change) = (phone.new_id(), phone.new_id());
    let proposed = proposal("A walk after lunch", daily("14:00"), id, change, "on_phone");
    let made = world.dee.put_reminder(&sam, &proposed).await.is(200);
    assert_eq!((&made["state"], &made["by"]), (&json!("proposed"), &json!({ "who": "worker", "name": "Dee Worker" })));
    assert_eq!(world.dee.put_reminder(&sam, &proposed).await.is(200), made);
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    assert!(world.told(sam.id.0).await.is_empty());
    let seen = phone.reminders().await["reminders"][0].clone();
    assert_eq!(seen["by"], json!({ "who": "worker", "name": "Dee" }));
    let accepted = phone.change_reminder(&seen, json!({ "state": "on" })).await.is(200);
    assert_eq!(accepted["by"], json!({ "who": "client", "name": "Sam" }));
    world.live_until(at("2026-11-17T15:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await.len(), 1);
    // Another time is proposed: until the client has answered it goes on as it was.
    let mut later = proposal("A walk after lunch", daily("16:00"), id, phone.new_id(), "on_phone");
    world.dee.put_reminder(&sam, &later).await.is_problem(409, "conflict");
    later["based_on"] = accepted["change"].clone();
    let waits = world.dee.put_reminder(&sam, &later).await.is(200);
    world.live_until(at("2026-11-18T17:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await.last().unwrap().told_at, at("2026-11-18T14:00:00Z"));
    phone.change_reminder(&waits, json!({ "state": "on" })).await.is(200);
    world.live_until(at("2026-11-19T17:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await.last().unwrap().told_at, at("2026-11-19T16:00:00Z"));
    // Agreed in one room it is on at once; the record shows who did what.
    let together = proposal("Ring the bank", daily("18:00"), phone.new_id(), phone.new_id(), "together");
    assert_eq!(world.dee.put_reminder(&sam, &together).await.is(200)["state"], "on");
    let story: Vec<(Value, Value)> = world
        .dee
        .timeline(&sam)
        .await
        .into_iter()
        .filter(|m| m["ref"]["kind"] == "reminder")
        .map(|m| (m["what"].clone(), m["words"].clone()))
        .collect();
    assert_eq!(story.len(), 5);
    assert_eq!(story[0], (json!("reminder_on"), json!("Ring the bank")));
    assert_eq!(story[4].0, "reminder_proposed");
});

story!(a_reminder_ends_with_the_line_of_the_plan_that_it_is_tied_to, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let (stays, goes) = (phone.new_id(), phone.new_id());
    for line in [stays, goes] {
        let mut reminder = phone.new_reminder("From my plan", daily("21:00"));
        (reminder["about"], reminder["plan_line"]) = (json!("plan"), json!(line));
        phone.put_reminder(phone.new_id(), &reminder).await.is(200);
    }
    phone.remind("My own", daily("21:00")).await;
    let client = clients::load(&world.app, sam.provider, sam.id).await.unwrap();
    for (lines, on) in [(HashSet::from([stays, goes]), 3), (HashSet::from([stays]), 2)] {
        let mut tx = world.app.db.begin().await.unwrap();
        let by = Author::Worker(WorkerId(world.dee.id));
        plan_changed(&mut tx, &world.app, sam.provider, &client, &lines, by).await.unwrap();
        tx.commit().await.unwrap();
        let all = phone.reminders().await["reminders"].as_array().unwrap().clone();
        assert_eq!(all.iter().filter(|r| r["state"] == "on").count(), on);
    }
    let all = phone.reminders().await["reminders"].as_array().unwrap().clone();
    let off: Vec<Value> = all.into_iter().filter(|r| r["state"] == "off").collect();
    let off = Worker::only(&off);
    assert_eq!(
        (&off["by_plan"], &off["title"], &off["by"]["name"]),
        (&json!(true), &json!("From my plan"), &json!("Dee"))
    );
    world.live_until(at("2026-11-16T22:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await.len(), 2);
});
