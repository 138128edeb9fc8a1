//! What must hold for any rota. `COMPANION_TEST_SCALE` multiplies the examples; they are the same each time.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
    test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner},
};
use uuid::Uuid;

use super::{made_up::*, *};
use crate::reminder::{Clock, Ends, MonthDay, Repeat, Weekday};

fn hold<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let scale: u32 = std::env::var("COMPANION_TEST_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let config = Config { cases: cases * scale, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng).run(strategy, test).unwrap();
}

const ALL_WEEK: &[Weekday] =
    &[Weekday::Mo, Weekday::Tu, Weekday::We, Weekday::Th, Weekday::Fr, Weekday::Sa, Weekday::Su];

/// A leap day is among these five years, and ten changes of the clocks.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
const DAYS: u64 = 5 * 365 + 1;

fn first_instant() -> DateTime<Utc> {
    FIRST.and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// On the hour more often than not, and often near the hour that is jumped over or comes twice.
fn any_clock() -> impl Strategy<Value = Clock> {
    prop_oneof![
        2 => (0..24_u32).prop_map(|hour| (hour, 0)),
        1 => (0..24_u32, 0..60_u32),
        1 => (0..3_u32, 0..60_u32),
    ]
    .prop_map(|(hour, minute)| Clock::new(hour, minute).unwrap())
}

fn any_repeat() -> impl Strategy<Value = Repeat> {
    let every = || prop_oneof![4 => Just(1_u16), 1 => 1..=5_u16];
    prop_oneof![
        1 => Just(Repeat::None),
        4 => every().prop_map(|every| Repeat::Day { every }),
        4 => (every(), subsequence(ALL_WEEK, 1..=7)).prop_map(|(every, weekdays)| Repeat::Week { every, weekdays }),
        1 => (1..=31_u8).prop_map(|day| Repeat::Month { every: 1, month: MonthDay::Day { day } }),
    ]
}

fn worker(n: u8) -> Uuid {
    Uuid::from_u128(n.into())
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    let ends = option::weighted(0.2, (0..1500_u64).prop_map(|days| days));
    let starts = prop_oneof![3 => Just(-30_i64), 1 => -30..1800_i64];
    (any_clock(), any_clock(), any_repeat(), starts, ends, option::weighted(0.9, 1..5_u8), any::<bool>()).prop_map(
        |(from, until, repeat, starts, ends, who, first)| {
            let starts_on = FIRST + TimeDelta::days(starts);
            Pattern {
                id: Uuid::nil(),
                line: if first { Line::First } else { Line::Second },
                kind: Kind::OnCall,
                worker_id: who.map(worker),
                starts_on,
                from,
                until,
                repeat,
                ends: ends.map(|days| Ends::On(starts_on + Days::new(days))),
            }
        },
    )
}

fn any_rota(most: usize) -> impl Strategy<Value = Vec<Pattern>> {
    vec(any_pattern(), 1..=most).prop_map(|mut patterns| {
        for (n, pattern) in (100..).zip(&mut patterns) {
            pattern.id = Uuid::from_u128(n);
        }
        patterns
    })
}

fn any_absences() -> impl Strategy<Value = Vec<Absence>> {
    let one = (1..5_u8, 0..5 * 525_600_i64, option::of(0..40_000_i64));
    vec(one, 0..4).prop_map(|all| {
        let absence = |(n, from, long): (u8, i64, Option<i64>)| {
            let from = first_instant() + TimeDelta::minutes(from);
            Absence { worker: worker(n), from, until: long.map(|long| from + TimeDelta::minutes(long)) }
        };
        all.into_iter().map(absence).collect()
    })
}

const MINUTES: usize = DAYS as usize * 24 * 60;

/// What the wall in London shows at every minute of the five years.
fn wall() -> &'static [NaiveDateTime] {
    static WALL: std::sync::LazyLock<Vec<NaiveDateTime>> = std::sync::LazyLock::new(|| {
        let at = |minute: usize| first_instant() + TimeDelta::minutes(i64::try_from(minute).unwrap());
        (0..MINUTES).map(|minute| at(minute).with_timezone(&ZONE).naive_local()).collect()
    });
    &WALL
}

