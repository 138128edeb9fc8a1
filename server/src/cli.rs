//! The command line: one binary, `companion`.

use std::{
    fs::File,
    io::{self, BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    access::Role,
    app::App,
    assess,
    audit::{self, Actor, Verdict},
    clock::{Chance, SystemClock},
    config::{Config, Flags, LogFormat},
    db::Db,
    demo,
    ids::OrganisationId,
    organisation::{self, Settings},
    outbound::{self, Reach},
    resources::{
        self,
        folder::{self, Report},
        links::{self, Answer},
    },
    serve,
    workers::admin::{self, NewWorker},
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Parser)]
#[command(
    name = "companion",
    version,
    about = "A phone companion for clients of mental-health support, and the desk of their team"
)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show it all with invented people, on this computer only
    Demo {
        /// Start over: deletes what an earlier demonstration made
        #[arg(long)]
        reset: bool,
        /// The demonstration's own folder
        #[arg(long, default_value = "companion-demo")]
        dir: PathBuf,
    },
    /// Serve the apps and the API
    Serve,
    /// Make an organisation and its first admin
    Init {
        /// The provider's name
        #[arg(long)]
        name: String,
        /// The number to ring instead of using the app
        #[arg(long)]
        phone: Option<String>,
        /// When that number is answered, in words
        #[arg(long)]
        phone_hours: Option<String>,
        /// england, wales, scotland or northern_ireland: whose crisis lines come first
        #[arg(long, default_value = "england")]
        nation: String,
        /// The admin signs in with this
        #[arg(long)]
        admin_email: String,
        /// The admin's full name
        #[arg(long)]
        admin_name: String,
        /// The admin's password; asked for when it is not given
        #[arg(long, env = "COMPANION_ADMIN_PASSWORD", hide_env_values = true)]
        admin_password: Option<String>,
    },
    /// Bring the database's tables up to date
    Migrate,
    /// Check-ins in (CSV), flags out: the engine as a filter
    Assess {
        /// CSV with person_id,start_day,end_day
        #[arg(long)]
        persons: PathBuf,
    },
    /// Copy the SQLite database to a new file while the server runs
    Backup {
        /// The file to write; it must not exist
        to: PathBuf,
    },
    /// The library of articles and exercises, as a folder of Markdown
    Resources {
        #[command(subcommand)]
        what: Resources,
        /// The organisation's name, where the database holds several
        #[arg(long, global = true)]
        organisation: Option<String>,
    },
    /// Check that nobody edited, deleted or reordered the audit trail
    VerifyAudit,
}

