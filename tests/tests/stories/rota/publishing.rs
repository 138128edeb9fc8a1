//! Saving a rota.

use companion::access::Role;
use companion_tests::{
    Value, json,
    rota::{daily, second},
    story,
};

use super::Desk;

story!(a_rota_with_an_uncovered_minute_needs_a_named_catch_all, |world| {
    let days = daily(world, "08:00-22:00", Some(&world.dee));
    let refused = world.lead.put("/api/v1/team/rota", &world.new_rota(std::slice::from_ref(&days), None).await).await;
    let problem = refused.is_problem(422, "uncovered");
    let first = problem["errors"][0]["message"].as_str().unwrap();
    assert!(first.contains("Monday 16 November, 22:00 to Tuesday 17 November, 08:00"), "{first}");
    assert_eq!(world.lead.rota(world).await["number"], 0, "nothing was changed");

    let nearly = daily(world, "22:00-07:59", Some(&world.lead));
    let refused = world.lead.put("/api/v1/team/rota", &world.new_rota(&[days.clone(), nearly], None).await).await;
    let problem = refused.is_problem(422, "uncovered");
    assert!(
        problem["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("Tuesday 17 November, 07:59 to Tuesday 17 November, 08:00")
    );

    let with = world.publish(std::slice::from_ref(&days), Some(&world.lead)).await;
    assert_eq!((&with["number"], &with["catch_all"]["first_name"]), (&json!(1), &json!("Pat")));
    assert_eq!(with["holes"].as_array().unwrap().len(), 15, "every night of today and 14 days is shown all the same");
    let nights = daily(world, "22:00-08:00", Some(&world.lead));
    let whole = world.publish(&[days, nights], None).await;
    assert_eq!((&whole["number"], &whole["holes"]), (&json!(2), &json!([])));
});

story!(a_catch_all_works_here_and_is_there, |world| {
    let here = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let elsewhere = world.another_provider("Elsewhere").await;
    let other = world.worker(elsewhere, "Eve", &[Role::TeamLead]).await;
    for (who, words) in [(&other, "works here"), (&here, "away")] {
        if who.id == here.id {
            here.is_away(world, None, "ill").await;
        }
        let rota = world.new_rota(&[], Some(who)).await;
        let problem = world.lead.put("/api/v1/team/rota", &rota).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "catch_all");
        assert!(problem["errors"][0]["message"].as_str().unwrap().contains(words), "{problem}");
    }
});

story!(the_same_again_answers_the_same_and_nobody_undoes_what_they_have_not_seen, |world| {
    let patterns = [daily(world, "08:00-08:00", Some(&world.dee))];
    let rota = world.new_rota(&patterns, None).await;
    let first = world.lead.put("/api/v1/team/rota", &rota).await.is(200);
    assert_eq!(world.lead.put("/api/v1/team/rota", &rota).await.is(200), first);
    let mut other = rota.clone();
    other["catch_all"] = json!(world.lead.id);
    world.lead.put("/api/v1/team/rota", &other).await.is_problem(409, "conflict");
    // Both looked at the first; one saves first.
    let (one, two) = (world.new_rota(&patterns, None).await, world.new_rota(&patterns, None).await);
    world.lead.put("/api/v1/team/rota", &one).await.is(200);
    world.lead.put("/api/v1/team/rota", &two).await.is_problem(409, "conflict");
    assert_eq!(world.lead.put("/api/v1/team/rota", &rota).await.is(200)["number"], 2, "a retry changes nothing");
});

story!(two_leads_who_save_at_once_do_not_undo_each_other, |world| {
    let other = world.worker(world.provider, "Lou", &[Role::TeamLead]).await;
    let patterns = [daily(world, "08:00-08:00", Some(&world.dee))];
    let (one, two) = (world.new_rota(&patterns, None).await, world.new_rota(&patterns, None).await);
    let (a, b) = tokio::join!(world.lead.put("/api/v1/team/rota", &one), other.put("/api/v1/team/rota", &two));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", a.text, b.text);
});

