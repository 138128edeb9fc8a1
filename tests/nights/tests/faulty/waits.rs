//! Too early, too late, never, and the end of the list.

use chrono::{DateTime, TimeDelta, Utc};
use mobile_shared::escalation::{Advanced, Effect, Heard, Place, Ringing, State};
use nights::Look;
use uuid::Uuid;

use super::{faults, is_ring, round, with_list};

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

/// Time runs sixty times as fast while a step waits.
fn seconds_for_minutes(look: &Look<'_>) -> Advanced {
    let State::Ringing(Ringing { since: Some(since), .. }) = look.state else { return look.really() };
    let late = *since + (look.now - *since) * 60;
    let Advanced { state, effects } = Look { now: late, ..*look }.really();
    let State::Ringing(mut ringing) = state else { return Advanced { state, effects } };
    let began = if ringing.since == Some(late) { look.now } else { *since };
    ringing.due = look.now + (ringing.due - late) / 60;
    ringing.since = ringing.since.map(|_| began);
    ringing.rung.iter_mut().for_each(|rung| rung.at = rung.at.min(look.now));
    Advanced { state: State::Ringing(ringing), effects }
}

fn as_if_rung_earlier(look: &Look<'_>, by: TimeDelta) -> Advanced {
    let mut state = look.state.clone();
    if let State::Ringing(ringing) = &mut state {
        ringing.rung.iter_mut().for_each(|rung| rung.at -= by);
    }
    let Advanced { mut state, effects } = Look { state: &state, ..*look }.really();
    if let State::Ringing(ringing) = &mut state {
        ringing.due = (look.now + TimeDelta::seconds(1)).max(ringing.due - by);
    }
    Advanced { state, effects }
}

faults! {
    DropsDue: "the next instant is lost after the end of the list" {
        fn due(&self, state: &State) -> Option<DateTime<Utc>> {
            state.due().filter(|_| round(state) == 0)
        }
    }
    Stops: "it stops after the last step" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let advanced = look.really();
            if round(&advanced.state) <= round(look.state) {
                return advanced;
            }
            let mut state = look.state.clone();
            if let State::Ringing(ringing) = &mut state {
                ringing.due = look.now + TimeDelta::days(365);
            }
            Advanced { state, effects: vec![] }
        }
    }
    EndsAlone: "it ends by itself after three rounds" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let advanced = look.really();
            if round(&advanced.state) < 3 { advanced } else { Advanced { state: State::Ended, effects: vec![] } }
        }
    }
    ForgetsToRepeat: "the last step comes again and rings nobody" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            if round(&advanced.state) > 0 {
                advanced.effects.retain(|effect| !is_ring(effect));
            }
            advanced
        }
    }
    FromTheTop: "after the last step it begins at the top" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            if let State::Ringing(ringing) = &mut advanced.state
                && ringing.round > round(look.state)
            {
                ringing.place = Place::Step(0);
            }
            advanced
        }
    }
    EmptyStepWaits: "an empty step has its full time" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            let empty = advanced.effects.iter().position(|e| matches!(e, Effect::Empty { place: Place::Step(_) }));
            if let (Some(n), State::Ringing(ringing)) = (empty, &mut advanced.state)
                && let Effect::Empty { place } = advanced.effects[n]
            {
                advanced.effects.truncate(n + 1);
                let (round, due) = (round(look.state), look.now + minutes(5));
                *ringing = Ringing { place, round, since: Some(look.now), rung: vec![], due };
            }
            advanced
        }
    }
    Seconds: "seconds for minutes" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            seconds_for_minutes(look)
        }
    }
    TwiceAsLong: "each step waits twice its time" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_list(look, |list| list.steps.iter_mut().for_each(|step| step.minutes *= 2))
        }
    }
    WaitOfTheFirst: "every step has the first one's time" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_list(look, |list| {
                let first = list.steps[0].minutes;
                list.steps.iter_mut().for_each(|step| step.minutes = first);
            })
        }
    }
    OneShort: "the last of the list is never reached" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_list(look, |list| list.steps.truncate(list.steps.len().max(2) - 1))
        }
    }
    LooksLate: "it looks half a minute after it should" {
        fn due(&self, state: &State) -> Option<DateTime<Utc>> {
            state.due().map(|due| due + TimeDelta::seconds(30))
        }
    }
    Impatient: "a receipt is waited for fifteen seconds" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            as_if_rung_earlier(look, TimeDelta::seconds(45))
        }
    }
    ReceiptRestarts: "a receipt begins the wait anew" {
        fn hear(&mut self, state: &mut State, person: Uuid, channel: Uuid, heard: Heard, now: DateTime<Utc>) {
            state.hear(person, channel, heard, now);
            if let State::Ringing(ringing) = state && heard == Heard::Delivered {
                ringing.since = Some(now);
            }
        }
    }
    NightRings: "a list for the day rings at night" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_list(look, |list| list.by_day = false)
        }
    }
    NeverBack: "what somebody has never comes back" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let State::Held { by, until } = *look.state else { return look.really() };
            let until = if until <= look.now { until + TimeDelta::days(3650) } else { until };
            Advanced { state: State::Held { by, until }, effects: vec![] }
        }
        fn due(&self, state: &State) -> Option<DateTime<Utc>> {
            state.due()
        }
    }
    BackEarly: "what somebody has comes back ten minutes early" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let State::Held { by, until } = *look.state else { return look.really() };
            Look { state: &State::Held { by, until: until - minutes(10) }, ..*look }.really()
        }
        fn due(&self, state: &State) -> Option<DateTime<Utc>> {
            let early = if matches!(state, State::Held { .. }) { minutes(10) } else { minutes(0) };
            state.due().map(|due| due - early)
        }
    }
    BackToAll: "what comes back does not ask first whoever had it" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            match *look.state {
                State::Held { by, until } if until <= look.now => {
                    let mut advanced = Look { state: &State::begin(look.now), ..*look }.really();
                    advanced.effects.insert(0, Effect::CameBack { by });
                    advanced
                }
                _ => look.really(),
            }
        }
    }
    NotTold: "the client is not told that nobody answered" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            advanced.effects.retain(|effect| *effect != Effect::NotAnswered);
            advanced
        }
    }
    NobodySilent: "that there is nobody at all is kept quiet" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            advanced.effects.retain(|effect| *effect != Effect::Nobody);
            advanced
        }
    }
    NobodyWaits: "where there is nobody it waits a quarter of an hour" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            if let State::Ringing(ringing) = &mut advanced.state && advanced.effects.contains(&Effect::Nobody) {
                ringing.due = look.now + minutes(15);
            }
            advanced
        }
    }
}
