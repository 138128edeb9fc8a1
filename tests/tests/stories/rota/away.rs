//! Somebody is not there.

use companion::access::Role;
use companion_tests::{Value, json, rota::daily, story};
use uuid::Uuid;

use super::Desk;

story!(an_ill_worker_leaves_a_hole_and_the_lead_hears_of_it_by_day_and_not_at_two_in_the_morning, |world| {
    let lead = Desk::of(world, &world.lead).await;
    let nights = daily(world, "22:00-08:00", Some(&world.dee));
    world.publish(&[nights.clone(), daily(world, "08:00-22:00", Some(&world.lead))], None).await;
    world.until("2026-11-17T02:00:00Z").await;
    lead.kinds();
    world.dee.is_away(world, Some("2026-11-17T08:00:00Z"), "ill").await;
    world.run_jobs().await;
    assert_eq!(world.dee.shift(world, &nights, "2026-11-16").await["away"], true);
    let hole = world.lead.rota(world).await["holes"][0].clone();
    assert_eq!(hole, json!({ "line": "first", "from": "2026-11-17T02:00:00Z", "until": "2026-11-17T08:00:00Z" }));
    world.until("2026-11-17T07:59:00Z").await;
    assert_eq!(lead.kinds(), [""; 0], "at night nobody can do anything about it; escalation goes past it");
    world.until("2026-11-17T08:00:00Z").await;
    assert_eq!(lead.kinds(), ["rota"], "it is over, and still to be known");
    world.until("2026-11-17T12:00:00Z").await;
    assert_eq!(lead.kinds(), [""; 0], "once");
    world.dee.is_away(world, None, "ill").await;
    world.run_jobs().await;
    assert_eq!(lead.kinds(), ["rota"], "by day at once");
});

story!(who_is_there_again_fills_their_shifts, |world| {
    let nights = daily(world, "08:00-08:00", Some(&world.dee));
    world.publish(&[nights], None).await;
    let ill = world.dee.is_away(world, None, "ill").await;
    assert_eq!(ill["until"], json!(null));
    assert_eq!(world.lead.rota(world).await["holes"].as_array().unwrap().len(), 1);
    world.until("2026-11-16T12:00:00Z").await;
    let path = format!("/api/v1/team/rota/absences/{}", ill["id"].as_str().unwrap());
    world.dee.delete(&path).await.is(204);
    world.dee.delete(&path).await.is(204);
    let rota = world.lead.rota(world).await;
    assert_eq!(rota["holes"], json!([]));
    assert_eq!(rota["absences"][0]["until"], "2026-11-16T12:00:00Z");

    // Leave that is taken back before it began was never there.
    let body = json!({ "worker_id": world.dee.id, "from": "2026-11-20T08:00:00Z", "until": "2026-11-21T08:00:00Z", "why": "leave" });
    let path = format!("/api/v1/team/rota/absences/{}", world.app.new_id::<Uuid>());
    let said = world.dee.put(&path, &body).await.is(200);
    assert_eq!(world.dee.put(&path, &body).await.is(200), said);
    let mut other = body.clone();
    other["why"] = json!("other");
    world.dee.put(&path, &other).await.is_problem(409, "conflict");
    assert_eq!(world.lead.rota(world).await["holes"].as_array().unwrap().len(), 1);
    world.lead.delete(&path).await.is(204);
    let rota = world.lead.rota(world).await;
    assert_eq!((&rota["holes"], rota["absences"].as_array().unwrap().len()), (&json!([]), 1));
});

