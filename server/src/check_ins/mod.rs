//! Check-ins: taken in for good before the answer, assessed after it, never edited.

pub mod heard;
pub mod listing;
mod rows;

pub use rows::{Range, Row, between};

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode},
};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use mobile_shared::{
    check_in::{self, Answer, Fault, LONGEST_NOTE},
    phone_clock::{MadeAt, made_at},
};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::{Phone, Record},
    app::App,
    assessments,
    auth::hash,
    clients::{self, Client},
    error::{Body, Error, Faults, Path, Result},
    given::Given,
    ids::{CheckInId, DeviceId, ItemId, OrganisationId, WorkerId},
    items::{self, Item},
    workers::Names,
};
use rows::{Reader, answers_place, insert, load, note_place, stage_place};

/// One answer; a `value` of null is a question skipped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ItemAnswer {
    pub item_id: ItemId,
    #[serde(serialize_with = "whole_as_whole")]
    pub value: Option<f64>,
}

/// `4`, not `4.0`: it goes back as it came.
fn whole_as_whole<S: Serializer>(value: &Option<f64>, to: S) -> Result<S::Ok, S::Error> {
    match value {
        // Scales end far below what an f64 can hold exactly.
        Some(v) if v.fract() == 0.0 && v.abs() < 1e9 => to.serialize_some(&(*v as i64)),
        value => value.serialize(to),
    }
}

/// A check-in as the phone sends it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewCheckIn {
    /// By the phone's clock.
    pub recorded_at: DateTime<Utc>,
    pub answers: Vec<ItemAnswer>,
    pub note: Option<String>,
    #[serde(default = "shared")]
    pub note_shared: bool,
    pub replaces: Option<CheckInId>,
    /// The stage of the plan the client feels they are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<SaidStage>,
}

/// A stage of the plan, with its name as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SaidStage {
    pub id: Uuid,
    pub name: String,
}

fn shared() -> bool {
    true
}

impl NewCheckIn {
    /// What a retry must be the same as: the body as we understood it, without fields we do not know.
    fn hash(&self, given: Option<Given>) -> Vec<u8> {
        let body = match given {
            None => serde_json::to_vec(self),
            given => serde_json::to_vec(&(self, given)),
        };
        hash(&body.unwrap_or_default())
    }

    fn check(&self, id: CheckInId, items: &[Item]) -> Result<()> {
        Faults::default()
            .at_most(self.note.as_deref(), "note", LONGEST_NOTE)
            .check(self.answers.len() <= 50, "answers", "These are more answers than there are questions.")
            .at_most(self.stage.as_ref().map(|s| s.name.as_str()), "stage.name", LONGEST_STAGE)
            .check(self.replaces != Some(id), "replaces", "A check-in cannot replace itself.")
            .done()?;
        let answers: Vec<Answer> =
            self.answers.iter().map(|a| Answer { item_id: a.item_id.0, value: a.value }).collect();
        let has_words = self.stage.is_some() || self.note.as_deref().is_some_and(|n| !n.trim().is_empty());
        let scale_of = |id: Uuid| items.iter().find(|i| i.id.0 == id).map(Item::scale);
        check_in::check(&answers, has_words, scale_of).map_err(|fault| {
            let field = match fault {
                Fault::UnknownItem(i) | Fault::OffScale(i) | Fault::Twice(i) => format!("answers[{i}]"),
                Fault::Empty => "answers".to_owned(),
            };
            Error::field(field, fault.to_string())
        })
    }
}

/// A check-in as it was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckIn {
    pub id: CheckInId,
    pub recorded_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    /// The moment it counts under.
    pub made_at: DateTime<Utc>,
    /// The phone's clock was wrong, and not believed.
    clock_corrected: bool,
    pub answers: Vec<ItemAnswer>,
    pub note: Option<String>,
    note_shared: bool,
    /// For a worker: there is a note, and it was not shared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    note_withheld: bool,
    replaces: Option<CheckInId>,
    pub replaced_by: Option<CheckInId>,
    stage: Option<SaidStage>,
    /// First name of the worker who entered it for the client.
    entered_by: Option<String>,
    /// How, where it did not come from the client's app.
    given: Option<Given>,
    /// When a worker first had it on their screen.
    seen_at: Option<DateTime<Utc>>,
    /// First name.
    seen_by: Option<String>,
}

pub const SENT_AT: HeaderName = HeaderName::from_static("companion-sent-at");

/// The phone's clock as it was when sending. A header, because a retry sends the same body later.
pub fn sent_at(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    headers.get(SENT_AT)?.to_str().ok()?.parse().ok()
}

