//! What the team does with requests for contact beside answering them: one screen that tells all, a call written down, the board,
//! the file; and how a client wants to be contacted, in their own hands.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{
    Client, Value, World, json,
    plan::{draft, two_stages},
    story,
};
use uuid::Uuid;

fn new_call(when: &str) -> Value {
    json!({ "id": Uuid::from_u128(7), "how": "call", "when": when, "words": "Cannot sleep, the neighbours again." })
}

async fn log(world: &World, client: &Client, call: &Value) -> companion_tests::Answer {
    world.dee.post(&format!("/api/v1/team/clients/{}/calls", client.id), call).await
}

story!(a_client_says_how_they_like_to_be_contacted_and_the_worker_reads_it_before_ringing, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let reach = json!({ "how": "text", "when": "after ten", "words": "Ask for Sam first", "leave_message": false, "not_at_work": true });
    phone.put("/api/v1/me/reach", &reach).await.is(200);
    assert_eq!(phone.get("/api/v1/me").await.is(200)["reach"], reach);
    let asked = phone.ask("now").await;
    let one = world.dee.get(&format!("/api/v1/team/contact-requests/{}", asked["id"].as_str().unwrap())).await.is(200);
    assert_eq!(one["client"]["reach"], reach);

    // Too long a text changes nothing.
    let long = json!({ "how": "call", "words": "x".repeat(501) });
    phone.put("/api/v1/me/reach", &long).await.is_problem(422, "invalid");
    assert_eq!(phone.get("/api/v1/me").await.is(200)["reach"], reach);

    // A worker who changes their phone number leaves it as it is.
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "phone": "01632 960 009" })).await.is(200);
    assert_eq!(phone.get("/api/v1/me").await.is(200)["reach"], reach);
});

story!(one_screen_tells_whoever_was_woken_what_they_need, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let asked = phone.ask("now").await;
    let path = format!("/api/v1/team/contact-requests/{}", asked["id"].as_str().unwrap());
    let one = world.dee.get(&path).await.is(200);
    assert_eq!(
        (&one["state"], &one["plan"]),
        (&json!("reached"), &Value::Null),
        "nothing was agreed, so nothing is said"
    );

    let sleep = phone.item("sleep").await;
    let mut body = two_stages(&sleep["id"]);
    body["works"] = json!([{ "id": Uuid::from_u128(1), "text": "A walk by the river" }]);
    body["people"] =
        json!([{ "id": Uuid::from_u128(2), "name": "Gwen", "relation": "sister", "phone": "01632 960 400" }]);
    let version = phone.put_draft(&draft(Uuid::from_u128(3), &Value::Null, &body)).await.is(200);
    phone.agree_to_plan(&version["id"]).await.is(200);
    world.dee.agree_to_plan(&sam, &version["id"], "mine").await.is(200);
    let plan = world.dee.get(&path).await.is(200)["plan"].clone();
    assert_eq!((&plan["stage"], &plan["mine"]), (&Value::Null, &json!(["A walk by the river"])));
    assert_eq!(plan["people"], json!([{ "name": "Gwen", "relation": "sister", "phone": "01632 960 400" }]));

    // She has said in a check-in where she is: then that stage's own lines.
    let stage = body["stages"][1].clone();
    let mut check_in = phone.new_check_in(&[("sleep", 2.0)]).await;
    check_in["stage"] = json!({ "id": stage["id"], "name": stage["name"] });
    phone.put_check_in(phone.new_id(), &check_in).await.is(201);
    let plan = world.dee.get(&path).await.is(200)["plan"].clone();
    let mine: Vec<&Value> = stage["mine"].as_array().unwrap().iter().map(|line| &line["text"]).collect();
    assert_eq!((&plan["stage"], plan["mine"].as_array().unwrap().iter().collect::<Vec<_>>()), (&stage["name"], mine));

    // Of long ago, it is not taken to be so any more.
    world.advance(Duration::days(4));
    assert_eq!(world.dee.get(&path).await.is(200)["plan"]["stage"], Value::Null);
});

