use proptest::prelude::*;

use super::*;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn line(n: u128, text: &str) -> Line {
    Line { id: id(n), text: text.to_owned(), beside: None }
}

fn plan(lines: &[(u128, &str)]) -> Body {
    Body { keeps_well: lines.iter().map(|(n, text)| line(*n, text)).collect(), ..Body::default() }
}

fn texts(body: &Body) -> Vec<&str> {
    body.keeps_well.iter().map(|l| l.text.as_str()).collect()
}

#[test]
fn what_only_one_of_them_changed_is_taken() {
    let base = plan(&[(1, "Walk"), (2, "Sleep"), (3, "Ring Mum")]);
    let ours = plan(&[(1, "Walk the dog"), (2, "Sleep"), (3, "Ring Mum")]);
    let theirs = plan(&[(1, "Walk"), (3, "Ring Mum"), (4, "Paint")]);
    let merged = merge(&base, &ours, &theirs);
    assert_eq!(texts(&merged), ["Walk the dog", "Ring Mum", "Paint"]);
    assert_eq!(merged.doubled(), 0);
}

#[test]
fn what_both_changed_is_there_twice_until_somebody_chooses() {
    let base = plan(&[(1, "Walk")]);
    let merged = merge(&base, &plan(&[(1, "Walk the dog")]), &plan(&[(1, "Walk to the sea")]));
    assert_eq!(texts(&merged), ["Walk the dog", "Walk to the sea"]);
    assert_eq!(merged.keeps_well[1].beside, Some(id(1)));
    assert_eq!(merged.doubled(), 1);
    let mut chosen = merged;
    chosen.keeps_well.remove(0);
    chosen.forget_what_stands_beside_nothing();
    assert_eq!(chosen.doubled(), 0);
}

#[test]
fn what_one_took_away_and_the_other_changed_stays() {
    let base = plan(&[(1, "Walk")]);
    assert_eq!(texts(&merge(&base, &plan(&[]), &plan(&[(1, "Walk slowly")]))), ["Walk slowly"]);
    assert_eq!(texts(&merge(&base, &plan(&[(1, "Walk slowly")]), &plan(&[]))), ["Walk slowly"]);
}

#[test]
fn an_order_that_one_of_them_changed_holds() {
    let base = plan(&[(1, "a"), (2, "b"), (3, "c")]);
    let turned = plan(&[(3, "c"), (2, "b"), (1, "a")]);
    let added = plan(&[(1, "a"), (4, "new"), (2, "b"), (3, "c")]);
    assert_eq!(texts(&merge(&base, &turned, &added)), ["c", "b", "a", "new"]);
    assert_eq!(texts(&merge(&base, &added, &turned)), ["c", "b", "a", "new"]);
}

#[test]
fn a_stage_that_both_changed_is_one_stage_with_the_lines_of_both() {
    let stage = |name: &str, mine: &[(u128, &str)]| Body {
        stages: vec![Stage {
            id: id(9),
            name: name.to_owned(),
            signs: vec![],
            mine: mine.iter().map(|(n, t)| line(*n, t)).collect(),
            workers: vec![],
            others: vec![],
        }],
        ..Body::default()
    };
    let base = stage("Wobbly", &[(1, "Rest")]);
    let merged = merge(&base, &stage("Wobbling", &[(1, "Rest"), (2, "Ring Dee")]), &stage("Shaky", &[(1, "Lie down")]));
    assert_eq!(merged.stages.len(), 1);
    assert_eq!(merged.stages[0].name, "Wobbling / Shaky");
    let mine: Vec<&str> = merged.stages[0].mine.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(mine, ["Lie down", "Ring Dee"]);
}

#[test]
fn a_line_that_one_moved_and_the_other_changed_is_in_both_places_under_two_ids() {
    let base = plan(&[(1, "Walk")]);
    let moved = Body { works: vec![line(1, "Walk")], ..Body::default() };
    for merged in
        [merge(&base, &moved, &plan(&[(1, "Walk slowly")])), merge(&base, &plan(&[(1, "Walk slowly")]), &moved)]
    {
        assert_eq!((texts(&merged), merged.works[0].text.as_str()), (vec!["Walk slowly"], "Walk"));
        assert_eq!(merged.faults(), [], "and what came of it can be saved");
    }
}

