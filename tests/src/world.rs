//! A provider with a server of its own, for one story.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Duration, TimeZone, Utc};
use companion::{
    access::Role,
    app::App,
    audit::{self, Actor, Verdict},
    auth::session::{self, Owner},
    clients::{self, NewClient, PackageCover, assignments::Assigned},
    clock::{Chance, Clock, MovableClock},
    config::{Config, Flags},
    db::Db,
    ids::{ClientId, OrganisationId, ServiceId, WorkerId},
    jobs,
    notify::{endpoint::Hosts, sender::Sender},
    organisation::{self, NewService, Settings},
    outbound::Names,
    seal::MasterKey,
    serve,
    workers::admin::{self, NewWorker},
};
use serde_json::json;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Api, Backend, Phone, Worker, database::Database, relays::Relays, session::Session, worker::PASSWORD};

#[derive(Debug)]
pub struct World {
    pub app: App,
    pub clock: MovableClock,
    pub api: Api,
    /// Where the ids that phones make come from.
    pub chance: Arc<Chance>,
    pub provider: Provider,
    /// Supports every client made by [`World::client`].
    pub dee: Worker,
    /// Leads the service.
    pub lead: Worker,
    pub database: Database,
    /// What every node of this world is told.
    pub config: Config,
    server: JoinHandle<()>,
}

/// A provider and the one service that a story begins with.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    pub id: OrganisationId,
    pub service: ServiceId,
}

/// A server beside the first one of a story.
#[derive(Debug)]
pub struct Server {
    pub app: App,
    pub api: Api,
    /// Where it has one of its own.
    database: Option<Database>,
    serving: JoinHandle<()>,
}

impl Server {
    async fn start(app: App, database: Option<Database>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = Api::at(format!("http://{}", listener.local_addr().unwrap()));
        let serving = tokio::spawn(serve::serve(app.clone(), listener));
        Self { app, api, database, serving }
    }

    pub async fn end(self) {
        self.app.stop.cancel();
        self.serving.await.unwrap();
        self.app.db.close().await;
        if let Some(database) = self.database {
            database.remove().await;
        }
    }
}

#[derive(Clone, Debug)]
pub struct Client {
    pub provider: OrganisationId,
    pub id: ClientId,
    pub name: String,
}

/// Tells a story in a world of its own; skips it where there is no PostgreSQL.
pub async fn tell(backend: Backend, story: impl AsyncFnOnce(&World)) {
    let Some(database) = Database::fresh(backend).await else { return };
    let world = World::begin(database, |_| {}).await;
    story(&world).await;
    world.end().await;
}

/// The same, in a world whose provider has a mail server and gateways.
pub async fn tell_with_relays(backend: Backend, story: impl AsyncFnOnce(&World, &Relays)) {
    let Some(database) = Database::fresh(backend).await else { return };
    let relays = Relays::start().await;
    let world = World::begin(database, |config| relays.configure(config)).await;
    story(&world, &relays).await;
    world.end().await;
}

impl World {
    /// Monday 16 November 2026, nine in the morning.
    async fn begin(database: Database, prepare: impl FnOnce(&mut Config)) -> Self {
        let mut config = usual_config(&database);
        prepare(&mut config);
        let clock = MovableClock::at(Utc.with_ymd_and_hms(2026, 11, 16, 9, 0, 0).unwrap());
        let app = node(config.clone(), &clock, 1).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = Api::at(format!("http://{}", listener.local_addr().unwrap()));
        let server = tokio::spawn(serve::serve(app.clone(), listener));
        let provider = provider(&app, "Harbour Support").await;
        let dee = worker(&app, &api, &clock, provider, "Dee", &[Role::SupportWorker], &[provider.service]).await;
        let lead = worker(&app, &api, &clock, provider, "Pat", &[Role::TeamLead], &[provider.service]).await;
        Self { app, clock, api, chance: Arc::new(Chance::seeded(2)), provider, dee, lead, database, config, server }
    }

