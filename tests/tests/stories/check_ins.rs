//! Check-ins: what was said about a moment, kept as it was said.

use chrono::Duration;
use companion_tests::{Answer, Phone, Value, Worker, World, http::items, json, story};
use reqwest::Method;

/// Sends with the phone's own idea of the time.
async fn put_by_clock(world: &World, phone: &Phone, body: &Value, sent_at: &str) -> Value {
    let path = format!("/api/v1/me/check-ins/{}", phone.new_id());
    let token = phone.token().await;
    let request = world.api.request(Method::PUT, &path, Some(&token)).header("Companion-Sent-At", sent_at).json(body);
    Answer::of(request).await.is(201)
}

story!(a_phone_whose_clock_is_years_off_is_put_right, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.advance(Duration::days(3));
    // It thinks it is 2019; the check-in was made two hours before it was sent.
    let mut body = phone.new_check_in(&[("mood", 4.0)]).await;
    body["recorded_at"] = json!("2019-01-01T10:00:00Z");
    let kept = put_by_clock(world, &phone, &body, "2019-01-01T12:00:00Z").await;
    assert_eq!(kept["recorded_at"], "2019-01-01T10:00:00Z", "as the phone had it");
    assert_eq!((&kept["made_at"], &kept["clock_corrected"]), (&json!(world.now() - Duration::hours(2)), &json!(true)));
    assert_eq!(kept["received_at"], json!(world.now()));

    // From the future, or from before it joined: counts on arrival.
    for wrong in ["2031-05-05T10:00:00Z", "1999-05-05T10:00:00Z"] {
        body["recorded_at"] = json!(wrong);
        let kept = phone.put_check_in(phone.new_id(), &body).await.is(201);
        assert_eq!((&kept["made_at"], &kept["clock_corrected"]), (&json!(world.now()), &json!(true)));
    }
    // A right clock and a late answer: counts when it was made.
    let made = world.now() - Duration::days(2);
    let kept = phone.check_in_made_at(made, &[("mood", 4.0)]).await;
    assert_eq!((&kept["made_at"], &kept["clock_corrected"]), (&json!(made), &json!(false)));
});

story!(an_old_answer_keeps_the_question_it_was_given_to, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let signs = |text: &str, series: &Value| json!({ "check_ins_per_week": 3, "signs": [{ "series_id": series, "text": text }] });
    phone.put("/api/v1/me/items", &signs("people talking about me", &Value::Null)).await.is(200);
    let old = phone.item("people talking about me").await;
    phone.check_in(&[("people talking about me", 2.0)]).await;

    phone.put("/api/v1/me/items", &signs("hearing my name in the street", &old["series_id"])).await.is(200);
    let new = phone.item("hearing my name in the street").await;
    assert_eq!((&new["series_id"], &new["version"]), (&old["series_id"], &json!(2)));
    assert_ne!(new["id"], old["id"]);
    // Made offline under the old words: as good as any.
    let offline = json!({ "recorded_at": world.now(), "answers": [{ "item_id": old["id"], "value": 3 }] });
    phone.put_check_in(phone.new_id(), &offline).await.is(201);
    phone.check_in(&[("hearing my name in the street", 5.0)]).await;

    let seen = world.dee.of(&sam, "/check-ins").await.is(200);
    let text_of =
        |id: &Value| seen["questions"].as_array().unwrap().iter().find(|q| q["id"] == *id).unwrap()["text"].clone();
    assert_eq!(text_of(&old["id"]), "people talking about me");
    assert_eq!(text_of(&new["id"]), "hearing my name in the street");
    // The same words again are the same version; leaving it out retires it, and its answers stay.
    phone.put("/api/v1/me/items", &signs("hearing my name in the street", &new["series_id"])).await.is(200);
    assert_eq!(phone.item("hearing my name in the street").await["id"], new["id"]);
    phone.put("/api/v1/me/items", &json!({ "check_ins_per_week": 2, "signs": [] })).await.is(200);
    assert!(phone.items().await.iter().all(|i| i["kind"] == "standard"));
    assert_eq!(phone.check_ins().await["items"].as_array().unwrap().len(), 3);
});