#[derive(Debug, Subcommand)]
enum Resources {
    /// Write what clients may read to a new folder; drafts and what is retired stay behind
    Export {
        /// The folder; it must not exist, or be empty
        to: PathBuf,
    },
    /// Read a folder in, as drafts; if one file has a fault, nothing is taken in
    Import {
        /// A folder with en/, en-easy/, cy/, cy-easy/ and images/, as an export has them
        from: PathBuf,
        /// Publish at once instead
        #[arg(long)]
        publish: bool,
    },
    /// Ask every page that the texts point to whether it is still there
    CheckLinks,
}

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("companion: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Assess { persons } = &cli.command {
        assess::run(File::open(persons)?, io::stdin().lock(), io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = match cli.command {
        Command::Demo { .. } => demo::configuration(cli.flags.listen)?,
        _ => Config::load(&cli.flags)?,
    };
    start_logs(&config);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(with_database(cli.command, config))
}

async fn with_database(command: Command, config: Config) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo { reset, dir } => demo::run(config, &dir, reset).await?,
        Command::Serve => serve::run(open(config).await?).await?,
        Command::Migrate => {
            Db::open(&config.database_url).await?.migrate().await?;
            println!("The tables are up to date.");
        }
        Command::Init { name, phone, phone_hours, nation, admin_email, admin_name, admin_password } => {
            config.ensure_master_key(&Chance::from_system())?;
            let key_file = config.master_key_file.clone();
            let app = open(config).await?;
            let settings = Settings { name, brand_colour: None, phone, phone_hours, nation };
            let password = admin_password.map_or_else(ask_for_password, Ok)?;
            init(&app, settings, admin_email, admin_name, password).await?;
            println!(
                "Done. Keep {} apart from the backups: without it nothing that clients wrote can be read.",
                key_file.display()
            );
            println!(
                "Start with `companion serve` and sign in at {}/team/",
                app.config.public_url.trim_end_matches('/')
            );
        }
        Command::Backup { to } => backup(&config, &to).await?,
        Command::Resources { what, organisation } => {
            return resources(&open(config).await?, what, organisation).await;
        }
        Command::VerifyAudit => return verify_audit(&config).await,
        Command::Assess { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the database, brings it up to date, and makes the app around it.
pub async fn open(config: Config) -> Result<App, Failure> {
    let db = Db::open(&config.database_url).await?;
    db.migrate().await?;
    let master = config.master_key()?;
    let app = App::new(db, Arc::new(SystemClock), Chance::from_system(), master, config).await?;
    resources::install_everywhere(&app).await?;
    Ok(app)
}

async fn resources(app: &App, what: Resources, organisation: Option<String>) -> Result<ExitCode, Failure> {
    let organisation = organisation::named(app, organisation.as_deref()).await?;
    let Report { texts, unchanged, images } = match what {
        Resources::Export { to } => folder::export(app, organisation, &to).await?,
        Resources::Import { from, publish } => folder::import(app, organisation, &from, publish).await?,
        Resources::CheckLinks => return check_links(app, organisation).await,
    };
    println!("{texts} texts and {images} pictures; {unchanged} texts were the same already.");
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn check_links(app: &App, organisation: OrganisationId) -> Result<ExitCode, Failure> {
    let pages = links::pages(resources::library(app, organisation).await?.as_ref());
    let progress = folder::bar(pages.len(), "Asking pages");
    let client = outbound::client(Reach::Public)?;
    let answers = links::check(&client, pages.keys().cloned(), || progress.inc(1)).await;
    progress.finish_and_clear();
    for (url, answer) in answers.iter().filter(|(_, answer)| **answer != Answer::There) {
        let named: Vec<&str> = pages[url].iter().map(String::as_str).collect();
        println!("{url}\n    {answer}; named by {}", named.join(", "));
    }
    let broken = answers.values().filter(|a| a.is_broken()).count();
    println!("{} pages asked, {broken} not there.", answers.len());
    app.db.close().await;
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn init(app: &App, settings: Settings, email: String, name: String, password: String) -> Result<(), Failure> {
    let organisation = organisation::create(app, &settings).await.map_err(readable)?;
    let first_name = name.split_whitespace().next().unwrap_or(&name).to_owned();
    let admin = NewWorker { email, name, first_name, password, roles: vec![Role::Admin], service_ids: Vec::new() };
    admin::add(app, organisation, Actor::System, admin).await.map_err(readable)?;
    Ok(())
}

/// An error's fields as a sentence: there is no form to show them in.
fn readable(error: crate::error::Error) -> Failure {
    match error {
        crate::error::Error::Invalid(fields) => {
            let lines: Vec<String> = fields.iter().map(|f| format!("{}: {}", f.field, f.message)).collect();
            lines.join("; ").into()
        }
        other => other.into(),
    }
}

fn ask_for_password() -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err("give the admin's password with COMPANION_ADMIN_PASSWORD".into());
    }
    print!("A password for the admin (at least 12 characters, shown as you type): ");
    io::stdout().flush()?;
    let mut password = String::new();
    io::stdin().lock().read_line(&mut password)?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

async fn backup(config: &Config, to: &Path) -> Result<(), Failure> {
    if to.exists() {
        return Err(format!("{} is there already; a backup never overwrites", to.display()).into());
    }
    let db = Db::open(&config.database_url).await?;
    if !db.copy_to(&to.to_string_lossy()).await? {
        return Err("with PostgreSQL use pg_dump, or your server's own backups".into());
    }
    File::open(to)?.sync_all()?;
    println!("Copied to {}. The master key is not in it: keep that somewhere else.", to.display());
    Ok(())
}

async fn verify_audit(config: &Config) -> Result<ExitCode, Failure> {
    let db = Db::open(&config.database_url).await?;
    let master = config.master_key()?;
    let organisations: Vec<(OrganisationId, String)> =
        db.query("SELECT id, name FROM organisation ORDER BY name").all().await?;
    let mut code = ExitCode::SUCCESS;
    for (id, name) in organisations {
        match audit::verify(&db, &master, id).await? {
            Verdict::Whole { rows, head } => println!("{name}: whole, {rows} rows, head {head}"),
            Verdict::BrokenAt { seq } => {
                code = ExitCode::FAILURE;
                println!("{name}: BROKEN at row {seq}: it was edited, deleted or moved");
            }
            Verdict::HeadDoesNotFit => {
                code = ExitCode::FAILURE;
                println!("{name}: BROKEN: rows are missing at the end, or the head was changed");
            }
        }
    }
    Ok(code)
}

fn start_logs(config: &Config) {
    let filter = EnvFilter::try_new(&config.log_filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // Failing means that logs have been started already, which only a test does.
    let _ = match config.log_format {
        LogFormat::Human => logs.try_init(),
        LogFormat::Json => logs.json().try_init(),
    };
}
