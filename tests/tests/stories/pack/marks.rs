//! What a client makes of what they read: marks, which arrive late, twice, in any order, and by any clock.

use chrono::{DateTime, Duration, Utc};
use companion_tests::{Answer, Phone, Value, World, json, pack::article, story};
use reqwest::Method;

/// A mark made at a moment.
fn mark_at(at: DateTime<Utc>, read_to: u8) -> Value {
    json!({ "bookmarked": read_to > 50, "helped": null, "read_to": read_to, "shared": false,
            "shared_at": at, "opened_at": at, "changed_at": at })
}

/// Sends a mark with the phone's own idea of the time.
async fn put_by_clock(world: &World, phone: &Phone, id: &Value, mark: &Value, sent_at: &str) -> Value {
    let (path, token) = (format!("/api/v1/me/pack/{}/feedback", id.as_str().unwrap()), phone.token().await);
    let request = world.api.request(Method::PUT, &path, Some(&token)).header("Companion-Sent-At", sent_at);
    Answer::of(request.json(mark)).await.is(200)
}

story!(promise_2_feedback_sent_again_is_free, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.pack().await.id("sleep");
    let mut mark = mark_at(world.now(), 60);
    (mark["helped"], mark["shared"]) = (json!("helped"), json!(true));
    let kept = phone.put_mark(&id, &mark).await.is(200);
    assert_eq!(kept, mark);
    world.advance(Duration::hours(5));
    let again = futures_util::future::join_all((0..20).map(|_| phone.put_mark(&id, &mark))).await;
    assert!(again.into_iter().all(|a| a.is(200) == kept));
    // An older one, out of a queue, changes nothing and is told what holds.
    let older = mark_at(world.now() - Duration::days(1), 10);
    assert_eq!(phone.put_mark(&id, &older).await.is(200), kept);
    assert_eq!(phone.pack().await.mark(&id), &kept);
});

story!(marks_that_arrive_in_any_order_end_the_same, |world| {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let (_, phone) = world.client_with_phone("Sam").await;
        let id = phone.pack().await.id("sleep");
        let made = [(1, 10), (2, 100), (3, 55)].map(|(hours, to)| mark_at(world.now() + Duration::hours(hours), to));
        world.advance(Duration::days(1));
        for n in order {
            phone.put_mark(&id, &made[n]).await.is(200);
        }
        assert_eq!(phone.pack().await.mark(&id), &made[2], "{order:?}");
    }
});

story!(a_wrong_clock_is_put_right_and_locks_nothing, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.pack().await.id("sleep");
    world.advance(Duration::days(3));
    // It thinks it is 2019; the mark was made two hours before it was sent.
    let behind = json!({ "read_to": 20, "opened_at": "2019-01-01T09:00:00Z", "changed_at": "2019-01-01T10:00:00Z" });
    let kept = put_by_clock(world, &phone, &id, &behind, "2019-01-01T12:00:00Z").await;
    assert_eq!(kept["changed_at"], json!(world.now() - Duration::hours(2)));
    assert_eq!(kept["opened_at"], json!(world.now() - Duration::hours(3)));

    // It thinks it is 2031, and says so, or does not.
    let ahead = json!({ "read_to": 30, "changed_at": "2031-05-05T10:00:00Z" });
    let kept = put_by_clock(world, &phone, &id, &ahead, "2031-05-05T11:00:00Z").await;
    assert_eq!((&kept["read_to"], &kept["changed_at"]), (&json!(30), &json!(world.now() - Duration::hours(1))));
    let kept = phone.put_mark(&id, &ahead).await.is(200);
    assert_eq!(kept["changed_at"], json!(world.now()), "counts when it arrived: we know no better");
    // The clock is mended, and what is made next still counts.
    world.advance(Duration::seconds(1));
    phone.put_mark(&id, &mark_at(world.now(), 70)).await.is(200);
    assert_eq!(phone.pack().await.mark(&id)["read_to"], 70);
    // The same for the first-aid box.
    let box_of = |ids: Value, at: &str| json!({ "ids": ids, "changed_at": at });
    phone.put("/api/v1/me/pack/first-aid", &box_of(json!([id]), "2031-05-05T10:00:00Z")).await.is(200);
    assert_eq!(phone.fill_first_aid(json!([])).await, json!([]));
});

story!(a_phone_that_has_not_heard_of_it_does_not_share_again, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let other_phone = world.phone_of(&sam).await;
    let id = phone.pack().await.id("sleep");
    let shared = phone.mark(&id, json!({ "read_to": 20, "shared": true })).await.is(200);
    phone.mark(&id, json!({ "read_to": 20, "shared": false })).await.is(200);
    // The other phone reads on, with what it last knew.
    world.advance(Duration::minutes(5));
    let mut stale = mark_at(world.now(), 40);
    (stale["shared"], stale["shared_at"]) = (json!(true), shared["shared_at"].clone());
    let held = other_phone.put_mark(&id, &stale).await.is(200);
    assert_eq!((&held["shared"], &held["read_to"]), (&json!(false), &json!(40)));
    assert_eq!(world.dee.pack_of(&sam).await["shared"]["marks"], json!([]));
    // And an old decision out of a queue changes nothing, however new the mark that carries it.
    assert_eq!(phone.put_mark(&id, &shared).await.is(200), held);
});

story!(what_is_discreet_leaves_no_trace, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    let mut slugs = pack["resources"].as_array().unwrap().iter().map(|r| r["slug"].as_str().unwrap());
    let id = pack.id(slugs.find(|s| pack.text(s, "en")["discreet"] == true).unwrap());
    let kept = phone.put_mark(&id, &mark_at(world.now(), 60)).await.is(200);
    assert_eq!((&kept["opened_at"], &kept["read_to"]), (&json!(null), &json!(0)), "whatever an older app sends");
    assert_eq!(kept["bookmarked"], true, "what they do on purpose is kept");
    // A text that becomes discreet takes its traces with it.
    let sleep = pack.id("sleep");
    phone.put_mark(&sleep, &mark_at(world.now(), 60)).await.is(200);
    let discreet = article("Nights", "Open it.").replace("minutes = 2", "minutes = 2\ndiscreet = true");
    world.lead.rewrite("sleep", &discreet).await;
    let pack = phone.pack().await;
    assert_eq!((&pack.mark(&sleep)["opened_at"], &pack.mark(&sleep)["read_to"]), (&json!(null), &json!(0)));
});

story!(what_cannot_be_is_refused_and_changes_nothing, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (_, kim) = world.client_with_phone("Kim").await;
    let id = phone.pack().await.id("sleep");
    let kept = phone.put_mark(&id, &mark_at(world.now(), 60)).await.is(200);
    world.advance(Duration::hours(1));
    for (field, wrong) in [
        ("read_to", json!(101)),
        ("read_to", json!(300)),
        ("read_to", json!(-1)),
        ("helped", json!("a bit")),
        ("changed_at", json!("yesterday")),
    ] {
        let mut mark = mark_at(world.now(), 90);
        mark[field] = wrong;
        phone.put_mark(&id, &mark).await.is_problem(422, "invalid");
    }
    let kims = kim.add(&kim.new_note("Kim's", "own")).await;
    for unknown in [json!(phone.new_id()), json!(kims)] {
        phone.mark(&unknown, json!({ "bookmarked": true })).await.is_problem(404, "not_found");
    }
    phone.put("/api/v1/me/pack/sleep/feedback", &mark_at(world.now(), 90)).await.is_problem(404, "not_found");
    assert_eq!(phone.pack().await["marks"], json!({ id.as_str().unwrap(): kept }));
});
