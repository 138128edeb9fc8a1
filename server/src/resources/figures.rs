//! What is read, what helps and what does not, for the provider: without names, and never for fewer than five people.
//!
//! The rule of five (DESIGN.md: nobody sees what they may not). A count below five is not told, not even as "some". What is
//! told is rounded down to a multiple of five, so that one person more or less, today against yesterday or one page against
//! another, hardly ever shows. And no number holds a small group from which the others could be taken away: a topic counts those
//! of its resources that are told themselves, so nothing that is told would differ if nobody had opened the rest; and
//! services are shown for a topic only if each has five for every resource of it that is told, and the same holds for every
//! topic that shares a resource with it. What the rule does not hold against: somebody who can look every minute, and knows
//! who came in between, learns of a person when a multiple of five is crossed.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Json, extract::State};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mobile_shared::resource::Topic;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Library;
use crate::{
    access::Worker,
    app::App,
    error::Result,
    ids::{ClientId, OrganisationId, ResourceId, ServiceId},
    pack::{Helped, Own, client::search_place, own_place},
};

/// The fewest people that a figure may stand for.
pub const FEWEST: usize = 5;
/// Twelve weeks.
pub const WINDOW: TimeDelta = TimeDelta::days(84);

/// What one person did with resources, in the time looked at.
#[derive(Clone, Debug, Default)]
pub struct Person {
    pub service: usize,
    pub read: BTreeSet<ResourceId>,
    pub helped: BTreeSet<ResourceId>,
    pub not_for_me: BTreeSet<ResourceId>,
}

#[derive(Clone, Copy, Debug)]
enum Measure {
    Read,
    Helped,
    NotForMe,
}

const MEASURES: [Measure; 3] = [Measure::Read, Measure::Helped, Measure::NotForMe];

impl Person {
    fn did(&self, measure: Measure) -> &BTreeSet<ResourceId> {
        match measure {
            Measure::Read => &self.read,
            Measure::Helped => &self.helped,
            Measure::NotForMe => &self.not_for_me,
        }
    }
}

/// People, rounded down to a multiple of five; none: fewer than five, or nobody, or not told for a neighbour's sake.
pub type Count = Option<usize>;

