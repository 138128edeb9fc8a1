//! From a tap to a named person who has it, whoever does not answer.

mod clocks;
mod dead_channels;
mod engine;
mod killed;
mod lists;
mod nights;
mod nodes;
mod promises;
mod turning_clocks;

use chrono::{DateTime, TimeZone, Utc};
use companion::access::Role;
use companion_tests::{
    Value, Worker, World,
    escalation::{person, step},
    push_peer::{Browser, PushPeer, Received},
};
use uuid::Uuid;

use crate::push::on_desk;

/// Three in the morning of a Tuesday.
pub fn three() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 17, 3, 0, 0).unwrap()
}

/// Who can be rung: Uma, then Rae, then the lead, each with a phone.
pub struct Team {
    pub peer: PushPeer,
    pub uma: Worker,
    pub rae: Worker,
    browsers: Vec<(Uuid, Browser)>,
}

impl Team {
    /// The list for `now`: Uma five minutes, Rae five minutes, the lead every ten.
    pub async fn at_three(world: &World) -> Self {
        let peer = PushPeer::start().await;
        let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
        let rae = world.worker(world.provider, "Rae", &[Role::RecoveryCoach]).await;
        let mut browsers = Vec::new();
        for worker in [&uma, &rae, &world.lead] {
            browsers.push((worker.id, on_desk(world, worker, &peer).await));
        }
        let list = [person(&uma, 5), person(&rae, 5), step("team_lead", 10)];
        for kind in ["contact_now", "contact_today", "client_asked"] {
            world.lead.put_policy(world, kind, &list).await.is(200);
        }
        world.clock.set(three());
        Self { peer, uma, rae, browsers }
    }

    /// Every phone that was sent something says that it rang; whose they were.
    pub async fn all_rang(&self, world: &World) -> Vec<Uuid> {
        let mut whose = Vec::new();
        for message in self.peer.take() {
            whose.extend(self.rang(world, &message).await);
        }
        whose
    }

    /// The phone that was sent this says that it rang; whose it was.
    pub async fn rang(&self, world: &World, message: &Received) -> Option<Uuid> {
        let (worker, browser) = self.browsers.iter().find(|(_, browser)| browser.got(message))?;
        world.rang(&browser.read(message)).await;
        Some(*worker)
    }

    /// Lets time go by with phones that ring and people who do not answer.
    pub async fn nobody_answers_until(&self, world: &World, end: DateTime<Utc>) {
        world
            .live_until_and(end, async || {
                self.all_rang(world).await;
                assert_eq!(orphans(world).await, 0, "an open request always has a next step");
            })
            .await;
    }
}

/// Minutes since three, and who was rung.
pub async fn minutes(world: &World) -> Vec<(i64, Uuid)> {
    world.rings().await.into_iter().map(|(at, who)| ((at - three()).num_minutes(), who)).collect()
}

pub async fn orphans(world: &World) -> i64 {
    world
        .count(
            "SELECT COUNT(*) FROM contact_request r WHERE r.folded_into IS NULL AND r.state NOT IN ('done', 'cancelled')
             AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.subject_id = r.id AND e.due_at IS NOT NULL)",
        )
        .await
}

/// The lines of a request's story.
pub fn story_of(request: &Value) -> Vec<String> {
    let line = |entry: &Value| match entry["by"]["first_name"].as_str() {
        Some(by) => format!("{} {by}", entry["what"].as_str().unwrap()),
        None => entry["what"].as_str().unwrap().to_owned(),
    };
    request["timeline"].as_array().unwrap().iter().map(line).collect()
}
