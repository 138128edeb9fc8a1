//! Typed diaries and what the engine makes of them.

use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;

use super::*;

/// Day 0 of every diary is Monday 5 January 2026.
fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + TimeDelta::days(n)
}

fn scale(key: &str, higher_is: HigherIs) -> ItemSpec {
    let (key, label) = (key.to_owned(), key.to_owned());
    ItemSpec { key, label, kind: ItemKind::Standard, stage: 0, min: 1.0, max: 7.0, higher_is, ends: None }
}

fn sign(key: &str, label: &str) -> ItemSpec {
    ItemSpec { label: label.to_owned(), kind: ItemKind::Sign, ..scale(key, HigherIs::Worse) }
}

/// A diary as it would be written down: one character a day from day `start` on, `.` for a day without an answer.
fn diary(item: &str, start: i64, days: &str) -> Vec<CheckIn> {
    let answered =
        days.chars().filter(|c| !c.is_whitespace()).zip(start..).filter_map(|(c, n)| Some((n, c.to_digit(10)?)));
    answered
        .map(|(n, value)| CheckIn { day: day(n), answers: vec![Answer { item: item.to_owned(), value: value.into() }] })
        .collect()
}

/// What a month of ordinary days looks like, three for an ordinary answer.
const WELL: &str = "3233432 3343233 2334333 3323433";

fn assess(items: &[ItemSpec], check_ins: &[CheckIn], days: RangeInclusive<NaiveDate>) -> Vec<Assessment> {
    super::assess(
        &Diary { items: items.to_vec(), check_ins: check_ins.to_vec(), baselines: Vec::new(), plans: Vec::new() },
        days,
    )
}

fn levels(items: &[ItemSpec], diary: &[CheckIn], last: i64) -> String {
    let letter = |a: &Assessment| match a.level {
        Level::Steady => '-',
        Level::Watch => 'W',
        Level::Alert => 'A',
    };
    assess(items, diary, day(0)..=day(last)).iter().map(letter).collect()
}

fn on(items: &[ItemSpec], diary: &[CheckIn], n: i64) -> Assessment {
    assess(items, diary, day(n)..=day(n)).remove(0)
}

#[test]
fn one_bad_day_is_a_bad_day() {
    let items = [scale("sleep", HigherIs::Worse), sign("voices", "people talking about me")];
    let mut days = diary("sleep", 0, &format!("{WELL} 3373323 7733233"));
    days.extend(diary("voices", 0, &format!("{} 1171111 7711111", "1".repeat(28))));
    assert_eq!(levels(&items, &days, 41), "-".repeat(42));
}

#[test]
fn a_drift_is_watched_before_it_is_an_alert() {
    let items = [scale("sleep", HigherIs::Worse)];
    let seen = levels(&items, &diary("sleep", 0, &format!("{WELL} 34445545556666")), 41);
    let (watch, alert) = (seen.find('W').unwrap(), seen.find('A').unwrap());
    assert!((30..38).contains(&watch) && watch < alert, "{seen}");
    assert!(!seen[watch..].contains('-'), "{seen}");
}

#[test]
fn turns_are_told_once() {
    let items = [scale("sleep", HigherIs::Worse)];
    let days = diary("sleep", 0, &format!("{WELL} 34445545556666 333232333323333"));
    let turns: Vec<Turn> =
        assess(&items, &days, day(0)..=day(56)).iter().map(|a| a.turn).filter(|t| *t != Turn::Unchanged).collect();
    assert_eq!(turns.first(), Some(&Turn::Raised));
    assert_eq!(turns.last(), Some(&Turn::Eased));
    assert_eq!(turns.iter().filter(|t| **t == Turn::Raised).count(), 1, "{turns:?}");
}

#[test]
fn it_eases_and_says_so() {
    let items = [scale("sleep", HigherIs::Worse)];
    let days = diary("sleep", 0, &format!("{WELL} 5555665 3333333 3333333"));
    let all = assess(&items, &days, day(0)..=day(48));
    let eased = all.iter().find(|a| a.turn == Turn::Eased).unwrap();
    assert!(eased.day > day(35) && eased.day < day(42), "{}", eased.day);
    assert_eq!(sentence(eased, Language::En), "Sleep is back near your usual.");
    assert!(all.iter().filter(|a| a.day > eased.day).all(|a| a.level == Level::Steady));
}

