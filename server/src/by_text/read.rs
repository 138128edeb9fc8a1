//! What a text says. A closed list of words ([`WORDS`], shown in docs/channels.md), numbers, or anything else: what is anything else
//! is for a person to read, and nothing here looks for words in it.

use mobile_shared::item::Scale;

/// What a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// "You may ask."
    Yes,
    /// "Ask no more."
    Stop,
    /// "Who is this?"
    Who,
    /// "Get in touch with me."
    CallMe,
    /// An answer to each question, in the order asked, and the words beside them.
    Answers { values: Vec<i32>, note: Option<String> },
    /// Numbers alone, and they do not fit the questions; or nothing at all.
    Misfit,
    /// Something for a person to read.
    Words,
}

/// Words that mean something by themselves: the whole text is one of them. Capitals and what stands around them do not matter.
pub const WORDS: &[(&str, Said)] = &[
    ("yes", Said::Yes),
    ("ie", Said::Yes),
    ("stop", Said::Stop),
    ("end", Said::Stop),
    ("who", Said::Who),
    ("pwy", Said::Who),
    ("call me", Said::CallMe),
    // Elsewhere HELP asks a machine what it is. Whoever writes it to people who support them may mean it.
    ("help", Said::CallMe),
    ("contact", Said::CallMe),
    ("ffoniwch fi", Said::CallMe),
    ("cysylltwch", Said::CallMe),
];

/// Numbers as people write them out. *Dim* is also "not", and is no number here.
const NUMBERS: &[(&str, i32)] = &[
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("sero", 0),
    ("un", 1),
    ("dau", 2),
    ("dwy", 2),
    ("tri", 3),
    ("tair", 3),
    ("pedwar", 4),
    ("pedair", 4),
    ("pump", 5),
    ("chwech", 6),
    ("saith", 7),
    ("wyth", 8),
    ("naw", 9),
    ("deg", 10),
];

/// Reads a text against the scales of the questions it may answer.
pub fn read(text: &str, scales: &[Scale]) -> Said {
    let plain = plain(text);
    if let Some((_, said)) = WORDS.iter().find(|(word, _)| *word == plain) {
        return said.clone();
    }
    if !text.chars().any(is_of_words) {
        return Said::Misfit;
    }
    let (slashed, apart) = (leading_numbers(text, scales, true), leading_numbers(text, scales, false));
    match [&slashed, &apart].into_iter().find(|(values, _)| fits(values, scales)) {
        Some((values, rest)) => Said::Answers { values: values.clone(), note: words_in(rest) },
        // Numbers alone that do not fit. With words beside them it is for a person: no word is let go.
        None if !apart.0.is_empty() && words_in(apart.1).is_none() => Said::Misfit,
        None => written_out(&plain, scales),
    }
}

/// What is said after the numbers.
fn words_in(rest: &str) -> Option<String> {
    let words = rest.trim_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(c));
    words.chars().any(is_of_words).then(|| words.to_owned())
}

/// In small letters, without what stands around it, with single spaces.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let core = lower.trim_matches(|c: char| !c.is_alphanumeric());
    core.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters, digits and pictures: something was said. Full stops and spaces alone are nothing.
fn is_of_words(c: char) -> bool {
    !(c.is_whitespace() || c.is_control() || c.is_ascii_punctuation())
}

fn fits(values: &[i32], scales: &[Scale]) -> bool {
    !values.is_empty() && values.len() == scales.len() && values.iter().zip(scales).all(|(v, s)| s.holds(f64::from(*v)))
}

/// What may stand between numbers.
const SEPARATORS: &str = ",;:./-+&";

/// The numbers that a text begins with, and what comes after them. `of`: a number after a stroke or "out of" may be the end of the
/// scale, as in 4/10; otherwise a stroke stands between two.
fn leading_numbers<'t>(text: &'t str, scales: &[Scale], of: bool) -> (Vec<i32>, &'t str) {
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    while let Some((value, after)) = number(rest) {
        rest = after;
        if of && let Some(scale) = scales.get(values.len()) {
            rest = end_of_scale(rest, scale.max).unwrap_or(rest);
        }
        values.push(value);
        let next = rest.trim_start_matches(|c: char| c.is_whitespace() || (c != '-' && SEPARATORS.contains(c)));
        // "4-3-6" and "4 - 3" have a dash between; in "4 -3" the number is below nought.
        let next = match next.strip_prefix('-') {
            Some(after) if next.len() == rest.len() || after.starts_with(char::is_whitespace) => after.trim_start(),
            _ => next,
        };
        if number(next).is_none() {
            break;
        }
        rest = next;
    }
    (values, rest)
}

/// A whole number in digits that a text begins with, if nothing is glued to it: "4hrs" is none.
fn number(text: &str) -> Option<(i32, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (value, rest) = text.split_at(text.len() - digits.len() + end);
    let glued = rest.starts_with(|c: char| c.is_alphanumeric() || "%£$€'’".contains(c));
    (end > 0 && !glued).then_some(())?;
    // One too long for this is on no scale either.
    Some((value.parse().unwrap_or(i32::MAX), rest))
}

