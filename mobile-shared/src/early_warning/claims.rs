//! Every claim of a sentence is true of the data: sentences are read back, in both languages, and each name, number and day in them is
//! reckoned anew from nothing but the diary (and from the band of usual, which no sentence names).

use chrono::{NaiveDate, TimeDelta};

use super::made_up::{Seed, day, life};
use super::*;

/// What a clause claims: "Sleep and ‘voices’ have gone from your usual 2 to 5 on 3 of your last 4 check-ins, since Monday 2 February".
#[derive(Debug, PartialEq)]
struct Claim {
    names: Vec<String>,
    usual: f64,
    now: f64,
    count: usize,
    of: usize,
    of_what: Counted,
    since: String,
}

/// Takes `text` apart at these words, in this order: what stands before, between and after them.
fn apart<'a>(text: &'a str, words: &[&str]) -> Option<Vec<&'a str>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    for word in words {
        let (before, after) = rest.split_once(word)?;
        parts.push(before);
        rest = after;
    }
    parts.push(rest);
    Some(parts)
}

fn read(clause: &str, language: Language) -> Claim {
    let (from, forms): (&str, [[&str; 4]; 6]) = match language {
        Language::En => (
            " from your usual ",
            [
                [" to ", " on each", " of your last ", " check-ins, since "],
                [" to ", " on ", " of your last ", " check-ins, since "],
                [" to ", " on each", " of the last ", " days you checked in, since "],
                [" to ", " on ", " of the last ", " days you checked in, since "],
                [" to ", " on each", " of the last ", " days you answered it, since "],
                [" to ", " on ", " of the last ", " days you answered it, since "],
            ],
        ),
        Language::Cy => (
            " o’ch arfer, ",
            [
                [", i ", " ym mhob un", " o’ch ", " cofnod diwethaf, ers dydd "],
                [", i ", " mewn ", " o’ch ", " cofnod diwethaf, ers dydd "],
                [", i ", " ar bob un", " o’r ", " diwrnod diwethaf gyda chofnod, ers dydd "],
                [", i ", " ar ", " o’r ", " diwrnod diwethaf gyda chofnod, ers dydd "],
                [", i ", " ar bob un", " o’r ", " diwrnod diwethaf gydag ateb, ers dydd "],
                [", i ", " ar ", " o’r ", " diwrnod diwethaf gydag ateb, ers dydd "],
            ],
        ),
    };
    let (names, numbers) = clause.split_once(from).unwrap_or_else(|| panic!("{clause:?}"));
    for (form, words) in forms.iter().enumerate() {
        let Some(parts) = apart(numbers, words) else { continue };
        let number = |n: usize| parts[n].parse::<f64>().ok();
        let (Some(usual), Some(now), Ok(of)) = (number(0), number(1), parts[3].parse()) else { continue };
        let count = if form % 2 == 0 { Some(of) } else { parts[2].parse().ok() };
        let Some(count) = count else { continue };
        let since = parts[4].to_owned();
        let of_what = [Counted::CheckIns, Counted::Days, Counted::Answers][form / 2];
        return Claim { names: listed(names), usual, now, count, of, of_what, since };
    }
    panic!("this says nothing that can be read: {clause:?}");
}

/// The items that a list names, without the verb after it.
fn listed(names: &str) -> Vec<String> {
    let verbs = [" has gone", " have gone", " had gone", ": wedi mynd", ":"];
    let bare = verbs.iter().find_map(|verb| names.strip_suffix(verb)).unwrap_or(names);
    [" and ", " ac ", " a "]
        .iter()
        .fold(bare.to_owned(), |list, and| list.replace(and, ", "))
        .split(", ")
        .map(str::to_owned)
        .collect()
}

/// What was said to one item on each day up to `today`: its middle answer.
fn said(diary: &Diary, item: &ItemSpec, today: NaiveDate) -> Vec<(NaiveDate, f64)> {
    let mut by_day: BTreeMap<NaiveDate, Vec<f64>> = BTreeMap::new();
    for check_in in diary.check_ins.iter().filter(|c| c.day <= today) {
        for answer in check_in.answers.iter().filter(|a| a.item == item.key) {
            by_day.entry(check_in.day).or_default().push(answer.value);
        }
    }
    by_day.into_iter().map(|(day, values)| (day, middle(values))).collect()
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    f64::midpoint(values[(n - 1) / 2], values[n / 2])
}

