//! One cell of the matrix: a call that would be answered if the caller were the right one.

use companion::access::{Row, Rule};
use companion_tests::{Answer, Phone, Value, Worker, World, json, pictures, worker::PASSWORD};
use reqwest::Method;

use super::{Subject, Subjects, channels::REPLIES};

pub struct Calls<'w> {
    pub world: &'w World,
    pub subjects: &'w Subjects,
}

impl Calls<'_> {
    pub async fn call(&self, row: &Row, subject: Subject) -> Answer {
        let (path, body) = self.prepare(row, subject).await;
        let token = self.token(row, subject).await;
        let method: Method = row.method.parse().unwrap();
        if row.path == "/api/v1/team/events" {
            return self.begin_stream(&path, token.as_deref()).await;
        }
        if row.path == REPLIES {
            return self.reply(token.as_deref()).await;
        }
        if (row.method, row.path) == ("PUT", "/api/v1/team/resource-images/{id}") {
            let request = self.world.api.request(method, &path, token.as_deref());
            return Answer::of(request.body(pictures::drawing(2))).await;
        }
        self.world.api.call(method, &path, token.as_deref(), body.as_ref()).await
    }

    /// What the subject shows. A forged or expired token pretends to be whoever would be answered.
    async fn token(&self, row: &Row, subject: Subject) -> Option<String> {
        let (world, s) = (self.world, self.subjects);
        let by_phone = matches!(row.rule, Rule::Phone | Rule::ContactKey);
        Some(match subject {
            Subject::NoToken => return None,
            Subject::Forged if by_phone => forged(&s.phone.token().await),
            Subject::Forged if row.path.starts_with("/api/v1/admin") => forged(&s.admin.token().await),
            Subject::Forged => forged(&world.lead.token().await),
            Subject::Expired if by_phone => s.expired.0.clone(),
            Subject::Expired => s.expired.1.clone(),
            Subject::ThisPhone => self.of_phone(row, &s.phone).await,
            Subject::OtherPhone => self.of_phone(row, &s.other_phone).await,
            Subject::RevokedPhone if row.rule == Rule::ContactKey => s.revoked_phone.contact_key.clone(),
            Subject::RevokedPhone => s.revoked_phone.token().await,
            Subject::Assigned => self.of_worker(row, &world.dee).await,
            Subject::Coach => self.of_worker(row, &s.coach).await,
            Subject::Lead => self.of_worker(row, &world.lead).await,
            Subject::Unassigned => self.of_worker(row, &s.unassigned).await,
            Subject::OtherLead => self.of_worker(row, &s.other_lead).await,
            Subject::Admin => self.of_worker(row, &s.admin).await,
            Subject::OtherOrganisation => self.of_worker(row, &s.elsewhere).await,
            Subject::Deactivated => s.left.token().await,
        })
    }

    async fn of_phone(&self, row: &Row, phone: &Phone) -> String {
        match row.rule {
            Rule::ContactKey => phone.contact_key.clone(),
            // Whoever signs out is not needed any more.
            Rule::SignedIn => self.world.phone_of(&self.subjects.sam).await.token().await,
            _ => phone.token().await,
        }
    }

    async fn of_worker(&self, row: &Row, worker: &Worker) -> String {
        if row.rule != Rule::SignedIn {
            return worker.token().await;
        }
        let signed_in = json!({ "email": worker.email, "password": PASSWORD });
        let session = self.world.api.post("/api/v1/auth/sign-in", &signed_in).await.is(200);
        session["access_token"].as_str().unwrap().to_owned()
    }

    /// The path with real ids, and a body that would do.
    async fn prepare(&self, row: &Row, subject: Subject) -> (String, Option<Value>) {
        let (world, s) = (self.world, self.subjects);
        let new_id = s.phone.new_id().to_string();
        let sam = s.sam.id.to_string();
        let at = |id: &str| row.path.replace("{id}", id);
        let path = row.path;
        if let Some(prepared) = self.prepare_for_the_pack(row).await {
            return prepared;
        }
        if let Some(prepared) = self.prepare_for_early_warning(row).await {
            return prepared;
        }
        if let Some(prepared) = self.prepare_for_plan(row).await {
            return prepared;
        }
        if let Some(prepared) = self.prepare_for_reminders(row).await {
            return prepared;
        }
        if let Some(prepared) = self.prepare_for_push(row, subject).await {
            return prepared;
        }
        if let Some(prepared) = self.prepare_for_escalation(row) {
            return prepared;
        }
        if let Some(prepared) = self.prepare_for_the_rota(row, subject).await {
            return prepared;
        }
        if let Some(prepared) = self.prepare_for_channels(row, subject).await {
            return prepared;
        }
        match (row.method, path.trim_start_matches("/api/v1/")) {
            ("POST", "auth/claim") => {
                let code = world.dee.invite(&s.kim).await;
                (at(""), Some(json!({ "code": code, "device_name": "x" })))
            }
            ("POST", "auth/sign-in") => (at(""), Some(json!({ "email": world.dee.email, "password": PASSWORD }))),
            ("POST", "auth/refresh") => {
                let phone = world.phone_of(&s.kim).await;
                (at(""), Some(json!({ "refresh_token": phone.tokens().await.refresh })))
            }
            ("PUT", "me/items") => (at(""), Some(self.own_items(subject).await)),
            ("PUT", "me/check-ins/{id}") => {
                (at(&new_id), Some(json!({ "recorded_at": world.now(), "answers": [], "note": "hello" })))
            }
            ("POST", "me/flags/{id}/answer") => {
                (at(&self.flag().await), Some(json!({ "id": new_id, "answer": "about_right" })))
            }
            ("PUT", "me/contact-requests/{id}" | "contact-requests/{id}") => {
                (at(&new_id), Some(s.phone.new_request("today", None)))
            }
            ("POST", "me/contact-requests/{id}/additions") => {
                (at(&self.request().await), Some(json!({ "id": new_id, "message": "and more" })))
            }
            (_, p) if p.starts_with("me/contact-requests/{id}") => {
                (at(&self.request().await), Some(json!({ "id": new_id })))
            }
            (_, p) if p.starts_with("team/flags/{id}") => {
                (at(&self.flag().await), Some(json!({ "words": "a note", "outcome": "other" })))
            }
            (_, p) if p.starts_with("team/contact-requests/{id}") => {
                (at(&self.request().await), Some(json!({ "how": "call", "reached": true, "to": world.lead.id })))
            }
            ("PUT", "me/communication") => (at(""), Some(json!({ "needs": [] }))),
            ("PUT", "team/clients/{id}/communication") => (at(&sam), Some(json!({ "needs": [] }))),
            ("PUT", "me/reach") => (at(""), Some(json!({ "how": "call", "not_at_work": false }))),
            (_, "team/board/history.csv") => (format!("{path}?service_id={}", world.provider.service), None),
            ("POST", "team/clients/{id}/calls") => {
                (at(&sam), Some(json!({ "id": new_id, "how": "call", "when": "today", "done": true })))
            }
            ("POST", "team/clients") => (
                at(""),
                Some(
                    json!({ "name": "New", "preferred_name": "New", "service_id": world.provider.service, "cover": "day" }),
                ),
            ),
            ("DELETE", _) => {
                let before = world.lead.devices(&s.sam).await;
                world.phone_of(&s.sam).await;
                let after = world.lead.devices(&s.sam).await;
                let spare = after.iter().find(|d| !before.contains(d)).unwrap()["id"].as_str().unwrap();
                (at(&sam).replace("{device_id}", spare), None)
            }
            ("PUT", "team/clients/{id}/assignments") => {
                (at(&sam), Some(json!({ "workers": [{ "worker_id": world.dee.id, "key_worker": true }] })))
            }
            ("PUT", "team/clients/{id}/check-ins/{check_in_id}") => {
                let body = json!({ "recorded_at": world.now(), "answers": [], "note": "by telephone" });
                (at(&sam).replace("{check_in_id}", &new_id), Some(body))
            }
            ("PUT", "team/clients/{id}/items") => (at(&sam), Some(world.dee.of(&s.sam, "/items").await.is(200))),
            ("PATCH", "team/clients/{id}") => (at(&sam), Some(json!({ "language": "en" }))),
            ("POST", "admin/workers") => {
                let email = format!("{new_id}@example.org");
                let new = json!({ "email": email, "name": "N", "first_name": "N", "password": PASSWORD, "roles": ["support_worker"] });
                (at(""), Some(new))
            }
            ("PATCH", "admin/workers/{id}") => (at(&s.colleague.id.to_string()), Some(json!({ "active": true }))),
            ("POST", "admin/services") => (at(""), Some(json!({ "name": new_id, "kind": "medium" }))),
            ("PUT", "admin/organisation") => {
                (at(""), Some(json!({ "name": "Harbour Support", "phone": "01632 960 000", "nation": "england" })))
            }
            ("POST", "admin/crisis-lines/{id}/check") => {
                let lines = world.api.get("/api/v1/provider").await.is(200);
                (at(lines["crisis_lines"][0]["id"].as_str().unwrap()), None)
            }
            ("POST", _) => (at(&sam), Some(json!({}))),
            _ => (at(&sam), None),
        }
    }

    /// The client's signs as they are; another client has none.
    async fn own_items(&self, subject: Subject) -> Value {
        let items = self.subjects.phone.items().await;
        let signs = items.iter().filter(|i| i["kind"] == "sign" && subject == Subject::ThisPhone);
        let signs: Vec<Value> = signs.map(|s| json!({ "series_id": s["series_id"], "text": s["text"] })).collect();
        json!({ "check_ins_per_week": 3, "signs": signs })
    }

    /// This client's flag, open again whatever was done to it.
    async fn flag(&self) -> String {
        let mut tx = self.world.app.db.begin().await.unwrap();
        tx.query("UPDATE flag SET state = 'open', resolved_at = NULL").execute().await.unwrap();
        tx.commit().await.unwrap();
        self.subjects.phone.flags().await[0]["id"].as_str().unwrap().to_owned()
    }

    /// A fresh request of this client.
    async fn request(&self) -> String {
        let phone = &self.subjects.phone;
        let asked = phone.ask("today").await;
        if asked["folded_into"].is_null() {
            return asked["id"].as_str().unwrap().to_owned();
        }
        self.world.lead.act_on_request(&asked["folded_into"], "complete", &json!({})).await.is(200);
        phone.ask("today").await["id"].as_str().unwrap().to_owned()
    }

    /// A stream has no end: its beginning is what counts.
    async fn begin_stream(&self, path: &str, token: Option<&str>) -> Answer {
        let response = self.world.api.request(Method::GET, path, token).send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = if status.is_success() { String::new() } else { response.text().await.unwrap() };
        Answer { asked: format!("GET {path}"), status, headers, text, body: Value::Null }
    }
}

/// The same claims under a signature that is not ours.
fn forged(token: &str) -> String {
    let (claims, signature) = token.rsplit_once('.').unwrap();
    let other: String = signature.chars().map(|c| if c == 'A' { 'B' } else { 'A' }).collect();
    format!("{claims}.{other}")
}
