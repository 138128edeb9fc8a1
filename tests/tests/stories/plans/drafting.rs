//! Two people write one plan. Nothing of either is lost.

use companion_tests::{
    Value, json,
    plan::{draft, line, texts},
    story,
};

story!(client_and_worker_both_write_and_both_read_who_changed_what, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    assert_eq!(phone.plan().await, json!({ "current": null, "draft": null }));
    let first =
        phone.write_plan(&Value::Null, &json!({ "keeps_well": [line("A walk")], "triggers": [line("Noise")] })).await;
    assert_eq!((&first["number"], &first["by"]), (&Value::Null, &json!({ "who": "client", "name": "Sam" })));
    assert_eq!(world.dee.plan(&sam).await["draft"]["body"]["keeps_well"][0]["text"], "A walk");

    world.advance(chrono::Duration::hours(1));
    let mut body = first["body"].clone();
    body["keeps_well"] = json!([{ "id": line("A walk")["id"], "text": "A walk by the sea" }, line("Ring my sister")]);
    body["triggers"] = json!([]);
    let second = world.dee.put_plan(&sam, &draft(phone.new_id(), &first["id"], &body)).await.is(200);
    assert_eq!(second["by"], json!({ "who": "worker", "name": "Dee Worker" }));
    assert_eq!(
        phone.plan().await["draft"]["by"],
        json!({ "who": "worker", "name": "Dee" }),
        "the client reads the first name"
    );

    let history = phone.plan_history().await;
    assert_eq!(history.len(), 2);
    assert_eq!(history[0]["version"]["id"], second["id"], "newest first");
    assert_eq!(history[0]["version"].get("body"), None);
    assert_eq!(
        history[0]["changes"],
        json!([
            { "where": "keeps_well", "stage": null, "what": "changed", "before": "A walk", "after": "A walk by the sea" },
            { "where": "keeps_well", "stage": null, "what": "added", "before": null, "after": "Ring my sister" },
            { "where": "triggers", "stage": null, "what": "removed", "before": "Noise", "after": null },
        ])
    );
    let before = phone.get(&format!("/api/v1/me/plan/versions/{}", first["id"].as_str().unwrap())).await.is(200);
    assert_eq!(texts(&before["body"]["triggers"]), ["Noise"], "what was is still there");
});

// F21
story!(the_same_plan_edited_offline_by_both_is_kept_and_shown_in_both_wordings, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let body = json!({ "keeps_well": [line("A walk"), line("Sleep"), line("Tea")] });
    let base = phone.write_plan(&Value::Null, &body).await;
    // Offline, the client changes a line, takes one away and writes a new one; meanwhile Dee changes the same and another.
    let walk = line("A walk")["id"].clone();
    let offline =
        json!({ "keeps_well": [{ "id": walk, "text": "A walk with the dog" }, line("Sleep"), line("Paint")] });
    let theirs = json!({ "keeps_well": [{ "id": walk, "text": "A walk to the shop" }, { "id": line("Sleep")["id"], "text": "Sleep by eleven" }, line("Tea")] });
    let dees = world.dee.put_plan(&sam, &draft(phone.new_id(), &base["id"], &theirs)).await.is(200);
    let sent = draft(phone.new_id(), &base["id"], &offline);
    let merged = phone.put_draft(&sent).await.is(200);
    assert_ne!(merged["id"], sent["id"]);
    assert_eq!((&merged["merged"], &merged["doubled"]), (&json!(true), &json!(1)));
    assert_eq!(
        texts(&merged["body"]["keeps_well"]),
        ["A walk to the shop", "A walk with the dog", "Sleep by eleven", "Paint"]
    );
    assert_eq!(merged["body"]["keeps_well"][1]["beside"], walk);
    // Nobody can agree to what has not been chosen.
    let refused = phone.agree_to_plan(&merged["id"]).await.is_problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("two wordings"), "{refused}");
    // Both read the same, and what each of them sent is in the history.
    assert_eq!(world.dee.plan(&sam).await["draft"]["id"], merged["id"]);
    let history = phone.plan_history().await;
    let steps: Vec<(&Value, &Value)> = history.iter().map(|s| (&s["version"]["id"], &s["version"]["aside"])).collect();
    assert_eq!(
        steps,
        [
            (&merged["id"], &json!(false)),
            (&sent["id"], &json!(true)),
            (&dees["id"], &json!(false)),
            (&base["id"], &json!(false))
        ]
    );
    // The reply was lost, and the phone sends it again: nothing more happens.
    assert_eq!(phone.put_draft(&sent).await.is(200)["id"], merged["id"]);
    assert_eq!(phone.plan_history().await.len(), 4);
});

story!(a_draft_is_saved_once_and_only_if_it_can_be, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let good = draft(phone.new_id(), &Value::Null, &json!({ "works": [line("Music")] }));
    let saved = phone.put_draft(&good).await.is(200);
    assert_eq!(phone.put_draft(&good).await.is(200), saved, "a retry is free");
    let mut other = good.clone();
    other["body"]["works"] = json!([line("Silence")]);
    phone.put_draft(&other).await.is_problem(409, "conflict");
    world.dee.put_plan(&sam, &good).await.is_problem(409, "conflict");

    let unknown = draft(phone.new_id(), &json!(phone.new_id()), &json!({ "works": [line("Music")] }));
    phone.put_draft(&unknown).await.is_problem(409, "conflict");
    let stranger = json!({ "id": phone.new_id(), "text": "x", "item_id": phone.new_id() });
    for (body, field) in [
        (json!({ "works": [line(" ")] }), "body.works[0].text"),
        (json!({ "works": [line(&"x".repeat(301))] }), "body.works[0].text"),
        (json!({ "works": vec![line("x"); 2] }), "body.works[1].id"),
        (
            json!({ "stages": [{ "id": phone.new_id(), "name": "s", "signs": [stranger] }] }),
            "body.stages[0].signs[0].item_id",
        ),
        (json!({ "people": [{ "id": phone.new_id(), "name": "" }] }), "body.people[0].name"),
    ] {
        let refused = phone.put_draft(&draft(phone.new_id(), &saved["id"], &body)).await.is_problem(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    assert_eq!(phone.plan_history().await.len(), 1, "and nothing of it was kept");
    assert_eq!(world.count("SELECT COUNT(*) FROM plan_version").await, 1);
});

story!(a_plan_is_read_only_by_those_who_support_the_client, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let canary = "the blue door by the harbour";
    let written = phone.write_plan(&Value::Null, &json!({ "do_not_tell": [line(canary)] })).await;
    let other = world.another_service(world.provider, "Elsewhere").await;
    let stranger = world.worker(other, "Ash", &[companion::access::Role::SupportWorker]).await;
    let version = written["id"].as_str().unwrap();
    for what in ["/plan".to_owned(), "/plan/history".to_owned(), format!("/plan/versions/{version}")] {
        stranger.of(&sam, &what).await.is_problem(404, "not_found");
    }
    let (_, jo) = world.client_with_phone("Jo").await;
    jo.get(&format!("/api/v1/me/plan/versions/{version}")).await.is_problem(404, "not_found");
    jo.agree_to_plan(&written["id"]).await.is_problem(404, "not_found");
    // Sealed where it lies.
    let sealed: Vec<u8> = world.app.db.query("SELECT body FROM plan_version").scalar().await.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("harbour"));
});
