//! Push services fail in every way there is. What is of use gets through; nothing is sent for ever; nothing else waits.

use chrono::Duration;
use companion_tests::{
    json,
    push_peer::{Mood, PushPeer, claims_of},
    story,
};

use super::{delivery, on_desk, on_phone, try_out};

story!(what_is_taken_is_sent_once, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    for status in [200, 201, 202] {
        peer.next(Mood::Says(status));
        let id = try_out(&phone, &browser).await;
        world.run_jobs().await;
        world.advance(Duration::minutes(2));
        world.run_jobs().await;
        assert_eq!(peer.take().len(), 1);
        assert_eq!(delivery(world, &id).await, ("sent".into(), 1, None));
    }
});

story!(what_will_never_be_taken_is_not_sent_again, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    let elsewhere = PushPeer::start().await;
    let sent_on = Mood::SendsOnTo(format!("http://{}/", elsewhere.address));
    for (mood, problem) in
        [(Mood::Says(400), "400"), (Mood::Says(413), "413"), (Mood::Says(418), "418"), (sent_on, "307")]
    {
        peer.next(mood);
        let id = try_out(&phone, &browser).await;
        world.run_jobs().await;
        world.advance(Duration::minutes(2));
        world.run_jobs().await;
        assert_eq!(delivery(world, &id).await, ("failed".into(), 1, Some(problem.into())));
        assert_eq!(peer.take().len(), 1, "{problem}");
    }
    assert_eq!(elsewhere.connections(), 0, "nobody is sent elsewhere");
    let subscriptions = phone.get("/api/v1/me/push-subscriptions").await.is(200);
    assert_eq!(subscriptions["items"][0]["ended"], json!(null), "the subscription is not to blame");
});

story!(a_service_that_says_when_to_come_back_is_left_alone_until_then, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    for status in [429, 503] {
        let in_a_minute = (world.now() + Duration::seconds(60)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        for retry_after in ["60".to_owned(), in_a_minute] {
            peer.next(Mood::ComeBack(status, retry_after));
            let id = try_out(&phone, &browser).await;
            world.run_jobs().await;
            let first = peer.only();
            world.advance(Duration::seconds(59));
            world.run_jobs().await;
            assert!(peer.take().is_empty(), "not yet");
            assert_eq!(delivery(world, &id).await, ("queued".into(), 1, Some(status.to_string())));
            world.advance(Duration::seconds(1));
            world.run_jobs().await;
            let second = peer.only();
            assert_eq!(first.topic(), second.topic());
            assert_eq!(second.header("ttl"), "240", "what is left of its five minutes");
            assert_eq!(delivery(world, &id).await, ("sent".into(), 2, None));
            world.clock.set(world.now() - Duration::seconds(60));
        }
        // Longer than it is of use.
        peer.next(Mood::ComeBack(status, "301".into()));
        let id = try_out(&phone, &browser).await;
        world.run_jobs().await;
        peer.only();
        assert_eq!(delivery(world, &id).await, ("dropped".into(), 1, Some(status.to_string())));
    }
});

story!(a_service_that_is_down_is_tried_less_and_less_and_then_no_more, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    peer.always(Mood::Says(500));
    let id = try_out(&phone, &browser).await;
    let began = world.now();
    let mut tried = Vec::new();
    for _ in 0..320 {
        world.run_jobs().await;
        tried.extend(peer.take().iter().map(|_| (world.now() - began).num_seconds()));
        world.advance(Duration::seconds(1));
    }
    assert_eq!(tried, [0, 2, 6, 14, 30, 62, 126, 254], "2, 4, 8… seconds apart, for the five minutes it is of use");
    assert_eq!(delivery(world, &id).await, ("dropped".into(), 8, Some("500".into())));
    // 503 without a word on when.
    peer.next(Mood::Says(503));
    peer.behave();
    try_out(&phone, &browser).await;
    world.run_jobs().await;
    world.advance(Duration::seconds(2));
    world.run_jobs().await;
    assert_eq!(peer.take().len(), 2);
});

story!(a_service_that_hangs_or_pours_or_hangs_up_is_waited_for_no_longer_than_said, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    for (mood, state) in [(Mood::Hangs, "queued"), (Mood::HangsUp, "queued"), (Mood::Pours, "sent")] {
        peer.next(mood.clone());
        let id = try_out(&phone, &browser).await;
        world.run_jobs().await;
        let (is, tries, problem) = delivery(world, &id).await;
        assert_eq!((is.as_str(), tries), (state, 1), "{mood:?} {problem:?}");
        world.advance(Duration::seconds(2));
        world.run_jobs().await;
        assert_eq!(delivery(world, &id).await.0, "sent", "{mood:?}");
        let sent = peer.take();
        assert!(sent.iter().all(|m| m.topic() == sent[0].topic()));
        assert_eq!(sent.len(), if state == "sent" { 1 } else { 2 }, "{mood:?}");
    }
});

