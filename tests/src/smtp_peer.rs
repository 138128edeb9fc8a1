//! A mail server on this machine: takes mails, keeps them, holds whoever sends to the protocol, and misbehaves when it is told to.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    x509::{
        X509, X509NameBuilder,
        extension::{BasicConstraints, SubjectAlternativeName},
    },
};
use rustls::{
    ServerConfig,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// How the peer treats a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Temper {
    /// Answers this command (`EHLO`, `MAIL`, `RCPT`, `DATA`, `.` for what ends the mail) with this line.
    Says(&'static str, &'static str),
    /// Says nothing any more after this command.
    HangsAt(&'static str),
    /// Hangs up at this command.
    HangsUpAt(&'static str),
    /// Greets with this line.
    Greets(&'static str),
}

impl Temper {
    fn at(&self) -> &'static str {
        match self {
            Self::Says(at, _) | Self::HangsAt(at) | Self::HangsUpAt(at) => at,
            Self::Greets(_) => "",
        }
    }
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Header and body, lines ended by CRLF.
    pub data: String,
    pub encrypted: bool,
    /// Who was signed in.
    pub user: Option<String>,
}

impl Mail {
    /// A header, unfolded.
    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        self.header_if_any(name).unwrap_or_else(|| panic!("no {name} in {}", self.data))
    }

    pub fn header_if_any(&self, name: &str) -> Option<String> {
        let unfolded = self.head().replace("\r\n ", " ").replace("\r\n\t", " ");
        let mut all = unfolded.split("\r\n").filter_map(|l| l.split_once(": "));
        all.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    fn head(&self) -> &str {
        self.data.split("\r\n\r\n").next().unwrap_or_default()
    }

    #[track_caller]
    pub fn body(&self) -> String {
        let encoding = self.header_if_any("content-transfer-encoding").unwrap_or_else(|| "7bit".into());
        assert_eq!(encoding, "7bit", "nothing in it needs more");
        self.data.split_once("\r\n\r\n").unwrap().1.replace("\r\n", "\n")
    }

    /// What the link in it leads to, without the host.
    #[track_caller]
    pub fn link(&self) -> String {
        crate::relays::link_in(&self.body())
    }
}

#[derive(Debug, Default)]
struct State {
    next: VecDeque<Temper>,
    always: Option<Temper>,
    mails: Vec<Mail>,
    faults: Vec<String>,
    connections: usize,
}

/// What a connection must have done before it may send.
#[derive(Clone, Debug)]
struct Terms {
    user: Option<(String, String)>,
    tls: Option<Tls>,
}

#[derive(Clone)]
struct Tls {
    acceptor: TlsAcceptor,
    from_the_start: bool,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls(..)")
    }
}

#[derive(Debug)]
pub struct SmtpPeer {
    pub address: SocketAddr,
    /// Of the authority that signed its certificate, if it has one.
    pub authority: Option<String>,
    state: Arc<Mutex<State>>,
    server: JoinHandle<()>,
}

impl Drop for SmtpPeer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl SmtpPeer {
    /// In clear, for whoever comes.
    pub async fn start() -> Self {
        Self::on_terms(Terms { user: None, tls: None }, None).await
    }

    /// In clear; who sends must have signed in.
    pub async fn that_asks_for(user: &str, password: &str) -> Self {
        Self::on_terms(Terms { user: Some((user.into(), password.into())), tls: None }, None).await
    }

    /// Encrypted, by STARTTLS or from the start; who sends must have signed in then.
    pub async fn encrypted(from_the_start: bool, user: &str, password: &str) -> Self {
        let (authority, acceptor) = certified();
        let tls = Some(Tls { acceptor, from_the_start });
        Self::on_terms(Terms { user: Some((user.into(), password.into())), tls }, Some(authority)).await
    }

    async fn on_terms(terms: Terms, authority: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<Mutex<State>>::default();
        let server = tokio::spawn({
            let state = state.clone();
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    state.lock().unwrap().connections += 1;
                    let (state, terms) = (state.clone(), terms.clone());
                    tokio::spawn(async move {
                        let from_the_start = terms.tls.as_ref().is_some_and(|tls| tls.from_the_start);
                        let _ = if from_the_start {
                            let acceptor = terms.tls.as_ref().unwrap().acceptor.clone();
                            match acceptor.accept(stream).await {
                                Ok(stream) => Talk::new(stream, true, terms, &state).go_on(true).await.map(|_| ()),
                                Err(error) => Err(error),
                            }
                        } else {
                            begin(stream, terms, &state).await
                        };
                    });
                }
            }
        });
        Self { address, authority, state, server }
    }

    pub fn next(&self, temper: Temper) {
        self.state.lock().unwrap().next.push_back(temper);
    }

    pub fn always(&self, temper: Temper) {
        self.state.lock().unwrap().always = Some(temper);
    }

    pub fn behave(&self) {
        self.state.lock().unwrap().always = None;
    }

    /// What arrived since this was last asked.
    #[track_caller]
    pub fn take(&self) -> Vec<Mail> {
        let mut state = self.state.lock().unwrap();
        assert_eq!(state.faults, Vec::<String>::new(), "against the protocol");
        std::mem::take(&mut state.mails)
    }

    #[track_caller]
    pub fn only(&self) -> Mail {
        let mut all = self.take();
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// How often anybody connected since this was last asked.
    pub fn connections(&self) -> usize {
        std::mem::take(&mut self.state.lock().unwrap().connections)
    }
}

