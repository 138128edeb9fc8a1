//! Gateways on this machine, which speak as the real ones do: Twilio's (a form, Basic, its own error codes) and one that takes JSON
//! with a bearer token. What they are sent they check by an implementation of their own (OpenSSL, not the server's crates).

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::push_peer::{Mood, Received, pour, read};

/// As whom it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Twilio's Messages resource.
    TwilioSms,
    /// Twilio's Calls resource.
    TwilioVoice,
    /// `POST …/batches`, JSON, bearer.
    Json,
}

pub const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub const AUTH_TOKEN: &str = "a token of Twilio's";
pub const BEARER: &str = "a-token-of-the-other-gateway";
/// Of Standard Webhooks, shared with the server.
pub const SECRET: &str = "whsec_VGhpcnR5LXR3byBieXRlcyBmb3IgdGhlIHN0b3JpZXMh";
/// What Twilio calls an invalid number, for trying out.
pub const INVALID: &str = "+15005550001";

/// What a gateway was asked to send.
#[derive(Clone, Debug)]
pub struct Sent {
    pub to: String,
    /// A text's words, or a call's TwiML.
    pub words: String,
    /// `webhook-id`, the same for each try.
    pub id: String,
    pub raw: Received,
}

impl Sent {
    #[track_caller]
    pub fn link(&self) -> String {
        crate::relays::link_in(&self.words)
    }
}

#[derive(Debug, Default)]
struct State {
    next: VecDeque<Mood>,
    always: Option<Mood>,
    sent: Vec<Sent>,
    faults: Vec<String>,
}

#[derive(Debug)]
pub struct GatewayPeer {
    pub address: SocketAddr,
    pub style: Style,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl Drop for GatewayPeer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl GatewayPeer {
    pub async fn start(style: Style) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<Mutex<State>>::default();
        let server = tokio::spawn({
            let state = state.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let state = state.clone();
                    tokio::spawn(async move {
                        let _ = talk(stream, style, &state).await;
                    });
                }
            }
        });
        Self { address, style, state, server }
    }

    pub fn url(&self) -> String {
        let path = match self.style {
            Style::TwilioSms => format!("2010-04-01/Accounts/{ACCOUNT}/Messages.json"),
            Style::TwilioVoice => format!("2010-04-01/Accounts/{ACCOUNT}/Calls.json"),
            Style::Json => "xms/v1/a-service-plan/batches".to_owned(),
        };
        format!("http://{}/{path}", self.address)
    }

    pub fn next(&self, mood: Mood) {
        self.state.lock().unwrap().next.push_back(mood);
    }

    pub fn always(&self, mood: Mood) {
        self.state.lock().unwrap().always = Some(mood);
    }

    pub fn behave(&self) {
        self.state.lock().unwrap().always = None;
    }

    /// What it was asked to send since this was last asked, well formed and signed.
    #[track_caller]
    pub fn take(&self) -> Vec<Sent> {
        let mut state = self.state.lock().unwrap();
        assert_eq!(state.faults, Vec::<String>::new());
        std::mem::take(&mut state.sent)
    }

    #[track_caller]
    pub fn only(&self) -> Sent {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }
}

