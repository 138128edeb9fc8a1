//! Tonight, played beforehand: what would happen if somebody asked, hour by hour, and nobody answered. Nobody is told anything and
//! nothing is written: the core walks over the rota as it stands.

use std::{cell::Cell, collections::HashMap};

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use mobile_shared::escalation::{Effect, Place, Policy, State as CoreState, Who, World, advance};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Kind, policy};
use crate::{
    access::Worker,
    app::App,
    channels::{self, Channel, ChannelKind},
    error::{Error, Query, Result},
    ids::{ServiceId, WorkerId},
    organisation::{Service, ZONE},
    rota::{self, Line, Standing},
    workers::{Names, WorkerRef},
    working_hours,
};

/// The night that is played.
const BEGINS: NaiveTime = working_hours::o_clock(17);
const ENDS: NaiveTime = working_hours::o_clock(9);
/// How often somebody asks in it.
const EVERY: TimeDelta = TimeDelta::hours(1);
/// A list that takes longer is not followed to its end.
const FOLLOWED: TimeDelta = TimeDelta::hours(12);
const MINUTE: TimeDelta = TimeDelta::minutes(1);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Rung,
    /// The step means nobody at this hour.
    Empty,
    /// Somebody is meant who has nothing that could ring.
    NoChannel,
    /// The list is at its end: from here on its last step rings again and again.
    Repeats,
    /// There is nobody at all.
    Nobody,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Event {
    at: DateTime<Utc>,
    what: What,
    /// From 1; null: no step of the list.
    step: Option<usize>,
    /// Whom that step means; `anybody`: whoever there is.
    who: Option<&'static str>,
    worker: Option<WorkerRef>,
    channel: Option<ChannelKind>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Asked {
    at: DateTime<Utc>,
    events: Vec<Event>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hole {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    why: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Rehearsal {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// What would follow if somebody asked at this time and nobody answered.
    asked: Vec<Asked>,
    holes: Vec<Hole>,
}

/// A hole in one of my services.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoleOf {
    service: Service,
    #[serde(flatten)]
    hole: Hole,
}

/// The people of a service as they are now, on the rota as it stands.
struct Night {
    rota: Standing,
    leads: Vec<Uuid>,
    admins: Vec<Uuid>,
    catch_all: Option<Uuid>,
    channels: HashMap<Uuid, Vec<Channel>>,
    at: Cell<DateTime<Utc>>,
}

impl Night {
    async fn load(app: &App, worker: &Worker, service: ServiceId, at: DateTime<Utc>) -> Result<Self> {
        let organisation = worker.organisation;
        let admins: Vec<(WorkerId,)> = app
            .db
            .query(
                "SELECT r.worker_id FROM worker_role r
                 JOIN worker w ON w.organisation_id = r.organisation_id AND w.id = r.worker_id AND w.active
                 WHERE r.organisation_id = $1 AND r.role = 'admin' ORDER BY r.worker_id",
            )
            .bind(organisation)
            .all()
            .await?;
        let everybody: Vec<(WorkerId,)> = app
            .db
            .query("SELECT id FROM worker WHERE organisation_id = $1 AND active")
            .bind(organisation)
            .all()
            .await?;
        let mut channels = HashMap::new();
        for (person,) in everybody {
            channels.insert(person.0, channels::of(&app.db, app, organisation, person).await?);
        }
        Ok(Self {
            rota: rota::tonight(app, organisation, service, at).await?,
            leads: rota::leads(&app.db, organisation, service).await?.into_iter().map(|lead| lead.0).collect(),
            admins: admins.into_iter().map(|row| row.0.0).collect(),
            catch_all: rota::catch_all(&app.db, organisation, service).await?.map(|worker| worker.0),
            channels,
            at: Cell::new(at),
        })
    }

    fn on(&self, line: Line) -> Vec<Uuid> {
        self.rota.on(line, self.at.get()).into_iter().map(|worker| worker.0).collect()
    }

    /// Whether they work here, and are not away at that moment.
    fn is_there(&self, person: Uuid) -> bool {
        self.channels.contains_key(&person) && !self.rota.is_away(WorkerId(person), self.at.get())
    }

    /// The minutes of which nobody of first line is on.
    fn holes(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Hole> {
        let mut holes: Vec<Hole> = Vec::new();
        let mut at = from;
        while at < until {
            self.at.set(at);
            if self.on(Line::First).is_empty() {
                let backed = !self.on(Line::Second).is_empty() || self.catch_all.is_some_and(|one| self.is_there(one));
                let why = if backed { BACKED } else { OPEN };
                match holes.last_mut() {
                    Some(last) if last.until == at && last.why == why => last.until = at + MINUTE,
                    _ => holes.push(Hole { from: at, until: at + MINUTE, why }),
                }
            }
            at += MINUTE;
        }
        holes
    }

    /// What would follow if somebody asked now, every phone rang, and nobody answered.
    fn follow(&self, policy: &Policy, at: DateTime<Utc>, names: &Names) -> Vec<Event> {
        let (mut state, mut events) = (CoreState::begin(at), Vec::new());
        while let Some(due) = state.due().filter(|due| *due < at + FOLLOWED) {
            self.at.set(due);
            let advanced = advance(&state, policy, self, due);
            state = advanced.state;
            let place = if let CoreState::Ringing(ringing) = &mut state {
                for rung in &mut ringing.rung {
                    rung.heard = mobile_shared::escalation::Heard::Delivered;
                }
                ringing.due = ringing.since.map_or(ringing.due, |since| since + wait_of(policy, ringing.place));
                ringing.place
            } else {
                break;
            };
            for effect in advanced.effects {
                if let Effect::NotAnswered = effect {
                    events.push(self.event(policy, due, What::Repeats, place, None, names));
                    return events;
                }
                events.extend(self.tell(policy, due, &effect, names));
            }
        }
        events
    }

    fn tell(&self, policy: &Policy, at: DateTime<Utc>, effect: &Effect, names: &Names) -> Option<Event> {
        let event = |what, place, rung| self.event(policy, at, what, place, rung, names);
        match *effect {
            Effect::Ring { place, person, channel, .. } => {
                Some(event(What::Rung, place, Some((person, Some(channel)))))
            }
            Effect::NoChannel { place, person } => Some(event(What::NoChannel, place, Some((person, None)))),
            Effect::Empty { place } => Some(event(What::Empty, place, None)),
            Effect::Nobody => Some(event(What::Nobody, Place::Anybody, None)),
            Effect::NotAnswered | Effect::CameBack { .. } => None,
        }
    }

    fn event(
        &self,
        policy: &Policy,
        at: DateTime<Utc>,
        what: What,
        place: Place,
        rung: Option<(Uuid, Option<Uuid>)>,
        names: &Names,
    ) -> Event {
        let (step, who) = match place {
            Place::Step(n) => (Some(n + 1), policy.steps.get(n).map(|step| policy::whose(step.who))),
            Place::Anybody | Place::Holder(_) => (None, Some("anybody")),
        };
        let channel = rung.and_then(|(person, id)| {
            self.channels.get(&person)?.iter().find(|channel| Some(channel.id.0) == id).map(|channel| channel.kind)
        });
        Event { at, what, step, who, worker: names.of(rung.map(|(person, _)| WorkerId(person))), channel }
    }
}

fn wait_of(policy: &Policy, place: Place) -> TimeDelta {
    match place {
        Place::Step(n) => TimeDelta::minutes(policy.steps.get(n).map_or(1, |step| step.minutes).into()),
        Place::Anybody | Place::Holder(_) => mobile_shared::escalation::ANYBODY_WAIT,
    }
}

const OPEN: &str = "Nobody of first line is on, nobody of second line, and there is no catch-all.";
const BACKED: &str = "Nobody of first line is on; second line or the catch-all is rung instead.";

impl World for Night {
    fn who(&self, who: Who) -> Vec<Uuid> {
        match who {
            // Whose they are is not known; at night they are rung on a shift only, and then as first or second line.
            Who::KeyWorker | Who::Assigned => Vec::new(),
            Who::FirstLine => self.on(Line::First),
            Who::SecondLine => self.on(Line::Second),
            Who::TeamLead => self.leads.iter().copied().filter(|one| self.is_there(*one)).collect(),
            Who::CatchAll => self.catch_all.into_iter().filter(|one| self.is_there(*one)).collect(),
            Who::Person(person) => Some(person).filter(|one| self.is_there(*one)).into_iter().collect(),
        }
    }
    fn may_ring(&self, person: Uuid) -> bool {
        self.is_there(person)
    }
    fn anybody(&self) -> Vec<Uuid> {
        let on = [self.on(Line::First), self.on(Line::Second)].concat();
        let all = on.into_iter().chain(self.catch_all).chain(self.leads.clone()).chain(self.admins.clone());
        all.filter(|one| self.is_there(*one)).collect()
    }
    fn channels(&self, person: Uuid) -> Vec<Uuid> {
        self.channels
            .get(&person)
            .map(|channels| channels.iter().map(|channel| channel.id.0).collect())
            .unwrap_or_default()
    }
    fn by_day(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        working_hours::open_at(at)
    }
}

/// The night that is now, or comes next.
fn tonight(now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let here = now.with_timezone(&ZONE);
    let evening = here.date_naive() - TimeDelta::days(i64::from(here.time() < ENDS));
    (working_hours::instant(evening, BEGINS), working_hours::instant(evening + TimeDelta::days(1), ENDS))
}

#[derive(Debug, Deserialize)]
pub struct Of {
    service_id: ServiceId,
    kind: Kind,
}

/// Tonight, beforehand: who would be rung if somebody asked and nobody answered, hour by hour.
#[utoipa::path(get, path = "/api/v1/team/rota/rehearsal", params(("service_id" = Uuid, Query), ("kind" = Kind, Query)), responses((status = 200, body = Rehearsal)))]
pub async fn show(State(app): State<App>, worker: Worker, Query(of): Query<Of>) -> Result<Json<Rehearsal>> {
    if !rota::works_in(&app, &worker, of.service_id).await? {
        return Err(Error::NotFound);
    }
    let list = policy::of(&app.db, worker.organisation, of.service_id, of.kind).await?;
    let names = Names::load(&app, worker.organisation).await?;
    let (from, until) = tonight(app.now());
    let night = Night::load(&app, &worker, of.service_id, from).await?;
    let hours = std::iter::successors(Some(from), |at| Some(*at + EVERY)).take_while(|at| *at < until);
    let asked = hours.map(|at| Asked { at, events: night.follow(&list, at, &names) }).collect();
    Ok(Json(Rehearsal { from, until, asked, holes: night.holes(from, until) }))
}

/// The coming 24 hours of the services I am in.
pub async fn holes_of(app: &App, worker: &Worker) -> Result<Vec<HoleOf>> {
    let services: Vec<Service> = app
        .db
        .query(
            "SELECT s.id, s.name, s.kind FROM service s
             JOIN worker_service ws ON ws.organisation_id = s.organisation_id AND ws.service_id = s.id
             WHERE ws.organisation_id = $1 AND ws.worker_id = $2 ORDER BY s.name",
        )
        .bind(worker.organisation)
        .bind(worker.id)
        .all()
        .await?;
    let mut found = Vec::new();
    for service in services {
        let night = Night::load(app, worker, service.id, app.now()).await?;
        let holes = night.holes(app.now(), app.now() + TimeDelta::days(1));
        found.extend(holes.into_iter().map(|hole| HoleOf { service: service.clone(), hole }));
    }
    Ok(found)
}