/// An authority of the provider's own (PEM), and a server whose certificate it signed for this machine.
fn certified() -> (String, TlsAcceptor) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = || PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let certificate = |serial: u32, name: &str, public: &PKey<Private>, by: Option<(&X509, &PKey<Private>)>| {
        let mut builder = X509::builder().unwrap();
        builder.set_version(2).unwrap();
        builder.set_serial_number(&BigNum::from_u32(serial).unwrap().to_asn1_integer().unwrap()).unwrap();
        let mut subject = X509NameBuilder::new().unwrap();
        subject.append_entry_by_text("CN", name).unwrap();
        let subject = subject.build();
        builder.set_subject_name(&subject).unwrap();
        builder.set_issuer_name(by.map_or(&*subject, |(issuer, _)| issuer.subject_name())).unwrap();
        builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
        builder.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
        builder.set_pubkey(public).unwrap();
        if by.is_none() {
            builder.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap();
        } else {
            let context = builder.x509v3_context(by.map(|(issuer, _)| &**issuer), None);
            let names = SubjectAlternativeName::new().ip("127.0.0.1").dns("localhost").build(&context).unwrap();
            builder.append_extension(names).unwrap();
        }
        builder.sign(by.map_or(public, |(_, key)| key), MessageDigest::sha256()).unwrap();
        builder.build()
    };
    let (authority_key, server_key) = (key(), key());
    let authority = certificate(1, "An authority of the provider", &authority_key, None);
    let server = certificate(2, "mail", &server_key, Some((&authority, &authority_key)));
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.private_key_to_pkcs8().unwrap()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![server.to_der().unwrap().into()], private)
        .unwrap();
    (String::from_utf8(authority.to_pem().unwrap()).unwrap(), TlsAcceptor::from(Arc::new(config)))
}

async fn begin(stream: tokio::net::TcpStream, terms: Terms, state: &Mutex<State>) -> std::io::Result<()> {
    let acceptor = terms.tls.as_ref().map(|tls| tls.acceptor.clone());
    let talk = Talk::new(stream, false, terms.clone(), state);
    let Some(stream) = talk.go_on(true).await? else { return Ok(()) };
    let stream = acceptor.unwrap().accept(stream).await?;
    Talk::new(stream, true, terms, state).go_on(false).await.map(|_| ())
}

struct Talk<'s, S> {
    stream: BufReader<S>,
    encrypted: bool,
    terms: Terms,
    state: &'s Mutex<State>,
    user: Option<String>,
}

impl<'s, S: AsyncRead + AsyncWrite + Unpin> Talk<'s, S> {
    fn new(stream: S, encrypted: bool, terms: Terms, state: &'s Mutex<State>) -> Self {
        Self { stream: BufReader::new(stream), encrypted, terms, state, user: None }
    }

