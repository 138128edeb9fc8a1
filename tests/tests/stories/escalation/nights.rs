//! Promise 3: a request for contact always reaches a human or keeps escalating.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{
    Value, json,
    push_peer::{Browser, Mood, PushPeer},
    story,
};

use super::{Team, minutes, story_of, three};
use crate::push::on_phone;

story!(a_request_for_contact_always_reaches_a_human_or_keeps_escalating, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let browser = on_phone(&phone, &team.peer).await;
    let id = phone.ask("now").await["id"].clone();
    let mut news = Vec::new();
    world
        .live_until_and(three() + Duration::hours(5), async || {
            for message in team.peer.take() {
                if browser.got(&message) {
                    news.push((world.now() - three()).num_minutes());
                } else {
                    team.rang(world, &message).await;
                }
            }
        })
        .await;

    // Down the list, and then the last step until somebody answers.
    let mut expected = vec![(0, team.uma.id), (5, team.rae.id)];
    expected.extend((10..300).step_by(10).map(|minute| (minute, world.lead.id)));
    expected.push((300, world.lead.id));
    assert_eq!(minutes(world).await, expected);
    assert_eq!(news, [20], "the client is told once that nobody has answered yet");
    let told = phone.request(&id).await;
    assert_eq!(told["not_answered_at"], json!(three() + Duration::minutes(20)));
    let seen = world.lead.request(&id).await;
    let escalation = &seen["escalation"];
    assert_eq!(
        (&escalation["state"], &escalation["step"], &escalation["of"], &escalation["who"]),
        (&json!("ringing"), &json!(3), &json!(3), &json!("team_lead"))
    );
    assert_eq!(escalation["next_at"], json!(three() + Duration::minutes(310)));
    let rung = escalation["rung"].as_array().unwrap();
    assert_eq!(
        (&rung[0]["worker"]["first_name"], &rung[0]["step"], &rung[0]["heard"]),
        (&json!("Uma"), &json!(1), &json!("delivered"))
    );
    // The story tells of the first ring of each, and then of one an hour.
    let rings = story_of(&seen).into_iter().filter(|line| line.starts_with("rung")).collect::<Vec<_>>();
    assert_eq!(rings[..3], ["rung Uma", "rung Rae", "rung Pat"]);
    assert!(rings.len() <= 9, "{rings:?}");

    // A named person: it is over, and it is said who.
    world.lead.acknowledge(&id).await;
    let before = world.rings().await.len();
    world.live_until(world.now() + Duration::minutes(29)).await;
    assert_eq!(world.rings().await.len(), before);
    assert!(team.peer.take().iter().all(|message| browser.got(message)));
    let told = phone.request(&id).await;
    assert_eq!((&told["seen_by"], &told["not_answered_at"]), (&json!("Pat"), &Value::Null));
    let escalation = world.lead.request(&id).await["escalation"].clone();
    assert_eq!(
        (&escalation["state"], &escalation["comes_back_at"]),
        (&json!("held"), &json!(three() + Duration::minutes(330)))
    );
});

story!(the_first_who_says_so_has_it_and_nobody_else_is_rung, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(10)).await;
    assert_eq!(minutes(world).await.len(), 3);
    world.lead.acknowledge(&id).await;
    world.lead.act_on_request(&id, "attempt", &json!({ "how": "call", "reached": true })).await.is(200);
    world.lead.act_on_request(&id, "complete", &json!({})).await.is(200);
    world.live_until(three() + Duration::days(3)).await;
    assert_eq!(minutes(world).await.len(), 3);
    assert_eq!(world.count("SELECT COUNT(*) FROM escalation WHERE ended_at IS NULL").await, 0);
    // Whoever was called sees nothing of it any more; who had it, for some hours.
    assert_eq!(world.lead.request(&id).await["escalation"]["state"], "ended");
});

story!(who_was_called_may_look_until_it_is_over_and_who_had_it_a_little_longer, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(10)).await;
    let called = "SELECT COUNT(*) FROM called";
    assert_eq!(world.count(called).await, 3);
    world.lead.acknowledge(&id).await;
    world.lead.act_on_request(&id, "complete", &json!({})).await.is(200);
    assert_eq!(world.count(called).await, 1);
    world.advance(Duration::hours(13));
    companion::escalation::sweep::tidy(&world.app).await.unwrap();
    assert_eq!(world.count(called).await, 0);
});

story!(a_phone_that_does_not_say_it_rang_is_not_waited_for, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    phone.ask("now").await;
    // Nobody's phone says anything: after a minute the next is rung.
    world.live_until(three() + Duration::minutes(3)).await;
    let first: Vec<_> = minutes(world).await.into_iter().take(3).collect();
    assert_eq!(first, [(0, team.uma.id), (1, team.rae.id), (2, world.lead.id)]);
});

story!(a_phone_that_is_gone_is_not_waited_for_at_all, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    team.peer.next(Mood::Says(410));
    phone.ask("now").await;
    world.run_jobs().await;
    assert_eq!(minutes(world).await, [(0, team.uma.id), (0, team.rae.id)]);
});