/// What was typical: as agreed, or the middle one of the answers of the first four weeks (and of the first ten), except those given
/// while a change already stood.
fn typical(diary: &Diary, item: &ItemSpec, assessed: &[Assessment], today: NaiveDate) -> f64 {
    let newest = diary.baselines.iter().rfind(|b| b.from <= today);
    if let Some(agreed) = newest.and_then(|b| b.usual.iter().find(|a| a.item == item.key)) {
        return agreed.centre;
    }
    let answers = said(diary, item, today);
    let first = answers[0].0;
    let mut learned = Vec::new();
    for (day, value) in answers {
        let before = day.pred_opt().unwrap();
        let stood = assessed.iter().any(|a| a.day == before && a.level > Level::Steady);
        let learning = day < first + TimeDelta::days(28) || learned.len() < 10;
        if learning && (!stood || learned.len() < 10) {
            learned.push(value);
        }
    }
    middle(learned)
}

fn shown(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

struct Reader<'a> {
    diary: &'a Diary,
    assessed: &'a [Assessment],
    language: Language,
}

impl Reader<'_> {
    fn names_day(&self, day: NaiveDate, words: &str) -> bool {
        words.strip_prefix("dydd ").unwrap_or(words) == words_of(day, self.language)
    }

    /// Every clause of "…; …", about the answers up to `last`, measured by what is usual `today`. Returns how many items they name.
    fn clauses(&self, text: &str, facts: &[Fact], last: NaiveDate, today: NaiveDate) -> usize {
        let claims: Vec<Claim> = text.split("; ").map(|clause| read(clause, self.language)).collect();
        for claim in &claims {
            for name in &claim.names {
                let bare = name.trim_matches(['‘', '’']);
                let standard = crate::item::STANDARD.iter().find(|s| s.short_cy.eq_ignore_ascii_case(bare));
                let bare = standard.filter(|_| self.language == Language::Cy).map_or(bare, |s| s.short);
                let item = self.diary.items.iter().find(|i| i.label.eq_ignore_ascii_case(bare));
                let item = item.unwrap_or_else(|| panic!("no item is called {name:?}: {text}"));
                assert_eq!(name.starts_with('‘'), item.kind == ItemKind::Sign, "{text}");
                let fact = facts.iter().find(|f| f.item == item.key).expect("what is named is among the facts");
                let usual = typical(self.diary, item, self.assessed, today);
                assert!(near(claim.usual, shown(usual)), "{name} on {today}, reckoned {usual}: {text}");
                self.claim(claim, item, &fact.usual, last);
            }
        }
        claims.iter().map(|c| c.names.len()).sum()
    }

    fn claim(&self, claim: &Claim, item: &ItemSpec, band: &Usual, today: NaiveDate) {
        let context = format!("{} on {today}: {claim:?} {band:?}", item.key);
        let answers = said(self.diary, item, today);
        let recent: Vec<_> = answers.iter().filter(|(day, _)| (today - *day).num_days() < 28).collect();
        let last = &recent[recent.len().saturating_sub(4)..];
        let worse = |value: f64| if item.higher_is == HigherIs::Worse { value > band.high } else { value < band.low };
        let counted: Vec<f64> = last.iter().map(|a| a.1).filter(|v| worse(*v)).collect();

        assert_eq!((claim.count, claim.of), (counted.len(), last.len()), "{context}");
        assert!(near(claim.now, shown(middle(counted))), "{context}");
        assert!(band.low <= band.centre && band.centre <= band.high, "{context}");
        assert!(near(claim.usual, shown(band.centre)), "{context}");
        let mut check_ins: Vec<NaiveDate> =
            self.diary.check_ins.iter().map(|c| c.day).filter(|d| *d <= today).collect();
        check_ins.sort_unstable();
        let last_check_ins = check_ins[check_ins.len().saturating_sub(last.len())..].to_vec();
        check_ins.dedup();
        let last_days = &check_ins[check_ins.len().saturating_sub(last.len())..];
        let answered: Vec<NaiveDate> = last.iter().map(|a| a.0).collect();
        match claim.of_what {
            Counted::CheckIns => assert_eq!(answered, last_check_ins, "{context}"),
            Counted::Days => assert_eq!(answered, last_days, "{context}"),
            Counted::Answers => assert_ne!(answered, last_days, "{context}"),
        }

        let began = answers.iter().position(|(day, _)| self.names_day(*day, &claim.since)).expect("a day of the diary");
        assert!(worse(answers[began].1), "{context}");
        let counts_from = answers.len() - last.len();
        assert!(
            answers[counts_from..].iter().position(|a| worse(a.1)).is_some_and(|n| began <= counts_from + n),
            "{context}"
        );
        // A run goes on over one answer elsewhere, not over two, and not over a month without any.
        let breaks = |run: &[(NaiveDate, f64)]| run.windows(2).any(|two| !worse(two[0].1) && !worse(two[1].1));
        if began < counts_from {
            assert!(!breaks(&answers[began..counts_from]), "{context}");
        }
        let earlier = answers[..began].iter().rposition(|a| worse(a.1));
        let goes_on = earlier.is_some_and(|n| {
            let far = (answers[began].0 - answers[n].0).num_days() > 28;
            began - n <= 2 && !far
        });
        assert!(!goes_on || earlier.is_some_and(|n| n + 1 >= counts_from), "it began earlier: {context}");
    }

    fn silence(&self, text: &str, silence: &Silence, today: NaiveDate) {
        let days: std::collections::BTreeSet<NaiveDate> = self.diary.check_ins.iter().map(|c| c.day).collect();
        let known: Vec<NaiveDate> = days.into_iter().filter(|d| *d <= silence.last).collect();
        assert_eq!(known.last(), Some(&silence.last), "{text}");
        let gaps = known.windows(2).map(|two| (two[1] - two[0]).num_days() - 1);
        let longest = gaps.max().unwrap_or(0);
        let span = ((silence.last - known[0]).num_days() + 1).min(84);
        let lately = known.iter().filter(|d| (silence.last - **d).num_days() < span).count();
        let a_week = (7.0 * lately as f64 / span as f64).round() as i64;
        let quiet = (today - silence.last).num_days() - 1;

        let (day, rest) = match self.language {
            Language::En => apart(text, &["There has been no check-in since ", ". Before that there was one "]),
            Language::Cy => apart(text, &["Does dim cofnod wedi bod ers ", ". Cyn hynny roedd un "]),
        }
        .map_or_else(|| panic!("{text}"), |parts| (parts[1], parts[2]));
        assert!(self.names_day(silence.last, day), "{text}");
        let often = match (self.language, a_week) {
            (Language::En, _) if longest == 0 => "every day".to_owned(),
            (Language::Cy, _) if longest == 0 => "bob dydd".to_owned(),
            (Language::En, 7) => "nearly every day".to_owned(),
            (Language::Cy, 7) => "bron bob dydd".to_owned(),
            (Language::En, 1) => "about once a week".to_owned(),
            (Language::Cy, 1) => "tua unwaith yr wythnos".to_owned(),
            (Language::En, 0) => "less than once a week".to_owned(),
            (Language::Cy, 0) => "llai nag unwaith yr wythnos".to_owned(),
            (Language::En, n) => format!("on about {n} days a week"),
            (Language::Cy, n) => format!("ar ryw {n} diwrnod yr wythnos"),
        };
        let most = match (self.language, longest) {
            (_, 0) => ".".to_owned(),
            // What happened before is not called never.
            (_, longest) if longest >= quiet => ".".to_owned(),
            (Language::En, 1) => ", and never more than a day without.".to_owned(),
            (Language::Cy, 1) => ", a byth mwy na diwrnod heb un.".to_owned(),
            (Language::En, n) => format!(", and never more than {n} days without."),
            (Language::Cy, n) => format!(", a byth mwy na {n} diwrnod heb un."),
        };
        let rest = rest.strip_prefix(&format!("{often}{most}")).unwrap_or_else(|| panic!("{often}{most} {text}"));
        let heard = [" In the last of them, ", " Yn yr olaf ohonyn nhw, "].iter().find_map(|w| rest.strip_prefix(w));
        match heard {
            Some(clauses) => {
                self.clauses(clauses.strip_suffix('.').unwrap(), &silence.facts, silence.last, today);
            }
            None => assert_eq!(rest, "", "{text}"),
        }
    }
}

