//! Texts and calls by gateways: in each gateway's own form, signed, tried again while of use, and never to where they must not go.

use chrono::Duration;
use companion::{channels::Relays as Made, jobs, notify::Kind};
use companion_tests::{
    gateway_peer::{GatewayPeer, INVALID, Style},
    json,
    push_peer::{Mood, PushPeer},
    relays, story,
};

use super::{delivery, shown, test};

story!(a_test_by_text_and_by_voice_is_really_sent, |world, relays| {
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123")), ("voice", Some("07700 900123"))]).await;
    for kind in ["sms", "voice"] {
        let channel = shown(&world.dee, kind).await;
        test(&world.dee, &channel).await;
        world.run_jobs().await;
        let last = shown(&world.dee, kind).await["last_test"].clone();
        assert_eq!((&last["sent_at"], &last["problem"]), (&json!(world.now()), &json!(null)), "{kind}");
    }
    let text = relays.sms.only();
    assert_eq!(text.to, "+447700900123");
    assert_eq!(
        text.words,
        format!("This is a test. To say that it arrived, reply 1 or open {}{}", relays::PUBLIC, text.link())
    );
    assert!(text.words.len() <= 160);
    let call = relays.voice.only();
    let said = "Hello from Companion. This is a test. To say that it arrived, press 1. Or open the app.";
    assert!(call.words.contains(&format!(">{said}</Say>")), "{}", call.words);
    assert!(
        call.words.contains(&format!("action=\"{}/api/v1/gateway/replies?ring=", relays::PUBLIC)),
        "{}",
        call.words
    );
});

story!(another_gateway_is_spoken_to_in_its_own_form, |world, _relays| {
    let peer = GatewayPeer::start(Style::Json).await;
    let mut config = world.config.clone();
    config.gateways = vec![relays::gateway(&peer)];
    let node = world.another_node_told(config).await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    relays::ring_unsent(world, &world.dee, "sms", Kind::ContactRequest, world.app.new_id()).await;
    jobs::run_due(&node).await.unwrap();
    let text = peer.only();
    assert_eq!(text.to, "+447700900123");
    // Whoever cannot answer is not told to.
    assert_eq!(text.words, format!("Someone asks for contact. To take it, open {}{}", relays::PUBLIC, text.link()));
    peer.next(Mood::Says(400));
    let ring = relays::ring_unsent(world, &world.dee, "sms", Kind::Readiness, world.app.new_id()).await;
    jobs::run_due(&node).await.unwrap();
    let problem = Some("400 syntax_invalid_parameter_format".into());
    assert_eq!(delivery(world, ring).await, ("failed".into(), 1, problem));
});

story!(a_gateway_says_what_is_wrong_and_the_worker_reads_it, |world, relays| {
    relays::choose(&world.dee, world, &[("sms", Some(INVALID))]).await;
    let sms = shown(&world.dee, "sms").await;
    test(&world.dee, &sms).await;
    world.run_jobs().await;
    let last = shown(&world.dee, "sms").await["last_test"].clone();
    assert_eq!((&last["sent_at"], &last["problem"]), (&json!(null), &json!("400 21211")));
    relays.sms.take();
    relays.sms.next(Mood::Says(401));
    test(&world.dee, &sms).await;
    world.run_jobs().await;
    assert_eq!(shown(&world.dee, "sms").await["last_test"]["problem"], json!("401 20003"));
    assert_eq!(world.api.get("/health/engine").await.is(200)["push_refused_by"], json!(["127.0.0.1"]));
});

