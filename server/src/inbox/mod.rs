//! The team's inbox: what needs a person, first things first.

pub mod stream;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Worker,
    app::App,
    audit,
    clients::{self, ClientRef},
    contact::{self, ContactState, Means, Urgency, story::TeamRequest},
    error::{Query, Result},
    escalation::team::{Escalation, Phase},
    flags::{self, FlagLevel, FlagState, team::TeamFlag},
    ids::ClientId,
    workers::WorkerRef,
};

/// How soon a person is needed. In the order of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Now,
    Today,
    WhenYouCan,
}

/// In the order of the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    ContactRequest,
    Flag,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct InboxRow {
    kind: RowKind,
    group: Group,
    since: DateTime<Utc>,
    client: ClientRef,
    sentence: String,
    owner: Option<WorkerRef>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact_request: Option<TeamRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<TeamFlag>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Inbox {
    items: Vec<InboxRow>,
    /// Where to resume the stream of events so that nothing is missed.
    last_event_id: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Filter {
    /// Only what I have.
    #[serde(default)]
    mine: bool,
}

/// What needs a person, on my caseload. Seeing a request here is its being *reached*, unless the page is in the background.
#[utoipa::path(get, path = "/api/v1/team/inbox", params(("mine" = Option<bool>, Query), ("background" = Option<bool>, Query)),
    responses((status = 200, body = Inbox)))]
pub async fn list(
    State(app): State<App>,
    worker: Worker,
    Query(filter): Query<Filter>,
    Query(screen): Query<contact::team::Screen>,
) -> Result<Json<Inbox>> {
    // Before the rows: an event during the look is delivered again rather than missed.
    let last_event_id = stream::newest(&app, worker.organisation).await?.to_string();
    let clients = clients::caseload(&app, &worker).await?;
    let mut requests = contact::team::open_on_caseload(&app, &worker, filter.mine).await?;
    screen.shows(&app, worker.organisation, &mut requests).await?;
    let requests = contact::team::describe_all(&app, worker.organisation, &requests, &clients).await?;
    let flags = flags::team::of_caseload(&app, &worker, &flags::team::Filter::default(), &clients).await?;
    let mut rows: Vec<InboxRow> = requests.into_iter().map(of_request).chain(flags.into_iter().map(of_flag)).collect();
    // Of requests only mine were asked for, also those that ring for me.
    let is_mine = |row: &InboxRow| row.owner.as_ref().is_some_and(|o| o.id == worker.id);
    rows.retain(|row| !filter.mine || row.kind == RowKind::ContactRequest || is_mine(row));
    // First by need, then what nobody has, then a person who asked before what the engine saw, then what has
    // waited longest.
    rows.sort_by_key(|row| (row.group, row.owner.is_some(), row.kind, row.since));
    let mut seen: Vec<ClientId> = rows.iter().map(|r| r.client.id).collect();
    seen.sort_unstable();
    seen.dedup();
    audit::seen(&app, &worker, "inbox.read", &seen, None).await?;
    Ok(Json(Inbox { items: rows, last_event_id }))
}

fn of_request(request: TeamRequest) -> InboxRow {
    InboxRow {
        kind: RowKind::ContactRequest,
        group: group_of_request(&request),
        since: request.request.received_at,
        client: request.client.client.clone(),
        sentence: sentence_of_request(&request),
        owner: request.owner.clone(),
        flag: None,
        contact_request: Some(request),
    }
}

fn group_of_request(request: &TeamRequest) -> Group {
    let inner = &request.request;
    match (inner.state, inner.urgency) {
        _ if inner.promise_broken && inner.state.core().is_owned() => Group::Now,
        // It came back, or was handed over, and nobody has it. What waits for the day does not ring yet.
        _ if rings_now(request.escalation.as_ref()) && inner.state.core().is_owned() => Group::Now,
        // Somebody else may be holding the phone: a cancelled request is looked at like any other of its day.
        (ContactState::Cancelled, _) => Group::Today,
        (ContactState::Received | ContactState::Reached, Urgency::Now) => Group::Now,
        (ContactState::Received | ContactState::Reached, Urgency::WhenYouCan) => Group::WhenYouCan,
        _ => Group::Today,
    }
}

fn rings(escalation: Option<&Escalation>) -> bool {
    escalation.is_some_and(|e| e.state == Phase::Ringing)
}

fn rings_now(escalation: Option<&Escalation>) -> bool {
    rings(escalation) && escalation.is_some_and(|e| e.has_begun)
}

fn sentence_of_request(request: &TeamRequest) -> String {
    let who = &request.client.client.preferred_name;
    let soon = match request.request.urgency {
        Urgency::Now => "now",
        Urgency::Today => "today",
        Urgency::WhenYouCan => "when you can",
    };
    if request.request.state == ContactState::Cancelled {
        return format!(
            "{who} asked for contact and then cancelled. Nobody had seen it yet, so it still needs a look."
        );
    }
    if request.request.promise_broken {
        return format!("{who} was promised contact and the time has passed.");
    }
    let again = if request.taps > 1 { format!(" They have asked {} times.", request.taps) } else { String::new() };
    let how = match request.request.how {
        Means::Call => "a call",
        Means::Text => "a text",
        Means::Visit => "a visit",
    };
    format!("{who} asks for {how} {soon}.{again}")
}

fn of_flag(flag: TeamFlag) -> InboxRow {
    InboxRow {
        kind: RowKind::Flag,
        group: group_of_flag(&flag),
        since: flag.raised_at,
        client: flag.client.clone(),
        sentence: flag.sentence.clone(),
        owner: flag.owner.clone(),
        contact_request: None,
        flag: Some(flag),
    }
}

fn group_of_flag(flag: &TeamFlag) -> Group {
    match (flag.state, flag.level) {
        _ if flag.wants_talk() || rings(flag.escalation.as_ref()) => Group::Now,
        (FlagState::Open, FlagLevel::Alert) => Group::Today,
        _ => Group::WhenYouCan,
    }
}
