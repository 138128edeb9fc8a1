//! The agreed plan at work: stages beside flags, rules of the client's own, and the stage said in a check-in.

use chrono::Duration;
use companion_tests::{
    Client, Phone, Value, Worker, World, json,
    plan::{draft, id_of, line, two_stages},
    push_peer::{Browser, PushPeer},
    reminders::daily,
    story,
};

/// "If I haven't slept for three nights, ring me."
fn rule(sleep: &Value) -> Value {
    json!({ "id": id_of("the rule"), "item_id": sleep["id"], "side": "at_most", "value": 2, "check_ins": 3,
            "words": "If I haven't slept for three nights, ring me.", "at_night": true })
}

async fn agree_together(world: &World, client: &Client, draft: &Value) -> Value {
    let written = world.dee.put_plan(client, draft).await.is(200);
    world.dee.agree_to_plan(client, &written["id"], "together").await.is(200)
}

async fn nights(world: &World, phone: &Phone, sleep: f64, many: usize) {
    for _ in 0..many {
        world.day(phone, &[("mood", 5.0), ("sleep", sleep)]).await;
    }
}

story!(a_rule_agreed_in_the_plan_tells_the_team_in_its_own_words, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    nights(world, &phone, 5.0, 5).await;
    let sleep = phone.item("sleep").await;
    let mut body = two_stages(&sleep);
    body["rules"] = json!([rule(&sleep)]);
    let plan = phone.looked_at(&Value::Null, &body).await;
    agree_together(world, &sam, &plan).await;

    nights(world, &phone, 2.0, 2).await;
    assert!(world.dee.inbox().await.is_empty(), "two nights are not three");
    nights(world, &phone, 1.0, 1).await;
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert_eq!((&flag["kind"], &flag["level"]), (&json!("early_warning"), &json!("alert")));
    let since = (world.now() - Duration::days(2)).format("%A %-d %B");
    let sentence = format!(
        "Your plan says: “If I haven't slept for three nights, ring me.” \
         Sleep was 2 or lower on each of the last 3 days you answered it, since {since}."
    );
    assert_eq!(flag["sentence"], sentence);
    assert_eq!(
        flag["plan"],
        json!({ "stage_id": id_of("not myself"), "stage": "Not myself", "mine": ["Ring Mum"],
                "workers": ["Come round the same day"], "others": ["Mum sleeps over"],
                "rule": "If I haven't slept for three nights, ring me." })
    );
    let mine = phone.flags().await[0].clone();
    assert_eq!((&mine["sentence"], &mine["plan"]), (&flag["sentence"], &flag["plan"]), "the client reads the same");

    nights(world, &phone, 5.0, 1).await;
    assert_eq!(Worker::only(&world.dee.inbox().await)["flag"]["stands_today"], false);
});

story!(a_rule_agreed_for_the_night_is_told_at_once_and_not_hidden_by_what_was_dealt_with, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = Browser::at(&peer, world.app.new_id());
    browser.put(&world.dee, "team").await.is(200);
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 12).await;
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert_eq!(flag["level"], "alert");
    world.dee.resolve(&flag["id"], "talked_and_fine").await;
    let sleep = phone.item("sleep").await;
    let mut agreed = rule(&sleep);
    agreed["check_ins"] = json!(14);
    let plan = phone.looked_at(&Value::Null, &json!({ "rules": [agreed] })).await;
    agree_together(world, &sam, &plan).await;
    world.run_jobs().await;
    peer.take();
    world.bad_days(&phone, 1).await;
    assert!(world.dee.inbox().await.is_empty(), "it has been dealt with");
    // The fourteenth night, answered at three in the morning: client and worker agreed to hear of it then.
    world.advance(Duration::hours(18));
    phone.check_in(&[("mood", 2.0), ("sleep", 1.0)]).await;
    world.run_jobs().await;
    let raised = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert_ne!(raised["id"], flag["id"]);
    assert!(raised["sentence"].as_str().unwrap().contains("Your plan says"), "{raised}");
    assert_eq!(browser.read(&peer.only())["kind"], "flag", "and it does not wait for the morning");
});

