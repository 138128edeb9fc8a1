//! The demonstration's resilience packs: what is in `packs.toml`, done through the wire by the people themselves.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Failure,
    story::{Act, By, Call, Story, at},
};

#[derive(Debug, Deserialize)]
struct Packs {
    packs: Vec<Pack>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Pack {
    /// Preferred name.
    client: String,
    weeks_ago: i64,
    /// First name of the worker who chose.
    by: String,
    chosen: Vec<Choice>,
    #[serde(default)]
    first_aid: Vec<String>,
    #[serde(default)]
    marks: Vec<Mark>,
    #[serde(default)]
    notes: Vec<Own>,
    #[serde(default)]
    searched: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Choice {
    slug: String,
    why: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Mark {
    slug: String,
    days_ago: i64,
    read_to: u8,
    helped: Option<String>,
    #[serde(default)]
    bookmarked: bool,
    #[serde(default)]
    shared: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Own {
    days_ago: i64,
    kind: String,
    title: String,
    text: Option<String>,
    url: Option<String>,
    shared: bool,
}

pub fn read() -> Result<Vec<Pack>, Failure> {
    Ok(toml::from_str::<Packs>(include_str!("packs.toml"))?.packs)
}

impl Story {
    /// Puts on the agenda when each pack is put together.
    pub fn plan_packs(&mut self) -> Result<(), Failure> {
        for pack in read()? {
            // Whoever is not in this telling of the story has no pack.
            let Some(n) = self.people.clients.iter().position(|c| c.preferred_name == pack.client) else { continue };
            let day = self.today - TimeDelta::weeks(pack.weeks_ago);
            self.plan(at(day, 14, 5), Act::Pack(n, Box::new(pack)));
        }
        Ok(())
    }

    /// Worker and client choose together; what the client does with it later goes on the agenda.
    pub async fn put_together(&mut self, n: usize, pack: Pack) -> Result<(), Failure> {
        let Some((client, Some(_))) = self.clients.get(&n) else { return Ok(()) };
        let client = *client;
        let (worker, them) = (By::Worker(self.worker(&pack.by)?), By::Client(n));
        let all = self.call(Call::look(them, "/api/v1/me/pack")).await?;
        let ids = ids(&all);
        let id = |slug: &str| ids.get(slug).copied().ok_or_else(|| format!("there is no piece called {slug}"));

        let path = format!("/api/v1/team/clients/{client}/pack");
        let before = self.call(Call::look(worker, path.clone())).await?;
        let mut chosen = Vec::new();
        for choice in &pack.chosen {
            chosen.push(json!({ "resource_id": id(&choice.slug)?, "why": choice.why }));
        }
        let body = json!({ "revision": before["revision"], "chosen": chosen });
        self.call(Call::new(worker, "PUT", path, body)).await?;
        if !pack.first_aid.is_empty() {
            let ids: Vec<Uuid> = pack.first_aid.iter().map(|slug| id(slug)).collect::<Result<_, _>>()?;
            let body = json!({ "ids": ids, "changed_at": self.clock_now() });
            self.call(Call::new(them, "PUT", "/api/v1/me/pack/first-aid", body)).await?;
        }
        for mark in &pack.marks {
            let opened = self.evening(n, mark.days_ago);
            let body = json!({
                "bookmarked": mark.bookmarked, "helped": mark.helped, "read_to": mark.read_to, "shared": mark.shared,
                "opened_at": opened, "changed_at": opened,
            });
            let call = Call::new(them, "PUT", format!("/api/v1/me/pack/{}/feedback", id(&mark.slug)?), body);
            self.plan(opened, Act::Call(call));
        }
        for own in &pack.notes {
            let made = self.evening(n, own.days_ago) + TimeDelta::minutes(3);
            let body = json!({
                "kind": own.kind, "title": own.title, "text": own.text, "url": own.url, "made_at": made, "shared": own.shared,
            });
            let addition = self.app.chance.id(made);
            self.plan(made, Act::Call(Call::new(them, "PUT", format!("/api/v1/me/pack/additions/{addition}"), body)));
        }
        for (days_ago, words) in (10..).zip(&pack.searched) {
            let when = self.evening(n, days_ago) + TimeDelta::minutes(6);
            let body = json!({ "words": words, "searched_at": when });
            let search = self.app.chance.id(when);
            self.plan(when, Act::Call(Call::new(them, "PUT", format!("/api/v1/me/pack/searches/{search}"), body)));
        }
        Ok(())
    }

    /// Some evening minute, another for everybody.
    fn evening(&self, n: usize, days_ago: i64) -> DateTime<Utc> {
        let minutes = i64::try_from(n * 7 % 60).unwrap_or(0);
        at(self.today - TimeDelta::days(days_ago), 20, 10) + TimeDelta::minutes(minutes)
    }
}

fn ids(pack: &Value) -> HashMap<String, Uuid> {
    let entry = |r: &Value| Some((r["slug"].as_str()?.to_owned(), r["id"].as_str()?.parse().ok()?));
    pack["resources"].as_array().into_iter().flatten().filter_map(entry).collect()
}
