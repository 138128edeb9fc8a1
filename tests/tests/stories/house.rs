//! What holds for every call: refusals that are clear, a description that is whole, a server that is well.

use std::collections::BTreeSet;

use chrono::Duration;
use companion::{
    access::TABLE,
    config::{Config, Language},
};
use companion_tests::{Answer, json, story};
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

story!(what_cannot_be_taken_is_refused_clearly, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let token = phone.token().await;
    let path = format!("/api/v1/me/check-ins/{}", phone.new_id());
    let put = |content_type: &'static str, body: String| {
        Answer::of(world.api.request(Method::PUT, &path, Some(&token)).header("Content-Type", content_type).body(body))
    };
    let note =
        |length: usize| json!({ "recorded_at": world.now(), "answers": [], "note": "x".repeat(length) }).to_string();
    put("application/json", note(64 * 1024)).await.is_problem(413, "too_large");
    put("text/plain", note(10)).await.is_problem(415, "unsupported_media_type");
    put("application/x-www-form-urlencoded", "note=hello".into()).await.is_problem(415, "unsupported_media_type");
    for bad in ["", "{", "[]", "null", "{\"recorded_at\": 5, \"answers\": []}", "\u{0}", "{\"answers\": []}"] {
        let problem = put("application/json", bad.into()).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "body");
    }
    put("application/json; charset=utf-8", note(10)).await.is(201);
    // A deep body is bad JSON, not the end of the process.
    put("application/json", format!("{{\"a\":{}", "[".repeat(60_000))).await.is_problem(422, "invalid");
    world.api.get("/healthz").await.is(200);
});

story!(what_was_done_a_week_ago_is_let_go_and_what_waits_is_not, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.check_in(&[("mood", 3.0)]).await;
    world.run_jobs().await;
    let jobs = async |which| world.count(which).await;
    let (done, waiting) =
        ("SELECT COUNT(*) FROM job WHERE done_at IS NOT NULL", "SELECT COUNT(*) FROM job WHERE done_at IS NULL");
    let before = (jobs(done).await, jobs(waiting).await);
    assert!(before.0 > 0 && before.1 > 0, "{before:?}");
    world.advance(Duration::days(7));
    assert_eq!(companion::jobs::tidy(&world.app).await.unwrap(), 0);
    world.advance(Duration::seconds(1));
    assert_eq!(companion::jobs::tidy(&world.app).await.unwrap(), before.0.unsigned_abs());
    assert_eq!((jobs(done).await, jobs(waiting).await), (0, before.1));
});

story!(welsh_is_offered_where_the_provider_wants_it_and_not_before, |world| {
    assert_eq!(world.api.get("/api/v1/provider").await.is(200)["languages"], json!(["en"]));
    let config = Config { languages: vec![Language::En, Language::Cy], ..world.config.clone() };
    let server = world.another_server_told(config).await;
    assert_eq!(server.api.get("/api/v1/provider").await.is(200)["languages"], json!(["en", "cy"]));
    server.end().await;
});

story!(unknown_fields_are_ignored, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let mut body = phone.new_check_in(&[("mood", 3.0)]).await;
    body["organisation_id"] = json!("another");
    body["made_at"] = json!("2001-01-01T00:00:00Z");
    body["answers"][0]["colour"] = json!("green");
    let kept = phone.put_check_in(phone.new_id(), &body).await.is(201);
    assert_eq!(kept["made_at"], json!(world.now()));
    let mut request = phone.new_request("now", None);
    (request["state"], request["taps"]) = (json!("done"), json!(9));
    assert_eq!(phone.put_request(phone.new_id(), &request).await.is(201)["state"], "received");
});

story!(headers_that_never_end_are_cut_off, |world| {
    let address = world.api.base.trim_start_matches("http://").to_owned();
    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    // Reading returns when the server closes; that it does is the story.
    let mut answer = Vec::new();
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, slow.read_to_end(&mut answer)).await.expect("the server hangs up").unwrap();
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
});

story!(the_description_holds_every_route_and_no_more, |world| {
    let api = world.api.get("/api/openapi.json").await.is(200);
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"), "{}", api["openapi"]);
    let described: BTreeSet<(String, String)> = api["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|m| (m.to_uppercase(), path.clone())).collect::<Vec<_>>()
        })
        .collect();
    let routes: BTreeSet<_> = TABLE.iter().map(|r| (r.method.to_owned(), r.path.to_owned())).collect();
    assert_eq!(described, routes);
    let page = world.api.get("/api/docs/").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("<html"));
});

story!(a_method_that_is_not_there_answers_nobody, |world| {
    let paths: BTreeSet<&str> = TABLE.iter().map(|r| r.path).collect();
    for path in paths {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            if TABLE.iter().any(|r| r.path == path && r.method == method.as_str()) {
                continue;
            }
            let real = path.replace("{id}", &world.dee.id.to_string());
            let answer = world.lead.call(method, &real, None).await;
            assert_eq!(answer.status, 405, "{} {}", answer.asked, answer.text);
        }
    }
    world.lead.get("/api/v1/nothing/here").await.is_problem(404, "not_found");
});

story!(every_answer_carries_the_headers_that_protect, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let answers = [
        phone.get("/api/v1/me").await,
        phone.get("/api/v1/team/inbox").await,
        world.api.get("/api/v1/me").await,
        world.api.get("/api/v1/nothing").await,
        world.api.get("/healthz").await,
        world.api.get("/").await,
    ];
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{}", answer.asked);
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(answer.header("cache-control").is_some());
    }
});

story!(health_says_what_is_so, |world| {
    assert_eq!(world.api.get("/healthz").await.is(200)["alive"], true);
    assert_eq!(world.api.get("/readyz").await.is(200)["ready"], true);
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.check_in(&[("mood", 3.0)]).await;
    world.advance(chrono::Duration::seconds(90));
    let engine = world.api.get("/health/engine").await.is(200);
    assert_eq!((&engine["overdue_seconds"], &engine["last_finished_sweep"]), (&json!(90), &json!(null)));
    // Behind, and ready all the same: it must still take things in.
    assert_eq!(world.api.get("/readyz").await.is(200)["ready"], true);
    world.run_jobs().await;
    let engine = world.api.get("/health/engine").await.is(200);
    assert_eq!((&engine["overdue_seconds"], &engine["last_finished_sweep"]), (&json!(0), &json!(world.now())));
});

story!(crisis_lines_say_whether_anybody_has_checked_them, |world| {
    let provider = world.api.get("/api/v1/provider").await.is(200);
    assert_eq!((&provider["name"], &provider["phone"]), (&json!("Harbour Support"), &json!("01632 960 000")));
    let lines = provider["crisis_lines"].as_array().unwrap();
    assert!(lines.iter().any(|l| l["number"] == "116 123") && lines.iter().any(|l| l["number"] == "999"));
    assert!(lines.iter().all(|l| l["checked_on"].is_null() && l["checked_by"].is_null()));

    let admin = world.worker(world.provider, "Ada", &[companion::access::Role::Admin]).await;
    let id = lines[0]["id"].as_str().unwrap();
    let checked = admin.post(&format!("/api/v1/admin/crisis-lines/{id}/check"), &json!({})).await.is(200);
    assert_eq!(
        (&checked["checked_on"], &checked["checked_by"]),
        (&json!(world.now().date_naive()), &json!("Ada Worker"))
    );
    admin.post("/api/v1/admin/crisis-lines/no-such-line/check", &json!({})).await.is_problem(404, "not_found");
});
