//! A gateway that sends texts or makes calls: any that takes one HTTPS request. What the request says is a template in the
//! configuration, so no gateway has code of its own here.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use reqwest::{
    Url,
    header::{HeaderName, HeaderValue},
};
use serde_json::{Map, Value};

use super::{
    settings::{Format, GatewayKind, GatewaySettings, SettingsError, secret},
    signature,
};
use crate::{ids::DeliveryId, notify::sender::Outgoing, outbound::names_its_host};

/// Where gateways bring replies.
pub const REPLIES: &str = "/api/v1/gateway/replies";
/// Says in that address which ring is answered.
const RING: &str = "ring";

pub struct Gateway {
    pub kind: GatewayKind,
    url: Url,
    format: Format,
    body: Map<String, Value>,
    headers: Vec<(String, Vec<u8>)>,
    /// Of Standard Webhooks.
    secret: Option<Vec<u8>>,
    twilio_auth_token: Option<String>,
    /// Whoever gets a text is told that they may answer it.
    pub replies: bool,
    /// [`REPLIES`] as the world sees it.
    replies_at: String,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gateway({})", self.url.host_str().unwrap_or_default())
    }
}

/// What a template is filled with.
#[derive(Clone, Copy, Debug)]
struct Values<'a> {
    to: &'a str,
    words: &'a str,
    id: &'a str,
    replies: &'a str,
}

impl Gateway {
    pub fn new(settings: &GatewaySettings, this_machine: bool, public_url: &str) -> Result<Self, SettingsError> {
        let wrong = |what: &str| SettingsError::Gateway(settings.kind, what.to_owned());
        let url = Url::parse(&settings.url).map_err(|_| wrong("url is no address"))?;
        let on_this_machine = this_machine && url.scheme() == "http" && url.host_str() == Some("127.0.0.1");
        let is_public = url.scheme() == "https" && names_its_host(&url);
        if !(on_this_machine || is_public) {
            return Err(wrong("url must begin with https:// and name a public host"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(wrong("url must not hold a user, a password or a fragment; use user and password"));
        }
        if settings.format == Format::Form && settings.body.values().any(|v| v.is_array() || v.is_object()) {
            return Err(wrong("the body of a form has no values inside values"));
        }
        let template = Value::Object(settings.body.clone()).to_string();
        if !template.contains("{to}") && !template.contains("{to_digits}") {
            return Err(wrong("the body names no {to}"));
        }
        if !template.contains("{words}") {
            return Err(wrong("the body has no {words}"));
        }
        let webhook_secret = match secret(&settings.secret)? {
            Some(text) => Some(signature::secret(&text).ok_or_else(|| {
                wrong("secret must be whsec_ and base64 of at least 24 bytes (openssl rand -base64 32)")
            })?),
            None => None,
        };
        let twilio_auth_token = secret(&settings.twilio_auth_token)?;
        if settings.replies && webhook_secret.is_none() && twilio_auth_token.is_none() {
            return Err(wrong("replies need a secret or a twilio_auth_token: without one nobody's word is taken"));
        }
        Ok(Self {
            kind: settings.kind,
            url,
            format: settings.format,
            body: settings.body.clone(),
            headers: headers(settings)?,
            secret: webhook_secret,
            twilio_auth_token,
            replies: settings.replies,
            replies_at: format!("{}{REPLIES}", public_url.trim_end_matches('/')),
        })
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The request that hands one message over. Repeated, it has the same id.
    pub fn request(&self, delivery: DeliveryId, to: &str, words: &str, now: DateTime<Utc>) -> Outgoing {
        let id = delivery.to_string();
        let replies = format!("{}?{RING}={id}", self.replies_at);
        let values = Values { to, words, id: &id, replies: &replies };
        let body: Map<String, Value> = self.body.iter().map(|(k, v)| (k.clone(), fill(v, values))).collect();
        let (content_type, body) = match self.format {
            Format::Json => ("application/json", Value::Object(body).to_string().into_bytes()),
            Format::Form => ("application/x-www-form-urlencoded", form(&body).into_bytes()),
        };
        let mut headers = self.headers.clone();
        let timestamp = now.timestamp();
        headers.push(("content-type".to_owned(), content_type.into()));
        headers.push(("webhook-id".to_owned(), id.clone().into_bytes()));
        headers.push(("webhook-timestamp".to_owned(), timestamp.to_string().into_bytes()));
        headers.push(("idempotency-key".to_owned(), id.clone().into_bytes()));
        if let Some(secret) = &self.secret {
            let signature = signature::standard(secret, &id, timestamp, &body);
            headers.push(("webhook-signature".to_owned(), signature.into_bytes()));
        }
        Outgoing { headers, body }
    }

    /// Of what it brings back.
    pub fn secret(&self) -> Option<&[u8]> {
        self.secret.as_deref()
    }

    pub fn twilio_auth_token(&self) -> Option<&str> {
        self.twilio_auth_token.as_deref()
    }

    pub fn replies_at(&self) -> &str {
        &self.replies_at
    }
}

/// Which ring is answered, by the address that its answers go to.
pub fn ring_in(query: &str) -> Option<DeliveryId> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == RING)?.1.parse().ok().map(DeliveryId)
}

fn headers(settings: &GatewaySettings) -> Result<Vec<(String, Vec<u8>)>, SettingsError> {
    let wrong = |what: &str| SettingsError::Gateway(settings.kind, what.to_owned());
    let mut headers = Vec::new();
    for (name, value) in &settings.headers {
        let value = secret(value)?.unwrap_or_default();
        if name.parse::<HeaderName>().is_err() || HeaderValue::from_str(&value).is_err() {
            return Err(wrong("headers has one that cannot be sent"));
        }
        headers.push((name.to_ascii_lowercase(), value.into_bytes()));
    }
    let (password, bearer) = (secret(&settings.password)?, secret(&settings.bearer)?);
    let authorization = match (secret(&settings.user)?, password, bearer) {
        (Some(user), password, None) => {
            Some(format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.unwrap_or_default()))))
        }
        (None, None, Some(bearer)) => Some(format!("Bearer {bearer}")),
        (None, None, None) => None,
        _ => return Err(wrong("give user and password, or bearer")),
    };
    if let Some(authorization) = authorization {
        if HeaderValue::from_str(&authorization).is_err() {
            return Err(wrong("user, password or bearer cannot be sent"));
        }
        headers.push(("authorization".to_owned(), authorization.into_bytes()));
    }
    Ok(headers)
}

