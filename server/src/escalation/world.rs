//! The people and their phones as they are at this moment, for the core.
//!
//! The core asks without waiting, the database answers when it does: so the core is asked with what is known, what it wanted to know
//! beside that is looked up, and it is asked again ([`look`]). It is a pure function, so only the last answer counts. Only what
//! matters to this step is read.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet, hash_map::Entry},
};

use chrono::{DateTime, Utc};
use mobile_shared::escalation::{Advanced, Policy, State, Who, World, advance};
use uuid::Uuid;

use crate::{
    app::App,
    channels::{self, Channel},
    db::Tx,
    error::{Error, Result},
    ids::{ClientId, OrganisationId, ServiceId, WorkerId},
    rota::{self, Line},
    working_hours,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Asked {
    Who(Who),
    Person(Uuid),
    Anybody,
    Channels(Uuid),
}

/// About whom, and when.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub organisation: OrganisationId,
    pub service: ServiceId,
    pub client: ClientId,
    pub now: DateTime<Utc>,
}

/// What is known so far.
#[derive(Debug, Default)]
struct Known {
    people: HashMap<Asked, Vec<Uuid>>,
    channels: HashMap<Uuid, Vec<Channel>>,
    asked: RefCell<HashSet<Asked>>,
    away: Option<HashSet<WorkerId>>,
}

impl Known {
    fn people(&self, asked: Asked) -> Vec<Uuid> {
        self.people.get(&asked).cloned().unwrap_or_else(|| {
            self.asked.borrow_mut().insert(asked);
            Vec::new()
        })
    }
}

/// By what people can be rung, as far as it mattered.
#[derive(Debug, Default)]
pub struct Phones(HashMap<Uuid, Vec<Channel>>);

impl Phones {
    pub fn channel(&self, person: Uuid, id: Uuid) -> Option<&Channel> {
        self.0.get(&person)?.iter().find(|channel| channel.id.0 == id)
    }
}

impl World for Known {
    fn who(&self, who: Who) -> Vec<Uuid> {
        self.people(Asked::Who(who))
    }

    fn may_ring(&self, person: Uuid) -> bool {
        !self.people(Asked::Person(person)).is_empty()
    }

    fn anybody(&self) -> Vec<Uuid> {
        self.people(Asked::Anybody)
    }

    fn channels(&self, person: Uuid) -> Vec<Uuid> {
        match self.channels.get(&person) {
            Some(channels) => channels.iter().map(|channel| channel.id.0).collect(),
            None => {
                self.asked.borrow_mut().insert(Asked::Channels(person));
                Vec::new()
            }
        }
    }

    fn by_day(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        working_hours::open_at(at)
    }
}

/// More than there are kinds of steps, people and channels to ask about, one after the other.
const MOST_ROUNDS: usize = 100;

/// What happens now, and the phones that ring for it.
pub async fn look(tx: &mut Tx, app: &App, about: About, policy: &Policy, state: &State) -> Result<(Advanced, Phones)> {
    let mut known = Known::default();
    for _ in 0..MOST_ROUNDS {
        let advanced = advance(state, policy, &known, about.now);
        let asked = known.asked.take();
        if asked.is_empty() {
            return Ok((advanced, Phones(known.channels)));
        }
        for asked in asked {
            answer(tx, app, about, &mut known, asked).await?;
        }
    }
    Err(Error::internal("an escalation asks without end"))
}

async fn answer(tx: &mut Tx, app: &App, about: About, known: &mut Known, asked: Asked) -> Result<()> {
    let people = match asked {
        Asked::Channels(person) => return find_channels(tx, app, about, known, person).await,
        Asked::Person(person) => vec![WorkerId(person)],
        Asked::Who(who) => whom(tx, app, about, who).await?,
        Asked::Anybody => anybody(tx, app, about, known).await?,
    };
    let there = there(tx, about, known, people).await?;
    known.people.insert(asked, there.into_iter().map(|worker| worker.0).collect());
    Ok(())
}

async fn find_channels(tx: &mut Tx, app: &App, about: About, known: &mut Known, person: Uuid) -> Result<()> {
    if let Entry::Vacant(unknown) = known.channels.entry(person) {
        unknown.insert(channels::of(&mut *tx, app, about.organisation, WorkerId(person)).await?);
    }
    Ok(())
}

/// Of these, those who work here and are not away.
async fn there(tx: &mut Tx, about: About, known: &mut Known, people: Vec<WorkerId>) -> Result<Vec<WorkerId>> {
    let mut there = Vec::with_capacity(people.len());
    for person in people {
        let active: i64 = tx
            .query("SELECT COUNT(*) FROM worker WHERE organisation_id = $1 AND id = $2 AND active")
            .bind(about.organisation)
            .bind(person)
            .scalar()
            .await?;
        if active > 0 && !away(tx, about, known).await?.contains(&person) && !there.contains(&person) {
            there.push(person);
        }
    }
    Ok(there)
}

