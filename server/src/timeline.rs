//! A client's story in one list: check-ins, flags, requests for contact, changes of reminders, phones, newest first.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    access::Record,
    app::App,
    clients,
    error::{Query, Result},
    given::Given,
    ids::{ReminderChangeId, WorkerId},
    paging::Page,
    reminders,
    seal::{ClientKey, Place},
    workers::{Names, WorkerRef},
};

#[derive(Debug, Serialize, ToSchema)]
pub struct Reference {
    /// `check_in`, `flag`, `contact_request`, `plan`, `reminder` or `device`
    kind: String,
    id: Uuid,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Moment {
    at: DateTime<Utc>,
    /// e.g. `check_in`, `flag_raised`, `contact_promised`, `joined`
    what: String,
    by: Option<WorkerRef>,
    words: Option<String>,
    /// There is a note, and it was not shared.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    note_withheld: bool,
    /// How a check-in or a request was given, where that was not in the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    given: Option<Given>,
    r#ref: Reference,
}

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    at: DateTime<Utc>,
    what: String,
    worker_id: Option<WorkerId>,
    /// The row that holds the words.
    words_id: Uuid,
    words: Option<Vec<u8>>,
    withheld: bool,
    subject_id: Uuid,
    given: Option<Given>,
}

#[derive(Debug, Deserialize)]
pub struct Before {
    cursor: Option<DateTime<Utc>>,
}

/// What happened, newest first. A note that was not shared is not in it.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/timeline", params(("id" = Uuid, Path), ("cursor" = Option<DateTime<Utc>>, Query)), responses((status = 200, body = Page<Moment>)))]
pub async fn list(State(app): State<App>, record: Record, Query(before): Query<Before>) -> Result<Json<Page<Moment>>> {
    const AT_ONCE: i64 = 60;
    let client = clients::load(&app, record.organisation, record.client).await?;
    let rows: Vec<Row> = app
        .db
        .query(
            "SELECT * FROM (
                SELECT 'check_in' AS kind, k.made_at AS at, 'check_in' AS what, k.entered_by AS worker_id, k.id AS words_id,
                       CASE WHEN k.note_shared THEN k.note END AS words,
                       k.note IS NOT NULL AND NOT k.note_shared AS withheld, k.id AS subject_id, k.given
                FROM check_in k WHERE k.organisation_id = $1 AND k.client_id = $2
                UNION ALL
                SELECT 'flag', e.at, 'flag_' || e.what, e.worker_id, e.id, e.words, FALSE, e.flag_id, NULL
                FROM flag_entry e JOIN flag f ON f.organisation_id = e.organisation_id AND f.id = e.flag_id
                WHERE f.organisation_id = $1 AND f.client_id = $2
                UNION ALL
                SELECT 'contact_request', e.at, 'contact_' || e.what, e.worker_id, e.id, e.words, FALSE, e.request_id,
                       COALESCE(e.given, CASE WHEN e.what IN ('received', 'called_in') THEN r.given END)
                FROM contact_entry e
                JOIN contact_request r ON r.organisation_id = e.organisation_id AND r.client_id = e.client_id AND r.id = e.request_id
                WHERE e.organisation_id = $1 AND e.client_id = $2
                UNION ALL
                SELECT 'plan', CASE WHEN p.client_agreed_at > p.worker_agreed_at THEN p.client_agreed_at ELSE p.worker_agreed_at END,
                       'plan_agreed', p.worker_agreed_by, p.id, NULL, FALSE, p.id, NULL
                FROM plan_version p WHERE p.organisation_id = $1 AND p.client_id = $2 AND p.number IS NOT NULL
                UNION ALL
                SELECT 'reminder', m.changed_at, 'reminder_' || m.state, m.worker_id, m.id, m.words, FALSE, m.reminder_id, NULL
                FROM reminder_change m WHERE m.organisation_id = $1 AND m.client_id = $2
                UNION ALL
                SELECT 'device', d.joined_at, 'joined', NULL, d.id, NULL, FALSE, d.id, NULL
                FROM device d WHERE d.organisation_id = $1 AND d.client_id = $2
                UNION ALL
                SELECT 'device', d.revoked_at, 'signed_out', NULL, d.id, NULL, FALSE, d.id, NULL
                FROM device d WHERE d.organisation_id = $1 AND d.client_id = $2 AND d.revoked_at IS NOT NULL
             ) moments
             WHERE (CAST($3 AS TIMESTAMPTZ) IS NULL OR at < $3) ORDER BY at DESC LIMIT $4",
        )
        .bind(record.organisation)
        .bind(record.client)
        .bind(before.cursor)
        .bind(AT_ONCE)
        .all()
        .await?;
    let names = Names::load(&app, record.organisation).await?;
    let next_cursor = (rows.len() as i64 == AT_ONCE).then(|| rows.last().map(|r| r.at.to_rfc3339())).flatten();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let words = words(&client.key, &row);
        items.push(Moment {
            at: row.at,
            what: row.what,
            by: names.of(row.worker_id),
            words,
            note_withheld: row.withheld,
            given: row.given,
            r#ref: Reference { kind: row.kind, id: row.subject_id },
        });
    }
    Ok(Json(Page { items, next_cursor }))
}

/// Of a reminder, its title.
fn words(key: &ClientKey, row: &Row) -> Option<String> {
    let column = match row.kind.as_str() {
        "check_in" => "check_in.note",
        "flag" => "flag_entry.words",
        "reminder" => return reminders::title(key, ReminderChangeId(row.words_id), row.words.as_deref()),
        _ => "contact_entry.words",
    };
    key.read_text(Place { column, row: row.words_id }, row.words.as_deref())
}
