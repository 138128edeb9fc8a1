//! "Please contact me": from one tap to a named person who did.
//!
//! The states and what another tap does are the core's (`mobile_shared::contact`). A request stays in the
//! inbox until a person has looked, cancelled or not: somebody else may be holding the phone.

pub mod accept;
pub mod acknowledge;
pub mod board;
pub mod calls;
pub mod client;
pub mod history;
pub mod one;
mod promise;
mod reached;
pub mod story;
pub mod team;

pub use promise::{held_until, promise_due};
pub use reached::{opened_again_since, reached, reached_by_ring};

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    db::{Connection, Tx},
    error::Result,
    escalation::{self, Subject},
    events,
    given::Given,
    ids::{ClientId, ContactRequestId, DeviceId, OrganisationId, WorkerId},
    notify::{self, Message, Recipient},
    seal::{ClientKey, Place},
    working_hours,
};

/// The core's words in the form the database and the API description need.
macro_rules! mirrored {
    ($($(#[$doc:meta])* $name:ident of $core:ident { $($variant:ident),+ }),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, sqlx::Type)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name { $($variant),+ }

        impl From<$name> for mobile_shared::contact::$core {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }

        impl From<mobile_shared::contact::$core> for $name {
            fn from(value: mobile_shared::contact::$core) -> Self {
                match value { $(mobile_shared::contact::$core::$variant => Self::$variant),+ }
            }
        }
    )+};
}

mirrored! {
    /// How soon.
    Urgency of When { WhenYouCan, Today, Now },
    Means of How { Call, Text, Visit },
    ContactState of State { Received, Reached, Seen, Promised, Attempted, Done, Cancelled },
}

impl ContactState {
    pub fn core(self) -> mobile_shared::contact::State {
        self.into()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ContactWhat {
    Received,
    Folded,
    OpenedAgain,
    Reached,
    Seen,
    Promised,
    PromiseKept,
    PromiseBroken,
    Attempted,
    HandedOver,
    Added,
    Cancelled,
    Done,
    /// They rang, and a worker took the call.
    CalledIn,
    /// Escalation rang somebody.
    Rung,
    /// It found nobody who could be rung.
    NobodyThere,
    /// Nothing came of it by the time that was said.
    CameBack,
}

impl Urgency {
    /// What escalation knows it as.
    pub fn escalation(self) -> escalation::Kind {
        match self {
            Self::Now => escalation::Kind::ContactNow,
            Self::Today => escalation::Kind::ContactToday,
            Self::WhenYouCan => escalation::Kind::ContactWhenYouCan,
        }
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub organisation_id: OrganisationId,
    pub client_id: ClientId,
    pub id: ContactRequestId,
    pub requested_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub asked_when: Urgency,
    pub how: Means,
    message: Option<Vec<u8>>,
    pub urgency: Urgency,
    pub taps: i32,
    pub folded_into: Option<ContactRequestId>,
    pub device_id: DeviceId,
    body_hash: Vec<u8>,
    pub state: ContactState,
    pub reached_at: Option<DateTime<Utc>>,
    pub seen_at: Option<DateTime<Utc>>,
    pub seen_by: Option<WorkerId>,
    pub owner_id: Option<WorkerId>,
    pub promise_what: Option<Means>,
    pub promise_by: Option<DateTime<Utc>>,
    pub promise_made_at: Option<DateTime<Utc>>,
    pub promise_made_by: Option<WorkerId>,
    pub promise_broken: bool,
    /// The list was gone through once, and nobody has it.
    pub not_answered_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<WorkerId>,
    /// They told a worker: who wrote it down.
    pub taken_by: Option<WorkerId>,
    /// How they gave it; missing in what was written down before it was asked, which was by phone.
    pub given: Option<Given>,
}

impl Row {
    /// How it was given, where that was not in the app.
    pub fn given(&self) -> Option<Given> {
        self.given.or(self.taken_by.map(|_| Given::ByPhone))
    }

    pub fn message(&self, key: &ClientKey) -> Option<String> {
        key.read_text(message_place(self.id), self.message.as_deref())
    }

    /// Whether it still needs a person: open, or cancelled before anybody had looked.
    pub fn needs_a_person(&self) -> bool {
        self.folded_into.is_none()
            && (self.state.core().is_open() || (self.state == ContactState::Cancelled && self.seen_at.is_none()))
    }
}

fn message_place(id: ContactRequestId) -> Place {
    Place { column: "contact_request.message", row: id.0 }
}

fn words_place(entry: Uuid) -> Place {
    Place { column: "contact_entry.words", row: entry }
}

pub async fn load(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
) -> Result<Option<Row>> {
    Ok(from
        .query("SELECT * FROM contact_request WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
        .bind(organisation)
        .bind(client)
        .bind(id)
        .optional()
        .await?)
}

/// A client's open request; there is one at most.
pub async fn open_of(tx: &mut Tx, organisation: OrganisationId, client: ClientId) -> Result<Option<Row>> {
    Ok(tx
        .query(
            "SELECT * FROM contact_request WHERE organisation_id = $1 AND client_id = $2
             AND folded_into IS NULL AND state NOT IN ('done', 'cancelled')",
        )
        .bind(organisation)
        .bind(client)
        .optional()
        .await?)
}

/// A line in a request's story.
#[derive(Debug, Default)]
pub struct Entry<'a> {
    /// Of a line made on a phone; otherwise one is made here.
    pub id: Option<Uuid>,
    pub worker: Option<WorkerId>,
    pub how: Option<Means>,
    pub reached: Option<bool>,
    pub to: Option<WorkerId>,
    pub words: Option<&'a str>,
    pub given: Option<Given>,
}

/// Writes a line of the story and tells the team.
pub async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    request: (ClientId, ContactRequestId),
    key: &ClientKey,
    what: ContactWhat,
    entry: Entry<'_>,
) -> Result<()> {
    let (client, id) = request;
    let entry_id = entry.id.unwrap_or_else(|| app.new_id());
    tx.query(
        "INSERT INTO contact_entry (organisation_id, client_id, request_id, id, at, what, worker_id, how, reached, to_worker_id, words, given)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(organisation)
    .bind(client)
    .bind(id)
    .bind(entry_id)
    .bind(app.now())
    .bind(what)
    .bind(entry.worker)
    .bind(entry.how)
    .bind(entry.reached)
    .bind(entry.to)
    .bind(key.seal_text(&app.chance, words_place(entry_id), entry.words))
    .bind(entry.given)
    .execute()
    .await?;
    events::append(tx, app, organisation, events::What::ContactRequest, id.0, client).await
}

/// A line that has no words, and so needs no key: one that cannot be opened keeps nobody from being rung, or from taking it.
pub async fn tell_without_words(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    request: (ClientId, ContactRequestId),
    what: ContactWhat,
    worker: Option<WorkerId>,
) -> Result<()> {
    let (client, id) = request;
    tx.query(
        "INSERT INTO contact_entry (organisation_id, client_id, request_id, id, at, what, worker_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(organisation)
    .bind(client)
    .bind(id)
    .bind(app.new_id::<Uuid>())
    .bind(app.now())
    .bind(what)
    .bind(worker)
    .execute()
    .await?;
    events::append(tx, app, organisation, events::What::ContactRequest, id.0, client).await
}

/// How long it helps a client to hear what has become of their request.
const NEWS_USEFUL_FOR: Duration = Duration::hours(12);

/// Somebody has seen it, or will call, or did not: the client hears so outside the app too.
pub async fn tell_client(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
) -> Result<()> {
    let (to, useful_until) = (Recipient::Client(client), app.now() + NEWS_USEFUL_FOR);
    let message = Message { to, kind: notify::Kind::ContactNews, subject: id.0, count: 1, useful_until };
    notify::tell(tx, app, organisation, message).await.map(|_| ())
}

/// Somebody has this request now, and has just reached the client or not; escalation waits until something has come of it.
pub async fn taken(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
    reached: bool,
) -> Result<()> {
    let Some(row) = load(&mut *tx, organisation, client, id).await? else { return Ok(()) };
    let Some(by) = row.owner_id else { return Ok(()) };
    if row.state == ContactState::Done {
        // Who had it at the end may write down what came of it.
        escalation::acknowledged(tx, app, organisation, Subject::Request(id), by, app.now()).await?;
    }
    if !row.state.core().is_open() {
        return escalation::ended(tx, app, organisation, Subject::Request(id)).await;
    }
    not_answered_no_more(tx, organisation, client, id).await?;
    let until =
        if reached { working_hours::next_noon(app.now()) } else { held_until(tx, app, organisation, &row).await? };
    escalation::acknowledged(tx, app, organisation, Subject::Request(id), by, until).await
}

/// Everybody was rung for it, and nobody has done anything about it since.
pub async fn is_not_answered(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
) -> Result<bool> {
    let waits: i64 = from
        .query(
            "SELECT COUNT(*) FROM contact_request
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND not_answered_at IS NOT NULL AND state NOT IN ('done', 'cancelled')",
        )
        .bind(organisation)
        .bind(client)
        .bind(id)
        .scalar()
        .await?;
    Ok(waits > 0)
}

/// Somebody did something about it. If everybody keeps silent again, that is said again.
async fn not_answered_no_more(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
    id: ContactRequestId,
) -> Result<()> {
    tx.query(
        "UPDATE contact_request SET not_answered_at = NULL WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
    )
    .bind(organisation)
    .bind(client)
    .bind(id)
    .execute()
    .await?;
    Ok(())
}

type Begun = (ClientId, ContactRequestId, Urgency);

/// As if nobody had seen them yet: one open request, or all that somebody has. Their stories keep what was.
async fn begin_again(
    tx: &mut Tx,
    organisation: OrganisationId,
    request: Option<ContactRequestId>,
    owner: Option<WorkerId>,
) -> Result<Vec<Begun>> {
    Ok(tx
        .query(
            "UPDATE contact_request SET state = 'received', reached_at = NULL, seen_at = NULL, seen_by = NULL, owner_id = NULL,
                    promise_what = NULL, promise_by = NULL, promise_made_at = NULL, promise_made_by = NULL, promise_broken = FALSE,
                    not_answered_at = NULL
             WHERE organisation_id = $1 AND (id = $2 OR owner_id = $3) AND folded_into IS NULL AND state NOT IN ('done', 'cancelled')
             RETURNING client_id, id, urgency",
        )
        .bind(organisation)
        .bind(request)
        .bind(owner)
        .all()
        .await?)
}

/// A worker leaves: what they had needs a person again, and nobody is told that they will call.
pub async fn let_go(tx: &mut Tx, app: &App, organisation: OrganisationId, worker: WorkerId) -> Result<()> {
    for (client, id, urgency) in begin_again(tx, organisation, None, Some(worker)).await? {
        let (subject, kind) = (Subject::Request(id), urgency.escalation());
        escalation::reopened(tx, app, organisation, client, subject, kind).await?;
        tell_without_words(tx, app, organisation, (client, id), ContactWhat::OpenedAgain, None).await?;
    }
    Ok(())
}

/// How many open requests are of clients whom no worker can see, in one organisation or in all. There must be none.
pub async fn seen_by_nobody(app: &App, of: Option<OrganisationId>) -> Result<i64> {
    Ok(app
        .db
        .query(
            "SELECT COUNT(*) FROM contact_request r
             WHERE r.folded_into IS NULL AND r.state NOT IN ('done', 'cancelled') AND ($1 IS NULL OR r.organisation_id = $1)
               AND NOT EXISTS (SELECT 1 FROM own_caseload l WHERE l.organisation_id = r.organisation_id AND l.client_id = r.client_id)",
        )
        .bind(of)
        .scalar()
        .await?)
}