story!(what_is_wrong_is_said_by_its_line_and_changes_nothing, |world| {
    let mut wrong = daily(world, "22:00-08:00", None);
    wrong["repeat"] = json!({ "unit": "week", "every": 1, "weekdays": [] });
    let mut early = daily(world, "22:00-08:00", None);
    early["starts_on"] = json!("1066-10-14");
    let stranger = json!({ "worker_id": world.app.new_id::<uuid::Uuid>() });
    let mut unknown = daily(world, "22:00-08:00", None);
    unknown["worker_id"] = stranger["worker_id"].clone();
    let twice = unknown.clone();
    let rota = world.new_rota(&[wrong, early, unknown, twice], Some(&world.lead)).await;
    let problem = world.lead.put("/api/v1/team/rota", &rota).await.is_problem(422, "invalid");
    let mut fields: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["patterns.0.repeat", "patterns.1.starts_on", "patterns.2.worker_id", "patterns.3.id", "patterns.3.worker_id"]
    );
    for times in ["24:00-08:00", "22:00-8", "-"] {
        let rota = world.new_rota(&[daily(world, times, None)], Some(&world.lead)).await;
        world.lead.put("/api/v1/team/rota", &rota).await.is(422);
    }
    assert_eq!(world.lead.rota(world).await["number"], 0);
});

story!(a_preview_saves_nothing, |world| {
    let draft = world.new_rota(&[daily(world, "08:00-22:00", Some(&world.dee))], None).await;
    let seen = world.lead.post("/api/v1/team/rota/preview", &draft).await.is(200);
    assert_eq!((seen["shifts"].as_array().unwrap().len(), seen["holes"].as_array().unwrap().len()), (15, 14));
    assert_eq!(seen["holes"][0]["line"], "first");
    assert_eq!(world.lead.rota(world).await["number"], 0);
});

story!(a_rota_is_for_those_who_work_in_the_service_and_is_changed_by_those_who_lead_it, |world| {
    let other = world.another_service(world.provider, "Night house").await;
    let olu = world.worker(other, "Olu", &[Role::TeamLead]).await;
    let kit = world.worker(other, "Kit", &[Role::SupportWorker]).await;
    let shown = format!("/api/v1/team/rota?service_id={}", world.provider.service);
    kit.get(&shown).await.is_problem(404, "not_found");
    olu.get(&shown).await.is_problem(404, "not_found");
    assert_eq!(world.dee.get(&shown).await.is(200)["may_change"], false);
    assert_eq!(world.lead.get(&shown).await.is(200)["may_change"], true);
    let rota = world.new_rota(&[], Some(&world.lead)).await;
    world.dee.put("/api/v1/team/rota", &rota).await.is_problem(403, "forbidden");
    olu.put("/api/v1/team/rota", &rota).await.is_problem(422, "invalid");
    olu.post("/api/v1/team/rota/preview", &rota).await.is_problem(422, "invalid");
    olu.post("/api/v1/team/rota/readiness", &json!({ "service_id": world.provider.service }))
        .await
        .is_problem(422, "invalid");

    // A lead of another service helps out, and reads what they are on.
    world.publish(&[daily(world, "08:00-08:00", Some(&olu))], None).await;
    assert_eq!(olu.get(&shown).await.is(200)["may_change"], false);
    let mine = olu.my_rota().await;
    assert_eq!(
        (&mine["now"][0]["service"]["name"], mine["services"].as_array().unwrap().len()),
        (&json!("Flexible community"), 2)
    );
    kit.get(&shown).await.is_problem(404, "not_found");
});

story!(only_so_many_days_are_looked_at_together, |world| {
    let look = async |query: &str| {
        world.dee.get(&format!("/api/v1/team/rota?service_id={}{query}", world.provider.service)).await
    };
    look("&from=2026-11-01&until=2027-01-01").await.is(200);
    look("&from=2026-11-01&until=2027-01-02").await.is_problem(422, "invalid");
    look("&from=2026-11-02&until=2026-11-01").await.is_problem(422, "invalid");
    look("&from=-262143-01-01").await.is_problem(422, "invalid");
    look("&from=yesterday").await.is(422);
});

story!(the_second_line_is_told_apart_and_mine_are_those_i_have, |world| {
    let nights = daily(world, "22:00-08:00", Some(&world.dee));
    let backup = second(world, "20:00-09:00", &world.lead);
    let rota = world.publish(&[nights, backup, daily(world, "08:00-22:00", Some(&world.lead))], None).await;
    let holes: Vec<&Value> = rota["holes"].as_array().unwrap().iter().filter(|h| h["line"] == "second").collect();
    assert_eq!(holes.len(), 15, "from nine to eight by day, which nobody minds: {holes:?}");
    let mine = world.dee.my_rota().await;
    assert_eq!((&mine["now"], mine["next"].as_array().unwrap().len()), (&json!([]), 28));
    assert_eq!((&mine["next"][0]["from"], &mine["next"][0]["line"]), (&json!("2026-11-16T22:00:00Z"), &json!("first")));
    world.until("2026-11-16T22:00:00Z").await;
    let mine = world.dee.my_rota().await;
    assert_eq!(
        (&mine["now"][0]["until"], mine["next"].as_array().unwrap().len()),
        (&json!("2026-11-17T08:00:00Z"), 27)
    );
});

