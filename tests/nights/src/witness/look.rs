//! What one look may write.

use mobile_shared::escalation::{Effect, Heard, NOBODY_WAIT, Place, Policy, RECEIPT_WITHIN, Ringing, State, World};
use uuid::Uuid;

use super::{Checked, Key, Rang, Stay, Witness, Written};
use crate::{Ms, people::View};

impl Witness {
    pub fn looked(&mut self, row: usize, written: &Written<'_>) -> Checked {
        self.looks += 1;
        let Written { before, after, effects, now, .. } = written;
        let (was, is) = (&before.state, &after.state);
        let said = || format!("{was:?} -> {is:?}, {effects:?}");
        if *is == State::Ended || (self.watches[row].has_ended && (was != is || !effects.is_empty())) {
            return self.broken("rings until a person has it", said());
        }
        self.has_a_next_instant(after)?;
        if matches!(is, State::Held { .. }) {
            if was != is {
                return self.broken("rings until a person has it", said());
            }
            let rings = effects.iter().any(|e| matches!(e, Effect::Ring { .. }));
            return if rings { self.broken("an acknowledgement stands", said()) } else { Ok(()) };
        }
        let State::Ringing(ringing) = is else { return Ok(()) };
        if after.due.is_some_and(|due| due <= *now) {
            return self.broken("has a next instant", said());
        }
        if self.watches[row].held.is_some() {
            self.comes_back(row, written)?;
        }
        self.rings_once(row, written)?;
        self.moves(row, written, ringing)
    }

    fn comes_back(&mut self, row: usize, written: &Written<'_>) -> Checked {
        let watch = &self.watches[row];
        let Some((by, until)) = watch.held else { return Ok(()) };
        let off = watch.stay.off.1 - watch.stay.off.0;
        if written.looked < until - off {
            let early = until - written.looked;
            return self.broken("an acknowledgement stands", format!("{early} ms were left: {:?}", written.effects));
        }
        if written.effects.first() != Some(&Effect::CameBack { by }) {
            return self.broken("comes back", format!("{:?}", written.effects));
        }
        let key = Key { generation: written.after.generation, place: Place::Holder(by), round: 0 };
        let stay = self.stay_since(written, key, false);
        let watch = &mut self.watches[row];
        (watch.held, watch.stay, watch.said_not_answered) = (None, stay, false);
        Ok(())
    }

    fn rings_once(&mut self, row: usize, written: &Written<'_>) -> Checked {
        for effect in written.effects {
            let Effect::Ring { place, round, person, channel } = *effect else { continue };
            let key = Key { generation: written.after.generation, place, round };
            if self.watches[row].rung.contains(&(key, person, channel)) {
                return self.broken("once", format!("{effect:?}"));
            }
            self.watches[row].rung.push((key, person, channel));
            let policy = &written.after.policy;
            if policy.by_day && crate::people::opens(written.now) != written.now {
                return self.broken("by day", format!("{effect:?} at {}", written.now));
            }
        }
        Ok(())
    }

    /// From one place to the next, or further in the same.
    fn moves(&mut self, row: usize, written: &Written<'_>, ringing: &Ringing) -> Checked {
        let stay = self.watches[row].stay.clone();
        let Some(from) = stay.key else { return Ok(()) };
        let to = Key { generation: written.after.generation, place: ringing.place, round: ringing.round };
        let is_left = stay.has_begun && from != to;
        if is_left {
            self.is_left_in_time(written, &stay, from)?;
            self.is_no_storm(row, written, &stay, from)?;
            if from.place == to.place && is_last(&written.after.policy, from.place) {
                self.has_tried_all(written, &stay)?;
            }
        }
        self.says_so(row, written, from, to)?;
        let waits_for_day = written.after.policy.by_day && crate::people::opens(written.now) != written.now;
        if waits_for_day {
            return if from == to { Ok(()) } else { self.broken("in order", format!("{from:?} -> {to:?} at night")) };
        }
        let was_not_due = !stay.has_begun && from == to && ringing.since.is_none() && written.effects.is_empty();
        if was_not_due {
            return Ok(());
        }
        if is_left || !stay.has_begun {
            if let Some(view) = &written.view {
                self.is_next(written, &view.arrival(&written.after.policy, from, is_left), to, ringing)?;
            }
            let begun = self.stay_since(written, to, ringing.since.is_some());
            self.watches[row].stay = begun;
        } else {
            self.rings_further(written, &stay)?;
        }
        for effect in written.effects {
            let Effect::Ring { person, channel, .. } = *effect else { continue };
            let (at, heard) = (written.looked, Heard::Nothing);
            self.watches[row].stay.rings.push(Rang { person, channel, at, heard, heard_at: at });
        }
        Ok(())
    }

