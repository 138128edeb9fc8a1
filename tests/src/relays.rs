//! A provider's mail server and gateways, on this machine; and what a worker who is rung by them does.

use chrono::{DateTime, Duration, Utc};
use companion::{
    channels::{self, GatewaySettings},
    config::{Config, Language},
    ids::{NotificationId, WorkerId},
    notify::{Kind, Message, Recipient},
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Api, Worker, World, data,
    gateway_peer::{ACCOUNT, AUTH_TOKEN, BEARER, GatewayPeer, SECRET, Style, encode, sign_standard, sign_twilio},
    smtp_peer::SmtpPeer,
};

/// How the world reaches the server, says its configuration.
pub const PUBLIC: &str = "https://companion.provider.example";

/// Where gateways bring what was answered.
pub const REPLIES: &str = "/api/v1/gateway/replies";

#[derive(Debug)]
pub struct Relays {
    pub smtp: SmtpPeer,
    pub sms: GatewayPeer,
    pub voice: GatewayPeer,
}

impl Relays {
    pub async fn start() -> Self {
        Self {
            smtp: SmtpPeer::start().await,
            sms: GatewayPeer::start(Style::TwilioSms).await,
            voice: GatewayPeer::start(Style::TwilioVoice).await,
        }
    }

    /// What a node has to be told of them.
    pub fn configure(&self, config: &mut Config) {
        config.public_url = PUBLIC.into();
        config.smtp_url = format!("smtp://{}", self.smtp.address);
        config.mail_from = "Companion <companion@provider.example>".into();
        config.languages = vec![Language::En, Language::Cy];
        config.gateways = vec![gateway(&self.sms), gateway(&self.voice)];
    }
}

/// The recipe of docs/channels.md for such a gateway, as it stands there, with the peer's address and secrets.
pub fn gateway(peer: &GatewayPeer) -> GatewaySettings {
    let heading = match peer.style {
        Style::TwilioSms => "#### Twilio: texts",
        Style::TwilioVoice => "#### Twilio: calls",
        Style::Json => "#### Sinch: texts",
    };
    let page = std::fs::read_to_string(data::repository().join("docs/channels.md")).unwrap();
    let recipe = page.split_once(heading).and_then(|(_, rest)| rest.split_once("```toml\n")).unwrap().1;
    let recipe: toml::Table = recipe.split_once("```").unwrap().0.parse().unwrap();
    let mut settings: GatewaySettings = recipe["gateways"][0].clone().try_into().unwrap();
    settings.url = peer.url();
    if peer.style == Style::Json {
        settings.bearer = BEARER.into();
    } else {
        (settings.user, settings.password) = (ACCOUNT.into(), AUTH_TOKEN.into());
        settings.twilio_auth_token = AUTH_TOKEN.into();
    }
    settings.secret = SECRET.into();
    settings
}

/// The path of the one link in a message.
#[track_caller]
pub fn link_in(words: &str) -> String {
    let mut links = words.split_whitespace().filter_map(|w| w.strip_prefix(PUBLIC));
    let (Some(path), None) = (links.next(), links.next()) else { panic!("not one link in {words:?}") };
    assert!(path.starts_with("/ack/"), "{path}");
    path.to_owned()
}

/// Opens a link, as a person does, or a mail scanner.
pub async fn open(api: &Api, path: &str) -> Answer {
    api.get(path).await
}

/// Presses the button of its page.
pub async fn press(api: &Api, path: &str) -> Answer {
    Answer::of(
        api.request(Method::POST, path, None)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("mine=yes"),
    )
    .await
}

/// The worker's own channels: kind and address, in their order.
pub async fn choose(worker: &Worker, world: &World, channels: &[(&str, Option<&str>)]) -> Vec<Value> {
    let items: Vec<Value> = channels
        .iter()
        .map(|(kind, address)| json!({ "id": world.app.new_id::<Uuid>(), "kind": kind, "address": address }))
        .collect();
    let answer = worker.put("/api/v1/team/channels", &json!({ "items": items })).await.is(200);
    answer["items"].as_array().unwrap().clone()
}

/// Rings a worker by their first channel of this kind, as escalation does, and sends it.
pub async fn ring(world: &World, worker: &Worker, kind: &str, about: Kind, subject: Uuid) -> NotificationId {
    let rung = ring_unsent(world, worker, kind, about, subject).await;
    world.run_jobs().await;
    rung
}

/// The same, queued and not yet sent.
pub async fn ring_unsent(world: &World, worker: &Worker, kind: &str, about: Kind, subject: Uuid) -> NotificationId {
    let (app, organisation, id) = (&world.app, world.provider.id, WorkerId(worker.id));
    let mut tx = app.db.begin().await.unwrap();
    let all = channels::of(&mut tx, app, organisation, id).await.unwrap();
    let channel = all.iter().find(|c| json!(c.kind) == kind).unwrap_or_else(|| panic!("no {kind} among {all:?}"));
    let useful_until = world.now() + Duration::hours(1);
    let message = Message { to: Recipient::Worker(id), kind: about, subject, count: 1, useful_until };
    let rung = channels::ring(&mut tx, app, organisation, channel, message).await.unwrap();
    tx.commit().await.unwrap();
    rung
}

/// Brings a reply, as a gateway does.
pub async fn bring(world: &World, headers: &[(&str, &str)], body: String) -> Answer {
    bring_to(world, REPLIES, headers, body).await
}

pub async fn bring_to(world: &World, path: &str, headers: &[(&str, &str)], body: String) -> Answer {
    let mut request = world.api.request(Method::POST, path, None).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request).await
}

/// As Standard Webhooks has it.
pub async fn standard(world: &World, id: &str, from: &str, text: &str) -> Answer {
    standard_at(world, id, from, text, None).await
}

/// The same; `had`: when the gateway had it.
pub async fn standard_at(world: &World, id: &str, from: &str, text: &str, had: Option<DateTime<Utc>>) -> Answer {
    let body = json!({ "id": id, "from": from, "text": text, "at": had, "more": "is passed over" }).to_string();
    let at = world.now().timestamp().to_string();
    let signature = sign_standard(id, &at, body.as_bytes());
    let headers = [("webhook-id", id), ("webhook-timestamp", &at), ("webhook-signature", &signature)];
    bring(world, &[&headers[..], &[("content-type", "application/json")]].concat(), body).await
}

/// As Twilio brings a form.
pub async fn twilio(world: &World, form: &[(&str, &str)]) -> Answer {
    let signature = sign_twilio(&format!("{PUBLIC}{REPLIES}"), form);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    bring(world, &[kind, ("x-twilio-signature", &signature)], encode(form)).await
}

/// A text as Twilio describes it.
pub fn text<'a>(id: &'a str, from: &'a str, words: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("MessageSid", id), ("From", from), ("To", "+441632960999"), ("Body", words), ("NumMedia", "0")]
}
