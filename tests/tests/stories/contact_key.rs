//! Reaching out fails open: no ended session, no limit and no lock stops a request for contact.

use chrono::Duration;
use companion_tests::{Value, Worker, json, story};

story!(the_contact_key_works_when_the_session_is_gone, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    // The access token has run out and the refresh token was replayed by a thief: the family has ended.
    let stolen = phone.tokens().await;
    world.advance(Duration::minutes(11));
    phone.get("/api/v1/me").await.is(200);
    world.advance(Duration::minutes(2));
    let replay = json!({ "refresh_token": stolen.refresh });
    world.api.post("/api/v1/auth/refresh", &replay).await.is_problem(401, "session_ended");
    phone.get("/api/v1/me").await.is_problem(401, "unauthorised");

    let (id, body) = (phone.new_id(), phone.new_request("now", Some("my words and my name are Sam")));
    let first = phone.put_request_with_key(id, &body).await.is(201);
    assert_eq!(first["state"], "received");
    assert_eq!(phone.put_request_with_key(id, &body).await.is(200), first, "repeatable");

    // State and times only, whoever holds the phone.
    world.dee.inbox().await;
    world.advance(Duration::minutes(1));
    world.dee.promise(&json!(id), world.now() + Duration::hours(1)).await;
    let promised = phone.put_request_with_key(id, &body).await.is(200);
    assert_eq!(
        (&promised["state"], &promised["promised_by"]),
        (&json!("promised"), &json!(world.now() + Duration::hours(1)))
    );
    let text = promised.to_string();
    assert!(["Sam", "words", "Dee", "01632"].iter().all(|word| !text.contains(word)), "{text}");
    let fields: Vec<&String> = promised.as_object().unwrap().keys().collect();
    let known = [
        "cancelled_at",
        "done_at",
        "folded_into",
        "id",
        "promise_broken",
        "promised_by",
        "reached_at",
        "received_at",
        "seen_at",
        "state",
    ];
    assert!(fields.iter().all(|f| known.contains(&f.as_str())), "{fields:?}");

    // Create-only: the key opens nothing else.
    for path in ["/api/v1/me", "/api/v1/me/check-ins", "/api/v1/team/inbox"] {
        world
            .api
            .call(reqwest::Method::GET, path, Some(&phone.contact_key), None)
            .await
            .is_problem(401, "unauthorised");
    }
});

story!(the_contact_key_ends_with_the_phone, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let device = world.dee.devices(&sam).await[0]["id"].as_str().unwrap().to_owned();
    world.dee.delete(&format!("/api/v1/team/clients/{}/devices/{device}", sam.id)).await.is(204);
    let body = phone.new_request("now", None);
    phone.put_request_with_key(phone.new_id(), &body).await.is_problem(401, "device_revoked");
    world
        .api
        .call(
            reqwest::Method::PUT,
            &format!("/api/v1/contact-requests/{}", phone.new_id()),
            Some("no-key"),
            Some(&body),
        )
        .await
        .is_problem(401, "unauthorised");
    assert!(world.dee.inbox().await.is_empty());
});

story!(limits_never_block_contact, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    // This address has guessed codes and passwords until it was refused.
    let claim = json!({ "code": "ACD-EFG-HJK", "device_name": "x" });
    let mut refused = 0;
    for _ in 0..25 {
        let answer = world.api.post("/api/v1/auth/claim", &claim).await;
        if answer.status == 429 {
            assert!(answer.header("retry-after").unwrap().parse::<i64>().unwrap() > 0);
            answer.is_problem(429, "too_many_tries");
            refused += 1;
        } else {
            answer.is_problem(404, "code_not_valid");
        }
    }
    assert_eq!(refused, 5);
    phone.ask("now").await;
    phone.put_request_with_key(phone.new_id(), &phone.new_request("now", None)).await.is(201);
    assert_eq!(Worker::only(&world.dee.inbox().await)["contact_request"]["taps"], 2);
});

story!(a_request_by_key_folds_like_any_other, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let open = phone.ask("today").await;
    let by_key = phone.put_request_with_key(phone.new_id(), &phone.new_request("now", None)).await.is(201);
    assert_eq!(by_key["folded_into"], open["id"]);
    assert_eq!(by_key["state"], "received");
    world.dee.acknowledge(&open["id"]).await;
    let id: Value = by_key["id"].clone();
    assert_eq!(phone.request(&id).await["folded_into"], open["id"]);
});

story!(a_phone_whose_clock_is_wrong_can_ask, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let mut body = phone.new_request("now", None);
    body["requested_at"] = json!("1970-01-02T00:00:00Z");
    let request = phone.put_request(phone.new_id(), &body).await.is(201);
    assert_eq!(request["received_at"], json!(world.now()), "what counts is when it reached us");
    assert_eq!(Worker::only(&world.dee.inbox().await)["since"], json!(world.now()));
});
