//! Who works here, who is on, whose phone truly rings, and what the server knows of it.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use mobile_shared::escalation::{Who, World};
use uuid::Uuid;

use crate::chance::Chance;

#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub works_here: bool,
    pub is_away: bool,
    /// In their own order.
    pub channels: Vec<Channel>,
    /// Of a hundred rings that reach them, how many they answer.
    pub answers: i64,
}

#[derive(Clone, Debug)]
pub struct Channel {
    pub id: Uuid,
    pub is_push: bool,
    /// Whether the server takes it for one that could work.
    pub is_known: bool,
    pub truly: Line,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Rings,
    /// Rings, and the word that it did is lost.
    RingsUnheard,
    /// A phone that is off: taken by the push service, and nothing more.
    Silent,
    /// Refused at once.
    Fails,
}

/// Indices into `all`.
#[derive(Clone, Debug)]
pub struct People {
    pub all: Vec<Person>,
    pub key_worker: Option<usize>,
    pub assigned: Vec<usize>,
    pub first: Vec<usize>,
    pub second: Vec<usize>,
    pub leads: Vec<usize>,
    pub catch_all: Option<usize>,
    /// Whoever runs the place.
    pub admins: Vec<usize>,
}

impl People {
    pub fn by_chance(chance: &mut Chance) -> Self {
        let count = chance.between(2, 7);
        let all = (1..=count).map(|n| Person::by_chance(chance, n)).collect();
        let mut people = Self {
            all,
            key_worker: None,
            assigned: vec![],
            first: vec![],
            second: vec![],
            leads: vec![],
            catch_all: None,
            admins: vec![],
        };
        people.key_worker = people.some(chance, 80, 1).first().copied();
        people.assigned = people.some(chance, 70, 2);
        people.leads = people.some(chance, 85, 2);
        people.catch_all = people.some(chance, 60, 1).first().copied();
        people.admins = people.some(chance, 70, 1);
        people.next_shift(chance);
        people
    }

    /// The rota moves on; it may have holes.
    pub fn next_shift(&mut self, chance: &mut Chance) {
        self.first = self.some(chance, 85, 2);
        self.second = self.some(chance, 75, 2);
    }

    fn some(&self, chance: &mut Chance, percent: i64, most: usize) -> Vec<usize> {
        if !chance.percent(percent) {
            return vec![];
        }
        let mut some: Vec<usize> = (0..=chance.below(most)).map(|_| chance.below(self.all.len())).collect();
        some.sort_unstable();
        some.dedup();
        some
    }

    pub fn person(&self, id: Uuid) -> &Person {
        self.all.iter().find(|p| p.id == id).unwrap_or(&self.all[0])
    }

    pub fn channel(&mut self, person: Uuid, channel: Uuid) -> Option<&mut Channel> {
        self.all.iter_mut().find(|p| p.id == person)?.channels.iter_mut().find(|c| c.id == channel)
    }
}

impl Person {
    fn by_chance(chance: &mut Chance, n: i64) -> Self {
        let number = u128::try_from(n).unwrap_or(1);
        let channels = (0..chance.one_of(&[0, 1, 1, 1, 2, 2, 3]))
            .map(|c| Channel {
                id: Uuid::from_u128(number * 0x100 + c + 1),
                is_push: c == 0,
                is_known: chance.percent(92),
                truly: chance.one_of(&[
                    Line::Rings,
                    Line::Rings,
                    Line::Rings,
                    Line::RingsUnheard,
                    Line::Silent,
                    Line::Silent,
                    Line::Fails,
                ]),
            })
            .collect();
        Self {
            id: Uuid::from_u128(number),
            works_here: true,
            is_away: chance.percent(8),
            channels,
            answers: chance.one_of(&[0, 0, 10, 30, 60]),
        }
    }

    pub fn may_be_rung(&self) -> bool {
        self.works_here && !self.is_away
    }
}

/// The people as a node sees them: by its own clock.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub people: &'a People,
    pub now: DateTime<Utc>,
}

impl World for View<'_> {
    fn who(&self, who: Who) -> Vec<Uuid> {
        let people = self.people;
        let by_day = |all: &[usize]| -> Vec<usize> {
            let is_on =
                |n: &usize| opens(self.now) == self.now || people.first.contains(n) || people.second.contains(n);
            all.iter().copied().filter(is_on).collect()
        };
        let meant = match who {
            Who::KeyWorker => by_day(people.key_worker.as_slice()),
            Who::Assigned => by_day(&people.assigned),
            Who::FirstLine => people.first.clone(),
            Who::SecondLine => people.second.clone(),
            Who::TeamLead => people.leads.clone(),
            Who::CatchAll => people.catch_all.into_iter().collect(),
            Who::Person(id) => people.all.iter().position(|p| p.id == id).into_iter().collect(),
        };
        self.rung(meant)
    }

    fn may_ring(&self, person: Uuid) -> bool {
        self.people.person(person).may_be_rung()
    }

    fn anybody(&self) -> Vec<Uuid> {
        let People { first, second, leads, catch_all, admins, .. } = self.people;
        self.rung([first, second, leads, admins].into_iter().flatten().copied().chain(*catch_all).collect())
    }

    fn channels(&self, person: Uuid) -> Vec<Uuid> {
        let channels = &self.people.person(person).channels;
        channels.iter().filter(|c| c.is_known).map(|c| c.id).collect()
    }

    fn by_day(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        opens(at)
    }
}

impl View<'_> {
    fn rung(&self, meant: Vec<usize>) -> Vec<Uuid> {
        meant.into_iter().map(|n| &self.people.all[n]).filter(|p| p.may_be_rung()).map(|p| p.id).collect()
    }
}

/// `at` if that is Monday to Friday, 9 to 17, else when that next begins.
pub fn opens(at: DateTime<Utc>) -> DateTime<Utc> {
    let works = |day: Weekday| !matches!(day, Weekday::Sat | Weekday::Sun);
    if works(at.weekday()) && (9..17).contains(&at.hour()) {
        return at;
    }
    let midnight = at
        - TimeDelta::milliseconds(i64::from(at.num_seconds_from_midnight()) * 1000)
        - TimeDelta::nanoseconds(i64::from(at.nanosecond()));
    let nines = (0..5).map(|day| midnight + TimeDelta::hours(24 * day + 9));
    nines.into_iter().find(|nine| *nine > at && works(nine.weekday())).unwrap_or(at)
}

/// Noon of the next working day.
pub fn next_working_noon(at: DateTime<Utc>) -> DateTime<Utc> {
    let tomorrow = opens(at - TimeDelta::hours(i64::from(at.hour())) + TimeDelta::hours(24));
    tomorrow - TimeDelta::hours(i64::from(tomorrow.hour())) + TimeDelta::hours(12)
}
