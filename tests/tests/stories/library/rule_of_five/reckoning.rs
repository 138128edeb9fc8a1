//! What somebody could reckon who has every number that is told.

use std::collections::BTreeSet;

use companion::{
    ids::ResourceId,
    resources::figures::{Count, Counts, Person, of_topics},
};

use super::{MEASURES, Measure, Population, RESOURCES, Told, one, populations, resource, resources};

/// The most that a number that is told, or is not, may stand for.
fn most(told: Count) -> usize {
    told.map_or(4, |n| n + 4)
}

#[test]
fn an_untold_resource_may_have_been_read_by_nobody_for_all_that_can_be_reckoned() {
    let mut untold = 0;
    for population in populations(3000) {
        let told = population.told();
        for measure in MEASURES {
            for r in (0..RESOURCES).filter(|r| (measure.told)(&told.resources[*r]).is_none()) {
                for (t, topic) in population.topics.iter().enumerate().filter(|(_, t)| t.contains(&resource(r))) {
                    let Some(total) = (measure.told)(&told.topics[t].0) else { continue };
                    let others = least_cover(&population, &told, measure, topic, r);
                    assert!(
                        total <= others,
                        "{}: {total} people in {topic:?} and at most {others} without {r}, so {} to 4 for {r}\n{told:?}\n{:?}",
                        measure.name,
                        total - others,
                        (0..RESOURCES).map(|r| population.people(measure, &one(r), None)).collect::<Vec<_>>()
                    );
                    untold += 1;
                }
            }
        }
    }
    assert!(untold > 5_000, "{untold} were looked for");
}

/// The fewest people that all of a topic but one resource can be shown to have: each of the others by its own number,
/// or several together by the number of another topic.
fn least_cover(
    population: &Population,
    told: &Told,
    measure: Measure,
    topic: &BTreeSet<ResourceId>,
    but: usize,
) -> usize {
    let others: Vec<usize> = (0..RESOURCES).filter(|r| *r != but && topic.contains(&resource(*r))).collect();
    let by_topic: Vec<(usize, usize)> =
        (0..population.topics.len()).filter_map(|t| Some((t, (measure.told)(&told.topics[t].0)?))).collect();
    let cost = |chosen: u32| {
        let of: Vec<&(usize, usize)> =
            by_topic.iter().enumerate().filter(|(n, _)| chosen >> n & 1 == 1).map(|(_, t)| t).collect();
        let singly = others.iter().map(|r| (resource(*r), (measure.told)(&told.resources[*r])));
        // Of a topic only what is told of itself is surely in its number.
        let left =
            singly.filter(|(id, told)| told.is_none() || !of.iter().any(|(t, _)| population.topics[*t].contains(id)));
        of.iter().map(|(_, total)| total + 4).sum::<usize>() + left.map(|(_, told)| most(told)).sum::<usize>()
    };
    (0..1 << by_topic.len()).map(cost).min().unwrap()
}

#[test]
fn what_is_told_is_the_same_whether_few_opened_a_resource_or_nobody_did() {
    let mut twins = 0;
    for population in populations(250) {
        let told = population.told();
        for r in 0..RESOURCES {
            // Who has not read it has no opinion of it, so the later measures go with the first.
            for (n, measure) in MEASURES.into_iter().enumerate() {
                if (measure.told)(&told.resources[r]).is_some() {
                    continue;
                }
                let twin = population.with_each(|p| {
                    p.not_for_me = if n != 1 { without(&p.not_for_me, r) } else { p.not_for_me.clone() };
                    p.helped = if n != 2 { without(&p.helped, r) } else { p.helped.clone() };
                    p.read = if n == 0 { without(&p.read, r) } else { p.read.clone() };
                });
                assert_eq!(twin.told(), told, "{}, {r}: {population:?}", measure.name);
                twins += usize::from(population.people(measure, &one(r), None) > 0);
            }
        }
    }
    assert!(twins > 1_500, "{twins} times somebody had");
}

fn without(of: &BTreeSet<ResourceId>, r: usize) -> BTreeSet<ResourceId> {
    of.iter().copied().filter(|id| *id != resource(r)).collect()
}

#[test]
fn a_service_that_is_not_told_may_have_nobody_for_all_that_can_be_reckoned() {
    let mut untold = 0;
    for population in populations(1500).filter(|p| p.services > 1) {
        let told = population.told();
        for (t, topic) in population.topics.iter().enumerate() {
            for (measure, s) in MEASURES.into_iter().flat_map(|m| (0..population.services).map(move |s| (m, s))) {
                let Some(total) = (measure.told)(&told.topics[t].0) else { continue };
                if told.topics[t].1.is_none() {
                    let others = most_elsewhere(&population, &told, measure, topic, s);
                    assert!(others.is_none_or(|o| total <= o), "{}: {total} of {others:?}\n{told:?}", measure.name);
                    untold += 1;
                }
            }
        }
    }
    assert!(untold > 1_000, "{untold} were looked for");
}

/// The most people of a topic that the other services can have: each by the least number that is told of it and that
/// all of them are in, of this topic or one that holds everything of it that is told, and whoever found something
/// helpful has read it.
fn most_elsewhere(
    population: &Population,
    told: &Told,
    measure: Measure,
    topic: &BTreeSet<ResourceId>,
    s: usize,
) -> Option<usize> {
    let of_it: Vec<ResourceId> = told_of(told, topic);
    let wider =
        population.topics.iter().zip(&told.topics).filter(|(other, _)| of_it.iter().all(|id| other.contains(id)));
    let shown: Vec<&Vec<Counts>> = wider.filter_map(|(_, (_, services))| services.as_ref()).collect();
    let bound = |other: usize| {
        let cells = shown.iter().flat_map(|cells| [(measure.told)(&cells[other]), cells[other].read]);
        cells.flatten().map(|n| n + 4).min()
    };
    (0..population.services).filter(|other| *other != s).map(bound).sum()
}

