//! The calls about lists, the rehearsal and the engine.

use companion::access::Row;
use companion_tests::{Value, escalation::step, json};

use super::calls::Calls;

impl Calls<'_> {
    /// The path with a real service, and a body that would do; none for a call about something else.
    pub fn prepare_for_escalation(&self, row: &Row) -> Option<(String, Option<Value>)> {
        let service = self.world.provider.service;
        Some(match (row.method, row.path.trim_start_matches("/api/v1/team/")) {
            ("GET", "policies") => (format!("{}?service_id={service}", row.path), None),
            ("PUT", "policies") => {
                let list = json!({ "service_id": service, "kind": "contact_now", "steps": [step("team_lead", 5)], "by_day": false });
                (row.path.to_owned(), Some(list))
            }
            ("GET", "rota/rehearsal") => (format!("{}?service_id={service}&kind=contact_now", row.path), None),
            _ => return None,
        })
    }
}