story!(every_question_can_be_skipped_but_not_everything_said_is_an_answer, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (mood, sleep) = (phone.item("mood").await["id"].clone(), phone.item("sleep").await["id"].clone());
    let put = async |answers: Value, note: Value| {
        let body = json!({ "recorded_at": world.now(), "answers": answers, "note": note });
        phone.put_check_in(phone.new_id(), &body).await
    };
    put(json!([{ "item_id": mood, "value": 3 }, { "item_id": sleep, "value": null }]), Value::Null).await.is(201);
    put(json!([{ "item_id": mood, "value": null }]), json!("only words today")).await.is(201);
    put(json!([]), json!("only words today")).await.is(201);
    put(json!([{ "item_id": mood, "value": 3.5 }]), Value::Null).await.is(201);
    for wrong in [
        json!([]),
        json!([{ "item_id": mood, "value": null }, { "item_id": sleep, "value": null }]),
        json!([{ "item_id": mood, "value": 8 }]),
        json!([{ "item_id": mood, "value": 0 }]),
        json!([{ "item_id": mood, "value": 3 }, { "item_id": mood, "value": 4 }]),
        json!([{ "item_id": phone.new_id(), "value": 3 }]),
    ] {
        let problem = put(wrong, Value::Null).await.is_problem(422, "invalid");
        assert!(problem["errors"][0]["field"].as_str().unwrap().starts_with("answers"), "{problem}");
    }
    put(json!([]), json!("x".repeat(2001))).await.is_problem(422, "invalid");
    assert_eq!(world.count("SELECT COUNT(*) FROM check_in").await, 4);
});

story!(a_private_note_is_withheld_from_every_worker_everywhere, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.check_in_with_note("for me alone", false).await;
    phone.check_in_with_note("for us both", true).await;
    world.run_jobs().await;
    let mine: Vec<_> = items(&phone.check_ins().await).iter().map(|c| c["note"].clone()).collect();
    assert!(mine.contains(&json!("for me alone")));

    let seen = world.dee.check_ins(&sam).await;
    let private = seen.iter().find(|c| c["note_shared"] == false).unwrap();
    assert_eq!(
        (&private["note"], &private["note_withheld"]),
        (&Value::Null, &json!(true)),
        "there is one, and it is not said"
    );
    for what in ["", "/check-ins", "/timeline", "/assessments", "/items", "/contact-requests"] {
        for worker in [&world.dee, &world.lead] {
            let answer = worker.of(&sam, what).await;
            assert!(!answer.text.contains("for me alone"), "{what}");
            assert_eq!(answer.text.contains("for us both"), ["/check-ins", "/timeline"].contains(&what), "{what}");
        }
    }
});

story!(a_later_check_in_replaces_and_nothing_is_edited, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let first = phone.check_in(&[("mood", 1.0)]).await;
    let mut replacements = Vec::new();
    for value in [2.0, 3.0] {
        world.advance(Duration::minutes(1));
        let mut body = phone.new_check_in(&[("mood", value)]).await;
        body["replaces"] = first["id"].clone();
        replacements.push(phone.put_check_in(phone.new_id(), &body).await.is(201)["id"].clone());
    }
    let all = world.dee.check_ins(&sam).await;
    assert_eq!(all.len(), 3, "replaced twice, there once");
    let kept = all.iter().find(|c| c["id"] == first["id"]).unwrap();
    assert_eq!((&kept["answers"][0]["value"], &kept["replaced_by"]), (&json!(1), &replacements[0]));
    let mut body = phone.new_check_in(&[("mood", 2.0)]).await;
    let id = phone.new_id();
    body["replaces"] = json!(id);
    phone.put_check_in(id, &body).await.is_problem(422, "invalid");
});

story!(a_worker_enters_a_check_in_for_a_client_and_both_see_who_did, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let id = phone.new_id();
    let path = format!("/api/v1/team/clients/{}/check-ins/{id}", sam.id);
    let body = phone.new_check_in(&[("mood", 2.0)]).await;
    let entered = world.dee.put(&path, &body).await.is(201);
    assert_eq!(entered["entered_by"], "Dee");
    assert_eq!(world.dee.put(&path, &body).await.is(200), entered);
    let mine = items(&phone.check_ins().await);
    assert_eq!(Worker::only(&mine)["entered_by"], "Dee");
});

