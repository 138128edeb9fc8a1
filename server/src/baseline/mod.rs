//! What is usual when well: proposed from the client's own answers, agreed with them, and in force from that day until another
//! is. Nothing of it is edited or deleted, so what a flag was measured against can be looked up later.

pub mod client;
pub mod team;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mobile_shared::early_warning::{self as engine, Agreed, Learned};
use mobile_shared::item::HigherIs;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    assessments::diary::Diary,
    clients::Client,
    db::Connection,
    error::{Faults, Result},
    ids::{BaselineId, ItemId, OrganisationId, WorkerId},
    items::{Item, ScaleLabels},
    seal::Place,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// Waits for the client.
    Proposed,
    Agreed,
    Declined,
    /// Another one came before the client answered.
    Withdrawn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum How {
    /// In one room, or on one line.
    Together,
    /// The client is asked on their phone.
    OnPhone,
}

/// What is usual for one item, as somebody wants it to be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NewItem {
    pub item_id: ItemId,
    pub low: f64,
    pub centre: f64,
    pub high: f64,
}

/// The days whose answers it comes from, and the numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NewUsual {
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub items: Vec<NewItem>,
}

/// The most days that a baseline is taken from.
const LONGEST: TimeDelta = TimeDelta::days(400);
/// No day here is further than this from today: a hundred years.
const FURTHEST: TimeDelta = TimeDelta::days(36_525);
/// Numbers nearer than this are the same: a screen shows one decimal.
const ROUNDING: f64 = 0.05;

fn is_near(day: NaiveDate, today: NaiveDate) -> bool {
    (day - today).abs() <= FURTHEST
}

impl NewItem {
    fn is(&self, low: f64, centre: f64, high: f64) -> bool {
        [(self.low, low), (self.centre, centre), (self.high, high)].iter().all(|(a, b)| (a - b).abs() < ROUNDING)
    }

    fn fits(&self, item: &Item) -> bool {
        [self.low, self.centre, self.high].iter().all(|n| item.scale().holds(*n))
            && self.low <= self.centre
            && self.centre <= self.high
    }

    /// As proposed, with what stood behind it; or the numbers of the people who agreed on others.
    fn agreed(&self, proposed: &[Agreed]) -> Agreed {
        let item = self.item_id.to_string();
        let as_proposed = proposed.iter().find(|p| p.item == item && self.is(p.low, p.centre, p.high));
        let Self { low, centre, high, .. } = *self;
        as_proposed.cloned().unwrap_or(Agreed { item, low, centre, high, learned: None })
    }
}

impl NewUsual {
    /// `within` is where it stands in the body, for the fields' names.
    pub fn check(&self, faults: &mut Faults, items: &[Item], today: NaiveDate, within: &str) {
        let field = |name: &str| format!("{within}{name}");
        let days = self.last_day - self.first_day;
        faults
            .check(!self.items.is_empty(), &field("items"), "Choose at least one question.")
            .check(
                (TimeDelta::zero()..=LONGEST).contains(&days),
                &field("first_day"),
                "The first day comes before the last, by no more than 400 days.",
            )
            .check(is_near(self.first_day, today), &field("first_day"), "This day is too long ago.")
            .check(self.last_day <= today, &field("last_day"), "This day is still to come.");
        for (n, new) in self.items.iter().enumerate() {
            let item = items.iter().find(|i| i.id == new.item_id);
            let at = field(&format!("items[{n}]"));
            faults
                .check(item.is_some(), &at, "This client is not asked this.")
                .check(item.is_none_or(|i| new.fits(i)), &at, "From low to high, within the scale of the question.")
                .check(self.items[..n].iter().all(|i| i.item_id != new.item_id), &at, "This is here twice.");
        }
    }

    /// As the engine takes it. Whether numbers are those of the answers is found out here, and not left to whoever sends them.
    pub fn agreed(&self, diary: &Diary) -> Vec<Agreed> {
        let proposed = diary.propose(self.first_day..=self.last_day);
        self.items.iter().map(|item| item.agreed(&proposed)).collect()
    }
}

/// What is sealed of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Body {
    items: Vec<Agreed>,
    words: Option<String>,
    /// How it was to be agreed when it was written.
    how: How,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: BaselineId,
    state: State,
    first_day: NaiveDate,
    last_day: NaiveDate,
    body: Vec<u8>,
    proposed_by: WorkerId,
    proposed_at: DateTime<Utc>,
    agreed_how: Option<How>,
    answered_at: Option<DateTime<Utc>>,
    answer_words: Option<Vec<u8>>,
    in_force_from: Option<NaiveDate>,
}

impl Row {
    fn open(&self, client: &Client) -> Result<Body> {
        Ok(client.key.open_json(body_place(self.id), &self.body)?)
    }
}

fn body_place(id: BaselineId) -> Place {
    Place { column: "baseline.body", row: id.0 }
}

fn answer_place(id: BaselineId) -> Place {
    Place { column: "baseline.answer_words", row: id.0 }
}

