//! What clients write is sealed at rest and in no log, and a sealed value opens in its own place only.

use std::{
    fs,
    io::Write,
    path::Path,
    sync::{Arc, Mutex},
};

use companion_tests::{Client, Phone, World, database::Database, json, reminders::daily, story};
use sqlx::{Connection, PgConnection, Row, SqliteConnection};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};
use uuid::Uuid;

const WORDS: [&str; 22] = [
    "canary-note",
    "canary-private",
    "canary-message",
    "canary-addition",
    "canary-answer",
    "canary-flag-note",
    "canary-sign",
    "canary-about",
    "canary-attempt",
    "canary-why",
    "canary-title",
    "canary-text",
    "canary.example.org",
    "canary-search",
    "canary-usual",
    "canary-agreed",
    "canary-rules",
    "canary-missed",
    "canary-reminder",
    "canary-its-note",
    "canary-reason",
    "Canaria",
];

/// Writes every one of the words wherever words can be written.
async fn write_everywhere(world: &World) -> (Client, Phone) {
    let (client, phone) = world.client_with_phone("Canaria").await;
    phone
        .put(
            "/api/v1/me/items",
            &json!({ "check_ins_per_week": 3, "signs": [{ "series_id": null, "text": "canary-sign" }] }),
        )
        .await
        .is(200);
    world.usual_days(&phone, 30).await;
    for _ in 0..4 {
        world.day(&phone, &[("mood", 1.0), ("sleep", 1.0), ("canary-sign", 7.0)]).await;
    }
    phone.check_in_with_note("canary-note", true).await;
    phone.check_in_with_note("canary-private", false).await;
    world.dee.patch(&format!("/api/v1/team/clients/{}", client.id), &json!({ "about": "canary-about" })).await.is(200);
    let flag = phone.flags().await[0]["id"].clone();
    phone.answer_flag(&flag, phone.new_id(), "about_right", Some("canary-answer")).await.is(200);
    world.dee.act_on_flag(&flag, "note", &json!({ "words": "canary-flag-note" })).await.is(200);
    let request =
        phone.put_request(phone.new_id(), &phone.new_request("now", Some("canary-message"))).await.is(201)["id"]
            .clone();
    phone.add_words(&request, phone.new_id(), "canary-addition").await.is(201);
    world
        .dee
        .act_on_request(&request, "attempt", &json!({ "how": "call", "reached": true, "words": "canary-attempt" }))
        .await
        .is(200);
    let sleep = phone.pack().await.id("sleep");
    world.dee.choose(&client, json!([{ "resource_id": sleep, "why": "canary-why" }])).await.is(200);
    let mut own = phone.new_note("canary-title", "canary-text");
    (own["url"], own["shared"]) = (json!("https://canary.example.org/"), json!(true));
    phone.add(&own).await;
    phone.search_in_vain("canary-search").await;
    world.dee.pack_of(&client).await;
    let mut usual =
        world.dee.new_baseline(&client, phone.new_id(), &world.dee.suggested(&client).await, "on_phone").await;
    usual["words"] = json!("canary-usual");
    let asked = world.dee.put_baseline(&client, &usual).await.is(200);
    phone.answer_baseline(&asked["id"], "agree", Some("canary-agreed")).await.is(200);
    let rules = world.dee.new_rules(&client, phone.new_id(), "later", true, "canary-rules").await;
    world.dee.put_rules(&client, &rules).await.is(200);
    let missed = json!({ "id": phone.new_id(), "noticed_on": world.now().date_naive(), "words": "canary-missed" });
    world.dee.tell_missed(&client, &missed).await.is(200);
    let mut reminder = phone.new_reminder("canary-reminder", daily("21:00"));
    reminder["note"] = json!("canary-its-note");
    phone.put_reminder(phone.new_id(), &reminder).await.is(200);
    let tonight = phone.occurrence_on(&world.now().date_naive().to_string()).await;
    let mut skip = phone.new_act(&tonight);
    skip["reason"] = json!("canary-reason");
    phone.put_act(&tonight, "skip", &skip).await.is(200);
    // And what goes wrong is logged without them.
    skip["time"] = json!("canary-reason");
    phone.put_act(&tonight, "skip", &skip).await.is(422);
    own["kind"] = json!("canary-title");
    phone.put_addition(phone.new_id(), &own).await.is(422);
    phone.put("/api/v1/me/items", &json!({ "signs": "canary-sign" })).await.is(422);
    phone.put_check_in(phone.new_id(), &json!({ "recorded_at": "canary-note", "answers": [] })).await.is(422);
    world.run_jobs().await;
    (client, phone)
}

/// Everything the server logs, for as long as the process lives.
#[derive(Clone, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Logs {
    type Writer = Self;
    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Begins to listen, and whether it is we who hear: of two stories in one process the first gets the logs; the daily
/// run gives each a process.
pub fn listen() -> (Logs, bool) {
    let logs = Logs::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace,hyper=info,hyper_util=info,reqwest=info"))
        .with_writer(logs.clone())
        .finish();
    let logging = tracing::subscriber::set_global_default(subscriber).is_ok();
    (logs, logging)
}

