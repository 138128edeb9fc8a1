//! The only place that asks for the time and for chance. Everything else is given them.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Duration, SubsecRound, Utc};
use rand::{Rng, SeedableRng, rngs::StdRng};
use uuid::Uuid;

/// What time it is. PostgreSQL keeps microseconds, so every clock is truncated to them.
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> DateTime<Utc>;
}

#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is told to ask")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// A clock that stands still until it is moved: for stories and for filling a demonstration.
#[derive(Clone, Debug)]
pub struct MovableClock(Arc<Mutex<DateTime<Utc>>>);

impl MovableClock {
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(now.trunc_subsecs(6))))
    }

    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now.trunc_subsecs(6);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Randomness fit for keys when made [`from the system`](Chance::from_system).
pub struct Chance(Mutex<Source>);

struct Source {
    rng: StdRng,
    last_id: u128,
}

impl Source {
    fn new(rng: StdRng) -> Mutex<Self> {
        Mutex::new(Self { rng, last_id: 0 })
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance(..)")
    }
}

impl Chance {
    #[expect(clippy::disallowed_methods, reason = "this is the chance that everything else is told to ask")]
    pub fn from_system() -> Self {
        Self(Source::new(rand::make_rng()))
    }

    /// The same each time: never for a server with real people in it.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::new(StdRng::seed_from_u64(seed)))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A UUIDv7: keys that are near in time are near on disk. Those of one millisecond go up, so that what this
    /// node did in order is told in order.
    pub fn id(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let fresh = uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid().as_u128();
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same_millisecond = fresh >> 80 == source.last_id >> 80;
        source.last_id = if same_millisecond && fresh <= source.last_id { source.last_id + 1 } else { fresh };
        Uuid::from_u128(source.last_id)
    }
}
