//! What a client adds themselves: theirs alone, kept as they sent it, and gone when they say so.

use companion::access::Role;
use companion_tests::{Answer, Phone, Value, World, json, pictures, story};
use std::future::Future;
use uuid::Uuid;

async fn together<F: Future<Output = Answer>>(calls: impl Iterator<Item = F>) -> Vec<Answer> {
    futures_util::future::join_all(calls).await
}

/// The titles of what the client has added, newest first.
async fn titles(phone: &Phone) -> Vec<Value> {
    phone.pack().await["additions"].as_array().unwrap().iter().map(|a| a["title"].clone()).collect()
}

story!(promise_2_an_addition_sent_again_is_free, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (id, body) = (phone.new_id(), phone.new_note("A walk", "to the pier and back"));
    let answers = together((0..20).map(|_| phone.put_addition(id, &body))).await;
    assert_eq!(answers.iter().filter(|a| a.status == 201).count(), 1);
    assert!(answers.iter().all(|a| a.status.is_success() && a.body == answers[0].body));
    let mut newer_app = body.clone();
    newer_app["a_field_of_next_year"] = json!([1, 2]);
    assert_eq!(phone.put_addition(id, &newer_app).await.is(200), answers[0].body);

    for (field, other) in [
        ("title", json!("A swim")),
        ("text", json!("other words")),
        ("kind", json!("exercise")),
        ("exercise", json!("five_senses")),
        ("url", json!("https://example.org")),
        ("shared", json!(true)),
        ("replaces", json!(phone.new_id())),
        ("photo", json!(pictures::base64(&pictures::drawing(1)))),
    ] {
        let mut changed = body.clone();
        changed[field] = other;
        if changed["kind"] == "exercise" {
            changed["exercise"] = json!("five_senses");
        }
        phone.put_addition(id, &changed).await.is_problem(409, "conflict");
    }
    assert_eq!(phone.pack().await["additions"], json!([answers[0].body]), "and nothing was changed");
});

story!(a_later_one_takes_the_place_of_an_earlier_one, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let sleep = phone.pack().await.id("sleep");
    let body = phone.new_note("Things my nan said", "It passes.");
    let (first, second) = (phone.add(&body).await, phone.new_id());
    phone.fill_first_aid(json!([sleep, first])).await;
    let mut better = phone.new_note("Things my nan said", "It passes. It did before.");
    (better["replaces"], better["shared"]) = (json!(first), json!(true));
    let kept = phone.put_addition(second, &better).await.is(201);
    assert_eq!(phone.put_addition(second, &better).await.is(200), kept);
    let pack = phone.pack().await;
    assert_eq!(pack["additions"], json!([kept]));
    assert_eq!(pack["first_aid"], json!([sleep, second]), "its place in the box passes on");
    // The first sending of the first, late out of a queue.
    phone.put_addition(first, &body).await.is_problem(409, "conflict");
    assert_eq!(titles(&phone).await.len(), 1);
    // To take the place of what is gone, or never was, is to be added.
    let mut again = phone.new_note("And a tune", "the one from the ferry");
    again["replaces"] = json!(first);
    phone.add(&again).await;
    assert_eq!(titles(&phone).await, ["And a tune", "Things my nan said"]);
});

/// Rows of additions that hold any words or photo at all.
async fn rows_with_anything_in_them(world: &World) -> i64 {
    world.count("SELECT COUNT(*) FROM pack_addition WHERE body IS NOT NULL OR photo IS NOT NULL").await
}

story!(what_is_removed_is_erased_and_does_not_come_back, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let note = phone.new_note("canary-title", "canary-text");
    let photo = phone.new_photo("canary-photo", &pictures::photo("here"));
    let (note_id, photo_id) = (phone.add(&note).await, phone.add(&photo).await);
    phone.fill_first_aid(json!([photo_id, note_id])).await;
    phone.share(note_id, true).await;
    for id in [note_id, photo_id] {
        phone.remove(id).await;
        phone.remove(id).await;
    }
    assert_eq!(rows_with_anything_in_them(world).await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM pack_addition").await, 2, "so that nothing brings them back:");
    phone.put_addition(note_id, &note).await.is_problem(409, "conflict");
    phone.put_addition(photo_id, &photo).await.is_problem(409, "conflict");
    phone.mark(&json!(note_id), json!({ "shared": true })).await.is_problem(404, "not_found");
    phone.get(&format!("/api/v1/me/pack/additions/{photo_id}/photo")).await.is_problem(404, "not_found");
    let pack = phone.pack().await;
    assert_eq!((&pack["additions"], &pack["marks"], &pack["first_aid"]), (&json!([]), &json!({}), &json!([])));
    assert_eq!(rows_with_anything_in_them(world).await, 0);
});

story!(a_removal_that_overtakes_its_addition_holds, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (_, kim) = world.client_with_phone("Kim").await;
    let (id, other) = (phone.new_id(), phone.new_id());
    phone.remove(id).await;
    phone.put_addition(id, &phone.new_note("A walk", "to the pier")).await.is_problem(409, "conflict");
    let mut later = phone.new_note("A swim", "at low tide");
    later["replaces"] = json!(other);
    phone.add(&later).await;
    phone.put_addition(other, &phone.new_note("A walk", "to the pier")).await.is_problem(409, "conflict");
    assert_eq!(titles(&phone).await, ["A swim"]);
    assert_eq!(rows_with_anything_in_them(world).await, 1);
    // It is still nothing to anybody else.
    kim.put_addition(id, &kim.new_note("Kim's", "own")).await.is_problem(409, "conflict");
});