/// What comes after "/10" or "out of 10", if the scale ends there.
fn end_of_scale(text: &str, end: i32) -> Option<&str> {
    let text = text.trim_start();
    let lower = text.to_ascii_lowercase();
    let said = ["/", "out of ", "allan o "].into_iter().find(|said| lower.starts_with(said))?;
    let (value, rest) = number(text.get(said.len()..)?.trim_start())?;
    (value == end).then_some(rest)
}

/// Numbers written out, if there is nothing else: "one of those days" is no 1.
fn written_out(plain: &str, scales: &[Scale]) -> Said {
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && *w != "and" && *w != "a");
    let known = |word: &str| {
        let written = NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        written.or_else(|| word.bytes().all(|b| b.is_ascii_digit()).then(|| word.parse().unwrap_or(i32::MAX)))
    };
    let values: Option<Vec<i32>> = words.map(known).collect();
    match values {
        Some(values) if fits(&values, scales) => Said::Answers { values, note: None },
        Some(values) if !values.is_empty() => Said::Misfit,
        _ => Said::Words,
    }
}

#[cfg(test)]
mod tests {
    use mobile_shared::item::HigherIs;

    use super::*;

    const MOOD: &[Scale] = &[Scale::seven(HigherIs::Better)];
    const THREE: &[Scale] = &[Scale::seven(HigherIs::Better); 3];
    const TEN: &[Scale] = &[Scale { min: 0, max: 10, higher_is: HigherIs::Worse }];

    #[track_caller]
    fn answers(text: &str, scales: &[Scale], values: &[i32], note: Option<&str>) {
        let said = Said::Answers { values: values.to_vec(), note: note.map(str::to_owned) };
        assert_eq!(read(text, scales), said, "{text:?}");
    }

    #[test]
    fn numbers_are_answers_in_the_order_asked() {
        for text in
            ["4 3 6", "4,3,6", "4, 3, 6.", " 4\n3\n6 ", "4/3/6", "4-3-6", "4 - 3 - 6", "4;3;6", "4.3.6", "4 + 3 & 6"]
        {
            answers(text, THREE, &[4, 3, 6], None);
        }
        for text in
            ["4", "4.", "04", "(4)", "4/7", "4 / 7", "4 out of 7", "4 allan o 7", "four", "Four!", "Pedwar", "pedair"]
        {
            answers(text, MOOD, &[4], None);
        }
        answers("0", TEN, &[0], None);
        answers("10/10", TEN, &[10], None);
        answers("four three 6", THREE, &[4, 3, 6], None);
        answers("pedwar, tri a chwech", THREE, &[4, 3, 6], None);
        answers("4/7 3/7 6/7", THREE, &[4, 3, 6], None);
        // Where the end of the scale would leave one too few, the stroke stands between two.
        answers("4/7", &THREE[..2], &[4, 7], None);
    }

    #[test]
    fn words_after_the_numbers_are_their_note() {
        answers("4 bad night", MOOD, &[4], Some("bad night"));
        answers("4, 3, 6 - up at three. Tired", THREE, &[4, 3, 6], Some("up at three. Tired"));
        answers("3\u{1f622}", MOOD, &[3], Some("\u{1f622}"));
        answers("4 out of 10", MOOD, &[4], Some("out of 10"));
    }

    #[test]
    fn numbers_that_do_not_fit_are_asked_for_again() {
        for text in [
            "8",
            "0",
            "-3",
            "4 3",
            "4 3 6",
            "4/10",
            "4.5",
            "99999999999999999999",
            "eight",
            "four three",
            "",
            " ",
            "?",
            "...",
        ] {
            assert_eq!(read(text, MOOD), Said::Misfit, "{text:?}");
        }
        assert_eq!(read("4 -3 6", THREE), Said::Misfit);
        assert_eq!(read("4", &[]), Said::Misfit);
    }

    #[test]
    fn what_a_person_must_read_is_never_taken_for_a_number() {
        for text in [
            "I cannot go on",
            "I took 3 pills",
            "mood 4",
            "one of those days",
            "4hrs sleep",
            "40% of me",
            "dim yn dda",
            "help me",
            "Please call me",
            "stop it all",
            "not yes",
            "4 3 cannot sleep and nobody comes",
            "\u{1f622}",
            "\u{ff14}",
            "ok thanks",
        ] {
            assert_eq!(read(text, MOOD), Said::Words, "{text:?}");
        }
    }

    #[test]
    fn the_closed_list_and_nothing_like_it() {
        for (word, said) in WORDS {
            for text in [word.to_uppercase(), format!(" {word}. "), format!("{word}!!")] {
                assert_eq!(&read(&text, MOOD), said, "{text:?}");
            }
            assert_eq!(read(&format!("{word} now then"), MOOD), Said::Words);
        }
        assert_eq!(read("call\u{a0} me", MOOD), Said::CallMe);
    }
}
