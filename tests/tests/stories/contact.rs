//! The contact loop: from one tap to a named person who did, and the truth at every step between.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{Value, Worker, json, story};

fn state(request: &Value) -> &str {
    request["state"].as_str().unwrap()
}

/// The words of a request's story.
fn told(team_request: &Value) -> Vec<&str> {
    team_request["timeline"].as_array().unwrap().iter().map(|e| e["what"].as_str().unwrap()).collect()
}

story!(the_client_sees_the_truth_at_every_step, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let body = phone.new_request("now", Some("I cannot sleep"));
    let request = phone.put_request(phone.new_id(), &body).await.is(201);
    let id = &request["id"];
    assert_eq!(
        (state(&request), &request["reached_at"], &request["seen_by"]),
        ("received", &Value::Null, &Value::Null)
    );
    assert_eq!(request["phone"], "01632 960 000", "the number to ring stands beside it from the first moment");
    let cover = phone.get("/api/v1/me/cover").await.is(200);
    assert_eq!(
        (&cover["watched_now"], &cover["by"], &cover["phone"]),
        (&json!(false), &Value::Null, &json!("01632 960 000"))
    );

    // On a worker's screen. Nobody has said that they saw it.
    world.advance(Duration::minutes(1));
    let inbox = world.dee.inbox().await;
    let row = Worker::only(&inbox);
    assert_eq!((&row["group"], &row["contact_request"]["message"]), (&json!("now"), &json!("I cannot sleep")));
    let seen = phone.request(id).await;
    assert_eq!((state(&seen), &seen["reached_at"], &seen["seen_by"]), ("reached", &json!(world.now()), &Value::Null));

    world.advance(Duration::minutes(1));
    world.dee.acknowledge(id).await;
    let seen = phone.request(id).await;
    assert_eq!((state(&seen), &seen["seen_by"], &seen["seen_at"]), ("seen", &json!("Dee"), &json!(world.now())));

    world.advance(Duration::minutes(1));
    let by = world.now() + Duration::minutes(30);
    world.dee.promise(id, by).await;
    let promised = phone.request(id).await;
    assert_eq!(state(&promised), "promised");
    assert_eq!(promised["promise"], json!({ "what": "call", "by": by, "by_whom": "Dee", "made_at": world.now() }));

    world.advance(Duration::minutes(10));
    let attempt = json!({ "how": "call", "reached": false, "words": "voicemail is full" });
    world.dee.act_on_request(id, "attempt", &attempt).await.is(200);
    let tried = phone.request(id).await;
    assert_eq!((state(&tried), tried["attempts"].as_array().unwrap().len()), ("attempted", 1));
    assert_eq!((&tried["attempts"][0]["by"], &tried["attempts"][0]["words"]), (&json!("Dee"), &Value::Null));

    world.advance(Duration::minutes(10));
    let done = world.dee.act_on_request(id, "complete", &json!({ "words": "talked for an hour" })).await.is(200);
    assert_eq!(told(&done), ["received", "reached", "seen", "promised", "attempted", "promise_kept", "done"]);
    let done = phone.request(id).await;
    assert_eq!((state(&done), &done["done_by"], &done["done_at"]), ("done", &json!("Dee"), &json!(world.now())));
    assert!(!done.to_string().contains("an hour") && !done.to_string().contains("voicemail"), "notes are the team's");
    assert!(world.dee.inbox().await.is_empty());
    world.dee.act_on_request(id, "complete", &json!({})).await.is_problem(409, "conflict");
});

story!(another_tap_joins_the_open_request_and_only_raises_its_urgency, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let first = phone.ask("today").await;
    let body = phone.new_request("when_you_can", Some("no hurry after all"));
    let second = phone.put_request(phone.new_id(), &body).await.is(201);
    assert_eq!(second["folded_into"], first["id"]);
    let row = Worker::only(&world.dee.inbox().await).clone();
    assert_eq!((&row["contact_request"]["urgency"], &row["group"]), (&json!("today"), &json!("today")));

    let third = phone.ask("now").await;
    assert_eq!(third["folded_into"], first["id"]);
    let row = Worker::only(&world.dee.inbox().await).clone();
    assert_eq!((&row["contact_request"]["urgency"], &row["group"]), (&json!("now"), &json!("now")));
    assert_eq!(row["contact_request"]["taps"], 3);
    // The words of the second tap were not lost.
    assert_eq!(phone.request(&first["id"]).await["additions"][0]["message"], "no hurry after all");
    assert_eq!(phone.requests().await.len(), 1, "the client has one request");
});

