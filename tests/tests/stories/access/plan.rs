//! The calls about the stay-well plan.

use companion::access::Row;
use companion_tests::{
    Value, json,
    plan::{draft, line},
};

use super::{calls::Calls, subjects::PLAN_CANARY};

impl Calls<'_> {
    /// The path with real ids, and a body that would do; none for a call about something else.
    pub async fn prepare_for_plan(&self, row: &Row) -> Option<(String, Option<Value>)> {
        let s = self.subjects;
        let new_id = s.phone.new_id();
        let at = |version: &Value| {
            let path = row.path.replace("{id}", &s.sam.id.to_string());
            path.replace("{version}", version.as_str().unwrap_or_default())
        };
        let body = json!({ "keeps_well": [], "do_not_tell": [] });
        Some(match (row.method, row.path.trim_start_matches("/api/v1/")) {
            // Another client's first draft is based on nothing; this one's is put together with what is there.
            ("PUT", "me/plan/draft" | "team/clients/{id}/plan") => {
                (at(&Value::Null), Some(draft(new_id, &Value::Null, &body)))
            }
            ("POST", "me/plan/replay") => (at(&Value::Null), Some(json!({ "rules": [] }))),
            ("POST", "me/plan/{version}/agree") => (at(&self.plan().await), Some(json!({ "id": new_id }))),
            ("POST", "team/clients/{id}/plan/{version}/agree") => {
                (at(&self.plan().await), Some(json!({ "how": "mine" })))
            }
            ("GET", path) if path.contains("plan/versions/{version}") => (at(&self.plan().await), None),
            _ => return None,
        })
    }

    /// A draft of this client's that nobody has agreed to yet.
    async fn plan(&self) -> Value {
        let phone = &self.subjects.phone;
        let plan = phone.plan().await;
        let before = if plan["draft"].is_null() { &plan["current"]["id"] } else { &plan["draft"]["id"] };
        let canary = json!({ "do_not_tell": [line(PLAN_CANARY)] });
        phone.write_plan(before, &canary).await["id"].clone()
    }
}
