//! The rule of five, as somebody sees it who knows the rule, has every number that is told, and wants to know more.
//!
//! Nothing here knows how the numbers are made: what is told of a population is compared with what is so, with what is
//! told of other populations, and with what can be reckoned from it.

mod reckoning;

use std::collections::BTreeSet;

use companion::{
    ids::{ClientId, ResourceId},
    resources::figures::{Count, Counts, MissingSearch, Person, of_resource, of_searches, of_topics},
};
use companion_tests::scale;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRng, TestRunner},
};
use uuid::Uuid;

const RESOURCES: usize = 8;

fn resource(n: usize) -> ResourceId {
    ResourceId(Uuid::from_u128(n as u128))
}

/// The resources of a mask.
fn resources(mask: u8) -> BTreeSet<ResourceId> {
    (0..RESOURCES).filter(|n| mask >> n & 1 == 1).map(resource).collect()
}

/// What may be counted about a person. Whoever says that something helped has read it.
const MEASURES: [Measure; 3] = [
    Measure { name: "read", done: |p| &p.read, told: |c| c.read },
    Measure { name: "helped", done: |p| &p.helped, told: |c| c.helped },
    Measure { name: "not for me", done: |p| &p.not_for_me, told: |c| c.not_for_me },
];

#[derive(Clone, Copy)]
struct Measure {
    name: &'static str,
    done: fn(&Person) -> &BTreeSet<ResourceId>,
    told: fn(&Counts) -> Count,
}

#[derive(Clone, Debug)]
struct Population {
    people: Vec<Person>,
    services: usize,
    topics: Vec<BTreeSet<ResourceId>>,
}

/// Everything that is told of a population.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    resources: Vec<Counts>,
    topics: Vec<(Counts, Option<Vec<Counts>>)>,
}

impl Population {
    fn told(&self) -> Told {
        Told {
            resources: (0..RESOURCES).map(|r| of_resource(&self.people, resource(r))).collect(),
            topics: of_topics(&self.people, &self.topics, self.services),
        }
    }

    /// How many people did something with one of these, in one service or in all.
    fn people(&self, measure: Measure, of: &BTreeSet<ResourceId>, service: Option<usize>) -> usize {
        let here = self.people.iter().filter(|p| service.is_none_or(|s| p.service == s));
        here.filter(|p| !(measure.done)(p).is_disjoint(of)).count()
    }

    fn with_each(&self, change: impl Fn(&mut Person)) -> Self {
        let mut other = self.clone();
        other.people.iter_mut().for_each(change);
        other
    }
}

fn one(r: usize) -> BTreeSet<ResourceId> {
    BTreeSet::from([resource(r)])
}

/// A small provider and what its people like to read.
#[derive(Clone, Copy, Debug)]
struct Shape {
    services: usize,
    /// What most people leave alone here is not in this.
    liked: u8,
    /// Everybody reads much, so that services can be told apart.
    busy: bool,
}

/// Somebody, by what might have been.
type Somebody = (usize, usize, u8, u8, u8);

impl Shape {
    fn person(self, (service, nth, reads, helped, not): Somebody) -> Person {
        let read = match (self.busy, nth) {
            (true, _) => reads | not,
            // One in four goes their own way.
            (false, 0) => reads,
            (false, _) => reads & self.liked,
        };
        Person {
            // The first service is the largest, but where all are busy.
            service: if self.busy { service } else { service.min(nth) } % self.services,
            read: resources(read),
            helped: resources(read & helped),
            not_for_me: resources(read & !helped & not),
        }
    }
}

/// Small providers of every shape: people who read one thing each, people who read everything, and all between.
fn population() -> impl Strategy<Value = Population> {
    let shape = (1..=4_usize, any::<u8>(), prop::bool::weighted(0.3)).prop_map(|(services, liked, busy)| Shape {
        services: if busy { services.min(2) } else { services },
        liked,
        busy,
    });
    let reads = prop_oneof![
        4 => (0..RESOURCES).prop_map(|n| 1 << n),
        2 => (0..RESOURCES, 0..RESOURCES).prop_map(|(n, m)| 1 << n | 1 << m),
        1 => any::<u8>(),
    ];
    let people = prop::collection::vec((0..4_usize, 0..4_usize, reads, any::<u8>(), any::<u8>()), 0..60);
    let topics = prop::collection::vec((1..=u8::MAX).prop_map(resources), 1..5);
    (shape, people, topics).prop_map(|(shape, people, topics)| Population {
        people: people.into_iter().map(|somebody| shape.person(somebody)).collect(),
        services: shape.services,
        topics,
    })
}

