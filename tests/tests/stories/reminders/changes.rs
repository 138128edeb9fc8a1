//! Making reminders and changing them, alone and together.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use companion::{
    clients,
    ids::WorkerId,
    reminders::{Author, plan_changed},
};
use companion_tests::{Phone, Value, Worker, json, reminders::daily, story};

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

/// The client's word on what waits: the proposal as it is, on or off.
async fn answer(phone: &Phone, reminder: &Value, state: &str) -> Value {
    let mut proposed = reminder.clone();
    for (field, value) in reminder["proposal"].as_object().unwrap() {
        proposed[field] = value.clone();
    }
    phone.change_reminder(&proposed, json!({ "state": state })).await.is(200)
}

story!(a_proposal_hides_nothing_and_after_a_no_what_runs_goes_on, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mine = phone.remind("Tablets", daily("21:00")).await;
    let id = mine["id"].as_str().unwrap().parse().unwrap();
    let mut other = proposal("Tablets with supper", daily("18:30"), id, phone.new_id(), "on_phone");
    other["based_on"] = mine["change"].clone();
    let proposed = world.dee.put_reminder(&sam, &other).await.is(200);
    assert_eq!(world.dee.put_reminder(&sam, &other).await.is(200), proposed, "a retry answers the same");
    // Both see what runs, and beside it what waits.
    let seen = phone.reminders().await["reminders"][0].clone();
    for one in [&proposed, &seen, &world.dee.reminders_of(&sam).await["reminders"][0]] {
        assert_eq!(
            (&one["state"], &one["title"], &one["change"]),
            (&json!("on"), &json!("Tablets"), &mine["change"]),
            "{one:#}"
        );
        let waits = &one["proposal"];
        assert_eq!((&waits["change"], &waits["title"]), (&other["change"], &json!("Tablets with supper")));
        assert_eq!((&waits["schedule"]["times"], &waits["by"]["who"]), (&json!(["18:30"]), &json!("worker")));
    }
    world.live_until(at("2026-11-16T21:01:00Z")).await;
    let told = world.told(sam.id.0).await;
    assert_eq!((told.len(), told[0].told_at), (1, at("2026-11-16T21:00:00Z")));
    assert_eq!(phone.occurrence_on("2026-11-17").await["time"], "21:00");
    phone.say(&phone.occurrence_on("2026-11-16").await, "done").await;

    // What runs can be paused, and the proposal still waits.
    let paused = phone.change_reminder(&seen, json!({ "paused_until": "2026-11-17" })).await.is(200);
    assert_eq!((&paused["paused_until"], &paused["proposal"]), (&json!("2026-11-17"), &seen["proposal"]));
    // A worker who has not seen that looks again.
    let mut again = proposal("Tablets", daily("19:00"), id, phone.new_id(), "together");
    again["based_on"] = other["change"].clone();
    world.dee.put_reminder(&sam, &again).await.is_problem(409, "conflict");

    // Its time has come in the very minute of the no: it is told all the same.
    world.clock.set(at("2026-11-18T21:00:10Z"));
    let no = answer(&phone, &paused, "off").await;
    assert_eq!(
        (&no["state"], &no["title"], &no["schedule"], &no["paused_until"], &no["proposal"]),
        (&json!("on"), &json!("Tablets"), &mine["schedule"], &json!("2026-11-17"), &Value::Null)
    );
    assert_eq!(no["by"]["who"], "client");
    assert_eq!(phone.reminders().await["reminders"], json!([no]));
    world.run_jobs().await;
    world.live_until(at("2026-11-19T22:00:00Z")).await;
    let days: Vec<String> = world.told(sam.id.0).await.iter().map(|t| t.local_date.to_string()).collect();
    assert_eq!(days, ["2026-11-16", "2026-11-18", "2026-11-19"], "as it was, without a gap");
    assert_eq!(world.count("SELECT COUNT(*) FROM reminder_change").await, 4, "and every word of it is kept");
});

story!(what_waits_can_be_answered_whatever_became_of_what_runs, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mine = phone.remind("Tablets", daily("21:00")).await;
    let id = mine["id"].as_str().unwrap().parse().unwrap();
    let propose = async |based_on: &Value, agreed: &str| {
        let mut body = proposal("Tablets with supper", daily("18:30"), id, phone.new_id(), agreed);
        body["based_on"] = based_on.clone();
        world.dee.put_reminder(&sam, &body).await.is(200)
    };
    // Turned off while it waits: off it is, and a no leaves it so.
    let waits = propose(&mine["change"], "on_phone").await;
    let off = phone.change_reminder(&waits, json!({ "state": "off" })).await.is(200);
    assert_eq!((&off["state"], &off["proposal"]["change"]), (&json!("off"), &waits["proposal"]["change"]));
    let still_off = answer(&phone, &off, "off").await;
    assert_eq!((&still_off["state"], &still_off["title"]), (&json!("off"), &json!("Tablets")));
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    assert!(world.told(sam.id.0).await.is_empty());
    // A yes puts it on as it was proposed. An answer that was given is over.
    let waits = propose(&still_off["change"], "on_phone").await;
    assert_eq!((&waits["state"], waits["proposal"].is_object()), (&json!("off"), true));
    let yes = answer(&phone, &waits, "on").await;
    assert_eq!(
        (&yes["state"], &yes["title"], &yes["proposal"]),
        (&json!("on"), &json!("Tablets with supper"), &Value::Null)
    );
    let mut late = waits["proposal"].clone();
    late["id"] = json!(id);
    phone.change_reminder(&late, json!({ "state": "off", "paused_until": null })).await.is_problem(409, "conflict");
    // What was agreed in one room takes the place of both.
    let waits = propose(&yes["change"], "on_phone").await;
    let together = propose(&waits["proposal"]["change"], "together").await;
    assert_eq!((&together["state"], &together["proposal"]), (&json!("on"), &Value::Null));
});