    fn is_left_in_time(&self, written: &Written<'_>, stay: &Stay, from: Key) -> Checked {
        let policy = &written.after.policy;
        let off = stay.off.1 - stay.off.0;
        let waited = written.looked - stay.began;
        if waited + off >= wait(policy, from.place) {
            return Ok(());
        }
        let last =
            matches!(from.place, Place::Anybody) || matches!(from.place, Place::Step(n) if n + 1 >= policy.steps.len());
        // Without the people as they were nothing can be said about channels.
        let Some(view) = &written.view else { return Ok(()) };
        let tried_all = stay
            .latest()
            .iter()
            .all(|rang| rang.is_given_up(written.looked + off) && view.further(&stay.rings, rang.person).is_none());
        if last || !tried_all {
            return self.broken("not early", format!("{from:?} was left after {waited} ms: {:?}", stay.rings));
        }
        Ok(())
    }

    /// The last step comes again only when a silent person's every channel was tried: else it would begin with the same for ever.
    fn has_tried_all(&self, written: &Written<'_>, stay: &Stay) -> Checked {
        let Some(view) = &written.view else { return Ok(()) };
        let untried =
            |rang: &&&Rang| rang.heard != Heard::Delivered && view.further(&stay.rings, rang.person).is_some();
        match stay.latest().iter().find(untried) {
            Some(rang) => self.broken("the next channel", format!("{rang:?} and it began again")),
            None => Ok(()),
        }
    }

    /// Two clocks an hour apart may each find over what the other has begun.
    fn is_no_storm(&mut self, row: usize, written: &Written<'_>, stay: &Stay, from: Key) -> Checked {
        let short = wait(&written.after.policy, from.place) - (written.looked - stay.began);
        let silent = stay.latest().iter().all(|rang| rang.is_given_up(written.looked));
        let watch = &mut self.watches[row];
        watch.early += u32::from(short > 5000 && !silent);
        if watch.early > 2 + 2 * watch.causes {
            let (early, causes) = (watch.early, watch.causes);
            return self.broken("no storm", format!("{early} steps left too early, {causes} causes"));
        }
        Ok(())
    }

    fn says_so(&mut self, row: usize, written: &Written<'_>, from: Key, to: Key) -> Checked {
        let said = written.effects.iter().filter(|e| **e == Effect::NotAnswered).count();
        let is_through = from.round == 0 && to.round > 0;
        if said != usize::from(is_through) || (is_through && self.watches[row].said_not_answered) {
            return self.broken("says so", format!("not answered: {said} times, {from:?} -> {to:?}"));
        }
        self.watches[row].said_not_answered |= is_through;
        Ok(())
    }

    /// Where the list had to go, and whom it had to ring there.
    fn is_next(&self, written: &Written<'_>, arrival: &Arrival, to: Key, ringing: &Ringing) -> Checked {
        let said = || format!("{to:?}, {:?}; had to be {arrival:?}", written.effects);
        if (arrival.place, arrival.round) != (to.place, to.round) {
            return self.broken("in order", said());
        }
        let mut rung: Vec<(Uuid, Uuid)> = written.effects.iter().filter_map(rings).collect();
        rung.sort_unstable();
        if rung != arrival.rings {
            return self.broken("whom it means", said());
        }
        let empty = written.effects.iter().filter(|e| matches!(e, Effect::Empty { .. })).count();
        let nobody = written.effects.contains(&Effect::Nobody);
        if empty != arrival.empty || nobody != arrival.rings.is_empty() {
            return self.broken("says so", said());
        }
        if nobody && (ringing.since.is_some() || ringing.due > written.now + NOBODY_WAIT) {
            return self.broken("not late", said());
        }
        Ok(())
    }

    fn rings_further(&self, written: &Written<'_>, stay: &Stay) -> Checked {
        let Some(view) = &written.view else { return Ok(()) };
        let off = stay.off.1 - stay.off.0;
        for (person, channel) in written.effects.iter().filter_map(rings) {
            let last = stay.latest().into_iter().find(|r| r.person == person);
            let was_silent = last.is_some_and(|rang| rang.is_given_up(written.looked + off));
            if !was_silent || view.further(&stay.rings, person) != Some(channel) {
                let said = format!("person {} by {:x}: {:?}", person.as_u128(), channel.as_u128(), stay.rings);
                return self.broken("the next channel", said);
            }
        }
        Ok(())
    }
}

