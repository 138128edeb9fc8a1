//! One night: a store, the nodes that sweep it, the people, and everything that goes wrong.
//!
//! Time here is milliseconds since the night began, as nobody in it can know it: each node has a wall clock of its own.

mod asked;
pub(crate) mod driver;
mod fate;
pub(crate) mod outbox;

use std::{cmp::Reverse, collections::BinaryHeap, fmt::Write};

use chrono::{DateTime, TimeDelta, Utc};
use mobile_shared::escalation::{Heard, Kind, Policy, State};
use uuid::Uuid;

use crate::{
    Ms,
    chance::Chance,
    people::People,
    steps::Steps,
    witness::{Broken, Witness},
};
use driver::{Node, Pending};
use outbox::Ring;

/// What may go wrong tonight. A failing seed is told with as little of it as still fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub hours: i64,
    /// At most.
    pub nodes: usize,
    pub requests: usize,
    pub clocks_jump: bool,
    pub nodes_die: bool,
    pub nodes_pause: bool,
    pub disk_fills: bool,
    pub push_fails: bool,
    pub people_change: bool,
    pub lists_change: bool,
    pub people_answer: bool,
}

impl Setting {
    pub const EVERYTHING: Self = Self {
        hours: 16,
        nodes: 3,
        requests: 3,
        clocks_jump: true,
        nodes_die: true,
        nodes_pause: true,
        disk_fills: true,
        push_fails: true,
        people_change: true,
        lists_change: true,
        people_answer: true,
    };
}

/// One request for a person, as the store has it.
#[derive(Clone, Debug)]
pub struct Row {
    pub kind: Kind,
    pub state: State,
    pub due: Option<DateTime<Utc>>,
    /// By the clock of whoever looked at it, took it or asked for it last.
    pub written: DateTime<Utc>,
    /// One more with each write: who writes must have read the last.
    pub fence: u64,
    /// One more whenever the list begins anew: asked, raised, opened again, come back.
    pub generation: u32,
    pub policy: Policy,
}

#[derive(Clone, Debug)]
enum Event {
    Ask,
    Cancel(usize),
    Raise(usize),
    Acknowledge { row: usize, generation: u32, person: Uuid },
    Outcome { row: usize, generation: u32, person: Uuid },
    Send { ring: usize, node: usize },
    Heard { ring: usize, heard: Heard },
    Die(usize),
    Start(usize),
    Wake(Box<Pending>),
    Jump(usize),
    SweepsIdly(usize),
    Disk { full: bool },
    Push { down: bool },
    People,
    List(usize),
}

pub struct Night<'s> {
    now: Ms,
    end: Ms,
    eve: DateTime<Utc>,
    setting: Setting,
    chance: Chance,
    steps: &'s mut dyn Steps,
    events: BinaryHeap<Reverse<(Ms, u64)>>,
    what: std::collections::BTreeMap<u64, Event>,
    scheduled: u64,
    nodes: Vec<Node>,
    rows: Vec<Row>,
    rings: Vec<Ring>,
    people: People,
    /// One more whenever somebody falls sick, leaves, comes on, or gets another phone.
    people_changed: u32,
    disk_is_full: bool,
    push_is_down: bool,
    witness: Witness,
    said: Option<String>,
}

/// What one night came to.
#[derive(Debug)]
pub struct Told {
    pub broken: Option<Broken>,
    pub looks: u64,
    pub rings: usize,
    pub said: String,
}

impl<'s> Night<'s> {
    pub fn new(seed: u64, setting: Setting, steps: &'s mut dyn Steps, tell: bool) -> Self {
        let mut chance = Chance::seeded(seed);
        let day = chance.between(0, 13);
        let friday_the_thirteenth = DateTime::from_timestamp(1_794_528_000, 0).unwrap_or_default();
        let eve = friday_the_thirteenth + TimeDelta::days(day) + TimeDelta::hours(chance.between(13, 19));
        let people = People::by_chance(&mut chance);
        let mut night = Self {
            now: 0,
            end: setting.hours * HOUR,
            eve,
            setting,
            chance,
            steps,
            events: BinaryHeap::new(),
            what: std::collections::BTreeMap::new(),
            scheduled: 0,
            nodes: Vec::new(),
            rows: Vec::new(),
            rings: Vec::new(),
            people,
            people_changed: 0,
            disk_is_full: false,
            push_is_down: false,
            witness: Witness::new(eve),
            said: tell.then(String::new),
        };
        night.decide_what_happens();
        night
    }

