//! What is usual, the rules that warn, and looking before changing either.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, Phone, Worker, http::items};

fn below(client: &Client, what: &str) -> String {
    format!("/api/v1/team/clients/{}{what}", client.id)
}

impl Worker {
    pub async fn baselines(&self, client: &Client) -> Value {
        self.of(client, "/baseline").await.is(200)
    }

    /// What the answers say is usual, as a body to be agreed on.
    pub async fn suggested(&self, client: &Client) -> Value {
        numbers(&self.baselines(client).await["suggestion"])
    }

    pub async fn replay(&self, client: &Client, change: &Value) -> Answer {
        self.post(&below(client, "/assessments/replay"), change).await
    }

    /// The look that saving a change asks for.
    pub async fn seen(&self, client: &Client, change: &Value) -> Value {
        self.replay(client, change).await.is(200)["seen"].clone()
    }

    /// A body that saves these numbers: `how` they are agreed, after a look.
    pub async fn new_baseline(&self, client: &Client, id: Uuid, usual: &Value, how: &str) -> Value {
        let mut body = usual.clone();
        body["seen"] = self.seen(client, &json!({ "baseline": usual })).await;
        (body["id"], body["agreed_how"], body["words"]) = (json!(id), json!(how), json!("As it was in spring."));
        body
    }

    pub async fn put_baseline(&self, client: &Client, body: &Value) -> Answer {
        self.put(&below(client, "/baseline"), body).await
    }

    /// Writes down what was agreed in one room.
    pub async fn agree(&self, client: &Client, id: Uuid, usual: &Value) -> Value {
        let body = self.new_baseline(client, id, usual, "together").await;
        self.put_baseline(client, &body).await.is(200)
    }

    /// Asks on the phone.
    pub async fn propose(&self, client: &Client, id: Uuid, usual: &Value) -> Value {
        let body = self.new_baseline(client, id, usual, "on_phone").await;
        self.put_baseline(client, &body).await.is(200)
    }

    pub async fn rules(&self, client: &Client) -> Value {
        self.of(client, "/warning-rules").await.is(200)
    }

    /// A body that saves these rules, after a look.
    pub async fn new_rules(&self, client: &Client, id: Uuid, sensitivity: &str, silence: bool, why: &str) -> Value {
        let rules = json!({ "sensitivity": sensitivity, "silence": silence });
        let seen = self.seen(client, &json!({ "rules": rules })).await;
        json!({ "id": id, "sensitivity": sensitivity, "silence": silence, "why": why, "seen": seen })
    }

    pub async fn put_rules(&self, client: &Client, body: &Value) -> Answer {
        self.put(&below(client, "/warning-rules"), body).await
    }

    /// Changes the rules.
    pub async fn choose_rules(&self, client: &Client, id: Uuid, sensitivity: &str, silence: bool) -> Value {
        let body = self.new_rules(client, id, sensitivity, silence, "As we agreed.").await;
        self.put_rules(client, &body).await.is(200)
    }

    pub async fn tell_missed(&self, client: &Client, body: &Value) -> Answer {
        self.post(&below(client, "/missed-warnings"), body).await
    }

    pub async fn missed(&self, client: &Client) -> Vec<Value> {
        items(&self.of(client, "/missed-warnings").await.is(200))
    }

    pub async fn flag_figures(&self, months: u32) -> Value {
        self.get(&format!("/api/v1/team/figures/flags?months={months}")).await.is(200)
    }
}

impl Phone {
    pub async fn baselines(&self) -> Value {
        self.get("/api/v1/me/baseline").await.is(200)
    }

    pub async fn answer_baseline(&self, baseline: &Value, answer: &str, words: Option<&str>) -> Answer {
        let path = format!("/api/v1/me/baseline/{}/answer", baseline.as_str().unwrap());
        self.post(&path, &json!({ "id": self.new_id(), "answer": answer, "words": words })).await
    }

    pub async fn sharing(&self) -> Value {
        self.get("/api/v1/me/sharing").await.is(200)
    }

    pub async fn choose_sharing(&self, choices: &Value) -> Value {
        self.put("/api/v1/me/sharing", choices).await.is(200)
    }
}

/// Days and numbers of a suggestion or baseline, as they are sent.
pub fn numbers(usual: &Value) -> Value {
    let number = |item: &Value| json!({ "item_id": item["item_id"], "low": item["low"], "centre": item["centre"], "high": item["high"] });
    let items: Vec<Value> = usual["items"].as_array().unwrap().iter().map(number).collect();
    json!({ "first_day": usual["first_day"], "last_day": usual["last_day"], "items": items })
}
