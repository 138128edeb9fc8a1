//! A client joins: their page, their people, their own signs, their phone; and the check-ins they will make.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Failure,
    diary::{self, Entry},
    people::{Client, Part, Sign},
    story::{Act, By, Call, Story, at, id},
};

impl Story {
    pub async fn join(&mut self, n: usize) -> Result<(), Failure> {
        const LEAD: By = By::Worker(0);
        let client = id(&self.call(Call::new(LEAD, "POST", "/api/v1/team/clients", self.page(n)?)).await?)?;
        let path = format!("/api/v1/team/clients/{client}");
        let mut workers = Vec::new();
        for (place, name) in self.people.clients[n].workers.iter().enumerate() {
            workers.push(json!({ "worker_id": self.workers[self.worker(name)?].0, "key_worker": place == 0 }));
        }
        self.call(Call::new(LEAD, "PUT", format!("{path}/assignments"), json!({ "workers": workers }))).await?;
        let key_worker = self.key_worker(n)?;
        let questions = self.questions(n, key_worker, &path).await?;
        let hand = if self.people.clients[n].no_phone {
            None
        } else {
            let invite = self.call(Call::new(key_worker, "POST", format!("{path}/invites"), json!({}))).await?;
            Some(self.wire.claim(invite["code"].as_str().ok_or("an invitation without a code")?).await?)
        };
        self.clients.insert(n, (client, hand));
        for entry in diary::write(&self.people.clients[n], self.today) {
            self.plan_check_in(n, client, &questions, &entry, key_worker);
        }
        if self.people.clients[n].part == Part::Texting {
            self.plan_texting(n, key_worker);
        }
        Ok(())
    }

    fn page(&self, n: usize) -> Result<Value, Failure> {
        let Client { name, preferred_name, phone, dedicated_phone, language, about, reach, .. } =
            &self.people.clients[n];
        let client = &self.people.clients[n];
        Ok(json!({
            "name": name, "preferred_name": preferred_name, "phone": phone, "dedicated_phone": dedicated_phone,
            "language": language, "about": about, "reach": reach, "cover": client.cover,
            "service_id": self.services.get(&client.service).ok_or("a client of no service")?,
            "hours_per_week": client.hours_per_week, "check_ins_per_week": client.check_ins_per_week,
        }))
    }

    /// Client and key worker write the client's own signs down together. Answers the ids of all questions in order.
    async fn questions(&mut self, n: usize, key_worker: By, path: &str) -> Result<Vec<Value>, Failure> {
        let standard = self.call(Call::look(key_worker, format!("{path}/items"))).await?;
        let mut items = standard["items"].as_array().cloned().unwrap_or_default();
        let client = &self.people.clients[n];
        items.extend(client.signs.iter().map(own_sign));
        let body = json!({ "check_ins_per_week": client.check_ins_per_week, "items": items });
        let all = self.call(Call::new(key_worker, "PUT", format!("{path}/items"), body)).await?;
        Ok(all["items"].as_array().into_iter().flatten().map(|item| item["id"].clone()).collect())
    }

    fn plan_check_in(&mut self, n: usize, client: Uuid, questions: &[Value], entry: &Entry, key_worker: By) {
        let made = at(entry.day, 0, entry.minute);
        // Whoever joined this morning has not checked in at dawn.
        if made <= self.clock_now() + TimeDelta::minutes(30) {
            return;
        }
        let id = self.app.chance.id(made);
        let answers =
            questions.iter().zip(&entry.answers).map(|(item, value)| json!({ "item_id": item, "value": value }));
        let note = entry.note.map(|note| &self.people.clients[n].notes[note]);
        let body = json!({
            "recorded_at": made,
            "answers": answers.collect::<Vec<_>>(),
            "note": note.map(|n| &n.words),
            "note_shared": note.is_none_or(|n| !n.private),
        });
        let sent = made + TimeDelta::hours(entry.arrives_after);
        let call = if self.people.clients[n].no_phone {
            Call::new(key_worker, "PUT", format!("/api/v1/team/clients/{client}/check-ins/{id}"), body)
        } else {
            let call = Call::new(By::Client(n), "PUT", format!("/api/v1/me/check-ins/{id}"), body);
            Call { sent_at: Some(sent), ..call }
        };
        self.plan(sent, Act::Call(call));
    }
}

fn own_sign(sign: &Sign) -> Value {
    let labels = sign.labels.as_ref().map(|[low, middle, high]| json!({ "low": low, "middle": middle, "high": high }));
    json!({ "kind": "sign", "text": sign.text, "labels": labels, "min": 1, "max": 7, "higher_is": "worse" })
}
