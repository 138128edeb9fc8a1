//! Phones have wrong clocks. When does what a phone says count?

use chrono::{DateTime, Duration, Utc};

/// A difference between the phone's clock and ours that is no mistake.
const TOLERANCE: Duration = Duration::minutes(2);
/// A phone cannot have been answered before it joined; a day is left for what was begun around then.
const BEFORE_JOINING: Duration = Duration::days(1);

/// The moment something counts under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeAt {
    pub at: DateTime<Utc>,
    /// The phone's own time was not believed.
    pub corrected: bool,
}

/// Decides when an answer was made.
///
/// * `recorded_at`: what the phone's clock said when the answer was made.
/// * `sent_at`: what it said when sending, if the phone told us; shows how wrong the clock is.
/// * `joined_at`: when the phone joined, by our clock. `received_at`: now, by our clock.
///
/// An answer made three weeks ago offline counts three weeks ago. One from the future, or from before the
/// phone joined, counts when it arrived: we know no better.
pub fn made_at(
    recorded_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    joined_at: DateTime<Utc>,
    received_at: DateTime<Utc>,
) -> MadeAt {
    let wrong_by = sent_at.map_or(Duration::zero(), |sent| received_at - sent);
    let drifted = wrong_by.abs() > TOLERANCE;
    let shift = if drifted { wrong_by } else { Duration::zero() };
    // A date so absurd that it cannot be reckoned with is no date.
    let Some(at) = recorded_at.checked_add_signed(shift) else {
        return MadeAt { at: received_at, corrected: true };
    };
    if at > received_at + TOLERANCE || at < joined_at - BEFORE_JOINING {
        return MadeAt { at: received_at, corrected: true };
    }
    MadeAt { at: at.min(received_at), corrected: drifted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(day: u32, hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, day, hour, 0, 0).single().expect("a real moment")
    }

    #[test]
    fn a_late_answer_counts_when_it_was_made() {
        let made = made_at(at(3, 9), Some(at(20, 12)), at(1, 0), at(20, 12));
        assert_eq!(made, MadeAt { at: at(3, 9), corrected: false });
    }

    #[test]
    fn a_clock_that_is_years_off_is_put_right_by_when_it_sent() {
        let years = Duration::days(365 * 6);
        let made = made_at(at(20, 9) - years, Some(at(20, 12) - years), at(1, 0), at(20, 12));
        assert_eq!(made, MadeAt { at: at(20, 9), corrected: true });
    }

    #[test]
    fn an_answer_from_the_future_or_before_joining_counts_on_arrival() {
        let arrived = MadeAt { at: at(20, 12), corrected: true };
        assert_eq!(made_at(at(29, 9), None, at(1, 0), at(20, 12)), arrived);
        assert_eq!(made_at(at(1, 9), None, at(10, 0), at(20, 12)), arrived);
    }

    #[test]
    fn a_small_difference_is_no_mistake_but_nothing_is_made_in_the_future() {
        let made = made_at(at(20, 12) + Duration::minutes(1), None, at(1, 0), at(20, 12));
        assert_eq!(made, MadeAt { at: at(20, 12), corrected: false });
    }
}
