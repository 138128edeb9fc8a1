//! A check-in as a phone makes it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::item::Scale;

/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 2000;

/// One answer. `value` is on the scale of the item it names; `None` is a question skipped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub item_id: Uuid,
    pub value: Option<f64>,
}

/// What is wrong with a set of answers, by the number of the answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("This question is not one of yours.")]
    UnknownItem(usize),
    #[error("This answer is not on the scale of its question.")]
    OffScale(usize),
    #[error("This question is answered twice.")]
    Twice(usize),
    #[error("Answer one question, or write a note.")]
    Empty,
}

/// Checks answers against the scales of the client's items, old versions included: an answer made offline
/// under an older wording is as good as any.
pub fn check(answers: &[Answer], has_words: bool, scale_of: impl Fn(Uuid) -> Option<Scale>) -> Result<(), Fault> {
    for (i, answer) in answers.iter().enumerate() {
        let scale = scale_of(answer.item_id).ok_or(Fault::UnknownItem(i))?;
        if answer.value.is_some_and(|v| !scale.holds(v)) {
            return Err(Fault::OffScale(i));
        }
        if answers[..i].iter().any(|a| a.item_id == answer.item_id) {
            return Err(Fault::Twice(i));
        }
    }
    if !has_words && answers.iter().all(|a| a.value.is_none()) {
        return Err(Fault::Empty);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::HigherIs;

    #[test]
    fn answers_are_checked_against_the_scale_they_were_given_on() {
        let (mood, stranger) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let scale = |id| (id == mood).then(|| Scale::seven(HigherIs::Better));
        let answer = |item_id, value| Answer { item_id, value };
        assert_eq!(check(&[answer(mood, Some(7.0))], false, scale), Ok(()));
        assert_eq!(check(&[answer(mood, Some(8.0))], false, scale), Err(Fault::OffScale(0)));
        assert_eq!(check(&[answer(stranger, Some(1.0))], false, scale), Err(Fault::UnknownItem(0)));
        assert_eq!(check(&[answer(mood, None)], false, scale), Err(Fault::Empty));
        assert_eq!(check(&[answer(mood, None)], true, scale), Ok(()));
        assert_eq!(check(&[answer(mood, Some(1.0)), answer(mood, None)], false, scale), Err(Fault::Twice(1)));
    }
}
