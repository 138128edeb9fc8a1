use serde_json::json;

use super::*;
use crate::sync::Problem;

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
fn what_is_about_nothing_else_never_takes_the_place_of_another() {
    let note = |n: u128, kind: Kind| Entry::new(id(n), kind, json!({ "n": n.to_string() }), at(1));
    for kind in [Kind::CheckIn, Kind::ContactRequest, Kind::PackAddition, Kind::PackSearch, Kind::PackFeedback] {
        let changes = with([note(1, kind.clone())]).keep(note(2, kind.clone())).unwrap();
        assert_eq!(changes, [Change::Put(Box::new(note(2, kind)))]);
    }
    let changes = with([note(1, Kind::PackFirstAid)]).keep(note(2, Kind::PackFirstAid)).unwrap();
    assert_eq!(
        changes,
        [Change::Remove(id(1)), Change::Put(Box::new(note(2, Kind::PackFirstAid)))],
        "there is one box"
    );
}

#[test]
fn while_no_new_token_is_to_be_had_a_request_for_contact_goes_by_key_even_when_the_round_is_over() {
    let outbox = with([Entry::new(id(1), Kind::ContactRequest, json!({ "when": "now" }), at(1)), mark(2, 1, 90)]);
    let no = Failure::Status { status: 401, problem: Some(Problem::default()) };
    let mut round = Round::new(true);
    for then in [Then::Refresh, Then::GoOn] {
        let sent = outbox.next(&mut round, at(2)).unwrap();
        assert!(matches!(&sent, Send::Sync(request) if request.operations[0].id == id(1)));
        assert_eq!(outbox.failed(&mut round, &sent, &no, at(2)), (vec![], then));
    }
    let mut beside = round.clone();
    let by_key = outbox.next(&mut round, at(2)).unwrap();
    assert!(matches!(&by_key, Send::ByKey(one) if one.id == id(1)));
    assert_eq!(outbox.next_contact(&mut beside, at(2)), Some(by_key));
    assert_eq!((round.then(), outbox.next(&mut round, at(2))), (Then::Wait, None));
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
fn whoever_was_revoked_stays_so_until_they_join_again() {
    let mut outbox = with([mark(1, 1, 90)]);
    outbox.apply(&outbox.session_is(Session::Revoked));
    assert!(outbox.session_is(Session::Over).is_empty());
    assert!(matches!(&outbox.session_is(Session::Open)[..], [Change::Standing(now)] if now.session == Session::Open));
}

#[test]
fn of_more_than_can_be_offered_the_newest_are_enough_to_know_what_was_last() {
    let received = |n: u32| Entry {
        state: State::Received,
        received_at: Some(at(1) + TimeDelta::seconds(n.into())),
        ..mark(n.into(), 1, 90)
    };
    let mut outbox = with((1..=2001).map(received).chain([mark(5000, 50, 91)]));
    let mut round = Round::new(false);
    let Some(Send::Sync(request)) = outbox.next(&mut round, at(55)) else { panic!("an offer") };
    assert_eq!(request.offered.as_ref().unwrap().len(), 2000);
    let done = json!({ "cursor": "c", "server_time": "2026-11-21T21:55:00Z", "operations": [{ "id": id(5000), "outcome": "done" }] });
    let changes = outbox.answered(&mut round, &request, &serde_json::from_value(done).unwrap(), at(55));
    outbox.apply(&changes);
    assert_eq!(outbox.standing().last.id, Some(id(5000)));
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
