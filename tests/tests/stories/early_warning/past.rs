//! The record of past days: it changes when something becomes known of them, and for no other reason.

use chrono::{DateTime, Duration, Utc};
use companion_tests::{Client, Value, World, json, story};

/// What was concluded of each day, newest first.
async fn record(world: &World, client: &Client) -> Vec<Value> {
    world.dee.assessments(client).await
}

fn on(record: &[Value], at: DateTime<Utc>) -> &Value {
    record.iter().find(|a| a["day"] == json!(at.date_naive())).unwrap()
}

story!(a_late_check_in_makes_its_day_and_those_after_it_other_days, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    // Six bad days; only every other one was sent.
    let mut kept_back = Vec::new();
    for n in 0..6 {
        if n % 2 == 0 {
            world.bad_days(&phone, 1).await;
        } else {
            world.advance(Duration::days(1));
            kept_back.push(world.now());
            world.run_jobs().await;
        }
    }
    world.advance(Duration::days(1));
    world.run_jobs().await;
    let before = record(world, &sam).await;
    let first = kept_back[0];
    for made in &kept_back {
        phone.check_in_made_at(*made, &[("mood", 2.0), ("sleep", 1.0), ("anxiety", 6.0)]).await;
    }
    world.run_jobs().await;
    let after = record(world, &sam).await;
    let untouched = |record: &[Value]| -> Vec<Value> {
        record.iter().filter(|a| a["day"].as_str() < json!(first.date_naive()).as_str()).cloned().collect()
    };
    assert_eq!(untouched(&after), untouched(&before), "days before it stay");
    let last = kept_back[2];
    assert_ne!(on(&after, last), on(&before, last), "the day it was made on is another");
    let counted = |assessment: &Value| assessment["facts"][0]["count"].as_u64().unwrap_or_default();
    assert!(counted(&after[0]) > counted(&before[0]), "and so are those after it: {} {}", before[0], after[0]);
    assert_ne!(
        (&on(&after, last)["level"], &on(&after, last)["sentence"]),
        (&on(&before, last)["level"], &on(&before, last)["sentence"])
    );
});

story!(a_replaced_check_in_takes_back_what_it_made_of_its_day_and_those_after_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    let mut bad = Vec::new();
    for _ in 0..5 {
        world.advance(Duration::days(1));
        bad.push((world.now(), phone.check_in(&[("mood", 2.0), ("sleep", 1.0), ("anxiety", 6.0)]).await["id"].clone()));
        world.run_jobs().await;
    }
    let before = record(world, &sam).await;
    assert_ne!(before[0]["level"], "steady");
    // A slip of the thumb, every time: each is replaced a day later.
    world.advance(Duration::days(1));
    for (made, id) in &bad {
        let mut body = phone.new_check_in(&[("mood", 5.0), ("sleep", 5.0), ("anxiety", 2.0)]).await;
        (body["recorded_at"], body["replaces"]) = (json!(made), id.clone());
        phone.put_check_in(phone.new_id(), &body).await.is(201);
    }
    world.run_jobs().await;
    let after = record(world, &sam).await;
    assert!(after.iter().all(|a| a["level"] == "steady"), "{:#?}", &after[..6]);
    assert_eq!(after[6..], before[5..], "the days before are as they were");
});

story!(what_an_older_server_concluded_stays_and_raises_nothing, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    while record(world, &sam).await[0]["level"] != "steady" {
        world.usual_days(&phone, 1).await;
    }
    // As a server left it that saw no change in those days, and did not note what it knew.
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("DELETE FROM flag_entry").execute().await.unwrap();
    tx.query("DELETE FROM flag").execute().await.unwrap();
    tx.query("UPDATE assessment SET level = 'steady', known = NULL").execute().await.unwrap();
    tx.commit().await.unwrap();
    let before = record(world, &sam).await;
    world.advance(Duration::days(1));
    world.run_jobs().await;
    assert_eq!(record(world, &sam).await[1..], before, "the past stays");
    assert_eq!(world.count("SELECT COUNT(*) FROM flag").await, 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM assessment WHERE known IS NULL").await, 0, "and is known from now on");
});

story!(a_change_of_rules_or_baseline_alone_does_not_rewrite_the_past, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 6).await;
    let before = record(world, &sam).await;
    let flags = world.dee.flags().await;

    // By these rules and this baseline none of it would have been a change.
    world.dee.choose_rules(&sam, phone.new_id(), "later", true).await;
    world.run_jobs().await;
    let low = format!("/baseline?first_day={}", world.now().date_naive() - Duration::days(9));
    let mut usual = companion_tests::early_warning::numbers(&world.dee.of(&sam, &low).await.is(200)["suggestion"]);
    for item in usual["items"].as_array_mut().unwrap() {
        (item["low"], item["high"]) = (json!(1), json!(7));
    }
    world.dee.agree(&sam, phone.new_id(), &usual).await;
    world.run_jobs().await;
    let after = record(world, &sam).await;
    assert_eq!(after[0]["level"], "steady", "today is judged by them: {}", after[0]);
    assert_eq!(after[1..], before[1..], "and the days before stay as they were concluded");
    let flag = world.dee.flags().await[0].clone();
    assert_eq!(
        (&flag["sentence"], &flag["days"], &flag["stands_today"]),
        (
            &flags[0]["sentence"],
            &json!(
                before[1..]
                    .iter()
                    .rev()
                    .filter(|a| a["level"] != "steady")
                    .map(|a| a["day"].clone())
                    .collect::<Vec<_>>()
            ),
            &json!(false)
        )
    );

    // The next mornings too; until something becomes known of those days.
    for _ in 0..3 {
        world.advance(Duration::days(1));
        world.run_jobs().await;
        let later = record(world, &sam).await;
        assert_eq!(later[later.len() - before.len() + 1..], before[1..]);
    }
    let made = world.now() - Duration::days(5);
    phone.check_in_made_at(made, &[("mood", 5.0)]).await;
    world.run_jobs().await;
    let touched = record(world, &sam).await;
    let standing = |record: &[Value]| record.iter().filter(|a| a["level"] != "steady").count();
    assert!(standing(&touched) < standing(&before), "by the rules of now");
});
