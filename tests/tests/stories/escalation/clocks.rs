//! Clocks that go wrong.

use chrono::Duration;
use companion::{clock::MovableClock, escalation::sweep};
use companion_tests::{escalation::person, story};

use super::{Team, minutes, orphans, three};

story!(a_clock_that_goes_back_an_hour_delays_nothing_by_more_than_one_wait, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    phone.ask("now").await;
    team.nobody_answers_until(world, three() + Duration::minutes(2)).await;
    let back = three() - Duration::hours(1);
    world.clock.set(back);
    world.run_jobs().await;
    team.nobody_answers_until(world, back + Duration::minutes(6)).await;
    let mut whom = world.rings().await;
    whom.sort_unstable();
    assert_eq!(whom, [(back + Duration::minutes(5), team.rae.id), (three(), team.uma.id)]);
});

story!(a_request_of_a_moment_that_is_in_the_future_now_rings_at_once, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    phone.ask("now").await;
    // Before anybody looked.
    let back = three() - Duration::hours(1);
    world.clock.set(back);
    world.run_jobs().await;
    assert_eq!(world.rings().await, [(back, team.uma.id)]);
});

story!(what_was_taken_by_a_clock_that_was_ahead_comes_back_when_it_was_meant_to, |world| {
    let team = Team::at_three(world).await;
    let (_, phone) = world.client_with_phone("Sam").await;
    world.clock.set(three() + Duration::days(1));
    let id = phone.ask("now").await["id"].clone();
    world.run_jobs().await;
    world.lead.acknowledge(&id).await;
    world.clock.set(three());
    world.run_jobs().await;
    world.live_until(three() + Duration::minutes(29)).await;
    assert_eq!(minutes(world).await.len(), 1, "the ring of tomorrow");
    world.live_until(three() + Duration::minutes(30)).await;
    assert_eq!(minutes(world).await.first(), Some(&(30, world.lead.id)));
    drop(team);
});

story!(a_clock_that_goes_forward_takes_one_step_and_not_all_of_them, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    phone.ask("now").await;
    world.run_jobs().await;
    team.all_rang(world).await;
    world.advance(Duration::days(1));
    world.run_jobs().await;
    assert_eq!(minutes(world).await, [(0, team.uma.id), (24 * 60, team.rae.id)]);
    assert_eq!(orphans(world).await, 0);
});

story!(nodes_whose_clocks_are_an_hour_apart_do_not_ring_without_a_pause, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let ahead = world.another_node_by(&MovableClock::at(three() + Duration::hours(1))).await;
    phone.ask("now").await;
    for _ in 0..10 {
        sweep::run_due(&ahead).await.unwrap();
        sweep::run_due(&world.app).await.unwrap();
    }
    assert_eq!(minutes(world).await, [(60, team.uma.id)], "neither finds over what the other has begun");
    assert_eq!(orphans(world).await, 0);
});

story!(a_receipt_of_a_step_that_has_passed_says_nothing_about_this_one, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    world.lead.put_policy(world, "contact_now", &[person(&team.uma, 5)]).await.is(200);
    phone.ask("now").await;
    world.run_jobs().await;
    let first = team.peer.only();
    world.live_until(three() + Duration::minutes(5)).await;
    assert_eq!(minutes(world).await, [(0, team.uma.id), (5, team.uma.id)]);
    team.rang(world, &first).await;
    let state = "SELECT COUNT(*) FROM escalation WHERE ended_at IS NULL AND CAST(state AS TEXT) LIKE '%delivered%'";
    assert_eq!(world.count(state).await, 0);
});

story!(a_list_that_is_saved_counts_for_what_is_being_rung_by_it, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    world.lead.put_policy(world, "contact_now", &[person(&team.uma, 240), person(&team.rae, 5)]).await.is(200);
    phone.ask("now").await;
    world.run_jobs().await;
    team.all_rang(world).await;
    world.live_until(three() + Duration::minutes(10)).await;
    assert_eq!(minutes(world).await, [(0, team.uma.id)]);
    world.lead.put_policy(world, "contact_now", &[person(&team.uma, 5), person(&team.rae, 5)]).await.is(200);
    world.run_jobs().await;
    assert_eq!(minutes(world).await, [(0, team.uma.id), (10, team.rae.id)]);
});
