//! How check-ins are kept: sealed, never changed, and read newest first.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::{CheckIn, ItemAnswer};
use crate::{
    app::App,
    db::{Connection, Tx},
    error::Result,
    given::Given,
    ids::{CheckInId, ClientId, DeviceId, OrganisationId, WorkerId},
    seal::{ClientKey, Place},
    workers::Names,
};

#[derive(Debug, sqlx::FromRow)]
pub struct Row {
    pub id: CheckInId,
    pub(super) recorded_at: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    pub(super) made_at: DateTime<Utc>,
    pub(super) clock_corrected: bool,
    pub day: NaiveDate,
    pub(super) answers: Vec<u8>,
    pub(super) note: Option<Vec<u8>>,
    pub(super) stage: Option<Vec<u8>>,
    pub(super) note_shared: bool,
    pub(super) replaces: Option<CheckInId>,
    pub replaced_by: Option<CheckInId>,
    pub(super) entered_by: Option<WorkerId>,
    pub(super) given: Option<Given>,
    pub(super) seen_at: Option<DateTime<Utc>>,
    pub(super) seen_by: Option<WorkerId>,
    pub(super) body_hash: Vec<u8>,
}

/// Who is going to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Client,
    Worker,
}

impl Row {
    pub fn answers(&self, key: &ClientKey) -> Result<Vec<ItemAnswer>> {
        Ok(key.open_json(answers_place(self.id), &self.answers)?)
    }

    pub(super) fn open(&self, key: &ClientKey, reader: Reader, names: &Names) -> Result<CheckIn> {
        let withheld = reader == Reader::Worker && !self.note_shared && self.note.is_some();
        let note = if withheld { None } else { key.read_text(note_place(self.id), self.note.as_deref()) };
        Ok(CheckIn {
            id: self.id,
            recorded_at: self.recorded_at,
            received_at: self.received_at,
            made_at: self.made_at,
            clock_corrected: self.clock_corrected,
            answers: self.answers(key)?,
            note,
            note_shared: self.note_shared,
            note_withheld: withheld,
            replaces: self.replaces,
            replaced_by: self.replaced_by,
            stage: self.stage.as_deref().map(|s| key.open_json(stage_place(self.id), s)).transpose()?,
            entered_by: names.first(self.entered_by),
            given: self.given,
            seen_at: self.seen_at,
            seen_by: names.first(self.seen_by),
        })
    }
}

pub(super) fn answers_place(id: CheckInId) -> Place {
    Place { column: "check_in.answers", row: id.0 }
}

pub(super) fn stage_place(id: CheckInId) -> Place {
    Place { column: "check_in.stage", row: id.0 }
}

pub(super) fn note_place(id: CheckInId) -> Place {
    Place { column: "check_in.note", row: id.0 }
}

/// Days in the client's own calendar, both included.
#[derive(Debug, Default, Deserialize)]
pub struct Range {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    cursor: Option<CheckInId>,
}

/// Writes it; false if the id has been used.
pub(super) async fn insert(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
    device: Option<DeviceId>,
    row: &Row,
) -> Result<bool> {
    let inserted = tx
        .query(
            "INSERT INTO check_in (organisation_id, client_id, id, recorded_at, received_at, made_at, clock_corrected, day,
                                   answers, note, note_shared, replaces, device_id, entered_by, body_hash, stage, given,
                                   seen_at, seen_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
             ON CONFLICT DO NOTHING",
        )
        .bind(organisation)
        .bind(client)
        .bind(row.id)
        .bind(row.recorded_at)
        .bind(row.received_at)
        .bind(row.made_at)
        .bind(row.clock_corrected)
        .bind(row.day)
        .bind(&row.answers)
        .bind(&row.note)
        .bind(row.note_shared)
        .bind(row.replaces)
        .bind(device)
        .bind(row.entered_by)
        .bind(&row.body_hash)
        .bind(&row.stage)
        .bind(row.given)
        .bind(row.seen_at)
        .bind(row.seen_by)
        .execute()
        .await?;
    Ok(inserted > 0)
}

pub(super) async fn load(app: &App, organisation: OrganisationId, client: ClientId, id: CheckInId) -> Result<Row> {
    Ok(app
        .db
        .query(
            "SELECT k.id, k.recorded_at, k.received_at, k.made_at, k.clock_corrected, k.day, k.answers, k.note, k.stage, k.note_shared,
                    k.replaces, k.entered_by, k.given, k.seen_at, k.seen_by, k.body_hash,
                    (SELECT r.id FROM check_in r WHERE r.organisation_id = k.organisation_id AND r.client_id = k.client_id AND r.replaces = k.id
                     ORDER BY r.id LIMIT 1) AS replaced_by
             FROM check_in k WHERE k.organisation_id = $1 AND k.client_id = $2 AND k.id = $3",
        )
        .bind(organisation)
        .bind(client)
        .bind(id)
        .one()
        .await?)
}

/// Check-ins of a client from one day to another, newest first, at most `limit`, before the one named.
pub async fn between(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: ClientId,
    range: &Range,
    limit: i64,
) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT k.id, k.recorded_at, k.received_at, k.made_at, k.clock_corrected, k.day, k.answers, k.note, k.stage, k.note_shared,
                    k.replaces, k.entered_by, k.given, k.seen_at, k.seen_by, k.body_hash, r.id AS replaced_by
             FROM check_in k
             LEFT JOIN (SELECT id, replaces, ROW_NUMBER() OVER (PARTITION BY replaces ORDER BY id) AS nth FROM check_in
                        WHERE organisation_id = $1 AND client_id = $2 AND replaces IS NOT NULL) r
                    ON r.replaces = k.id AND r.nth = 1
             WHERE k.organisation_id = $1 AND k.client_id = $2
               AND (CAST($3 AS DATE) IS NULL OR k.day >= $3) AND (CAST($4 AS DATE) IS NULL OR k.day <= $4)
               AND (CAST($5 AS UUID) IS NULL OR (k.made_at, k.id) <
                    (SELECT c.made_at, c.id FROM check_in c WHERE c.organisation_id = $1 AND c.client_id = $2 AND c.id = $5))
             ORDER BY k.made_at DESC, k.id DESC LIMIT $6",
        )
        .bind(organisation)
        .bind(client)
        .bind(range.from)
        .bind(range.to)
        .bind(range.cursor)
        .bind(limit)
        .all()
        .await?)
}
