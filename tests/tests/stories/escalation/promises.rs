//! Acknowledged is not done: what was promised is kept or broken out loud, and what nothing came of comes back.

use chrono::Duration;
use companion_tests::{json, story};

use super::{Team, minutes, story_of, three};
use crate::push::on_phone;

story!(a_cancel_does_not_hide_words_that_came_before_somebody_was_only_rung, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(3)).await;
    world.lead.acknowledge(&id).await;
    world.advance(Duration::minutes(10));
    phone.add_words(&id, phone.new_id(), "I am in the kitchen").await.is(201);
    // It comes back, and rings people who sleep.
    world.live_until(three() + Duration::minutes(40)).await;
    assert!(story_of(&world.lead.request(&id).await).contains(&"came_back Pat".to_owned()));
    phone.cancel(&id).await.is(200);
    let inbox = world.lead.inbox().await;
    assert_eq!(inbox.len(), 1, "nobody has read them");
    assert_eq!(inbox[0]["contact_request"]["additions"][0]["message"], "I am in the kitchen");
});

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
    assert_eq!((&inbox[0]["group"], &inbox[0]["owner"]), (&json!("now"), &json!(null)), "nobody has it now");
    assert_eq!(inbox[0]["contact_request"]["last_with"]["first_name"], "Pat");
    let mine = world.lead.get("/api/v1/team/inbox?mine=true").await.is(200);
    assert_eq!(mine["items"].as_array().unwrap().len(), 1, "and it is among Pat's");

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

story!(handed_over_it_is_theirs_who_say_that_they_have_it, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    let by = three() + Duration::minutes(40);
    world.dee.promise(&id, by).await;
    world.dee.act_on_request(&id, "hand-over", &json!({ "to": world.lead.id })).await.is(200);
    world.run_jobs().await;
    assert_eq!(team.all_rang(world).await, [world.lead.id], "they are rung for it");
    let given = world.lead.request(&id).await;
    assert_eq!((&given["owner"], &given["last_with"]["first_name"]), (&json!(null), &json!("Pat")));
    world.lead.acknowledge(&id).await;
    let held = world.lead.request(&id).await["escalation"].clone();
    assert_eq!(
        (&held["state"], &held["comes_back_at"]),
        (&json!("held"), &json!(by)),
        "what was promised stays promised"
    );
    world.live_until(by).await;
    assert_eq!(minutes(world).await, [(0, world.lead.id), (40, world.lead.id)]);
});

story!(handed_to_somebody_who_does_not_answer_it_rings_everybody, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    let by = three() + Duration::minutes(7);
    world.dee.promise(&id, by).await;
    world.dee.act_on_request(&id, "hand-over", &json!({ "to": world.lead.id })).await.is(200);
    team.nobody_answers_until(world, by - Duration::seconds(1)).await;
    assert_eq!(phone.request(&id).await["promise_broken"], false);
    team.nobody_answers_until(world, by).await;
    assert_eq!(phone.request(&id).await["promise_broken"], true, "at its time, though it rings and nobody has it");
    team.nobody_answers_until(world, three() + Duration::minutes(11)).await;
    assert_eq!(minutes(world).await, [(0, world.lead.id), (5, team.uma.id), (10, team.rae.id)]);
    // Whoever says so now has it for as long as is usual, and is not rung again at once for what another had promised.
    team.uma.acknowledge(&id).await;
    team.nobody_answers_until(world, three() + Duration::minutes(40)).await;
    assert_eq!(minutes(world).await.len(), 3);
});

story!(handed_to_somebody_who_is_away_it_rings_the_others_at_once, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    world.dee.acknowledge(&id).await;
    world.lead.is_away(world, None, "ill").await;
    world.dee.act_on_request(&id, "hand-over", &json!({ "to": world.lead.id })).await.is(200);
    team.nobody_answers_until(world, three() + Duration::minutes(1)).await;
    assert_eq!(minutes(world).await, [(0, team.uma.id)]);
});

story!(a_promise_is_told_each_time_and_is_never_for_a_time_that_is_none, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let browser = on_phone(&phone, &team.peer).await;
    let id = phone.ask("now").await["id"].clone();
    let news = async || {
        world.run_jobs().await;
        team.peer.take().into_iter().filter(|message| browser.got(message)).count()
    };
    world.lead.promise(&id, three() + Duration::minutes(30)).await;
    assert_eq!(news().await, 1);
    world.lead.promise(&id, three() + Duration::hours(3)).await;
    assert_eq!(news().await, 1, "what they were told before holds no longer");
    for by in ["2026-11-17T03:00:00Z", "2026-11-18T03:00:01Z", "2099-01-01T00:00:00Z", "+10000-01-01T00:00:00Z"] {
        let late = json!({ "promise": { "what": "call", "by": by } });
        world.lead.act_on_request(&id, "acknowledge", &late).await.is_problem(422, "invalid");
    }
    assert_eq!(world.lead.request(&id).await["promise"]["by"], json!(three() + Duration::hours(3)));
    assert_eq!(news().await, 0);
});
