//! Who looked, who did what: append-only, and each row sealed to the one before it.
//!
//! A row's hash is keyed (HMAC with a key derived from the master key) and covers the hash of the row before,
//! so an edit, a deletion or a reordering shows, and someone who holds only the database cannot mend the
//! chain. The head, kept with the organisation, shows rows cut off the end.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json as Column;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Worker,
    app::App,
    db::{Db, Tx},
    error::{Query, Result},
    ids::{ClientId, DeviceId, OrganisationId, WorkerId},
    paging::Page,
    seal::MasterKey,
};

#[derive(Clone, Copy, Debug)]
pub enum Actor {
    Worker(WorkerId),
    Device(DeviceId),
    System,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Worker(id) => write!(f, "worker:{id}"),
            Self::Device(id) => write!(f, "device:{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    seq: i64,
    at: DateTime<Utc>,
    actor: String,
    action: String,
    clients: Column<Vec<Uuid>>,
    detail: Column<serde_json::Value>,
    hash: Vec<u8>,
}

impl Row {
    fn expected_hash(&self, master: &MasterKey, organisation: OrganisationId, previous: &[u8]) -> [u8; 32] {
        let clients: Vec<u8> = self.clients.iter().flat_map(|c| *c.as_bytes()).collect();
        master.audit_hash(&[
            organisation.0.as_bytes(),
            &self.seq.to_be_bytes(),
            &self.at.timestamp_micros().to_be_bytes(),
            self.actor.as_bytes(),
            self.action.as_bytes(),
            &clients,
            // Maps are sorted by key, so the text is the same after a trip through either database.
            self.detail.0.to_string().as_bytes(),
            previous,
        ])
    }
}

/// The first link of an organisation's chain, and the seal over its head.
pub fn first_link(master: &MasterKey, organisation: OrganisationId) -> ([u8; 32], [u8; 32]) {
    let hash = master.audit_hash(&[b"first", organisation.0.as_bytes()]);
    (hash, head_seal(master, organisation, 0, &hash))
}

fn head_seal(master: &MasterKey, organisation: OrganisationId, seq: i64, hash: &[u8]) -> [u8; 32] {
    master.audit_hash(&[b"head", organisation.0.as_bytes(), &seq.to_be_bytes(), hash])
}

/// A worker has seen something of these clients. Written before they see it.
pub async fn seen(
    app: &App,
    worker: &Worker,
    action: &'static str,
    clients: &[ClientId],
    id: Option<Uuid>,
) -> Result<()> {
    let detail = id.map_or_else(|| serde_json::json!({}), |id| serde_json::json!({ "id": id }));
    let mut tx = app.db.begin().await?;
    append(&mut tx, app, worker.organisation, Actor::Worker(worker.id), action, clients, detail).await?;
    Ok(tx.commit().await?)
}

/// A worker has changed something that is about no one client, in the transaction that changes it.
pub async fn did(
    tx: &mut Tx,
    app: &App,
    worker: &Worker,
    action: &'static str,
    detail: serde_json::Value,
) -> Result<()> {
    append(tx, app, worker.organisation, Actor::Worker(worker.id), action, &[], detail).await
}

/// Appends a row. `detail` holds ids and names of fields, never words of a client.
pub async fn append(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    actor: Actor,
    action: &str,
    clients: &[ClientId],
    detail: serde_json::Value,
) -> Result<()> {
    // Raising the number locks the head until commit: rows of one organisation take turns.
    let (seq, previous): (i64, Vec<u8>) = tx
        .query("UPDATE organisation SET audit_seq = audit_seq + 1 WHERE id = $1 RETURNING audit_seq, audit_hash")
        .bind(organisation)
        .one()
        .await?;
    let mut row = Row {
        seq,
        at: app.now(),
        actor: actor.to_string(),
        action: action.to_owned(),
        clients: Column(clients.iter().map(|c| c.0).collect()),
        detail: Column(detail),
        hash: Vec::new(),
    };
    row.hash = row.expected_hash(&app.master, organisation, &previous).to_vec();
    tx.query(
        "INSERT INTO audit (organisation_id, seq, at, actor, action, clients, detail, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(organisation)
    .bind(row.seq)
    .bind(row.at)
    .bind(&row.actor)
    .bind(&row.action)
    .bind(&row.clients)
    .bind(&row.detail)
    .bind(&row.hash)
    .execute()
    .await?;
    tx.query("UPDATE organisation SET audit_hash = $2, audit_seal = $3 WHERE id = $1")
        .bind(organisation)
        .bind(&row.hash)
        .bind(head_seal(&app.master, organisation, seq, &row.hash).to_vec())
        .execute()
        .await?;
    Ok(())
}

/// What `companion verify-audit` found of one organisation.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Whole; with the number and hash of its last row, to be noted down elsewhere.
    Whole { rows: i64, head: String },
    /// The first row that does not fit what came before it.
    BrokenAt { seq: i64 },
    /// Rows are missing at the end, or the head was changed.
    HeadDoesNotFit,
}

pub async fn verify(db: &Db, master: &MasterKey, organisation: OrganisationId) -> Result<Verdict> {
    let (head_seq, head_hash, seal): (i64, Vec<u8>, Vec<u8>) = db
        .query("SELECT audit_seq, audit_hash, audit_seal FROM organisation WHERE id = $1")
        .bind(organisation)
        .one()
        .await?;
    let mut previous = first_link(master, organisation).0.to_vec();
    let mut seq = 0;
    loop {
        let rows: Vec<Row> = db
            .query(
                "SELECT seq, at, actor, action, clients, detail, hash FROM audit
                 WHERE organisation_id = $1 AND seq > $2 ORDER BY seq LIMIT 1000",
            )
            .bind(organisation)
            .bind(seq)
            .all()
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let fits = row.seq == seq + 1 && row.hash == row.expected_hash(master, organisation, &previous);
            if !fits {
                return Ok(Verdict::BrokenAt { seq: seq + 1 });
            }
            (seq, previous) = (row.seq, row.hash);
        }
    }
    let sealed = seal == head_seal(master, organisation, head_seq, &head_hash);
    if !sealed || head_seq != seq || head_hash != previous {
        return Ok(Verdict::HeadDoesNotFit);
    }
    Ok(Verdict::Whole { rows: seq, head: hex::encode(previous) })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    seq: i64,
    at: DateTime<Utc>,
    /// The worker's name, `phone`, or `system`.
    who: String,
    what: String,
    client_ids: Vec<Uuid>,
}

