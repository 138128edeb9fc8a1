//! Every occurrence is compared with what python-dateutil and zoneinfo make of the same reminder.
//!
//! `COMPANION_ORACLE_PYTHON` names a Python with the packages of `tests/oracle/requirements.txt`. Without it the comparison is left
//! out, or fails if `COMPANION_REQUIRE_DATA=1`. `COMPANION_TEST_SCALE` multiplies the random reminders and `COMPANION_ORACLE_SEED`
//! makes other ones.

#![expect(clippy::unwrap_used, reason = "a comparison that cannot go on has failed")]

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveTime, Offset, SecondsFormat, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::{IANA_TZDB_VERSION, TZ_VARIANTS, Tz};
use mobile_shared::reminder::{Clock, Ends, MonthDay, Reminder, Repeat, Schedule, Weekday, next_after, occurrences};
use serde_json::{Value, json};
use uuid::Uuid;

const WEEK: [Weekday; 7] = [Weekday::Mo, Weekday::Tu, Weekday::We, Weekday::Th, Weekday::Fr, Weekday::Sa, Weekday::Su];

#[test]
fn random_reminders_happen_when_the_oracle_says() {
    let seed = env::var("COMPANION_ORACLE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_240_229);
    println!("COMPANION_ORACLE_SEED={seed}");
    let changes_of = |zone: &Tz| (*zone, changes(*zone));
    let all: Vec<(Tz, Vec<DateTime<Utc>>)> = TZ_VARIANTS.iter().map(changes_of).collect();
    let mut chance = Chance(seed);
    compare("random reminders", (0..4000 * scale()).map(|_| random(&mut chance, &all)).collect());
}

/// Of each kind on the very day, whatever the seed is.
#[test]
fn reminders_of_london_are_right_on_every_day_the_clocks_change() {
    let mut cases = Vec::new();
    for change in changes(Tz::Europe__London) {
        let (day, last_sunday) = (change.date_naive(), MonthDay::Nth { nth: -1, weekday: Weekday::Su });
        let of_month = MonthDay::Day { day: u8::try_from(day.day()).unwrap() };
        for repeat in [
            Repeat::None,
            Repeat::Day { every: 1 },
            Repeat::Week { every: 1, weekdays: vec![Weekday::Su] },
            Repeat::Month { every: 1, month: last_sunday },
            Repeat::Month { every: 1, month: of_month },
        ] {
            let times = ["00:59", "01:00", "01:30", "01:59", "02:00", "02:01"].map(|time| time.parse().unwrap());
            let schedule = Schedule { starts_on: day, times: times.to_vec(), repeat, ends: None };
            let reminder = reminder(schedule, day);
            let (before, after) = (change - TimeDelta::days(2), change + TimeDelta::days(40));
            for (from, to) in [(before, after), (before, change), (change, after)] {
                cases.push(Case { reminder: reminder.clone(), zone: Tz::Europe__London, from, to });
            }
        }
    }
    assert_eq!(cases.len(), 34 * 5 * 3, "two changes in each of 17 years");
    compare("of London", cases);
}

#[test]
fn every_place_is_right_whenever_its_clocks_change() {
    let (from, to) = years();
    let questions = TZ_VARIANTS.iter().map(|zone| json!({"changes_of": zone.name(), "from": from, "to": to}));
    let Some(mut oracle) = Oracle::ask(questions.collect()) else { return };
    let mut cases = Vec::new();
    for zone in TZ_VARIANTS {
        let changes = changes(zone);
        assert_eq!(oracle.next()["changes"], json!(changes), "{zone}");
        cases.extend(changes.iter().map(|change| around(zone, *change)));
    }
    assert!(cases.len() > 5000);
    compare("around changes of the clocks", cases);
}

#[test]
fn the_fixtures_for_other_cores_are_right() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/occurrences.json");
    let fixtures: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let read = |value: &Value| -> DateTime<Utc> { value.as_str().unwrap().parse().unwrap() };
    let cases = fixtures.into_iter().map(|case| Case {
        reminder: serde_json::from_value(case["reminder"].clone()).unwrap(),
        zone: case["zone"].as_str().unwrap().parse().unwrap(),
        from: read(&case["from"]),
        to: read(&case["to"]),
    });
    compare("of the fixtures", cases.collect());
}

