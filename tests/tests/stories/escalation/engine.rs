//! The engine watches itself.

use chrono::Duration;
use companion::escalation::{drill, is_healthy, watch::Heartbeat};
use companion_tests::{json, push_peer::PushPeer, story};

use super::{Team, three};

story!(an_engine_that_does_not_sweep_is_not_healthy_and_the_node_is_ready_all_the_same, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    assert!(!is_healthy(&world.app).await.unwrap(), "nobody has swept yet");
    world.run_jobs().await;
    assert!(is_healthy(&world.app).await.unwrap());
    phone.ask("now").await;
    world.advance(Duration::seconds(29));
    assert!(is_healthy(&world.app).await.unwrap());
    world.advance(Duration::seconds(32));
    assert!(!is_healthy(&world.app).await.unwrap());
    let engine = world.engine().await;
    assert_eq!((&engine["last_finished_sweep"], &engine["oldest_overdue_step"]), (&json!(three()), &json!(three())));
    assert_eq!((&engine["overdue_step_seconds"], &engine["open_without_next_step"]), (&json!(61), &json!(0)));
    world.api.get("/readyz").await.is(200);
    let said = world.lead.get("/api/v1/team/engine").await.is(200);
    assert_eq!((&said["healthy"], said["words"].as_array().unwrap().len()), (&json!(false), 1));
    world.dee.get("/api/v1/team/engine").await.is_problem(403, "forbidden");

    world.run_jobs().await;
    assert!(is_healthy(&world.app).await.unwrap());
    let said = world.lead.get("/api/v1/team/engine").await.is(200);
    assert_eq!((&said["healthy"], &said["words"]), (&json!(true), &json!([])));
    assert_eq!(said["holes"][0]["service"]["name"], "Flexible community", "no rota says who is on");
    // What another node did counts for this one.
    world.advance(Duration::minutes(1));
    assert!(!is_healthy(&world.app).await.unwrap());
    companion::jobs::run_due(&world.another_node().await).await.unwrap();
    assert!(is_healthy(&world.app).await.unwrap());
    drop(team);
});

story!(a_drill_goes_the_whole_way_and_is_about_nobody, |world| {
    assert!(drill::begin_if_due(&world.app).await.unwrap());
    assert!(!drill::begin_if_due(&world.another_node().await).await.unwrap(), "one in five minutes, whatever node");
    world.advance(Duration::seconds(2));
    world.run_jobs().await;
    let engine = world.engine().await;
    assert_eq!(engine["last_drill"]["seconds"], 2.0);
    assert_eq!((&engine["drill_failing_since"], &engine["open_without_next_step"]), (&json!(null), &json!(0)));
    assert_eq!(world.count("SELECT COUNT(*) FROM notification").await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM escalation WHERE ended_at IS NULL").await, 0);
    assert!(world.lead.inbox().await.is_empty());

    // Nobody sweeps: drills do not come back, and that is said.
    world.advance(Duration::minutes(5));
    let since = world.now();
    for _ in 0..3 {
        assert!(drill::begin_if_due(&world.app).await.unwrap());
        world.advance(Duration::minutes(5));
    }
    assert_eq!(world.engine().await["drill_failing_since"], json!(since));
    // They are given up for the next, which comes back.
    assert!(drill::begin_if_due(&world.app).await.unwrap());
    world.run_jobs().await;
    assert_eq!(world.engine().await["drill_failing_since"], json!(null));
    assert_eq!(world.count("SELECT COUNT(*) FROM escalation WHERE ended_at IS NULL").await, 0);
});

story!(the_heartbeat_stops_when_the_engine_is_not_well, |world| {
    let outside = PushPeer::start().await;
    let heartbeat =
        Heartbeat::new(&format!("http://{}/beat", outside.address), companion::outbound::Reach::Anywhere).unwrap();
    assert!(!heartbeat.beat(&world.app).await);
    assert!(outside.take().is_empty());
    world.run_jobs().await;
    assert!(heartbeat.beat(&world.app).await);
    assert_eq!(outside.only().path, "/beat");
    drill::begin(&world.app).await.unwrap();
    world.advance(Duration::seconds(61));
    world.run_jobs().await;
    assert!(heartbeat.beat(&world.app).await, "it came back, late");
    world.advance(Duration::minutes(1));
    assert!(!heartbeat.beat(&world.app).await, "nobody sweeps");
});