fn rings(effect: &Effect) -> Option<(Uuid, Uuid)> {
    let Effect::Ring { person, channel, .. } = *effect else { return None };
    Some((person, channel))
}

pub(super) fn wait(policy: &Policy, place: Place) -> Ms {
    const MINUTE: Ms = 60_000;
    match place {
        Place::Anybody => 5 * MINUTE,
        // Alone for five minutes, or for as long as the first step of a list for the day.
        Place::Holder(_) => {
            let first = policy.steps.first().filter(|_| policy.by_day);
            first.map_or(5 * MINUTE, |step| (i64::from(step.minutes) * MINUTE).max(5 * MINUTE))
        }
        Place::Step(n) => policy.steps.get(n).map_or(MINUTE, |step| i64::from(step.minutes) * MINUTE),
    }
}

pub(super) fn is_last(policy: &Policy, place: Place) -> bool {
    match place {
        Place::Holder(_) => false,
        Place::Step(n) => n + 1 >= policy.steps.len(),
        Place::Anybody => true,
    }
}

impl Rang {
    pub(super) fn given_up_at(&self) -> Option<Ms> {
        match self.heard {
            Heard::Delivered => None,
            Heard::Failed => Some(self.heard_at),
            Heard::Nothing => Some(self.at + RECEIPT_WITHIN.num_milliseconds()),
        }
    }

    fn is_given_up(&self, now: Ms) -> bool {
        self.given_up_at().is_some_and(|at| at <= now)
    }
}

impl Stay {
    /// The latest ring of each person.
    pub(super) fn latest(&self) -> Vec<&Rang> {
        let is_latest = |(n, rang): &(usize, &Rang)| self.rings[n + 1..].iter().all(|r| r.person != rang.person);
        self.rings.iter().enumerate().filter(is_latest).map(|(_, rang)| rang).collect()
    }
}

#[derive(Debug)]
struct Arrival {
    place: Place,
    round: u32,
    /// Sorted.
    rings: Vec<(Uuid, Uuid)>,
    empty: usize,
}

impl View<'_> {
    /// The channel that is next for somebody who did not hear.
    pub(super) fn further(&self, rings: &[Rang], person: Uuid) -> Option<Uuid> {
        let tried = |channel: &Uuid| rings.iter().any(|r| r.person == person && r.channel == *channel);
        let open = self.channels(person).into_iter().find(|channel| !tried(channel));
        open.filter(|_| self.may_ring(person))
    }

    fn arrival(&self, policy: &Policy, from: Key, is_left: bool) -> Arrival {
        let end = policy.steps.len().saturating_sub(1);
        let (mut place, mut round) = (from.place, from.round);
        // A place that a shorter list no longer has is its last.
        if let Place::Step(n) = place {
            place = Place::Step(n.min(end));
        }
        if is_left {
            (place, round) = match place {
                Place::Holder(_) => (Place::Step(0), round),
                Place::Step(n) if n < end => (Place::Step(n + 1), round),
                Place::Step(_) | Place::Anybody => (Place::Step(end), round + 1),
            };
        }
        let mut empty = 0;
        loop {
            let rings = self.reached(policy, place);
            if !rings.is_empty() {
                return Arrival { place, round, rings, empty };
            }
            empty += 1;
            place = match place {
                Place::Holder(_) => Place::Step(0),
                Place::Step(n) if n < end => Place::Step(n + 1),
                Place::Step(_) => Place::Anybody,
                Place::Anybody => return Arrival { place: Place::Step(end), round: round + 1, rings, empty },
            };
        }
    }

    fn reached(&self, policy: &Policy, place: Place) -> Vec<(Uuid, Uuid)> {
        let mut people = match place {
            Place::Holder(person) => {
                if self.may_ring(person) {
                    vec![person]
                } else {
                    vec![]
                }
            }
            Place::Step(n) => self.who(policy.steps[n].who),
            Place::Anybody => self.anybody(),
        };
        people.sort_unstable();
        people.dedup();
        people.into_iter().filter_map(|p| Some((p, *self.channels(p).first()?))).collect()
    }
}
