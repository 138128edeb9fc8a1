//! Whether a person is there now, and how that is said. Never more than is so: what was heard too long ago is no longer known, and with no
//! signal nobody can know.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::early_warning::{Language, named_day};

/// An answer that is older than this says nothing of now.
const FRESH: TimeDelta = TimeDelta::minutes(3);
/// Until a day that is far off nobody needs to know.
const LONG: TimeDelta = TimeDelta::days(1);
/// The same night needs no "tomorrow".
const SOON: TimeDelta = TimeDelta::hours(12);

/// `GET /api/v1/me/cover`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    pub watched_now: bool,
    #[serde(default)]
    pub by: Option<String>,
    #[serde(default)]
    pub until: Option<DateTime<Utc>>,
    #[serde(default)]
    pub next: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum There {
    Watched {
        by: Option<String>,
        until: DateTime<Utc>,
    },
    Nobody {
        next: Option<DateTime<Utc>>,
    },
    /// To be taken as nobody.
    Unknown,
}

/// Who is there, from what was last heard and when, both by the phone's clock.
pub fn there(heard: Option<(&Cover, DateTime<Utc>)>, now: DateTime<Utc>, online: bool) -> There {
    let Some((cover, at)) = heard else { return There::Unknown };
    // A clock that was put back makes an answer seem to come from later: that says nothing of its age.
    if !online || now.signed_duration_since(at).abs() >= FRESH {
        return There::Unknown;
    }
    match (cover.watched_now, cover.until) {
        (true, Some(until)) if until > now => There::Watched { by: cover.by.clone(), until },
        // Somebody was there when this was asked, and is not by now: who comes next was not said.
        (true, _) => There::Unknown,
        (false, _) => There::Nobody { next: cover.next.filter(|next| *next > now) },
    }
}

struct Phrases {
    someone: &'static str,
    watched: &'static str,
    watched_long: &'static str,
    nobody: &'static str,
    next: &'static str,
    unknown: &'static str,
    today: &'static str,
    tomorrow: &'static str,
    on: &'static str,
    at: &'static str,
}

const EN: Phrases = Phrases {
    someone: "Someone",
    watched: "{name} is on call until {time}.",
    watched_long: "{name} is on call.",
    nobody: "Nobody is watching this app right now.",
    next: "Somebody is again {when}.",
    unknown: "We can’t check who is there right now. Best to take it as nobody.",
    today: "today",
    tomorrow: "tomorrow",
    on: "on {day}",
    at: "{day} at {time}",
};

/// Waiting for a native speaker's review.
const CY: Phrases = Phrases {
    someone: "rhywun",
    watched: "Mae {name} ar alwad tan {time}.",
    watched_long: "Mae {name} ar alwad.",
    nobody: "Does neb yn gwylio’r ap hwn ar hyn o bryd.",
    next: "Bydd rhywun yno eto {when}.",
    unknown: "Ni allwn weld pwy sydd yno ar hyn o bryd. Gwell cymryd nad oes neb.",
    today: "heddiw",
    tomorrow: "yfory",
    on: "{day}",
    at: "{day} am {time}",
};

impl There {
    /// For the client. The number to ring and the crisis lines belong beside it, whatever it says.
    pub fn words(&self, now: DateTime<Utc>, zone: Tz, language: Language) -> String {
        let phrases = match language {
            Language::En => &EN,
            Language::Cy => &CY,
        };
        match self {
            There::Watched { by, until } => {
                let name = by.as_deref().unwrap_or(phrases.someone);
                let phrase = if *until - now > LONG { phrases.watched_long } else { phrases.watched };
                let soon = *until - now < SOON;
                let time = if soon { clock(*until, zone) } else { phrases.moment(*until, now, zone, language) };
                phrase.replace("{time}", &time).replace("{name}", name)
            }
            There::Nobody { next: None } => phrases.nobody.to_owned(),
            There::Nobody { next: Some(next) } => {
                let when = phrases.moment(*next, now, zone, language);
                format!("{} {}", phrases.nobody, phrases.next.replace("{when}", &when))
            }
            There::Unknown => phrases.unknown.to_owned(),
        }
    }
}

impl Phrases {
    /// "today at 21:04", "on Monday 23 November at 09:30"
    fn moment(&self, moment: DateTime<Utc>, now: DateTime<Utc>, zone: Tz, language: Language) -> String {
        let day_of = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let day = match (day_of(moment) - day_of(now)).num_days() {
            0 => self.today.to_owned(),
            1 => self.tomorrow.to_owned(),
            _ => self.on.replace("{day}", &named_day(day_of(moment), language)),
        };
        self.at.replace("{day}", &day).replace("{time}", &clock(moment, zone))
    }
}

fn clock(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = Tz::Europe__London;

    fn at(day: u32, hour: u32) -> DateTime<Utc> {
        chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, 0, 0).unwrap().and_utc()
    }

    fn said(cover: &Cover, heard: DateTime<Utc>, now: DateTime<Utc>, online: bool) -> String {
        there(Some((cover, heard)), now, online).words(now, ZONE, Language::En)
    }

    #[test]
    fn what_is_old_or_cannot_be_asked_is_not_known() {
        let cover = Cover { watched_now: true, by: Some("Dee".into()), until: Some(at(22, 8)), next: None };
        let now = at(21, 23);
        assert_eq!(said(&cover, now, now, true), "Dee is on call until 08:00.");
        for (heard, online) in [(now - FRESH, true), (now + FRESH, true), (now, false)] {
            assert!(said(&cover, heard, now, online).starts_with("We can’t check"), "{heard} {online}");
        }
        assert_eq!(there(None, now, true), There::Unknown);
        let over = Cover { until: Some(now), ..cover };
        assert_eq!(there(Some((&over, now)), now, true), There::Unknown, "who comes next was not said");
    }

    #[test]
    fn it_says_until_when_and_when_again_in_the_clients_zone_and_language() {
        let now = at(21, 23);
        let watched = |until| Cover { watched_now: true, until: Some(until), ..Cover::default() };
        assert_eq!(said(&watched(at(22, 12)), now, now, true), "Someone is on call until tomorrow at 12:00.");
        assert_eq!(said(&watched(at(28, 12)), now, now, true), "Someone is on call.");
        let nobody = |next| Cover { next, ..Cover::default() };
        assert_eq!(said(&nobody(None), now, now, true), "Nobody is watching this app right now.");
        assert_eq!(said(&nobody(Some(at(20, 9))), now, now, true), "Nobody is watching this app right now.", "past");
        let monday = nobody(Some(at(23, 9)));
        assert_eq!(
            said(&monday, now, now, true),
            "Nobody is watching this app right now. Somebody is again on Monday 23 November at 09:00."
        );
        let welsh = there(Some((&monday, now)), now, true).words(now, ZONE, Language::Cy);
        assert!(welsh.ends_with("Bydd rhywun yno eto dydd Llun 23 Tachwedd am 09:00."), "{welsh}");
    }
}
