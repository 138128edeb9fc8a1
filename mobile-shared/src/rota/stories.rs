//! Nights that were got wrong elsewhere, and some that were not.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};

use super::{made_up::*, *};
use crate::reminder::{Ends, Repeat};

#[test]
fn the_night_the_clocks_go_back_is_an_hour_longer_and_the_one_they_go_forward_an_hour_shorter() {
    let night = [daily(1, "22:00-08:00", Some(DEE))];
    for (from, until, hours) in [
        ("2026-10-24T20:00:00Z", "2026-10-24T22:00:00Z", 11),
        ("2026-03-28T20:00:00Z", "2026-03-28T23:00:00Z", 9),
        ("2026-11-16T20:00:00Z", "2026-11-16T23:00:00Z", 10),
    ] {
        let found = all(&night, from, until);
        assert_eq!((found.len(), (found[0].until - found[0].from).num_hours()), (1, hours), "{from}");
    }
}

#[test]
fn a_shift_that_starts_or_ends_in_the_hour_that_comes_twice_overlaps_with_its_neighbour() {
    let rota = [daily(1, "20:00-01:30", Some(DEE)), daily(2, "01:30-20:00", Some(SAM))];
    let found = all(&rota, "2026-10-24T18:00:00Z", "2026-10-25T12:00:00Z");
    let spans = told(found.iter().map(|s| (&s.from, &s.until)));
    assert_eq!(spans, ["24T00:30Z to 24T19:00Z", "24T19:00Z to 25T01:30Z", "25T00:30Z to 25T20:00Z"]);
    assert_eq!(on(&found, &[], Line::First, utc("2026-10-25T01:00:00Z")), [DEE, SAM]);
}

#[test]
fn a_time_that_the_clocks_jump_over_is_the_first_minute_after() {
    let rota = [daily(1, "20:00-01:30", Some(DEE)), daily(2, "01:30-20:00", Some(SAM))];
    let found = all(&rota, "2026-03-28T23:00:00Z", "2026-03-29T12:00:00Z");
    assert_eq!(told(found.iter().map(|s| (&s.from, &s.until))), ["28T20:00Z to 29T01:00Z", "29T01:00Z to 29T19:00Z"]);
    let within = [once(3, "2026-03-29", "01:10-01:40", DEE)];
    assert_eq!(all(&within, "2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"), [], "that never was");
}

/// Both of each year, from the rule of law: the last Sundays of March and October.
fn changes() -> impl Iterator<Item = NaiveDate> {
    (2024..=2040).flat_map(|year| {
        [3, 10].map(|month| {
            let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap();
            last - Days::new(last.weekday().days_since(Weekday::Sun).into())
        })
    })
}

#[test]
fn no_cover_that_joins_on_the_wall_gaps_at_any_change_of_the_clocks_from_2024_to_2040() {
    let mut looked_at = 0;
    for sunday in changes() {
        for minute in (0..24 * 60).step_by(10) {
            let join = clock(&format!("{:02}:{:02}", minute / 60, minute % 60));
            let noon = clock(if minute < 720 { "15:00" } else { "09:00" });
            let one = Pattern { from: noon, until: join, ..daily(1, "00:00-00:00", Some(DEE)) };
            let other = Pattern { from: join, until: noon, ..daily(2, "00:00-00:00", Some(SAM)) };
            let whole_days = Pattern { from: join, until: join, ..daily(3, "00:00-00:00", Some(DEE)) };
            let day = sunday.and_hms_opt(0, 0, 0).unwrap().and_utc();
            let (from, until) = (day - TimeDelta::days(2), day + TimeDelta::days(3));
            for rota in [&[one, other][..], &[whole_days]] {
                let found = shifts(rota, &[], ZONE, from, until);
                assert_eq!(holes(&found, &[], Line::First, from, until), [], "{sunday} {join}");
                looked_at += 1;
            }
        }
    }
    assert_eq!(looked_at, 34 * 144 * 2);
}

