//! The calls about packs and the library.

use companion::access::Row;
use companion_tests::{
    Value, json,
    pack::{article, text},
};

use super::calls::Calls;

impl Calls<'_> {
    /// The path with real ids, and a body that would do; none for a call about something else.
    pub async fn prepare_for_the_pack(&self, row: &Row) -> Option<(String, Option<Value>)> {
        let (world, s) = (self.world, self.subjects);
        let at = |id: &str| row.path.replace("{id}", id);
        let new_id = s.phone.new_id().to_string();
        let now = world.now();
        Some(match (row.method, row.path.trim_start_matches("/api/v1/")) {
            ("PUT", "me/pack/first-aid") => (at(""), Some(json!({ "ids": [], "changed_at": now }))),
            ("PUT", "me/pack/{id}/feedback") => (at(s.sleep.as_str()?), Some(json!({ "changed_at": now }))),
            ("PUT", "me/pack/additions/{id}") => (at(&new_id), Some(s.phone.new_note("A walk", "to the pier"))),
            ("DELETE", "me/pack/additions/{id}") => (at(&self.note().await), None),
            ("PUT", "me/pack/searches/{id}") => (at(&new_id), Some(json!({ "words": "knitting", "searched_at": now }))),
            ("PUT", "me/sharing") => (at(""), Some(json!({}))),
            (_, "me/pack/additions/{id}/photo") => (at(&s.photo.to_string()), None),
            (_, "me/resource-images/{id}") => (at(&s.image.to_string()), None),
            ("GET", "team/resource-images/{id}") => (at(&s.image.to_string()), None),
            ("PUT", "team/resource-images/{id}") => (at(&new_id), None),
            ("PUT", "team/clients/{id}/pack") => (at(&s.sam.id.to_string()), Some(self.chosen().await)),
            (_, "team/clients/{id}/pack/additions/{addition_id}/photo") => {
                (at(&s.sam.id.to_string()).replace("{addition_id}", &s.photo.to_string()), None)
            }
            ("POST", "team/resources" | "team/resources/preview") => {
                (at(""), Some(json!({ "edition": "en", "markdown": article("A warm drink", "Put the kettle on.") })))
            }
            (_, path) if path.starts_with("team/resources/{id}") => {
                let id = s.sleep.as_str()?;
                let sleep = world.lead.get(&format!("/api/v1/team/resources/{id}")).await.is(200);
                (at(id).replace("{edition}", "en"), Some(about(&sleep)))
            }
            _ => return None,
        })
    }

    /// A note of this client's, which their phone may remove; another's phone hears the same and removes nothing.
    async fn note(&self) -> String {
        let phone = &self.subjects.phone;
        phone.add(&phone.new_note("A walk", "to the pier")).await.to_string()
    }

    /// What is chosen for this client, as it is.
    async fn chosen(&self) -> Value {
        let pack = self.world.lead.pack_of(&self.subjects.sam).await;
        let again = |c: &Value| json!({ "resource_id": c["resource_id"], "why": c["why"] });
        let chosen: Vec<Value> = pack["chosen"].as_array().unwrap().iter().map(again).collect();
        json!({ "revision": pack["revision"], "chosen": chosen })
    }
}

/// A body for whatever is done to a resource: its published text, to be published, signed or saved as it is.
fn about(resource: &Value) -> Value {
    let shown = text(resource, "published");
    let drafts = resource["texts"].as_array().unwrap().iter().filter(|t| t["state"] == "draft");
    let based_on = drafts.chain([shown]).next().map(|t| t["hash"].clone());
    json!({ "edition": "en", "number": shown["number"], "hash": shown["hash"], "withdraw": false,
            "markdown": shown["markdown"], "based_on": based_on })
}
