//! How long reminders take to work out.
//!
//!     cargo run --release -p mobile-shared --example occurrences_speed
//!
//! Each figure is the median of many runs, on one core, for a client in London. That a reminder has been there for years must cost
//! nothing, unless its days are counted.

use std::hint::black_box;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::{Europe, Tz};
use mobile_shared::reminder::{
    Ends, MonthDay, Pending, Quiet, Reminder, Repeat, Schedule, Weekday, next_after, occurrences, round,
};
use serde_json::json;
use uuid::Uuid;

const LONDON: Tz = Europe::London;

fn main() {
    println!("{:56} {:>8} {:>10} {:>16}", "", "found", "µs", "found a second");
    let weekly = Repeat::Week { every: 1, weekdays: vec![Weekday::Mo, Weekday::We, Weekday::Fr] };
    let rules = [
        ("daily", Repeat::Day { every: 1 }),
        ("weekly Mon, Wed, Fri", weekly),
        ("monthly, the last day", Repeat::Month { every: 1, month: MonthDay::Day { day: 31 } }),
        (
            "monthly, the second Tuesday",
            Repeat::Month { every: 1, month: MonthDay::Nth { nth: 2, weekday: Weekday::Tu } },
        ),
    ];
    let (now, year) = (at(2026, 6, 1), TimeDelta::days(365));
    for (name, repeat) in &rules {
        let new = reminder(2026, repeat, None);
        measure(&format!("a year of {name}"), 501, || occurrences(&new, LONDON, now, now + year).len());
    }
    for (name, repeat) in &rules {
        let old = reminder(1996, repeat, None);
        measure(&format!("June of {name}, in its 30th year"), 501, || {
            occurrences(&old, LONDON, now, now + TimeDelta::days(30)).len()
        });
    }
    for (name, repeat) in &rules {
        let old = reminder(1996, repeat, None);
        measure(&format!("the next one of {name}, in its 30th year"), 501, || {
            usize::from(next_after(&old, LONDON, now).is_some())
        });
    }
    let counted = reminder(2024, &rules[0].1, Some(Ends::After(1000)));
    measure("the next one of daily, the 900th of 1,000", 501, || {
        usize::from(next_after(&counted, LONDON, now).is_some())
    });
    let pending: Vec<Pending> = occurrences(&reminder(2026, &rules[0].1, None), LONDON, now, now + TimeDelta::days(35))
        .into_iter()
        .map(|occurrence| Pending { due_at: occurrence.at, occurrence })
        .collect();
    let quiet = Quiet { from: time(22), until: time(7) };
    measure("a round over 35 pending", 501, || {
        black_box(round(&pending, Some(quiet), LONDON, now));
        pending.len()
    });
}

fn measure(what: &str, runs: usize, mut run: impl FnMut() -> usize) {
    let found = run();
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            black_box(run());
            begun.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let median = times[runs / 2];
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let a_second = found as f64 / median * 1e6;
    println!("{what:56} {found:>8} {median:>10.1} {a_second:>16.0}");
}

fn reminder(year: i32, repeat: &Repeat, ends: Option<Ends>) -> Reminder {
    let starts_on = NaiveDate::from_ymd_opt(year, 1, 5).expect("a date");
    let times = serde_json::from_value(json!(["09:00"])).expect("a time");
    let schedule = Schedule { starts_on, times, repeat: repeat.clone(), ends };
    Reminder { id: Uuid::from_u128(1), schedule, from: at(year, 1, 1), until: None, paused_until: None }
}

fn at(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date").and_time(NaiveTime::MIN).and_utc()
}

fn time(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).expect("a time")
}
