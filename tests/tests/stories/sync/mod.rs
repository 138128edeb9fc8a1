//! One round trip: what waits on a phone goes up, what is new comes down, and one bad thing stands in no other's way.

mod restored;

use chrono::Duration;
use companion_tests::{Phone, Value, json, story};
use reqwest::Method;
use uuid::Uuid;

/// Something that waits on a phone.
pub fn operation(id: Uuid, kind: &str, body: Value) -> Value {
    json!({ "id": id, "kind": kind, "body": body })
}

pub async fn check_in(phone: &Phone) -> Value {
    operation(phone.new_id(), "check_in", phone.new_check_in(&[("mood", 3.0)]).await)
}

/// What became of each, in its order.
#[track_caller]
pub fn outcomes(synced: &Value) -> Vec<&str> {
    synced["operations"].as_array().unwrap().iter().map(|o| o["outcome"].as_str().unwrap()).collect()
}

fn parts(synced: &Value) -> Vec<&str> {
    synced["changes"].as_object().unwrap().keys().map(String::as_str).collect()
}

story!(one_round_trip_takes_up_what_waits_and_brings_down_what_is_new, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let request = phone.new_id();
    let operations = [
        operation(request, "contact_request", phone.new_request("today", Some("please ring"))),
        operation(
            phone.new_id(),
            "contact_addition",
            json!({ "contact_request_id": request, "message": "after four" }),
        ),
        check_in(&phone).await,
    ];
    let first = phone.sync(&Value::Null, &operations).await;
    assert_eq!(outcomes(&first), ["done", "done", "done"]);
    assert_eq!(first["operations"][0]["answer"]["state"], "received");
    assert_eq!(
        parts(&first),
        [
            "baseline",
            "check_ins",
            "contact_requests",
            "cover",
            "flags",
            "items",
            "me",
            "pack",
            "plan",
            "provider",
            "reminders",
            "sharing"
        ]
    );
    assert_eq!(first["changes"]["check_ins"], phone.get("/api/v1/me/check-ins?limit=200").await.is(200));
    assert_eq!(first["changes"]["contact_requests"]["items"][0]["id"], json!(request));
    assert_eq!(first["changes"]["pack"]["texts"], json!({}), "texts are asked for by whoever lacks them");

    // Nothing is new, so nothing comes.
    let second = phone.sync(&first["cursor"], &[]).await;
    assert_eq!(parts(&second), Vec::<&str>::new());
    assert_eq!(second["cursor"], first["cursor"]);

    // Somebody takes the request: that part comes, and no other but what hangs on it.
    world.dee.acknowledge(&json!(request)).await;
    let third = phone.sync(&first["cursor"], &[]).await;
    assert_eq!(parts(&third), ["contact_requests"]);
    assert_eq!(third["changes"]["contact_requests"]["items"][0]["seen_by"], "Dee");

    // Somebody looks at the check-in: the phone hears who.
    assert_eq!(world.dee.check_ins(&sam).await.len(), 1);
    let fourth = phone.sync(&third["cursor"], &[]).await;
    assert_eq!(parts(&fourth), ["check_ins"]);
    assert_eq!(fourth["changes"]["check_ins"]["items"][0]["seen_by"], "Dee");
});

