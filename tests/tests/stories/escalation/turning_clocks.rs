//! F14 on the real binary: the two nights on which the clocks change, and 29 February. What was asked before rings at the right
//! instants, and the night shift covers the hour that comes twice and ends when the wall says so.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use companion::clock::Chance;
use companion_tests::{
    Backend, Value,
    binary::{self, Installation, PASSWORD, People, text},
    crew::until,
    database::Database,
    http::items,
    json,
    push_peer::{Browser, PushPeer},
    turned_clock::TurnedClock,
};
use reqwest::Method;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_night_the_clocks_go_back() {
    // One o'clock in London comes at 00:00 and at 01:00 UTC; eight is eight.
    let on = [("2026-10-25T01:15:00Z", "Nia"), ("2026-10-25T07:59:00Z", "Nia"), ("2026-10-25T08:00:05Z", "Dee")];
    night("2026-10-25T00:50:00Z", &on).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_night_the_clocks_go_forward() {
    // From one to two; eight in London is seven.
    let on = [("2027-03-28T01:35:00Z", "Nia"), ("2027-03-28T06:59:00Z", "Nia"), ("2027-03-28T07:00:05Z", "Dee")];
    night("2027-03-28T00:50:00Z", &on).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_twenty_ninth_of_february() {
    let on = [
        ("2028-02-29T07:59:00Z", "Nia"),
        ("2028-02-29T08:00:05Z", "Dee"),
        ("2028-02-29T23:58:00Z", "Nia"),
        ("2028-03-01T00:01:00Z", "Nia"),
    ];
    night("2028-02-28T23:50:00Z", &on).await;
}

/// Nia by night on first line, Dee by day; Dee leads. `on`: who a request of that moment rings first.
async fn night(asked_at: &str, on: &[(&str, &str)]) {
    let asked_at: DateTime<Utc> = asked_at.parse().unwrap();
    let Some(clock) = TurnedClock::at(asked_at - Duration::minutes(5)) else { return };
    let mut desk = Desk::open(clock, 1 + on.len()).await;
    desk.clock.set(asked_at);
    desk.ask(0).await;
    // First line ten minutes, then the lead every twenty.
    let mut at = desk.rung(1, "Nia", asked_at).await;
    for (n, wait) in [10, 20, 20, 20].into_iter().enumerate() {
        let due = at + Duration::minutes(wait);
        // The clock goes on meanwhile, and a sign-in takes its time on a busy machine.
        desk.clock.set(due - Duration::minutes(1));
        desk.sign_in().await;
        assert_eq!(desk.rings().await.len(), n + 1, "not before {due}");
        desk.clock.set(due - Duration::seconds(2));
        at = desk.rung(n + 2, "Dee", due).await;
    }
    desk.done().await;
    for (n, (at, who)) in on.iter().enumerate() {
        let at = at.parse().unwrap();
        desk.clock.set(at);
        desk.sign_in().await;
        desk.ask(n + 1).await;
        desk.rung(1, who, at).await;
        desk.done().await;
    }
    desk.provider.remove().await;
}

struct Desk {
    clock: TurnedClock,
    provider: Installation,
    people: People,
    clients: Vec<String>,
    peer: PushPeer,
    browsers: Vec<Browser>,
    chance: Chance,
}

impl Desk {
    async fn open(clock: TurnedClock, clients: usize) -> Self {
        let mut environment = clock.environment();
        environment.push(("COMPANION_TEST_PUSH_TO_THIS_MACHINE".into(), "1".into()));
        let database = Database::fresh(Backend::Sqlite).await.unwrap();
        let mut provider = Installation::on(database, environment).await;
        provider.start(true);
        let people = People::of(&provider.api).await;
        let (peer, chance) = (PushPeer::start().await, binary::chance("a night of clocks"));
        let mut desk = Self { clock, provider, people, clients: Vec::new(), peer, browsers: Vec::new(), chance };
        let nia = json!({ "email": "nia@example.org", "name": "Nia Worker", "first_name": "Nia", "password": PASSWORD,
                          "roles": ["support_worker"], "service_ids": [desk.people.service] });
        let nia = desk.is(&desk.people.admin.clone(), Method::POST, "/api/v1/admin/workers", nia, 201).await;
        let workers = desk.is_read(&format!("/api/v1/team/rota?service_id={}", desk.people.service)).await;
        let dee =
            workers["workers"].as_array().unwrap().iter().find(|w| w["first_name"] == "Dee").unwrap()["id"].clone();
        desk.phones().await;
        desk.rota(&nia["id"], &dee).await;
        for n in 0..clients {
            let key = desk.client(n).await;
            desk.clients.push(key);
        }
        desk
    }

    async fn is(&self, token: &str, method: Method, path: &str, body: Value, status: u16) -> Value {
        self.provider.api.call(method, path, Some(token), Some(&body)).await.is(status)
    }

    fn id(&self) -> Uuid {
        self.chance.id(self.clock.now())
    }

    async fn is_read(&self, path: &str) -> Value {
        self.provider.api.call(Method::GET, path, Some(&self.people.worker), None).await.is(200)
    }

    async fn token_of(&self, email: &str) -> String {
        let body = json!({ "email": email, "password": PASSWORD });
        text(&self.provider.api.post("/api/v1/auth/sign-in", &body).await.is(200)["access_token"])
    }

    /// The clock has moved past the end of the last session.
    async fn sign_in(&mut self) {
        self.people.worker = self.token_of("dee@example.org").await;
    }

    async fn phones(&mut self) {
        for email in ["dee@example.org", "nia@example.org"] {
            let token = self.token_of(email).await;
            let browser = Browser::at(&self.peer, self.id());
            let path = format!("/api/v1/team/push-subscriptions/{}", browser.id);
            self.is(&token, Method::PUT, &path, browser.subscription(), 200).await;
            self.browsers.push(browser);
        }
    }

    async fn rota(&self, nia: &Value, dee: &Value) {
        let id = || self.id();
        let daily = |worker: &Value, from: &str, until: &str| {
            json!({ "id": id(), "line": "first", "kind": "on_call", "worker_id": worker, "starts_on": "2026-01-01",
                    "from": from, "until": until, "repeat": { "unit": "day", "every": 1 }, "ends": null })
        };
        let patterns = [daily(nia, "22:00", "08:00"), daily(dee, "08:00", "22:00")];
        let rota = json!({ "service_id": self.people.service, "id": id(), "based_on": null, "catch_all": null, "patterns": patterns });
        self.is(&self.people.worker, Method::PUT, "/api/v1/team/rota", rota, 200).await;
        let steps = json!([{ "who": "first_line", "worker_id": null, "minutes": 10 },
                           { "who": "team_lead", "worker_id": null, "minutes": 20 }]);
        let list = json!({ "service_id": self.people.service, "kind": "contact_now", "steps": steps, "by_day": false });
        self.is(&self.people.worker, Method::PUT, "/api/v1/team/policies", list, 200).await;
    }

    async fn client(&self, n: usize) -> String {
        let client = json!({ "name": format!("Client {n}"), "preferred_name": format!("C{n}"),
                             "service_id": self.people.service, "cover": "waking_night" });
        let client = text(&self.is(&self.people.worker, Method::POST, "/api/v1/team/clients", client, 201).await["id"]);
        let path = format!("/api/v1/team/clients/{client}/invites");
        let invite = self.is(&self.people.worker, Method::POST, &path, json!({}), 201).await;
        let claim = json!({ "code": invite["code"], "device_name": "A phone" });
        text(&self.provider.api.post("/api/v1/auth/claim", &claim).await.is(201)["contact_key"])
    }

    async fn ask(&self, client: usize) {
        let id = self.id();
        let body = json!({ "requested_at": self.clock.now(), "when": "now", "how": "call", "message": null });
        self.is(&self.clients[client], Method::PUT, &format!("/api/v1/contact-requests/{id}"), body, 201).await;
    }

    async fn asked(&self) -> Vec<Value> {
        items(&self.is_read("/api/v1/team/contact-requests?state=open").await)
    }

    /// About the one request that is open; every phone that was sent something says that it rang.
    async fn rings(&self) -> Vec<Value> {
        for message in self.peer.take() {
            let browser = self.browsers.iter().find(|browser| browser.got(&message)).unwrap();
            let receipt = Browser::receipt(&browser.read(&message), "delivered", self.clock.now());
            self.provider.api.post("/api/v1/push/receipts", &json!({ "receipts": [receipt] })).await.is(200);
        }
        let open = self.asked().await;
        assert_eq!(open.len(), 1, "{open:#?}");
        open[0]["escalation"]["rung"].as_array().unwrap().clone()
    }

    /// There are so many rings now, and the last was this person's, within seconds of this time; its time.
    async fn rung(&self, count: usize, who: &str, due: DateTime<Utc>) -> DateTime<Utc> {
        let mut rings = Vec::new();
        until(StdDuration::from_secs(20), &format!("{who} is rung at {due}"), async || {
            rings = self.rings().await;
            rings.len() >= count && rings.last().unwrap()["heard"] == "delivered"
        })
        .await;
        let last = rings.last().unwrap();
        let at: DateTime<Utc> = text(&last["at"]).parse().unwrap();
        assert_eq!((rings.len(), last["worker"]["first_name"].as_str()), (count, Some(who)), "{due}: {rings:#?}");
        // The turned clock is read by a file, to some milliseconds.
        assert!(
            at > due - Duration::seconds(1) && at < due + Duration::seconds(10),
            "{who} was rung at {at}, and it was due at {due}"
        );
        at
    }

    async fn done(&self) {
        for request in self.asked().await {
            let path = format!("/api/v1/team/contact-requests/{}", text(&request["id"]));
            for act in ["acknowledge", "complete"] {
                self.is(&self.people.worker, Method::POST, &format!("{path}/{act}"), json!({}), 200).await;
            }
        }
    }
}
