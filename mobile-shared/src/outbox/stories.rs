use serde_json::json;

use super::*;

fn at(minute: u32) -> DateTime<Utc> {
    format!("2026-11-21T21:{minute:02}:00Z").parse().unwrap()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn mark(n: u128, minute: u32, of: u128) -> Entry {
    Entry::new(id(n), Kind::PackFeedback, json!({ "resource_id": id(of), "read_to": minute }), at(minute))
}

fn with(entries: impl IntoIterator<Item = Entry>) -> Outbox {
    Outbox::read(entries, Standing::default())
}

#[test]
fn a_tap_is_kept_once_and_its_id_is_for_nothing_else() {
    let outbox = with([mark(1, 1, 90)]);
    assert_eq!(outbox.keep(mark(1, 1, 90)), Ok(vec![]));
    assert_eq!(outbox.keep(mark(1, 1, 91)), Err(UsedId));
    assert_eq!(outbox.keep(mark(2, 1, 91)), Ok(vec![Change::Put(Box::new(mark(2, 1, 91)))]));
}

#[test]
fn of_marks_on_one_thing_only_the_newest_waits_and_what_was_received_stays() {
    let received = Entry { state: State::Received, received_at: Some(at(1)), ..mark(1, 1, 90) };
    let refused = Entry { state: State::Refused, ..mark(2, 2, 90) };
    let mut outbox = with([received, refused, mark(3, 3, 90), mark(4, 4, 91)]);
    let changes = outbox.keep(mark(5, 5, 90)).unwrap();
    outbox.apply(&changes);
    assert_eq!(outbox.entries().map(|entry| entry.id).collect::<Vec<_>>(), [id(1), id(4), id(5)]);
}

#[test]
fn signing_out_says_what_would_be_lost_and_only_what_was_refused_can_be_removed() {
    let refused = Entry { state: State::Refused, ..mark(1, 3, 90) };
    let received = Entry { state: State::Received, ..mark(2, 2, 90) };
    let unknown = Entry::new(id(3), Kind::Unknown("voice_note".into()), json!({}), at(1));
    let outbox = with([refused, received, unknown, mark(4, 2, 91)]);
    assert_eq!(outbox.unsent().iter().map(|entry| entry.id).collect::<Vec<_>>(), [id(3), id(4), id(1)]);
    assert_eq!(outbox.remove_refused(id(1)), [Change::Remove(id(1))]);
    assert!([2, 3, 4, 5].iter().all(|n| outbox.remove_refused(id(*n)).is_empty()));
}

#[test]
fn the_phone_wakes_for_what_can_go_next() {
    let later = Entry { not_before: Some(at(20)), ..mark(1, 1, 90) };
    let stuck = Entry::new(id(2), Kind::Unknown("voice_note".into()), json!({}), at(1));
    assert_eq!(with([stuck.clone()]).wake(at(10)), None);
    assert_eq!(with([stuck.clone(), later.clone()]).wake(at(10)), Some(at(20)));
    assert_eq!(with([stuck, later, mark(3, 1, 91)]).wake(at(10)), Some(at(10)));
}

#[test]
fn joining_again_asks_for_everything_anew_and_forgets_nothing() {
    let last = Last { id: Some(id(9)), at: Some("2026-11-21T21:00:00.123456Z".into()) };
    let standing =
        Standing { cursor: Some("c".into()), last: last.clone(), session: Session::Over, ..Standing::default() };
    let mut outbox = Outbox::read([mark(1, 1, 90)], standing);
    let changes = outbox.session_is(Session::Open);
    outbox.apply(&changes);
    assert_eq!(outbox.standing(), &Standing { last, ..Standing::default() });
    assert_eq!(outbox.entries().count(), 1);
    assert!(outbox.session_is(Session::Open).is_empty());
}
