//! The round of one client: what has come is written down, told in one message, and the next round is left as a job.
//!
//! One job waits per client, due no later than something is to be told; one that finds nothing leaves the next. Whoever changes by
//! what a client is reminded does so between [`settle`], which writes down what has come by the old rules, and [`plan`]. So a change
//! takes nothing back that has come, tells nothing that was before it, and loses nothing in between.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use mobile_shared::reminder::{Occurrence, Pending, USEFUL_FOR};
use uuid::Uuid;

use super::{
    About,
    standing::{Standing, clock, day},
};
use crate::{
    app::App,
    clients,
    db::Tx,
    error::{Error, Result},
    ids::{ClientId, OrganisationId},
    jobs::{self, Kind},
    notify,
};

/// What came longer ago than this while nobody looked is not even written down.
const BACKLOG: TimeDelta = TimeDelta::days(7);
/// A look at the clock at least this often: summer time may be abolished between planning and telling.
const LOOK_AGAIN: TimeDelta = TimeDelta::days(1);
/// A check-in that comes in late answers the reminders of its day, this far back.
const LATE_CHECK_INS: TimeDelta = TimeDelta::days(14);

/// Takes the client's turn, and gives what has come until now its rows. Answers by what that was decided.
pub async fn settle(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<Standing> {
    clients::take_turn(tx, organisation, client).await?;
    let standing = Standing::load(&mut *tx, organisation, client).await?;
    let now = app.now();
    if standing.settings.active {
        let longest = now - BACKLOG;
        let from = standing.settings.reminders_seen_to.map_or(longest, |seen_to| seen_to.max(longest));
        for (occurrence, told) in standing.between(from, now + TimeDelta::microseconds(1)) {
            let checked_in = match told.about {
                About::CheckIn => check_in_on(tx, organisation, client, occurrence.date, standing.zone).await?,
                About::Plan | About::Own => None,
            };
            write(tx, organisation, client, &occurrence, told.about, standing.zone, checked_in).await?;
        }
    }
    tx.query("UPDATE client SET reminders_seen_to = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client)
        .bind(now)
        .execute()
        .await?;
    Ok(standing)
}

/// Its row, once: what was answered beforehand has it already.
async fn write(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
    occurrence: &Occurrence,
    about: About,
    zone: Tz,
    checked_in: Option<DateTime<Utc>>,
) -> Result<()> {
    tx.query(
        "INSERT INTO occurrence (organisation_id, client_id, reminder_id, local_date, local_time, id, due_at, zone, about, tell_at,
                                 answer, answered_at, by_check_in)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
    )
    .bind(organisation)
    .bind(client)
    .bind(occurrence.reminder)
    .bind(occurrence.date)
    .bind(occurrence.time.format("%H:%M").to_string())
    .bind(occurrence.id)
    .bind(occurrence.at)
    .bind(zone.name())
    .bind(about)
    .bind(checked_in.is_none().then_some(occurrence.at))
    .bind(checked_in.map(|_| "done"))
    .bind(checked_in)
    .bind(checked_in.is_some())
    .execute()
    .await?;
    Ok(())
}

/// When the first check-in of a local day was made.
async fn check_in_on(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
    date: NaiveDate,
    zone: Tz,
) -> Result<Option<DateTime<Utc>>> {
    let day = day(date, zone);
    Ok(tx
        .query(
            "SELECT MIN(made_at) FROM check_in
             WHERE organisation_id = $1 AND client_id = $2 AND made_at >= $3 AND made_at < $4",
        )
        .bind(organisation)
        .bind(client)
        .bind(day.start)
        .bind(day.end)
        .scalar()
        .await?)
}

#[derive(sqlx::FromRow)]
struct Waiting {
    id: Uuid,
    reminder_id: Uuid,
    local_date: NaiveDate,
    local_time: String,
    due_at: DateTime<Utc>,
    tell_at: DateTime<Utc>,
}

async fn pending(tx: &mut Tx, organisation: OrganisationId, client: ClientId) -> Result<Vec<Pending>> {
    let waiting: Vec<Waiting> = tx
        .query(
            "SELECT id, reminder_id, local_date, local_time, due_at, tell_at FROM occurrence
             WHERE organisation_id = $1 AND client_id = $2 AND tell_at IS NOT NULL ORDER BY tell_at, id",
        )
        .bind(organisation)
        .bind(client)
        .all()
        .await?;
    let pending = |w: Waiting| {
        let time = clock(&w.local_time)?.time();
        let occurrence = Occurrence { id: w.id, reminder: w.reminder_id, date: w.local_date, time, at: w.due_at };
        Ok(Pending { occurrence, due_at: w.tell_at })
    };
    waiting.into_iter().map(pending).collect()
}

/// The job: tells what is due in one message, lets go of what is of no use any more, and leaves the next round.
pub async fn remind(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    let standing = settle(tx, app, organisation, client).await?;
    if !standing.settings.active {
        // Supported no more: nothing is told, and no other round is left.
        return Ok(());
    }
    let now = app.now();
    let pending = pending(tx, organisation, client).await?;
    let round = standing.round(&pending, now);
    let due = pending.iter().filter(|p| round.tell.contains(&p.occurrence.id)).map(|p| p.due_at).max();
    if let Some(due) = due {
        tell(tx, app, organisation, client, &standing, &round.tell, due).await?;
    }
    for id in &round.stale {
        tx.query("UPDATE occurrence SET tell_at = NULL WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
            .bind(organisation)
            .bind(client)
            .bind(*id)
            .execute()
            .await?;
    }
    leave(tx, app, organisation, client, earlier(round.next, standing.next(now))).await
}

/// Tells what is due. One alone has a notification of its own. Several have one together, which takes the place of the last of that
/// kind on the screen and on the way to it; so it has what is still open too, and nothing vanishes.
async fn tell(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    standing: &Standing,
    fresh: &[Uuid],
    due: DateTime<Utc>,
) -> Result<()> {
    let now = app.now();
    let (subject, open) = match fresh {
        [only] => (*only, Vec::new()),
        _ => (client.0, still_open(tx, organisation, client, standing, now).await?),
    };
    let all = [fresh, &open].concat();
    let message = notify::Message {
        to: notify::Recipient::Client(client),
        kind: notify::Kind::Reminder,
        subject,
        count: i32::try_from(all.len()).map_err(Error::internal)?,
        useful_until: standing.useful_until(due, now),
    };
    let notification = notify::tell(tx, app, organisation, message).await?;
    for id in fresh {
        tx.query(
            "UPDATE occurrence SET tell_at = NULL, told_at = $4, told = told + 1
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
        )
        .bind(organisation)
        .bind(client)
        .bind(*id)
        .bind(now)
        .execute()
        .await?;
    }
    let Some(notification) = notification else { return Ok(()) };
    for id in all {
        tx.query(
            "INSERT INTO occurrence_told (organisation_id, client_id, notification_id, occurrence_id, at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(organisation)
        .bind(client)
        .bind(notification)
        .bind(id)
        .bind(now)
        .execute()
        .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Open {
    id: Uuid,
    reminder_id: Uuid,
}

/// What was told today, is not answered, and would still be told now: it is of use, and its reminder is on.
async fn still_open(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: ClientId,
    standing: &Standing,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let today = standing.today(now);
    let told: Vec<Open> = tx
        .query(
            "SELECT id, reminder_id FROM occurrence
             WHERE organisation_id = $1 AND client_id = $2 AND local_date = $3 AND told > 0 AND tell_at IS NULL
               AND (answer IS NULL OR (answer = 'snoozed' AND told_at >= snoozed_until))
               AND COALESCE(snoozed_until, due_at) >= $4 ORDER BY due_at, id",
        )
        .bind(organisation)
        .bind(client)
        .bind(today)
        .bind(now - USEFUL_FOR)
        .all()
        .await?;
    let is_on = |reminder| standing.reminders.iter().any(|told| told.is_on(reminder, today));
    Ok(told.into_iter().filter(|one| is_on(one.reminder_id)).map(|one| one.id).collect())
}

/// Leaves the next round, in a transaction that has changed what there is to tell.
pub async fn plan(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    let standing = Standing::load(&mut *tx, organisation, client).await?;
    if !standing.settings.active {
        return Ok(());
    }
    let now = app.now();
    let round = standing.round(&pending(tx, organisation, client).await?, now);
    let is_due = !round.tell.is_empty() || !round.stale.is_empty();
    let next = if is_due { Some(now) } else { earlier(round.next, standing.next(now)) };
    leave(tx, app, organisation, client, next).await
}

/// Leaves a round for now.
pub async fn soon(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    leave(tx, app, organisation, client, Some(app.now())).await
}

fn earlier(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    [one, other].into_iter().flatten().min()
}

async fn leave(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    next: Option<DateTime<Utc>>,
) -> Result<()> {
    let Some(next) = next else { return Ok(()) };
    jobs::add_unless_waiting(tx, app, organisation, Kind::Remind, client.0, next.min(app.now() + LOOK_AGAIN)).await
}

#[derive(sqlx::FromRow)]
struct Unanswered {
    id: Uuid,
    local_date: NaiveDate,
    zone: String,
}

/// Check-ins have come: those of a day answer the reminders of that day that ask for one. The caller has the client's turn.
pub async fn checked_in(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    let unanswered: Vec<Unanswered> = tx
        .query(
            "SELECT id, local_date, zone FROM occurrence
             WHERE organisation_id = $1 AND client_id = $2 AND local_date >= $3 AND about = 'check_in'
               AND (answer IS NULL OR answer = 'snoozed')",
        )
        .bind(organisation)
        .bind(client)
        .bind((app.now() - LATE_CHECK_INS).date_naive())
        .all()
        .await?;
    for one in unanswered {
        let zone = one.zone.parse().map_err(Error::internal)?;
        let Some(made) = check_in_on(tx, organisation, client, one.local_date, zone).await? else { continue };
        tx.query(
            "UPDATE occurrence SET answer = 'done', act_id = NULL, answered_at = $4, snoozed_until = NULL, by_check_in = TRUE,
                    tell_at = NULL
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
        )
        .bind(organisation)
        .bind(client)
        .bind(one.id)
        .bind(made)
        .execute()
        .await?;
    }
    Ok(())
}

/// A server that starts makes sure that a round waits for everybody with reminders: each leaves the next, but a database may
/// come from a server that did not do so, and somebody may be supported again. Asks once; as a rule there is nobody to see to.
pub async fn see_to_everybody(app: &App) -> Result<usize> {
    const AT_ONCE: usize = 100;
    let without: Vec<(OrganisationId, ClientId)> = app
        .db
        .query(
            "SELECT c.organisation_id, c.id FROM client c
             WHERE c.active
               AND EXISTS (SELECT 1 FROM reminder r WHERE r.organisation_id = c.organisation_id AND r.client_id = c.id
                           AND r.in_force IS NOT NULL)
               AND NOT EXISTS (SELECT 1 FROM job j WHERE j.organisation_id = c.organisation_id AND j.subject_id = c.id
                               AND j.kind = $1 AND j.done_at IS NULL)
             ORDER BY c.organisation_id, c.id",
        )
        .bind(Kind::Remind)
        .all()
        .await?;
    for some in without.chunks(AT_ONCE) {
        let mut tx = app.db.begin().await?;
        for (organisation, client) in some {
            clients::take_turn(&mut tx, *organisation, *client).await?;
            jobs::add_unless_waiting(&mut tx, app, *organisation, Kind::Remind, client.0, app.now()).await?;
        }
        tx.commit().await?;
    }
    Ok(without.len())
}