story!(why_somebody_is_away_is_for_them_and_their_lead, |world| {
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    world.publish(&[daily(world, "08:00-08:00", Some(&world.lead))], None).await;
    let ill = world.dee.is_away(world, None, "ill").await;
    let why = async |who: &companion_tests::Worker| who.rota(world).await["absences"][0]["why"].clone();
    assert_eq!(
        [why(&world.dee).await, why(&world.lead).await, why(&uma).await],
        [json!("ill"), json!("ill"), json!(null)]
    );
    // Uma can neither say nor end it; a lead of another service finds nobody, and reads no reason of whoever they do not lead.
    let other = world.another_service(world.provider, "Night house").await;
    let olu = world.worker(other, "Olu", &[Role::TeamLead]).await;
    world
        .publish(&[daily(world, "08:00-20:00", Some(&world.lead)), daily(world, "20:00-08:00", Some(&olu))], None)
        .await;
    assert_eq!(why(&olu).await, Value::Null);
    let path = format!("/api/v1/team/rota/absences/{}", ill["id"].as_str().unwrap());
    uma.delete(&path).await.is_problem(403, "forbidden");
    olu.delete(&path).await.is_problem(404, "not_found");
    let body = json!({ "worker_id": world.dee.id, "from": world.now(), "until": null, "why": "ill" });
    let new = format!("/api/v1/team/rota/absences/{}", world.app.new_id::<Uuid>());
    uma.put(&new, &body).await.is_problem(403, "forbidden");
    olu.put(&new, &body).await.is_problem(404, "not_found");
    world.lead.put(&new, &body).await.is(200);
    let never = json!({ "worker_id": world.dee.id, "from": "2026-11-20T08:00:00Z", "until": "2026-11-20T08:00:00Z", "why": "leave" });
    world
        .dee
        .put(&format!("/api/v1/team/rota/absences/{}", world.app.new_id::<Uuid>()), &never)
        .await
        .is_problem(422, "invalid");
    let long_ago =
        json!({ "worker_id": world.dee.id, "from": "-262143-01-01T00:00:00Z", "until": null, "why": "leave" });
    world.dee.put(&format!("/api/v1/team/rota/absences/{}", world.app.new_id::<Uuid>()), &long_ago).await.is(422);
});

story!(who_has_left_is_on_no_rota, |world| {
    let admin = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    world.publish(&[daily(world, "08:00-08:00", Some(&kit))], Some(&world.lead)).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM duty").await, 1);
    let lead = Desk::of(world, &world.lead).await;
    admin.patch(&format!("/api/v1/admin/workers/{}", kit.id), &json!({ "active": false })).await.is(200);
    assert_eq!(world.count("SELECT COUNT(*) FROM duty").await, 0, "in the same transaction");
    world.run_jobs().await;
    let rota = world.lead.rota(world).await;
    assert_eq!(rota["holes"].as_array().unwrap().len(), 1);
    assert_eq!(lead.kinds(), ["rota"]);
    // A lead who saves it again has to put somebody else in their place.
    let same = world.new_rota(&[rota["patterns"][0].clone()], Some(&world.lead)).await;
    let problem = world.lead.put("/api/v1/team/rota", &same).await.is_problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "patterns.0.worker_id");
});

story!(a_note_for_whoever_comes_on_is_there_for_two_nights, |world| {
    let path = format!("/api/v1/team/rota/handovers/{}", world.app.new_id::<Uuid>());
    let body = json!({ "service_id": world.provider.service, "words": "canary: the back door sticks" });
    let said = world.dee.put(&path, &body).await.is(200);
    assert_eq!(world.dee.put(&path, &body).await.is(200), said);
    world.lead.put(&path, &body).await.is_problem(409, "conflict");
    assert_eq!(world.lead.rota(world).await["handovers"], json!([said]));
    let (kept,): (Vec<u8>,) = world.app.db.query("SELECT words FROM rota_handover").one().await.unwrap();
    assert!(!kept.windows(6).any(|part| part == b"canary"), "sealed");
    let empty = json!({ "service_id": world.provider.service, "words": " " });
    world
        .dee
        .put(&format!("/api/v1/team/rota/handovers/{}", world.app.new_id::<Uuid>()), &empty)
        .await
        .is_problem(422, "invalid");
    world.advance(chrono::Duration::hours(49));
    assert_eq!(world.lead.rota(world).await["handovers"], json!([]));
});
