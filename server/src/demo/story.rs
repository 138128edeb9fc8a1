//! Twelve weeks at the invented provider, lived through from the first day to this minute.
//!
//! An agenda of who does what when. The clock is set to each moment, the call is made, and the jobs that are due are
//! run, as the server's own runner would. So every flag is the engine's own, and every state was reached the way it
//! is reached in earnest. What is made up: the answers (`diary.rs`) and what people say (`people.toml`, `desk.rs`).

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::London;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Failure,
    pack::Pack,
    people::{PASSWORD, Part, People},
    plans::Plan,
    usual::Talk,
    wire::{Hand, Wire},
};
use crate::{
    access::Role,
    app::App,
    audit::Actor,
    clock::{Clock, MovableClock},
    jobs, organisation,
    workers::admin::{self, NewWorker},
};

/// What was planned for the last minutes is not done any more: they belong to the request that has just come in.
const LAST_MINUTES: TimeDelta = TimeDelta::minutes(10);
const ASKED_AGO: TimeDelta = TimeDelta::minutes(6);

/// Somebody, by their place in `people.toml`.
#[derive(Clone, Copy, Debug)]
pub enum By {
    Worker(usize),
    Client(usize),
}

#[derive(Debug)]
pub struct Call {
    pub by: By,
    pub method: &'static str,
    pub path: String,
    pub body: Option<Value>,
    /// Of a phone: the time it sends.
    pub sent_at: Option<DateTime<Utc>>,
}

impl Call {
    pub fn new(by: By, method: &'static str, path: impl Into<String>, body: Value) -> Self {
        Self { by, method, path: path.into(), body: Some(body), sent_at: None }
    }

    pub fn look(by: By, path: impl Into<String>) -> Self {
        Self { by, method: "GET", path: path.into(), body: None, sent_at: None }
    }
}

#[derive(Debug)]
pub enum Act {
    Join(usize),
    /// The team lead looks at the inbox, on a working day.
    Desk,
    /// Before the first shift: what fell due overnight.
    Jobs,
    Call(Call),
    /// A client's pack is put together.
    Pack(usize, Box<Pack>),
    /// Somebody and their worker say what is usual for them.
    Talk(usize, &'static Talk),
    /// A stay-well plan is written and agreed in one room.
    AgreePlan(usize, Box<Plan>),
    /// Somebody adds to it, and the other is asked.
    AddToPlan(usize, Box<Plan>),
    /// A worker makes a reminder with a client, or proposes one.
    Reminder(usize, usize, Value),
}

pub struct Story {
    pub app: App,
    pub people: People,
    pub wire: Wire,
    clock: MovableClock,
    /// The minute at which the demonstration was started, and the story ends.
    now: DateTime<Utc>,
    pub today: NaiveDate,
    agenda: BTreeMap<(DateTime<Utc>, usize), Act>,
    planned: usize,
    pub workers: Vec<(Uuid, Hand)>,
    pub clients: BTreeMap<usize, (Uuid, Option<Hand>)>,
    pub services: BTreeMap<String, Uuid>,
    /// Flags that somebody of the team has taken up.
    pub taken_up: HashSet<Uuid>,
}

/// Lives the twelve weeks up to `now` in an app whose clock is `clock`.
pub async fn live(app: App, people: People, clock: MovableClock, now: DateTime<Utc>) -> Result<(), Failure> {
    let mut story = Story {
        wire: Wire::new(app.clone()),
        people,
        app,
        clock,
        now,
        today: now.with_timezone(&London).date_naive(),
        agenda: BTreeMap::new(),
        planned: 0,
        workers: Vec::new(),
        clients: BTreeMap::new(),
        services: BTreeMap::new(),
        taken_up: HashSet::new(),
    };
    story.open_the_doors().await?;
    while let Some(((at, _), act)) = story.agenda.pop_first() {
        story.clock.set(at);
        match act {
            Act::Join(n) => story.join(n).await?,
            Act::Desk => story.desk().await?,
            Act::Jobs => {}
            Act::Call(call) => drop(story.call(call).await?),
            Act::Pack(n, pack) => story.put_together(n, *pack).await?,
            Act::Talk(n, talk) => story.talk(n, talk).await?,
            Act::AgreePlan(n, plan) => story.agree_plan(n, &plan).await?,
            Act::AddToPlan(n, plan) => story.add_to_plan(n, &plan).await?,
            Act::Reminder(n, worker, body) => story.remind(n, worker, body).await?,
        }
        jobs::run_due(&story.app).await?;
    }
    story.somebody_asks().await?;
    story.clock.set(now);
    jobs::run_due(&story.app).await?;
    Ok(())
}

impl Story {
    pub fn clock_now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Puts something on the agenda, unless it lies after the end of the story.
    pub fn plan(&mut self, at: DateTime<Utc>, act: Act) {
        if at < self.now - LAST_MINUTES {
            self.planned += 1;
            self.agenda.insert((at, self.planned), act);
        }
    }

    pub async fn call(&mut self, call: Call) -> Result<Value, Failure> {
        let hand = match call.by {
            By::Worker(n) => self.workers.get_mut(n).map(|(_, hand)| hand),
            By::Client(n) => self.clients.get_mut(&n).and_then(|(_, hand)| hand.as_mut()),
        };
        let hand = hand.ok_or("somebody acts who is not there yet")?;
        self.wire.call(hand, call.method, &call.path, call.body.as_ref(), call.sent_at).await
    }