async fn talk(stream: TcpStream, style: Style, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await? {
        let (mood, faithful) = {
            let mut state = state.lock().unwrap();
            let faithful = match understand(style, &request) {
                Ok(sent) => {
                    let answer = answer(style, &sent);
                    state.sent.push(sent);
                    answer
                }
                Err((status, fault)) => {
                    if status != 401 {
                        state.faults.push(fault);
                    }
                    (status, refusal(style, status))
                }
            };
            (state.next.pop_front().or_else(|| state.always.clone()), faithful)
        };
        let (status, header, body) = match mood {
            None => (faithful.0, String::new(), faithful.1),
            Some(Mood::Says(status)) => (status, String::new(), refusal(style, status)),
            Some(Mood::ComeBack(status, when)) => (status, format!("Retry-After: {when}\r\n"), refusal(style, status)),
            Some(Mood::SendsOnTo(address)) => (307, format!("Location: {address}\r\n"), json!({})),
            Some(Mood::Hangs) => return std::future::pending().await,
            Some(Mood::HangsUp) => return Ok(()),
            Some(Mood::Pours) => return pour(stream).await,
        };
        let body = body.to_string();
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} X\r\n{header}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// What a gateway makes of a request, if it is one that it would take.
fn understand(style: Style, request: &Received) -> Result<Sent, (u16, String)> {
    let wanted = match style {
        Style::TwilioSms | Style::TwilioVoice => {
            format!("Basic {}", STANDARD.encode(format!("{ACCOUNT}:{AUTH_TOKEN}")))
        }
        Style::Json => format!("Bearer {BEARER}"),
    };
    if request.headers.get("authorization") != Some(&wanted) {
        return Err((401, "not signed in".into()));
    }
    let wrong = |what: &str| (400, format!("{what}: {request:?}"));
    is_signed(request).map_err(&wrong)?;
    let id = request.header("webhook-id").to_owned();
    let kind = request.header("content-type");
    let (to, words) = match style {
        Style::Json => {
            let body: Value = serde_json::from_slice(&request.body).map_err(|_| wrong("no JSON"))?;
            let to = body["to"].as_array().filter(|to| to.len() == 1).and_then(|to| to[0].as_str());
            if kind != "application/json" || !body["from"].is_string() {
                return Err(wrong("not in its form"));
            }
            (to.map(str::to_owned), body["body"].as_str().map(str::to_owned))
        }
        Style::TwilioSms | Style::TwilioVoice => {
            let form = decode(std::str::from_utf8(&request.body).map_err(|_| wrong("no text"))?);
            let words = if style == Style::TwilioSms { "Body" } else { "Twiml" };
            if kind != "application/x-www-form-urlencoded" || !form.contains_key("From") {
                return Err(wrong("not in its form"));
            }
            (form.get("To").cloned(), form.get(words).cloned())
        }
    };
    let (to, words) = (to.ok_or_else(|| wrong("no number"))?, words.ok_or_else(|| wrong("no words"))?);
    Ok(Sent { to, words, id, raw: request.clone() })
}

fn answer(style: Style, sent: &Sent) -> (u16, Value) {
    match style {
        _ if sent.to == INVALID => (400, refusal(style, 400)),
        Style::TwilioSms => (201, json!({ "sid": "SM0123", "status": "queued", "to": sent.to, "error_code": null })),
        Style::TwilioVoice => (201, json!({ "sid": "CA0123", "status": "queued", "to": sent.to })),
        Style::Json => (201, json!({ "id": "01ABC", "to": [sent.to], "canceled": false })),
    }
}

/// Errors as each of them words them.
fn refusal(style: Style, status: u16) -> Value {
    match style {
        Style::TwilioSms | Style::TwilioVoice => {
            let code = match status {
                401 => 20003,
                429 => 20429,
                400 => 21211,
                _ => return json!({ "message": "An error" }),
            };
            json!({ "code": code, "message": "It does not work", "more_info": "https://www.twilio.example/docs", "status": status })
        }
        Style::Json => {
            let code = if status == 400 { "syntax_invalid_parameter_format" } else { "unauthorized" };
            json!({ "code": code, "text": "It does not work" })
        }
    }
}

/// Whether the Standard Webhooks signature fits, and was made in the last minutes of some clock: the story's.
fn is_signed(request: &Received) -> Result<(), &'static str> {
    let header = |name: &str| request.headers.get(name).map(String::as_str).ok_or("a header is missing");
    let (id, at) = (header("webhook-id")?, header("webhook-timestamp")?);
    let signature = sign_standard(id, at, &request.body);
    if header("webhook-signature")? != signature {
        return Err("its signature does not fit");
    }
    if header("idempotency-key")? != id {
        return Err("not the same id");
    }
    Ok(())
}

fn mac(digest: MessageDigest, key: &[u8], text: &[u8]) -> String {
    let key = PKey::hmac(key).unwrap();
    let mut signer = Signer::new(digest, &key).unwrap();
    STANDARD.encode(signer.sign_oneshot_to_vec(text).unwrap())
}

/// `webhook-signature` by the secret that is shared with the server.
pub fn sign_standard(id: &str, at: &str, body: &[u8]) -> String {
    let secret = STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap();
    let signed = [format!("{id}.{at}.").as_bytes(), body].concat();
    format!("v1,{}", mac(MessageDigest::sha256(), &secret, &signed))
}

/// `X-Twilio-Signature` of a form that goes to this address.
pub fn sign_twilio(url: &str, form: &[(&str, &str)]) -> String {
    let sorted: BTreeMap<&str, &str> = form.iter().copied().collect();
    let signed = sorted.iter().fold(url.to_owned(), |signed, (name, value)| signed + name + value);
    mac(MessageDigest::sha1(), AUTH_TOKEN.as_bytes(), signed.as_bytes())
}

/// A form as it travels.
pub fn encode(form: &[(&str, &str)]) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
    let part = |text: &str| -> String {
        text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
    };
    form.iter().map(|(name, value)| format!("{}={}", part(name), part(value))).collect::<Vec<_>>().join("&")
}

fn decode(form: &str) -> BTreeMap<String, String> {
    let part = |text: &str| {
        let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
        while let [first, tail @ ..] = rest {
            rest = tail;
            match (first, tail) {
                (b'+', _) => bytes.push(b' '),
                (b'%', [a, b, tail @ ..]) => {
                    let hex = [*a, *b];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
                    rest = tail;
                }
                (other, _) => bytes.push(*other),
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    form.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (part(name), part(value))).collect()
}