story!(a_worker_who_leaves_is_not_rung_and_what_they_had_is_rung_again, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let admin = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(4)).await;
    let leave = json!({ "active": false });
    admin.patch(&format!("/api/v1/admin/workers/{}", team.rae.id), &leave).await.is(200);
    team.nobody_answers_until(world, three() + Duration::minutes(6)).await;
    assert_eq!(minutes(world).await, [(0, team.uma.id), (5, world.lead.id)], "Rae has left: her step falls through");

    // Dee takes it and leaves: it rings again from the top.
    world.dee.acknowledge(&id).await;
    admin.patch(&format!("/api/v1/admin/workers/{}", world.dee.id), &leave).await.is(200);
    team.nobody_answers_until(world, three() + Duration::minutes(7)).await;
    assert_eq!(minutes(world).await.last(), Some(&(6, team.uma.id)));
    assert_eq!(phone.request(&id).await["seen_by"], Value::Null);
});

story!(nobody_at_all_is_shouted_about_and_the_client_is_told, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    let browser = on_phone(&phone, &peer).await;
    world.clock.set(three());
    let id = phone.ask("now").await["id"].clone();
    world.run_jobs().await;
    assert_eq!(phone.request(&id).await["not_answered_at"], json!(three()));
    assert!(browser.got(&peer.only()));
    assert_eq!(world.engine().await["rang_nobody"], 1);
    world.live_until(three() + Duration::minutes(5)).await;
    assert_eq!(world.engine().await["rang_nobody"], 6, "it is tried again each minute");
    let told = story_of(&world.lead.request(&id).await);
    assert_eq!(told.iter().filter(|line| *line == "nobody_there").count(), 1, "and said once: {told:?}");

    // Somebody who supports them signs in on a phone: they are rung, whatever hour it is.
    let desk = Browser::at(&peer, world.app.new_id());
    desk.put(&world.dee, "team").await.is(200);
    peer.take();
    world.live_until(three() + Duration::minutes(6)).await;
    assert!(desk.got(&peer.only()));
    assert_eq!(minutes(world).await, [(6, world.dee.id)]);
});

story!(a_cancelled_request_stops_ringing_and_stays_in_the_inbox, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("now").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(2)).await;
    phone.cancel(&id).await.is(200);
    world.live_until(three() + Duration::hours(4)).await;
    assert_eq!(minutes(world).await, [(0, team.uma.id)]);
    assert_eq!(world.lead.inbox().await.len(), 1);
    // Another tap is another request, and rings.
    phone.ask("now").await;
    world.run_jobs().await;
    assert_eq!(world.rings().await.len(), 2);
});

story!(another_tap_for_now_rings_again_from_the_top, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let id = phone.ask("today").await["id"].clone();
    team.nobody_answers_until(world, three() + Duration::minutes(5)).await;
    world.lead.promise(&id, three() + Duration::hours(6)).await;
    team.nobody_answers_until(world, three() + Duration::minutes(20)).await;
    let before = vec![(0, team.uma.id), (5, team.rae.id)];
    assert_eq!(minutes(world).await, before);
    phone.ask("now").await;
    team.nobody_answers_until(world, three() + Duration::minutes(26)).await;
    assert_eq!(minutes(world).await, [before, vec![(20, team.uma.id), (25, team.rae.id)]].concat());
});

story!(please_talk_to_me_rings_until_somebody_has_it, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    let night = world.now();
    let flag = phone.flags().await[0]["id"].clone();
    phone.answer_flag(&flag, phone.new_id(), "please_talk", None).await.is(200);
    team.nobody_answers_until(world, night + Duration::minutes(11)).await;
    let whom: Vec<_> = world.rings().await.into_iter().map(|(_, whom)| whom).collect();
    assert_eq!(whom, [team.uma.id, team.rae.id, world.lead.id]);
    let seen = world.lead.flags().await.into_iter().find(|f| f["id"] == flag).unwrap();
    assert_eq!(seen["escalation"]["state"], "ringing");
    world.lead.act_on_flag(&flag, "acknowledge", &json!({})).await.is(200);
    world.live_until(night + Duration::hours(2)).await;
    assert_eq!(world.rings().await.len(), 3);
    // With no outcome by noon of the next working day it comes back.
    let seen = world.lead.flags().await.into_iter().find(|f| f["id"] == flag).unwrap();
    let noon = companion::working_hours::next_noon(world.now());
    assert_eq!((&seen["escalation"]["state"], &seen["escalation"]["comes_back_at"]), (&json!("held"), &json!(noon)));
    world.live_until(noon).await;
    assert_eq!(world.rings().await.last().unwrap(), &(noon, world.lead.id));
    world.lead.resolve(&flag, "talked_and_fine").await;
    world.live_until(noon + Duration::hours(3)).await;
    assert_eq!(world.rings().await.len(), 4);
});

story!(what_can_wait_rings_nobody_before_the_morning, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let team = Team::at_three(world).await;
    let desk = Browser::at(&team.peer, world.app.new_id());
    desk.put(&world.dee, "team").await.is(200);
    phone.ask("when_you_can").await;
    let nine = three() + Duration::hours(6);
    world.live_until(nine - Duration::seconds(1)).await;
    assert!(world.rings().await.is_empty());
    world.live_until(nine).await;
    assert_eq!(world.rings().await, [(nine, world.dee.id)], "the key worker");
});
