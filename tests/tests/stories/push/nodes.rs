//! Several nodes, nodes that are held up, and nodes that are killed: once as a rule, once more for each that dies.

use std::{collections::HashMap, path::Path};

use chrono::Duration;
use companion::{
    clock::{Clock, SystemClock},
    jobs,
};
use companion_tests::{
    Backend, World,
    binary::{self, Installation, People},
    crew::{PATIENCE, until},
    json,
    push_peer::{Browser, Mood, PushPeer, Received},
    scale, story,
};
use reqwest::Method;
use uuid::Uuid;

use super::{delivery, on_phone, try_out};

/// Queues so many messages to one browser, each about something else.
async fn queue(world: &World, client: Uuid, how_many: u64) {
    use companion::{
        ids::ClientId,
        notify::{Kind, Message, Recipient, tell},
    };
    for _ in 0..how_many {
        let message = Message {
            to: Recipient::Client(ClientId(client)),
            kind: Kind::Reminder,
            subject: world.app.new_id(),
            count: 1,
            useful_until: world.now() + Duration::hours(3),
        };
        let mut tx = world.app.db.begin().await.unwrap();
        tell(&mut tx, &world.app, world.provider.id, message).await.unwrap().unwrap();
        tx.commit().await.unwrap();
    }
}

fn per_topic(received: &[Received]) -> HashMap<&str, usize> {
    let mut times = HashMap::new();
    for message in received {
        *times.entry(message.topic()).or_default() += 1;
    }
    times
}

story!(several_nodes_send_each_message_once, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    on_phone(&phone, &peer).await;
    let due = 200 * scale();
    queue(world, phone.client, due).await;
    let nodes = [world.another_node().await, world.another_node().await, world.app.clone()];
    let nodes = nodes.map(|app| tokio::spawn(async move { jobs::run_due(&app).await.unwrap() }));
    let mut done = Vec::new();
    for node in nodes {
        done.push(node.await.unwrap());
    }
    println!("{due} due; done by node: {done:?}");
    let received = peer.take();
    assert_eq!(received.len() as u64, due);
    assert!(per_topic(&received).values().all(|times| *times == 1));
    let unsent = world.count("SELECT COUNT(*) FROM delivery WHERE state <> 'sent' OR tries <> 1").await;
    assert_eq!(unsent, 0);
});

story!(a_node_that_wakes_up_with_a_lease_that_ran_out_changes_nothing, |world| {
    let peer = PushPeer::start().await;
    let (_, phone) = world.client_with_phone("Sam").await;
    let browser = on_phone(&phone, &peer).await;
    let node = world.another_node().await;
    // The first node asks, and is not answered before its lease has run out and another has sent it.
    peer.next(Mood::Hangs);
    let id = try_out(&phone, &browser).await;
    let slow = tokio::spawn({
        let app = world.app.clone();
        async move { jobs::run_due(&app).await.unwrap() }
    });
    peer.until_something_arrives().await;
    world.advance(Duration::seconds(31));
    jobs::run_due(&node).await.unwrap();
    assert_eq!(delivery(world, &id).await, ("queued".into(), 0, None), "their clocks may differ by a little");
    world.advance(Duration::seconds(4));
    jobs::run_due(&node).await.unwrap();
    assert_eq!(delivery(world, &id).await, ("sent".into(), 1, None));
    slow.await.unwrap();
    assert_eq!(delivery(world, &id).await, ("sent".into(), 1, None), "what the first had to say came too late");
    let received = peer.take();
    assert_eq!(per_topic(&received).into_values().collect::<Vec<_>>(), [2], "one more, in the place of the first");
});

story!(nodes_that_start_together_agree_on_one_key, |world| {
    // As on the first start of all.
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("DELETE FROM vapid_key").execute().await.unwrap();
    tx.commit().await.unwrap();
    let (a, b) = tokio::join!(world.another_node(), world.another_node());
    assert_eq!(a.vapid.public_key(), b.vapid.public_key());
    assert_eq!(world.count("SELECT COUNT(*) FROM vapid_key").await, 1);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_sent_and_recorded_sqlite() {
    killed(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_sent_and_recorded_postgres() {
    killed(Backend::Postgres).await;
}

/// The real binary, killed while the push service has the message and has not answered, or at a moment of chance after it
/// did. Each message arrives, and at most once more than there were kills.
async fn killed(backend: Backend) {
    let Some(mut provider) = Installation::fresh(backend).await else { return };
    let peer = PushPeer::start().await;
    provider.environment = vec![("COMPANION_TEST_PUSH_TO_THIS_MACHINE".into(), "1".into())];
    provider.start(true);
    let people = People::of(&provider.api).await;
    let chance = binary::chance("kill after a push");
    let browser = Browser::at(&peer, chance.id(SystemClock.now()));
    let path = format!("/api/v1/me/push-subscriptions/{}", browser.id);
    people.as_phone(Method::PUT, &path, Some(&browser.subscription())).await.is(200);
    let rounds = 6 * scale();
    let mut most = 0;
    for round in 0..rounds {
        let kills = if round % 3 == 2 { 2 } else { 1 };
        let by_chance = round % 2 == 1;
        if !by_chance {
            peer.always(Mood::Hangs);
        }
        people.as_phone(Method::POST, &format!("{path}/test"), Some(&json!({}))).await.is(200);
        let mut received = Vec::new();
        for kill in 1..=kills {
            peer.until_something_arrives().await;
            if by_chance {
                let [byte] = chance.bytes::<1>();
                tokio::time::sleep(std::time::Duration::from_micros(u64::from(byte) * 20)).await;
            }
            provider.kill();
            received.extend(peer.take());
            lease_runs_out(&provider).await;
            if kill == kills {
                peer.behave();
            }
            provider.start(true);
            if by_chance {
                // It may have been written down before the kill: then nothing comes again.
                break;
            }
        }
        until_nothing_is_due(&people).await;
        received.extend(peer.take());
        let times = per_topic(&received).into_values().collect::<Vec<_>>();
        assert_eq!(times.len(), 1, "round {round}: one topic");
        assert!(times[0] <= 1 + kills, "round {round}: {} times, {kills} kills", times[0]);
        most = most.max(times[0]);
        let sent = provider.count("SELECT COUNT(*) FROM delivery WHERE state = 'sent'").await;
        assert_eq!(sent, i64::try_from(round).unwrap() + 1, "round {round}: it is known to be sent");
    }
    provider.kill();
    println!("{backend:?}: {rounds} rounds, at most {most} times");
    no_word_of_it(provider.log().as_path(), &browser);
    provider.remove().await;
}

/// As time would do it. (On SQLite a node that starts is alone and takes over at once.)
async fn lease_runs_out(provider: &Installation) {
    let db = companion::db::Db::open(&provider.database.url()).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    tx.query("UPDATE job SET lease_until = NULL WHERE done_at IS NULL").execute().await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

async fn until_nothing_is_due(people: &People) {
    until(PATIENCE, "the message was sent", async || {
        people.as_phone(Method::GET, "/health/engine", None).await.is(200)["oldest_overdue"].is_null()
    })
    .await;
}

/// The log names no endpoint.
fn no_word_of_it(log: &Path, browser: &Browser) {
    let text = std::fs::read_to_string(log).unwrap();
    assert!(!text.contains(&browser.endpoint));
}
