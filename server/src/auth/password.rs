//! Passwords: argon2id, off the async threads, a few at a time.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::{
    clock::Chance,
    error::{Error, Result},
};

/// Shortest password we take, in characters (NIST SP 800-63B: length, not composition).
pub const SHORTEST: usize = 12;

/// Runs hashes on blocking threads, two at once: each takes 19 MiB and some 20 ms of a core, and signing in
/// must not starve everything else.
#[derive(Clone, Debug)]
pub struct Hasher(Arc<Semaphore>);

impl Default for Hasher {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(2)))
    }
}

impl Hasher {
    /// The PHC string of a password.
    pub async fn hash(&self, chance: &Chance, password: String) -> Result<String> {
        let salt: [u8; 16] = chance.bytes();
        self.run(move || {
            let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
            hash.map(|h| h.to_string()).map_err(|e| Error::internal(e.to_string()))
        })
        .await
    }

    /// Whether the password is the one hashed. Without a hash (nobody of that name) it takes as long and is no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let argon2 = Argon2::default();
            let Some(hash) = hash else {
                let _ = argon2.hash_password_with_salt(password.as_bytes(), b"nobody-of-this-name");
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(|e| Error::internal(e.to_string()))?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _place = self.0.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}
