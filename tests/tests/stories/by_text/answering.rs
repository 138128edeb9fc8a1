//! Numbers become a check-in like any other, marked as given by text.

use chrono::Duration;
use companion::config::{Config, Language};
use companion_tests::{
    by_text::{self, MOBILE, OldPhone, agreed},
    json,
    relays::{text, twilio},
    story,
};

story!(numbers_in_the_order_asked_become_a_check_in, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let items = by_text::series(world, &sam, &["sleep", "mood", "anxiety"]).await;
    let old = agreed(world, relays, &sam, json!({ "items": items, "names_questions": true })).await;
    let question = old.at(0, "10:00").await.remove(0);
    assert!(question.contains("\n1. How have you been sleeping? 1 = hardly at all, 7 = well\n2. "), "{question}");
    assert_eq!(old.told("4, 3, 6").await, "Thank you. Noted: 4, 3, 6.");

    let kept = world.dee.check_ins(&sam).await;
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0]["given"], &kept[0]["made_at"]), (&json!("by_text"), &json!(world.now())));
    assert_eq!((&kept[0]["note"], &kept[0]["entered_by"]), (&json!(null), &json!(null)));
    for (name, value) in [("sleep", 4), ("mood", 3), ("anxiety", 6)] {
        let item = phone.item(name).await["id"].clone();
        let answers = kept[0]["answers"].as_array().unwrap();
        assert_eq!(answers.iter().find(|a| a["item_id"] == item).unwrap()["value"], value, "{name}");
    }
    assert_eq!(phone.check_ins().await["items"][0]["given"], "by_text");
    assert_eq!(world.dee.assessments(&sam).await.len(), 1, "it was assessed");
    let moment = &world.dee.timeline(&sam).await[0];
    assert_eq!((&moment["what"], &moment["given"]), (&json!("check_in"), &json!("by_text")));
});

story!(words_beside_the_numbers_are_the_note_and_who_to_ring_is_said, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    let said = old.told("4 bad night").await;
    assert!(said.starts_with("Thank you. Noted: 4. Nobody reads texts at once."), "{said}");
    assert!(said.contains("01632 960 000") && said.contains("In danger: 999."), "{said}");
    assert_eq!(world.dee.check_ins(&sam).await[0]["note"], "bad night");
    // As in the app: after the worst there is, help stands beside it.
    assert!(old.told("1").await.contains("Samaritans 116 123"));
    assert_eq!(old.told("2").await, "Thank you. Noted: 2.");
});

story!(a_second_answer_of_a_day_replaces_the_first, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.at(0, "10:00").await;
    for words in ["4", "5", "six"] {
        old.told(words).await;
        world.advance(Duration::minutes(1));
    }
    let kept = world.dee.check_ins(&sam).await;
    let values: Vec<_> = kept.iter().map(|k| (k["answers"][0]["value"].clone(), k["replaced_by"].clone())).collect();
    assert_eq!(values, [(json!(6), json!(null)), (json!(5), kept[0]["id"].clone()), (json!(4), kept[1]["id"].clone())]);
    old.at(1, "10:00").await;
    old.told("4").await;
    assert_eq!(world.dee.check_ins(&sam).await[0]["replaces"], json!(null), "another day is another check-in");
});

story!(words_that_came_with_an_answer_stay_and_an_older_text_takes_no_newer_ones_place, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.at(0, "10:00").await;
    old.told("1 cannot go on").await;
    world.advance(Duration::minutes(1));
    old.told("sorry, 4").await;
    world.advance(Duration::minutes(1));
    old.told("4").await;
    let kept = world.dee.check_ins(&sam).await;
    let first = kept.iter().find(|k| k["note"] == "cannot go on").unwrap();
    assert_eq!(first["replaced_by"], json!(null), "nobody asked for them to go: {kept:#?}");

    old.at(1, "10:00").await;
    let late = world.now();
    old.at(0, "14:00").await;
    old.told("6").await;
    old.brought_late("late", "2", late).await.is(200);
    let kept = world.dee.check_ins(&sam).await;
    let stands = |value: i64| kept.iter().any(|k| k["answers"][0]["value"] == value && k["replaced_by"].is_null());
    assert!(stands(6) && stands(2), "{kept:#?}");
});

story!(a_gateway_that_begins_at_1_again_loses_nothing, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.brought("1", "4").await.is(200);
    old.brought("1", "CALL ME").await.is(200);
    assert_eq!(old.texts().await.len(), 2);
    assert_eq!(world.dee.check_ins(&sam).await.len(), 1);
    assert_eq!(world.dee.get("/api/v1/team/contact-requests?state=open").await.is(200)["items"][0]["given"], "by_text");
});

