//! What a phone and the server must agree on.
//!
//! Everything here is a pure function of its arguments: no clock, no disk, no network and no randomness. The
//! server calls it, the native apps will call it, and `fixtures/` holds cases that every core must get right.

pub mod check_in;
pub mod contact;
pub mod cover;
pub mod early_warning;
pub mod escalation;
pub mod item;
pub mod outbox;
pub mod phone_clock;
pub mod plan;
pub mod reminder;
pub mod resource;
pub mod rota;
pub mod sync;
