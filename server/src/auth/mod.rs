//! Who you are: joining, signing in, and the tokens that say so from then on.

pub mod access_token;
pub mod claim;
pub mod device;
pub mod invite;
pub mod limits;
pub mod password;
pub mod session;
pub mod sign_in;

use sha2::{Digest, Sha256};

/// How secrets that only the other side knows are kept.
pub fn hash(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// Compares without telling by its time where the difference is.
pub fn same(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}
