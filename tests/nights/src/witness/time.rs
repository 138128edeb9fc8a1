//! What must have happened by now.

use chrono::TimeDelta;
use mobile_shared::escalation::State;

use super::{Broken, Checked, Key, Stay, Watch, Witness, look::wait};
use crate::{
    Ms,
    night::Row,
    people::{People, View, opens},
};

/// A second for the sweep, and what a look costs; again for each time that something got in the way.
const SWEEP: Ms = 2500;

impl Witness {
    /// Checks everything that is late by this time.
    pub fn time_is(&mut self, now: Ms, rows: &[Row], people: &People) -> Checked {
        self.now = now;
        for (watch, row) in self.watches.iter().zip(rows) {
            self.is_in_time(watch, row, people)?;
        }
        Ok(())
    }

    fn is_in_time(&self, watch: &Watch, row: &Row, people: &People) -> Checked {
        self.has_a_next_instant(row)?;
        if let Some((by, until)) = watch.held {
            let off = watch.stay.off.1 - watch.stay.off.0;
            let late = self.now - until - off - self.down_since(&watch.stay) - watch.stay.sweeps();
            return if late > 0 { self.late("comes back", format!("from {by}"), late) } else { Ok(()) };
        }
        let (State::Ringing(_), Some(key)) = (&row.state, watch.stay.key) else { return Ok(()) };
        let stay = &watch.stay;
        // By which clock it is day cannot be said while they differ.
        if row.policy.by_day && (stay.off.0 < -1000 || stay.off.1 > 1000) {
            return Ok(());
        }
        let meant = match (stay.has_begun, key.round) {
            (true, _) => wait(&row.policy, key.place),
            (false, 0) => 0,
            (false, _) => 60_000,
        };
        // The last comes again when every channel had its minute.
        let tried = stay.rings.last().filter(|_| is_last(row, key)).map_or(0, |rang| rang.at + 60_000);
        let over = (stay.began + meant).max(watch.list_changed).max(tried);
        let late = self.after(stay, row, over, meant);
        if late > 0 {
            return self.late("not late", format!("{key:?} since {} ms", self.now - stay.began), late);
        }
        if stay.has_begun && self.people_changed < stay.began {
            return self.channels_in_time(stay, row, (key, watch.list_changed), people);
        }
        Ok(())
    }

    /// Where nobody and no phone has changed since the step began.
    fn channels_in_time(&self, stay: &Stay, row: &Row, (key, list_changed): (Key, Ms), people: &People) -> Checked {
        let view = View { people, now: self.eve + TimeDelta::milliseconds(self.now) };
        let mut all_given_up = Some(stay.began);
        for rang in stay.latest() {
            let given_up = rang.given_up_at();
            let further = view.further(&stay.rings, rang.person);
            if let (Some(at), Some(channel)) = (given_up, further) {
                let late = self.after(stay, row, at.max(list_changed), 60_000);
                if late > 0 {
                    let whom = format!("person {} by {:x}", rang.person.as_u128(), channel.as_u128());
                    return self.late("the next channel", whom, late);
                }
            }
            all_given_up = all_given_up.zip(given_up.filter(|_| further.is_none())).map(|(a, b)| a.max(b));
        }
        let Some(at) = all_given_up.filter(|_| !is_last(row, key)) else { return Ok(()) };
        let late = self.after(stay, row, at.max(list_changed), 60_000);
        if late > 0 { self.late("not late", format!("{key:?}: nothing of it can have rung"), late) } else { Ok(()) }
    }

    /// How long ago something had to be that was meant to be `at`, a wait of `meant` later than the last.
    fn after(&self, stay: &Stay, row: &Row, at: Ms, meant: Ms) -> Ms {
        let off = stay.off.1 - stay.off.0;
        let nodes = i64::try_from(self.offsets.len()).unwrap_or(1);
        // A clock that goes back, or is behind another's, costs one more wait at most each time.
        let moved = (nodes + stay.resets) * off.min(meant.max(60_000));
        let slack = moved + self.down_since(stay) + stay.sweeps();
        let bound = at + slack;
        if !row.policy.by_day {
            return self.now - bound;
        }
        let opens = (opens(self.eve + TimeDelta::milliseconds(bound)) - self.eve).num_milliseconds();
        self.now - opens - if opens > bound { slack } else { 0 }
    }

    fn down_since(&self, stay: &Stay) -> Ms {
        self.down_so_far() - stay.down_before
    }

    fn late(&self, invariant: &'static str, what: String, late: Ms) -> Checked {
        Err(Broken { invariant, at: self.now, what: format!("{what}: {late} ms more than the bound") })
    }
}

fn is_last(row: &Row, key: Key) -> bool {
    super::look::is_last(&row.policy, key.place)
}

impl Stay {
    fn sweeps(&self) -> Ms {
        SWEEP * (1 + self.trouble)
    }
}