fn fill(template: &Value, values: Values<'_>) -> Value {
    match template {
        Value::String(text) => Value::String(fill_text(text, values)),
        Value::Array(items) => items.iter().map(|item| fill(item, values)).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(k, v)| (k.clone(), fill(v, values))).collect()),
        other => other.clone(),
    }
}

/// Once through: what a value holds is not filled in again. Other braces stay.
fn fill_text(template: &str, values: Values<'_>) -> String {
    let mut filled = String::with_capacity(template.len() + values.words.len());
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [
            ("{to}", values.to),
            ("{to_digits}", values.to.trim_start_matches('+')),
            ("{words}", values.words),
            ("{id}", values.id),
            ("{replies}", values.replies),
        ];
        let (length, value) =
            known.iter().find(|(name, _)| rest.starts_with(name)).map_or((1, "{"), |(n, v)| (n.len(), *v));
        filled.push_str(value);
        rest = &rest[length..];
    }
    filled.push_str(rest);
    filled
}

fn form(body: &Map<String, Value>) -> String {
    // The URL parser's own writer of forms.
    let mut url = Url::parse("http://form.invalid/").ok();
    if let Some(url) = &mut url {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in body {
            match value {
                Value::String(text) => pairs.append_pair(name, text),
                other => pairs.append_pair(name, &other.to_string()),
            };
        }
    }
    url.as_ref().and_then(Url::query).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(url: &str, rest: Value) -> GatewaySettings {
        let mut all =
            json!({ "kind": "sms", "url": url, "format": "json", "body": { "to": "{to}", "text": "{words}" } });
        all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    const GOOD: &str = "https://api.gateway.example/send";

    #[test]
    fn a_gateway_is_a_public_host_asked_over_https() {
        let made = |url: &str, this_machine| Gateway::new(&settings(url, json!({})), this_machine, "http://x");
        assert!(made(GOOD, false).is_ok());
        for bad in [
            "http://api.gateway.example/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://2130706433/",
            "https://user@api.gateway.example/",
            "https://api.gateway.example/#x",
            "ftp://api.gateway.example/",
            "api.gateway.example",
            "",
        ] {
            assert!(made(bad, true).is_err(), "{bad}");
        }
        assert!(made("http://127.0.0.1:9/", true).is_ok());
        assert!(made("http://127.0.0.1:9/", false).is_err());
    }

    #[test]
    fn settings_that_cannot_be_meant_are_refused() {
        let short = format!("whsec_{}", STANDARD.encode("too short"));
        for bad in [
            json!({ "body": { "to": "{to}" } }),
            json!({ "body": { "text": "{words}" } }),
            json!({ "format": "form", "body": { "to": ["{to}"], "text": "{words}" } }),
            json!({ "user": "u", "bearer": "b" }),
            json!({ "password": "p" }),
            json!({ "bearer": "a\nb" }),
            json!({ "headers": { "x y": "z" } }),
            json!({ "headers": { "x": "a\r\nb" } }),
            json!({ "secret": short }),
            json!({ "replies": true }),
            json!({ "password": "env:COMPANION_TEST_NOT_THERE", "user": "u" }),
        ] {
            assert!(Gateway::new(&settings(GOOD, bad.clone()), false, "http://x").is_err(), "{bad}");
        }
    }

    #[test]
    fn a_template_is_filled_once_and_other_braces_stay() {
        let values = Values { to: "+447700900123", words: "{to} {x}", id: "7", replies: "https://x/r" };
        let filled = |text: &str| fill_text(text, values);
        assert_eq!(filled("{words}|{to_digits}|{id}|{replies}"), "{to} {x}|447700900123|7|https://x/r");
        assert_eq!(filled("{} {unknown} {to"), "{} {unknown} {to");
        let nested = json!({ "a": ["{to}", 1, { "b": "é {words}" }] });
        assert_eq!(fill(&nested, values), json!({ "a": ["+447700900123", 1, { "b": "é {to} {x}" }] }));
        let body = json!({ "To": "+44 7", "N": 1, "Body": "a&b=c é" });
        assert_eq!(form(body.as_object().unwrap()), "Body=a%26b%3Dc+%C3%A9&N=1&To=%2B44+7");
    }
}
