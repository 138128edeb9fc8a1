//! The step function as the simulator is given it: the real one, or one with a fault in it.

use chrono::{DateTime, Utc};
use mobile_shared::escalation::{Advanced, Heard, Policy, State, advance};
use uuid::Uuid;

use crate::people::View;

/// What a node does with a request. Everything that is not overridden is the real thing.
pub trait Steps {
    fn begin(&mut self, _request: usize, _view: &View<'_>, now: DateTime<Utc>) -> State {
        State::begin(now)
    }

    fn advance(&mut self, look: &Look<'_>) -> Advanced {
        look.really()
    }

    fn hear(&mut self, state: &mut State, person: Uuid, channel: Uuid, heard: Heard, now: DateTime<Utc>) {
        state.hear(person, channel, heard, now);
    }

    /// The push service, the mail server or the gateway took it. That is not hearing anything.
    fn sent(&mut self, _state: &mut State, _person: Uuid, _channel: Uuid, _now: DateTime<Utc>) {}

    fn due(&self, state: &State) -> Option<DateTime<Utc>> {
        state.due()
    }

    /// Whether what was read must still stand when it is written.
    fn compares_the_fence(&self) -> bool {
        true
    }

    /// Whether a clock that went back is noticed.
    fn minds_the_clock(&self) -> bool {
        true
    }

    /// Whether a row that another clock wrote, which is ahead, is left to it for as long as it meant to wait.
    fn waits_for_other_clocks(&self) -> bool {
        true
    }

    /// Whether a ring that waited is asked for once more before it is sent.
    fn asks_before_sending(&self) -> bool {
        true
    }
}

/// One look at one request.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Which request of the night.
    pub request: usize,
    pub state: &'a State,
    pub policy: &'a Policy,
    pub view: &'a View<'a>,
    pub now: DateTime<Utc>,
}

impl Look<'_> {
    pub fn really(&self) -> Advanced {
        advance(self.state, self.policy, self.view, self.now)
    }
}

#[derive(Debug)]
pub struct Real;

impl Steps for Real {}
