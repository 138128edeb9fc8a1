use std::{cell::RefCell, collections::BTreeMap};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::*;

const DEE: Uuid = Uuid::from_u128(1);
const MAGS: Uuid = Uuid::from_u128(2);
const PAT: Uuid = Uuid::from_u128(3);
const PUSH: Uuid = Uuid::from_u128(100);
const TEXT: Uuid = Uuid::from_u128(101);

/// Everybody has a push channel and nobody else but who is put in.
#[derive(Debug, Default)]
struct Night {
    who: BTreeMap<&'static str, Vec<Uuid>>,
    anybody: Vec<Uuid>,
    texts: Vec<Uuid>,
    without: Vec<Uuid>,
    away: Vec<Uuid>,
    opens: Option<DateTime<Utc>>,
    asked: RefCell<u32>,
}

impl World for Night {
    fn who(&self, who: Who) -> Vec<Uuid> {
        *self.asked.borrow_mut() += 1;
        let name = match who {
            Who::KeyWorker => "key",
            Who::FirstLine => "first",
            Who::SecondLine => "second",
            Who::TeamLead => "lead",
            _ => "other",
        };
        self.who.get(name).cloned().unwrap_or_default()
    }
    fn may_ring(&self, person: Uuid) -> bool {
        !self.without.contains(&person) && !self.away.contains(&person)
    }
    fn anybody(&self) -> Vec<Uuid> {
        self.anybody.clone()
    }
    fn channels(&self, person: Uuid) -> Vec<Uuid> {
        if self.without.contains(&person) {
            Vec::new()
        } else if self.texts.contains(&person) {
            vec![PUSH, TEXT]
        } else {
            vec![PUSH]
        }
    }
    fn by_day(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.opens.map_or(at, |opens| opens.max(at))
    }
}

