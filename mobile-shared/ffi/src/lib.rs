//! The core for native apps: what `mobile-shared` decides, callable from Kotlin, Swift and Python.
//!
//! Only shims: each turns what came over the border into the core's own types, asks the core, and turns the answer back. Ids, dates and
//! JSON cross as strings, instants as the platform's own. `docs/native-apps.md` says what a host brings.

mod check_in;
mod disk;
mod error;
mod outbox;
mod said;
#[cfg(test)]
mod stories;
mod tap;
mod time;

uniffi::setup_scaffolding!();
