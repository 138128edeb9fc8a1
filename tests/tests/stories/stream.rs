//! The team's live stream: what changes on my caseload, as it happens, and none of it missed.

use companion::{access::Role, events};
use companion_tests::{json, story};
use std::time::{Duration, Instant};

story!(a_change_is_heard_at_once_and_only_by_those_it_concerns, |world| {
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    let (sam, phone) = world.client_with_phone("Sam").await;
    let kim = world.client_of(world.provider, "Kim", &[&uma]).await;
    let kims = world.phone_of(&kim).await;
    let (mut dees, mut umas) = (world.dee.stream(None).await, uma.stream(None).await);

    let request = phone.ask("now").await["id"].clone();
    let heard = dees.next().await.unwrap();
    assert_eq!((heard.kind.as_str(), &heard.data["what"]), ("changed", &json!("contact_request")));
    assert_eq!((&heard.data["id"], &heard.data["client_id"]), (&request, &json!(sam.id.0)));
    // Ids and times only.
    let fields: Vec<&String> = heard.data.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["at", "client_id", "id", "what"]);

    // Uma hears of Kim, and that is the first she hears.
    kims.check_in(&[("mood", 3.0)]).await;
    world.run_jobs().await;
    let heard = umas.next().await.unwrap();
    assert_eq!((&heard.data["what"], &heard.data["client_id"]), (&json!("check_in"), &json!(kim.id.0)));
});

story!(a_stream_is_resumed_without_a_gap, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let inbox = world.dee.get("/api/v1/team/inbox").await.is(200);
    let start = inbox["last_event_id"].as_str().unwrap().to_owned();
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(phone.ask("today").await["id"].clone());
        phone.check_in(&[("mood", 3.0)]).await;
        world.run_jobs().await;
    }
    // Everything since the inbox was read, cut and resumed after each event.
    let (mut ids, mut last) = (Vec::new(), start.clone());
    for _ in 0..6 {
        let mut stream = world.dee.stream(Some(&last)).await;
        let event = stream.next().await.unwrap();
        last = event.id.clone();
        ids.push(event.id);
    }
    let mut whole = world.dee.stream(Some(&start)).await;
    for id in &ids {
        assert_eq!(whole.next().await.unwrap().id, *id);
    }
    let mut sorted: Vec<i64> = ids.iter().map(|id| id.parse().unwrap()).collect();
    sorted.dedup();
    assert_eq!(sorted.len(), 6);
    assert!(sorted.is_sorted());
    // A number from the future is from before a restore: ask for all anew.
    let mut strange = world.dee.stream(Some("999999")).await;
    assert_eq!(strange.next().await.unwrap().kind, "reset");
});

story!(a_stream_that_has_fallen_far_behind_says_so, |world| {
    let (sam, _) = world.client_with_phone("Sam").await;
    let start = world.dee.get("/api/v1/team/inbox").await.is(200)["last_event_id"].as_str().unwrap().to_owned();
    let mut tx = world.app.db.begin().await.unwrap();
    for _ in 0..1100 {
        events::append(&mut tx, &world.app, sam.provider, events::What::Client, sam.id.0, sam.id).await.unwrap();
    }
    tx.commit().await.unwrap();
    let first = world.dee.stream(Some(&start)).await.next().await.unwrap();
    let next = (start.parse::<i64>().unwrap() + 1).to_string();
    assert!(first.kind == "reset" || first.id == next, "events were left out: {first:?}");
});

story!(a_stream_ends_with_its_session, |world| {
    let admin = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    let lee = world.worker(world.provider, "Lee", &[Role::SupportWorker]).await;
    let (lees, dees) = (lee.stream(None).await, world.dee.stream(None).await);
    let begun = Instant::now();
    admin.patch(&format!("/api/v1/admin/workers/{}", lee.id), &json!({ "active": false })).await.is(200);
    assert_eq!(lees.rest().await, []);
    world.dee.post("/api/v1/auth/sign-out", &json!({})).await.is(204);
    assert_eq!(dees.rest().await, []);
    // They would have gone on for ever. The next look of a stream comes within two seconds; the rest is for a machine that is busy.
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
});

story!(whoever_is_taken_off_a_client_hears_no_more_of_them, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let (_, kims) = world.client_with_phone("Kim").await;
    let mut stream = world.dee.stream(None).await;
    let nobody = json!({ "workers": [] });
    world.lead.put(&format!("/api/v1/team/clients/{}/assignments", sam.id), &nobody).await.is(200);
    phone.ask("now").await;
    let kims_request = kims.ask("now").await["id"].clone();
    assert_eq!(stream.next().await.unwrap().data["id"], kims_request);
});

story!(a_server_told_to_stop_is_gone_in_ten_seconds_with_streams_open, |world| {
    let streams = [world.dee.stream(None).await, world.lead.stream(None).await];
    let begun = Instant::now();
    world.app.stop.cancel();
    for stream in streams {
        stream.rest().await;
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
});
