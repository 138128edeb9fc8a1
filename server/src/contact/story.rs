//! What has become of a request, told twice: to the client with first names, to the team with everything.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{ContactState, ContactWhat, Means, Row, Urgency, words_place};
use crate::{
    app::App,
    clients::{Client, ClientRef, Reach, communication::Communication},
    error::Result,
    escalation::{
        self, Subject,
        team::{Escalation, Phase},
    },
    given::Given,
    ids::{ContactRequestId, OrganisationId, WorkerId},
    workers::{Names, WorkerRef},
};

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Promise {
    what: Means,
    by: DateTime<Utc>,
    /// First name.
    by_whom: Option<String>,
    made_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attempt {
    at: DateTime<Utc>,
    /// First name.
    by: Option<String>,
    how: Option<Means>,
    reached: bool,
    words: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Addition {
    pub id: Uuid,
    at: DateTime<Utc>,
    message: String,
}

/// A request as its client sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Request {
    pub id: ContactRequestId,
    requested_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    when: Urgency,
    /// The most urgent of this and all taps that joined it.
    pub urgency: Urgency,
    pub how: Means,
    /// They rang instead of tapping.
    by_phone: bool,
    /// How they gave it, where that was not in the app.
    given: Option<Given>,
    message: Option<String>,
    pub state: ContactState,
    /// This tap joined the open request of that id: show that one.
    pub folded_into: Option<ContactRequestId>,
    pub reached_at: Option<DateTime<Utc>>,
    pub seen_at: Option<DateTime<Utc>>,
    /// First name.
    seen_by: Option<String>,
    pub promise: Option<Promise>,
    pub promise_broken: bool,
    /// When they were in touch, if that was by the promised time.
    promise_kept_at: Option<DateTime<Utc>>,
    /// Everybody on the list was rung once, and nobody has answered yet.
    not_answered_at: Option<DateTime<Utc>>,
    attempts: Vec<Attempt>,
    done_at: Option<DateTime<Utc>>,
    done_by: Option<String>,
    pub cancelled_at: Option<DateTime<Utc>>,
    additions: Vec<Addition>,
    /// The number to ring instead.
    phone: Option<String>,
    /// First name of whoever it was handed to last.
    handed_to: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StoryEntry {
    at: DateTime<Utc>,
    what: ContactWhat,
    by: Option<WorkerRef>,
    words: Option<String>,
    /// How words that joined it were given, where that was not in the app.
    given: Option<Given>,
}

/// Who asks, and how they like to be reached: it stands beside every request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Asker {
    #[serde(flatten)]
    pub client: ClientRef,
    phone: Option<String>,
    reach: Reach,
    /// What helps them to take things in and be understood.
    communication: Communication,
}

/// A request as the team sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TeamRequest {
    #[serde(flatten)]
    pub request: Request,
    pub client: Asker,
    /// Who has it. Nobody, while it rings: whoever it was handed to or let it pass has not said that they do.
    pub owner: Option<WorkerRef>,
    /// Who is meant by the ringing first: it was handed to them, or was theirs before.
    last_with: Option<WorkerRef>,
    seen_by_worker: Option<WorkerRef>,
    timeline: Vec<StoryEntry>,
    pub taps: i32,
    /// Who is being rung, or when it comes back.
    pub escalation: Option<Escalation>,
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    at: DateTime<Utc>,
    what: ContactWhat,
    worker_id: Option<WorkerId>,
    how: Option<Means>,
    reached: Option<bool>,
    to_worker_id: Option<WorkerId>,
    words: Option<Vec<u8>>,
    given: Option<Given>,
}

/// What a request looks like to its client, and its whole story.
pub async fn tell(
    app: &App,
    organisation: OrganisationId,
    row: &Row,
    client: &Client,
    names: &Names,
    phone: Option<String>,
) -> Result<(Request, Vec<StoryEntry>)> {
    let entries: Vec<EntryRow> = app
        .db
        .query(
            "SELECT id, at, what, worker_id, how, reached, to_worker_id, words, given FROM contact_entry
             WHERE organisation_id = $1 AND client_id = $2 AND request_id = $3 ORDER BY at, id",
        )
        .bind(organisation)
        .bind(row.client_id)
        .bind(row.id)
        .all()
        .await?;
    let (mut attempts, mut additions, mut timeline) = (Vec::new(), Vec::new(), Vec::new());
    let (mut handed_to, mut promise_kept_at) = (None, None);
    for entry in entries {
        let words = client.key.read_text(words_place(entry.id), entry.words.as_deref());
        match (entry.what, &words) {
            (ContactWhat::Attempted, _) => attempts.push(Attempt {
                at: entry.at,
                by: names.first(entry.worker_id),
                how: entry.how,
                reached: entry.reached.unwrap_or(false),
                // What a worker notes of an attempt is for the team.
                words: None,
            }),
            (ContactWhat::Added | ContactWhat::Folded, Some(message)) => {
                additions.push(Addition { id: entry.id, at: entry.at, message: message.clone() });
            }
            (ContactWhat::PromiseKept, _) => {
                promise_kept_at = Some(entry.at).filter(|at| row.promise_made_at.is_some_and(|made_at| *at >= made_at));
            }
            // Only as long as they are the one who has it.
            (ContactWhat::HandedOver, _) => {
                handed_to = names.first(entry.to_worker_id.filter(|to| row.owner_id == Some(*to)));
            }
            _ => {}
        }
        timeline.push(StoryEntry {
            at: entry.at,
            what: entry.what,
            by: names.of(entry.worker_id),
            words,
            given: entry.given,
        });
    }
    let promise = row.promise_what.zip(row.promise_by).map(|(what, by)| Promise {
        what,
        by,
        by_whom: names.first(row.promise_made_by),
        made_at: row.promise_made_at,
    });
    let request = Request {
        id: row.id,
        requested_at: row.requested_at,
        received_at: row.received_at,
        when: row.asked_when,
        urgency: row.urgency,
        how: row.how,
        by_phone: row.given() == Some(Given::ByPhone),
        given: row.given(),
        message: row.message(&client.key),
        state: row.state,
        folded_into: row.folded_into,
        reached_at: row.reached_at,
        seen_at: row.seen_at,
        seen_by: names.first(row.seen_by),
        promise,
        promise_broken: row.promise_broken,
        promise_kept_at,
        not_answered_at: row.not_answered_at.filter(|_| row.state.core().is_open()),
        attempts,
        done_at: row.done_at,
        done_by: names.first(row.done_by),
        cancelled_at: row.cancelled_at,
        additions,
        phone,
        handed_to,
    };
    Ok((request, timeline))
}

pub async fn for_team(
    app: &App,
    organisation: OrganisationId,
    row: &Row,
    client: &Client,
    names: &Names,
) -> Result<TeamRequest> {
    let (request, timeline) = tell(app, organisation, row, client, names, client.profile.phone.clone()).await?;
    let escalation = escalation::team::of(app, organisation, Subject::Request(row.id), names).await?;
    let rings = escalation.as_ref().is_some_and(|e| e.state == Phase::Ringing);
    Ok(TeamRequest {
        request,
        client: Asker {
            client: client.reference(),
            phone: client.profile.phone.clone(),
            reach: client.profile.reach.clone(),
            communication: client.communication(names),
        },
        owner: names.of(row.owner_id.filter(|_| !rings)),
        last_with: names.of(row.owner_id.filter(|_| rings)),
        seen_by_worker: names.of(row.seen_by),
        timeline,
        taps: row.taps,
        escalation,
    })
}
