//! A reminder on its way to a phone: sent, reached, opened are three things, and its buttons answer it.

use chrono::{DateTime, Duration, Utc};
use companion_tests::{
    Phone, Value, json,
    push_peer::{Browser, Mood, PushPeer},
    reminders::daily,
    story,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn on_phone(phone: &Phone, peer: &PushPeer) -> Browser {
    let browser = Browser::at(peer, phone.new_id());
    browser.put(phone, "me").await.is(200);
    browser
}

async fn tell_receipts(phone: &Phone, receipts: &[Value]) {
    phone.api.post("/api/v1/push/receipts", &json!({ "receipts": receipts })).await.is(200);
}

story!(sent_delivered_and_seen_are_three_different_things, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    phone.remind("Tablets, the white ones", daily("21:00")).await;
    world.live_until(at("2026-11-16T21:00:00Z")).await;
    let message = peer.only();
    let payload = browser.read(&message);
    assert_eq!((&payload["kind"], &payload["n"], &payload["d"]), (&json!("reminder"), &json!(1), &json!("neutral")));
    assert!(!payload.to_string().contains("Tablets"), "not even sealed do their words leave: {payload}");

    let tonight = phone.occurrence_on("2026-11-16").await;
    assert_eq!(tonight["sent_at"], json!(world.now()), "the push service took it");
    assert_eq!(
        (&tonight["delivered_at"], &tonight["seen_at"]),
        (&Value::Null, &Value::Null),
        "and that is all we know"
    );
    world.advance(Duration::seconds(4));
    let reached = world.now();
    tell_receipts(&phone, &[Browser::receipt(&payload, "delivered", reached)]).await;
    let tonight = phone.occurrence_on("2026-11-16").await;
    assert_eq!((&tonight["delivered_at"], &tonight["seen_at"]), (&json!(reached), &Value::Null));
    world.advance(Duration::minutes(9));
    tell_receipts(&phone, &[Browser::receipt(&payload, "seen", world.now())]).await;
    let tonight = phone.occurrence_on("2026-11-16").await;
    assert_eq!((&tonight["seen_at"], &tonight["answered_at"]), (&json!(world.now()), &Value::Null), "seen is not done");
});

story!(the_buttons_of_a_notification_answer_the_reminder_signed_in_or_not, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-16T21:00:00Z")).await;
    let payload = browser.read(&peer.only());
    tell_receipts(&phone, &[Browser::receipt(&payload, "snooze", world.now())]).await;
    let tonight = phone.occurrence_on("2026-11-16").await;
    assert_eq!(
        (&tonight["state"], &tonight["snoozed_until"]),
        (&json!("snoozed"), &json!(world.now() + Duration::minutes(30)))
    );
    world.live_until(at("2026-11-16T21:30:00Z")).await;
    let again = peer.only();
    let payload = browser.read(&again);
    let done = Browser::receipt(&payload, "done", world.now());
    tell_receipts(&phone, std::slice::from_ref(&done)).await;
    // The reply was lost, and the phone says it again.
    tell_receipts(&phone, &[done]).await;
    assert_eq!(phone.occurrence_on("2026-11-16").await["state"], "done");
    world.live_until(at("2026-11-17T20:00:00Z")).await;
    assert!(peer.take().is_empty(), "what is done is not told again");

    // A token that was made up answers nothing.
    world.live_until(at("2026-11-17T21:00:00Z")).await;
    let mut forged = Browser::receipt(&browser.read(&peer.only()), "done", world.now());
    forged["token"] = json!("AAAAAAAAAAAAAAAA");
    tell_receipts(&phone, &[forged]).await;
    assert_eq!(phone.occurrence_on("2026-11-17").await["state"], "due");
});

story!(done_on_an_earlier_notification_is_not_lost, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    phone.remind("Tablets", daily("21:00")).await;
    // Later, in the app; and then done, on the notification that still stands there.
    world.live_until(at("2026-11-16T21:05:00Z")).await;
    let first = browser.read(&peer.only());
    phone.snooze(&phone.occurrence_on("2026-11-16").await, at("2026-11-16T21:40:00Z")).await;
    world.advance(Duration::minutes(5));
    tell_receipts(&phone, &[Browser::receipt(&first, "done", world.now())]).await;
    assert_eq!(phone.occurrence_on("2026-11-16").await["state"], "done");
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    assert!(peer.take().is_empty(), "what is done is not told again");
    // Told a second time before the first button is pressed.
    world.live_until(at("2026-11-17T21:05:00Z")).await;
    let first = browser.read(&peer.only());
    phone.snooze(&phone.occurrence_on("2026-11-17").await, at("2026-11-17T21:40:00Z")).await;
    world.live_until(at("2026-11-17T21:41:00Z")).await;
    let second = browser.read(&peer.only());
    assert_ne!(first["id"], second["id"]);
    tell_receipts(&phone, &[Browser::receipt(&first, "done", world.now())]).await;
    let done = phone.occurrence_on("2026-11-17").await;
    assert_eq!((&done["state"], &done["answered_at"]), (&json!("done"), &json!(world.now())));
    assert_eq!(done["seen_at"], json!(world.now()), "and it is known that the first one arrived");
});

