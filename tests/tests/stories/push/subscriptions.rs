//! A phone's and a browser's subscriptions begin, are renewed, and end with what they belong to.

use companion_tests::{
    Answer, Phone, Value,
    http::items,
    json,
    push_peer::{Browser, Mood, PushPeer},
    story,
    worker::PASSWORD,
};

use super::{on_desk, on_phone, try_out};

async fn mine(phone: &Phone) -> Vec<Value> {
    items(&phone.get("/api/v1/me/push-subscriptions").await.is(200))
}

story!(a_phone_has_one_live_subscription_and_the_same_again_renews_it, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let key = world.api.get("/api/v1/push/vapid-public-key").await.is(200)["key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 87);
    let first = on_phone(&phone, &peer).await;
    let again = first.put(&phone, "me").await.is(200);
    assert_eq!((&again["id"], &again["ended"]), (&json!(first.id), &json!(null)));
    assert_eq!(mine(&phone).await.len(), 1);
    // Other keys or another address under a used id.
    let other = Browser::at(&peer, first.id);
    other.put(&phone, "me").await.is_problem(409, "conflict");

    let second = on_phone(&phone, &peer).await;
    let ended: Vec<Value> = mine(&phone).await.iter().map(|s| json!([s["id"], s["ended"]])).collect();
    assert_eq!(ended, [json!([second.id, null]), json!([first.id, "replaced"])]);
    // The same address under another id: the new id counts.
    let renamed = Browser { id: phone.new_id(), ..Browser::with(second.endpoint.clone(), phone.new_id()) };
    renamed.put(&phone, "me").await.is(200);
    assert_eq!(world.count("SELECT COUNT(*) FROM push_subscription WHERE ended_at IS NULL").await, 1);

    phone.delete(&format!("/api/v1/me/push-subscriptions/{}", renamed.id)).await.is(204);
    phone.delete(&format!("/api/v1/me/push-subscriptions/{}", renamed.id)).await.is(204);
    assert!(mine(&phone).await.iter().all(|s| s["ended"] == "replaced"));
    let test = phone.post(&format!("/api/v1/me/push-subscriptions/{}/test", renamed.id), &json!({})).await;
    test.is_problem(404, "not_found");
    renamed.put(&phone, "me").await.is(200);
    try_out(&phone, &renamed).await;
    world.run_jobs().await;
    assert_eq!(renamed.read(&peer.only())["kind"], "test");
});

story!(keys_that_nothing_can_be_encrypted_for_are_refused, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let good = Browser::at(&peer, phone.new_id()).subscription();
    let path = format!("/api/v1/me/push-subscriptions/{}", phone.new_id());
    let not_a_point = format!("BP{}", "_".repeat(85));
    for (key, bad) in [
        ("p256dh", ""),
        ("p256dh", "x"),
        ("p256dh", not_a_point.as_str()),
        ("p256dh", "AAAA"),
        ("auth", ""),
        ("auth", "AAAA"),
        ("auth", "!!!!!!!!!!!!!!!!!!!!!!"),
    ] {
        let mut body = good.clone();
        body["keys"][key] = json!(bad);
        let problem = phone.put(&path, &body).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "keys", "{key} {bad}");
    }
    // Some browsers fill base64 up.
    let mut filled = good;
    filled["keys"]["auth"] = json!(format!("{}==", filled["keys"]["auth"].as_str().unwrap()));
    phone.put(&path, &filled).await.is(200);
});

story!(a_subscription_that_its_service_does_not_know_is_retired_and_says_so, |world| {
    for status in [404, 410] {
        let peer = PushPeer::start().await;
        let (_, phone) = world.client_with_phone("Sam").await;
        let browser = on_phone(&phone, &peer).await;
        peer.next(Mood::Says(status));
        try_out(&phone, &browser).await;
        world.run_jobs().await;
        assert_eq!(mine(&phone).await[0]["ended"], "gone");
        // Putting the dead one again does not bring it back; a new one does.
        assert_eq!(browser.put(&phone, "me").await.is(200)["ended"], "gone");
        let again = phone.post(&format!("/api/v1/me/push-subscriptions/{}/test", browser.id), &json!({})).await;
        again.is_problem(409, "conflict");
        on_phone(&phone, &peer).await;
        assert_eq!(mine(&phone).await[0]["ended"], json!(null));
    }
});

