//! The story as a whole: what the engine makes of the diaries, and what is in the inbox at the end.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use mobile_shared::{
    early_warning::{self as engine, Answer, CheckIn, HigherIs, ItemKind, ItemSpec, Level},
    item::STANDARD,
};
use serde_json::Value;

use super::{
    diary,
    people::{Client, PASSWORD, Part, People},
    story,
    wire::Wire,
};
use crate::{
    app::App,
    audit::{self, Verdict},
    clock::{Chance, MovableClock},
    db::Db,
    ids::OrganisationId,
};

/// The days on which the engine sees a change, newest last.
fn standing(client: &Client, today: NaiveDate) -> Vec<NaiveDate> {
    assessed(client, today).iter().filter(|a| a.level > Level::Steady).map(|a| a.day).collect()
}

/// What the engine makes of a diary.
fn assessed(client: &Client, today: NaiveDate) -> Vec<engine::Assessment> {
    let spec = |n: usize, kind, higher_is| ItemSpec {
        key: n.to_string(),
        label: n.to_string(),
        kind,
        min: 1.0,
        max: 7.0,
        higher_is,
        ends: None,
        stage: 0,
    };
    let mut items: Vec<ItemSpec> = (0..).zip(STANDARD).map(|(n, s)| spec(n, ItemKind::Standard, s.higher_is)).collect();
    items.extend((5..5 + client.signs.len()).map(|n| spec(n, ItemKind::Sign, HigherIs::Worse)));
    let diary = diary::write(client, today);
    let check_ins: Vec<CheckIn> = diary
        .iter()
        .map(|e| {
            let said = (0_usize..)
                .zip(&e.answers)
                .filter_map(|(n, v)| Some(Answer { item: n.to_string(), value: f64::from((*v)?) }));
            CheckIn { day: e.day, answers: said.collect() }
        })
        .collect();
    engine::assess(&engine::Diary { items, check_ins, baselines: Vec::new(), plans: Vec::new() }, diary[0].day..=today)
}

/// A week of starts, because weekdays matter to the diaries.
fn a_week_of_starts() -> impl Iterator<Item = NaiveDate> {
    (0..7).map(|n| NaiveDate::from_ymd_opt(2026, 11, 16).unwrap() + TimeDelta::days(n))
}

#[test]
fn whatever_the_weekday_the_engine_has_just_seen_the_one_who_drifts() {
    let people = People::read().unwrap();
    let drifting = people.clients.iter().find(|c| c.part == Part::Drifting).unwrap();
    for today in a_week_of_starts() {
        let days = standing(drifting, today);
        let run = days.iter().rev().zip(0..).take_while(|(day, n)| **day == today - TimeDelta::days(*n)).count();
        assert!((1..=3).contains(&run), "on {today} it has stood for {run} days");
    }
}

#[test]
fn whatever_the_weekday_the_others_are_steady_and_had_few_flags() {
    let people = People::read().unwrap();
    for today in a_week_of_starts() {
        let mut flags = 0;
        for client in people.clients.iter().filter(|c| !matches!(c.part, Part::Drifting | Part::Resolved)) {
            let days = standing(client, today);
            let runs =
                days.windows(2).filter(|d| d[1] - d[0] > TimeDelta::days(1)).count() + usize::from(!days.is_empty());
            flags += runs;
            assert!(
                days.last().is_none_or(|day| today - *day > TimeDelta::days(3)),
                "{} on {today}: {days:?}",
                client.name
            );
        }
        assert!(flags <= 6, "{flags} flags on {today}");
    }
}

#[test]
fn whatever_the_weekday_the_one_who_went_quiet_is_missed_since_a_few_days() {
    let people = People::read().unwrap();
    let quiet = people.clients.iter().find(|c| c.part == Part::Quiet).unwrap();
    for today in a_week_of_starts() {
        let days = assessed(quiet, today);
        let run = days.iter().rev().take_while(|a| a.silence.is_some()).count();
        assert!((1..=5).contains(&run), "on {today} the silence has stood for {run} days");
    }
}

#[test]
fn whatever_the_weekday_the_hard_time_of_weeks_ago_was_seen_and_is_over() {
    let people = People::read().unwrap();
    let resolved = people.clients.iter().find(|c| c.part == Part::Resolved).unwrap();
    for today in a_week_of_starts() {
        let days = standing(resolved, today);
        let (first, last) = (days.first().copied().unwrap(), days.last().copied().unwrap());
        assert!(
            (30..49).contains(&(today - first).num_days()) && (today - last).num_days() > 14,
            "on {today}: {days:?}"
        );
    }
}

