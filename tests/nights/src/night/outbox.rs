//! Rings that were decided, on their way: committed with the state, sent afterwards, perhaps by another node.

use mobile_shared::escalation::{Heard, State};
use uuid::Uuid;

use super::{Event, MINUTE, Night, SECOND};
use crate::{
    Ms,
    people::Line,
    witness::{Broken, Key},
};

#[derive(Clone, Debug)]
pub struct Ring {
    pub row: usize,
    pub key: Key,
    pub person: Uuid,
    pub channel: Uuid,
    pub decided: Ms,
    pub sends: u32,
    /// How many nodes had died when it was decided.
    pub deaths: u32,
    pub is_done: bool,
}

/// A ring that could not be sent for so long is given up.
const USEFUL: Ms = 5 * MINUTE;

impl Night<'_> {
    pub(super) fn send(&mut self, ring: usize, node: usize) -> Result<(), Broken> {
        if self.rings[ring].is_done {
            return Ok(());
        }
        if !self.nodes[node].is_up() {
            // Its lease runs out, and whichever node is alive takes it.
            let other = self.chance.below(self.nodes.len());
            self.soon(SECOND, 10 * SECOND, Event::Send { ring, node: other });
            return Ok(());
        }
        let Ring { row, key, person, channel, decided, deaths, .. } = self.rings[ring].clone();
        let rings_still =
            matches!(self.rows[row].state, State::Ringing(_)) && self.rows[row].generation == key.generation;
        if !rings_still && self.steps.asks_before_sending() {
            self.rings[ring].is_done = true;
            return Ok(());
        }
        let is_known = self.people.channel(person, channel).is_some_and(|c| c.is_known);
        if self.now - decided > USEFUL || !is_known {
            self.rings[ring].is_done = true;
            self.soon(0, SECOND, Event::Heard { ring, heard: Heard::Failed });
            return Ok(());
        }
        let line = self.people.channel(person, channel).map_or((false, Line::Fails), |c| (c.is_push, c.truly));
        if line.0 && self.push_is_down {
            self.soon(5 * SECOND, 40 * SECOND, Event::Send { ring, node });
            return Ok(());
        }
        self.rings[ring].sends += 1;
        self.witness.sent(&self.rings[ring], self.nodes.iter().map(|n| n.deaths).sum::<u32>() - deaths, rings_still)?;
        self.arrives(ring, line.1);
        if rings_still && key.is_now(&self.rows[row]) {
            let now = self.wall(node);
            let mut state = self.rows[row].state.clone();
            self.steps.sent(&mut state, person, channel, now);
            if state != self.rows[row].state {
                self.write_beside(row, state);
            }
        }
        if self.dies_here(node, 3) {
            // It rang, and nobody has written so.
            self.soon(SECOND, 10 * SECOND, Event::Send { ring, node });
        } else {
            self.rings[ring].is_done = true;
        }
        Ok(())
    }

    fn arrives(&mut self, ring: usize, line: Line) {
        let Ring { row, key, person, channel, .. } = self.rings[ring];
        match line {
            Line::Silent => return,
            Line::Fails => {
                self.soon(100, 3 * SECOND, Event::Heard { ring, heard: Heard::Failed });
                if self.chance.percent(50)
                    && let Some(channel) = self.people.channel(person, channel)
                {
                    channel.is_known = false;
                    self.people_changed += 1;
                    self.witness.people_changed();
                }
                return;
            }
            // Some receipts come late.
            Line::Rings => {
                let latest = if self.chance.percent(10) { 150 * SECOND } else { 20 * SECOND };
                self.soon(200, latest, Event::Heard { ring, heard: Heard::Delivered });
            }
            Line::RingsUnheard => (),
        }
        let answers = self.people.person(person).answers;
        if self.setting.people_answer && self.chance.percent(answers) {
            self.soon(3 * SECOND, 12 * MINUTE, Event::Acknowledge { row, generation: key.generation, person });
        }
    }

    /// What a device or a service said of a ring; nothing, if the step that it belongs to has passed.
    pub(super) fn heard(&mut self, ring: usize, heard: Heard) -> Result<(), Broken> {
        let Some(node) = self.able_node() else {
            self.soon(SECOND, 5 * SECOND, Event::Heard { ring, heard });
            return Ok(());
        };
        let Ring { row, key, person, channel, .. } = self.rings[ring];
        if !key.is_now(&self.rows[row]) {
            return Ok(());
        }
        self.say(|| format!("request {row}: person {} by {:x}: {heard:?}", person.as_u128(), channel.as_u128()));
        let now = self.wall(node);
        let mut state = self.rows[row].state.clone();
        self.steps.hear(&mut state, person, channel, heard, now);
        self.write_beside(row, state);
        self.witness.heard(row, &self.rows[row], (person, channel), heard)
    }
}
