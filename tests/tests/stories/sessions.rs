//! Signing in, tokens that follow one another, and ends that are ends at once.

use chrono::Duration;
use companion::{
    access::Role,
    auth::session::{self, Owner},
    ids::WorkerId,
};
use companion_tests::{Answer, World, json, story, worker::PASSWORD};
use reqwest::Method;

async fn refresh(world: &World, token: &str) -> Answer {
    world.api.post("/api/v1/auth/refresh", &json!({ "refresh_token": token })).await
}

async fn me_with(world: &World, token: &str) -> u16 {
    world.api.call(Method::GET, "/api/v1/me", Some(token), None).await.status.as_u16()
}

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    world.api.post("/api/v1/auth/sign-in", &json!({ "email": email, "password": password })).await
}

story!(a_refresh_token_is_used_once_and_a_lost_reply_can_be_had_again, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let first = phone.tokens().await.refresh;
    let second = refresh(world, &first).await.is(200);
    assert_ne!(second["refresh_token"], json!(first));
    // The reply was lost; within 30 seconds the same comes again.
    world.advance(Duration::seconds(30));
    assert_eq!(refresh(world, &first).await.is(200)["refresh_token"], second["refresh_token"]);
    let third = refresh(world, second["refresh_token"].as_str().unwrap()).await.is(200);
    assert_eq!(me_with(world, third["access_token"].as_str().unwrap()).await, 200);
});

story!(promise_2_a_retry_is_free_for_tokens_whose_reply_was_lost_for_a_day, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let first = phone.tokens().await.refresh;
    let lost = refresh(world, &first).await.is(200);
    world.advance(Duration::days(1));
    let had = refresh(world, &first).await.is(200);
    assert_eq!(had["refresh_token"], lost["refresh_token"]);
    assert_eq!(me_with(world, had["access_token"].as_str().unwrap()).await, 200);
    // It has arrived: whoever comes with the one before now is somebody else.
    world.advance(Duration::seconds(31));
    refresh(world, &first).await.is_problem(401, "session_ended");
});

story!(a_replayed_token_ends_the_family, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let first = phone.tokens().await.refresh;
    let second = refresh(world, &first).await.is(200);
    assert_eq!(me_with(world, second["access_token"].as_str().unwrap()).await, 200);
    world.advance(Duration::seconds(31));
    refresh(world, &first).await.is_problem(401, "session_ended");
    refresh(world, second["refresh_token"].as_str().unwrap()).await.is_problem(401, "session_ended");
    assert_eq!(me_with(world, second["access_token"].as_str().unwrap()).await, 401, "the access token ends with it");
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'refresh.replayed'").await, 1);
});

story!(fifty_refreshes_at_once_have_one_successor, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let first = phone.tokens().await.refresh;
    let answers = futures_util::future::join_all((0..50).map(|_| refresh(world, &first))).await;
    let successors: Vec<_> = answers.into_iter().map(|a| a.is(200)["refresh_token"].clone()).collect();
    assert!(successors.iter().all(|s| *s == successors[0]));
    refresh(world, successors[0].as_str().unwrap()).await.is(200);
});

story!(a_lost_phone_is_out_at_once, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let device = world.dee.devices(&sam).await[0]["id"].as_str().unwrap().to_owned();
    let kept = world.phone_of(&sam).await;
    world.dee.delete(&format!("/api/v1/team/clients/{}/devices/{device}", sam.id)).await.is(204);
    phone.get("/api/v1/me").await.is_problem(401, "unauthorised");
    refresh(world, &phone.tokens().await.refresh).await.is_problem(401, "device_revoked");
    kept.get("/api/v1/me").await.is(200);
});

story!(whoever_signs_out_is_out, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.post("/api/v1/auth/sign-out", &json!({})).await.is(204);
    phone.get("/api/v1/me").await.is_problem(401, "unauthorised");
    refresh(world, &phone.tokens().await.refresh).await.is_problem(401, "device_revoked");
});

story!(an_access_token_is_good_for_ten_minutes, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let token = phone.tokens().await.access;
    world.advance(Duration::minutes(10));
    assert_eq!(me_with(world, &token).await, 200);
    world.advance(Duration::seconds(61));
    assert_eq!(me_with(world, &token).await, 401, "a minute of leeway between the clocks of nodes, no more");
});

