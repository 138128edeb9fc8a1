//! The calls about what is usual, which rules warn, and what was missed.

use companion::access::Row;
use companion_tests::{Value, json};

use super::calls::Calls;

impl Calls<'_> {
    /// The path with real ids, and a body that would do; none for a call about something else.
    pub async fn prepare_for_early_warning(&self, row: &Row) -> Option<(String, Option<Value>)> {
        let (world, s) = (self.world, self.subjects);
        let at = |id: &str| row.path.replace("{id}", id);
        let (new_id, sam) = (s.phone.new_id(), s.sam.id.to_string());
        Some(match (row.method, row.path.trim_start_matches("/api/v1/")) {
            ("POST", "me/baseline/{id}/answer") => {
                let asked = world.dee.propose(&s.sam, new_id, &world.dee.suggested(&s.sam).await).await;
                (at(asked["id"].as_str()?), Some(json!({ "id": s.phone.new_id(), "answer": "agree" })))
            }
            ("PUT", "team/clients/{id}/baseline") => {
                let usual = world.dee.suggested(&s.sam).await;
                (at(&sam), Some(world.dee.new_baseline(&s.sam, new_id, &usual, "together").await))
            }
            ("PUT", "team/clients/{id}/warning-rules") => {
                (at(&sam), Some(world.dee.new_rules(&s.sam, new_id, "usual", true, "As it was.").await))
            }
            ("POST", "team/clients/{id}/assessments/replay") => {
                (at(&sam), Some(json!({ "rules": { "sensitivity": "sooner", "silence": true } })))
            }
            ("POST", "team/clients/{id}/missed-warnings") => {
                (at(&sam), Some(json!({ "id": new_id, "noticed_on": world.now().date_naive() })))
            }
            _ => return None,
        })
    }
}
