//! What is told, what waits, and what is let go.

use chrono::{DateTime, TimeDelta, Utc};
use companion::jobs;
use companion_tests::{
    Phone, World, json,
    push_peer::{Browser, PushPeer},
    reminders::{Told, daily, once},
    scale, story,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn told(world: &World, phone: &Phone) -> Vec<Told> {
    world.told(phone.client).await
}

story!(what_is_due_together_is_told_in_one, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    Browser::at(&peer, phone.new_id()).put(&phone, "me").await.is(200);
    for title in ["Tablets", "Ring my sister", "Feed the cat"] {
        phone.remind(title, daily("21:00")).await;
    }
    phone.remind("Bed", daily("22:30")).await;
    world.live_until(at("2026-11-16T23:00:00Z")).await;
    let told = told(world, &phone).await;
    assert_eq!(told.len(), 4);
    assert!(
        told[..3]
            .iter()
            .all(|t| t.notification_id == told[0].notification_id && t.told_at == at("2026-11-16T21:00:00Z"))
    );
    assert_ne!(told[3].notification_id, told[0].notification_id);
});

story!(nothing_is_told_in_quiet_hours, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.choose_reminder_settings(&json!({ "quiet_from": "22:00", "quiet_until": "07:00" })).await;
    phone.remind("Bed", daily("21:59")).await;
    phone.remind("Something for the small hours", daily("23:30")).await;
    phone.remind("Breakfast", daily("06:15")).await;
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    let told = told(world, &phone).await;
    let when: Vec<(&str, DateTime<Utc>)> = told.iter().map(|t| (t.local_time.as_str(), t.told_at)).collect();
    // What is still of use when the night is over is told then; what is not is let go.
    assert_eq!(when, [("21:59", at("2026-11-16T21:59:00Z")), ("06:15", at("2026-11-17T07:00:00Z"))]);
    let states: Vec<String> = phone.occurrences_on("2026-11-16").await.iter().map(|o| o["state"].to_string()).collect();
    assert_eq!(states, ["\"missed\"", "\"not_told\""]);
    phone.put("/api/v1/me/reminder-settings", &json!({ "quiet_until": null })).await.is_problem(422, "invalid");
    phone.put("/api/v1/me/reminder-settings", &json!({ "quiet_until": "25:00" })).await.is_problem(422, "invalid");
});

story!(in_a_pause_nothing_is_told_and_after_it_nothing_is_made_up_for, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let tablets = phone.remind("Tablets", daily("21:00")).await;
    phone.remind("Ring my sister", daily("18:00")).await;
    // Not this one until Wednesday.
    phone.change_reminder(&tablets, json!({ "paused_until": "2026-11-18" })).await.is(200);
    world.live_until(at("2026-11-18T23:00:00Z")).await;
    let times: Vec<String> = told(world, &phone).await.into_iter().map(|t| t.local_time).collect();
    assert_eq!(times, ["18:00", "18:00", "18:00"]);
    world.live_until(at("2026-11-19T23:00:00Z")).await;
    assert_eq!(told(world, &phone).await.len(), 5);
    // Not this week, for everything; what was snoozed into it is let go too.
    let sister = phone.occurrences_on("2026-11-19").await[0].clone();
    phone.snooze(&sister, at("2026-11-20T09:00:00Z")).await;
    phone.choose_reminder_settings(&json!({ "paused_until": "2026-11-22" })).await;
    assert!(phone.occurrences_on("2026-11-21").await.is_empty());
    world.live_until(at("2026-11-22T23:00:00Z")).await;
    assert_eq!(told(world, &phone).await.len(), 5);
    // Over sooner than meant: from now on, and not what was before.
    world.live_until(at("2026-11-24T18:30:00Z")).await;
    assert_eq!(told(world, &phone).await.len(), 8);
    phone.choose_reminder_settings(&json!({ "paused_until": "2026-11-30" })).await;
    world.live_until(at("2026-11-25T18:05:00Z")).await;
    phone.choose_reminder_settings(&json!({ "paused_until": null })).await;
    world.live_until(at("2026-11-25T23:00:00Z")).await;
    let last = told(world, &phone).await.pop().unwrap();
    assert_eq!((last.told_at, told(world, &phone).await.len()), (at("2026-11-25T21:00:00Z"), 9));
});

story!(after_an_outage_what_is_of_use_is_told_once_and_the_rest_is_let_go, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    for time in ["08:00", "12:00", "19:30", "20:45", "21:30"] {
        phone.remind("Something", daily(time)).await;
    }
    world.live_until(at("2026-11-16T23:00:00Z")).await;
    let before = told(world, &phone).await.len();
    // Nobody runs anything for three days.
    world.clock.set(at("2026-11-19T22:00:00Z"));
    world.run_jobs().await;
    let told = told(world, &phone).await.split_off(before);
    let times: Vec<&str> = told.iter().map(|t| t.local_time.as_str()).collect();
    assert_eq!(times, ["19:30", "20:45", "21:30"]);
    assert!(told.iter().all(|t| t.notification_id == told[0].notification_id && t.told == 1), "one message, no burst");
    let of_the_day = phone.occurrences_on("2026-11-18").await;
    assert!(of_the_day.len() == 5 && of_the_day.iter().all(|o| o["state"] == "not_told"), "{of_the_day:#?}");
});

