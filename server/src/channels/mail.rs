//! Handing an e-mail to the provider's mail server. It goes there encrypted, or not at all: in clear only within this machine.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header},
    transport::smtp::{
        client::{Certificate, CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};
use reqwest::Url;

use super::settings::{SettingsError, secret};
use crate::{config::Config, error::Error};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

pub struct Mailer {
    transport: Transport,
    from: Mailbox,
    host: String,
    within: Duration,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({})", self.host)
    }
}

/// An e-mail to one worker.
#[derive(Debug)]
pub struct Email {
    pub to: Address,
    pub subject: &'static str,
    pub words: String,
    /// The same for every try: a mailbox that was given it twice can tell.
    pub id: String,
    /// The same for all about one thing: they stand together.
    pub thread: String,
    pub at: chrono::DateTime<chrono::Utc>,
    pub urgent: bool,
}

/// What a mail server said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Taken,
    /// It cannot now (4xx).
    Later(u16),
    /// It will never take this (5xx).
    Never(u16),
    /// It does not take anything from us.
    NotFromUs(u16),
    /// No connection, no answer in time, or a certificate that does not fit.
    Nothing,
}

impl Mailer {
    /// None without an `smtp_url`.
    pub fn new(config: &Config, within: Duration) -> Result<Option<Self>, SettingsError> {
        let Some(smtp_url) = secret(&config.smtp_url)? else { return Ok(None) };
        let wrong = |what: &str| SettingsError::Smtp(what.to_owned());
        let url = Url::parse(&smtp_url).map_err(|_| wrong("this is no address"))?;
        let host = url.host_str().ok_or_else(|| wrong("it names no host"))?.to_owned();
        let from: Mailbox = config.mail_from.parse().map_err(|_| SettingsError::MailFrom(config.mail_from.clone()))?;
        let here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let wants_tls = url.query_pairs().any(|(k, v)| k == "tls" && v == "required");
        let tls = || trusted(&host, &config.smtp_ca_file);
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::Wrapper(tls()?), 465),
            "smtp" if here && !wants_tls => (Tls::None, 25),
            "smtp" => (Tls::Required(tls()?), 587),
            _ => return Err(wrong("it must begin with smtps:// or smtp://")),
        };
        let port = url.port().unwrap_or(port);
        let mut plain = url;
        plain.set_query(None);
        let mut builder = Transport::from_url(plain.as_str())
            .map_err(|_| wrong("this is no address of a mail server"))?
            .port(port)
            .tls(tls)
            .timeout(Some(within));
        let us = Url::parse(&config.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
        if let Some(us) = us.filter(|us| us.contains('.') && us.parse::<std::net::IpAddr>().is_err()) {
            builder = builder.hello_name(ClientId::Domain(us));
        }
        Ok(Some(Self { transport: builder.build(), from, host: format!("{host}:{port}"), within }))
    }

    /// Who it is, to the log and to whoever looks after it.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub async fn send(&self, email: Email) -> Said {
        let message = match self.write(email) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(%error, "an e-mail cannot be written");
                return Said::Never(0);
            }
        };
        match tokio::time::timeout(self.within, self.transport.send(message)).await {
            Ok(Ok(_)) => Said::Taken,
            Ok(Err(error)) => heard(&error),
            Err(_) => Said::Nothing,
        }
    }

    fn write(&self, email: Email) -> Result<Message, Error> {
        let domain = self.from.email.domain();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, email.to))
            .subject(email.subject)
            .date(email.at.into())
            .message_id(Some(format!("<{}@{domain}>", email.id)))
            .in_reply_to(format!("<{}@{domain}>", email.thread))
            .references(format!("<{}@{domain}>", email.thread))
            .header(header::ContentType::TEXT_PLAIN)
            .body(email.words)
            .map_err(Error::internal)?;
        let mut add = |name, value: &str| {
            let name = header::HeaderName::new_from_ascii_str(name);
            message.headers_mut().insert_raw(header::HeaderValue::new(name, value.to_owned()));
        };
        // Nobody's holiday notice answers it.
        add("Auto-Submitted", "auto-generated");
        if email.urgent {
            add("Importance", "high");
        }
        Ok(message)
    }
}

/// The authorities that browsers trust, and the provider's own if it has one.
fn trusted(host: &str, own: &str) -> Result<TlsParameters, SettingsError> {
    let wrong = |what: String| SettingsError::Certificates(own.to_owned(), what);
    let mut tls = TlsParameters::builder(host.trim_matches(['[', ']']).to_owned())
        .certificate_store(CertificateStore::WebpkiRoots);
    if !own.is_empty() {
        let pem = std::fs::read(own).map_err(|e| wrong(e.to_string()))?;
        tls = tls.add_root_certificate(Certificate::from_pem(&pem).map_err(|e| wrong(e.to_string()))?);
    }
    tls.build_rustls().map_err(|e| wrong(e.to_string()))
}

fn heard(error: &lettre::transport::smtp::Error) -> Said {
    let Some(code) = error.status().map(u16::from) else {
        tracing::warn!(%error, "the mail server could not be asked");
        return Said::Nothing;
    };
    match code {
        // Sign in first, the mechanism is too weak, the password is wrong, encrypt first.
        530 | 534 | 535 | 538 => Said::NotFromUs(code),
        400..=499 => Said::Later(code),
        _ => Said::Never(code),
    }
}
