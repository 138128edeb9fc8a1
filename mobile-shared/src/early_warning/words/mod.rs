//! An assessment in plain words. Client and worker read the same text, so it speaks to the client.
//!
//! Every sentence is about change from *your usual*, and every number in it is in a [`Fact`] or the [`Silence`] of the assessment.
//! What is said is decided here, once for all languages; how it is said is in the phrases of each language, by key.

mod cy;
mod en;
mod phrases;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Assessment, Counted, Fact, ItemKind, Level, Met, Side, Silence, Turn};
use crate::item::STANDARD;
use phrases::{Phrases, fill};

/// No sentence names more items than this; the facts beside it hold them all.
const NAMED: usize = 3;

/// The language a sentence is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    /// Not yet reviewed by a native speaker.
    Cy,
}

impl Language {
    fn phrases(self) -> &'static Phrases {
        match self {
            Self::En => &en::PHRASES,
            Self::Cy => &cy::PHRASES,
        }
    }
}

/// What changed and since when, or that it eased: "Sleep and ‘people talking about me’ have gone from your usual 2 to 5 on 3 of your
/// last 4 check-ins, since Monday 16 November." Never empty.
#[must_use]
pub fn sentence(assessment: &Assessment, language: Language) -> String {
    sentence_naming_days(assessment, language, &|day| named_day(day, language))
}

/// As [`sentence`], for a diary whose days have other names than the calendar's.
#[must_use]
pub fn sentence_naming_days(assessment: &Assessment, language: Language, name: &dyn Fn(NaiveDate) -> String) -> String {
    let say = Say { language, phrases: language.phrases(), name };
    match (assessment.level, assessment.turn) {
        (Level::Steady, Turn::Eased) => say.eased(&assessment.facts),
        (Level::Steady, Turn::Agreed) => say.phrases.agreed.to_owned(),
        (Level::Steady, _) if !assessment.heard => say.phrases.not_heard.to_owned(),
        (Level::Steady, _) if assessment.usual.is_empty() => say.phrases.too_few.to_owned(),
        (Level::Steady, _) => say.picture(assessment),
        (Level::Watch | Level::Alert, _) => say.changed(assessment),
    }
}

/// That there was no check-in for longer than is usual for this client: "There has been no check-in since Monday 2 February. Before
/// that there was one on about 6 days a week, and never more than 2 days without." `None` if that is not so.
#[must_use]
pub fn silence_sentence(assessment: &Assessment, language: Language) -> Option<String> {
    silence_sentence_naming_days(assessment, language, &|day| named_day(day, language))
}

/// As [`silence_sentence`], for a diary whose days have other names than the calendar's.
#[must_use]
pub fn silence_sentence_naming_days(
    assessment: &Assessment,
    language: Language,
    name: &dyn Fn(NaiveDate) -> String,
) -> Option<String> {
    let say = Say { language, phrases: language.phrases(), name };
    assessment.silence.as_ref().map(|silence| say.silence(silence))
}

/// One gentle sentence for the client's own picture of their check-ins: "Sleep has been better than your usual since Thursday
/// 12 November." `None` until there are enough answers to know what is usual, and when there were none lately.
#[must_use]
pub fn picture_sentence(assessment: &Assessment, language: Language) -> Option<String> {
    if assessment.usual.is_empty() || !assessment.heard {
        return None;
    }
    Some(Say { language, phrases: language.phrases(), name: &|day| named_day(day, language) }.picture(assessment))
}

/// A day that is still understood when the sentence is read a week later: "Monday 16 November".
pub(crate) fn named_day(day: NaiveDate, language: Language) -> String {
    language.phrases().named_day(day)
}

/// Says things in one language.
struct Say<'a> {
    language: Language,
    phrases: &'static Phrases,
    name: &'a dyn Fn(NaiveDate) -> String,
}

