//! What became of requests for contact, one line each: for the figures of the board, and as a file for a team lead.

use std::ops::Range;

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, SecondsFormat, Utc};
use serde::Deserialize;

use super::{ContactState, Means, Urgency};
use crate::{
    access::Worker,
    app::App,
    assessments::day_of,
    audit,
    error::{Error, Faults, Query, Result},
    ids::{ClientId, ContactRequestId, OrganisationId, ServiceId, WorkerId},
    organisation::ZONE,
    workers::{self, Names},
};

/// A request, its first times, and its promise.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Asked {
    id: ContactRequestId,
    client_id: ClientId,
    pub received_at: DateTime<Utc>,
    urgency: Urgency,
    how: Means,
    state: ContactState,
    taps: i32,
    /// First reached a device of a person's; opened again, it counts once.
    pub reached_at: Option<DateTime<Utc>>,
    /// First "I've got this".
    pub seen_at: Option<DateTime<Utc>>,
    seen_by: Option<WorkerId>,
    /// The last that was made.
    promise_by: Option<DateTime<Utc>>,
    /// Of all that were made: a later promise does not undo a broken one.
    pub promises_kept: i64,
    pub promises_broken: i64,
    done_at: Option<DateTime<Utc>>,
    /// They rang, and it was written down.
    pub by_phone: bool,
}

impl Asked {
    /// Whether what was promised was kept; none without a promise, or while its time is still to come.
    fn kept(&self) -> Option<bool> {
        match (self.promises_kept, self.promises_broken) {
            (0, 0) => None,
            (_, broken) => Some(broken == 0),
        }
    }
}

/// The requests of a service that were asked in this time, oldest first.
pub async fn asked(
    app: &App,
    organisation: OrganisationId,
    service: ServiceId,
    when: Range<DateTime<Utc>>,
) -> Result<Vec<Asked>> {
    Ok(app
        .db
        .query(
            "SELECT r.id, r.client_id, r.received_at, r.urgency, r.how, r.state, r.taps,
                (SELECT MIN(e.at) FROM contact_entry e WHERE e.organisation_id = r.organisation_id AND e.client_id = r.client_id
                 AND e.request_id = r.id AND e.what IN ('reached', 'seen', 'promised', 'attempted', 'handed_over', 'done')) AS reached_at,
                (SELECT MIN(e.at) FROM contact_entry e WHERE e.organisation_id = r.organisation_id AND e.client_id = r.client_id
                 AND e.request_id = r.id AND e.what IN ('seen', 'promised', 'attempted', 'handed_over', 'done')) AS seen_at,
                r.seen_by, r.promise_by,
                (SELECT COUNT(*) FROM contact_entry e WHERE e.organisation_id = r.organisation_id AND e.client_id = r.client_id
                 AND e.request_id = r.id AND e.what = 'promise_kept') AS promises_kept,
                (SELECT COUNT(*) FROM contact_entry e WHERE e.organisation_id = r.organisation_id AND e.client_id = r.client_id
                 AND e.request_id = r.id AND e.what = 'promise_broken') AS promises_broken,
                r.done_at, r.taken_by IS NOT NULL AS by_phone
             FROM contact_request r
             JOIN client c ON c.organisation_id = r.organisation_id AND c.id = r.client_id
             WHERE r.organisation_id = $1 AND c.service_id = $2 AND r.folded_into IS NULL
               AND r.received_at >= $3 AND r.received_at < $4
             ORDER BY r.received_at, r.id",
        )
        .bind(organisation)
        .bind(service)
        .bind(when.start)
        .bind(when.end)
        .all()
        .await?)
}

#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Wanted {
    service_id: ServiceId,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

const LONGEST: i64 = 400;

/// The requests of a service as a file. No client's name and no client's word is in it.
#[utoipa::path(get, path = "/api/v1/team/board/history.csv",
    params(("service_id" = Uuid, Query), ("from" = Option<NaiveDate>, Query), ("until" = Option<NaiveDate>, Query)),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn download(State(app): State<App>, worker: Worker, Query(wanted): Query<Wanted>) -> Result<Response> {
    let until = wanted.until.unwrap_or_else(|| day_of(app.now(), ZONE));
    let from = wanted.from.unwrap_or(until - Days::new(30));
    Faults::default()
        .check(from <= until, "from", "Choose a first day that is not after the last.")
        .check((until - from).num_days() <= LONGEST, "from", "Choose at most 400 days.")
        .done()?;
    let mine = workers::services_of(&app, &worker).await?;
    let service = mine.iter().find(|s| s.id == wanted.service_id).ok_or(Error::NotFound)?;
    let asked = asked(&app, worker.organisation, service.id, begins(from)..begins(until + Days::new(1))).await?;
    let mut seen: Vec<ClientId> = asked.iter().map(|a| a.client_id).collect();
    seen.sort_unstable();
    seen.dedup();
    audit::seen(&app, &worker, "board.history", &seen, Some(service.id.0)).await?;
    let names = Names::load(&app, worker.organisation).await?;
    let mut response = table(&asked, &names)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"requests-for-contact.csv\""),
    );
    Ok(response)
}

fn begins(day: NaiveDate) -> DateTime<Utc> {
    mobile_shared::reminder::instant(day, NaiveTime::MIN, ZONE)
}

const HEADER: [&str; 15] = [
    "id",
    "asked_at",
    "by_phone",
    "urgency",
    "how",
    "taps",
    "reached_at",
    "seconds_to_reached",
    "acknowledged_at",
    "seconds_to_acknowledged",
    "acknowledged_by",
    "promised_by",
    "promise_kept",
    "done_at",
    "state",
];

fn table(asked: &[Asked], names: &Names) -> Result<String> {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    file.write_record(HEADER).map_err(Error::internal)?;
    for one in asked {
        file.write_record(line(one, names).iter().map(|cell| plain(cell))).map_err(Error::internal)?;
    }
    let bytes = file.into_inner().map_err(|e| Error::internal(e.to_string()))?;
    String::from_utf8(bytes).map_err(Error::internal)
}

fn line(one: &Asked, names: &Names) -> [String; 15] {
    let at = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default();
    // A call was answered before it was written down: it took no time that is known.
    let after = |at: Option<DateTime<Utc>>| {
        let took = at.filter(|_| !one.by_phone).map(|at| at - one.received_at);
        took.map(|took| took.num_seconds().to_string()).unwrap_or_default()
    };
    [
        one.id.to_string(),
        at(Some(one.received_at)),
        if one.by_phone { "yes" } else { "no" }.to_owned(),
        word(&one.urgency),
        word(&one.how),
        one.taps.to_string(),
        at(one.reached_at),
        after(one.reached_at),
        at(one.seen_at),
        after(one.seen_at),
        names.of(one.seen_by).map(|w| w.name).unwrap_or_default(),
        at(one.promise_by),
        one.kept().map_or("", |kept| if kept { "yes" } else { "no" }).to_owned(),
        at(one.done_at),
        word(&one.state),
    ]
}

/// As it is on the wire.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV injection"): what begins as one does gets an apostrophe, full-width
/// forms of these signs too.
fn plain(cell: &str) -> String {
    const BEGIN: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    if cell.trim_start_matches([' ', '\u{a0}', '\n']).starts_with(BEGIN) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_cell_is_never_a_formula() {
        for cell in ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n@x"] {
            assert!(plain(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["", "Dee Okafor", "2026-11-17T03:00:00Z", "7", "O'Neil = fine"] {
            assert_eq!(plain(cell), cell);
        }
    }
}
