//! Nothing is asked of a number whose owner has not said yes, and they end it when they like.

use chrono::Duration;
use companion_tests::{
    by_text::{self, MOBILE, OldPhone, agree, agreed, path, usual},
    json, relays, story,
};

const ENDED: &str = "Ended. No more texts come, and texts to this number are not read any more.";

story!(nothing_is_asked_before_whoever_has_the_number_said_yes, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let put = agree(world, &sam, json!({})).await;
    assert_eq!((&put["state"], &put["possible"]), (&json!("waiting"), &json!(true)));
    assert_eq!(put["agreed"], json!({ "how": "in_person", "with": "Dee", "at": world.now() }));
    assert_eq!(put["question"], "How are things today? Reply 1-7 (1 = very low, 7 = good).");
    world.run_jobs().await;
    let first = relays.sms.only();
    assert_eq!(first.to, MOBILE);
    assert!(first.words.starts_with("Harbour Support: may we send you the short questions"), "{}", first.words);
    let old = OldPhone { world, relays };
    assert_eq!(old.at(1, "10:00").await, Vec::<String>::new());
    // A number alone is no yes.
    assert!(old.told("4").await.contains("reply YES to begin"));
    assert_eq!(world.dee.check_ins(&sam).await.len(), 0);

    assert!(old.told("Yes!").await.starts_with("Thank you. Answer each question with a number."));
    let mine = phone.get("/api/v1/me/by-text").await.is(200);
    assert_eq!((&mine["state"], &mine["said_yes_at"]), (&json!("on"), &json!(world.now())));
    assert_eq!(old.at(0, "11:00").await, Vec::<String>::new(), "ten o'clock was before that yes");
    assert_eq!(old.at(1, "10:00").await, ["How are things today? Reply 1-7 (1 = very low, 7 = good)."]);
    assert!(
        old.told("yes").await.starts_with("Harbour Support: short questions by text"),
        "a second yes changes nothing"
    );
});

story!(a_first_text_waits_for_the_morning, |world, relays| {
    let sam = world.client("Sam").await;
    let old = OldPhone { world, relays };
    old.at(0, "21:30").await;
    agree(world, &sam, json!({})).await;
    assert_eq!(old.texts().await.len(), 0);
    assert_eq!(old.at(1, "07:59").await.len(), 0);
    assert_eq!(old.at(0, "08:00").await.len(), 1);
});

story!(a_first_text_that_fails_at_night_is_tried_again_by_day, |world, relays| {
    let sam = world.client("Sam").await;
    let old = OldPhone { world, relays };
    old.at(0, "20:59").await;
    relays.sms.always(companion_tests::push_peer::Mood::Says(503));
    agree(world, &sam, json!({})).await;
    assert_eq!(old.texts().await.len(), 1);
    relays.sms.behave();
    assert_eq!(old.at(0, "21:20").await.len(), 0);
    assert_eq!(old.at(1, "08:00").await.len(), 1);
    assert_eq!(old.at(0, "09:00").await.len(), 0);
});

story!(another_number_is_asked_anew_and_the_same_is_not_asked_again, |world, relays| {
    let sam = world.client("Sam").await;
    let old = OldPhone { world, relays };
    agree(world, &sam, json!({})).await;
    assert_eq!(old.texts().await.len(), 1);
    agree(world, &sam, json!({ "time": "11:00" })).await;
    assert_eq!(old.texts().await.len(), 0, "they were asked a moment ago");
    world.advance(Duration::hours(25));
    agree(world, &sam, json!({ "time": "12:00" })).await;
    assert_eq!(old.texts().await.len(), 1, "but may be asked again another day");
    old.told("IE").await;
    assert_eq!(agree(world, &sam, json!({ "time": "13:00" })).await["state"], "on", "the same number goes on");
    assert_eq!(old.texts().await.len(), 0);
    let moved = agree(world, &sam, json!({ "number": "07700 900789" })).await;
    assert_eq!((&moved["state"], &moved["said_yes_at"]), (&json!("waiting"), &json!(null)));
    world.run_jobs().await;
    let sent = relays.sms.take();
    let to = |number: &str| sent.iter().filter(|text| text.to == number).collect::<Vec<_>>();
    assert_eq!((sent.len(), to("+447700900789").len()), (2, 1));
    // The old one is nobody's, and whoever has it is told so.
    assert!(to(MOBILE)[0].words.starts_with(ENDED), "{sent:#?}");
    assert_eq!(old.send("4").await.len(), 0);
});