/// At which minutes, by the wall alone, somebody of the first line is promised: for each date of each pattern, those at which the
/// wall shows a time of the shift.
fn promised(patterns: &[Pattern], absences: &[Absence]) -> Vec<bool> {
    let mut promised = vec![false; MINUTES];
    for pattern in patterns.iter().filter(|pattern| pattern.line == Line::First) {
        let Some(worker) = pattern.worker_id else { continue };
        let away: Vec<_> = absences.iter().filter(|absence| absence.worker == worker).collect();
        for date in pattern.schedule().dates(FIRST - Days::new(2)..=FIRST + Days::new(DAYS)) {
            let last = if pattern.until <= pattern.from { date + Days::new(1) } else { date };
            let (from, until) = (date.and_time(pattern.from.time()), last.and_time(pattern.until.time()));
            let near = |wall: NaiveDateTime, by: i64| {
                let minutes = (wall.and_utc() - first_instant()).num_minutes() + by;
                usize::try_from(minutes.max(0)).unwrap().min(MINUTES)
            };
            let minutes = near(from, -120)..near(until, 120);
            let these = promised[minutes.clone()].iter_mut().zip(&wall()[minutes.clone()]);
            for (minute, (promised, wall)) in minutes.zip(these) {
                let at = first_instant() + TimeDelta::minutes(i64::try_from(minute).unwrap());
                *promised |= (from..until).contains(wall) && !away.iter().any(|absence| absence.holds(at));
            }
        }
    }
    promised
}

/// Within an hour and a bit of a change of the clocks, cover may be more than the wall says.
fn near_a_change(minute: usize) -> bool {
    let offset = |minute: usize| {
        let at = minute.min(MINUTES - 1);
        (wall()[at].and_utc() - first_instant()).num_minutes() - i64::try_from(at).unwrap()
    };
    offset(minute.saturating_sub(121)) != offset(minute + 121)
}

#[test]
fn every_minute_of_five_years_that_a_rota_says_is_covered_is_and_no_other() {
    hold(25, &(any_rota(5), any_absences()), |(patterns, absences)| {
        let (from, until) = (first_instant(), first_instant() + TimeDelta::days(DAYS.cast_signed()));
        let found = shifts(&patterns, &[], ZONE, from, until);
        let mut empty = vec![false; MINUTES];
        for hole in holes(&found, &absences, Line::First, from, until) {
            let at = |at: DateTime<Utc>| usize::try_from((at - from).num_minutes()).unwrap();
            empty[at(hole.from)..at(hole.until)].fill(true);
        }
        for (minute, said) in promised(&patterns, &absences).into_iter().enumerate() {
            if said || !near_a_change(minute) {
                prop_assert_eq!(empty[minute], !said, "{}", wall()[minute]);
            }
        }
        Ok(())
    });
}

#[test]
fn who_is_on_and_where_nobody_is_say_the_same_at_every_minute() {
    let strategy = (any_rota(6), any_absences(), 0..DAYS.cast_signed(), 1..5_i64);
    hold(300, &strategy, |(patterns, absences, day, days)| {
        let from = first_instant() + TimeDelta::days(day);
        let until = from + TimeDelta::days(days);
        let found = shifts(&patterns, &[], ZONE, from, until);
        for line in [Line::First, Line::Second] {
            let holes = holes(&found, &absences, line, from, until);
            for pair in holes.windows(2) {
                prop_assert!(pair[0].until < pair[1].from, "in order, with cover between them");
            }
            for minute in 0..days * 24 * 60 {
                let at = from + TimeDelta::minutes(minute);
                let nobody = on(&found, &absences, line, at).is_empty();
                prop_assert_eq!(nobody, holes.iter().any(|hole| (hole.from..hole.until).contains(&at)), "{}", at);
                let next = next_covered(&found, &absences, line, at);
                prop_assert!(next.is_none_or(|next| next >= at && !on(&found, &absences, line, next).is_empty()));
                prop_assert_eq!(next == Some(at), !nobody);
            }
        }
        Ok(())
    });
}

#[test]
fn how_long_somebody_stays_is_to_the_minute_they_do() {
    let strategy = (any_rota(4), any_absences(), 0..DAYS.cast_signed() * 24);
    hold(500, &strategy, |(patterns, absences, hour)| {
        let at = first_instant() + TimeDelta::hours(hour);
        let found = shifts(&patterns, &[], ZONE, at - TimeDelta::days(2), at + TimeDelta::days(6));
        let on_now = on(&found, &absences, Line::First, at);
        for who in (1..5).map(worker) {
            let stays = unbroken(&found, &absences, Line::First, who, at);
            prop_assert_eq!(stays.is_some(), on_now.contains(&who));
            let Some(until) = stays else { continue };
            let mut minute = at;
            while minute < until.min(at + TimeDelta::days(6)) {
                prop_assert!(on(&found, &absences, Line::First, minute).contains(&who));
                minute += TimeDelta::minutes(1);
            }
            if until < at + TimeDelta::days(6) {
                prop_assert!(!on(&found, &absences, Line::First, until).contains(&who));
            }
        }
        Ok(())
    });
}

