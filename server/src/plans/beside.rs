//! What the agreed plan means elsewhere: for the engine, which signs show which stage and which rules hold; beside a flag, what
//! to do.

use std::collections::HashMap;

use chrono::NaiveDate;
use mobile_shared::{
    early_warning::{PlanRule, PlanRules},
    plan::{Body, Line, Rule, Stage},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::place;
use crate::{
    clients::Client,
    db::Connection,
    error::Result,
    ids::{ItemId, OrganisationId, PlanVersionId},
    items::Item,
};

/// Every version that both agreed to, in the order in which they came into force.
#[derive(Debug, Default)]
pub struct Agreed(Vec<(NaiveDate, Body)>);

pub async fn agreed(from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Agreed> {
    let open = |row: &Row| Ok((row.in_force_from, row.open(client)?));
    Ok(Agreed(rows(from, organisation, client).await?.iter().map(open).collect::<Result<_>>()?))
}

/// A version that both agreed to: those are few, whatever was drafted on the way.
#[derive(sqlx::FromRow)]
struct Row {
    id: PlanVersionId,
    body: Vec<u8>,
    in_force_from: NaiveDate,
}

impl Row {
    fn open(&self, client: &Client) -> Result<Body> {
        Ok(client.key.open_json(place(self.id), &self.body)?)
    }
}

async fn rows(mut from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT id, body, in_force_from FROM plan_version
             WHERE organisation_id = $1 AND client_id = $2 AND number IS NOT NULL ORDER BY number",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?)
}

/// The plan in force.
pub async fn in_force(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: &Client,
) -> Result<Option<Body>> {
    let row: Option<Row> = from
        .query(
            "SELECT id, body, in_force_from FROM plan_version
             WHERE organisation_id = $1 AND client_id = $2 AND number IS NOT NULL ORDER BY number DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(client.id)
        .optional()
        .await?;
    row.map(|row| row.open(client)).transpose()
}

impl Agreed {
    /// For the engine. Of several versions that came into force on one day the last one holds.
    pub fn rules(&self, items: &[Item]) -> Vec<PlanRules> {
        let mut plans: Vec<PlanRules> = Vec::new();
        for (from, body) in &self.0 {
            plans.retain(|plan| plan.from != *from);
            plans.push(PlanRules { from: *from, rules: rules(&body.rules, items) });
        }
        plans
    }

    /// The stage that each question shows, by the plan in force: from 1; at 0 none.
    pub fn stage(&self, item: &Item, items: &[Item]) -> u8 {
        let Some((_, body)) = self.0.last() else { return 0 };
        let shows = |stage: &Stage| stage.signs.iter().any(|s| s.item_id.is_some_and(|id| is_about(id, item, items)));
        let stage = body.stages.iter().rposition(shows).map_or(0, |n| n + 1);
        u8::try_from(stage).unwrap_or(u8::MAX)
    }
}

/// As the engine takes them.
pub fn rules(rules: &[Rule], items: &[Item]) -> Vec<PlanRule> {
    let rule = |rule: &Rule| PlanRule {
        id: rule.id.to_string(),
        items: same_question(rule.item_id, items).map(|item| item.id.to_string()).collect(),
        side: rule.side,
        value: rule.value,
        days: rule.check_ins.into(),
        words: rule.words.clone(),
        at_night: rule.at_night,
    };
    rules.iter().map(rule).collect()
}

/// A question in every wording it was ever asked in on the same scale: to reword it must not end what was agreed about it.
pub fn same_question(id: Uuid, items: &[Item]) -> impl Iterator<Item = &Item> {
    let named = items.iter().find(|item| item.id.0 == id);
    items.iter().filter(move |item| {
        named.is_some_and(|named| {
            let scale = |i: &Item| (i.min, i.max, i.higher_is);
            item.series_id == named.series_id && scale(item) == scale(named)
        })
    })
}

fn is_about(id: Uuid, item: &Item, items: &[Item]) -> bool {
    same_question(id, items).any(|same| same.id == item.id)
}

/// What the plan says beside a flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Helps {
    stage_id: Option<Uuid>,
    /// Its name, in the client's words.
    stage: Option<String>,
    /// What the client does.
    mine: Vec<String>,
    workers: Vec<String>,
    others: Vec<String>,
    /// The words of the rule that was met.
    rule: Option<String>,
}

/// For the questions that a flag is about, the most worrying first: what the furthest stage says that one of them shows.
pub fn helps(plan: Option<&Body>, about: &[ItemId], items: &[Item], rule: Option<&str>) -> Option<Helps> {
    let by_id: HashMap<ItemId, &Item> = items.iter().map(|item| (item.id, item)).collect();
    let shows = |stage: &&Stage| {
        let about = || about.iter().filter_map(|id| by_id.get(id));
        stage.signs.iter().filter_map(|s| s.item_id).any(|id| about().any(|item| is_about(id, item, items)))
    };
    let stage = plan.and_then(|plan| plan.stages.iter().rev().find(shows));
    if stage.is_none() && rule.is_none() {
        return None;
    }
    let texts = |lines: fn(&Stage) -> &Vec<Line>| {
        stage.map(|s| lines(s).iter().map(|line| line.text.clone()).collect()).unwrap_or_default()
    };
    Some(Helps {
        stage_id: stage.map(|s| s.id),
        stage: stage.map(|s| s.name.clone()),
        mine: texts(|s| &s.mine),
        workers: texts(|s| &s.workers),
        others: texts(|s| &s.others),
        rule: rule.map(str::to_owned),
    })
}
