//! Promises 1 and 3 on the real binary: killed at random under load, one node, two nodes, PostgreSQL itself, and a node that stood
//! still. Nothing accepted is lost, every open request reaches its next step, and nobody is rung twice but for a crash.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use companion_tests::{
    Backend,
    binary::{self, Installation},
    cluster::Cluster,
    crew::{Asked, Crew, send_all, until},
    database::Database,
    scale,
};
use reqwest::Method;
use uuid::Uuid;

const CLIENTS: usize = 8;
/// From when there is a server again until every open request has reached its next step. The other of two nodes waits some nine seconds (a lease,
/// what their clocks may differ by, its next look); the rest is for a machine that is busy. How long it took is printed.
const BOUND: Duration = Duration::from_secs(30);
/// What a node that stands still holds of a client's turn, PostgreSQL takes from it after this.
const TURN: Duration = Duration::from_secs(30);

/// So many in the daily run; for each 20 of them `COMPANION_TEST_KILLS`, where `tests/soak` gives that.
fn kills(usual: u64) -> u64 {
    match std::env::var("COMPANION_TEST_KILLS") {
        Ok(all) => usual * all.parse::<u64>().unwrap() / 20,
        Err(_) => usual * scale(),
    }
}

fn to_this_machine() -> Vec<(String, String)> {
    vec![("COMPANION_TEST_PUSH_TO_THIS_MACHINE".into(), "1".into())]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_killed_under_load_sqlite() {
    let database = Database::fresh(Backend::Sqlite).await.unwrap();
    let first = Installation::on(database, to_this_machine()).await;
    killed(first, false, kills(20)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_nodes_killed_under_load_postgres() {
    let Some(database) = Database::fresh(Backend::Postgres).await else { return };
    let first = Installation::on(database, to_this_machine()).await;
    killed(first, true, kills(10)).await;
}

/// Killed so many times while requests come in and people are rung.
async fn killed(mut first: Installation, two: bool, kills: u64) {
    let chance = binary::chance("kill while people are rung");
    first.start(true);
    let mut crew = Crew::of(&first.api, CLIENTS, chance).await;
    let mut nodes = vec![first];
    if two {
        let mut second = nodes[0].beside();
        second.start(true);
        nodes.push(second);
    }
    let (mut steps, mut doubled, mut answered, mut rung) = (Vec::new(), 0, 0, Duration::ZERO);
    for round in 0..kills {
        if round % 20 == 19 {
            crew.sign_in_again().await;
        }
        let dying = usize::try_from(round).unwrap() % nodes.len();
        let mut asked = crew.ask(0..CLIENTS);
        for one in &mut asked[..CLIENTS / 2] {
            put(&nodes[dying], one).await;
        }
        let in_flight = send_all(&nodes[dying].api, &asked[CLIENTS / 2..]).await;
        tokio::time::sleep(crew.moment(Duration::from_millis(150))).await;
        nodes[dying].kill();
        let accepted: HashSet<Uuid> = in_flight.join_all().await.into_iter().flatten().collect();
        asked.iter_mut().for_each(|one| one.accepted |= accepted.contains(&one.id));
        answered += asked.iter().filter(|one| one.accepted).count();
        if !two {
            nodes[dying].start(true);
        }
        let alive = (dying + 1) % nodes.len();
        let began = Instant::now();
        nothing_is_lost(&crew, &nodes[alive], &mut asked).await;
        let messages = everybody_is_rung(&crew, &nodes[alive], &asked, began, &mut steps, &mut rung).await;
        doubled = doubled.max(messages);
        if two {
            nodes[dying].start(true);
        }
        take_all(&crew, &nodes[alive], &asked).await;
    }
    let provider = &nodes[0];
    assert_eq!(provider.count(DOUBLED).await, 0, "no step was taken twice");
    assert_eq!(provider.count(ORPHANS).await, 0, "what is open has a next step");
    steps.sort_unstable();
    let (median, worst) = (steps[steps.len() / 2], steps.last().unwrap());
    println!(
        "{kills} kills, {} nodes: {answered} requests answered before the kill, none lost; next step decided after {median:.0?} (half), \
         {worst:.0?} (all); one message at most {doubled} times; every phone rung within {rung:.0?}",
        nodes.len()
    );
    for node in &mut nodes {
        node.kill();
    }
    let first = nodes.remove(0);
    assert!(first.verify_audit().status.success());
    first.remove().await;
}

const DOUBLED: &str = "SELECT COUNT(*) FROM (SELECT escalation_id FROM ring GROUP BY escalation_id, worker_id, channel_id, place, step, round
                       HAVING COUNT(*) > 1) twice";
const ORPHANS: &str =
    "SELECT COUNT(*) FROM contact_request r WHERE r.folded_into IS NULL AND r.state NOT IN ('done', 'cancelled')
                       AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.subject_id = r.id AND e.due_at IS NOT NULL)";

async fn put(node: &Installation, one: &mut Asked) {
    let answer = node.api.call(Method::PUT, &one.path(), Some(&one.key), Some(&one.body)).await;
    assert!(answer.status.is_success(), "{}", answer.text);
    one.accepted = true;
}

/// Whatever was answered is there: the same again changes nothing. What was not can be sent again.
async fn nothing_is_lost(crew: &Crew, node: &Installation, asked: &mut [Asked]) {
    let there: HashSet<String> =
        crew.open(&node.api).await.iter().map(|request| request["id"].as_str().unwrap().to_owned()).collect();
    for one in asked {
        assert!(!one.accepted || there.contains(&one.id.to_string()), "{} was accepted and is not there", one.id);
        put(node, one).await;
    }
}

/// Both steps are taken: Moe's phone refused, Dee's was sent it. How often one and the same message arrived.
async fn everybody_is_rung(
    crew: &Crew,
    node: &Installation,
    asked: &[Asked],
    began: Instant,
    steps: &mut Vec<Duration>,
    rung: &mut Duration,
) -> usize {
    let mut decided = HashSet::new();
    // The second step waits to hear that Moe's phone refused, and the node that died may have been just asking it.
    until(BOUND, "every open request has reached its second step", async || {
        for request in crew.open(&node.api).await {
            let at_second = request["escalation"]["rung"].as_array().unwrap().iter().any(|ring| ring["step"] == 2);
            if at_second && decided.insert(request["id"].as_str().unwrap().to_owned()) {
                steps.push(began.elapsed());
            }
        }
        decided.len() == asked.len()
    })
    .await;
    let mut messages = Vec::new();
    until(BOUND, "every ring has arrived", async || {
        messages.extend(crew.takes.take());
        crew.arrived(asked, &messages).len() == asked.len()
    })
    .await;
    *rung = began.elapsed().max(*rung);
    let most = crew.most_of_one(&messages);
    assert!(most <= 2, "one message {most} times, one node died");
    most
}

/// "I've got this" to all of them, and done: the next round begins with none open.
async fn take_all(crew: &Crew, node: &Installation, asked: &[Asked]) {
    for act in ["acknowledge", "complete"] {
        for one in asked {
            let answer = crew.act(&node.api, one.id, act).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{act}");
        }
    }
    assert_eq!(crew.open(&node.api).await.len(), 0);
}

/// An acknowledgement that was answered stands: killed while all of them are taken, nobody is rung again for what somebody has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_requests_are_taken_sqlite() {
    let database = Database::fresh(Backend::Sqlite).await.unwrap();
    let mut provider = Installation::on(database, to_this_machine()).await;
    let chance = binary::chance("kill while requests are taken");
    provider.start(true);
    let mut crew = Crew::of(&provider.api, CLIENTS, chance).await;
    let (kills, mut answered) = (kills(5), 0);
    for round in 0..kills {
        if round % 20 == 19 {
            crew.sign_in_again().await;
        }
        let mut asked = crew.ask(0..CLIENTS);
        for one in &mut asked {
            put(&provider, one).await;
        }
        everybody_is_rung(&crew, &provider, &asked, Instant::now(), &mut Vec::new(), &mut Duration::default()).await;
        let mut calls = tokio::task::JoinSet::new();
        for one in &asked {
            let (call, id) = (crew.act(&provider.api, one.id, "acknowledge"), one.id);
            calls.spawn(async move { call.send().await.is_ok_and(|a| a.status().is_success()).then_some(id) });
        }
        tokio::time::sleep(crew.moment(Duration::from_millis(60))).await;
        provider.kill();
        let taken: HashSet<Uuid> = calls.join_all().await.into_iter().flatten().collect();
        answered += taken.len();
        crew.takes.take();
        provider.start(true);
        let open = crew.open(&provider.api).await;
        for id in &taken {
            let request = open.iter().find(|request| request["id"] == id.to_string()).unwrap();
            assert_eq!(request["escalation"]["state"], "held", "round {round}: {request:#}");
        }
        let of_taken: Vec<Asked> = asked.iter().filter(|one| taken.contains(&one.id)).cloned().collect();
        assert_eq!(
            crew.arrived(&of_taken, &crew.takes.take()).len(),
            0,
            "round {round}: nobody is rung for what somebody has"
        );
        take_all(&crew, &provider, &asked).await;
    }
    println!(
        "{kills} kills while {} were taken: {answered} answered, all of them stand",
        u64::try_from(CLIENTS).unwrap() * kills
    );
    provider.remove().await;
}

