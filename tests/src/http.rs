//! Calls over HTTP, and answers that say what was wrong with them.

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, HeaderValue},
};
use serde_json::Value;

/// Where a server is. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Api {
    http: reqwest::Client,
    pub base: String,
}

impl Api {
    pub fn at(base: String) -> Self {
        Self { http: client().build().unwrap(), base }
    }

    /// For a server that may die: no connection is kept for the next call.
    pub fn at_each_time_anew(base: String) -> Self {
        Self { http: client().pool_max_idle_per_host(0).build().unwrap(), base }
    }

    /// A request to a path such as `/api/v1/me`, for whatever a story wants to add to it.
    pub fn request(&self, method: Method, path: &str, token: Option<&str>) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Option<&Value>) -> Answer {
        let request = self.request(method, path, token);
        Answer::of(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, None, Some(body)).await
    }
}

/// Stories never leave this machine, but a client is not built without knowing how to speak TLS.
fn client() -> reqwest::ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy()
}

#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and path, for a failing story to name.
    pub asked: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    /// The body, where it is JSON.
    pub body: Value,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let (http, request) = request.build_split();
        let request = request.unwrap();
        let asked = format!("{} {}", request.method(), request.url().path());
        let response = http.execute(request).await.unwrap_or_else(|e| panic!("{asked}: {e}"));
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap_or_else(|e| panic!("{asked}: {e}"));
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { asked, status, headers, text, body }
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.asked, self.text);
        self.body
    }

    /// A problem with this status and code, well formed and with a sentence for a person.
    #[track_caller]
    pub fn is_problem(self, status: u16, code: &str) -> Value {
        let form = self.headers.get("content-type").map(HeaderValue::as_bytes);
        assert_eq!(form, Some(b"application/problem+json".as_slice()), "{}: {}", self.asked, self.text);
        assert_eq!(self.body["code"], code, "{}: {}", self.asked, self.text);
        assert_eq!(self.body["status"], status);
        assert!(self.body["detail"].as_str().is_some_and(|d| d.len() > 10), "{}", self.text);
        self.is(status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The rows of a list.
#[track_caller]
pub fn items(list: &Value) -> Vec<Value> {
    list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}")).clone()
}
