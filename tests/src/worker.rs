//! A worker at their desk.

use std::ops::Deref;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, http::items, session::Session, stream::Events};

#[derive(Debug)]
pub struct Worker {
    pub session: Session,
    pub id: Uuid,
    pub email: String,
    pub first_name: String,
}

/// A worker calls as their session does.
impl Deref for Worker {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

/// What every worker of a story signs in with.
pub const PASSWORD: &str = "a long walk by the sea";

impl Worker {
    pub async fn inbox(&self) -> Vec<Value> {
        items(&self.get("/api/v1/team/inbox").await.is(200))
    }

    /// The only row of the inbox.
    #[track_caller]
    pub fn only(rows: &[Value]) -> &Value {
        assert_eq!(rows.len(), 1, "{rows:#?}");
        &rows[0]
    }

    pub async fn flags(&self) -> Vec<Value> {
        items(&self.get("/api/v1/team/flags").await.is(200))
    }

    pub async fn act_on_flag(&self, flag: &Value, act: &str, body: &Value) -> Answer {
        self.post(&format!("/api/v1/team/flags/{}/{act}", flag.as_str().unwrap()), body).await
    }

    pub async fn resolve(&self, flag: &Value, outcome: &str) -> Value {
        self.act_on_flag(flag, "resolve", &json!({ "outcome": outcome })).await.is(200)
    }

    pub async fn act_on_request(&self, request: &Value, act: &str, body: &Value) -> Answer {
        self.post(&format!("/api/v1/team/contact-requests/{}/{act}", request.as_str().unwrap()), body).await
    }

    /// "I've got this."
    pub async fn acknowledge(&self, request: &Value) -> Value {
        self.act_on_request(request, "acknowledge", &json!({})).await.is(200)
    }

    /// "I will call by then."
    pub async fn promise(&self, request: &Value, by: DateTime<Utc>) -> Value {
        let body = json!({ "promise": { "what": "call", "by": by } });
        self.act_on_request(request, "acknowledge", &body).await.is(200)
    }

    /// Something below a client's record.
    pub async fn of(&self, client: &Client, what: &str) -> Answer {
        self.get(&format!("/api/v1/team/clients/{}{what}", client.id)).await
    }

    pub async fn check_ins(&self, client: &Client) -> Vec<Value> {
        items(&self.of(client, "/check-ins").await.is(200))
    }

    pub async fn assessments(&self, client: &Client) -> Vec<Value> {
        items(&self.of(client, "/assessments").await.is(200))
    }

    pub async fn timeline(&self, client: &Client) -> Vec<Value> {
        items(&self.of(client, "/timeline").await.is(200))
    }

    pub async fn devices(&self, client: &Client) -> Vec<Value> {
        items(&self.of(client, "/devices").await.is(200))
    }

    /// A code for a client to join with.
    pub async fn invite(&self, client: &Client) -> String {
        let invite = self.post(&format!("/api/v1/team/clients/{}/invites", client.id), &json!({})).await.is(201);
        invite["code"].as_str().unwrap().to_owned()
    }

    /// The live stream from now on, or from an event on.
    pub async fn stream(&self, after: Option<&str>) -> Events {
        self.events("/api/v1/team/events", after).await
    }
}
