//! A push service that does not answer would take up every place of the lane, ten seconds at a time, and with it whatever is
//! sent to the others. So one that kept silent several times running is left alone for a while, and then asked by one message.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};

/// As often as this may be the network's fault, or chance.
const SILENCES: u32 = 3;
const LONGEST: i64 = 60;
/// How long the one that asks may take.
const ASKING: Duration = Duration::seconds(10);
/// Phones can name as many services as there are names below a known one.
const MOST_SERVICES: usize = 1000;

/// What this node knows of services that keep silent, by origin.
#[derive(Debug, Default)]
pub struct Patience(Mutex<HashMap<String, Silent>>);

#[derive(Clone, Copy, Debug)]
struct Silent {
    times: u32,
    until: DateTime<Utc>,
}

impl Patience {
    /// Whether to ask a service now; if not, when.
    pub fn ask(&self, service: &str, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let mut silent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match silent.get_mut(service) {
            Some(s) if s.times >= SILENCES && now < s.until => Err(s.until),
            Some(s) if s.times >= SILENCES => {
                s.until = now + ASKING;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub fn answered(&self, service: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(service);
    }

    pub fn kept_silent(&self, service: &str, now: DateTime<Utc>) {
        let mut silent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if silent.len() >= MOST_SERVICES && !silent.contains_key(service) {
            silent.clear();
        }
        let s = silent.entry(service.to_owned()).or_insert(Silent { times: 0, until: now });
        s.times += 1;
        let wait = 2_i64.saturating_pow(s.times.saturating_sub(SILENCES - 1).min(20)).min(LONGEST);
        s.until = now + Duration::seconds(wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_keeps_silent_is_asked_by_one_message_at_a_time() {
        let patience = Patience::default();
        let at = |seconds: i64| DateTime::UNIX_EPOCH + Duration::seconds(seconds);
        for n in 0..3 {
            assert_eq!(patience.ask("a", at(n)), Ok(()), "it may be chance");
            patience.kept_silent("a", at(n));
        }
        assert_eq!(patience.ask("a", at(3)), Err(at(4)));
        assert_eq!(patience.ask("b", at(3)), Ok(()), "the others are not to blame");
        assert_eq!(patience.ask("a", at(4)), Ok(()));
        assert_eq!(patience.ask("a", at(4)), Err(at(14)), "one asks for all");
        patience.kept_silent("a", at(14));
        assert_eq!(patience.ask("a", at(15)), Err(at(18)), "longer each time");
        assert_eq!(patience.ask("a", at(18)), Ok(()));
        patience.answered("a");
        assert_eq!(patience.ask("a", at(18)), Ok(()));
        assert_eq!(patience.ask("a", at(18)), Ok(()));
    }
}
