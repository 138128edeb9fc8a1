//! The demonstration's people use the product as everybody does: through its API, with tokens of their own. Only
//! the network is left out.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::Failure;
use crate::app::{self, App};

/// A signed-in phone or browser.
#[derive(Debug)]
pub struct Hand {
    access: String,
    refresh: String,
    good_until: DateTime<Utc>,
}

pub struct Wire {
    app: App,
    router: Router,
}

impl Wire {
    pub fn new(app: App) -> Self {
        Self { router: app::router(app.clone()), app }
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Hand, Failure> {
        let body = json!({ "email": email, "password": password });
        self.hand(&self.send("POST", "/api/v1/auth/sign-in", None, Some(&body), None).await?)
    }

    /// A phone joins with its code.
    pub async fn claim(&self, code: &str) -> Result<Hand, Failure> {
        let body = json!({ "code": code, "device_name": "Phone" });
        self.hand(&self.send("POST", "/api/v1/auth/claim", None, Some(&body), None).await?)
    }

    fn hand(&self, tokens: &Value) -> Result<Hand, Failure> {
        let token =
            |name: &str| tokens[name].as_str().map(str::to_owned).ok_or_else(|| format!("no {name} in the answer"));
        let seconds = tokens["expires_in"].as_i64().unwrap_or(0);
        Ok(Hand {
            access: token("access_token")?,
            refresh: token("refresh_token")?,
            good_until: self.app.now() + TimeDelta::seconds(seconds),
        })
    }

    /// A call by somebody; anything but success ends the filling, because the story would no longer be whole.
    /// `sent_at` is what a phone says its clock shows.
    pub async fn call(
        &self,
        by: &mut Hand,
        method: &str,
        path: &str,
        body: Option<&Value>,
        sent_at: Option<DateTime<Utc>>,
    ) -> Result<Value, Failure> {
        if by.good_until <= self.app.now() {
            let refresh = json!({ "refresh_token": by.refresh });
            *by = self.hand(&self.send("POST", "/api/v1/auth/refresh", None, Some(&refresh), None).await?)?;
        }
        self.send(method, path, Some(&by.access), body, sent_at).await
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
        sent_at: Option<DateTime<Utc>>,
    ) -> Result<Value, Failure> {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(sent_at) = sent_at {
            request = request.header("companion-sent-at", sent_at.to_rfc3339());
        }
        let request = match body {
            Some(body) => {
                request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()))?
            }
            None => request.body(Body::empty())?,
        };
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await?;
        if !status.is_success() {
            return Err(
                format!("{method} {path} was answered with {status}: {}", String::from_utf8_lossy(&bytes)).into()
            );
        }
        Ok(if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? })
    }
}
