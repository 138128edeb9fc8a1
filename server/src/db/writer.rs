//! SQLite's one writer, with group commit.
//!
//! Making a commit durable waits for the disk; writing does not. So transactions take turns on one connection
//! as savepoints of one larger transaction, and a single commit makes all of them durable that gathered while
//! the last one waited. Nobody's `commit()` returns before the disk has what they wrote. If that commit fails,
//! it fails for all of them.
//!
//! A handler can be dropped at any await, when its caller hangs up. Therefore beginning and committing run as
//! tasks of their own, to their end; and a part dropped unfinished leaves a mark that the next in line reads
//! and undoes.

use std::sync::Arc;

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

#[derive(Clone, Debug)]
pub struct Writer(Arc<Mutex<Line>>);

#[derive(Debug)]
struct Line {
    connection: SqliteConnection,
    /// A larger transaction has begun.
    open: bool,
    /// Somebody dropped their part unfinished.
    unfinished: bool,
    /// A task is queued to commit what has gathered.
    committing: bool,
    /// Those who wait for that commit.
    waiting: Vec<oneshot::Sender<Result<(), String>>>,
}

/// One part of a larger transaction; rolls back when dropped.
#[derive(Debug)]
pub struct Part {
    line: OwnedMutexGuard<Line>,
}

impl Writer {
    pub async fn open(options: &SqliteConnectOptions) -> sqlx::Result<Self> {
        let connection = SqliteConnection::connect_with(options).await?;
        let line = Line { connection, open: false, unfinished: false, committing: false, waiting: Vec::new() };
        Ok(Self(Arc::new(Mutex::new(line))))
    }

    pub async fn begin(&self) -> sqlx::Result<Part> {
        unhurried(begin(Arc::clone(&self.0))).await
    }

    /// Runs something on the connection outside any transaction, once what has gathered is on disk.
    pub async fn alone<T>(&self, work: impl AsyncFnOnce(&mut SqliteConnection) -> sqlx::Result<T>) -> sqlx::Result<T> {
        let mut line = self.0.lock().await;
        line.commit().await;
        work(&mut line.connection).await
    }
}

/// Runs something to its end even if whoever waits for it hangs up: between two statements of ours nobody may
/// be left who does not know whether the first went through.
async fn unhurried<T: Send + 'static>(work: impl Future<Output = sqlx::Result<T>> + Send + 'static) -> sqlx::Result<T> {
    tokio::spawn(work).await.map_err(|_| sqlx::Error::WorkerCrashed)?
}

async fn begin(line: Arc<Mutex<Line>>) -> sqlx::Result<Part> {
    let turn = tokio::time::timeout(super::PATIENCE, line.lock_owned()).await;
    let mut line = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
    if line.undo_unfinished().await.is_err() {
        // SQLite gave the whole transaction up (a full disk, a failing one): nobody in it was kept.
        line.commit().await;
    }
    if !line.open {
        // SQLite's write lock at once: a wait here instead of a deadlock later.
        line.run("BEGIN IMMEDIATE").await?;
        line.open = true;
    }
    line.run("SAVEPOINT part").await?;
    // Until it is committed, being dropped means being undone.
    line.unfinished = true;
    Ok(Part { line })
}

impl Line {
    async fn run(&mut self, sql: &'static str) -> sqlx::Result<()> {
        sqlx::query(sql).execute(&mut self.connection).await?;
        Ok(())
    }

    async fn undo_unfinished(&mut self) -> sqlx::Result<()> {
        if self.unfinished {
            self.run("ROLLBACK TO part").await?;
            self.run("RELEASE part").await?;
            self.unfinished = false;
        }
        Ok(())
    }

    /// Makes everything durable that was released, and tells those who wait.
    async fn commit(&mut self) {
        self.committing = false;
        if !self.open {
            return;
        }
        let mut done = self.undo_unfinished().await;
        // Whatever came of it, what follows is a new transaction.
        self.unfinished = false;
        if done.is_ok() {
            done = self.run("COMMIT").await;
        }
        if done.is_err() {
            // Whatever is left of it must not be joined by the next.
            let _ = self.run("ROLLBACK").await;
        }
        self.open = false;
        let told = done.map_err(|e| e.to_string());
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(told.clone());
        }
    }
}

impl Part {
    pub fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.line.connection
    }

    /// Ends this part and waits until it is on disk.
    pub async fn commit(self, writer: &Writer) -> sqlx::Result<()> {
        unhurried(commit(self, Arc::clone(&writer.0))).await
    }
}

impl Drop for Part {
    /// A part that is given up has nobody who waits for it, so the lock it took on the file is let go here: another
    /// process may be waiting for that.
    fn drop(&mut self) {
        if !self.line.unfinished || self.line.committing {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            self.line.committing = true;
            let line = Arc::clone(OwnedMutexGuard::mutex(&self.line));
            runtime.spawn(async move { line.lock().await.commit().await });
        }
    }
}