story!(a_photo_is_drawn_anew_and_tells_nobody_where_it_was_taken, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let file = pictures::photo("GPS 51.4816 N 3.1791 W");
    assert!(file.windows(3).any(|w| w == b"GPS"));
    let (id, body) = (phone.new_id(), phone.new_photo("The sea", &file));
    assert_eq!(phone.put_addition(id, &body).await.is(201)["has_photo"], true);
    assert_eq!(phone.put_addition(id, &body).await.is(200)["has_photo"], true);
    let other = phone.new_photo("The sea", &pictures::photo("elsewhere"));
    phone.put_addition(id, &other).await.is_problem(409, "conflict");

    let path = format!("/api/v1/me/pack/additions/{id}/photo");
    let kept = phone.bytes(&path).await;
    assert!(!kept.windows(3).any(|w| w == b"GPS") && !kept.windows(4).any(|w| w == b"Exif"));
    assert_eq!(pictures::size(&file), (64, 32));
    assert_eq!(pictures::size(&kept), (32, 64), "it was taken upright");
    let answer = phone.get(&path).await;
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    assert_eq!(answer.header("cache-control"), Some("no-store"), "kept by nothing on the way");
});

story!(what_is_no_photo_or_too_large_is_refused_in_words, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let too_large = [pictures::drawing(1), vec![0; 400 * 1024]].concat();
    for bad in [b"<svg onload=alert(1)>".to_vec(), b"GIF89a".to_vec(), vec![], too_large] {
        let body = phone.new_photo("The sea", &bad);
        let problem = phone.put_addition(phone.new_id(), &body).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "photo");
    }
    let mut broken = phone.new_photo("The sea", b"");
    for photo in [json!("not base64 at all!"), json!(null)] {
        broken["photo"] = photo;
        phone.put_addition(phone.new_id(), &broken).await.is_problem(422, "invalid");
    }
    // As large as it may be still arrives.
    let mut padded = pictures::drawing(1);
    padded.resize(400 * 1024, 0);
    phone.add(&phone.new_photo("The sea", &padded)).await;
    broken["photo"] = json!("A".repeat(700 * 1024));
    phone.put_addition(phone.new_id(), &broken).await.is_problem(413, "too_large");
    assert_eq!(titles(&phone).await, ["The sea"]);
});

story!(every_kind_has_its_shape, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let with = |fields: Value| {
        let mut body = phone.new_note("A walk", "to the pier");
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let id = phone.new_id();
    for (field, wrong) in [
        ("title", json!({ "title": "  " })),
        ("title", json!({ "title": "x".repeat(121) })),
        ("text", json!({ "text": "x".repeat(8001) })),
        ("url", json!({ "kind": "link" })),
        ("url", json!({ "kind": "link", "url": "javascript:alert(1)" })),
        ("url", json!({ "kind": "link", "url": "https://" })),
        ("url", json!({ "kind": "link", "url": format!("https://{}", "x".repeat(600)) })),
        ("exercise", json!({ "kind": "exercise" })),
        ("replaces", json!({ "replaces": id })),
    ] {
        let problem = phone.put_addition(id, &with(wrong)).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field);
    }
    phone.put_addition(id, &with(json!({ "kind": "poem" }))).await.is_problem(422, "invalid");
    phone
        .put_addition(id, &with(json!({ "kind": "exercise", "exercise": "running" })))
        .await
        .is_problem(422, "invalid");
    assert_eq!(titles(&phone).await, [json!(null); 0]);
    for right in [
        json!({ "title": "x".repeat(120), "text": "é".repeat(8000) }),
        json!({ "kind": "link", "url": "http://192.168.0.1/my-radio" }),
        json!({ "kind": "exercise", "exercise": "letter_to_myself" }),
    ] {
        phone.add(&with(right)).await;
    }
});

story!(the_pack_of_one_is_no_way_into_the_pack_of_another, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let (_, kim) = world.client_with_phone("Kim").await;
    let mut body = phone.new_photo("canary-title", &pictures::photo("here"));
    body["text"] = json!("canary-text");
    let id: Uuid = phone.add(&body).await;
    phone.fill_first_aid(json!([id])).await;
    let refused = [
        kim.put_addition(id, &kim.new_note("Kim's", "own")).await,
        kim.put_addition(id, &body).await,
        kim.get(&format!("/api/v1/me/pack/additions/{id}/photo")).await,
        kim.mark(&json!(id), json!({ "shared": true })).await,
    ];
    assert_eq!(refused.each_ref().map(|a| a.status.as_u16()), [409, 409, 404, 404]);
    assert!(refused.iter().all(|a| !a.text.contains("canary")));
    assert_eq!(kim.fill_first_aid(json!([id])).await, json!([]));
    kim.remove(id).await;
    let mut instead = kim.new_note("Kim's", "own");
    instead["replaces"] = json!(id);
    kim.add(&instead).await;

    let pack = phone.pack().await;
    assert_eq!(pack.addition(id).unwrap()["text"], "canary-text");
    assert_eq!(pack["first_aid"], json!([id]));
    assert!(phone.bytes(&format!("/api/v1/me/pack/additions/{id}/photo")).await.len() > 100);
    // Nor is a worker's account.
    let ada = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    ada.of(&sam, &format!("/pack/additions/{id}/photo")).await.is_problem(404, "not_found");
});
