//! A version comes into force when both have said yes to it, and not before.

use chrono::Duration;
use companion_tests::{
    Value, json,
    plan::{draft, line, texts},
    story,
};

story!(a_version_is_in_force_when_both_have_agreed_to_it, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let first = phone.write_plan(&Value::Null, &json!({ "works": [line("Music")] })).await;
    let half = phone.agree_to_plan(&first["id"]).await.is(200);
    assert_eq!((&half["current"], &half["worker_agreed"]), (&json!(false), &Value::Null));
    assert_eq!(half["client_agreed"]["how"], "on_phone");
    assert_eq!(phone.plan().await["current"], Value::Null, "one yes is not two");

    let both = world.dee.agree_to_plan(&sam, &first["id"], "mine").await.is(200);
    assert_eq!((&both["number"], &both["current"]), (&json!(1), &json!(true)));
    assert_eq!(both["worker_agreed"]["by"], "Dee Worker");
    let mine = phone.plan().await;
    assert_eq!((&mine["current"]["id"], &mine["draft"]), (&first["id"], &Value::Null));
    assert_eq!(mine["current"]["worker_agreed"]["by"], "Dee");
    // A yes said again is a retry.
    assert_eq!(phone.agree_to_plan(&first["id"]).await.is(200)["number"], 1);
    assert!(world.run_jobs().await > 0, "and the client is assessed by it");
});

story!(whatever_is_saved_after_a_yes_starts_the_agreeing_anew, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let first = phone.write_plan(&Value::Null, &json!({ "works": [line("Music")] })).await;
    world.dee.agree_to_plan(&sam, &first["id"], "together").await.is(200);
    let draft_two = draft(phone.new_id(), &first["id"], &json!({ "works": [line("Music"), line("Tea")] }));
    let second = world.dee.put_plan(&sam, &draft_two).await.is(200);
    world.dee.agree_to_plan(&sam, &second["id"], "mine").await.is(200);
    // The client reads it, changes it, and the yes of the worker was to something else.
    let third = phone.write_plan(&second["id"], &json!({ "works": [line("Music"), line("Coffee")] })).await;
    assert_eq!(third["worker_agreed"], Value::Null);
    let refused = phone.agree_to_plan(&second["id"]).await.is_problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("changed since"), "{refused}");
    let plan = phone.plan().await;
    assert_eq!(
        texts(&plan["current"]["body"]["works"]),
        ["Music"],
        "the agreed one stays while another is talked about"
    );
    assert_eq!(texts(&plan["draft"]["body"]["works"]), ["Music", "Coffee"]);
    phone.agree_to_plan(&third["id"]).await.is(200);
    let agreed = world.dee.agree_to_plan(&sam, &third["id"], "mine").await.is(200);
    assert_eq!(agreed["number"], 2, "numbers count what was agreed");
});

story!(with_their_worker_beside_them_is_recorded_as_such, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let body = json!({ "important": [line("My cat")] });
    let written = world.dee.put_plan(&sam, &draft(phone.new_id(), &Value::Null, &body)).await.is(200);
    let agreed = world.dee.agree_to_plan(&sam, &written["id"], "together").await.is(200);
    assert_eq!((&agreed["number"], &agreed["client_agreed"]["how"]), (&json!(1), &json!("together")));
    let mine = phone.plan().await["current"].clone();
    assert_eq!((&mine["client_agreed"]["how"], &mine["client_agreed"]["worker"]), (&json!("together"), &json!("Dee")));

    // The client had said yes on the phone already: that stays as it was said.
    let next = phone.write_plan(&written["id"], &json!({ "important": [line("My cat"), line("My garden")] })).await;
    phone.agree_to_plan(&next["id"]).await.is(200);
    world.advance(Duration::hours(1));
    let both = world.dee.agree_to_plan(&sam, &next["id"], "together").await.is(200);
    assert_eq!((&both["number"], &both["client_agreed"]["how"]), (&json!(2), &json!("on_phone")));
});
