//! Clocks that jump ahead, are put back, or leave out a day.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::{Africa, America, Australia, Europe::London, Pacific, Tz};

use super::made_up::{daily, date, reminder, time, told, utc};
use super::*;

fn instant_of(zone: Tz, day: &str, at: &str) -> String {
    instant(date(day), time(at), zone).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// The last Sunday of a month: when the clocks change in the United Kingdom, at one o'clock UTC.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap();
    last - Days::new(u64::from(last.weekday().num_days_from_sunday()))
}

#[test]
fn every_change_of_the_clocks_in_london_until_2040() {
    for year in 2024..=2040 {
        for (changes_on, expected) in [
            // 01:00 to 01:59 do not exist: 02:00 of the summer is 01:00 UTC.
            (last_sunday(year, 3), ["00:59", "01:00", "01:00", "01:00", "01:00", "02:00"]),
            // 01:00 to 01:59 come twice: first in summer time.
            (last_sunday(year, 10), ["23:59", "00:00", "00:30", "00:59", "02:00", "03:00"]),
        ] {
            let schedule = daily("2024-01-01", "00:59 01:00 01:30 01:59 02:00 03:00");
            let from = (changes_on.and_time(NaiveTime::MIN) - TimeDelta::hours(1)).and_utc();
            let found = occurrences(
                &reminder(schedule.clone()),
                London,
                from + TimeDelta::minutes(59),
                from + TimeDelta::hours(5),
            );
            let at: Vec<String> = found.iter().map(|one| one.at.format("%H:%M").to_string()).collect();
            assert_eq!(at, expected, "{changes_on}");
            assert!(found.iter().all(|one| one.date == changes_on));
            let told: Vec<Clock> = schedule.times;
            assert!(found.iter().map(|one| one.time).eq(told.iter().map(|clock| clock.time())), "each once");
        }
    }
}

