//! The demonstration's stay-well plans: what is in `plans.toml`, agreed through the wire by the people themselves.

use chrono::TimeDelta;
use mobile_shared::plan::{Body, Line, Person, Rule, Side, Sign, Stage};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Failure,
    story::{Act, By, Call, Story, at, id},
};

#[derive(Debug, Deserialize)]
struct Plans {
    plans: Vec<Plan>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Preferred name.
    client: String,
    weeks_ago: i64,
    /// First name of the worker it was agreed with.
    by: String,
    keeps_well: Vec<String>,
    important: Vec<String>,
    works: Vec<String>,
    does_not_work: Vec<String>,
    triggers: Vec<String>,
    stages: Vec<PlanStage>,
    want: Vec<String>,
    do_not_want: Vec<String>,
    tell: Vec<String>,
    do_not_tell: Vec<String>,
    people: Vec<PlanPerson>,
    rules: Vec<PlanRule>,
    later: Option<Later>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PlanStage {
    name: String,
    signs: Vec<PlanSign>,
    mine: Vec<String>,
    workers: Vec<String>,
    others: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct PlanSign {
    text: String,
    asks: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct PlanPerson {
    name: String,
    relation: Option<String>,
    phone: Option<String>,
    note: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct PlanRule {
    asks: String,
    side: Side,
    value: f64,
    check_ins: u8,
    words: String,
    at_night: bool,
}

/// A draft that still waits for the client's yes.
#[derive(Clone, Debug, Deserialize)]
struct Later {
    days_ago: i64,
    by: String,
    keeps_well: Vec<String>,
    workers_of_the_first_stage: Vec<String>,
}

pub fn read() -> Result<Vec<Plan>, Failure> {
    Ok(toml::from_str::<Plans>(include_str!("plans.toml"))?.plans)
}

/// Makes ids for what is written.
struct Pen<'a> {
    story: &'a Story,
    /// The client's questions.
    items: Vec<Value>,
}

impl Pen<'_> {
    fn id(&self) -> Uuid {
        self.story.app.chance.id(self.story.clock_now())
    }

    fn lines(&self, texts: &[String]) -> Vec<Line> {
        texts.iter().map(|text| Line { id: self.id(), text: text.clone(), beside: None }).collect()
    }

    /// The question called so: by its key, or in the client's own words.
    fn asks(&self, name: &str) -> Result<Uuid, Failure> {
        let found = self.items.iter().find(|item| item["key"] == name || item["text"] == name);
        id(found.ok_or_else(|| format!("nobody is asked about {name:?}"))?)
    }

    fn stage(&self, stage: &PlanStage) -> Result<Stage, Failure> {
        let sign = |sign: &PlanSign| {
            let item_id = sign.asks.as_deref().map(|name| self.asks(name)).transpose()?;
            Ok::<_, Failure>(Sign { id: self.id(), text: sign.text.clone(), item_id, beside: None })
        };
        Ok(Stage {
            id: self.id(),
            name: stage.name.clone(),
            signs: stage.signs.iter().map(sign).collect::<Result<_, _>>()?,
            mine: self.lines(&stage.mine),
            workers: self.lines(&stage.workers),
            others: self.lines(&stage.others),
        })
    }

    fn rule(&self, rule: &PlanRule) -> Result<Rule, Failure> {
        Ok(Rule {
            id: self.id(),
            item_id: self.asks(&rule.asks)?,
            side: rule.side,
            value: rule.value,
            check_ins: rule.check_ins,
            words: rule.words.clone(),
            at_night: rule.at_night,
        })
    }

    fn write(&self, plan: &Plan) -> Result<Body, Failure> {
        let person = |p: &PlanPerson| Person {
            id: self.id(),
            name: p.name.clone(),
            relation: p.relation.clone(),
            phone: p.phone.clone(),
            note: p.note.clone(),
            beside: None,
        };
        Ok(Body {
            keeps_well: self.lines(&plan.keeps_well),
            important: self.lines(&plan.important),
            works: self.lines(&plan.works),
            does_not_work: self.lines(&plan.does_not_work),
            triggers: self.lines(&plan.triggers),
            stages: plan.stages.iter().map(|stage| self.stage(stage)).collect::<Result<_, _>>()?,
            want: self.lines(&plan.want),
            do_not_want: self.lines(&plan.do_not_want),
            tell: self.lines(&plan.tell),
            do_not_tell: self.lines(&plan.do_not_tell),
            people: plan.people.iter().map(person).collect(),
            rules: plan.rules.iter().map(|rule| self.rule(rule)).collect::<Result<_, _>>()?,
        })
    }
}

impl Story {
    /// Puts on the agenda when each plan is agreed, and when somebody adds to it.
    pub fn plan_plans(&mut self) -> Result<(), Failure> {
        for plan in read()? {
            // Whoever is not in this telling of the story has no plan.
            let Some(n) = self.people.clients.iter().position(|c| c.preferred_name == plan.client) else { continue };
            let agreed = at(self.today - TimeDelta::weeks(plan.weeks_ago), 15, 20);
            let later = plan.later.as_ref().map(|later| at(self.today - TimeDelta::days(later.days_ago), 16, 10));
            if let Some(when) = later {
                self.plan(when, Act::AddToPlan(n, Box::new(plan.clone())));
            }
            self.plan(agreed, Act::AgreePlan(n, Box::new(plan)));
        }
        Ok(())
    }

    /// Written in one room, looked at, and agreed.
    pub async fn agree_plan(&mut self, n: usize, plan: &Plan) -> Result<(), Failure> {
        let Some((client, _)) = self.clients.get(&n) else { return Ok(()) };
        let path = format!("/api/v1/team/clients/{client}");
        let worker = By::Worker(self.worker(&plan.by)?);
        let items = self.call(Call::look(worker, format!("{path}/items"))).await?;
        let items = items["items"].as_array().cloned().unwrap_or_default();
        let body = Pen { story: self, items }.write(plan)?;
        let look = json!({ "plan_rules": body.rules });
        let seen =
            self.call(Call::new(worker, "POST", format!("{path}/assessments/replay"), look)).await?["seen"].take();
        let version = self.app.chance.id(self.clock_now());
        let draft = json!({ "id": version, "body": body, "seen": seen });
        self.call(Call::new(worker, "PUT", format!("{path}/plan"), draft)).await?;
        let together = json!({ "how": "together" });
        self.call(Call::new(worker, "POST", format!("{path}/plan/{version}/agree"), together)).await?;
        Ok(())
    }

    /// A worker adds something, says yes to it, and the client is asked.
    pub async fn add_to_plan(&mut self, n: usize, plan: &Plan) -> Result<(), Failure> {
        let (Some((client, _)), Some(later)) = (self.clients.get(&n), &plan.later) else { return Ok(()) };
        let path = format!("/api/v1/team/clients/{client}/plan");
        let worker = By::Worker(self.worker(&later.by)?);
        let mut current = self.call(Call::look(worker, path.clone())).await?["current"].take();
        let mut body: Body = serde_json::from_value(current["body"].take())?;
        let pen = Pen { story: self, items: Vec::new() };
        body.keeps_well.extend(pen.lines(&later.keeps_well));
        if let Some(stage) = body.stages.first_mut() {
            stage.workers.extend(pen.lines(&later.workers_of_the_first_stage));
        }
        let version = pen.id();
        let draft = json!({ "id": version, "based_on": current["id"], "body": body });
        self.call(Call::new(worker, "PUT", path.clone(), draft)).await?;
        self.call(Call::new(worker, "POST", format!("{path}/{version}/agree"), json!({ "how": "mine" }))).await?;
        Ok(())
    }
}
