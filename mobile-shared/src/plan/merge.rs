//! Two people changed one plan at once. Nothing that either of them wrote is lost.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{Body, Line, Person, Rule, Sign, Stage};

/// What can be kept, left out or doubled as one.
trait Piece: Clone + PartialEq {
    fn id(&self) -> Uuid;
    /// The same piece, changed by both in different ways: one after the other.
    fn both(base: Option<&Self>, ours: &Self, theirs: &Self) -> Vec<Self>;
}

/// `ours` and `theirs` were both made from `base`. What only one of them changed is taken; what both changed differently stays
/// twice, the second beside the first; what one took away and the other changed stays. Where both changed the order, ours holds.
#[must_use]
pub fn merge(base: &Body, ours: &Body, theirs: &Body) -> Body {
    let lines = |list: fn(&Body) -> &Vec<Line>| pieces(list(base), list(ours), list(theirs));
    let mut merged = Body {
        keeps_well: lines(|b| &b.keeps_well),
        important: lines(|b| &b.important),
        works: lines(|b| &b.works),
        does_not_work: lines(|b| &b.does_not_work),
        triggers: lines(|b| &b.triggers),
        stages: pieces(&base.stages, &ours.stages, &theirs.stages),
        want: lines(|b| &b.want),
        do_not_want: lines(|b| &b.do_not_want),
        tell: lines(|b| &b.tell),
        do_not_tell: lines(|b| &b.do_not_tell),
        people: pieces(&base.people, &ours.people, &theirs.people),
        rules: pieces(&base.rules, &ours.rules, &theirs.rules),
    };
    merged.forget_what_stands_beside_nothing();
    merged.name_each_once();
    merged
}

fn find<P: Piece>(list: &[P], id: Uuid) -> Option<&P> {
    list.iter().find(|piece| piece.id() == id)
}

fn pieces<P: Piece>(base: &[P], ours: &[P], theirs: &[P]) -> Vec<P> {
    let mut merged = Vec::new();
    for id in order(base, ours, theirs) {
        let (b, o, t) = (find(base, id), find(ours, id), find(theirs, id));
        match (o, t) {
            (Some(o), Some(t)) if o == t || b == Some(t) => merged.push(o.clone()),
            (Some(o), Some(t)) if b == Some(o) => merged.push(t.clone()),
            (Some(o), Some(t)) => merged.extend(P::both(b, o, t)),
            // The other one took it away, from what it was.
            (Some(one), None) | (None, Some(one)) if b == Some(one) => {}
            (Some(one), None) | (None, Some(one)) => merged.push(one.clone()),
            (None, None) => {}
        }
    }
    merged
}

/// Every id of both, each once: in the order of whoever changed it, with what only the other has behind what it stood behind.
fn order<P: Piece>(base: &[P], ours: &[P], theirs: &[P]) -> Vec<Uuid> {
    let ids = |list: &[P]| list.iter().map(Piece::id).collect::<Vec<_>>();
    let (base, ours, theirs) = (ids(base), ids(ours), ids(theirs));
    let common = |list: &[Uuid]| list.iter().copied().filter(|id| base.contains(id)).collect::<Vec<_>>();
    let of_base = |list: &[Uuid]| base.iter().copied().filter(|id| list.contains(id)).collect::<Vec<_>>();
    let ours_is_as_it_was = common(&ours) == of_base(&ours);
    let (mut order, other) = if ours_is_as_it_was { (theirs, ours) } else { (ours, theirs) };
    for (n, id) in other.iter().enumerate() {
        if order.contains(id) {
            continue;
        }
        let behind = other[..n].iter().rev().find_map(|before| order.iter().position(|o| o == before));
        order.insert(behind.map_or(0, |at| at + 1), *id);
    }
    order
}

/// The id of another wording: the same wherever it is worked out.
fn id_beside(id: Uuid, text: &str) -> Uuid {
    Uuid::new_v5(&id, text.as_bytes())
}

impl Piece for Line {
    fn id(&self) -> Uuid {
        self.id
    }

    fn both(_: Option<&Self>, ours: &Self, theirs: &Self) -> Vec<Self> {
        if ours.text == theirs.text {
            return vec![ours.clone()];
        }
        let beside = Self { id: id_beside(ours.id, &theirs.text), beside: Some(ours.id), ..theirs.clone() };
        vec![ours.clone(), beside]
    }
}

impl Piece for Sign {
    fn id(&self) -> Uuid {
        self.id
    }

    fn both(_: Option<&Self>, ours: &Self, theirs: &Self) -> Vec<Self> {
        let told = format!("{}{:?}", theirs.text, theirs.item_id);
        let beside = Self { id: id_beside(ours.id, &told), beside: Some(ours.id), ..theirs.clone() };
        vec![ours.clone(), beside]
    }
}

