//! Who is on when: the rotas of three services, a swap that waits for an answer, a week of leave, and a note of last night.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Failure,
    story::{Act, By, Call, Story, at},
};

/// A line on the wall: whose, of which line and kind, from when to when, on which days.
type Line = (Option<&'static str>, &'static str, &'static str, [&'static str; 2], &'static [Weekday]);

use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};

const NIGHT: [&str; 2] = ["17:00", "09:00"];
const DAY: [&str; 2] = ["09:00", "17:00"];
const ROUND_THE_CLOCK: [&str; 2] = ["09:00", "09:00"];
const ALL: &[Weekday] = &[Mon, Tue, Wed, Thu, Fri, Sat, Sun];

/// People at home: somebody by day, on call by night and at weekends, and Mags behind them.
const OUT_AND_ABOUT: &[Line] = &[
    (Some("Priya"), "first", "day_support", DAY, &[Mon, Wed, Fri]),
    (Some("Dee"), "first", "day_support", DAY, &[Tue, Thu]),
    (Some("Dee"), "first", "on_call", NIGHT, &[Mon, Wed]),
    (Some("Shaun"), "first", "on_call", NIGHT, &[Tue, Thu]),
    (Some("Priya"), "first", "on_call", NIGHT, &[Fri]),
    (Some("Dee"), "first", "on_call", ROUND_THE_CLOCK, &[Sat]),
    (Some("Shaun"), "first", "on_call", ROUND_THE_CLOCK, &[Sun]),
    (Some("Mags"), "second", "on_call", ROUND_THE_CLOCK, ALL),
];

/// A house with a sleep-in.
const MILL_ROW: &[Line] = &[
    (Some("Dee"), "first", "day_support", ["08:00", "21:00"], &[Mon, Wed, Fri]),
    (Some("Tomasz"), "first", "day_support", ["08:00", "21:00"], &[Tue, Thu, Sat]),
    (Some("Shaun"), "first", "day_support", ["08:00", "21:00"], &[Sun]),
    (Some("Tomasz"), "first", "sleeping_night", ["21:00", "08:00"], &[Mon, Wed, Fri, Sun]),
    (Some("Shaun"), "first", "sleeping_night", ["21:00", "08:00"], &[Tue, Thu, Sat]),
    (Some("Mags"), "second", "on_call", ["21:00", "08:00"], ALL),
];

/// Somebody is awake here every night, but for the Sundays, which nobody has yet.
const SALTINGS_HOUSE: &[Line] = &[
    (Some("Mags"), "first", "day_support", ["08:00", "20:00"], &[Mon, Tue, Wed, Thu, Fri]),
    (Some("Tomasz"), "first", "day_support", ["08:00", "20:00"], &[Sat, Sun]),
    (Some("Tomasz"), "first", "waking_night", ["20:00", "08:00"], &[Tue, Thu]),
    (Some("Mags"), "first", "on_call", ["20:00", "08:00"], &[Mon, Wed, Fri, Sat]),
    (None, "first", "waking_night", ["20:00", "08:00"], &[Sun]),
];

const ROTAS: [(&str, &[Line]); 3] =
    [("Out and About", OUT_AND_ABOUT), ("Mill Row", MILL_ROW), ("Saltings House", SALTINGS_HOUSE)];

const MADE_WEEKS_AGO: i64 = 5;

impl Story {
    /// The lead puts the rotas up; what bears on them came in the last days.
    pub fn plan_rotas(&mut self) -> Result<(), Failure> {
        let made = self.today - TimeDelta::weeks(MADE_WEEKS_AGO);
        let lead = self.worker("Mags")?;
        for (n, (service, lines)) in (0..).zip(ROTAS) {
            let patterns: Vec<Value> =
                lines.iter().map(|line| self.pattern(line, made)).collect::<Result<_, Failure>>()?;
            if service == "Out and About" {
                self.plan_a_swap(&patterns)?;
            }
            let rota = json!({
                "service_id": self.services.get(service), "id": self.new_id(made), "based_on": null,
                "catch_all": self.workers[lead].0, "patterns": patterns,
            });
            let call = Call::new(By::Worker(lead), "PUT", "/api/v1/team/rota", rota);
            self.plan(at(made, 14, 0) + TimeDelta::minutes(n * 11), Act::Call(call));
        }
        self.plan_leave()?;
        self.plan_a_note()
    }

