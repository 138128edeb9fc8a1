//! One question a day, when it was agreed, by day, and only if it is still wanted.

use chrono::{Duration, TimeZone, Utc};
use companion::jobs;
use companion_tests::{
    by_text::{OldPhone, agree, agreed},
    json,
    push_peer::Mood,
    story,
};

const QUESTION: &str = "How are things today? Reply 1-7 (1 = very low, 7 = good).";

story!(one_question_on_each_day_agreed, |world, relays| {
    let sam = world.client("Sam").await;
    // It is a Monday.
    let old = agreed(world, relays, &sam, json!({ "days": ["mo", "we"], "time": "18:30" })).await;
    assert_eq!(old.at(0, "18:29").await.len(), 0);
    assert_eq!(old.at(0, "18:30").await, [QUESTION]);
    assert_eq!(old.at(0, "18:31").await.len(), 0);
    assert_eq!(old.at(1, "18:30").await.len(), 0, "Tuesday");
    assert_eq!(old.at(1, "18:30").await, [QUESTION], "Wednesday");
    for _ in 0..4 {
        assert_eq!(old.at(1, "18:30").await.len(), 0);
    }
    assert_eq!(old.at(1, "18:30").await, [QUESTION], "Monday again");
});

story!(nobody_is_asked_who_has_said_it_already_or_wants_a_pause, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    phone.check_in(&[("mood", 4.0)]).await;
    assert_eq!(old.at(0, "10:00").await.len(), 0, "they checked in at nine");
    let tomorrow = (world.now() + Duration::days(1)).date_naive();
    phone.put("/api/v1/me/reminder-settings", &json!({ "paused_until": tomorrow })).await.is(200);
    assert_eq!(old.at(1, "10:00").await.len(), 0);
    assert_eq!(old.at(1, "10:00").await, [QUESTION]);
});

story!(a_question_that_waits_is_let_go_when_it_is_not_wanted_any_more, |world, relays| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    relays.sms.always(Mood::Says(503));
    assert_eq!(old.at(0, "10:00").await.len(), 1);
    phone.check_in(&[("mood", 4.0)]).await;
    relays.sms.behave();
    assert_eq!(old.at(0, "10:10").await.len(), 0);
    relays.sms.always(Mood::Says(503));
    assert_eq!(old.at(1, "10:00").await.len(), 1);
    phone.delete("/api/v1/me/by-text").await.is(204);
    relays.sms.behave();
    assert!(!old.at(0, "10:10").await.contains(&QUESTION.to_owned()));
    let whys: Vec<(Option<String>,)> = world
        .app
        .db
        .query("SELECT problem FROM text_message WHERE kind = 'question' ORDER BY day")
        .all()
        .await
        .unwrap();
    assert_eq!(whys, [(Some("answered".into()),), (Some("ended".into()),)]);
});

story!(a_gateway_that_is_down_is_tried_for_a_while_and_no_day_is_asked_twice, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    relays.sms.always(Mood::Says(503));
    let mut tries = Vec::new();
    old.at(0, "09:59").await;
    for _ in 0..60 * 4 {
        world.advance(Duration::minutes(1));
        world.run_jobs().await;
        tries.extend(relays.sms.take());
    }
    assert!((10..25).contains(&tries.len()), "{}", tries.len());
    assert!(tries.iter().all(|t| t.id == tries[0].id && t.words == QUESTION), "one text, tried again");
    assert!(tries.iter().all(|t| t.to == tries[0].to));
    relays.sms.behave();
    assert_eq!(old.texts().await.len(), 0, "at two it is given up for the day");
    let seen = world.dee.of(&sam, "/by-text").await.is(200);
    assert_eq!((&seen["last_text"]["sent_at"], &seen["last_text"]["problem"]), (&json!(null), &json!("503")));
    assert_eq!(old.at(1, "10:00").await, [QUESTION]);
});

story!(nodes_that_die_or_compete_ask_once, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    let nodes = [world.another_node().await, world.another_node().await, world.another_node().await];
    for day in 0..3 {
        world.clock.set(
            world.now().date_naive().and_hms_opt(10, 0, 0).unwrap().and_utc() + Duration::days(i64::from(day > 0)),
        );
        let (a, b, c) = tokio::join!(jobs::run_due(&nodes[0]), jobs::run_due(&nodes[1]), jobs::run_due(&nodes[2]));
        a.unwrap();
        b.unwrap();
        c.unwrap();
        assert_eq!(relays.sms.only().words, QUESTION);
    }
    // One takes the job and dies with it; the lease runs out, and another asks.
    world.clock.set(world.now() + Duration::days(1));
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE job SET leased_by = 'gone', lease_until = $1, attempts = attempts + 1 WHERE kind = 'ask_by_text' AND done_at IS NULL")
        .bind(world.now() + Duration::seconds(15))
        .execute()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(old.texts().await.len(), 0);
    world.advance(Duration::seconds(20));
    assert_eq!(old.texts().await, [QUESTION]);
    assert_eq!(old.texts().await.len(), 0);
});

story!(a_server_that_was_down_asks_late_but_not_too_late, |world, relays| {
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({ "time": "19:00" })).await;
    assert_eq!(old.at(0, "20:59").await, [QUESTION]);
    assert_eq!(old.at(1, "21:00").await.len(), 0, "it is night");
    assert_eq!(old.at(1, "19:00").await, [QUESTION]);
    agree(world, &sam, json!({ "time": "10:00" })).await;
    assert_eq!(old.at(1, "13:00").await.len(), 0, "after three hours it is let go");
});

story!(ten_o_clock_stays_ten_o_clock_where_they_are, |world, relays| {
    world.clock.set(Utc.with_ymd_and_hms(2027, 3, 27, 9, 0, 0).unwrap());
    let sam = world.client("Sam").await;
    let old = agreed(world, relays, &sam, json!({})).await;
    assert_eq!(old.at(0, "10:00").await, [QUESTION]);
    // Summer time begins in the night: ten in London is nine in UTC.
    assert_eq!(old.at(1, "08:59").await.len(), 0);
    assert_eq!(old.at(0, "09:00").await, [QUESTION]);
    // They move to Madrid, where ten is an hour earlier still.
    let record = format!("/api/v1/team/clients/{}", sam.id);
    world.dee.patch(&record, &json!({ "time_zone": "Europe/Madrid" })).await.is(200);
    assert_eq!(old.at(1, "08:00").await, [QUESTION]);
});

story!(a_restored_database_without_jobs_asks_all_the_same, |world, relays| {
    let sam = world.client("Sam").await;
    let old: OldPhone<'_> = agreed(world, relays, &sam, json!({})).await;
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("DELETE FROM job").execute().await.unwrap();
    tx.commit().await.unwrap();
    companion::by_text::round::see_to_everybody(&world.app).await.unwrap();
    companion::by_text::round::see_to_everybody(&world.app).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM job").await, 1);
    assert_eq!(old.at(0, "10:00").await, [QUESTION]);
});
