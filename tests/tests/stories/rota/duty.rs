//! Who is on duty sees the clients of the service, for as long as they are.

use chrono::Duration;
use companion::{access::Role, audit::Verdict};
use companion_tests::{
    Value, json,
    rota::{daily, second},
    story,
};

story!(who_is_on_call_sees_a_clients_record_only_while_on_duty_and_each_look_is_audited, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    world
        .publish(&[daily(world, "22:00-08:00", Some(&kit)), daily(world, "08:00-22:00", Some(&world.dee))], None)
        .await;
    let looks = "SELECT COUNT(*) FROM audit WHERE action = 'client.read'";
    kit.of(&sam, "").await.is_problem(404, "not_found");
    world.until("2026-11-16T21:44:00Z").await;
    kit.of(&sam, "").await.is_problem(404, "not_found");
    assert_eq!(world.count(looks).await, 0);
    world.until("2026-11-16T21:45:00Z").await;
    kit.of(&sam, "").await.is(200);
    kit.of(&sam, "/check-ins").await.is(200);
    assert_eq!(world.count(looks).await, 1);

    // In the night they see the request and take it.
    world.until("2026-11-17T03:00:00Z").await;
    let request = phone.ask("now").await;
    assert_eq!(kit.inbox().await[0]["contact_request"]["id"], request["id"]);
    kit.acknowledge(&request["id"]).await;

    let (kim, _) = world.client_with_phone("Kim").await;
    world.until("2026-11-17T08:59:00Z").await;
    kit.of(&kim, "").await.is(200);
    world.until("2026-11-17T09:00:00Z").await;
    kit.of(&kim, "").await.is_problem(404, "not_found");
    // What they took in the night is theirs until it is done, and for some hours to write it down.
    kit.of(&sam, "").await.is(200);
    kit.act_on_request(&request["id"], "complete", &json!({})).await.is(200);
    kit.of(&sam, "").await.is(200);
    assert_eq!(kit.inbox().await, [Value::Null; 0]);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'denied'").await, 3);
    assert!(matches!(world.verify_audit().await, Verdict::Whole { .. }));
});

story!(nobodys_flags_flood_who_covers, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    world.publish(&[daily(world, "00:00-00:00", Some(&kit)), second(world, "00:00-00:00", &world.dee)], None).await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 4).await;
    assert_eq!(world.dee.flags().await.len(), 1);
    let flag = world.dee.flags().await[0].clone();
    kit.of(&sam, "").await.is(200);
    assert_eq!(kit.flags().await, [Value::Null; 0], "Kit covers the service and has no client of their own");
    assert_eq!(kit.inbox().await, [Value::Null; 0]);
    // Somebody they are called for is another matter.
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("INSERT INTO called (organisation_id, worker_id, client_id) VALUES ($1, $2, $3)")
        .bind(world.provider.id)
        .bind(kit.id)
        .bind(sam.id)
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(kit.flags().await[0]["id"], flag["id"]);
});

story!(a_request_of_another_service_is_not_for_who_is_on_duty_here, |world| {
    let there = world.another_service(world.provider, "Night house").await;
    let olu = world.worker(there, "Olu", &[Role::TeamLead]).await;
    let kim = world.client_of(there, "Kim", &[&olu]).await;
    world.publish(&[daily(world, "00:00-00:00", Some(&world.dee))], None).await;
    world.dee.of(&kim, "").await.is_problem(404, "not_found");
});

story!(a_swap_and_an_illness_move_who_is_on_duty_at_once, |world| {
    let sam = world.client_of(world.provider, "Sam", &[]).await;
    let (kit, uma) = (
        world.worker(world.provider, "Kit", &[Role::SupportWorker]).await,
        world.worker(world.provider, "Uma", &[Role::SupportWorker]).await,
    );
    let all_day = daily(world, "00:00-00:00", Some(&kit));
    world.publish(std::slice::from_ref(&all_day), Some(&world.lead)).await;
    kit.of(&sam, "").await.is(200);
    let swap = kit.propose_swap(world, &all_day, "2026-11-16", &uma).await.is(200);
    uma.of(&sam, "").await.is_problem(404, "not_found");
    uma.answer_swap(&swap, "yes").await.is(200);
    uma.of(&sam, "").await.is(200);
    kit.of(&sam, "").await.is_problem(404, "not_found");
    uma.is_away(world, Some("2026-11-16T12:00:00Z"), "ill").await;
    uma.of(&sam, "").await.is_problem(404, "not_found");
    world.until("2026-11-16T12:00:00Z").await;
    uma.of(&sam, "").await.is(200);
});

story!(an_admin_as_such_sees_nobodys_record_on_a_rota_either, |world| {
    let sam = world.client_of(world.provider, "Sam", &[]).await;
    let ada = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    world.publish(&[daily(world, "00:00-00:00", Some(&ada))], None).await;
    ada.of(&sam, "").await.is_problem(404, "not_found");
});

story!(a_client_can_read_who_may_read_a_note_at_night, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let readers = async || phone.get("/api/v1/me").await.is(200)["note_readers"].clone();
    assert_eq!(readers().await, json!(["Dee", "Pat"]));
    world.publish(&[daily(world, "22:00-08:00", Some(&kit))], Some(&world.lead)).await;
    assert_eq!(readers().await, json!(["Dee", "Kit", "Pat"]), "by day too: a note of today is there tonight");
});

story!(a_node_that_starts_makes_sure_that_every_rota_is_looked_at, |world| {
    world.publish(&[daily(world, "00:00-00:00", Some(&world.dee))], None).await;
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("DELETE FROM job").execute().await.unwrap();
    tx.query("DELETE FROM duty").execute().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(companion::rota::round::see_to_everything(&world.app).await.unwrap(), 1);
    assert_eq!(companion::rota::round::see_to_everything(&world.app).await.unwrap(), 0);
    world.advance(Duration::seconds(1));
    world.run_jobs().await;
    assert_eq!(world.count("SELECT COUNT(*) FROM duty").await, 1);
    let waiting = "SELECT COUNT(*) FROM job WHERE kind = 'rota' AND done_at IS NULL";
    assert_eq!(world.count(waiting).await, 1, "and leaves the next look");
});