story!(a_later_message_about_several_lets_nothing_of_the_earlier_one_vanish, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    world.live_until(at("2026-11-16T23:30:00Z")).await;
    for time in ["08:00", "08:00", "09:00", "09:00", "12:30", "12:30"] {
        phone.remind("Something", daily(time)).await;
    }
    let fold = async |time: &str, day: &str| {
        world.live_until(at(&format!("{day}T{time}:00Z"))).await;
        let message = peer.only();
        (browser.read(&message), message.topic().to_owned())
    };
    let ((two, topic), day) = (fold("08:00", "2026-11-17").await, "2026-11-17");
    assert_eq!(two["n"], 2);
    world.advance(Duration::minutes(1));
    let reached = world.now();
    tell_receipts(&phone, &[Browser::receipt(&two, "delivered", reached)]).await;
    // The next takes its place, at the push service too: it has those that nobody has answered.
    let (four, same) = fold("09:00", day).await;
    assert_eq!((&four["n"], same), (&json!(4), topic));
    let first = phone.occurrences_on(day).await.remove(0);
    assert_eq!(first["delivered_at"], json!(reached), "that it arrived stays true, whatever becomes of the next");
    world.advance(Duration::minutes(1));
    tell_receipts(&phone, &[Browser::receipt(&four, "delivered", world.now())]).await;
    assert_eq!(phone.occurrences_on(day).await[0]["delivered_at"], json!(world.now()));
    let told: Vec<i32> = world.told(phone.client).await.iter().map(|t| t.told).collect();
    assert_eq!(told, [1; 4], "and none is told twice by that");
    // Past their use they are no longer counted.
    assert_eq!(fold("12:30", day).await.0["n"], 2);

    // What was answered, turned off or paused is not counted either.
    let day = "2026-11-18";
    assert_eq!(fold("08:00", day).await.0["n"], 2);
    phone.say(&phone.occurrences_on(day).await[0], "skip").await;
    assert_eq!(fold("09:00", day).await.0["n"], 3);
    world.live_until(at("2026-11-18T22:00:00Z")).await;
    peer.take();
    let day = "2026-11-19";
    assert_eq!(fold("08:00", day).await.0["n"], 2);
    let reminders = phone.reminders().await["reminders"].as_array().unwrap().clone();
    let early: Vec<&Value> = reminders.iter().filter(|r| r["schedule"]["times"][0] == "08:00").collect();
    phone.change_reminder(early[0], json!({ "state": "off" })).await.is(200);
    phone.change_reminder(early[1], json!({ "paused_until": "2026-11-20" })).await.is(200);
    assert_eq!(fold("09:00", day).await.0["n"], 2);
});

story!(what_is_due_together_comes_as_one_message, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    for title in ["Tablets", "Ring my sister", "Feed the cat"] {
        phone.remind(title, daily("21:00")).await;
    }
    world.live_until(at("2026-11-16T21:00:00Z")).await;
    assert_eq!(browser.read(&peer.only())["n"], 3);
    // A night without a server: in the morning what is still of use is told once, and the rest is let go.
    world.clock.set(at("2026-11-17T22:30:00Z"));
    world.run_jobs().await;
    assert_eq!(browser.read(&peer.only())["n"], 3, "an hour and a half late is still of use");
    world.clock.set(at("2026-11-19T08:00:00Z"));
    world.run_jobs().await;
    assert!(peer.take().is_empty(), "eleven hours late is not");
});

story!(what_was_answered_while_the_push_service_was_down_is_not_sent_when_it_is_back, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    on_phone(&phone, &peer).await;
    phone.remind("Tablets", daily("21:00")).await;
    peer.always(Mood::Says(503));
    world.live_until(at("2026-11-16T21:00:00Z")).await;
    phone.say(&phone.occurrence_on("2026-11-16").await, "done").await;
    peer.take();
    peer.behave();
    world.live_until(at("2026-11-16T23:00:00Z")).await;
    assert!(peer.take().is_empty(), "it is done");
});
