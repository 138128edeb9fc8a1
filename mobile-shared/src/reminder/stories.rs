//! Which dates a schedule means, and what a pause, a change and a quiet night do to them.

use chrono::TimeDelta;
use chrono_tz::{Europe::London, UTC};
use serde_json::json;

use super::made_up::{daily, date, dates, monthly, reminder, time, times, told, utc, weekly};
use super::*;

#[test]
fn a_reminder_for_once_happens_once() {
    let once = Schedule { repeat: Repeat::None, ..daily("2026-03-05", "09:00 21:00") };
    assert_eq!(dates(&once, "1900-01-01", "2200-12-31"), ["2026-03-05"]);
    assert_eq!(once.rule(), None);
    let all = told(&reminder(once), UTC, "1900-01-01T00:00:00Z", "2200-12-31T00:00:00Z");
    assert_eq!(all, ["2026-03-05 09:00 = 05T09:00Z", "2026-03-05 21:00 = 05T21:00Z"]);
}

#[test]
fn every_third_day_is_counted_from_the_first_however_far_away() {
    let third = Schedule { repeat: Repeat::Day { every: 3 }, ..daily("2024-02-27", "09:00") };
    assert_eq!(dates(&third, "2024-02-01", "2024-03-06"), ["2024-02-27", "2024-03-01", "2024-03-04"]);
    // 15,000 days and 15,003 days later.
    assert_eq!(dates(&third, "2065-03-22", "2065-03-26"), ["2065-03-23", "2065-03-26"]);
}

#[test]
fn every_second_week_is_counted_from_the_monday_before_the_start() {
    use Weekday::{Fr, Mo};
    let second = weekly("2026-01-07", 2, &[Mo, Fr]);
    // The Monday of its first week has gone by when it starts, on a Wednesday.
    assert_eq!(dates(&second, "2026-01-01", "2026-02-03"), ["2026-01-09", "2026-01-19", "2026-01-23", "2026-02-02"]);
    assert_eq!(dates(&second, "2026-01-20", "2026-01-31"), ["2026-01-23"]);
    // Across the end of the year.
    assert_eq!(
        dates(&weekly("2026-12-21", 1, &[Mo, Fr]), "2026-12-25", "2027-01-05"),
        ["2026-12-25", "2026-12-28", "2027-01-01", "2027-01-04"]
    );
}

