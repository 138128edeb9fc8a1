//! F11: a night with every subset of phones dead, for four people of a rota, and for three ways of being dead. Whoever has a living
//! phone is rung and can take it; with none it goes on ringing, and the client is told.

use chrono::{DateTime, Duration, TimeZone, Utc};
use companion::access::Role;
use companion_tests::{
    Phone, Value, Worker, World,
    escalation::step,
    push_peer::{Browser, Mood, PushPeer},
    rota::{daily, second},
    story,
};
use uuid::Uuid;

use super::orphans;
use crate::push::on_desk;

/// How a phone is dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dead {
    /// Off, or muted by its system: the push service takes it, and no receipt comes.
    Silent,
    /// The push service says that there is no such subscription.
    Gone,
    /// The push service itself is down.
    Unreachable,
}

struct Member<'a> {
    worker: &'a Worker,
    peer: PushPeer,
    browser: Browser,
    is_dead: bool,
    is_gone: bool,
}

story!(every_subset_of_phones_that_are_off, |world| {
    every_subset(world, Dead::Silent).await;
});

story!(every_subset_of_subscriptions_that_are_gone, |world| {
    every_subset(world, Dead::Gone).await;
});

story!(every_subset_of_push_services_that_are_down, |world| {
    every_subset(world, Dead::Unreachable).await;
});

async fn every_subset(world: &World, dead: Dead) {
    let (_, phone) = world.client_with_phone("Sam").await;
    let mut others = Vec::new();
    for name in ["Uma", "Rae", "Kay"] {
        others.push(world.worker(world.provider, name, &[Role::SupportWorker]).await);
    }
    let rota = [daily(world, "00:00-00:00", Some(&others[0])), second(world, "00:00-00:00", &others[1])];
    world.publish(&rota, Some(&others[2])).await;
    let list = ["first_line", "second_line", "team_lead", "catch_all"].map(|who| step(who, 5));
    world.lead.put_policy(world, "contact_now", &list).await.is(200);
    let mut team = Vec::new();
    for worker in [&others[0], &others[1], &world.lead, &others[2]] {
        let peer = PushPeer::start().await;
        let browser = on_desk(world, worker, &peer).await;
        team.push(Member { worker, peer, browser, is_dead: false, is_gone: false });
    }
    for subset in 0..16_u32 {
        world.clock.set(ten() + Duration::minutes(30) * i32::try_from(subset).unwrap());
        world.run_jobs().await;
        for (n, member) in team.iter_mut().enumerate() {
            member.is(world, (subset >> n & 1 == 1).then_some(dead)).await;
        }
        one_request(world, &phone, &mut team, dead).await;
        assert_eq!(orphans(world).await, 0);
    }
}

fn ten() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 16, 22, 0, 0).unwrap()
}

impl Member<'_> {
    async fn is(&mut self, world: &World, dead: Option<Dead>) {
        match dead {
            Some(Dead::Gone) => self.peer.always(Mood::Says(410)),
            Some(Dead::Unreachable) => self.peer.always(Mood::Says(500)),
            Some(Dead::Silent) | None => self.peer.behave(),
        }
        self.is_dead = dead.is_some();
        if self.is_gone && dead != Some(Dead::Gone) {
            self.browser = on_desk(world, self.worker, &self.peer).await;
        }
        self.is_gone = dead == Some(Dead::Gone);
        self.peer.take();
    }

    /// Rings of now; a living phone says that it rang.
    async fn rings(&self, world: &World) -> bool {
        let mut rung = false;
        for message in self.peer.take() {
            if !self.browser.got(&message) {
                continue;
            }
            let said = self.browser.read(&message);
            if said["kind"] == "contact_request" {
                rung = true;
                if !self.is_dead {
                    world.rang(&said).await;
                }
            }
        }
        rung && !self.is_dead
    }
}

async fn one_request(world: &World, phone: &Phone, team: &mut [Member<'_>], dead: Dead) {
    let began = world.now();
    let id = phone.ask("now").await["id"].clone();
    world.run_jobs().await;
    let first_alive = team.iter().position(|member| !member.is_dead);
    let taken = live_until_taken(world, team, &id, began + Duration::minutes(23)).await;
    let who: Vec<Uuid> = rung_about(world, &id).await.into_iter().map(|(_, who)| who).collect();
    let Some(alive) = first_alive else {
        assert_eq!(taken, None);
        return all_dead(world, phone, team, &id, dead).await;
    };
    let (at, by) =
        taken.unwrap_or_else(|| panic!("{dead:?}: {alive} has a phone that rings, and nobody was reached: {who:?}"));
    assert_eq!(by, alive);
    // A minute for each that does not answer; none for one that cannot be reached at all.
    let most = Duration::minutes(if dead == Dead::Gone { 0 } else { i64::try_from(alive).unwrap() });
    assert!(at - began <= most, "{dead:?}: {by} was rung after {} s", (at - began).num_seconds());
    let expected: Vec<Uuid> = team[..=alive].iter().map(|member| member.worker.id).collect();
    assert_eq!(who, expected, "{dead:?}: in their order, once, and nobody after it was taken");
    team[alive].worker.act_on_request(&id, "complete", &companion_tests::json!({})).await.is(200);
}

/// When, and by whom, it was taken: by the first whose phone rings.
async fn live_until_taken(
    world: &World,
    team: &[Member<'_>],
    id: &Value,
    end: DateTime<Utc>,
) -> Option<(DateTime<Utc>, usize)> {
    let mut taken = None;
    let look = async |taken: &mut Option<(DateTime<Utc>, usize)>| {
        for (n, member) in team.iter().enumerate() {
            if member.rings(world).await && taken.is_none() {
                member.worker.acknowledge(id).await;
                *taken = Some((world.now(), n));
            }
        }
    };
    look(&mut taken).await;
    world.live_until_and(end, async || look(&mut taken).await).await;
    taken
}

async fn all_dead(world: &World, phone: &Phone, team: &mut [Member<'_>], id: &Value, dead: Dead) {
    assert!(!phone.request(id).await["not_answered_at"].is_null(), "the client is told");
    let rings = rung_about(world, id).await;
    if dead == Dead::Gone {
        // Nobody has anything that could ring: that is shouted about every minute.
        assert!(world.engine().await["rang_nobody"].as_i64().unwrap() >= 15);
    } else {
        let last = rings.iter().filter(|(_, who)| *who == team[3].worker.id).count();
        assert!(last >= 3, "the last goes on ringing: {rings:?}");
    }
    // One phone comes back to life.
    team[3].is(world, None).await;
    let end = world.now() + Duration::minutes(6);
    let (at, by) = live_until_taken(world, team, id, end).await.expect("whoever has a phone again is rung");
    assert_eq!(by, 3, "{at}");
    team[3].worker.act_on_request(id, "complete", &companion_tests::json!({})).await.is(200);
}

/// When, and who, was rung about a request.
async fn rung_about(world: &World, id: &Value) -> Vec<(DateTime<Utc>, Uuid)> {
    let id: Uuid = id.as_str().unwrap().parse().unwrap();
    let sql = "SELECT r.at, r.worker_id FROM ring r JOIN escalation e ON e.organisation_id = r.organisation_id AND e.id = r.escalation_id
               WHERE e.subject_id = $1 ORDER BY r.at, r.notification_id";
    world.app.db.query(sql).bind(id).all().await.unwrap()
}
