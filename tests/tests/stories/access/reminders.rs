//! The calls about reminders, and the calendar that anybody may ask for who knows its address.

use companion::access::Row;
use companion_tests::{Value, json, reminders::daily};

use super::calls::Calls;

impl Calls<'_> {
    /// The path with real ids, and a body that would do; none for a call about something else.
    pub async fn prepare_for_reminders(&self, row: &Row) -> Option<(String, Option<Value>)> {
        let s = self.subjects;
        let at = |id: &str| row.path.replace("{id}", id);
        let (new_id, sam) = (s.phone.new_id(), s.sam.id.to_string());
        let reminder = || s.phone.new_reminder("A walk", daily("14:00"));
        Some(match (row.method, row.path.trim_start_matches("/api/v1/")) {
            ("GET", "/calendar/{secret}") => {
                let made = s.phone.post("/api/v1/me/calendar", &json!({})).await.is(201);
                let (_, secret) = made["url"].as_str()?.rsplit_once('/')?;
                (row.path.replace("{secret}", secret), None)
            }
            ("POST" | "DELETE", "me/calendar") => (at(""), None),
            ("PUT", "me/reminder-settings") => (at(""), Some(json!({ "follow_travel": false }))),
            ("PUT", "me/reminders/{id}") => (at(&new_id.to_string()), Some(reminder())),
            ("PUT", "team/clients/{id}/reminders") => {
                let mut body = reminder();
                (body["id"], body["agreed"]) = (json!(new_id), json!("on_phone"));
                (at(&sam), Some(body))
            }
            ("POST", path) if path.starts_with("me/occurrences/{id}/") => {
                let list = s.phone.reminders().await;
                let occurrence = list["occurrences"].as_array()?.last()?.clone();
                let mut act = s.phone.new_act(&occurrence);
                act["until"] = json!(s.phone.now() + chrono::Duration::minutes(10));
                (at(occurrence["id"].as_str()?), Some(act))
            }
            _ => return None,
        })
    }
}
