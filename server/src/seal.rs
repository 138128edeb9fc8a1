//! Sealing what clients write, so that a copied database or backup says nothing.
//!
//! The master key lives outside the database (a file or the environment). Each client has a key of their own,
//! sealed with the master key; what they write is sealed with theirs (XChaCha20-Poly1305) and bound to its
//! table, column and row, so that a value moved elsewhere does not open. Erasing a client is erasing a key.

use std::fmt;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    clock::Chance,
    ids::{ClientId, OrganisationId},
};

const FORMAT: u8 = 1;
const NONCE: usize = 24;

#[derive(Debug, thiserror::Error)]
#[error("a sealed value does not open: wrong key, or the row was changed")]
pub struct SealError;

/// Where a sealed value stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// `table.column`
    pub column: &'static str,
    pub row: Uuid,
}

/// The master key and what is derived from it.
#[derive(Clone)]
pub struct MasterKey {
    cipher: XChaCha20Poly1305,
    audit: [u8; 32],
    refresh: [u8; 32],
    receipt: [u8; 32],
    link: [u8; 32],
    contact: [u8; 32],
    address: [u8; 32],
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

impl MasterKey {
    pub fn new(key: &[u8; 32]) -> Self {
        let derive = |purpose: &[u8]| {
            let mut out = [0; 32];
            // 32 bytes is far below HKDF's limit of 255 blocks, the only error it has.
            let _ = Hkdf::<Sha256>::new(None, key).expand(purpose, &mut out);
            out
        };
        Self {
            cipher: XChaCha20Poly1305::new(&derive(b"companion/seal").into()),
            audit: derive(b"companion/audit"),
            refresh: derive(b"companion/refresh"),
            receipt: derive(b"companion/receipt"),
            link: derive(b"companion/link"),
            contact: derive(b"companion/contact-key"),
            address: derive(b"companion/address"),
        }
    }

    /// Makes a key for a new client: the key, and the form in which it is stored.
    pub fn new_client_key(
        &self,
        chance: &Chance,
        organisation: OrganisationId,
        client: ClientId,
    ) -> (ClientKey, Vec<u8>) {
        let key: [u8; 32] = chance.bytes();
        let wrapped = seal(&self.cipher, chance, &wrapping(organisation, client), &key);
        (ClientKey { cipher: XChaCha20Poly1305::new(&key.into()) }, wrapped)
    }

    pub fn open_client_key(
        &self,
        organisation: OrganisationId,
        client: ClientId,
        wrapped: &[u8],
    ) -> Result<ClientKey, SealError> {
        let key = open(&self.cipher, &wrapping(organisation, client), wrapped)?;
        let key: [u8; 32] = key.try_into().map_err(|_| SealError)?;
        Ok(ClientKey { cipher: XChaCha20Poly1305::new(&key.into()) })
    }

    /// Seals a secret of the server's own, such as a signing key.
    pub fn seal_secret(&self, chance: &Chance, name: &str, secret: &[u8]) -> Vec<u8> {
        seal(&self.cipher, chance, name.as_bytes(), secret)
    }

    pub fn open_secret(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        open(&self.cipher, name.as_bytes(), sealed)
    }

    /// A keyed hash for the audit chain: without the master key nobody can make a row that fits.
    pub fn audit_hash(&self, parts: &[&[u8]]) -> [u8; 32] {
        keyed_hash(&self.audit, parts)
    }

    /// The secret of a session's refresh token with this number: the number itself, and what only we can add to it. Being derived, it
    /// can be given again after a lost reply.
    pub fn refresh_secret(&self, organisation: Uuid, session: Uuid, number: i64) -> [u8; 32] {
        let mut secret =
            keyed_hash(&self.refresh, &[organisation.as_bytes(), session.as_bytes(), &number.to_be_bytes()]);
        secret[..8].copy_from_slice(&number.to_be_bytes());
        secret
    }

    /// The number of a refresh token that we gave out; none for one of the older sort, or one that is not ours.
    pub fn number_of_refresh_secret(&self, organisation: Uuid, session: Uuid, secret: &[u8; 32]) -> Option<i64> {
        let number = i64::from_be_bytes(*secret.first_chunk()?);
        let ours = self.refresh_secret(organisation, session, number);
        bool::from(subtle::ConstantTimeEq::ct_eq(ours.as_slice(), secret)).then_some(number)
    }

    /// What a phone shows when it says what became of a delivery. Being derived, it is kept nowhere.
    pub fn receipt_token(&self, delivery: Uuid) -> [u8; 32] {
        keyed_hash(&self.receipt, &[delivery.as_bytes()])
    }

    /// The secret of a phone's contact key, by the code that let it in. Being derived, it can be given again after a lost answer.
    pub fn contact_secret(&self, organisation: Uuid, device: Uuid, code: &str) -> [u8; 32] {
        keyed_hash(&self.contact, &[organisation.as_bytes(), device.as_bytes(), code.as_bytes()])
    }