fn told(people: usize) -> Count {
    (people >= FEWEST).then_some(people / FEWEST * FEWEST)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    pub read: Count,
    pub helped: Count,
    pub not_for_me: Count,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfService {
    pub name: String,
    #[serde(flatten)]
    pub counts: Counts,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfTopic {
    #[schema(value_type = String)]
    pub topic: Topic,
    #[serde(flatten)]
    pub counts: Counts,
    /// None: one of them has fewer than five in something that is told of this topic, or of one that shares a resource.
    pub services: Option<Vec<OfService>>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfResource {
    pub id: ResourceId,
    pub title: String,
    #[serde(flatten)]
    pub counts: Counts,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LittleOpened {
    pub id: ResourceId,
    pub title: String,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MissingSearch {
    pub words: String,
    pub people: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Figures {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub fewest: usize,
    pub topics: Vec<OfTopic>,
    pub resources: Vec<OfResource>,
    /// Opened by fewer than five, or nobody.
    pub little_opened: Vec<LittleOpened>,
    pub missing_searches: Vec<MissingSearch>,
}

fn counts(count: impl Fn(Measure) -> Count) -> Counts {
    Counts { read: count(Measure::Read), helped: count(Measure::Helped), not_for_me: count(Measure::NotForMe) }
}

fn who<'a>(
    people: &'a [Person],
    measure: Measure,
    of: &'a BTreeSet<ResourceId>,
) -> impl Iterator<Item = &'a Person> + 'a {
    people.iter().filter(move |p| !p.did(measure).is_disjoint(of))
}

pub fn of_resource(people: &[Person], id: ResourceId) -> Counts {
    let one = BTreeSet::from([id]);
    counts(|measure| told(who(people, measure, &one).count()))
}

/// The counts of every topic, and by service where that tells nothing of a small group.
pub fn of_topics(
    people: &[Person],
    topics: &[BTreeSet<ResourceId>],
    services: usize,
) -> Vec<(Counts, Option<Vec<Counts>>)> {
    let counted =
        |topic| -> BTreeSet<ResourceId> { MEASURES.iter().flat_map(|m| counted(people, *m, topic)).collect() };
    let counted: Vec<BTreeSet<ResourceId>> = topics.iter().map(counted).collect();
    let mut told: Vec<_> = topics.iter().map(|topic| of_topic(people, topic, services)).collect();
    // That services are not shown says that one of them is small; a neighbour's services could then say which, and how small.
    let small = |topic: &(Counts, Option<_>)| topic.0.read.is_some() && topic.1.is_none();
    let mut hidden: Vec<usize> = (0..topics.len()).filter(|t| small(&told[*t])).collect();
    while let Some(topic) = hidden.pop() {
        for (other, of_other) in counted.iter().enumerate() {
            if told[other].1.is_some() && !of_other.is_disjoint(&counted[topic]) {
                told[other].1 = None;
                hidden.push(other);
            }
        }
    }
    told
}

/// One topic by itself.
fn of_topic(people: &[Person], resources: &BTreeSet<ResourceId>, services: usize) -> (Counts, Option<Vec<Counts>>) {
    let total = |measure| told(who(people, measure, &counted(people, measure, resources)).count());
    let totals = counts(total);
    let cell = |measure, s| {
        let counted = counted(people, measure, resources);
        told(who(people, measure, &counted).filter(|p| p.service == s).count())
    };
    let cells: Vec<Counts> = (0..services).map(|s| counts(|measure| cell(measure, s))).collect();
    // A cell is a union, and what it adds to one of its resources may be one person: each must stand by itself.
    let alone = |measure| {
        counted(people, measure, resources).into_iter().all(|id| {
            let one = BTreeSet::from([id]);
            (0..services).all(|s| who(people, measure, &one).filter(|p| p.service == s).count() >= FEWEST)
        })
    };
    let shown = totals.read.is_some() && services > 1 && MEASURES.into_iter().all(alone);
    (totals, shown.then_some(cells))
}

/// Those of the resources that are told themselves.
fn counted(people: &[Person], measure: Measure, resources: &BTreeSet<ResourceId>) -> BTreeSet<ResourceId> {
    let is_told = |id: &ResourceId| who(people, measure, &BTreeSet::from([*id])).count() >= FEWEST;
    resources.iter().copied().filter(is_told).collect()
}

/// Searches that enough different people made, most first.
pub fn of_searches(searches: impl IntoIterator<Item = (ClientId, String)>) -> Vec<MissingSearch> {
    let mut by_words: BTreeMap<String, BTreeSet<ClientId>> = BTreeMap::new();
    for (client, words) in searches {
        by_words.entry(words.split_whitespace().collect::<Vec<_>>().join(" ")).or_default().insert(client);
    }
    let mut shown: Vec<MissingSearch> = by_words
        .into_iter()
        .filter_map(|(words, people)| Some(MissingSearch { words, people: told(people.len())? }))
        .collect();
    shown.sort_by_key(|s| std::cmp::Reverse(s.people));
    shown
}

#[derive(sqlx::FromRow)]
struct PackRow {
    client_id: ClientId,
    service_id: ServiceId,
    wrapped_key: Vec<u8>,
    own: Vec<u8>,
}

async fn people(
    app: &App,
    organisation: OrganisationId,
    services: &[ServiceId],
    from: DateTime<Utc>,
) -> Result<Vec<Person>> {
    let rows: Vec<PackRow> = app
        .db
        .query(
            "SELECT c.id AS client_id, c.service_id, c.wrapped_key, p.own
             FROM client c JOIN pack p ON p.organisation_id = c.organisation_id AND p.client_id = c.id
             WHERE c.organisation_id = $1 AND c.active AND c.pack_counted AND p.own IS NOT NULL",
        )
        .bind(organisation)
        .all()
        .await?;
    let person = |row: PackRow| {
        let key = app.master.open_client_key(organisation, row.client_id, &row.wrapped_key).ok()?;
        let own: Own = key.open_json(own_place(row.client_id), &row.own).ok()?;
        let service = services.iter().position(|s| *s == row.service_id)?;
        let mut person = Person { service, ..Person::default() };
        for (id, mark) in own.marks.into_iter().map(|(id, m)| (ResourceId(id), m)) {
            if mark.opened_at.is_some_and(|at| at >= from) {
                person.read.insert(id);
            }
            match mark.helped.filter(|_| mark.changed_at >= from) {
                Some(Helped::Helped) => person.helped.insert(id),
                Some(Helped::NotForMe) => person.not_for_me.insert(id),
                None => false,
            };
        }
        Some(person)
    };
    Ok(rows.into_iter().filter_map(person).collect())
}

#[derive(sqlx::FromRow)]
struct SearchRow {
    id: Uuid,
    client_id: ClientId,
    wrapped_key: Vec<u8>,
    words: Vec<u8>,
}

async fn searches(app: &App, organisation: OrganisationId, from: DateTime<Utc>) -> Result<Vec<(ClientId, String)>> {
    let rows: Vec<SearchRow> = app
        .db
        .query(
            "SELECT s.id, s.client_id, c.wrapped_key, s.words
             FROM missing_search s JOIN client c ON c.organisation_id = s.organisation_id AND c.id = s.client_id
             WHERE s.organisation_id = $1 AND s.received_at >= $2 AND c.active AND c.pack_counted",
        )
        .bind(organisation)
        .bind(from)
        .all()
        .await?;
    let open = |row: SearchRow| {
        let key = app.master.open_client_key(organisation, row.client_id, &row.wrapped_key).ok()?;
        let words = String::from_utf8(key.open(search_place(row.id), &row.words).ok()?).ok()?;
        Some((row.client_id, words))
    };
    Ok(rows.into_iter().filter_map(open).collect())
}

/// What is read, helps and does not, without names.
#[utoipa::path(get, path = "/api/v1/team/resources/figures", responses((status = 200, body = Figures)))]
pub async fn show(State(app): State<App>, worker: Worker) -> Result<Json<Figures>> {
    let now = app.now();
    let from = now - WINDOW;
    let services: Vec<(ServiceId, String)> = app
        .db
        .query(
            "SELECT id, name FROM service s WHERE organisation_id = $1 AND EXISTS
                (SELECT 1 FROM client c WHERE c.organisation_id = s.organisation_id AND c.service_id = s.id AND c.active)
             ORDER BY name",
        )
        .bind(worker.organisation)
        .all()
        .await?;
    let ids: Vec<ServiceId> = services.iter().map(|s| s.0).collect();
    let people = people(&app, worker.organisation, &ids, from).await?;
    let library = super::library(&app, worker.organisation).await?;
    let about: Vec<BTreeSet<ResourceId>> = Topic::ALL.iter().map(|topic| about(&library, *topic)).collect();
    let named = |counts: Vec<Counts>| {
        services.iter().zip(counts).map(|(s, counts)| OfService { name: s.1.clone(), counts }).collect()
    };
    let topics = Topic::ALL
        .iter()
        .zip(of_topics(&people, &about, services.len()))
        .map(|(topic, (counts, by_service))| OfTopic { topic: *topic, counts, services: by_service.map(named) });
    let title = |id| library.title(id).unwrap_or_default().to_owned();
    // Of a discreet text phones leave no trace, so it would seem unread however much it is needed.
    let is_discreet = |hash: &String| library.texts.get(hash).is_some_and(|t| t.discreet);
    let (shown, little): (Vec<OfResource>, Vec<OfResource>) = library
        .resources
        .iter()
        .filter(|r| r.retired.is_none() && !r.editions.values().any(is_discreet))
        .map(|r| OfResource { id: r.id, title: title(r.id), counts: of_resource(&people, r.id) })
        .partition(|r| r.counts.read.is_some());
    Ok(Json(Figures {
        from: from.date_naive(),
        to: now.date_naive(),
        fewest: FEWEST,
        topics: topics.collect(),
        resources: shown,
        little_opened: little.into_iter().map(|r| LittleOpened { id: r.id, title: r.title }).collect(),
        missing_searches: of_searches(searches(&app, worker.organisation, from).await?),
    }))
}

fn about(library: &Library, topic: Topic) -> BTreeSet<ResourceId> {
    // What somebody bookmarks of a discreet text is not counted either.
    let is_about = |hash: &String| library.texts.get(hash).is_some_and(|t| t.topics.contains(&topic) && !t.discreet);
    library.resources.iter().filter(|r| r.editions.values().any(is_about)).map(|r| r.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// People of a service who read something, so many.
    fn readers(service: usize, read: &[u128], people: usize) -> Vec<Person> {
        let read: BTreeSet<ResourceId> = read.iter().map(|n| ResourceId(Uuid::from_u128(*n))).collect();
        vec![Person { service, read, ..Person::default() }; people]
    }

    #[test]
    fn one_person_of_a_service_does_not_show_as_what_a_wider_topic_has_more() {
        let topic = |ids: &[u128]| ids.iter().map(|n| ResourceId(Uuid::from_u128(*n))).collect::<BTreeSet<_>>();
        let topics = [topic(&[1]), topic(&[1, 2])];
        let rest = [readers(0, &[1], 9), readers(1, &[1], 5), readers(1, &[2], 5)].concat();
        let with_one_more = [rest, readers(0, &[2], 1)].concat();
        // The second resource is told as a whole, and has one reader in the first service.
        assert_eq!(of_resource(&with_one_more, ResourceId(Uuid::from_u128(2))).read, Some(5));
        assert!(of_topics(&with_one_more, &topics, 2).iter().all(|(_, services)| services.is_none()));
    }

    #[test]
    fn services_are_told_apart_where_each_stands_by_itself() {
        let topics = [BTreeSet::from([ResourceId(Uuid::from_u128(1))])];
        let people = [readers(0, &[1], 12), readers(1, &[1], 5)].concat();
        let (whole, services) = of_topics(&people, &topics, 2).remove(0);
        let by_service: Vec<Count> = services.unwrap().iter().map(|c| c.read).collect();
        assert_eq!((whole.read, by_service), (Some(15), vec![Some(10), Some(5)]));
    }
}
