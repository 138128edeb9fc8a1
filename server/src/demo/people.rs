//! Who lives and works in the demonstration. The people themselves are in `people.toml`, so that they can be
//! read, and made better, by somebody who does not write Rust.

use chrono::Weekday;
use figment::{
    Figment,
    providers::{Format, Toml},
};
use serde::Deserialize;
use serde_json::Value;

use super::Failure;
use crate::{access::Role, organisation::Settings};

/// Everybody signs in with it: it guards invented people, on a port that only this computer can reach.
pub const PASSWORD: &str = "a-cup-of-tea-first";

#[derive(Debug, Deserialize)]
pub struct People {
    pub provider: Settings,
    pub services: Vec<Service>,
    /// The first is the admin who adds the others, and leads the team.
    pub workers: Vec<Worker>,
    pub clients: Vec<Client>,
}

impl People {
    pub fn read() -> Result<Self, Failure> {
        Ok(Figment::from(Toml::string(include_str!("people.toml"))).extract().map_err(Box::new)?)
    }

    /// How long ago the story begins.
    pub fn weeks(&self) -> i64 {
        self.clients.iter().map(|c| i64::from(c.joined_weeks_ago)).max().unwrap_or(0)
    }
}

#[derive(Debug, Deserialize)]
pub struct Service {
    pub name: String,
    pub kind: String,
}

#[derive(Debug, Deserialize)]
pub struct Worker {
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub services: Vec<String>,
}

impl Worker {
    pub fn first_name(&self) -> &str {
        self.name.split(' ').next().unwrap_or(&self.name)
    }
}

/// What somebody does in the story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    #[default]
    Nothing,
    /// Away from their usual, more and more; nobody has looked yet.
    Drifting,
    /// Has just asked to be rung.
    Asking,
    /// Had a hard time some weeks ago, and help with it.
    Resolved,
    /// Moved an appointment by text.
    Texting,
    /// Checks in nearly every day, and has not for a while.
    Quiet,
    /// All well: the one whose link shows an ordinary day.
    Steady,
}

#[derive(Debug, Deserialize)]
pub struct Client {
    #[serde(default)]
    pub part: Part,
    pub name: String,
    pub preferred_name: String,
    pub phone: Option<String>,
    pub dedicated_phone: Option<String>,
    #[serde(default = "english")]
    pub language: String,
    pub service: String,
    pub hours_per_week: i32,
    pub cover: String,
    pub check_ins_per_week: u32,
    #[serde(default = "twelve")]
    pub joined_weeks_ago: u32,
    /// First names; the first is the key worker.
    pub workers: Vec<String>,
    pub about: String,
    pub reach: Value,
    pub signs: Vec<Sign>,
    /// A worker enters the check-ins.
    #[serde(default)]
    pub no_phone: bool,
    pub life: Life,
    pub notes: Vec<Note>,
}

fn english() -> String {
    "en".to_owned()
}

fn twelve() -> u32 {
    12
}

#[derive(Debug, Deserialize)]
pub struct Sign {
    pub text: String,
    pub usual: i32,
    /// Low, middle and high end, where they are the client's own.
    pub labels: Option<[String; 3]>,
}

/// How a person's days go; see `diary.rs`.
#[derive(Debug, Deserialize)]
pub struct Life {
    /// Where this person's luck begins: another number, other days.
    pub seed: u64,
    /// Of the standard questions, in their order.
    pub usual: [i32; 5],
    pub restless: f64,
    pub carry: f64,
    #[serde(default)]
    pub hard_days: Vec<Weekday>,
    pub bad_days: f64,
    /// By the clock on the wall.
    pub hour: u32,
    /// No check-ins from so many days ago to so many.
    pub quiet: [i64; 2],
    pub spell: Option<Spell>,
    /// Some check-ins arrive a day late.
    #[serde(default)]
    pub patchy_signal: bool,
}

/// A harder time; days are counted back from today.
#[derive(Debug, Deserialize)]
pub struct Spell {
    pub begins: i64,
    pub from: i64,
    pub to: i64,
    /// By how many points each answer is worse when it is at its worst.
    pub worse: Vec<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Fine,
    Low,
    Any,
}

#[derive(Debug, Deserialize)]
pub struct Note {
    pub words: String,
    pub tone: Tone,
    #[serde(default)]
    pub private: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_there_and_belongs_together() {
        let people = People::read().unwrap();
        assert_eq!((people.workers.len(), people.clients.len()), (5, 14));
        for client in &people.clients {
            assert!(people.services.iter().any(|s| s.name == client.service), "{}", client.name);
            let known = |w: &String| people.workers.iter().any(|k| k.first_name() == w);
            assert!(client.workers.iter().all(known), "{}", client.name);
            let questions = client.life.usual.len() + client.signs.len();
            assert!(client.life.spell.as_ref().is_none_or(|s| s.worse.len() == questions), "{}", client.name);
        }
        for part in [Part::Drifting, Part::Asking, Part::Resolved, Part::Texting, Part::Quiet, Part::Steady] {
            assert_eq!(people.clients.iter().filter(|c| c.part == part).count(), 1, "{part:?}");
        }
    }

    /// A number that somebody has could be rung by somebody who tries the demonstration.
    #[test]
    fn every_telephone_number_is_from_the_ranges_kept_for_drama() {
        let people = People::read().unwrap();
        let clients = people.clients.iter().flat_map(|c| [c.phone.as_deref(), c.dedicated_phone.as_deref()]);
        for number in clients.chain([people.provider.phone.as_deref()]).flatten() {
            assert!(
                number.len() == 12 && (number.starts_with("01632 960") || number.starts_with("07700 900")),
                "{number}"
            );
        }
    }
}
