//! A push service on this machine: takes messages, keeps them, and misbehaves when it is told to.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use companion::clock::{Clock, MovableClock};
use ece::EcKeyComponents;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use uuid::Uuid;

use crate::{Answer, crew::PATIENCE, session::Session};

/// How the peer answers a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mood {
    /// With this status.
    Says(u16),
    /// With this status and `Retry-After`.
    ComeBack(u16, String),
    SendsOnTo(String),
    /// Takes it and says nothing.
    Hangs,
    /// Takes it, begins an answer and never ends it: a gigabyte, as fast as it is read.
    Pours,
    /// Takes it and hangs up.
    HangsUp,
}

/// A message as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

impl Received {
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} among {:?}", self.headers))
    }

    pub fn topic(&self) -> &str {
        self.header("topic")
    }
}

#[derive(Debug, Default)]
struct State {
    /// For the next messages, one each.
    next: VecDeque<Mood>,
    /// For all others; none is 201.
    always: Option<Mood>,
    received: Vec<Received>,
}

#[derive(Debug)]
pub struct PushPeer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    connections: Arc<AtomicUsize>,
    arrived: Arc<tokio::sync::Notify>,
    server: JoinHandle<()>,
}

impl Drop for PushPeer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl PushPeer {
    pub async fn start() -> Self {
        Self::on("127.0.0.1:0").await.unwrap()
    }

    /// On an address of the story's choice.
    pub async fn on(address: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (state, connections) = (Arc::<Mutex<State>>::default(), Arc::<AtomicUsize>::default());
        let arrived = Arc::<tokio::sync::Notify>::default();
        let server = tokio::spawn({
            let (state, connections, arrived) = (state.clone(), connections.clone(), arrived.clone());
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    connections.fetch_add(1, Ordering::SeqCst);
                    let (state, arrived) = (state.clone(), arrived.clone());
                    tokio::spawn(async move {
                        // Whoever hangs up in the middle is not of interest.
                        let _ = talk(stream, &state, &arrived).await;
                    });
                }
            }
        });
        Ok(Self { address, state, connections, arrived, server })
    }

    pub fn next(&self, mood: Mood) {
        self.state.lock().unwrap().next.push_back(mood);
    }

    pub fn always(&self, mood: Mood) {
        self.state.lock().unwrap().always = Some(mood);
    }

    /// Takes what it is given, as a push service does.
    pub fn behave(&self) {
        self.state.lock().unwrap().always = None;
    }

    /// What arrived since this was last asked, in order.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.state.lock().unwrap().received)
    }

    /// The only message since this was last asked.
    #[track_caller]
    pub fn only(&self) -> Received {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// How often anybody connected.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Waits until something is here.
    pub async fn until_something_arrives(&self) {
        let arrives = async {
            loop {
                let next = self.arrived.notified();
                if !self.state.lock().unwrap().received.is_empty() {
                    return;
                }
                next.await;
            }
        };
        tokio::time::timeout(PATIENCE, arrives).await.expect("something arrives");
    }
}

async fn talk(stream: TcpStream, state: &Mutex<State>, arrived: &tokio::sync::Notify) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(message) = read(&mut stream).await? {
        let mood = {
            let mut state = state.lock().unwrap();
            state.received.push(message);
            state.next.pop_front().or_else(|| state.always.clone()).unwrap_or(Mood::Says(201))
        };
        arrived.notify_waiters();
        let (status, header) = match mood {
            Mood::Says(status) => (status, String::new()),
            Mood::ComeBack(status, when) => (status, format!("Retry-After: {when}\r\n")),
            Mood::SendsOnTo(address) => (307, format!("Location: {address}\r\n")),
            Mood::Hangs => return std::future::pending().await,
            Mood::HangsUp => return Ok(()),
            Mood::Pours => return pour(stream).await,
        };
        let answer = format!("HTTP/1.1 {status} X\r\n{header}Content-Length: 2\r\n\r\nok");
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

pub(crate) async fn pour(mut stream: BufReader<TcpStream>) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 1073741824\r\n\r\n").await?;
    loop {
        stream.write_all(&[b'x'; 65536]).await?;
    }
}

pub(crate) async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Received>> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|l: &String| l.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Some(Received { path, headers, body }))
}

/// A browser that has asked the peer for a subscription: its keys, and where it is sent to.
#[derive(Debug)]
pub struct Browser {
    pub id: Uuid,
    pub endpoint: String,
    pub private: EcKeyComponents,
    pub auth: [u8; 16],
}

impl Browser {
    pub fn at(peer: &PushPeer, id: Uuid) -> Self {
        Self::with(format!("http://{}/push/{id}", peer.address), id)
    }

    pub fn with(endpoint: String, id: Uuid) -> Self {
        let (keys, auth) = ece::generate_keypair_and_auth_secret().unwrap();
        Self { id, endpoint, private: keys.raw_components().unwrap(), auth }
    }

    /// What the app sends to the server.
    pub fn subscription(&self) -> Value {
        let keys = json!({ "p256dh": URL_SAFE_NO_PAD.encode(self.private.public_key()), "auth": URL_SAFE_NO_PAD.encode(self.auth) });
        json!({ "endpoint": self.endpoint, "keys": keys })
    }

    /// Puts it for `me` or `team`.
    pub async fn put(&self, session: &Session, whose: &str) -> Answer {
        session.put(&format!("/api/v1/{whose}/push-subscriptions/{}", self.id), &self.subscription()).await
    }

    /// Whether a message went to this browser.
    pub fn got(&self, message: &Received) -> bool {
        self.endpoint.ends_with(&message.path)
    }

    /// What a message says, by the library that the server encrypts with. (`oracle.rs` asks another.)
    #[track_caller]
    pub fn read(&self, message: &Received) -> Value {
        let plain = ece::decrypt(&self.private, &self.auth, &message.body).unwrap();
        assert_eq!(plain.len(), companion::notify::words::SIZE, "one size");
        serde_json::from_slice(&plain).unwrap()
    }

    /// A receipt for what a message said.
    pub fn receipt(payload: &Value, what: &str, at: DateTime<Utc>) -> Value {
        json!({ "id": payload["id"], "token": payload["r"], "what": what, "at": at })
    }
}

/// The claims of a message's VAPID token, if it is for this service, signed with the key it names, and in force.
#[track_caller]
pub fn claims_of(message: &Received, peer: &PushPeer, clock: &MovableClock) -> Value {
    let authorization = message.header("authorization").strip_prefix("vapid ").unwrap();
    let part = |name: &str| {
        let mut parts = authorization.split(", ").filter_map(|p| p.split_once('='));
        parts.find(|(n, _)| *n == name).unwrap().1.to_owned()
    };
    let (token, key) = (part("t"), URL_SAFE_NO_PAD.decode(part("k")).unwrap());
    assert_eq!((key.len(), key[0]), (65, 4), "an uncompressed point");
    let (x, y) = (URL_SAFE_NO_PAD.encode(&key[1..33]), URL_SAFE_NO_PAD.encode(&key[33..]));
    let key = jsonwebtoken::DecodingKey::from_ec_components(&x, &y).unwrap();
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    // By the story's clock, below.
    (rules.validate_exp, rules.validate_nbf) = (false, false);
    rules.set_audience(&[format!("http://{}", peer.address)]);
    rules.set_required_spec_claims(&["exp", "aud", "sub"]);
    let claims: Value = jsonwebtoken::decode(&token, &key, &rules).unwrap().claims;
    let left = claims["exp"].as_i64().unwrap() - clock.now().timestamp();
    assert!((1..=24 * 3600).contains(&left), "good for {left} s");
    claims
}
