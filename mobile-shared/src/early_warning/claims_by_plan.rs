//! A rule of the plan is met when its answers have come and at no other time, and what is said of it is true: each day is reckoned
//! anew from nothing but the diary and the plan in force.

use super::made_up::{Seed, day, life_with_plans};
use super::*;

/// What was said to one item on each day up to `today`: its middle answer.
fn said(diary: &Diary, item: &str, today: NaiveDate) -> Vec<(NaiveDate, f64)> {
    let mut by_day: BTreeMap<NaiveDate, Vec<f64>> = BTreeMap::new();
    for check_in in diary.check_ins.iter().filter(|c| c.day <= today) {
        for answer in check_in.answers.iter().filter(|a| a.item == item) {
            by_day.entry(check_in.day).or_default().push(answer.value);
        }
    }
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        f64::midpoint(values[values.len() / 2], values[(values.len() - 1) / 2])
    };
    by_day.into_iter().map(|(day, values)| (day, middle(values))).collect()
}

/// How many answered days in a row the rule holds, up to today, and since when.
fn run(diary: &Diary, rule: &PlanRule, today: NaiveDate) -> Option<(usize, NaiveDate)> {
    let answers = said(diary, &rule.items[0], today);
    let mut count = 0;
    for n in (0..answers.len()).rev() {
        let next = answers.get(n + 1).map_or(today, |a| a.0);
        let holds = if rule.side == Side::AtMost { answers[n].1 <= rule.value } else { answers[n].1 >= rule.value };
        if !holds || (next - answers[n].0).num_days() > 7 {
            break;
        }
        count += 1;
    }
    (count >= rule.days).then(|| (count, answers[answers.len() - count].0))
}

fn told(diary: &Diary, rule: &PlanRule, count: usize, since: NaiveDate) -> String {
    let item = diary.items.iter().find(|i| i.key == rule.items[0]).unwrap();
    let name = match item.kind {
        ItemKind::Sign => format!("‘{}’", item.label),
        ItemKind::Standard => item.label[..1].to_uppercase() + &item.label[1..],
    };
    let way = if rule.side == Side::AtMost { "lower" } else { "higher" };
    let stop = if rule.words.ends_with(['.', '!']) { "" } else { "." };
    let day = since.format("%A %-d %B");
    let how_often = if count == 1 {
        format!("on {day}.")
    } else {
        format!("on each of the last {count} days you answered it, since {day}.")
    };
    format!("Your plan says: “{}”{stop} {name} was {} or {way} {how_often}", rule.words, rule.value)
}

/// Four thousand lives; `COMPANION_TEST_SCALE` multiplies them.
#[test]
fn a_rule_of_the_plan_is_told_when_it_is_met_and_what_is_said_of_it_is_true() {
    let scale: u64 = std::env::var("COMPANION_TEST_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let (mut told_days, mut quiet_days, mut only_by_rule) = (0, 0, 0);
    for seed in 0..4_000 * scale {
        let diary = life_with_plans(&mut Seed(seed));
        let without = Diary { plans: Vec::new(), ..diary.clone() };
        let weighed = assess(&without, day(0)..=day(109));
        for (seen, weighed) in assess(&diary, day(0)..=day(109)).iter().zip(&weighed) {
            let in_force = diary.plans.iter().rfind(|p| p.from <= seen.day);
            let rules = in_force.map_or(&[][..], |p| &p.rules);
            let met: Vec<String> = rules
                .iter()
                .filter_map(|rule| run(&diary, rule, seen.day).map(|(n, since)| told(&diary, rule, n, since)))
                .collect();
            // The weighing is as it was; a rule only makes it an alert.
            let facts = if met.is_empty() || weighed.level > Level::Steady { &weighed.facts[..] } else { &[] };
            assert_eq!((&seen.facts[..], &seen.silence, &seen.worse), (facts, &weighed.silence, &weighed.worse));
            let level = if met.is_empty() { weighed.level } else { Level::Alert };
            assert_eq!(seen.level, level, "seed {seed}, {}", seen.day);
            let text = sentence(seen, Language::En);
            if met.is_empty() {
                quiet_days += 1;
                assert!(!text.contains("Your plan says"), "{text}");
                continue;
            }
            told_days += 1;
            let rules = met[..met.len().min(3)].join(" ");
            if weighed.level == Level::Steady {
                only_by_rule += 1;
                assert_eq!(text, rules, "seed {seed}, {}", seen.day);
            } else {
                assert_eq!(text, format!("{} {rules}", sentence(weighed, Language::En)));
            }
            assert!(sentence(seen, Language::Cy).contains("Mae’ch cynllun yn dweud: "));
        }
    }
    println!(
        "{told_days} days on which a rule was met ({only_by_rule} by the rule alone), {quiet_days} on which none was"
    );
    assert!(only_by_rule > 10_000 && quiet_days > 50_000);
}

/// A question that is reworded goes on counting for the rule: to reword must not end a promise.
#[test]
fn a_rule_holds_across_the_wordings_of_its_question() {
    let item = |key: &str| ItemSpec {
        key: key.to_owned(),
        label: "sleep".to_owned(),
        kind: ItemKind::Standard,
        stage: 0,
        min: 1.0,
        max: 7.0,
        higher_is: HigherIs::Better,
        ends: None,
    };
    let said = |n, key: &str, value| CheckIn { day: day(n), answers: vec![Answer { item: key.to_owned(), value }] };
    let rule = PlanRule {
        id: "1".to_owned(),
        items: vec!["old".to_owned(), "new".to_owned()],
        side: Side::AtMost,
        value: 2.0,
        days: 3,
        words: "Ring me.".to_owned(),
        at_night: true,
    };
    let diary = Diary {
        items: vec![item("old"), item("new")],
        check_ins: vec![said(0, "old", 2.0), said(1, "old", 1.0), said(1, "new", 2.0), said(2, "new", 1.0)],
        baselines: Vec::new(),
        plans: vec![PlanRules { from: day(0), rules: vec![rule] }],
    };
    let days = assess(&diary, day(0)..=day(10));
    let told: Vec<NaiveDate> = days.iter().filter(|a| a.level == Level::Alert).map(|a| a.day).collect();
    // It stands until nothing was heard for a week.
    assert_eq!(told, (2..=9).map(day).collect::<Vec<_>>());
    assert_eq!(days[2].met[0].count, 3);
}
