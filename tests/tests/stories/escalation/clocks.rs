//! Clocks that go wrong.

use chrono::Duration;
use companion_tests::story;

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