/// All there ever were, newest first. Ids are made in order, so they settle what came in one instant.
async fn rows(mut from: impl Connection, organisation: OrganisationId, client: &Client) -> Result<Vec<Row>> {
    Ok(from
        .query(
            "SELECT id, state, first_day, last_day, body, proposed_by, proposed_at, agreed_how, answered_at, answer_words,
                    in_force_from
             FROM baseline WHERE organisation_id = $1 AND client_id = $2 ORDER BY proposed_at DESC, id DESC",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?)
}

/// What was agreed last is in force.
fn in_force_since(row: &Row) -> Option<impl Ord + use<>> {
    row.in_force_from.map(|_| (row.answered_at, row.proposed_at, row.id))
}

/// The first day of what is agreed today: never before that of what it takes the place of, though the client may have moved to a
/// zone where it is still yesterday.
fn in_force_from(before: &[Row], today: NaiveDate) -> NaiveDate {
    before.iter().filter_map(|row| row.in_force_from).fold(today, NaiveDate::max)
}

/// What was agreed, in the order in which it came into force, for the engine.
pub async fn agreed(
    from: impl Connection,
    organisation: OrganisationId,
    client: &Client,
) -> Result<Vec<engine::Baseline>> {
    let mut rows = rows(from, organisation, client).await?;
    rows.retain(|row| row.state == State::Agreed);
    rows.sort_by_key(in_force_since);
    let baseline = |row: &Row| {
        let usual = row.open(client)?.items;
        Ok(row.in_force_from.map(|from| engine::Baseline { from, usual }))
    };
    rows.iter().filter_map(|row| baseline(row).transpose()).collect()
}

/// The scale of a question, with the words at its ends.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ItemScale {
    min: i32,
    max: i32,
    labels: ScaleLabels,
    /// `better` or `worse`
    #[schema(value_type = String)]
    higher_is: HigherIs,
}

impl ItemScale {
    pub fn of(item: &Item) -> Self {
        Self { min: item.min, max: item.max, labels: item.labels.clone(), higher_is: item.higher_is }
    }
}

/// What is usual for one item, in its own scale.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BaselineItem {
    item_id: ItemId,
    /// The question, as the client is asked it.
    text: String,
    /// How a sentence names it.
    short: String,
    low: f64,
    centre: f64,
    high: f64,
    /// Days with an answer that it was taken from; none where people put in numbers of their own.
    answers: Option<usize>,
    /// The numbers are not those of the answers.
    adjusted: bool,
    scale: ItemScale,
}

impl BaselineItem {
    fn of(agreed: &Agreed, item: &Item) -> Self {
        Self {
            item_id: item.id,
            text: item.text.clone(),
            short: item.short_name(),
            low: agreed.low,
            centre: agreed.centre,
            high: agreed.high,
            answers: agreed.learned.map(|Learned { answers, .. }| answers),
            adjusted: agreed.learned.is_none(),
            scale: ItemScale::of(item),
        }
    }
}

/// In the order in which they are asked.
fn described(agreed: &[Agreed], items: &[Item]) -> Vec<BaselineItem> {
    let of = |item: &Item| agreed.iter().find(|a| a.item == item.id.to_string()).map(|a| BaselineItem::of(a, item));
    items.iter().filter_map(of).collect()
}

/// What is, or was to be, usual when well. To a worker it names the worker, to the client their first name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Baseline<W> {
    id: BaselineId,
    state: State,
    first_day: NaiveDate,
    last_day: NaiveDate,
    items: Vec<BaselineItem>,
    words: Option<String>,
    proposed_by: Option<W>,
    proposed_at: DateTime<Utc>,
    /// Only where it was agreed.
    agreed_how: Option<How>,
    answered_at: Option<DateTime<Utc>>,
    answer_words: Option<String>,
    in_force_from: Option<NaiveDate>,
    in_force: bool,
}

/// All of a client's, opened.
#[derive(Debug)]
struct Shelf<W> {
    current: Option<Baseline<W>>,
    proposed: Option<Baseline<W>>,
    history: Vec<Baseline<W>>,
}

/// Opens them for a reader to whom workers are called so.
fn opened<W>(rows: &[Row], client: &Client, items: &[Item], name: impl Fn(WorkerId) -> Option<W>) -> Result<Shelf<W>> {
    let in_force = rows.iter().filter(|r| r.in_force_from.is_some()).max_by_key(|r| in_force_since(r)).map(|r| r.id);
    let open = |row: &Row| {
        let body = row.open(client)?;
        Ok(Baseline {
            id: row.id,
            state: row.state,
            first_day: row.first_day,
            last_day: row.last_day,
            items: described(&body.items, items),
            words: body.words,
            proposed_by: name(row.proposed_by),
            proposed_at: row.proposed_at,
            agreed_how: row.agreed_how,
            answered_at: row.answered_at,
            answer_words: client.key.read_text(answer_place(row.id), row.answer_words.as_deref()),
            in_force_from: row.in_force_from,
            in_force: in_force == Some(row.id),
        })
    };
    let one = |which: &dyn Fn(&&Row) -> bool| rows.iter().find(which).map(open).transpose();
    Ok(Shelf {
        current: one(&|row| Some(row.id) == in_force)?,
        proposed: one(&|row| row.state == State::Proposed)?,
        history: rows.iter().map(open).collect::<Result<_>>()?,
    })
}
