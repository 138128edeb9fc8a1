//! The cases that the core and the client's app in the browser must both get right, in `fixtures/outbox.json`:
//!
//! * `keep`: what is on the phone, and a tap → the ids of everything afterwards, in order.
//! * `next`: what is on the phone, the round so far and the time → the next request, or `null`. With `sync`, all of it as it is on the
//!   wire, without what is not there (and without the bodies of its operations where there are `many`); with `by_key`, the id of a request
//!   for contact that goes by the contact key. `many` stands for so many check-ins more, with ids that count up, in hexadecimal, from
//!   `00000000-0000-7000-8000-000000000001`, made at `2026-11-01T00:00:00Z`, with a note of `pad` letters `x`.
//! * `answered`: a request as it was sent, and its answer → everything on the phone afterwards (entries in order of their ids), how it
//!   stands with the server, and which parts of `changes` were taken.
//!   `then_in_doubt`: what was in doubt when the request was made, where that is not what it names in `anew`, as it stands now.
//! * `failed`: what was sent, and how it failed → everything afterwards, the round, and what the host does next: `go_on` (ask for the
//!   next request), `wait` (the round is over) or `refresh` (get a new token, then go on).
//! * `rounds`: what is on the phone, and what comes to the requests of a round in turn (the last of them to all further ones): a failure, or
//!   `{ "all": outcome }` for everything that was sent → which requests were made, with `sync` by the number of their operations and with
//!   `by_key` by id, and the states of all entries in order of their ids. Requests that only ask for news are each app's own, and left out.
//! * `pauses`: rounds in a row that reached nobody, whether a person waits for a person → seconds to wait.
//!
//! `last` and `last_at` are a pair, set and cleared together; `last_at` is the `server_time` of that answer to the letter, and is not
//! sent when it is not known (an older app has stored none). The `problem` of a failure is `null` if what came was not JSON.
//!
//! Instants are to be compared as instants: `…:00Z` and `…:00.000Z` are the same. What a field that is missing means is in
//! `Entry`, `Standing` and `Round`: `null`, 0, `false`, `open`, and 200 for the `most` of a round.

use serde_json::{Map, json};

use super::*;
use crate::sync::{Answer, Came, Operation, Request};

#[derive(Serialize, Deserialize)]
struct File {
    keep: Vec<Case>,
    next: Vec<Case>,
    answered: Vec<Case>,
    failed: Vec<Case>,
    rounds: Vec<Case>,
    pauses: Vec<(u32, bool, u64)>,
}

#[derive(Serialize, Deserialize)]
struct Case {
    name: String,
    now: DateTime<Utc>,
    entries: Vec<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    many: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pad: Option<usize>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    standing: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    round: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    tap: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    sent: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    answer: Value,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    failure: Value,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    come: Vec<Value>,
    #[serde(default)]
    expected: Value,
}

impl Case {
    fn outbox(&self) -> Outbox {
        let entries = self.entries.iter().map(|entry| serde_json::from_value(entry.clone()).unwrap());
        let made = "2026-11-01T00:00:00Z".parse().unwrap();
        let note = "x".repeat(self.pad.unwrap_or(1));
        let many = (1..=self.many.unwrap_or(0)).map(|n| {
            let id = Uuid::from_u128(0x7000_8000_0000_0000_0000 + u128::from(n));
            Entry::new(id, Kind::CheckIn, json!({ "note": note }), made)
        });
        Outbox::read(entries.chain(many), read(&self.standing).unwrap_or_default())
    }

    fn round(&self) -> Round {
        read(&self.round).unwrap_or_default()
    }

    fn sent(&self) -> Send {
        let by_key: Option<Operation> = read(&self.sent["by_key"]);
        by_key.map_or_else(|| Send::Sync(self.request()), Send::ByKey)
    }

    /// With the doubts that there were when it was made, which are not sent: `then_in_doubt`, or those that it names, as they stand.
    fn request(&self) -> Request {
        let mut request: Request = read(&self.sent["sync"]).unwrap();
        let standing: Standing = read(&self.standing).unwrap_or_default();
        let named = || standing.doubts.into_iter().filter(|(part, _)| request.anew.contains(part)).collect();
        request.doubts = read(&self.sent["then_in_doubt"]).unwrap_or_else(named);
        request
    }
}

fn read<T: for<'a> Deserialize<'a>>(value: &Value) -> Option<T> {
    (!value.is_null()).then(|| serde_json::from_value(value.clone()).unwrap())
}

/// Everything on the phone, in order.
fn after(mut outbox: Outbox, changes: &[Change]) -> Map<String, Value> {
    outbox.apply(changes);
    let entries: Vec<&Entry> = outbox.entries().collect();
    Map::from_iter([
        ("entries".to_owned(), serde_json::to_value(entries).unwrap()),
        ("standing".to_owned(), serde_json::to_value(outbox.standing()).unwrap()),
    ])
}

fn keep(case: &Case) -> Value {
    let mut outbox = case.outbox();
    let changes = outbox.keep(read(&case.tap).unwrap()).unwrap();
    outbox.apply(&changes);
    json!(outbox.entries().map(|entry| entry.id).collect::<Vec<_>>())
}

fn next(case: &Case) -> Value {
    match case.outbox().next(&mut case.round(), case.now) {
        None => Value::Null,
        Some(Send::ByKey(operation)) => json!({ "by_key": operation.id }),
        Some(Send::Sync(request)) => {
            let mut sync = serde_json::to_value(&request).unwrap();
            if case.many.is_some() {
                let bare = request.operations.iter().map(|one| json!({ "id": one.id, "kind": one.kind }));
                sync["operations"] = bare.collect();
            }
            json!({ "sync": sync })
        }
    }
}

