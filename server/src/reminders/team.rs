//! The team's side: what a client is reminded of, proposing a reminder, and what they share of their answers.

use axum::{Json, extract::State as Shared, http::HeaderMap, response::Response};
use chrono::TimeDelta;
use mobile_shared::reminder::Schedule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    About, Author, Reminder, State, Words, all,
    change::{self, NewChange},
    listing::{self, TeamOccurrence},
    settings::TeamSettings,
    standing::Standing,
};
use crate::{
    access::Record,
    app::App,
    baseline::How,
    clients,
    error::{Body, Result},
    etag,
    ids::{ReminderChangeId, ReminderId},
    workers::Names,
};

/// How many days of answers a worker sees, today included.
const SHOWN: i64 = 14;

#[derive(Debug, Serialize, ToSchema)]
pub struct TeamReminders {
    reminders: Vec<Reminder>,
    settings: TeamSettings,
    /// The client lets the team see which were answered.
    shared: bool,
    /// The last two weeks; none if they are not shared.
    occurrences: Option<Vec<TeamOccurrence>>,
}

/// What this client is reminded of, and, if they share it, what came of it lately.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/reminders", params(("id" = Uuid, Path)), responses((status = 200, body = TeamReminders)))]
pub async fn show(Shared(app): Shared<App>, record: Record, headers: HeaderMap) -> Result<Response> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let standing = Standing::load(&app.db, record.organisation, record.client).await?;
    let (shared, today) = (standing.settings.reminders_shared, standing.today(app.now()));
    let days = today - TimeDelta::days(SHOWN - 1)..=today;
    let occurrences = if shared {
        let all = listing::between(&app, record.organisation, &client, &standing, days).await?;
        Some(all.into_iter().map(|one| one.for_the_team(&client)).collect())
    } else {
        None
    };
    let names = Names::load(&app, record.organisation).await?;
    let all = all(&app.db, record.organisation, &client).await?;
    let name = |id| names.of(Some(id)).map(|worker| worker.name);
    let reminders = all.into_iter().map(|one| one.open(&client, name)).collect();
    etag::json(&headers, &TeamReminders { reminders, settings: standing.settings.into(), shared, occurrences })
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Proposal {
    /// Made in the team's app.
    id: ReminderId,
    /// The id of this wording: the same again is a retry.
    change: ReminderChangeId,
    /// The newest wording, that stands or is proposed; none for a new reminder.
    based_on: Option<ReminderChangeId>,
    title: String,
    note: Option<String>,
    about: About,
    plan_line: Option<Uuid>,
    #[schema(value_type = Object)]
    schedule: Schedule,
    /// Agreed in one room, it is on. Otherwise it waits for the client: beside what stands, which it neither hides nor stops.
    agreed: How,
}

/// A reminder made with the client, or proposed to them.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/reminders", params(("id" = Uuid, Path)), request_body = Proposal,
    responses((status = 200, body = Reminder), (status = 409, body = crate::error::Problem)))]
pub async fn put(Shared(app): Shared<App>, record: Record, Body(new): Body<Proposal>) -> Result<Json<Reminder>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let reminder = new.id;
    let new = NewChange {
        id: new.change,
        based_on: new.based_on,
        words: Words { title: new.title, note: new.note },
        about: new.about,
        plan_line: new.plan_line,
        schedule: new.schedule,
        state: if new.agreed == How::Together { State::On } else { State::Proposed },
        paused_until: None,
    };
    let (organisation, by) = (record.organisation, Author::Worker(record.worker.id));
    let mut tx = app.db.begin().await?;
    let one = change::put(&mut tx, &app, organisation, &client, reminder, new, by).await?;
    tx.commit().await?;
    app.wake();
    let names = Names::load(&app, organisation).await?;
    Ok(Json(one.open(&client, |id| names.of(Some(id)).map(|worker| worker.name))))
}
