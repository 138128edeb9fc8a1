//! The questions of a check-in.

use serde::{Deserialize, Serialize};

/// The longest a client's own words for a sign may be, in characters.
pub const LONGEST_TEXT: usize = 200;
/// How many questions a client can be asked at most.
pub const MOST_ITEMS: usize = 20;

/// Whether the high end of a scale is the good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HigherIs {
    Better,
    Worse,
}

/// One whole scale of a question: both ends are answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scale {
    pub min: i32,
    pub max: i32,
    pub higher_is: HigherIs,
}

impl Scale {
    /// The scale everything starts with: seven steps, a middle, and room for words at both ends.
    pub const fn seven(higher_is: HigherIs) -> Self {
        Self { min: 1, max: 7, higher_is }
    }

    /// Answers are numbers, not only whole ones: a slider or an imported diary may lie between two steps.
    pub fn holds(&self, value: f64) -> bool {
        (f64::from(self.min)..=f64::from(self.max)).contains(&value)
    }

    /// The answer after which the phone shows help at once.
    pub fn worst(&self) -> i32 {
        match self.higher_is {
            HigherIs::Better => self.min,
            HigherIs::Worse => self.max,
        }
    }
}

/// The words at the ends and the middle of a scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub low: String,
    pub middle: String,
    pub high: String,
}

/// A question every provider starts with. None of them asks about self-harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    pub key: &'static str,
    pub higher_is: HigherIs,
    pub text: &'static str,
    /// Low, middle and high end.
    pub labels: [&'static str; 3],
    /// How a sentence names it: "Sleep and mood have gone from…".
    pub short: &'static str,
    /// The same in Welsh; waiting for a native speaker's review.
    pub short_cy: &'static str,
}

/// The starting set, in the order they are asked.
pub const STANDARD: [Standard; 5] = [
    Standard {
        key: "mood",
        higher_is: HigherIs::Better,
        text: "How has your mood been?",
        labels: ["Very low", "In between", "Good"],
        short: "mood",
        short_cy: "hwyliau",
    },
    Standard {
        key: "sleep",
        higher_is: HigherIs::Better,
        text: "How have you been sleeping?",
        labels: ["Hardly at all", "So-so", "Well"],
        short: "sleep",
        short_cy: "cwsg",
    },
    Standard {
        key: "energy",
        higher_is: HigherIs::Better,
        text: "How much energy have you had?",
        labels: ["None", "Some", "Plenty"],
        short: "energy",
        short_cy: "egni",
    },
    Standard {
        key: "anxiety",
        higher_is: HigherIs::Worse,
        text: "How anxious or on edge have you felt?",
        labels: ["Not at all", "Some", "A lot"],
        short: "anxiety",
        short_cy: "gorbryder",
    },
    Standard {
        key: "connection",
        higher_is: HigherIs::Better,
        text: "How connected have you felt to other people?",
        labels: ["Cut off", "In between", "Connected"],
        short: "feeling connected",
        short_cy: "teimlo cysylltiad",
    },
];

/// The standard question of that key, if there is one.
pub fn standard(key: &str) -> Option<&'static Standard> {
    STANDARD.iter().find(|s| s.key == key)
}

/// What a scale of a client's own sign says unless they choose their own words.
pub fn sign_labels() -> Labels {
    Labels { low: "Not at all".into(), middle: "Some".into(), high: "A lot".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_answer_is_at_the_bad_end() {
        assert_eq!(Scale::seven(HigherIs::Better).worst(), 1);
        assert_eq!(Scale::seven(HigherIs::Worse).worst(), 7);
    }

    #[test]
    fn no_standard_item_asks_about_self_harm() {
        for item in STANDARD {
            let words = item.text.to_lowercase();
            assert!(!["harm", "suicid", "hurt", "die"].iter().any(|w| words.contains(w)), "{words}");
        }
    }
}