#[test]
fn a_month_that_is_too_short_has_it_on_its_last_day() {
    let day = |day| monthly("2026-01-01", MonthDay::Day { day });
    assert_eq!(dates(&day(31), "2026-01-01", "2026-05-01"), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
    assert_eq!(dates(&day(30), "2026-01-31", "2026-04-29"), ["2026-02-28", "2026-03-30"]);
    assert_eq!(dates(&day(29), "2026-02-01", "2026-03-29"), ["2026-02-28", "2026-03-29"]);
    assert_eq!(dates(&day(28), "2026-02-01", "2026-03-29"), ["2026-02-28", "2026-03-28"]);
    // It starts on the day after the one it would have been on.
    let late = monthly("2026-01-31", MonthDay::Day { day: 30 });
    assert_eq!(dates(&late, "2026-01-01", "2026-03-30"), ["2026-02-28", "2026-03-30"]);
}

#[test]
fn a_leap_day_is_a_day_and_its_monthly_reminder_lives_on() {
    let leap = monthly("2024-02-29", MonthDay::Day { day: 29 });
    assert_eq!(dates(&leap, "2024-02-01", "2024-03-31"), ["2024-02-29", "2024-03-29"]);
    assert_eq!(dates(&leap, "2025-02-01", "2025-02-28"), ["2025-02-28"]);
    assert_eq!(dates(&leap, "2028-02-01", "2028-03-01"), ["2028-02-29"]);
    // 2100 is no leap year.
    assert_eq!(dates(&leap, "2100-02-01", "2100-03-01"), ["2100-02-28"]);
    assert_eq!(
        dates(&daily("2024-02-28", "09:00"), "2028-02-28", "2028-03-01"),
        ["2028-02-28", "2028-02-29", "2028-03-01"]
    );
    let yearly = Schedule { repeat: Repeat::Month { every: 12, month: MonthDay::Day { day: 29 } }, ..leap };
    assert_eq!(
        dates(&yearly, "2024-01-01", "2028-12-31").join(" "),
        "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29"
    );
}

#[test]
fn the_second_tuesday_and_the_last_sunday_of_a_month() {
    let nth = |nth, weekday| monthly("2026-02-11", MonthDay::Nth { nth, weekday });
    // It starts on the day after the second Tuesday of February.
    assert_eq!(dates(&nth(2, Weekday::Tu), "2026-01-01", "2026-05-01"), ["2026-03-10", "2026-04-14"]);
    assert_eq!(dates(&nth(-1, Weekday::Su), "2026-01-01", "2026-04-30"), ["2026-02-22", "2026-03-29", "2026-04-26"]);
    assert_eq!(dates(&nth(1, Weekday::Mo), "2026-01-01", "2026-04-30"), ["2026-03-02", "2026-04-06"]);
}

#[test]
fn the_first_monday_is_not_every_monday_in_the_rule() {
    let first = monthly("2026-01-01", MonthDay::Nth { nth: 1, weekday: Weekday::Mo });
    assert_eq!(first.rule().unwrap(), "FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO");
}

#[test]
fn a_rule_says_what_was_chosen() {
    let last = monthly("2026-01-01", MonthDay::Day { day: 31 });
    assert_eq!(last.rule().unwrap(), "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1");
    let week = Schedule { ends: Some(Ends::After(10)), ..weekly("2026-01-01", 2, &[Weekday::Mo, Weekday::Su]) };
    assert_eq!(week.rule().unwrap(), "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,SU;COUNT=10");
    let until = Schedule { ends: Some(Ends::On(date("2026-12-31"))), ..daily("2026-01-01", "09:00") };
    assert_eq!(until.rule().unwrap(), "FREQ=DAILY;INTERVAL=1;UNTIL=20261231");
}

#[test]
fn a_count_counts_from_the_start_wherever_one_looks() {
    let five = |schedule| Schedule { ends: Some(Ends::After(5)), ..schedule };
    let day = five(daily("2026-01-01", "08:00 20:00"));
    assert_eq!(dates(&day, "2026-01-04", "2026-02-01"), ["2026-01-04", "2026-01-05"]);
    let all = told(&reminder(day), UTC, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    assert_eq!(all.len(), 10, "five days of two times");
    let week = five(weekly("2026-01-07", 1, &[Weekday::Mo, Weekday::Fr]));
    assert_eq!(dates(&week, "2026-01-20", "2027-01-01"), ["2026-01-23"]);
    let month = five(monthly("2026-01-31", MonthDay::Day { day: 30 }));
    assert_eq!(dates(&month, "2026-06-01", "2027-01-01"), ["2026-06-30"]);
    let thousand = Schedule { ends: Some(Ends::After(1000)), ..daily("2026-01-01", "09:00") };
    assert_eq!(dates(&thousand, "2028-09-20", "2029-01-01").last().unwrap(), "2028-09-26");
}

#[test]
fn the_last_date_is_among_them() {
    let until = Schedule { ends: Some(Ends::On(date("2026-01-19"))), ..weekly("2026-01-05", 1, &[Weekday::Mo]) };
    assert_eq!(dates(&until, "2026-01-10", "2026-12-31"), ["2026-01-12", "2026-01-19"]);
    assert_eq!(dates(&until, "2026-01-20", "2026-12-31"), [] as [&str; 0]);
}

#[test]
fn what_has_a_fault_names_the_field_and_never_happens() {
    let good = daily("2026-01-01", "09:00");
    let with = |change: &dyn Fn(&mut Schedule)| {
        let mut schedule = good.clone();
        change(&mut schedule);
        assert_eq!(schedule.dates(date("1900-01-01")..=date("2200-12-31")), []);
        schedule.check().unwrap_err().field()
    };
    assert_eq!(good.check(), Ok(()));
    assert_eq!(with(&|s| s.starts_on = date("1899-12-31")), "starts_on");
    assert_eq!(with(&|s| s.starts_on = chrono::NaiveDate::MAX), "starts_on");
    assert_eq!(with(&|s| s.times.clear()), "times");
    assert_eq!(with(&|s| s.times = times("09:00 08:00")), "times");
    assert_eq!(with(&|s| s.times = times("09:00 09:00")), "times");
    assert_eq!(with(&|s| s.times = times("01:00 02:00 03:00 04:00 05:00 06:00 07:00")), "times");
    assert_eq!(with(&|s| s.repeat = Repeat::Day { every: 0 }), "repeat");
    assert_eq!(with(&|s| s.repeat = Repeat::Day { every: 53 }), "repeat");
    assert_eq!(with(&|s| s.repeat = Repeat::Week { every: 1, weekdays: vec![] }), "repeat");
    assert_eq!(with(&|s| s.repeat = Repeat::Week { every: 1, weekdays: vec![Weekday::Mo; 2] }), "repeat");
    assert_eq!(with(&|s| s.repeat = Repeat::Month { every: 1, month: MonthDay::Day { day: 32 } }), "repeat");
    let fifth = MonthDay::Nth { nth: 5, weekday: Weekday::Mo };
    assert_eq!(with(&|s| s.repeat = Repeat::Month { every: 1, month: fifth }), "repeat");
    assert_eq!(with(&|s| s.ends = Some(Ends::On(date("2025-12-31")))), "ends");
    assert_eq!(with(&|s| s.ends = Some(Ends::After(0))), "ends");
    assert_eq!(with(&|s| s.ends = Some(Ends::After(1001))), "ends");
}

#[test]
fn the_wire_is_as_agreed() {
    for wire in [
        json!({"starts_on": "2026-01-01", "times": ["21:00"], "repeat": {"unit": "none", "every": 1}, "ends": null}),
        json!({"starts_on": "2026-01-01", "times": ["09:00", "21:00"], "repeat": {"unit": "day", "every": 2}, "ends": {"after": 7}}),
        json!({"starts_on": "2026-01-01", "times": ["21:00"], "repeat": {"unit": "week", "every": 1, "weekdays": ["mo", "su"]}, "ends": null}),
        json!({"starts_on": "2026-01-01", "times": ["21:00"], "repeat": {"unit": "month", "every": 1, "month": {"day": 31}}, "ends": {"on": "2026-12-31"}}),
        json!({"starts_on": "2026-01-01", "times": ["21:00"], "repeat": {"unit": "month", "every": 1, "month": {"nth": -1, "weekday": "fr"}}, "ends": null}),
    ] {
        let schedule: Schedule = serde_json::from_value(wire.clone()).unwrap();
        assert_eq!(schedule.check(), Ok(()));
        assert_eq!(serde_json::to_value(&schedule).unwrap(), wire);
    }
    for no_time in ["24:00", "9:00", "09:60", "09:00:00", "+9:00", "", "٠٩:٠٠"] {
        assert_eq!(no_time.parse::<Clock>(), Err(NotATime), "{no_time}");
    }
    // What is not needed may be left out, and what is not known may be there.
    let wire =
        json!({"starts_on": "2026-01-01", "times": ["21:00"], "repeat": {"unit": "day", "weekdays": []}, "colour": 1});
    assert_eq!(serde_json::from_value::<Schedule>(wire).unwrap(), daily("2026-01-01", "21:00"));
}

#[test]
fn a_pause_leaves_out_its_days_and_not_the_next() {
    let paused = Reminder { paused_until: Some(date("2026-01-10")), ..reminder(daily("2026-01-01", "00:00 23:59")) };
    let next = next_after(&paused, London, utc("2026-01-02T00:00:00Z")).unwrap();
    assert_eq!((next.date, next.time), (date("2026-01-11"), time("00:00")));
    // What was counted on its days is gone: a pause makes a reminder no longer.
    let counted = Schedule { ends: Some(Ends::After(11)), ..daily("2026-01-01", "09:00") };
    let counted = Reminder { paused_until: Some(date("2026-01-10")), ..reminder(counted) };
    let all = told(&counted, London, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    assert_eq!(all, ["2026-01-11 09:00 = 11T09:00Z"]);
}

#[test]
fn a_change_cuts_between_the_old_wording_and_the_new() {
    let changed_at = utc("2026-01-02T12:00:00Z");
    let old = Reminder { until: Some(changed_at), ..reminder(daily("2026-01-01", "08:00 12:00")) };
    let new = Reminder { from: changed_at, ..reminder(daily("2026-01-01", "08:00 12:00")) };
    let (from, to) = ("2026-01-01T00:00:00Z", "2026-01-03T09:00:00Z");
    assert_eq!(told(&old, UTC, from, to).len(), 3);
    assert_eq!(told(&new, UTC, from, to), ["2026-01-02 12:00 = 02T12:00Z", "2026-01-03 08:00 = 03T08:00Z"]);
    assert_eq!(next_after(&old, UTC, utc("2026-01-02T08:00:00Z")), None);
}

#[test]
fn an_occurrence_has_the_same_name_everywhere() {
    let first = &occurrences(
        &reminder(daily("2026-03-29", "01:30")),
        London,
        utc("2026-03-29T00:00:00Z"),
        utc("2026-03-30T00:00:00Z"),
    )[0];
    assert_eq!(first.id.to_string(), "05f7d5c0-3a59-5ae5-8dc8-559f5c88eaf5");
    // It does not depend on the zone, nor on the rest of the schedule.
    assert_eq!(first.id, occurrence_id(first.reminder, date("2026-03-29"), time("01:30")));
    assert_ne!(first.id, occurrence_id(first.reminder, date("2026-03-29"), time("01:31")));
}

fn pending(due_at: &str) -> Pending {
    let at = utc(due_at);
    let id = occurrence_id(uuid::Uuid::nil(), at.date_naive(), at.time());
    let occurrence = Occurrence { id, reminder: uuid::Uuid::nil(), date: at.date_naive(), time: at.time(), at };
    Pending { occurrence, due_at: at }
}

#[test]
fn several_that_are_due_together_are_told_as_one() {
    let all = [pending("2026-06-01T09:00:00Z"), pending("2026-06-01T09:30:00Z"), pending("2026-06-01T18:00:00Z")];
    let ids = all.clone().map(|one| one.occurrence.id);
    let now = round(&all, None, London, utc("2026-06-01T09:30:00Z"));
    assert_eq!(now, Round { tell: ids[..2].to_vec(), stale: vec![], next: Some(utc("2026-06-01T18:00:00Z")) });
    assert_eq!(round(&[], None, London, utc("2026-06-01T09:30:00Z")), Round::default());
}

#[test]
fn what_is_three_hours_late_is_told_and_a_minute_later_no_more() {
    let one = [pending("2026-06-01T09:00:00Z")];
    let at = utc("2026-06-01T09:00:00Z") + USEFUL_FOR;
    assert_eq!(round(&one, None, London, at).tell.len(), 1);
    let late = round(&one, None, London, at + TimeDelta::minutes(1));
    assert_eq!((late.tell.len(), late.stale.len(), late.next), (0, 1, None));
}

#[test]
fn a_snoozed_one_is_as_late_as_the_end_of_its_snooze() {
    let one = [Pending { due_at: utc("2026-06-01T15:00:00Z"), ..pending("2026-06-01T09:00:00Z") }];
    assert_eq!(round(&one, None, London, utc("2026-06-01T14:59:00Z")).next, Some(one[0].due_at));
    assert_eq!(round(&one, None, London, utc("2026-06-01T15:00:00Z")).tell.len(), 1);
}

#[test]
fn what_is_due_in_quiet_hours_waits_for_their_end_or_is_let_go() {
    let quiet = Some(Quiet { from: time("22:00"), until: time("07:00") });
    // 06:00 and 23:00 in London's summer.
    let (early, late) = ([pending("2026-06-02T05:00:00Z")], [pending("2026-06-01T22:00:00Z")]);
    let ends = Some(utc("2026-06-02T06:00:00Z"));
    assert_eq!(round(&early, quiet, London, utc("2026-06-02T05:00:00Z")), Round { next: ends, ..Round::default() });
    assert_eq!(round(&early, quiet, London, utc("2026-06-02T06:00:00Z")).tell.len(), 1);
    assert_eq!(round(&late, quiet, London, utc("2026-06-01T22:30:00Z")), Round { next: ends, ..Round::default() });
    assert_eq!(round(&late, quiet, London, utc("2026-06-02T06:00:00Z")).stale.len(), 1);
}

#[test]
fn quiet_hours_may_cross_midnight_or_not_or_never_be() {
    let holds = |from, until, at: &str| Quiet { from: time(from), until: time(until) }.holds(utc(at), UTC);
    for (at, night, noon) in [
        ("2026-06-01T21:59:59Z", false, false),
        ("2026-06-01T22:00:00Z", true, false),
        ("2026-06-02T06:59:59Z", true, false),
        ("2026-06-02T07:00:00Z", false, false),
        ("2026-06-02T12:00:00Z", false, true),
        ("2026-06-02T14:00:00Z", false, false),
    ] {
        assert_eq!(holds("22:00", "07:00", at), night, "{at}");
        assert_eq!(holds("12:00", "14:00", at), noon, "{at}");
        assert!(!holds("22:00", "22:00", at) && !holds("00:00", "00:00", at), "{at}");
    }
}
