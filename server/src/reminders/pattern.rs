//! A pattern of reminders that are no longer answered: a gentle signal to the team, if the client wants them to have it.
//!
//! One that is not answered says nothing, and nobody is told of it. Who answered most for three weeks and then none for one has
//! changed a habit, and somebody may ask how they are. What never reached them says nothing about them: only what a phone itself said
//! it had received counts, and what was answered, in the app or by a button.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mobile_shared::early_warning::{Language, Level};

use crate::{
    assessments::{Explanation, day_of},
    clients::Client,
    db::Connection,
    error::Result,
    ids::OrganisationId,
};

/// The days before the one that is judged on which none was answered…
const LATELY: i64 = 7;
/// …of at least so many that reached a phone,
const TOLD_LATELY: usize = 5;
/// and the days before those,
const BEFORE: i64 = 21;
/// on which at least half was answered of at least so many.
const TOLD_BEFORE: usize = 8;
/// Days that are judged anew each time: as long as one that was dealt with is not raised again.
const JUDGED: i64 = 21;

/// One reminder that reached a phone or was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct One {
    pub day: NaiveDate,
    pub answered: bool,
}

/// The numbers behind the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// They reached a phone lately, and none was answered.
    pub told: usize,
    /// They reached a phone before that, or were answered.
    pub told_before: usize,
    pub answered_before: usize,
}

/// The pattern as it is seen on a day, from the days before it. An answer on the day itself ends it.
pub fn seen_on(day: NaiveDate, all: &[One]) -> Option<Pattern> {
    let (lately, before) = (day - TimeDelta::days(LATELY), day - TimeDelta::days(LATELY + BEFORE));
    let told = |from: NaiveDate, to: NaiveDate| all.iter().filter(move |one| one.day >= from && one.day < to);
    let answered_now = told(lately, day + TimeDelta::days(1)).any(|one| one.answered);
    let pattern = Pattern {
        told: told(lately, day).count(),
        told_before: told(before, lately).count(),
        answered_before: told(before, lately).filter(|one| one.answered).count(),
    };
    let stands = !answered_now
        && pattern.told >= TOLD_LATELY
        && pattern.told_before >= TOLD_BEFORE
        && pattern.answered_before * 2 >= pattern.told_before;
    stands.then_some(pattern)
}

impl Pattern {
    /// The same for the worker and for the client.
    pub fn sentence(&self, language: Language) -> String {
        let Self { told, told_before, answered_before } = self;
        match language {
            Language::Cy => format!(
                "Ni chafodd yr un o'r {told} nodyn atgoffa a gyrhaeddodd y ffôn yn y 7 diwrnod diwethaf ei ateb. Yn y tair wythnos cyn hynny, atebwyd {answered_before} o {told_before}."
            ),
            _ => format!(
                "None of the {told} reminders that reached the phone in the last 7 days was answered. In the three weeks before, it was {answered_before} of {told_before}."
            ),
        }
    }
}

/// What became of a client's reminders lately, if that is shared.
#[derive(Clone, Debug, Default)]
pub struct Lately {
    pub shared: bool,
    all: Vec<One>,
    /// The day on which one was last answered.
    answered_on: Option<NaiveDate>,
}

impl Lately {
    pub async fn load(
        mut from: impl Connection,
        organisation: OrganisationId,
        client: &Client,
        today: NaiveDate,
    ) -> Result<Self> {
        let shared: bool = from
            .query("SELECT reminders_shared FROM client WHERE organisation_id = $1 AND id = $2")
            .bind(organisation)
            .bind(client.id)
            .scalar()
            .await?;
        if !shared {
            return Ok(Self::default());
        }
        // `CROSS JOIN` keeps SQLite from beginning with every delivery there is.
        let rows: Vec<(NaiveDate, Option<DateTime<Utc>>)> = from
            .query(
                "SELECT o.local_date, o.answered_at FROM occurrence o
                 WHERE o.organisation_id = $1 AND o.client_id = $2 AND o.local_date >= $3
                   AND (o.answered_at IS NOT NULL OR EXISTS
                        (SELECT 1 FROM occurrence_told t CROSS JOIN delivery d
                         WHERE t.organisation_id = o.organisation_id AND t.client_id = o.client_id AND t.occurrence_id = o.id
                           AND d.organisation_id = t.organisation_id AND d.notification_id = t.notification_id
                           AND d.delivered_at IS NOT NULL))",
            )
            .bind(organisation)
            .bind(client.id)
            .bind(today - TimeDelta::days(LATELY + BEFORE + JUDGED))
            .all()
            .await?;
        Ok(Self {
            shared,
            answered_on: rows.iter().filter_map(|(_, at)| *at).max().map(|at| day_of(at, client.zone)),
            all: rows.into_iter().map(|(day, at)| One { day, answered: at.is_some() }).collect(),
        })
    }

