//! Who we are to push services (RFC 8292): one key for this server, made with its first start, and a token signed with it.
//!
//! A token is for one service and good for hours. Signing costs ten times what encrypting does, so tokens are kept.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use axum::{Json, extract::State};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use web_push::{PartialVapidSignatureBuilder, SubscriptionInfo, VapidSignature, VapidSignatureBuilder};

use crate::{
    app::App,
    clock::Chance,
    db::Db,
    error::{Error, Result},
    seal::MasterKey,
};

/// At most 24 hours are allowed. Half of that leaves room for clocks that differ.
const GOOD_FOR: Duration = Duration::hours(12);
/// A token with less left than this is not used any more.
const LEFT: Duration = Duration::hours(1);
/// Services that tokens are kept for. There are a handful; a phone could name many by subdomains.
const MOST_SERVICES: usize = 100;
const SECRET: &str = "vapid_key.secret";

pub struct Vapid {
    public: Vec<u8>,
    key: PartialVapidSignatureBuilder,
    subject: String,
    /// By the service's origin.
    tokens: Mutex<HashMap<String, Token>>,
}

struct Token {
    signature: VapidSignature,
    made_at: DateTime<Utc>,
}

impl fmt::Debug for Vapid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vapid(..)")
    }
}

impl Vapid {
    /// Reads the key, and makes it where there is none yet. Of nodes that do so together one is first, and all use its key.
    pub async fn load(
        db: &Db,
        now: DateTime<Utc>,
        chance: &Chance,
        master: &MasterKey,
        subject: String,
    ) -> Result<Self> {
        let (public, sealed) = match read(db).await? {
            Some(kept) => kept,
            None => {
                make(db, now, chance, master).await?;
                read(db).await?.ok_or_else(|| Error::internal("the push key that was just made is not there"))?
            }
        };
        let key = key_of(&master.open_secret(SECRET, &sealed)?)?;
        Ok(Self { public, key, subject, tokens: Mutex::default() })
    }

    /// As browsers want it (`applicationServerKey`): base64url of the uncompressed point.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.public)
    }

    /// The token for a service, named by its origin.
    pub fn token(&self, origin: &str, now: DateTime<Utc>) -> Result<VapidSignature> {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = tokens.get(origin).filter(|t| t.made_at <= now && now < t.made_at + GOOD_FOR - LEFT) {
            return Ok(kept.signature.clone());
        }
        let signature = self.sign(origin, now)?;
        if tokens.len() >= MOST_SERVICES {
            tokens.clear();
        }
        tokens.insert(origin.to_owned(), Token { signature: signature.clone(), made_at: now });
        Ok(signature)
    }

    /// A new token, with all it costs.
    pub fn sign(&self, origin: &str, now: DateTime<Utc>) -> Result<VapidSignature> {
        let whole = SubscriptionInfo { endpoint: origin.to_owned(), ..SubscriptionInfo::default() };
        let mut claims = self.key.clone().add_sub_info(&whole);
        // The builder would leave a port out, and ask the machine for the time.
        claims.add_claim("aud", origin);
        claims.add_claim("exp", (now + GOOD_FOR).timestamp());
        claims.add_claim("sub", self.subject.clone());
        claims.build().map_err(Error::internal)
    }
}

async fn read(db: &Db) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    Ok(db.query("SELECT public_key, secret FROM vapid_key WHERE id = 1").optional().await?)
}

async fn make(db: &Db, now: DateTime<Utc>, chance: &Chance, master: &MasterKey) -> Result<()> {
    // Of 2^32 secrets one is no key of this curve.
    let (secret, key) = loop {
        let secret: [u8; 32] = chance.bytes();
        if let Ok(key) = key_of(&secret) {
            break (secret, key);
        }
    };
    let mut tx = db.begin().await?;
    tx.query(
        "INSERT INTO vapid_key (id, public_key, secret, created_at) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING",
    )
    .bind(key.get_public_key())
    .bind(master.seal_secret(chance, SECRET, &secret))
    .bind(now)
    .execute()
    .await?;
    Ok(tx.commit().await?)
}

fn key_of(secret: &[u8]) -> Result<PartialVapidSignatureBuilder> {
    VapidSignatureBuilder::from_base64_no_sub(&URL_SAFE_NO_PAD.encode(secret)).map_err(Error::internal)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PublicKey {
    /// base64url; the `applicationServerKey` of a subscription.
    key: String,
}

/// The key that subscriptions are made with.
#[utoipa::path(get, path = "/api/v1/push/vapid-public-key", responses((status = 200, body = PublicKey)))]
pub async fn show(State(app): State<App>) -> Json<PublicKey> {
    Json(PublicKey { key: app.vapid.public_key() })
}
