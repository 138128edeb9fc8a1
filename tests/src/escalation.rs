//! Time that goes by, and the people who are rung in it.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Worker, World, push_peer::Browser};

impl World {
    /// Lets time go by as it does: the clock stops whenever a job or a step is due, and it is done.
    pub async fn live_until(&self, end: DateTime<Utc>) {
        self.live_until_and(end, async || ()).await;
    }

    /// The same; `each` happens whenever the clock stopped.
    pub async fn live_until_and(&self, end: DateTime<Utc>, mut each: impl AsyncFnMut()) {
        while let Some(due) = self.next_due().await.filter(|due| *due <= end) {
            self.clock.set(due.max(self.now()));
            self.run_jobs().await;
            each().await;
        }
        self.clock.set(end);
    }

    async fn next_due(&self) -> Option<DateTime<Utc>> {
        let mut next: Option<DateTime<Utc>> = None;
        for sql in [
            "SELECT MIN(due_at) FROM job WHERE done_at IS NULL",
            "SELECT MIN(due_at) FROM escalation WHERE ended_at IS NULL",
        ] {
            let due: Option<DateTime<Utc>> = self.app.db.query(sql).scalar().await.unwrap();
            next = next.into_iter().chain(due).min();
        }
        next
    }

    /// The phone says that it rang.
    pub async fn rang(&self, payload: &Value) {
        let receipt = Browser::receipt(payload, "delivered", self.now());
        self.api.post("/api/v1/push/receipts", &json!({ "receipts": [receipt] })).await.is(200);
    }

    /// What `/health/engine` says.
    pub async fn engine(&self) -> Value {
        self.api.get("/health/engine").await.is(200)
    }

    /// Everybody who was rung, in order: when, and whom.
    pub async fn rings(&self) -> Vec<(DateTime<Utc>, Uuid)> {
        self.app.db.query("SELECT at, worker_id FROM ring ORDER BY at, notification_id").all().await.unwrap()
    }
}

/// A step of a list that rings one person.
pub fn person(worker: &Worker, minutes: i64) -> Value {
    json!({ "who": "person", "worker_id": worker.id, "minutes": minutes })
}

/// A step of a list that means whoever.
pub fn step(who: &str, minutes: i64) -> Value {
    json!({ "who": who, "worker_id": null, "minutes": minutes })
}

impl Worker {
    pub async fn put_policy(&self, world: &World, kind: &str, steps: &[Value]) -> Answer {
        let body = json!({ "service_id": world.provider.service, "kind": kind, "steps": steps, "by_day": false });
        self.put("/api/v1/team/policies", &body).await
    }

    /// The request for contact of that id, as the team sees it.
    pub async fn request(&self, id: &Value) -> Value {
        let list = self.get("/api/v1/team/contact-requests?state=all").await.is(200);
        let found = list["items"].as_array().unwrap().iter().find(|request| request["id"] == *id).cloned();
        found.unwrap_or_else(|| panic!("no request {id} in {list:#}"))
    }
}