    /// What stands in the link that came with a notification.
    pub fn link_token(&self, notification: Uuid) -> [u8; 32] {
        keyed_hash(&self.link, &[notification.as_bytes()])
    }

    /// By which an address is found again. There are few telephone numbers: an unkeyed hash of one would soon be tried out.
    pub fn address_hash(&self, address: &str) -> [u8; 32] {
        keyed_hash(&self.address, &[address.as_bytes()])
    }
}

fn wrapping(organisation: OrganisationId, client: ClientId) -> Vec<u8> {
    [b"client.wrapped_key".as_slice(), organisation.0.as_bytes(), client.0.as_bytes()].concat()
}

fn keyed_hash(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any length");
    for part in parts {
        // Lengths first, so that no two lists of parts hash the same.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// One client's key.
#[derive(Clone)]
pub struct ClientKey {
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey(..)")
    }
}

impl ClientKey {
    pub fn seal(&self, chance: &Chance, place: Place, text: &[u8]) -> Vec<u8> {
        seal(&self.cipher, chance, &bound_to(place), text)
    }

    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        open(&self.cipher, &bound_to(place), sealed)
    }

    pub fn seal_text(&self, chance: &Chance, place: Place, text: Option<&str>) -> Option<Vec<u8>> {
        text.map(|t| self.seal(chance, place, t.as_bytes()))
    }

    pub fn open_text(&self, place: Place, sealed: Option<&[u8]>) -> Result<Option<String>, SealError> {
        let Some(sealed) = sealed else { return Ok(None) };
        String::from_utf8(self.open(place, sealed)?).map(Some).map_err(|_| SealError)
    }

    /// Words for somebody to read. What cannot be opened says so in its own place: one damaged value must not
    /// take the page around it away, least of all a request for contact.
    pub fn read_text(&self, place: Place, sealed: Option<&[u8]>) -> Option<String> {
        self.open_text(place, sealed).unwrap_or_else(|error| {
            tracing::error!(column = place.column, row = %place.row, %error, "words cannot be read");
            Some("(These words cannot be read.)".to_owned())
        })
    }

    pub fn seal_json(&self, chance: &Chance, place: Place, value: &impl Serialize) -> Vec<u8> {
        // Our own plain structs: serialising them cannot fail.
        self.seal(chance, place, &serde_json::to_vec(value).unwrap_or_default())
    }

    pub fn open_json<T: DeserializeOwned>(&self, place: Place, sealed: &[u8]) -> Result<T, SealError> {
        serde_json::from_slice(&self.open(place, sealed)?).map_err(|_| SealError)
    }
}

fn bound_to(place: Place) -> Vec<u8> {
    [place.column.as_bytes(), place.row.as_bytes()].concat()
}

fn seal(cipher: &XChaCha20Poly1305, chance: &Chance, aad: &[u8], msg: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE] = chance.bytes();
    #[expect(clippy::expect_used, reason = "fails only past 256 GiB; a request is at most 1 MiB")]
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg, aad }).expect("short text");
    [&[FORMAT], nonce.as_slice(), &sealed].concat()
}

fn open(cipher: &XChaCha20Poly1305, aad: &[u8], value: &[u8]) -> Result<Vec<u8>, SealError> {
    let (&format, rest) = value.split_first().ok_or(SealError)?;
    let (nonce, msg) = rest.split_first_chunk::<NONCE>().ok_or(SealError)?;
    if format != FORMAT {
        return Err(SealError);
    }
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad }).map_err(|_| SealError)
}

impl From<SealError> for crate::error::Error {
    fn from(error: SealError) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_own_row_and_column_with_its_own_key() {
        let chance = Chance::seeded(1);
        let master = MasterKey::new(&[7; 32]);
        let (org, sam, kim) = (OrganisationId(Uuid::nil()), ClientId(Uuid::from_u128(1)), ClientId(Uuid::from_u128(2)));
        let (key, wrapped) = master.new_client_key(&chance, org, sam);
        let here = Place { column: "check_in.note", row: Uuid::from_u128(9) };
        let sealed = key.seal(&chance, here, b"a bad night");

        assert!(!sealed.windows(5).any(|w| w == b"night"));
        let again = master.open_client_key(org, sam, &wrapped).unwrap();
        assert_eq!(again.open(here, &sealed).unwrap(), b"a bad night");

        let elsewhere =
            [Place { row: Uuid::from_u128(8), ..here }, Place { column: "contact_request.message", ..here }];
        assert!(elsewhere.iter().all(|&p| key.open(p, &sealed).is_err()));
        assert!(master.new_client_key(&chance, org, kim).0.open(here, &sealed).is_err());
        assert!(master.open_client_key(org, kim, &wrapped).is_err());
        assert!(MasterKey::new(&[8; 32]).open_client_key(org, sam, &wrapped).is_err());
    }
}
