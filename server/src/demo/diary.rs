//! Twelve weeks of somebody's answers, made up: the same seed gives the same days.
//!
//! A day is a bit like the one before it, some weekdays are harder, some days are bad for no reason, and people do
//! not always answer. Nothing here knows how the early-warning engine thinks; it finds what it finds.

use chrono::{Datelike, NaiveDate, TimeDelta};
use mobile_shared::item::{HigherIs, STANDARD};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::people::{Client, Life, Spell, Tone};

/// How many points worse everything is on a hard weekday, and on a bad day.
const HARD_DAY: f64 = 0.5;
const BAD_DAY: f64 = 2.5;
/// How often a single question is skipped.
const SKIPPED: f64 = 0.04;
/// How often a check-in made where the signal is patchy arrives a day late.
const LATE: f64 = 0.15;
/// A day at least this many points worse than usual sounds low in a note.
const LOW: f64 = 0.7;

/// One check-in.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub day: NaiveDate,
    /// Minutes since midnight, by the clock on the wall.
    pub minute: u32,
    /// The standard questions in their order, then the client's own signs; `None` is skipped.
    pub answers: Vec<Option<i32>>,
    /// Which of the client's notes.
    pub note: Option<usize>,
    /// Hours until the phone had signal.
    pub arrives_after: i64,
}

/// The check-ins of a client from the day they joined to today.
pub fn write(client: &Client, today: NaiveDate) -> Vec<Entry> {
    let days = i64::from(client.joined_weeks_ago) * 7;
    let mut writer =
        Writer { client, rng: StdRng::seed_from_u64(client.life.seed), strain: 0.0, notes: Notes::new(client, days) };
    (0..days).rev().filter_map(|ago| writer.day(today - TimeDelta::days(ago), ago)).collect()
}

struct Writer<'a> {
    client: &'a Client,
    rng: StdRng,
    /// How far from usual this person is: carried from day to day.
    strain: f64,
    notes: Notes,
}

impl Writer<'_> {
    /// Every day draws the same number of chances, whatever comes of them: so a change to one person's life changes
    /// what it is meant to change and nothing after it.
    fn day(&mut self, day: NaiveDate, ago: i64) -> Option<Entry> {
        let life = &self.client.life;
        let fresh = (1.0 - life.carry * life.carry).sqrt() * life.restless * self.normal();
        self.strain = life.carry * self.strain + fresh;
        let bad = if self.rng.random_bool(life.bad_days) { BAD_DAY } else { 0.0 };
        let hard = if life.hard_days.contains(&day.weekday()) { HARD_DAY } else { 0.0 };
        let general = self.strain + bad + hard;
        let spell = life.spell.as_ref().map_or(0.0, |s| strength(s, ago));
        let answers = (0..life.usual.len() + self.client.signs.len()).map(|n| self.answer(n, general, spell)).collect();
        let [checks_in, minute, noted, late]: [f64; 4] = self.rng.random();
        if !self.checks_in(day, ago, checks_in) {
            return None;
        }
        let within = life.spell.as_ref().is_none_or(|_| spell > 0.3);
        let low = general + 2.5 * spell >= LOW;
        Some(Entry {
            day,
            minute: (life.hour * 60 + (minute * 55.0) as u32).min(24 * 60 - 1),
            answers,
            note: self.notes.next(self.client, ago, low, low && within, noted),
            arrives_after: if life.patchy_signal && late < LATE { 26 } else { 0 },
        })
    }

    fn checks_in(&self, day: NaiveDate, ago: i64, chance: f64) -> bool {
        let [from, to] = self.client.life.quiet;
        let with_a_worker = self.client.no_phone;
        let days_a_week = if with_a_worker { 5.0 } else { 7.0 };
        let is_weekend = day.weekday().num_days_from_monday() >= 5;
        let is_away = (to..=from).contains(&ago) || (with_a_worker && is_weekend);
        !is_away && chance < f64::from(self.client.check_ins_per_week) / days_a_week
    }

    fn answer(&mut self, n: usize, general: f64, spell: f64) -> Option<i32> {
        let own = 0.5 * self.normal();
        let skipped = self.rng.random_bool(SKIPPED);
        let Life { usual, spell: harder, .. } = &self.client.life;
        let harder = harder.as_ref().and_then(|s| s.worse.get(n)).map_or(0.0, |worse| worse * spell);
        let worse = general + own + harder;
        let value = match STANDARD.get(n) {
            Some(item) if item.higher_is == HigherIs::Better => f64::from(usual[n]) - worse,
            Some(_) => f64::from(usual[n]) + worse,
            // What somebody notices only when things change moves less than a mood does on an ordinary day.
            None => f64::from(self.client.signs[n - STANDARD.len()].usual) + harder + 0.6 * (general + own),
        };
        (!skipped).then_some(value.round().clamp(1.0, 7.0) as i32)
    }

    /// Near enough to a normal deviate, and the same on every machine: sums only.
    fn normal(&mut self) -> f64 {
        let four: [f64; 4] = self.rng.random();
        (four.iter().sum::<f64>() - 2.0) * 3.0_f64.sqrt()
    }
}

