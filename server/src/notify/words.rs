//! Everything a push may say, in one place. It may be read over somebody's shoulder, so it says as good as nothing: no names,
//! no words of anybody's, nothing about what for. The native speaker's review of the Welsh is still to come.

use serde::Serialize;

use super::{Discretion, Kind};
use crate::{app::App, config::Language, ids::DeliveryId};

/// The language that somebody is written to: that of their record if it is offered here (Welsh waits for its review), else English.
pub fn in_force(app: &App, language: &str) -> &'static str {
    if language == "cy" && app.config.languages.contains(&Language::Cy) { "cy" } else { "en" }
}

/// Every payload has this many bytes, so that its length says nothing either.
pub const SIZE: usize = 200;
/// More is told as so many.
const MOST: i32 = 99;

/// For a client who wants nothing to be seen: only that there is something.
const HIDDEN: &str = "Companion";

/// The words for one thing and for several: English, Welsh.
const fn phrases(kind: Kind) -> [[&'static str; 2]; 2] {
    match kind {
        Kind::Reminder => [["A reminder", "Reminders"], ["Nodyn atgoffa", "Nodiadau atgoffa"]],
        Kind::ContactNews => [["News for you", "News for you"], ["Newyddion i chi", "Newyddion i chi"]],
        Kind::PlanWaiting => {
            [["Something to look at", "Some things to look at"], ["Rhywbeth i edrych arno", "Pethau i edrych arnynt"]]
        }
        Kind::ContactRequest => [
            ["Someone asks for contact", "Some people ask for contact"],
            ["Mae rhywun yn gofyn am gyswllt", "Mae pobl yn gofyn am gyswllt"],
        ],
        Kind::Flag => [["A flag to look at", "Flags to look at"], ["Baner i edrych arni", "Baneri i edrych arnynt"]],
        Kind::Readiness => [
            ["A check before your shift", "A check before your shift"],
            ["Gwiriad cyn eich shifft", "Gwiriad cyn eich shifft"],
        ],
        Kind::Rota => [
            ["The rota needs a look", "The rota needs a look"],
            ["Mae angen golwg ar y rota", "Mae angen golwg ar y rota"],
        ],
        Kind::Test => [["This is a test", "This is a test"], ["Prawf yw hwn", "Prawf yw hwn"]],
    }
}

/// All there is to say.
pub fn all() -> Vec<&'static str> {
    Kind::ALL.iter().flat_map(|kind| phrases(*kind).concat()).chain([HIDDEN]).collect()
}

/// The neutral words for a notification.
pub fn phrase(kind: Kind, language: &str, count: i32, discretion: Discretion) -> &'static str {
    if discretion == Discretion::Hidden && kind != Kind::Test {
        return HIDDEN;
    }
    phrases(kind)[usize::from(language == "cy")][usize::from(count > 1)]
}

/// What the service worker is given.
#[derive(Debug, Serialize)]
pub struct Payload<'a> {
    v: u8,
    id: DeliveryId,
    r: &'a str,
    kind: Kind,
    n: i32,
    tag: &'a str,
    t: &'static str,
    d: Discretion,
    /// A button "I've got this" is of use.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    a: bool,
}

impl<'a> Payload<'a> {
    pub fn new(
        id: DeliveryId,
        token: &'a str,
        (kind, count): (Kind, i32),
        tag: &'a str,
        language: &str,
        discretion: Discretion,
        can_be_taken: bool,
    ) -> Self {
        let n = count.clamp(1, MOST);
        Self {
            v: 1,
            id,
            r: token,
            kind,
            n,
            tag,
            t: phrase(kind, language, n, discretion),
            d: discretion,
            a: can_be_taken,
        }
    }

    /// As JSON, filled up with spaces to one size.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        bytes.resize(SIZE.max(bytes.len()), b' ');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_payload_has_the_one_size() {
        let (token, tag) = ("r".repeat(16), "t".repeat(16));
        let id = DeliveryId(uuid::Uuid::max());
        for kind in Kind::ALL {
            for (language, count) in [("en", 1), ("en", 3), ("cy", 1), ("cy", i32::MAX), ("pl", 0)] {
                for discretion in [Discretion::Words, Discretion::Neutral, Discretion::Hidden] {
                    let can_be_taken = matches!(kind, Kind::ContactRequest | Kind::Flag);
                    let payload = Payload::new(id, &token, (kind, count), &tag, language, discretion, can_be_taken);
                    let bytes = payload.bytes();
                    assert_eq!(bytes.len(), SIZE, "{}", String::from_utf8_lossy(&bytes));
                    let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                    assert_eq!((&read["kind"], read["t"].as_str()), (&serde_json::json!(kind.name()), Some(payload.t)));
                }
            }
        }
    }
}
