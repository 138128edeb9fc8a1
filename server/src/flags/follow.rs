//! The engine's flags: each day they follow what it concludes. One path for all signals, a change, silence, and reminders that are
//! no longer answered; what differs between them stands in [`Signal`], and what the days mean is decided in `decide.rs`.

use chrono::NaiveDate;
use mobile_shared::early_warning::{self as engine, Language, Level, Rules, Turn};

use super::{
    Entry, EntryWhat, FlagKind, FlagLevel, Row, add_entry,
    decide::{self, Before, Late, Step},
    explanation_place,
};
use crate::{
    app::App,
    assessments::{Concluded, Explanation, Met, day_of},
    clients::Client,
    db::Tx,
    error::Result,
    escalation::{self, Kind, Subject},
    events,
    ids::{FlagId, OrganisationId},
    notify::team::tell_flag,
};

/// What the engine follows day by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    Change,
    Silence,
    Reminders,
}

impl Signal {
    fn kind(self) -> FlagKind {
        match self {
            Self::Change => FlagKind::EarlyWarning,
            Self::Silence => FlagKind::Silence,
            Self::Reminders => FlagKind::Reminders,
        }
    }

    /// Its days as they stand in the record.
    fn levels(self, concluded: &Concluded) -> Vec<(NaiveDate, Level)> {
        let level = |day: &crate::assessments::kept::Kept| match self {
            Self::Silence if day.silence => Level::Watch,
            Self::Change => day.level,
            Self::Silence | Self::Reminders => Level::Steady,
        };
        if self == Self::Reminders {
            return concluded.reminders.levels(concluded.today);
        }
        concluded.record.days.iter().map(|day| (day.day, level(day))).collect()
    }

    /// A change that is over is worth telling when its answers come late. A silence that is over is not: they are here.
    fn late(self) -> Late {
        match self {
            Self::Change => Late::Tell,
            Self::Silence | Self::Reminders => Late::Leave,
        }
    }

    fn why(self, concluded: &Concluded, day: NaiveDate) -> Option<Explanation> {
        match self {
            Self::Change => Some(Explanation::of_change(concluded.of(day)?)),
            Self::Silence => Explanation::of_silence(concluded.of(day)?),
            Self::Reminders => concluded.reminders.why(day),
        }
    }

    /// The words for its end, by why it stood.
    fn over(self, concluded: &Concluded, flag: &Row, why: &Explanation) -> Option<String> {
        match self {
            Self::Reminders => concluded.reminders.over(flag.last_day),
            Self::Change => {
                let now = concluded.assessments.last()?;
                matches!(now.turn, Turn::Eased | Turn::Agreed | Turn::WentQuiet)
                    .then(|| engine::sentence(now, Language::En))
            }
            Self::Silence => {
                let Concluded { diary, record, .. } = concluded;
                let (last, since) = (diary.last_day()?, why.quiet_since?);
                if last > since {
                    return Some(format!("Checked in again on {}.", last.format("%A %-d %B")));
                }
                // After some time the engine says no more. Or something else came to be known, or was agreed: that silence says
                // nothing, or another rhythm by an answer to a day before it.
                let stood = record.days.iter().filter(|d| d.silence && d.day > since).count();
                let told_long = usize::try_from(Rules::default().silence_days).is_ok_and(|days| stood >= days);
                (told_long && diary.silence_counts())
                    .then(|| "Still no check-in. Waiting longer will not tell more.".to_owned())
            }
        }
    }
}

/// Lets the flags of a client follow what the engine concludes.
pub async fn follow(
    tx: &mut Tx,
    app: &App,
    organisation: OrganisationId,
    client: &Client,
    concluded: &Concluded,
) -> Result<()> {
    for signal in [Signal::Change, Signal::Silence, Signal::Reminders] {
        let follower = Follower { app, organisation, client, concluded, signal };
        follower.follow(tx).await?;
    }
    Ok(())
}

struct Follower<'a> {
    app: &'a App,
    organisation: OrganisationId,
    client: &'a Client,
    concluded: &'a Concluded,
    signal: Signal,
}

