//! Done, not this time, later.

use chrono::{DateTime, TimeDelta, Utc};
use companion::{
    ids::{ClientId, NotificationId},
    reminders::answers::{Act, by_notification},
};
use companion_tests::{
    Phone, World, json,
    push_peer::{Browser, PushPeer},
    reminders::{daily, once},
    story,
};
use futures_util::future::join_all;
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

story!(what_is_snoozed_is_told_again_then, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-16T21:05:00Z")).await;
    let due = phone.occurrence_on("2026-11-16").await;
    assert_eq!(due["state"], "due");
    let snoozed = phone.snooze(&due, at("2026-11-16T21:40:00Z")).await;
    assert_eq!((&snoozed["state"], &snoozed["snoozed_until"]), (&json!("snoozed"), &json!("2026-11-16T21:40:00Z")));
    world.live_until(at("2026-11-16T21:45:00Z")).await;
    let told = world.told(sam.id.0).await;
    assert_eq!((told.len(), told[0].told, told[0].told_at), (1, 2, at("2026-11-16T21:40:00Z")));
    assert_eq!(phone.occurrence_on("2026-11-16").await["state"], "due");
    let done = phone.say(&due, "done").await;
    assert_eq!((&done["state"], &done["answered_at"]), (&json!("done"), &json!("2026-11-16T21:45:00Z")));
    world.live_until(at("2026-11-17T20:00:00Z")).await;
    assert_eq!(world.told(sam.id.0).await[0].told, 2, "what is done is done");
    // A whole day is the longest, and yesterday is none.
    for until in ["2026-11-17T21:00:00Z", "2026-11-15T21:00:00Z", "2026-11-30T00:00:00Z"] {
        let mut act = phone.new_act(&due);
        act["until"] = json!(until);
        let answer = phone.put_act(&due, "snooze", &act).await;
        assert_eq!(answer.status.is_success(), until == "2026-11-17T21:00:00Z", "{until}");
    }
    phone.put_act(&due, "snooze", &phone.new_act(&due)).await.is_problem(422, "invalid");
});

story!(an_answer_may_come_before_its_time_and_then_nothing_is_told, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    let tonight = phone.occurrence_on("2026-11-16").await;
    assert_eq!(tonight["state"], "to_come");
    let mut skip = phone.new_act(&tonight);
    skip["reason"] = json!("Dinner at my sister's");
    let skipped = phone.put_act(&tonight, "skip", &skip).await.is(200);
    assert_eq!((&skipped["state"], &skipped["reason"]), (&json!("skipped"), &json!("Dinner at my sister's")));
    assert_eq!(world.run_jobs().await, 0, "and nothing has to be looked at because of it");
    assert_eq!(world.count("SELECT COUNT(*) FROM job WHERE done_at IS NULL").await, 1);
    world.live_until(at("2026-11-17T12:00:00Z")).await;
    assert!(world.told(sam.id.0).await.is_empty());
});

story!(an_answer_sent_again_answers_the_same_and_another_under_its_id_is_refused, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-16T21:05:00Z")).await;
    let due = phone.occurrence_on("2026-11-16").await;
    let skip = phone.new_act(&due);
    let first = phone.put_act(&due, "skip", &skip).await.is(200);
    assert_eq!(phone.put_act(&due, "skip", &skip).await.is(200), first);
    phone.put_act(&due, "done", &skip).await.is_problem(409, "conflict");
    let mut other = skip.clone();
    other["reason"] = json!("another");
    phone.put_act(&due, "skip", &other).await.is_problem(409, "conflict");
    // A later act takes its place, and a retry of the earlier one, which comes late, does not take it back.
    world.advance(TimeDelta::minutes(5));
    phone.say(&due, "done").await;
    assert_eq!(phone.put_act(&due, "skip", &skip).await.is(200)["state"], "done");
    // Nor does an earlier act that comes late from a phone without network.
    let mut late = phone.new_act(&due);
    late["at"] = json!(at("2026-11-16T21:07:00Z"));
    assert_eq!(phone.put_act(&due, "skip", &late).await.is(200)["state"], "done");
    assert_eq!(world.count("SELECT COUNT(*) FROM occurrence_act").await, 3, "each is kept");
});

