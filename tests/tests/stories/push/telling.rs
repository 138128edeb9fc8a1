//! Who is told what, and when.

use chrono::{Duration, TimeZone, Utc};
use companion::{
    access::Role,
    config::{Config, Language},
    notify::words,
};
use companion_tests::{
    Phone, World, json,
    push_peer::{Browser, PushPeer, Received, claims_of},
    story,
};

use super::{on_desk, on_phone, try_out};

story!(a_request_for_contact_is_told_to_those_who_support_this_client_and_to_nobody_else, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let dee = on_desk(world, &world.dee, &peer).await;
    on_desk(world, &world.lead, &peer).await;
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    on_desk(world, &uma, &peer).await;

    let request = phone.ask("today").await;
    assert!(peer.take().is_empty(), "it is not sent before it is on disk");
    world.run_jobs().await;
    let told = peer.only();
    assert!(dee.got(&told));
    assert_eq!((told.header("urgency"), told.header("ttl")), ("high", "3600"));
    assert_eq!(told.header("content-encoding"), "aes128gcm");
    let payload = dee.read(&told);
    assert_eq!(
        (&payload["v"], &payload["kind"], &payload["n"], &payload["t"], &payload["d"]),
        (&json!(1), &json!("contact_request"), &json!(1), &json!("Someone asks for contact"), &json!("neutral"))
    );
    assert_eq!(payload["tag"], told.topic());
    let claims = claims_of(&told, &peer, &world.clock);
    assert_eq!(claims["sub"], world.app.config.push_subject().unwrap());

    // Another tap that asks for no more is the same request; one that asks for more is told again in its place.
    phone.ask("today").await;
    world.run_jobs().await;
    assert!(peer.take().is_empty());
    phone.ask("now").await;
    world.run_jobs().await;
    assert_eq!(peer.only().topic(), told.topic());
    // One that somebody has already is opened again by a "now".
    world.dee.acknowledge(&request["id"]).await;
    phone.ask("now").await;
    world.run_jobs().await;
    assert_eq!(peer.only().topic(), told.topic());
});

story!(a_request_of_a_client_without_workers_is_told_to_whoever_sees_it, |world| {
    let peer = PushPeer::start().await;
    let alone = world.client_of(world.provider, "Alone", &[]).await;
    let phone = world.phone_of(&alone).await;
    on_desk(world, &world.dee, &peer).await;
    let lead = on_desk(world, &world.lead, &peer).await;
    phone.ask("now").await;
    world.run_jobs().await;
    assert!(lead.got(&peer.only()));
});

story!(a_client_hears_that_their_request_was_seen_and_that_somebody_will_call, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    // Somebody can be rung: else the client would hear that nobody answers.
    let desks = PushPeer::start().await;
    on_desk(world, &world.dee, &desks).await;
    let request = phone.ask("today").await["id"].clone();
    world.run_jobs().await;
    assert!(peer.take().is_empty(), "nobody has seen it yet");

    world.dee.acknowledge(&request).await;
    world.run_jobs().await;
    let seen = peer.only();
    assert_eq!((&browser.read(&seen)["kind"], seen.header("urgency")), (&json!("contact_news"), "normal"));
    world.dee.acknowledge(&request).await;
    world.run_jobs().await;
    assert!(peer.take().is_empty(), "once");
    world.dee.promise(&request, world.now() + Duration::hours(1)).await;
    world.run_jobs().await;
    assert_eq!(peer.only().topic(), seen.topic(), "in the place of the first");
    world.dee.promise(&request, world.now() + Duration::hours(2)).await;
    world.run_jobs().await;
    assert_eq!(peer.only().topic(), seen.topic(), "what they were told before holds no longer");
});

story!(words_are_in_the_clients_language_where_it_is_offered, |world| {
    let peer = PushPeer::start().await;
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "language": "cy" })).await.is(200);
    let browser = on_phone(&phone, &peer).await;
    let request = phone.ask("today").await["id"].clone();
    world.dee.acknowledge(&request).await;
    world.run_jobs().await;
    assert_eq!(browser.read(&peer.only())["t"], "News for you", "Welsh is not offered here");
    let welsh = Config { languages: vec![Language::En, Language::Cy], ..world.config.clone() };
    let node = world.another_node_told(welsh).await;
    world.dee.promise(&request, world.now() + Duration::hours(1)).await;
    companion::jobs::run_due(&node).await.unwrap();
    assert_eq!(browser.read(&peer.only())["t"], "Newyddion i chi");
});

/// Clients of Dee's, each with a flag that is an alert.
async fn alerts<const N: usize>(world: &World, names: [&str; N]) -> Vec<Phone> {
    let mut phones = Vec::new();
    for name in names {
        phones.push(world.client_with_phone(name).await.1);
    }
    for day in 0..42 {
        world.advance(Duration::days(1));
        let wobble = [0.0, 1.0, 0.0, -1.0][day % 4];
        let (mood, sleep, anxiety) = if day < 30 { (5.0 + wobble, 5.0 - wobble, 2.0) } else { (2.0, 1.0, 6.0) };
        for phone in &phones {
            phone.check_in(&[("mood", mood), ("sleep", sleep), ("anxiety", anxiety)]).await;
        }
        world.run_jobs().await;
    }
    phones
}

fn flags_told(dee: &Browser, told: &[Received]) -> Vec<i64> {
    let payloads = told.iter().filter(|m| dee.got(m)).map(|m| dee.read(m));
    payloads
        .map(|p| {
            assert_eq!(p["kind"], "flag");
            p["n"].as_i64().unwrap()
        })
        .collect()
}