impl Reader<'_> {
    /// "Sleep is back near your usual.": the middle one of the last answers is usual.
    fn eased(&self, text: &str, seen: &Assessment) -> usize {
        let ends = [" is back near your usual.", " are back near your usual.", ": yn ôl yn agos at yr arfer i chi."];
        let Some(names) = ends.iter().find_map(|end| text.strip_suffix(end)) else { return 0 };
        for (item, band) in self.named(names, &seen.usual) {
            let answers = said(self.diary, item, seen.day);
            let last: Vec<f64> = answers
                .iter()
                .filter(|(day, _)| (seen.day - *day).num_days() < 28)
                .map(|a| a.1)
                .rev()
                .take(4)
                .collect();
            assert!((band.low..=band.high).contains(&middle(last)), "{} on {}: {text}", item.key, seen.day);
        }
        1
    }

    /// "Sleep has been better than your usual since Thursday 12 November.": three of the last four answers, and that day's.
    fn picture(&self, text: &str, seen: &Assessment) -> usize {
        let ways = [
            (" has been away from your usual since ", true),
            (" have been away from your usual since ", true),
            (" has been better than your usual since ", false),
            (" have been better than your usual since ", false),
            (": i ffwrdd o’ch arfer ers ", true),
            (": yn well na’ch arfer ers ", false),
        ];
        let Some((names, since, worse)) =
            ways.iter().find_map(|(way, worse)| text.split_once(way).map(|(names, day)| (names, day, *worse)))
        else {
            return 0;
        };
        for (item, band) in self.named(names, &seen.usual) {
            let there = |value: f64| {
                if worse == (item.higher_is == HigherIs::Worse) { value > band.high } else { value < band.low }
            };
            let answers = said(self.diary, item, seen.day);
            let last = &answers[answers.len().saturating_sub(4)..];
            assert!(last.iter().filter(|a| there(a.1)).count() >= 2, "{} on {}: {text}", item.key, seen.day);
            let began = answers.iter().find(|(day, _)| self.names_day(*day, since.trim_end_matches('.')));
            assert!(began.is_some_and(|a| there(a.1)), "{} on {}: {text}", item.key, seen.day);
        }
        1
    }

    fn named<'a>(&'a self, names: &str, usual: &'a [Usual]) -> Vec<(&'a ItemSpec, &'a Usual)> {
        let item = |name: &String| {
            let bare = name.trim_matches(['‘', '’']);
            let standard = crate::item::STANDARD.iter().find(|s| s.short_cy.eq_ignore_ascii_case(bare));
            let bare = standard.filter(|_| self.language == Language::Cy).map_or(bare, |s| s.short);
            self.diary.items.iter().find(|i| i.label.eq_ignore_ascii_case(bare)).unwrap_or_else(|| panic!("{names}"))
        };
        let band = |item: &ItemSpec| usual.iter().find(|u| u.item == item.key).expect("what is named has a usual");
        listed(names).iter().map(item).map(|item| (item, band(item))).collect()
    }
}

