//! How hard a text is to read.
//!
//! The Flesch-Kincaid grade level: 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (J. P. Kincaid,
//! R. P. Fishburne, R. L. Rogers, B. S. Chissom, *Derivation of new readability formulas for Navy enlisted personnel*,
//! Research Branch Report 8-75, 1975). A school grade in the United States is a reading age five years higher.

/// The counts behind a reading age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub sentences: usize,
    pub words: usize,
    pub syllables: usize,
}

impl Counts {
    /// Counts the paragraphs of a text, without markup. Every paragraph, heading and list entry ends a sentence.
    pub fn of<'a>(paragraphs: impl IntoIterator<Item = &'a str>) -> Self {
        let mut counts = Self::default();
        for sentence in paragraphs.into_iter().flat_map(sentences) {
            let syllables: Vec<usize> = sentence.split_whitespace().map(syllables).filter(|n| *n > 0).collect();
            counts.sentences += usize::from(!syllables.is_empty());
            counts.words += syllables.len();
            counts.syllables += syllables.iter().sum::<usize>();
        }
        counts
    }

    /// In years. `None` when there is nothing to read.
    #[expect(clippy::cast_precision_loss, reason = "a text has thousands of words, not 2^52")]
    pub fn reading_age(self) -> Option<f64> {
        let (sentences, words, syllables) = (self.sentences as f64, self.words as f64, self.syllables as f64);
        (self.words > 0).then(|| 0.39 * words / sentences + 11.8 * syllables / words - 15.59 + 5.0)
    }
}

/// A full stop ends a sentence only before white space or the end: "111.", "3.5" and "nhs.uk" are not cut.
fn sentences(paragraph: &str) -> impl Iterator<Item = &str> {
    let ends = paragraph.char_indices().filter_map(|(at, c)| {
        let after = at + c.len_utf8();
        let next = paragraph[after..].chars().next();
        (matches!(c, '.' | '!' | '?' | ':' | ';') && next.is_none_or(|n| n.is_whitespace() || "\"'”’)".contains(n)))
            .then_some(after)
    });
    let mut from = 0;
    ends.chain([paragraph.len()]).map(move |end| {
        let sentence = &paragraph[from..end];
        from = end;
        sentence
    })
}

/// Groups of vowels, less the ones that are written and not said. Good to about one word in ten, which evens out over a page.
fn syllables(word: &str) -> usize {
    let word: String = word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    if word.is_empty() {
        return 0;
    }
    if word.chars().all(|c| c.is_ascii_digit()) {
        return 1;
    }
    let vowel = |c: char| "aeiouy".contains(c);
    let mut groups = 0;
    let mut before = false;
    for c in word.chars() {
        groups += usize::from(vowel(c) && !before);
        before = vowel(c);
    }
    let said_twice = ["ia", "io", "eo", "ua", "iu", "iet"].iter().map(|pair| word.matches(pair).count()).sum::<usize>();
    let said_once = ["tion", "sion", "cial", "tial", "cious", "tious", "gion", "cian", "qua", "gua", "people"]
        .iter()
        .map(|pair| word.matches(pair).count())
        .sum::<usize>();
    let silent = usize::from(
        (word.ends_with('e')
            && !(word.ends_with("le") && !word.ends_with("ale") && !word.ends_with("ole") && !word.ends_with("ile")))
            || (word.ends_with("es")
                && !["ses", "zes", "ches", "shes", "xes", "ges", "ces"].iter().any(|end| word.ends_with(end)))
            || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded")),
    );
    (groups + said_twice).saturating_sub(said_once + silent).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn syllables_of_words_that_people_use() {
        for (word, n) in [
            ("sleep", 1),
            ("worry", 2),
            ("breathe", 1),
            ("little", 2),
            ("asked", 1),
            ("wanted", 2),
            ("people", 2),
            ("medicine", 3),
            ("emotional", 4),
            ("radio", 3),
            ("special", 2),
            ("don't", 1),
            ("changes", 2),
            ("names", 1),
            ("quiet", 2),
            ("111", 1),
            ("–", 0),
            ("table", 2),
            ("whole", 1),
            ("while", 1),
        ] {
            assert_eq!(syllables(word), n, "{word}");
        }
    }
}
