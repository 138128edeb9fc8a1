//! What telling people costs: encryptions a second, and how long after it was due a message is sent.
//!
//!     cargo run --release -p companion-tests --example push_speed [how many]
//!
//! The push service is on this machine and answers at once, from the same cores. One process on SQLite; two processes on
//! PostgreSQL if `COMPANION_TEST_POSTGRES` names a server. The numbers are the machine's.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should stop at once")]

use std::{
    env,
    io::Read,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use companion::{
    app::App,
    audit::Actor,
    auth::session::{self, Owner},
    clock::{Chance, Clock, SystemClock},
    config::{Config, Flags},
    db::Db,
    ids::{OrganisationId, WorkerId},
    jobs,
    notify::{self, Kind, Message, Recipient, sender},
    organisation::{self, Settings},
    seal::MasterKey,
    serve,
    workers::admin::{self, NewWorker},
};
use companion_tests::{
    Api, Backend,
    database::Database,
    push_peer::{Browser, PushPeer},
    world::push_to_this_machine,
};
use reqwest::Method;
use web_push::{SubscriptionInfo, SubscriptionKeys, Urgency};

fn main() {
    let mut args = env::args().skip(1);
    let first = args.next();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if first.as_deref() == Some("node") {
        return runtime.block_on(node(args.next().unwrap()));
    }
    let how_many = first.map_or(10_000, |n| n.parse().unwrap());
    runtime.block_on(async {
        encryptions().await;
        for backend in [Backend::Sqlite, Backend::Postgres] {
            work(backend, how_many).await;
            sending(backend, how_many, 60).await;
            sending(backend, how_many, 0).await;
        }
    });
}

/// One core: what the vapid token and the encryption cost.
async fn encryptions() {
    let Some(database) = Database::fresh(Backend::Sqlite).await else { return };
    let app = open(&database.url()).await;
    let peer = PushPeer::start().await;
    let browser = Browser::at(&peer, app.new_id());
    let text = |name: &str| browser.subscription()["keys"][name].as_str().unwrap().to_owned();
    let keys = SubscriptionKeys { p256dh: text("p256dh"), auth: text("auth") };
    let address = SubscriptionInfo { endpoint: browser.endpoint.clone(), keys };
    let seal = |token| {
        let handling = sender::Handling { ttl: 60, urgency: Urgency::Normal, topic: "topic".into() };
        sender::seal(&address, &[b' '; notify::words::SIZE], handling, Some(token)).unwrap()
    };
    let origin = "https://push.example.org";
    let signed = rate(|| drop(seal(app.vapid.sign(origin, app.now()).unwrap())));
    let kept = rate(|| drop(seal(app.vapid.token(origin, app.now()).unwrap())));
    println!("encrypted, each with a new token    {signed:>8.0} a second on one core");
    println!("encrypted, the token kept           {kept:>8.0} a second on one core");
    app.db.close().await;
    database.remove().await;
}

fn rate(mut work: impl FnMut()) -> f64 {
    let (began, mut done) = (Instant::now(), 0_u32);
    while began.elapsed() < Duration::from_secs(3) {
        work();
        done += 1;
    }
    f64::from(done) / began.elapsed().as_secs_f64()
}

/// The lane of other work: so many small jobs, due at once, in one process.
async fn work(backend: Backend, how_many: i32) {
    let Some(database) = Database::fresh(backend).await else { return };
    let app = open(&database.url()).await;
    let organisation = provider(&app).await;
    for _ in 0..how_many / 100 {
        let mut tx = app.db.begin().await.unwrap();
        for _ in 0..100 {
            jobs::add(&mut tx, &app, organisation, jobs::Kind::TellFlags, app.new_id(), app.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    let began = Instant::now();
    let done = jobs::run_due(&app).await.unwrap();
    println!("{backend:?}: {done} other jobs due at once, done in {:.1} s", began.elapsed().as_secs_f64());
    app.db.close().await;
    database.remove().await;
}

/// So many messages due within so many seconds, sent by a running server; by two on PostgreSQL.
async fn sending(backend: Backend, how_many: i32, seconds: i64) {
    let Some(database) = Database::fresh(backend).await else { return };
    let app = open(&database.url()).await;
    let organisation = provider(&app).await;
    let peer = PushPeer::start().await;
    let people = subscribers(&app, organisation, &peer).await;
    let begins = SystemClock.now() + TimeDelta::seconds(20);
    for n in 0..how_many / 100 {
        let mut tx = app.db.begin().await.unwrap();
        for m in 0..100 {
            let message = Message {
                to: Recipient::Worker(people[m % people.len()]),
                kind: Kind::Flag,
                subject: app.new_id(),
                count: 1,
                useful_until: begins + TimeDelta::hours(3),
            };
            let told = notify::tell(&mut tx, &app, organisation, message).await.unwrap().unwrap();
            let nth = i64::from(n) * 100 + i64::try_from(m).unwrap();
            let due = begins + TimeDelta::microseconds(seconds * 1_000_000 * nth / i64::from(how_many));
            tx.query("UPDATE job SET due_at = $2 WHERE subject_id IN (SELECT id FROM delivery WHERE organisation_id = $3 AND notification_id = $1)")
                .bind(told)
                .bind(due)
                .bind(organisation)
                .execute()
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }
    assert!(SystemClock.now() < begins, "filling took too long for the measurement to begin in time");
    let mut nodes: Vec<Child> = Vec::new();
    let here = if backend == Backend::Postgres {
        nodes.extend((0..2).map(|_| start_node(&database.url())));
        None
    } else {
        Some(tokio::spawn(jobs::run_until_stopped(app.clone())))
    };
    let sent = "SELECT COUNT(*) FROM delivery WHERE state = 'sent'";
    while app.db.query(sent).scalar::<i64>().await.unwrap() < i64::from(how_many) {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    report(&app, &peer, backend, seconds, begins).await;
    app.stop.cancel();
    if let Some(here) = here {
        here.await.unwrap();
    }
    for mut node in nodes {
        drop(node.stdin.take());
        node.wait().unwrap();
    }
    app.db.close().await;
    database.remove().await;
}

async fn report(app: &App, peer: &PushPeer, backend: Backend, seconds: i64, begins: DateTime<Utc>) {
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>, i32)> = app
        .db
        .query("SELECT j.due_at, d.sent_at, d.tries FROM delivery d JOIN job j ON j.organisation_id = d.organisation_id AND j.subject_id = d.id")
        .all()
        .await
        .unwrap();
    let mut late: Vec<TimeDelta> = rows.iter().map(|(due, sent, _)| *sent - *due).collect();
    late.sort_unstable();
    let at = |share: f64| late[((late.len() - 1) as f64 * share) as usize].num_milliseconds();
    let last = rows.iter().map(|(_, sent, _)| *sent).max().unwrap();
    println!(
        "{backend:?}: {} due in {seconds} s: due to sent p50 {} ms, p99 {} ms, most {} ms; all {:.1} s after the first was due; {} sent in all, tries more than one: {}",
        rows.len(),
        at(0.5),
        at(0.99),
        at(1.0),
        (last - begins).as_seconds_f64(),
        peer.take().len(),
        rows.iter().filter(|r| r.2 != 1).count(),
    );
}

/// A hundred people with a browser each.
async fn subscribers(app: &App, organisation: OrganisationId, peer: &PushPeer) -> Vec<WorkerId> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = Api::at(format!("http://{}", listener.local_addr().unwrap()));
    let server = tokio::spawn(serve::serve(app.clone(), listener));
    let mut people = Vec::new();
    // One password is hashed; the others are copies of the first.
    let new = NewWorker {
        email: "one@example.org".into(),
        name: "One".into(),
        first_name: "One".into(),
        password: "a long walk by the sea".into(),
        roles: vec![companion::access::Role::SupportWorker],
        service_ids: Vec::new(),
    };
    let first = admin::add(app, organisation, Actor::System, new).await.unwrap();
    for n in 0..100 {
        let id: WorkerId = if n == 0 { first } else { app.new_id() };
        let mut tx = app.db.begin().await.unwrap();
        if n > 0 {
            tx.query(
                "INSERT INTO worker (organisation_id, id, email, name, first_name, password_hash, created_at)
                 SELECT organisation_id, $2, $3, name, first_name, password_hash, created_at FROM worker WHERE id = $1",
            )
            .bind(first)
            .bind(id)
            .bind(format!("{n}@example.org"))
            .execute()
            .await
            .unwrap();
        }
        let tokens = session::begin(&mut tx, app, organisation, Owner::Worker(id)).await.unwrap();
        tx.commit().await.unwrap();
        let browser = Browser::at(peer, app.new_id());
        let path = format!("/api/v1/team/push-subscriptions/{}", browser.id);
        api.call(Method::PUT, &path, Some(&tokens.access_token), Some(&browser.subscription())).await.is(200);
        people.push(id);
    }
    server.abort();
    people
}

async fn provider(app: &App) -> OrganisationId {
    let settings = Settings {
        name: "Harbour Support".into(),
        brand_colour: None,
        phone: None,
        phone_hours: None,
        nation: "england".into(),
    };
    organisation::create(app, &settings).await.unwrap()
}

async fn open(url: &str) -> App {
    let flags = Flags { database_url: Some(url.to_owned()), jobs: Some(false), ..Flags::default() };
    let config = Config::load(&flags).unwrap();
    let db = Db::open(url).await.unwrap();
    db.migrate().await.unwrap();
    let (push, chance, master) = (push_to_this_machine(), Chance::from_system(), MasterKey::new(&[7; 32]));
    App::sending_by(push, db, Arc::new(SystemClock), chance, master, config).await.unwrap()
}

fn start_node(url: &str) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["node", url]).stdin(Stdio::piped()).spawn().unwrap()
}

/// A server's jobs, until whoever started it closes its input.
async fn node(url: String) {
    let app = open(&url).await;
    let stop = app.stop.clone();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        stop.cancel();
    });
    jobs::run_until_stopped(app).await;
}
