//! A fresh database for every story.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use companion::db::Db;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::data;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database that goes away with its story.
#[derive(Clone, Debug)]
pub enum Database {
    Sqlite { folder: PathBuf },
    Postgres { server: String, name: String },
}

impl Database {
    /// A fresh, empty or migrated, database; none where PostgreSQL is asked for and there is no server.
    pub async fn fresh(backend: Backend) -> Option<Self> {
        let name = unused_name();
        if backend == Backend::Sqlite {
            let folder = std::env::temp_dir().join(name);
            std::fs::create_dir(&folder).unwrap();
            return Some(Self::Sqlite { folder });
        }
        let Ok(server) = std::env::var("COMPANION_TEST_POSTGRES") else {
            data::skip("COMPANION_TEST_POSTGRES names no PostgreSQL server");
            return None;
        };
        Some(Self::fresh_on(&server).await)
    }

    /// A fresh one on a PostgreSQL server of the caller's.
    pub async fn fresh_on(server: &str) -> Self {
        let name = unused_name();
        copy_template(server, &name).await;
        Self::Postgres { server: server.to_owned(), name }
    }

    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { folder } => format!("sqlite:{}", folder.join("companion.db").display()),
            Self::Postgres { server, name } => on_server(server, name),
        }
    }

    /// A folder of the story's own, for its files.
    pub fn folder(&self) -> PathBuf {
        match self {
            Self::Sqlite { folder } => folder.clone(),
            Self::Postgres { name, .. } => {
                let folder = std::env::temp_dir().join(name);
                std::fs::create_dir_all(&folder).unwrap();
                folder
            }
        }
    }

    /// A copy as it is at this moment, as a backup is.
    pub async fn back_up(&self) -> Self {
        let copy = unused_name();
        match self {
            Self::Sqlite { .. } => {
                let folder = std::env::temp_dir().join(copy);
                std::fs::create_dir(&folder).unwrap();
                let mut db = SqliteConnection::connect(&self.url()).await.unwrap();
                let file = folder.join("companion.db").display().to_string();
                sqlx::query("VACUUM INTO $1").bind(file).execute(&mut db).await.unwrap();
                Self::Sqlite { folder }
            }
            Self::Postgres { server, name } => {
                let mut admin = PgConnection::connect(server).await.unwrap();
                // A database is copied only while nobody is in it; whoever was comes back by themselves.
                execute(&mut admin, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
                let others = "SELECT COUNT(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = $1";
                sqlx::query(others).bind(name).execute(&mut admin).await.unwrap();
                execute(&mut admin, format!("CREATE DATABASE {copy} TEMPLATE {name}")).await;
                execute(&mut admin, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
                Self::Postgres { server: server.clone(), name: copy }
            }
        }
    }

    pub async fn remove(self) {
        let _ = std::fs::remove_dir_all(self.folder());
        if let Self::Postgres { server, name } = self {
            let mut admin = PgConnection::connect(&server).await.unwrap();
            let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            sqlx::query(drop).execute(&mut admin).await.unwrap();
        }
    }
}

fn unused_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let n = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanos = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    format!("companion_story_{}_{n}_{}", std::process::id(), nanos % 1_000_000_000)
}

fn on_server(server: &str, database: &str) -> String {
    let (address, _) = server.rsplit_once('/').unwrap();
    format!("{address}/{database}")
}

/// Migrates once per set of migrations, then copies: ten times quicker than migrating every story's database.
async fn copy_template(server: &str, name: &str) {
    const ONE_AT_A_TIME: i64 = 20_261_121;
    let template = template_name();
    let mut admin = PgConnection::connect(server).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)").bind(ONE_AT_A_TIME).execute(&mut admin).await.unwrap();
    let known: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&template)
        .fetch_optional(&mut admin)
        .await
        .unwrap();
    if known.is_none() {
        // Under another name until it is whole: a run that is interrupted here leaves no half template.
        let draft = format!("{template}_draft");
        execute(&mut admin, format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await;
        execute(&mut admin, format!("CREATE DATABASE {draft}")).await;
        let db = Db::open(&on_server(server, &draft)).await.unwrap();
        db.migrate().await.unwrap();
        db.close().await;
        execute(&mut admin, format!("ALTER DATABASE {draft} RENAME TO {template}")).await;
    }
    execute(&mut admin, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    admin.close().await.unwrap();
}

async fn execute(admin: &mut PgConnection, sql: String) {
    sqlx::query(AssertSqlSafe(sql)).execute(admin).await.unwrap();
}

fn template_name() -> String {
    let mut files: Vec<_> =
        std::fs::read_dir(data::repository().join("migrations")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    format!("companion_template_{:016x}", hasher.finish())
}
