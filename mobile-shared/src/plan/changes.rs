//! What is different between two versions of a plan, so that a person can read it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Body, Line, Person, Rule, Sign, Stage};

/// The part of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    KeepsWell,
    Important,
    Works,
    DoesNotWork,
    Triggers,
    Stages,
    Signs,
    Mine,
    Workers,
    Others,
    Want,
    DoNotWant,
    Tell,
    DoNotTell,
    People,
    Rules,
}

impl Where {
    /// As on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::KeepsWell => "keeps_well",
            Self::Important => "important",
            Self::Works => "works",
            Self::DoesNotWork => "does_not_work",
            Self::Triggers => "triggers",
            Self::Stages => "stages",
            Self::Signs => "signs",
            Self::Mine => "mine",
            Self::Workers => "workers",
            Self::Others => "others",
            Self::Want => "want",
            Self::DoNotWant => "do_not_want",
            Self::Tell => "tell",
            Self::DoNotTell => "do_not_tell",
            Self::People => "people",
            Self::Rules => "rules",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Added,
    Removed,
    Changed,
    /// The order of a list; said once for the list.
    Moved,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    #[serde(rename = "where")]
    pub place: Where,
    /// The name of the stage it is in.
    pub stage: Option<String>,
    pub what: What,
    pub before: Option<String>,
    pub after: Option<String>,
}

trait Told: PartialEq {
    fn id(&self) -> Uuid;
    fn told(&self) -> String;
    /// The same to whoever reads it.
    fn reads_as(&self, other: &Self) -> bool {
        self.told() == other.told()
    }
}

impl Told for Line {
    fn id(&self) -> Uuid {
        self.id
    }
    fn told(&self) -> String {
        self.text.clone()
    }
}

impl Told for Sign {
    fn id(&self) -> Uuid {
        self.id
    }
    fn told(&self) -> String {
        self.text.clone()
    }
    fn reads_as(&self, other: &Self) -> bool {
        self.text == other.text && self.item_id == other.item_id
    }
}

impl Told for Person {
    fn id(&self) -> Uuid {
        self.id
    }
    fn told(&self) -> String {
        let more = [&self.relation, &self.phone, &self.note];
        let more: Vec<&str> = more.into_iter().flatten().map(String::as_str).filter(|t| !t.is_empty()).collect();
        if more.is_empty() { self.name.clone() } else { format!("{}: {}", self.name, more.join(", ")) }
    }
}

impl Told for Rule {
    fn id(&self) -> Uuid {
        self.id
    }
    fn told(&self) -> String {
        self.words.clone()
    }
    fn reads_as(&self, other: &Self) -> bool {
        self == other
    }
}

/// A stage is told by its name; what is in it has its own lines.
impl Told for Stage {
    fn id(&self) -> Uuid {
        self.id
    }
    fn told(&self) -> String {
        self.name.clone()
    }
}

/// From `before` to `after`, in the order of the plan.
#[must_use]
pub fn changes(before: &Body, after: &Body) -> Vec<Change> {
    let mut found = Vec::new();
    let outside = before.lists().into_iter().zip(after.lists());
    let (first, last): (Vec<_>, Vec<_>) = outside.partition(|((place, _), _)| !is_advance(*place));
    for ((place, b), (_, a)) in first {
        list(&mut found, place, None, b, a);
    }
    list(&mut found, Where::Stages, None, &before.stages, &after.stages);
    let nothing = |id| Stage { id, name: String::new(), signs: vec![], mine: vec![], workers: vec![], others: vec![] };
    for stage in &after.stages {
        let was = before.stages.iter().find(|s| s.id == stage.id).cloned().unwrap_or_else(|| nothing(stage.id));
        let name = Some(stage.name.as_str());
        list(&mut found, Where::Signs, name, &was.signs, &stage.signs);
        list(&mut found, Where::Mine, name, &was.mine, &stage.mine);
        list(&mut found, Where::Workers, name, &was.workers, &stage.workers);
        list(&mut found, Where::Others, name, &was.others, &stage.others);
    }
    for gone in before.stages.iter().filter(|b| after.stages.iter().all(|a| a.id != b.id)) {
        let (now, name) = (nothing(gone.id), Some(gone.name.as_str()));
        list(&mut found, Where::Signs, name, &gone.signs, &now.signs);
        list(&mut found, Where::Mine, name, &gone.mine, &now.mine);
        list(&mut found, Where::Workers, name, &gone.workers, &now.workers);
        list(&mut found, Where::Others, name, &gone.others, &now.others);
    }
    for ((place, b), (_, a)) in last {
        list(&mut found, place, None, b, a);
    }
    list(&mut found, Where::People, None, &before.people, &after.people);
    list(&mut found, Where::Rules, None, &before.rules, &after.rules);
    found
}

fn is_advance(place: Where) -> bool {
    matches!(place, Where::Want | Where::DoNotWant | Where::Tell | Where::DoNotTell)
}

fn list<T: Told>(found: &mut Vec<Change>, place: Where, stage: Option<&str>, before: &[T], after: &[T]) {
    let was = |piece: &T| before.iter().find(|b| b.id() == piece.id());
    let mut tell = |what, before: Option<String>, after: Option<String>| {
        found.push(Change { place, stage: stage.map(str::to_owned), what, before, after });
    };
    for piece in after {
        match was(piece) {
            None => tell(What::Added, None, Some(piece.told())),
            Some(b) if !b.reads_as(piece) => tell(What::Changed, Some(b.told()), Some(piece.told())),
            Some(_) => {}
        }
    }
    for gone in before.iter().filter(|b| after.iter().all(|a| a.id() != b.id())) {
        tell(What::Removed, Some(gone.told()), None);
    }
    let kept = |list: &[T], other: &[T]| -> Vec<Uuid> {
        list.iter().map(Told::id).filter(|id| other.iter().any(|o| o.id() == *id)).collect()
    };
    if kept(before, after) != kept(after, before) {
        tell(What::Moved, None, None);
    }
}
