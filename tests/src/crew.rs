//! Who there is when the real binary is killed: clients who ask, a first worker whose phone refuses everything, and a second whose
//! phone takes it. So each request has two steps to take at once, without anybody waiting for minutes.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use companion::{
    clock::{Chance, Clock, SystemClock},
    ids::SubscriptionId,
    notify,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Api,
    binary::{PASSWORD, People, text},
    http::items,
    push_peer::{Browser, Mood, PushPeer},
};

#[derive(Debug)]
pub struct Crew {
    pub people: People,
    /// Their contact keys, which no session's end takes away.
    pub clients: Vec<String>,
    pub refuses: PushPeer,
    pub takes: PushPeer,
    pub browser: Browser,
    chance: Chance,
}

/// A request that a client has sent.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: Uuid,
    pub body: Value,
    pub key: String,
    pub accepted: bool,
}

impl Asked {
    pub fn path(&self) -> String {
        format!("/api/v1/contact-requests/{}", self.id)
    }
}

impl Crew {
    pub async fn of(api: &Api, clients: usize, chance: Chance) -> Self {
        let people = People::of(api).await;
        let (refuses, takes) = (PushPeer::start().await, PushPeer::start().await);
        refuses.always(Mood::Says(400));
        let browser = Browser::at(&takes, chance.id(SystemClock.now()));
        let mut crew = Self { people, clients: Vec::new(), refuses, takes, browser, chance };
        crew.two_phones().await;
        for n in 0..clients {
            let key = crew.client(n).await;
            crew.clients.push(key);
        }
        crew
    }

    pub fn id(&self) -> Uuid {
        self.chance.id(SystemClock.now())
    }

    /// Up to so long.
    pub fn moment(&self, most: Duration) -> Duration {
        let [a, b] = self.chance.bytes::<2>();
        most * u32::from(u16::from_le_bytes([a, b])) / u32::from(u16::MAX)
    }

    pub async fn is(&self, token: &str, method: Method, path: &str, body: Value, status: u16) -> Value {
        self.people.api.call(method, path, Some(token), Some(&body)).await.is(status)
    }

    async fn sign_in(&self, email: &str) -> String {
        let body = json!({ "email": email, "password": PASSWORD });
        text(&self.people.api.post("/api/v1/auth/sign-in", &body).await.is(200)["access_token"])
    }

    /// Sessions end; a long run signs in anew.
    pub async fn sign_in_again(&mut self) {
        self.people.worker = self.sign_in("dee@example.org").await;
    }

    async fn two_phones(&self) {
        let People { admin, worker: dee, service, .. } = &self.people;
        let moe = json!({ "email": "moe@example.org", "name": "Moe Worker", "first_name": "Moe", "password": PASSWORD,
                          "roles": ["support_worker"], "service_ids": [service] });
        let moe = self.is(admin, Method::POST, "/api/v1/admin/workers", moe, 201).await;
        let token = self.sign_in("moe@example.org").await;
        let dead = Browser::at(&self.refuses, self.id());
        for (token, browser) in [(&token, &dead), (dee, &self.browser)] {
            let path = format!("/api/v1/team/push-subscriptions/{}", browser.id);
            self.is(token, Method::PUT, &path, browser.subscription(), 200).await;
        }
        let steps = json!([{ "who": "person", "worker_id": moe["id"], "minutes": 5 },
                           { "who": "team_lead", "worker_id": null, "minutes": 5 }]);
        for kind in ["contact_now", "contact_today"] {
            let list = json!({ "service_id": service, "kind": kind, "steps": steps, "by_day": false });
            self.is(dee, Method::PUT, "/api/v1/team/policies", list, 200).await;
        }
    }

    async fn client(&self, n: usize) -> String {
        let People { worker: dee, service, .. } = &self.people;
        let client = json!({ "name": format!("Client {n}"), "preferred_name": format!("C{n}"), "service_id": service, "cover": "day" });
        let client = text(&self.is(dee, Method::POST, "/api/v1/team/clients", client, 201).await["id"]);
        let path = format!("/api/v1/team/clients/{client}/invites");
        let invite = self.is(dee, Method::POST, &path, json!({}), 201).await;
        let claim = json!({ "code": invite["code"], "device_name": "A phone" });
        text(&self.people.api.post("/api/v1/auth/claim", &claim).await.is(201)["contact_key"])
    }

    /// One request of each of these clients, not sent yet.
    pub fn ask(&self, clients: std::ops::Range<usize>) -> Vec<Asked> {
        let body = || json!({ "requested_at": SystemClock.now(), "when": "now", "how": "call", "message": null });
        let one = |key: &String| Asked { id: self.id(), body: body(), key: key.clone(), accepted: false };
        self.clients[clients].iter().map(one).collect()
    }

    /// How often Dee's phone was sent each of these, by request. What it got for others is left out.
    pub fn arrived(&self, asked: &[Asked], messages: &[crate::push_peer::Received]) -> HashMap<Uuid, usize> {
        let subscription = SubscriptionId(self.browser.id);
        let topics: HashMap<String, Uuid> =
            asked.iter().map(|a| (notify::tag(notify::Kind::ContactRequest, a.id, subscription), a.id)).collect();
        let mut arrived = HashMap::new();
        for message in messages {
            if let Some(id) = topics.get(message.topic()) {
                *arrived.entry(*id).or_default() += 1;
            }
        }
        arrived
    }

    /// The most often that one and the same message arrived.
    pub fn most_of_one(&self, messages: &[crate::push_peer::Received]) -> usize {
        let mut times = HashMap::<String, usize>::new();
        for message in messages {
            *times.entry(text(&self.browser.read(message)["id"])).or_default() += 1;
        }
        times.into_values().max().unwrap_or(0)
    }

    /// What is open, as the lead sees it.
    pub async fn open(&self, api: &Api) -> Vec<Value> {
        let path = "/api/v1/team/contact-requests?state=open";
        items(&api.call(Method::GET, path, Some(&self.people.worker), None).await.is(200))
    }

    pub fn act(&self, api: &Api, id: Uuid, act: &str) -> reqwest::RequestBuilder {
        let path = format!("/api/v1/team/contact-requests/{id}/{act}");
        api.request(Method::POST, &path, Some(&self.people.worker)).json(&json!({}))
    }
}

/// Sends all at once; which were answered 2xx before whatever happened.
pub async fn send_all(api: &Api, asked: &[Asked]) -> tokio::task::JoinSet<Option<Uuid>> {
    let mut calls = tokio::task::JoinSet::new();
    for one in asked {
        let (call, id) = (api.request(Method::PUT, &one.path(), Some(&one.key)).json(&one.body), one.id);
        calls.spawn(async move { call.send().await.is_ok_and(|a| a.status().is_success()).then_some(id) });
    }
    calls
}

/// Longer than anything takes that happens at all, on a machine that is busy with other things.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks every few milliseconds until it is so; how long that took.
pub async fn until(most: Duration, what: &str, mut is_so: impl AsyncFnMut() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < most, "after {most:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}
