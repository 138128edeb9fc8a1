//! One look at one request: what has come due is done, and when to look again is said.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{ANYBODY_WAIT, Effect, Heard, NOBODY_WAIT, Place, Policy, RECEIPT_WITHIN, Ringing, Rung, State, World};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advanced {
    pub state: State,
    pub effects: Vec<Effect>,
}

/// The state after `now`. Looking again at the same time, or before it is due, does nothing.
pub fn advance(state: &State, policy: &Policy, world: &impl World, now: DateTime<Utc>) -> Advanced {
    let mut effects = Vec::new();
    let state = match state {
        State::Ended => State::Ended,
        State::Held { until, .. } if now < *until => state.clone(),
        State::Held { by, .. } => {
            effects.push(Effect::CameBack { by: *by });
            let again = Ringing::at(Place::Holder(*by), 0, now);
            State::Ringing(Look { policy, world, now, effects: &mut effects }.at(again))
        }
        State::Ringing(ringing) => {
            State::Ringing(Look { policy, world, now, effects: &mut effects }.at(ringing.clone()))
        }
    };
    Advanced { state, effects }
}

struct Look<'a, W> {
    policy: &'a Policy,
    world: &'a W,
    now: DateTime<Utc>,
    effects: &'a mut Vec<Effect>,
}

