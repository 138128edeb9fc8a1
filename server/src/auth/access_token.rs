//! Access tokens: short JWTs, signed and verified by this server alone, so a shared secret (HS256) is enough
//! and ten times cheaper to check than a signature. The keys are in the database, sealed, so every node knows
//! them; a new one signs after 30 days.

use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::{
    clock::Chance,
    db::Db,
    error::{Error, Result},
    ids::{OrganisationId, SessionId},
    seal::MasterKey,
};

/// Seconds an access token is good for.
pub const LIFETIME: i64 = 600;
/// How old a signing key may grow before a new one takes over.
const KEY_LIFETIME: Duration = Duration::days(30);
/// Clocks of nodes may differ by this much, in seconds.
const LEEWAY: i64 = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    Phone,
    Worker,
}

/// As little as will do: it goes with every request, over the poorest line. No key signs anything else, so it names neither issuer nor audience.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// The session; who it belongs to is looked up, so that ending it ends the token too.
    #[serde(with = "short")]
    pub sub: SessionId,
    #[serde(with = "short")]
    pub org: OrganisationId,
    pub who: Who,
    exp: i64,
    /// The number of the refresh token that came with it; none in what an older server gave out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<i64>,
}

/// An id in 22 letters; what an older server gave out has it in 36.
mod short {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use uuid::Uuid;

    pub fn serialize<S: Serializer, I: Copy + Into<Uuid>>(id: &I, to: S) -> Result<S::Ok, S::Error> {
        let id: Uuid = (*id).into();
        to.serialize_str(&URL_SAFE_NO_PAD.encode(id.as_bytes()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>, I: From<Uuid>>(from: D) -> Result<I, D::Error> {
        let text = String::deserialize(from)?;
        let bytes = || URL_SAFE_NO_PAD.decode(&text).ok().and_then(|bytes| Uuid::from_slice(&bytes).ok());
        Uuid::parse_str(&text).ok().or_else(bytes).map(I::from).ok_or_else(|| D::Error::custom("no id"))
    }
}

struct Key {
    kid: String,
    created_at: DateTime<Utc>,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

/// The signing keys this node knows, newest last.
pub struct Signer(RwLock<Vec<Key>>);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signer(..)")
    }
}

impl Signer {
    /// Reads the keys, making the first, or a new one where the newest has grown old.
    pub async fn load(db: &Db, now: DateTime<Utc>, chance: &Chance, master: &MasterKey) -> Result<Self> {
        let signer = Self(RwLock::new(Vec::new()));
        signer.rotate(db, now, chance, master).await?;
        Ok(signer)
    }

    /// Begins a new key if it is time, and reads all again.
    pub async fn rotate(&self, db: &Db, now: DateTime<Utc>, chance: &Chance, master: &MasterKey) -> Result<()> {
        self.read(db, master).await?;
        if self.is_due(now) {
            let kid = hex::encode(chance.bytes::<8>());
            let secret = master.seal_secret(chance, &name(&kid), &chance.bytes::<32>());
            let mut tx = db.begin().await?;
            tx.query("INSERT INTO signing_key (kid, secret, created_at) VALUES ($1, $2, $3)")
                .bind(&kid)
                .bind(secret)
                .bind(now)
                .execute()
                .await?;
            // What an older key signed has long run out by the time it is two lifetimes old.
            tx.query("DELETE FROM signing_key WHERE created_at < $1").bind(now - KEY_LIFETIME * 2).execute().await?;
            tx.commit().await?;
            self.read(db, master).await?;
        }
        Ok(())
    }

    /// Whether it is time for a new key, as far as this node knows.
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        keys.last().is_none_or(|newest| newest.created_at + KEY_LIFETIME < now)
    }

    async fn read(&self, db: &Db, master: &MasterKey) -> Result<()> {
        let rows: Vec<(String, Vec<u8>, DateTime<Utc>)> =
            db.query("SELECT kid, secret, created_at FROM signing_key ORDER BY created_at, kid").all().await?;
        let mut keys = Vec::with_capacity(rows.len());
        for (kid, sealed, created_at) in rows {
            let secret = master.open_secret(&name(&kid), &sealed)?;
            let (encoding, decoding) = (EncodingKey::from_secret(&secret), DecodingKey::from_secret(&secret));
            keys.push(Key { kid, created_at, encoding, decoding });
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    pub fn sign(
        &self,
        who: Who,
        organisation: OrganisationId,
        session: SessionId,
        turn: i64,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.last().ok_or_else(|| Error::internal("no signing key"))?;
        let exp = now.timestamp() + LIFETIME;
        let claims = Claims { sub: session, org: organisation, who, exp, turn: Some(turn) };
        let header = Header { kid: Some(key.kid.clone()), typ: None, ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Error::internal)
    }

    /// Checks signature, kind and time. A key of another node, begun since we last looked, is fetched once.
    pub async fn verify(&self, db: &Db, master: &MasterKey, now: DateTime<Utc>, token: &str) -> Result<Claims> {
        let kid = jsonwebtoken::decode_header(token).ok().and_then(|h| h.kid).ok_or(Error::Unauthorised)?;
        if kid.len() != 16 {
            return Err(Error::Unauthorised);
        }
        let decoded = match self.decode(&kid, token) {
            Some(decoded) => decoded,
            None => {
                self.read(db, master).await?;
                self.decode(&kid, token).ok_or(Error::Unauthorised)?
            }
        };
        let claims = decoded.map_err(|_| Error::Unauthorised)?;
        let now = now.timestamp();
        if claims.exp + LEEWAY < now || claims.exp - LIFETIME - LEEWAY > now {
            return Err(Error::Unauthorised);
        }
        Ok(claims)
    }

    fn decode(&self, kid: &str, token: &str) -> Option<jsonwebtoken::errors::Result<Claims>> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.iter().find(|k| k.kid == kid)?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp", "sub"]);
        rules.validate_aud = false;
        // The library would ask the machine for the time; verify() asks our clock.
        rules.validate_exp = false;
        Some(jsonwebtoken::decode(token, &key.decoding, &rules).map(|data| data.claims))
    }
}

fn name(kid: &str) -> String {
    format!("signing_key.secret/{kid}")
}
