//! Configuration: flags, then environment, then a TOML file, then the commented defaults.

use std::{
    fmt, fs,
    io::Write,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use clap::Args;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use crate::{channels::GatewaySettings, clock::Chance, notify::endpoint, seal::MasterKey};

/// Every key and its default, as shipped; the test below holds it to the struct.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// Said to push services where nothing better is set: good enough for most, on one's own computer.
const NOBODY: &str = "mailto:nobody@companion.invalid";

/// What the environment can set, as COMPANION_….
const KEYS: &[&str] = &[
    "database_url",
    "listen",
    "public_url",
    "master_key_file",
    "master_key",
    "trusted_proxies",
    "jobs",
    "log_format",
    "log_filter",
    "metrics_listen",
    "push_subject",
    "push_hosts",
    "smtp_url",
    "smtp_ca_file",
    "mail_from",
    "gateways",
    "heartbeat_url",
    "languages",
    "replace_service_worker",
];

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub database_url: String,
    pub listen: SocketAddr,
    pub public_url: String,
    pub master_key_file: PathBuf,
    /// From the environment only: a key has no place in a file that is copied about.
    #[serde(default)]
    pub master_key: Option<String>,
    pub trusted_proxies: Vec<IpAddr>,
    pub jobs: bool,
    pub log_format: LogFormat,
    pub log_filter: String,
    pub metrics_listen: String,
    pub push_subject: String,
    pub push_hosts: Vec<String>,
    pub smtp_url: String,
    pub smtp_ca_file: String,
    pub mail_from: String,
    pub gateways: Vec<GatewaySettings>,
    pub heartbeat_url: String,
    pub languages: Vec<Language>,
    pub replace_service_worker: Vec<AppName>,
}

/// One of the two apps that the server brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppName {
    Client,
    Team,
}

/// A language of the client's app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Cy,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The database's address may hold a password, the master key is one.
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("public_url", &self.public_url)
            .field("jobs", &self.jobs)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Human,
    Json,
}

/// The settings that flags can give.
#[derive(Args, Clone, Debug, Default, Serialize)]
pub struct Flags {
    /// A TOML file with settings; companion.toml is read if it is there
    #[arg(long, global = true, env = "COMPANION_CONFIG")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// sqlite:FILE or postgres://…
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Address and port to listen on
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// How people reach this server
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
    /// The file with the master key
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master_key_file: Option<PathBuf>,
    /// Whether this node works on jobs
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<bool>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration cannot be read: {0}")]
    Figment(#[from] Box<figment::Error>),
    #[error(
        "there is no master key: {0} does not exist and COMPANION_MASTER_KEY is not set; `companion init` makes one"
    )]
    NoMasterKey(PathBuf),
    #[error("the master key must be 64 hexadecimal digits")]
    BadMasterKey,
    #[error("the master key file {0}: {1}")]
    MasterKeyFile(PathBuf, std::io::Error),
    #[error("push_subject is {0:?}; give a mailto: or https: address of the provider, which push services can turn to")]
    PushSubject(String),
    #[error("heartbeat_url is {0:?}; give an https: address, or leave it empty")]
    HeartbeatUrl(String),
    #[error("push_hosts has {0:?}; give names such as push.example.org or *.push.example.org")]
    PushHost(String),
}

