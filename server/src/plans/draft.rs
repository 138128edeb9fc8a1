//! Saving a draft: nothing that anybody wrote is overwritten.

use mobile_shared::plan::{Body, LARGEST, Rule, merge};

use super::{NewDraft, Row, current, head, place, rows_now};
use crate::{
    app::App,
    auth::hash,
    clients::{self, Client},
    db::Tx,
    error::{Error, Faults, Result},
    events,
    ids::{OrganisationId, PlanVersionId, WorkerId},
    items::{self, Item},
    replay::{self, Change},
};

impl NewDraft {
    fn check(&self, items: &[Item]) -> Result<()> {
        let mut faults = Faults::default();
        for fault in self.body.faults() {
            faults.check(false, &format!("body.{}", fault.field), fault.message);
        }
        check_rules(&mut faults, &self.body.rules, items, "body.rules");
        for (s, stage) in self.body.stages.iter().enumerate() {
            for (n, sign) in stage.signs.iter().enumerate() {
                let known = sign.item_id.is_none_or(|id| items.iter().any(|i| i.id.0 == id));
                let field = format!("body.stages[{s}].signs[{n}].item_id");
                faults.check(known, &field, "This client is not asked this.");
            }
        }
        faults.done()?;
        let size = serde_json::to_vec(&self.body).map_err(Error::internal)?.len();
        if size > LARGEST { Err(Error::TooLarge) } else { Ok(()) }
    }

    fn hash(&self) -> Result<Vec<u8>> {
        Ok(hash(&serde_json::to_vec(self).map_err(Error::internal)?))
    }
}

/// Whether each rule is about a question of this client's, on its scale.
pub fn check_rules(faults: &mut Faults, rules: &[Rule], items: &[Item], list: &str) {
    for (n, rule) in rules.iter().enumerate() {
        let item = items.iter().find(|i| i.id.0 == rule.item_id);
        faults.check(item.is_some(), &format!("{list}[{n}].item_id"), "This client is not asked this.").check(
            item.is_none_or(|i| i.scale().holds(rule.value)),
            &format!("{list}[{n}].value"),
            "This is outside the scale of the question.",
        );
    }
}

/// Keeps what somebody wrote, and puts it together with what came meanwhile. What the plan is afterwards is the head.
pub async fn save(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    by: Option<WorkerId>,
    new: &NewDraft,
) -> Result<()> {
    let items = items::all(&app.db, organisation, client).await?;
    new.check(&items)?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, organisation, client.id).await?;
    let rows = rows_now(&mut tx, organisation, client, [Some(new.id), new.based_on]).await?;
    if let Some(row) = rows.iter().find(|row| row.id == new.id) {
        if row.body_hash != new.hash()? || row.written_by != by {
            return Err(Error::Conflict("Another draft was saved under this id."));
        }
        return Ok(tx.commit().await?);
    }
    let mut saving = Saving { app, organisation, client, by, new, arrival: rows.last().map_or(0, |row| row.arrival) };
    saving.rules_were_looked_at(&rows)?;
    saving.write(&mut tx, &rows).await?;
    events::append(&mut tx, app, organisation, events::What::Client, client.id.0, client.id).await?;
    tx.commit().await?;
    app.wake();
    Ok(())
}

struct Saving<'a> {
    app: &'a App,
    organisation: OrganisationId,
    client: &'a Client,
    by: Option<WorkerId>,
    new: &'a NewDraft,
    arrival: i32,
}

impl Saving<'_> {
    fn body_of(&self, rows: &[Row], id: Option<PlanVersionId>) -> Result<Body> {
        let Some(id) = id else { return Ok(Body::default()) };
        let known = rows.iter().find(|row| row.id == id);
        known
            .ok_or(Error::Conflict("What this was written on is not known here. Please look at the plan again."))?
            .open(self.client)
    }

    /// A rule that nobody looked at today does not get into a plan. One that was there before was.
    fn rules_were_looked_at(&self, rows: &[Row]) -> Result<()> {
        let mut before = self.body_of(rows, self.new.based_on)?.rules;
        for row in [head(rows), current(rows)].into_iter().flatten() {
            before.extend(row.open(self.client)?.rules);
        }
        if self.new.body.rules.iter().all(|rule| before.contains(rule)) {
            return Ok(());
        }
        let change = Change::of_plan(self.new.body.rules.clone());
        replay::must_have_seen(self.app, self.client, &change, self.new.seen.as_deref()).map_err(|_| {
            Error::LookFirst("Please look first at when these rules would have told your team: nobody has, today.")
        })
    }

    async fn write(&mut self, tx: &mut Tx, rows: &[Row]) -> Result<()> {
        let before = head(rows);
        if before.map(|row| row.id) == self.new.based_on {
            return self.insert(tx, self.new.id, self.new.based_on, Kept::Head, &self.new.body).await;
        }
        // Something came between. What was sent is kept as it is, beside what becomes of both.
        self.insert(tx, self.new.id, self.new.based_on, Kept::Aside, &self.new.body).await?;
        let base = self.body_of(rows, self.new.based_on)?;
        let ours = self.body_of(rows, before.map(|row| row.id))?;
        let merged = merge(&base, &ours, &self.new.body);
        if merged == ours {
            return Ok(());
        }
        let id = self.app.new_id();
        self.insert(tx, id, before.map(|row| row.id), Kept::MergedFrom(self.new.id), &merged).await
    }

    async fn insert(
        &mut self,
        tx: &mut Tx,
        id: PlanVersionId,
        based_on: Option<PlanVersionId>,
        kept: Kept,
        body: &Body,
    ) -> Result<()> {
        self.arrival += 1;
        let merged_from = if let Kept::MergedFrom(from) = kept { Some(from) } else { None };
        tx.query(
            "INSERT INTO plan_version (organisation_id, client_id, id, arrival, based_on, aside, merged_from, body, body_hash,
                                       written_by, written_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(self.organisation)
        .bind(self.client.id)
        .bind(id)
        .bind(self.arrival)
        .bind(based_on)
        .bind(kept == Kept::Aside)
        .bind(merged_from)
        .bind(self.client.key.seal_json(&self.app.chance, place(id), body))
        .bind(self.new.hash()?)
        .bind(self.by)
        .bind(self.app.now())
        .execute()
        .await?;
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    Head,
    Aside,
    MergedFrom(PlanVersionId),
}
