//! What is usual for two of them when they are well: agreed in one room, and asked on the phone.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::{
    Failure,
    story::{Act, By, Call, Story, at, is_working_day},
};

/// Client and worker look at some weeks of answers together, or the worker does and asks.
#[derive(Debug)]
pub struct Talk {
    /// Preferred name.
    client: &'static str,
    by: &'static str,
    days_ago: i64,
    /// The days looked at, as days ago: first and last.
    weeks: [i64; 2],
    how: &'static str,
    words: &'static str,
    /// One question, by how a sentence names it, that they put other numbers to: low, centre, high.
    other: Option<(&'static str, [f64; 3])>,
}

const TALKS: [Talk; 3] = [
    Talk {
        client: "Kwame",
        by: "Tomasz",
        days_ago: 54,
        weeks: [84, 57],
        how: "together",
        words: "Your first four weeks with the app. We read them over tea, and you said: yes, that's about me.",
        other: None,
    },
    Talk {
        client: "Kwame",
        by: "Tomasz",
        days_ago: 16,
        weeks: [56, 17],
        how: "together",
        words: "The weeks since the choir took you back. You want to hear of it as soon as you sing less, so that line is narrower than your answers.",
        other: Some(("I stop singing", [1.0, 2.0, 2.0])),
    },
    Talk {
        client: "Mei",
        by: "Dee",
        days_ago: 1,
        weeks: [70, 8],
        how: "on_phone",
        words: "This is what I read in your ordinary weeks. Is it you when things are well? There is no hurry, and no is a good answer too.",
        other: None,
    },
];

impl Story {
    pub fn plan_talks(&mut self) {
        for talk in &TALKS {
            // Whoever is not in this telling of the story has no such talk.
            let Some(n) = self.people.clients.iter().position(|c| c.preferred_name == talk.client) else { continue };
            let mut day = self.days_ago(talk.days_ago);
            while !is_working_day(day) {
                day -= TimeDelta::days(1);
            }
            self.plan(at(day, 11, 40), Act::Talk(n, talk));
        }
    }

    fn days_ago(&self, days: i64) -> NaiveDate {
        self.today - TimeDelta::days(days)
    }

    /// Reads the suggestion, looks at what it would have raised, and writes it down or asks.
    pub async fn talk(&mut self, n: usize, talk: &Talk) -> Result<(), Failure> {
        let Some((client, _)) = self.clients.get(&n) else { return Ok(()) };
        let path = format!("/api/v1/team/clients/{client}");
        let worker = By::Worker(self.worker(talk.by)?);
        let [first, last] = talk.weeks.map(|days| self.days_ago(days));
        let suggested = format!("{path}/baseline?first_day={first}&last_day={last}");
        let mut usual = self.call(Call::look(worker, suggested)).await?["suggestion"].take();
        let items: Vec<Value> =
            usual["items"].as_array().into_iter().flatten().map(|item| numbers(item, talk.other)).collect();
        usual["items"] = items.into();
        let look = Call::new(worker, "POST", format!("{path}/assessments/replay"), json!({ "baseline": usual }));
        usual["seen"] = self.call(look).await?["seen"].take();
        usual["id"] = json!(self.app.chance.id(self.clock_now()));
        (usual["agreed_how"], usual["words"]) = (talk.how.into(), talk.words.into());
        self.call(Call::new(worker, "PUT", format!("{path}/baseline"), usual)).await?;
        Ok(())
    }
}

/// A suggested question as it is agreed.
fn numbers(item: &Value, other: Option<(&str, [f64; 3])>) -> Value {
    let [low, centre, high] = match other {
        Some((name, numbers)) if item["short"] == name => numbers.map(Value::from),
        _ => ["low", "centre", "high"].map(|number| item[number].clone()),
    };
    json!({ "item_id": item["item_id"], "low": low, "centre": centre, "high": high })
}
