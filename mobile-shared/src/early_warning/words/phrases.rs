//! The keys of what the engine says. `{names}` begins a sentence with a capital where it stands first.

use chrono::{Datelike, NaiveDate};

pub(super) struct Phrases {
    pub not_heard: &'static str,
    pub too_few: &'static str,
    pub about_usual: &'static str,
    pub changed: &'static str,
    pub eased: &'static str,
    pub agreed: &'static str,
    pub back_one: &'static str,
    pub back_many: &'static str,
    pub away_one: &'static str,
    pub away_many: &'static str,
    pub better_one: &'static str,
    pub better_many: &'static str,
    pub gone_one: &'static str,
    pub gone_many: &'static str,
    pub had_gone_one: &'static str,
    pub had_gone_many: &'static str,
    /// A further item in the same sentence.
    pub and_from: &'static str,
    pub each_check_in: &'static str,
    pub some_check_ins: &'static str,
    pub each_day: &'static str,
    pub some_days: &'static str,
    pub each_answer: &'static str,
    pub some_answers: &'static str,
    /// A rule of the plan, in the words of those who agreed it.
    pub plan_says: &'static str,
    pub at_most: &'static str,
    pub at_most_once: &'static str,
    pub at_least: &'static str,
    pub at_least_once: &'static str,
    pub silence: &'static str,
    pub silence_often: &'static str,
    pub silence_longest_one: &'static str,
    pub silence_daily: &'static str,
    pub every_day: &'static str,
    pub days_a_week: &'static str,
    pub once_a_week: &'static str,
    pub seldom: &'static str,
    pub when_last_heard: &'static str,
    /// The last two of a list; the second is for languages whose "and" depends on what follows.
    pub and: &'static str,
    pub and_before_vowel: &'static str,
    /// `{weekday} {n} {month}`
    pub day: &'static str,
    /// From Monday on.
    pub weekdays: [&'static str; 7],
    pub months: [&'static str; 12],
}

impl Phrases {
    pub fn named_day(&self, day: NaiveDate) -> String {
        let weekday = self.weekdays[day.weekday().num_days_from_monday() as usize];
        let month = self.months[day.month0() as usize];
        fill(self.day, &[("weekday", weekday), ("n", &day.day().to_string()), ("month", month)])
    }

    pub fn and(&self, first: &str, last: &str) -> String {
        let vowel =
            last.trim_start_matches('‘').starts_with(|c: char| "aeiouwyâêîôûŵŷ".contains(c.to_ascii_lowercase()));
        fill(if vowel { self.and_before_vowel } else { self.and }, &[("first", first), ("last", last)])
    }
}

/// Puts values in the places of a phrase. What is put in is never looked at again: a client's own words may hold braces. A phrase
/// that begins with a value begins with a capital.
pub(super) fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(phrase.len() * 2);
    let mut rest = phrase;
    while let Some((before, from)) = rest.split_once('{') {
        filled.push_str(before);
        let (key, after) = from.split_once('}').unwrap_or((from, ""));
        let value = values.iter().find(|(name, _)| *name == key.trim_start_matches('^')).map_or("", |(_, value)| value);
        if key.starts_with('^') {
            push_capital(&mut filled, value)
        } else {
            filled.push_str(value)
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn push_capital(filled: &mut String, words: &str) {
    let mut letters = words.chars();
    filled.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    filled.push_str(letters.as_str());
}