story!(a_number_is_whose_it_said_yes_for_and_whoever_writes_it_down_elsewhere_learns_nothing_of_it, |world, relays| {
    let (sam, kim) = (world.client("Sam").await, world.client("Kim").await);
    let old = agreed(world, relays, &sam, json!({})).await;
    assert_eq!(agree(world, &kim, json!({})).await["state"], "waiting");
    assert_eq!(old.texts().await.len(), 0, "that number was asked a moment ago");
    let kims = world.dee.of(&kim, "/by-text").await.is(200);
    assert_eq!(kims["last_text"], json!({ "at": world.now(), "sent_at": null, "problem": null }), "as any other");
    old.told("4").await;
    assert_eq!((world.dee.check_ins(&sam).await.len(), world.dee.check_ins(&kim).await.len()), (1, 0));
    world.dee.delete(&path(&sam)).await.is(204);
    assert_eq!(old.texts().await.len(), 1, "it has ended");
    old.told("YES").await;
    assert_eq!(world.dee.of(&kim, "/by-text").await.is(200)["state"], "on");
    assert_eq!(agree(world, &sam, json!({})).await["state"], "waiting");
    old.told("5").await;
    assert_eq!((world.dee.check_ins(&sam).await.len(), world.dee.check_ins(&kim).await.len()), (1, 1));
    // Kim's first text was to go a day after Sam's. The yes came before it.
    old.at(1, "09:30").await;
    assert_eq!(world.count("SELECT COUNT(*) FROM text_message WHERE kind = 'first' AND state = 'dropped'").await, 1);
    assert_eq!(world.dee.of(&kim, "/by-text").await.is(200)["last_text"]["problem"], json!(null));
});

story!(whoever_said_stop_is_not_asked_again_at_once_whatever_is_agreed, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.told("STOP").await;
    for number in ["07700 900456", "07700 900789", "07700 900456"] {
        agree(world, &sam, json!({ "number": number })).await;
    }
    world.run_jobs().await;
    assert_eq!(
        relays.sms.take().iter().map(|text| text.to.as_str()).collect::<Vec<_>>(),
        [] as [&str; 0],
        "the other is not theirs any more"
    );
    world.advance(Duration::hours(25));
    agree(world, &sam, json!({})).await;
    assert_eq!(old.texts().await.len(), 1);
});

story!(to_which_number_a_text_went_is_forgotten_some_days_later, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.at(0, "10:00").await;
    old.told("4").await;
    let known = "SELECT COUNT(*) FROM text_message WHERE number_hash IS NOT NULL";
    assert_eq!(world.count(known).await, 4);
    world.advance(Duration::days(6));
    companion::by_text::outgoing::tidy(&world.app).await.unwrap();
    assert_eq!(world.count(known).await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM text_message").await, 2, "what was asked, and when, stays");
    assert_eq!(world.dee.of(&sam, "/by-text").await.is(200)["last_text"]["problem"], json!(null));
});

story!(
    a_number_that_was_asked_for_somebody_else_is_asked_a_day_later_whether_or_not_both_were_agreed_at_once,
    |world, relays| {
        let (sam, kim, ann) = (world.client("Sam").await, world.client("Kim").await, world.client("Ann").await);
        tokio::join!(agree(world, &sam, json!({})), agree(world, &kim, json!({})));
        let nodes = [world.another_node().await, world.another_node().await];
        let (a, b) = tokio::join!(companion::jobs::run_due(&nodes[0]), companion::jobs::run_due(&nodes[1]));
        a.unwrap();
        b.unwrap();
        relays.sms.only();
        agree(world, &ann, json!({})).await;
        let old = OldPhone { world, relays };
        world.live_until(world.now() + Duration::hours(23)).await;
        assert_eq!(old.texts().await.len(), 0);
        for name in [&sam, &kim, &ann] {
            assert_eq!(world.dee.of(name, "/by-text").await.is(200)["last_text"]["problem"], json!(null));
        }
        world.live_until(world.now() + Duration::hours(2)).await;
        assert_eq!(old.texts().await.len(), 1);
        world.live_until(world.now() + Duration::hours(24)).await;
        assert_eq!(old.texts().await.len(), 1);
        world.live_until(world.now() + Duration::days(4)).await;
        assert_eq!(old.texts().await.len(), 0);
    }
);