story!(every_kind_goes_up, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let synced = phone.sync(&Value::Null, &[]).await;
    let resource = synced["changes"]["pack"]["resources"][0]["id"].clone();
    let (note, request) = (phone.new_id(), phone.new_id());
    let now = phone.now();
    let operations = [
        operation(request, "contact_request", phone.new_request("when_you_can", None)),
        operation(phone.new_id(), "contact_cancel", json!({ "contact_request_id": request })),
        operation(phone.new_id(), "plan_draft", json!({ "based_on": null, "body": { "well": { "what_helps": [] } } })),
        operation(
            phone.new_id(),
            "pack_feedback",
            json!({ "resource_id": resource, "saved": true, "changed_at": now }),
        ),
        operation(note, "pack_addition", json!({ "kind": "note", "title": "Tea", "text": "first", "made_at": now })),
        operation(phone.new_id(), "pack_first_aid", json!({ "ids": [note], "changed_at": now })),
        operation(phone.new_id(), "pack_search", json!({ "words": "sleep walking", "searched_at": now })),
        operation(phone.new_id(), "pack_addition_gone", json!({ "addition_id": note })),
    ];
    let synced = phone.sync(&synced["cursor"], &operations).await;
    assert_eq!(outcomes(&synced), ["done"; 8], "{synced}");
    let again = phone.sync(&synced["cursor"], &operations).await;
    assert_eq!(outcomes(&again), ["already_done"; 8], "{again}");
    assert_eq!(parts(&again), Vec::<&str>::new(), "and the same again changed nothing");
});

mod promise_2_a_retry_is_free {
    use super::*;

    story!(through_sync_after_a_lost_reply, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let operations =
            [check_in(&phone).await, operation(phone.new_id(), "contact_request", phone.new_request("now", None))];
        phone.sync(&Value::Null, &operations).await;
        world.advance(Duration::days(40));
        assert_eq!(outcomes(&phone.sync(&Value::Null, &operations).await), ["already_done"; 2]);
        assert_eq!(world.count("SELECT COUNT(*) FROM check_in").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM contact_request").await, 1);
    });

    story!(ten_at_once_as_two_tabs_and_a_poor_line_send_them_are_one, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let operations = [
            operation(phone.new_id(), "contact_request", phone.new_request("now", None)),
            check_in(&phone).await,
            operation(phone.new_id(), "pack_first_aid", json!({ "ids": [], "changed_at": phone.now() })),
        ];
        let all = futures_util::future::join_all((0..10).map(|_| phone.sync(&Value::Null, &operations))).await;
        for synced in &all {
            assert!(outcomes(synced).iter().all(|o| o.contains("done")), "{synced}");
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM contact_request").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM check_in").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM sync_operation").await, 3);
    });

    story!(what_went_by_the_single_route_is_known_too, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let (id, body) = (phone.new_id(), phone.new_check_in(&[("mood", 3.0)]).await);
        phone.put_check_in(id, &body).await.is(201);
        assert_eq!(outcomes(&phone.sync(&Value::Null, &[operation(id, "check_in", body)]).await), ["already_done"]);
    });

    story!(the_same_twice_in_one_request_or_with_a_field_of_a_newer_app_is_once, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let one = check_in(&phone).await;
        let mut newer = one.clone();
        newer["body"]["a_field_of_next_year"] = json!(1);
        let synced = phone.sync(&Value::Null, &[one.clone(), one.clone()]).await;
        assert_eq!(outcomes(&synced), ["done", "already_done"]);
        assert_eq!(outcomes(&phone.sync(&Value::Null, &[newer]).await), ["already_done"]);
        assert_eq!(world.count("SELECT COUNT(*) FROM check_in").await, 1);
    });

    story!(another_body_under_a_used_id_is_refused, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let (one, aid) = (check_in(&phone).await, phone.new_id());
        let box_of = |ids: Value| operation(aid, "pack_first_aid", json!({ "ids": ids, "changed_at": phone.now() }));
        phone.sync(&Value::Null, &[one.clone(), box_of(json!([]))]).await;
        let mut other = one.clone();
        other["body"]["note"] = json!("something else");
        let asked =
            operation(one["id"].as_str().unwrap().parse().unwrap(), "contact_request", phone.new_request("now", None));
        let synced = phone.sync(&Value::Null, &[other, box_of(json!([phone.new_id()])), asked]).await;
        assert_eq!(outcomes(&synced), ["refused"; 3]);
        for refused in synced["operations"].as_array().unwrap() {
            assert_eq!(refused["problem"]["status"], 409);
        }
        assert_eq!(world.count("SELECT COUNT(*) FROM contact_request").await, 0);
    });
}

