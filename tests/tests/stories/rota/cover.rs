//! What a client is told about who watches: never more than is so.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{Value, escalation::step, json, rota::daily, story};

use super::Desk;

story!(cover_says_who_and_until_when, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let _desk = Desk::of(world, &world.dee).await;
    let nobody = json!({ "watched_now": false, "by": null, "until": null, "next": null, "phone": "01632 960 000" });
    world.run_jobs().await;
    assert_eq!(phone.cover().await, nobody, "no rota");
    world
        .publish(
            &[daily(world, "10:00-14:00", Some(&world.dee)), daily(world, "14:00-18:00", Some(&world.dee))],
            Some(&world.lead),
        )
        .await;
    let later = json!({ "watched_now": false, "by": null, "until": null, "next": "2026-11-16T10:00:00Z", "phone": "01632 960 000" });
    assert_eq!(phone.cover().await, later, "a catch-all alone does not watch");
    world.until("2026-11-16T10:00:00Z").await;
    let now = json!({
        "watched_now": true, "by": "Dee", "until": "2026-11-16T18:00:00Z", "next": "2026-11-17T10:00:00Z", "phone": "01632 960 000",
    });
    assert_eq!(phone.cover().await, now, "for the whole of both shifts");
    world.dee.is_away(world, Some("2026-11-16T15:00:00Z"), "ill").await;
    world.run_jobs().await;
    let cover = phone.cover().await;
    assert_eq!((&cover["watched_now"], &cover["next"]), (&json!(false), &json!("2026-11-16T15:00:00Z")));
});

story!(who_comes_after_is_said_too, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let _desk = Desk::of(world, &world.dee).await;
    world
        .publish(&[daily(world, "08:00-20:00", Some(&world.dee)), daily(world, "20:00-08:00", Some(&kit))], None)
        .await;
    let cover = phone.cover().await;
    assert_eq!(
        (&cover["by"], &cover["until"], &cover["next"]),
        (&json!("Dee"), &json!("2026-11-16T20:00:00Z"), &json!("2026-11-16T20:00:00Z"))
    );
});

story!(cover_never_claims_anything_while_the_engine_is_behind, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let _desk = Desk::of(world, &world.dee).await;
    world.publish(&[daily(world, "08:00-20:00", Some(&world.dee))], Some(&world.lead)).await;
    let watched = async || phone.cover().await["watched_now"] == true;
    assert!(watched().await);
    world.advance(Duration::seconds(29));
    assert!(watched().await);
    world.advance(Duration::seconds(1));
    let cover = phone.cover().await;
    assert_eq!(
        (&cover["watched_now"], &cover["by"], &cover["next"]),
        (&json!(false), &Value::Null, &Value::Null),
        "nobody has looked for 30 s"
    );
    world.run_jobs().await;
    assert!(watched().await);
    // A ring has been on its way for more than a minute, though a look was just finished.
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE job SET lane = 'urgent', due_at = $1, lease_until = $2 WHERE done_at IS NULL")
        .bind(world.now() - Duration::seconds(61))
        .bind(world.now() + Duration::hours(1))
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
    assert!(!watched().await);
});

story!(who_was_found_unready_is_not_said_to_watch, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let dee = Desk::of(world, &world.dee).await;
    world.publish(&[daily(world, "22:00-08:00", Some(&world.dee))], Some(&world.lead)).await;
    world.until("2026-11-16T22:00:00Z").await;
    let cover = phone.cover().await;
    assert_eq!((&cover["watched_now"], &cover["next"]), (&json!(false), &json!("2026-11-17T22:00:00Z")));
    assert_eq!(dee.answers(world).await, ["readiness", "readiness"]);
    let cover = phone.cover().await;
    assert_eq!(
        (&cover["watched_now"], &cover["by"], &cover["until"]),
        (&json!(true), &json!("Dee"), &json!("2026-11-17T08:00:00Z"))
    );
});

story!(a_clients_cover_is_that_of_their_service, |world| {
    let there = world.another_service(world.provider, "Night house").await;
    let kim = world.client_of(there, "Kim", &[&world.dee]).await;
    let phone = world.phone_of(&kim).await;
    world.publish(&[daily(world, "00:00-00:00", Some(&world.dee))], None).await;
    assert_eq!(phone.cover().await["watched_now"], false);
});

story!(who_cannot_be_rung_is_not_said_to_watch, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.publish(&[daily(world, "08:00-20:00", Some(&world.dee))], Some(&world.lead)).await;
    let watched = async || phone.cover().await["watched_now"] == true;
    assert!(!watched().await, "Dee has nothing that could ring");
    let _desk = Desk::of(world, &world.dee).await;
    assert!(watched().await);
    world.lead.put_policy(world, "contact_now", &[step("team_lead", 5)]).await.is(200);
    assert!(!watched().await, "nobody would ring her");
});
