//! What must hold at every step of every night, by true time and by the facts, whatever the step function believes.
//!
//! Each invariant has a name, which is how a broken one is told:
//! - `has a next instant`: no open request without a next due instant, and never one that is not later than now
//! - `rings until a person has it`: only people acknowledge, cancel and complete; what has ended stays so
//! - `an acknowledgement stands`: what somebody has stays theirs, and rings nobody, until the time that was said
//! - `comes back`: at that time, not before, first to whoever had it
//! - `not early`: no step is left before its wait, unless nothing of it is known to have rung after 60 s or all failed
//! - `no storm`: steps that clocks make too early are few: each has a clock that jumped, a node that died or a failure behind it
//! - `not late`: a step is left when its wait is over (a sweep, an outage and a moved clock later at most)
//! - `the next channel`: no receipt for 60 s, or a failure: the person's next channel rings; never before
//! - `in order`: the next step that means somebody who can be rung, at once; the last repeats; nobody at all is shouted
//! - `whom it means`: all of a step and nobody else, as things are now: not who is away, has left or has no channel
//! - `once`: nobody twice in one step by one channel; at most once more on the way for each node that died
//! - `by day`: a list for the day rings nobody at night
//! - `says so`: the client is told once, when the list was gone through; an empty step and nobody at all are told

mod look;
mod time;

use chrono::{DateTime, Utc};
use mobile_shared::escalation::{Effect, Heard, Place, State};
use uuid::Uuid;

use crate::{
    Ms,
    night::{Row, driver::Node, outbox::Ring},
    people::View,
};

/// An invariant that did not hold.
#[derive(Clone, Debug)]
pub struct Broken {
    pub invariant: &'static str,
    pub at: Ms,
    pub what: String,
}

/// One time of one step of one turn of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub generation: u32,
    pub place: Place,
    pub round: u32,
}

impl Key {
    pub fn of(row: &Row) -> Option<Self> {
        let State::Ringing(ringing) = &row.state else { return None };
        Some(Self { generation: row.generation, place: ringing.place, round: ringing.round })
    }

    pub fn is_now(&self, row: &Row) -> bool {
        Self::of(row) == Some(*self)
    }
}

/// What a look wrote.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// When it was read, by true time and by the node's clock.
    pub looked: Ms,
    pub now: DateTime<Utc>,
    pub before: &'a Row,
    pub after: &'a Row,
    pub effects: &'a [Effect],
    /// None if they changed between reading and writing.
    pub view: Option<View<'a>>,
}

#[derive(Debug)]
pub struct Witness {
    eve: DateTime<Utc>,
    now: Ms,
    /// Time during which nothing could be written, ended and going on.
    down: Ms,
    down_since: Option<Ms>,
    offsets: Vec<Ms>,
    people_changed: Ms,
    watches: Vec<Watch>,
    pub looks: u64,
}

/// A request, watched.
#[derive(Clone, Debug)]
struct Watch {
    stay: Stay,
    /// Whoever has it, and until when by their node's clock less its offset.
    held: Option<(Uuid, Ms)>,
    has_ended: bool,
    said_not_answered: bool,
    rung: Vec<(Key, Uuid, Uuid)>,
    list_changed: Ms,
    /// Steps that were left before their wait by true time, and what may have caused that.
    early: u32,
    causes: u32,
}

/// Being in one place of the list, or in somebody's hands.
#[derive(Clone, Debug)]
struct Stay {
    key: Option<Key>,
    has_begun: bool,
    began: Ms,
    down_before: Ms,
    rings: Vec<Rang>,
    /// Whatever costs a sweep: nodes that died or stopped, a full disk, a write that was refused.
    trouble: i64,
    /// How often a clock went back or a node began anew.
    resets: i64,
    /// The least and most that any clock was off.
    off: (Ms, Ms),
}

#[derive(Clone, Copy, Debug)]
struct Rang {
    person: Uuid,
    channel: Uuid,
    at: Ms,
    heard: Heard,
    heard_at: Ms,
}

type Checked = Result<(), Broken>;

impl Witness {
    pub fn new(eve: DateTime<Utc>) -> Self {
        Self { eve, now: 0, down: 0, down_since: None, offsets: vec![], people_changed: 0, watches: vec![], looks: 0 }
    }

    fn broken(&self, invariant: &'static str, what: impl Into<String>) -> Checked {
        Err(Broken { invariant, at: self.now, what: what.into() })
    }

    pub fn able(&mut self, able: bool) {
        match (able, self.down_since) {
            (false, None) => self.down_since = Some(self.now),
            (true, Some(since)) => {
                self.down += self.now - since;
                self.down_since = None;
                self.trouble();
            }
            _ => (),
        }
    }

    fn down_so_far(&self) -> Ms {
        self.down + self.down_since.map_or(0, |since| self.now - since)
    }

