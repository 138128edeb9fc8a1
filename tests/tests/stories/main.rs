//! The stories, one file per feature. `src/lib.rs` says how one is written.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod access;
mod contact;
mod contact_key;
mod flags;
mod kill;
mod real_diary;
mod retries;