/// PostgreSQL itself: all its processes at once. The servers live on, say 503 meanwhile, and recover by themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_itself_killed_under_load() {
    let Some(cluster) = Cluster::fresh() else { return };
    let database = Database::fresh_on(&cluster.url()).await;
    let mut first = Installation::on(database, to_this_machine()).await;
    first.start(true);
    let chance = binary::chance("kill PostgreSQL");
    let crew = Crew::of(&first.api, CLIENTS, chance).await;
    let mut second = first.beside();
    second.start(true);
    let (kills, mut steps, mut answered) = (kills(3), Vec::new(), 0);
    let (mut rung, mut slowest) = (Duration::ZERO, Duration::ZERO);
    for round in 0..kills {
        let mut asked = crew.ask(0..CLIENTS);
        for (n, one) in asked[..CLIENTS / 2].iter_mut().enumerate() {
            put(if n % 2 == 0 { &first } else { &second }, one).await;
        }
        let in_flight = send_all(&second.api, &asked[CLIENTS / 2..]).await;
        tokio::time::sleep(crew.moment(Duration::from_millis(100))).await;
        cluster.kill();
        let accepted: HashSet<Uuid> = in_flight.join_all().await.into_iter().flatten().collect();
        asked.iter_mut().for_each(|one| one.accepted |= accepted.contains(&one.id));
        answered += asked.iter().filter(|one| one.accepted).count();
        let (one, sent) = (asked.last().unwrap(), Instant::now());
        let refused = first.api.call(Method::PUT, &one.path(), Some(&one.key), Some(&one.body)).await;
        assert_eq!(refused.status, 503, "round {round}: {}", refused.text);
        assert!(refused.header("retry-after").is_some(), "round {round}: it is to come again");
        slowest = slowest.max(sent.elapsed());
        cluster.start();
        let began = Instant::now();
        until(BOUND, "both nodes take requests again", async || {
            let ready = async |node: &Installation| node.api.get("/readyz").await.status == 200;
            ready(&first).await && ready(&second).await
        })
        .await;
        nothing_is_lost(&crew, &second, &mut asked).await;
        everybody_is_rung(&crew, &second, &asked, began, &mut steps, &mut rung).await;
        take_all(&crew, &second, &asked).await;
    }
    assert_eq!((first.count(DOUBLED).await, first.count(ORPHANS).await), (0, 0));
    println!(
        "PostgreSQL killed {kills} times: {answered} requests answered before, none lost; next step decided within {:.0?} of its being \
         back; meanwhile 503 within {slowest:.0?}; every phone rung within {rung:.0?}",
        steps.iter().max().unwrap()
    );
    second.kill();
    first.remove().await;
}

