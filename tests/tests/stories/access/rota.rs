//! The calls about the rota. Dee is on it by night; what is proposed is about a night of hers that nobody has spoken of yet.

use chrono::Duration;
use companion::access::Row;
use companion_tests::{Value, json, rota::daily};
use uuid::Uuid;

use super::{Subject, calls::Calls};

impl Calls<'_> {
    /// The path with real ids, and a body that would do; none for a call about something else.
    pub async fn prepare_for_the_rota(&self, row: &Row, subject: Subject) -> Option<(String, Option<Value>)> {
        let (world, s) = (self.world, self.subjects);
        let what = row.path.strip_prefix("/api/v1/team/rota")?;
        let at = |id: &str| row.path.replace("{id}", id);
        let (new_id, service) = (s.phone.new_id().to_string(), world.provider.service);
        Some(match (row.method, what) {
            ("GET", "") => (format!("{}?service_id={service}", row.path), None),
            ("GET", _) => (at(""), None),
            ("PUT", "") | ("POST", "/preview") => {
                let nights = daily(world, "22:00-08:00", Some(&world.dee));
                (at(""), Some(world.new_rota(&[nights], Some(&world.lead)).await))
            }
            ("POST", "/readiness") => (at(""), Some(json!({ "service_id": service }))),
            ("PUT", "/swaps/{id}") => {
                // Whoever calls offers to take it; Dee herself gives it away.
                let caller = self.worker_of(subject).filter(|worker| worker.id != world.dee.id);
                (at(&new_id), Some(self.swap(caller.map_or(world.lead.id, |worker| worker.id)).await))
            }
            ("POST", _) => {
                let swap = self.swap(s.unassigned.id).await;
                let swap = world.dee.put(&format!("/api/v1/team/rota/swaps/{new_id}"), &swap).await.is(200);
                (at(swap["id"].as_str()?), Some(json!({ "answer": "yes" })))
            }
            ("PUT", "/absences/{id}") => (at(&new_id), Some(self.absence())),
            ("DELETE", _) => {
                world.dee.put(&format!("/api/v1/team/rota/absences/{new_id}"), &self.absence()).await.is(200);
                (at(&new_id), None)
            }
            _ => (at(&new_id), Some(json!({ "service_id": service, "words": "All quiet." }))),
        })
    }

    /// Dee is on leave, two months from now.
    fn absence(&self) -> Value {
        let from = self.world.now() + Duration::days(60);
        json!({ "worker_id": self.world.dee.id, "from": from, "until": from + Duration::days(1), "why": "leave" })
    }

    /// A night of Dee's for somebody else.
    async fn swap(&self, to: Uuid) -> Value {
        let world = self.world;
        let mut rota = world.lead.rota(world).await;
        if rota["number"] == 0 {
            rota = world.publish(&[daily(world, "22:00-08:00", Some(&world.dee))], Some(&world.lead)).await;
        }
        let spoken_of = world.count("SELECT COUNT(*) FROM rota_swap").await;
        let date = (world.now() + Duration::days(spoken_of + 1)).date_naive();
        json!({ "service_id": world.provider.service, "pattern_id": rota["patterns"][0]["id"], "date": date, "to": to })
    }
}
