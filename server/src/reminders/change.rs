//! Changing a reminder: every wording is kept, two people at once do not undo each other, and what has come stays as it came.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use mobile_shared::reminder::Schedule;
use serde::Serialize;
use sqlx::types::Json as Column;
use uuid::Uuid;

use super::{About, Author, Both, NO_SUCH_DATE, Row, State, Words, all, is_a_date, round, wording, words_place};
use crate::{
    app::App,
    auth::hash,
    clients::Client,
    db::Tx,
    error::{Error, Faults, Result},
    events,
    ids::{OrganisationId, ReminderChangeId, ReminderId},
};

const LONGEST_TITLE: usize = 80;
const LONGEST_NOTE: usize = 300;
/// Reminders that a client can have at once; those that are off do not count.
const MOST: usize = 50;

/// A new wording, as it was understood.
#[derive(Debug, Serialize)]
pub(super) struct NewChange {
    #[serde(skip)]
    pub id: ReminderChangeId,
    pub based_on: Option<ReminderChangeId>,
    pub words: Words,
    pub about: About,
    pub plan_line: Option<Uuid>,
    pub schedule: Schedule,
    pub state: State,
    /// None: as it was.
    pub paused_until: Option<Option<NaiveDate>>,
}

impl NewChange {
    pub fn check(&self) -> Result<()> {
        let fault = self.schedule.check().err();
        Faults::default()
            .text(&self.words.title, "title", LONGEST_TITLE)
            .at_most(self.words.note.as_deref(), "note", LONGEST_NOTE)
            .check(self.paused_until.flatten().is_none_or(is_a_date), "paused_until", NO_SUCH_DATE)
            .check(fault.is_none(), &fault.map_or_else(String::new, field), fault.map_or_else(String::new, sentence))
            .done()
    }

    /// What a retry must be the same as.
    fn hash(&self, reminder: ReminderId) -> Vec<u8> {
        hash(&serde_json::to_vec(&(reminder, self)).unwrap_or_default())
    }
}

fn field(fault: mobile_shared::reminder::Fault) -> String {
    format!("schedule.{}", fault.field())
}

/// The core's words, as a sentence.
fn sentence(fault: mobile_shared::reminder::Fault) -> String {
    let words = fault.to_string();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

@@PUT@@async fn insert(tx: &mut Tx, organisation: OrganisationId, client: &Client, row: &Row) -> Result<()> {
    tx.query(
        "INSERT INTO reminder_change (organisation_id, client_id, id, reminder_id, number, state, about, plan_line, schedule,
                                      paused_until, from_at, words, worker_id, by_plan, changed_at, body_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(organisation)
    .bind(client.id)
    .bind(row.id)
    .bind(row.reminder_id)
    .bind(row.number)
    .bind(row.state)
    .bind(row.about)
    .bind(row.plan_line)
    .bind(&row.schedule)
    .bind(row.paused_until)
    .bind(row.from_at)
    .bind(&row.words)
    .bind(row.worker_id)
    .bind(row.by_plan)
    .bind(row.changed_at)
    .bind(&row.body_hash)
    .execute()
    .await?;
    Ok(())
}

/// What waits to be told no longer does. A snooze is a wish of its own, and outlives a change of times.
async fn let_go(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: &Client,
    reminder: ReminderId,
    snoozed_too: bool,
) -> Result<()> {
    tx.query(
        "UPDATE occurrence SET tell_at = NULL
         WHERE organisation_id = $1 AND client_id = $2 AND reminder_id = $3 AND tell_at IS NOT NULL AND ($4 OR answer IS NULL)",
    )
    .bind(organisation)
    .bind(client.id)
    .bind(reminder)
    .bind(snoozed_too)
    .execute()
    .await?;
    Ok(())
}

/// A plan was agreed that has these lines: reminders tied to a line that is gone are turned off, as a change by whoever agreed.
/// In the transaction that makes the plan current.
pub async fn plan_changed(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    lines: &HashSet<Uuid>,
    by: Author,
) -> Result<()> {
    let mut tied = newest(&mut *tx, organisation, client).await?;
    tied.retain(|row| row.state != State::Off && row.plan_line.is_some_and(|line| !lines.contains(&line)));
    if tied.is_empty() {
        return Ok(());
    }
    round::settle(tx, app, organisation, client.id).await?;
    for row in tied {
        let (id, words): (ReminderChangeId, Words) = (app.new_id(), row.words(client));
        let row = Row {
            id,
            number: row.number + 1,
            state: State::Off,
            words: client.key.seal_json(&app.chance, words_place(id), &words),
            worker_id: by.worker(),
            by_plan: true,
            changed_at: app.now(),
            // Nobody sent it, and nobody sends it again.
            body_hash: Vec::new(),
            ..row
        };
        write(tx, app, organisation, client, row).await?;
    }
    round::plan(tx, app, organisation, client.id).await?;
    events::append(tx, app, organisation, events::What::Client, client.id.0, client.id).await
}
