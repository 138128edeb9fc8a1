//! The first-aid box: few things for a bad hour, in the client's own order.

use chrono::Duration;
use companion_tests::{Value, json, story};

story!(the_box_keeps_its_order_and_leaves_out_what_is_not_there, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    let note = phone.add(&phone.new_note("Things my nan said", "It passes.")).await;
    let (sleep, breathing) = (pack.id("sleep"), pack.id("slow-breathing"));
    let wanted = json!([note, breathing, phone.new_id(), sleep, breathing]);
    let kept = phone.fill_first_aid(wanted).await;
    assert_eq!(kept, json!([note, breathing, sleep]), "each once, and nothing unknown");
    assert_eq!(phone.pack().await["first_aid"], kept);
    // A list out of an old queue changes nothing and is told what holds.
    let older = json!({ "ids": [sleep], "changed_at": world.now() - Duration::hours(1) });
    assert_eq!(phone.put("/api/v1/me/pack/first-aid", &older).await.is(200)["ids"], kept);
    // Emptied is not the same as never chosen: the app does not begin again with its suggestions.
    phone.fill_first_aid(json!([])).await;
    assert_eq!(phone.pack().await["first_aid"], json!([]));
});

story!(twelve_things_fit_and_thirteen_are_refused, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    let ids: Vec<Value> = pack["resources"].as_array().unwrap().iter().map(|r| r["id"].clone()).collect();
    assert_eq!(phone.fill_first_aid(json!(ids[..12])).await, json!(ids[..12]));
    let body = json!({ "ids": ids[..13], "changed_at": world.now() + Duration::seconds(1) });
    let problem = phone.put("/api/v1/me/pack/first-aid", &body).await.is_problem(422, "invalid");
    assert_eq!(problem["errors"][0]["field"], "ids");
    assert_eq!(phone.pack().await["first_aid"], json!(ids[..12]));
});
