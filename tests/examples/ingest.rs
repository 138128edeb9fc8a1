//! How many check-ins a second, durable before the answer, beside a bare handler in the same run.
//!
//!     cargo run --release -p companion-tests --example ingest [connections] [seconds]
//!
//! The load comes from the same cores as the server, over loopback. The ratio is the figure; the numbers are
//! the machine's.
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should stop at once")]
#![expect(clippy::disallowed_methods, reason = "a measurement asks the machine for the time and for chance")]

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use companion::{
    app::App,
    audit::Actor,
    auth::invite,
    clients::{self, NewClient, PackageCover, Reach},
    clock::{Chance, SystemClock},
    config::{Config, Flags},
    db::Db,
    organisation::{self, NewService, Settings},
    seal::MasterKey,
    serve,
};
use serde_json::{Value, json};

fn main() {
    let mut args = env::args().skip(1).map(|a| a.parse::<u64>().unwrap());
    let (connections, seconds) = (args.next().unwrap_or(16), args.next().unwrap_or(5));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = env::temp_dir().join(format!("companion-ingest-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (app, address) = runtime.block_on(start(&folder));
    let phones: Vec<Phone> = (0..connections).map(|n| runtime.block_on(join(&app, address, n))).collect();

    let bare = load(&phones, address, seconds, |_, _| ("GET", "/healthz".into(), String::new()));
    println!("bare handler   {:>8.0} a second, p50 {:?}, p99 {:?}", bare.rate, bare.p50, bare.p99);
    let check_ins = load(&phones, address, seconds, |phone, id| {
        ("PUT", format!("/api/v1/me/check-ins/{id}"), phone.check_in.clone())
    });
    println!("check-ins      {:>8.0} a second, p50 {:?}, p99 {:?}", check_ins.rate, check_ins.p50, check_ins.p99);
    println!(
        "ratio          {:>8.3}   ({connections} connections, {seconds} s each, SQLite, every one durable)",
        check_ins.rate / bare.rate
    );

    app.stop.cancel();
    runtime.shutdown_timeout(Duration::from_secs(5));
    std::fs::remove_dir_all(folder).unwrap();
}

async fn start(folder: &std::path::Path) -> (App, SocketAddr) {
    let mut config = Config::load(&Flags::default()).unwrap();
    config.database_url = format!("sqlite:{}", folder.join("ingest.db").display());
    // What is measured is taking in; assessing comes after the answer, and in its own time.
    config.jobs = false;
    let db = Db::open(&config.database_url).await.unwrap();
    db.migrate().await.unwrap();
    let master = MasterKey::new(&[7; 32]);
    let app = App::new(db, Arc::new(SystemClock), Chance::from_system(), master, config).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve::serve(app.clone(), listener));
    (app, address)
}

struct Phone {
    token: String,
    check_in: String,
}

async fn join(app: &App, address: SocketAddr, n: u64) -> Phone {
    let settings = Settings {
        name: format!("Provider {n}"),
        brand_colour: None,
        phone: None,
        phone_hours: None,
        nation: "england".into(),
    };
    let organisation = organisation::create(app, &settings).await.unwrap();
    let service = NewService { name: "At home".into(), kind: "flexible_community".into() };
    let service = organisation::add_service(app, organisation, service).await.unwrap();
    let client = NewClient {
        name: "Sam Jones".into(),
        preferred_name: "Sam".into(),
        phone: None,
        service_id: service.id,
        language: "en".into(),
        time_zone: "Europe/London".into(),
        hours_per_week: None,
        cover: PackageCover::Day,
        dedicated_phone: None,
        reach: Reach::default(),
        about: None,
        check_ins_per_week: None,
    };
    let client = clients::add(app, organisation, Actor::System, client).await.unwrap();
    let code = invite::make(app, organisation, client, None).await.unwrap().code;
    let mut line = Line::open(address);
    let joined = line.json("POST", "/api/v1/auth/claim", "", &json!({ "code": code, "device_name": "load" }));
    let token = joined["access_token"].as_str().unwrap().to_owned();
    let items = line.json("GET", "/api/v1/me/items", &token, &Value::Null);
    let answers: Vec<Value> =
        items["items"].as_array().unwrap().iter().map(|i| json!({ "item_id": i["id"], "value": 4 })).collect();
    let check_in =
        json!({ "recorded_at": chrono::Utc::now(), "answers": answers, "note": "An ordinary day, all in all." });
    Phone { token, check_in: check_in.to_string() }
}

struct Figures {
    rate: f64,
    p50: Duration,
    p99: Duration,
}

/// Each connection asks as fast as it is answered, for so many seconds.
fn load<F>(phones: &[Phone], address: SocketAddr, seconds: u64, request: F) -> Figures
where
    F: Fn(&Phone, uuid::Uuid) -> (&'static str, String, String) + Sync,
{
    let begun = Instant::now();
    let mut took: Vec<Duration> = thread::scope(|scope| {
        let lines: Vec<_> = phones
            .iter()
            .map(|phone| {
                let request = &request;
                scope.spawn(move || {
                    let (mut line, mut took) = (Line::open(address), Vec::new());
                    while begun.elapsed().as_secs() < seconds {
                        let (method, path, body) = request(phone, uuid::Uuid::now_v7());
                        let asked = Instant::now();
                        let (status, _) = line.ask(method, &path, &phone.token, &body);
                        assert!(status == 200 || status == 201, "{method} {path} answered {status}");
                        took.push(asked.elapsed());
                    }
                    took
                })
            })
            .collect();
        lines.into_iter().flat_map(|l| l.join().unwrap()).collect()
    });
    let rate = took.len() as f64 / begun.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    Figures { rate, p50: at(0.5), p99: at(0.99) }
}

/// One kept-alive connection that speaks just enough HTTP: a client library would cost more than the server.
struct Line(BufReader<TcpStream>);

impl Line {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    fn json(&mut self, method: &str, path: &str, token: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, answer) = self.ask(method, path, token, &body);
        assert!(status < 300, "{method} {path} answered {status}: {}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap()
    }

    fn ask(&mut self, method: &str, path: &str, token: &str, body: &str) -> (u16, Vec<u8>) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.0.get_mut().write_all(head.as_bytes()).unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            } else if line == "\r\n" {
                break;
            }
        }
        let mut answer = vec![0; length];
        self.0.read_exact(&mut answer).unwrap();
        (status, answer)
    }
}