#[test]
fn a_history_says_what_was_added_changed_taken_away_and_moved() {
    let before = plan(&[(1, "Walk"), (2, "Sleep"), (3, "Ring Mum")]);
    let after = plan(&[(3, "Ring Mum"), (1, "Walk the dog"), (4, "Paint")]);
    let told: Vec<(What, Option<&str>, Option<&str>)> = Vec::new();
    let found = changes(&before, &after);
    let told = found.iter().fold(told, |mut told, c| {
        assert_eq!(c.place, Where::KeepsWell);
        told.push((c.what, c.before.as_deref(), c.after.as_deref()));
        told
    });
    assert_eq!(
        told,
        [
            (What::Changed, Some("Walk"), Some("Walk the dog")),
            (What::Added, None, Some("Paint")),
            (What::Removed, Some("Sleep"), None),
            (What::Moved, None, None),
        ]
    );
    assert!(changes(&after, &after).is_empty());
}

#[test]
fn what_cannot_be_taken_is_named() {
    let mut body = plan(&[(1, "Walk"), (1, " ")]);
    body.rules.push(Rule {
        id: id(7),
        item_id: id(8),
        side: Side::AtMost,
        value: 2.0,
        check_ins: 15,
        words: "x".repeat(201),
        at_night: false,
    });
    let fields: Vec<String> = body.faults().into_iter().map(|f| f.field).collect();
    assert_eq!(fields, ["keeps_well[1].text", "keeps_well[1].id", "rules[0].words", "rules[0].check_ins"]);
}

/// An edit of a plan: each line kept, changed or taken away, some added, perhaps turned round.
#[derive(Clone, Debug)]
struct Edit {
    who: &'static str,
    acts: Vec<u8>,
    more: u128,
    turn: bool,
}

impl Edit {
    fn of(&self, base: &Body) -> Body {
        let act = |(line, act): (&Line, &u8)| match act {
            0 => None,
            1 => Some(Line { text: format!("{} {}", line.text, self.who), ..line.clone() }),
            _ => Some(line.clone()),
        };
        let mut body = base.clone();
        body.keeps_well = base.keeps_well.iter().zip(&self.acts).filter_map(act).collect();
        let first = if self.who == "ours" { 100 } else { 200 };
        body.keeps_well.extend((0..self.more).map(|n| line(first + n, &format!("new {n} {}", self.who))));
        if self.turn {
            body.keeps_well.reverse();
        }
        body
    }
}

fn edit(who: &'static str) -> impl Strategy<Value = Edit> {
    (prop::collection::vec(0..4_u8, 8), 0..3_u128, any::<bool>()).prop_map(move |(acts, more, turn)| Edit {
        who,
        acts,
        more,
        turn,
    })
}

proptest! {
    /// F21: whatever two people do to one plan at once, every word that either wrote is in what comes of it, each once; and what
    /// one took away and nobody else touched is gone.
    #[test]
    fn nothing_that_either_wrote_is_lost(
        size in 0..8_u128, ours in edit("ours"), theirs in edit("theirs")
    ) {
        let base = plan(&(0..size).map(|n| (n, "line")).collect::<Vec<_>>());
        let (ours, theirs) = (ours.of(&base), theirs.of(&base));
        let merged = merge(&base, &ours, &theirs);
        let was = |l: &Line| base.keeps_well.iter().any(|b| b.id == l.id && b.text == l.text);
        for written in ours.keeps_well.iter().chain(&theirs.keeps_well).filter(|l| !was(l)) {
            prop_assert!(merged.keeps_well.iter().any(|m| m.text == written.text), "{} was lost", written.text);
        }
        for line in &base.keeps_well {
            let kept = |b: &Body| b.keeps_well.iter().any(|l| l.id == line.id);
            let untouched = |b: &Body| b.keeps_well.iter().any(|l| l == line);
            if kept(&ours) && kept(&theirs) {
                prop_assert!(kept(&merged));
            } else if (untouched(&ours) || !kept(&ours)) && (untouched(&theirs) || !kept(&theirs)) {
                prop_assert!(!kept(&merged));
            }
        }
        let ids: BTreeSet<Uuid> = merged.keeps_well.iter().map(|l| l.id).collect();
        prop_assert_eq!(ids.len(), merged.keeps_well.len(), "something is here twice");
        prop_assert_eq!(merge(&base, &ours, &base), ours.clone());
        prop_assert_eq!(merge(&base, &base, &theirs), theirs.clone());
        prop_assert_eq!(merge(&base, &ours, &ours), ours.clone());
    }
}
