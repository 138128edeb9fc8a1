//! What must hold for any reminder anywhere. `COMPANION_TEST_SCALE` multiplies the examples; they are the same each time.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use proptest::{
    collection::{btree_set, vec},
    option,
    prelude::*,
    sample::{select, subsequence},
    test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner},
};
use serde_json::json;
use uuid::Uuid;

use super::*;

fn hold<S: Strategy>(cases: u32, strategy: &S, test: impl Fn(S::Value) -> TestCaseResult) {
    let scale: u32 = std::env::var("COMPANION_TEST_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let config = Config { cases: cases * scale, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng).run(strategy, test).unwrap();
}

fn day(after_1975: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(1975, 1, 1).unwrap() + Days::new(after_1975)
}

/// From 1975 to 2040; offsets are whole minutes since.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0..24_000_u64).prop_map(day)
}

fn any_clock() -> impl Strategy<Value = Clock> {
    (0..24_u32, 0..60_u32).prop_map(|(hour, minute)| Clock::new(hour, minute).unwrap())
}

fn any_zone() -> impl Strategy<Value = Tz> {
    select(&TZ_VARIANTS[..])
}

fn any_weekday() -> impl Strategy<Value = Weekday> {
    select(ALL_WEEK)
}

const ALL_WEEK: &[Weekday] =
    &[Weekday::Mo, Weekday::Tu, Weekday::We, Weekday::Th, Weekday::Fr, Weekday::Sa, Weekday::Su];

fn any_repeat() -> impl Strategy<Value = Repeat> {
    let every = || prop_oneof![3 => 1..=4_u16, 1 => 1..=52_u16];
    let month = prop_oneof![
        (1..=31_u8).prop_map(|day| MonthDay::Day { day }),
        (select(&[-1_i8, 1, 2, 3, 4][..]), any_weekday()).prop_map(|(nth, weekday)| MonthDay::Nth { nth, weekday })
    ];
    prop_oneof![
        1 => Just(Repeat::None),
        3 => every().prop_map(|every| Repeat::Day { every }),
        3 => (every(), subsequence(ALL_WEEK, 1..=7).prop_shuffle()).prop_map(|(every, weekdays)| Repeat::Week { every, weekdays }),
        3 => (every(), month).prop_map(|(every, month)| Repeat::Month { every, month }),
    ]
}

fn any_schedule() -> impl Strategy<Value = Schedule> {
    let ends = prop_oneof![
        2 => Just(None),
        1 => (0..3000_u64).prop_map(Some).prop_map(|days| days.map(Err)),
        1 => prop_oneof![1..=40_u32, 1..=1000_u32].prop_map(|count| Some(Ok(count))),
    ];
    (any_day(), btree_set(any_clock(), 1..=6), any_repeat(), ends).prop_map(|(starts_on, times, repeat, ends)| {
        let ends = ends.map(|ends| ends.map_or_else(|days| Ends::On(starts_on + Days::new(days)), Ends::After));
        Schedule { starts_on, times: times.into_iter().collect(), repeat, ends }
    })
}