/// How strongly a spell is felt so many days ago, from 0 to 1.
fn strength(spell: &Spell, ago: i64) -> f64 {
    const OVER_AFTER: f64 = 14.0;
    let (begins, from, to, ago) = (spell.begins as f64, spell.from as f64, spell.to as f64, ago as f64);
    if ago >= begins {
        0.0
    } else if ago > from {
        // It comes on slowly, and then faster.
        ((begins - ago) / (begins - from)).powi(2)
    } else if ago >= to {
        1.0
    } else {
        (1.0 - (to - ago) / OVER_AFTER).max(0.0)
    }
}

/// Each note is written once, on a day it fits, some days after the last. In a hard time they come closer together.
struct Notes {
    unused: Vec<usize>,
    every: i64,
    every_low: i64,
    last: i64,
}

impl Notes {
    fn new(client: &Client, days: i64) -> Self {
        let notes = client.notes.len();
        let every = days / (i64::try_from(notes).unwrap_or(1) + 1);
        let every_low = if client.life.spell.is_some() { 2 } else { every };
        Self { unused: (0..notes).collect(), every, every_low, last: days }
    }

    /// `low`: how the day was; `may_be_low`: whether it is a day for a low note.
    fn next(&mut self, client: &Client, ago: i64, low: bool, may_be_low: bool, chance: f64) -> Option<usize> {
        let since = self.last - ago;
        let fits = |n: &usize| match client.notes[*n].tone {
            Tone::Fine => !low && since >= self.every,
            Tone::Any => since >= self.every,
            Tone::Low => may_be_low && since >= self.every_low,
        };
        let at = self.unused.iter().position(fits).filter(|_| chance < 0.7)?;
        self.last = ago;
        Some(self.unused.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people::People;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    fn all() -> Vec<(Client, Vec<Entry>)> {
        let clients = People::read().unwrap().clients;
        clients
            .into_iter()
            .map(|c| {
                let d = write(&c, today());
                (c, d)
            })
            .collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_diary_and_another_gives_another() {
        let mut client = People::read().unwrap().clients.remove(0);
        let diary = write(&client, today());
        assert_eq!(write(&client, today()), diary);
        client.life.seed += 1;
        assert_ne!(write(&client, today()), diary);
    }

    #[test]
    fn every_answer_is_on_its_scale_and_somebody_skips_one_sometimes() {
        for (client, diary) in all() {
            assert!(diary.iter().all(|e| e.answers.len() == 5 + client.signs.len()));
            let answers = || diary.iter().flat_map(|e| &e.answers);
            assert!(answers().flatten().all(|v| (1..=7).contains(v)), "{}", client.name);
            assert!(diary.iter().all(|e| e.answers.iter().any(Option::is_some)), "{}", client.name);
            assert!(answers().any(Option::is_none), "{}", client.name);
        }
    }

    #[test]
    fn people_check_in_about_as_often_as_they_chose_with_gaps_of_days() {
        for (client, diary) in all() {
            let chosen = f64::from(client.joined_weeks_ago * client.check_ins_per_week);
            assert!(
                (0.7..1.2).contains(&(diary.len() as f64 / chosen)),
                "{}: {} of {chosen}",
                client.name,
                diary.len()
            );
            let days: Vec<NaiveDate> = diary.iter().map(|e| e.day).chain([today()]).collect();
            let longest = days.windows(2).map(|d| (d[1] - d[0]).num_days()).max();
            assert!(longest >= Some(4), "{}: {longest:?}", client.name);
            assert!(diary.iter().all(|e| e.day <= today()));
        }
    }

    #[test]
    fn a_spell_is_felt_while_it_lasts() {
        for (client, diary) in all() {
            let Some(spell) = &client.life.spell else { continue };
            let sleep = |worst: bool| {
                let days: Vec<f64> = diary
                    .iter()
                    .filter(|e| (strength(spell, (today() - e.day).num_days()) > 0.7) == worst)
                    .filter_map(|e| e.answers[1].map(f64::from))
                    .collect();
                days.iter().sum::<f64>() / days.len() as f64
            };
            assert!(sleep(true) < sleep(false) - 1.5, "{}: {} {}", client.name, sleep(true), sleep(false));
        }
    }

    #[test]
    fn no_note_is_written_twice() {
        for (client, diary) in all() {
            let mut notes: Vec<usize> = diary.iter().filter_map(|e| e.note).collect();
            assert!(notes.len() >= 2, "{}: {notes:?}", client.name);
            notes.sort_unstable();
            notes.dedup();
            assert_eq!(notes.len(), diary.iter().filter(|e| e.note.is_some()).count());
        }
    }
}
