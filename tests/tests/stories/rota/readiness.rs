//! Does the phone of whoever works tonight work?

use companion::access::Role;
use companion_tests::{
    Value, World, json, relays,
    rota::{daily, second},
    story,
};

use super::Desk;

async fn ready(world: &World, nights: &Value) -> Value {
    world.lead.shift(world, nights, "2026-11-16").await["ready"].clone()
}

story!(readiness_is_asked_before_the_night_and_an_answer_makes_ready, |world| {
    let dee = Desk::of(world, &world.dee).await;
    let nights = daily(world, "22:00-08:00", Some(&world.dee));
    world.publish(std::slice::from_ref(&nights), Some(&world.lead)).await;
    world.until("2026-11-16T18:59:00Z").await;
    assert_eq!((dee.kinds(), ready(world, &nights).await), (Vec::new(), json!(null)));
    world.until("2026-11-16T19:00:00Z").await;
    assert_eq!(ready(world, &nights).await, "asked");
    assert_eq!(dee.answers(world).await, ["readiness"]);
    let shift = world.lead.shift(world, &nights, "2026-11-16").await;
    assert_eq!((&shift["ready"], &shift["answered_at"]), (&json!("ready"), &json!("2026-11-16T19:00:00Z")));
    world.until("2026-11-17T07:00:00Z").await;
    assert_eq!(
        (dee.kinds(), ready(world, &nights).await),
        (Vec::new(), json!("ready")),
        "nobody is asked in the night"
    );
    assert!(world.lead.shift(world, &nights, "2026-11-18").await["ready"].is_null(), "tomorrow is another night");
});

story!(who_has_no_phone_with_notifications_is_asked_by_the_ways_that_they_have, |world, relays| {
    const KITS: &str = "+447700900321";
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    relays::choose(&kit, world, &[("sms", Some(KITS)), ("email", Some("kit@example.org"))]).await;
    let nights = daily(world, "22:00-08:00", Some(&kit));
    world.publish(std::slice::from_ref(&nights), Some(&world.lead)).await;
    world.until("2026-11-16T19:00:00Z").await;
    assert_eq!(ready(world, &nights).await, "asked");
    let text = relays.sms.only();
    assert_eq!((text.to.as_str(), relays.smtp.take().len()), (KITS, 0), "the first way that they would be rung by");
    world.until("2026-11-16T20:59:00Z").await;
    assert!(relays.sms.take().is_empty());
    world.until("2026-11-16T21:00:00Z").await;
    assert_eq!((relays.sms.take().len(), relays.smtp.take().len()), (1, 1), "all of them, an hour before");
    world.until("2026-11-16T21:30:00Z").await;
    assert_eq!(ready(world, &nights).await, "not_ready", "that a gateway took it says nothing");

    relays::press(&world.api, &text.link()).await.is(200);
    assert_eq!(ready(world, &nights).await, "not_ready", "it was for seven to nine");
    let asked = world.lead.post("/api/v1/team/rota/readiness", &json!({ "service_id": world.provider.service })).await;
    assert_eq!(asked.is(200)["asked"][0]["first_name"], "Kit");
    world.run_jobs().await;
    let text = relays.sms.only();
    relays::press(&world.api, &text.link()).await.is(200);
    assert_eq!(ready(world, &nights).await, "ready");
});

story!(no_answer_shows_it_and_tells_the_backup, |world| {
    let (dee, lead) = (Desk::of(world, &world.dee).await, Desk::of(world, &world.lead).await);
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let backup = Desk::of(world, &kit).await;
    let nights = daily(world, "20:00-08:00", Some(&world.dee));
    let behind = second(world, "20:00-08:00", &kit);
    world.publish(&[nights.clone(), behind.clone(), daily(world, "08:00-20:00", Some(&world.lead))], None).await;
    world.until("2026-11-16T17:15:00Z").await;
    assert_eq!(backup.answers(world).await, ["readiness"], "second line is asked too");
    world.until("2026-11-16T19:29:00Z").await;
    assert_eq!(dee.kinds(), ["readiness", "readiness"], "at five and at seven");
    assert_eq!((ready(world, &nights).await, ready(world, &behind).await), (json!("asked"), json!("ready")));
    assert_eq!(backup.kinds(), [""; 0]);
    world.until("2026-11-16T19:30:00Z").await;
    assert_eq!(ready(world, &nights).await, "not_ready");
    assert_eq!(backup.kinds(), ["rota"]);
    world.until("2026-11-17T01:00:00Z").await;
    assert_eq!((backup.kinds(), lead.kinds()), (Vec::new(), Vec::new()), "once, and nobody else");

    // It answers after all.
    world.dee.post(&format!("/api/v1/team/push-subscriptions/{}/test", dee.browser.id), &json!({})).await.is(200);
    world.run_jobs().await;
    assert_eq!(dee.answers(world).await, ["test"]);
    assert_eq!(ready(world, &nights).await, "ready");
});

