//! Check-ins by text: a client with an old phone, and what they write with it.

use chrono::{DateTime, NaiveTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Client, World,
    gateway_peer::Sent,
    relays::{self, Relays},
};

/// The client's own.
pub const MOBILE: &str = "+447700900456";

/// An old phone, and whom it texts with.
#[derive(Clone, Copy, Debug)]
pub struct OldPhone<'w> {
    pub world: &'w World,
    pub relays: &'w Relays,
}

impl OldPhone<'_> {
    /// Sends a text, which the gateway brings to the server, and gives what came back.
    pub async fn send(&self, words: &str) -> Vec<Sent> {
        self.brought(&self.world.app.new_id::<Uuid>().to_string(), words).await.is(200);
        self.world.run_jobs().await;
        self.relays.sms.take()
    }

    /// The same; the one text that came back.
    pub async fn told(&self, words: &str) -> String {
        let mut all = self.send(words).await;
        assert_eq!(all.len(), 1, "{words:?} {all:#?}");
        assert_eq!(all[0].to, MOBILE);
        all.remove(0).words
    }

    /// What the gateway hears when it brings a text.
    pub async fn brought(&self, id: &str, words: &str) -> Answer {
        relays::standard(self.world, id, MOBILE, words).await
    }

    /// The same of a text that the gateway had before it could bring it.
    pub async fn brought_late(&self, id: &str, words: &str, at: DateTime<Utc>) -> Answer {
        relays::standard_at(self.world, id, MOBILE, words, Some(at)).await
    }

    /// What has come until now.
    pub async fn texts(&self) -> Vec<String> {
        self.world.run_jobs().await;
        self.relays.sms.take().into_iter().map(|sent| sent.words).collect()
    }

    /// Goes on to this time of a later day (or of today, for 0), by the clock in London in winter.
    pub async fn at(&self, days: i64, time: &str) -> Vec<String> {
        let day = self.world.now().date_naive() + chrono::Duration::days(days);
        self.world.clock.set(day.and_time(time.parse::<NaiveTime>().unwrap()).and_utc());
        self.texts().await
    }
}

pub fn path(client: &Client) -> String {
    format!("/api/v1/team/clients/{}/by-text", client.id)
}

/// What Dee agrees with a client: all as is usual.
pub fn usual() -> Value {
    json!({ "number": "07700 900456", "agreed": "in_person" })
}

/// Agreed, but for what is given here.
pub async fn agree(world: &World, client: &Client, but: Value) -> Value {
    let mut body = usual();
    for (field, value) in but.as_object().unwrap() {
        body[field] = value.clone();
    }
    world.dee.put(&path(client), &body).await.is(200)
}

/// The same, and the number said yes. What was texted until then is read.
pub async fn agreed<'w>(world: &'w World, relays: &'w Relays, client: &Client, but: Value) -> OldPhone<'w> {
    agree(world, client, but).await;
    let phone = OldPhone { world, relays };
    assert_eq!(phone.texts().await.len(), 1, "the first text");
    phone.told("YES").await;
    phone
}

/// The series of a client's standard questions.
pub async fn series(world: &World, client: &Client, keys: &[&str]) -> Vec<Value> {
    let items = world.dee.of(client, "/items").await.is(200);
    let of = |key: &&str| {
        items["items"].as_array().unwrap().iter().find(|i| i["key"] == **key).unwrap()["series_id"].clone()
    };
    keys.iter().map(of).collect()
}
