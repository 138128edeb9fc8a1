//! The job that asks: one waits per client, due when the next question is. One that finds nothing to do leaves the next.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    State, is_possible, kept,
    outgoing::{self, Question},
    settings::night,
    words::Texts,
};
use crate::{
    app::App,
    clients,
    db::{Connection, Tx},
    error::Result,
    ids::{ClientId, OrganisationId},
    items,
    jobs::{self, Kind},
    reminders,
};

/// A question that could not be asked for so long is not asked that day.
const USEFUL_FOR: TimeDelta = TimeDelta::hours(3);
/// A look at the clock at least this often: somebody may have moved, or summer time be abolished.
const LOOK_AGAIN: TimeDelta = TimeDelta::days(1);

/// The job: asks what is due, and leaves the next.
pub async fn ask(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    clients::take_turn(tx, organisation, client).await?;
    let Some(agreed) = kept::load(&mut *tx, organisation, client).await? else { return Ok(()) };
    let client = clients::load_from(&mut *tx, app, organisation, client).await?;
    let (State::On, true, Some(settings)) = (agreed.state, client.active, agreed.settings(&client)?) else {
        return Ok(());
    };
    let now = app.now();
    let today = now.with_timezone(&client.zone).date_naive();
    let at = settings.at(today, client.zone);
    let until = (at + USEFUL_FOR).min(night(today, client.zone));
    // Who said yes, or agreed on something else, after that time is asked from the next time on.
    let agreed_before = agreed.agreed_at < at && agreed.said_yes_at.is_some_and(|yes| yes < at);
    if is_possible(app)
        && settings.asks_on(today)
        && (at..until).contains(&now)
        && agreed_before
        && !outgoing::is_asked(tx, organisation, client.id, today).await?
        && unwanted(&mut *tx, organisation, client.id, today).await?.is_none()
    {
        let items = items::all(&mut *tx, organisation, &client).await?;
        let questions = settings.questions(&items);
        if questions.is_empty() {
            tracing::warn!(client = %client.id, "what was to be asked by text is asked no more");
        } else {
            let words = Texts::to(app, &client, &settings, None)?.question(&questions);
            let items = questions.iter().map(|q| q.id).collect();
            let question = Question { day: today, items, words, until };
            outgoing::ask(tx, app, organisation, &client, &settings, question).await?;
        }
    }
    leave(tx, app, organisation, client.id, settings.next_after(now, client.zone)).await
}

/// Why a day's question is not asked after all, if it is not.
pub async fn unwanted(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: ClientId,
    day: NaiveDate,
) -> Result<Option<&'static str>> {
    let settings = reminders::settings::Row::load(&mut from, organisation, client).await?;
    if settings.reminders_paused_until.is_some_and(|last| last >= day) {
        return Ok(Some("paused"));
    }
    let check_ins: i64 = from
        .query("SELECT COUNT(*) FROM check_in WHERE organisation_id = $1 AND client_id = $2 AND day = $3")
        .bind(organisation)
        .bind(client)
        .bind(day)
        .scalar()
        .await?;
    Ok((check_ins > 0).then_some("answered"))
}

/// Leaves a look for now, in a transaction that has changed when somebody is asked: it finds out when the next is.
pub async fn soon(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId) -> Result<()> {
    jobs::add_unless_waiting(tx, app, organisation, Kind::AskByText, client.0, app.now()).await
}

async fn leave(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    next: Option<DateTime<Utc>>,
) -> Result<()> {
    let look_again = app.now() + LOOK_AGAIN;
    let next = next.map_or(look_again, |next| next.min(look_again));
    jobs::add_unless_waiting(tx, app, organisation, Kind::AskByText, client.0, next).await
}

/// A server that starts makes sure that a look waits for everybody who is asked: each leaves the next, but a database may have been
/// put back.
pub async fn see_to_everybody(app: &App) -> Result<()> {
    let without: Vec<(OrganisationId, ClientId)> = app
        .db
        .query(
            "SELECT b.organisation_id, b.client_id FROM by_text b
             WHERE b.state = 'on'
               AND NOT EXISTS (SELECT 1 FROM job j WHERE j.organisation_id = b.organisation_id AND j.subject_id = b.client_id
                               AND j.kind = $1 AND j.done_at IS NULL)
             ORDER BY b.organisation_id, b.client_id",
        )
        .bind(Kind::AskByText)
        .all()
        .await?;
    for (organisation, client) in without {
        let mut tx = app.db.begin().await?;
        clients::take_turn(&mut tx, organisation, client).await?;
        soon(&mut tx, app, organisation, client).await?;
        tx.commit().await?;
    }
    Ok(())
}