story!(a_rule_that_is_met_again_is_told_again_though_the_first_time_was_dealt_with, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    let sleep = phone.item("sleep").await;
    let plan = phone.looked_at(&Value::Null, &json!({ "rules": [rule(&sleep)] })).await;
    agree_together(world, &sam, &plan).await;
    // A bad time all along, so that the change itself stands from first to last.
    world.bad_days(&phone, 12).await;
    let first = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert!(first["sentence"].as_str().unwrap().contains("Your plan says"), "{first}");
    world.dee.resolve(&first["id"], "support_changed").await;
    world.bad_days(&phone, 1).await;
    assert!(world.dee.inbox().await.is_empty(), "the same nights have been dealt with");
    world.day(&phone, &[("mood", 2.0), ("sleep", 5.0), ("anxiety", 6.0)]).await;
    world.bad_days(&phone, 2).await;
    assert!(world.dee.inbox().await.is_empty(), "two nights are not three");
    world.bad_days(&phone, 1).await;
    let again = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert!(again["sentence"].as_str().unwrap().contains("each of the last 3 days"), "{again}");
});

story!(what_comes_days_late_waits_for_the_morning_and_what_nobody_took_is_told_again_by_day, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = Browser::at(&peer, world.app.new_id());
    browser.put(&world.dee, "team").await.is(200);
    let sleep = phone.item("sleep").await;
    let plan = phone.looked_at(&Value::Null, &json!({ "rules": [rule(&sleep)] })).await;
    agree_together(world, &sam, &plan).await;
    // Three in the morning of a Wednesday: a phone that was offline sends three nights of last week.
    world.clock.set("2026-11-25T03:00:00Z".parse().unwrap());
    for days in [6, 5, 4] {
        phone.check_in_made_at(world.now() - Duration::days(days), &[("sleep", 1.0)]).await;
    }
    world.run_jobs().await;
    assert_eq!(Worker::only(&world.dee.inbox().await)["flag"]["level"], "alert");
    assert!(peer.take().is_empty(), "nobody is woken for last week");
    world.clock.set("2026-11-25T09:00:00Z".parse().unwrap());
    world.run_jobs().await;
    assert_eq!(browser.read(&peer.only())["kind"], "flag");
    world.dee.resolve(&Worker::only(&world.dee.inbox().await)["flag"]["id"], "talked_and_fine").await;

    // Three new nights: told at once, at night; and again in the morning, because nobody has taken it.
    for day in ["2026-11-26T23:00:00Z", "2026-11-27T23:00:00Z", "2026-11-30T23:00:00Z"] {
        world.clock.set(day.parse().unwrap());
        phone.check_in(&[("sleep", if day.contains("26T") { 6.0 } else { 1.0 })]).await;
        world.run_jobs().await;
    }
    assert!(peer.take().is_empty());
    world.clock.set("2026-12-01T23:00:00Z".parse().unwrap());
    phone.check_in(&[("sleep", 2.0)]).await;
    world.run_jobs().await;
    peer.only();
    world.clock.set("2026-12-02T09:00:00Z".parse().unwrap());
    world.run_jobs().await;
    peer.only();
});

story!(a_reminder_of_a_line_ends_when_an_agreed_plan_no_longer_has_the_line, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let walk = line("A walk before lunch");
    let first = draft(phone.new_id(), &Value::Null, &json!({ "keeps_well": [walk, line("Tea")] }));
    let first = agree_together(world, &sam, &first).await;
    let mut reminder = phone.new_reminder("Walk", daily("12:00"));
    (reminder["about"], reminder["plan_line"]) = (json!("plan"), walk["id"].clone());
    phone.put_reminder(phone.new_id(), &reminder).await.is(200);
    let without = draft(phone.new_id(), &first["id"], &json!({ "keeps_well": [line("Tea")] }));
    let written = world.dee.put_plan(&sam, &without).await.is(200);
    assert_eq!(phone.reminders().await["reminders"][0]["state"], "on", "a draft ends nothing");
    world.dee.agree_to_plan(&sam, &written["id"], "together").await.is(200);
    let ended = phone.reminders().await["reminders"][0].clone();
    assert_eq!((&ended["state"], &ended["by_plan"]), (&json!("off"), &json!(true)));
});

story!(a_plan_that_waits_for_the_client_is_told_on_their_phone, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = Browser::at(&peer, phone.new_id());
    browser.put(&phone, "me").await.is(200);
    let written =
        world.dee.put_plan(&sam, &draft(phone.new_id(), &Value::Null, &json!({ "works": [line("Tea")] }))).await;
    let written = written.is(200);
    world.run_jobs().await;
    assert!(peer.take().is_empty(), "a draft rings nobody");
    world.dee.agree_to_plan(&sam, &written["id"], "mine").await.is(200);
    world.run_jobs().await;
    assert_eq!(browser.read(&peer.only())["kind"], "plan_waiting");
});

