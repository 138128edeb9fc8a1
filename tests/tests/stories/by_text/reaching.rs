//! What is no number reaches a person, by the way that every request for contact takes; and nobody is promised more than is so.

use companion_tests::{
    Client, Value, World,
    by_text::{self, MOBILE, OldPhone, agreed},
    http::items,
    json,
    push_peer::Mood,
    relays, story,
};

use crate::sealing::{holds, listen, stored};

const CRISIS: &str = "In danger: 999. Samaritans 116 123, or text SHOUT to 85258.";

async fn requests(world: &World, of: &Client) -> Vec<Value> {
    items(&world.dee.of(of, "/contact-requests").await.is(200))
}

story!(words_become_a_request_for_today_and_ring_like_any_other, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    let said = old.send("I cannot do this any more").await;
    let told = &said.iter().find(|s| s.to == MOBILE).unwrap().words;
    assert!(told.starts_with("Your words go to your team. Nobody reads texts at once."), "{told}");
    assert!(told.contains("01632 960 000") && told.ends_with(CRISIS), "{told}");
    assert!(
        said.iter().any(|s| s.to == "+447700900123" && s.words.starts_with("Someone asks for contact.")),
        "{said:#?}"
    );
    assert!(said.iter().filter(|s| s.to != MOBILE).all(|s| !s.words.contains("any more")));

    let request = requests(world, &sam).await.remove(0);
    assert_eq!(request["message"], "I cannot do this any more");
    assert_eq!(
        (&request["when"], &request["given"], &request["state"]),
        (&json!("today"), &json!("by_text"), &json!("reached"))
    );
    assert_eq!(phone.requests().await[0]["given"], "by_text");
    let timeline = world.dee.timeline(&sam).await;
    let asked = timeline.iter().find(|m| m["what"] == "contact_received").unwrap();
    assert_eq!(asked["given"], "by_text");
    assert_eq!(world.dee.check_ins(&sam).await.len(), 0);
});

story!(call_me_is_a_request_for_now, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    for words in ["CALL ME", "contact", "Ffoniwch fi!"] {
        let said = old.told(words).await;
        assert!(
            said.starts_with("Your team is asked to ring you as soon as someone can.") && said.ends_with(CRISIS),
            "{said}"
        );
    }
    let all = requests(world, &sam).await;
    assert_eq!(all.len(), 1, "one that is open takes the others in");
    assert_eq!((&all[0]["when"], &all[0]["how"], &all[0]["taps"]), (&json!("now"), &json!("call"), &json!(3)));
});

story!(whoever_is_not_to_be_rung_is_written_to, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({ "days": ["su"] })).await;
    let path = format!("/api/v1/team/clients/{}/communication", sam.id);
    let each: [(&[&str], bool); _] =
        [(&["text_not_call"], false), (&["bsl"], false), (&["relay_call"], true), (&["bsl", "relay_call"], true)];
    for (needs, is_rung) in each {
        world.dee.put(&path, &json!({ "needs": needs })).await.is(200);
        let asks = if is_rung { "CALL ME: asks someone to ring you." } else { "CONTACT: asks someone to text you." };
        let who = old.told("WHO").await;
        assert!(who.contains(asks), "{needs:?}");
        assert_eq!(who.contains("ring 18001 01632 960 000"), is_rung, "{who}");
        assert_eq!(who.contains("Your team: 01632 960 000."), !is_rung, "{who}");
        for words in ["CALL ME", "please"] {
            let said = old.told(words).await;
            let to_ring = said.starts_with("Your team is asked to ring you as soon as someone can.");
            let to_text = said.starts_with("Your team is asked to text you as soon as someone can.");
            assert_eq!((to_ring, to_text), (is_rung && words == "CALL ME", !is_rung && words == "CALL ME"), "{said}");
            let request = requests(world, &sam).await.remove(0);
            assert_eq!(request["how"], if is_rung { "call" } else { "text" }, "{needs:?} {words}");
            world.lead.act_on_request(&request["id"], "complete", &json!({})).await.is(200);
            world.advance(chrono::Duration::hours(7));
        }
    }
});

