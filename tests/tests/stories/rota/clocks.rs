//! The two nights on which the clocks change.

use chrono::{TimeZone, Utc};
use companion::access::Role;
use companion_tests::{Phone, World, json, rota::daily, story};
use mobile_shared::rota::Line;

use super::Desk;

/// Dee by night, Kit by day, joined on the wall at ten and at half past one. The phones of both work.
async fn rota(world: &World) -> [Desk; 2] {
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    world
        .publish(&[daily(world, "22:00-01:30", Some(&world.dee)), daily(world, "01:30-22:00", Some(&kit))], None)
        .await;
    [Desk::of(world, &world.dee).await, Desk::of(world, &kit).await]
}

/// Who is on first line, and whom a client is told of, at each of these times.
async fn watch(world: &World, phone: &Phone, desks: &[Desk], times: &[&str]) -> Vec<(usize, String)> {
    let mut seen = Vec::new();
    for at in times {
        world.until(at).await;
        for desk in desks {
            desk.answers(world).await;
        }
        let (provider, now) = (world.provider, world.now());
        let on = companion::rota::on(&world.app.db, &world.app, provider.id, provider.service, Line::First, now).await;
        let cover = phone.cover().await;
        assert_eq!(cover["watched_now"], true, "{at}");
        seen.push((on.unwrap().len(), cover["by"].as_str().unwrap().to_owned()));
    }
    seen
}

story!(on_the_night_the_clocks_go_back_cover_overlaps, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let desks = rota(world).await;
    world.clock.set(Utc.with_ymd_and_hms(2027, 10, 30, 12, 0, 0).unwrap());
    world.run_jobs().await;
    assert_eq!(world.lead.rota(world).await["holes"], json!([]));
    // Half past one comes at 00:30 and at 01:30 UTC. From the first to the second both are on.
    let times = [
        "2027-10-30T19:00:00Z",
        "2027-10-31T00:15:00Z",
        "2027-10-31T00:30:00Z",
        "2027-10-31T01:15:00Z",
        "2027-10-31T01:30:00Z",
    ];
    let seen = watch(world, &phone, &desks, &times).await;
    let told: Vec<(usize, &str)> = seen.iter().map(|(on, by)| (*on, by.as_str())).collect();
    assert_eq!(told, [(1, "Kit"), (1, "Dee"), (2, "Kit"), (2, "Kit"), (1, "Kit")]);
    world.dee.of(&sam, "").await.is(200);
});

story!(on_the_night_the_clocks_go_forward_nobody_goes_before_the_next_comes, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let desks = rota(world).await;
    world.clock.set(Utc.with_ymd_and_hms(2027, 3, 27, 12, 0, 0).unwrap());
    world.run_jobs().await;
    assert_eq!(world.lead.rota(world).await["holes"], json!([]));
    // Half past one never comes; both mean 01:00 UTC, when the wall goes from one to two.
    let times = ["2027-03-27T19:00:00Z", "2027-03-28T00:59:00Z", "2027-03-28T01:00:00Z", "2027-03-28T01:15:00Z"];
    let seen = watch(world, &phone, &desks, &times).await;
    let told: Vec<(usize, &str)> = seen.iter().map(|(on, by)| (*on, by.as_str())).collect();
    assert_eq!(told, [(1, "Kit"), (1, "Dee"), (1, "Kit"), (1, "Kit")]);
});
