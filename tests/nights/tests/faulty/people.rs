//! The wrong people, or the wrong phones.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use mobile_shared::escalation::{Advanced, Effect, Heard, State, World};
use nights::{Look, People, Steps, View};
use uuid::Uuid;

use super::{Fault, faults, is_ring, with_people};

faults! {
    RingsTheSick: "whoever is away is rung" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_people(look, |people| people.all.iter_mut().for_each(|person| person.is_away = false))
        }
    }
    RingsLeavers: "whoever has left is rung" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_people(look, |people| people.all.iter_mut().for_each(|person| person.works_here = true))
        }
    }
    RingsNoChannel: "a person is rung by a channel that does not work" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_people(look, |people| {
                people.all.iter_mut().flat_map(|person| &mut person.channels).for_each(|c| c.is_known = true);
            })
        }
    }
    AllAtOnce: "everybody is rung at once" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            let Some(Effect::Ring { place, round, .. }) = advanced.effects.iter().find(|e| is_ring(e)).cloned() else {
                return advanced;
            };
            for person in look.view.anybody() {
                for channel in look.view.channels(person) {
                    advanced.effects.push(Effect::Ring { place, round, person, channel });
                }
            }
            advanced
        }
    }
    OnlyTheFirst: "of several people one is rung" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            let mut rings = 0;
            advanced.effects.retain(|effect| {
                rings += i32::from(is_ring(effect));
                !is_ring(effect) || rings == 1
            });
            advanced
        }
    }
    Twice: "each ring is sent twice" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            let again: Vec<Effect> = advanced.effects.iter().filter(|e| is_ring(e)).cloned().collect();
            advanced.effects.extend(again);
            advanced
        }
    }
    OneChannel: "nobody's second channel is tried" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            with_people(look, |people| {
                people.all.iter_mut().for_each(|person| person.channels.retain({
                    let mut known = 0;
                    move |channel| { known += i32::from(channel.is_known); !channel.is_known || known == 1 }
                }));
            })
        }
    }
    FirstChannelAgain: "a silent channel is tried again, not the next" {
        fn advance(&mut self, look: &Look<'_>) -> Advanced {
            let mut advanced = look.really();
            for effect in &mut advanced.effects {
                if let Effect::Ring { person, channel, .. } = effect {
                    *channel = look.view.channels(*person)[0];
                }
            }
            advanced
        }
    }
    DeafToFailures: "a ring that failed is waited for" {
        fn hear(&mut self, state: &mut State, person: Uuid, channel: Uuid, heard: Heard, now: DateTime<Utc>) {
            if heard != Heard::Failed {
                state.hear(person, channel, heard, now);
            }
        }
    }
    SentIsDelivered: "what the push service took counts as rung" {
        fn sent(&mut self, state: &mut State, person: Uuid, channel: Uuid, now: DateTime<Utc>) {
            state.hear(person, channel, Heard::Delivered, now);
        }
    }
    DeliveredIsAcknowledged: "a receipt counts as an acknowledgement" {
        fn hear(&mut self, state: &mut State, person: Uuid, channel: Uuid, heard: Heard, now: DateTime<Utc>) {
            state.hear(person, channel, heard, now);
            if heard == Heard::Delivered {
                *state = state.clone().acknowledge(person, now + chrono::TimeDelta::minutes(30));
            }
        }
    }
}

/// With a memory of who was on when it was asked.
#[derive(Default)]
struct AsAtFirst(BTreeMap<usize, People>);

impl Steps for AsAtFirst {
    fn begin(&mut self, request: usize, view: &View<'_>, now: DateTime<Utc>) -> State {
        self.0.insert(request, view.people.clone());
        State::begin(now)
    }

    fn advance(&mut self, look: &Look<'_>) -> Advanced {
        with_people(look, |people| *people = self.0[&look.request].clone())
    }
}

pub const MORE: &[Fault] = &[("who is meant is settled when it is asked", || Box::new(AsAtFirst::default()))];