story!(what_a_worker_writes_down_says_how_it_was_given, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mut told = phone.new_check_in(&[("mood", 3.0)]).await;
    told["given"] = json!("by_phone");
    let path = |id| format!("/api/v1/team/clients/{}/check-ins/{id}", sam.id);
    let id = phone.new_id();
    let made = world.dee.put(&path(id), &told).await.is(201);
    assert_eq!(
        (&made["given"], &made["entered_by"], &made["seen_by"]),
        (&json!("by_phone"), &json!("Dee"), &json!("Dee"))
    );
    assert_eq!(world.dee.put(&path(id), &told).await.is(200), made);
    told["given"] = json!("in_person");
    world.dee.put(&path(id), &told).await.is_problem(409, "conflict");
    told["given"] = json!("by_text");
    world.dee.put(&path(phone.new_id()), &told).await.is_problem(422, "invalid");
    assert_eq!(phone.check_ins().await["items"][0]["given"], "by_phone", "and the client reads it too");

    let call = |given: &str| json!({ "id": phone.new_id(), "how": "visit", "when": "today", "given": given, "words": "asked at the door" });
    let calls = format!("/api/v1/team/clients/{}/calls", sam.id);
    let asked = world.dee.post(&calls, &call("in_person")).await.is(201);
    assert_eq!((&asked["given"], &asked["by_phone"]), (&json!("in_person"), &json!(false)));
    assert_eq!(phone.requests().await[0]["given"], "in_person");
    world.dee.post(&calls, &call("by_text")).await.is_problem(422, "invalid");
    // A call that joins it says for itself how it came.
    world.advance(Duration::minutes(1));
    world.dee.post(&calls, &call("by_phone")).await.is(201);
    let told = world.dee.of(&sam, "/timeline").await.is(200);
    let called = told["items"].as_array().unwrap().iter().filter(|m| m["what"] == "contact_called_in");
    assert_eq!(called.map(|m| &m["given"]).collect::<Vec<_>>(), ["by_phone", "in_person"]);
});

story!(the_client_is_told_who_has_seen_a_check_in_and_a_page_that_nobody_looks_at_has_seen_nothing, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.check_in(&[("mood", 3.0)]).await;
    let listed = format!("/api/v1/team/clients/{}/check-ins", sam.id);
    world.dee.get(&format!("{listed}?background=true")).await.is(200);
    world.dee.call(Method::HEAD, &listed, None).await;
    assert_eq!(phone.check_ins().await["items"][0]["seen_at"], json!(null));
    world.advance(Duration::minutes(20));
    let at = world.now();
    world.dee.get(&listed).await.is(200);
    world.advance(Duration::minutes(20));
    world.lead.get(&listed).await.is(200);
    let seen = phone.check_ins().await["items"][0].clone();
    assert_eq!((&seen["seen_at"], &seen["seen_by"]), (&json!(at), &json!("Dee")), "by the first who did");

    // What was replaced is on no screen; what cannot be listed neither.
    let mut other = phone.new_check_in(&[("mood", 4.0)]).await;
    other["replaces"] = phone.check_in(&[("mood", 2.0)]).await["id"].clone();
    phone.put_check_in(phone.new_id(), &other).await.is(201);
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE check_in SET answers = $1 WHERE replaces IS NOT NULL")
        .bind(b"damaged".as_slice())
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.dee.get(&listed).await.is_problem(500, "internal");
    assert_eq!(world.count("SELECT COUNT(*) FROM check_in WHERE seen_at IS NOT NULL").await, 1);
});

story!(what_is_usual_is_told_when_it_is_known_and_unchanged_lists_cost_a_header, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.check_in(&[("mood", 5.0)]).await;
    assert_eq!(phone.check_ins().await["usual"], json!([]));
    world.usual_days(&phone, 30).await;
    let known = phone.get("/api/v1/me/check-ins").await;
    let tag = known.header("etag").unwrap().to_owned();
    let usual = known.is(200)["usual"].clone();
    assert_eq!(usual.as_array().unwrap().len(), 3);
    assert!(usual.as_array().unwrap().iter().all(|u| u["low"].as_f64() <= u["high"].as_f64()));

    let token = phone.token().await;
    let again = world.api.request(Method::GET, "/api/v1/me/check-ins", Some(&token)).header("If-None-Match", tag);
    assert_eq!(Answer::of(again).await.status, 304);
    // Days are the client's own, both included.
    let day = (world.now() - Duration::days(2)).date_naive();
    let of_a_day = world.dee.of(&sam, &format!("/check-ins?from={day}&to={day}")).await.is(200);
    assert_eq!(of_a_day["items"].as_array().unwrap().len(), 1);
});
