//! The lists: who may change them, what cannot be saved, and that a change counts at once.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{
    Value,
    escalation::{person, step},
    json, story,
};

use super::{Team, minutes, three};

story!(the_usual_lists_hold_until_a_lead_makes_another, |world| {
    let path = format!("/api/v1/team/policies?service_id={}", world.provider.service.0);
    let lists = world.dee.get(&path).await.is(200);
    assert_eq!(lists["may_change"], false);
    let kinds: Vec<&str> = lists["items"].as_array().unwrap().iter().map(|i| i["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["contact_now", "contact_today", "contact_when_you_can", "client_asked", "plan_rule"]);
    assert_eq!(
        lists["items"][0],
        json!({ "kind": "contact_now", "by_day": false, "usual": true, "changed_at": null, "changed_by": null, "steps": [
            step("key_worker", 5), step("first_line", 5), step("second_line", 5), step("team_lead", 5)] })
    );
    assert_eq!(lists["items"][2]["by_day"], true);

    let changed =
        world.lead.put_policy(world, "contact_now", &[step("first_line", 3), person(&world.dee, 9)]).await.is(200);
    let now = &changed["items"][0];
    assert_eq!((&now["usual"], &now["changed_by"]["first_name"]), (&json!(false), &json!("Pat")));
    assert_eq!(now["steps"], json!([step("first_line", 3), person(&world.dee, 9)]));
    world.dee.put_policy(world, "contact_now", &[step("team_lead", 5)]).await.is_problem(403, "forbidden");

    let usual = json!({ "service_id": world.provider.service, "kind": "contact_now", "usual": true });
    let back = world.lead.put("/api/v1/team/policies", &usual).await.is(200);
    assert_eq!(back["items"][0], lists["items"][0]);
});

story!(a_list_that_rings_nobody_at_night_is_refused_and_changes_nothing, |world| {
    let good = [step("team_lead", 7)];
    world.lead.put_policy(world, "contact_now", &good).await.is(200);
    let long: Vec<Value> = (0..13).map(|_| step("team_lead", 5)).collect();
    for (steps, field) in [
        (vec![step("key_worker", 5), step("assigned", 5)], "steps"),
        (vec![], "steps"),
        (long, "steps"),
        (vec![step("team_lead", 0)], "steps.0.minutes"),
        (vec![step("team_lead", 5), step("team_lead", 241)], "steps.1.minutes"),
        (vec![step("person", 5)], "steps.0.worker_id"),
        (
            vec![json!({ "who": "person", "worker_id": world.app.new_id::<uuid::Uuid>(), "minutes": 5 })],
            "steps.0.worker_id",
        ),
    ] {
        let problem = world.lead.put_policy(world, "contact_now", &steps).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    // What is urgent does not wait for the day.
    for kind in ["contact_now", "contact_today", "client_asked", "plan_rule"] {
        let by_day = json!({ "service_id": world.provider.service, "kind": kind, "steps": good, "by_day": true });
        let problem = world.lead.put("/api/v1/team/policies", &by_day).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "by_day");
    }
    let elsewhere = world.another_service(world.provider, "Night house").await;
    let other = json!({ "service_id": elsewhere.service, "kind": "contact_now", "steps": good });
    world.lead.put("/api/v1/team/policies", &other).await.is_problem(422, "invalid");
    let path = format!("/api/v1/team/policies?service_id={}", world.provider.service.0);
    assert_eq!(world.lead.get(&path).await.is(200)["items"][0]["steps"], json!(good));
});

story!(a_list_that_is_changed_while_it_rings_goes_on_by_the_new_one, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(6)).await;
    // Rae's step was the second; now the second is the lead's, and the last.
    world.lead.put_policy(world, "contact_now", &[person(&team.uma, 5), step("team_lead", 8)]).await.is(200);
    team.nobody_answers_until(world, three() + Duration::minutes(22)).await;
    let expected = [(0, team.uma.id), (5, team.rae.id), (13, world.lead.id), (21, world.lead.id)];
    assert_eq!(minutes(world).await, expected);
    // Shorter still: what is past its end is its last step.
    world.lead.put_policy(world, "contact_now", &[person(&team.uma, 5)]).await.is(200);
    team.nobody_answers_until(world, three() + Duration::minutes(40)).await;
    assert_eq!(minutes(world).await.last().unwrap().1, team.uma.id);
    assert_eq!(world.lead.request(&id).await["escalation"]["state"], "ringing");
});

