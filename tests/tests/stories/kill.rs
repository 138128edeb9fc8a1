//! Promise 1: the real binary, killed between accepting and the consequence; nothing lost, nothing doubled.

use std::fs;

use chrono::{Duration, SubsecRound};
use companion::clock::{Chance, Clock, SystemClock};
use companion_tests::{
    Backend, Value,
    binary::{self, Installation, People},
    crew::{PATIENCE, until},
    http::items,
    json, scale,
};
use reqwest::Method;
use uuid::Uuid;

/// Rounds on SQLite; on PostgreSQL, whose own durability this is, a third of them.
fn rounds(backend: Backend) -> u64 {
    let all = 15 * scale();
    if backend == Backend::Sqlite { all } else { all.div_ceil(3) }
}

mod promise_1_nothing_accepted_is_lost {
    use super::*;

    #[tokio::test]
    async fn between_accepting_a_check_in_and_assessing_it_sqlite() {
        check_ins(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn between_accepting_a_check_in_and_assessing_it_postgres() {
        check_ins(Backend::Postgres).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn with_twenty_check_ins_in_flight_sqlite() {
        in_flight(Backend::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn with_twenty_check_ins_in_flight_postgres() {
        in_flight(Backend::Postgres).await;
    }

    #[tokio::test]
    async fn between_accepting_a_request_and_showing_it_sqlite() {
        contact_requests(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn between_accepting_a_request_and_showing_it_postgres() {
        contact_requests(Backend::Postgres).await;
    }
}

async fn check_ins(backend: Backend) {
    let Some(mut provider) = Installation::fresh(backend).await else { return };
    let chance = binary::chance("kill after a check-in");
    provider.start(false);
    let people = People::of(&provider.api).await;
    diary_that_one_more_answer_turns_into_a_flag(&people, &chance).await;
    let mut accepted = people.check_ins().await;

    for round in 0..rounds(backend) {
        let (id, body) = (chance.id(SystemClock.now()), people.check_in(SystemClock.now(), 1.0));
        // Odd rounds: the engine is at work, and the kill comes at a moment of chance.
        let at_a_moment_of_chance = round % 2 == 1;
        if at_a_moment_of_chance {
            provider.kill();
            provider.start(true);
        }
        let answer = people.as_phone(Method::PUT, &format!("/api/v1/me/check-ins/{id}"), Some(&body)).await.is(201);
        if at_a_moment_of_chance {
            let [byte] = chance.bytes::<1>();
            tokio::time::sleep(std::time::Duration::from_micros(u64::from(byte) * 157)).await;
        }
        provider.kill();
        accepted.push(answer);

        provider.start(true);
        people.until_assessed().await;
        let kept = people.check_ins().await;
        assert_eq!(kept.len(), accepted.len(), "round {round}: each accepted check-in is there once");
        assert!(accepted.iter().all(|a| kept.contains(a)), "round {round}: as it was answered");
        let again = people.as_phone(Method::PUT, &format!("/api/v1/me/check-ins/{id}"), Some(&body)).await.is(200);
        assert_eq!(&again, accepted.last().unwrap(), "round {round}: and a retry is still free");
        people.is_flagged_once(round).await;
        provider.kill();
        provider.start(false);
    }
    provider.kill();
    whole_and_silent(&provider);
    println!("{backend:?}: {} kills, {} check-ins, one flag", rounds(backend), accepted.len());
    provider.remove().await;
}

/// Whatever was answered 2xx is there; whatever was not can be sent again; nothing is there twice.
async fn in_flight(backend: Backend) {
    let Some(mut provider) = Installation::fresh(backend).await else { return };
    let chance = binary::chance("kill with check-ins in flight");
    provider.start(true);
    let people = People::of(&provider.api).await;
    let (mut sent, mut answered) = (0, 0);

    let rounds = rounds(backend).div_ceil(2);
    for round in 0..rounds {
        let check_ins: Vec<(String, Value)> = (0..20)
            .map(|_| {
                (
                    format!("/api/v1/me/check-ins/{}", chance.id(SystemClock.now())),
                    json!({ "recorded_at": SystemClock.now(), "answers": [], "note": NOTE }),
                )
            })
            .collect();
        let calls = check_ins.iter().map(|(path, body)| {
            let request = provider.api.request(Method::PUT, path, Some(&people.phone)).json(body);
            tokio::spawn(async move { request.send().await.is_ok_and(|answer| answer.status() == 201) })
        });
        let calls: Vec<_> = calls.collect();
        let [byte] = chance.bytes::<1>();
        tokio::time::sleep(std::time::Duration::from_micros(u64::from(byte) * 700)).await;
        provider.kill();
        let mut accepted = Vec::new();
        for call in calls {
            accepted.push(call.await.unwrap());
        }

        provider.start(true);
        let kept = items(&people.newest_check_ins().await);
        for ((path, body), accepted) in check_ins.iter().zip(&accepted) {
            let is_kept = kept.iter().any(|c| path.ends_with(c["id"].as_str().unwrap()));
            assert!(is_kept || !accepted, "round {round}: {path} was accepted and is not there");
            let again = people.as_phone(Method::PUT, path, Some(body)).await;
            assert_eq!(again.status.as_u16(), if is_kept { 200 } else { 201 }, "round {round}: {}", again.text);
        }
        (sent, answered) = (sent + 20, answered + accepted.iter().filter(|a| **a).count());
    }
    provider.kill();
    assert_eq!(provider.count("SELECT COUNT(*) FROM check_in").await, sent, "each once");
    whole_and_silent(&provider);
    println!("{backend:?}: {rounds} kills, {sent} check-ins sent, {answered} answered before the kill, none lost");
    provider.remove().await;
}

async fn contact_requests(backend: Backend) {
    let Some(mut provider) = Installation::fresh(backend).await else { return };
    let chance = binary::chance("kill after a request for contact");
    provider.start(true);
    let people = People::of(&provider.api).await;

    for round in 0..rounds(backend) {
        let id = chance.id(SystemClock.now());
        let body = json!({ "requested_at": SystemClock.now(), "when": "now", "how": "call", "message": NOTE });
        let by_key = round % 2 == 1;
        if by_key {
            let path = format!("/api/v1/contact-requests/{id}");
            provider.api.call(Method::PUT, &path, Some(&people.contact_key), Some(&body)).await.is(201);
        } else {
            people.as_phone(Method::PUT, &format!("/api/v1/me/contact-requests/{id}"), Some(&body)).await.is(201);
        }
        provider.kill();

        provider.start(true);
        let inbox = items(&people.as_worker("/api/v1/team/inbox").await);
        assert_eq!(inbox.len(), 1, "round {round}: shown once");
        let request = &inbox[0]["contact_request"];
        assert_eq!((&request["id"], &request["message"], &request["taps"]), (&json!(id), &json!(NOTE), &json!(1)));
        let path = format!("/api/v1/me/contact-requests/{id}");
        people.as_phone(Method::PUT, &path, Some(&body)).await.is(200);

        // Taken, killed again, completed: the next round begins with an empty inbox.
        people.act(id, "acknowledge", &json!({})).await;
        provider.kill();
        provider.start(true);
        let seen = people.as_phone(Method::GET, &path, None).await.is(200);
        assert_eq!((&seen["state"], &seen["seen_by"]), (&json!("seen"), &json!("Dee")), "round {round}");
        people.act(id, "complete", &json!({})).await;
    }
    provider.kill();
    whole_and_silent(&provider);
    println!("{backend:?}: {} kills, each request shown once", 2 * rounds(backend));
    provider.remove().await;
}

const NOTE: &str = "canary-of-the-kill-test";

/// The audit trail is whole, and neither the database's files nor the log hold a client's words.
fn whole_and_silent(provider: &Installation) {
    let verdict = provider.verify_audit();
    assert!(verdict.status.success(), "{}", String::from_utf8_lossy(&verdict.stdout));
    for file in fs::read_dir(provider.log().parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let found = bytes.windows(NOTE.len()).any(|w| w == NOTE.as_bytes());
        assert!(!found, "{} holds a client's words", path.display());
    }
}

/// Thirty usual evenings and four bad ones, entered by the worker as if by telephone: the engine has not run.
async fn diary_that_one_more_answer_turns_into_a_flag(people: &People, chance: &Chance) {
    let today = SystemClock.now();
    for days_ago in (1..=34).rev() {
        let value = if days_ago > 4 { [5.0, 6.0, 5.0, 4.0][(days_ago % 4) as usize] } else { 1.0 };
        let path = format!("/api/v1/team/clients/{}/check-ins/{}", people.client, chance.id(today));
        let body = people.check_in(today - Duration::days(days_ago), value);
        people.put_as_worker(&path, &body).await;
    }
}

/// What the stories above ask of the people.
trait Asked {
    fn check_in(&self, at: chrono::DateTime<chrono::Utc>, value: f64) -> Value;
    async fn newest_check_ins(&self) -> Value;
    async fn check_ins(&self) -> Vec<Value>;
    async fn until_assessed(&self);
    async fn is_flagged_once(&self, round: u64);
    async fn act(&self, request: Uuid, act: &str, body: &Value);
    async fn put_as_worker(&self, path: &str, body: &Value);
}

impl Asked for People {
    fn check_in(&self, at: chrono::DateTime<chrono::Utc>, value: f64) -> Value {
        let better = self.items.iter().filter(|i| i["higher_is"] == "better");
        let answers: Vec<Value> = better.map(|i| json!({ "item_id": i["id"], "value": value })).collect();
        json!({ "recorded_at": at.trunc_subsecs(3), "answers": answers, "note": NOTE })
    }

    async fn newest_check_ins(&self) -> Value {
        self.as_phone(Method::GET, "/api/v1/me/check-ins", None).await.is(200)
    }

    /// All of them, page by page.
    async fn check_ins(&self) -> Vec<Value> {
        let mut page = self.newest_check_ins().await;
        let mut all = items(&page);
        while let Some(cursor) = page["next_cursor"].as_str() {
            let path = format!("/api/v1/me/check-ins?cursor={cursor}");
            page = self.as_phone(Method::GET, &path, None).await.is(200);
            all.extend(items(&page));
        }
        all
    }

    /// Looks at the engine's health until nothing is overdue.
    async fn until_assessed(&self) {
        until(PATIENCE, "the engine has caught up", async || {
            let health = self.as_phone(Method::GET, "/health/engine", None).await.is(200);
            health["oldest_overdue"].is_null() && !health["last_finished_sweep"].is_null()
        })
        .await;
    }

    async fn is_flagged_once(&self, round: u64) {
        let flags = items(&self.as_worker("/api/v1/team/flags").await);
        assert_eq!(flags.len(), 1, "round {round}: one flag");
        let raised = flags[0]["timeline"].as_array().unwrap().iter().filter(|e| e["what"] == "raised").count();
        assert_eq!(raised, 1, "round {round}: raised once");
        let today = flags[0]["days"].as_array().unwrap().last().unwrap().clone();
        let assessments = items(&self.as_worker(&format!("/api/v1/team/clients/{}/assessments", self.client)).await);
        assert_eq!(
            assessments.iter().filter(|a| a["day"] == today).count(),
            1,
            "round {round}: one assessment of the day"
        );
    }

    async fn act(&self, request: Uuid, act: &str, body: &Value) {
        let path = format!("/api/v1/team/contact-requests/{request}/{act}");
        self.api.call(Method::POST, &path, Some(&self.worker), Some(body)).await.is(200);
    }

    async fn put_as_worker(&self, path: &str, body: &Value) {
        self.api.call(Method::PUT, path, Some(&self.worker), Some(body)).await.is(201);
    }
}
