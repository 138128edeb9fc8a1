//! How long it takes to bring what waited on a phone: 500 check-ins by sync in one request, beside the same number one by one, in the
//! same run; and how large the answers are.
//!
//!     cargo run --release -p companion-tests --example sync_speed [rounds]
//!
//! SQLite, over loopback, every one durable before the answer. The ratio is the figure; the numbers are the machine's.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should stop at once")]

use std::time::{Duration, Instant};

use companion_tests::{Backend, Phone, World, json};
use serde_json::Value;

const WAITING: usize = 500;

#[tokio::main]
async fn main() {
    let rounds = std::env::args().nth(1).map_or(3, |n| n.parse().unwrap());
    companion_tests::world::tell(Backend::Sqlite, async |world: &World| {
        for _ in 0..rounds {
            round(world).await;
        }
    })
    .await;
}

async fn round(world: &World) {
    let (_, phone) = world.client_with_phone("Sam").await;
    let operations = waiting(world, &phone).await;
    let began = Instant::now();
    for one in &operations {
        let id = one["id"].as_str().unwrap().parse().unwrap();
        phone.put_check_in(id, &one["body"]).await.is(201);
    }
    let singly = began.elapsed();

    let (_, phone) = world.client_with_phone("Robin").await;
    let operations = waiting(world, &phone).await;
    let body = json!({ "cursor": null, "operations": operations });
    let began = Instant::now();
    let answer = phone.sync_with(&body).await;
    let together = began.elapsed();
    let size = answer.text.len();
    let synced = answer.is(200);
    let began = Instant::now();
    phone.sync_with(&body).await.is(200);
    let again = began.elapsed();
    let began = Instant::now();
    let nothing = phone.sync_with(&json!({ "cursor": synced["cursor"] })).await;
    let empty = began.elapsed();
    println!(
        "{WAITING} one by one {singly:?} · in one request {together:?} ({:.2} of it; {} KB up, {} KB down) · the same again {again:?} · \
         nothing new {empty:?} ({} bytes down)",
        together.as_secs_f64() / singly.as_secs_f64(),
        body.to_string().len() / 1000,
        size / 1000,
        nothing.text.len(),
    );
}

/// Check-ins of a phone that was off for months.
async fn waiting(world: &World, phone: &Phone) -> Vec<Value> {
    let answers =
        phone.new_check_in(&[("mood", 3.0), ("sleep", 4.0), ("energy", 4.0), ("anxiety", 2.0)]).await["answers"]
            .clone();
    let now = world.now();
    (0..WAITING as i64)
        .map(|n| {
            let made = now - Duration::from_secs(6 * 3600) * (WAITING as u32 - n as u32);
            json!({ "id": phone.new_id(), "kind": "check_in", "body": { "recorded_at": made, "answers": answers, "note": "A day like others." } })
        })
        .collect()
}