#[test]
fn after_a_week_without_a_word_nothing_stands() {
    let items = [scale("sleep", HigherIs::Worse)];
    let days = diary("sleep", 0, &format!("{WELL} 5555665"));
    let all = assess(&items, &days, day(0)..=day(60));
    assert_eq!(all[41].level, all[34].level);
    assert_eq!((all[41].level > Level::Steady, all[42].level, all[42].turn), (true, Level::Steady, Turn::WentQuiet));
    assert!(all[43..].iter().all(|a| a.level == Level::Steady && a.turn == Turn::Unchanged));
}

#[test]
fn missing_days_change_what_is_counted_not_what_is_seen() {
    let items = [scale("sleep", HigherIs::Worse)];
    let days = diary("sleep", 0, "3.2.3.. 3.4.3.. 2.3.3.. 3.3.4.. 3.2.3.. 3.5.6.. 6.5.6..");
    let seen = on(&items, &days, 46);
    assert!(seen.level > Level::Steady);
    assert_eq!((seen.facts[0].count, seen.facts[0].of), (4, 4));
    assert_eq!(seen.facts[0].since, day(37));
}

#[test]
fn nothing_is_said_before_there_are_enough_answers() {
    let items = [scale("sleep", HigherIs::Worse)];
    let seen = on(&items, &diary("sleep", 0, "333 333 777"), 8);
    assert_eq!((seen.level, seen.usual.len(), picture_sentence(&seen, Language::En)), (Level::Steady, 0, None));
}

#[test]
fn who_always_answers_the_same_may_move_a_point() {
    let items = [scale("sleep", HigherIs::Worse), sign("voices", "people talking about me")];
    let flat = "1".repeat(28);
    let mut days = diary("sleep", 0, &format!("{flat} 2222222 2222222"));
    days.extend(diary("voices", 0, &format!("{flat} 2222222 2222222")));
    assert_eq!(levels(&items, &days, 41), "-".repeat(42));
}

#[test]
fn a_question_asked_later_has_a_usual_of_its_own() {
    let items = [scale("sleep", HigherIs::Worse), sign("voices", "people talking about me")];
    let mut days = diary("sleep", 0, &format!("{WELL}{WELL}{WELL}"));
    days.extend(diary("voices", 40, "5656556 5656555 5566556 55"));
    assert_eq!(levels(&items, &days, 62), "-".repeat(63));
    assert_eq!(on(&items, &days, 48).usual.len(), 1);
    assert_eq!(on(&items, &days, 62).usual[1].centre, 5.0);
}

#[test]
fn a_question_no_longer_asked_says_nothing() {
    let ended = ItemSpec { ends: Some(day(35)), ..scale("sleep", HigherIs::Worse) };
    let days = diary("sleep", 0, &format!("{WELL} 5555665 6666666"));
    let seen = levels(&[ended], &days, 41);
    assert!(!seen[..35].ends_with('-') && seen[35..].chars().all(|c| c == '-'), "{seen}");
}

#[test]
fn a_new_usual_is_agreed_on_purpose() {
    let days = diary("sleep", 0, &format!("{WELL} 5565655 5565655 5565655 5565655"));
    let items = vec![scale("sleep", HigherIs::Worse)];
    let mut diary = Diary { items, check_ins: days, baselines: Vec::new(), plans: Vec::new() };
    let on = |diary: &Diary| super::assess(diary, day(55)..=day(55)).remove(0);
    assert_eq!(on(&diary).usual[0].centre, 3.0);
    let usual = propose(&Rules::default(), &diary, day(28)..=day(41));
    diary.baselines.push(Baseline { from: day(42), usual });
    let seen = on(&diary);
    assert_eq!((seen.level, seen.usual[0].centre), (Level::Steady, 5.0));
    let days = super::assess(&diary, day(40)..=day(42));
    assert_eq!(
        (days[1].level > Level::Steady, days[2].turn),
        (true, Turn::Agreed),
        "the yardstick moved, nothing came back"
    );
    assert_eq!(sentence(&days[2], Language::En), "By the usual that was agreed now, there is no change.");
    // A newer agreement takes the place of the whole older one.
    diary.baselines.push(Baseline { from: day(50), usual: Vec::new() });
    assert_eq!(on(&diary).usual[0].centre, 3.0);
}

