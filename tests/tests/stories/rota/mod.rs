//! Who is on, who says so, who hears when nobody is, and what a client is told about it.

mod away;
mod clocks;
mod cover;
mod duty;
mod publishing;
mod readiness;
mod swaps;

use companion_tests::{
    Value, Worker, World, json,
    push_peer::{Browser, PushPeer},
};

/// A worker's browser, with a push service of its own.
pub struct Desk {
    peer: PushPeer,
    browser: Browser,
}

impl Desk {
    pub async fn of(world: &World, worker: &Worker) -> Self {
        let peer = PushPeer::start().await;
        let browser = Browser::at(&peer, world.app.new_id());
        browser.put(worker, "team").await.is(200);
        Self { peer, browser }
    }

    /// What arrived since this was last asked.
    pub fn told(&self) -> Vec<Value> {
        self.peer.take().iter().map(|message| self.browser.read(message)).collect()
    }

    /// Of what kinds that was.
    pub fn kinds(&self) -> Vec<String> {
        self.told().iter().map(|payload| payload["kind"].as_str().unwrap().to_owned()).collect()
    }

    /// The browser says that everything since arrived.
    pub async fn answers(&self, world: &World) -> Vec<String> {
        let told = self.told();
        let receipts: Vec<Value> =
            told.iter().map(|payload| Browser::receipt(payload, "delivered", world.now())).collect();
        world.api.post("/api/v1/push/receipts", &json!({ "receipts": receipts })).await.is(200);
        world.run_jobs().await;
        told.iter().map(|payload| payload["kind"].as_str().unwrap().to_owned()).collect()
    }
}
