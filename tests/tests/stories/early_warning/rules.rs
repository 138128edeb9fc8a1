//! The rules of one client: chosen after a look at what they would have meant, with a reason, and readable for the client.

use chrono::Duration;
use companion_tests::{Client, Phone, Value, Worker, World, json, story};

fn episodes(replayed: &Value, which: &str) -> Vec<Value> {
    replayed[which].as_array().unwrap().clone()
}

story!(rules_are_looked_at_before_they_are_saved_and_hold_from_the_next_assessment, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    assert_eq!(
        world.dee.rules(&sam).await,
        json!({ "sensitivity": "usual", "silence": true, "silence_counts": true, "changed_at": null, "changed_by": null,
                "why": null, "history": [] })
    );
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 6).await;
    world.usual_days(&phone, 12).await;

    // By the rules in force there was one change; those that tell sooner see it no later.
    let rules = json!({ "rules": { "sensitivity": "sooner", "silence": true } });
    let replayed = world.dee.replay(&sam, &rules).await.is(200);
    let today = world.now().date_naive();
    assert_eq!((&replayed["from"], &replayed["to"]), (&json!(today - Duration::days(83)), &json!(today)));
    let now = episodes(&replayed, "now");
    let then = episodes(&replayed, "then");
    assert_eq!((now.len(), &now[0]["kind"]), (1, &json!("early_warning")));
    assert!(now[0]["sentence"].as_str().unwrap().contains("gone from your usual"), "{now:?}");
    assert!(then[0]["first_day"].as_str() <= now[0]["first_day"].as_str(), "{replayed}");
    // What the record says is what the replay says of the rules in force.
    let record = world.dee.assessments(&sam).await;
    let stood: Vec<&Value> = record.iter().rev().filter(|a| a["level"] != "steady").map(|a| &a["day"]).collect();
    assert_eq!((stood.first(), stood.last()), (Some(&&now[0]["first_day"]), Some(&&now[0]["last_day"])));
    // Asking changes nothing and the same question has the same answer.
    assert_eq!(world.dee.replay(&sam, &rules).await.is(200), replayed);
    assert_eq!(world.dee.rules(&sam).await["history"], json!([]));
    assert_eq!(world.dee.assessments(&sam).await, record);
});

story!(a_client_who_wants_to_be_noticed_sooner_is, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    // It gets worse slowly, until those rules would have told it and the usual ones have not.
    let sooner = json!({ "rules": { "sensitivity": "sooner", "silence": true } });
    let replayed = until_told(world, &sam, &phone, &sooner).await;
    assert_eq!(episodes(&replayed, "now"), Vec::<Value>::new());
    let then = episodes(&replayed, "then");
    assert_eq!((&then[0]["kind"], &then[0]["last_day"]), (&json!("early_warning"), &replayed["to"]));
    let later = json!({ "rules": { "sensitivity": "later", "silence": true } });
    assert_eq!(world.dee.replay(&sam, &later).await.is(200)["then"], json!([]));

    let before = world.dee.assessments(&sam).await;
    assert!(world.dee.inbox().await.is_empty());
    world.dee.choose_rules(&sam, phone.new_id(), "sooner", true).await;
    assert_eq!(world.run_jobs().await, 1, "an assessment at once");
    let after = world.dee.assessments(&sam).await;
    assert_eq!(
        (&before[0]["level"], &after[0]["level"]),
        (&json!("steady"), &then[0]["level"]),
        "today is judged by them"
    );
    assert_eq!(after[1..], before[1..], "and the days before stay as they were concluded");
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert_eq!((&flag["sentence"], &flag["reported_late"]), (&after[0]["sentence"], &json!(false)));
});

/// Days that are each a little worse than the one before, until a change of the rules would tell it.
async fn until_told(world: &World, client: &Client, phone: &Phone, change: &Value) -> Value {
    for n in 1..=60 {
        let wobble = [0.0, 1.0, 0.0, -1.0][n % 4];
        let mood = (5.0 + wobble - n as f64 / 20.0).max(1.0);
        world.day(phone, &[("mood", mood), ("sleep", 5.0 - wobble), ("anxiety", 2.0)]).await;
        let replayed = world.dee.replay(client, change).await.is(200);
        if !episodes(&replayed, "then").is_empty() {
            return replayed;
        }
    }
    panic!("sixty days, each worse than the one before, and nothing told");
}

