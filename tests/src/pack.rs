//! What phones and workers do with packs and with the library they come from.

use std::ops::Deref;

use chrono::Duration;
use companion::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Client, Phone, Worker, http::items, pictures};

/// A pack as a phone gets it.
#[derive(Clone, Debug)]
pub struct Pack(Value);

impl Deref for Pack {
    type Target = Value;
    fn deref(&self) -> &Value {
        &self.0
    }
}

impl Pack {
    pub fn resource(&self, slug: &str) -> Option<&Value> {
        self["resources"].as_array().unwrap().iter().find(|r| r["slug"] == slug)
    }

    /// A resource that is there.
    #[track_caller]
    fn found(&self, slug: &str) -> &Value {
        self.resource(slug).unwrap_or_else(|| panic!("no {slug:?} in the pack"))
    }

    #[track_caller]
    pub fn id(&self, slug: &str) -> Value {
        self.found(slug)["id"].clone()
    }

    /// The hash of a wording.
    #[track_caller]
    pub fn hash(&self, slug: &str, edition: &str) -> &str {
        self.found(slug)["editions"][edition].as_str().unwrap_or_else(|| panic!("no {edition} of {slug:?}"))
    }

    /// A wording that came with this answer.
    #[track_caller]
    pub fn text(&self, slug: &str, edition: &str) -> &Value {
        &self["texts"][self.hash(slug, edition)]
    }