story!(no_words_of_a_client_are_in_the_database_or_the_logs, |world| {
    let (logs, logging) = listen();
    write_everywhere(world).await;

    let stored = stored(world).await;
    assert!(stored.len() > 50_000, "there is something to look through");
    for word in WORDS {
        assert!(!holds(&stored, word), "{word} is in the database");
        assert!(!holds(&logs.0.lock().unwrap(), word), "{word} is in the logs");
    }
    if logging {
        assert!(holds(&logs.0.lock().unwrap(), "sqlx"), "the logs were looked at");
    }
});

// Which resource somebody reads is said nowhere: not in a mark, a choice or a first-aid box, not in the audit trail, not in
// a log.
story!(what_somebody_reads_about_stands_nowhere_open, |world| {
    let (logs, logging) = listen();
    let (client, phone) = world.client_with_phone("Sam").await;
    let sleep = phone.pack().await.id("sleep");
    let mark =
        json!({ "opened_at": world.now(), "read_to": 40, "helped": "helped", "bookmarked": true, "shared": true });
    phone.mark(&sleep, mark).await.is(200);
    phone.fill_first_aid(json!([sleep])).await;
    world.dee.choose(&client, json!([{ "resource_id": sleep }])).await.is(200);
    world.dee.pack_of(&client).await;
    world.lead.figures().await;
    world.run_jobs().await;

    let id: Uuid = sleep.as_str().unwrap().parse().unwrap();
    let stored = match &world.database {
        Database::Sqlite { folder } => everything_but_the_library(&world.database.url(), &folder.join("copy.db")).await,
        Database::Postgres { .. } => everything_in(&world.database.url()).await,
    };
    assert!(stored.len() > 3_000, "there is something to look through");
    for written in [id.to_string(), id.simple().to_string()] {
        assert!(!holds(&stored, &written) && !holds(&logs.0.lock().unwrap(), &written), "{written}");
    }
    assert!(!stored.windows(16).any(|w| w == id.as_bytes()));
    if logging {
        assert!(holds(&logs.0.lock().unwrap(), "sqlx"), "the logs were looked at");
    }
});

/// Everything that the database has on its disk.
pub async fn stored(world: &World) -> Vec<u8> {
    match &world.database {
        Database::Sqlite { folder } => {
            fs::read_dir(folder).unwrap().flat_map(|f| fs::read(f.unwrap().path()).unwrap()).collect()
        }
        Database::Postgres { .. } => everything_in(&world.database.url()).await,
    }
}

/// A copy of a SQLite database without the tables of the library.
async fn everything_but_the_library(url: &str, copy: &Path) -> Vec<u8> {
    let mut original = SqliteConnection::connect(url).await.unwrap();
    sqlx::query("VACUUM INTO $1").bind(copy.to_str()).execute(&mut original).await.unwrap();
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}", copy.display())).await.unwrap();
    for sql in ["DROP TABLE resource_image", "DROP TABLE resource_text", "DROP TABLE resource", "VACUUM"] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    fs::read(copy).unwrap()
}

pub fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

/// Every row of every table as text, with bytes as they are; but not the library, which is nobody's.
async fn everything_in(url: &str) -> Vec<u8> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let tables = "SELECT tablename::text FROM pg_tables
                  WHERE schemaname = 'public' AND tablename NOT IN ('resource', 'resource_text')";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut connection).await.unwrap();
    // "escape" shows readable bytes as letters.
    sqlx::query("SET bytea_output = 'escape'").execute(&mut connection).await.unwrap();
    let mut all = Vec::new();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT t::text AS line FROM {table} t"));
        for row in sqlx::query(sql).fetch_all(&mut connection).await.unwrap() {
            all.extend_from_slice(row.get::<String, _>("line").as_bytes());
        }
    }
    all
}

story!(a_sealed_value_moved_elsewhere_does_not_open, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (_, kim) = world.client_with_phone("Kim").await;
    phone.check_in_with_note("sam's first", true).await;
    phone.check_in_with_note("sam's second", true).await;
    kim.check_in_with_note("kim's", true).await;
    let swap = async |sql: &'static str| {
        let mut tx = world.app.db.begin().await.unwrap();
        assert!(tx.query(sql).execute().await.unwrap() > 0);
        tx.commit().await.unwrap();
    };
    // From one row to another of the same client, then from one client to another.
    swap(
        "UPDATE check_in SET note = (SELECT o.note FROM check_in o WHERE o.client_id = check_in.client_id AND o.id <> check_in.id)
          WHERE id IN
             (SELECT id FROM check_in WHERE client_id = (SELECT client_id FROM check_in GROUP BY client_id HAVING COUNT(*) = 2)
              ORDER BY id LIMIT 1)",
    )
    .await;
    let kept = phone.get("/api/v1/me/check-ins").await.is(200);
    let mut notes: Vec<_> = kept["items"].as_array().unwrap().iter().map(|c| c["note"].as_str().unwrap()).collect();
    notes.sort_unstable();
    assert_eq!(notes, ["(These words cannot be read.)", "sam's second"], "it says so where it stands");
    swap(
        "UPDATE client SET wrapped_key = (SELECT o.wrapped_key FROM client o WHERE o.id <> client.id)
          WHERE id = (SELECT client_id FROM check_in GROUP BY client_id HAVING COUNT(*) = 1)",
    )
    .await;
    kim.get("/api/v1/me/check-ins").await.is_problem(500, "internal");
});
