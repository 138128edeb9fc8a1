//! A node: sweeps the store for what is due, as the server does. It may die or stop at the worst moments.

use chrono::{DateTime, TimeDelta, Utc};
use mobile_shared::escalation::{Advanced, Effect};

use super::{Event, MINUTE, Night, Row, SECOND, outbox::Ring};
use crate::{
    Ms,
    people::View,
    steps::Look,
    witness::{Broken, Key, Written},
};

#[derive(Debug)]
pub struct Node {
    /// Its wall clock less true time.
    pub offset: Ms,
    is_alive: bool,
    is_paused: bool,
    pub dies_at_work: bool,
    pub pauses_at_work: bool,
    pub clock_went_back: bool,
    pub deaths: u32,
    /// It does not sweep again before this.
    rests_until: Ms,
    lag: Ms,
    /// Rows that another clock wrote, later than this one says it is: when by that, and since when this node sees it.
    ahead: Vec<Option<(DateTime<Utc>, Ms)>>,
}

/// A look whose node stopped between reading and writing.
#[derive(Clone, Debug)]
pub struct Pending {
    node: usize,
    row: usize,
    fence: u64,
    looked: Ms,
    now: DateTime<Utc>,
    people: u32,
    /// A node that died and came back does not go on with what it did.
    deaths: u32,
    advanced: Advanced,
}

/// What was read longer ago than this is not written.
const STALE: Ms = 5 * SECOND;
/// A row of another clock is left to it for so much longer than it meant to wait.
const GRACE: Ms = 2 * SECOND;

impl Node {
    pub fn up(offset: Ms) -> Self {
        Self {
            offset,
            is_alive: true,
            is_paused: false,
            dies_at_work: false,
            pauses_at_work: false,
            clock_went_back: false,
            deaths: 0,
            rests_until: 0,
            lag: 0,
            ahead: Vec::new(),
        }
    }

    pub fn is_up(&self) -> bool {
        self.is_alive && !self.is_paused
    }

    /// When this node takes a row: when it is due, and when its clock is no guide, after as long as was meant.
    fn takes(&mut self, n: usize, row: &Row, (eve, waits): (DateTime<Utc>, bool), now: Ms) -> Option<Ms> {
        let due = row.due?;
        let wall = eve + TimeDelta::milliseconds(now + self.offset);
        let by_the_clock = now + (due - wall).num_milliseconds().max(0);
        self.ahead.resize(self.ahead.len().max(n + 1), None);
        if row.written <= wall {
            self.ahead[n] = None;
            return Some(by_the_clock);
        }
        if self.clock_went_back || !waits {
            return Some(now);
        }
        let since = match self.ahead[n] {
            Some((written, since)) if written == row.written => since,
            _ => now,
        };
        self.ahead[n] = Some((row.written, since));
        let meant = match (due - row.written).num_milliseconds() {
            at_once if at_once <= 0 => 0,
            later => later + GRACE,
        };
        Some(by_the_clock.min((since + meant).max(now)))
    }
}