fn night(who: &[(&'static str, &[Uuid])]) -> Night {
    Night { who: who.iter().map(|(name, people)| (*name, people.to_vec())).collect(), ..Night::default() }
}

fn three() -> DateTime<Utc> {
    "2026-11-17T03:00:00Z".parse().unwrap()
}

/// Follows a request for so many minutes with nobody answering: (seconds since it began, whom it rang by what).
fn follow(
    state: &mut State,
    world: &Night,
    minutes: i64,
    mut each: impl FnMut(&mut State, DateTime<Utc>),
) -> Vec<(i64, Uuid, Uuid)> {
    let (policy, mut rung) = (Kind::ContactNow.usual(), Vec::new());
    while let Some(due) = state.due().filter(|due| *due < three() + TimeDelta::minutes(minutes)) {
        let advanced = advance(state, &policy, world, due);
        *state = advanced.state;
        for effect in advanced.effects {
            if let Effect::Ring { person, channel, .. } = effect {
                rung.push(((due - three()).num_seconds(), person, channel));
            }
        }
        assert!(state.due() > Some(due), "it looks again later than now");
        each(state, due);
    }
    rung
}

fn delivered(state: &mut State, now: DateTime<Utc>) {
    for person in [DEE, MAGS, PAT] {
        state.hear(person, PUSH, Heard::Delivered, now);
    }
}

#[test]
fn a_night_that_nobody_answers_goes_down_the_list_and_the_last_step_repeats() {
    let world = night(&[("first", &[DEE]), ("second", &[MAGS]), ("lead", &[PAT])]);
    let mut state = State::begin(three());
    let rung = follow(&mut state, &world, 26, delivered);
    let minutes: Vec<(i64, Uuid)> = rung.iter().map(|(at, who, _)| (at / 60, *who)).collect();
    assert_eq!(minutes, [(0, DEE), (5, MAGS), (10, PAT), (15, PAT), (20, PAT), (25, PAT)]);
}

#[test]
fn a_phone_that_does_not_say_it_rang_is_not_waited_for() {
    let mut world = night(&[("first", &[DEE]), ("second", &[MAGS]), ("lead", &[PAT])]);
    world.texts = vec![DEE];
    let mut state = State::begin(three());
    let rung = follow(&mut state, &world, 4, |_, _| ());
    assert_eq!(rung, [(0, DEE, PUSH), (60, DEE, TEXT), (120, MAGS, PUSH), (180, PAT, PUSH)]);
}

#[test]
fn a_ring_that_failed_moves_on_at_once_and_a_late_failure_does_not_undo_that_it_rang() {
    let mut world = night(&[("first", &[DEE]), ("lead", &[PAT])]);
    world.texts = vec![DEE];
    let policy = Kind::ContactNow.usual();
    let mut state = advance(&State::begin(three()), &policy, &world, three()).state;
    let soon = three() + TimeDelta::seconds(2);
    state.hear(DEE, PUSH, Heard::Failed, soon);
    let advanced = advance(&state, &policy, &world, soon);
    assert!(matches!(advanced.effects[..], [Effect::Ring { person: DEE, channel: TEXT, .. }]));
    state = advanced.state;
    state.hear(DEE, TEXT, Heard::Delivered, soon);
    state.hear(DEE, TEXT, Heard::Failed, soon);
    let later = three() + TimeDelta::seconds(200);
    assert_eq!(advance(&state, &policy, &world, later).effects, []);
}

#[test]
fn an_empty_step_falls_through_at_once_and_a_list_that_finds_nobody_rings_whoever_there_is() {
    let mut world = night(&[("lead", &[PAT])]);
    let advanced = advance(&State::begin(three()), &Kind::ContactNow.usual(), &world, three());
    let rings: Vec<_> = advanced.effects.iter().filter(|e| matches!(e, Effect::Ring { .. })).collect();
    assert!(matches!(rings[..], [Effect::Ring { person: PAT, .. }]));
    assert_eq!(advanced.effects.len(), 4, "three empty steps are told");

    world.who.clear();
    world.anybody = vec![MAGS, MAGS];
    let advanced = advance(&State::begin(three()), &Kind::ContactNow.usual(), &world, three());
    let rings = advanced.effects.iter().filter(|e| matches!(e, Effect::Ring { person: MAGS, .. })).count();
    assert_eq!(rings, 1, "nobody is rung twice in one step");
    assert_eq!(advanced.state.due(), Some(three() + RECEIPT_WITHIN));
}

#[test]
fn with_nobody_at_all_it_is_shouted_about_and_tried_again_each_minute() {
    let world = night(&[]);
    let mut state = State::begin(three());
    for minute in 0..3 {
        let now = three() + TimeDelta::minutes(minute);
        assert_eq!(state.due(), Some(now));
        let advanced = advance(&state, &Kind::ContactNow.usual(), &world, now);
        assert!(advanced.effects.contains(&Effect::Nobody));
        assert_eq!(advanced.effects.contains(&Effect::NotAnswered), minute == 0, "the client is told once");
        state = advanced.state;
    }
}

#[test]
fn acknowledged_is_not_done_it_comes_back_first_to_whoever_had_it() {
    let world = night(&[("first", &[DEE]), ("second", &[MAGS]), ("lead", &[PAT])]);
    let until = three() + TimeDelta::minutes(10);
    let mut state = State::begin(three()).acknowledge(MAGS, until);
    let rung = follow(&mut state, &world, 16, delivered);
    assert_eq!(rung, [(600, MAGS, PUSH), (900, DEE, PUSH)]);
    state = State::Ended;
    assert_eq!(state.clone().acknowledge(DEE, until), State::Ended);
    assert_eq!(state.due(), None);
}

#[test]
fn who_is_rung_is_asked_when_the_step_is_due() {
    let mut world = night(&[("first", &[DEE]), ("second", &[MAGS]), ("lead", &[PAT])]);
    let policy = Kind::ContactNow.usual();
    let mut state = advance(&State::begin(three()), &policy, &world, three()).state;
    delivered(&mut state, three());
    world.who.insert("second", vec![]);
    let advanced = advance(&state, &policy, &world, three() + TimeDelta::minutes(5));
    let rings = |person| advanced.effects.iter().any(|e| matches!(e, Effect::Ring { person: p, .. } if *p == person));
    assert!(rings(PAT) && !rings(MAGS), "Mags is off sick by now");
}

#[test]
fn who_goes_off_sick_within_a_step_is_not_rung_by_the_next_channel() {
    let mut world = night(&[("first", &[DEE]), ("second", &[MAGS])]);
    world.texts = vec![DEE];
    let policy = Kind::ContactNow.usual();
    let state = advance(&State::begin(three()), &policy, &world, three()).state;
    world.away = vec![DEE];
    let advanced = advance(&state, &policy, &world, three() + RECEIPT_WITHIN);
    assert!(matches!(advanced.effects[..], [Effect::Ring { person: MAGS, .. }]), "{:?}", advanced.effects);
}

#[test]
fn a_last_step_of_a_minute_tries_every_channel_before_it_comes_again() {
    let mut world = night(&[("first", &[DEE])]);
    world.texts = vec![DEE];
    let policy = Policy { steps: vec![Step { who: Who::FirstLine, minutes: 1 }], by_day: false };
    let (mut state, mut rung) = (State::begin(three()), Vec::new());
    for minute in 0..4 {
        let now = three() + TimeDelta::minutes(minute);
        assert_eq!(state.due(), Some(now));
        let advanced = advance(&state, &policy, &world, now);
        state = advanced.state;
        rung.extend(advanced.effects.into_iter().filter_map(|effect| match effect {
            Effect::Ring { round, channel, .. } => Some((minute, round, channel)),
            _ => None,
        }));
    }
    assert_eq!(rung, [(0, 0, PUSH), (1, 0, TEXT), (2, 1, PUSH), (3, 1, TEXT)]);
}

#[test]
fn a_place_that_a_shorter_list_no_longer_has_is_its_last() {
    let mut world = night(&[]);
    let state = advance(&State::begin(three()), &Kind::ContactNow.usual(), &world, three()).state;
    world.who.insert("first", vec![DEE]);
    world.anybody = vec![PAT];
    let steps = vec![Step { who: Who::FirstLine, minutes: 5 }];
    let advanced = advance(&state, &Policy { steps, by_day: false }, &world, three() + NOBODY_WAIT);
    assert!(matches!(advanced.effects[..], [Effect::Ring { person: DEE, .. }]), "{:?}", advanced.effects);
}

#[test]
fn a_list_for_the_day_rings_nobody_at_night() {
    let mut world = night(&[("key", &[DEE])]);
    let nine = three() + TimeDelta::hours(6);
    world.opens = Some(nine);
    let policy = Kind::ContactWhenYouCan.usual();
    let advanced = advance(&State::begin(three()), &policy, &world, three());
    assert_eq!((advanced.effects.len(), advanced.state.due()), (0, Some(nine)));
    let advanced = advance(&advanced.state, &policy, &world, nine);
    assert!(matches!(advanced.effects[..], [Effect::Ring { person: DEE, .. }]));
}

#[test]
fn a_clock_that_goes_back_delays_nothing_by_more_than_one_wait() {
    let world = night(&[("first", &[DEE]), ("second", &[MAGS])]);
    let policy = Kind::ContactNow.usual();
    let mut state = advance(&State::begin(three()), &policy, &world, three()).state;
    delivered(&mut state, three());
    let earlier = three() - TimeDelta::hours(1);
    state = advance(&state, &policy, &world, earlier).state;
    assert_eq!(state.due(), Some(earlier + TimeDelta::minutes(5)));
}

#[test]
fn a_later_ring_by_a_clock_that_was_ahead_is_not_waited_for_until_then() {
    let world = night(&[("first", &[DEE]), ("second", &[MAGS])]);
    let policy = Kind::ContactNow.usual();
    let mut state = advance(&State::begin(three()), &policy, &world, three()).state;
    if let State::Ringing(ringing) = &mut state {
        ringing.rung[0].at = three() + TimeDelta::minutes(20);
        ringing.due = three() + TimeDelta::minutes(21);
    }
    let soon = three() + TimeDelta::seconds(90);
    state = advance(&state, &policy, &world, soon).state;
    assert_eq!(state.due(), Some(soon + RECEIPT_WITHIN));
}

#[test]
fn what_was_taken_by_a_clock_that_was_ahead_is_held_for_as_long_as_was_meant() {
    let then = three() + TimeDelta::days(1);
    let held = State::begin(three()).acknowledge(MAGS, then + TimeDelta::minutes(30));
    let put_right = held.put_right(then, three());
    assert_eq!(put_right, State::Held { by: MAGS, until: three() + TimeDelta::minutes(30) });
    // What is to come back sooner than that, does.
    assert_eq!(put_right.clone().put_right(three(), three() + TimeDelta::minutes(1)), put_right);
}

#[test]
fn nobody_is_looked_for_again_each_minute_and_not_each_second() {
    let (world, policy) = (night(&[]), Kind::ContactNow.usual());
    let nobody = advance(&State::begin(three()), &policy, &world, three());
    assert!(nobody.effects.contains(&Effect::Nobody), "{:?}", nobody.effects);
    let again = advance(&nobody.state, &policy, &world, three() + TimeDelta::seconds(30));
    assert_eq!((again.effects, again.state), (vec![], nobody.state));
}

#[test]
fn looking_again_changes_nothing() {
    let world = night(&[("first", &[DEE, MAGS]), ("second", &[PAT])]);
    let policy = Kind::ContactNow.usual();
    let once = advance(&State::begin(three()), &policy, &world, three());
    let again = advance(&once.state, &policy, &world, three());
    assert_eq!((again.effects, again.state), (vec![], once.state));
}

#[test]
fn a_list_is_checked_before_it_is_kept() {
    for kind in Kind::ALL {
        assert_eq!(kind.usual().check(), Ok(()), "{kind:?}");
    }
    let list = |steps: Vec<Step>, by_day| Policy { steps, by_day }.check();
    let step = |who, minutes| Step { who, minutes };
    assert_eq!(list(vec![], false), Err(policy::Fault::Steps));
    assert_eq!(list(vec![step(Who::TeamLead, 0)], false), Err(policy::Fault::Minutes));
    assert_eq!(list(vec![step(Who::TeamLead, 241)], false), Err(policy::Fault::Minutes));
    assert_eq!(list(vec![step(Who::KeyWorker, 5), step(Who::Assigned, 5)], false), Err(policy::Fault::Night));
    assert_eq!(list(vec![step(Who::KeyWorker, 5)], true), Ok(()));
}

#[test]
fn a_step_reads_as_it_does_on_the_wire() {
    for (step, json) in [
        (Step { who: Who::FirstLine, minutes: 5 }, r#"{"who":"first_line","minutes":5}"#),
        (Step { who: Who::Person(DEE), minutes: 9 }, &format!(r#"{{"who":"person","worker_id":"{DEE}","minutes":9}}"#)),
    ] {
        assert_eq!(serde_json::to_string(&step).unwrap(), json);
        assert_eq!(serde_json::from_str::<Step>(json).unwrap(), step);
    }
}