story!(whoever_asked_by_text_hears_by_text_that_nobody_has_answered_yet, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let old = agreed(world, relays, &sam, json!({ "days": ["su"] })).await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    let news = async || {
        let mut news = Vec::new();
        let mut listen = async || news.extend(relays.sms.take().into_iter().filter(|s| s.to == MOBILE));
        world.live_until_and(world.now() + chrono::Duration::minutes(50), &mut listen).await;
        news.into_iter().map(|text| text.words).collect::<Vec<_>>()
    };
    old.send("CALL ME").await;
    let asked = requests(world, &sam).await.remove(0);
    let told = news().await;
    let known = requests(world, &sam).await.remove(0);
    let at: chrono::DateTime<chrono::Utc> = known["not_answered_at"].as_str().unwrap().parse().unwrap();
    let begins =
        format!("{}: nobody has answered yet. We keep asking. To talk now ring 01632 960 000.", at.format("%H:%M"));
    assert!(told.len() == 1 && told[0].starts_with(&begins) && told[0].ends_with(CRISIS), "{told:#?}");

    // Of what was asked for in the app, the app tells.
    world.lead.act_on_request(&asked["id"], "complete", &json!({})).await.is(200);
    let request = phone.ask("now").await["id"].clone();
    assert_eq!(news().await, [] as [&str; 0]);
    assert!(phone.request(&request).await["not_answered_at"].is_string());
    world.lead.act_on_request(&request, "complete", &json!({})).await.is(200);
    // Nor is a number told that is nobody's any more.
    old.send("CALL ME").await;
    world.dee.delete(&by_text::path(&sam)).await.is(204);
    let told = news().await;
    assert!(told.len() == 1 && told[0].starts_with("Ended."), "{told:#?}");
});

story!(nobody_is_told_hours_later_that_nobody_has_answered, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({ "days": ["su"] })).await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    old.send("CALL ME").await;
    let asked = requests(world, &sam).await.remove(0);
    relays.sms.always(Mood::Says(503));
    world.live_until(world.now() + chrono::Duration::minutes(50)).await;
    assert!(requests(world, &sam).await.remove(0)["not_answered_at"].is_string());
    world.lead.act_on_request(&asked["id"], "complete", &json!({})).await.is(200);
    assert!(
        relays.sms.take().iter().any(|text| text.to == MOBILE && text.words.contains("nobody has answered")),
        "tried"
    );
    relays.sms.behave();
    world.live_until(world.now() + chrono::Duration::hours(3)).await;
    assert!(relays.sms.take().iter().all(|text| text.to != MOBILE), "somebody has");
});

story!(words_after_words_join_the_open_request, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    old.told("It is bad today").await;
    old.told("and nobody is here").await;
    old.told("CALL ME").await;
    let all = requests(world, &sam).await;
    assert_eq!((all.len(), &all[0]["urgency"]), (1, &json!("now")));
    assert_eq!(all[0]["additions"][0]["message"], "and nobody is here");
    let story = all[0]["timeline"].as_array().unwrap();
    assert!(
        story.iter().any(|line| line["what"] == "folded" && line["given"] == "by_text"),
        "a text is not somebody signed in: {story:#?}"
    );
    let moments = world.dee.timeline(&sam).await;
    assert!(moments.iter().any(|m| m["what"] == "contact_folded" && m["given"] == "by_text"), "{moments:#?}");
});

story!(help_is_a_request_for_contact_whatever_it_means_to_machines, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    assert!(old.told("Help").await.ends_with(CRISIS));
    assert_eq!(requests(world, &sam).await[0]["urgency"], "now");
});

story!(who_says_who_this_is_and_asks_nobody_for_anything, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    let said = old.told("WHO").await;
    assert!(
        said.starts_with("Harbour Support: short questions by text, as agreed. CALL ME: asks someone to ring you."),
        "{said}"
    );
    assert!(said.ends_with(CRISIS), "{said}");
    assert_eq!(requests(world, &sam).await.len(), 0);
});

story!(words_of_somebody_who_has_not_said_yes_yet_are_passed_on_too, |world, relays| {
    let sam = world.client("Sam").await;
    by_text::agree(world, &sam, json!({})).await;
    let old = OldPhone { world, relays };
    old.texts().await;
    assert!(old.told("4 and who are you?").await.starts_with("Your words go to your team."));
    assert_eq!(requests(world, &sam).await[0]["message"], "4 and who are you?");
    assert_eq!(world.dee.of(&sam, "/by-text").await.is(200)["state"], "waiting");
    assert_eq!(world.dee.check_ins(&sam).await.len(), 0);
});