story!(a_service_that_keeps_silent_is_asked_by_one_message_for_all, |world| {
    let peer = PushPeer::start().await;
    let mut phones = Vec::new();
    for n in 0..12 {
        let (_, phone) = world.client_with_phone(&format!("Client {n}")).await;
        phones.push((on_phone(&phone, &peer).await, phone));
    }
    peer.always(Mood::HangsUp);
    let mut asked = 0;
    for (browser, phone) in &phones {
        try_out(phone, browser).await;
        world.run_jobs().await;
        asked += peer.take().len();
    }
    assert_eq!(asked, 3, "the others wait");
    for _ in 0..20 {
        world.advance(Duration::seconds(1));
        world.run_jobs().await;
        assert!(peer.take().len() <= 1, "one asks for all");
    }
    peer.behave();
    for _ in 0..70 {
        world.advance(Duration::seconds(1));
        world.run_jobs().await;
    }
    assert_eq!(peer.take().len(), phones.len(), "it answers again, and each is sent once");
    assert_eq!(world.count("SELECT COUNT(*) FROM delivery WHERE state = 'sent'").await, 12);
});

story!(a_service_that_does_not_want_us_is_raised_to_the_operator_and_nobody_is_signed_off, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    let health = async || world.api.get("/health/engine").await.is(200);
    assert_eq!(health().await["push_refused_since"], json!(null));
    let began = world.now();
    for status in [401, 403] {
        peer.next(Mood::Says(status));
        let id = try_out(&phone, &browser).await;
        world.run_jobs().await;
        world.advance(Duration::minutes(10));
        world.run_jobs().await;
        peer.only();
        assert_eq!(delivery(world, &id).await, ("failed".into(), 1, Some(status.to_string())));
        let said = health().await;
        assert_eq!(said["push_refused_since"], json!(began), "since the first");
        assert_eq!(said["push_refused_by"], json!(["127.0.0.1"]));
    }
    try_out(&phone, &browser).await;
    world.run_jobs().await;
    assert_eq!(peer.take().len(), 1, "the subscription was kept");
    assert_eq!(health().await["push_refused_since"], json!(null), "it takes them again");
});

story!(what_is_too_late_is_dropped_and_never_sent, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    on_desk(world, &world.dee, &peer).await;
    let browser = on_phone(&phone, &peer).await;
    let id = try_out(&phone, &browser).await;
    phone.ask("now").await;
    // An outage of six minutes: the test is stale; the request rings when there is somebody to ring it, for an hour.
    world.advance(Duration::minutes(6));
    world.run_jobs().await;
    assert_eq!(peer.only().header("ttl"), 3600.to_string());
    assert_eq!(delivery(world, &id).await, ("dropped".into(), 0, Some("stale".into())));
});

story!(a_service_that_hangs_holds_nothing_else_up, |world| {
    let peer = PushPeer::start().await;
    let (sam, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    peer.next(Mood::Hangs);
    try_out(&phone, &browser).await;
    let other = PushPeer::start().await;
    let (_, kim) = world.client_with_phone("Kim").await;
    let kims = on_phone(&kim, &other).await;
    try_out(&kim, &kims).await;
    let engine = tokio::spawn({
        let app = world.app.clone();
        async move { companion::jobs::run_due(&app).await.unwrap() }
    });
    // Both are being asked; one says nothing.
    peer.until_something_arrives().await;
    other.until_something_arrives().await;
    // Another node's work goes on, and so would this one's: each lane has a loop of its own.
    let node = world.another_node().await;
    phone.check_in(&[("mood", 4.0)]).await;
    companion::jobs::run_due(&node).await.unwrap();
    assert_eq!(world.dee.assessments(&sam).await.len(), 1, "assessed while the push service hangs");
    assert_eq!(peer.take().len(), 1);
    engine.await.unwrap();
});

story!(a_token_is_kept_for_its_service_and_renewed_before_it_runs_out, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    let mut tokens = Vec::new();
    for _ in 0..26 {
        try_out(&phone, &browser).await;
        world.run_jobs().await;
        let message = peer.only();
        claims_of(&message, &peer, &world.clock);
        tokens.push(message.header("authorization").to_owned());
        world.advance(Duration::hours(1));
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 3, "a new one every eleven hours");
});