impl Say<'_> {
    fn picture(&self, assessment: &Assessment) -> String {
        // Where only a rule of the plan made the day an alert, nothing was weighed to have changed.
        let changed = assessment.level > Level::Steady && !assessment.facts.is_empty();
        let (facts, one, many) = if changed || !assessment.worse.is_empty() {
            let facts = if changed { &assessment.facts } else { &assessment.worse };
            (facts, self.phrases.away_one, self.phrases.away_many)
        } else {
            (&assessment.better, self.phrases.better_one, self.phrases.better_many)
        };
        let Some(first) = facts.first() else {
            return self.phrases.about_usual.to_owned();
        };
        let together: Vec<&Fact> = facts.iter().filter(|f| f.since == first.since).take(NAMED).collect();
        let phrase = if together.len() == 1 { one } else { many };
        fill(phrase, &[("names", &self.names(&together)), ("day", &(self.name)(first.since))])
    }

    fn eased(&self, facts: &[Fact]) -> String {
        let back: Vec<&Fact> = facts.iter().take(NAMED).collect();
        let phrase = match back.len() {
            0 => return self.phrases.eased.to_owned(),
            1 => self.phrases.back_one,
            _ => self.phrases.back_many,
        };
        fill(phrase, &[("names", &self.names(&back))])
    }

    /// What has gone from usual, and which rules of the plan are met.
    fn changed(&self, assessment: &Assessment) -> String {
        let rules = assessment.met.iter().take(NAMED).map(|met| self.met(met));
        let weighed = !assessment.facts.is_empty() || assessment.met.is_empty();
        let gone = weighed.then(|| self.gone_from_usual(&assessment.facts));
        gone.into_iter().chain(rules).collect::<Vec<_>>().join(" ")
    }

    /// "Your plan says: “If I haven't slept for three nights, ring me.” Sleep was 2 or lower on each of the last 3 days you
    /// answered it, since Friday 20 November."
    fn met(&self, met: &Met) -> String {
        let words = met.words.trim();
        let stop = if words.ends_with(['.', '!', '?', '…']) { "" } else { "." };
        let one = met.count == 1;
        let phrase = match (met.side, one) {
            (Side::AtMost, false) => self.phrases.at_most,
            (Side::AtMost, true) => self.phrases.at_most_once,
            (Side::AtLeast, false) => self.phrases.at_least,
            (Side::AtLeast, true) => self.phrases.at_least_once,
        };
        let (name, value) = (self.name(met.kind, &met.label), number(met.value));
        let (count, day) = (met.count.to_string(), (self.name)(met.since));
        let said = fill(phrase, &[("name", &name), ("value", &value), ("count", &count), ("day", &day)]);
        format!("{}{stop} {said}", fill(self.phrases.plan_says, &[("words", words)]))
    }

    /// Items with the same numbers share a clause; the others follow, each with its own.
    fn gone_from_usual(&self, facts: &[Fact]) -> String {
        let clauses = self.clauses(facts, self.phrases.gone_one, self.phrases.gone_many);
        if clauses.is_empty() { self.phrases.changed.to_owned() } else { format!("{clauses}.") }
    }

    fn silence(&self, silence: &Silence) -> String {
        let often = match whole(silence.usual_a_week) {
            7 => self.phrases.every_day.to_owned(),
            0 => self.phrases.seldom.to_owned(),
            1 => self.phrases.once_a_week.to_owned(),
            days => fill(self.phrases.days_a_week, &[("n", &days.to_string())]),
        };
        let phrase = match silence.longest_before {
            // As long as before is not longer: then only how often is told.
            longest if longest >= silence.days => self.phrases.silence_often,
            0 => self.phrases.silence_daily,
            1 => self.phrases.silence_longest_one,
            _ => self.phrases.silence,
        };
        let (last, longest) = ((self.name)(silence.last), silence.longest_before.to_string());
        let mut words = fill(phrase, &[("day", &last), ("often", &often), ("longest", &longest)]);
        let heard = self.clauses(&silence.facts, self.phrases.had_gone_one, self.phrases.had_gone_many);
        if !heard.is_empty() {
            words = format!("{words} {}", fill(self.phrases.when_last_heard, &[("clauses", &heard)]));
        }
        words
    }

    fn clauses(&self, facts: &[Fact], one: &str, many: &str) -> String {
        let mut clauses: Vec<Vec<&Fact>> = Vec::new();
        for fact in facts.iter().take(NAMED) {
            match clauses.iter_mut().find(|c| same_numbers(c[0], fact)) {
                Some(clause) => clause.push(fact),
                None => clauses.push(vec![fact]),
            }
        }
        let clause = |(n, facts): (usize, &Vec<&Fact>)| {
            let phrase = match (n, facts.len()) {
                (0, 1) => one,
                (0, _) => many,
                _ => self.phrases.and_from,
            };
            fill(phrase, &[("names", &self.names(facts)), ("change", &self.change(facts[0]))])
        };
        clauses.iter().enumerate().map(clause).collect::<Vec<_>>().join("; ")
    }

    /// "from your usual 2 to 5 on 3 of your last 4 check-ins, since Monday 16 November"
    fn change(&self, fact: &Fact) -> String {
        let all = fact.count == fact.of;
        let phrase = match (fact.counted, all) {
            (Counted::CheckIns, true) => self.phrases.each_check_in,
            (Counted::CheckIns, false) => self.phrases.some_check_ins,
            (Counted::Days, true) => self.phrases.each_day,
            (Counted::Days, false) => self.phrases.some_days,
            (Counted::Answers, true) => self.phrases.each_answer,
            (Counted::Answers, false) => self.phrases.some_answers,
        };
        let (usual, now) = (number(fact.usual.centre), number(fact.now));
        let (count, of, day) = (fact.count.to_string(), fact.of.to_string(), (self.name)(fact.since));
        fill(phrase, &[("usual", &usual), ("now", &now), ("count", &count), ("of", &of), ("day", &day)])
    }

    /// "Sleep, energy and ‘people talking about me’": standard items first, then signs in the client's own words.
    fn names(&self, facts: &[&Fact]) -> String {
        let (signs, standard): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|f| f.kind == ItemKind::Sign);
        let each: Vec<String> = standard.iter().chain(&signs).map(|f| self.name(f.kind, &f.label)).collect();
        match each.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => self.phrases.and(&first.join(", "), last),
        }
    }

    fn name(&self, kind: ItemKind, label: &str) -> String {
        if kind == ItemKind::Sign { format!("‘{}’", label.trim()) } else { self.name_of(label.trim()) }
    }

    /// A standard item's name in this language. Signs are the client's own words, whatever language they chose.
    fn name_of(&self, label: &str) -> String {
        let standard = STANDARD.iter().find(|s| s.short == label);
        match (self.language, standard) {
            (Language::Cy, Some(standard)) => standard.short_cy.to_owned(),
            _ => label.to_owned(),
        }
    }
}

fn same_numbers(a: &Fact, b: &Fact) -> bool {
    let numbers = |f: &Fact| (number(f.usual.centre), number(f.now), f.count, f.of, f.counted, f.since);
    numbers(a) == numbers(b)
}

fn whole(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "days of a week")]
    let whole = value.round() as i64;
    whole
}

/// Whole numbers bare, others with one decimal.
fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}
