//! "I've got this" from the notification itself. The token that came with it is the right; it is of whoever was told.

use chrono::Duration;
use companion::{access::Role, notify::Kind};
use companion_tests::{
    Answer, Value, World, json,
    push_peer::{Browser, PushPeer},
    relays, story,
};
use uuid::Uuid;

use super::{acknowledged, asked, flag_asked_about, stands};
use crate::push::{on_desk, on_phone, try_out};

async fn say(world: &World, payload: &Value, what: &str) -> Answer {
    let receipt = Browser::receipt(payload, what, world.now());
    world.api.post("/api/v1/push/receipts", &json!({ "receipts": [receipt] })).await
}

fn outcome(answer: Answer) -> Value {
    answer.is(200)["acknowledged"][0]["outcome"].clone()
}

/// A request, and what Dee's browser was sent about it.
async fn rung(world: &World, peer: &PushPeer) -> (companion_tests::Phone, Uuid, Value) {
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_desk(world, &world.dee, peer).await;
    let request = asked(&phone).await;
    world.run_jobs().await;
    let payload = browser.read(&peer.only());
    (phone, request, payload)
}

story!(a_button_acknowledges_once_as_whoever_was_told, |world| {
    let peer = PushPeer::start().await;
    let (phone, request, payload) = rung(world, &peer).await;
    assert_eq!(payload["a"], json!(true), "a button is of use");
    assert_eq!(outcome(say(world, &payload, "acknowledge").await), json!("yours"));
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.dee.id)));
    assert_eq!(acknowledged(world).await, [(format!("worker:{}", world.dee.id), json!("notification"))]);
    assert_eq!(phone.request(&json!(request)).await["seen_by"], json!("Dee"));
    assert_eq!(outcome(say(world, &payload, "acknowledge").await), json!("yours"));
    assert_eq!(acknowledged(world).await.len(), 1);
});

story!(a_ring_on_a_device_is_reached_and_nothing_more, |world| {
    let peer = PushPeer::start().await;
    let (phone, request, payload) = rung(world, &peer).await;
    assert_eq!(stands(world, request).await.0, "received");
    world.advance(Duration::seconds(3));
    assert_eq!(say(world, &payload, "delivered").await.is(200), json!({}));
    assert_eq!(stands(world, request).await, ("reached".into(), None));
    assert_eq!(phone.request(&json!(request)).await["reached_at"], json!(world.now()));
    // Taken, and asked for again: what rang then says nothing of now.
    world.lead.acknowledge(&json!(request)).await;
    world.advance(Duration::minutes(1));
    phone.ask("now").await;
    world.advance(Duration::seconds(1));
    let late = Browser::receipt(&payload, "delivered", world.now());
    world.api.post("/api/v1/push/receipts", &json!({ "receipts": [late] })).await.is(200);
    assert_eq!(stands(world, request).await, ("received".into(), None));
    assert_eq!(outcome(say(world, &payload, "acknowledge").await), json!("over"));
    assert_eq!(stands(world, request).await, ("received".into(), None));
});

story!(a_button_takes_nothing_from_anybody, |world| {
    let peer = PushPeer::start().await;
    let (_phone, request, payload) = rung(world, &peer).await;
    world.lead.acknowledge(&json!(request)).await;
    assert_eq!(outcome(say(world, &payload, "acknowledge").await), json!("taken"));
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.lead.id)));
});

story!(a_press_that_comes_hours_later_is_not_one_of_now, |world| {
    let peer = PushPeer::start().await;
    let (_phone, request, payload) = rung(world, &peer).await;
    world.advance(Duration::hours(2));
    assert_eq!(outcome(say(world, &payload, "acknowledge").await), json!("over"));
    assert_eq!(stands(world, request).await, ("reached".into(), None), "it did ring");
});

story!(who_signed_out_or_is_no_worker_acknowledges_nothing, |world| {
    let peer = PushPeer::start().await;
    let (phone, request, payload) = rung(world, &peer).await;
    let forged = {
        let mut p = payload.clone();
        p["r"] = json!("AAAAAAAAAAAAAAAA");
        p
    };
    assert_eq!(say(world, &forged, "acknowledge").await.is(200), json!({}));
    // A client's own phone has a notification too: what it was told is nobody's to take.
    let theirs = on_phone(&phone, &peer).await;
    try_out(&phone, &theirs).await;
    world.run_jobs().await;
    let test = theirs.read(&peer.only());
    assert_eq!(test.get("a"), None);
    assert_eq!(outcome(say(world, &test, "acknowledge").await), json!("over"));
    world.dee.post("/api/v1/auth/sign-out", &json!({})).await.is(204);
    assert_eq!(outcome(say(world, &payload, "acknowledge").await), json!("over"));
    assert_eq!(stands(world, request).await, ("received".into(), None));
    assert_eq!(acknowledged(world).await, []);
});

story!(a_flag_that_its_client_asks_about_can_be_taken, |world| {
    let peer = PushPeer::start().await;
    let (phone, flag) = flag_asked_about(world).await;
    peer.take();
    let browser = on_desk(world, &world.dee, &peer).await;
    relays::ring(world, &world.dee, "push", Kind::Flag, flag).await;
    // Escalation rings her too: she has a phone by now.
    let message = peer.take().pop().unwrap();
    assert_eq!(message.header("urgency"), "high");
    let payload = browser.read(&message);
    assert_eq!((&payload["kind"], &payload["a"]), (&json!("flag"), &json!(true)));
    assert_eq!(outcome(say(world, &payload, "acknowledge").await), json!("yours"));
    assert_eq!(world.dee.flags().await[0]["owner"]["first_name"], json!("Dee"));
    // Taken is taken, until they ask again.
    let kim = world.worker(world.provider, "Kim", &[Role::SupportWorker]).await;
    let kims = on_desk(world, &kim, &peer).await;
    relays::ring(world, &kim, "push", Kind::Flag, flag).await;
    let told = kims.read(&peer.only());
    assert_eq!(outcome(say(world, &told, "acknowledge").await), json!("taken"));
    world.advance(Duration::minutes(1));
    phone.answer_flag(&json!(flag), phone.new_id(), "please_talk", None).await.is(200);
    world.run_jobs().await;
    peer.take();
    assert_eq!(outcome(say(world, &told, "acknowledge").await), json!("yours"));
});
