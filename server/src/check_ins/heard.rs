//! A check-in that was heard and not tapped: the answer to a text.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

use super::{NewCheckIn, Row, answers_place, insert, note_place};
use crate::{
    app::App,
    assessments,
    clients::Client,
    db::Tx,
    error::Result,
    given::Given,
    ids::{CheckInId, OrganisationId},
    items,
};

/// Takes it in, in the caller's transaction, which has the client's turn. It counts at the moment it was heard, and takes the place
/// of an earlier one of that day that came the same way, unless there are words in that one: nobody asked for those to go.
pub async fn by_text(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    id: CheckInId,
    said: NewCheckIn,
) -> Result<()> {
    let items = items::all(&mut *tx, organisation, client).await?;
    let made = said.recorded_at.trunc_subsecs(6);
    let day = made.with_timezone(&client.zone).date_naive();
    let body = NewCheckIn { replaces: earlier(tx, organisation, client, (day, made)).await?, ..said };
    body.check(id, &items)?;
    let row = Row {
        id,
        recorded_at: made,
        received_at: app.now(),
        made_at: made,
        clock_corrected: false,
        day,
        answers: client.key.seal_json(&app.chance, answers_place(id), &body.answers),
        note: client.key.seal_text(&app.chance, note_place(id), body.note.as_deref()),
        stage: None,
        note_shared: body.note_shared,
        replaces: body.replaces,
        replaced_by: None,
        entered_by: None,
        given: Some(Given::ByText),
        seen_at: None,
        seen_by: None,
        body_hash: body.hash(Some(Given::ByText)),
    };
    if insert(tx, organisation, client.id, None, &row).await? {
        assessments::assess_soon(tx, app, organisation, client.id).await?;
    }
    Ok(())
}

/// The last one of a day that came by text, before a moment: texts may come in another order than they were written.
async fn earlier(
    tx: &mut Tx,
    organisation: OrganisationId,
    client: &Client,
    (day, before): (NaiveDate, DateTime<Utc>),
) -> Result<Option<CheckInId>> {
    let found: Option<(CheckInId,)> = tx
        .query(
            "SELECT k.id FROM check_in k
             WHERE k.organisation_id = $1 AND k.client_id = $2 AND k.day = $3 AND k.given = $4
               AND k.note IS NULL AND k.made_at <= $5
               AND NOT EXISTS (SELECT 1 FROM check_in r WHERE r.organisation_id = k.organisation_id
                               AND r.client_id = k.client_id AND r.replaces = k.id)
             ORDER BY k.made_at DESC, k.id DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(day)
        .bind(Given::ByText)
        .bind(before)
        .optional()
        .await?;
    Ok(found.map(|f| f.0))
}