fn answered(case: &Case) -> Value {
    let Send::Sync(request) = case.sent() else { panic!("answers are to sync") };
    let answer: Answer = read(&case.answer).unwrap();
    let outbox = case.outbox();
    let changes = outbox.answered(&mut Round::default(), &request, &answer, case.now);
    let parts =
        changes.iter().filter_map(|change| if let Change::Part { name, .. } = change { Some(name) } else { None });
    let parts = json!(parts.collect::<Vec<_>>());
    let mut expected = after(outbox.clone(), &changes);
    expected.insert("parts".to_owned(), parts);

    let mut again = outbox;
    again.apply(&changes);
    let settled: Vec<Entry> = again.entries().filter(|entry| !entry.waits()).cloned().collect();
    let second = again.answered(&mut Round::default(), &request, &answer, case.now);
    again.apply(&second);
    let name = &case.name;
    assert!(settled.iter().all(|entry| again.entries().any(|one| one == entry)), "a second copy of the answer: {name}");

    Value::Object(expected)
}

fn failed(case: &Case) -> Value {
    let (outbox, mut round) = (case.outbox(), case.round());
    let (changes, then) = outbox.failed(&mut round, &case.sent(), &read(&case.failure).unwrap(), case.now);
    let mut expected = after(outbox, &changes);
    expected.insert("then".to_owned(), serde_json::to_value(then).unwrap());
    expected.insert("round".to_owned(), json!({ "tried": round.tried, "most": round.most }));
    Value::Object(expected)
}

fn rounds(case: &Case) -> Value {
    let (mut outbox, mut round, mut requests) = (case.outbox(), case.round(), Vec::new());
    for turn in 0.. {
        assert!(turn < 100, "{} has no end", case.name);
        let Some(sent) = outbox.next(&mut round, case.now) else { break };
        let come = &case.come[turn.min(case.come.len() - 1)];
        let all: Option<Came> = read(&come["all"]);
        let (changes, then) = match (&sent, all) {
            (_, None) => outbox.failed(&mut round, &sent, &read(come).unwrap(), case.now),
            (Send::ByKey(one), Some(_)) => (outbox.received_by_key(one.id, case.now), round.then()),
            (Send::Sync(request), Some(outcome)) => {
                let outcomes = request.operations.iter().map(|one| json!({ "id": one.id, "outcome": outcome }));
                let outcomes: Vec<Value> = outcomes.collect();
                let answer = json!({ "cursor": turn.to_string(), "server_time": case.now, "operations": outcomes });
                (outbox.answered(&mut round, request, &read(&answer).unwrap(), case.now), round.then())
            }
        };
        outbox.apply(&changes);
        match sent {
            Send::ByKey(one) => requests.push(json!({ "by_key": one.id })),
            Send::Sync(Request { operations, want: None, .. }) if operations.is_empty() => {}
            Send::Sync(request) => requests.push(json!({ "sync": request.operations.len() })),
        }
        if then == Then::Wait {
            break;
        }
    }
    let states: Vec<&State> = outbox.entries().map(|entry| &entry.state).collect();
    json!({ "requests": requests, "states": states })
}

/// `COMPANION_REWRITE=1` writes what is found into the file, to be read before it is kept.
#[test]
fn other_cores_send_and_take_the_same_from_the_fixtures() {
    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/outbox.json");
    let mut file: File = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    assert!(file.next.len() + file.answered.len() + file.failed.len() >= 45);
    let rewrite = std::env::var_os("COMPANION_REWRITE").is_some();
    let find = |cases: &mut Vec<Case>, find: fn(&Case) -> Value| {
        for case in cases {
            let found = find(case);
            if rewrite {
                case.expected = found;
            } else {
                assert_eq!(found, case.expected, "{}", case.name);
            }
        }
    };
    find(&mut file.keep, keep);
    find(&mut file.next, next);
    find(&mut file.answered, answered);
    find(&mut file.failed, failed);
    find(&mut file.rounds, rounds);
    for (failures, contact, seconds) in &mut file.pauses {
        let found = pause(*failures, *contact).as_secs();
        assert!(std::mem::replace(seconds, found) == found || rewrite, "after {failures} rounds, contact {contact}");
    }
    if rewrite {
        std::fs::write(FILE, lines(&serde_json::to_value(&file).unwrap(), 0) + "\n").unwrap();
    }
}

/// A line for each thing in a case, so that a change can be read.
fn lines(value: &Value, depth: usize) -> String {
    let each: Vec<String> = match value {
        Value::Array(list) if depth < 4 => list.iter().map(|one| lines(one, depth + 1)).collect(),
        Value::Object(fields) if depth < 4 => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(field, _)| (*field == "expected", *field != "name"));
            fields.iter().map(|(field, value)| format!("\"{field}\": {}", lines(value, depth + 1))).collect()
        }
        _ => Vec::new(),
    };
    if each.is_empty() {
        return value.to_string();
    }
    let (ends, indent) = (if value.is_array() { ["[", "]"] } else { ["{", "}"] }, "  ".repeat(depth));
    format!("{}\n{indent}  {}\n{indent}{}", ends[0], each.join(&format!(",\n{indent}  ")), ends[1])
}