    pub fn live(mut self) -> Told {
        let broken = self.until_morning().err();
        if let Some(broken) = &broken {
            self.say(|| format!("BROKEN {}: {}", broken.invariant, broken.what));
        }
        Told { broken, looks: self.witness.looks, rings: self.rings.len(), said: self.said.unwrap_or_default() }
    }

    fn until_morning(&mut self) -> Result<(), Broken> {
        loop {
            let event = self.events.peek().map(|Reverse((at, _))| *at);
            let sweep = self.next_sweep();
            let (at, node) = match (event, sweep) {
                (Some(event), Some((sweep, node))) if sweep < event => (sweep, Some(node)),
                (Some(event), _) => (event, None),
                (None, Some((sweep, node))) => (sweep, Some(node)),
                (None, None) => break,
            };
            if at > self.end {
                break;
            }
            self.now = self.now.max(at);
            self.witness.time_is(self.now, &self.rows, &self.people)?;
            match node {
                Some(node) => self.sweep(node)?,
                None => self.next_event()?,
            }
            let able = !self.disk_is_full && self.nodes.iter().any(Node::is_up);
            self.witness.able(able);
        }
        self.now = self.end;
        self.witness.time_is(self.now, &self.rows, &self.people)
    }

    fn next_event(&mut self) -> Result<(), Broken> {
        let Some(event) = self.events.pop().and_then(|Reverse((_, n))| self.what.remove(&n)) else { return Ok(()) };
        match event {
            Event::Ask => self.ask(),
            Event::Cancel(row) => self.cancel(row),
            Event::Raise(row) => self.raise(row),
            Event::Acknowledge { row, generation, person } => self.acknowledge(row, generation, person),
            Event::Outcome { row, generation, person } => self.outcome(row, generation, person),
            Event::Send { ring, node } => self.send(ring, node)?,
            Event::Heard { ring, heard } => self.heard(ring, heard)?,
            Event::Die(node) => self.die(node),
            Event::Start(node) => self.start(node),
            Event::Wake(pending) => self.wake(*pending)?,
            Event::Jump(node) => self.jump(node),
            Event::SweepsIdly(node) => self.sweeps_idly(node),
            Event::Disk { full } => self.disk(full),
            Event::Push { down } => self.push(down),
            Event::People => self.change_people(),
            Event::List(row) => self.change_list(row),
        }
        Ok(())
    }

    fn at(&mut self, at: Ms, event: Event) {
        self.scheduled += 1;
        self.events.push(Reverse((at, self.scheduled)));
        self.what.insert(self.scheduled, event);
    }

    fn soon(&mut self, from: Ms, to: Ms, event: Event) {
        let at = self.now + self.chance.between(from, to);
        self.at(at, event);
    }

    fn wall(&self, node: usize) -> DateTime<Utc> {
        self.eve + TimeDelta::milliseconds(self.now + self.nodes[node].offset)
    }

    /// Some node that answers, if the disk takes anything.
    fn able_node(&mut self) -> Option<usize> {
        let up: Vec<usize> = (0..self.nodes.len()).filter(|n| self.nodes[*n].is_up()).collect();
        (!up.is_empty() && !self.disk_is_full).then(|| self.chance.one_of(&up))
    }

    fn say(&mut self, what: impl FnOnce() -> String) {
        if let Some(said) = &mut self.said {
            let at = self.eve + TimeDelta::milliseconds(self.now);
            let what = what().replace("00000000-0000-0000-0000-000000000", "");
            let _ = writeln!(said, "{} {what}", at.format("%a %H:%M:%S%.3f"));
        }
    }
}

impl std::fmt::Debug for Night<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Night").field("now", &self.now).field("rows", &self.rows).finish_non_exhaustive()
    }
}

pub const SECOND: Ms = 1000;
pub const MINUTE: Ms = 60 * SECOND;
pub const HOUR: Ms = 60 * MINUTE;