story!(a_gateway_that_is_down_is_tried_again_and_then_no_more, |world, relays| {
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    let sms = shown(&world.dee, "sms").await;
    let ring = async || relays::ring(world, &world.dee, "sms", Kind::Readiness, world.app.new_id()).await;
    for (mood, problem) in [
        (Mood::ComeBack(429, "2".into()), "429 20429"),
        (Mood::Says(500), "500"),
        (Mood::HangsUp, "unreachable"),
        (Mood::Hangs, "unreachable"),
    ] {
        relays.sms.next(mood.clone());
        let ring = ring().await;
        assert_eq!(delivery(world, ring).await, ("queued".into(), 1, Some(problem.into())), "{mood:?}");
        world.advance(Duration::seconds(2));
        world.run_jobs().await;
        assert_eq!(delivery(world, ring).await.0, "sent", "{mood:?}");
        let tries = relays.sms.take();
        assert_eq!(tries.len(), 2);
        assert_eq!(tries[0].id, tries[1].id, "by which a gateway can tell that it is the same");
        assert_eq!(tries[0].words, tries[1].words);
    }
    // An answer without an end is read as far as it goes.
    relays.sms.next(Mood::Pours);
    let poured = ring().await;
    assert_eq!(delivery(world, poured).await.0, "sent");
    relays.sms.take();
    relays.sms.always(Mood::Says(503));
    test(&world.dee, &sms).await;
    for _ in 0..905 {
        world.run_jobs().await;
        world.advance(Duration::seconds(1));
    }
    assert_eq!(relays.sms.take().len(), 9);
    let last = shown(&world.dee, "sms").await["last_test"].clone();
    assert_eq!((&last["sent_at"], &last["problem"]), (&json!(null), &json!("503")));
});

story!(a_ring_that_is_stale_is_not_sent, |world, relays| {
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    let ring = relays::ring_unsent(world, &world.dee, "sms", Kind::Readiness, world.app.new_id()).await;
    world.advance(Duration::hours(1));
    world.run_jobs().await;
    assert!(relays.sms.take().is_empty());
    assert_eq!(delivery(world, ring).await, ("dropped".into(), 0, Some("stale".into())));
});

story!(a_gateway_sends_nobody_elsewhere, |world, relays| {
    let elsewhere = PushPeer::start().await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    relays.sms.next(Mood::SendsOnTo(format!("http://{}/", elsewhere.address)));
    let ring = relays::ring(world, &world.dee, "sms", Kind::Readiness, world.app.new_id()).await;
    assert_eq!(delivery(world, ring).await, ("failed".into(), 1, Some("307".into())));
    assert_eq!(elsewhere.connections(), 0);
    relays.sms.take();
});

story!(a_real_server_speaks_to_public_gateways_only, |world, _relays| {
    let elsewhere = PushPeer::start().await;
    let port = elsewhere.address.port();
    let real = |app: &companion::app::App, url: &str| {
        let mut config = app.config.clone();
        // The voice gateway of the stories is on this machine, which a real server would not have.
        config.gateways.truncate(1);
        config.gateways[0].url = url.into();
        let names = companion::outbound::Names::Given(std::sync::Arc::new(|_| vec!["127.0.0.1".parse().unwrap()]));
        let hosts = companion::notify::endpoint::Hosts::default();
        let push = companion::notify::sender::Sender::new(hosts, names, std::time::Duration::from_secs(2)).unwrap();
        (Made::new(&config, &push).map(|_| ()), push, config)
    };
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://localhost:{port}/"),
        "https://10.0.0.1/".into(),
        "https://[::1]/".into(),
        "http://api.gateway.example/".into(),
    ] {
        assert!(real(&world.app, &url).0.is_err(), "{url} keeps the server from starting");
    }
    // A public name that leads inwards: refused when it is connected to.
    let (made, push, config) = real(&world.app, &format!("https://api.gateway.example:{port}/"));
    made.unwrap();
    let node = companion::app::App::sending_by(
        push,
        companion::db::Db::open(&config.database_url).await.unwrap(),
        std::sync::Arc::new(world.clock.clone()),
        companion::clock::Chance::seeded(77),
        world.app.master.clone(),
        config,
    );
    let node = node.await.unwrap();
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    let ring = relays::ring_unsent(world, &world.dee, "sms", Kind::Readiness, world.app.new_id()).await;
    jobs::run_due(&node).await.unwrap();
    assert_eq!(delivery(world, ring).await, ("queued".into(), 1, Some("unreachable".into())));
    assert_eq!(elsewhere.connections(), 0);
});