story!(now_on_an_acknowledged_request_opens_it_again, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("today").await["id"].clone();
    world.dee.promise(&id, world.now() + Duration::hours(5)).await;
    assert_eq!(phone.ask("today").await["folded_into"], id);
    assert_eq!(state(&phone.request(&id).await), "promised", "asking again as urgently changes nothing");

    world.advance(Duration::minutes(1));
    phone.ask("now").await;
    let opened = phone.request(&id).await;
    assert_eq!((state(&opened), &opened["seen_by"], &opened["promise"]), ("received", &Value::Null, &Value::Null));
    let row = Worker::only(&world.lead.inbox().await).clone();
    assert_eq!((&row["group"], &row["owner"]), (&json!("now"), &Value::Null));
    // The promise that no longer holds cannot be broken later.
    world.advance(Duration::hours(6));
    world.run_jobs().await;
    assert_eq!(phone.request(&id).await["promise_broken"], false);
});

story!(words_can_be_added_and_are_read_in_order, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("today").await["id"].clone();
    for words in ["it is the letter", "from the council"] {
        world.advance(Duration::minutes(1));
        phone.add_words(&id, phone.new_id(), words).await.is(201);
    }
    let seen = Worker::only(&world.dee.inbox().await)["contact_request"].clone();
    let words: Vec<_> = seen["additions"].as_array().unwrap().iter().map(|a| a["message"].clone()).collect();
    assert_eq!(words, ["it is the letter", "from the council"]);
});

story!(a_cancelled_request_stays_until_somebody_has_looked, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("now").await["id"].clone();
    let cancelled = phone.cancel(&id).await.is(200);
    assert_eq!(state(&cancelled), "cancelled");
    assert_eq!(state(&phone.cancel(&id).await.is(200)), "cancelled", "twice is once");

    let row = Worker::only(&world.dee.inbox().await).clone();
    assert!(row["sentence"].as_str().unwrap().contains("cancelled"), "{row}");
    // A new tap is a new request, not a part of the cancelled one.
    let again = phone.ask("today").await;
    assert_eq!(again["folded_into"], Value::Null);
    assert_eq!(world.dee.inbox().await.len(), 2);

    let looked = world.dee.acknowledge(&id).await;
    assert_eq!((state(&looked), &looked["seen_by"]), ("cancelled", &json!("Dee")));
    assert_eq!(world.dee.inbox().await.len(), 1);
});

story!(cancelling_what_somebody_has_seen_ends_it, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("now").await["id"].clone();
    world.dee.acknowledge(&id).await;
    phone.cancel(&id).await.is(200);
    assert!(world.dee.inbox().await.is_empty());
});

story!(cancelling_does_not_hide_what_nobody_has_looked_at_yet, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("now").await["id"].clone();
    world.dee.acknowledge(&id).await;
    world.advance(Duration::minutes(5));
    phone.add_words(&id, phone.new_id(), "I am in the kitchen").await.is(201);
    world.advance(Duration::minutes(5));
    // Somebody else may be holding the phone.
    phone.cancel(&id).await.is(200);
    let row = Worker::only(&world.dee.inbox().await)["contact_request"].clone();
    assert_eq!(row["additions"][0]["message"], "I am in the kitchen");
    let not_yet = json!(null);
    assert_eq!((&row["seen_by"], &row["owner"]), (&not_yet, &not_yet), "nobody has looked, and nobody has it");
    assert_eq!((&phone.request(&id).await["seen_at"], &phone.request(&id).await["seen_by"]), (&not_yet, &not_yet));
    world.lead.acknowledge(&id).await;
    assert_eq!(phone.request(&id).await["seen_by"], "Pat");
    assert!(world.dee.inbox().await.is_empty());
});

story!(promise_3_a_cancel_that_comes_late_does_not_end_what_was_asked_since, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("today").await["id"].clone();
    // With no signal: never mind; then, after all.
    world.advance(Duration::minutes(1));
    let never_mind = json!({ "id": phone.new_id() });
    world.advance(Duration::minutes(1));
    let again = phone.ask("now").await;
    assert_eq!(again["folded_into"], id);
    let path = format!("/api/v1/me/contact-requests/{}/cancel", id.as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(state(&phone.post(&path, &never_mind).await.is(200)), "received", "asked again since");
    }
    // Another phone of theirs has a clock of its own: what it says last is what is said last.
    let other = world.phone_of(&sam).await;
    assert_eq!(state(&other.cancel(&id).await.is(200)), "cancelled");
});

story!(promise_8_time_is_right_for_a_cancel_of_what_was_asked_with_a_clock_that_was_ahead, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let ahead = world.chance.id(world.now() + Duration::days(365));
    let id = phone.put_request(ahead, &phone.new_request("now", None)).await.is(201)["id"].clone();
    assert_eq!(state(&phone.cancel(&id).await.is(200)), "cancelled", "what it names was there before it");
    // And so was what joined it, by the same clock.
    let [first, second] = [365, 366].map(|days| world.chance.id(world.now() + Duration::days(days)));
    let id = phone.put_request(first, &phone.new_request("now", None)).await.is(201)["id"].clone();
    phone.put_request(second, &phone.new_request("now", None)).await.is(201);
    assert_eq!(state(&phone.cancel(&id).await.is(200)), "cancelled");
});