story!(the_same_text_with_the_same_number_counts_on_another_day_and_a_retry_does_not, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    let requests = async || {
        let all = world.dee.of(&sam, "/contact-requests").await.is(200);
        all["items"].as_array().unwrap().iter().map(|r| r["taps"].as_i64().unwrap()).sum::<i64>()
    };
    for day in 1..=3 {
        // A relay that does not say when it had a text, and begins at 1 every morning.
        old.at(1, "10:00").await;
        for later in [0, 1, 4] {
            world.advance(Duration::hours(later));
            old.brought("1", "4").await.is(200);
            old.brought("2", "CALL ME").await.is(200);
            let answers = old.texts().await.iter().filter(|t| t.starts_with("Thank") || t.starts_with("Your")).count();
            assert_eq!(answers, if later == 0 { 2 } else { 0 }, "day {day}, {later} hours later");
        }
        assert_eq!((world.dee.check_ins(&sam).await.len(), requests().await), (day, i64::try_from(day).unwrap()));
    }
    // One that says when needs no such guess.
    let had = world.now();
    old.brought_late("3", "5", had).await.is(200);
    world.advance(Duration::hours(20));
    old.brought_late("3", "5", had).await.is(200);
    assert_eq!(world.dee.check_ins(&sam).await.len(), 4);
});

story!(a_text_that_is_brought_twice_is_one, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    for _ in 0..3 {
        old.brought("m1", "4").await.is(200);
    }
    assert_eq!(old.texts().await.len(), 1);
    let form = text("SM1", MOBILE, "5");
    for _ in 0..2 {
        let answer = twilio(world, &form).await;
        assert_eq!(
            answer.text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>",
            "it is answered by a text"
        );
    }
    assert_eq!(old.texts().await, ["Thank you. Noted: 5."]);
    let together = tokio::join!(old.brought("m3", "6"), old.brought("m3", "6"), old.brought("m3", "6"));
    for answer in [together.0, together.1, together.2] {
        answer.is(200);
    }
    assert_eq!(world.dee.check_ins(&sam).await.len(), 3);
});

story!(a_check_in_counts_when_the_gateway_had_it, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.at(0, "10:00").await;
    old.at(0, "20:00").await;
    for (id, ago, believed) in
        [("m1", Duration::hours(8), true), ("m2", Duration::minutes(-1), false), ("m3", Duration::days(3), false)]
    {
        let at = world.now() - ago;
        let made = if believed { at } else { world.now() };
        assert_eq!(old.brought_late(id, "4", at).await.is(200), json!({ "outcome": "heard" }));
        let kept = world.dee.check_ins(&sam).await;
        assert!(kept.iter().any(|k| k["made_at"] == json!(made)), "{id} {kept:#?}");
        world.advance(Duration::seconds(1));
    }
});

story!(numbers_that_do_not_fit_are_asked_for_again_and_nothing_is_kept, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    for words in ["8", "4 3", "0", "4/10", "?"] {
        let said = old.told(words).await;
        assert!(said.starts_with("Sorry, that was not understood. Please send a number, 1 to 7."), "{said}");
    }
    assert_eq!(world.dee.check_ins(&sam).await.len(), 0);
    assert_eq!(world.dee.inbox().await.len(), 0);
});

story!(an_answer_is_to_what_was_asked, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.at(0, "10:00").await;
    // Before they answer, something else is agreed.
    let items = by_text::series(world, &sam, &["sleep", "energy"]).await;
    by_text::agree(world, &sam, json!({ "items": items })).await;
    assert_eq!(old.told("4").await, "Thank you. Noted: 4.");
    let kept = world.dee.check_ins(&sam).await;
    assert_eq!(kept[0]["answers"][0]["item_id"], phone.item("mood").await["id"]);
    old.at(1, "10:00").await;
    assert_eq!(old.told("4 3").await, "Thank you. Noted: 4, 3.");
});

story!(whoever_chose_welsh_is_written_to_in_english_where_welsh_is_not_offered, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({ "language": "cy" })).await;
    let node = world.another_node_told(Config { languages: vec![Language::En], ..world.config.clone() }).await;
    old.at(0, "09:59").await;
    world.advance(Duration::minutes(1));
    companion::jobs::run_due(&node).await.unwrap();
    assert_eq!(relays.sms.only().words, "How are things today? Reply 1-7 (1 = very low, 7 = good).");
});

story!(whoever_chose_welsh_is_written_to_in_welsh, |world, relays| {
    let sam = world.client("Sam").await;
    let old = OldPhone { world, relays };
    by_text::agree(world, &sam, json!({ "language": "cy", "from": "Harbwr" })).await;
    assert!(old.texts().await[0].starts_with("Harbwr: gawn ni anfon"));
    assert!(old.told("Ie").await.starts_with("Diolch."));
    assert_eq!(old.at(0, "10:00").await, ["Sut mae pethau heddiw? Atebwch 1-7 (1 = isel iawn, 7 = da)."]);
    assert_eq!(old.told("Pedwar").await, "Diolch. Wedi nodi: 4.");
});