story!(empty_steps_fall_through_in_the_same_sweep, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let list = [step("first_line", 5), step("second_line", 5), step("catch_all", 5), person(&team.rae, 5)];
    world.lead.put_policy(world, "contact_now", &list).await.is(200);
    phone.ask("now").await;
    world.run_jobs().await;
    assert_eq!(world.rings().await, [(three(), team.rae.id)]);
    // Of a list that means nobody at all, whoever there is: leads and admins.
    let (_, other) = world.client_with_phone("Kim").await;
    world.lead.put_policy(world, "contact_now", &list[..3]).await.is(200);
    other.ask("now").await;
    world.run_jobs().await;
    assert_eq!(world.rings().await[1..], [(three(), world.lead.id)]);
});

story!(who_supports_a_client_is_rung_by_day_and_not_at_night, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = companion_tests::push_peer::PushPeer::start().await;
    crate::push::on_desk(world, &world.dee, &peer).await;
    crate::push::on_desk(world, &world.lead, &peer).await;
    world.clock.set(three());
    phone.ask("now").await;
    world.run_jobs().await;
    assert_eq!(minutes(world).await, [(0, world.lead.id)]);
    let kim = world.client_of(world.provider, "Kim", &[&world.dee]).await;
    let by_day = world.phone_of(&kim).await;
    world.clock.set(three() + Duration::hours(8));
    by_day.ask("now").await;
    world.run_jobs().await;
    assert!(world.rings().await.contains(&(world.now(), world.dee.id)));
});

story!(tonight_is_rehearsed_without_telling_anybody, |world| {
    let team = Team::at_three(world).await;
    let path = format!("/api/v1/team/rota/rehearsal?service_id={}&kind=contact_now", world.provider.service.0);
    let played = world.lead.get(&path).await.is(200);
    // Three in the morning: tonight began at five yesterday.
    assert_eq!((&played["from"], &played["until"]), (&json!("2026-11-16T17:00:00Z"), &json!("2026-11-17T09:00:00Z")));
    let asked = played["asked"].as_array().unwrap();
    assert_eq!(asked.len(), 16);
    let events: Vec<(&str, &str, &Value)> = asked[0]["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["at"].as_str().unwrap(), e["what"].as_str().unwrap(), &e["worker"]["first_name"]))
        .collect();
    assert_eq!(
        events,
        [
            ("2026-11-16T17:00:00Z", "rung", &json!("Uma")),
            ("2026-11-16T17:05:00Z", "rung", &json!("Rae")),
            ("2026-11-16T17:10:00Z", "rung", &json!("Pat")),
            ("2026-11-16T17:20:00Z", "repeats", &Value::Null),
        ]
    );
    assert_eq!(played["holes"].as_array().unwrap().len(), 1, "there is no rota");
    assert!(team.peer.take().is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM notification").await, 0);

    // Whoever is away then is not rung in it either.
    team.uma.is_away(world, None, "ill").await;
    let played = world.lead.get(&path).await.is(200);
    let last = played["asked"].as_array().unwrap().last().unwrap();
    let first = &last["events"].as_array().unwrap()[..2];
    assert_eq!((&first[0]["what"], &first[1]["worker"]["first_name"]), (&json!("empty"), &json!("Rae")));

    let outsider = world.another_service(world.provider, "Night house").await;
    let olu = world.worker(outsider, "Olu", &[Role::TeamLead]).await;
    olu.get(&path).await.is_problem(404, "not_found");
});
