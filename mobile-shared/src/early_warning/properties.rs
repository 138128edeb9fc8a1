//! What must hold for any diary at all: no look-ahead, the same answer twice, and no panic on anything.

use super::made_up::{Seed, day, life, life_with_plans};
use super::*;

#[test]
fn a_day_is_assessed_by_what_was_said_and_agreed_up_to_it() {
    let mut flagged = 0;
    for seed in 0..200 {
        let mut seed = Seed(seed);
        let diary = life_with_plans(&mut seed);
        let whole = assess(&diary, day(0)..=day(109));
        flagged += whole.iter().filter(|a| a.level > Level::Steady).count();
        for _ in 0..4 {
            let cut = seed.below(110);
            let known = Diary {
                items: diary.items.clone(),
                check_ins: diary.check_ins.iter().filter(|c| c.day <= day(cut)).cloned().collect(),
                baselines: diary.baselines.iter().filter(|b| b.from <= day(cut)).cloned().collect(),
                plans: diary.plans.iter().filter(|p| p.from <= day(cut)).cloned().collect(),
            };
            let until = assess(&known, day(0)..=day(cut));
            assert_eq!(until, whole[..until.len()], "cut on day {cut}");
        }
    }
    assert!(flagged > 500, "the lives are meant to raise something: {flagged}");
}

#[test]
fn neither_the_order_of_check_ins_nor_the_days_asked_for_matter() {
    for seed in 0..100 {
        let mut diary = life(&mut Seed(seed));
        let whole = assess(&diary, day(0)..=day(109));
        diary.check_ins.reverse();
        assert_eq!(assess(&diary, day(0)..=day(109)), whole);
        assert_eq!(assess(&diary, day(70)..=day(80)), whole[70..=80]);
        assert_eq!(assess(&diary, day(0) - chrono::TimeDelta::days(9)..=day(50))[9..], whole[..=50]);
    }
}

#[test]
fn an_item_that_is_turned_around_says_the_same() {
    for seed in 0..100 {
        let diary = life(&mut Seed(seed));
        let mut turned = diary.clone();
        for item in &mut turned.items {
            item.higher_is = if item.higher_is == HigherIs::Worse { HigherIs::Better } else { HigherIs::Worse };
        }
        for answer in turned.check_ins.iter_mut().flat_map(|c| &mut c.answers) {
            let item = diary.items.iter().find(|i| i.key == answer.item).unwrap();
            answer.value = item.max + item.min - answer.value;
        }
        for agreed in turned.baselines.iter_mut().flat_map(|b| &mut b.usual) {
            let item = diary.items.iter().find(|i| i.key == agreed.item).unwrap();
            let turn = |v: f64| item.max + item.min - v;
            (agreed.low, agreed.centre, agreed.high) = (turn(agreed.high), turn(agreed.centre), turn(agreed.low));
        }
        let levels = |d: &Diary| assess(d, day(0)..=day(109)).iter().map(|a| a.level).collect::<Vec<_>>();
        assert_eq!(levels(&diary), levels(&turned), "seed {seed}");
    }
}

/// Scales that are upside down, answers that are no numbers, keys twice, days at the ends of time, agreements about nothing.
#[test]
fn nothing_that_can_be_written_down_makes_it_panic() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1e308, -1e308, 1.0 / 3.0, 20.0 / 3.0, 3.0];
    let mut seed = Seed(7);
    let mut number = || odd[usize::try_from(seed.below(odd.len() as u64)).unwrap()];
    for round in 0..300 {
        let mut diary = life(&mut Seed(round));
        for item in diary.items.iter_mut().step_by(2) {
            (item.min, item.max, item.stage) = (number(), number(), 255);
        }
        for answer in diary.check_ins.iter_mut().flat_map(|c| &mut c.answers).step_by(3) {
            answer.value = number();
        }
        let twice: Vec<ItemSpec> = diary.items.clone();
        diary.items.extend(twice);
        let agreed =
            Agreed { item: "sleep".to_owned(), low: number(), centre: number(), high: number(), learned: None };
        let learned = Some(Learned { mean: number(), spread: number(), answers: 0 });
        diary.baselines.push(Baseline { from: day(40), usual: vec![Agreed { learned, ..agreed.clone() }, agreed] });
        diary.check_ins.push(CheckIn { day: day(0) - chrono::TimeDelta::days(20_000), answers: Vec::new() });
        let _ = propose(&Rules::default(), &diary, day(0)..=day(90));
        for seen in assess(&diary, day(30)..=day(109)) {
            assert!(!sentence(&seen, Language::Cy).is_empty());
            let facts = seen.facts.iter().chain(&seen.worse).chain(&seen.better);
            assert!(facts.into_iter().all(|f| f.now.is_finite() && f.usual.low <= f.usual.high), "{seen:?}");
        }
    }
}

#[test]
fn days_that_run_backwards_or_hold_nothing_are_no_days() {
    let diary = life(&mut Seed(1));
    assert_eq!(assess(&diary, day(5)..=day(4)), []);
    assert_eq!(assess(&Diary::default(), day(0)..=day(1)).len(), 2);
}