    async fn say(&mut self, line: &str) -> std::io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn line(&mut self) -> std::io::Result<Option<String>> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        match line.strip_suffix("\r\n") {
            Some(plain) if !plain.contains(['\r', '\n', '\0']) && plain.len() <= 998 => Ok(Some(plain.to_owned())),
            _ => {
                self.state.lock().unwrap().faults.push(format!("a line {line:?}"));
                Ok(None)
            }
        }
    }

    /// One conversation. Some: it is to go on encrypted.
    async fn go_on(mut self, greet: bool) -> std::io::Result<Option<S>> {
        let temper = {
            let mut state = self.state.lock().unwrap();
            // A conversation that goes on encrypted keeps its temper.
            let waits = !self.encrypted && self.terms.tls.is_some();
            if waits { None } else { state.next.pop_front().or_else(|| state.always.clone()) }
        };
        if greet {
            match &temper {
                Some(Temper::Greets(line)) => self.say(line).await?,
                _ => self.say("220 peer ESMTP").await?,
            }
        }
        let mut mail =
            Mail { from: String::new(), to: Vec::new(), data: String::new(), encrypted: self.encrypted, user: None };
        while let Some(line) = self.line().await? {
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let verb = verb.to_ascii_uppercase();
            match temper.as_ref().filter(|t| t.at() == verb) {
                Some(Temper::Says(_, answer)) => {
                    self.say(answer).await?;
                    continue;
                }
                Some(Temper::HangsAt(_)) => return std::future::pending().await,
                Some(Temper::HangsUpAt(_)) => return Ok(None),
                _ => {}
            }
            match verb.as_str() {
                "EHLO" => self.introduce().await?,
                "STARTTLS" if !self.encrypted && self.terms.tls.is_some() => {
                    self.say("220 go on").await?;
                    return Ok(Some(self.stream.into_inner()));
                }
                "AUTH" => self.sign_in(rest).await?,
                "MAIL" if !self.may_send() => self.say("530 5.7.0 sign in first").await?,
                "MAIL" => {
                    mail.from = within(rest);
                    self.say("250 ok").await?;
                }
                "RCPT" => {
                    mail.to.push(within(rest));
                    self.say("250 ok").await?;
                }
                "DATA" => {
                    self.say("354 go on").await?;
                    let Some(data) = self.data().await? else { return Ok(None) };
                    let whole = Mail { data, user: self.user.clone(), ..mail.clone() };
                    match temper.as_ref().filter(|t| t.at() == ".") {
                        Some(Temper::Says(_, answer)) => {
                            self.say(answer).await?;
                            continue;
                        }
                        Some(Temper::HangsAt(_)) => {
                            self.state.lock().unwrap().mails.push(whole);
                            return std::future::pending().await;
                        }
                        Some(Temper::HangsUpAt(_)) => {
                            self.state.lock().unwrap().mails.push(whole);
                            return Ok(None);
                        }
                        _ => {}
                    }
                    self.state.lock().unwrap().mails.push(whole);
                    self.say("250 2.0.0 queued").await?;
                }
                "RSET" | "NOOP" => self.say("250 ok").await?,
                "QUIT" => {
                    self.say("221 bye").await?;
                    return Ok(None);
                }
                _ => self.say("502 what?").await?,
            }
        }
        Ok(None)
    }

    fn may_send(&self) -> bool {
        self.terms.user.is_none() || self.user.is_some()
    }

    async fn introduce(&mut self) -> std::io::Result<()> {
        let mut lines = vec!["peer"];
        if self.terms.tls.is_some() && !self.encrypted {
            lines.push("STARTTLS");
        } else if self.terms.user.is_some() {
            lines.push("AUTH PLAIN LOGIN");
        }
        lines.push("8BITMIME");
        let last = lines.len() - 1;
        for (n, line) in lines.into_iter().enumerate() {
            self.say(&format!("250{}{line}", if n == last { ' ' } else { '-' })).await?;
        }
        Ok(())
    }

    async fn sign_in(&mut self, rest: &str) -> std::io::Result<()> {
        let Some((user, password)) = self.terms.user.clone() else { return self.say("503 not asked for").await };
        let given = rest.strip_prefix("PLAIN ").and_then(|b| STANDARD.decode(b).ok()).unwrap_or_default();
        if given == format!("\0{user}\0{password}").into_bytes() {
            self.user = Some(user);
            return self.say("235 2.7.0 welcome").await;
        }
        self.say("535 5.7.8 wrong").await
    }

    async fn data(&mut self) -> std::io::Result<Option<String>> {
        let mut data = String::new();
        loop {
            let Some(line) = self.line().await? else { return Ok(None) };
            if line == "." {
                return Ok(Some(data));
            }
            data += line.strip_prefix('.').unwrap_or(&line);
            data += "\r\n";
        }
    }
}

/// `FROM:<dee@example.org> …`
fn within(rest: &str) -> String {
    let address = rest.split_once('<').and_then(|(_, r)| r.split_once('>'));
    address.map(|(address, _)| address.to_owned()).unwrap_or_default()
}