story!(what_cannot_be_taken_stands_in_no_other_way, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (_, other) = world.client_with_phone("Robin").await;
    let theirs = other.ask("today").await;
    let operations = [
        check_in(&phone).await,
        operation(phone.new_id(), "mind_reading", json!({})),
        operation(phone.new_id(), "check_in", json!("not an object")),
        operation(phone.new_id(), "check_in", json!({ "recorded_at": "yesterday" })),
        operation(phone.new_id(), "contact_addition", json!({ "message": "to whom?" })),
        operation(
            phone.new_id(),
            "contact_addition",
            json!({ "contact_request_id": "../../provider", "message": "x" }),
        ),
        operation(
            phone.new_id(),
            "contact_addition",
            json!({ "contact_request_id": theirs["id"], "message": "theirs" }),
        ),
        operation(phone.new_id(), "occurrence", json!({ "occurrence_id": phone.new_id(), "act": "forget" })),
        check_in(&phone).await,
    ];
    let synced = phone.sync(&Value::Null, &operations).await;
    let codes: Vec<_> =
        synced["operations"].as_array().unwrap().iter().map(|o| o["problem"]["code"].as_str()).collect();
    assert_eq!(synced["operations"][1]["outcome"], "try_later", "a newer server may know it");
    assert_eq!(
        codes,
        [
            None,
            Some("unknown_kind"),
            Some("invalid"),
            Some("invalid"),
            Some("invalid"),
            Some("invalid"),
            Some("not_found"),
            Some("invalid"),
            None
        ]
    );
    assert_eq!(outcomes(&synced)[0], "done");
    assert_eq!(outcomes(&synced)[8], "done");
    assert_eq!(other.request(&theirs["id"]).await, theirs, "nobody writes into another's request");
});

story!(a_phone_says_which_parts_it_wants, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let ask = operation(phone.new_id(), "contact_request", phone.new_request("now", None));
    let synced =
        phone.sync_with(&json!({ "cursor": null, "operations": [ask], "want": ["contact_requests", "cover"] })).await;
    let synced = synced.is(200);
    assert_eq!(parts(&synced), ["contact_requests", "cover"]);
    // The others are still news.
    assert_eq!(parts(&phone.sync(&synced["cursor"], &[]).await).len(), 10);
    let none = phone.sync_with(&json!({ "want": [] })).await.is(200);
    assert_eq!(none["untold"], json!([]));
    assert_eq!(parts(&none), Vec::<&str>::new());
});

story!(a_part_in_doubt_is_told_anew_though_it_was_put_back, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let told = phone.sync(&Value::Null, &[]).await;
    // The phone learns of the first from its answer; that of the second is lost.
    phone.choose_sharing(&json!({ "flags_shown": false })).await;
    phone.choose_sharing(&json!({ "flags_shown": true })).await;
    let unchanged = phone.sync(&told["cursor"], &[]).await;
    assert_eq!(parts(&unchanged), Vec::<&str>::new());
    let anew = json!({ "cursor": told["cursor"], "anew": ["sharing", "what a newer app has"] });
    let anew = phone.sync_with(&anew).await.is(200);
    assert_eq!(anew["changes"], json!({ "sharing": told["changes"]["sharing"] }));
    assert_eq!(anew["cursor"], told["cursor"]);
});

story!(a_request_for_contact_is_under_a_kilobyte_on_a_poor_line, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let cursor = phone.sync(&Value::Null, &[]).await["cursor"].clone();
    let ask = operation(phone.new_id(), "contact_request", phone.new_request("now", Some("I am in the kitchen")));
    let body =
        json!({ "cursor": cursor, "operations": [ask], "last": phone.new_id(), "want": ["contact_requests", "cover"] });
    let token = phone.token().await;
    let sent = format!(
        "POST /api/v1/me/sync HTTP/1.1\r\nHost: companion.example.org\r\nAuthorization: Bearer {token}\r\n\
         Companion-Sent-At: {}\r\nContent-Type: application/json\r\n\r\n{body}",
        phone.now().to_rfc3339()
    );
    assert!(sent.len() < 1024, "{} bytes: {sent}", sent.len());
    phone.sync_with(&body).await.is(200);
});