#[test]
fn a_day_of_23_or_25_hours_has_a_shift_of_as_many() {
    let whole = [daily(1, "00:00-00:00", Some(DEE))];
    let hours = |day: &str| {
        let found = all(&whole, &format!("{day}T12:00:00Z"), &format!("{day}T13:00:00Z"));
        assert_eq!(found.len(), 1);
        (found[0].until - found[0].from).num_hours()
    };
    assert_eq!([hours("2026-03-29"), hours("2026-10-25"), hours("2026-11-16")], [23, 25, 24]);
}

#[test]
fn the_night_of_29_february_is_there_in_leap_years() {
    let monthly = Pattern {
        repeat: Repeat::Month { every: 1, month: crate::reminder::MonthDay::Day { day: 29 } },
        starts_on: date("2024-01-29"),
        ..daily(1, "22:00-08:00", Some(DEE))
    };
    let nights = |year: &str| {
        let found =
            all(std::slice::from_ref(&monthly), &format!("{year}-02-27T12:00:00Z"), &format!("{year}-03-02T12:00:00Z"));
        found.iter().map(|s| s.date.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(nights("2028"), ["2028-02-29"]);
    assert_eq!(nights("2027"), ["2027-02-28"], "the last day of a shorter month");
    let daily = [daily(2, "22:00-08:00", Some(DEE)), daily(3, "08:00-22:00", Some(SAM))];
    let found = all(&daily, "2028-02-28T00:00:00Z", "2028-03-02T00:00:00Z");
    assert_eq!(holes_told(&found, &[], "2028-02-28T00:00:00Z", "2028-03-02T00:00:00Z"), Vec::<String>::new());
    assert!(found.iter().any(|s| s.date == date("2028-02-29")));
}

#[test]
fn what_is_nobodys_is_a_hole_and_so_is_where_somebody_is_away() {
    let rota = [daily(1, "22:00-08:00", None), daily(2, "08:00-22:00", Some(DEE))];
    let (from, until) = ("2026-11-16T09:00:00Z", "2026-11-17T09:00:00Z");
    let found = all(&rota, from, until);
    assert_eq!(holes_told(&found, &[], from, until), ["16T22:00Z to 17T08:00Z"]);
    let ill = Absence { worker: DEE, from: utc("2026-11-16T14:30:30Z"), until: None };
    assert_eq!(
        holes_told(&found, &[ill], from, until),
        ["16T14:30Z to 17T09:00Z"],
        "a minute of which a half is covered"
    );
    let back = Absence { until: Some(utc("2026-11-16T15:00:30Z")), ..ill };
    assert_eq!(holes_told(&found, &[back], from, until), ["16T14:30Z to 16T15:01Z", "16T22:00Z to 17T08:00Z"]);
    assert!(on(&found, &[back], Line::First, utc("2026-11-16T14:59:00Z")).is_empty());
    assert_eq!(on(&found, &[back], Line::First, utc("2026-11-16T15:01:00Z")), [DEE]);
    assert!(on(&found, &[], Line::Second, utc("2026-11-16T15:01:00Z")).is_empty());
}

#[test]
fn a_swap_counts_for_its_one_date_and_the_last_one_counts() {
    let rota = [daily(1, "22:00-08:00", Some(DEE))];
    let to = |day: &str, worker| Change { pattern: rota[0].id, date: date(day), worker };
    let kim = uuid::Uuid::from_u128(9);
    let found = shifts(
        &rota,
        &[to("2026-11-17", SAM), to("2026-11-17", kim)],
        ZONE,
        utc("2026-11-16T12:00:00Z"),
        utc("2026-11-19T12:00:00Z"),
    );
    assert_eq!(found.iter().map(|s| s.worker).collect::<Vec<_>>(), [Some(DEE), Some(kim), Some(DEE)]);
}

#[test]
fn how_long_somebody_stays_goes_over_the_end_of_a_shift_but_not_over_a_break() {
    let rota =
        [daily(1, "22:00-08:00", Some(DEE)), daily(2, "08:00-12:00", Some(DEE)), daily(3, "12:00-22:00", Some(SAM))];
    let found = all(&rota, "2026-11-16T00:00:00Z", "2026-11-20T00:00:00Z");
    let at = utc("2026-11-16T23:00:00Z");
    let stays = |worker, absences: &[Absence]| unbroken(&found, absences, Line::First, worker, at);
    assert_eq!(stays(DEE, &[]), Some(utc("2026-11-17T12:00:00Z")));
    assert_eq!(stays(SAM, &[]), None);
    let leaves = Absence { worker: DEE, from: utc("2026-11-17T02:00:00Z"), until: None };
    assert_eq!(stays(DEE, &[leaves]), Some(leaves.from));
    assert_eq!(next_covered(&found, &[leaves], Line::First, leaves.from), Some(utc("2026-11-17T12:00:00Z")));
    assert_eq!(next_covered(&found, &[leaves], Line::First, at), Some(at));
    assert_eq!(next_covered(&[], &[], Line::First, at), None);
}

#[test]
fn two_shifts_of_one_person_at_once_are_one_person() {
    let rota =
        [daily(1, "22:00-08:00", Some(DEE)), daily(2, "20:00-23:00", Some(DEE)), daily(3, "21:00-23:30", Some(SAM))];
    let found = all(&rota, "2026-11-16T00:00:00Z", "2026-11-17T00:00:00Z");
    assert_eq!(on(&found, &[], Line::First, utc("2026-11-16T22:30:00Z")), [DEE, SAM], "who began first");
}

#[test]
fn a_rota_that_ends_ends() {
    let once =
        Pattern { ends: Some(Ends::After(2)), starts_on: date("2026-11-16"), ..daily(1, "22:00-08:00", Some(DEE)) };
    let found = all(&[once], "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z");
    assert_eq!(found.iter().map(|s| s.date.to_string()).collect::<Vec<_>>(), ["2026-11-16", "2026-11-17"]);
}

#[test]
fn the_night_of_a_shift_begins_while_people_are_awake() {
    let begins = |times: &str| -> Option<DateTime<Utc>> {
        let found = all(&[once(1, "2026-11-16", times, DEE)], "2026-11-15T00:00:00Z", "2026-11-18T00:00:00Z");
        begins_at_night(&found[0], ZONE)
    };
    for (times, wanted) in [
        ("22:00-08:00", Some("2026-11-16T22:00:00Z")),
        ("17:00-09:00", Some("2026-11-16T20:00:00Z")),
        ("09:00-09:00", Some("2026-11-16T20:00:00Z")),
        ("07:00-07:00", Some("2026-11-16T20:00:00Z")),
        ("14:00-22:00", Some("2026-11-16T20:00:00Z")),
        ("08:00-20:00", None),
        ("09:00-17:00", None),
        // They would be asked at three in the morning.
        ("06:00-14:00", Some("2026-11-15T21:00:00Z")),
        ("00:00-08:00", Some("2026-11-15T21:00:00Z")),
    ] {
        assert_eq!(begins(times), wanted.map(utc), "{times}");
    }
}

#[test]
fn a_pattern_with_a_fault_says_which_field_and_never_happens() {
    let good = daily(1, "22:00-08:00", Some(DEE));
    assert_eq!(good.check(), Ok(()));
    let wrong = [
        (Pattern { starts_on: date("1800-01-01"), ..good.clone() }, "starts_on"),
        (Pattern { repeat: Repeat::Day { every: 0 }, ..good.clone() }, "repeat"),
        (Pattern { repeat: Repeat::Week { every: 1, weekdays: Vec::new() }, ..good.clone() }, "repeat"),
        (Pattern { ends: Some(Ends::On(date("2023-11-30"))), ..good.clone() }, "ends"),
        (Pattern { ends: Some(Ends::After(0)), ..good }, "ends"),
    ];
    for (pattern, field) in wrong {
        assert_eq!(pattern.check().unwrap_err().field(), field);
        assert_eq!(all(&[pattern], "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"), []);
    }
}