    /// The days up to today, by whether the pattern is seen on them.
    pub fn levels(&self, today: NaiveDate) -> Vec<(NaiveDate, Level)> {
        if !self.shared {
            return Vec::new();
        }
        let first = today - TimeDelta::days(JUDGED);
        let level = |day| if seen_on(day, &self.all).is_some() { Level::Watch } else { Level::Steady };
        first.iter_days().take_while(|day| *day <= today).map(|day| (day, level(day))).collect()
    }

    pub fn why(&self, day: NaiveDate) -> Option<Explanation> {
        let pattern = seen_on(day, &self.all)?;
        Some(Explanation {
            sentence: pattern.sentence(Language::En),
            facts: Vec::new(),
            translated: Some(pattern.sentence(Language::Cy)),
            met: Vec::new(),
            silence: None,
            quiet_since: None,
        })
    }

    /// The words for its end: that one was answered, if that is why.
    pub fn over(&self, last_day: NaiveDate) -> Option<String> {
        let day = self.answered_on.filter(|day| *day >= last_day)?;
        Some(format!("A reminder was answered again on {}.", day.format("%A %-d %B")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 1).unwrap() + TimeDelta::days(n)
    }

    /// One a day: `a` answered, `-` not, a space for none.
    fn days(text: &str) -> Vec<One> {
        (0..)
            .zip(text.chars())
            .filter(|(_, c)| *c != ' ')
            .map(|(n, c)| One { day: day(n), answered: c == 'a' })
            .collect()
    }

    #[test]
    fn none_of_a_week_after_three_weeks_of_most_is_a_pattern() {
        let told = days("aaaaaaa-aaaa-aaaa-aa--------");
        assert_eq!(seen_on(day(28), &told), Some(Pattern { told: 7, told_before: 21, answered_before: 17 }));
        assert_eq!(seen_on(day(26), &told), None, "a week is seven days");
    }

    #[test]
    fn one_answer_ends_it_on_the_day_itself_too() {
        assert_eq!(seen_on(day(28), &days("aaaaaaaaaaaaaaaaaaaaa---a---")), None);
        assert_eq!(seen_on(day(28), &days("aaaaaaaaaaaaaaaaaaaaa-------a")), None);
        assert!(seen_on(day(28), &days("aaaaaaaaaaaaaaaaaaaaa--------")).is_some());
    }

    #[test]
    fn who_was_told_little_or_never_answered_much_has_changed_nothing() {
        assert_eq!(seen_on(day(28), &days("aaaaaaaaaaaaaaaaaaaaa- - - -")), None, "four in a week");
        assert!(seen_on(day(28), &days("aaaaaaaaaaaaaaaaaaaaa-- -- -")).is_some(), "five are enough");
        assert_eq!(seen_on(day(28), &days("aaaaaaa              -------")), None, "seven in three weeks");
        assert_eq!(seen_on(day(28), &days("a--a--a--a--a--a--a---------")), None, "a third");
        assert!(seen_on(day(28), &days("a-a-a-a-a-a-a-a-a-a-a-------")).is_some(), "half");
    }

    #[test]
    fn it_says_its_numbers_in_both_languages() {
        let pattern = Pattern { told: 6, told_before: 20, answered_before: 14 };
        assert_eq!(
            pattern.sentence(Language::En),
            "None of the 6 reminders that reached the phone in the last 7 days was answered. In the three weeks before, it was \
             14 of 20."
        );
        assert!(
            pattern.sentence(Language::Cy).contains("6 nodyn atgoffa")
                && pattern.sentence(Language::Cy).contains("14 o 20")
        );
    }
}