story!(a_body_may_be_packed_and_may_not_unpack_to_more_than_is_taken, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let send = async |body: &[u8]| {
        let token = phone.token().await;
        let request = world.api.request(Method::POST, "/api/v1/me/sync", Some(&token));
        let request = request.header("Content-Type", "application/json").header("Content-Encoding", "gzip");
        companion_tests::Answer::of(request.body(body.to_vec())).await
    };
    let body = json!({ "operations": [check_in(&phone).await], "want": [] }).to_string();
    assert_eq!(outcomes(&send(&gzip(body.as_bytes())).await.is(200)), ["done"]);
    let bomb = format!("{{\"cursor\": \"{}\"}}", "a".repeat(companion::sync::LARGEST_BODY));
    assert!(gzip(bomb.as_bytes()).len() < 5000);
    send(&gzip(bomb.as_bytes())).await.is_problem(413, "too_large");
    send(b"not packed at all").await.is_problem(422, "invalid");
});

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

story!(a_phone_that_was_off_for_months_brings_everything_at_once, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mut operations = Vec::new();
    for _ in 0..60 {
        world.advance(Duration::days(1));
        operations.push(check_in(&phone).await);
    }
    let synced = phone.sync(&Value::Null, &operations).await;
    assert!(outcomes(&synced).iter().all(|o| *o == "done"));
    world.run_jobs().await;
    assert_eq!(synced["changes"]["check_ins"]["items"].as_array().unwrap().len(), 60);
    assert_eq!(world.dee.check_ins(&sam).await.len(), 60);
    let too_many: Vec<Value> = (0..501).map(|_| operation(phone.new_id(), "check_in", json!({}))).collect();
    phone.sync_with(&json!({ "operations": too_many })).await.is_problem(422, "invalid");
});

story!(promise_8_time_is_right_for_what_comes_by_sync_from_a_phone_whose_clock_is_years_wrong, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let mut body = phone.new_check_in(&[("mood", 3.0)]).await;
    let shown = phone.now() - Duration::days(3650);
    body["recorded_at"] = json!(shown - Duration::hours(2));
    let request = world.api.request(Method::POST, "/api/v1/me/sync", Some(&phone.token().await));
    let request = request.header("Companion-Sent-At", shown.to_rfc3339());
    let body = json!({ "operations": [operation(phone.new_id(), "check_in", body)] });
    let synced = companion_tests::Answer::of(request.json(&body)).await.is(200);
    let made: chrono::DateTime<chrono::Utc> =
        synced["operations"][0]["answer"]["made_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(world.now() - made, Duration::hours(2), "two hours ago, whatever year the phone thinks it is");
    assert_eq!(synced["server_time"], json!(world.now()));
});

story!(what_cannot_be_taken_now_is_tried_later_and_the_rest_is_taken, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    // A row of this client's pack that nobody can open: marks cannot be kept, everything else can.
    let resource = phone.sync(&Value::Null, &[]).await["changes"]["pack"]["resources"][0]["id"].clone();
    let mark = |saved: bool| {
        operation(
            phone.new_id(),
            "pack_feedback",
            json!({ "resource_id": resource, "saved": saved, "changed_at": phone.now() }),
        )
    };
    phone.sync(&Value::Null, &[mark(true)]).await;
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE pack SET own = $1").bind(b"damaged".as_slice()).execute().await.unwrap();
    tx.commit().await.unwrap();
    let synced = phone.sync(&Value::Null, &[mark(false), check_in(&phone).await]).await;
    assert_eq!(outcomes(&synced), ["try_later", "done"]);
    assert!(
        parts(&synced).contains(&"check_ins") && !parts(&synced).contains(&"pack"),
        "one part that cannot be told keeps back no other"
    );
    assert_eq!(synced["untold"], json!(["pack"]), "and the phone does not take it for unchanged");
});
