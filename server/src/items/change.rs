//! Changing the questions: the client their own signs, the team all of them. What stays the same stays the same
//! row; what is reworded is retired and begun anew.

use axum::{Json, extract::State};
use mobile_shared::item::{self, HigherIs, LONGEST_TEXT, MOST_ITEMS, STANDARD, Scale};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Item, Items, Kind, ScaleLabels, Words, all, current, place, standard_words};
use crate::{
    access::{Phone, Record},
    app::App,
    clients::{self, Client},
    db::Tx,
    error::{Body, Error, Faults, Result},
    events,
    ids::{ClientId, ItemId, OrganisationId, SeriesId},
    seal::ClientKey,
};

#[derive(Debug, Deserialize, ToSchema)]
pub struct OwnSign {
    /// None for a new sign.
    series_id: Option<SeriesId>,
    text: String,
    labels: Option<ScaleLabels>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct OwnItems {
    check_ins_per_week: i32,
    /// All my signs: one that is missing is no longer asked.
    signs: Vec<OwnSign>,
}

/// Changes how often I check in, and my own signs.
#[utoipa::path(put, path = "/api/v1/me/items", request_body = OwnItems, responses((status = 200, body = Items)))]
pub async fn put_mine(State(app): State<App>, phone: Phone, Body(body): Body<OwnItems>) -> Result<Json<Items>> {
    let client = clients::load(&app, phone.organisation, phone.client).await?;
    let mut tx = app.db.begin().await?;
    // A retry that comes while the first is still at work finds what that one made.
    clients::take_turn(&mut tx, phone.organisation, phone.client).await?;
    let known = all(&mut tx, phone.organisation, &client).await?;
    let standard = known.iter().filter(|i| i.current && i.kind == Kind::Standard).map(Wanted::keep);
    let signs = body.signs.into_iter().map(|s| Wanted::sign(s, &known));
    let wanted: Vec<Wanted> = standard.chain(signs).collect();
    put(tx, &app, phone.organisation, &client, &known, body.check_ins_per_week, wanted).await?;
    Ok(Json(current(&app, phone.organisation, phone.client).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct TeamItem {
    series_id: Option<SeriesId>,
    kind: Kind,
    key: Option<String>,
    text: String,
    labels: Option<ScaleLabels>,
    min: i32,
    max: i32,
    #[schema(value_type = String)]
    higher_is: HigherIs,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct TeamItems {
    check_ins_per_week: i32,
    /// All questions, in the order they are asked: one that is missing is no longer asked.
    items: Vec<TeamItem>,
}

/// Changes the questions of this client's check-ins, as agreed with them.
#[utoipa::path(put, path = "/api/v1/team/clients/{id}/items", params(("id" = Uuid, Path)), request_body = TeamItems, responses((status = 200, body = Items)))]
pub async fn put_for_team(State(app): State<App>, record: Record, Body(body): Body<TeamItems>) -> Result<Json<Items>> {
    let client = clients::load(&app, record.organisation, record.client).await?;
    let mut tx = app.db.begin().await?;
    clients::take_turn(&mut tx, record.organisation, record.client).await?;
    let known = all(&mut tx, record.organisation, &client).await?;
    let wanted = body.items.into_iter().map(Wanted::of_team).collect();
    put(tx, &app, record.organisation, &client, &known, body.check_ins_per_week, wanted).await?;
    Ok(Json(current(&app, record.organisation, record.client).await?))
}

/// A question as it should be from now on.
struct Wanted {
    series_id: Option<SeriesId>,
    kind: Kind,
    key: Option<String>,
    words: Words,
    scale: Scale,
}

impl Wanted {
    fn keep(item: &Item) -> Self {
        Self {
            series_id: Some(item.series_id),
            kind: item.kind,
            key: item.key.clone(),
            words: Words { text: item.text.clone(), labels: item.labels.clone() },
            scale: item.scale(),
        }
    }

    fn sign(sign: OwnSign, known: &[Item]) -> Self {
        let current = || known.iter().filter(|i| i.current && i.kind == Kind::Sign);
        // A new sign in the words of one that is there is a retry whose first reply was lost.
        let before = match sign.series_id {
            Some(series) => current().find(|i| i.series_id == series),
            None => current().find(|i| i.text == sign.text.trim()),
        };
        let labels = sign.labels.or_else(|| before.map(|i| i.labels.clone()));
        Self {
            series_id: sign.series_id.or_else(|| before.map(|i| i.series_id)),
            kind: Kind::Sign,
            key: None,
            words: Words {
                text: sign.text.trim().to_owned(),
                labels: labels.unwrap_or_else(|| item::sign_labels().into()),
            },
            scale: before.map_or(Scale::seven(HigherIs::Worse), Item::scale),
        }
    }

    fn of_team(item: TeamItem) -> Self {
        let scale = Scale { min: item.min, max: item.max, higher_is: item.higher_is };
        let standard = item.key.as_deref().and_then(item::standard).filter(|_| item.kind == Kind::Standard);
        let own = Words {
            text: item.text.trim().to_owned(),
            labels: item.labels.unwrap_or_else(|| item::sign_labels().into()),
        };
        match standard {
            Some(s) => Self {
                series_id: item.series_id,
                kind: Kind::Standard,
                key: item.key,
                words: standard_words(s),
                scale: Scale::seven(s.higher_is),
            },
            None => Self { series_id: item.series_id, kind: Kind::Sign, key: None, words: own, scale },
        }
    }

    fn is(&self, item: &Item) -> bool {
        let words = Words { text: item.text.clone(), labels: item.labels.clone() };
        self.words == words && self.scale == item.scale() && self.kind == item.kind
    }
}

/// In the client's turn, which the transaction has.
async fn put(
    mut tx: Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    known: &[Item],
    per_week: i32,
    wanted: Vec<Wanted>,
) -> Result<()> {
    check(known, per_week, &wanted)?;
    tx.query("UPDATE client SET check_ins_per_week = $3 WHERE organisation_id = $1 AND id = $2")
        .bind(organisation)
        .bind(client.id)
        .bind(per_week)
        .execute()
        .await?;
    for gone in known.iter().filter(|i| i.current && !wanted.iter().any(|w| w.series_id == Some(i.series_id))) {
        retire(&mut tx, app, organisation, client.id, gone.id).await?;
    }
    for (position, want) in (0..).zip(&wanted) {
        let now = known.iter().find(|i| i.current && Some(i.series_id) == want.series_id);
        match now {
            Some(item) if want.is(item) => {
                tx.query("UPDATE item SET position = $4 WHERE organisation_id = $1 AND client_id = $2 AND id = $3")
                    .bind(organisation)
                    .bind(client.id)
                    .bind(item.id)
                    .bind(position)
                    .execute()
                    .await?;
            }
            Some(item) => {
                retire(&mut tx, app, organisation, client.id, item.id).await?;
                insert(
                    &mut tx,
                    app,
                    organisation,
                    client.id,
                    &client.key,
                    want,
                    item.series_id,
                    item.version + 1,
                    position,
                )
                .await?;
            }
            None => insert(&mut tx, app, organisation, client.id, &client.key, want, app.new_id(), 1, position).await?,
        }
    }
    events::append(&mut tx, app, organisation, events::What::Items, client.id.0, client.id).await?;
    tx.commit().await?;
    app.wake();
    Ok(())
}

fn check(known: &[Item], per_week: i32, wanted: &[Wanted]) -> Result<()> {
    let mut faults = Faults::default();
    faults
        .check((1..=14).contains(&per_week), "check_ins_per_week", "Between 1 and 14 times a week.")
        .check(!wanted.is_empty(), "items", "Leave at least one question.")
        .check(wanted.len() <= MOST_ITEMS, "items", format!("{MOST_ITEMS} questions are the most."));
    for (i, want) in wanted.iter().enumerate() {
        let field = |name: &str| format!("items[{i}].{name}");
        let known_series = want.series_id.is_none_or(|s| known.iter().any(|k| k.current && k.series_id == s));
        let labels = [&want.words.labels.low, &want.words.labels.middle, &want.words.labels.high];
        faults
            .text(&want.words.text, &field("text"), LONGEST_TEXT)
            .check(
                labels.iter().all(|l| l.chars().count() <= 40),
                &field("labels"),
                "Please keep each to 40 characters.",
            )
            .check(
                (1..=20).contains(&(want.scale.max - want.scale.min)) && want.scale.min >= 0,
                &field("min"),
                "A scale runs from 0 or more, over 2 to 21 steps.",
            )
            .check(known_series, &field("series_id"), "There is no such question to change.")
            .check(
                want.series_id.is_none() || wanted[..i].iter().all(|w| w.series_id != want.series_id),
                &field("series_id"),
                "This question is here twice.",
            );
    }
    faults.done()
}

async fn retire(tx: &mut Tx, app: &App, organisation: OrganisationId, client: ClientId, id: ItemId) -> Result<()> {
    let retired = tx
        .query("UPDATE item SET retired_at = $4 WHERE organisation_id = $1 AND client_id = $2 AND id = $3 AND retired_at IS NULL")
        .bind(organisation)
        .bind(client)
        .bind(id)
        .bind(app.now())
        .execute()
        .await?;
    if retired == 0 {
        return Err(Error::Conflict("Somebody else changed these questions just now. Please look again."));
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one row, told once")]
async fn insert(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    key: &ClientKey,
    want: &Wanted,
    series: SeriesId,
    version: i32,
    position: i32,
) -> Result<()> {
    let id: ItemId = app.new_id();
    tx.query(
        "INSERT INTO item (organisation_id, client_id, id, series_id, version, kind, standard_key, words, min, max,
                           higher_is, position, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(organisation)
    .bind(client)
    .bind(id)
    .bind(series)
    .bind(version)
    .bind(want.kind)
    .bind(&want.key)
    .bind(key.seal_json(&app.chance, place(id), &want.words))
    .bind(want.scale.min)
    .bind(want.scale.max)
    .bind(match want.scale.higher_is {
        HigherIs::Better => "better",
        HigherIs::Worse => "worse",
    })
    .bind(position)
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// The questions every client starts with.
pub async fn add_standard(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: ClientId,
    key: &ClientKey,
) -> Result<()> {
    for (position, standard) in (0..).zip(&STANDARD) {
        let want = Wanted {
            series_id: None,
            kind: Kind::Standard,
            key: Some(standard.key.to_owned()),
            words: standard_words(standard),
            scale: Scale::seven(standard.higher_is),
        };
        insert(tx, app, organisation, client, key, &want, app.new_id(), 1, position).await?;
    }
    Ok(())
}
