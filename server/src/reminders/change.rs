//! Changing a reminder: every wording is kept, two people at once do not undo each other, and what has come stays as it came.

use std::collections::HashSet;

use chrono::NaiveDate;
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

/// Writes a new wording, and answers how the reminder stands with it. The same again is a retry, whatever has come after it.
pub(super) async fn put(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    reminder: ReminderId,
    new: NewChange,
    by: Author,
) -> Result<Both> {
    new.check()?;
    round::settle(tx, app, organisation, client.id).await?;
    let all = all(&mut *tx, organisation, client).await?;
    let in_use = all.iter().filter(|one| one.stands.state != State::Off).count();
    let before = all.into_iter().find(|one| one.stands.reminder_id == reminder);
    let body_hash = new.hash(reminder);
    if let Some(known) = wording(&mut *tx, organisation, client, new.id).await? {
        if known.body_hash != body_hash {
            return Err(Error::Conflict("Another change was taken in under this id."));
        }
        let counts = before.filter(|now| now.stands.id == known.id || now.waits(known.id));
        return Ok(counts.unwrap_or(Both { stands: known, proposal: None }));
    }
    if !follows(before.as_ref(), new.based_on, by) {
        return Err(Error::Conflict("Somebody has changed this reminder meanwhile. Please look at it again."));
    }
    if before.is_none() && in_use >= MOST {
        return Err(Error::field("title", "These are very many reminders. Turn some off first."));
    }
    let answers = by == Author::Client && before.as_ref().zip(new.based_on).is_some_and(|(now, id)| now.waits(id));
    let row = Row { body_hash, ..worded(app, client, reminder, new, before.as_ref(), by) };
    let now = after(app, client, before.clone(), row, answers);
    let now = write(tx, app, organisation, client, before, now).await?;
    round::plan(tx, app, organisation, client.id).await?;
    events::append(tx, app, organisation, events::What::Client, client.id.0, client.id).await?;
    Ok(now)
}

/// Whoever changes a reminder has seen it as it is. A client changes what stands or answers what is proposed, and neither undoes the
/// other; a worker has to have seen both.
fn follows(before: Option<&Both>, based_on: Option<ReminderChangeId>, by: Author) -> bool {
    match (before, based_on, by) {
        (None, None, _) => true,
        (Some(before), Some(id), Author::Client) => before.stands.id == id || before.waits(id),
        (Some(before), Some(id), Author::Worker(_)) => before.newest().id == id,
        _ => false,
    }
}

/// A wording as somebody put it.
fn worded(app: &App, client: &Client, reminder: ReminderId, new: NewChange, before: Option<&Both>, by: Author) -> Row {
    Row {
        id: new.id,
        reminder_id: reminder,
        number: before.map_or(1, |before| before.newest().number + 1),
        state: new.state,
        about: new.about,
        plan_line: new.plan_line,
        paused_until: new.paused_until.unwrap_or_else(|| before.and_then(|before| before.stands.paused_until)),
        from_at: app.now(),
        words: client.key.seal_json(&app.chance, words_place(new.id), &new.words),
        schedule: Column(new.schedule),
        worker_id: by.worker(),
        by_plan: false,
        changed_at: app.now(),
        body_hash: Vec::new(),
    }
}

/// How a reminder stands after a new wording. `answers`: it is the client's word on what was proposed.
fn after(app: &App, client: &Client, before: Option<Both>, new: Row, answers: bool) -> Both {
    let Some(Both { stands, proposal }) = before else { return Both { stands: new, proposal: None } };
    match new.state {
        // It hides nothing and ends nothing: what stands goes on beside it.
        State::Proposed if stands.state != State::Proposed => Both { stands, proposal: Some(new) },
        // No: what stood stands, as their own word on it.
        State::Off if answers => {
            let words = client.key.seal_json(&app.chance, words_place(new.id), &stands.words(client));
            let Row { id, number, worker_id, changed_at, body_hash, .. } = new;
            Both { stands: Row { id, number, worker_id, changed_at, body_hash, words, ..stands }, proposal: None }
        }
        // A worker has seen what waits, and takes its place; a client has not answered it by changing what stands.
        _ => Both { proposal: proposal.filter(|_| !answers && new.worker_id.is_none()), stands: new },
    }
}

