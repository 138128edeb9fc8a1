//! The ways to ring a worker beside the app: chosen by themselves, sent for real, answered from where they are.

mod buttons;
mod choosing;
mod gateways;
mod links;
mod mail;
mod replies;

use companion::ids::NotificationId;
use companion_tests::{Phone, Value, Worker, World, json};
use uuid::Uuid;

/// The channel of a kind, as its worker sees it.
pub async fn shown(worker: &Worker, kind: &str) -> Value {
    let all = worker.get("/api/v1/team/channels").await.is(200);
    let found = all["items"].as_array().unwrap().iter().find(|c| c["kind"] == kind).cloned();
    found.unwrap_or_else(|| panic!("no {kind} among {all}"))
}

/// Presses "test" for a channel of one's own.
pub async fn test(worker: &Worker, channel: &Value) {
    let path = format!("/api/v1/team/channels/{}/test", channel["id"].as_str().unwrap());
    worker.post(&path, &json!({})).await.is(200);
}

/// A client asks; the request's id.
pub async fn asked(phone: &Phone) -> Uuid {
    phone.ask("now").await["id"].as_str().unwrap().parse().unwrap()
}

/// A client of Dee's with a flag, who has asked to be talked to about it; the flag's id.
pub async fn flag_asked_about(world: &World) -> (Phone, Uuid) {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 12).await;
    let flag = phone.flags().await[0]["id"].clone();
    phone.answer_flag(&flag, phone.new_id(), "please_talk", None).await.is(200);
    (phone, flag.as_str().unwrap().parse().unwrap())
}

/// Escalation takes what steps are due, and what it rings by is sent. The newest ring.
pub async fn is_rung(world: &World) -> NotificationId {
    world.run_jobs().await;
    world
        .app
        .db
        .query("SELECT notification_id FROM ring ORDER BY at DESC, notification_id DESC LIMIT 1")
        .scalar()
        .await
        .unwrap()
}

/// State and owner of a request.
pub async fn stands(world: &World, request: Uuid) -> (String, Option<Uuid>) {
    let sql = "SELECT state, owner_id FROM contact_request WHERE id = $1";
    world.app.db.query(sql).bind(request).one().await.unwrap()
}

/// State, tries and problem of a ring's one delivery.
pub async fn delivery(world: &World, ring: NotificationId) -> (String, i32, Option<String>) {
    let sql = "SELECT state, tries, problem FROM delivery WHERE notification_id = $1";
    world.app.db.query(sql).bind(ring).one().await.unwrap()
}

/// What the audit trail has about "I've got this": who and by which way.
pub async fn acknowledged(world: &World) -> Vec<(String, Value)> {
    let sql =
        "SELECT actor, detail FROM audit WHERE action IN ('contact.acknowledge', 'flag.acknowledge') ORDER BY seq";
    let rows: Vec<(String, sqlx::types::Json<Value>)> = world.app.db.query(sql).all().await.unwrap();
    rows.into_iter().map(|(who, detail)| (who, detail.0["by"].clone())).collect()
}
