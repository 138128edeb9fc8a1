//! What the team chooses with a client: few things, with why and by whom, and the client sees it.

use chrono::Duration;
use companion_tests::{Value, json, story};

story!(what_is_chosen_shows_on_the_phone_in_its_order_with_why_and_by_whom, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    let (sleep, breathing) = (pack.id("sleep"), pack.id("slow-breathing"));
    assert_eq!(world.dee.pack_of(&sam).await["revision"], 0);
    let first = world.now();
    let chosen =
        json!([{ "resource_id": breathing, "why": "  for the bus\u{202e}  " }, { "resource_id": sleep, "why": " " }]);
    let answer = world.dee.choose(&sam, chosen).await.is(200);
    assert_eq!(answer["revision"], 1);
    assert_eq!(answer["chosen"][0]["title"], pack.text("slow-breathing", "en")["title"]);
    let by_dee = |id: &Value, why: Value| json!({ "resource_id": id, "why": why, "by": "Dee", "added_at": first });
    let seen = [by_dee(&breathing, json!("for the bus")), by_dee(&sleep, json!(null))];
    assert_eq!(phone.pack().await["chosen"], json!(seen));

    // Another order leaves who chose it and when; other words are another choice.
    world.advance(Duration::days(1));
    let reordered =
        json!([{ "resource_id": sleep, "why": "we spoke of it" }, { "resource_id": breathing, "why": "for the bus" }]);
    world.lead.choose(&sam, reordered).await.is(200);
    let reworded = json!({ "resource_id": sleep, "why": "we spoke of it", "by": "Pat", "added_at": world.now() });
    assert_eq!(phone.pack().await["chosen"], json!([reworded, seen[0]]));
    // What is left out is chosen no longer.
    world.dee.choose(&sam, json!([])).await.is(200);
    assert_eq!(phone.pack().await["chosen"], json!([]));
});

story!(two_workers_at_once_do_not_undo_each_other, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    let chosen = [json!([{ "resource_id": pack.id("sleep") }]), json!([{ "resource_id": pack.id("slow-breathing") }])];
    let zero = json!(0);
    let (one, other) = tokio::join!(
        world.dee.choose_after(&sam, &zero, chosen[0].clone()),
        world.lead.choose_after(&sam, &zero, chosen[1].clone()),
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let kept = world.dee.pack_of(&sam).await;
    assert_eq!((&kept["revision"], kept["chosen"].as_array().unwrap().len()), (&json!(1), 1));
    world.dee.choose_after(&sam, &zero, json!([])).await.is_problem(409, "conflict");
    // What the client does meanwhile with what is theirs is in nobody's way.
    phone.mark(&pack.id("sleep"), json!({ "bookmarked": true })).await.is(200);
    world.dee.choose_after(&sam, &json!(1), json!([])).await.is(200);
    assert_eq!(phone.pack().await.mark(&pack.id("sleep"))["bookmarked"], true);
});

story!(what_is_not_offered_is_not_chosen, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    let (sleep, breathing) = (pack.id("sleep"), pack.id("slow-breathing"));
    world.dee.choose(&sam, json!([{ "resource_id": sleep }])).await.is(200);
    for slug in ["sleep", "slow-breathing"] {
        let resource = world.lead.resource(slug).await;
        world.lead.act_on(&resource, "retire", &json!({ "withdraw": false })).await.is(200);
    }
    let listed: Vec<Value> =
        pack["resources"].as_array().unwrap().iter().map(|r| json!({ "resource_id": r["id"] })).collect();
    let offered = listed.iter().find(|r| ![&sleep, &breathing].contains(&&r["resource_id"])).unwrap();
    for (field, wrong) in [
        ("chosen[0].resource_id", json!([{ "resource_id": phone.new_id() }])),
        ("chosen[0].resource_id", json!([{ "resource_id": breathing }])),
        ("chosen[1].resource_id", json!([offered, offered])),
        ("chosen[0].why", json!([{ "resource_id": offered["resource_id"], "why": "x".repeat(401) }])),
        ("chosen", json!(listed[..31])),
    ] {
        let problem = world.dee.choose(&sam, wrong).await.is_problem(422, "invalid");
        let fields: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|e| &e["field"]).collect();
        assert!(fields.contains(&&json!(field)), "{field}: {fields:?}");
    }
    // What was chosen before it was retired may stay, and the team sees that it is.
    let kept = world.dee.choose(&sam, json!([{ "resource_id": sleep }, offered])).await.is(200);
    assert_eq!((&kept["revision"], &kept["chosen"][0]["retired"]), (&json!(2), &json!(true)));
    assert_eq!(kept["chosen"].as_array().unwrap().len(), 2);
});