story!(a_call_that_came_in_is_a_request_with_the_same_promises, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let by = world.now() + Duration::minutes(30);
    let mut call = new_call("today");
    call["promise"] = json!({ "what": "call", "by": by });
    let logged = log(world, &sam, &call).await.is(201);
    assert_eq!(
        (&logged["state"], &logged["by_phone"], &logged["owner"]["first_name"]),
        (&json!("promised"), &json!(true), &json!("Dee"))
    );
    assert_eq!(log(world, &sam, &call).await.is(200)["id"], logged["id"], "a retry is free");
    let mut other = call.clone();
    other["when"] = json!("now");
    log(world, &sam, &other).await.is_problem(409, "conflict");

    // Sam's phone shows it as any other; what Dee wrote is for the team.
    let hers = phone.request(&logged["id"]).await;
    assert_eq!((&hers["state"], &hers["seen_by"]), (&json!("promised"), &json!("Dee")));
    assert!(!hers.to_string().contains("neighbours"));
    assert!(logged["timeline"].to_string().contains("neighbours"));

    world.advance(Duration::minutes(31));
    world.run_jobs().await;
    assert_eq!(phone.request(&logged["id"]).await["promise_broken"], true, "a promise made on the phone is held to");
});

story!(a_call_joins_the_request_that_is_open, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let asked = phone.ask("now").await;
    let logged = log(world, &sam, &new_call("now")).await.is(201);
    assert_eq!((&logged["id"], &logged["state"]), (&asked["id"], &json!("seen")));
    let mut done = new_call("now");
    done["id"] = json!(Uuid::from_u128(8));
    done["done"] = json!(true);
    assert_eq!(log(world, &sam, &done).await.is(201)["state"], "done");
    assert_eq!(phone.request(&asked["id"]).await["state"], "done");
    assert!(world.dee.inbox().await.is_empty());
});

story!(a_call_that_is_written_down_late_leaves_alone_what_was_asked_since, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.advance(Duration::hours(1));
    let asked = phone.ask("now").await;
    let mut call = new_call("now");
    call["id"] = json!(Uuid::from_u128(9));
    call["called_at"] = json!(world.now() - Duration::minutes(30));
    call["done"] = json!(true);
    let logged = log(world, &sam, &call).await.is(201);
    assert_eq!((logged["id"] != asked["id"], &logged["state"]), (true, &json!("done")));
    let open = phone.request(&asked["id"]).await;
    assert_eq!((&open["seen_at"], &open["done_at"]), (&Value::Null, &Value::Null), "nobody has seen that one yet");
    world.run_jobs().await;
    assert_eq!(world.dee.request(&asked["id"]).await["escalation"]["state"], "ringing");
});

story!(a_call_makes_what_is_open_more_urgent_and_never_less, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let asked = phone.ask("when_you_can").await;
    world.advance(Duration::hours(12));
    let by = world.now() + Duration::minutes(15);
    let mut call = new_call("now");
    call["promise"] = json!({ "what": "call", "by": by });
    assert_eq!(log(world, &sam, &call).await.is(201)["id"], asked["id"]);
    assert_eq!(world.dee.request(&asked["id"]).await["urgency"], "now");
    let mut later = new_call("today");
    later["id"] = json!(Uuid::from_u128(8));
    log(world, &sam, &later).await.is(201);
    assert_eq!(world.dee.request(&asked["id"]).await["urgency"], "now");
    world.live_until(by).await;
    let rung = world.dee.request(&asked["id"]).await;
    assert_eq!((&rung["promise_broken"], &rung["escalation"]["state"]), (&json!(true), &json!("ringing")));
    assert_eq!(
        rung["escalation"]["next_at"],
        json!(by + Duration::minutes(1)),
        "at nine in the evening, and not in the morning"
    );
});

story!(a_page_in_the_background_reaches_nobody, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let asked = phone.ask("now").await;
    for path in ["/api/v1/team/inbox", "/api/v1/team/contact-requests", "/api/v1/team/board"] {
        world.dee.get(&format!("{path}?background=true")).await.is(200);
        assert_eq!(phone.request(&asked["id"]).await["state"], "received", "{path}");
    }
    world.dee.get("/api/v1/team/inbox?background=false").await.is(200);
    assert_eq!(phone.request(&asked["id"]).await["state"], "reached");
});

story!(a_call_that_cannot_be_is_refused_and_changes_nothing, |world| {
    let (sam, _) = world.client_with_phone("Sam").await;
    for (field, value) in [
        ("called_at", json!(world.now() + Duration::hours(1))),
        ("called_at", json!(world.now() - Duration::days(8))),
        ("promise", json!({ "what": "call", "by": world.now() })),
        ("words", json!("x".repeat(2001))),
    ] {
        let mut call = new_call("now");
        call[field] = value;
        log(world, &sam, &call).await.is_problem(422, "invalid");
    }
    let mut both = new_call("now");
    both["done"] = json!(true);
    both["promise"] = json!({ "what": "call", "by": world.now() + Duration::hours(1) });
    log(world, &sam, &both).await.is_problem(422, "invalid");
    assert_eq!(world.count("SELECT COUNT(*) FROM contact_request").await, 0);
});

