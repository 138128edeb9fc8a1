//! The harness: a provider that lives for one story, its clients' phones, its workers, and a clock that is moved.
//!
//! A story is written once and told twice, on a fresh SQLite file and on a fresh PostgreSQL database:
//!
//! ```ignore
//! story!(a_check_in_reaches_the_team, |world| {
//!     let sam = world.client("Sam").await;
//!     let phone = world.phone_of(&sam).await;
//!     phone.check_in(&[("mood", 4.0)]).await;
//!     world.run_jobs().await;
//!     assert_eq!(world.dee.check_ins(&sam).await.len(), 1);
//! });
//! ```
//!
//! Nothing here sleeps: time is the world's clock, background work is `world.run_jobs()`. (Waiting for another
//! process to listen, in `binary.rs`, is the one exception.)

#![expect(clippy::unwrap_used, reason = "a harness that cannot go on says where, and the story fails")]

pub mod binary;
pub mod by_text;
pub mod cluster;
pub mod crew;
pub mod data;
pub mod database;
pub mod early_warning;
pub mod escalation;
pub mod gateway_peer;
pub mod http;
pub mod oracle;
pub mod pack;
pub mod phone;
pub mod pictures;
pub mod plan;
pub mod port;
pub mod push_peer;
pub mod relays;
pub mod reminders;
pub mod rota;
pub mod session;
pub mod smtp_peer;
pub mod stream;
pub mod turned_clock;
pub mod worker;
pub mod world;

pub use {
    database::Backend,
    http::{Answer, Api},
    pack::Pack,
    phone::Phone,
    serde_json::{Value, json},
    worker::Worker,
    world::{Client, World},
};

/// Defines a story and the two tests that tell it.
#[macro_export]
macro_rules! story {
    ($(#[$meta:meta])* $name:ident, |$world:ident| $body:block) => {
        $(#[$meta])*
        mod $name {
            #[expect(clippy::wildcard_imports, reason = "a story sees what its file sees")]
            use super::*;

            async fn story($world: &$crate::World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::world::tell($crate::Backend::Sqlite, story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::world::tell($crate::Backend::Postgres, story).await;
            }
        }
    };
    // In a world whose provider has a mail server and gateways, on this machine.
    ($(#[$meta:meta])* $name:ident, |$world:ident, $relays:ident| $body:block) => {
        $(#[$meta])*
        mod $name {
            #[expect(clippy::wildcard_imports, reason = "a story sees what its file sees")]
            use super::*;

            async fn story($world: &$crate::World, $relays: &$crate::relays::Relays) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                $crate::world::tell_with_relays($crate::Backend::Sqlite, story).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                $crate::world::tell_with_relays($crate::Backend::Postgres, story).await;
            }
        }
    };
}

/// How often to do what is worth doing often: 1 in the daily run, more in `tests/soak`.
pub fn scale() -> u64 {
    let Ok(text) = std::env::var("COMPANION_TEST_SCALE") else { return 1 };
    match text.parse() {
        Ok(scale) if scale > 0 => scale,
        _ => panic!("COMPANION_TEST_SCALE must be a positive whole number, not {text:?}"),
    }
}