story!(rules_have_a_reason_a_history_and_are_read_by_the_client, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let at_first = phone.sharing().await["warning"].clone();
    assert_eq!(at_first, json!({ "sensitivity": "usual", "silence": true, "changed_at": null, "changed_by": null }));
    let id = phone.new_id();
    let body = world.dee.new_rules(&sam, id, "later", false, "Three flags in May, all of them nothing.").await;
    let saved = world.dee.put_rules(&sam, &body).await.is(200);
    assert_eq!((&saved["sensitivity"], &saved["silence"]), (&json!("later"), &json!(false)));
    assert_eq!(saved["why"], "Three flags in May, all of them nothing.");
    assert_eq!((&saved["changed_by"]["first_name"], &saved["changed_at"]), (&json!("Dee"), &json!(world.now())));
    assert_eq!(world.dee.put_rules(&sam, &body).await.is(200), saved, "a retry is free");

    world.advance(Duration::days(1));
    assert_eq!(world.dee.put_rules(&sam, &body).await.is(200), saved, "and needs no new look");
    world.lead.choose_rules(&sam, phone.new_id(), "sooner", true).await;
    let now = world.dee.rules(&sam).await;
    let history: Vec<(&Value, &Value)> = now["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (&c["sensitivity"], &c["changed_by"]["first_name"]))
        .collect();
    assert_eq!(history, [(&json!("sooner"), &json!("Pat")), (&json!("later"), &json!("Dee"))]);
    let mine = phone.sharing().await["warning"].clone();
    assert_eq!(
        (&mine["sensitivity"], &mine["changed_by"], &mine["changed_at"]),
        (&json!("sooner"), &json!("Pat"), &json!(world.now()))
    );
    assert!(!mine.to_string().contains("May"), "why is the team's");

    // Refused: no reason, no look, a look at something else, a look at yesterday's, another body under the id.
    let fresh = world.dee.new_rules(&sam, phone.new_id(), "usual", true, "x").await;
    for (field, wrong, status) in [
        ("why", json!(" "), 422),
        ("why", json!("x".repeat(501)), 422),
        ("sensitivity", json!("never"), 422),
        ("seen", Value::Null, 409),
        ("seen", body["seen"].clone(), 409),
        ("silence", json!(false), 409),
        ("id", json!(id), 409),
    ] {
        let mut other = fresh.clone();
        other[field] = wrong;
        world.dee.put_rules(&sam, &other).await.is(status);
    }
    world.advance(Duration::days(1));
    world.dee.put_rules(&sam, &fresh).await.is_problem(409, "conflict");
    // Another client's look does not do.
    let kim = world.client("Kim").await;
    let mut theirs = world.dee.new_rules(&kim, phone.new_id(), "later", true, "x").await;
    theirs["id"] = json!(phone.new_id());
    world.dee.put_rules(&sam, &theirs).await.is_problem(409, "conflict");
    assert_eq!(world.dee.rules(&sam).await["history"].as_array().unwrap().len(), 2);
});

story!(another_baseline_is_replayed_as_if_it_had_been_in_force_all_through, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 8).await;
    let days = format!("/baseline?first_day={}", world.now().date_naive() - Duration::days(7));
    world.bad_days(&phone, 6).await;
    let low = companion_tests::early_warning::numbers(&world.dee.of(&sam, &days).await.is(200)["suggestion"]);
    let replayed = world.dee.replay(&sam, &json!({ "baseline": low })).await.is(200);
    assert_eq!((episodes(&replayed, "now").len(), episodes(&replayed, "then").len()), (1, 0), "{replayed}");
    assert_eq!(Worker::only(&world.dee.inbox().await)["flag"]["stands_today"], true, "and nothing has changed");
    // It takes the place of all of an older one: of what it leaves out, the first answers say what is usual.
    world.dee.agree(&sam, phone.new_id(), &low).await;
    let others = phone.items().await;
    let other = others.iter().find(|i| !low["items"].to_string().contains(i["id"].as_str().unwrap())).unwrap();
    let mut of_another = low.clone();
    of_another["items"] = json!([{ "item_id": other["id"], "low": 3, "centre": 4, "high": 5 }]);
    let replayed = world.dee.replay(&sam, &json!({ "baseline": of_another })).await.is(200);
    let then = episodes(&replayed, "then");
    assert_eq!((then.len(), &then[0]["last_day"]), (1, &replayed["to"]), "{replayed}");
    let wrong = json!({ "baseline": { "first_day": "2026-11-16", "last_day": "2026-11-20", "items": [] } });
    let fault = world.dee.replay(&sam, &wrong).await.is_problem(422, "invalid");
    assert_eq!(fault["errors"][0]["field"], "baseline.items");
});
