//! Rotas for stories, in few words.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Phone, Worker, World};

/// A shift of every day, `"22:00-08:00"`, on first line, from the day the story begins.
pub fn daily(world: &World, times: &str, worker: Option<&Worker>) -> Value {
    let (from, until) = times.split_once('-').unwrap();
    json!({
        "id": world.app.new_id::<Uuid>(), "line": "first", "kind": "on_call", "worker_id": worker.map(|w| w.id),
        "starts_on": "2026-01-01", "from": from, "until": until, "repeat": { "unit": "day", "every": 1 }, "ends": null,
    })
}

/// The same on the second line.
pub fn second(world: &World, times: &str, worker: &Worker) -> Value {
    let mut pattern = daily(world, times, Some(worker));
    pattern["line"] = json!("second");
    pattern
}

impl World {
    /// A new version over the newest, as a lead sends it.
    pub async fn new_rota(&self, patterns: &[Value], catch_all: Option<&Worker>) -> Value {
        let based_on = self.lead.rota(self).await["id"].clone();
        json!({
            "service_id": self.provider.service, "id": self.app.new_id::<Uuid>(), "based_on": based_on,
            "catch_all": catch_all.map(|w| w.id), "patterns": patterns,
        })
    }

    /// Published by the lead; what that causes has happened.
    pub async fn publish(&self, patterns: &[Value], catch_all: Option<&Worker>) -> Value {
        let rota = self.lead.put("/api/v1/team/rota", &self.new_rota(patterns, catch_all).await).await.is(200);
        self.run_jobs().await;
        rota
    }

    /// Lets a time come, and everything that is due until then happen when it is.
    pub async fn until(&self, at: &str) {
        let at: DateTime<Utc> = at.parse().unwrap();
        assert!(self.now() < at, "{at} is over");
        self.live_until(at).await;
        self.run_jobs().await;
    }
}

impl Worker {
    /// The rota of the story's service.
    pub async fn rota(&self, world: &World) -> Value {
        self.get(&format!("/api/v1/team/rota?service_id={}", world.provider.service)).await.is(200)
    }

    /// Its shift of a pattern that starts on a date.
    pub async fn shift(&self, world: &World, pattern: &Value, date: &str) -> Value {
        let rota = self.rota(world).await;
        let shifts = rota["shifts"].as_array().unwrap();
        shifts
            .iter()
            .find(|s| s["pattern_id"] == pattern["id"] && s["date"] == date)
            .unwrap_or_else(|| panic!("{rota:#}"))
            .clone()
    }

    pub async fn my_rota(&self) -> Value {
        self.get("/api/v1/team/rota/mine").await.is(200)
    }

    /// Away from now on, or until then.
    pub async fn is_away(&self, world: &World, until: Option<&str>, why: &str) -> Value {
        let body = json!({ "worker_id": self.id, "from": world.now(), "until": until, "why": why });
        self.put(&format!("/api/v1/team/rota/absences/{}", world.app.new_id::<Uuid>()), &body).await.is(200)
    }

    pub async fn propose_swap(&self, world: &World, pattern: &Value, date: &str, to: &Worker) -> Answer {
        let body =
            json!({ "service_id": world.provider.service, "pattern_id": pattern["id"], "date": date, "to": to.id });
        self.put(&format!("/api/v1/team/rota/swaps/{}", world.app.new_id::<Uuid>()), &body).await
    }

    pub async fn answer_swap(&self, swap: &Value, answer: &str) -> Answer {
        let path = format!("/api/v1/team/rota/swaps/{}/answer", swap["id"].as_str().unwrap());
        self.post(&path, &json!({ "answer": answer })).await
    }
}

impl Phone {
    pub async fn cover(&self) -> Value {
        self.get("/api/v1/me/cover").await.is(200)
    }
}