story!(whoever_has_a_number_that_is_read_no_more_hears_so_however_much_was_texted, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    for _ in 0..12 {
        old.send("WHO").await;
    }
    world.dee.delete(&path(&sam)).await.is(204);
    world.dee.delete(&path(&sam)).await.is(204);
    let told = old.texts().await;
    assert!(told.len() == 1 && told[0].starts_with(ENDED), "{told:?}");
    assert!(told[0].contains("01632 960 000") && told[0].contains("In danger: 999."), "{told:?}");
    assert_eq!(old.send("CALL ME").await.len(), 0);
    // Whoever never said YES was never read.
    world.advance(Duration::hours(25));
    agree(world, &sam, json!({})).await;
    assert_eq!(old.texts().await.len(), 1);
    world.dee.delete(&path(&sam)).await.is(204);
    assert_eq!(old.texts().await.len(), 0);
    // Nor is a STOP left without an answer.
    world.advance(Duration::hours(25));
    let old = agreed(world, relays, &sam, json!({})).await;
    for _ in 0..12 {
        old.send("WHO").await;
    }
    assert!(old.told("STOP").await.starts_with(ENDED));
});

story!(the_client_ends_it_and_the_number_is_forgotten, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    phone.delete("/api/v1/me/by-text").await.is(204);
    phone.delete("/api/v1/me/by-text").await.is(204);
    assert!(old.texts().await.concat().starts_with(ENDED));
    let seen = world.dee.of(&sam, "/by-text").await.is(200);
    assert_eq!((&seen["state"], &seen["ended_by"]), (&json!("ended"), &json!("client")));
    assert_eq!((&seen["settings"], &seen["question"]), (&json!(null), &json!(null)));
    assert_eq!(old.at(1, "10:00").await.len(), 0);
    assert_eq!(old.send("4").await.len(), 0);
    assert_eq!(
        world.count("SELECT COUNT(*) FROM by_text WHERE number_hash IS NOT NULL OR settings IS NOT NULL").await,
        0
    );
    // Agreed once more, it begins at the beginning.
    assert_eq!(agree(world, &sam, json!({})).await["state"], "waiting");
    assert_eq!(old.texts().await.len(), 1);
    let trail = "SELECT COUNT(*) FROM audit WHERE action IN ('by_text.change', 'by_text.begun', 'by_text.ended')";
    assert_eq!(world.count(trail).await, 4);
});

story!(stop_ends_it_and_is_answered_once, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    let said = old.told("Stop.").await;
    assert!(said.starts_with(ENDED), "{said}");
    assert!(said.ends_with("In danger: 999. Samaritans 116 123, or text SHOUT to 85258."), "{said}");
    assert_eq!(old.send("STOP").await.len(), 0);
    assert_eq!(old.at(1, "10:00").await.len(), 0);
    assert_eq!(world.dee.of(&sam, "/by-text").await.is(200)["ended_by"], "text");
});

story!(what_cannot_be_meant_is_refused, |world, _relays| {
    let (sam, kim) = (world.client("Sam").await, world.client("Kim").await);
    let four = by_text::series(world, &sam, &["mood", "sleep", "energy", "anxiety"]).await;
    for (field, body) in [
        ("number", json!({ "number": "999" })),
        ("time", json!({ "time": "21:00" })),
        ("time", json!({ "time": "07:59" })),
        ("days", json!({ "days": [] })),
        ("days", json!({ "days": ["mo", "mo"] })),
        ("items", json!({ "items": [] })),
        ("items", json!({ "items": four })),
        ("items", json!({ "items": by_text::series(world, &kim, &["mood"]).await })),
        ("language", json!({ "language": "fr" })),
        ("from", json!({ "from": "" })),
        ("from", json!({ "from": "Canolfan yr \u{175}yl" })),
        ("agreed", json!({ "agreed": "by_text" })),
    ] {
        let mut whole = usual();
        whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let refused = world.dee.put(&path(&sam), &whole).await.is_problem(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], field, "{body}");
    }
    assert_eq!(world.dee.of(&sam, "/by-text").await.is(200)["state"], json!(null));
});

story!(a_server_without_a_gateway_says_that_it_cannot, |world| {
    let sam = world.client("Sam").await;
    world.dee.put(&path(&sam), &usual()).await.is_problem(409, "conflict");
    assert_eq!(world.dee.of(&sam, "/by-text").await.is(200)["possible"], json!(false));
    relays::standard(world, "m1", MOBILE, "hello").await.is_problem(401, "unauthorised");
});
