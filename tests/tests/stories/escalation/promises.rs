//! Acknowledged is not done: what was promised is kept or broken out loud, and what nothing came of comes back.

use chrono::Duration;
use companion_tests::{json, story};

use super::{Team, minutes, story_of, three};
use crate::push::on_phone;

story!(acknowledged_without_an_outcome_comes_back_first_to_whoever_had_it_then_to_all, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let browser = on_phone(&phone, &team.peer).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(3)).await;
    world.lead.acknowledge(&id).await;
    team.nobody_answers_until(world, three() + Duration::minutes(32)).await;
    assert_eq!(minutes(world).await, [(0, team.uma.id)], "half an hour is theirs");
    team.peer.take();

    world.live_until(three() + Duration::minutes(33)).await;
    let told = team.peer.take();
    assert!(told.iter().any(|message| browser.got(message)), "the client is told too");
    for message in &told {
        team.rang(world, message).await;
    }
    let seen = world.lead.request(&id).await;
    assert_eq!((&seen["escalation"]["state"], &seen["escalation"]["who"]), (&json!("ringing"), &json!("holder")));
    assert!(story_of(&seen).contains(&"came_back Pat".to_owned()));
    let inbox = world.lead.inbox().await;
    assert_eq!((&inbox[0]["group"], &inbox[0]["owner"]["first_name"]), (&json!("now"), &json!("Pat")));

    team.nobody_answers_until(world, three() + Duration::minutes(43)).await;
    let expected = [(0, team.uma.id), (33, world.lead.id), (38, team.uma.id), (43, team.rae.id)];
    assert_eq!(minutes(world).await, expected);
});

story!(a_broken_promise_is_said_and_rings_at_that_moment, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let browser = on_phone(&phone, &team.peer).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(1)).await;
    let by = three() + Duration::minutes(61);
    world.lead.promise(&id, by).await;
    world.live_until(by - Duration::seconds(1)).await;
    assert_eq!(phone.request(&id).await["promise_broken"], false);
    team.peer.take();

    world.live_until(by).await;
    assert_eq!(phone.request(&id).await["promise_broken"], true);
    assert_eq!(minutes(world).await.last(), Some(&(61, world.lead.id)));
    let news = team.peer.take().into_iter().filter(|message| browser.got(message)).count();
    assert_eq!(news, 1, "one message, though it was broken and came back");
    let told = story_of(&world.lead.request(&id).await);
    let last: Vec<&str> = told.iter().rev().take(3).map(String::as_str).collect();
    assert!(
        last.contains(&"promise_broken") && last.contains(&"came_back Pat") && last.contains(&"rung Pat"),
        "{told:?}"
    );
    // A new promise: a new time.
    world.lead.promise(&id, by + Duration::minutes(20)).await;
    assert_eq!(phone.request(&id).await["promise_broken"], false);
    assert_eq!(world.lead.request(&id).await["escalation"]["comes_back_at"], json!(by + Duration::minutes(20)));
});

story!(a_kept_promise_is_said_too, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    let by = three() + Duration::hours(1);
    world.lead.promise(&id, by).await;
    world.live_until(by - Duration::minutes(10)).await;
    let attempt = |reached| json!({ "how": "call", "reached": reached });
    world.lead.act_on_request(&id, "attempt", &attempt(false)).await.is(200);
    assert_eq!(phone.request(&id).await["promise_kept_at"], json!(null));
    assert_eq!(world.lead.request(&id).await["escalation"]["comes_back_at"], json!(by), "trying is not reaching");
    world.lead.act_on_request(&id, "attempt", &attempt(true)).await.is(200);
    let kept = phone.request(&id).await;
    assert_eq!((&kept["promise_kept_at"], &kept["promise_broken"]), (&json!(world.now()), &json!(false)));

    // Reached, and not completed: until the next working day's noon.
    let noon = companion::working_hours::next_noon(world.now());
    assert_eq!(world.lead.request(&id).await["escalation"]["comes_back_at"], json!(noon));
    world.live_until(noon).await;
    assert_eq!(world.rings().await, [(noon, world.lead.id)]);
    assert_eq!(phone.request(&id).await["promise_broken"], false);
    world.lead.act_on_request(&id, "complete", &json!({})).await.is(200);
    assert_eq!(story_of(&world.lead.request(&id).await).iter().filter(|l| l.starts_with("promise_kept")).count(), 1);
    drop(team);
});

story!(handed_over_it_is_theirs_who_have_it_now, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    let by = three() + Duration::minutes(40);
    world.dee.promise(&id, by).await;
    world.dee.act_on_request(&id, "hand-over", &json!({ "to": world.lead.id })).await.is(200);
    world.live_until(by).await;
    assert_eq!(minutes(world).await, [(40, world.lead.id)], "what was promised stays promised");
    drop(team);
});