/// Those of a topic's resources of which it is told that somebody has read them.
fn told_of(told: &Told, topic: &BTreeSet<ResourceId>) -> Vec<ResourceId> {
    (0..RESOURCES).filter(|r| told.resources[*r].read.is_some()).map(resource).filter(|id| topic.contains(id)).collect()
}

#[test]
fn nobody_shows_as_what_a_wider_topic_has_more_in_a_service() {
    let mut looked = 0;
    for mut population in populations(500).filter(|p| p.services > 1) {
        // Beside one topic, all that are narrower by one resource.
        let topic = population.topics.remove(0);
        population.topics = (0..RESOURCES).map(|r| without(&topic, r)).chain([topic.clone()]).collect();
        let told = population.told();
        let shown: Vec<(&BTreeSet<ResourceId>, &Vec<Counts>)> =
            population.topics.iter().zip(&told.topics).filter_map(|(t, told)| Some((t, told.1.as_ref()?))).collect();
        for (topic, cells) in &shown {
            for id in told_of(&told, topic) {
                // The others of the topic, by one topic that holds them all and not this.
                let others: Vec<ResourceId> = told_of(&told, topic).into_iter().filter(|other| *other != id).collect();
                let without =
                    shown.iter().filter(|(t, _)| !t.contains(&id) && others.iter().all(|other| t.contains(other)));
                for (s, narrower) in without.flat_map(|(_, narrower)| narrower.iter().enumerate()) {
                    let least = cells[s].read.unwrap_or(0).saturating_sub(most(narrower.read));
                    let people = population.people(MEASURES[0], &BTreeSet::from([id]), Some(s));
                    assert!(least == 0 || people >= 5, "{least} of {people} in service {s}: {told:?}");
                    looked += 1;
                }
            }
        }
    }
    assert!(looked > 100, "{looked} were looked for");
}

#[test]
fn what_is_told_is_the_same_if_all_readers_of_a_topic_without_services_are_in_one() {
    let mut twins = 0;
    for population in populations(400).filter(|p| p.services > 1) {
        let told = population.told();
        let hidden = |t: &usize| told.topics[*t].0.read.is_some() && told.topics[*t].1.is_none();
        for t in (0..population.topics.len()).filter(hidden) {
            // Its resources, and those of all topics that share one with it, and so on.
            let mut theirs: BTreeSet<ResourceId> = told_of(&told, &population.topics[t]).into_iter().collect();
            for _ in 0..population.topics.len() {
                for topic in population.topics.iter().map(|topic| told_of(&told, topic)) {
                    if topic.iter().any(|id| theirs.contains(id)) {
                        theirs.extend(topic);
                    }
                }
            }
            for service in 0..population.services {
                assert_eq!(population.with_readers_in(service, &theirs).told(), told, "{population:?}");
                twins += 1;
            }
        }
    }
    assert!(twins > 200, "{twins} times");
}

impl Population {
    /// The same, but that whoever did something with these resources is somebody else, in this service.
    fn with_readers_in(&self, service: usize, theirs: &BTreeSet<ResourceId>) -> Self {
        let mut other = self.with_each(|p| {
            for done in [&mut p.read, &mut p.helped, &mut p.not_for_me] {
                *done = done.difference(theirs).copied().collect();
            }
        });
        let readers = self.with_each(|p| {
            for done in [&mut p.read, &mut p.helped, &mut p.not_for_me] {
                *done = done.intersection(theirs).copied().collect();
            }
            p.service = service;
        });
        other.people.extend(readers.people);
        other
    }
}

// What was found when this was first looked for.

fn reads(resources: u8, service: usize, count: usize) -> Vec<Person> {
    let person = Person { service, read: self::resources(resources), ..Person::default() };
    vec![person; count]
}

#[test]
fn two_little_read_resources_of_a_topic_do_not_tell_of_each_other() {
    // Eight people, four and four: of "five" each resource would have at least one.
    let people = [reads(0b01, 0, 4), reads(0b10, 0, 4)].concat();
    assert_eq!(of_topics(&people, &[resources(0b11)], 1)[0].0, Counts::default());
    // And beside one that is told: at most fourteen read it, so of "twenty" six would be left for the other two.
    let people = [reads(0b001, 0, 14), reads(0b010, 0, 4), reads(0b100, 0, 4)].concat();
    assert_eq!(of_topics(&people, &[resources(0b111)], 1)[0].0.read, Some(10));
}

#[test]
fn what_is_told_of_reading_does_not_tell_whom_it_helped() {
    // Of fifty whom it helped at most forty-nine could be in the second service, where "forty-five" have read it.
    let mut people = [reads(1, 0, 5), reads(1, 1, 49)].concat();
    people[4..].iter_mut().for_each(|p| p.helped = p.read.clone());
    let (total, services) = of_topics(&people, &[one(0)], 2)[0].clone();
    assert_eq!((total.read, total.helped, services), (Some(50), Some(50), None));
}

#[test]
fn a_wider_topic_does_not_tell_of_a_narrower_one() {
    // Of the fifteen of the narrower topic at most fourteen could be in the second service, where "ten" are in the wider.
    let people = [reads(0b11, 0, 1), reads(0b10, 0, 4), reads(0b11, 1, 14)].concat();
    let told = of_topics(&people, &[resources(0b01), resources(0b11)], 2);
    assert_eq!((told[0].0.read, &told[0].1), (Some(15), &None));
    assert_eq!((told[1].0.read, &told[1].1), (Some(15), &None));
}
