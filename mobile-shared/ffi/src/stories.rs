//! What a host is told, through the same object that Kotlin, Swift and Python call.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use crate::{
    disk::{Disk, DiskChange},
    error::HostError,
    outbox::{Outbox, Shown, Then, ToSend},
    said::{Language, cover_words},
    tap::{ContactRequest, How, Tap, When},
    time::check_schedule,
};

/// A host's disk: the parts, and when they were heard.
#[derive(Debug, Default)]
struct Memory {
    parts: Mutex<BTreeMap<String, (String, Option<SystemTime>)>>,
    is_full: AtomicBool,
}

impl Disk for Memory {
    fn write(&self, changes: Vec<DiskChange>) -> Result<(), HostError> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(HostError::Disk { reason: "no room".to_owned() });
        }
        let mut all = self.parts.lock().unwrap();
        for change in changes {
            match change {
                DiskChange::PutPart { name, json } => drop(all.insert(name, (json, None))),
                DiskChange::Confirmed { parts, but, at } => {
                    let heard = |name: &String| parts.as_ref().is_none_or(|parts| parts.contains(name));
                    let heard = all.iter_mut().filter(|(name, _)| heard(name) && !but.contains(name));
                    heard.for_each(|(_, part)| part.1 = Some(at));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

const ASKED: &str = "019ab000-0000-7000-8000-000000000001";

fn nine() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_338_000)
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

fn opened() -> (Arc<Memory>, Arc<Outbox>) {
    let disk = Arc::new(Memory::default());
    (disk.clone(), Outbox::open(disk, Vec::new(), None))
}

fn asks(outbox: &Outbox) {
    let request = ContactRequest { requested_at: nine(), when: When::Now, how: How::Call, message: None };
    outbox.keep(ASKED.to_owned(), Tap::ContactRequest { request }, nine()).unwrap();
}

fn number(to_send: &ToSend) -> u64 {
    match to_send {
        ToSend::Sync { number, .. } | ToSend::ByKey { number, .. } => *number,
    }
}

fn next(outbox: &Outbox) -> ToSend {
    outbox.next(nine()).unwrap()
}

fn answer(cursor: &str, changes: &str, untold: &str) -> String {
    format!(
        r#"{{"cursor":"{cursor}","server_time":"2026-11-22T09:00:00Z","operations":[],"changes":{changes},"untold":{untold}}}"#
    )
}

#[test]
fn who_is_there_is_known_for_as_long_as_the_server_confirms_it() {
    let (disk, outbox) = opened();
    let cover = r#"{"cover":{"watched_now":true,"by":"Dee","until":"2026-11-23T08:00:00Z"}}"#;
    let words = |now: SystemTime| {
        let (json, heard_at) = disk.parts.lock().unwrap()["cover"].clone();
        cover_words(Some(json), heard_at, now, true, "Europe/London".into(), Language::En).unwrap()
    };
    for minute in 0..=60 {
        let now = nine() + minutes(minute);
        outbox.begin_round(true);
        let body = answer("the same", if minute == 0 { cover } else { "{}" }, "[]");
        let number = number(&outbox.next(now).unwrap());
        assert_eq!(outbox.answered(number, 200, body, now), Ok(Then::GoOn));
        assert!(words(now + minutes(1)).starts_with("Dee is on call"), "after {minute} minutes: {}", words(now));
    }
    // The server could not tell it: that it did not change is not known then.
    for minute in 61..=64 {
        let now = nine() + minutes(minute);
        outbox.begin_round(true);
        let number = number(&outbox.next(now).unwrap());
        outbox.answered(number, 200, answer("the same", "{}", r#"["cover"]"#), now).unwrap();
    }
    assert!(words(nine() + minutes(64)).starts_with("We can’t check"));
}

#[test]
fn a_revoked_phone_is_told_to_wipe_and_then_nothing_more() {
    let (_, outbox) = opened();
    asks(&outbox);
    outbox.begin_round(false);
    let sent = next(&outbox);
    assert_eq!(outbox.answered(number(&sent), 401, r#"{"code":"unauthorised"}"#.into(), nine()), Ok(Then::Refresh));
    assert_eq!(outbox.session_over(true), Ok(Then::Wipe));
    assert!(outbox.is_revoked() && outbox.next(nine()).is_none() && outbox.next_contact(nine()).is_none());
    assert_eq!(outbox.wake(nine()), None);
}

#[test]
fn a_revoked_phone_is_told_to_wipe_even_if_its_disk_is_full() {
    let over_by_key = |disk: &Memory, outbox: &Outbox| {
        outbox.session_over(false).unwrap();
        let by_key = number(&next(outbox));
        disk.is_full.store(true, Ordering::Relaxed);
        outbox.answered(by_key, 401, r#"{"code":"device_revoked"}"#.into(), nine())
    };
    for by_key in [false, true] {
        let (disk, outbox) = opened();
        asks(&outbox);
        outbox.begin_round(false);
        let then = if by_key {
            over_by_key(&disk, &outbox)
        } else {
            disk.is_full.store(true, Ordering::Relaxed);
            outbox.session_over(true)
        };
        assert_eq!(then, Ok(Then::Wipe));
        // What the other lane hears meanwhile takes nothing of it back.
        assert_eq!(outbox.session_over(false), Ok(Then::Wipe));
        assert!(outbox.is_revoked() && outbox.next(nine()).is_none());
    }
}

#[test]
fn a_session_that_is_over_is_no_reason_to_wipe_and_the_request_for_contact_goes_by_key() {
    let (_, outbox) = opened();
    asks(&outbox);
    outbox.begin_round(false);
    assert_eq!(outbox.session_over(false), Ok(Then::GoOn));
    let sent = next(&outbox);
    assert!(matches!(&sent, ToSend::ByKey { id, .. } if id == ASKED));
    let page = "<html>Pay here</html>";
    assert_eq!(outbox.answered(number(&sent), 422, page.into(), nine()), Ok(Then::Wait));
    assert_eq!(outbox.items()[0].shown, Shown::SavedOnThisPhone);
}

#[test]
fn a_page_that_says_520_is_as_no_answer() {
    let (_, outbox) = opened();
    asks(&outbox);
    outbox.begin_round(false);
    let sent = next(&outbox);
    assert_eq!(outbox.answered(number(&sent), 520, "<html>".into(), nine()), Ok(Then::Wait));
    assert_eq!(outbox.wake(nine()), Some(nine()), "nothing was counted");
}

#[test]
fn an_answer_to_the_session_before_says_nothing_to_who_joined_again() {
    let (_, outbox) = opened();
    asks(&outbox);
    outbox.begin_round(false);
    outbox.session_over(false).unwrap();
    let before = next(&outbox);
    outbox.joined_again().unwrap();
    let revoked = r#"{"code":"device_revoked"}"#;
    assert_eq!(outbox.answered(number(&before), 401, revoked.into(), nine()), Ok(Then::GoOn));
    assert!(!outbox.is_revoked());
    let now = next(&outbox);
    assert!(matches!(now, ToSend::Sync { .. }) && number(&now) != number(&before));
}

#[test]
fn what_cannot_be_read_is_the_hosts_fault_and_what_cannot_be_is_the_persons() {
    assert!(matches!(check_schedule("{".into()), Err(HostError::Unreadable { .. })));
    let none = r#"{"starts_on":"2026-01-01","times":[],"repeat":{"unit":"day","every":1},"ends":null}"#;
    assert_eq!(check_schedule(none.into()).unwrap().unwrap().field, "times");
}