story!(a_kept_promise_is_said_to_be_kept, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let asked = phone.ask("now").await;
    world.dee.promise(&asked["id"], world.now() + Duration::minutes(30)).await;
    assert_eq!(phone.request(&asked["id"]).await["promise_kept_at"], Value::Null);
    world.advance(Duration::minutes(10));
    let missed = json!({ "how": "call", "reached": false });
    world.dee.act_on_request(&asked["id"], "attempt", &missed).await.is(200);
    assert_eq!(phone.request(&asked["id"]).await["promise_kept_at"], Value::Null, "trying is not being in touch");
    world.advance(Duration::minutes(10));
    let reached = json!({ "how": "call", "reached": true });
    world.dee.act_on_request(&asked["id"], "attempt", &reached).await.is(200);
    assert_eq!(phone.request(&asked["id"]).await["promise_kept_at"], json!(world.now()));
});

story!(the_board_shows_what_is_open_and_how_soon_people_were_answered, |world| {
    let (_, sam) = world.client_with_phone("Sam").await;
    let (_, kim) = world.client_with_phone("Kim").await;
    let first = sam.ask("now").await;
    world.advance(Duration::seconds(40));
    world.dee.inbox().await;
    world.advance(Duration::seconds(50));
    world.dee.promise(&first["id"], world.now() + Duration::minutes(30)).await;
    world.advance(Duration::minutes(31));
    world.run_jobs().await;
    // Broken stays broken, whatever is promised and kept afterwards.
    world.dee.promise(&first["id"], world.now() + Duration::minutes(30)).await;
    let reached = json!({ "how": "call", "reached": true });
    world.dee.act_on_request(&first["id"], "attempt", &reached).await.is(200);
    // A call that came in was answered before it was written down: it has no times.
    let ann = world.client("Ann").await;
    log(world, &ann, &new_call("now")).await.is(201);
    // Done at once, without a word before.
    let second = kim.ask("now").await;
    world.advance(Duration::seconds(50));
    world.dee.act_on_request(&second["id"], "complete", &json!({})).await.is(200);
    kim.ask("today").await;

    let board = world.lead.get("/api/v1/team/board").await.is(200);
    let service = &board["services"][0];
    assert_eq!((service["open"].as_array().unwrap().len(), &service["asked"]), (3, &json!(3)));
    assert_eq!(service["acknowledged"], json!({ "p50": 50, "p90": 90, "within_60_s": 1.0 / 3.0 }));
    assert_eq!(service["reached"]["p90"], 50, "Kim's second was reached by this look, at once");
    assert_eq!(service["promises"], json!({ "kept": 1, "broken": 1 }));

    // Another service's board is another one.
    let elsewhere = world.another_service(world.provider, "Recovery college").await;
    let stranger = world.worker(elsewhere, "Ifan", &[Role::TeamLead]).await;
    let board = stranger.get("/api/v1/team/board").await.is(200);
    assert_eq!((&board["services"][0]["open"], &board["services"][0]["asked"]), (&json!([]), &json!(0)));
});

story!(the_history_is_a_file_without_a_client_in_it, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let body = phone.new_request("now", Some("=HYPERLINK(\"http://evil\")"));
    let asked = phone.put_request(phone.new_id(), &body).await.is(201);
    world.advance(Duration::seconds(75));
    world.dee.promise(&asked["id"], world.now() + Duration::minutes(30)).await;
    world.advance(Duration::minutes(5));
    world.dee.act_on_request(&asked["id"], "complete", &json!({})).await.is(200);

    let path = format!("/api/v1/team/board/history.csv?service_id={}", world.provider.service);
    let answer = world.lead.get(&path).await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = answer.text.lines().collect();
    assert_eq!(lines.len(), 2, "{}", answer.text);
    assert!(
        lines[1].ends_with(",done") && lines[1].contains(",75,Dee Worker,") && lines[1].contains(",yes,"),
        "{}",
        lines[1]
    );
    assert!(!answer.text.contains("Sam") && !answer.text.contains("HYPERLINK"));

    world.dee.get(&path).await.is_problem(403, "forbidden");
    world.lead.get(&format!("{path}&from=2026-11-20&until=2026-11-16")).await.is_problem(422, "invalid");
    let elsewhere = world.another_service(world.provider, "Recovery college").await;
    let stranger = world.worker(elsewhere, "Ifan", &[Role::TeamLead]).await;
    stranger.get(&path).await.is_problem(404, "not_found");
});
