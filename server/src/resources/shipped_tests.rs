//! What every text that comes with the app must be. `library/README.md` says it to writers.

use std::collections::{BTreeMap, BTreeSet};

use mobile_shared::resource::{Block, Edition, Exercise};

use super::{
    Kind,
    shipped::{Shipped, all},
    source::{Written, read},
};

fn texts() -> Vec<(Shipped, Written)> {
    let read = |file: Shipped| {
        let reading = read(&file.markdown, file.edition);
        assert_eq!(reading.faults, [], "{}/{}", file.edition.as_str(), file.slug);
        let written = reading.written.unwrap();
        (file, written)
    };
    all().into_iter().map(read).collect()
}

fn of(edition: Edition) -> Vec<(Shipped, Written)> {
    texts().into_iter().filter(|(file, _)| file.edition == edition).collect()
}

fn name((file, _): &(Shipped, Written)) -> String {
    format!("{}/{}", file.edition.as_str(), file.slug)
}

#[test]
fn there_are_articles_exercises_easy_read_and_welsh_ones() {
    let english = of(Edition::English);
    let exercises: BTreeSet<Exercise> = english.iter().filter_map(|(_, w)| w.front.exercise).collect();
    assert!(english.iter().filter(|(_, w)| w.front.kind == Kind::Article).count() >= 30);
    assert_eq!(exercises, Exercise::ALL.iter().copied().collect());
    assert!(of(Edition::EnglishEasy).len() >= 10);
    assert!(of(Edition::Welsh).len() >= 8);
}

#[test]
fn every_wording_belongs_to_an_english_one_and_says_the_same_of_itself() {
    let english: BTreeMap<String, Written> = of(Edition::English).into_iter().map(|(f, w)| (f.slug, w)).collect();
    for text in texts() {
        let (file, w) = (&text.0, &text.1);
        let Some(original) = english.get(&file.slug) else { panic!("{} has no English one", name(&text)) };
        assert_eq!(
            (w.front.kind, w.front.exercise, w.front.stage, w.front.discreet),
            (original.front.kind, original.front.exercise, original.front.stage, original.front.discreet),
            "{}",
            name(&text)
        );
        assert_eq!(w.front.topics, original.front.topics, "{}", name(&text));
        assert_eq!(w.front.helps_with, original.front.helps_with, "{}", name(&text));
        assert_eq!(w.front.language.as_deref(), Some(file.edition.language()), "{}", name(&text));
        assert_eq!(w.front.easy_read.unwrap_or(false), file.edition.is_easy(), "{}", name(&text));
        // A review is made by a person, in the app.
        assert_eq!(w.front.reviewed_by, "", "{}", name(&text));
        let welsh = file.edition.language() == "cy";
        assert_eq!(w.front.awaiting_native_review, welsh, "{}", name(&text));
        assert!(w.is_whole() && !w.front.search_words.is_empty(), "{}", name(&text));
    }
}

#[test]
fn texts_begin_with_something_to_do_now_and_have_their_length() {
    for text in texts() {
        let (file, w) = (&text.0, &text.1);
        let first = if file.edition.language() == "cy" { "Yn y pum munud nesaf" } else { "In the next five minutes" };
        assert_eq!(w.blocks[0].words(), [first], "{}", name(&text));
        assert!(matches!(w.blocks[0], Block::Heading { level: 2, .. }), "{}", name(&text));
        let words = w.counts().words;
        let wanted = match (w.front.kind, file.edition.is_easy()) {
            (_, true) => 100..=320,
            (Kind::Exercise, _) => 150..=600,
            (Kind::Article, _) => 350..=800,
        };
        assert!(wanted.contains(&words), "{} has {words} words", name(&text));
        assert!(w.front.minutes as usize * 220 >= words, "{} takes longer than it says", name(&text));
    }
}

/// Easy Read is for people for whom 9 is too much.
const EASY: f64 = 9.0;

#[test]
fn nothing_is_harder_to_read_than_a_twelve_year_old_reads_and_most_is_easier() {
    let mut ages: Vec<f64> = Vec::new();
    for text in texts() {
        let Some(age) = text.1.reading_age() else { continue };
        let most = if text.0.edition.is_easy() { EASY } else { super::source::HARDEST };
        assert!(age <= most, "{} has a reading age of {age:.1}", name(&text));
        ages.push(age);
    }
    ages.sort_by(f64::total_cmp);
    assert!(ages[ages.len() / 2] <= 11.0, "the middle one has a reading age of {:.1}", ages[ages.len() / 2]);
}

#[test]
fn every_text_has_two_sources_that_can_be_checked() {
    for text in texts() {
        let urls: BTreeSet<&str> = text.1.front.sources.iter().map(|s| s.url.as_str()).collect();
        assert!(urls.len() >= 2, "{}", name(&text));
        for source in &text.1.front.sources {
            assert!(!source.title.is_empty() && !source.publisher.is_empty(), "{}", name(&text));
        }
    }
}

#[test]
fn links_inside_the_pack_lead_somewhere() {
    let slugs: BTreeSet<String> = of(Edition::English).into_iter().map(|(f, _)| f.slug).collect();
    for text in texts() {
        for to in text.1.linked() {
            assert!(slugs.contains(to), "{} links to {to}", name(&text));
            assert_ne!(to, text.0.slug, "{} links to itself", name(&text));
        }
    }
}

#[test]
fn no_two_texts_share_a_paragraph_or_a_long_sentence() {
    for edition in Edition::ALL {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        // Easy Read is made of short lines, and the way to another piece is best said alike.
        let fewest = if edition.is_easy() { 9 } else { 5 };
        for text in of(*edition) {
            let said: Vec<String> =
                text.1.blocks.iter().filter(|b| !matches!(b, Block::Heading { .. })).flat_map(Block::words).collect();
            let sentences =
                said.iter().flat_map(|p| p.split(['.', '?', ':'])).filter(|s| s.split_whitespace().count() > 7);
            for shared in said.iter().map(String::as_str).chain(sentences).map(|s| s.trim().to_lowercase()) {
                // The same number is best said in the same words everywhere.
                let is_a_number = shared.chars().filter(char::is_ascii_digit).count() >= 3;
                if shared.split_whitespace().count() < fewest || is_a_number {
                    continue;
                }
                if let Some(other) = seen.insert(shared.clone(), name(&text)).filter(|other| *other != name(&text)) {
                    panic!("{} and {other} share: {shared}", name(&text));
                }
            }
        }
    }
}

/// Words that judge, frighten or label (LOOK.md, Voice).
const NEVER: &[&str] = &[
    "complian",
    "adherence",
    "patients",
    "service user",
    "sufferer",
    "schizophrenics",
    "committed suicide",
    "commit suicide",
    "you must ",
    "make sure you",
    "it's important to",
    "!",
];

#[test]
fn nothing_is_said_that_judges() {
    for text in texts().into_iter().filter(|(f, _)| f.edition.language() == "en") {
        let said = text.1.blocks.iter().flat_map(Block::words).collect::<Vec<_>>().join("\n").to_lowercase();
        for word in NEVER {
            assert!(!said.contains(word), "{} says {word:?}", name(&text));
        }
    }
}
