//! What shifts and absences amount to: who is on, where nobody is, and for how long.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Line, Shift};

/// Somebody is not there, whatever the rota says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    pub worker: Uuid,
    pub from: DateTime<Utc>,
    /// There again; `None`: nobody knows yet.
    pub until: Option<DateTime<Utc>>,
}

impl Absence {
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// A time, in whole minutes, of which nobody is on for some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hole {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

/// Who is on: each once, whoever began first, first.
pub fn on(shifts: &[Shift], absences: &[Absence], line: Line, at: DateTime<Utc>) -> Vec<Uuid> {
    let mut found = Vec::new();
    for shift in shifts.iter().filter(|shift| shift.line == line && shift.holds(at)) {
        let Some(worker) = shift.worker else { continue };
        let away = absences.iter().any(|absence| absence.worker == worker && absence.holds(at));
        if !away && !found.contains(&worker) {
            found.push(worker);
        }
    }
    found
}

type Span = (DateTime<Utc>, DateTime<Utc>);

/// Where nobody of a line is on, in order, in whole minutes: a minute that is covered for a part only is in a hole.
///
/// Give every shift that touches the time. A hole that goes on at its ends is cut off there, at the full minute.
pub fn holes(
    shifts: &[Shift],
    absences: &[Absence],
    line: Line,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<Hole> {
    let mut holes: Vec<Hole> = Vec::new();
    for (gap_from, gap_until) in gaps(&covered(shifts, absences, line), from, until) {
        let hole = Hole { from: whole_minute(gap_from), until: next_whole_minute(gap_until) };
        match holes.last_mut() {
            Some(last) if hole.from <= last.until => last.until = hole.until,
            _ => holes.push(hole),
        }
    }
    holes
}

/// The end of the time that somebody who is on at `at` stays on without a break, in whichever shifts; `None`: they are not on.
pub fn unbroken(
    shifts: &[Shift],
    absences: &[Absence],
    line: Line,
    worker: Uuid,
    at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let theirs: Vec<Shift> = shifts.iter().filter(|shift| shift.worker == Some(worker)).cloned().collect();
    let (_, until) =
        covered(&theirs, absences, line).into_iter().find(|(from, until)| (*from..*until).contains(&at))?;
    Some(until)
}

/// The first moment, `at` or later, at which anybody of a line is on.
pub fn next_covered(shifts: &[Shift], absences: &[Absence], line: Line, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    covered(shifts, absences, line).into_iter().find(|(_, until)| at < *until).map(|(from, _)| from.max(at))
}

/// The times at which anybody is on, in order, with a gap between each and the next.
fn covered(shifts: &[Shift], absences: &[Absence], line: Line) -> Vec<Span> {
    let mut spans: Vec<Span> =
        shifts.iter().filter(|shift| shift.line == line).flat_map(|shift| there(shift, absences)).collect();
    spans.sort_unstable();
    let mut whole: Vec<Span> = Vec::new();
    for (from, until) in spans {
        match whole.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => whole.push((from, until)),
        }
    }
    whole
}

/// The times of a shift at which its worker is there.
fn there(shift: &Shift, absences: &[Absence]) -> Vec<Span> {
    let Some(worker) = shift.worker else { return Vec::new() };
    let mut away: Vec<Span> = absences
        .iter()
        .filter(|absence| absence.worker == worker)
        .map(|absence| (absence.from, absence.until.unwrap_or(DateTime::<Utc>::MAX_UTC)))
        .filter(|(from, until)| from < until)
        .collect();
    away.sort_unstable();
    gaps(&away, shift.from, shift.until)
}

/// What of a time no span covers. The spans are in order of their starts; they may overlap.
fn gaps(spans: &[Span], from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Span> {
    let (mut found, mut seen_to) = (Vec::new(), from);
    for (begins, ends) in spans {
        if seen_to < *begins && seen_to < until {
            found.push((seen_to, (*begins).min(until)));
        }
        seen_to = seen_to.max(*ends);
    }
    if seen_to < until {
        found.push((seen_to, until));
    }
    found
}

const MINUTE: TimeDelta = TimeDelta::minutes(1);

fn whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    // Fails only centuries away from any rota.
    at.duration_trunc(MINUTE).unwrap_or(at)
}

fn next_whole_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    let before = whole_minute(at);
    if before == at { at } else { before.checked_add_signed(MINUTE).unwrap_or(at) }
}