/// Populations: the same ones each time, more of them at a larger scale.
fn populations(count: u64) -> impl Iterator<Item = Population> {
    let config = Config::default();
    let mut runner = TestRunner::new_with_rng(config.clone(), TestRng::deterministic_rng(config.rng_algorithm));
    (0..count * scale()).map(move |_| population().new_tree(&mut runner).unwrap().current())
}

#[test]
fn every_number_stands_for_five_people_and_for_no_more_than_there_are() {
    let mut numbers = 0;
    for population in populations(1500) {
        let told = population.told();
        for measure in MEASURES {
            let mut check = |told: Count, people: usize| {
                let Some(told) = told else { return };
                assert!(told >= 5 && told % 5 == 0 && told <= people, "{} of {people}: {population:?}", told);
                numbers += 1;
            };
            for (r, counts) in told.resources.iter().enumerate() {
                check((measure.told)(counts), population.people(measure, &one(r), None));
            }
            for (topic, (total, services)) in population.topics.iter().zip(&told.topics) {
                check((measure.told)(total), population.people(measure, topic, None));
                for (s, counts) in services.iter().flatten().enumerate() {
                    check((measure.told)(counts), population.people(measure, topic, Some(s)));
                }
            }
        }
    }
    assert!(numbers > 5_000, "{numbers} numbers were told");
}

#[test]
fn one_person_more_or_less_moves_a_number_by_one_step_or_not_at_all() {
    let (mut steps, mut many) = (0, 0);
    for population in populations(150) {
        let told = population.told();
        for leaves in 0..population.people.len() {
            let mut others = population.clone();
            others.people.remove(leaves);
            let then = others.told();
            for measure in MEASURES {
                let number = |counts: &Counts| (measure.told)(counts).unwrap_or(0);
                let mut moved = |before: usize, after: usize, most: usize| {
                    assert!(before >= after && before - after <= most, "{before}, then {after}: {population:?}");
                    steps += usize::from(before > after);
                };
                for (before, after) in told.resources.iter().zip(&then.resources) {
                    moved(number(before), number(after), 5);
                }
                for (t, topic) in population.topics.iter().enumerate() {
                    // A resource that is told no longer leaves its topic with it, and everybody sees that it did.
                    let left = topic.iter().filter(|id| {
                        let r = id.0.as_u128() as usize;
                        number(&told.resources[r]) > 0 && number(&then.resources[r]) == 0
                    });
                    let left = left.count();
                    many += usize::from(left > 1);
                    moved(number(&told.topics[t].0), number(&then.topics[t].0), 5 * left.max(1));
                    if let (Some(before), Some(after)) = (&told.topics[t].1, &then.topics[t].1) {
                        for (before, after) in before.iter().zip(after) {
                            moved(number(before), number(after), 5 * left.max(1));
                        }
                    }
                }
            }
        }
    }
    assert!(steps > 1_000 && many > 0, "{steps} steps, {many} of several resources at once");
}

#[test]
fn a_search_stands_for_five_people_and_one_person_moves_it_by_one_step() {
    let words = ["a bus pass", "A bus  pass", "knitting", "my landlord"];
    let mut runner = TestRunner::deterministic();
    let searches = prop::collection::vec((0..14_u128, 0..words.len()), 0..80);
    for _ in 0..500 * scale() {
        let searches = searches.new_tree(&mut runner).unwrap().current();
        let told = |who: &dyn Fn(u128) -> bool| {
            let made = searches.iter().filter(|(c, _)| who(*c));
            of_searches(made.map(|(c, w)| (ClientId(Uuid::from_u128(*c)), words[*w].to_lowercase())))
        };
        let all = told(&|_| true);
        for search in &all {
            let people: BTreeSet<u128> = searches
                .iter()
                .filter(|(_, w)| words[*w].to_lowercase().split_whitespace().eq(search.words.split(' ')))
                .map(|(c, _)| *c)
                .collect();
            assert!(search.people >= 5 && search.people % 5 == 0 && search.people <= people.len());
        }
        assert!(all.is_sorted_by_key(|s| std::cmp::Reverse(s.people)));
        for leaves in 0..14 {
            let then = told(&|c| c != leaves);
            let number =
                |all: &[MissingSearch], words: &str| all.iter().find(|s| s.words == words).map_or(0, |s| s.people);
            for words in ["a bus pass", "knitting", "my landlord"] {
                let (before, after) = (number(&all, words), number(&then, words));
                assert!(before == after || before == after + 5, "{words}: {before}, then {after}");
            }
        }
    }
}