    async fn end(self) {
        self.app.stop.cancel();
        self.server.await.unwrap();
        self.database.remove().await;
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Runs everything that is due, and says how many jobs that were.
    pub async fn run_jobs(&self) -> usize {
        jobs::run_due(&self.app).await.unwrap()
    }

    /// Another node on the same database.
    pub async fn another_node(&self) -> App {
        node(self.config.clone(), &self.clock, next_seed()).await
    }

    /// Another node, with a clock of its own.
    pub async fn another_node_by(&self, clock: &MovableClock) -> App {
        node(self.config.clone(), clock, next_seed()).await
    }

    /// Another node, whose notifications go where a story wants.
    pub async fn another_node_sending_by(&self, push: Sender) -> App {
        node_sending_by(push, self.config.clone(), &self.clock, next_seed()).await
    }

    /// Another node, which was told something else.
    pub async fn another_node_told(&self, config: Config) -> App {
        node(config, &self.clock, next_seed()).await
    }

    /// A server on a database that was put back from a backup, and the address that phones find it under.
    pub async fn put_back(&self, backup: Database) -> Server {
        let config = Config { database_url: backup.url(), ..self.config.clone() };
        Server::start(node(config, &self.clock, next_seed()).await, Some(backup)).await
    }

    /// A server beside the first one, which was told something else.
    pub async fn another_server_told(&self, config: Config) -> Server {
        Server::start(self.another_node_told(config).await, None).await
    }

    pub async fn another_provider(&self, name: &str) -> Provider {
        provider(&self.app, name).await
    }

    pub async fn another_service(&self, provider: Provider, name: &str) -> Provider {
        let service = NewService { name: name.into(), kind: "medium".into() };
        let service = organisation::add_service(&self.app, provider.id, service).await.unwrap().id;
        Provider { service, ..provider }
    }

    /// A worker of a provider's service, signed in.
    pub async fn worker(&self, of: Provider, first_name: &str, roles: &[Role]) -> Worker {
        worker(&self.app, &self.api, &self.clock, of, first_name, roles, &[of.service]).await
    }

    /// A client of the first service, supported by Dee.
    pub async fn client(&self, name: &str) -> Client {
        self.client_of(self.provider, name, &[&self.dee]).await
    }

    /// A client; the first of the workers is their key worker.
    pub async fn client_of(&self, of: Provider, name: &str, workers: &[&Worker]) -> Client {
        let new = NewClient {
            name: format!("{name} Example"),
            preferred_name: name.into(),
            phone: Some("01632 960 001".into()),
            service_id: of.service,
            language: "en".into(),
            time_zone: "Europe/London".into(),
            hours_per_week: Some(6),
            cover: PackageCover::Day,
            dedicated_phone: None,
            reach: clients::Reach::default(),
            about: None,
            check_ins_per_week: None,
        };
        let id = clients::add(&self.app, of.id, Actor::System, new).await.unwrap();
        let assigned: Vec<Assigned> =
            (0..).zip(workers).map(|(n, w)| Assigned { worker_id: WorkerId(w.id), key_worker: n == 0 }).collect();
        clients::assignments::assign(&self.app, of.id, id, &assigned).await.unwrap();
        Client { provider: of.id, id, name: name.into() }
    }

    /// A phone that joined for a client.
    pub async fn phone_of(&self, client: &Client) -> Phone {
        let invite = companion::auth::invite::make(&self.app, client.provider, client.id, None).await.unwrap();
        Phone::join(&self.api, &self.clock, &self.chance, &invite.code).await
    }

    /// A client of Dee's with a phone: how most stories begin.
    pub async fn client_with_phone(&self, name: &str) -> (Client, Phone) {
        let client = self.client(name).await;
        let phone = self.phone_of(&client).await;
        (client, phone)
    }

    /// Days of answers about as usual, one check-in each evening, assessed each time.
    pub async fn usual_days(&self, phone: &Phone, days: usize) {
        for n in 0..days {
            let wobble = [0.0, 1.0, 0.0, -1.0][n % 4];
            self.day(phone, &[("mood", 5.0 + wobble), ("sleep", 5.0 - wobble), ("anxiety", 2.0)]).await;
        }
    }

    /// Days on which sleep and mood are far below that.
    pub async fn bad_days(&self, phone: &Phone, days: usize) {
        for _ in 0..days {
            self.day(phone, &[("mood", 2.0), ("sleep", 1.0), ("anxiety", 6.0)]).await;
        }
    }

    /// One day, with these answers.
    pub async fn day(&self, phone: &Phone, answers: &[(&str, f64)]) {
        self.advance(Duration::days(1));
        phone.check_in(answers).await;
        self.run_jobs().await;
    }

    pub async fn verify_audit(&self) -> Verdict {
        audit::verify(&self.app.db, &self.app.master, self.provider.id).await.unwrap()
    }

    /// How many rows of a table there are.
    pub async fn count(&self, sql: &'static str) -> i64 {
        self.app.db.query(sql).scalar().await.unwrap()
    }
}

/// No two nodes draw the same names, keys and ids.
fn next_seed() -> u64 {
    static SEED: AtomicU64 = AtomicU64::new(3);
    SEED.fetch_add(1, Ordering::Relaxed)
}

fn usual_config(database: &Database) -> Config {
    let flags = Flags { database_url: Some(database.url()), jobs: Some(false), ..Flags::default() };
    Config::load(&flags).unwrap()
}

async fn node(config: Config, clock: &MovableClock, seed: u64) -> App {
    node_sending_by(push_to_this_machine(), config, clock, seed).await
}

async fn node_sending_by(push: Sender, config: Config, clock: &MovableClock, seed: u64) -> App {
    let db = Db::open(&config.database_url).await.unwrap();
    db.migrate().await.unwrap();
    let clock = Arc::new(clock.clone());
    let (chance, master) = (Chance::seeded(seed), MasterKey::new(&[7; 32]));
    App::sending_by(push, db, clock, chance, master, config).await.unwrap()
}

/// Notifications of a story go to peers on this machine. No name leads anywhere, and nobody is waited for long.
pub fn push_to_this_machine() -> Sender {
    let hosts = Hosts { more: Vec::new(), this_machine: true };
    Sender::new(hosts, Names::Given(Arc::new(|_| Vec::new())), std::time::Duration::from_secs(2)).unwrap()
}

async fn provider(app: &App, name: &str) -> Provider {
    let settings = Settings {
        name: name.into(),
        brand_colour: None,
        phone: Some("01632 960 000".into()),
        phone_hours: None,
        nation: "england".into(),
    };
    let id = organisation::create(app, &settings).await.unwrap();
    let service = NewService { name: "Flexible community".into(), kind: "flexible_community".into() };
    let service = organisation::add_service(app, id, service).await.unwrap().id;
    Provider { id, service }
}

/// A worker with a session, begun without the cost of checking a password (`sessions.rs` signs in for real).
async fn worker(
    app: &App,
    api: &Api,
    clock: &MovableClock,
    of: Provider,
    first_name: &str,
    roles: &[Role],
    services: &[ServiceId],
) -> Worker {
    let email = format!("{}.{}@example.org", first_name.to_lowercase(), of.id.0.simple());
    let new = NewWorker {
        email: email.clone(),
        name: format!("{first_name} Worker"),
        first_name: first_name.into(),
        password: PASSWORD.into(),
        roles: roles.to_vec(),
        service_ids: services.to_vec(),
    };
    let id = admin::add(app, of.id, Actor::System, new).await.unwrap();
    let mut tx = app.db.begin().await.unwrap();
    let tokens = session::begin(&mut tx, app, of.id, Owner::Worker(id)).await.unwrap();
    tx.commit().await.unwrap();
    let tokens = Session::tokens_in(clock, &json!(tokens));
    Worker { session: Session::new(api, clock, tokens), id: id.0, email, first_name: first_name.into() }
}