story!(the_same_sent_twenty_times_at_once_is_one, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (id, body) = (phone.new_id(), phone.new_reminder("Tablets", daily("21:00")));
    let made = join_all((0..20).map(|_| phone.put_reminder(id, &body))).await;
    assert!(made.iter().all(|a| a.status == 200 && a.body == made[0].body), "{made:?}");
    world.live_until(at("2026-11-16T21:05:00Z")).await;
    let due = phone.occurrence_on("2026-11-16").await;
    let act = phone.new_act(&due);
    let said = join_all((0..20).map(|_| phone.put_act(&due, "done", &act))).await;
    assert!(said.iter().all(|a| a.status == 200 && a.body == said[0].body), "{said:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM reminder_change").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM occurrence_act").await, 1);
});

story!(only_what_the_reminder_has_or_had_can_be_answered, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let tablets = phone.remind("Tablets", daily("21:00")).await;
    let due = phone.occurrence_on("2026-11-16").await;
    // Another day under its id, another time, another reminder, a day it does not have.
    for (field, value) in
        [("date", json!("2026-11-17")), ("time", json!("21:30")), ("reminder_id", json!(phone.new_id()))]
    {
        let mut act = phone.new_act(&due);
        act[field] = value;
        phone.put_act(&due, "done", &act).await.is_problem(422, "invalid");
    }
    let (date, time): (chrono::NaiveDate, chrono::NaiveTime) =
        ("2026-11-16".parse().unwrap(), "04:00".parse().unwrap());
    let reminder: Uuid = tablets["id"].as_str().unwrap().parse().unwrap();
    let never = json!({ "id": mobile_shared::reminder::occurrence_id(reminder, date, time), "reminder_id": reminder,
                        "date": date, "time": "04:00" });
    phone.put_act(&never, "done", &phone.new_act(&never)).await.is_problem(422, "invalid");
    // A phone without network answers what it knew of: the time as it was until then.
    phone.change_reminder(&tablets, json!({ "schedule": daily("20:00") })).await.is(200);
    assert_eq!(phone.say(&due, "done").await["state"], "done");
    // Somebody else's is not there.
    let (_, kims) = world.client_with_phone("Kim").await;
    kims.put_act(&due, "done", &kims.new_act(&due)).await.is_problem(404, "not_found");
});

story!(what_a_phone_with_a_wrong_clock_says_counts_when_it_was_said, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    phone.remind("Tablets", daily("21:00")).await;
    world.live_until(at("2026-11-16T21:05:00Z")).await;
    let due = phone.occurrence_on("2026-11-16").await;
    let mut act = phone.new_act(&due);
    (act["at"], act["until"]) = (json!("2031-01-01T10:00:00Z"), json!("2031-01-01T10:20:00Z"));
    let snoozed = phone.put_act(&due, "snooze", &act).await.is(200);
    assert_eq!(snoozed["snoozed_until"], "2026-11-16T21:25:00Z", "twenty minutes are twenty minutes");
});

/// A button of the notification in which something was told last.
async fn button(world: &World, phone: &Phone, act: Act, at: DateTime<Utc>) {
    let notification = world.told(phone.client).await.pop().unwrap().notification_id.unwrap();
    let mut tx = world.app.db.begin().await.unwrap();
    let (organisation, client) = (world.provider.id, ClientId(phone.client));
    by_notification(&mut tx, &world.app, organisation, client, NotificationId(notification), act, at).await.unwrap();
    tx.commit().await.unwrap();
}

story!(a_button_of_a_notification_answers_everything_that_was_told_in_it, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let peer = PushPeer::start().await;
    Browser::at(&peer, phone.new_id()).put(&phone, "me").await.is(200);
    phone.remind("Tablets", daily("21:00")).await;
    phone.remind("Feed the cat", daily("21:00")).await;
    phone.remind("Lunch", once("2026-11-16", "12:00")).await;
    world.live_until(at("2026-11-16T21:01:00Z")).await;
    button(world, &phone, Act::Snooze, world.now()).await;
    // The same receipt again.
    button(world, &phone, Act::Snooze, world.now()).await;
    world.live_until(at("2026-11-16T21:35:00Z")).await;
    let told = world.told(phone.client).await;
    assert_eq!(told.iter().map(|t| t.told).collect::<Vec<_>>(), [1, 2, 2], "half an hour later, both");
    button(world, &phone, Act::Done, world.now()).await;
    let all = phone.occurrences_on("2026-11-16").await;
    let states: Vec<&str> = all.iter().map(|o| o["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["due", "done", "done"]);
    assert_eq!(world.count("SELECT COUNT(*) FROM occurrence_act").await, 4);
});
