//! Handing a message to somebody else's server, and what it said: an encrypted one to a push service, or one to a gateway.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::{Client, Response, StatusCode, Url, header};
use web_push::{
    ContentEncoding, SubscriptionInfo, SubscriptionKeys, Urgency, VapidSignature, WebPushError, WebPushMessageBuilder,
    request_builder,
};

use super::{
    endpoint::{self, Hosts},
    patience::Patience,
};
use crate::{
    error::{Error, Result},
    outbound::{self, Names},
};

/// How long they may take in all: finding them, connecting, their answer. Well below the lease of a delivery.
pub const WITHIN: Duration = Duration::from_secs(10);
/// Nothing that they answer is longer than this; what is, is not read.
const LONGEST_ANSWER: usize = 4096;

#[derive(Debug)]
pub struct Sender {
    http: Client,
    hosts: Hosts,
    within: Duration,
    /// With services, gateways and mail servers that keep silent.
    pub patience: Patience,
}

/// A message, ready to go, with the headers that go with it.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

/// How a message is to be treated on its way.
#[derive(Clone, Debug)]
pub struct Handling {
    /// Seconds that a push service may keep it for a phone that is off.
    pub ttl: u32,
    pub urgency: Urgency,
    pub topic: String,
}

/// What came of handing a message over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Status {
        status: StatusCode,
        retry_after: Option<String>,
        /// A gateway's own name for what is wrong.
        code: Option<String>,
    },
    /// No connection, no answer in time, or one that is none.
    Unreachable,
}

impl Sender {
    pub fn new(hosts: Hosts, names: Names, within: Duration) -> Result<Self> {
        let http = outbound::delivery_client(names, hosts.this_machine, within).map_err(Error::internal)?;
        Ok(Self { http, hosts, within, patience: Patience::default() })
    }

    /// Whether an address may be sent to: asked when a phone names it, and again whenever something is sent.
    pub fn check(&self, address: &str) -> std::result::Result<Url, &'static str> {
        endpoint::check(address, &self.hosts)
    }

    /// Whether peers on this machine may be sent to: in tests.
    pub fn this_machine(&self) -> bool {
        self.hosts.this_machine
    }

    /// How long anybody is waited for.
    pub fn within(&self) -> Duration {
        self.within
    }

    /// Hands it over, and remembers who keeps silent.
    pub async fn ask(&self, url: Url, message: Outgoing, now: DateTime<Utc>) -> Answer {
        let origin = url.origin().ascii_serialization();
        let answer = self.post(url, message).await;
        match answer {
            Answer::Unreachable => self.patience.kept_silent(&origin, now),
            Answer::Status { .. } => self.patience.answered(&origin),
        }
        answer
    }

    async fn post(&self, url: Url, message: Outgoing) -> Answer {
        let mut request = self.http.post(url).body(message.body);
        for (name, value) in message.headers {
            request = request.header(name, value);
        }
        match request.send().await {
            Ok(answer) => heard(answer).await,
            Err(_) => Answer::Unreachable,
        }
    }
}

/// Reads a little of the answer, so that the connection can be used again if that was all, and forgets it but for a code.
async fn heard(mut answer: Response) -> Answer {
    let status = answer.status();
    let retry_after = answer.headers().get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let mut said = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        said.extend_from_slice(&chunk);
        if said.len() >= LONGEST_ANSWER {
            break;
        }
    }
    let code = (!status.is_success()).then(|| code_in(&said)).flatten();
    Answer::Status { status, retry_after, code }
}

/// `{"code": 21211, …}`, if it is short and plain enough to be written down.
fn code_in(said: &[u8]) -> Option<String> {
    const LONGEST: usize = 40;
    let said: serde_json::Value = serde_json::from_slice(said).ok()?;
    let code = match said.get("code")? {
        serde_json::Value::Number(number) => number.to_string(),
        serde_json::Value::String(text) => text.clone(),
        _ => return None,
    };
    let plain = code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    (plain && (1..=LONGEST).contains(&code.len())).then_some(code)
}

/// Encrypts for one subscription (RFC 8291, by the web-push crate).
pub fn seal(
    address: &SubscriptionInfo,
    payload: &[u8],
    handling: Handling,
    token: Option<VapidSignature>,
) -> std::result::Result<Outgoing, WebPushError> {
    let mut message = WebPushMessageBuilder::new(address);
    message.set_ttl(handling.ttl);
    message.set_urgency(handling.urgency);
    message.set_topic(handling.topic);
    message.set_payload(ContentEncoding::Aes128Gcm, payload);
    if let Some(token) = token {
        message.set_vapid_signature(token);
    }
    // The crate speaks an older version of the http types: the request is taken apart.
    let (parts, body) = request_builder::build_request::<Vec<u8>>(message.build()?).into_parts();
    let headers = parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()));
    Ok(Outgoing { headers: headers.collect(), body })
}

/// Whether something can be encrypted for these keys at all.
pub fn keys_work(keys: &SubscriptionKeys) -> bool {
    let address = SubscriptionInfo { endpoint: "https://push.invalid/".to_owned(), keys: keys.clone() };
    let handling = Handling { ttl: 0, urgency: Urgency::Normal, topic: String::new() };
    keys.auth.len() == 22 && keys.p256dh.len() == 87 && seal(&address, b"?", handling, None).is_ok()
}

/// When `Retry-After` says to come back: in so many seconds, or at a date.
pub fn come_back_at(retry_after: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match retry_after.trim().parse::<u32>() {
        Ok(seconds) => Some(now + chrono::Duration::seconds(i64::from(seconds))),
        Err(_) => DateTime::parse_from_rfc2822(retry_after.trim()).ok().map(|at| at.to_utc()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let now = Utc.with_ymd_and_hms(2026, 11, 16, 9, 0, 0).unwrap();
        let in_two_minutes = Some(now + chrono::Duration::minutes(2));
        assert_eq!(come_back_at("120", now), in_two_minutes);
        assert_eq!(come_back_at("Mon, 16 Nov 2026 09:02:00 GMT", now), in_two_minutes);
        for nonsense in ["", "soon", "-5", "1.5", "99999999999"] {
            assert_eq!(come_back_at(nonsense, now), None, "{nonsense}");
        }
    }
}
