//! The stay-well plan: what a client and their worker write together, in the client's words.
//!
//! Everything in it has an id of its own, made where it was written. So two people may write at once, one of them with no
//! network: [`merge`] puts both together piece by piece and loses neither, and [`changes`] says what is new in words a person
//! can read.

mod changes;
mod merge;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use changes::{Change, What, Where, changes};
pub use merge::merge;

/// The most pieces in one list.
pub const MOST: usize = 40;
/// The most stages. Four, as relapse plans have them at most: well, early signs, worse, crisis.
pub const MOST_STAGES: usize = 4;
/// The largest plan, in bytes of JSON.
pub const LARGEST: usize = 32 * 1024;
/// The most check-ins in a row that a rule may ask for.
pub const MOST_CHECK_INS: u8 = 14;

/// One thing somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: Uuid,
    pub text: String,
    /// Another wording of that line: two people changed it at once. Whoever reads it chooses by taking one away.
    #[serde(default)]
    pub beside: Option<Uuid>,
}

/// How a stage shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    pub id: Uuid,
    pub text: String,
    /// The question of the check-ins that asks about it, if one does.
    #[serde(default)]
    pub item_id: Option<Uuid>,
    #[serde(default)]
    pub beside: Option<Uuid>,
}

/// One step on the way from well to unwell: how it shows, and who does what then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub id: Uuid,
    pub name: String,
    #[serde(default)]
    pub signs: Vec<Sign>,
    /// What I do.
    #[serde(default)]
    pub mine: Vec<Line>,
    /// What my worker does.
    #[serde(default)]
    pub workers: Vec<Line>,
    /// What others do.
    #[serde(default)]
    pub others: Vec<Line>,
}

/// Somebody who matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: Uuid,
    pub name: String,
    #[serde(default)]
    pub relation: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub beside: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    AtLeast,
    AtMost,
}

/// "If I haven't slept for three nights, ring me."
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub id: Uuid,
    pub item_id: Uuid,
    pub side: Side,
    /// In the item's own scale.
    pub value: f64,
    /// On how many days with an answer, one after the other.
    pub check_ins: u8,
    /// As client and worker say it.
    pub words: String,
    /// Agreed that it may ring at night.
    #[serde(default)]
    pub at_night: bool,
}

/// A plan, or a draft of one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    pub keeps_well: Vec<Line>,
    pub important: Vec<Line>,
    pub works: Vec<Line>,
    pub does_not_work: Vec<Line>,
    pub triggers: Vec<Line>,
    /// From nearest to well on.
    pub stages: Vec<Stage>,
    /// The advance statement: what I want if I become unwell, what not, who is to be told, who not.
    pub want: Vec<Line>,
    pub do_not_want: Vec<Line>,
    pub tell: Vec<Line>,
    pub do_not_tell: Vec<Line>,
    pub people: Vec<Person>,
    pub rules: Vec<Rule>,
}

/// Something about a plan that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `stages[1].mine[0].text`
    pub field: String,
    pub message: &'static str,
}

impl Body {
    /// The lists of lines outside the stages.
    #[must_use]
    pub fn lists(&self) -> [(Where, &Vec<Line>); 9] {
        [
            (Where::KeepsWell, &self.keeps_well),
            (Where::Important, &self.important),
            (Where::Works, &self.works),
            (Where::DoesNotWork, &self.does_not_work),
            (Where::Triggers, &self.triggers),
            (Where::Want, &self.want),
            (Where::DoNotWant, &self.do_not_want),
            (Where::Tell, &self.tell),
            (Where::DoNotTell, &self.do_not_tell),
        ]
    }

    /// The ids of all lines: what a reminder may be tied to.
    #[must_use]
    pub fn lines(&self) -> BTreeSet<Uuid> {
        let outside = self.lists().into_iter().flat_map(|(_, lines)| lines);
        let inside = self.stages.iter().flat_map(|s| s.mine.iter().chain(&s.workers).chain(&s.others));
        outside.chain(inside).map(|line| line.id).collect()
    }

    /// How many pieces are another wording of something.
    #[must_use]
    pub fn doubled(&self) -> usize {
        let lines = self.lists().into_iter().flat_map(|(_, lines)| lines);
        let inside = self.stages.iter().flat_map(|s| s.mine.iter().chain(&s.workers).chain(&s.others));
        let lines = lines.chain(inside).filter(|l| l.beside.is_some()).count();
        let signs = self.stages.iter().flat_map(|s| &s.signs).filter(|s| s.beside.is_some()).count();
        lines + signs + self.people.iter().filter(|p| p.beside.is_some()).count()
    }

    /// What is wrong with it, field by field. Whether its items exist is for whoever knows them.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut check = Check::default();
        for (place, lines) in self.lists() {
            check.lines(place.word(), lines);
        }
        check.many("stages", self.stages.len(), MOST_STAGES);
        for (n, stage) in self.stages.iter().enumerate() {
            let within = format!("stages[{n}]");
            check.piece(&within, stage.id, "name", &stage.name, 80);
            check.many(&format!("{within}.signs"), stage.signs.len(), MOST);
            for (n, sign) in stage.signs.iter().enumerate() {
                check.piece(&format!("{within}.signs[{n}]"), sign.id, "text", &sign.text, 300);
            }
            for (list, lines) in [("mine", &stage.mine), ("workers", &stage.workers), ("others", &stage.others)] {
                check.lines(&format!("{within}.{list}"), lines);
            }
        }
        check.many("people", self.people.len(), MOST);
        for (n, person) in self.people.iter().enumerate() {
            let within = format!("people[{n}]");
            check.piece(&within, person.id, "name", &person.name, 80);
            check.at_most(&within, "relation", person.relation.as_deref(), 80);
            check.at_most(&within, "phone", person.phone.as_deref(), 40);
            check.at_most(&within, "note", person.note.as_deref(), 300);
        }
        check.many("rules", self.rules.len(), MOST);
        for (n, rule) in self.rules.iter().enumerate() {
            let within = format!("rules[{n}]");
            check.piece(&within, rule.id, "words", &rule.words, 200);
            if !(1..=MOST_CHECK_INS).contains(&rule.check_ins) {
                check.fault(format!("{within}.check_ins"), "From 1 to 14 check-ins.");
            }
        }
        check.faults
    }
}

#[derive(Default)]
struct Check {
    faults: Vec<Fault>,
    ids: BTreeSet<Uuid>,
}

impl Check {
    fn fault(&mut self, field: String, message: &'static str) {
        self.faults.push(Fault { field, message });
    }

    fn many(&mut self, field: &str, count: usize, most: usize) {
        if count > most {
            self.fault(field.to_owned(), "These are too many.");
        }
    }

    fn lines(&mut self, list: &str, lines: &[Line]) {
        self.many(list, lines.len(), MOST);
        for (n, line) in lines.iter().enumerate() {
            self.piece(&format!("{list}[{n}]"), line.id, "text", &line.text, 300);
        }
    }

    fn piece(&mut self, within: &str, id: Uuid, field: &str, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.fault(format!("{within}.{field}"), "There is nothing written here.");
        }
        self.at_most(within, field, Some(text), most);
        if !self.ids.insert(id) {
            self.fault(format!("{within}.id"), "This is here twice.");
        }
    }

    fn at_most(&mut self, within: &str, field: &str, text: Option<&str>, most: usize) {
        if text.is_some_and(|t| t.chars().count() > most) {
            self.fault(format!("{within}.{field}"), "This is too long.");
        }
    }
}

#[cfg(test)]
mod tests;