impl Follower<'_> {
    async fn follow(&self, tx: &mut Tx) -> Result<()> {
        let latest = self.latest(tx).await?;
        let before = latest.as_ref().map(|f| Before {
            level: f.level,
            stands: f.stands,
            first_day: f.first_day,
            last_day: f.last_day,
            resolved_on: f.resolved_at.map(|at| day_of(at, self.client.zone)),
        });
        let levels = self.signal.levels(self.concluded);
        match (decide::next(&levels, self.concluded.today, before, self.signal.late()), latest) {
            (Step::Nothing, _) => Ok(()),
            (Step::Raise { day, level, first_day }, _) => self.raise(tx, day, level, first_day).await,
            (Step::Extend { level }, Some(flag)) => self.extend(tx, &flag, level).await,
            (Step::Ease, Some(flag)) => self.ease(tx, &flag).await,
            (Step::CoverUntilToday, Some(flag)) if !self.met_anew(&flag)?.is_empty() => {
                // What was dealt with was something else: this was agreed to be told.
                self.raise(tx, self.concluded.today, FlagLevel::Alert, self.concluded.today).await
            }
            (Step::CoverUntilToday, Some(flag)) => self.cover(tx, &flag).await,
            (Step::Extend { .. } | Step::Ease | Step::CoverUntilToday, None) => Ok(()),
        }
    }

    /// One client has one open flag of a kind; the newest tells what has been dealt with.
    async fn latest(&self, tx: &mut Tx) -> Result<Option<Row>> {
        Ok(tx
            .query(
                "SELECT id, client_id, kind, level, state, raised_at, first_day, last_day, stands, reported_late, explanation,
                        owner_id, acknowledged_at, resolved_at, outcome
                 FROM flag WHERE organisation_id = $1 AND client_id = $2 AND kind = $3
                 ORDER BY raised_at DESC, id DESC LIMIT 1",
            )
            .bind(self.organisation)
            .bind(self.client.id)
            .bind(self.signal.kind())
            .optional()
            .await?)
    }

    fn why(&self, day: NaiveDate) -> Option<Explanation> {
        self.signal.why(self.concluded, day)
    }

    /// The rules of the plan that are met today, by answers that the flag does not know of.
    fn met_anew(&self, flag: &Row) -> Result<Vec<Met>> {
        let Some(why) = self.why(self.concluded.today) else { return Ok(Vec::new()) };
        let before = flag.explanation(&self.client.key)?.met;
        Ok(why.met.into_iter().filter(|met| !before.iter().any(|b| met.is_known_from(b))).collect())
    }

    async fn raise(&self, tx: &mut Tx, day: NaiveDate, level: FlagLevel, first_day: NaiveDate) -> Result<()> {
        let Some(why) = self.why(day) else { return Ok(()) };
        let stands = day == self.concluded.today;
        // No answers are behind a silence that could have been late.
        let late = self.signal == Signal::Change && (!stands || self.concluded.diary.newest_is_late);
        let id: FlagId = self.app.new_id();
        tx.query(
            "INSERT INTO flag (organisation_id, id, client_id, kind, level, state, raised_at, first_day, last_day, stands,
                               reported_late, explanation)
             VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11)",
        )
        .bind(self.organisation)
        .bind(id)
        .bind(self.client.id)
        .bind(self.signal.kind())
        .bind(level)
        .bind(self.app.now())
        .bind(first_day)
        .bind(day)
        .bind(stands)
        .bind(late)
        .bind(self.client.key.seal_json(&self.app.chance, explanation_place(id), &why))
        .execute()
        .await?;
        if level == FlagLevel::Alert {
            self.tell_workers(tx, id, &why.met, stands).await?;
        }
        self.tell(tx, id, Some(EntryWhat::Raised), Some(&why.sentence)).await
    }

    async fn extend(&self, tx: &mut Tx, flag: &Row, level: FlagLevel) -> Result<()> {
        let today = self.concluded.today;
        let Some(why) = self.why(today) else { return Ok(()) };
        let met_anew = self.met_anew(flag)?;
        let heard = self.signal != Signal::Reminders && self.concluded.diary.has_check_in_on(today);
        let what = if level > flag.level {
            Some(EntryWhat::LevelRose)
        } else if flag.last_day < today && heard || !flag.stands || !met_anew.is_empty() {
            Some(EntryWhat::Added)
        } else {
            None
        };
        tx.query("UPDATE flag SET level = $3, last_day = $4, stands = TRUE, explanation = $5 WHERE organisation_id = $1 AND id = $2")
            .bind(self.organisation)
            .bind(flag.id)
            .bind(level.max(flag.level))
            .bind(today)
            .bind(self.client.key.seal_json(&self.app.chance, explanation_place(flag.id), &why))
            .execute()
            .await?;
        if what == Some(EntryWhat::LevelRose) || !met_anew.is_empty() {
            self.tell_workers(tx, flag.id, &met_anew, true).await?;
        }
        self.tell(tx, flag.id, what, Some(&why.sentence)).await
    }

    /// It is over. The flag stays until somebody has looked; its story says so.
    async fn ease(&self, tx: &mut Tx, flag: &Row) -> Result<()> {
        tx.query("UPDATE flag SET stands = FALSE WHERE organisation_id = $1 AND id = $2")
            .bind(self.organisation)
            .bind(flag.id)
            .execute()
            .await?;
        let why = flag.explanation(&self.client.key)?;
        let words = self.signal.over(self.concluded, flag, &why);
        self.tell(tx, flag.id, Some(EntryWhat::Eased), words.as_deref()).await
    }

    /// A worker has dealt with this very thing; it goes on, and that is known.
    async fn cover(&self, tx: &mut Tx, flag: &Row) -> Result<()> {
        tx.query("UPDATE flag SET last_day = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(self.organisation)
            .bind(flag.id)
            .bind(self.concluded.today)
            .execute()
            .await?;
        Ok(())
    }

    /// An alert is told to the workers outside the app too. What the engine notices by itself never rings at night; what client and
    /// worker agreed for the night does, when it is heard of at the time and not days later.
    async fn tell_workers(&self, tx: &mut Tx, flag: FlagId, met: &[Met], stands: bool) -> Result<()> {
        let in_time = stands && !self.concluded.diary.newest_is_late;
        if in_time && met.iter().any(|met| met.at_night) {
            let subject = Subject::Flag(flag);
            return escalation::begin(tx, self.app, self.organisation, self.client.id, subject, Kind::PlanRule).await;
        }
        tell_flag(tx, self.app, self.organisation, self.client.id, flag).await
    }

    /// A line of the flag's story, if there is one to tell, and the event.
    async fn tell(&self, tx: &mut Tx, flag: FlagId, what: Option<EntryWhat>, words: Option<&str>) -> Result<()> {
        if let Some(what) = what {
            let entry = Entry { words, ..Entry::default() };
            add_entry(tx, self.app, self.organisation, flag, &self.client.key, what, entry).await?;
        }
        events::append(tx, self.app, self.organisation, events::What::Flag, flag.0, self.client.id).await
    }
}
