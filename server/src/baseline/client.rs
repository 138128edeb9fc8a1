//! The client's side: what is said to be usual for me, and whether it is.

use axum::{Json, extract::State as Shared, http::HeaderMap, response::Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Baseline, How, Row, Shelf, State, answer_place, in_force_from, opened, rows};
use crate::{
    access::Phone,
    app::App,
    assessments::{self, day_of},
    clients::{self, Client},
    db::Tx,
    error::{Body, Error, Faults, Path, Result},
    etag, events,
    ids::BaselineId,
    items,
    workers::Names,
};

const LONGEST_WORDS: usize = 1000;

#[derive(Debug, Serialize, ToSchema)]
pub struct MyBaselines {
    current: Option<Baseline<String>>,
    /// Waits for my answer.
    proposed: Option<Baseline<String>>,
    /// All there ever were, newest first.
    history: Vec<Baseline<String>>,
}

async fn shelf(app: &App, phone: &Phone, client: &Client) -> Result<Shelf<String>> {
    let items = items::all(&app.db, phone.organisation, client).await?;
    let names = Names::load(app, phone.organisation).await?;
    let rows = rows(&app.db, phone.organisation, client).await?;
    opened(&rows, client, &items, |id| names.first(Some(id)))
}

/// What is usual for me when I am well, what is proposed, and what was before.
#[utoipa::path(get, path = "/api/v1/me/baseline", responses((status = 200, body = MyBaselines)))]
pub async fn show(Shared(app): Shared<App>, phone: Phone, headers: HeaderMap) -> Result<Response> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let Shelf { current, proposed, history } = shelf(&app, &phone, &client).await?;
    etag::json(&headers, &MyBaselines { current, proposed, history })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Agree,
    NotMyUsual,
}

impl Verdict {
    fn state(self) -> State {
        match self {
            Self::Agree => State::Agreed,
            Self::NotMyUsual => State::Declined,
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct BaselineAnswer {
    /// Made on the phone, as with everything it sends. What is answered is in the path, and answered once.
    #[serde(rename = "id")]
    _id: Uuid,
    answer: Verdict,
    words: Option<String>,
}

/// Whether this is my usual. Once I agree it is what changes are measured by, from today.
#[utoipa::path(post, path = "/api/v1/me/baseline/{id}/answer", params(("id" = Uuid, Path)), request_body = BaselineAnswer,
    responses((status = 200, body = Baseline<String>), (status = 409, body = crate::error::Problem)))]
pub async fn answer(
    Shared(app): Shared<App>,
    phone: Phone,
    Path(id): Path<BaselineId>,
    Body(body): Body<BaselineAnswer>,
) -> Result<Json<Baseline<String>>> {
    Faults::default().at_most(body.words.as_deref(), "words", LONGEST_WORDS).done()?;
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let rows = rows(&mut tx, phone.organisation, &client).await?;
    let row = rows.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    if !is_retry(row, &client, &body)? {
        let from = in_force_from(&rows, day_of(app.now(), client.zone));
        write(&mut tx, &app, &phone, &client, id, &body, from).await?;
    }
    tx.commit().await?;
    app.wake();
    let answered = shelf(&app, &phone, &client).await?.history.into_iter().find(|b| b.id == id);
    answered.map(Json).ok_or(Error::NotFound)
}

/// Whether the same was answered before.
fn is_retry(row: &Row, client: &Client, body: &BaselineAnswer) -> Result<bool> {
    let words = client.key.open_text(answer_place(row.id), row.answer_words.as_deref())?;
    match row.state {
        State::Proposed => Ok(false),
        State::Withdrawn => {
            Err(Error::Conflict("Your team has taken this back. There may be a newer one: please look again."))
        }
        State::Agreed if row.agreed_how == Some(How::Together) => {
            Err(Error::Conflict("You and your worker agreed on this together. Talk to them if it no longer fits."))
        }
        State::Agreed | State::Declined if row.state == body.answer.state() && words == body.words => Ok(true),
        State::Agreed | State::Declined => Err(Error::Conflict("You have given another answer to this already.")),
    }
}

async fn write(
    tx: &mut Tx,
    app: &App,
    phone: &Phone,
    client: &Client,
    id: BaselineId,
    body: &BaselineAnswer,
    from: NaiveDate,
) -> Result<()> {
    let agreed = body.answer == Verdict::Agree;
    tx.query(
        "UPDATE baseline SET state = $4, agreed_how = $5, answered_at = $6, answer_words = $7, in_force_from = $8
         WHERE organisation_id = $1 AND client_id = $2 AND id = $3",
    )
    .bind(phone.organisation)
    .bind(phone.client)
    .bind(id)
    .bind(body.answer.state())
    .bind(agreed.then_some(How::OnPhone))
    .bind(app.now())
    .bind(client.key.seal_text(&app.chance, answer_place(id), body.words.as_deref()))
    .bind(agreed.then_some(from))
    .execute()
    .await?;
    if agreed {
        assessments::assess_soon(tx, app, phone.organisation, phone.client).await?;
    }
    events::append(tx, app, phone.organisation, events::What::Client, phone.client.0, phone.client).await
}
