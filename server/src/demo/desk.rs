//! What the team does with what reaches it.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::London;
use serde_json::json;
use uuid::Uuid;

use super::{
    Failure,
    people::Part,
    story::{Act, By, Call, Story, at, id, is_working_day, next_working_day},
};

/// A flag of the one who is drifting, or has gone quiet, that is older than this was about something else, and was looked into.
const STILL_OPEN: TimeDelta = TimeDelta::days(10);

/// What came of a flag that turned out to be small: outcome, and the worker's words.
const SMALL: [(&str, &str); 5] = [
    ("talked_and_fine", "Rang at the time agreed. A rough few days, on the way up again. Nothing more wanted for now."),
    ("one_off", "Two bad nights because of the roadworks outside. They end this week."),
    ("talked_and_fine", "Had a cup of tea together. A hard stretch, and easing already. Will ask again next week."),
    (
        "support_changed",
        "New tablets in the evening make for groggy mornings. Rang the surgery together; they are moved to bedtime.",
    ),
    ("not_useful", "Answered in a hurry on the bus, and laughed about it. Leaving things as they are."),
];

/// What came of it when somebody had gone quiet.
const QUIET: [(&str, &str); 4] = [
    (
        "talked_and_fine",
        "Rang the landline. The phone went through the wash with the towels; a new one comes on Friday.",
    ),
    ("one_off", "Away with family for some days, and no signal there. Pleased that somebody noticed."),
    (
        "talked_and_fine",
        "Knocked. Had enough of questions for a bit, which is fine by me. Will start again when it suits.",
    ),
    ("other", "Extra shifts all week, and asleep on the settee by eight. Nothing wrong, back to it on Monday."),
];
/// And of somebody without a phone, whose check-ins a worker enters.
const NOT_VISITED: (&str, &str) =
    ("other", "Nobody had gone quiet: the visits fell out while I was on leave. Cover is arranged for the next time.");

impl Story {
    /// The team lead's look at the inbox: each new flag goes to somebody.
    pub async fn desk(&mut self) -> Result<(), Failure> {
        let inbox = self.call(Call::look(By::Worker(0), "/api/v1/team/inbox")).await?;
        for row in inbox["items"].as_array().into_iter().flatten().filter(|row| row["kind"] == "flag") {
            let (flag, of) = (id(&row["flag"])?, id(&row["client"])?);
            let Some(n) = self.clients.iter().find(|(_, (client, _))| *client == of).map(|(n, _)| *n) else { continue };
            let part = self.people.clients[n].part;
            let raised: DateTime<Utc> = row["flag"]["raised_at"].as_str().unwrap_or_default().parse()?;
            let recent = at(self.today, 0, 0) - raised < STILL_OPEN;
            if (matches!(part, Part::Drifting | Part::Quiet) && recent) || !self.taken_up.insert(flag) {
                continue;
            }
            let spell = self.people.clients[n].life.spell.as_ref();
            let in_spell = spell.is_some_and(|s| raised >= at(self.today - TimeDelta::days(s.begins), 0, 0));
            let key_worker = self.key_worker(n)?;
            if part == Part::Resolved && in_spell {
                self.plan_help(n, key_worker, flag);
            } else if row["flag"]["kind"] == "silence" {
                let no_phone = self.people.clients[n].no_phone;
                let came_of_it = if no_phone { NOT_VISITED } else { QUIET[self.taken_up.len() % QUIET.len()] };
                self.plan_small(key_worker, flag, came_of_it);
            } else {
                self.plan_small(key_worker, flag, SMALL[self.taken_up.len() % SMALL.len()]);
            }
        }
        Ok(())
    }

    fn plan_small(&mut self, by: By, flag: Uuid, (outcome, words): (&str, &str)) {
        let now = self.clock_now();
        let path = format!("/api/v1/team/flags/{flag}");
        self.plan(
            now + TimeDelta::minutes(25),
            Act::Call(Call::new(by, "POST", format!("{path}/acknowledge"), json!({}))),
        );
        let day = next_working_day(now.with_timezone(&London).date_naive());
        let resolution = json!({ "outcome": outcome, "words": words });
        self.plan(at(day, 15, 30), Act::Call(Call::new(by, "POST", format!("{path}/resolve"), resolution)));
    }