async fn away<'k>(tx: &mut Tx, about: About, known: &'k mut Known) -> Result<&'k HashSet<WorkerId>> {
    if known.away.is_none() {
        known.away = Some(rota::away(&mut *tx, about.organisation, about.now).await?);
    }
    Ok(known.away.get_or_insert_default())
}

async fn whom(tx: &mut Tx, app: &App, about: About, who: Who) -> Result<Vec<WorkerId>> {
    match who {
        Who::KeyWorker | Who::Assigned => {
            let people = assigned(tx, about, who == Who::KeyWorker).await?;
            by_day_or_on_shift(tx, app, about, people).await
        }
        Who::FirstLine => whom_of_line(tx, app, about, Line::First).await,
        Who::SecondLine => whom_of_line(tx, app, about, Line::Second).await,
        Who::TeamLead => rota::leads(&mut *tx, about.organisation, about.service).await,
        Who::CatchAll => catch_all(tx, about).await,
        Who::Person(person) => Ok(vec![WorkerId(person)]),
    }
}

/// Who supports a client is rung in working hours, and on a shift of theirs.
async fn by_day_or_on_shift(tx: &mut Tx, app: &App, about: About, people: Vec<WorkerId>) -> Result<Vec<WorkerId>> {
    if people.is_empty() || working_hours::open_at(about.now) == about.now {
        return Ok(people);
    }
    let on = on_shift(tx, app, about).await?;
    Ok(people.into_iter().filter(|person| on.contains(person)).collect())
}

async fn on_shift(tx: &mut Tx, app: &App, about: About) -> Result<Vec<WorkerId>> {
    let mut on = whom_of_line(tx, app, about, Line::First).await?;
    on.extend(whom_of_line(tx, app, about, Line::Second).await?);
    Ok(on)
}

async fn whom_of_line(tx: &mut Tx, app: &App, about: About, line: Line) -> Result<Vec<WorkerId>> {
    or_nobody(rota::on(&mut *tx, app, about.organisation, about.service, line, about.now).await)
}

async fn catch_all(tx: &mut Tx, about: About) -> Result<Vec<WorkerId>> {
    Ok(rota::catch_all(&mut *tx, about.organisation, about.service).await?.into_iter().collect())
}

/// A rota that cannot be read means nobody: the list goes on to those who stand on none.
fn or_nobody(found: Result<Vec<WorkerId>>) -> Result<Vec<WorkerId>> {
    match found {
        Err(error) if error.is_unreadable() => {
            tracing::error!(%error, "a rota cannot be read; whoever is rung is not on it");
            Ok(Vec::new())
        }
        found => found,
    }
}

async fn assigned(tx: &mut Tx, about: About, key_worker_only: bool) -> Result<Vec<WorkerId>> {
    let rows: Vec<(WorkerId,)> = tx
        .query(
            "SELECT a.worker_id FROM assignment a
             WHERE a.organisation_id = $1 AND a.client_id = $2 AND (a.key_worker OR NOT $3)
               AND EXISTS (SELECT 1 FROM worker_role r WHERE r.organisation_id = a.organisation_id AND r.worker_id = a.worker_id
                           AND r.role <> 'admin')
             ORDER BY a.worker_id",
        )
        .bind(about.organisation)
        .bind(about.client)
        .bind(key_worker_only)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

async fn admins(tx: &mut Tx, organisation: OrganisationId) -> Result<Vec<WorkerId>> {
    let rows: Vec<(WorkerId,)> = tx
        .query("SELECT worker_id FROM worker_role WHERE organisation_id = $1 AND role = 'admin' ORDER BY worker_id")
        .bind(organisation)
        .all()
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Everybody there is: on shift, the catch-all, leads, whoever runs the place. If none of them can be rung, whoever supports the
/// client, at any hour: better than nobody.
async fn anybody(tx: &mut Tx, app: &App, about: About, known: &mut Known) -> Result<Vec<WorkerId>> {
    let mut people = on_shift(tx, app, about).await?;
    people.extend(catch_all(tx, about).await?);
    people.extend(rota::leads(&mut *tx, about.organisation, about.service).await?);
    people.extend(admins(tx, about.organisation).await?);
    let people = there(tx, about, known, people).await?;
    for person in &people {
        find_channels(tx, app, about, known, person.0).await?;
    }
    let can_be_rung = |person: &WorkerId| known.channels.get(&person.0).is_some_and(|channels| !channels.is_empty());
    if people.iter().any(can_be_rung) { Ok(people) } else { assigned(tx, about, false).await }
}
