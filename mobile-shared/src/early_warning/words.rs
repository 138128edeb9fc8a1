//! An assessment in plain words. Client and worker read the same text, so it speaks to the client.
//!
//! Every sentence is about change from *your usual*, and every number in it is in a [`Fact`] of the assessment.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Assessment, Counted, Fact, ItemKind, Level, Turn};

/// No sentence names more items than this; the facts beside it hold them all.
const NAMED: usize = 3;

/// The language a sentence is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Cy,
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
    match language {
        // Welsh is written by people who speak it; until then the English is true and the worker's.
        Language::En | Language::Cy => english::change(assessment, name),
    }
}

/// That there was no check-in for longer than is usual for this client; `None` if that is not so.
#[must_use]
pub fn silence_sentence(assessment: &Assessment, language: Language) -> Option<String> {
    let silence = assessment.silence.as_ref()?;
    Some(match language {
        Language::En | Language::Cy => {
            format!("There has been no check-in since {}.", named_day(silence.last, language))
        }
    })
}

/// One gentle sentence for the client's own picture of their check-ins: "Sleep has been better than your usual since Thursday
/// 12 November." `None` until there are enough answers to know what is usual, and when there were none lately.
#[must_use]
pub fn picture_sentence(assessment: &Assessment, language: Language) -> Option<String> {
    if assessment.usual.is_empty() || !assessment.heard {
        return None;
    }
    Some(match language {
        Language::En | Language::Cy => english::picture(assessment, &|day| named_day(day, language)),
    })
}

/// A day that is still understood when the sentence is read a week later: "Monday 16 November".
fn named_day(day: NaiveDate, language: Language) -> String {
    match language {
        Language::En | Language::Cy => day.format("%A %-d %B").to_string(),
    }
}

mod english {
    use super::{Assessment, Counted, Fact, ItemKind, Level, NAMED, NaiveDate, Turn};

    pub(super) fn change(assessment: &Assessment, day: &dyn Fn(NaiveDate) -> String) -> String {
        match (assessment.level, assessment.turn) {
            (Level::Steady, Turn::Eased) => eased(&assessment.facts),
            (Level::Steady, _) if !assessment.heard => "There have been no answers lately to go by.".to_owned(),
            (Level::Steady, _) if assessment.usual.is_empty() => {
                "There are not enough answers yet to know your usual.".to_owned()
            }
            (Level::Steady, _) => picture(assessment, day),
            (Level::Watch | Level::Alert, _) => gone_from_usual(&assessment.facts, day),
        }
    }

    pub(super) fn picture(assessment: &Assessment, day: &dyn Fn(NaiveDate) -> String) -> String {
        let (facts, what) = if assessment.level > Level::Steady {
            (&assessment.facts, "away from")
        } else if assessment.worse.is_empty() {
            (&assessment.better, "better than")
        } else {
            (&assessment.worse, "away from")
        };
        let Some(first) = facts.first() else {
            return "About your usual.".to_owned();
        };
        let together: Vec<&Fact> = facts.iter().filter(|f| f.since == first.since).take(NAMED).collect();
        let (names, have) = names(&together);
        format!("{} {have} been {what} your usual since {}.", capital(&names), day(first.since))
    }

    fn eased(facts: &[Fact]) -> String {
        let back: Vec<&Fact> = facts.iter().take(NAMED).collect();
        if back.is_empty() {
            return "What had changed from your usual no longer stands out.".to_owned();
        }
        let (names, have) = names(&back);
        format!("{} {} back near your usual.", capital(&names), if have == "have" { "are" } else { "is" })
    }

    /// Items with the same numbers share a clause; the others follow, each with its own.
    fn gone_from_usual(facts: &[Fact], day: &dyn Fn(NaiveDate) -> String) -> String {
        let mut clauses: Vec<Vec<&Fact>> = Vec::new();
        for fact in facts.iter().take(NAMED) {
            match clauses.iter_mut().find(|c| same_numbers(c[0], fact)) {
                Some(clause) => clause.push(fact),
                None => clauses.push(vec![fact]),
            }
        }
        let clauses: Vec<String> = clauses.iter().enumerate().map(|(n, c)| clause(c, n == 0, day)).collect();
        if clauses.is_empty() {
            "There is a change from your usual.".to_owned()
        } else {
            format!("{}.", capital(&clauses.join("; ")))
        }
    }

    fn clause(facts: &[&Fact], first: bool, day: &dyn Fn(NaiveDate) -> String) -> String {
        let (names, have) = names(facts);
        let Fact { usual, now, count, of, counted, since, .. } = facts[0];
        let (usual, now, since) = (number(usual.centre), number(*now), day(*since));
        let gone = if first { format!("{names} {have} gone") } else { names };
        let share = if count == of { "each".to_owned() } else { count.to_string() };
        let last = match counted {
            Counted::CheckIns => format!("{share} of your last {of} check-ins"),
            Counted::Days => format!("{share} of the last {of} days you checked in"),
        };
        format!("{gone} from your usual {usual} to {now} on {last}, since {since}")
    }

    fn same_numbers(a: &Fact, b: &Fact) -> bool {
        let numbers = |f: &Fact| (number(f.usual.centre), number(f.now), f.count, f.of, f.counted, f.since);
        numbers(a) == numbers(b)
    }

    /// "sleep, energy and ‘people talking about me’", and the verb that goes with it.
    fn names(facts: &[&Fact]) -> (String, &'static str) {
        let (signs, standard): (Vec<&Fact>, Vec<&Fact>) = facts.iter().partition(|f| f.kind == ItemKind::Sign);
        let each: Vec<String> = standard
            .iter()
            .chain(&signs)
            .map(|f| if f.kind == ItemKind::Sign { format!("‘{}’", f.label.trim()) } else { f.label.trim().to_owned() })
            .collect();
        match each.as_slice() {
            [] => (String::new(), "has"),
            [only] => (only.clone(), "has"),
            [first @ .., last] => (format!("{} and {last}", first.join(", ")), "have"),
        }
    }

    fn capital(words: &str) -> String {
        let mut letters = words.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// Whole numbers bare, others with one decimal.
    fn number(value: f64) -> String {
        let rounded = (value * 10.0).round() / 10.0;
        if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
    }
}