story!(what_was_missed_is_never_told_again, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-26T12:00:00Z")).await;
    let all = phone.get("/api/v1/me/reminders?from=2026-11-16&to=2026-11-26").await.is(200);
    let states: Vec<&str> =
        all["occurrences"].as_array().unwrap().iter().map(|o| o["state"].as_str().unwrap()).collect();
    assert_eq!(states[..10], ["missed"; 10]);
    assert_eq!(states[10], "to_come");
    let told = told(world, &phone).await;
    assert!(told.len() == 10 && told.iter().all(|t| t.told == 1), "each evening had its own and nothing more");
    assert!(world.dee.inbox().await.is_empty(), "and nobody else heard of it");
});

story!(a_check_in_answers_the_reminder_of_its_day, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let mut reminder = phone.new_reminder("How are you today?", daily("20:00"));
    reminder["about"] = json!("check_in");
    phone.put_reminder(phone.new_id(), &reminder).await.is(200);
    // Before its time: it is not told.
    phone.check_in(&[("mood", 5.0)]).await;
    let today = phone.occurrence_on("2026-11-16").await;
    assert_eq!((&today["state"], &today["by_check_in"]), (&json!("done"), &json!(true)));
    world.live_until(at("2026-11-16T22:00:00Z")).await;
    assert!(told(world, &phone).await.is_empty());
    assert_eq!(phone.occurrence_on("2026-11-16").await["state"], "done");
    // After it, later in the evening.
    world.live_until(at("2026-11-17T21:00:00Z")).await;
    assert_eq!(
        (told(world, &phone).await.len(), phone.occurrence_on("2026-11-17").await["state"].clone()),
        (1, json!("due"))
    );
    phone.check_in(&[("mood", 5.0)]).await;
    world.run_jobs().await;
    let answered = phone.occurrence_on("2026-11-17").await;
    assert_eq!((&answered["state"], &answered["by_check_in"]), (&json!("done"), &json!(true)));
    // And one that a phone without network sends days later.
    world.live_until(at("2026-11-20T12:00:00Z")).await;
    assert_eq!(phone.occurrence_on("2026-11-18").await["state"], "missed");
    phone.check_in_made_at(at("2026-11-18T23:30:00Z"), &[("mood", 5.0)]).await;
    world.run_jobs().await;
    assert_eq!(phone.occurrence_on("2026-11-18").await["state"], "done");
    assert_eq!(phone.occurrence_on("2026-11-19").await["state"], "missed", "that was no check-in of this day");
});

story!(who_is_supported_no_more_is_told_nothing, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    set_active(world, "UPDATE client SET active = FALSE").await;
    world.live_until(at("2026-11-22T12:00:00Z")).await;
    assert_eq!((told(world, &phone).await.len(), waiting(world).await), (1, 0));
    // Supported again: a server that starts sees to them, and nothing of the time between is told.
    set_active(world, "UPDATE client SET active = TRUE").await;
    let other = world.another_node().await;
    use companion::reminders::round::see_to_everybody;
    let (here, there) = tokio::join!(see_to_everybody(&world.app), see_to_everybody(&other));
    assert!(here.unwrap() + there.unwrap() >= 1);
    assert_eq!(waiting(world).await, 1, "once, however many nodes start");
    world.live_until(at("2026-11-22T23:00:00Z")).await;
    assert_eq!(told(world, &phone).await.len(), 2);
});

async fn set_active(world: &World, sql: &'static str) {
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query(sql).execute().await.unwrap();
    tx.commit().await.unwrap();
}

async fn waiting(world: &World) -> i64 {
    world.count("SELECT COUNT(*) FROM job WHERE kind = 'remind' AND done_at IS NULL").await
}

story!(two_nodes_tell_everything_once, |world| {
    let clients = 12 * scale();
    let mut phones = Vec::new();
    for n in 0..clients {
        let (_, phone) = world.client_with_phone(&format!("Client {n}")).await;
        phone.remind("Tablets", daily("21:00")).await;
        phone.remind("Ring my sister", daily("21:00")).await;
        phone.remind("Bed", once("2026-11-16", "21:01")).await;
        phones.push(phone);
    }
    let other = world.another_node().await;
    for minute in ["2026-11-16T21:00:00Z", "2026-11-16T21:01:00Z"] {
        world.clock.set(at(minute));
        // And meanwhile they are answered and changed.
        let busy = async {
            for phone in phones.iter().step_by(2) {
                let all = phone.occurrences_on("2026-11-16").await;
                phone.say(&all[0], "done").await;
                phone.choose_reminder_settings(&json!({ "discretion": "words" })).await;
            }
        };
        let (here, there, ()) = tokio::join!(jobs::run_due(&world.app), jobs::run_due(&other), busy);
        here.unwrap();
        there.unwrap();
        world.run_jobs().await;
    }
    for phone in &phones {
        let told = told(world, phone).await;
        assert!(told.iter().all(|t| t.told == 1 && t.told_at - t.due_at < TimeDelta::minutes(1)), "{told:#?}");
        let of_nine = told.iter().filter(|t| t.local_time == "21:00").collect::<Vec<_>>();
        assert!((1..=2).contains(&of_nine.len()) && told.len() == of_nine.len() + 1, "{told:#?}");
        assert!(of_nine.iter().all(|t| t.notification_id == of_nine[0].notification_id));
    }
    assert_eq!(waiting(world).await, i64::try_from(clients).unwrap(), "and one round waits for each");
    assert_eq!(world.count("SELECT COUNT(*) FROM job WHERE done_at IS NULL AND attempts > 0").await, 0);
});