#[derive(Clone, Debug)]
struct Case {
    reminder: Reminder,
    zone: Tz,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

fn compare(what: &str, cases: Vec<Case>) {
    let question = |case: &Case| {
        let rule = case.reminder.schedule.rule();
        json!({"reminder": case.reminder, "rule": rule, "zone": case.zone.name(), "from": case.from, "to": case.to})
    };
    let Some(mut oracle) = Oracle::ask(cases.iter().map(question).collect()) else { return };
    let (mut reminders, mut compared) = (0, 0);
    for case in cases {
        assert_eq!(case.reminder.schedule.check(), Ok(()), "{case:?}");
        let found = occurrences(&case.reminder, case.zone, case.from, case.to);
        let written: Vec<String> = found
            .iter()
            .map(|one| {
                let at = one.at.to_rfc3339_opts(SecondsFormat::Secs, true);
                format!("{} {} {at}", one.date, one.time.format("%H:%M"))
            })
            .collect();
        let answer = oracle.next();
        assert_eq!(json!(written), answer["occurrences"], "{case:?}");
        assert_eq!(answer["rule"], json!(true), "{:?} means other dates than {case:?}", case.reminder.schedule.rule());
        let next = next_after(&case.reminder, case.zone, case.from - TimeDelta::nanoseconds(1));
        assert_eq!(next.filter(|next| next.at < case.to).as_ref(), found.first(), "{case:?}");
        reminders += 1;
        compared += found.len();
    }
    println!("{reminders} reminders {what}: {compared} occurrences are as the oracle says");
}

/// The script, answering while it is asked.
struct Oracle {
    script: Child,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Oracle {
    /// `None`, and a sentence about it, if there is no Python to ask.
    fn ask(questions: Vec<Value>) -> Option<Self> {
        let Some(python) = env::var_os("COMPANION_ORACLE_PYTHON") else {
            let required = env::var("COMPANION_REQUIRE_DATA").is_ok_and(|v| v == "1");
            assert!(!required, "COMPANION_REQUIRE_DATA=1, but COMPANION_ORACLE_PYTHON names no Python");
            println!("SKIPPED: COMPANION_ORACLE_PYTHON names no Python, so nothing was compared with the oracle");
            return None;
        };
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/oracle/occurrences.py");
        let mut command = Command::new(python);
        command.arg(file).env("PYTHONTZPATH", "").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut script = command.spawn().expect("the Python of COMPANION_ORACLE_PYTHON starts");
        let mut input = script.stdin.take().unwrap();
        let answers = BufReader::new(script.stdout.take().unwrap()).lines();
        // Should the script fail, its answers end, which is told below.
        thread::spawn(move || questions.into_iter().try_for_each(|question| writeln!(input, "{question}")));
        let mut oracle = Self { script, answers };
        assert_eq!(oracle.next()["iana"], IANA_TZDB_VERSION, "tzdata in requirements.txt must be as old as chrono-tz");
        Some(oracle)
    }

    fn next(&mut self) -> Value {
        let line = self.answers.next().expect("the oracle failed; what it said is above").unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It may have been left in the middle of its answers.
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

fn scale() -> u64 {
    env::var("COMPANION_TEST_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1)
}

/// A small seeded generator (`SplitMix64`, Steele et al. 2014).
#[derive(Clone)]
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()].clone()
    }

    /// In `1..=most`, as often among the first few as anywhere.
    fn up_to(&mut self, most: u16) -> u16 {
        let bound = if self.one_in(2) { most.min(4) } else { most };
        1 + u16::try_from(self.below(bound.into())).unwrap()
    }

    fn days(&mut self, bound: u64) -> Days {
        Days::new(self.below(bound))
    }

    fn minutes(&mut self, days: u64) -> TimeDelta {
        TimeDelta::minutes(i64::try_from(self.below(days * 1440)).unwrap())
    }
}

/// The years that are compared.
fn years() -> (DateTime<Utc>, DateTime<Utc>) {
    let new_year = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
    (new_year(2024), new_year(2041))
}

fn reminder(schedule: Schedule, made_on: NaiveDate) -> Reminder {
    // Before the day has begun anywhere.
    let from = made_on.and_time(NaiveTime::MIN).and_utc() - TimeDelta::days(2);
    Reminder { id: Uuid::from_u128(1), schedule, from, until: None, paused_until: None }
}

fn random(chance: &mut Chance, all: &[(Tz, Vec<DateTime<Utc>>)]) -> Case {
    let (zone, changes) =
        if chance.one_in(4) { (Tz::Europe__London, self::changes(Tz::Europe__London)) } else { chance.of(all) };
    let (begin, _) = years();
    // Half of them start shortly before the clocks change.
    let starts_on = match changes.is_empty() || chance.one_in(2) {
        true => begin.date_naive() + chance.days(17 * 365),
        false => chance.of(&changes).date_naive() - chance.days(40),
    };
    let times: BTreeSet<Clock> = (0..chance.up_to(6)).map(|_| clock(chance)).collect();
    let repeat = repeat(chance);
    let ends = match chance.below(4) {
        0 => Some(Ends::On(starts_on + chance.days(800))),
        1 => {
            let most = chance.of(&[60, 60, 60, 1000]);
            Some(Ends::After(chance.up_to(most).into()))
        }
        _ => None,
    };
    let mut reminder = reminder(Schedule { starts_on, times: times.into_iter().collect(), repeat, ends }, starts_on);
    if chance.one_in(4) {
        reminder.from += chance.minutes(60);
    }
    if chance.one_in(4) {
        reminder.until = Some(reminder.from + chance.minutes(300));
    }
    if chance.one_in(4) {
        reminder.paused_until = Some(starts_on + chance.days(60));
    }
    let ahead = if chance.one_in(4) { 1500 } else { 40 };
    let from = starts_on.and_time(NaiveTime::MIN).and_utc() - TimeDelta::days(2) + chance.minutes(ahead);
    // Long enough to meet the next ones of what comes seldom.
    let width = match reminder.schedule.repeat {
        Repeat::Month { every, .. } => 200 + 60 * u64::from(every),
        Repeat::Week { every, .. } => 100 + 14 * u64::from(every),
        _ => 100,
    };
    Case { reminder, zone, from, to: from + chance.minutes(width) }
}

fn repeat(chance: &mut Chance) -> Repeat {
    let every = chance.up_to(52);
    match chance.below(10) {
        0 => Repeat::None,
        1..=3 => Repeat::Day { every },
        4..=6 => {
            let mut weekdays = WEEK.to_vec();
            weekdays.retain(|_| chance.one_in(3));
            if weekdays.is_empty() {
                weekdays.push(chance.of(&WEEK));
            }
            Repeat::Week { every, weekdays }
        }
        7 => Repeat::Month {
            every,
            month: MonthDay::Nth { nth: chance.of(&[1, 2, 3, 4, -1]), weekday: chance.of(&WEEK) },
        },
        _ => {
            let first = if chance.one_in(2) { 28 } else { 1 };
            let day = first + u8::try_from(chance.below(32 - u64::from(first))).unwrap();
            Repeat::Month { every, month: MonthDay::Day { day } }
        }
    }
}

/// Half of them at night, when clocks change.
fn clock(chance: &mut Chance) -> Clock {
    let hours = if chance.one_in(2) { 4 } else { 24 };
    let minute = if chance.one_in(2) { chance.of(&[0, 30, 59]) } else { chance.below(60) };
    let number = |n| u32::try_from(n).unwrap();
    Clock::new(number(chance.below(hours)), number(minute)).unwrap()
}

/// When the clocks of a place change in these years: found by looking once a week, then for the minute.
fn changes(zone: Tz) -> Vec<DateTime<Utc>> {
    let offset = |at: DateTime<Utc>| at.with_timezone(&zone).offset().fix();
    let (mut begin, end) = years();
    let mut found = Vec::new();
    while begin < end {
        let (mut low, mut high) = (begin, (begin + TimeDelta::days(7)).min(end));
        if offset(low) != offset(high) {
            while high - low > TimeDelta::minutes(1) {
                let middle = low + TimeDelta::minutes((high - low).num_minutes() / 2);
                *(if offset(middle) == offset(low) { &mut low } else { &mut high }) = middle;
            }
            found.push(high);
        }
        begin += TimeDelta::days(7);
    }
    found
}

/// Every day, at times on both sides of a change, in between, and where the wall shows them before and after.
fn around(zone: Tz, change: DateTime<Utc>) -> Case {
    let wall = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local().time();
    let (before, after) = (wall(change - TimeDelta::minutes(1)), wall(change));
    let minutes = |time: NaiveTime| time.hour() * 60 + time.minute();
    let middle = minutes(before).midpoint(minutes(after));
    let times: BTreeSet<Clock> =
        [minutes(before), minutes(before) + 1, middle, minutes(after) + 1439, minutes(after), minutes(after) + 1]
            .map(|minute| Clock::new(minute / 60 % 24, minute % 60).unwrap())
            .into();
    let starts_on = change.date_naive() - Days::new(2);
    let schedule =
        Schedule { starts_on, times: times.into_iter().collect(), repeat: Repeat::Day { every: 1 }, ends: None };
    let (from, to) = (change - TimeDelta::days(1), change + TimeDelta::days(1));
    Case { reminder: reminder(schedule, starts_on), zone, from, to }
}
