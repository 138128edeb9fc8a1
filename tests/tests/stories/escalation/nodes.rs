//! Several nodes: any may sweep, one acts.

use chrono::Duration;
use companion::{escalation::sweep, jobs};
use companion_tests::{Worker, escalation::step, json, rota::daily, scale, story};

use super::{Team, minutes, orphans, three};

story!(nodes_that_sweep_together_ring_once_a_step, |world| {
    let team = Team::at_three(world).await;
    let clients = 20 * scale();
    for n in 0..clients {
        let (_, phone) = world.client_with_phone(&format!("Client {n}")).await;
        phone.ask("now").await;
    }
    let nodes = [world.another_node().await, world.another_node().await, world.app.clone()];
    for minute in [0, 5, 10] {
        world.clock.set(three() + Duration::minutes(minute));
        let sweeps = nodes.clone().map(|app| tokio::spawn(async move { sweep::run_due(&app).await.unwrap() }));
        let mut taken = Vec::new();
        for sweep in sweeps {
            taken.push(sweep.await.unwrap());
        }
        // What lost a race is due all the same.
        jobs::run_due(&world.app).await.unwrap();
        team.all_rang(world).await;
        println!("minute {minute}: steps by node {taken:?}");
    }
    let doubled = world
        .count("SELECT COUNT(*) FROM (SELECT escalation_id, at, worker_id FROM ring GROUP BY escalation_id, at, worker_id HAVING COUNT(*) > 1) d")
        .await;
    assert_eq!(doubled, 0);
    let rings = minutes(world).await;
    for (minute, whom) in [(0, team.uma.id), (5, team.rae.id), (10, world.lead.id)] {
        let there = rings.iter().filter(|ring| **ring == (minute, whom)).count();
        assert_eq!(there as u64, clients, "minute {minute}");
    }
    assert_eq!(rings.len() as u64, 3 * clients);
});

story!(what_a_node_decided_by_an_older_state_is_not_written, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    world.run_jobs().await;
    let fence = "SELECT fence FROM escalation WHERE ended_at IS NULL";
    let before = world.count(fence).await;
    // A paused node would write by this fence. Meanwhile somebody took it.
    world.lead.acknowledge(&id).await;
    assert!(world.count(fence).await > before);
    let mut tx = world.app.db.begin().await.unwrap();
    let written = tx
        .query("UPDATE escalation SET due_at = $2 WHERE fence = $1 AND ended_at IS NULL")
        .bind(before)
        .bind(three())
        .execute()
        .await
        .unwrap();
    assert_eq!(written, 0);
    tx.commit().await.unwrap();
    assert_eq!(world.lead.request(&id).await["escalation"]["state"], "held");
    drop(team);
});

story!(a_row_that_cannot_be_read_begins_again_and_holds_up_no_other, |world| {
    let team = Team::at_three(world).await;
    let mut asked = Vec::new();
    for name in ["Sam", "Kim", "Jo"] {
        let (client, phone) = world.client_with_phone(name).await;
        phone.ask("now").await;
        asked.push(client);
    }
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE escalation SET state = $2 WHERE client_id = $1")
        .bind(asked[0].id)
        .bind(sqlx::types::Json(json!({ "phase": "of the moon" })))
        .execute()
        .await
        .unwrap();
    // And a list that nobody can read.
    tx.query("UPDATE policy SET steps = $1 WHERE kind = 'contact_now'")
        .bind(sqlx::types::Json(json!([{ "who": "the_cat" }])))
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
    // The usual list: at night, without a rota, the lead.
    let mut whom: Vec<_> = world.rings().await;
    assert_eq!(whom.len(), 3);
    whom.dedup();
    assert_eq!(whom, [(three(), world.lead.id)]);
    drop(team);
});

story!(a_rota_that_cannot_be_read_keeps_nobody_else_from_being_rung, |world| {
    let team = Team::at_three(world).await;
    world.publish(&[daily(world, "20:00-08:00", Some(&world.dee))], Some(&world.lead)).await;
    let list = [step("first_line", 5), step("catch_all", 5), step("team_lead", 5)];
    world.lead.put_policy(world, "contact_now", &list).await.is(200);
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE rota SET patterns = $1").bind(sqlx::types::Json(json!("the moon"))).execute().await.unwrap();
    tx.commit().await.unwrap();
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.ask("now").await;
    world.run_jobs().await;
    assert_eq!(world.rings().await, [(three(), world.lead.id)]);
    drop(team);
});

story!(a_key_that_cannot_be_opened_keeps_nobody_from_being_rung_nor_hides_the_others, |world| {
    let team = Team::at_three(world).await;
    let (sam, phone) = world.client_with_phone("Sam").await;
    let (_, kim) = world.client_with_phone("Kim").await;
    phone.ask("now").await;
    kim.ask("today").await;
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE client SET wrapped_key = $2 WHERE id = $1")
        .bind(sam.id)
        .bind(vec![7_u8; 72])
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.run_jobs().await;
    assert_eq!(world.rings().await.len(), 2);
    team.all_rang(world).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM contact_request WHERE state = 'reached'").await, 2);
    let inbox = world.lead.inbox().await;
    assert_eq!(Worker::only(&inbox)["client"]["preferred_name"], "Kim");
    world.lead.get("/api/v1/team/board").await.is(200);
});

story!(what_is_open_without_a_next_step_is_counted_and_taken_up, |world| {
    let team = Team::at_three(world).await;
    let (_, nobodys) = world.client_with_phone("Sam").await;
    let (_, taken) = world.client_with_phone("Kim").await;
    nobodys.ask("now").await;
    let held = taken.ask("today").await["id"].clone();
    let by = three() + Duration::hours(2);
    world.lead.promise(&held, by).await;
    // As a release from before escalation left it.
    let mut tx = world.app.db.begin().await.unwrap();
    for sql in ["DELETE FROM ring", "DELETE FROM escalation"] {
        tx.query(sql).execute().await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(world.engine().await["open_without_next_step"], 2);
    world.run_jobs().await;
    assert_eq!(world.engine().await["open_without_next_step"], 0);
    assert_eq!(orphans(world).await, 0);
    assert_eq!(minutes(world).await, [(0, team.uma.id)]);
    assert_eq!(world.lead.request(&held).await["escalation"]["comes_back_at"], json!(by));
});
