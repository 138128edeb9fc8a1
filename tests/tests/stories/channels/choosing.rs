//! Each worker says how they can be rung, and in which order.

use companion::{access::Role, channels, ids::WorkerId, notify::Kind};
use companion_tests::{Value, Worker, World, json, push_peer::PushPeer, relays, story};
use uuid::Uuid;

use super::{delivery, shown, test};
use crate::push::on_desk;

async fn mine(worker: &Worker) -> Vec<Value> {
    worker.get("/api/v1/team/channels").await.is(200)["items"].as_array().unwrap().clone()
}

/// The kinds that would be rung now.
async fn rung(world: &World, worker: &Worker) -> Vec<Value> {
    let all = channels::of(&world.app.db, &world.app, world.provider.id, WorkerId(worker.id)).await.unwrap();
    all.iter().map(|c| json!(c.kind)).collect()
}

async fn put(worker: &Worker, items: Value) -> companion_tests::Answer {
    worker.put("/api/v1/team/channels", &json!({ "items": items })).await
}

story!(who_never_chose_is_rung_by_push_and_then_by_e_mail, |world, relays| {
    let before = mine(&world.dee).await;
    let of = |n: usize, name: &str| before[n][name].clone();
    assert_eq!((of(0, "kind"), of(0, "available"), of(0, "works")), (json!("push"), json!(true), json!(false)));
    assert_eq!((of(1, "kind"), of(1, "address")), (json!("email"), json!(world.dee.email)));
    assert_eq!((of(1, "available"), of(1, "works"), of(1, "last_test")), (json!(true), json!(true), json!(null)));
    assert_eq!(rung(world, &world.dee).await, [json!("email")], "no browser has notifications on");

    let peer = PushPeer::start().await;
    on_desk(world, &world.dee, &peer).await;
    assert_eq!(rung(world, &world.dee).await, [json!("push"), json!("email")]);
    // The first ring writes down what was usual, under the ids that were shown.
    relays::ring(world, &world.dee, "email", Kind::Rota, world.app.new_id()).await;
    assert_eq!(relays.smtp.only().to, std::slice::from_ref(&world.dee.email));
    let ids = |all: &[Value]| all.iter().map(|c| c["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&mine(&world.dee).await), ids(&before));
    // What was shown can be sent back as it is.
    let same: Vec<Value> =
        before.iter().map(|c| json!({ "id": c["id"], "kind": c["kind"], "address": c["address"] })).collect();
    put(&world.dee, json!(same)).await.is(200);
    assert_eq!(ids(&mine(&world.dee).await), ids(&before));
});

story!(what_is_chosen_is_kept_in_its_order_and_in_one_form, |world, relays| {
    let id = || world.app.new_id::<Uuid>();
    let (voice, sms, push) = (id(), id(), id());
    let items = json!([
        { "id": voice, "kind": "voice", "address": "07700 900123" },
        { "id": push, "kind": "push", "address": null },
        { "id": sms, "kind": "sms", "address": "+44 (0)7700 900-124" },
    ]);
    let kept = put(&world.dee, items.clone()).await.is(200);
    let addresses: Vec<&Value> = kept["items"].as_array().unwrap().iter().map(|c| &c["address"]).collect();
    assert_eq!(addresses, [&json!("+447700900123"), &json!(null), &json!("+447700900124")]);
    assert_eq!(put(&world.dee, items).await.is(200), kept, "the same again is the same");
    assert_eq!(rung(world, &world.dee).await, [json!("voice"), json!("sms")]);
    assert_eq!(mine(&world.lead).await[1]["address"], json!(world.lead.email), "nobody else's list");

    // A row with another number is another: what was tried out was the old one.
    let before = shown(&world.dee, "sms").await;
    test(&world.dee, &before).await;
    world.run_jobs().await;
    assert_eq!(relays.sms.only().to, "+447700900124");
    assert!(shown(&world.dee, "sms").await["last_test"].is_object());
    world.advance(chrono::Duration::seconds(1));
    let changed = json!([{ "id": sms, "kind": "sms", "address": "07700 900125" }]);
    put(&world.dee, changed).await.is(200);
    assert_eq!(shown(&world.dee, "sms").await["last_test"], json!(null));
    assert_eq!(rung(world, &world.dee).await, [json!("sms")]);
    let sql =
        "SELECT COUNT(*) FROM channel WHERE ended_at IS NOT NULL AND (address IS NOT NULL OR address_hash IS NOT NULL)";
    assert_eq!(world.count(sql).await, 0, "a number that was taken out is forgotten");
    let sql = "SELECT address FROM channel WHERE address IS NOT NULL";
    let sealed: Vec<(Vec<u8>,)> = world.app.db.query(sql).all().await.unwrap();
    assert!(
        !sealed.is_empty() && sealed.iter().all(|s| !s.0.windows(6).any(|w| w == b"900125")),
        "sealed where it lies"
    );
});

story!(an_address_that_is_none_is_refused_and_nothing_changes, |world, _relays| {
    let before = mine(&world.dee).await;
    let id = world.app.new_id::<Uuid>();
    for (kind, address) in [
        ("sms", json!("07700 900123\r\nBcc: x@example.org")),
        ("sms", json!("07700\u{0} 900123")),
        ("sms", json!("+44\u{202e}7700900123")),
        ("sms", json!("999")),
        ("sms", json!("")),
        ("sms", json!(null)),
        ("voice", json!("tel:+447700900123")),
        ("voice", json!("07700900123,,,1")),
        ("email", json!("dee@example.org\r\nBcc: x@example.org")),
        ("email", json!("dee@example.org, x@example.org")),
        ("email", json!("Dee <dee@example.org>")),
        ("email", json!("dee@localhost")),
        ("email", json!("dee@example\u{200b}.org")),
        ("email", json!(null)),
        ("push", json!("https://push.example.org/x")),
    ] {
        let problem = put(&world.dee, json!([{ "id": id, "kind": kind, "address": address }])).await;
        let problem = problem.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "items.0.address", "{kind} {address}");
    }
    let sms = |id: Uuid, number: &str| json!({ "id": id, "kind": "sms", "address": number });
    let other = world.app.new_id::<Uuid>();
    for items in [
        json!([]),
        json!([sms(id, "07700 900123"), sms(other, "+447700900123")]),
        json!([sms(id, "07700 900123"), sms(id, "07700 900124")]),
        json!((0..11).map(|n| sms(world.app.new_id(), &format!("07700 9001{n:02}"))).collect::<Vec<_>>()),
    ] {
        put(&world.dee, items).await.is_problem(422, "invalid");
    }
    assert_eq!(mine(&world.dee).await, before);
});

story!(an_id_is_somebodys_own_and_of_one_kind, |world, _relays| {
    let id = world.app.new_id::<Uuid>();
    let sms = json!([{ "id": id, "kind": "sms", "address": "07700 900123" }]);
    put(&world.dee, sms.clone()).await.is(200);
    put(&world.lead, sms).await.is_problem(409, "conflict");
    put(&world.dee, json!([{ "id": id, "kind": "voice", "address": "07700 900123" }]))
        .await
        .is_problem(409, "conflict");
    assert_eq!(shown(&world.dee, "sms").await["address"], json!("+447700900123"));
    let path = format!("/api/v1/team/channels/{id}/test");
    world.lead.post(&path, &json!({})).await.is_problem(404, "not_found");
});

story!(what_the_server_cannot_send_by_is_shown_and_not_rung, |world| {
    let peer = PushPeer::start().await;
    on_desk(world, &world.dee, &peer).await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123")), ("push", None)]).await;
    let sms = shown(&world.dee, "sms").await;
    assert_eq!((&sms["available"], &sms["works"]), (&json!(false), &json!(false)));
    assert_eq!(rung(world, &world.dee).await, [json!("push")]);
    let path = format!("/api/v1/team/channels/{}/test", sms["id"].as_str().unwrap());
    world.dee.post(&path, &json!({})).await.is_problem(409, "conflict");
    let push = shown(&world.lead, "push").await;
    let path = format!("/api/v1/team/channels/{}/test", push["id"].as_str().unwrap());
    world.lead.post(&path, &json!({})).await.is_problem(409, "conflict");
});

story!(who_leaves_is_rung_no_more_and_their_number_is_forgotten, |world, relays| {
    let admin = world.worker(world.provider, "Alex", &[Role::Admin]).await;
    let kim = world.worker(world.provider, "Kim", &[Role::SupportWorker]).await;
    relays::choose(&kim, world, &[("sms", Some("07700 900123"))]).await;
    let ring = relays::ring_unsent(world, &kim, "sms", Kind::Rota, world.app.new_id()).await;
    let path = format!("/api/v1/admin/workers/{}", kim.id);
    admin.patch(&path, &json!({ "active": false })).await.is(200);
    assert_eq!(rung(world, &kim).await, Vec::<Value>::new());
    world.run_jobs().await;
    assert!(relays.sms.take().is_empty());
    assert_eq!(delivery(world, ring).await, ("dropped".into(), 0, Some("ended".into())));
    assert_eq!(world.count("SELECT COUNT(*) FROM channel WHERE address IS NOT NULL").await, 0);
    admin.patch(&path, &json!({ "active": true })).await.is(200);
    relays::ring(world, &kim, "email", Kind::Rota, world.app.new_id()).await;
    assert_eq!(relays.smtp.only().to, std::slice::from_ref(&kim.email), "they begin with what is usual");
});
