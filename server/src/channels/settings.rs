//! What whoever runs the server says about gateways. Read when it starts: one that cannot be meant keeps it from starting.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayKind {
    Sms,
    Voice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// `application/x-www-form-urlencoded`
    Form,
    Json,
}

/// One `[[gateways]]`: whom texts or calls are handed to, and in which form. `config.default.toml` says what each key is for.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewaySettings {
    pub kind: GatewayKind,
    pub url: String,
    pub format: Format,
    pub body: Map<String, Value>,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    #[serde(default)]
    pub user: String,
    #[serde(default)]
    pub password: String,
    #[serde(default)]
    pub bearer: String,
    #[serde(default)]
    pub secret: String,
    #[serde(default)]
    pub twilio_auth_token: String,
    #[serde(default)]
    pub replies: bool,
}

impl fmt::Debug for GatewaySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rest may hold passwords, the address too.
        f.debug_struct("GatewaySettings").field("kind", &self.kind).finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("there are two gateways of kind {0:?}; one is rung by")]
    Twice(GatewayKind),
    #[error("the gateway of kind {0:?}: {1}")]
    Gateway(GatewayKind, String),
    #[error("smtp_url: {0}")]
    Smtp(String),
    #[error("mail_from is {0:?}; give an address such as \"Companion <companion@provider.example>\"")]
    MailFrom(String),
    #[error("smtp_ca_file {0}: {1}")]
    Certificates(String, String),
    #[error("{0} is not set in the environment")]
    NotInEnvironment(String),
}

/// A secret: itself, or `env:NAME` for what the environment has under that name, so that it need not stand in a file.
pub fn secret(value: &str) -> Result<Option<String>, SettingsError> {
    match value.strip_prefix("env:") {
        Some(name) => match std::env::var(name) {
            Ok(secret) if !secret.is_empty() => Ok(Some(secret)),
            _ => Err(SettingsError::NotInEnvironment(name.to_owned())),
        },
        None => Ok(Some(value).filter(|v| !v.is_empty()).map(str::to_owned)),
    }
}