story!(a_promise_is_broken_out_loud, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("today").await["id"].clone();
    world.dee.promise(&id, world.now() + Duration::minutes(30)).await;
    world.advance(Duration::minutes(29));
    assert_eq!(world.run_jobs().await, 0);
    assert_eq!(phone.request(&id).await["promise_broken"], false);

    world.advance(Duration::minutes(1));
    world.run_jobs().await;
    let broken = phone.request(&id).await;
    assert_eq!((state(&broken), &broken["promise_broken"]), ("promised", &json!(true)));
    let row = Worker::only(&world.lead.inbox().await).clone();
    assert_eq!(row["group"], "now");
    assert!(told(&row["contact_request"]).contains(&"promise_broken"));

    // A new promise is a new promise.
    world.lead.promise(&id, world.now() + Duration::minutes(5)).await;
    assert_eq!(phone.request(&id).await["promise_broken"], false);
    world.advance(Duration::minutes(3));
    world.lead.act_on_request(&id, "attempt", &json!({ "how": "call", "reached": true })).await.is(200);
    world.advance(Duration::minutes(10));
    world.run_jobs().await;
    assert_eq!(phone.request(&id).await["promise_broken"], false, "kept by having tried");
    let past = json!({ "promise": { "what": "call", "by": world.now() } });
    world.dee.act_on_request(&id, "acknowledge", &past).await.is_problem(422, "invalid");
});

story!(a_request_is_handed_over_to_somebody_who_may_see_the_client, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let outsider = world.worker(world.provider, "Oli", &[Role::SupportWorker]).await;
    let id = phone.ask("today").await["id"].clone();
    world.dee.promise(&id, world.now() + Duration::hours(1)).await;
    world.dee.act_on_request(&id, "hand-over", &json!({ "to": outsider.id })).await.is_problem(422, "invalid");

    let handed = world
        .dee
        .act_on_request(&id, "hand-over", &json!({ "to": world.lead.id, "words": "end of my shift" }))
        .await
        .is(200);
    assert_eq!((&handed["owner"], state(&handed)), (&json!(null), "promised"), "they have it when they say so");
    assert_eq!(handed["last_with"]["first_name"], "Pat");
    let seen = phone.request(&id).await;
    assert_eq!((&seen["handed_to"], &seen["promise"]["by_whom"]), (&json!("Pat"), &json!("Dee")));
    let mine = world.lead.get("/api/v1/team/inbox?mine=true").await.is(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    let not_mine = world.dee.get("/api/v1/team/inbox?mine=true").await.is(200);
    assert_eq!(not_mine["items"], json!([]));
});

story!(what_is_not_on_a_screen_has_not_reached_anybody, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.ask("now").await["id"].clone();
    // Neither of these lists shows it.
    world.dee.get("/api/v1/team/inbox?mine=true").await.is(200);
    world.dee.get("/api/v1/team/contact-requests?state=done").await.is(200);
    assert_eq!(state(&phone.request(&id).await), "received");
});

story!(five_hundred_taps_are_one_open_request, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let taps = (0..500).map(|n| {
        let (id, body) = (phone.new_id(), phone.new_request(if n == 250 { "now" } else { "today" }, None));
        let phone = &phone;
        async move { phone.put_request(id, &body).await.is(201) }
    });
    // As fast as sixteen hands can tap.
    let answers: Vec<Value> = futures_util::StreamExt::collect(futures_util::StreamExt::buffer_unordered(
        futures_util::stream::iter(taps),
        16,
    ))
    .await;
    assert_eq!(answers.iter().filter(|a| a["folded_into"].is_null()).count(), 1);
    let row = Worker::only(&world.dee.inbox().await).clone();
    assert_eq!((&row["contact_request"]["taps"], &row["contact_request"]["urgency"]), (&json!(500), &json!("now")));
});

story!(a_damaged_record_still_rings, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.put_request(phone.new_id(), &phone.new_request("today", Some("the letter came"))).await.is(201);
    let mut tx = world.app.db.begin().await.unwrap();
    for damage in ["UPDATE contact_request SET message = $1", "UPDATE client SET profile = $1"] {
        tx.query(damage).bind(vec![7_u8; 60]).execute().await.unwrap();
    }
    tx.commit().await.unwrap();

    let again = phone.put_request(phone.new_id(), &phone.new_request("now", Some("please"))).await.is(201);
    assert!(again["folded_into"].is_string(), "asking still works");
    let inbox = world.dee.inbox().await;
    let row = Worker::only(&inbox);
    assert_eq!((&row["group"], &row["client"]["name"]), (&json!("now"), &json!("A record that cannot be read")));
    assert_eq!(row["contact_request"]["message"], "(These words cannot be read.)");
    assert_eq!(row["contact_request"]["additions"][0]["message"], "please", "what can be read is");
});
