//! The simulator is tested too: cores with a fault each, and every one of them must be caught.

mod nodes;
mod people;
mod waits;

use mobile_shared::escalation::{Advanced, Effect, Policy, State, advance};
use nights::{Look, Make, Nights, People, View};

/// A core with a fault: what is wrong with it, and how it is made.
type Fault = (&'static str, Make);

/// Cores that differ from the real one in the methods given.
macro_rules! faults {
    ($($name:ident: $what:literal { $($method:item)* })*) => {
        $(
            struct $name;
            impl nights::Steps for $name { $($method)* }
        )*
        pub const ALL: &[super::Fault] = &[$(($what, || Box::new($name))),*];
    };
}
use faults;

/// The nights of the daily run.
const COUNT: u64 = 20_000;

#[test]
fn every_faulty_core_is_caught() {
    let first = 1_000_000;
    let faults: Vec<Fault> = [waits::ALL, people::ALL, people::MORE, nodes::ALL].concat();
    assert!(faults.len() >= 15);
    let mut missed = Vec::new();
    for (what, make) in faults {
        match (Nights { first, count: COUNT, make }).live() {
            Err(found) => println!("{what}: night {}, {:?}", found.after, found.broken.invariant),
            Ok(_) => missed.push(what),
        }
    }
    assert!(missed.is_empty(), "nobody noticed: {missed:#?}");
}

/// The real core with another list, or other people.
fn with(look: &Look<'_>, policy: &Policy, people: &People) -> Advanced {
    advance(look.state, policy, &View { people, now: look.view.now }, look.now)
}

fn with_list(look: &Look<'_>, change: impl FnOnce(&mut Policy)) -> Advanced {
    let mut policy = look.policy.clone();
    change(&mut policy);
    with(look, &policy, look.view.people)
}

fn with_people(look: &Look<'_>, change: impl FnOnce(&mut People)) -> Advanced {
    let mut people = look.view.people.clone();
    change(&mut people);
    with(look, look.policy, &people)
}

fn is_ring(effect: &Effect) -> bool {
    matches!(effect, Effect::Ring { .. })
}

/// How often the end of the list was passed.
fn round(state: &State) -> u32 {
    if let State::Ringing(ringing) = state { ringing.round } else { 0 }
}