    pub fn worker(&self, first_name: &str) -> Result<usize, Failure> {
        let at = self.people.workers.iter().position(|w| w.first_name() == first_name);
        at.ok_or_else(|| format!("nobody of the team is called {first_name}").into())
    }

    pub fn key_worker(&self, client: usize) -> Result<By, Failure> {
        let first = self.people.clients[client].workers.first().ok_or("a client without a worker")?;
        Ok(By::Worker(self.worker(first)?))
    }

    /// The provider, its services and its team; and the agenda of every day until now.
    async fn open_the_doors(&mut self) -> Result<(), Failure> {
        let first_day = self.today - TimeDelta::weeks(self.people.weeks());
        self.clock.set(at(first_day, 9, 0));
        let organisation = organisation::create(&self.app, &self.people.provider).await?;
        let lead = &self.people.workers[0];
        admin::add(
            &self.app,
            organisation,
            Actor::System,
            NewWorker {
                email: lead.email.clone(),
                name: lead.name.clone(),
                first_name: lead.first_name().to_owned(),
                password: PASSWORD.to_owned(),
                roles: vec![Role::Admin],
                service_ids: Vec::new(),
            },
        )
        .await?;
        self.team().await?;
        for n in 0..self.people.clients.len() {
            let day =
                self.today - TimeDelta::weeks(i64::from(self.people.clients[n].joined_weeks_ago)) + TimeDelta::days(1);
            let minutes = i64::try_from(n)? * 9;
            self.plan(at(day, 7, 30) + TimeDelta::minutes(minutes), Act::Join(n));
        }
        self.plan_packs()?;
        self.plan_talks();
        self.plan_plans()?;
        self.plan_reminders()?;
        self.plan_rotas()?;
        let today = self.today;
        for day in first_day.iter_days().skip(2).take_while(|day| *day <= today) {
            self.plan(at(day, 5, 0), Act::Jobs);
            if is_working_day(day) {
                self.plan(at(day, 9, 15), Act::Desk);
            }
        }
        Ok(())
    }

    async fn team(&mut self) -> Result<(), Failure> {
        let mut lead = self.wire.sign_in(&self.people.workers[0].email, PASSWORD).await?;
        for service in &self.people.services {
            let body = json!({ "name": service.name, "kind": service.kind });
            let made = self.wire.call(&mut lead, "POST", "/api/v1/admin/services", Some(&body), None).await?;
            self.services.insert(service.name.clone(), id(&made)?);
        }
        let me = self.wire.call(&mut lead, "GET", "/api/v1/team/me", None, None).await?;
        let lead_id = id(&me["worker"])?;
        for (n, worker) in self.people.workers.iter().enumerate() {
            let services: Vec<_> = worker.services.iter().filter_map(|name| self.services.get(name)).collect();
            if n == 0 {
                let body = json!({ "roles": worker.roles, "service_ids": services });
                self.wire
                    .call(&mut lead, "PATCH", &format!("/api/v1/admin/workers/{lead_id}"), Some(&body), None)
                    .await?;
                continue;
            }
            let body = json!({
                "email": worker.email, "name": worker.name, "first_name": worker.first_name(),
                "password": PASSWORD, "roles": worker.roles, "service_ids": services,
            });
            let made = self.wire.call(&mut lead, "POST", "/api/v1/admin/workers", Some(&body), None).await?;
            self.workers.push((id(&made)?, self.wire.sign_in(&worker.email, PASSWORD).await?));
        }
        self.workers.insert(0, (lead_id, lead));
        Ok(())
    }

    /// The request that is waiting when the demonstration begins.
    async fn somebody_asks(&mut self) -> Result<(), Failure> {
        let asking = self.people.clients.iter().position(|c| c.part == Part::Asking).ok_or("nobody asks")?;
        self.clock.set(self.now - ASKED_AGO);
        let request: Uuid = self.app.new_id();
        let words = "Can someone ring me about the letter from the council? It's been in the drawer since last week and I can't open it on my own.";
        let body = json!({ "requested_at": self.clock_now(), "when": "today", "how": "call", "message": words });
        self.call(Call::new(By::Client(asking), "PUT", format!("/api/v1/me/contact-requests/{request}"), body)).await?;
        Ok(())
    }
}

pub fn is_working_day(day: NaiveDate) -> bool {
    day.weekday().num_days_from_monday() < 5
}

pub fn next_working_day(after: NaiveDate) -> NaiveDate {
    let mut day = after + TimeDelta::days(1);
    while !is_working_day(day) {
        day += TimeDelta::days(1);
    }
    day
}

/// A time by the clock on the wall. One that is left out when clocks go forward is taken an hour later.
pub fn at(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(hour * 60 + minute));
    let there = |local: chrono::NaiveDateTime| local.and_local_timezone(London).earliest();
    let moment = there(local).or_else(|| there(local + TimeDelta::hours(1)));
    moment.map_or_else(|| local.and_utc(), |at| at.to_utc())
}

pub fn id(answer: &Value) -> Result<Uuid, Failure> {
    Ok(answer["id"].as_str().ok_or("an answer without an id")?.parse()?)
}