#[test]
fn what_was_agreed_before_the_first_check_in_holds_from_there() {
    let usual = vec![Agreed { item: "sleep".to_owned(), low: 1.0, centre: 2.0, high: 3.0, learned: None }];
    let mut diary = Diary {
        items: vec![scale("sleep", HigherIs::Worse)],
        check_ins: diary("sleep", 5, "666666"),
        baselines: Vec::new(),
        plans: Vec::new(),
    };
    diary.baselines.push(Baseline { from: day(0), usual });
    let seen = super::assess(&diary, day(10)..=day(10)).remove(0);
    assert_eq!((seen.usual[0].centre, seen.level > Level::Steady), (2.0, true));
}

#[test]
fn a_question_of_yes_or_no_can_tell_a_change() {
    let yes = ItemSpec { min: 0.0, max: 1.0, ..scale("awake", HigherIs::Worse) };
    let seen = levels(&[yes], &diary("awake", 0, &format!("{} 1111111111", "0001000000".repeat(3))), 39);
    assert!(seen.contains(['W', 'A']), "{seen}");
}

#[test]
fn nothing_is_learned_from_a_change_while_it_stands() {
    let items = [scale("sleep", HigherIs::Worse)];
    let days = diary("sleep", 0, &format!("{WELL} {WELL} {}", "5655656".repeat(16)));
    let seen = levels(&items, &days, 167);
    assert!(seen.ends_with(&"A".repeat(90)), "a worsening of sixteen weeks is not taken for a new usual: {seen}");
}

#[test]
fn skipped_questions_are_not_called_check_ins() {
    let items = [scale("sleep", HigherIs::Worse), scale("mood", HigherIs::Worse)];
    let mut days = diary("sleep", 0, &format!("{WELL} 6.6.6.6"));
    days.extend(diary("mood", 0, &format!("{WELL} 3333333")));
    let said = sentence(&on(&items, &days, 34), Language::En);
    assert_eq!(
        said,
        "Sleep has gone from your usual 3 to 6 on each of the last 4 days you answered it, since Monday 2 February."
    );
}

#[test]
fn higher_may_be_better() {
    let mirrored: String = format!("{WELL} 34445545556666")
        .chars()
        .map(|c| c.to_digit(10).map_or(c, |v| char::from_digit(8 - v, 10).unwrap()))
        .collect();
    let worse = levels(&[scale("mood", HigherIs::Worse)], &diary("mood", 0, &format!("{WELL} 34445545556666")), 41);
    let better = levels(&[scale("mood", HigherIs::Better)], &diary("mood", 0, &mirrored), 41);
    assert_eq!(worse, better);
    let seen = on(&[scale("mood", HigherIs::Better)], &diary("mood", 0, &mirrored), 41);
    assert!(
        sentence(&seen, Language::En)
            .starts_with("Mood has gone from your usual 5 to 2 on each of your last 4 check-ins")
    );
}

#[test]
fn a_rise_in_several_items_is_seen_when_none_alone_would_be() {
    let names = ["sleep", "anxiety", "energy"];
    let items: Vec<ItemSpec> = names.iter().map(|n| scale(n, HigherIs::Worse)).collect();
    let rise = format!("{WELL} 3333 5455");
    let one = diary("sleep", 0, &rise);
    let all: Vec<CheckIn> = names.iter().flat_map(|n| diary(n, 0, &rise)).collect();
    assert!(levels(&items, &one, 35).ends_with('-'));
    assert!(!levels(&items, &all, 35).ends_with('-'));
}

#[test]
fn the_sentence_of_the_design() {
    let items = [scale("sleep", HigherIs::Worse), sign("voices", "people talking about me")];
    let answers = format!("{} 5625", "2".repeat(28));
    let mut days = diary("sleep", 0, &answers);
    for (check_in, voices) in days.iter_mut().zip(diary("voices", 0, &answers)) {
        check_in.answers.extend(voices.answers);
    }
    let seen = on(&items, &days, 31);
    assert_eq!(
        sentence(&seen, Language::En),
        "Sleep and ‘people talking about me’ have gone from your usual 2 to 5 on 3 of your last 4 check-ins, since Monday 2 February."
    );
    assert_eq!(
        sentence(&seen, Language::Cy),
        "Cwsg a ‘people talking about me’: wedi mynd o’ch arfer, 2, i 5 mewn 3 o’ch 4 cofnod diwethaf, ers dydd Llun 2 Chwefror."
    );
}

