//! The calls about the ways to ring a worker.

use companion::{access::Row, channels::link, notify::Kind};
use companion_tests::{Answer, Value, gateway_peer::sign_standard, json, relays};
use reqwest::Method;

use super::{Subject, calls::Calls};

pub const REPLIES: &str = "/api/v1/gateway/replies";

impl Calls<'_> {
    /// The path with real ids, and a body that would do; none for a call about something else. Everybody tries out a channel of
    /// their own: nobody has another's.
    pub async fn prepare_for_channels(&self, row: &Row, subject: Subject) -> Option<(String, Option<Value>)> {
        let world = self.world;
        let email = async || {
            let Some(worker) = self.worker_of(subject) else { return json!(world.app.new_id::<uuid::Uuid>()) };
            let all = worker.get("/api/v1/team/channels").await.is(200);
            all["items"].as_array().unwrap().iter().find(|c| c["kind"] == "email").unwrap()["id"].clone()
        };
        Some(match (row.method, row.path) {
            (_, "/ack/{token}") => {
                let ring = relays::ring_unsent(world, &world.dee, "email", Kind::Readiness, world.app.new_id()).await;
                let link = link::address(&world.app, ring);
                (link.strip_prefix(relays::PUBLIC).unwrap().to_owned(), None)
            }
            ("PUT", "/api/v1/team/channels") => {
                let item = json!({ "id": email().await, "kind": "email", "address": "rung@example.org" });
                (row.path.to_owned(), Some(json!({ "items": [item] })))
            }
            ("POST", "/api/v1/team/channels/{id}/test") => {
                (row.path.replace("{id}", email().await.as_str().unwrap()), Some(json!({})))
            }
            ("PUT", "/api/v1/team/clients/{id}/by-text") => {
                let path = row.path.replace("{id}", &self.subjects.sam.id.to_string());
                (path, Some(json!({ "number": "07700 900456", "agreed": "in_person" })))
            }
            (_, "/api/v1/team/clients/{id}/by-text") => {
                (row.path.replace("{id}", &self.subjects.sam.id.to_string()), None)
            }
            (_, "/api/v1/me/by-text") => (row.path.to_owned(), None),
            _ => return None,
        })
    }

    /// A gateway's own signature is its right; a session adds nothing.
    pub async fn reply(&self, token: Option<&str>) -> Answer {
        let id = self.world.app.new_id::<uuid::Uuid>().to_string();
        let body = json!({ "id": id, "from": "+447700900123", "text": "1" }).to_string();
        let at = self.world.now().timestamp().to_string();
        let signature = sign_standard(&id, &at, body.as_bytes());
        let request = self.world.api.request(Method::POST, REPLIES, token).body(body);
        let request = request.header("webhook-id", id).header("webhook-timestamp", at);
        Answer::of(request.header("webhook-signature", signature)).await
    }
}