#[test]
fn it_does_not_matter_where_one_begins_to_look() {
    let strategy = (any_rota(5), 0..DAYS.cast_signed() * 24, 1..400_i64);
    hold(500, &strategy, |(patterns, hour, hours)| {
        let from = first_instant() + TimeDelta::hours(hour);
        let until = from + TimeDelta::hours(hours);
        let mut wide = shifts(&patterns, &[], ZONE, from - TimeDelta::days(40), until + TimeDelta::days(40));
        wide.retain(|shift| shift.from < until && from < shift.until);
        prop_assert_eq!(shifts(&patterns, &[], ZONE, from, until), wide);
        Ok(())
    });
}

#[test]
fn shifts_that_join_on_the_wall_join_in_truth_in_every_zone() {
    let zones = select(&chrono_tz::TZ_VARIANTS[..]);
    let cuts = proptest::collection::btree_set(any_clock(), 1..5);
    hold(1500, &(cuts, zones, 0..DAYS.cast_signed()), |(cuts, zone, day)| {
        let cuts: Vec<Clock> = cuts.into_iter().collect();
        let patterns: Vec<Pattern> = (0..cuts.len())
            .map(|n| Pattern {
                id: Uuid::from_u128(n as u128),
                from: cuts[n],
                until: cuts[(n + 1) % cuts.len()],
                starts_on: FIRST - Days::new(9),
                ..daily(1, "00:00-00:00", Some(DEE))
            })
            .collect();
        let from = first_instant() + TimeDelta::days(day);
        let until = from + TimeDelta::days(6);
        let found = shifts(&patterns, &[], zone, from, until);
        prop_assert_eq!(holes(&found, &[], Line::First, from, until), []);
        Ok(())
    });
}

#[test]
fn a_change_moves_one_shift_and_leaves_its_times() {
    hold(300, &(any_rota(4), 0..DAYS.cast_signed(), 1..5_u8), |(patterns, day, who)| {
        let from = first_instant() + TimeDelta::days(day);
        let until = from + TimeDelta::days(20);
        let before = shifts(&patterns, &[], ZONE, from, until);
        let Some(given) = before.get(before.len() / 2) else { return Ok(()) };
        let change = Change { pattern: given.pattern, date: given.date, worker: worker(who) };
        let after = shifts(&patterns, &[change], ZONE, from, until);
        prop_assert_eq!(before.len(), after.len());
        for (one, other) in before.iter().zip(&after) {
            let theirs = (one.pattern, one.date) == (given.pattern, given.date);
            let wanted = Shift { worker: if theirs { Some(worker(who)) } else { one.worker }, ..one.clone() };
            prop_assert_eq!(other, &wanted);
        }
        Ok(())
    });
}

#[test]
fn somebody_is_asked_before_the_night_and_never_in_the_middle_of_it() {
    hold(500, &(any_rota(3), 0..DAYS.cast_signed()), |(patterns, day)| {
        let from = first_instant() + TimeDelta::days(day);
        let found = shifts(&patterns, &[], ZONE, from, from + TimeDelta::days(3));
        for shift in &found {
            let minutes = (shift.until - shift.from).num_minutes();
            let at_night = (0..minutes).any(|minute| is_night(shift.from + TimeDelta::minutes(minute), ZONE));
            let begins = begins_at_night(shift, ZONE);
            prop_assert_eq!(begins.is_some(), at_night);
            let Some(begins) = begins else { continue };
            let wall = |at: DateTime<Utc>| at.with_timezone(&ZONE).time();
            for before in [180, 60, 30] {
                let asked = wall(begins - TimeDelta::minutes(before));
                prop_assert!((clock("17:00").time()..clock("23:31").time()).contains(&asked), "{asked}");
            }
            prop_assert!(begins < shift.until && begins > shift.from - TimeDelta::hours(12));
        }
        Ok(())
    });
}

/// Dates at the ends of time make nothing panic.
#[test]
fn nothing_that_can_be_written_down_makes_it_panic() {
    let moment = || {
        let near = (-70_000..110_000_i64).prop_map(|days| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(days));
        prop_oneof![1 => select(vec![DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC]), 3 => near]
    };
    let starts =
        select(&["-262143-01-01", "1899-12-31", "1900-01-01", "2024-02-29", "2200-12-31", "+262142-12-31"][..]);
    hold(2000, &(any_pattern(), starts, moment(), 0..400_i64), |(pattern, starts, from, days)| {
        let pattern = Pattern { starts_on: date(starts), ..pattern };
        let until = from.checked_add_signed(TimeDelta::days(days)).unwrap_or(from);
        let _ = pattern.check();
        let found = shifts(&[pattern], &[], ZONE, from, until);
        let _ = holes(&found, &[], Line::First, from, until);
        for shift in &found {
            let _ = begins_at_night(shift, ZONE);
        }
        Ok(())
    });
}
