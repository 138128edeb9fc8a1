//! The stories, one file per feature. `src/lib.rs` says how one is written.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod access;
mod audit;
mod channels;
mod check_ins;
mod contact;
mod contact_key;
mod desk;
mod early_warning;
mod escalation;
mod flags;
mod house;
mod joining;
mod kill;
mod library;
mod native;
mod older_apps;
mod organisations;
mod pack;
mod people;
mod plans;
mod properties;
mod push;
mod real_diary;
mod reminders;
mod retries;
mod rota;
mod sealing;
mod sessions;
mod stream;
mod sync;
mod together;
