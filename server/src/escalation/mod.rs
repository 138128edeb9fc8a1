//! Whether what must happen happens in time.

use chrono::Duration;

use crate::{app::App, error::Result, jobs};

/// A node that has not looked through its jobs for longer cannot say that anybody watches.
const LAST_LOOK: Duration = Duration::seconds(30);
/// What was due longer ago than this is late.
const LATE: Duration = Duration::seconds(60);

/// Whether the engine keeps up. While it does not, nobody may be told that somebody would be rung.
pub async fn is_healthy(app: &App) -> Result<bool> {
    let now = app.now();
    let looked = app.last_sweep().is_some_and(|at| now - at < LAST_LOOK);
    let late = jobs::oldest_overdue(app).await?.is_some_and(|due| now - due > LATE);
    Ok(looked && !late)
}
