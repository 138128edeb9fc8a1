//! What people do: ask, cancel, raise, acknowledge, promise, keep it or let it pass.

use chrono::TimeDelta;
use mobile_shared::escalation::{Kind, State};
use uuid::Uuid;

use super::{Event, HOUR, MINUTE, Night, Row, SECOND};
use crate::people::{View, next_working_noon};

impl Night<'_> {
    pub(super) fn ask(&mut self) {
        let Some(node) = self.able_node() else {
            return self.soon(SECOND, 5 * SECOND, Event::Ask);
        };
        let kinds =
            [Kind::ContactNow, Kind::ContactNow, Kind::ContactToday, Kind::ContactWhenYouCan, Kind::ClientAsked];
        let kind = self.chance.one_of(&kinds);
        let (now, row) = (self.wall(node), self.rows.len());
        let state = self.steps.begin(row, &View { people: &self.people, now }, now);
        let policy = self.list_by_chance(kind);
        self.say(|| format!("request {row}: {kind:?} by node {node}, {policy:?}"));
        let due = self.steps.due(&state);
        self.rows.push(Row { kind, state, due, written: now, fence: 1, generation: 0, policy });
        self.witness.begun(&self.rows[row]);
        if self.chance.percent(10) {
            self.soon(SECOND, 2 * HOUR, Event::Cancel(row));
        }
        if self.chance.percent(20) {
            self.soon(SECOND, 2 * HOUR, Event::Raise(row));
        }
        if self.setting.lists_change && self.chance.percent(20) {
            self.soon(SECOND, HOUR, Event::List(row));
        }
    }

    pub(super) fn cancel(&mut self, row: usize) {
        let Some(node) = self.able_node() else {
            return self.soon(SECOND, 5 * SECOND, Event::Cancel(row));
        };
        self.say(|| format!("request {row}: cancelled"));
        self.write_by_hand(row, node, State::Ended);
    }

    /// "Now", on a request that said today, or that somebody has already: the list begins anew.
    pub(super) fn raise(&mut self, row: usize) {
        let Some(node) = self.able_node() else {
            return self.soon(SECOND, 5 * SECOND, Event::Raise(row));
        };
        let folds = self.rows[row].kind == Kind::ContactNow && matches!(self.rows[row].state, State::Ringing(_));
        if folds || self.rows[row].state == State::Ended {
            return;
        }
        self.say(|| format!("request {row}: now"));
        self.rows[row].kind = Kind::ContactNow;
        self.rows[row].policy = self.list_by_chance(Kind::ContactNow);
        self.rows[row].generation += 1;
        let now = self.wall(node);
        let state = self.steps.begin(row, &View { people: &self.people, now }, now);
        self.write_by_hand(row, node, state);
    }

    pub(super) fn acknowledge(&mut self, row: usize, generation: u32, person: Uuid) {
        let Some(node) = self.able_node() else {
            return self.soon(SECOND, 5 * SECOND, Event::Acknowledge { row, generation, person });
        };
        // One ring of an earlier turn does not take what has come back since: that one rings anew.
        if self.rows[row].generation != generation || !self.people.person(person).may_be_rung() {
            return;
        }
        let now = self.wall(node);
        let until = if self.chance.percent(40) {
            now + TimeDelta::milliseconds(self.chance.between(2 * MINUTE, 2 * HOUR))
        } else {
            self.rows[row].kind.held_for().until(now, next_working_noon(now))
        };
        self.say(|| format!("request {row}: person {} has it until {}", person.as_u128(), until.format("%a %H:%M:%S")));
        let state = self.rows[row].state.clone().acknowledge(person, until);
        self.write_by_hand(row, node, state);
        if self.chance.percent(70) {
            self.soon(MINUTE, 3 * HOUR, Event::Outcome { row, generation, person });
        }
    }

    /// The promise is kept and it is done, or another is made, or it is handed to somebody; nothing comes of it in time: then it has come
    /// back by now.
    pub(super) fn outcome(&mut self, row: usize, generation: u32, person: Uuid) {
        let Some(node) = self.able_node() else {
            return self.soon(SECOND, 5 * SECOND, Event::Outcome { row, generation, person });
        };
        let held = matches!(self.rows[row].state, State::Held { by, .. } if by == person);
        if self.rows[row].generation != generation || !held {
            return;
        }
        match self.chance.between(0, 100) {
            0..60 => {
                self.say(|| format!("request {row}: done"));
                self.write_by_hand(row, node, State::Ended);
            }
            60..80 => self.hand_over(row, node),
            _ => self.acknowledge(row, generation, person),
        }
    }

    /// To anybody, there or not.
    fn hand_over(&mut self, row: usize, node: usize) {
        let everybody: Vec<Uuid> = self.people.all.iter().map(|person| person.id).collect();
        let to = self.chance.one_of(&everybody);
        self.say(|| format!("request {row}: handed to person {}", to.as_u128()));
        self.rows[row].generation += 1;
        let state = self.rows[row].state.clone().hand_to(to, self.wall(node));
        self.write_by_hand(row, node, state);
    }

    fn write_by_hand(&mut self, row: usize, node: usize, state: State) {
        if self.rows[row].state == State::Ended {
            return;
        }
        self.write(row, node, state);
        self.witness.written_by_hand(row, &self.rows[row], node);
    }

    pub(super) fn write(&mut self, row: usize, node: usize, state: State) {
        let (due, written) = (self.steps.due(&state), self.wall(node));
        let row = &mut self.rows[row];
        row.fence += 1;
        (row.state, row.due, row.written) = (state, due, written);
    }

    /// Has it looked at by whichever node comes first.
    pub(super) fn look_now(&mut self, row: usize, node: usize) {
        let state = self.rows[row].state.clone().look_at(self.wall(node));
        self.write_beside(row, state);
    }

    /// Without a look: when the last one was, and by whose clock, stays as it is.
    pub(super) fn write_beside(&mut self, row: usize, state: State) {
        let due = self.steps.due(&state);
        let row = &mut self.rows[row];
        row.fence += 1;
        (row.state, row.due) = (state, due);
    }
}
