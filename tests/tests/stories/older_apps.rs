//! Apps that were installed long ago and never updated. What they send stands here byte for byte, as they send it, and what they
//! read of the answers by name; neither is ever changed to make this pass.

use companion_tests::{Answer, Phone, Value, World, story};
use reqwest::Method;

/// A call with a body as text: nothing of ours writes it.
async fn send(world: &World, method: Method, path: &str, token: Option<&str>, body: &str) -> Answer {
    let request = world.api.request(method, path, token).header("Content-Type", "application/json");
    Answer::of(request.body(body.to_owned())).await
}

/// Everything that the app reads is there.
#[track_caller]
fn holds(answer: &Value, fields: &[&str]) {
    for field in fields {
        assert!(answer.pointer(field).is_some(), "{field} is missing in {answer}");
    }
}

async fn mood_of(phone: &Phone) -> String {
    phone.item("mood").await["id"].as_str().unwrap().to_owned()
}

mod promise_9_the_engine_may_change_the_phone_need_not {
    use super::*;

    story!(the_first_app_still_joins_checks_in_and_asks_for_contact, |world| {
        let sam = world.client("Sam").await;
        let code = world.dee.invite(&sam).await;
        let claim = format!(r#"{{"code":"{}","device_name":"Android phone"}}"#, code);
        let joined = send(world, Method::POST, "/api/v1/auth/claim", None, &claim).await.is(201);
        holds(
            &joined,
            &[
                "/access_token",
                "/refresh_token",
                "/expires_in",
                "/contact_key",
                "/client/id",
                "/client/preferred_name",
                "/client/language",
                "/client/time_zone",
            ],
        );
        let phone = Phone::joined(&world.api, &world.clock, &world.chance, &joined);
        let (token, key) = (phone.token().await, phone.contact_key.clone());

        let check_in = format!(
            r#"{{"recorded_at":"2026-11-16T08:55:00.000Z","answers":[{{"item_id":"{}","value":3}}],"note":"A long night.","note_shared":true}}"#,
            mood_of(&phone).await
        );
        let path = "/api/v1/me/check-ins/01a1d3a0-0000-7000-8000-000000000001";
        let taken = send(world, Method::PUT, path, Some(&token), &check_in).await.is(201);
        holds(
            &taken,
            &[
                "/id",
                "/recorded_at",
                "/received_at",
                "/made_at",
                "/answers/0/item_id",
                "/answers/0/value",
                "/note",
                "/note_shared",
                "/replaced_by",
            ],
        );
        send(world, Method::PUT, path, Some(&token), &check_in).await.is(200);

        let asks =
            r#"{"requested_at":"2026-11-16T08:58:00.000Z","when":"now","how":"call","message":"Please ring me."}"#;
        let path = "/api/v1/me/contact-requests/01a1d3a0-0000-7000-8000-000000000002";
        let asked = send(world, Method::PUT, path, Some(&token), asks).await.is(201);
        holds(
            &asked,
            &[
                "/state",
                "/received_at",
                "/seen_at",
                "/seen_by",
                "/promise",
                "/promise_broken",
                "/attempts",
                "/additions",
                "/folded_into",
                "/phone",
            ],
        );
        let more = r#"{"id":"01a1d3a0-0000-7000-8000-000000000003","message":"I am in the kitchen."}"#;
        send(world, Method::POST, &format!("{path}/additions"), Some(&token), more).await.is(201);
        let cancels = r#"{"id":"01a1d3a0-0000-7000-8000-000000000004"}"#;
        send(world, Method::POST, &format!("{path}/cancel"), Some(&token), cancels).await.is(200);

        let path = "/api/v1/contact-requests/01a1d3a0-0000-7000-8000-000000000005";
        let by_key = send(world, Method::PUT, path, Some(&key), asks).await.is(201);
        holds(
            &by_key,
            &[
                "/id",
                "/state",
                "/received_at",
                "/reached_at",
                "/seen_at",
                "/promised_by",
                "/promise_broken",
                "/done_at",
                "/cancelled_at",
                "/folded_into",
            ],
        );
        let refresh = format!(r#"{{"refresh_token":"{}"}}"#, phone.tokens().await.refresh);
        holds(
            &send(world, Method::POST, "/api/v1/auth/refresh", None, &refresh).await.is(200),
            &["/access_token", "/refresh_token", "/expires_in"],
        );
        for path in ["me", "me/items", "me/check-ins?limit=200", "me/flags", "me/cover", "me/contact-requests?limit=20"]
        {
            phone.get(&format!("/api/v1/{path}")).await.is(200);
        }
    });

    story!(the_app_before_sync_still_sends_its_plan_its_pack_and_its_reminders, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let token = phone.token().await;
        let resource = phone.get("/api/v1/me/pack").await.is(200)["resources"][0]["id"].as_str().unwrap().to_owned();
        let mark = r#"{"bookmarked":true,"helped":null,"read_to":40,"shared":false,"opened_at":"2026-11-16T08:50:00.000Z","changed_at":"2026-11-16T08:51:00.000Z"}"#;
        let path = format!("/api/v1/me/pack/{resource}/feedback");
        holds(
            &send(world, Method::PUT, &path, Some(&token), mark).await.is(200),
            &["/bookmarked", "/read_to", "/shared"],
        );
        let note = r#"{"kind":"note","title":"Tea","text":"First of all.","made_at":"2026-11-16T08:52:00.000Z","shared":false}"#;
        let path = "/api/v1/me/pack/additions/01a1d3a0-0000-7000-8000-000000000006";
        send(world, Method::PUT, path, Some(&token), note).await.is(201);
        let draft = r#"{"id":"01a1d3a0-0000-7000-8000-000000000007","based_on":null,"body":{"keeps_well":[],"important":[],"works":[],"does_not_work":[],"triggers":[],"stages":[],"want":[],"do_not_want":[],"tell":[],"do_not_tell":[],"people":[],"rules":[]}}"#;
        holds(
            &send(world, Method::PUT, "/api/v1/me/plan/draft", Some(&token), draft).await.is(200),
            &["/id", "/body", "/client_agreed"],
        );
        for path in ["me/pack", "me/plan", "me/sharing", "me/baseline", "me/reminders"] {
            phone.get(&format!("/api/v1/{path}")).await.is(200);
        }
    });
}