/// A node that stands still past every lease, and goes on with whatever it was at: it changes nothing that was decided since.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_stood_still_writes_nothing_stale_postgres() {
    let Some(database) = Database::fresh(Backend::Postgres).await else { return };
    let mut first = Installation::on(database, to_this_machine()).await;
    first.start(true);
    let crew = Crew::of(&first.api, CLIENTS, binary::chance("pause under load")).await;
    let mut second = first.beside();
    second.start(true);
    let mut asked = crew.ask(0..CLIENTS);
    for one in &mut asked[..CLIENTS / 2] {
        put(&second, one).await;
    }
    let in_flight = send_all(&second.api, &asked[CLIENTS / 2..]).await;
    tokio::time::sleep(crew.moment(Duration::from_millis(60))).await;
    second.pause();
    let paused = Instant::now();
    for one in &mut asked[CLIENTS / 2..] {
        until(TURN + BOUND, "the other node takes the request", async || {
            first.api.call(Method::PUT, &one.path(), Some(&one.key), Some(&one.body)).await.status.is_success()
        })
        .await;
        one.accepted = true;
    }
    let (mut messages, mut waited) = (Vec::new(), Duration::ZERO);
    waited += until(TURN + BOUND, "the other node rings for all of them", async || {
        messages.extend(crew.takes.take());
        crew.arrived(&asked, &messages).len() == asked.len()
    })
    .await;
    take(&crew, &first, &asked).await;
    tokio::time::sleep((TURN + Duration::from_secs(2)).saturating_sub(paused.elapsed())).await;
    let before = state(&first).await;
    second.wake();
    until(BOUND, "it answers again", async || second.api.get("/readyz").await.status == 200).await;
    drop(in_flight);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(state(&first).await, before, "what somebody has stays theirs");
    messages.extend(crew.takes.take());
    assert!(crew.most_of_one(&messages) <= 2, "once more at most: what it had begun to send");
    assert_eq!((first.count(DOUBLED).await, first.count(ORPHANS).await), (0, 0));
    println!("a node stood still for {:.0?}: the other rang for all {CLIENTS} after {waited:.0?}", paused.elapsed());
    second.kill();
    first.remove().await;
}

async fn take(crew: &Crew, node: &Installation, asked: &[Asked]) {
    for one in asked {
        let answer = crew.act(&node.api, one.id, "acknowledge").send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}

/// What is open, and whose it is.
async fn state(node: &Installation) -> Vec<(Uuid, String, Option<Uuid>)> {
    let db = companion::db::Db::open(&node.database.url()).await.unwrap();
    let state = db
        .query("SELECT subject_id, CAST(state AS TEXT), held_by FROM escalation WHERE ended_at IS NULL AND client_id IS NOT NULL ORDER BY subject_id")
        .all()
        .await
        .unwrap();
    db.close().await;
    state
}
