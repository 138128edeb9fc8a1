//! Reminders: made on a phone or by a worker, told when their time comes, answered or not.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use companion::ids::ClientId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, Phone, Worker, World};

/// What happens every day at this time.
pub fn daily(time: &str) -> Value {
    json!({ "starts_on": "2026-01-01", "times": [time], "repeat": { "unit": "day", "every": 1 }, "ends": null })
}

/// What happens once.
pub fn once(date: &str, time: &str) -> Value {
    json!({ "starts_on": date, "times": [time], "repeat": { "unit": "none", "every": 1 }, "ends": null })
}

impl Phone {
    /// A reminder that is not sent yet.
    pub fn new_reminder(&self, title: &str, schedule: Value) -> Value {
        json!({ "change": self.new_id(), "based_on": null, "title": title, "note": null, "about": "own", "plan_line": null,
                "schedule": schedule, "state": "on", "paused_until": null })
    }

    pub async fn put_reminder(&self, id: Uuid, body: &Value) -> Answer {
        self.put(&format!("/api/v1/me/reminders/{id}"), body).await
    }

    /// A reminder of my own.
    pub async fn remind(&self, title: &str, schedule: Value) -> Value {
        self.put_reminder(self.new_id(), &self.new_reminder(title, schedule)).await.is(200)
    }

    /// A reminder with some of it changed.
    pub async fn change_reminder(&self, reminder: &Value, change: Value) -> Answer {
        let mut body = reminder.clone();
        (body["based_on"], body["change"]) = (reminder["change"].clone(), json!(self.new_id()));
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.put(&format!("/api/v1/me/reminders/{}", reminder["id"].as_str().unwrap()), &body).await
    }

    pub async fn reminders(&self) -> Value {
        self.get("/api/v1/me/reminders").await.is(200)
    }

    /// What becomes of reminders on a local day.
    pub async fn occurrences_on(&self, day: &str) -> Vec<Value> {
        let list = self.get(&format!("/api/v1/me/reminders?from={day}&to={day}")).await.is(200);
        list["occurrences"].as_array().unwrap().clone()
    }

    /// The only one of a day.
    pub async fn occurrence_on(&self, day: &str) -> Value {
        let all = self.occurrences_on(day).await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all[0].clone()
    }

    /// An answer that is not sent yet, given now by the phone's clock.
    pub fn new_act(&self, occurrence: &Value) -> Value {
        json!({ "id": self.new_id(), "reminder_id": occurrence["reminder_id"], "date": occurrence["date"],
                "time": occurrence["time"], "at": self.now() })
    }

    pub async fn put_act(&self, occurrence: &Value, what: &str, act: &Value) -> Answer {
        self.post(&format!("/api/v1/me/occurrences/{}/{what}", occurrence["id"].as_str().unwrap()), act).await
    }

    /// `done` or `skip`, now.
    pub async fn say(&self, occurrence: &Value, what: &str) -> Value {
        self.put_act(occurrence, what, &self.new_act(occurrence)).await.is(200)
    }

    pub async fn snooze(&self, occurrence: &Value, until: DateTime<Utc>) -> Value {
        let mut act = self.new_act(occurrence);
        act["until"] = json!(until);
        self.put_act(occurrence, "snooze", &act).await.is(200)
    }

    pub async fn choose_reminder_settings(&self, settings: &Value) -> Value {
        self.put("/api/v1/me/reminder-settings", settings).await.is(200)
    }
}

impl Worker {
    pub async fn reminders_of(&self, client: &Client) -> Value {
        self.of(client, "/reminders").await.is(200)
    }

    pub async fn put_reminder(&self, client: &Client, body: &Value) -> Answer {
        self.put(&format!("/api/v1/team/clients/{}/reminders", client.id), body).await
    }
}

/// One that was told.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Told {
    pub id: Uuid,
    pub local_date: NaiveDate,
    pub local_time: String,
    pub due_at: DateTime<Utc>,
    pub told_at: DateTime<Utc>,
    /// How often.
    pub told: i32,
    /// The last of them.
    pub notification_id: Option<Uuid>,
}

impl Told {
    /// What the clock on the wall there showed.
    pub fn wall(&self, zone: Tz) -> String {
        self.told_at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
    }
}

impl World {
    /// Everything a client was told, in order.
    pub async fn told(&self, client: Uuid) -> Vec<Told> {
        self.app
            .db
            .query(
                "SELECT o.id, o.local_date, o.local_time, o.due_at, o.told_at, o.told,
                        (SELECT t.notification_id FROM occurrence_told t WHERE t.client_id = o.client_id AND t.occurrence_id = o.id
                         ORDER BY t.at DESC LIMIT 1) AS notification_id
                 FROM occurrence o WHERE o.client_id = $1 AND o.told > 0 ORDER BY o.told_at, o.due_at, o.id",
            )
            .bind(ClientId(client))
            .all()
            .await
            .unwrap()
    }
}