impl Config {
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let file = flags.config.clone().unwrap_or_else(|| PathBuf::from("companion.toml"));
        let config = Figment::from(Toml::string(DEFAULTS))
            .merge(Toml::file(file))
            .merge(Env::raw().only(&["DATABASE_URL"]))
            // Other COMPANION_ variables are for other things: a test's scale, an admin's password.
            .merge(Env::prefixed("COMPANION_").only(KEYS))
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(Box::new)?;
        Ok(config)
    }

    pub fn master_key(&self) -> Result<MasterKey, ConfigError> {
        let text = match &self.master_key {
            Some(key) => key.clone(),
            None => fs::read_to_string(&self.master_key_file)
                .map_err(|_| ConfigError::NoMasterKey(self.master_key_file.clone()))?,
        };
        let bytes = hex::decode(text.trim()).map_err(|_| ConfigError::BadMasterKey)?;
        let key: [u8; 32] = bytes.try_into().map_err(|_| ConfigError::BadMasterKey)?;
        Ok(MasterKey::new(&key))
    }

    /// Whom push services may turn to. Apple's refuses everything from a server that names nobody it could reach.
    pub fn push_subject(&self) -> Result<String, ConfigError> {
        let given = match self.push_subject.as_str() {
            "" if self.public_url.starts_with("https://") => &self.public_url,
            "" => NOBODY,
            given => given,
        };
        let can_be_reached = match given.strip_prefix("mailto:") {
            Some(address) => address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')),
            None => reqwest::Url::parse(given).is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some()),
        };
        let plain = given.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"".contains(&b));
        if can_be_reached && plain { Ok(given.to_owned()) } else { Err(ConfigError::PushSubject(given.to_owned())) }
    }

    /// The hosts that may be sent to beside the known push services.
    pub fn push_hosts(&self) -> Result<Vec<String>, ConfigError> {
        match self.push_hosts.iter().find(|host| !endpoint::can_be_meant(host)) {
            Some(bad) => Err(ConfigError::PushHost(bad.clone())),
            None => Ok(self.push_hosts.clone()),
        }
    }

    /// Who is told every minute that the engine is well. In tests it may be on this machine.
    pub fn heartbeat_url(&self) -> Result<Option<&str>, ConfigError> {
        let given = self.heartbeat_url.as_str();
        let plain = given.starts_with("https://") || crate::app::in_tests_only();
        match reqwest::Url::parse(given) {
            _ if given.is_empty() => Ok(None),
            Ok(_) if plain => Ok(Some(given)),
            _ => Err(ConfigError::HeartbeatUrl(given.to_owned())),
        }
    }

    /// Whether Apple's push service would refuse us: nobody is named whom it could turn to.
    pub fn names_nobody_to_push_services(&self) -> bool {
        self.push_subject().is_ok_and(|subject| subject == NOBODY)
    }

    /// Makes a master key file that only this user can read, unless there is a key already.
    pub fn ensure_master_key(&self, chance: &Chance) -> Result<(), ConfigError> {
        if self.master_key.is_some() || self.master_key_file.exists() {
            return Ok(());
        }
        write_private(&self.master_key_file, &hex::encode(chance.bytes::<32>()))
            .map_err(|e| ConfigError::MasterKeyFile(self.master_key_file.clone(), e))
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_defaults_are_a_whole_configuration() {
        let config: Config = Figment::from(Toml::string(DEFAULTS)).extract().unwrap();
        assert_eq!(config.listen.port(), 8080);
        assert!(config.listen.ip().is_loopback());
    }

    #[test]
    fn the_environment_can_set_every_key() {
        let defaults: figment::value::Dict = Figment::from(Toml::string(DEFAULTS)).extract().unwrap();
        let missing: Vec<_> = defaults.keys().filter(|k| !KEYS.contains(&k.as_str())).collect();
        assert_eq!(missing, Vec::<&String>::new());
    }

    #[test]
    fn push_services_are_told_whom_they_can_turn_to() {
        let defaults: Config = Figment::from(Toml::string(DEFAULTS)).extract().unwrap();
        assert!(defaults.names_nobody_to_push_services());
        let at = |public_url: &str, push_subject: &str| Config {
            public_url: public_url.into(),
            push_subject: push_subject.into(),
            ..defaults.clone()
        };
        let home = at("https://care.example.org", "");
        assert_eq!(home.push_subject().unwrap(), "https://care.example.org");
        assert_eq!(at("http://x", "mailto:it@example.org").push_subject().unwrap(), "mailto:it@example.org");
        for bad in ["it@example.org", "mailto:it", "mailto:<it@example.org>", "http://example.org", "https://", "tel:1"]
        {
            assert!(at("https://care.example.org", bad).push_subject().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_heartbeat_goes_to_an_https_address_or_nowhere() {
        let defaults: Config = Figment::from(Toml::string(DEFAULTS)).extract().unwrap();
        assert_eq!(defaults.heartbeat_url().unwrap(), None);
        let to = |url: &str| Config { heartbeat_url: url.into(), ..defaults.clone() };
        assert!(to("https://watch.example.org/ping/1").heartbeat_url().unwrap().is_some());
        for bad in ["http://watch.example.org", "watch.example.org", "mailto:it@example.org"] {
            assert!(to(bad).heartbeat_url().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_nobody_knows_is_refused() {
        let typo = Figment::from(Toml::string(DEFAULTS)).merge(Toml::string("listne = \"x\""));
        assert!(typo.extract::<Config>().is_err());
    }
}