#[test]
fn whoever_always_answered_the_same_is_not_out_of_reach() {
    let items = [scale("sleep", HigherIs::Worse)];
    let seen = levels(&items, &diary("sleep", 0, &format!("{} {}", "3".repeat(30), "6".repeat(14))), 43);
    assert!(!seen[..33].contains(['W', 'A']) && seen[33..].contains('W'), "{seen}");
}

#[test]
fn several_check_ins_on_one_day_are_one_day() {
    let items = [scale("sleep", HigherIs::Worse)];
    let mut days = diary("sleep", 0, &format!("{WELL} 7"));
    for _ in 0..4 {
        days.extend(diary("sleep", 28, "7"));
    }
    assert_eq!(on(&items, &days, 28).level, Level::Steady);
    days.extend(diary("sleep", 29, "777"));
    assert!(sentence(&on(&items, &days, 31), Language::En).contains("on each of the last 4 days you checked in"));
}

#[test]
fn since_stays_the_day_it_began() {
    let items = [scale("sleep", HigherIs::Worse)];
    let days = diary("sleep", 0, &format!("{WELL} 33 {}", "56".repeat(20)));
    let flagged = assess(&items, &days, day(0)..=day(69));
    let mut flagged = flagged.iter().filter(|a| a.level > Level::Steady);
    assert!(flagged.clone().count() > 14);
    assert!(flagged.all(|a| a.facts[0].since == day(30)));
}

#[test]
fn the_picture_is_gentle_and_true() {
    let items = [scale("sleep", HigherIs::Worse), scale("mood", HigherIs::Worse)];
    let says = |days: &str| {
        let mut all = diary("sleep", 0, &format!("{} {days}", "4".repeat(28)));
        all.extend(diary("mood", 0, &format!("{} 44444", "4".repeat(28))));
        picture_sentence(&on(&items, &all, 32), Language::En).unwrap()
    };
    assert_eq!(says("44343"), "About your usual.");
    assert_eq!(says("44222"), "Sleep has been better than your usual since Wednesday 4 February.");
    assert_eq!(says("44666"), "Sleep has been away from your usual since Wednesday 4 February.");
}

#[derive(Deserialize, serde::Serialize)]
struct Case {
    name: String,
    items: Vec<ItemSpec>,
    check_ins: Vec<CheckIn>,
    from: NaiveDate,
    expected: Vec<Expected>,
}

#[derive(Debug, PartialEq, Deserialize, serde::Serialize)]
struct Expected {
    day: NaiveDate,
    level: Level,
    sentence: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    silence: Option<String>,
}

/// `COMPANION_REWRITE=1` writes what is found into the file, to be read before it is kept.
#[test]
fn other_cores_get_the_same_from_the_fixtures() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/early_warning.json");
    let mut cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert!(cases.len() >= 4);
    let rewrite = std::env::var_os("COMPANION_REWRITE").is_some();
    for case in &mut cases {
        let last = case.expected.last().unwrap().day;
        let found: Vec<Expected> = assess(&case.items, &case.check_ins, case.from..=last)
            .iter()
            .map(|a| Expected {
                day: a.day,
                level: a.level,
                sentence: sentence(a, Language::En),
                silence: silence_sentence(a, Language::En),
            })
            .collect();
        if rewrite {
            case.expected = found;
        } else {
            assert_eq!(found, case.expected, "{}", case.name);
        }
    }
    if rewrite {
        std::fs::write(FILE, format!("[\n{}\n]\n", cases.iter().map(written).collect::<Vec<_>>().join(",\n"))).unwrap();
    }
}

/// A line for each check-in and each day, so that a change can be read.
fn written(case: &Case) -> String {
    fn lines<T: serde::Serialize>(all: &[T]) -> String {
        all.iter().map(|one| serde_json::to_string(one).unwrap()).collect::<Vec<_>>().join(",\n      ")
    }
    format!(
        "  {{\n    \"name\": {},\n    \"items\": [\n      {}\n    ],\n    \"check_ins\": [\n      {}\n    ],\n    \"from\": \"{}\",\n    \"expected\": [\n      {}\n    ]\n  }}",
        serde_json::to_string(&case.name).unwrap(),
        lines(&case.items),
        lines(&case.check_ins),
        case.from,
        lines(&case.expected)
    )
}
