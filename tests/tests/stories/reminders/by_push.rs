//! A reminder on its way to a phone: sent, reached, opened are three things, and its buttons answer it.

use chrono::{DateTime, Duration, Utc};
use companion_tests::{
    Phone, Value, json,
    push_peer::{Browser, PushPeer},
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
    tell_receipts(&phone, &[done.clone()]).await;
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