    fn new_id(&self, day: NaiveDate) -> Uuid {
        self.app.chance.id(at(day, 12, 0))
    }

    fn pattern(&self, (who, line, kind, [from, until], days): &Line, made: NaiveDate) -> Result<Value, Failure> {
        let worker = who.map(|name| self.worker(name)).transpose()?;
        let days: Vec<String> = days.iter().map(|day| day.to_string()[..2].to_lowercase()).collect();
        Ok(json!({
            "id": self.new_id(made), "line": line, "kind": kind, "worker_id": worker.map(|n| self.workers[n].0),
            "starts_on": made, "from": from, "until": until,
            "repeat": { "unit": "week", "every": 1, "weekdays": days }, "ends": null,
        }))
    }

    /// Yesterday Shaun asked Dee whether she would take a night of his. She has not answered yet.
    fn plan_a_swap(&mut self, patterns: &[Value]) -> Result<(), Failure> {
        let yesterday = self.today - TimeDelta::days(1);
        let is_his = |day: &NaiveDate| matches!(day.weekday(), Tue | Thu);
        let night = (self.today + TimeDelta::days(2)).iter_days().find(is_his).ok_or("no such night")?;
        let (shaun, dee) = (self.worker("Shaun")?, self.worker("Dee")?);
        let body = json!({
            "service_id": self.services.get("Out and About"), "pattern_id": patterns[3]["id"], "date": night,
            "to": self.workers[dee].0, "words": "My lad's first match under the floodlights. I'll owe you one.",
        });
        let path = format!("/api/v1/team/rota/swaps/{}", self.new_id(yesterday));
        self.plan(at(yesterday, 15, 40), Act::Call(Call::new(By::Worker(shaun), "PUT", path, body)));
        Ok(())
    }

    /// Priya is on leave next Friday, and her shifts are nobody's until somebody takes them.
    fn plan_leave(&mut self) -> Result<(), Failure> {
        let (said, priya) = (self.today - TimeDelta::days(3), self.worker("Priya")?);
        let is_friday = |day: &NaiveDate| day.weekday() == Fri;
        let friday = (self.today + TimeDelta::days(4)).iter_days().find(is_friday).ok_or("no Friday")?;
        let body = json!({
            "worker_id": self.workers[priya].0, "from": at(friday, 9, 0), "until": at(friday + TimeDelta::days(1), 9, 0), "why": "leave",
        });
        let path = format!("/api/v1/team/rota/absences/{}", self.new_id(said));
        self.plan(at(said, 12, 10), Act::Call(Call::new(By::Worker(priya), "PUT", path, body)));
        Ok(())
    }

    /// Of the night before last, whoever had it.
    fn plan_a_note(&mut self) -> Result<(), Failure> {
        let morning = self.today - TimeDelta::days(1);
        let who = self.worker(if matches!(morning.weekday(), Wed | Fri | Mon) { "Shaun" } else { "Dee" })?;
        let words = "Quiet night. One call at ten past two, talked for twenty minutes, all well at the end. The on-call phone wants charging from \
                     about four: the cable is the one with the red tape.";
        let body = json!({ "service_id": self.services.get("Out and About"), "words": words });
        let path = format!("/api/v1/team/rota/handovers/{}", self.new_id(morning));
        self.plan(at(morning, 8, 50), Act::Call(Call::new(By::Worker(who), "PUT", path, body)));
        Ok(())
    }
}
