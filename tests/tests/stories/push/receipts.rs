//! Sent, delivered and seen are three things.

use chrono::{DateTime, Duration, Utc};
use companion_tests::{
    Phone, Value, World, json,
    push_peer::{Browser, Mood, PushPeer},
    story,
};

use super::{delivery, on_phone, try_out};

type Times = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

async fn times(world: &World, id: &Value) -> Times {
    let id: uuid::Uuid = id.as_str().unwrap().parse().unwrap();
    world
        .app
        .db
        .query("SELECT sent_at, delivered_at, seen_at FROM delivery WHERE id = $1")
        .bind(id)
        .one()
        .await
        .unwrap()
}

async fn say(world: &World, receipts: Vec<Value>) {
    let body = json!({ "receipts": receipts });
    assert_eq!(world.api.post("/api/v1/push/receipts", &body).await.is(200), json!({}));
}

async fn shown(phone: &Phone) -> Value {
    phone.get("/api/v1/me/push-subscriptions").await.is(200)["items"][0].clone()
}

story!(sent_delivered_and_seen_are_each_claimed_when_they_are_known, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    try_out(&phone, &browser).await;
    let (sent, delivered, seen) = (world.now(), world.now() + Duration::seconds(5), world.now() + Duration::seconds(9));
    world.run_jobs().await;
    let payload = browser.read(&peer.only());
    assert_eq!(times(world, &payload["id"]).await, (Some(sent), None, None));
    let s = shown(&phone).await;
    assert_eq!((&s["last_sent_at"], &s["last_delivered_at"]), (&json!(sent), &json!(null)));

    world.advance(Duration::seconds(30));
    say(world, vec![Browser::receipt(&payload, "delivered", delivered)]).await;
    assert_eq!(times(world, &payload["id"]).await, (Some(sent), Some(delivered), None));
    say(world, vec![Browser::receipt(&payload, "seen", seen)]).await;
    say(world, vec![Browser::receipt(&payload, "delivered", seen)]).await;
    assert_eq!(times(world, &payload["id"]).await, (Some(sent), Some(delivered), Some(seen)));
    let s = shown(&phone).await;
    assert_eq!((&s["last_delivered_at"], &s["last_seen_at"]), (&json!(delivered), &json!(seen)));
});

story!(what_was_seen_was_delivered_and_a_wrong_clock_is_not_believed, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    for wrong in [Duration::days(-400), Duration::days(3)] {
        try_out(&phone, &browser).await;
        world.run_jobs().await;
        let payload = browser.read(&peer.only());
        world.advance(Duration::seconds(30));
        say(world, vec![Browser::receipt(&payload, "seen", world.now() + wrong)]).await;
        let now = Some(world.now());
        let (sent, delivered, seen) = times(world, &payload["id"]).await;
        assert_eq!((delivered, seen), (now, now));
        assert!(sent < now);
    }
});

story!(nobody_says_so_without_the_token, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    let mut payloads = Vec::new();
    for _ in 0..2 {
        try_out(&phone, &browser).await;
        world.run_jobs().await;
        payloads.push(browser.read(&peer.only()));
    }
    let good = Browser::receipt(&payloads[0], "seen", world.now());
    let with = |key: &str, value: Value| {
        let mut r = good.clone();
        r[key] = value;
        r
    };
    say(
        world,
        vec![
            with("token", payloads[1]["r"].clone()),
            with("token", json!("")),
            with("token", json!("not base64!")),
            with("token", json!(&payloads[0]["r"].as_str().unwrap()[..8])),
            with("id", json!(phone.new_id())),
        ],
    )
    .await;
    for payload in &payloads {
        assert_eq!(times(world, &payload["id"]).await.1, None);
    }
    let many: Vec<Value> = (0..21).map(|_| good.clone()).collect();
    world.api.post("/api/v1/push/receipts", &json!({ "receipts": many })).await.is_problem(422, "invalid");
    let with_unknown = vec![with("id", json!(phone.new_id())), good.clone()];
    say(world, with_unknown).await;
    assert!(times(world, &payloads[0]["id"]).await.2.is_some(), "one unknown does not take the others along");
});

story!(what_arrived_is_not_sent_again_though_the_service_never_said_so, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    // The service takes it, and hangs up before it says so.
    peer.next(Mood::HangsUp);
    let id = try_out(&phone, &browser).await;
    world.run_jobs().await;
    let payload = browser.read(&peer.only());
    assert_eq!(delivery(world, &id).await.0, "queued");
    say(world, vec![Browser::receipt(&payload, "delivered", world.now())]).await;
    assert_eq!(delivery(world, &id).await.0, "sent");
    world.advance(Duration::seconds(2));
    assert_eq!(world.run_jobs().await, 1);
    assert!(peer.take().is_empty());
});