story!(a_worker_signs_in_with_a_password, |world| {
    let session = sign_in(world, &world.dee.email.to_uppercase(), PASSWORD).await.is(200);
    assert_eq!(session["worker"]["first_name"], "Dee");
    assert_eq!(session["worker"]["organisation"]["name"], "Harbour Support");
    let token = session["access_token"].as_str().unwrap();
    let me = world.api.call(Method::GET, "/api/v1/team/me", Some(token), None).await.is(200);
    assert_eq!(me["worker"]["roles"], json!(["support_worker"]));

    // Who does not exist and who mistyped hear the same.
    let wrong = sign_in(world, &world.dee.email, "not that one at all").await;
    let nobody = sign_in(world, "nobody@example.org", "not that one at all").await;
    assert_eq!(wrong.body, nobody.body);
    wrong.is_problem(401, "wrong_sign_in");
});

story!(passwords_cannot_be_guessed_for_long, |world| {
    for _ in 0..10 {
        sign_in(world, &world.dee.email, "guessing, guessing").await.is_problem(401, "wrong_sign_in");
    }
    sign_in(world, &world.dee.email, PASSWORD).await.is_problem(429, "too_many_tries");
    sign_in(world, &world.lead.email, PASSWORD).await.is(200);
    // A stranger's guesses elsewhere do not keep the on-call worker out.
    let elsewhere =
        world.api.request(Method::POST, "/api/v1/auth/sign-in", None).header("X-Forwarded-For", "198.51.100.1");
    Answer::of(elsewhere.json(&json!({ "email": world.dee.email, "password": PASSWORD }))).await.is(200);
    world.advance(Duration::minutes(15));
    sign_in(world, &world.dee.email, PASSWORD).await.is(200);
});

story!(whoever_leaves_is_out_at_once_and_cannot_come_back, |world| {
    let admin = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    let lee = world.worker(world.provider, "Lee", &[Role::SupportWorker]).await;
    lee.get("/api/v1/team/me").await.is(200);
    admin.patch(&format!("/api/v1/admin/workers/{}", lee.id), &json!({ "active": false })).await.is(200);
    lee.get("/api/v1/team/me").await.is_problem(401, "unauthorised");
    refresh(world, &lee.tokens().await.refresh).await.is_problem(401, "session_ended");
    sign_in(world, &lee.email, PASSWORD).await.is_problem(401, "wrong_sign_in");
    // A new password ends sessions too, and roles count from one call to the next.
    let new = json!({ "password": "another long sentence" });
    admin.patch(&format!("/api/v1/admin/workers/{}", world.dee.id), &new).await.is(200);
    world.dee.get("/api/v1/team/me").await.is_problem(401, "unauthorised");
    let demoted = json!({ "roles": ["support_worker"] });
    admin.patch(&format!("/api/v1/admin/workers/{}", world.lead.id), &demoted).await.is(200);
    world.lead.post("/api/v1/team/clients", &json!({})).await.is_problem(403, "forbidden");
});

story!(tokens_that_we_did_not_make_are_nobodys, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let good = phone.tokens().await.access;
    let parts: Vec<&str> = good.split('.').collect();
    // {"alg":"none"}; {"alg":"HS256"} without a kid; a kid of nobody's.
    let headers =
        ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAwMDAwMDAwMDAwMDAwMDAifQ"];
    let mut forged: Vec<String> = headers.iter().map(|h| format!("{h}.{}.{}", parts[1], parts[2])).collect();
    forged.push(format!("{}.{}.", parts[0], parts[1]));
    forged.push(format!("{}.{}.{}", parts[0], world.dee.tokens().await.access.split('.').nth(1).unwrap(), parts[2]));
    forged.extend(["", "x", "a.b.c", &phone.contact_key, &phone.tokens().await.refresh].map(str::to_owned));
    // Every letter of the signature counts, save the bits beyond its end.
    for at in 0..parts[2].len() - 1 {
        let mut signature = parts[2].as_bytes().to_vec();
        signature[at] = if signature[at] == b'A' { b'Q' } else { b'A' };
        forged.push(format!("{}.{}.{}", parts[0], parts[1], String::from_utf8(signature).unwrap()));
    }
    for token in &forged {
        assert_eq!(me_with(world, token).await, 401, "{token}");
    }
    assert_eq!(me_with(world, &good).await, 200);
});

story!(nodes_know_each_others_signing_keys, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let old = phone.token().await;
    // A month on, another node starts and begins a new key; ours has not heard of it.
    world.advance(Duration::days(31));
    let other = world.another_node().await;
    assert_eq!(world.count("SELECT COUNT(*) FROM signing_key").await, 2);
    let mut tx = other.db.begin().await.unwrap();
    let session =
        session::begin(&mut tx, &other, world.provider.id, Owner::Worker(WorkerId(world.dee.id))).await.unwrap();
    tx.commit().await.unwrap();
    world.api.call(Method::GET, "/api/v1/team/me", Some(&session.access_token), None).await.is(200);
    assert_eq!(me_with(world, &old).await, 401, "run out long ago");
    other.db.close().await;
});