/// My check-in. The same again answers the same; another body under a used id is a conflict.
#[utoipa::path(put, path = "/api/v1/me/check-ins/{id}", params(("id" = Uuid, Path)), request_body = NewCheckIn,
    responses((status = 201, body = CheckIn), (status = 200, body = CheckIn), (status = 409, body = crate::error::Problem)))]
pub async fn put_mine(
    State(app): State<App>,
    phone: Phone,
    Path(id): Path<CheckInId>,
    headers: HeaderMap,
    Body(body): Body<NewCheckIn>,
) -> Result<(StatusCode, Json<CheckIn>)> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let made = made_at(body.recorded_at, sent_at(&headers), phone.joined_at, app.now());
    accept(&app, phone.organisation, &client, id, body, made, By::Phone(phone.device)).await
}

/// As long as the plan lets it be.
const LONGEST_STAGE: usize = 80;

/// How far back a worker may enter a check-in.
const OLDEST: TimeDelta = TimeDelta::days(400);

#[derive(Debug, Deserialize)]
pub struct Entered {
    check_in_id: CheckInId,
}

/// What a worker writes down for a client.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ToldCheckIn {
    #[serde(flatten)]
    told: NewCheckIn,
    /// `in_person` or `by_phone`.
    given: Option<Given>,
}

/// A check-in entered by a worker for a client who told it to them. What they enter is shared with them.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/check-ins/{check_in_id}", params(("id" = Uuid, Path), ("check_in_id" = Uuid, Path)), request_body = ToldCheckIn,
    responses((status = 201, body = CheckIn), (status = 200, body = CheckIn), (status = 409, body = crate::error::Problem)))]
pub async fn put_for_client(
    State(app): State<App>,
    record: Record,
    Path(path): Path<Entered>,
    Body(ToldCheckIn { told: body, given }): Body<ToldCheckIn>,
) -> Result<(StatusCode, Json<CheckIn>)> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    Faults::default()
        .check(body.recorded_at > app.now() - OLDEST, "recorded_at", "This is more than 400 days ago.")
        .check(given.is_none_or(Given::is_told_to_a_worker), "given", "Was it given in person, or by phone?")
        .done()?;
    let made = MadeAt { at: body.recorded_at.min(app.now()), corrected: body.recorded_at > app.now() };
    accept(&app, record.organisation, &client, path.check_in_id, body, made, By::Worker(record.worker.id, given)).await
}

#[derive(Clone, Copy)]
enum By {
    Phone(DeviceId),
    Worker(WorkerId, Option<Given>),
}

/// Takes a check-in in: it and the job to assess it are one transaction, on disk before anybody hears of it.
async fn accept(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    id: CheckInId,
    body: NewCheckIn,
    made: MadeAt,
    by: By,
) -> Result<(StatusCode, Json<CheckIn>)> {
    let items = items::all(&app.db, organisation, client).await?;
    body.check(id, &items)?;
    let (device, entered_by, given, reader) = match by {
        By::Phone(device) => (Some(device), None, None, Reader::Client),
        By::Worker(worker, given) => (None, Some(worker), given, Reader::Worker),
    };
    let row = Row {
        id,
        recorded_at: body.recorded_at.trunc_subsecs(6),
        received_at: app.now(),
        made_at: made.at.trunc_subsecs(6),
        clock_corrected: made.corrected,
        day: made.at.with_timezone(&client.zone).date_naive(),
        answers: client.key.seal_json(&app.chance, answers_place(id), &body.answers),
        note: client.key.seal_text(&app.chance, note_place(id), body.note.as_deref()),
        stage: body.stage.as_ref().map(|s| client.key.seal_json(&app.chance, stage_place(id), s)),
        note_shared: body.note_shared,
        replaces: body.replaces,
        replaced_by: None,
        entered_by,
        given,
        // Whoever wrote it down has seen it.
        seen_at: entered_by.map(|_| app.now()),
        seen_by: entered_by,
        body_hash: body.hash(given),
    };
    let mut tx = app.db.begin().await?;
    if insert(&mut tx, organisation, client.id, device, &row).await? {
        assessments::assess_soon(&mut tx, app, organisation, client.id).await?;
        tx.commit().await?;
        app.wake();
        let names = Names::of_one(app, organisation, entered_by).await?;
        return Ok((StatusCode::CREATED, Json(row.open(&client.key, reader, &names)?)));
    }
    // The first request may still be waiting for the disk: ending this empty part waits with it.
    tx.commit().await?;
    let kept = load(app, organisation, client.id, id).await?;
    if kept.body_hash != row.body_hash {
        return Err(Error::Conflict("Another check-in was taken in under this id."));
    }
    let names = Names::load(app, organisation).await?;
    Ok((StatusCode::OK, Json(kept.open(&client.key, reader, &names)?)))
}