story!(what_ends_a_phone_ends_its_subscription_and_what_was_on_its_way, |world| {
    let peer = PushPeer::start().await;
    for how in ["revoked", "signed out"] {
        let (sam, phone) = world.client_with_phone("Sam").await;
        let browser = on_phone(&phone, &peer).await;
        try_out(&phone, &browser).await;
        match how {
            "revoked" => {
                let device = world.dee.devices(&sam).await[0]["id"].as_str().unwrap().to_owned();
                world.dee.delete(&format!("/api/v1/team/clients/{}/devices/{device}", sam.id)).await.is(204);
            }
            _ => {
                phone.post("/api/v1/auth/sign-out", &json!({})).await.is(204);
            }
        }
        world.run_jobs().await;
        assert!(peer.take().is_empty(), "{how}");
        assert_eq!(world.count("SELECT COUNT(*) FROM push_subscription WHERE ended_at IS NULL").await, 0, "{how}");
        assert_eq!(world.count("SELECT COUNT(*) FROM delivery WHERE state = 'queued'").await, 0, "{how}");
    }
});

story!(what_ends_a_workers_sign_in_ends_their_subscription_and_a_refresh_does_not, |world| {
    let peer = PushPeer::start().await;
    let admin = world.worker(world.provider, "Ada", &[companion::access::Role::Admin]).await;
    let live = async || world.count("SELECT COUNT(*) FROM push_subscription WHERE ended_at IS NULL").await;
    for (n, how) in ["signs out", "leaves", "new password", "token stolen"].into_iter().enumerate() {
        let (_, phone) = world.client_with_phone(&format!("Sam {n}")).await;
        let worker = world.worker(world.provider, &format!("Wil{n}"), &[companion::access::Role::TeamLead]).await;
        on_desk(world, &worker, &peer).await;
        let old = worker.tokens().await.refresh;
        world.advance(chrono::Duration::minutes(11));
        worker.get("/api/v1/team/me").await.is(200);
        assert_ne!(worker.tokens().await.refresh, old, "it was refreshed");
        assert_eq!(live().await, 1, "a refresh keeps it");
        let path = format!("/api/v1/admin/workers/{}", worker.id);
        match how {
            "signs out" => {
                worker.post("/api/v1/auth/sign-out", &json!({})).await.is(204);
            }
            "leaves" => {
                admin.patch(&path, &json!({ "active": false })).await.is(200);
            }
            "new password" => {
                admin.patch(&path, &json!({ "password": PASSWORD })).await.is(200);
            }
            _ => {
                world.advance(chrono::Duration::minutes(1));
                let replay: Answer = world.api.post("/api/v1/auth/refresh", &json!({ "refresh_token": old })).await;
                replay.is_problem(401, "session_ended");
            }
        }
        assert_eq!(live().await, 0, "{how}");
        phone.ask("now").await;
        world.run_jobs().await;
        assert!(peer.take().is_empty(), "{how}");
    }
});

story!(a_browser_that_somebody_else_uses_now_tells_the_former_one_nothing, |world| {
    let peer = PushPeer::start().await;
    let (_, sam) = world.client_with_phone("Sam").await;
    let (_, kim) = world.client_with_phone("Kim").await;
    let browser = on_phone(&sam, &peer).await;
    // The same browser, in other hands and under another id.
    let again = Browser { id: kim.new_id(), ..browser };
    again.put(&kim, "me").await.is(200);
    assert_eq!(mine(&sam).await[0]["ended"], "replaced");
    // Under the id that the first one used it is not theirs to put.
    let request = sam.ask("today").await["id"].clone();
    world.dee.acknowledge(&request).await;
    world.run_jobs().await;
    assert!(peer.take().is_empty());
});