#[test]
fn nine_in_the_morning_stays_nine_in_the_morning() {
    let morning = reminder(daily("2026-01-01", "09:00"));
    assert_eq!(
        told(&morning, London, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"),
        ["2026-03-28 09:00 = 28T09:00Z", "2026-03-29 09:00 = 29T08:00Z", "2026-03-30 09:00 = 30T08:00Z"]
    );
    assert_eq!(
        told(&morning, London, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z"),
        ["2026-10-24 09:00 = 24T08:00Z", "2026-10-25 09:00 = 25T09:00Z", "2026-10-26 09:00 = 26T09:00Z"]
    );
}

#[test]
fn a_time_that_comes_twice_is_told_once() {
    let night = reminder(daily("2026-01-01", "01:30"));
    let found = told(&night, London, "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z");
    assert_eq!(found, ["2026-10-25 01:30 = 25T00:30Z"]);
    let next = next_after(&night, London, utc("2026-10-25T00:30:00Z")).unwrap();
    assert_eq!(next.date, date("2026-10-26"));
}

#[test]
fn a_time_that_does_not_exist_is_the_first_minute_after() {
    assert_eq!(instant_of(London, "2026-03-29", "01:30"), "2026-03-29T01:00:00Z");
    // Half an hour: two o'clock to half past.
    assert_eq!(instant_of(Australia::Lord_Howe, "2026-10-04", "02:10"), "2026-10-03T15:30:00Z");
    assert_eq!(instant_of(Australia::Lord_Howe, "2026-10-04", "02:30"), "2026-10-03T15:30:00Z");
    assert_eq!(instant_of(Australia::Lord_Howe, "2026-04-05", "01:45"), "2026-04-04T14:45:00Z");
    // Midnight itself.
    assert_eq!(instant_of(America::Sao_Paulo, "2018-11-04", "00:00"), "2018-11-04T03:00:00Z");
    assert_eq!(instant_of(America::Sao_Paulo, "2018-11-03", "23:59"), "2018-11-04T02:59:00Z");
    // Winter time in Ramadan.
    assert_eq!(instant_of(Africa::Casablanca, "2026-03-22", "02:30"), "2026-03-22T02:00:00Z");
    assert_eq!(instant_of(Africa::Casablanca, "2026-02-15", "02:30"), "2026-02-15T01:30:00Z");
    // Forty-four and a half minutes: the first whole minute.
    assert_eq!(instant_of(Africa::Monrovia, "1972-01-07", "00:20"), "1972-01-07T00:45:00Z");
}

#[test]
fn a_day_that_never_was_begins_with_the_next() {
    // Samoa crossed the date line and left out the 30th of December 2011.
    for at in ["00:00", "12:34", "23:59"] {
        assert_eq!(instant_of(Pacific::Apia, "2011-12-30", at), "2011-12-30T10:00:00Z");
    }
    assert_eq!(instant_of(Pacific::Apia, "2011-12-31", "00:00"), "2011-12-30T10:00:00Z");
    assert_eq!(instant_of(Pacific::Kwajalein, "1993-08-21", "15:00"), "1993-08-21T12:00:00Z");
    let evening = reminder(daily("2011-12-01", "21:00"));
    assert_eq!(
        told(&evening, Pacific::Apia, "2011-12-30T00:00:00Z", "2012-01-01T00:00:00Z"),
        ["2011-12-29 21:00 = 30T07:00Z", "2011-12-30 21:00 = 30T10:00Z", "2011-12-31 21:00 = 31T07:00Z"]
    );
}

#[test]
fn a_day_that_came_twice_is_told_once() {
    // Kwajalein crossed the line the other way on the 30th of September 1969.
    let evening = reminder(daily("1969-01-01", "21:00"));
    assert_eq!(
        told(&evening, Pacific::Kwajalein, "1969-09-29T12:00:00Z", "1969-10-03T00:00:00Z"),
        ["1969-09-30 21:00 = 30T10:00Z", "1969-10-01 21:00 = 02T09:00Z"]
    );
}

#[test]
fn travelling_moves_the_instant_and_not_the_hour() {
    let evening = reminder(daily("2026-01-01", "21:00"));
    let next = |zone| next_after(&evening, zone, utc("2026-06-01T22:00:00Z")).unwrap();
    let (home, away) = (next(London), next(America::New_York));
    assert_eq!((home.time, home.at), (time("21:00"), utc("2026-06-02T20:00:00Z")));
    assert_eq!((away.time, away.at), (time("21:00"), utc("2026-06-02T01:00:00Z")));
    // It is the evening that was already told in London, under the same name: nobody tells it again.
    assert_eq!(away.id, next_after(&evening, London, utc("2026-06-01T00:00:00Z")).unwrap().id);
}

#[test]
fn a_night_in_which_the_clocks_change_is_quiet_until_its_end_on_the_wall() {
    let quiet = |from, until| Quiet { from: time(from), until: time(until) };
    let night = quiet("22:00", "07:00");
    assert_eq!(night.end(utc("2026-03-28T23:00:00Z"), London), utc("2026-03-29T06:00:00Z"));
    assert_eq!(night.end(utc("2026-10-24T23:00:00Z"), London), utc("2026-10-25T07:00:00Z"));
    // It ends in the hour that comes twice, and does not begin again with it.
    let short = quiet("22:00", "01:30");
    assert_eq!(short.end(utc("2026-10-24T23:00:00Z"), London), utc("2026-10-25T00:30:00Z"));
    assert!(!short.holds(utc("2026-10-25T01:10:00Z"), London), "ten past one, for the second time");
    // It begins in that hour, and does not stop with it.
    let late = quiet("01:30", "07:00");
    assert!(late.holds(utc("2026-10-25T00:40:00Z"), London) && late.holds(utc("2026-10-25T01:10:00Z"), London));
    // It would end in an hour that does not exist.
    assert_eq!(short.end(utc("2026-03-29T00:00:00Z"), London), utc("2026-03-29T01:00:00Z"));
}

#[test]
fn a_quiet_night_goes_on_over_a_day_that_never_was() {
    let night = Quiet { from: time("22:00"), until: time("07:00") };
    // From 23:00 on the 29th until 07:00 on the 31st are eight hours.
    assert_eq!(night.end(utc("2011-12-30T09:00:00Z"), Pacific::Apia), utc("2011-12-30T17:00:00Z"));
    assert_eq!(night.end(utc("2011-12-30T10:30:00Z"), Pacific::Apia), utc("2011-12-30T17:00:00Z"));
    let noon = Quiet { from: time("12:00"), until: time("14:00") };
    assert!(!noon.holds(utc("2011-12-30T10:00:00Z"), Pacific::Apia));
}
