//! A client's phone.

use std::{ops::Deref, sync::Arc};

use chrono::{DateTime, Utc};
use companion::clock::{Chance, Clock, MovableClock};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Api, http::items, session::Session};

#[derive(Debug)]
pub struct Phone {
    pub session: Session,
    pub contact_key: String,
    pub client: Uuid,
    pub(crate) clock: MovableClock,
    chance: Arc<Chance>,
}

/// A phone calls as its session does.
impl Deref for Phone {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Phone {
    /// Joins with a code.
    pub async fn join(api: &Api, clock: &MovableClock, chance: &Arc<Chance>, code: &str) -> Self {
        let claim = json!({ "code": code, "device_name": "A phone" });
        let joined = api.post("/api/v1/auth/claim", &claim).await.is(201);
        Self::joined(api, clock, chance, &joined)
    }

    /// What a phone makes of the answer to its claim.
    pub fn joined(api: &Api, clock: &MovableClock, chance: &Arc<Chance>, joined: &Value) -> Self {
        Self {
            session: Session::new(api, clock, Session::tokens_in(clock, joined)),
            contact_key: joined["contact_key"].as_str().unwrap().to_owned(),
            client: joined["client"]["id"].as_str().unwrap().parse().unwrap(),
            clock: clock.clone(),
            chance: chance.clone(),
        }
    }

    /// The same phone, with all that it remembers, whose provider's address leads to another server now.
    pub async fn that_finds(&self, api: &Api) -> Self {
        Self {
            session: Session::new(api, &self.clock, self.tokens().await),
            contact_key: self.contact_key.clone(),
            client: self.client,
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    /// One round trip, as the phone's outbox makes it.
    pub async fn sync(&self, cursor: &Value, operations: &[Value]) -> Value {
        self.sync_with(&json!({ "cursor": cursor, "operations": operations })).await.is(200)
    }

    pub async fn sync_with(&self, body: &Value) -> Answer {
        self.post("/api/v1/me/sync", body).await
    }

    /// What the phone's clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// An id such as phones make.
    pub fn new_id(&self) -> Uuid {
        self.chance.id(self.clock.now())
    }

    pub async fn items(&self) -> Vec<Value> {
        items(&self.get("/api/v1/me/items").await.is(200))
    }

    /// The item called so: a standard item's key, or the words of a sign.
    pub async fn item(&self, name: &str) -> Value {
        let all = self.items().await;
        let found = all.iter().find(|i| i["key"] == name || i["text"] == name);
        found.unwrap_or_else(|| panic!("no item {name:?} among {all:?}")).clone()
    }

    /// A check-in that is not sent yet, made now by the phone's clock.
    pub async fn new_check_in(&self, answers: &[(&str, f64)]) -> Value {
        let all = self.items().await;
        let answers: Vec<Value> = answers
            .iter()
            .map(|(name, value)| {
                let item = all.iter().find(|i| i["key"] == *name || i["text"] == *name);
                let item = item.unwrap_or_else(|| panic!("no item {name:?} among {all:?}"));
                json!({ "item_id": item["id"], "value": value })
            })
            .collect();
        json!({ "recorded_at": self.clock.now(), "answers": answers })
    }

    pub async fn put_check_in(&self, id: Uuid, body: &Value) -> Answer {
        self.put(&format!("/api/v1/me/check-ins/{id}"), body).await
    }

    /// A check-in made and sent now; the answer to it.
    pub async fn check_in(&self, answers: &[(&str, f64)]) -> Value {
        let body = self.new_check_in(answers).await;
        self.put_check_in(self.new_id(), &body).await.is(201)
    }

    /// The same, made at another time by the phone's clock.
    pub async fn check_in_made_at(&self, made: DateTime<Utc>, answers: &[(&str, f64)]) -> Value {
        let mut body = self.new_check_in(answers).await;
        body["recorded_at"] = json!(made);
        self.put_check_in(self.new_id(), &body).await.is(201)
    }

    /// A check-in with a note.
    pub async fn check_in_with_note(&self, note: &str, shared: bool) -> Value {
        let mut body = self.new_check_in(&[("mood", 4.0)]).await;
        (body["note"], body["note_shared"]) = (json!(note), json!(shared));
        self.put_check_in(self.new_id(), &body).await.is(201)
    }

    /// The answer to `GET /me/check-ins`.
    pub async fn check_ins(&self) -> Value {
        self.get("/api/v1/me/check-ins").await.is(200)
    }

    pub async fn flags(&self) -> Vec<Value> {
        items(&self.get("/api/v1/me/flags").await.is(200))
    }

    /// A request that is not sent yet.
    pub fn new_request(&self, when: &str, message: Option<&str>) -> Value {
        json!({ "requested_at": self.clock.now(), "when": when, "how": "call", "message": message })
    }

    pub async fn put_request(&self, id: Uuid, body: &Value) -> Answer {
        self.put(&format!("/api/v1/me/contact-requests/{id}"), body).await
    }

    /// One tap.
    pub async fn ask(&self, when: &str) -> Value {
        self.put_request(self.new_id(), &self.new_request(when, None)).await.is(201)
    }

    /// One tap without a session: with the contact key.
    pub async fn put_request_with_key(&self, id: Uuid, body: &Value) -> Answer {
        self.api.call(Method::PUT, &format!("/api/v1/contact-requests/{id}"), Some(&self.contact_key), Some(body)).await
    }

    /// What has become of a request.
    pub async fn request(&self, id: &Value) -> Value {
        self.get(&format!("/api/v1/me/contact-requests/{}", id.as_str().unwrap())).await.is(200)
    }

    pub async fn requests(&self) -> Vec<Value> {
        items(&self.get("/api/v1/me/contact-requests").await.is(200))
    }

    pub async fn add_words(&self, request: &Value, id: Uuid, message: &str) -> Answer {
        let path = format!("/api/v1/me/contact-requests/{}/additions", request.as_str().unwrap());
        self.post(&path, &json!({ "id": id, "message": message })).await
    }

    pub async fn cancel(&self, request: &Value) -> Answer {
        let path = format!("/api/v1/me/contact-requests/{}/cancel", request.as_str().unwrap());
        self.post(&path, &json!({ "id": self.new_id() })).await
    }

    pub async fn answer_flag(&self, flag: &Value, id: Uuid, answer: &str, words: Option<&str>) -> Answer {
        let path = format!("/api/v1/me/flags/{}/answer", flag.as_str().unwrap());
        self.post(&path, &json!({ "id": id, "answer": answer, "words": words })).await
    }
}