impl Night<'_> {
    /// The first node to sweep, and when.
    pub(super) fn next_sweep(&mut self) -> Option<(Ms, usize)> {
        let (eve, now, rows) = (self.eve, self.now, &self.rows);
        let minds_the_clock = self.steps.minds_the_clock();
        let rules = (eve, self.steps.waits_for_other_clocks());
        let nodes = self.nodes.iter_mut().enumerate().filter(|(_, node)| node.is_up());
        let first = nodes.filter_map(|(n, node)| {
            let takes = rows.iter().enumerate().filter_map(|(r, row)| {
                if minds_the_clock {
                    node.takes(r, row, rules, now)
                } else {
                    let wall = eve + TimeDelta::milliseconds(now + node.offset);
                    Some(now + (row.due? - wall).num_milliseconds().max(0))
                }
            });
            let at = takes.min()? + node.lag;
            Some((at.max(node.rests_until), n))
        });
        first.min()
    }

    pub(super) fn sweep(&mut self, node: usize) -> Result<(), Broken> {
        self.nodes[node].rests_until = self.now + self.chance.between(200, SECOND);
        self.nodes[node].lag = self.chance.between(0, 100);
        let (rules, now) = ((self.eve, self.steps.waits_for_other_clocks()), self.now);
        for row in 0..self.rows.len() {
            let due = match self.steps.minds_the_clock() {
                true => self.nodes[node].takes(row, &self.rows[row], rules, now),
                false => self.rows[row].due.filter(|due| *due <= self.wall(node)).map(|_| now),
            };
            if due.is_some_and(|due| due <= now) && self.nodes[node].is_up() {
                self.look(node, row)?;
            }
        }
        self.nodes[node].clock_went_back = false;
        Ok(())
    }

    /// A node sweeps each second, also where nothing is due: from then on it knows what its clock says.
    pub(super) fn sweeps_idly(&mut self, node: usize) {
        if self.nodes[node].is_up() {
            self.nodes[node].clock_went_back = false;
        }
    }

    fn look(&mut self, node: usize, row: usize) -> Result<(), Broken> {
        let now = self.wall(node);
        let view = View { people: &self.people, now };
        let Row { state, policy, fence, .. } = &self.rows[row];
        let look = Look { request: row, state, policy, view: &view, now };
        let advanced = self.steps.advance(&look);
        let (fence, people) = (*fence, self.people_changed);
        let deaths = self.nodes[node].deaths;
        let pending = Pending { node, row, fence, looked: self.now, now, people, deaths, advanced };
        if self.dies_here(node, 3) {
            self.say(|| format!("request {row}: node {node} died before it wrote"));
            return Ok(());
        }
        if self.nodes[node].pauses_at_work && self.chance.percent(5) {
            let most = self.chance.one_of(&[2 * SECOND, 2 * SECOND, 90 * SECOND, 20 * MINUTE]);
            self.nodes[node].is_paused = true;
            self.witness.trouble();
            self.say(|| format!("request {row}: node {node} stops before it writes"));
            self.soon(1, most, Event::Wake(Box::new(pending)));
            return Ok(());
        }
        self.commit(pending)
    }

    pub(super) fn wake(&mut self, pending: Pending) -> Result<(), Broken> {
        if self.nodes[pending.node].deaths != pending.deaths {
            return Ok(());
        }
        self.nodes[pending.node].is_paused = false;
        self.soon(SECOND, 2 * SECOND, Event::SweepsIdly(pending.node));
        self.witness.trouble();
        self.say(|| format!("node {} goes on", pending.node));
        self.commit(pending)
    }

    /// State and rings together, if what was read still stands.
    fn commit(&mut self, pending: Pending) -> Result<(), Broken> {
        let Pending { node, row, fence, looked, now, people, advanced, .. } = pending;
        let stands = self.rows[row].fence == fence && self.now - looked <= STALE;
        if self.disk_is_full {
            return Ok(());
        }
        if !stands && self.steps.compares_the_fence() {
            self.witness.refused(row);
            return Ok(());
        }
        if advanced.state == self.rows[row].state && advanced.effects.is_empty() {
            return Ok(());
        }
        let Advanced { state, effects } = advanced;
        let before = self.rows[row].clone();
        self.rows[row].generation += u32::from(effects.iter().any(|e| matches!(e, Effect::CameBack { .. })));
        self.rows[row].fence += 1;
        self.rows[row].written = now;
        self.rows[row].due = self.steps.due(&state);
        self.rows[row].state = state;
        self.say_look(row, node, &effects);
        let same_people = (people == self.people_changed).then_some(View { people: &self.people, now });
        let written =
            Written { looked, now, before: &before, after: &self.rows[row], effects: &effects, view: same_people };
        self.witness.looked(row, &written)?;
        self.post(row, node, &effects);
        self.dies_here(node, 3);
        Ok(())
    }

    fn post(&mut self, row: usize, node: usize, effects: &[Effect]) {
        let deaths = self.nodes.iter().map(|n| n.deaths).sum();
        for effect in effects {
            let Effect::Ring { place, round, person, channel } = *effect else { continue };
            let key = Key { generation: self.rows[row].generation, place, round };
            let decided = self.now;
            self.rings.push(Ring { row, key, person, channel, decided, sends: 0, deaths, is_done: false });
            let ring = self.rings.len() - 1;
            self.soon(5, 400, Event::Send { ring, node });
        }
    }

    fn say_look(&mut self, row: usize, node: usize, effects: &[Effect]) {
        if self.said.is_none() {
            return;
        }
        let (state, effects) = (format!("{:?}", self.rows[row].state), format!("{effects:?}"));
        self.say(|| format!("request {row}: node {node} looked: {effects} -> {state}"));
    }

    /// At one of the moments where dying matters most.
    pub(super) fn dies_here(&mut self, node: usize, percent: i64) -> bool {
        let dies = self.nodes[node].dies_at_work && self.chance.percent(percent);
        if dies {
            self.die(node);
        }
        dies
    }

    pub(super) fn die(&mut self, node: usize) {
        if !self.nodes[node].is_alive {
            return;
        }
        self.say(|| format!("node {node} dies"));
        let dead = &mut self.nodes[node];
        (dead.is_alive, dead.is_paused) = (false, false);
        dead.deaths += 1;
        dead.ahead.clear();
        self.witness.trouble();
        self.soon(SECOND, 5 * MINUTE, Event::Start(node));
    }

    pub(super) fn start(&mut self, node: usize) {
        self.say(|| format!("node {node} is back"));
        self.nodes[node].is_alive = true;
        self.nodes[node].clock_went_back = false;
        self.witness.restarted();
    }
}
