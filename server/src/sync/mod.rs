//! One round trip for a phone on a bad line: what waits on it goes up, what changed comes down.
//!
//! Each operation is a call of its single route, through the same guard, as if it had come by itself; what changed is what the single routes
//! answer now. So there is one place that decides about a check-in, and nothing that only holds for whoever syncs.

mod kinds;
mod parts;
mod taken;

use std::collections::BTreeMap;

use axum::{
    Extension, Json, Router,
    body::{self, Body as HttpBody},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use tower::ServiceExt;
use utoipa::ToSchema;
use uuid::Uuid;

use self::{
    kinds::{Call, Kind},
    parts::{Cursor, PARTS, tag_of},
    taken::Taken,
};
use crate::{
    access::Phone,
    app::App,
    auth::hash,
    check_ins::SENT_AT,
    error::{Body, Error, Faults, Result},
};

/// Of a request, in bytes, once it is unpacked: one photo and much more besides.
pub const LARGEST_BODY: usize = 1024 * 1024;
const MOST_OPERATIONS: usize = 500;
const MOST_OFFERED: usize = 2000;
/// Far above what any single route answers.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

const ID_IS_USED: Error = Error::Conflict("Something else was taken in under this id.");

/// The single routes, as a whole sync calls them.
#[derive(Clone, Debug)]
pub struct Singles(pub Router);

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSync {
    /// As the last answer gave it.
    cursor: Option<String>,
    /// Worked off in this order.
    #[serde(default)]
    operations: Vec<Operation>,
    /// The newest operation that this phone was told was taken in.
    last: Option<Uuid>,
    /// The `server_time` of the answer that said so: a database that took the same operation in another life is not taken for this one.
    last_at: Option<DateTime<Utc>>,
    /// After `offer_again`: what this phone had been told was taken in, in the last 30 days.
    #[serde(default)]
    offered: Vec<Uuid>,
    /// The parts of `changes` that are wanted; all, if it is missing.
    want: Option<Vec<String>>,
    /// Parts to tell whatever the cursor knows: this phone has learnt of them otherwise since.
    #[serde(default)]
    anew: Vec<String>,
}

/// Something that was done on the phone. Kinds: check_in, contact_request, contact_addition, contact_cancel, occurrence, plan_draft,
/// plan_agree, flag_answer, baseline_answer, pack_feedback, pack_addition, pack_addition_gone, pack_first_aid, pack_search.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Operation {
    /// Made on the phone: the same again is a retry.
    id: Uuid,
    kind: String,
    /// What the single route takes; where its path names something else, that is in here (`contact_request_id`, `occurrence_id`
    /// and `act`, `version`, `flag_id`, `baseline_id`, `resource_id`, `addition_id`).
    #[schema(value_type = Object)]
    body: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Done,
    AlreadyDone,
    /// It will not be taken in as it is: `problem` says why.
    Refused,
    TryLater,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Became {
    id: Uuid,
    outcome: Outcome,
    /// As the single route tells it.
    #[schema(value_type = Option<Object>)]
    problem: Option<Value>,
    /// What the single route answers to what is done.
    #[schema(value_type = Option<Object>)]
    answer: Option<Value>,
}

type Changes = BTreeMap<&'static str, Box<RawValue>>;

#[derive(Debug, Serialize, ToSchema)]
pub struct Synced {
    /// For the next time.
    cursor: String,
    server_time: DateTime<Utc>,
    /// In the order they came.
    operations: Vec<Became>,
    /// What is not as the cursor knew it, part by part, as the single routes answer it: me, items, check_ins, flags, cover, pack (without
    /// its texts), plan, sharing, baseline, reminders, contact_requests, provider.
    #[schema(value_type = Object)]
    changes: Changes,
    /// Parts that were asked for and cannot be told just now: what the phone has of them may be old.
    untold: Vec<&'static str>,
    /// `last` is not known here: this database was put back from a backup that is older. Offer what was taken in since.
    offer_again: bool,
    /// Of what was offered: please send again.
    missing: Vec<Uuid>,
}

/// Everything that waits on my phone, and everything that is new, in one round trip.
#[utoipa::path(post, path = "/api/v1/me/sync", request_body = NewSync, responses((status = 200, body = Synced)))]
pub async fn sync(
    State(app): State<App>,
    phone: Phone,
    Extension(singles): Extension<Singles>,
    headers: HeaderMap,
    Body(body): Body<NewSync>,
) -> Result<Json<Synced>> {
    Faults::default()
        .check(body.operations.len() <= MOST_OPERATIONS, "operations", "Please send at most 500 at a time.")
        .check(body.offered.len() <= MOST_OFFERED, "offered", "Please offer at most 2,000 at a time.")
        .done()?;
    let known = match body.last {
        Some(last) => taken::remembers(&app, &phone, last, body.last_at).await?,
        None => true,
    };
    // One moment for what is remembered and for what the phone is told of it.
    let now = app.now();
    let syncing = Syncing { app: &app, phone: &phone, singles: &singles.0, headers: &headers, now };
    let operations = syncing.work_off(&body.operations).await?;
    let missing = taken::unknown(&app, &phone, &body.offered).await?;
    let mut cursor = Cursor::read(body.cursor.as_deref());
    cursor.forget(&body.anew);
    let (changes, untold) = syncing.changes(&mut cursor, body.want.as_deref()).await?;
    Ok(Json(Synced {
        cursor: cursor.write(),
        server_time: now,
        operations,
        changes,
        untold,
        offer_again: !known,
        missing,
    }))
}

struct Syncing<'a> {
    app: &'a App,
    phone: &'a Phone,
    singles: &'a Router,
    headers: &'a HeaderMap,
    now: DateTime<Utc>,
}