    /// The resolved story: a flag seen, an answer to it, a request for contact, a promise kept, and what changed.
    fn plan_help(&mut self, n: usize, worker: By, flag: Uuid) {
        let day = self.clock_now().with_timezone(&London).date_naive();
        let them = By::Client(n);
        let flag_path = format!("/api/v1/team/flags/{flag}");
        self.calls([
            (at(day, 9, 35), Call::new(worker, "POST", format!("{flag_path}/acknowledge"), json!({}))),
            (at(day, 9, 50), Call::new(worker, "POST", format!("{flag_path}/note"), json!({
                "words": "On nights this week, so not ringing before 11. Left a card under the door to say I've seen it.",
            }))),
            (at(day, 11, 20), Call::new(them, "POST", format!("/api/v1/me/flags/{flag}/answer"), json!({
                "id": self.app.chance.id(at(day, 11, 20)), "answer": "about_right", "words": "It's coming up to a year since Mam. I thought I was past it.",
            }))),
        ]);
        let request: Uuid = self.app.chance.id(at(day, 11, 24));
        let path = format!("/api/v1/team/contact-requests/{request}");
        self.calls([
            (at(day, 11, 24), Call::new(them, "PUT", format!("/api/v1/me/contact-requests/{request}"), json!({
                "requested_at": at(day, 11, 24), "when": "today", "how": "call", "message": "Could do with a chat before my shift.",
            }))),
            (at(day, 11, 29), Call::look(worker, "/api/v1/team/inbox")),
            (at(day, 11, 31), Call::new(worker, "POST", format!("{path}/acknowledge"), json!({
                "promise": { "what": "call", "by": at(day, 14, 30) },
            }))),
            (at(day, 14, 12), Call::new(worker, "POST", format!("{path}/attempt"), json!({
                "how": "call", "reached": true, "words": "Picked up on the third go, hands full of dough.",
            }))),
            (at(day, 14, 45), Call::new(worker, "POST", format!("{path}/complete"), json!({
                "words": "Half an hour. He isn't sleeping, and the day itself frightens him. He'd like company for it.",
            }))),
        ]);
        let after = next_working_day(day + TimeDelta::days(7));
        self.calls([(at(after, 15, 20), Call::new(worker, "POST", format!("{flag_path}/resolve"), json!({
            "outcome": "support_changed",
            "words": "Walked the sea wall with him on the day, chips after. An extra hour on Thursdays for a month. He's back in his own bed.",
        })))]);
    }

    /// A small request, weeks ago, settled by text.
    pub fn plan_texting(&mut self, n: usize, worker: By) {
        let mut day = self.today - TimeDelta::days(24);
        while !is_working_day(day) {
            day += TimeDelta::days(1);
        }
        let request: Uuid = self.app.chance.id(at(day, 12, 8));
        let path = format!("/api/v1/team/contact-requests/{request}");
        self.calls([
            (at(day, 12, 8), Call::new(By::Client(n), "PUT", format!("/api/v1/me/contact-requests/{request}"), json!({
                "requested_at": at(day, 12, 8), "when": "when_you_can", "how": "text", "message": "can we move thursday, got a gel nails taster thing at college",
            }))),
            (at(day, 12, 40), Call::look(worker, "/api/v1/team/inbox")),
            (at(day, 12, 41), Call::new(worker, "POST", format!("{path}/acknowledge"), json!({
                "promise": { "what": "text", "by": at(day, 17, 0) },
            }))),
            (at(day, 13, 15), Call::new(worker, "POST", format!("{path}/attempt"), json!({ "how": "text", "reached": true, "words": null }))),
            (at(day, 13, 20), Call::new(worker, "POST", format!("{path}/complete"), json!({ "words": "Moved to Friday at two." }))),
        ]);
    }

    fn calls<const N: usize>(&mut self, calls: [(DateTime<Utc>, Call); N]) {
        for (at, call) in calls {
            self.plan(at, Act::Call(call));
        }
    }
}
