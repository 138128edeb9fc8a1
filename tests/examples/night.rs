//! A night in figures: from a tap until the first phone has rung, with nothing else to do and with ten thousand requests open; and how
//! long a next step takes when the node that was to take it is killed.
//!
//!     cargo run --release -p companion-tests --example night [how many open]
//!
//! The push service is on this machine and says at once that the phone rang, from the same cores. One node on SQLite; two on
//! PostgreSQL if `COMPANION_TEST_POSTGRES` names a server. The numbers are the machine's.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should stop at once")]

use std::{
    env,
    io::Read,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use companion::{
    access::Role,
    app::App,
    audit::Actor,
    auth::{
        invite,
        session::{self, Owner},
    },
    clients::{self, NewClient, PackageCover, Reach},
    clock::{Chance, Clock, SystemClock},
    config::{Config, Flags},
    db::Db,
    ids::{ClientId, ContactRequestId, EscalationId, OrganisationId, ServiceId},
    organisation::{self, NewService, Settings},
    seal::MasterKey,
    serve,
    workers::admin::{self, NewWorker},
};
use companion_tests::{
    Api, Backend, Value,
    database::Database,
    json,
    port::Port,
    push_peer::{Browser, PushPeer},
    world::push_to_this_machine,
};
use reqwest::Method;
use sqlx::types::Json;
use uuid::Uuid;

const TAPS: usize = 200;
const KILLS: usize = 10;

fn main() {
    let mut args = env::args().skip(1);
    let first = args.next();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if first.as_deref() == Some("node") {
        return runtime.block_on(node(args.next().unwrap(), args.next().unwrap().parse().unwrap()));
    }
    let open = first.map_or(10_000, |n| n.parse().unwrap());
    runtime.block_on(async {
        for backend in [Backend::Sqlite, Backend::Postgres] {
            night(backend, open).await;
        }
    });
}

/// A server as a process of its own, listening on this port.
struct Node {
    port: Port,
    running: Option<Child>,
}

impl Node {
    fn start(url: &str) -> Self {
        let port = Port::hold();
        let mut node = Self { port, running: None };
        node.start_again(url);
        node
    }

    fn start_again(&mut self, url: &str) {
        let mut command = Command::new(env::current_exe().unwrap());
        let command = command.args(["node", url, &self.port.number.to_string()]).stdin(Stdio::piped());
        self.running = Some(command.spawn().unwrap());
        while std::net::TcpStream::connect(("127.0.0.1", self.port.number)).is_err() {
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn api(&self) -> Api {
        Api::at_each_time_anew(format!("http://127.0.0.1:{}", self.port.number))
    }

    /// kill -9.
    fn kill(&mut self) {
        let mut child = self.running.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.kill();
        }
    }
}

/// A service with a lead who has a phone, and a list that rings them every five minutes.
struct Place {
    service: ServiceId,
    token: String,
    browser: Browser,
    peer: PushPeer,
}

struct Provider {
    app: App,
    organisation: OrganisationId,
}

async fn night(backend: Backend, how_many: usize) {
    let Some(database) = Database::fresh(backend).await else { return };
    let url = database.url();
    let app = open(&url).await;
    let settings = Settings {
        name: "Harbour Support".into(),
        brand_colour: None,
        phone: None,
        phone_hours: None,
        nation: "england".into(),
    };
    let organisation = organisation::create(&app, &settings).await.unwrap();
    let provider = Provider { app, organisation };
    let mut nodes: Vec<Node> = (0..if backend == Backend::Sqlite { 1 } else { 2 }).map(|_| Node::start(&url)).collect();
    let (here, there) = (provider.place(&nodes, "Here").await, Arc::new(provider.place(&nodes, "There").await));
    let sam = provider.client(here.service).await;
    let phone = provider.phone(&nodes, sam).await;

    provider.taps(backend, "nothing else to do", &nodes, &here, &phone).await;
    provider.kills(backend, &url, &mut nodes, &here, &phone).await;
    provider.fill(there.service, how_many).await;
    let load = tokio::spawn(answer_everything(nodes[0].api(), there.clone()));
    provider
        .taps(backend, &format!("{how_many} requests open, each rings every five minutes"), &nodes, &here, &phone)
        .await;
    let rung: i64 = provider.app.db.query("SELECT COUNT(*) FROM ring").scalar().await.unwrap();
    let engine = nodes[0].api().get("/health/engine").await.is(200);
    println!("{backend:?}: {rung} rings in all; {} s overdue at the end", engine["overdue_step_seconds"]);
    load.abort();
    drop(nodes);
    provider.app.db.close().await;
    database.remove().await;
}

/// Every phone there says at once that it rang.
async fn answer_everything(api: Api, place: Arc<Place>) {
    loop {
        place.peer.until_something_arrives().await;
        place.answer(&api).await;
    }
}

impl Place {
    async fn answer(&self, api: &Api) {
        for message in self.peer.take() {
            let receipt = Browser::receipt(&self.browser.read(&message), "delivered", SystemClock.now());
            api.post("/api/v1/push/receipts", &json!({ "receipts": [receipt] })).await.is(200);
        }
    }
}

impl Provider {
    async fn place(&self, nodes: &[Node], name: &str) -> Place {
        let (app, organisation) = (&self.app, self.organisation);
        let service = NewService { name: name.into(), kind: "medium".into() };
        let service = organisation::add_service(app, organisation, service).await.unwrap().id;
        let new = NewWorker {
            email: format!("{name}@example.org"),
            name: name.into(),
            first_name: name.into(),
            password: "a long walk by the sea".into(),
            roles: vec![Role::TeamLead],
            service_ids: vec![service],
        };
        let lead = admin::add(app, organisation, Actor::System, new).await.unwrap();
        let mut tx = app.db.begin().await.unwrap();
        let token = session::begin(&mut tx, app, organisation, Owner::Worker(lead)).await.unwrap().access_token;
        tx.commit().await.unwrap();
        let (api, peer) = (nodes[0].api(), PushPeer::start().await);
        let browser = Browser::at(&peer, app.new_id());
        let path = format!("/api/v1/team/push-subscriptions/{}", browser.id);
        api.call(Method::PUT, &path, Some(&token), Some(&browser.subscription())).await.is(200);
        let list =
            json!({ "service_id": service, "kind": "contact_now", "steps": [{ "who": "team_lead", "minutes": 5 }] });
        api.call(Method::PUT, "/api/v1/team/policies", Some(&token), Some(&list)).await.is(200);
        Place { service, token, browser, peer }
    }

    async fn client(&self, service_id: ServiceId) -> ClientId {
        let new = NewClient {
            name: "Sam Example".into(),
            preferred_name: "Sam".into(),
            phone: None,
            service_id,
            language: "en".into(),
            time_zone: "Europe/London".into(),
            hours_per_week: None,
            cover: PackageCover::Day,
            dedicated_phone: None,
            reach: Reach::default(),
            about: None,
            check_ins_per_week: None,
        };
        clients::add(&self.app, self.organisation, Actor::System, new).await.unwrap()
    }

    /// The contact key of a phone of theirs: it asks whoever is signed in.
    async fn phone(&self, nodes: &[Node], client: ClientId) -> String {
        let invite = invite::make(&self.app, self.organisation, client, None).await.unwrap();
        let claim = json!({ "code": invite.code, "device_name": "A phone" });
        let joined = nodes[0].api().post("/api/v1/auth/claim", &claim).await.is(201);
        joined["contact_key"].as_str().unwrap().to_owned()
    }

    async fn tap(&self, api: &Api, phone: &str) -> Uuid {
        let id: Uuid = self.app.new_id();
        let body = json!({ "requested_at": SystemClock.now(), "when": "now", "how": "call", "message": null });
        api.call(Method::PUT, &format!("/api/v1/contact-requests/{id}"), Some(phone), Some(&body)).await.is(201);
        id
    }

    async fn complete(&self, api: &Api, place: &Place, request: Uuid) {
        let path = format!("/api/v1/team/contact-requests/{request}/complete");
        api.call(Method::POST, &path, Some(&place.token), Some(&json!({}))).await.is(200);
    }

    /// From the tap until the server knows that a phone has rung.
    async fn taps(&self, backend: Backend, while_: &str, nodes: &[Node], place: &Place, phone: &str) {
        let api = nodes[0].api();
        let (mut answered, mut reached) = (Vec::new(), Vec::new());
        for _ in 0..TAPS {
            let began = Instant::now();
            let request = self.tap(&api, phone).await;
            answered.push(began.elapsed());
            place.peer.until_something_arrives().await;
            place.answer(&api).await;
            reached.push(began.elapsed());
            self.complete(&api, place, request).await;
        }
        let (answered, reached) = (spread(answered), spread(reached));
        println!(
            "{backend:?}, {} node(s), {while_}: {TAPS} taps: answered {answered}; first phone reached {reached}",
            nodes.len()
        );
    }

    /// The node that took the request in is killed before anything else: how long until a phone has rung.
    async fn kills(&self, backend: Backend, url: &str, nodes: &mut [Node], place: &Place, phone: &str) {
        let mut waited = Vec::new();
        for _ in 0..KILLS {
            let request = self.tap(&nodes[0].api(), phone).await;
            nodes[0].kill();
            let began = Instant::now();
            if nodes.len() == 1 {
                nodes[0].start_again(url);
            }
            let last = nodes.len() - 1;
            place.peer.until_something_arrives().await;
            place.answer(&nodes[last].api()).await;
            waited.push(began.elapsed());
            if nodes[0].running.is_none() {
                nodes[0].start_again(url);
            }
            self.complete(&nodes[0].api(), place, request).await;
            // What the dead node had begun may ring once more.
            place.peer.take();
        }
        println!("{backend:?}: killed right after a tap, {KILLS} times: a phone has rung {} later", spread(waited));
    }

    /// So many requests of other people, at every moment of a step of five minutes.
    async fn fill(&self, service: ServiceId, how_many: usize) {
        let one = self.client(service).await;
        for chunk in 0..how_many.div_ceil(500) {
            let mut tx = self.app.db.begin().await.unwrap();
            for n in chunk * 500..how_many.min((chunk + 1) * 500) {
                let (client, request): (ClientId, ContactRequestId) = (self.app.new_id(), self.app.new_id());
                let now = self.app.now();
                let since = now
                    - TimeDelta::milliseconds(300_000 * i64::try_from(n).unwrap() / i64::try_from(how_many).unwrap());
                let due = since + TimeDelta::minutes(5);
                let state: Value = json!({ "phase": "ringing", "place": { "step": 0 }, "round": 3, "since": since, "rung": [], "due": due });
                tx.query(
                    "INSERT INTO client (organisation_id, id, service_id, wrapped_key, profile, time_zone, cover, created_at)
                     SELECT organisation_id, $3, service_id, wrapped_key, profile, time_zone, cover, created_at FROM client
                     WHERE organisation_id = $1 AND id = $2",
                )
                .bind(self.organisation)
                .bind(one)
                .bind(client)
                .execute()
                .await
                .unwrap();
                tx.query(
                    "INSERT INTO contact_request (organisation_id, client_id, id, requested_at, received_at, asked_when, how, urgency, device_id, body_hash, state)
                     VALUES ($1, $2, $3, $4, $4, 'now', 'call', 'now', $3, $5, 'received')",
                )
                .bind(self.organisation)
                .bind(client)
                .bind(request)
                .bind(since)
                .bind(vec![0_u8; 32])
                .execute()
                .await
                .unwrap();
                tx.query(
                    "INSERT INTO escalation (organisation_id, id, client_id, subject_kind, subject_id, kind, state, due_at, since_at, looked_at, begun_at)
                     VALUES ($1, $2, $3, 'contact_request', $4, 'contact_now', $5, $6, $7, $7, $7)",
                )
                .bind(self.organisation)
                .bind(self.app.new_id::<EscalationId>())
                .bind(client)
                .bind(request)
                .bind(Json(state))
                .bind(due)
                .bind(since)
                .execute()
                .await
                .unwrap();
            }
            tx.commit().await.unwrap();
        }
    }
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1000.0;
    format!("p50 {:.0} ms, p99 {:.0} ms, most {:.0} ms", at(0.5), at(0.99), at(1.0))
}

async fn open(url: &str) -> App {
    let flags = Flags { database_url: Some(url.to_owned()), ..Flags::default() };
    let config = Config::load(&flags).unwrap();
    let db = Db::open(url).await.unwrap();
    db.migrate().await.unwrap();
    let (push, chance, master) = (push_to_this_machine(), Chance::from_system(), MasterKey::new(&[7; 32]));
    App::sending_by(push, db, Arc::new(SystemClock), chance, master, config).await.unwrap()
}

/// A server, until whoever started it closes its input.
async fn node(url: String, port: u16) {
    let app = open(&url).await;
    let stop = app.stop.clone();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        stop.cancel();
    });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    serve::serve(app, listener).await;
}
