//! What holds for any text whatever.

use companion::by_text::read::{Said, WORDS, read};
use mobile_shared::item::{HigherIs, Scale};
use proptest::prelude::*;

const SCALES: &[Scale] = &[
    Scale::seven(HigherIs::Better),
    Scale { min: 0, max: 10, higher_is: HigherIs::Worse },
    Scale::seven(HigherIs::Worse),
];

/// Texts as people write them, and as nobody does.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[0-9]{1,3}",
        "(four|six|pedwar|naw|one|dim)",
        "(stop|yes|call me|help|bad night|out of 7|i)",
        "[ ,;:/.!?+-]{1,3}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.join(" "))
}

/// Letters that are not part of a number written out, of "out of 7" or of "and".
fn has_words(text: &str) -> bool {
    const NUMBERS: &str = "zero one two three four five six seven eight nine ten sero un dau dwy tri tair pedwar pedair pump chwech \
                           saith wyth naw deg out of allan o and a";
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    words.any(|word| !NUMBERS.split_whitespace().any(|known| known == word))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn no_text_panics_and_no_word_is_taken_for_nothing(text in any_text(), questions in 0..=3_usize) {
        let scales = &SCALES[..questions];
        match read(&text, scales) {
            Said::Answers { values, note } => {
                prop_assert_eq!(values.len(), questions);
                prop_assert!(values.iter().zip(scales).all(|(v, s)| s.holds(f64::from(*v))));
                // Whatever was written beside the numbers is kept as it was written.
                let kept = note.unwrap_or_default();
                prop_assert!(text.contains(&kept));
                let before = text.replacen(&kept, "", 1);
                prop_assert!(!has_words(&before), "{:?} of {:?} is lost", before, text);
            }
            Said::Misfit => prop_assert!(!has_words(&text), "{:?}", text),
            Said::Words => {}
            listed => {
                let plain = text.to_lowercase();
                prop_assert!(WORDS.iter().any(|(word, said)| *said == listed && plain.contains(&word[..2])));
            }
        }
    }

    #[test]
    fn numbers_written_apart_are_read_as_they_are(a in 1..=7_i32, b in 0..=10_i32, c in 1..=7_i32, sep in "[ ,;:]{1,2}", note in "( [a-z]{2,9}){0,3}") {
        let text = format!("{a}{sep}{b}{sep}{c}{note}");
        let said = read(&text, SCALES);
        let note = Some(note.trim().to_owned()).filter(|n| !n.is_empty());
        prop_assert_eq!(said, Said::Answers { values: vec![a, b, c], note });
    }
}