fn words_of(day: NaiveDate, language: Language) -> String {
    match language {
        Language::En => day.format("%A %-d %B").to_string(),
        Language::Cy => {
            let weekday = match day.format("%a").to_string().as_str() {
                "Mon" => "Llun",
                "Tue" => "Mawrth",
                "Wed" => "Mercher",
                "Thu" => "Iau",
                "Fri" => "Gwener",
                "Sat" => "Sadwrn",
                _ => "Sul",
            };
            let months = "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr";
            let month: usize = day.format("%-m").to_string().parse().unwrap();
            format!("{weekday} {} {}", day.format("%-d"), months.split(' ').nth(month - 1).unwrap())
        }
    }
}

/// Ten thousand lives; `COMPANION_TEST_SCALE` multiplies them.
#[test]
fn every_claim_of_a_sentence_is_true_of_the_data() {
    let scale: u64 = std::env::var("COMPANION_TEST_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let (mut changes, mut silences, mut items, mut agreed) = (0_usize, 0_usize, 0_usize, 0_usize);
    let (mut eased, mut pictures) = (0, 0);
    for seed in 0..10_000 * scale {
        let diary = life(&mut Seed(seed));
        let assessed = assess(&diary, day(0)..=day(109));
        for seen in &assessed {
            for language in [Language::En, Language::Cy] {
                let reader = Reader { diary: &diary, assessed: &assessed, language };
                let text = sentence(seen, language);
                match (seen.level, seen.turn) {
                    (Level::Watch | Level::Alert, _) => {
                        items += reader.clauses(text.strip_suffix('.').unwrap(), &seen.facts, seen.day, seen.day);
                        changes += 1;
                    }
                    (Level::Steady, Turn::Eased) => eased += reader.eased(&text, seen),
                    (Level::Steady, _) => pictures += reader.picture(&text, seen),
                }
                if let Some(silence) = &seen.silence {
                    reader.silence(&silence_sentence(seen, language).unwrap(), silence, seen.day);
                    silences += 1;
                }
            }
            agreed += usize::from(diary.baselines.iter().any(|b| b.from <= seen.day));
        }
    }
    println!("{changes} sentences about changes ({items} items), {eased} that they eased, {pictures} for the picture,");
    println!("{silences} about silence; {agreed} days by an agreed usual");
    assert!(changes > 50_000 && items > changes && silences > 5_000 && agreed > 50_000);
    assert!(eased > 1_000 && pictures > 10_000);
}
