//! Sentences that are the same wherever they are read.

use std::time::SystemTime;

use chrono::NaiveDate;
use mobile_shared::{
    cover::{self, Cover},
    early_warning::{self, Diary, Level},
};

use crate::{
    error::HostError,
    time::{instant, zone},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Language {
    En,
    /// Waiting for a native speaker's review.
    Cy,
}

impl From<Language> for early_warning::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Cy => Self::Cy,
        }
    }
}

/// What changed from the client's own usual, without levels or colours: those are the team's.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Explanation {
    pub changed: bool,
    pub sentence: String,
    /// If there has been no check-in for longer than is usual for them.
    pub silence: Option<String>,
}

/// `diary` is the JSON of the engine's diary: items and check-ins, agreed baselines, rules of the plan. `day` as in `2026-11-22`.
#[uniffi::export]
pub fn explanation(diary: String, day: String, language: Language) -> Result<Explanation, HostError> {
    let diary: Diary = serde_json::from_str(&diary).map_err(|reason| HostError::unreadable("a diary", reason))?;
    let day: NaiveDate = day.parse().map_err(|reason| HostError::unreadable("a day", reason))?;
    let assessed = early_warning::assess(&diary, day..=day).pop();
    let assessment = assessed.ok_or_else(|| HostError::unreadable("a day", "it is beyond the calendar"))?;
    let language = language.into();
    Ok(Explanation {
        changed: assessment.level != Level::Steady,
        sentence: early_warning::sentence(&assessment, language),
        silence: early_warning::silence_sentence(&assessment, language),
    })
}

/// Whether a person is there now, in words. `cover` is what `GET /api/v1/me/cover` last answered, and `heard_at` when that was, by the
/// phone's clock. What is old or was never heard is said as it is: not known, to be taken as nobody.
#[uniffi::export]
pub fn cover_words(
    cover: Option<String>,
    heard_at: Option<SystemTime>,
    now: SystemTime,
    online: bool,
    zone: String,
    language: Language,
) -> Result<String, HostError> {
    let now = instant(now);
    // An answer that cannot be read is none.
    let cover: Option<Cover> = cover.and_then(|json| serde_json::from_str(&json).ok());
    let there = cover::there(cover.as_ref().zip(heard_at.map(instant)), now, online);
    Ok(there.words(now, self::zone(&zone)?, language.into()))
}