story!(a_plan_judges_the_wording_in_force, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let (stays, goes) = (phone.new_id(), phone.new_id());
    let mut waiting = Vec::new();
    for (line, proposed) in [(stays, Some(goes)), (goes, None), (goes, Some(goes))] {
        let mut reminder = phone.new_reminder("From my plan", daily("21:00"));
        (reminder["about"], reminder["plan_line"]) = (json!("plan"), json!(line));
        let id = phone.new_id();
        let mine = phone.put_reminder(id, &reminder).await.is(200);
        let mut other = proposal("Proposed", daily("20:00"), id, phone.new_id(), "on_phone");
        (other["based_on"], other["plan_line"]) = (mine["change"].clone(), json!(proposed));
        waiting.push(world.dee.put_reminder(&sam, &other).await.is(200));
    }
    let client = clients::load(&world.app, sam.provider, sam.id).await.unwrap();
    let mut tx = world.app.db.begin().await.unwrap();
    let by = Author::Worker(WorkerId(world.dee.id));
    plan_changed(&mut tx, &world.app, sam.provider, &client, &HashSet::from([stays]), by).await.unwrap();
    tx.commit().await.unwrap();
    let all = phone.reminders().await["reminders"].as_array().unwrap().clone();
    let states: Vec<(&str, bool)> =
        all.iter().map(|r| (r["state"].as_str().unwrap(), r["proposal"].is_object())).collect();
    assert_eq!(states, [("on", false), ("off", true), ("off", false)], "{all:#?}");
    assert!(all.iter().all(|r| r["title"] == "From my plan"));
    assert_eq!(all[0]["change"], waiting[0]["change"], "what runs was not touched");
    let on = answer(&phone, &all[1], "on").await;
    assert_eq!((&on["title"], &on["plan_line"]), (&json!("Proposed"), &Value::Null));
});

story!(dates_that_no_calendar_has_are_refused, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let tablets = phone.remind("Tablets", daily("21:00")).await;
    let tonight = phone.occurrence_on("2026-11-16").await;
    for date in
        ["-4713-01-01", "-200000-01-01", "0001-01-01", "1899-12-31", "2201-01-01", "+12026-11-30", "+262000-01-01"]
    {
        let pause = phone.change_reminder(&tablets, json!({ "paused_until": date })).await.is_problem(422, "invalid");
        assert_eq!(pause["errors"][0]["field"], "paused_until", "{date}");
        let settings = json!({ "paused_until": date });
        phone.put("/api/v1/me/reminder-settings", &settings).await.is_problem(422, "invalid");
        let mut schedule = daily("21:00");
        schedule["starts_on"] = json!(date);
        phone.change_reminder(&tablets, json!({ "schedule": schedule })).await.is_problem(422, "invalid");
        let ends = json!({ "starts_on": "2026-01-01", "times": ["21:00"], "repeat": { "unit": "day", "every": 1 }, "ends": { "on": date } });
        phone.change_reminder(&tablets, json!({ "schedule": ends })).await.is_problem(422, "invalid");
        let mut act = phone.new_act(&tonight);
        act["date"] = json!(date);
        phone.put_act(&tonight, "done", &act).await.is_problem(422, "invalid");
        let moment = format!("{date}T00:00:00Z");
        let mut act = phone.new_act(&tonight);
        (act["at"], act["until"]) = (json!(moment), json!("2026-11-16T21:00:00Z"));
        phone.put_act(&tonight, "snooze", &act).await.is_problem(422, "invalid");
        let date = date.replace('+', "%2B");
        phone.get(&format!("/api/v1/me/reminders?to={date}")).await.is_problem(422, "invalid");
    }
    for date in ["1900-01-01", "2200-12-31"] {
        phone.choose_reminder_settings(&json!({ "paused_until": date })).await;
    }
    assert!(phone.occurrences_on("2026-11-16").await.is_empty(), "for ever is long, and can be said");
});

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
    answer(&phone, &waits, "on").await;
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
