//! A resource of the resilience pack, as phones get it.
//!
//! Its text is a tree of blocks and never HTML: an app draws text into its own headings and paragraphs, so nothing that
//! somebody typed can become a script, a form or a style, and reading aloud, printing and searching need no parser.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A run of text drawn in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub text: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emphasis: bool,
    /// Only what [`may_link`] allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// `level` is 2 or 3: the title is the page's own.
    Heading {
        level: u8,
        text: Vec<Span>,
    },
    Paragraph {
        text: Vec<Span>,
    },
    Quote {
        text: Vec<Span>,
    },
    List {
        ordered: bool,
        items: Vec<Vec<Span>>,
    },
    Image {
        image_id: Uuid,
        /// What the picture shows, for those who do not see it. Never empty.
        alt: String,
    },
}

impl Block {
    /// The words of the block, one string for each line or list entry.
    pub fn words(&self) -> Vec<String> {
        let joined = |spans: &[Span]| spans.iter().map(|s| s.text.as_str()).collect::<String>();
        match self {
            Self::Heading { text, .. } | Self::Paragraph { text } | Self::Quote { text } => vec![joined(text)],
            Self::List { items, .. } => items.iter().map(|i| joined(i)).collect(),
            Self::Image { alt, .. } => vec![alt.clone()],
        }
    }

    pub fn links(&self) -> impl Iterator<Item = &str> {
        let spans: Vec<&Span> = match self {
            Self::Heading { text, .. } | Self::Paragraph { text } | Self::Quote { text } => text.iter().collect(),
            Self::List { items, .. } => items.iter().flatten().collect(),
            Self::Image { .. } => Vec::new(),
        };
        spans.into_iter().filter_map(|s| s.href.as_deref())
    }
}

/// Where a link in a resource may lead: a page over https, a phone number, or another resource of the pack.
pub fn may_link(to: &str) -> bool {
    if to.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'`\\{}|^".contains(c)) {
        return false;
    }
    if let Some(number) = to.strip_prefix("tel:") {
        let digits = number.strip_prefix('+').unwrap_or(number);
        return (2..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    }
    if let Some(slug) = to.strip_prefix("resource:") {
        return is_slug(slug);
    }
    to.strip_prefix("https://").is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // A name with a dot in it: no user:password@, no port, no bare number, no machine of the reader's own network.
        host.contains('.')
            && !host.starts_with('.')
            && !host.ends_with('.')
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
            && host.rsplit('.').next().is_some_and(|end| end.len() >= 2 && end.bytes().all(|b| b.is_ascii_alphabetic()))
    })
}

/// The name of a resource in links and files: lower-case words joined by dashes.
pub fn is_slug(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}

words! {
    /// Which wording of a resource: its language, and whether it is Easy Read.
    Edition { English = "en", EnglishEasy = "en-easy", Welsh = "cy", WelshEasy = "cy-easy" }
}

words! {
    Topic {
        Feelings = "feelings", Sleep = "sleep", Body = "body", Signs = "signs", VoicesAndBeliefs = "voices_and_beliefs",
        DayToDay = "day_to_day", HomeAndMoney = "home_and_money", People = "people", WorkAndLearning = "work_and_learning",
        CareAndRights = "care_and_rights", HardTimes = "hard_times", Hope = "hope",
    }
}

words! {
    /// When it is best read.
    Stage { Any = "any", Well = "well", EarlySigns = "early_signs", Crisis = "crisis", After = "after" }
}

words! {
    /// The exercises that the app knows how to do with somebody.
    Exercise {
        PacedBreathing = "paced_breathing", FiveSenses = "five_senses", WorryTime = "worry_time",
        OneSmallStep = "one_small_step", LetterToMyself = "letter_to_myself", WhatHelped = "what_helped",
    }
}

words! {
    /// What a low answer may be about, for a suggestion after a check-in: a standard item, or a sign of the client's own.
    HelpsWith { Mood = "mood", Sleep = "sleep", Energy = "energy", Anxiety = "anxiety", Connection = "connection", OwnSign = "own_sign" }
}

impl Edition {
    /// `en` or `cy`
    pub fn language(self) -> &'static str {
        match self {
            Self::English | Self::EnglishEasy => "en",
            Self::Welsh | Self::WelshEasy => "cy",
        }
    }

    pub fn is_easy(self) -> bool {
        matches!(self, Self::EnglishEasy | Self::WelshEasy)
    }
}

/// Where something in a text can be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub title: String,
    pub publisher: String,
    pub url: String,
}

/// Who at the provider has read a text and stands by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    pub by: String,
    pub on: NaiveDate,
}

/// One wording of a resource, ready to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub title: String,
    pub summary: String,
    pub topics: Vec<Topic>,
    pub stage: Stage,
    pub minutes: u32,
    pub helps_with: Vec<HelpsWith>,
    pub search_words: Vec<String>,
    pub sources: Vec<Source>,
    pub written_on: NaiveDate,
    /// `None` until a named person at the provider has reviewed it.
    pub reviewed: Option<Reviewed>,
    pub awaiting_native_review: bool,
    /// Never to be suggested, and no trace of having read it is kept: somebody else may look at this phone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub discreet: bool,
    pub blocks: Vec<Block>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_https_pages_phone_numbers_and_the_pack_and_nowhere_else() {
        for good in [
            "https://www.nhs.uk/conditions/insomnia/",
            "https://mind.org.uk?a=b#c",
            "tel:116123",
            "tel:+441632960001",
            "resource:low-mood",
        ] {
            assert!(may_link(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "http://example.org",
            "data:text/html,x",
            "//example.org",
            "/api/v1/me",
            "https://user:secret@example.org",
            "https://localhost/x",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://example.org:8443/",
            "https://",
            "https://.org",
            "tel:",
            "tel:999;ext=1",
            "tel:116 123",
            "resource:",
            "resource:../x",
            "resource:Sleep",
            "vbscript:x",
            "https://exa mple.org",
            "https://example.org/\"onclick=1",
            " https://example.org",
            "",
        ] {
            assert!(!may_link(bad), "{bad}");
        }
    }
}