story!(a_rule_is_replayed_before_it_is_saved, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    nights(world, &phone, 5.0, 5).await;
    nights(world, &phone, 1.0, 4).await;
    nights(world, &phone, 5.0, 3).await;
    let sleep = phone.item("sleep").await;
    let body = json!({ "rules": [rule(&sleep)] });
    let blind = draft(phone.new_id(), &Value::Null, &body);
    for refused in [phone.put_draft(&blind).await, world.dee.put_plan(&sam, &blind).await] {
        let refused = refused.is_problem(409, "look_first");
        assert!(refused["detail"].as_str().unwrap().contains("look first"), "{refused}");
    }
    let looked = phone.post("/api/v1/me/plan/replay", &json!({ "rules": body["rules"] })).await.is(200);
    assert_eq!(looked["now"], json!([]));
    assert_eq!(looked["then"].as_array().unwrap().len(), 1);
    assert_eq!(looked["then"][0]["first_day"], json!((world.now() - Duration::days(4)).date_naive()));
    assert_eq!(looked["then"][0]["level"], "alert");
    let team = world.dee.replay(&sam, &json!({ "plan_rules": body["rules"] })).await.is(200);
    assert_eq!((&team["then"], &team["seen"]), (&looked["then"], &looked["seen"]));
    assert!(phone.plan_history().await.is_empty(), "and nothing was saved by looking");

    let saved = phone.put_draft(&phone.looked_at(&Value::Null, &body).await).await.is(200);
    // A later draft that keeps the rule, or takes it away, needs no look; one that changes it does.
    let mut kept = body.clone();
    kept["works"] = json!([line("Music")]);
    let kept = phone.write_plan(&saved["id"], &kept).await;
    let mut other = body.clone();
    other["rules"][0]["value"] = json!(3);
    phone.put_draft(&draft(phone.new_id(), &kept["id"], &other)).await.is_problem(409, "look_first");
    phone.write_plan(&kept["id"], &json!({})).await;

    for (field, value) in
        [("item_id", json!(phone.new_id())), ("value", json!(9)), ("check_ins", json!(0)), ("words", json!(""))]
    {
        let mut bad = rule(&sleep);
        bad[field] = value;
        let refused = phone.post("/api/v1/me/plan/replay", &json!({ "rules": [bad] })).await.is_problem(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], format!("rules[0].{field}"), "{refused}");
    }
});

story!(a_question_that_is_reworded_does_not_end_its_rule, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let signs = |text: &str, series: &Value| json!({ "check_ins_per_week": 3, "signs": [{ "series_id": series, "text": text }] });
    phone.put("/api/v1/me/items", &signs("People talk about me", &Value::Null)).await.is(200);
    let talk = phone.item("People talk about me").await;
    let mut rule = rule(&talk);
    (rule["side"], rule["value"], rule["check_ins"]) = (json!("at_least"), json!(6), json!(2));
    let plan = phone.looked_at(&Value::Null, &json!({ "rules": [rule] })).await;
    agree_together(world, &sam, &plan).await;
    world.day(&phone, &[("People talk about me", 7.0)]).await;

    phone.put("/api/v1/me/items", &signs("I hear people talk about me", &talk["series_id"])).await.is(200);
    let asked = world.dee.plan(&sam).await["items"].clone();
    let named: Vec<(&Value, &Value)> =
        asked.as_array().unwrap().iter().filter(|i| i["sign"] == true).map(|i| (&i["text"], &i["asked"])).collect();
    assert_eq!(
        named,
        [(&json!("People talk about me"), &json!(true)), (&json!("I hear people talk about me"), &json!(true))]
    );
    world.day(&phone, &[("I hear people talk about me", 6.0)]).await;
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert!(flag["sentence"].as_str().unwrap().contains("6 or higher on each of the last 2 days"), "{flag}");
});

story!(the_stage_the_client_feels_they_are_in_is_said_in_a_check_in, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mut check_in = phone.new_check_in(&[("mood", 3.0)]).await;
    check_in["stage"] = json!({ "id": id_of("wobbly"), "name": "Wobbly" });
    let id = phone.new_id();
    let kept = phone.put_check_in(id, &check_in).await.is(201);
    assert_eq!(kept["stage"], check_in["stage"]);
    assert_eq!(phone.put_check_in(id, &check_in).await.is(200)["stage"], check_in["stage"], "a retry is free");
    assert_eq!(world.dee.check_ins(&sam).await[0]["stage"]["name"], "Wobbly");
    // Nothing but a stage is a check-in too.
    let alone =
        json!({ "recorded_at": world.now(), "answers": [], "stage": { "id": id_of("wobbly"), "name": "Wobbly" } });
    phone.put_check_in(phone.new_id(), &alone).await.is(201);
    let sealed: Vec<u8> = world.app.db.query("SELECT stage FROM check_in LIMIT 1").scalar().await.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("Wobbly"));
});