story!(machines_do_not_talk_for_ever_and_words_are_taken_all_the_same, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({ "days": ["su"] })).await;
    let mut answered = 1;
    for n in 0..14 {
        answered += old.send(&format!("This is machine number {n}")).await.len();
    }
    assert_eq!(answered, 10, "with the answer to YES");
    let all = requests(world, &sam).await;
    assert_eq!((all.len(), &all[0]["taps"]), (1, &json!(14)));
    old.send("4").await;
    assert_eq!(world.dee.check_ins(&sam).await.len(), 1, "and an answer too");
    world.advance(chrono::Duration::hours(25));
    assert_eq!(old.send("WHO").await.len(), 1);
});

story!(texts_from_a_number_that_is_nobodys_mean_nothing, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    for (id, from) in [("m1", "+447700900999"), ("m2", "Harbour"), ("m3", "")] {
        assert_eq!(relays::standard(world, id, from, "help me").await.is(200), json!({ "outcome": null }));
    }
    assert_eq!(old.texts().await.len(), 0);
    assert_eq!(requests(world, &sam).await.len(), 0);
});

story!(a_1_of_a_worker_who_is_a_client_is_for_the_ring_that_is_open, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    relays::choose(&world.dee, world, &[("sms", Some(MOBILE))]).await;
    let (_, kims) = world.client_with_phone("Kim").await;
    let asked = kims.ask("now").await["id"].clone();
    assert_eq!(old.texts().await.len(), 1, "Dee is rung");
    assert_eq!(old.brought("m1", "1").await.is(200), json!({ "outcome": "yours" }));
    assert_eq!(kims.request(&asked).await["state"], "seen");
    assert_eq!(world.dee.check_ins(&sam).await.len(), 0);
    // Somebody completes it: a 1 is an answer again.
    world.lead.act_on_request(&asked, "complete", &json!({})).await.is(200);
    assert_eq!(old.brought("m2", "1").await.is(200), json!({ "outcome": "heard" }));
    assert_eq!(world.dee.check_ins(&sam).await.len(), 1);
});

story!(no_text_is_let_go_silently, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    let long = "no ".repeat(2000);
    for words in [
        "",
        " ",
        "4",
        "4 3",
        "?!",
        "\u{1f622}",
        "a\u{0}b",
        "4\u{0}",
        "\u{202e}4",
        "STOPPED",
        "-",
        "1e9",
        "ok",
        long.as_str(),
    ] {
        world.advance(chrono::Duration::hours(3));
        let taps = async || requests(world, &sam).await.iter().map(|r| r["taps"].as_i64().unwrap()).sum::<i64>();
        let before = (world.dee.check_ins(&sam).await.len(), taps().await);
        let answered =
            old.send(words).await.iter().filter(|s| s.to == MOBILE && !s.words.starts_with("How are")).count();
        let after = (world.dee.check_ins(&sam).await.len(), taps().await);
        assert!(after != before || answered == 1, "{words:?} came to nothing");
        let has_words = words.chars().any(char::is_alphabetic) || words.contains('\u{1f622}');
        assert!(!has_words || after != before, "{words:?} reached nobody");
    }
});

// Not in the database, not in a log, and not in what another machine is handed, but for the texts themselves.
story!(what_was_texted_is_sealed_and_in_no_log, |world, relays| {
    let (logs, logging) = listen();
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({ "from": "canary-from" })).await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    old.at(0, "10:00").await;
    let sent = [old.send("4 canary-note").await, old.send("canary-words").await, old.send("5").await].concat();
    assert!(sent.iter().all(|s| !s.words.contains("canary")), "{sent:#?}");
    world.advance(chrono::Duration::days(1));
    relays.sms.always(companion_tests::push_peer::Mood::Says(500));
    old.send("canary-more").await;
    let stored = stored(world).await;
    assert!(stored.len() > 3_000, "there is something to look through");
    for word in ["canary-note", "canary-words", "canary-from", "canary-more", "7700900456", "Noted:", "How are things"]
    {
        assert!(!holds(&stored, word), "{word} is in the database");
        assert!(!holds(&logs.bytes(), word), "{word} is in the logs");
    }
    if logging {
        assert!(holds(&logs.bytes(), "sqlx"), "the logs were looked at");
    }
});
