//! What this night will bring, and its coming.

use mobile_shared::escalation::{Kind, Policy, Step, Who};

use super::{Event, HOUR, MINUTE, Night, SECOND, driver::Node};
use crate::{Ms, chance::Chance, people::Line};

impl Night<'_> {
    pub(super) fn decide_what_happens(&mut self) {
        let setting = self.setting;
        let nodes = 1 + self.chance.below(setting.nodes);
        for _ in 0..nodes {
            let offset = self.chance.between(-150, 150);
            self.nodes.push(Node::up(offset));
        }
        self.witness.offsets(&self.nodes);
        for _ in 0..=self.chance.below(setting.requests) {
            let at = self.moment();
            self.at(at * 2 / 3, Event::Ask);
        }
        let wild = |chance: &mut Chance, is_on: bool, percent| is_on && chance.percent(percent);
        if wild(&mut self.chance, setting.clocks_jump, 25) {
            self.some(nodes, 3, Event::Jump);
        }
        if wild(&mut self.chance, setting.nodes_die, 40) {
            self.some(nodes, 8, Event::Die);
            self.nodes.iter_mut().for_each(|node| node.dies_at_work = true);
        }
        if wild(&mut self.chance, setting.nodes_pause, 30) {
            self.nodes.iter_mut().for_each(|node| node.pauses_at_work = true);
        }
        if wild(&mut self.chance, setting.disk_fills, 15) {
            let (from, long) = (self.moment(), self.chance.between(SECOND, 40 * MINUTE));
            self.at(from, Event::Disk { full: true });
            self.at(from + long, Event::Disk { full: false });
        }
        if wild(&mut self.chance, setting.push_fails, 25) {
            let (from, long) = (self.moment(), self.chance.between(MINUTE, 6 * HOUR));
            self.at(from, Event::Push { down: true });
            self.at(from + long, Event::Push { down: false });
        }
        if setting.people_change {
            for _ in 0..self.chance.between(1, 30) {
                let at = self.moment();
                self.at(at, Event::People);
            }
        }
    }

    fn moment(&mut self) -> Ms {
        self.chance.between(0, self.end)
    }

    fn some(&mut self, nodes: usize, most: usize, event: impl Fn(usize) -> Event) {
        for _ in 0..=self.chance.below(most) {
            let (at, node) = (self.moment(), self.chance.below(nodes));
            self.at(at, event(node));
        }
    }

    pub(super) fn jump(&mut self, node: usize) {
        let far = [2 * SECOND, 30 * SECOND, 3 * MINUTE, 20 * MINUTE, HOUR, 24 * HOUR];
        let far = self.chance.one_of(&far) * self.chance.one_of(&[-1, 1]);
        // As often as not somebody has set it right again.
        let offset =
            if self.chance.percent(40) { self.chance.between(-150, 150) } else { self.nodes[node].offset + far };
        let went_back = offset < self.nodes[node].offset;
        self.nodes[node].offset = offset;
        if went_back && self.steps.minds_the_clock() {
            self.nodes[node].clock_went_back = true;
            self.soon(SECOND, 2 * SECOND, Event::SweepsIdly(node));
        }
        self.say(|| format!("the clock of node {node} is now {offset} ms off"));
        self.witness.jumped(&self.nodes, went_back);
    }

    pub(super) fn disk(&mut self, full: bool) {
        self.disk_is_full = full;
        self.witness.trouble();
        self.say(|| format!("disk full: {full}"));
    }

    pub(super) fn push(&mut self, down: bool) {
        self.push_is_down = down;
        self.say(|| format!("push service down: {down}"));
    }

    pub(super) fn change_people(&mut self) {
        self.people_changed += 1;
        let who = self.chance.below(self.people.all.len());
        let person = &mut self.people.all[who];
        match self.chance.below(12) {
            0..3 => person.is_away = true,
            3..5 => person.is_away = false,
            5 => person.works_here = false,
            6..9 => self.people.next_shift(&mut self.chance),
            9 => {
                if let Some(channel) = person.channels.first_mut() {
                    channel.is_known = !channel.is_known;
                }
            }
            _ => {
                let lines = [Line::Rings, Line::Silent, Line::Fails];
                let line = self.chance.one_of(&lines);
                person.channels.iter_mut().for_each(|c| c.truly = line);
            }
        }
        self.witness.people_changed();
        let state = |p: &crate::people::Person| (p.may_be_rung(), p.channels.iter().filter(|c| c.is_known).count());
        let now = state(&self.people.all[who]);
        let (first, second) = (self.people.first.clone(), self.people.second.clone());
        self.say(|| format!("person {} (may be rung, channels) {now:?}; on: {first:?}, {second:?}", who + 1));
    }

    /// Somebody saves another list for this kind of request. The server then has its open requests looked at.
    pub(super) fn change_list(&mut self, row: usize) {
        let Some(node) = self.able_node() else {
            return self.soon(SECOND, 5 * SECOND, Event::List(row));
        };
        let policy = self.list_by_chance(self.rows[row].kind);
        self.say(|| format!("request {row}: another list, {policy:?}"));
        self.rows[row].policy = policy;
        self.look_now(row, node);
        self.witness.list_changed(row);
    }

    pub(super) fn list_by_chance(&mut self, kind: Kind) -> Policy {
        if !self.setting.lists_change || self.chance.percent(30) {
            return kind.usual();
        }
        let someone = self.chance.below(self.people.all.len());
        let someone = Who::Person(self.people.all[someone].id);
        let chance = &mut self.chance;
        let whos =
            [Who::KeyWorker, Who::Assigned, Who::FirstLine, Who::SecondLine, Who::TeamLead, Who::CatchAll, someone];
        let steps = (0..=chance.below(5))
            .map(|_| Step { who: chance.one_of(&whos), minutes: chance.one_of(&[1, 2, 5, 5, 10, 20, 90]) })
            .collect();
        Policy { steps, by_day: kind == Kind::ContactWhenYouCan || chance.percent(10) }
    }
}