impl Syncing<'_> {
    /// One after the other: what comes later may be about what came before. One that cannot be taken stands in no other's way.
    async fn work_off(&self, operations: &[Operation]) -> Result<Vec<Became>> {
        let mut became = Vec::with_capacity(operations.len());
        let mut taken = Vec::new();
        for operation in operations {
            let body_hash = hash(&serde_json::to_vec(&(&operation.kind, &operation.body)).map_err(Error::internal)?);
            let one = match taken::before(self.app, self.phone, operation.id).await? {
                Some((kind, _)) if kind != operation.kind => Became::refused(operation.id, ID_IS_USED),
                Some((_, hash)) if hash == body_hash => Became::simply(operation.id, Outcome::AlreadyDone),
                before => self.run(operation, before.is_some()).await?,
            };
            if matches!(one.outcome, Outcome::Done | Outcome::AlreadyDone) {
                taken.push(Taken { id: operation.id, kind: &operation.kind, body_hash });
            }
            became.push(one);
        }
        taken::remember(self.app, self.phone, &taken, self.now).await?;
        Ok(became)
    }

    async fn run(&self, operation: &Operation, id_is_used: bool) -> Result<Became> {
        let id = operation.id;
        // Of a newer app: the server will know it one day, so the phone keeps it and tries again.
        let Some(kind) = Kind::named(&operation.kind) else {
            return Ok(Became { outcome: Outcome::TryLater, ..Became::refused(id, Error::UnknownKind) });
        };
        // The same may come written differently, or with a field of a newer app. Whoever keeps what came can tell.
        if id_is_used && !kind.knows_its_retries() {
            return Ok(Became::refused(id, ID_IS_USED));
        }
        let Value::Object(body) = operation.body.clone() else {
            return Ok(Became::refused(id, Error::field("body", "This is not an object.")));
        };
        let call = match kind.call(id, body) {
            Ok(call) => call,
            Err(error) => return Ok(Became::refused(id, error)),
        };
        let (status, answer) = self.call(call).await?;
        let answer = serde_json::from_slice(&answer).ok();
        Ok(match status {
            StatusCode::OK if kind.says_when_new() || id_is_used => {
                Became { answer, ..Became::simply(id, Outcome::AlreadyDone) }
            }
            status if status.is_success() => Became { answer, ..Became::simply(id, Outcome::Done) },
            // Nothing is wrong with it: this node, or the session, cannot take it now.
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::UNAUTHORIZED => {
                Became { problem: answer, ..Became::simply(id, Outcome::TryLater) }
            }
            status if status.is_server_error() => Became { problem: answer, ..Became::simply(id, Outcome::TryLater) },
            _ => Became { problem: answer, ..Became::simply(id, Outcome::Refused) },
        })
    }

    async fn changes(&self, cursor: &mut Cursor, want: Option<&[String]>) -> Result<(Changes, Vec<&'static str>)> {
        let mut changes = Changes::new();
        let mut untold = Vec::new();
        for ((name, path), known) in PARTS.iter().zip(&mut cursor.0) {
            if want.is_some_and(|parts| parts.iter().all(|part| part != name)) {
                continue;
            }
            let asked = self.call(Call { method: Method::GET, path: (*path).to_owned(), body: Map::new() }).await;
            // A part that cannot be told now, or is more than one answer holds, keeps nobody from the others.
            let answer = match asked {
                Ok((StatusCode::OK, answer)) => answer,
                other => {
                    let status = other.map(|(status, _)| status);
                    tracing::error!(part = name, ?status, "a part of sync cannot be told");
                    untold.push(*name);
                    continue;
                }
            };
            if *known == Some(tag_of(&answer)) {
                continue;
            }
            *known = Some(tag_of(&answer));
            let answer = String::from_utf8(answer).map_err(Error::internal)?;
            changes.insert(*name, RawValue::from_string(answer).map_err(Error::internal)?);
        }
        Ok((changes, untold))
    }

    async fn call(&self, Call { method, path, body }: Call) -> Result<(StatusCode, Vec<u8>)> {
        let body = if body.is_empty() { Vec::new() } else { serde_json::to_vec(&body).map_err(Error::internal)? };
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(HttpBody::from(body))
            .map_err(Error::internal)?;
        for name in [header::AUTHORIZATION, SENT_AT] {
            if let Some(value) = self.headers.get(&name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        let response = self.singles.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let status = response.status();
        let answer = body::to_bytes(response.into_body(), LARGEST_ANSWER).await.map_err(Error::internal)?;
        Ok((status, answer.into()))
    }
}

impl Became {
    fn simply(id: Uuid, outcome: Outcome) -> Self {
        Self { id, outcome, problem: None, answer: None }
    }

    fn refused(id: Uuid, error: Error) -> Self {
        Self { problem: serde_json::to_value(error.problem()).ok(), ..Self::simply(id, Outcome::Refused) }
    }
}