async fn commit(mut part: Part, line: Arc<Mutex<Line>>) -> sqlx::Result<()> {
    part.line.run("RELEASE part").await?;
    part.line.unfinished = false;
    let (tell, told) = oneshot::channel();
    part.line.waiting.push(tell);
    if !part.line.committing {
        part.line.committing = true;
        // Its turn comes after those who are in line already: they gather in the same commit.
        tokio::spawn(async move { line.lock().await.commit().await });
    }
    drop(part);
    match told.await {
        Ok(done) => done.map_err(sqlx::Error::Protocol),
        Err(_) => Err(sqlx::Error::WorkerCrashed),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    async fn writer(name: &str) -> (Writer, std::path::PathBuf) {
        let file = std::env::temp_dir().join(format!("companion-writer-{name}-{}.db", std::process::id()));
        let _ = std::fs::remove_file(&file);
        let options = SqliteConnectOptions::from_str(&format!("sqlite:{}", file.display())).unwrap();
        let writer = Writer::open(&options.create_if_missing(true)).await.unwrap();
        writer.alone(async |c| sqlx::query("CREATE TABLE t (n INTEGER PRIMARY KEY)").execute(c).await).await.unwrap();
        (writer, file)
    }

    async fn put(writer: &Writer, n: i64) -> sqlx::Result<()> {
        let mut part = writer.begin().await?;
        sqlx::query("INSERT INTO t VALUES ($1)").bind(n).execute(part.connection()).await?;
        part.commit(writer).await
    }

    async fn rows(writer: &Writer) -> i64 {
        writer.alone(async |c| sqlx::query_scalar("SELECT COUNT(*) FROM t").fetch_one(c).await).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_at_once_are_each_kept_and_one_that_fails_takes_nobody_along() {
        let (writer, file) = writer("many").await;
        let tasks: Vec<_> = (0..200)
            .map(|n| {
                let writer = writer.clone();
                tokio::spawn(async move { put(&writer, n % 190).await.is_ok() })
            })
            .collect();
        let mut kept = 0;
        for task in tasks {
            kept += i64::from(task.await.unwrap());
        }
        assert_eq!((kept, rows(&writer).await), (190, 190));
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn a_part_dropped_unfinished_is_undone_and_the_next_is_kept() {
        let (writer, file) = writer("dropped").await;
        let mut part = writer.begin().await.unwrap();
        sqlx::query("INSERT INTO t VALUES (1)").execute(part.connection()).await.unwrap();
        drop(part);
        put(&writer, 2).await.unwrap();
        let left: Vec<i64> =
            writer.alone(async |c| sqlx::query_scalar("SELECT n FROM t").fetch_all(c).await).await.unwrap();
        assert_eq!(left, [2]);
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn a_part_given_up_leaves_the_file_to_other_processes() {
        let (writer, file) = writer("given-back").await;
        let mut part = writer.begin().await.unwrap();
        sqlx::query("INSERT INTO t VALUES (1)").execute(part.connection()).await.unwrap();
        drop(part);
        let options = SqliteConnectOptions::from_str(&format!("sqlite:{}", file.display())).unwrap();
        let other = Writer::open(&options).await.unwrap();
        put(&other, 2).await.unwrap();
        assert_eq!((rows(&other).await, rows(&writer).await), (1, 1));
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_gave_up_fails_for_those_in_it_and_the_line_moves_on() {
        let (writer, file) = writer("given-up").await;
        let mut part = writer.begin().await.unwrap();
        sqlx::query("INSERT INTO t VALUES (1)").execute(part.connection()).await.unwrap();
        // What SQLite does by itself when the disk fails under it.
        sqlx::query("ROLLBACK").execute(part.connection()).await.unwrap();
        assert!(part.commit(&writer).await.is_err());
        let mut part = writer.begin().await.unwrap();
        sqlx::query("ROLLBACK").execute(part.connection()).await.unwrap();
        drop(part);
        put(&writer, 2).await.unwrap();
        assert_eq!(rows(&writer).await, 1);
        std::fs::remove_file(file).unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn callers_who_hang_up_at_any_moment_leave_nothing_half_done() {
        let (writer, file) = writer("hang-up").await;
        let mut kept = Vec::new();
        for n in 0..300_i64 {
            // Polled a few times more each round, then dropped: somewhere between begin and commit.
            let mut ask = Box::pin(put(&writer, n));
            let mut done = None;
            for _ in 0..(n % 12) {
                let polled = tokio::select! { biased; d = &mut ask => Some(d), () = tokio::task::yield_now() => None };
                if polled.is_some() {
                    done = polled;
                    break;
                }
            }
            drop(ask);
            if done.is_some_and(|d| d.is_ok()) {
                kept.push(n);
            }
        }
        put(&writer, 1000).await.unwrap();
        let left: Vec<i64> =
            writer.alone(async |c| sqlx::query_scalar("SELECT n FROM t ORDER BY n").fetch_all(c).await).await.unwrap();
        assert!(kept.iter().all(|n| left.contains(n)), "whoever was told so is kept");
        assert!(left.contains(&1000), "and the line still moves");
        std::fs::remove_file(file).unwrap();
    }
}
