//! What some of them are reminded of, and what came of it.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use mobile_shared::reminder::occurrence_id;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Failure,
    story::{Act, By, Call, Story, at},
};

/// A reminder, from the day it was made.
struct Wanted {
    /// Preferred name.
    client: &'static str,
    /// A worker, if it was not their own idea.
    by: Option<&'static str>,
    days_ago: i64,
    title: &'static str,
    note: Option<&'static str>,
    about: &'static str,
    hour: u32,
    minute: u32,
    /// None: every day.
    weekday: Option<Weekday>,
    /// Made in one room, or waiting to be answered.
    agreed: &'static str,
    /// Of the days behind, each so many is not answered; 0: none ever is.
    lapse: i64,
}

const WANTED: [Wanted; 5] = [
    Wanted {
        client: "Josie",
        by: Some("Dee"),
        days_ago: 20,
        title: "Morning tablet, with the dog's breakfast",
        note: Some("The white one. Not on an empty stomach."),
        about: "plan",
        hour: 8,
        minute: 30,
        weekday: None,
        agreed: "together",
        lapse: 4,
    },
    Wanted {
        client: "Josie",
        by: None,
        days_ago: 33,
        title: "Ring my sister",
        note: None,
        about: "own",
        hour: 18,
        minute: 0,
        weekday: Some(Weekday::Sun),
        agreed: "together",
        lapse: 2,
    },
    Wanted {
        client: "Josie",
        by: Some("Dee"),
        days_ago: 1,
        title: "Front blinds up",
        note: Some("Just the kitchen one would do. What do you think?"),
        about: "plan",
        hour: 10,
        minute: 0,
        weekday: None,
        agreed: "on_phone",
        lapse: 0,
    },
    Wanted {
        client: "Mei",
        by: None,
        days_ago: 15,
        title: "How are you this morning?",
        note: None,
        about: "check_in",
        hour: 9,
        minute: 45,
        weekday: None,
        agreed: "together",
        lapse: 0,
    },
    Wanted {
        client: "Mei",
        by: Some("Priya"),
        days_ago: 40,
        title: "Tai chi on the green",
        note: Some("Dad can boil his own egg."),
        about: "plan",
        hour: 8,
        minute: 15,
        weekday: Some(Weekday::Sat),
        agreed: "together",
        lapse: 5,
    },
];

/// The days of which the story has the answers: the server tells at the very minute, so each is a look at the agenda.
const LIVED: i64 = 12;

impl Wanted {
    fn schedule(&self, first: NaiveDate) -> Value {
        let repeat = match self.weekday {
            None => json!({ "unit": "day", "every": 1 }),
            Some(day) => {
                json!({ "unit": "week", "every": 1, "weekdays": [day.to_string()[..2].to_lowercase()] })
            }
        };
        json!({ "starts_on": first, "times": [self.time()], "repeat": repeat, "ends": null })
    }

    fn time(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }

    fn is_on(&self, day: NaiveDate) -> bool {
        self.weekday.is_none_or(|weekday| day.weekday() == weekday)
    }
}

impl Story {
    pub fn plan_reminders(&mut self) -> Result<(), Failure> {
        for wanted in &WANTED {
            // Whoever is not in this telling of the story has no reminders.
            let Some(n) = self.people.clients.iter().position(|c| c.preferred_name == wanted.client) else { continue };
            let first = self.today - TimeDelta::days(wanted.days_ago);
            let made = at(first, 11, 50);
            let (id, change): (Uuid, Uuid) = (self.app.chance.id(made), self.app.chance.id(made));
            let mut body = json!({
                "change": change, "based_on": null, "title": wanted.title, "note": wanted.note, "about": wanted.about,
                "plan_line": null, "schedule": wanted.schedule(first),
            });
            match wanted.by {
                None => {
                    (body["state"], body["paused_until"]) = ("on".into(), Value::Null);
                    let path = format!("/api/v1/me/reminders/{id}");
                    self.plan(made, Act::Call(Call::new(By::Client(n), "PUT", path, body)));
                }
                Some(name) => {
                    (body["id"], body["agreed"]) = (json!(id), wanted.agreed.into());
                    self.plan(made, Act::Reminder(n, self.worker(name)?, body));
                }
            }
            if wanted.agreed == "together" {
                self.plan_answers(n, wanted, id, first)?;
            }
        }
        Ok(())
    }

    /// Each time is told at its minute; most are answered a little later.
    fn plan_answers(&mut self, n: usize, wanted: &Wanted, id: Uuid, made: NaiveDate) -> Result<(), Failure> {
        let first = (self.today - TimeDelta::days(LIVED)).max(made + TimeDelta::days(1));
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= self.today).collect();
        for day in days.into_iter().filter(|day| wanted.is_on(*day)) {
            let due = at(day, wanted.hour, wanted.minute);
            self.plan(due, Act::Jobs);
            let ago = (self.today - day).num_days();
            if wanted.lapse == 0 || ago % wanted.lapse == 1 {
                continue;
            }
            let said = due + TimeDelta::minutes(4 + ago % 7);
            let time = day.and_hms_opt(wanted.hour, wanted.minute, 0).ok_or("no such time")?.time();
            let occurrence = occurrence_id(id, day, time);
            let act = json!({
                "id": self.app.chance.id(said), "reminder_id": id, "date": day, "time": wanted.time(), "at": said,
            });
            let path = format!("/api/v1/me/occurrences/{occurrence}/done");
            let call = Call { sent_at: Some(said), ..Call::new(By::Client(n), "POST", path, act) };
            self.plan(said, Act::Call(call));
        }
        Ok(())
    }

    /// A worker writes one down with a client, or asks on the phone.
    pub async fn remind(&mut self, n: usize, worker: usize, body: Value) -> Result<(), Failure> {
        let Some((client, _)) = self.clients.get(&n) else { return Ok(()) };
        let path = format!("/api/v1/team/clients/{client}/reminders");
        self.call(Call::new(By::Worker(worker), "PUT", path, body)).await?;
        Ok(())
    }
}
