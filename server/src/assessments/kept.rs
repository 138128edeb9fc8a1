//! The record of what was concluded, day by day.
//!
//! A day that is over keeps what was concluded of it, with its sentence, for as long as nothing else becomes known of it.
//! Rules and baselines that change later say nothing about it: somebody acted on that conclusion, or did not, and a flag must
//! still be explained by what stood there then. Only a check-in that counts on that day or before, and came or was replaced
//! since, makes it another day: then it and all that follow are concluded anew, by the rules in force now. A day from a
//! server that did not note what it knew stays as it is too; what is known of it now is noted.

use chrono::{Datelike, NaiveDate};
use mobile_shared::early_warning::{self as engine, Level};
use uuid::Uuid;

use super::{Assessment, Explanation, diary::Diary};
use crate::{
    app::App,
    clients::Client,
    db::{Connection, Tx},
    error::Result,
    flags::FlagKind,
    ids::{ClientId, OrganisationId},
    seal::Place,
};

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Row {
    day: NaiveDate,
    level: String,
    silence: bool,
    known: Option<Vec<u8>>,
}

/// What stands in the record of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub day: NaiveDate,
    pub level: Level,
    pub silence: bool,
}

/// The record as it is after keeping.
#[derive(Debug)]
pub struct Record {
    /// In order, up to today.
    pub days: Vec<Kept>,
    /// Something was heard that the record did not know of, or today became another day.
    pub news: bool,
}

/// Its row is a client's day.
fn place(client: ClientId, day: NaiveDate) -> Place {
    let days = u128::from(day.num_days_from_ce().unsigned_abs());
    Place { column: "assessment.explanation", row: Uuid::from_u128(client.0.as_u128() ^ days) }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Steady => "steady",
        Level::Watch => "watch",
        Level::Alert => "alert",
    }
}

fn level(word: &str) -> Level {
    match word {
        "watch" => Level::Watch,
        "alert" => Level::Alert,
        _ => Level::Steady,
    }
}

/// Keeps today, and the days before it that are not in the record or that something has become known of.
pub async fn keep(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    diary: &Diary,
    assessments: &[engine::Assessment],
    today: NaiveDate,
) -> Result<Record> {
    let before: Vec<Row> = tx
        .query(
            "SELECT day, level, silence, known FROM assessment WHERE organisation_id = $1 AND client_id = $2 ORDER BY day",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?;
    let known = diary.known(assessments.iter().map(|a| a.day));
    let mut days = Vec::with_capacity(assessments.len());
    for (assessment, known) in assessments.iter().zip(&known) {
        let at = before.binary_search_by_key(&assessment.day, |r| r.day).ok();
        let same = |r: &&Row| r.known.as_ref().is_none_or(|before| before == known);
        let stays = at.map(|at| &before[at]).filter(|r| r.day != today).filter(same);
        if let Some(row) = stays {
            if row.known.is_none() {
                note(tx, organisation, client.id, row.day, known).await?;
            }
            days.push(Kept { day: row.day, level: level(&row.level), silence: row.silence });
            continue;
        }
        write(tx, app, organisation, client, diary, assessment, known).await?;
        days.push(Kept { day: assessment.day, level: assessment.level, silence: assessment.silence.is_some() });
    }
    let unheard = before.last().and_then(|r| r.known.as_ref()) != known.last();
    let other = |now: &Kept| before.last().is_none_or(|r| level(&r.level) != now.level || r.silence != now.silence);
    let news = unheard || days.last().is_some_and(other);
    Ok(Record { days, news })
}

/// Notes what is known of a day whose conclusion stays.
async fn note(tx: &mut Tx, organisation: OrganisationId, client: ClientId, day: NaiveDate, known: &[u8]) -> Result<()> {
    tx.query("UPDATE assessment SET known = $4 WHERE organisation_id = $1 AND client_id = $2 AND day = $3")
        .bind(organisation)
        .bind(client)
        .bind(day)
        .bind(known)
        .execute()
        .await?;
    Ok(())
}

async fn write(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    diary: &Diary,
    assessment: &engine::Assessment,
    known: &[u8],
) -> Result<()> {
    let explanation = Explanation::of_day(assessment);
    tx.query(
        "INSERT INTO assessment (organisation_id, client_id, day, level, silence, engine, known, explanation, assessed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (organisation_id, client_id, day) DO UPDATE SET level = excluded.level, silence = excluded.silence,
            engine = excluded.engine, known = excluded.known, explanation = excluded.explanation,
            assessed_at = excluded.assessed_at",
    )
    .bind(organisation)
    .bind(client.id)
    .bind(assessment.day)
    .bind(word(assessment.level))
    .bind(assessment.silence.is_some())
    .bind(diary.rules_name())
    .bind(known)
    .bind(client.key.seal_json(&app.chance, place(client.id, assessment.day), &explanation))
    .bind(app.now())
    .execute()
    .await?;
    Ok(())
}

/// The days from one to another on which a change, or silence, stood.
pub async fn standing_days(
    mut from: impl Connection,
    organisation: OrganisationId,
    client: ClientId,
    kind: FlagKind,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<NaiveDate>> {
    if kind == FlagKind::Reminders {
        // It is no part of the record; it stands from its first day to its last without a gap.
        return Ok(first.iter_days().take_while(|day| *day <= last).collect());
    }
    let days: Vec<(NaiveDate,)> = from
        .query(
            "SELECT day FROM assessment WHERE organisation_id = $1 AND client_id = $2 AND day >= $3 AND day <= $4
             AND ((NOT $5 AND level <> 'steady') OR ($5 AND silence)) ORDER BY day",
        )
        .bind(organisation)
        .bind(client)
        .bind(first)
        .bind(last)
        .bind(kind == FlagKind::Silence)
        .all()
        .await?;
    Ok(days.into_iter().map(|d| d.0).collect())
}

#[derive(sqlx::FromRow)]
struct Sealed {
    day: NaiveDate,
    level: String,
    explanation: Vec<u8>,
}

/// The record, newest day first.
pub async fn newest(app: &App, organisation: OrganisationId, client: &Client) -> Result<Vec<Assessment>> {
    let rows: Vec<Sealed> = app
        .db
        .query(
            "SELECT day, level, explanation FROM assessment WHERE organisation_id = $1 AND client_id = $2
             ORDER BY day DESC LIMIT 400",
        )
        .bind(organisation)
        .bind(client.id)
        .all()
        .await?;
    let open = |row: Sealed| {
        let why: Explanation = client.key.open_json(place(client.id, row.day), &row.explanation)?;
        Ok(Assessment {
            day: row.day,
            level: row.level,
            sentence: why.sentence,
            facts: why.facts,
            silence: why.silence,
        })
    };
    rows.into_iter().map(open).collect()
}
