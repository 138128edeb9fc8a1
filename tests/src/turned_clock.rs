//! The wall clock of the real binary, turned from outside (libfaketime). Time that passes still passes, so it lives as it always does.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use companion::clock::{Clock, SystemClock};

use crate::data;

const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

#[derive(Debug)]
pub struct TurnedClock {
    file: PathBuf,
    /// Milliseconds.
    off: AtomicI64,
}

impl TurnedClock {
    /// None where libfaketime is not installed.
    pub fn at(now: DateTime<Utc>) -> Option<Self> {
        if !Path::new(LIBRARY).exists() {
            data::skip("libfaketime (package faketime) is not installed");
            return None;
        }
        let name = format!("companion_clock_{}_{}", std::process::id(), now.timestamp());
        let clock = Self { file: std::env::temp_dir().join(name), off: AtomicI64::new(0) };
        clock.set(now);
        Some(clock)
    }

    /// From now on it shows this, and goes on from there.
    pub fn set(&self, now: DateTime<Utc>) {
        let off = now - SystemClock.now();
        self.off.store(off.num_milliseconds(), Ordering::Relaxed);
        // In one step: a reader never sees half of it.
        let draft = self.file.with_extension("draft");
        std::fs::write(&draft, format!("{:+.3}\n", off.as_seconds_f64())).unwrap();
        std::fs::rename(draft, &self.file).unwrap();
    }

    /// What it shows.
    pub fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::milliseconds(self.off.load(Ordering::Relaxed))
    }

    /// What a server is started with to go by it.
    pub fn environment(&self) -> Vec<(String, String)> {
        let file = self.file.display().to_string();
        let variables = [
            ("LD_PRELOAD", LIBRARY),
            ("FAKETIME_TIMESTAMP_FILE", &file),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
        ];
        variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }
}

impl Drop for TurnedClock {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}
