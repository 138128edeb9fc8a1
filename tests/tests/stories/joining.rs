//! A worker invites, a phone joins: with a code that works once, for 72 hours, however it is typed.

use chrono::Duration;
use companion_tests::{Phone, Worker, World, json, story};
use reqwest::Method;
use uuid::Uuid;

/// Claims a code as if from an address of its own (the tests' own address is a trusted proxy).
async fn claim(world: &World, code: &str, from: &str) -> companion_tests::Answer {
    let body = json!({ "code": code, "device_name": "A phone" });
    let request =
        world.api.request(Method::POST, "/api/v1/auth/claim", None).header("X-Forwarded-For", from).json(&body);
    companion_tests::Answer::of(request).await
}

story!(a_code_joins_one_phone_once, |world| {
    let sam = world.client("Sam").await;
    let invite = world.dee.post(&format!("/api/v1/team/clients/{}/invites", sam.id), &json!({})).await.is(201);
    let code = invite["code"].as_str().unwrap();
    assert!(invite["url"].as_str().unwrap().ends_with(&format!("/#/join/{code}")));
    assert!(invite["qr_svg"].as_str().unwrap().contains("<svg"));
    assert_eq!(invite["expires_at"], json!(world.now() + Duration::hours(72)));
    assert_eq!(world.dee.of(&sam, "").await.is(200)["joined"], false);

    let joined = claim(world, code, "198.51.100.1").await.is(201);
    assert_eq!((&joined["client"]["preferred_name"], &joined["expires_in"]), (&json!("Sam"), &json!(600)));
    let phone = Phone::joined(&world.api, &world.clock, &world.chance, &joined);
    let me = phone.get("/api/v1/me").await.is(200);
    assert_eq!(me["note_readers"], json!(["Dee", "Pat"]), "who can read a note is who is told");
    assert_eq!(me["team"], json!([{ "first_name": "Dee", "role": "support_worker", "key_worker": true }]));

    claim(world, code, "198.51.100.2").await.is_problem(404, "code_not_valid");
    // The worker sees the phone.
    assert_eq!(world.dee.of(&sam, "").await.is(200)["joined"], true);
    assert_eq!(Worker::only(&world.dee.devices(&sam).await)["name"], "A phone");
});

story!(promise_2_a_retry_is_free_for_a_phone_that_never_heard_that_it_joined, |world| {
    let sam = world.client("Sam").await;
    let code = world.dee.invite(&sam).await;
    let ask = |id: Uuid| {
        let body = json!({ "code": code, "device_name": "A phone", "device_id": id });
        async move { world.api.post("/api/v1/auth/claim", &body).await }
    };
    let id = world.app.new_id::<Uuid>();
    let lost = ask(id).await.is(201);
    world.advance(Duration::minutes(50));
    // An older server let it in, with a key that cannot be made again.
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE device SET contact_key_hash = $1").bind(vec![7_u8; 32]).execute().await.unwrap();
    tx.commit().await.unwrap();
    let had = ask(id).await.is(200);
    assert_eq!(Worker::only(&world.dee.devices(&sam).await)["id"], json!(id), "one phone");
    let phone = Phone::joined(&world.api, &world.clock, &world.chance, &had);
    phone.get("/api/v1/me").await.is(200);
    phone.put_request_with_key(phone.new_id(), &phone.new_request("now", None)).await.is(201);
    assert_eq!(had["contact_key"], lost["contact_key"], "the same answer");
    // What was asked first arrives last: nobody waits for its answer any more, and the phone goes on as it is.
    ask(id).await.is_problem(404, "code_not_valid");
    phone.get("/api/v1/me").await.is(200);
    phone.put_request_with_key(phone.new_id(), &phone.new_request("now", None)).await.is(201);

    ask(world.app.new_id()).await.is_problem(404, "code_not_valid");
    world.advance(Duration::minutes(11));
    ask(id).await.is_problem(404, "code_not_valid");
    // Whoever was taken off the list is not let in by a code that was used.
    let other = world.dee.invite(&sam).await;
    let body = json!({ "code": other, "device_name": "A phone", "device_id": id });
    world.api.post("/api/v1/auth/claim", &body).await.is_problem(409, "conflict");
    world.api.post("/api/v1/auth/claim", &json!({ "code": other, "device_name": "A phone" })).await.is(201);
});

story!(a_code_works_for_72_hours, |world| {
    let sam = world.client("Sam").await;
    let (in_time, too_late) = (world.dee.invite(&sam).await, world.dee.invite(&sam).await);
    world.advance(Duration::hours(72) - Duration::seconds(1));
    claim(world, &in_time, "198.51.100.1").await.is(201);
    world.advance(Duration::seconds(1));
    claim(world, &too_late, "198.51.100.1").await.is_problem(404, "code_not_valid");
});

story!(a_code_may_be_typed_as_people_type, |world| {
    let sam = world.client("Sam").await;
    let ways: [fn(&str) -> String; 4] = [
        |code| code.to_lowercase(),
        |code| code.replace('-', ""),
        |code| code.replace('-', " "),
        |code| format!("  {} ", code.replace('-', " - ")),
    ];
    for typed in ways {
        let code = world.dee.invite(&sam).await;
        claim(world, &typed(&code), "198.51.100.1").await.is(201);
    }
});

story!(guesses_are_limited_and_the_limit_passes, |world| {
    let sam = world.client("Sam").await;
    let code = world.dee.invite(&sam).await;
    for _ in 0..20 {
        claim(world, "ACD-EFG-HJK", "198.51.100.1").await.is_problem(404, "code_not_valid");
    }
    claim(world, &code, "198.51.100.1").await.is_problem(429, "too_many_tries");
    // What a caller writes into the header itself changes nothing: the last address is the proxy's word.
    claim(world, &code, "203.0.113.7, 198.51.100.1").await.is_problem(429, "too_many_tries");
    world.advance(Duration::hours(1));
    claim(world, &code, "198.51.100.1").await.is(201);
});

story!(fifty_claims_at_once_are_one_join, |world| {
    let sam = world.client("Sam").await;
    let code = world.dee.invite(&sam).await;
    let claims = (0..50).map(|n| {
        let code = code.clone();
        async move { claim(world, &code, &format!("198.51.100.{n}")).await.status.as_u16() }
    });
    let statuses = futures_util::future::join_all(claims).await;
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|s| [201, 404].contains(s)), "{statuses:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM device").await, 1);
});
