//! The stay-well plan: writing it, and agreeing to it.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, Phone, Worker};

/// A line with an id that its text gives it, so that two drafts name it alike.
pub fn line(text: &str) -> Value {
    json!({ "id": id_of(text), "text": text })
}

pub fn id_of(name: &str) -> Uuid {
    let mut id = [0_u8; 16];
    name.bytes().enumerate().for_each(|(n, b)| id[n % 16] = id[n % 16].wrapping_mul(31) ^ b);
    Uuid::from_bytes(id)
}

/// The texts of a list.
pub fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap().to_owned()).collect()
}

/// A plan with two stages; sleep shows the second.
pub fn two_stages(sleep: &Value) -> Value {
    json!({
        "keeps_well": [line("A walk before lunch")],
        "stages": [
            { "id": id_of("wobbly"), "name": "Wobbly", "signs": [], "mine": [line("Early night")], "workers": [], "others": [] },
            { "id": id_of("not myself"), "name": "Not myself",
              "signs": [{ "id": id_of("awake"), "text": "Awake at three", "item_id": sleep["id"] }],
              "mine": [line("Ring Mum")], "workers": [line("Come round the same day")], "others": [line("Mum sleeps over")] },
        ],
        "people": [{ "id": id_of("mum"), "name": "Mum", "phone": "01632 960 777" }],
    })
}

pub fn draft(id: Uuid, based_on: &Value, body: &Value) -> Value {
    json!({ "id": id, "based_on": based_on, "body": body })
}

impl Phone {
    pub async fn plan(&self) -> Value {
        self.get("/api/v1/me/plan").await.is(200)
    }

    pub async fn put_draft(&self, draft: &Value) -> Answer {
        self.put("/api/v1/me/plan/draft", draft).await
    }

    /// Shows the team what they wrote.
    pub async fn write_plan(&self, based_on: &Value, body: &Value) -> Value {
        self.put_draft(&draft(self.new_id(), based_on, body)).await.is(200)
    }

    pub async fn agree_to_plan(&self, version: &Value) -> Answer {
        let path = format!("/api/v1/me/plan/{}/agree", version.as_str().unwrap());
        self.post(&path, &json!({ "id": self.new_id() })).await
    }

    pub async fn plan_history(&self) -> Vec<Value> {
        crate::http::items(&self.get("/api/v1/me/plan/history").await.is(200))
    }

    /// A draft whose rules were looked at.
    pub async fn looked_at(&self, based_on: &Value, body: &Value) -> Value {
        let seen = self.post("/api/v1/me/plan/replay", &json!({ "rules": body["rules"] })).await.is(200);
        let mut draft = draft(self.new_id(), based_on, body);
        draft["seen"] = seen["seen"].clone();
        draft
    }
}

impl Worker {
    pub async fn plan(&self, client: &Client) -> Value {
        self.of(client, "/plan").await.is(200)
    }

    pub async fn put_plan(&self, client: &Client, draft: &Value) -> Answer {
        self.put(&format!("/api/v1/team/clients/{}/plan", client.id), draft).await
    }

    pub async fn agree_to_plan(&self, client: &Client, version: &Value, how: &str) -> Answer {
        let path = format!("/api/v1/team/clients/{}/plan/{}/agree", client.id, version.as_str().unwrap());
        self.post(&path, &json!({ "how": how })).await
    }
}
