//! What the engine's days mean for a client's flag. Pure: days and what was flagged before in, one step out.

use chrono::NaiveDate;
use mobile_shared::early_warning::Level;

use super::FlagLevel;

/// The newest flag of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    pub level: FlagLevel,
    pub stands: bool,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// None while it is open.
    pub resolved_on: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Nothing,
    /// Raise a flag for what is seen on `day`: today, or an earlier day that was only now reported.
    Raise {
        day: NaiveDate,
        level: FlagLevel,
        first_day: NaiveDate,
    },
    /// The open flag still stands, at this level.
    Extend {
        level: FlagLevel,
    },
    /// The open flag no longer stands.
    Ease,
    /// A worker has dealt with this very change; it goes on, and is not raised again.
    CoverUntilToday,
}

/// What to do about something that stood lately, is over, and was not known while it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    Tell,
    Leave,
}

/// A change that a worker has resolved is raised again after this long, should it still stand: two weeks, the
/// interval at which the benchmark counts a standing flag anew (early-warning/README.md).
const AGAIN_AFTER_DAYS: i64 = 14;
/// A change that is reported late is worth a flag if it is no older than this. Own choice: what is older than a
/// week is for the next talk, not for the inbox.
const LATE_BUT_RECENT_DAYS: i64 = 7;

/// `days` are all days assessed up to `today`, in order.
pub fn next(days: &[(NaiveDate, Level)], today: NaiveDate, before: Option<Before>, late: Late) -> Step {
    let now = days.last().filter(|(day, _)| *day == today).and_then(|(_, level)| flag_level(*level));
    match (now, before) {
        (Some(level), Some(Before { resolved_on: None, .. })) => Step::Extend { level },
        (None, Some(Before { resolved_on: None, stands, .. })) => {
            if stands {
                Step::Ease
            } else {
                Step::Nothing
            }
        }
        (Some(level), before) => {
            let first_day = run_start(days);
            let dealt_with = before.is_some_and(|b| {
                let same_change = first_day <= b.last_day;
                let again = b.resolved_on.is_some_and(|on| (today - on).num_days() >= AGAIN_AFTER_DAYS);
                same_change && level <= b.level && !again
            });
            if dealt_with { Step::CoverUntilToday } else { Step::Raise { day: today, level, first_day } }
        }
        (None, before) if late == Late::Tell => reported_late(days, today, before),
        (None, _) => Step::Nothing,
    }
}

fn flag_level(level: Level) -> Option<FlagLevel> {
    match level {
        Level::Steady => None,
        Level::Watch => Some(FlagLevel::Watch),
        Level::Alert => Some(FlagLevel::Alert),
    }
}

/// The first day of the run of days that stand up to the last.
fn run_start(days: &[(NaiveDate, Level)]) -> NaiveDate {
    let run = days.iter().rev().take_while(|(_, level)| *level > Level::Steady);
    run.last().map_or(NaiveDate::MIN, |(day, _)| *day)
}

/// Something stood lately that nobody was told of, because the answers came late.
fn reported_late(days: &[(NaiveDate, Level)], today: NaiveDate, before: Option<Before>) -> Step {
    let untold = |day: NaiveDate| before.is_none_or(|b| day > b.last_day);
    let last = days.iter().rposition(|(day, level)| {
        *level > Level::Steady && untold(*day) && (today - *day).num_days() <= LATE_BUT_RECENT_DAYS
    });
    let Some(last) = last else { return Step::Nothing };
    match flag_level(days[last].1) {
        Some(level) => Step::Raise { day: days[last].0, level, first_day: run_start(&days[..=last]) },
        None => Step::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::{next as decide, *};
    use Level::{Alert, Steady, Watch};

    fn next(days: &[(NaiveDate, Level)], today: NaiveDate, before: Option<Before>) -> Step {
        decide(days, today, before, Late::Tell)
    }

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, n).unwrap()
    }

    fn diary(levels: &[Level]) -> Vec<(NaiveDate, Level)> {
        (1..).map(day).zip(levels.iter().copied()).collect()
    }

    fn before(first: u32, last: u32, resolved: Option<u32>) -> Option<Before> {
        Some(Before {
            level: FlagLevel::Watch,
            stands: true,
            first_day: day(first),
            last_day: day(last),
            resolved_on: resolved.map(day),
        })
    }

    #[test]
    fn a_change_raises_one_flag_and_goes_on_adding_to_it() {
        let days = diary(&[Steady, Watch]);
        assert_eq!(next(&days, day(2), None), Step::Raise { day: day(2), level: FlagLevel::Watch, first_day: day(2) });
        assert_eq!(
            next(&diary(&[Steady, Watch, Alert]), day(3), before(2, 2, None)),
            Step::Extend { level: FlagLevel::Alert }
        );
        assert_eq!(next(&diary(&[Watch, Steady]), day(2), before(1, 1, None)), Step::Ease);
    }

    #[test]
    fn a_change_that_was_dealt_with_is_not_raised_again_while_it_lasts() {
        let days = diary(&[Watch, Watch, Watch]);
        assert_eq!(next(&days, day(3), before(1, 2, Some(2))), Step::CoverUntilToday);
    }

    #[test]
    fn it_is_raised_again_when_it_gets_worse_or_after_two_weeks_or_when_it_is_another() {
        let worse = diary(&[Watch, Watch, Alert]);
        assert!(matches!(next(&worse, day(3), before(1, 2, Some(2))), Step::Raise { level: FlagLevel::Alert, .. }));
        let long = diary(&[Watch; 20]);
        assert!(matches!(next(&long, day(20), before(1, 19, Some(2))), Step::Raise { .. }));
        let other = diary(&[Watch, Steady, Watch]);
        assert!(matches!(next(&other, day(3), before(1, 1, Some(1))), Step::Raise { .. }));
    }

    #[test]
    fn late_answers_raise_a_flag_only_for_days_that_are_recent_and_untold() {
        let days = diary(&[Steady, Watch, Watch, Steady, Steady]);
        assert_eq!(next(&days, day(5), None), Step::Raise { day: day(3), level: FlagLevel::Watch, first_day: day(2) });
        assert_eq!(next(&days, day(5), before(2, 3, Some(3))), Step::Nothing);
        let mut old = diary(&[Watch]);
        old.extend((2..=20).map(|n| (day(n), Steady)));
        assert_eq!(next(&old, day(20), None), Step::Nothing);
    }

    #[test]
    fn a_silence_is_raised_while_it_lasts_eases_when_it_ends_and_is_not_told_afterwards() {
        let silence = |levels, today, before| decide(&diary(levels), day(today), before, Late::Leave);
        let raised = Step::Raise { day: day(3), level: FlagLevel::Watch, first_day: day(2) };
        assert_eq!(silence(&[Steady, Watch, Watch], 3, None), raised);
        assert_eq!(silence(&[Steady, Watch, Watch], 3, before(2, 2, None)), Step::Extend { level: FlagLevel::Watch });
        assert_eq!(silence(&[Steady, Watch, Steady], 3, before(2, 2, None)), Step::Ease);
        assert_eq!(silence(&[Steady, Watch, Steady], 3, None), Step::Nothing);
        assert_eq!(silence(&[Watch, Watch, Watch], 3, before(1, 2, Some(2))), Step::CoverUntilToday);
    }
}