/// A reminder, and a moment near its start.
fn any_reminder() -> impl Strategy<Value = (Reminder, DateTime<Utc>)> {
    let minutes = || -40_000..900_000_i64;
    (any_schedule(), minutes(), minutes(), option::of(minutes()), option::of(-20..600_i64)).prop_map(
        |(schedule, near, from, until, pause)| {
            let start = schedule.starts_on.and_time(NaiveTime::MIN).and_utc();
            let reminder = Reminder {
                id: Uuid::from_u128(7),
                from: start + TimeDelta::minutes(from / 4),
                until: until.map(|until| start + TimeDelta::minutes(until)),
                paused_until: pause.map(|days| schedule.starts_on + TimeDelta::days(days)),
                schedule,
            };
            (reminder, start + TimeDelta::minutes(near))
        },
    )
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

#[test]
fn what_is_found_is_in_order_once_and_where_it_was_looked_for() {
    hold(2000, &(any_reminder(), any_zone(), 0..400_000_i64), |((reminder, from), zone, width)| {
        let to = from + minutes(width);
        let found = occurrences(&reminder, zone, from, to);
        for pair in found.windows(2) {
            prop_assert!(pair[0].at <= pair[1].at, "order of instants");
            prop_assert!((pair[0].date, pair[0].time) < (pair[1].date, pair[1].time), "order of dates, each once");
        }
        for one in &found {
            prop_assert!((from.max(reminder.from)..to).contains(&one.at));
            prop_assert!(reminder.until.is_none_or(|until| one.at < until));
            prop_assert!(reminder.paused_until.is_none_or(|last| one.date > last));
            prop_assert_eq!(one.at, instant(one.date, one.time, zone));
            prop_assert_eq!(one.id, occurrence_id(reminder.id, one.date, one.time));
        }
        Ok(())
    });
}

#[test]
fn windows_that_touch_can_be_put_together() {
    let widths = (0..200_000_i64, 0..200_000_i64);
    hold(2000, &(any_reminder(), any_zone(), widths), |((reminder, from), zone, (one, two))| {
        let (between, to) = (from + minutes(one), from + minutes(one + two));
        let mut parts = occurrences(&reminder, zone, from, between);
        parts.extend(occurrences(&reminder, zone, between, to));
        prop_assert_eq!(parts, occurrences(&reminder, zone, from, to));
        Ok(())
    });
}

#[test]
fn the_next_one_is_the_first_of_all_that_follow() {
    hold(2000, &(any_reminder(), any_zone()), |((reminder, after), zone)| {
        let later = after + TimeDelta::nanoseconds(1);
        match next_after(&reminder, zone, after) {
            Some(next) => {
                prop_assert!(next.at > after);
                let until_it = occurrences(&reminder, zone, later, next.at + TimeDelta::nanoseconds(1));
                prop_assert!(until_it.iter().all(|one| one.at == next.at));
                prop_assert_eq!(until_it.first(), Some(&next));
            }
            None => prop_assert_eq!(occurrences(&reminder, zone, later, later + TimeDelta::days(36_500)), []),
        }
        Ok(())
    });
}

#[test]
fn walking_from_one_to_the_next_meets_every_instant() {
    hold(300, &(any_reminder(), any_zone()), |((reminder, from), zone)| {
        let to = from + TimeDelta::days(200);
        let mut met = Vec::new();
        let mut after = from - TimeDelta::nanoseconds(1);
        while let Some(next) = next_after(&reminder, zone, after).filter(|next| next.at < to) {
            prop_assert!(std::mem::replace(&mut after, next.at) < next.at, "later");
            met.push(next.at);
        }
        let mut all: Vec<_> = occurrences(&reminder, zone, from, to).iter().map(|one| one.at).collect();
        all.dedup();
        prop_assert_eq!(met, all);
        Ok(())
    });
}

#[test]
fn a_pause_leaves_out_exactly_its_days() {
    hold(1000, &(any_reminder(), any_zone()), |((reminder, from), zone)| {
        let to = from + TimeDelta::days(300);
        let all = occurrences(&Reminder { paused_until: None, ..reminder.clone() }, zone, from, to);
        let kept: Vec<_> =
            all.into_iter().filter(|one| reminder.paused_until.is_none_or(|last| one.date > last)).collect();
        prop_assert_eq!(occurrences(&reminder, zone, from, to), kept);
        Ok(())
    });
}

#[test]
fn the_dates_are_the_same_wherever_one_begins_to_look() {
    hold(2000, &(any_schedule(), 0..4000_u64, 0..400_u64), |(schedule, skip, width)| {
        let first = schedule.starts_on + Days::new(skip);
        let last = first + Days::new(width);
        let mut all = schedule.dates(schedule.starts_on..=last);
        all.retain(|date| *date >= first);
        prop_assert_eq!(schedule.dates(first..=last), all);
        Ok(())
    });
}

#[test]
fn a_schedule_that_starts_on_its_first_date_is_the_same() {
    hold(1000, &any_schedule(), |schedule| {
        let days = schedule.starts_on..=schedule.starts_on + Days::new(4000);
        let dates = schedule.dates(days.clone());
        let Some(starts_on) = dates.first().copied() else { return Ok(()) };
        prop_assert_eq!(Schedule { starts_on, ..schedule }.dates(days), dates);
        Ok(())
    });
}

#[test]
fn a_count_is_kept_and_a_last_date_not_passed() {
    let end_of_time = NaiveDate::from_ymd_opt(2200, 12, 31).unwrap();
    hold(500, &any_schedule(), |schedule| {
        let dates = schedule.dates(schedule.starts_on..=end_of_time);
        prop_assert!(dates.is_sorted_by(|one, next| one < next));
        prop_assert!(dates.first().is_none_or(|first| *first >= schedule.starts_on));
        match schedule.ends {
            _ if schedule.repeat == Repeat::None => prop_assert_eq!(dates, [schedule.starts_on]),
            Some(Ends::On(last)) => prop_assert!(dates.iter().all(|date| *date <= last)),
            Some(Ends::After(count)) => {
                let endless = Schedule { ends: None, ..schedule.clone() }.dates(schedule.starts_on..=end_of_time);
                prop_assert_eq!(&dates[..], &endless[..endless.len().min(usize::try_from(count).unwrap())]);
            }
            None => {
                prop_assert!(dates.last().unwrap().to_string().as_str() > "2148", "52 months before the end at most")
            }
        }
        Ok(())
    });
}

#[test]
fn an_instant_is_when_the_wall_first_shows_the_time_or_a_later_one() {
    let wall = |at: DateTime<Utc>, zone: Tz| at.with_timezone(&zone).naive_local();
    hold(4000, &(any_day(), any_clock(), any_zone()), |(date, clock, zone)| {
        let (meant, at) = (date.and_time(clock.time()), instant(date, clock.time(), zone));
        prop_assert!(wall(at, zone) >= meant);
        prop_assert!(
            (1..=1500).all(|before| wall(at - minutes(before), zone) < meant),
            "at any minute of the day before"
        );
        prop_assert_eq!(at.timestamp() % 60, 0, "whole minutes");
        Ok(())
    });
}

#[test]
fn later_on_the_wall_is_never_earlier_in_truth() {
    let strategy = (any_zone(), any_day(), any_clock(), 0..2880_i64);
    hold(20_000, &strategy, |(zone, date, clock, later)| {
        let second: NaiveDateTime = date.and_time(clock.time()) + minutes(later);
        prop_assert!(instant(date, clock.time(), zone) <= instant(second.date(), second.time(), zone));
        Ok(())
    });
}

#[test]
fn quiet_hours_end_and_are_those_of_the_wall_where_no_clock_changes() {
    let strategy = (any_clock(), any_clock(), any_day(), 0..1440_i64, any_zone());
    hold(5000, &strategy, |(from, until, date, minute, zone)| {
        let quiet = Quiet { from: from.time(), until: until.time() };
        let at = date.and_time(NaiveTime::MIN).and_utc() + minutes(minute);
        let end = quiet.end(at, zone);
        prop_assert!(end >= at && (end == at) != quiet.holds(at, zone));
        prop_assert!(!quiet.holds(end, zone), "the end is no more quiet");
        prop_assert!(end - at < TimeDelta::hours(50), "two nights, with a day between them that never was");
        let offset = |days: i64| (at + TimeDelta::days(days)).with_timezone(&zone).offset().fix();
        if (-4..=4).any(|days| offset(days) != offset(0)) {
            return Ok(());
        }
        let wall = |at: DateTime<Utc>| at.with_timezone(&zone).time();
        let on_the_wall = if quiet.from <= quiet.until {
            quiet.from <= wall(at) && wall(at) < quiet.until
        } else {
            quiet.from <= wall(at) || wall(at) < quiet.until
        };
        prop_assert_eq!(quiet.holds(at, zone), on_the_wall);
        prop_assert!(!on_the_wall || wall(end) == quiet.until);
        Ok(())
    });
}

#[test]
fn a_round_puts_each_in_one_place_and_comes_to_an_end() {
    let pending = vec(-400..2000_i64, 0..12);
    let quiet = option::of((any_clock(), any_clock()));
    hold(2000, &(pending, quiet, any_day(), any_zone()), |(due, quiet, date, zone)| {
        let mut now = date.and_time(NaiveTime::MIN).and_utc();
        let quiet = quiet.map(|(from, until)| Quiet { from: from.time(), until: until.time() });
        let one = |(n, due): (u128, &i64)| {
            let at = now + minutes(*due);
            let occurrence = Occurrence { id: Uuid::from_u128(n), reminder: Uuid::nil(), date, time: at.time(), at };
            Pending { occurrence, due_at: at }
        };
        let mut pending: Vec<Pending> = (0..).zip(&due).map(one).collect();
        let mut looks = 0;
        loop {
            let all = round(&pending, quiet, zone, now);
            for one in &pending {
                let late = now - one.due_at;
                let (told, stale) = (all.tell.contains(&one.occurrence.id), all.stale.contains(&one.occurrence.id));
                prop_assert_eq!(stale, late > USEFUL_FOR);
                let may = quiet.is_none_or(|quiet| !quiet.holds(now, zone));
                prop_assert_eq!(told, may && late >= TimeDelta::zero() && late <= USEFUL_FOR);
            }
            pending.retain(|one| !all.tell.contains(&one.occurrence.id) && !all.stale.contains(&one.occurrence.id));
            prop_assert_eq!(all.next.is_some(), !pending.is_empty());
            looks += 1;
            match all.next {
                Some(next) => prop_assert!(std::mem::replace(&mut now, next) < next, "later"),
                None => break,
            }
        }
        prop_assert!(looks <= 2 * due.len() + 1, "{looks} looks at {} occurrences", due.len());
        Ok(())
    });
}

/// Dates at the ends of time, intervals of nothing, times by the dozen: none of it panics, hangs, or happens if it has a fault.
#[test]
fn nothing_that_can_be_written_down_makes_it_panic() {
    let date = || {
        select(
            &["-262143-01-01", "0000-02-30", "1899-12-31", "1900-01-01", "2024-02-29", "2200-12-31", "+262142-12-31"][..],
        )
    };
    let number = || prop_oneof![select(&[-1_i64, 0, 1, 52, 53, 255, 65_535, 65_536, i64::MAX][..]), 0..40_i64];
    let word = || select(&["mo", "su", "none", "day", "week", "month", "21:00", "24:00", "", "no"][..]);
    let value = prop_oneof![
        Just(json!(null)),
        date().prop_map(|date| json!(date)),
        number().prop_map(|number| json!(number)),
        vec(word(), 0..9).prop_map(|words| json!(words)),
        number().prop_map(|day| json!({ "day": day })),
        (number(), word()).prop_map(|(nth, weekday)| json!({ "nth": nth, "weekday": weekday })),
        number().prop_map(|after| json!({ "after": after })),
        date().prop_map(|on| json!({ "on": on })),
    ];
    let fields =
        select(&["/starts_on", "/times", "/repeat", "/repeat/every", "/repeat/weekdays", "/repeat/month", "/ends"][..]);
    let change = vec((fields, value), 0..4);
    let ends_of_time = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];
    let near = || (-70_000..110_000_i64).prop_map(|days| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(days));
    let moment = || prop_oneof![select(ends_of_time.to_vec()), near()];
    let strategy = (any_schedule(), change, moment(), moment(), moment(), any_zone());
    let read = std::cell::Cell::new(0);
    hold(3000, &strategy, |(schedule, changes, from, a, b, zone)| {
        let mut wire = serde_json::to_value(schedule).unwrap();
        for (field, value) in changes {
            if let Some(place) = wire.pointer_mut(field) {
                *place = value;
            }
        }
        let Ok(schedule) = serde_json::from_value::<Schedule>(wire) else { return Ok(()) };
        read.set(read.get() + 1);
        let _ = schedule.rule();
        let never = schedule.check().is_err();
        let reminder = Reminder { id: Uuid::nil(), schedule, from, until: Some(a), paused_until: Some(b.date_naive()) };
        let awake = Reminder { until: None, paused_until: None, ..reminder.clone() };
        for reminder in [reminder, awake] {
            let next = next_after(&reminder, zone, a);
            prop_assert!(next.is_none() || !never);
            // Three centuries of it would be right too, and slow a thousand times over.
            let to = a.checked_add_signed(TimeDelta::days(1000)).unwrap_or(b);
            prop_assert!(occurrences(&reminder, zone, a, to).is_empty() || !never);
            prop_assert!(reminder.schedule.dates(b.date_naive()..=a.date_naive()).is_empty() || !never);
        }
        let (from, until) = (a.time(), b.time());
        let _ = (Quiet { from, until }.end(a, zone), Quiet { from: until, until: from }.end(b, zone));
        Ok(())
    });
    assert!(read.get() > 1000, "only {} could be read", read.get());
}

#[test]
fn three_centuries_are_soon_found() {
    let starts_on = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
    let times = vec![Clock::new(9, 0).unwrap()];
    let schedule = Schedule { starts_on, times, repeat: Repeat::Day { every: 1 }, ends: None };
    let (always, never) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let reminder = Reminder { id: Uuid::nil(), schedule, from: always, until: None, paused_until: None };
    let begun = std::time::Instant::now();
    assert_eq!(occurrences(&reminder, Tz::Europe__London, always, never).len(), 109_938, "the days of 1900 to 2200");
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}