fn rows<'a>(list: &'a Value, kind: &str) -> Vec<&'a Value> {
    list["items"].as_array().unwrap().iter().filter(|row| kind.is_empty() || row["kind"] == kind).collect()
}

/// The three whose stories matter; everybody would take a debug build a quarter of a minute.
#[tokio::test]
async fn at_the_end_one_drifts_one_asks_and_one_was_helped() {
    let mut people = People::read().unwrap();
    people.clients.retain(|c| matches!(c.part, Part::Drifting | Part::Asking | Part::Resolved));
    let file = std::env::temp_dir().join(format!("companion-demo-{}-story.db", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let db = Db::open(&format!("sqlite:{}", file.display())).await.unwrap();
    db.migrate().await.unwrap();
    let now: DateTime<Utc> = "2026-11-18T15:20:00Z".parse().unwrap();
    let clock = MovableClock::at(now - TimeDelta::weeks(13));
    let master = crate::seal::MasterKey::new(&Chance::from_system().bytes());
    let config = super::configuration(None).unwrap();
    let app = App::new(db, Arc::new(clock.clone()), Chance::from_system(), master, config).await.unwrap();
    story::live(app.clone(), people, clock, now).await.unwrap();

    let wire = Wire::new(app.clone());
    let mut dee = wire.sign_in("dee@fallowmere.example", PASSWORD).await.unwrap();
    let inbox = wire.call(&mut dee, "GET", "/api/v1/team/inbox", None, None).await.unwrap();
    let (flags, requests) = (rows(&inbox, "flag"), rows(&inbox, "contact_request"));
    assert_eq!((flags.len(), requests.len()), (1, 1), "{inbox:#}");
    assert_eq!((&flags[0]["client"]["preferred_name"], &flags[0]["flag"]["state"]), (&"Josie".into(), &"open".into()));
    assert!(flags[0]["sentence"].as_str().unwrap().contains("from your usual"), "{inbox:#}");
    assert_eq!(requests[0]["client"]["preferred_name"], "Marlon");

    let resolved = wire.call(&mut dee, "GET", "/api/v1/team/flags?state=resolved", None, None).await.unwrap();
    let helped =
        rows(&resolved, "early_warning").into_iter().find(|f| f["client"]["preferred_name"] == "Aled").unwrap();
    assert_eq!((&helped["outcome"], &helped["answer"]["answer"]), (&"support_changed".into(), &"about_right".into()));
    let done = wire.call(&mut dee, "GET", "/api/v1/team/contact-requests?state=done", None, None).await.unwrap();
    assert_eq!((&done["items"][0]["state"], &done["items"][0]["promise_broken"]), (&"done".into(), &false.into()));

    let answered = "SELECT COUNT(*) FROM occurrence WHERE told = 1 AND answer = 'done'";
    let waiting = "SELECT COUNT(*) FROM reminder_change WHERE state = 'proposed'";
    let (answered, waiting): (i64, i64) =
        (app.db.query(answered).scalar().await.unwrap(), app.db.query(waiting).scalar().await.unwrap());
    assert!((5..15).contains(&answered) && waiting == 1, "{answered} reminders were answered, {waiting} wait");

    let mine = wire.call(&mut dee, "GET", "/api/v1/team/rota/mine", None, None).await.unwrap();
    assert_eq!(
        (mine["asked"].as_array().unwrap().len(), mine["services"].as_array().unwrap().len()),
        (1, 2),
        "{mine:#}"
    );
    assert!(mine["next"].as_array().unwrap().len() > 20, "{mine:#}");
    let mut rota = async |name: &str| {
        let services = mine["services"].as_array().unwrap();
        let id = services.iter().find(|service| service["name"] == name).unwrap()["id"].as_str().unwrap();
        wire.call(&mut dee, "GET", &format!("/api/v1/team/rota?service_id={id}"), None, None).await.unwrap()
    };
    let out = rota("Out and About").await;
    let firsts = |rota: &Value| rota["holes"].as_array().unwrap().iter().filter(|hole| hole["line"] == "first").count();
    assert_eq!((firsts(&out), firsts(&rota("Mill Row").await)), (1, 0), "Priya is on leave: {out:#}");
    assert_eq!((out["swaps"].as_array().unwrap().len(), out["absences"].as_array().unwrap().len()), (1, 1));
    assert_eq!(out["handovers"].as_array().unwrap().len(), 1);

    let organisation: OrganisationId = app.db.query("SELECT id FROM organisation").scalar().await.unwrap();
    assert!(matches!(audit::verify(&app.db, &app.master, organisation).await.unwrap(), Verdict::Whole { .. }));
    app.db.close().await;
    std::fs::remove_file(&file).unwrap();
}
