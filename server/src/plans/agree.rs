//! Agreeing: a version comes into force when client and worker have both said yes to it.

use chrono::NaiveDate;

use super::{How, Row, draft, head, rows_now};
use crate::{
    app::App,
    assessments::{self, day_of},
    clients::{self, Client},
    db::Tx,
    error::{Error, Result},
    events,
    ids::{ClientId, OrganisationId, PlanVersionId, WorkerId},
    jobs,
    notify::{self, Message, Recipient},
    reminders::{self, Author, standing::Standing},
};

/// Whose yes it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Yes {
    Client,
    Worker(WorkerId),
    /// Client and worker in one room; the worker writes it down.
    Together(WorkerId),
}

impl Yes {
    fn author(self) -> Author {
        match self {
            Self::Client => Author::Client,
            Self::Worker(worker) | Self::Together(worker) => Author::Worker(worker),
        }
    }

    /// It was said before.
    fn is_said(self, row: &Row) -> bool {
        match self {
            Self::Client => row.client_agreed_at.is_some(),
            Self::Worker(_) => row.worker_agreed_at.is_some(),
            Self::Together(_) => row.client_agreed_at.is_some() && row.worker_agreed_at.is_some(),
        }
    }
}

/// Says yes to a version, which must still be where the plan is.
pub async fn agree(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    id: PlanVersionId,
    yes: Yes,
) -> Result<()> {
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, organisation, client.id).await?;
    let rows = rows_now(&mut tx, organisation, client, [Some(id), None]).await?;
    let row = rows.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    if yes.is_said(row) {
        return Ok(tx.commit().await?);
    }
    if head(&rows).map(|row| row.id) != Some(id) {
        return Err(Error::Conflict("The plan has changed since. Please look at it again before you agree."));
    }
    let body = row.open(client)?;
    if !body.faults().is_empty() {
        return Err(Error::Conflict(
            "Put together, this plan is more than a plan can hold. Please shorten it before you agree.",
        ));
    }
    if body.doubled() > 0 {
        return Err(Error::Conflict(
            "Some lines are there in two wordings. Please choose one of each before you agree.",
        ));
    }
    let in_force = is_agreed_by_both(row, yes).then(|| InForce::next(&rows, day_of(app.now(), client.zone)));
    write(&mut tx, app, organisation, row, yes, client, in_force).await?;
    if in_force.is_some() {
        // Its rules hold from today, and its stages weigh the signs.
        assessments::assess_soon(&mut tx, app, organisation, client.id).await?;
        let lines = body.lines().into_iter().collect();
        reminders::plan_changed(&mut tx, app, organisation, client, &lines, yes.author()).await?;
    }
    if matches!(yes, Yes::Worker(_)) && in_force.is_none() {
        jobs::add(&mut tx, app, organisation, jobs::Kind::AskAboutPlan, client.id.0, app.now()).await?;
    }
    events::append(&mut tx, app, organisation, events::What::Client, client.id.0, client.id).await?;
    tx.commit().await?;
    app.wake();
    Ok(())
}

/// The job: the worker has said yes, and it waits for the client. They hear so outside the app too, not in their quiet hours, and
/// only if it still waits.
pub async fn ask_client(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    let client = clients::load_from(&mut *tx, app, organisation, client).await?;
    let rows = rows_now(&mut *tx, organisation, &client, [None, None]).await?;
    let waits = draft(&rows).is_some_and(|row| row.worker_agreed_at.is_some() && row.client_agreed_at.is_none());
    if !waits || !client.active {
        return Ok(());
    }
    let standing = Standing::load(&mut *tx, organisation, client.id).await?;
    let now = app.now();
    if standing.is_quiet(now) {
        return jobs::add(tx, app, organisation, jobs::Kind::AskAboutPlan, client.id.0, standing.quiet_ends(now)).await;
    }
    let (to, useful_until) = (Recipient::Client(client.id), standing.useful_until(now, now));
    let message = Message { to, kind: notify::Kind::PlanWaiting, subject: client.id.0, count: 1, useful_until };
    notify::tell(tx, app, organisation, message).await.map(|_| ())
}

fn is_agreed_by_both(row: &Row, yes: Yes) -> bool {
    match yes {
        Yes::Client => row.worker_agreed_at.is_some(),
        Yes::Worker(_) => row.client_agreed_at.is_some(),
        Yes::Together(_) => true,
    }
}

/// What a version gets when both have agreed.
#[derive(Clone, Copy)]
struct InForce {
    number: i32,
    from: NaiveDate,
}

impl InForce {
    /// Never before the day of the one whose place it takes, though the client may have moved to where it is still yesterday.
    fn next(rows: &[Row], today: NaiveDate) -> Self {
        Self {
            number: rows.iter().filter_map(|row| row.number).max().unwrap_or(0) + 1,
            from: rows.iter().filter_map(|row| row.in_force_from).fold(today, NaiveDate::max),
        }
    }
}

/// A yes that was said before stays as it was said.
async fn write(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    row: &Row,
    yes: Yes,
    client: &Client,
    in_force: Option<InForce>,
) -> Result<()> {
    let (how, worker) = match yes {
        Yes::Client => (Some(How::OnPhone), None),
        Yes::Worker(worker) => (None, Some(worker)),
        Yes::Together(worker) => (Some(How::Together), Some(worker)),
    };
    let how = how.filter(|_| row.client_agreed_at.is_none());
    let worker = worker.filter(|_| row.worker_agreed_at.is_none());
    tx.query(
        "UPDATE plan_version
         SET client_agreed_at = COALESCE(client_agreed_at, $4), client_agreed_how = COALESCE(client_agreed_how, $5),
             worker_agreed_at = COALESCE(worker_agreed_at, $6), worker_agreed_by = COALESCE(worker_agreed_by, $7),
             number = $8, in_force_from = $9
         WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
    )
    .bind(organisation)
    .bind(client.id)
    .bind(row.id)
    .bind(how.map(|_| app.now()))
    .bind(how)
    .bind(worker.map(|_| app.now()))
    .bind(worker)
    .bind(in_force.map(|f| f.number))
    .bind(in_force.map(|f| f.from))
    .execute()
    .await?;
    Ok(())
}