    pub fn trouble(&mut self) {
        self.watches.iter_mut().for_each(|w| {
            w.stay.trouble += 1;
            w.causes += 1;
        });
    }

    pub fn refused(&mut self, row: usize) {
        self.watches[row].stay.trouble += 1;
        self.watches[row].causes += 1;
    }

    pub fn restarted(&mut self) {
        self.watches.iter_mut().for_each(|w| {
            w.stay.trouble += 1;
            w.stay.resets += 1;
            w.causes += 1;
        });
    }

    pub fn offsets(&mut self, nodes: &[Node]) {
        self.offsets = nodes.iter().map(|n| n.offset).collect();
    }

    pub fn jumped(&mut self, nodes: &[Node], went_back: bool) {
        self.offsets(nodes);
        let (least, most) = self.off();
        for watch in &mut self.watches {
            watch.causes += 1;
            let stay = &mut watch.stay;
            stay.off = (stay.off.0.min(least), stay.off.1.max(most));
            stay.resets += i64::from(went_back);
        }
    }

    fn off(&self) -> (Ms, Ms) {
        let all = self.offsets.iter().copied();
        (all.clone().min().unwrap_or(0), all.max().unwrap_or(0))
    }

    pub fn people_changed(&mut self) {
        self.people_changed = self.now;
    }

    /// What the new list says of the present step counts from now on; from when every clock says so, if whoever saved it dies.
    pub fn list_changed(&mut self, row: usize) {
        let (least, most) = self.off();
        self.watches[row].list_changed = self.now + most - least;
        self.watches[row].causes += 1;
    }

    pub fn begun(&mut self, now: &Row) {
        let stay = self.stay(Key::of(now), self.now, false);
        self.watches.push(Watch {
            stay,
            held: None,
            has_ended: false,
            said_not_answered: false,
            rung: vec![],
            list_changed: 0,
            early: 0,
            causes: 0,
        });
    }

    fn stay(&self, key: Option<Key>, began: Ms, has_begun: bool) -> Stay {
        let (down_before, off) = (self.down_so_far(), self.off());
        Stay { key, has_begun, began, down_before, rings: vec![], trouble: 0, resets: 0, off }
    }

    /// Since what was read then. Its clock may have been set between reading and writing.
    fn stay_since(&self, written: &Written<'_>, key: Key, has_begun: bool) -> Stay {
        let mut stay = self.stay(Some(key), written.looked, has_begun);
        let when_read = (written.now - self.eve).num_milliseconds() - written.looked;
        stay.off = (stay.off.0.min(when_read), stay.off.1.max(when_read));
        stay
    }

    /// People may do as they like: it is what they wrote that must stand.
    pub fn written_by_hand(&mut self, row: usize, now: &Row, node: usize) {
        let stay = self.stay(Key::of(now), self.now, false);
        let until = |until: DateTime<Utc>| (until - self.eve).num_milliseconds() - self.offsets[node];
        let held = match &now.state {
            State::Held { by, until: at } => Some((*by, until(*at))),
            _ => None,
        };
        let watch = &mut self.watches[row];
        watch.has_ended = now.state == State::Ended;
        watch.causes += 1;
        watch.said_not_answered &= held.is_some();
        (watch.stay, watch.held) = (stay, held);
    }

    /// Hearing changes nothing but what is known of a ring, and perhaps when to look.
    pub fn heard(&mut self, row: usize, now: &Row, of: (Uuid, Uuid), heard: Heard) -> Checked {
        let (at, key) = (self.now, Key::of(now));
        if key != self.watches[row].stay.key {
            return self.broken("rings until a person has it", format!("{heard:?} made it {:?}", now.state));
        }
        self.watches[row].causes += u32::from(heard == Heard::Failed);
        let rings = &mut self.watches[row].stay.rings;
        let ring = rings.iter_mut().rev().find(|r| (r.person, r.channel) == of);
        if let Some(ring) = ring.filter(|r| r.heard != Heard::Delivered) {
            (ring.heard, ring.heard_at) = (heard, at);
        }
        self.has_a_next_instant(now)
    }

    fn has_a_next_instant(&self, row: &Row) -> Checked {
        match (&row.state, row.due) {
            (State::Ended, _) | (_, Some(_)) => Ok(()),
            (open, None) => self.broken("has a next instant", format!("{open:?}")),
        }
    }

    pub fn sent(&self, ring: &Ring, deaths: u32, still_rings: bool) -> Checked {
        if !still_rings {
            let whom = ring.person.as_u128();
            return self.broken("an acknowledgement stands", format!("person {whom} was rung after it"));
        }
        if ring.sends > 1 + deaths {
            return self.broken("once", format!("{ring:?}: with {deaths} nodes dead since"));
        }
        Ok(())
    }
}
