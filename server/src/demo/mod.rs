//! `companion demo`: an invented provider, alive from the first minute, on this computer only.
//!
//! The first start lives through twelve weeks (`story.rs`) in a database of its own; later starts find it there.

mod desk;
mod diary;
mod folder;
mod join;
mod pack;
mod people;
mod plans;
mod reminders;
mod rota;
mod story;
#[cfg(test)]
mod tests;
mod usual;
mod welcome;
mod wire;

use std::{net::SocketAddr, path::Path, sync::Arc, time::Instant};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use tokio::net::TcpListener;

use crate::{
    app::App,
    clock::{Chance, Clock, MovableClock, SystemClock},
    config::{self, Config, Language},
    db::Db,
    resources, serve,
};
use folder::Folder;
use people::People;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Nobody here has a phone that rings until somebody tries it: that is no news to whoever reads the log.
const LOG: &str = "log_filter = \"info,companion::escalation::effects=off\"";

/// The configuration of a demonstration. It takes nothing from `companion.toml`, which may be that of a real provider.
pub fn configuration(listen: Option<SocketAddr>) -> Result<Config, Failure> {
    let figment = Figment::from(Toml::string(config::DEFAULTS))
        .merge(Toml::string(LOG))
        .merge(Env::prefixed("COMPANION_").only(&["log_format", "log_filter", "metrics_listen"]));
    let mut config: Config = figment.extract().map_err(Box::new)?;
    config.listen = listen.unwrap_or(config.listen);
    config.languages = vec![Language::En, Language::Cy];
    if !config.listen.ip().is_loopback() {
        return Err(format!(
            "a demonstration is for this computer only: {} could be reached from others. Use 127.0.0.1, or `companion serve`.",
            config.listen
        )
        .into());
    }
    Ok(config)
}

/// Fills the folder if need be, says where to go, and serves until it is stopped.
pub async fn run(mut config: Config, path: &Path, reset: bool) -> Result<(), Failure> {
    // First of all, so that nobody waits for a filling that cannot be shown.
    let listener = listen(config.listen).await?;
    config.listen = listener.local_addr()?;
    config.public_url = format!("http://{}", config.listen);
    let folder = Folder::take(path)?;
    config.master_key_file = folder.key();
    if reset {
        folder.empty()?;
    }
    if !folder.is_filled() {
        fill(&folder, &config, path).await?;
    }
    let app = open(&config, &folder.database(), Arc::new(SystemClock)).await.map_err(|error| {
        format!("the demonstration in {} cannot be opened ({error}). Another version may have made it: --reset starts over.", path.display())
    })?;
    welcome::print(&app).await?;
    serve::run_on(app, listener).await?;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "Something else is listening on {address} already. Stop it, or choose another port: --listen 127.0.0.1:{}",
            address.port().wrapping_add(1)
        )
        .into(),
        _ => format!("cannot listen on {address}: {error}").into(),
    })
}

async fn fill(folder: &Folder, config: &Config, path: &Path) -> Result<(), Failure> {
    println!("Living through twelve weeks at an invented provider, in {}/ …", path.display());
    let began = Instant::now();
    folder.discard_half_made()?;
    config.ensure_master_key(&Chance::from_system())?;
    let now = SystemClock.now();
    let clock = MovableClock::at(now - chrono::TimeDelta::weeks(13));
    let app = open(config, &folder.filling(), Arc::new(clock.clone())).await?;
    story::live(app.clone(), People::read()?, clock, now).await?;
    // A copy, because it is one file, closed, that can be given its name in one step.
    app.db.copy_to(&folder.copy().to_string_lossy()).await?;
    app.db.close().await;
    drop(app);
    folder.filled()?;
    // Should it still be held open for a moment, the next start tidies up.
    let _ = folder.discard_half_made();
    println!("… which took {:.1} seconds. The next start finds them there.", began.elapsed().as_secs_f64());
    Ok(())
}

async fn open(config: &Config, database: &Path, clock: Arc<dyn Clock>) -> Result<App, Failure> {
    let config = Config { database_url: format!("sqlite:{}", database.display()), ..config.clone() };
    let db = Db::open(&config.database_url).await?;
    db.migrate().await?;
    let master = config.master_key()?;
    let app = App::new(db, clock, Chance::from_system(), master, config).await?;
    resources::install_everywhere(&app).await?;
    Ok(app)
}