story!(what_the_engine_notices_waits_for_the_working_day_and_comes_as_one_message, |world| {
    let peer = PushPeer::start().await;
    alerts(world, ["Sam", "Kim"]).await;
    let dee = on_desk(world, &world.dee, &peer).await;
    let alerts = world.count("SELECT COUNT(*) FROM flag WHERE level = 'alert' AND state = 'open'").await;
    assert_eq!(alerts, 2, "the story needs two alerts");
    let already = world.count("SELECT COUNT(*) FROM notification").await;
    assert_eq!(already, 0, "nobody had a subscription when they were raised");
    // As if raised now, on a Saturday evening.
    world.clock.set(Utc.with_ymd_and_hms(2027, 1, 2, 19, 0, 0).unwrap());
    tell_again(world).await;
    world.run_jobs().await;
    world.clock.set(Utc.with_ymd_and_hms(2027, 1, 4, 8, 59, 59).unwrap());
    world.run_jobs().await;
    assert_eq!(flags_told(&dee, &peer.take()), Vec::<i64>::new(), "not before Monday at nine");
    world.advance(Duration::seconds(1));
    world.run_jobs().await;
    let told = peer.take();
    assert_eq!(flags_told(&dee, &told), [2], "one message for both");
    assert_eq!(told[0].header("urgency"), "normal");

    // By day at once; not if somebody has it by then.
    tell_again(world).await;
    let flags = world.dee.flags().await;
    world.dee.act_on_flag(&flags[0]["id"], "acknowledge", &json!({})).await.is(200);
    world.run_jobs().await;
    assert_eq!(flags_told(&dee, &peer.take()), [1]);
    tell_again(world).await;
    world.dee.act_on_flag(&flags[1]["id"], "acknowledge", &json!({})).await.is(200);
    world.run_jobs().await;
    assert_eq!(flags_told(&dee, &peer.take()), Vec::<i64>::new());
});

/// Both flags are told as they are when they are raised.
async fn tell_again(world: &World) {
    use companion::{
        ids::{ClientId, FlagId},
        notify::team::tell_flag,
    };
    let flags: Vec<(ClientId, FlagId)> =
        world.app.db.query("SELECT client_id, id FROM flag WHERE level = 'alert' ORDER BY id").all().await.unwrap();
    for (client, flag) in flags {
        let mut tx = world.app.db.begin().await.unwrap();
        tell_flag(&mut tx, &world.app, world.provider.id, client, flag).await.unwrap();
        tx.commit().await.unwrap();
    }
}

story!(an_alert_that_is_raised_by_day_is_told_and_a_watch_is_not, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let dee = on_desk(world, &world.dee, &peer).await;
    world.usual_days(&phone, 30).await;
    let mut levels = Vec::new();
    for _ in 0..14 {
        world.bad_days(&phone, 1).await;
        let told = flags_told(&dee, &peer.take()).len();
        let level = world.dee.flags().await.first().map(|f| f["level"].as_str().unwrap().to_owned());
        levels.push((level, told));
        // Over a weekend it waits; this is not that story.
        if levels.last().unwrap().0.as_deref() == Some("alert") {
            break;
        }
    }
    assert_eq!(levels.last().unwrap().0.as_deref(), Some("alert"), "{levels:?}");
    assert!(levels.iter().rev().skip(1).all(|(_, told)| *told == 0), "a watch is in the inbox only: {levels:?}");
    world.advance(Duration::days(3));
    world.run_jobs().await;
    let told = levels.last().unwrap().1 + flags_told(&dee, &peer.take()).len();
    assert_eq!(told, 1, "told once");
});

story!(please_talk_to_me_is_told_at_night_too, |world| {
    let peer = PushPeer::start().await;
    let phone = alerts(world, ["Sam"]).await.remove(0);
    let dee = on_desk(world, &world.dee, &peer).await;
    world.clock.set(Utc.with_ymd_and_hms(2027, 1, 3, 3, 0, 0).unwrap());
    world.run_jobs().await;
    peer.take();
    let flag = phone.flags().await[0]["id"].clone();
    phone.answer_flag(&flag, phone.new_id(), "about_right", None).await.is(200);
    world.run_jobs().await;
    assert!(peer.take().is_empty());
    phone.answer_flag(&flag, phone.new_id(), "please_talk", None).await.is(200);
    world.run_jobs().await;
    assert_eq!(flags_told(&dee, &peer.take()), [1]);
});

story!(no_push_says_more_than_the_neutral_words, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Samantha").await;
    let (browser, dee) = (on_phone(&phone, &peer).await, on_desk(world, &world.dee, &peer).await);
    let body = phone.new_request("now", Some("canary-of-the-push"));
    let request = phone.put_request(phone.new_id(), &body).await.is(201)["id"].clone();
    world.run_jobs().await;
    world.dee.promise(&request, world.now() + Duration::hours(1)).await;
    try_out(&phone, &browser).await;
    world.run_jobs().await;
    let told = peer.take();
    assert_eq!(told.len(), 3);
    let sizes: std::collections::BTreeSet<usize> = told.iter().map(|m| m.body.len()).collect();
    assert_eq!(sizes.len(), 1, "all of one size, encrypted: {sizes:?}");
    for message in &told {
        let payload = if browser.got(message) { browser.read(message) } else { dee.read(message) };
        let keys: Vec<&String> = payload.as_object().unwrap().keys().filter(|key| *key != "a").collect();
        assert_eq!(
            payload.get("a").is_some(),
            payload["kind"] == "contact_request",
            "a button, where there is something to take"
        );
        assert_eq!(keys, ["d", "id", "kind", "n", "r", "t", "tag", "v"]);
        assert!(words::all().contains(&payload["t"].as_str().unwrap()), "{payload}");
    }
});