story!(an_uncovered_night_is_raised_by_day, |world| {
    let lead = Desk::of(world, &world.lead).await;
    let mut nights = daily(world, "20:00-08:00", Some(&world.dee));
    nights["ends"] = json!({ "on": "2026-11-29" });
    world.publish(&[nights, daily(world, "08:00-20:00", Some(&world.dee))], None).await;
    assert_eq!(lead.kinds(), [""; 0], "nobody has the night of the 30th, but that is more than 14 days ahead");
    world.until("2026-11-16T23:00:00Z").await;
    assert_eq!(lead.kinds(), ["rota"], "Dee's phone did not answer, which is another matter");
    world.until("2026-11-17T08:59:00Z").await;
    assert_eq!(lead.kinds(), [""; 0], "the 14 days have reached it in the evening, and nobody is told at night");
    world.until("2026-11-17T09:00:00Z").await;
    assert_eq!(lead.told()[0]["t"], "The rota needs a look");
    world.until("2026-11-17T19:00:00Z").await;
    assert_eq!(lead.kinds(), [""; 0], "once");
    world.until("2026-11-17T23:00:00Z").await;
    lead.kinds();
    world.until("2026-11-18T08:59:00Z").await;
    assert_eq!(lead.kinds(), [""; 0]);
    world.until("2026-11-18T19:00:00Z").await;
    assert_eq!(
        lead.kinds(),
        ["rota"],
        "and once each working day, as long as nobody has it: another night has come in reach"
    );
});

story!(nothing_waits_over_the_weekend_that_begins_uncovered, |world| {
    let lead = Desk::of(world, &world.lead).await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    world.publish(&[daily(world, "08:00-08:00", Some(&world.dee))], Some(&kit)).await;
    world.until("2026-11-20T18:00:00Z").await;
    assert_eq!(lead.kinds(), [""; 0]);
    // On Friday evening, after work, Dee says that she cannot come on Sunday.
    let away = json!({ "worker_id": world.dee.id, "from": "2026-11-22T08:00:00Z", "until": "2026-11-23T08:00:00Z", "why": "leave" });
    world.dee.put(&format!("/api/v1/team/rota/absences/{}", world.app.new_id::<uuid::Uuid>()), &away).await.is(200);
    world.run_jobs().await;
    assert_eq!(lead.kinds(), ["rota"], "Monday would be too late");
    world.until("2026-11-22T07:00:00Z").await;
    assert_eq!(lead.kinds(), [""; 0], "told is told; the next word comes on a working day");
});

story!(what_a_rota_leaves_to_its_catch_all_on_purpose_is_no_news_but_illness_is, |world| {
    let lead = Desk::of(world, &world.lead).await;
    world.publish(&[daily(world, "08:00-20:00", Some(&world.dee))], Some(&world.lead)).await;
    world.until("2026-11-18T12:00:00Z").await;
    assert_eq!(lead.kinds(), [""; 0]);
    world.dee.is_away(world, Some("2026-11-19T00:00:00Z"), "ill").await;
    world.run_jobs().await;
    assert_eq!(lead.kinds(), ["rota"]);
});

story!(a_night_that_is_left_to_a_catch_all_who_will_not_be_there_is_raised_by_day, |world| {
    let lead = Desk::of(world, &world.lead).await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    world.publish(&[daily(world, "08:00-20:00", Some(&world.dee))], Some(&kit)).await;
    world.until("2026-11-18T12:00:00Z").await;
    assert_eq!(lead.kinds(), [""; 0]);
    let leave =
        json!({ "worker_id": kit.id, "from": "2026-11-20T21:00:00Z", "until": "2026-11-23T08:00:00Z", "why": "leave" });
    kit.put(&format!("/api/v1/team/rota/absences/{}", world.app.new_id::<uuid::Uuid>()), &leave).await.is(200);
    world.run_jobs().await;
    assert_eq!(lead.kinds(), ["rota"], "two days before");
    let again = world.new_rota(&[daily(world, "08:00-20:00", Some(&world.dee))], Some(&kit)).await;
    let problem = world.lead.put("/api/v1/team/rota", &again).await;
    assert!(problem.is(422).to_string().contains("Friday 20 November, 20:00"), "nor can such a rota be saved");
});
