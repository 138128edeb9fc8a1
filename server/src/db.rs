//! The database: embedded SQLite by default, PostgreSQL when several nodes share the load.
//!
//! A [`Query`] is one SQL string and its typed arguments, encoded for whichever database is open, so that
//! features never name a backend. Reads go to [`Db::query`]; every write goes through [`Db::begin`], the one
//! seam, behind which SQLite's group-committing [`writer`] stands.

mod writer;

use std::{str::FromStr, time::Duration};

use sqlx::{
    Arguments, Encode, FromRow, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
    Type,
    error::BoxDynError,
    migrate::Migrator,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    sqlite::{
        SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};

use writer::Writer;

static MIGRATOR: Migrator = sqlx::migrate!("../migrations");

/// The first release without the WAL-reset bug, which could lose committed pages after a crash.
pub const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// How long a request waits for a connection before it is told to come back (503).
const PATIENCE: Duration = Duration::from_secs(5);

/// A value that either database can store.
pub trait Value<'q>: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> {}
impl<'q, T> Value<'q> for T where T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> {}

/// A struct that either database can fill from a row; `#[derive(sqlx::FromRow)]` is enough.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

#[derive(Clone, Debug)]
pub enum Db {
    /// One writer, because SQLite has one, and readers that never wait for it.
    Sqlite {
        writer: Writer,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot open the database: {0}")]
    Sqlx(#[from] sqlx::Error),
    #[error("cannot bring the database's tables up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("SQLite {0} has the WAL-reset bug, which can lose what was committed; 3.51.3 or newer is needed")]
    TooOld(String),
}

impl Db {
    /// Opens `sqlite:…` or `postgres:…`. With SQLite, a commit is on disk when it returns (WAL, FULL).
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("postgres") {
            // Said here, not left to how the server was set up: what a 2xx means rests on the first of these, and
            // that no handler hangs for ever on the others.
            let options = PgConnectOptions::from_str(url)?.options([
                ("synchronous_commit", "on"),
                ("default_transaction_isolation", "read committed"),
                ("statement_timeout", "15s"),
                ("lock_timeout", "5s"),
                ("idle_in_transaction_session_timeout", "30s"),
            ]);
            let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE);
            return Ok(Self::Postgres(pool.connect_with(options).await?));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let writer = Writer::open(&options).await?;
        // A file does not hang up: asking each connection first whether it is still there would cost as much as a
        // query.
        let readers = SqlitePoolOptions::new().acquire_timeout(PATIENCE).max_connections(8).test_before_acquire(false);
        let readers = readers.connect_with(options.pragma("query_only", "ON")).await?;
        refuse_old_sqlite(&readers).await?;
        Ok(Self::Sqlite { writer, readers })
    }

    /// Brings the tables up to date. Nodes may do so at once: PostgreSQL's migrator takes a lock.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        match self {
            Self::Sqlite { writer, .. } => {
                // The migrator's own error is kept apart from the connection's.
                writer.alone(async |c| Ok(MIGRATOR.run(c).await)).await??;
            }
            Self::Postgres(pool) => {
                // Nodes that start together wait here for the one that migrates.
                let mut connection = pool.acquire().await?.detach();
                sqlx::query("SET statement_timeout = 0").execute(&mut connection).await?;
                sqlx::query("SET lock_timeout = 0").execute(&mut connection).await?;
                MIGRATOR.run(&mut connection).await?;
            }
        }
        Ok(())
    }

    /// Starts a transaction that rolls back when dropped.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin().await?, writer.clone()),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A single statement that reads. On SQLite it could not write if it tried.
    pub fn query(&self, sql: &'static str) -> Query<'_> {
        let target = match self {
            Self::Sqlite { readers, .. } => Target::SqlitePool(readers, SqliteArguments::default()),
            Self::Postgres(pool) => Target::PgPool(pool, PgArguments::default()),
        };
        Query { sql, target, error: None }
    }

    /// Writes a whole, consistent copy to a new file while the server goes on. SQLite only: PostgreSQL has its
    /// own tools.
    pub async fn copy_to(&self, file: &str) -> sqlx::Result<bool> {
        let Self::Sqlite { writer, .. } = self else { return Ok(false) };
        writer.alone(async |c| sqlx::query("VACUUM INTO $1").bind(file).execute(c).await).await?;
        Ok(true)
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                // What was told to be done is on disk already; this ends what nobody waits for.
                readers.close().await;
                // And leaves one file, not three, for whoever copies it next.
                let _ = writer.alone(async |c| sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(c).await).await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

async fn refuse_old_sqlite(pool: &SqlitePool) -> Result<(), OpenError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    if is_old_sqlite(&version) { Err(OpenError::TooOld(version)) } else { Ok(()) }
}

fn is_old_sqlite(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').map_while(|p| p.parse().ok()).collect();
    parts.as_slice() < OLDEST_SQLITE.as_slice()
}

/// Something statements can be run on: the pool for a read, a transaction for more.
pub trait Connection: Send {
    fn query(&mut self, sql: &'static str) -> Query<'_>;
}

impl Connection for &Db {
    fn query(&mut self, sql: &'static str) -> Query<'_> {
        Db::query(self, sql)
    }
}

impl Connection for Tx {
    fn query(&mut self, sql: &'static str) -> Query<'_> {
        Tx::query(self, sql)
    }
}

impl<C: Connection> Connection for &mut C {
    fn query(&mut self, sql: &'static str) -> Query<'_> {
        (**self).query(sql)
    }
}

#[derive(Debug)]
pub enum Tx {
    Sqlite(writer::Part, Writer),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub fn query(&mut self, sql: &'static str) -> Query<'_> {
        let target = match self {
            Self::Sqlite(part, _) => Target::SqliteTx(part.connection(), SqliteArguments::default()),
            Self::Postgres(tx) => Target::PgTx(tx, PgArguments::default()),
        };
        Query { sql, target, error: None }
    }

    /// When this returns, what was written is on disk.
    pub async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(part, writer) => part.commit(&writer).await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

enum Target<'e> {
    SqlitePool(&'e SqlitePool, SqliteArguments),
    SqliteTx(&'e mut SqliteConnection, SqliteArguments),
    PgPool(&'e PgPool, PgArguments),
    PgTx(&'e mut PgConnection, PgArguments),
}

#[must_use = "a query does nothing until it is run"]
#[expect(missing_debug_implementations, reason = "its arguments may be words of a client")]
pub struct Query<'e> {
    sql: &'static str,
    target: Target<'e>,
    error: Option<BoxDynError>,
}

/// Runs `$build.$method(executor)` on whichever executor the query holds.
macro_rules! run {
    ($query:ident, $build:path, $method:ident) => {{
        if let Some(error) = $query.error {
            return Err(sqlx::Error::Encode(error));
        }
        match $query.target {
            Target::SqlitePool(e, args) => $build($query.sql, args).$method(e).await?.into(),
            Target::SqliteTx(e, args) => $build($query.sql, args).$method(e).await?.into(),
            Target::PgPool(e, args) => $build($query.sql, args).$method(e).await?.into(),
            Target::PgTx(e, args) => $build($query.sql, args).$method(e).await?.into(),
        }
    }};
}

impl Query<'_> {
    /// Binds the next `$n`.
    pub fn bind<'q>(mut self, value: impl Value<'q>) -> Self {
        let added = match &mut self.target {
            Target::SqlitePool(_, args) | Target::SqliteTx(_, args) => Arguments::add(args, value),
            Target::PgPool(_, args) | Target::PgTx(_, args) => Arguments::add(args, value),
        };
        self.error = self.error.or(added.err());
        self
    }

    /// Runs the statement and counts the rows it changed.
    pub async fn execute(self) -> sqlx::Result<u64> {
        let changed: Changed = run!(self, sqlx::query_with, execute);
        Ok(changed.0)
    }

    pub async fn one<T: Record>(self) -> sqlx::Result<T> {
        Ok(run!(self, sqlx::query_as_with::<_, T, _>, fetch_one))
    }

    pub async fn optional<T: Record>(self) -> sqlx::Result<Option<T>> {
        Ok(run!(self, sqlx::query_as_with::<_, T, _>, fetch_optional))
    }

    pub async fn all<T: Record>(self) -> sqlx::Result<Vec<T>> {
        Ok(run!(self, sqlx::query_as_with::<_, T, _>, fetch_all))
    }

    /// The first column of the only row.
    pub async fn scalar<T>(self) -> sqlx::Result<T>
    where
        (T,): Record,
    {
        Ok(self.one::<(T,)>().await?.0)
    }
}

struct Changed(u64);

impl From<sqlx::sqlite::SqliteQueryResult> for Changed {
    fn from(result: sqlx::sqlite::SqliteQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

impl From<sqlx::postgres::PgQueryResult> for Changed {
    fn from(result: sqlx::postgres::PgQueryResult) -> Self {
        Self(result.rows_affected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_sqlite_with_the_wal_reset_bug() {
        for old in ["3.40.1", "3.51.2", "3.9.0"] {
            assert!(is_old_sqlite(old), "{old}");
        }
        for new in ["3.51.3", "3.52.0", "4.0.0"] {
            assert!(!is_old_sqlite(new), "{new}");
        }
    }
}
