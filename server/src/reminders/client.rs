//! The client's side: what I am reminded of, and changing it.

use std::ops::RangeInclusive;

use axum::{Json, extract::State as Shared, http::HeaderMap, response::Response};
use chrono::{NaiveDate, TimeDelta};
use mobile_shared::reminder::Schedule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    About, Author, Reminder, State, Words, all,
    change::{self, NewChange},
    listing::{self, Occurrence},
    settings::Settings,
    standing::Standing,
};
use crate::{
    access::Phone,
    app::App,
    clients,
    error::{Body, Faults, Path, Query, Result},
    etag,
    ids::{ReminderChangeId, ReminderId},
    workers::Names,
};

const BACK: TimeDelta = TimeDelta::days(7);
const AHEAD: TimeDelta = TimeDelta::days(35);
const LONGEST: TimeDelta = TimeDelta::days(92);
/// No day here is further than this from today: a hundred years.
const FURTHEST: TimeDelta = TimeDelta::days(36_525);

#[derive(Debug, Serialize, ToSchema)]
pub struct MyReminders {
    /// Each as it stands, those that are off too.
    reminders: Vec<Reminder>,
    /// Of the days asked for, in order of time.
    occurrences: Vec<Occurrence>,
    settings: Settings,
}

/// Days by the clock where the client is, both included.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Days {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

impl Days {
    fn or_near(self, today: NaiveDate) -> Result<RangeInclusive<NaiveDate>> {
        let from = self.from.unwrap_or(today - BACK);
        let to = self.to.or(self.from.and_then(|f| f.checked_add_signed(BACK + AHEAD))).unwrap_or(today + AHEAD);
        Faults::default()
            .check((from - today).abs() <= FURTHEST, "from", "This day is too far from today.")
            .check((TimeDelta::zero()..=LONGEST).contains(&(to - from)), "to", "Ask for up to 92 days.")
            .done()?;
        Ok(from..=to)
    }
}

/// What I am reminded of, when, and how I want to be told.
#[utoipa::path(get, path = "/api/v1/me/reminders", params(("from" = Option<NaiveDate>, Query), ("to" = Option<NaiveDate>, Query)), responses((status = 200, body = MyReminders)))]
pub async fn show(
    Shared(app): Shared<App>,
    phone: Phone,
    Query(days): Query<Days>,
    headers: HeaderMap,
) -> Result<Response> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let standing = Standing::load(&app.db, phone.organisation, phone.client).await?;
    let days = days.or_near(standing.today(app.now()))?;
    let occurrences = listing::between(&app, phone.organisation, &client, &standing, days).await?;
    let names = Names::load(&app, phone.organisation).await?;
    let all = all(&app.db, phone.organisation, &client).await?;
    let reminders = all.into_iter().map(|one| one.open(&client, |id| names.first(Some(id)))).collect();
    etag::json(&headers, &MyReminders { reminders, occurrences, settings: standing.settings.into() })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnOrOff {
    On,
    Off,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReminder {
    /// The id of this wording, made on the phone: the same again is a retry.
    change: ReminderChangeId,
    /// The wording it was edited from; none for a new reminder.
    based_on: Option<ReminderChangeId>,
    title: String,
    note: Option<String>,
    about: About,
    plan_line: Option<Uuid>,
    #[schema(value_type = Object)]
    schedule: Schedule,
    state: OnOrOff,
    paused_until: Option<NaiveDate>,
}

/// A reminder of mine, new or changed. What a worker proposes is answered with a wording based on it: on is yes, and off is no, after
/// which the reminder stands as it stood.
#[utoipa::path(put, path = "/api/v1/me/reminders/{id}", params(("id" = Uuid, Path)), request_body = NewReminder,
    responses((status = 200, body = Reminder), (status = 409, body = crate::error::Problem)))]
pub async fn put(
    Shared(app): Shared<App>,
    phone: Phone,
    Path(id): Path<ReminderId>,
    Body(new): Body<NewReminder>,
) -> Result<Json<Reminder>> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let new = NewChange {
        id: new.change,
        based_on: new.based_on,
        words: Words { title: new.title, note: new.note },
        about: new.about,
        plan_line: new.plan_line,
        schedule: new.schedule,
        state: if new.state == OnOrOff::On { State::On } else { State::Off },
        paused_until: Some(new.paused_until),
    };
    let mut tx = app.db.begin().await?;
    let one = change::put(&mut tx, &app, phone.organisation, &client, id, new, Author::Client).await?;
    tx.commit().await?;
    app.wake();
    let names = Names::load(&app, phone.organisation).await?;
    Ok(Json(one.open(&client, |id| names.first(Some(id)))))
}
