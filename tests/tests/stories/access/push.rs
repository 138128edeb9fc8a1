//! The calls about push subscriptions.

use companion::access::Row;
use companion_tests::{Phone, Value, Worker, json, push_peer::Browser};

use super::{Subject, calls::Calls};

impl Calls<'_> {
    /// The path with real ids, and a body that would do; none for a call about something else. Everybody tries out a
    /// subscription of their own: nobody has another's.
    pub async fn prepare_for_push(&self, row: &Row, subject: Subject) -> Option<(String, Option<Value>)> {
        let s = self.subjects;
        let at = |id: &str| row.path.replace("{id}", id);
        let new_id = s.phone.new_id();
        Some(match (row.method, row.path.trim_start_matches("/api/v1/")) {
            ("POST", "push/receipts") => (at(""), Some(json!({ "receipts": [] }))),
            ("PUT", "me/push-subscriptions/{id}" | "team/push-subscriptions/{id}") => {
                (at(&new_id.to_string()), Some(Browser::at(&s.peer, new_id).subscription()))
            }
            ("POST", "me/push-subscriptions/{id}/test" | "team/push-subscriptions/{id}/test") => {
                let browser = Browser::at(&s.peer, new_id);
                if let Some(phone) = self.phone_of(subject) {
                    browser.put(phone, "me").await;
                }
                if let Some(worker) = self.worker_of(subject) {
                    browser.put(worker, "team").await;
                }
                (at(&new_id.to_string()), Some(json!({})))
            }
            _ => return None,
        })
    }

    fn phone_of(&self, subject: Subject) -> Option<&Phone> {
        match subject {
            Subject::ThisPhone => Some(&self.subjects.phone),
            Subject::OtherPhone => Some(&self.subjects.other_phone),
            _ => None,
        }
    }

    pub fn worker_of(&self, subject: Subject) -> Option<&Worker> {
        let (world, s) = (self.world, self.subjects);
        Some(match subject {
            Subject::Assigned => &world.dee,
            Subject::Lead => &world.lead,
            Subject::Unassigned => &s.unassigned,
            Subject::Coach => &s.coach,
            Subject::OtherLead => &s.other_lead,
            Subject::Admin => &s.admin,
            Subject::OtherOrganisation => &s.elsewhere,
            _ => return None,
        })
    }
}
