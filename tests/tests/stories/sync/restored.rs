//! The provider's database was lost and put back from a backup: what phones were told was taken in comes back from the phones.

use chrono::Duration;
use companion_tests::{Phone, Value, json, story};

use super::{check_in, operation, outcomes};

story!(promise_1_nothing_accepted_is_lost_when_the_database_is_put_back_from_an_older_backup, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let before = check_in(&phone).await;
    phone.sync(&Value::Null, std::slice::from_ref(&before)).await;
    let backup = world.database.back_up().await;

    // Two days go on after the backup: more is taken in, tokens are renewed many times.
    let after = [
        check_in(&phone).await,
        operation(phone.new_id(), "contact_request", phone.new_request("today", Some("about the flat"))),
        check_in(&phone).await,
    ];
    for one in &after {
        world.advance(Duration::hours(16));
        assert_eq!(outcomes(&phone.sync(&Value::Null, std::slice::from_ref(one)).await), ["done"]);
    }

    let restored = world.put_back(backup).await;
    let phone = phone.that_finds(&restored.api).await;
    world.advance(Duration::hours(1));
    let noticed = phone.sync_with(&json!({ "last": after[2]["id"] })).await.is(200);
    assert_eq!(noticed["offer_again"], true, "the phone remembers more than the database");
    assert_eq!(noticed["changes"]["check_ins"]["items"].as_array().unwrap().len(), 1, "and tells no old news as new");

    let offered = json!([before["id"], after[0]["id"], after[1]["id"], after[2]["id"]]);
    let wanted = phone.sync_with(&json!({ "offered": offered })).await.is(200);
    assert_eq!(wanted["missing"], json!([after[0]["id"], after[1]["id"], after[2]["id"]]));
    let again = phone.sync(&Value::Null, &after).await;
    assert_eq!(outcomes(&again), ["done"; 3]);
    assert_eq!(phone.check_ins().await["items"].as_array().unwrap().len(), 3);
    assert_eq!(phone.requests().await[0]["state"], "received", "and somebody is told of it again");
    assert_eq!(phone.sync_with(&json!({ "last": after[2]["id"] })).await.is(200)["offer_again"], false);
    restored.end().await;
});

/// What the phone says of the newest operation that it was told is done, and the server's answer to that.
async fn offers_again(phone: &Phone, id: &Value, told: &Value) -> bool {
    let with_time = json!({ "last": id, "last_at": told["server_time"] });
    phone.sync_with(&with_time).await.is(200)["offer_again"].as_bool().unwrap()
}

story!(a_request_that_was_on_its_way_over_the_restore_does_not_hide_what_was_lost, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let backup = world.database.back_up().await;
    let (lost, late) = (check_in(&phone).await, check_in(&phone).await);
    phone.sync(&Value::Null, &[lost]).await;
    let told = phone.sync(&Value::Null, std::slice::from_ref(&late)).await;
    assert!(!offers_again(&phone, &late["id"], &told).await);

    let restored = world.put_back(backup).await;
    let phone = phone.that_finds(&restored.api).await;
    world.advance(Duration::minutes(3));
    // Its second copy was minutes on its way.
    assert_eq!(outcomes(&phone.sync(&Value::Null, std::slice::from_ref(&late)).await), ["done"]);
    assert!(offers_again(&phone, &late["id"], &told).await);
    let older_app = phone.sync_with(&json!({ "last": late["id"] })).await.is(200);
    assert_eq!(older_app["offer_again"], false, "an app that does not say when cannot be told");
    restored.end().await;
});

story!(a_second_restore_to_a_newer_backup_is_noticed_too, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let first = world.database.back_up().await;
    let both = check_in(&phone).await;
    phone.sync(&Value::Null, std::slice::from_ref(&both)).await;
    let newer = world.database.back_up().await;

    let restored = world.put_back(first).await;
    let found = phone.that_finds(&restored.api).await;
    world.advance(Duration::hours(2));
    let between = check_in(&found).await;
    found.sync(&Value::Null, std::slice::from_ref(&between)).await;
    let told = found.sync(&Value::Null, std::slice::from_ref(&both)).await;
    restored.end().await;

    let restored = world.put_back(newer).await;
    let found = found.that_finds(&restored.api).await;
    assert!(offers_again(&found, &both["id"], &told).await, "it took that one, but in another life");
    let wanted = found.sync_with(&json!({ "offered": [both["id"], between["id"]] })).await.is(200);
    assert_eq!(wanted["missing"], json!([between["id"]]));
    restored.end().await;
});

story!(phones_and_workers_stay_signed_in_over_a_restore_and_a_stolen_older_token_still_ends_the_family, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let stolen = phone.tokens().await.refresh;
    let backup = world.database.back_up().await;
    for _ in 0..5 {
        world.advance(Duration::minutes(20));
        phone.get("/api/v1/me").await.is(200);
        world.dee.get("/api/v1/team/me").await.is(200);
    }
    let restored = world.put_back(backup).await;
    let phone = phone.that_finds(&restored.api).await;
    world.advance(Duration::minutes(20));
    phone.get("/api/v1/me").await.is(200);
    world.advance(Duration::minutes(20));
    phone.get("/api/v1/me").await.is(200);
    // To the database put back, the stolen token was the newest; it has heard of later ones since.
    restored
        .api
        .post("/api/v1/auth/refresh", &json!({ "refresh_token": stolen }))
        .await
        .is_problem(401, "session_ended");
    world.advance(Duration::minutes(20));
    phone.get("/api/v1/me").await.is_problem(401, "unauthorised");
    restored.end().await;
});

story!(a_phone_that_joined_after_the_backup_is_unknown_and_not_revoked, |world| {
    let sam = world.client("Sam").await;
    let backup = world.database.back_up().await;
    let phone = world.phone_of(&sam).await;
    let restored = world.put_back(backup).await;
    let phone = phone.that_finds(&restored.api).await;
    said_to(&phone, "session_ended", "unauthorised").await;
    restored.end().await;
});

story!(a_revoked_phone_is_told_so_and_nobody_else_is, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let device = world.dee.devices(&sam).await[0]["id"].as_str().unwrap().to_owned();
    let old = phone.tokens().await.refresh;
    for _ in 0..3 {
        world.advance(Duration::minutes(20));
        phone.get("/api/v1/me").await.is(200);
    }
    world.dee.delete(&format!("/api/v1/team/clients/{}/devices/{device}", sam.id)).await.is(204);
    said_to(&phone, "device_revoked", "device_revoked").await;
    // A token of long ago does not show that this is the phone.
    world.api.post("/api/v1/auth/refresh", &json!({ "refresh_token": old })).await.is_problem(401, "session_ended");
});

/// What the phone hears when it renews its token, and when it asks for contact by its key.
async fn said_to(phone: &Phone, renewing: &str, asking: &str) {
    let refresh = json!({ "refresh_token": phone.tokens().await.refresh });
    phone.api.post("/api/v1/auth/refresh", &refresh).await.is_problem(401, renewing);
    let request = phone.new_request("now", None);
    phone.put_request_with_key(phone.new_id(), &request).await.is_problem(401, asking);
}
