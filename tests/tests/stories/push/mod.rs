//! What is told outside the apps, to whom, when, and what is claimed about it.

mod endpoints;
mod misbehaving;
mod nodes;
mod oracle;
mod receipts;
mod subscriptions;
mod telling;

use companion_tests::{
    Phone, Worker, World,
    push_peer::{Browser, PushPeer},
};

/// A browser of this phone's that is told things by way of the peer.
pub async fn on_phone(phone: &Phone, peer: &PushPeer) -> Browser {
    let browser = Browser::at(peer, phone.new_id());
    browser.put(phone, "me").await.is(200);
    browser
}

/// A browser of this worker's.
pub async fn on_desk(world: &World, worker: &Worker, peer: &PushPeer) -> Browser {
    let browser = Browser::at(peer, world.app.new_id());
    browser.put(worker, "team").await.is(200);
    browser
}

/// A test message to a phone's browser, queued and not yet sent; the delivery's id.
pub async fn try_out(phone: &Phone, browser: &Browser) -> String {
    let answer =
        phone.post(&format!("/api/v1/me/push-subscriptions/{}/test", browser.id), &companion_tests::json!({})).await;
    answer.is(200)["delivery_id"].as_str().unwrap().to_owned()
}

/// What is written about a delivery: state, tries, problem.
pub async fn delivery(world: &World, id: &str) -> (String, i32, Option<String>) {
    let id: uuid::Uuid = id.parse().unwrap();
    let sql = "SELECT state, tries, problem FROM delivery WHERE id = $1";
    world.app.db.query(sql).bind(id).one().await.unwrap()
}
