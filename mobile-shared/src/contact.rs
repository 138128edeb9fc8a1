//! "Please contact me": what a request can be, and what another tap does to it.

use serde::{Deserialize, Serialize};

/// The longest message, in characters.
pub const LONGEST_MESSAGE: usize = 1000;

/// How soon. Ordered: a later variant is more urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    WhenYouCan,
    Today,
    Now,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Call,
    Text,
    Visit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// On the provider's computer.
    Received,
    /// On a worker's screen; nobody has said that they saw it.
    Reached,
    /// A named person has said "I've got this".
    Seen,
    /// … and by when they will be in touch.
    Promised,
    /// They tried.
    Attempted,
    Done,
    /// By the client. It may still need a look: somebody else may be holding the phone.
    Cancelled,
}

impl State {
    pub fn is_open(self) -> bool {
        !matches!(self, State::Done | State::Cancelled)
    }

    /// Whether a named person has it.
    pub fn is_owned(self) -> bool {
        matches!(self, State::Seen | State::Promised | State::Attempted)
    }
}

/// What an open request becomes when the client taps again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    /// It only ever rises.
    pub urgency: When,
    /// The request needs a person afresh, although somebody had it.
    pub opens_again: bool,
}

/// Folds another tap into an open request. A tap for `now` on a request that somebody has already taken opens
/// it again: whatever was promised, it is not soon enough any more.
pub fn fold(open: State, urgency: When, tap: When) -> Folded {
    Folded { urgency: urgency.max(tap), opens_again: tap == When::Now && open.is_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [When; 3] = [When::WhenYouCan, When::Today, When::Now];

    #[test]
    fn a_second_tap_only_ever_raises_the_urgency() {
        for urgency in ALL {
            for tap in ALL {
                let folded = fold(State::Received, urgency, tap);
                assert!(folded.urgency >= urgency && folded.urgency >= tap && !folded.opens_again);
            }
        }
    }

    #[test]
    fn now_on_an_acknowledged_request_opens_it_again() {
        for state in [State::Seen, State::Promised, State::Attempted] {
            assert!(fold(state, When::Today, When::Now).opens_again);
            assert!(!fold(state, When::Now, When::Today).opens_again);
        }
    }
}