story!(without_a_backup_that_can_hear_it_the_catch_all_is_told_and_without_one_the_lead, |world| {
    let lead = Desk::of(world, &world.lead).await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let catches = Desk::of(world, &kit).await;
    let nights = daily(world, "20:00-08:00", Some(&world.dee));
    world.publish(std::slice::from_ref(&nights), Some(&kit)).await;
    world.until("2026-11-16T19:30:00Z").await;
    assert_eq!(ready(world, &nights).await, "not_ready", "Dee has nothing that could answer");
    assert_eq!((catches.kinds(), lead.kinds()), (vec!["rota".to_owned()], Vec::new()));
    world.publish(&[nights, daily(world, "08:00-20:00", Some(&world.dee))], None).await;
    world.until("2026-11-17T19:30:00Z").await;
    assert_eq!((catches.kinds(), lead.kinds()), (Vec::new(), vec!["rota".to_owned()]));
});

story!(a_device_that_answered_something_else_today_need_not_be_asked, |world| {
    let dee = Desk::of(world, &world.dee).await;
    let nights = daily(world, "22:00-08:00", Some(&world.dee));
    world.publish(std::slice::from_ref(&nights), Some(&world.lead)).await;
    world.until("2026-11-16T10:30:00Z").await;
    let test = format!("/api/v1/team/push-subscriptions/{}/test", dee.browser.id);
    world.dee.post(&test, &json!({})).await.is(200);
    world.run_jobs().await;
    dee.answers(world).await;
    assert_eq!(ready(world, &nights).await, "ready");
    world.until("2026-11-17T07:00:00Z").await;
    assert_eq!(dee.kinds(), [""; 0]);
    // The next night is more than twelve hours away from that; and who signs out cannot be rung at all.
    world.until("2026-11-17T19:00:00Z").await;
    assert_eq!(dee.answers(world).await, ["readiness"]);
    world.dee.delete(&format!("/api/v1/team/push-subscriptions/{}", dee.browser.id)).await.is(204);
    world.until("2026-11-17T21:30:00Z").await;
    let shift = world.lead.shift(world, &nights, "2026-11-17").await;
    assert_eq!(shift["ready"], "not_ready");
});

story!(a_lead_can_ask_everybody_of_tonight_now, |world| {
    let dee = Desk::of(world, &world.dee).await;
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let nights = daily(world, "22:00-08:00", Some(&world.dee));
    let behind = second(world, "22:00-08:00", &kit);
    world.publish(&[nights.clone(), behind], Some(&world.lead)).await;
    world.until("2026-11-16T14:00:00Z").await;
    let asked =
        world.lead.post("/api/v1/team/rota/readiness", &json!({ "service_id": world.provider.service })).await.is(200);
    assert_eq!(
        (&asked["asked"][0]["first_name"], &asked["nothing_to_ask"][0]["first_name"]),
        (&json!("Dee"), &json!("Kit"))
    );
    assert_eq!(ready(world, &nights).await, "asked");
    world.run_jobs().await;
    assert_eq!(dee.answers(world).await, ["readiness"]);
    assert_eq!(ready(world, &nights).await, "ready");
});

story!(who_takes_a_night_late_is_asked_at_once_and_has_half_an_hour, |world| {
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let desk = Desk::of(world, &kit).await;
    let nights = daily(world, "22:00-08:00", Some(&world.dee));
    world.publish(std::slice::from_ref(&nights), Some(&world.lead)).await;
    world.until("2026-11-16T21:45:00Z").await;
    assert_eq!(ready(world, &nights).await, "not_ready");
    let swap = world.dee.propose_swap(world, &nights, "2026-11-16", &kit).await.is(200);
    kit.answer_swap(&swap, "yes").await.is(200);
    world.run_jobs().await;
    assert_eq!((desk.kinds(), ready(world, &nights).await), (vec!["readiness".to_owned()], json!("asked")));
    world.until("2026-11-16T22:15:00Z").await;
    assert_eq!(ready(world, &nights).await, "not_ready");
});

story!(a_day_has_no_readiness, |world| {
    let dee = Desk::of(world, &world.dee).await;
    let days = daily(world, "08:00-20:00", Some(&world.dee));
    world.publish(std::slice::from_ref(&days), Some(&world.lead)).await;
    world.until("2026-11-16T19:00:00Z").await;
    assert_eq!((dee.kinds(), ready(world, &days).await), (Vec::new(), json!(null)));
});