    /// The hashes of the texts that came with this answer.
    pub fn came(&self) -> Vec<&str> {
        self["texts"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[track_caller]
    pub fn mark(&self, id: &Value) -> &Value {
        &self["marks"][id.as_str().unwrap()]
    }

    /// One of the client's own.
    pub fn addition(&self, id: Uuid) -> Option<&Value> {
        self["additions"].as_array().unwrap().iter().find(|a| a["id"] == json!(id))
    }
}

impl Phone {
    /// The whole pack, as a phone asks for it that has nothing yet.
    pub async fn pack(&self) -> Pack {
        self.pack_having(&[]).await
    }

    /// The pack, for a phone that has these texts.
    pub async fn pack_having(&self, texts: &[&str]) -> Pack {
        Pack(self.get(&format!("/api/v1/me/pack?have={}", texts.join(","))).await.is(200))
    }

    /// What the client makes of a resource (or whether an addition is shared), a moment after what they did before. Where
    /// it says whether it is shared, they have just decided that.
    pub async fn mark(&self, id: &Value, mut mark: Value) -> Answer {
        self.clock.advance(Duration::milliseconds(1));
        mark["changed_at"] = json!(self.clock.now());
        if mark["shared"].is_boolean() {
            mark["shared_at"] = json!(self.clock.now());
        }
        self.put_mark(id, &mark).await
    }

    /// A mark as it is, with its own idea of when.
    pub async fn put_mark(&self, id: &Value, mark: &Value) -> Answer {
        self.put(&format!("/api/v1/me/pack/{}/feedback", id.as_str().unwrap()), mark).await
    }

    /// Opened and read to the end.
    pub async fn read(&self, id: &Value) -> Value {
        self.mark(id, json!({ "opened_at": self.clock.now(), "read_to": 100 })).await.is(200)
    }

    /// A note that is not sent yet.
    pub fn new_note(&self, title: &str, text: &str) -> Value {
        json!({ "kind": "note", "title": title, "text": text, "made_at": self.clock.now(), "shared": false })
    }

    /// A photo that is not sent yet.
    pub fn new_photo(&self, title: &str, file: &[u8]) -> Value {
        let photo = pictures::base64(file);
        json!({ "kind": "photo", "title": title, "photo": photo, "made_at": self.clock.now(), "shared": false })
    }

    pub async fn put_addition(&self, id: Uuid, body: &Value) -> Answer {
        self.put(&format!("/api/v1/me/pack/additions/{id}"), body).await
    }

    /// Adds something of the client's own.
    pub async fn add(&self, body: &Value) -> Uuid {
        let id = self.new_id();
        self.put_addition(id, body).await.is(201);
        id
    }

    pub async fn remove(&self, addition: Uuid) {
        self.delete(&format!("/api/v1/me/pack/additions/{addition}")).await.is(204);
    }

    /// Shares one of the client's own, or shares it no longer.
    pub async fn share(&self, addition: Uuid, shared: bool) {
        self.mark(&json!(addition), json!({ "shared": shared })).await.is(200);
    }

    /// Fills the first-aid box; what it holds then.
    pub async fn fill_first_aid(&self, ids: Value) -> Value {
        self.clock.advance(Duration::milliseconds(1));
        let body = json!({ "ids": ids, "changed_at": self.clock.now() });
        self.put("/api/v1/me/pack/first-aid", &body).await.is(200)["ids"].clone()
    }

    /// A search that found nothing.
    pub async fn search_in_vain(&self, words: &str) {
        let body = json!({ "words": words, "searched_at": self.clock.now() });
        self.put(&format!("/api/v1/me/pack/searches/{}", self.new_id()), &body).await.is(204);
    }

    /// Whether the client is counted in the figures.
    pub async fn be_counted(&self, counted: bool) {
        self.put("/api/v1/me/sharing", &json!({ "pack_counted": counted })).await.is(200);
    }
}

impl Worker {
    /// A client's pack as their team sees it.
    pub async fn pack_of(&self, client: &Client) -> Value {
        self.of(client, "/pack").await.is(200)
    }

    /// Chooses these for a client, instead of what was chosen before.
    pub async fn choose(&self, client: &Client, chosen: Value) -> Answer {
        let revision = self.pack_of(client).await["revision"].clone();
        self.choose_after(client, &revision, chosen).await
    }

    /// The same, by a screen that saw this revision.
    pub async fn choose_after(&self, client: &Client, revision: &Value, chosen: Value) -> Answer {
        let body = json!({ "revision": revision, "chosen": chosen });
        self.put(&format!("/api/v1/team/clients/{}/pack", client.id), &body).await
    }

    /// The whole library, as it is listed.
    pub async fn library(&self) -> Vec<Value> {
        items(&self.get("/api/v1/team/resources").await.is(200))
    }

    /// A resource with the history of its wordings.
    pub async fn resource(&self, slug: &str) -> Value {
        let listed = self.library().await.into_iter().find(|r| r["slug"] == slug);
        let id = listed.unwrap_or_else(|| panic!("no {slug:?} in the library"))["id"].clone();
        self.get(&format!("/api/v1/team/resources/{}", id.as_str().unwrap())).await.is(200)
    }

    /// Something done to a resource.
    pub async fn act_on(&self, resource: &Value, act: &str, body: &Value) -> Answer {
        self.post(&format!("/api/v1/team/resources/{}/{act}", resource["id"].as_str().unwrap()), body).await
    }

    /// Saves a draft of the English wording that was made from this text.
    pub async fn draft(&self, resource: &Value, based_on: &Value, markdown: &str) -> Answer {
        let path = format!("/api/v1/team/resources/{}/drafts/en", resource["id"].as_str().unwrap());
        self.put(&path, &json!({ "markdown": markdown, "based_on": based_on })).await
    }

    /// Writes the English wording anew, and puts it before clients.
    pub async fn rewrite(&self, slug: &str, markdown: &str) -> Value {
        let resource = self.resource(slug).await;
        let drafted = self.draft(&resource, &text(&resource, "published")["hash"], markdown).await.is(200);
        self.act_on(&resource, "publish", text(&drafted, "draft")).await.is(200)
    }

    /// Adds a picture to the library.
    pub async fn put_image(&self, id: Uuid, file: Vec<u8>) -> Answer {
        let path = format!("/api/v1/team/resource-images/{id}");
        Answer::of(self.api.request(Method::PUT, &path, Some(&self.token().await)).body(file)).await
    }

    pub async fn figures(&self) -> Value {
        self.get("/api/v1/team/resources/figures").await.is(200)
    }
}

/// The newest text of a resource that is in this state, in English.
#[track_caller]
pub fn text<'r>(resource: &'r Value, state: &str) -> &'r Value {
    let mut texts = resource["texts"].as_array().unwrap().iter();
    texts
        .find(|t| t["state"] == state && t["edition"] == "en")
        .unwrap_or_else(|| panic!("no {state} text: {resource:#}"))
}

/// An article as a worker writes it.
pub fn article(title: &str, words: &str) -> String {
    format!(
        "+++\ntitle = \"{title}\"\nsummary = \"For a day like this.\"\ntopics = [\"hope\"]\nminutes = 2\n\
         written_on = 2026-11-16\n+++\n\n## In the next five minutes\n\n{words}\n"
    )
}
