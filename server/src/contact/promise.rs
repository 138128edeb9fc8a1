//! What a worker promises a client: for when, kept or broken.

use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ContactState, ContactWhat, Entry, Means, Row, Urgency, tell, tell_without_words};
use crate::{
    access::Record,
    app::App,
    clients::Client,
    db::Tx,
    error::{Faults, Result},
    ids::{ClientId, ContactRequestId, OrganisationId},
    working_hours,
};

#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct NewPromise {
    pub what: Means,
    pub by: DateTime<Utc>,
}

/// Until when something can be promised: as long as it is kept, nobody else is rung.
fn latest_promise(urgency: Urgency, now: DateTime<Utc>) -> DateTime<Utc> {
    now + if urgency == Urgency::Now { Duration::hours(24) } else { Duration::days(14) }
}

/// A promise is for a time to come, and not for a time so late that it is none.
pub fn check_promise(
    faults: &mut Faults,
    promise: Option<NewPromise>,
    urgency: Urgency,
    now: DateTime<Utc>,
) -> &mut Faults {
    let by = promise.map(|promise| promise.by);
    faults.check(by.is_none_or(|by| by > now), "promise.by", "A promise is for a time that is still to come.").check(
        by.is_none_or(|by| by <= latest_promise(urgency, now)),
        "promise.by",
        "That is too late: within a day for somebody who asks now, else within 14 days.",
    )
}

/// A promise. Escalation notices if it is not kept.
pub async fn make_promise(
    tx: &mut Tx,
    app: &App,
    record: &Record,
    id: ContactRequestId,
    promise: NewPromise,
) -> Result<()> {
    tx.query(
        "UPDATE contact_request SET promise_what = $4, promise_by = $5, promise_made_at = $6, promise_made_by = $7, promise_broken = FALSE
         WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
    )
    .bind(record.organisation)
    .bind(record.client)
    .bind(id)
    .bind(promise.what)
    .bind(promise.by.trunc_subsecs(6))
    .bind(app.now())
    .bind(record.worker.id)
    .execute()
    .await?;
    Ok(())
}

/// They were in touch before the time that was promised: said once.
pub async fn keep_promise(tx: &mut Tx, app: &App, record: &Record, row: &Row, client: &Client) -> Result<()> {
    let Some(made_at) = row.promise_made_at else { return Ok(()) };
    let in_time = row.promise_by.is_some_and(|by| app.now() <= by) && !row.promise_broken;
    if !in_time || row.state == ContactState::Cancelled {
        return Ok(());
    }
    let kept: i64 = tx
        .query(
            "SELECT COUNT(*) FROM contact_entry WHERE organisation_id = $1 AND client_id = $2 AND request_id = $3
             AND what = 'promise_kept' AND at >= $4",
        )
        .bind(record.organisation)
        .bind(record.client)
        .bind(row.id)
        .bind(made_at)
        .scalar()
        .await?;
    if kept > 0 {
        return Ok(());
    }
    let (request, entry) = ((record.client, row.id), Entry { worker: Some(record.worker.id), ..Entry::default() });
    tell(tx, app, record.organisation, request, &client.key, ContactWhat::PromiseKept, entry).await
}

/// When a request that a named person has comes back, if nothing comes of it: once they were reached, by the next working day's noon;
/// at the time that was promised; else by how urgent it is.
pub async fn held_until(tx: &mut Tx, app: &App, organisation: OrganisationId, row: &Row) -> Result<DateTime<Utc>> {
    if reached_since_promise(tx, organisation, row).await? {
        return Ok(working_hours::next_noon(app.now()));
    }
    let promised = row.promise_by.filter(|by| !row.promise_broken && *by > app.now());
    Ok(promised.unwrap_or_else(|| row.urgency.escalation().held_until(app.now())))
}

/// Whether somebody has been in touch since the promise, or, without one, since the request was last taken from the top.
async fn reached_since_promise(tx: &mut Tx, organisation: OrganisationId, row: &Row) -> Result<bool> {
    let reached: i64 = tx
        .query(
            "SELECT COUNT(*) FROM contact_entry WHERE organisation_id = $1 AND client_id = $2 AND request_id = $3
             AND reached AND at >= $4",
        )
        .bind(organisation)
        .bind(row.client_id)
        .bind(row.id)
        .bind(row.promise_made_at.or(row.seen_at).unwrap_or(row.received_at))
        .scalar()
        .await?;
    Ok(reached > 0)
}

/// If the time that a worker promised has come and nobody has reached them by then, the promise is broken, and said to be. Escalation
/// asks at each look, and rings again in the same transaction. Answers the time of a promise that is still to be kept.
pub async fn promise_due(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    id: ContactRequestId,
) -> Result<Option<DateTime<Utc>>> {
    let broken: Option<(ClientId,)> = tx
        .query(
            "UPDATE contact_request SET promise_broken = TRUE
             WHERE organisation_id = $1 AND id = $2 AND state IN ('promised', 'attempted') AND promise_by <= $3
               AND NOT promise_broken
               AND NOT EXISTS (SELECT 1 FROM contact_entry e
                   WHERE e.organisation_id = contact_request.organisation_id AND e.client_id = contact_request.client_id
                     AND e.request_id = contact_request.id AND e.reached AND e.at >= contact_request.promise_made_at)
             RETURNING client_id",
        )
        .bind(organisation)
        .bind(id)
        .bind(app.now())
        .optional()
        .await?;
    if let Some((client_id,)) = broken {
        tell_without_words(tx, app, organisation, (client_id, id), ContactWhat::PromiseBroken, None).await?;
        return Ok(None);
    }
    let ahead: Option<(DateTime<Utc>,)> = tx
        .query(
            "SELECT promise_by FROM contact_request
             WHERE organisation_id = $1 AND id = $2 AND state IN ('promised', 'attempted') AND promise_by > $3 AND NOT promise_broken",
        )
        .bind(organisation)
        .bind(id)
        .bind(app.now())
        .optional()
        .await?;
    Ok(ahead.map(|found| found.0))
}
