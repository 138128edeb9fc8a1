//! A signed-in phone or browser: keeps its tokens fresh as the real apps do.

use chrono::{DateTime, Duration, Utc};
use companion::clock::{Clock, MovableClock};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{Answer, Api, stream::Events};

#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    good_until: DateTime<Utc>,
}

#[derive(Debug)]
pub struct Session {
    pub api: Api,
    clock: MovableClock,
    tokens: Mutex<Tokens>,
}

impl Session {
    pub fn new(api: &Api, clock: &MovableClock, tokens: Tokens) -> Self {
        Self { api: api.clone(), clock: clock.clone(), tokens: Mutex::new(tokens) }
    }

    /// What the server answered when it gave tokens.
    pub fn tokens_in(clock: &MovableClock, answer: &Value) -> Tokens {
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        let good_for = Duration::seconds(answer["expires_in"].as_i64().unwrap());
        Tokens { access: text("access_token"), refresh: text("refresh_token"), good_until: clock.now() + good_for }
    }

    /// The tokens as they are, fresh or not.
    pub async fn tokens(&self) -> Tokens {
        self.tokens.lock().await.clone()
    }

    /// An access token, renewed if it has run out. A session that has ended keeps its last one, and the server
    /// says what it thinks of it.
    pub async fn token(&self) -> String {
        let mut tokens = self.tokens.lock().await;
        if tokens.good_until <= self.clock.now() {
            let answer = self.api.post("/api/v1/auth/refresh", &json!({ "refresh_token": tokens.refresh })).await;
            if answer.status.is_success() {
                *tokens = Self::tokens_in(&self.clock, &answer.body);
            }
        }
        tokens.access.clone()
    }

    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.api.call(method, path, Some(&self.token().await), body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// What is there, byte for byte.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.api.request(Method::GET, path, Some(&self.token().await)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.bytes().await.unwrap().to_vec()
    }

    pub async fn events(&self, path: &str, after: Option<&str>) -> Events {
        let mut request = self.api.request(Method::GET, path, Some(&self.token().await));
        if let Some(id) = after {
            request = request.header("Last-Event-ID", id);
        }
        Events::open(request).await
    }
}