/// Writes down the newest wording of a reminder, and by which one it is told now.
async fn write(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    before: Option<Both>,
    mut now: Both,
) -> Result<Both> {
    let before = before.map(|before| before.stands);
    let goes_on = before.filter(|before| {
        let (before, now) = (before, &now.stands);
        let same = before.schedule == now.schedule && before.paused_until == now.paused_until;
        before.id == now.id || same && before.state == State::On && now.state == State::On
    });
    if let Some(before) = &goes_on {
        // Other words, the same times: it goes on as it was.
        now.stands.from_at = before.from_at;
    }
    tx.query(
        "INSERT INTO reminder (organisation_id, client_id, id, change_id, in_force, proposal_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (organisation_id, client_id, id) DO UPDATE SET change_id = excluded.change_id, in_force = excluded.in_force,
            proposal_id = excluded.proposal_id",
    )
    .bind(organisation)
    .bind(client.id)
    .bind(now.stands.reminder_id)
    .bind(now.stands.id)
    .bind((now.stands.state == State::On).then_some(now.stands.id))
    .bind(now.proposal.as_ref().map(|row| row.id))
    .bind(app.now())
    .execute()
    .await?;
    insert(tx, organisation, client, now.newest()).await?;
    if goes_on.is_none() && now.stands.state != State::Proposed {
        let_go(tx, organisation, client, now.stands.reminder_id, now.stands.state == State::Off).await?;
    }
    Ok(now)
}

async fn insert(tx: &mut Tx, organisation: OrganisationId, client: &Client, row: &Row) -> Result<()> {
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

/// A plan was agreed that has these lines: reminders tied to a line that is gone are turned off, as a change by whoever agreed, and
/// what was proposed for such a line waits no longer. In the transaction that makes the plan current.
pub async fn plan_changed(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    lines: &HashSet<Uuid>,
    by: Author,
) -> Result<()> {
    let gone = |row: &Row| row.plan_line.is_some_and(|line| !lines.contains(&line));
    let mut tied = all(&mut *tx, organisation, client).await?;
    tied.retain(|one| one.stands.state != State::Off && gone(&one.stands) || one.proposal.as_ref().is_some_and(gone));
    if tied.is_empty() {
        return Ok(());
    }
    round::settle(tx, app, organisation, client.id).await?;
    for before in tied {
        if before.stands.state == State::Off || !gone(&before.stands) {
            withdraw(tx, organisation, client, before.stands.reminder_id).await?;
            continue;
        }
        let (id, words): (ReminderChangeId, Words) = (app.new_id(), before.stands.words(client));
        let stands = Row {
            id,
            number: before.newest().number + 1,
            state: State::Off,
            words: client.key.seal_json(&app.chance, words_place(id), &words),
            worker_id: by.worker(),
            by_plan: true,
            changed_at: app.now(),
            // Nobody sent it, and nobody sends it again.
            body_hash: Vec::new(),
            ..before.stands.clone()
        };
        let now = Both { stands, proposal: before.proposal.clone().filter(|row| !gone(row)) };
        write(tx, app, organisation, client, Some(before), now).await?;
    }
    round::plan(tx, app, organisation, client.id).await?;
    events::append(tx, app, organisation, events::What::Client, client.id.0, client.id).await
}

/// What was proposed waits no longer; what stands is as it was.
async fn withdraw(tx: &mut Tx, organisation: OrganisationId, client: &Client, reminder: ReminderId) -> Result<()> {
    tx.query("UPDATE reminder SET proposal_id = NULL WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(organisation)
        .bind(client.id)
        .bind(reminder)
        .execute()
        .await?;
    Ok(())
}
