//! Reminders: told when their time has come, once, and to nobody who does not want it.

mod answers;
mod by_push;
mod calendar;
mod changes;
mod pattern;
mod telling;
mod time;