impl<W: World> Look<'_, W> {
    fn at(mut self, mut ringing: Ringing) -> Ringing {
        self.mind_the_clock(&mut ringing);
        if self.now < ringing.due {
            return ringing;
        }
        if self.policy.by_day {
            let opens = self.world.by_day(self.now);
            if opens > self.now {
                return Ringing { due: opens, ..ringing };
            }
        }
        self.mind_the_list(&mut ringing);
        // A list that finds nobody is gone through once: holder, steps, anybody.
        for _ in 0..self.policy.steps.len() + 3 {
            match ringing.since {
                Some(since) if !self.is_over(&ringing, since) => {
                    self.ring_further(&mut ringing);
                    ringing.due = self.next_look(&ringing, since);
                    return ringing;
                }
                Some(_) => ringing = self.next(ringing),
                None => match self.begin(ringing) {
                    Ok(rings) => return rings,
                    Err(Ringing { place: Place::Anybody, round, .. }) => {
                        self.effects.push(Effect::Nobody);
                        return Ringing::at(self.last(), self.round_over(round), self.now + NOBODY_WAIT);
                    }
                    Err(empty) if self.is_last(empty.place) => {
                        ringing = Ringing::at(Place::Anybody, empty.round, self.now);
                    }
                    Err(empty) => ringing = self.next(empty),
                },
            }
        }
        Ringing { due: self.now + NOBODY_WAIT, ..ringing }
    }

    /// If the clock has gone back since this step began, it begins now: else nothing would happen until the clock has caught up.
    fn mind_the_clock(&self, ringing: &mut Ringing) {
        let soonest = if self.policy.by_day { self.world.by_day(self.now) } else { self.now };
        if ringing.since.is_none() && ringing.due > soonest + NOBODY_WAIT {
            ringing.due = soonest;
        }
        // Also where only a later ring of it is of a clock that was ahead: its silence would count from a time to come.
        let times = ringing.since.iter_mut().chain(ringing.rung.iter_mut().map(|rung| &mut rung.at));
        for time in times.filter(|time| **time > self.now) {
            *time = self.now;
            ringing.due = self.now;
        }
    }

    /// A place that a shorter list no longer has is its last.
    fn mind_the_list(&self, ringing: &mut Ringing) {
        if ringing.since.is_none()
            && let Place::Step(n) = ringing.place
            && n >= self.policy.steps.len()
        {
            ringing.place = self.last();
        }
    }

    /// Rings everybody whom the step means by their first channel. `Err` if there is nobody.
    fn begin(&mut self, mut ringing: Ringing) -> Result<Ringing, Ringing> {
        let place = ringing.place;
        let mut people: Vec<Uuid> = match place {
            Place::Holder(person) => Some(person).filter(|p| self.world.may_ring(*p)).into_iter().collect(),
            Place::Step(n) => self.policy.steps.get(n).map(|step| self.world.who(step.who)).unwrap_or_default(),
            Place::Anybody => self.world.anybody(),
        };
        people.sort_unstable();
        people.dedup();
        for person in people {
            match self.world.channels(person).first() {
                Some(channel) => self.ring(&mut ringing, person, *channel),
                None => self.effects.push(Effect::NoChannel { place, person }),
            }
        }
        if ringing.rung.is_empty() {
            self.effects.push(Effect::Empty { place });
            return Err(ringing);
        }
        ringing.since = Some(self.now);
        ringing.due = self.next_look(&ringing, self.now);
        Ok(ringing)
    }

    fn ring(&mut self, ringing: &mut Ringing, person: Uuid, channel: Uuid) {
        self.effects.push(Effect::Ring { place: ringing.place, round: ringing.round, person, channel });
        ringing.rung.push(Rung { person, channel, at: self.now, heard: Heard::Nothing });
    }

    /// The next channel of everybody whose last one is not known to have rung.
    fn ring_further(&mut self, ringing: &mut Ringing) {
        for last in latest(ringing) {
            if self.is_given_up(&last)
                && let Some(channel) = self.further(ringing, last.person)
            {
                self.ring(ringing, last.person, channel);
            }
        }
    }

    /// The first of a person's channels that was not tried in this step; none for whoever has gone off sick or left since.
    fn further(&self, ringing: &Ringing, person: Uuid) -> Option<Uuid> {
        if !self.world.may_ring(person) {
            return None;
        }
        let tried = |channel: &Uuid| ringing.rung.iter().any(|r| r.person == person && r.channel == *channel);
        self.world.channels(person).into_iter().find(|channel| !tried(channel))
    }

    fn is_given_up(&self, rung: &Rung) -> bool {
        match rung.heard {
            Heard::Delivered => false,
            Heard::Failed => true,
            Heard::Nothing => self.now >= rung.at + RECEIPT_WITHIN,
        }
    }

    /// Whether this step has had its time; sooner if nothing is known to have rung and there is nothing else to try. The last
    /// step is not cut short: nothing comes after it, and it would ring without a pause. Nor does it come again before a silent
    /// person's other channels were tried: with a short wait they never would be.
    fn is_over(&self, ringing: &Ringing, since: DateTime<Utc>) -> bool {
        let latest = latest(ringing);
        let has_more = |rung: &Rung| rung.heard != Heard::Delivered && self.further(ringing, rung.person).is_some();
        let had_its_time = self.now >= since + self.wait(ringing.place);
        if self.is_last(ringing.place) {
            return had_its_time && !latest.iter().any(has_more);
        }
        had_its_time || latest.iter().all(|rung| self.is_given_up(rung) && !has_more(rung))
    }

    fn next_look(&self, ringing: &Ringing, since: DateTime<Utc>) -> DateTime<Utc> {
        let receipts = latest(ringing).into_iter().filter(|rung| rung.heard != Heard::Delivered);
        let looks = receipts.map(|rung| rung.at + RECEIPT_WITHIN).chain([since + self.wait(ringing.place)]);
        // What has been given up with nothing further to try is no reason to look again.
        looks.filter(|at| *at > self.now).min().unwrap_or(self.now + NOBODY_WAIT)
    }

    fn wait(&self, place: Place) -> TimeDelta {
        match place {
            Place::Holder(_) => self.policy.holder_first(),
            Place::Anybody => ANYBODY_WAIT,
            Place::Step(n) => {
                self.policy.steps.get(n).map_or(NOBODY_WAIT, |step| TimeDelta::minutes(step.minutes.into()))
            }
        }
    }

    fn last(&self) -> Place {
        Place::Step(self.policy.steps.len().saturating_sub(1))
    }

    fn is_last(&self, place: Place) -> bool {
        match place {
            Place::Holder(_) => false,
            // A list may have become shorter since.
            Place::Step(n) => n + 1 >= self.policy.steps.len(),
            Place::Anybody => true,
        }
    }

    /// What comes after a step that nobody answered.
    fn next(&mut self, ringing: Ringing) -> Ringing {
        let (place, round) = match ringing.place {
            Place::Holder(_) => (Place::Step(0), ringing.round),
            Place::Step(n) if !self.is_last(ringing.place) => (Place::Step(n + 1), ringing.round),
            // The last step again; where it meant nobody, it may mean somebody by now.
            Place::Step(_) | Place::Anybody => (self.last(), self.round_over(ringing.round)),
        };
        Ringing::at(place, round, self.now)
    }

    fn round_over(&mut self, round: u32) -> u32 {
        if round == 0 {
            self.effects.push(Effect::NotAnswered);
        }
        round.saturating_add(1)
    }
}

/// The latest ring of each person of a step.
fn latest(ringing: &Ringing) -> Vec<Rung> {
    let mut latest: Vec<Rung> = Vec::new();
    for rung in &ringing.rung {
        match latest.iter_mut().find(|one| one.person == rung.person) {
            Some(one) => *one = *rung,
            None => latest.push(*rung),
        }
    }
    latest
}
