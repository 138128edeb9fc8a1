//! The real binary as a process of its own, to be killed.

use std::{
    fs::File,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use companion::{clock::Chance, db::Db};
use serde_json::{Value, json};

use crate::{Api, Backend, database::Database, http::items, port::Port};

/// What the binary's admin, worker and lead sign in with.
pub const PASSWORD: &str = "a long walk by the sea";

/// `companion`, from `COMPANION_BIN` or beside this test.
pub fn path() -> PathBuf {
    if let Ok(path) = std::env::var("COMPANION_BIN") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().unwrap();
    let path = test.ancestors().nth(2).unwrap().join("companion");
    assert!(path.exists(), "{} is not there: build it first with `cargo build -p companion`", path.display());
    path
}

/// A provider on disk, whose server can be killed and started again.
#[derive(Debug)]
pub struct Installation {
    pub database: Database,
    url: String,
    folder: PathBuf,
    port: Port,
    pub api: Api,
    running: Option<Child>,
    /// Where it logs; nodes beside each other have one each.
    log: String,
    /// Variables that the server is started with.
    pub environment: Vec<(String, String)>,
}

impl Installation {
    /// Makes an organisation with `companion init`.
    pub async fn fresh(backend: Backend) -> Option<Self> {
        Some(Self::on(Database::fresh(backend).await?, Vec::new()).await)
    }

    /// The same on a database of the caller's, with these variables.
    pub async fn on(database: Database, environment: Vec<(String, String)>) -> Self {
        let (url, folder) = (database.url(), database.folder());
        let port = Port::hold();
        let api = Api::at_each_time_anew(format!("http://127.0.0.1:{}", port.number));
        let log = "companion.log".to_owned();
        let this = Self { database, url, folder, port, api, running: None, log, environment };
        let init =
            ["init", "--name", "Harbour Support", "--admin-email", "ada@example.org", "--admin-name", "Ada Admin"];
        let done = this.command(&init).env("COMPANION_ADMIN_PASSWORD", PASSWORD).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        this
    }

    /// Another node of the same provider, on the same database and with the same key. It does not run yet.
    pub fn beside(&self) -> Self {
        let port = Port::hold();
        Self {
            database: self.database.clone(),
            url: self.url.clone(),
            folder: self.folder.clone(),
            api: Api::at_each_time_anew(format!("http://127.0.0.1:{}", port.number)),
            log: format!("companion-{}.log", port.number),
            port,
            running: None,
            environment: self.environment.clone(),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(path());
        command
            .args(arguments)
            .args(["--database-url", &self.url, "--master-key-file"])
            .arg(self.folder.join("companion.key"))
            .current_dir(&self.folder)
            .env_remove("COMPANION_ADMIN_PASSWORD")
            .envs(self.environment.iter().cloned());
        command
    }

    /// Starts the server and waits until it listens; with or without its working on jobs.
    pub fn start(&mut self, jobs: bool) {
        assert!(self.running.is_none(), "it runs");
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        let listen = format!("127.0.0.1:{}", self.port.number);
        let jobs = if jobs { "true" } else { "false" };
        let child = self
            .command(&["serve", "--listen", &listen, "--jobs", jobs])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.running = Some(child);
        wait_until_listening(&listen, &self.log());
    }

    /// kill -9.
    pub fn kill(&mut self) {
        let mut child = self.running.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Stops as a machine does that is suspended: in the middle of whatever it does, without dying.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Goes on as if no time had passed.
    pub fn wake(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.running.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Everything the server has logged.
    pub fn log(&self) -> PathBuf {
        self.folder.join(&self.log)
    }

    pub fn verify_audit(&self) -> std::process::Output {
        self.command(&["verify-audit"]).output().unwrap()
    }

    /// How many rows of a table there are, asked of the database itself.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let db = Db::open(&self.url).await.unwrap();
        let count = db.query(sql).scalar().await.unwrap();
        db.close().await;
        count
    }

    pub async fn remove(mut self) {
        if self.running.is_some() {
            self.kill();
        }
        self.database.clone().remove().await;
    }
}

/// A test that fails leaves no server behind.
impl Drop for Installation {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.kill();
        }
    }
}

/// The one wait in this crate: another process needs a moment before it listens.
fn wait_until_listening(address: &str, log: &Path) {
    for _ in 0..1000 {
        if TcpStream::connect(address).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the server does not listen: {}", std::fs::read_to_string(log).unwrap());
}

/// The people of an installation, signed in over HTTP.
#[derive(Debug)]
pub struct People {
    pub api: Api,
    pub admin: String,
    pub worker: String,
    pub service: String,
    pub phone: String,
    pub contact_key: String,
    pub client: String,
    pub items: Vec<Value>,
}

impl People {
    /// The admin adds a service and a team lead, who adds a client and invites them; the client's phone joins.
    pub async fn of(api: &Api) -> Self {
        let sign_in = async |email: &str| {
            let body = json!({ "email": email, "password": PASSWORD });
            text(&api.post("/api/v1/auth/sign-in", &body).await.is(200)["access_token"])
        };
        let post = async |token: &str, path: &str, body: Value| {
            api.call(reqwest::Method::POST, path, Some(token), Some(&body)).await.is(201)
        };
        let admin = sign_in("ada@example.org").await;
        let service = post(&admin, "/api/v1/admin/services", json!({ "name": "Home", "kind": "medium" })).await;
        let lead = json!({ "email": "dee@example.org", "name": "Dee Worker", "first_name": "Dee", "password": PASSWORD,
                           "roles": ["team_lead"], "service_ids": [service["id"]] });
        post(&admin, "/api/v1/admin/workers", lead).await;
        let worker = sign_in("dee@example.org").await;
        let client =
            json!({ "name": "Sam Example", "preferred_name": "Sam", "service_id": service["id"], "cover": "day" });
        let client = text(&post(&worker, "/api/v1/team/clients", client).await["id"]);
        let invite = post(&worker, &format!("/api/v1/team/clients/{client}/invites"), json!({})).await;
        let claim = json!({ "code": invite["code"], "device_name": "A phone" });
        let joined = api.post("/api/v1/auth/claim", &claim).await.is(201);
        let phone = text(&joined["access_token"]);
        let items = items(&api.call(reqwest::Method::GET, "/api/v1/me/items", Some(&phone), None).await.is(200));
        let service = text(&service["id"]);
        Self {
            api: api.clone(),
            admin,
            worker,
            service,
            phone,
            contact_key: text(&joined["contact_key"]),
            client,
            items,
        }
    }

    pub async fn as_phone(&self, method: reqwest::Method, path: &str, body: Option<&Value>) -> crate::Answer {
        self.api.call(method, path, Some(&self.phone), body).await
    }

    pub async fn as_worker(&self, path: &str) -> Value {
        self.api.call(reqwest::Method::GET, path, Some(&self.worker), None).await.is(200)
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Chance for a test that is worth telling again: its seed is printed, and `COMPANION_TEST_SEED` gives it.
pub fn chance(what: &str) -> Chance {
    let given = std::env::var("COMPANION_TEST_SEED").ok().map(|s| s.parse().unwrap());
    let seed = given.unwrap_or_else(|| {
        u64::from(std::process::id()) ^ u64::from(std::time::UNIX_EPOCH.elapsed().unwrap().subsec_nanos())
    });
    println!("{what}: COMPANION_TEST_SEED={seed}");
    Chance::seeded(seed)
}
