//! A simulator: the real escalation core in nights where everything else fails, and a witness who knows the truth.
//!
//! A night is a seed. In it a small store with a fence is swept by one to three nodes that die, stop with what they have
//! read and go on, and whose clocks jump; phones are off, push services down for hours, disks full; people fall sick,
//! leave, change shifts, edit the list, acknowledge, keep promises and let them pass. The witness checks every write and
//! all time that passes (`witness/mod.rs` names what must hold).
//!
//! `COMPANION_TEST_SEED` tells one night again, line by line; `COMPANION_TEST_NIGHTS` says how many.

mod chance;
mod night;
mod people;
mod steps;
mod tell;
mod witness;

/// Milliseconds since the night began.
pub type Ms = i64;

pub use {
    night::{Setting, Told},
    people::{People, Person, View},
    steps::{Look, Real, Steps},
    tell::{Found, Make, Nights, count, live},
    witness::Broken,
};