impl Piece for Person {
    fn id(&self) -> Uuid {
        self.id
    }

    fn both(_: Option<&Self>, ours: &Self, theirs: &Self) -> Vec<Self> {
        let told = format!("{theirs:?}");
        let beside = Self { id: id_beside(ours.id, &told), beside: Some(ours.id), ..theirs.clone() };
        vec![ours.clone(), beside]
    }
}

/// Two rules, both in force once agreed: to be told twice is better than not to be told.
impl Piece for Rule {
    fn id(&self) -> Uuid {
        self.id
    }

    fn both(_: Option<&Self>, ours: &Self, theirs: &Self) -> Vec<Self> {
        let told = format!("{theirs:?}");
        vec![ours.clone(), Self { id: id_beside(ours.id, &told), ..theirs.clone() }]
    }
}

impl Piece for Stage {
    fn id(&self) -> Uuid {
        self.id
    }

    fn both(base: Option<&Self>, ours: &Self, theirs: &Self) -> Vec<Self> {
        let nothing = Self {
            id: ours.id,
            name: String::new(),
            signs: Vec::new(),
            mine: Vec::new(),
            workers: Vec::new(),
            others: Vec::new(),
        };
        let base = base.unwrap_or(&nothing);
        let name = if theirs.name == base.name || theirs.name == ours.name {
            ours.name.clone()
        } else if ours.name == base.name {
            theirs.name.clone()
        } else {
            // Both names, as far as a name goes; the whole of each is in the history.
            format!("{} / {}", ours.name, theirs.name).chars().take(80).collect()
        };
        vec![Self {
            id: ours.id,
            name,
            signs: pieces(&base.signs, &ours.signs, &theirs.signs),
            mine: pieces(&base.mine, &ours.mine, &theirs.mine),
            workers: pieces(&base.workers, &ours.workers, &theirs.workers),
            others: pieces(&base.others, &ours.others, &theirs.others),
        }]
    }
}

impl Body {
    /// Whoever takes one of two wordings away has chosen: the other stands alone.
    pub fn forget_what_stands_beside_nothing(&mut self) {
        for lines in [
            &mut self.keeps_well,
            &mut self.important,
            &mut self.works,
            &mut self.does_not_work,
            &mut self.triggers,
            &mut self.want,
            &mut self.do_not_want,
            &mut self.tell,
            &mut self.do_not_tell,
        ] {
            alone(lines, |l| l.id, |l| &mut l.beside);
        }
        for stage in &mut self.stages {
            alone(&mut stage.signs, |s| s.id, |s| &mut s.beside);
            for lines in [&mut stage.mine, &mut stage.workers, &mut stage.others] {
                alone(lines, |l| l.id, |l| &mut l.beside);
            }
        }
        alone(&mut self.people, |p| p.id, |p| &mut p.beside);
    }
}

impl Body {
    /// A line that one moved to another list and the other changed where it was is in both now: each gets an id of its own.
    fn name_each_once(&mut self) {
        let mut seen = BTreeSet::new();
        let mut once = |id: &mut Uuid, told: &str| {
            while !seen.insert(*id) {
                *id = id_beside(*id, told);
            }
        };
        for stage in &mut self.stages {
            once(&mut stage.id, "stage");
            stage.signs.iter_mut().for_each(|sign| once(&mut sign.id, "sign"));
            for (place, lines) in
                [("mine", &mut stage.mine), ("workers", &mut stage.workers), ("others", &mut stage.others)]
            {
                lines.iter_mut().for_each(|line| once(&mut line.id, place));
            }
        }
        for (place, lines) in [
            ("keeps_well", &mut self.keeps_well),
            ("important", &mut self.important),
            ("works", &mut self.works),
            ("does_not_work", &mut self.does_not_work),
            ("triggers", &mut self.triggers),
            ("want", &mut self.want),
            ("do_not_want", &mut self.do_not_want),
            ("tell", &mut self.tell),
            ("do_not_tell", &mut self.do_not_tell),
        ] {
            lines.iter_mut().for_each(|line| once(&mut line.id, place));
        }
        self.people.iter_mut().for_each(|person| once(&mut person.id, "person"));
        self.rules.iter_mut().for_each(|rule| once(&mut rule.id, "rule"));
    }
}

fn alone<P>(list: &mut [P], id: fn(&P) -> Uuid, beside: fn(&mut P) -> &mut Option<Uuid>) {
    let ids: Vec<Uuid> = list.iter().map(id).collect();
    for piece in list {
        let own = id(piece);
        let other = beside(piece);
        if other.is_some_and(|o| o == own || !ids.contains(&o)) {
            *other = None;
        }
    }
}
