//! Reading check-ins, with the questions they answer and what is usual.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    CheckIn, Range, SaidStage, between,
    rows::{Reader, stage_place},
};
use crate::{
    access::{Phone, Record},
    app::App,
    assessments::{self, Sentences, Usual},
    clients::{self, Client},
    contact::team::Screen,
    error::{Query, Result},
    etag,
    ids::{CheckInId, ClientId, OrganisationId},
    items::{self, Item},
    workers::Names,
};

const AT_ONCE: i64 = 200;

#[derive(Debug, Serialize, ToSchema)]
pub struct CheckIns {
    /// Newest first.
    items: Vec<CheckIn>,
    next_cursor: Option<String>,
    /// Every version of a question that is answered here.
    questions: Vec<Item>,
    /// What is usual, question by question; one is missing until there are enough answers.
    usual: Vec<Usual>,
    /// The picture in one sentence; none for a client who does not want to read it.
    sentence: Option<String>,
    /// To the client: the same in each language.
    #[serde(skip_serializing_if = "Option::is_none")]
    sentences: Option<Sentences>,
}

/// My check-ins, and what is usual for me.
#[utoipa::path(get, path = "/api/v1/me/check-ins", params(("from" = Option<NaiveDate>, Query), ("to" = Option<NaiveDate>, Query), ("cursor" = Option<Uuid>, Query)), responses((status = 200, body = CheckIns)))]
pub async fn mine(
    State(app): State<App>,
    phone: Phone,
    Query(range): Query<Range>,
    headers: HeaderMap,
) -> Result<Response> {
    etag::json(&headers, &list(&app, phone.organisation, phone.client, &range, Reader::Client).await?)
}

/// A client's check-ins. A note that was not shared is said to be withheld.
#[utoipa::path(get, path = "/api/v1/team/clients/{id}/check-ins", params(("id" = Uuid, Path), ("from" = Option<NaiveDate>, Query), ("to" = Option<NaiveDate>, Query), ("cursor" = Option<Uuid>, Query), ("background" = Option<bool>, Query)), responses((status = 200, body = CheckIns)))]
pub async fn for_team(
    State(app): State<App>,
    method: Method,
    record: Record,
    Query(range): Query<Range>,
    Query(screen): Query<Screen>,
) -> Result<Json<CheckIns>> {
    let listed = list(&app, record.organisation, record.client, &range, Reader::Worker).await?;
    // A page behind others shows nothing to anybody, and whoever asks for the headers alone gets none of it.
    if !screen.background && method == Method::GET {
        seen(&app, &record, &listed.items).await?;
    }
    Ok(Json(listed))
}

/// The client is told that somebody had these on their screen: the first who did. What was replaced is not shown.
async fn seen(app: &App, record: &Record, listed: &[CheckIn]) -> Result<()> {
    let shown: Vec<CheckInId> =
        listed.iter().filter(|c| c.seen_at.is_none() && c.replaced_by.is_none()).map(|c| c.id).collect();
    if shown.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.begin().await?;
    for id in shown {
        tx.query(
            "UPDATE check_in SET seen_at = $4, seen_by = $5
             WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND seen_at IS NULL",
        )
        .bind(record.organisation)
        .bind(record.client)
        .bind(id)
        .bind(app.now())
        .bind(record.worker.id)
        .execute()
        .await?;
    }
    Ok(tx.commit().await?)
}

async fn list(
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    range: &Range,
    reader: Reader,
) -> Result<CheckIns> {
    let client = clients::load(app, organisation, client).await?;
    let rows = between(&app.db, organisation, client.id, range, AT_ONCE).await?;
    let names = Names::load(app, organisation).await?;
    let check_ins = rows.iter().map(|r| r.open(&client.key, reader, &names)).collect::<Result<Vec<_>>>()?;
    let mut questions = items::all(&app.db, organisation, &client).await?;
    questions.retain(|q| check_ins.iter().any(|c| c.answers.iter().any(|a| a.item_id == q.id)));
    let picture = assessments::picture(app, organisation, &client).await?;
    let (sentence, sentences) = match (reader, picture.sentence) {
        (Reader::Worker, said) => (said.map(|said| said.en), None),
        (Reader::Client, said) => {
            let said = said.filter(|_| client.flags_shown);
            (said.as_ref().map(|said| said.of_record(&client)), said)
        }
    };
    Ok(CheckIns {
        next_cursor: (rows.len() as i64 == AT_ONCE).then(|| rows.last().map(|r| r.id.to_string())).flatten(),
        items: check_ins,
        questions,
        usual: picture.usual,
        sentence,
        sentences,
    })
}

/// The stage of the plan that a client last said they are in, if they have said so since.
pub async fn last_stage(
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    since: DateTime<Utc>,
) -> Result<Option<SaidStage>> {
    let last: Option<(CheckInId, Vec<u8>)> = app
        .db
        .query(
            "SELECT id, stage FROM check_in
             WHERE organisation_id = $1 AND client_id = $2 AND stage IS NOT NULL AND made_at >= $3
             ORDER BY made_at DESC, id DESC LIMIT 1",
        )
        .bind(organisation)
        .bind(client.id)
        .bind(since)
        .optional()
        .await?;
    last.map(|(id, sealed)| Ok(client.key.open_json(stage_place(id), &sealed)?)).transpose()
}