#[derive(Debug, Deserialize)]
pub struct Before {
    /// Entries before this number.
    cursor: Option<i64>,
}

/// The audit trail, newest first. It says who and what, never a client's words.
#[utoipa::path(get, path = "/api/v1/admin/audit", params(("cursor" = Option<i64>, Query)), responses((status = 200, body = Page<AuditEntry>)))]
pub async fn list(
    State(app): State<App>,
    worker: Worker,
    Query(before): Query<Before>,
) -> Result<Json<Page<AuditEntry>>> {
    const AT_ONCE: i64 = 100;
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT seq, at, actor, action, clients, detail, hash FROM audit
             WHERE organisation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
        )
        .bind(worker.organisation)
        .bind(before.cursor.unwrap_or(i64::MAX))
        .bind(AT_ONCE)
        .all()
        .await?;
    let names: Vec<(WorkerId, String)> =
        app.db.query("SELECT id, name FROM worker WHERE organisation_id = $1").bind(worker.organisation).all().await?;
    let who = |actor: &str| match actor.split_once(':') {
        Some(("worker", id)) => {
            names.iter().find(|(w, _)| w.to_string() == id).map_or_else(|| actor.to_owned(), |(_, name)| name.clone())
        }
        Some(("device", _)) => "phone".to_owned(),
        _ => actor.to_owned(),
    };
    let next_cursor = (rows.len() as i64 == AT_ONCE).then(|| rows.last().map(|r| r.seq.to_string())).flatten();
    let items = rows
        .into_iter()
        .map(|r| AuditEntry { seq: r.seq, at: r.at, who: who(&r.actor), what: r.action, client_ids: r.clients.0 })
        .collect();
    Ok(Json(Page { items, next_cursor }))
}
