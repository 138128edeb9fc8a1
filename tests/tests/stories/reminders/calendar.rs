//! The calendar for phones without push: when, and not what.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Europe::London;
use companion::{
    config::{Config, Language},
    ids::ClientId,
};
use companion_tests::{Answer, Phone, World, json, reminders::daily, story};
use reqwest::Method;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// An address of a calendar, as the part that this server sees.
async fn address(phone: &Phone) -> String {
    let url = phone.post("/api/v1/me/calendar", &json!({})).await.is(201)["url"].as_str().unwrap().to_owned();
    let at = url.find("/calendar/").unwrap();
    url[at..].to_owned()
}

async fn ask(world: &World, path: &str) -> Answer {
    world.api.get(path).await
}

/// Content lines with long ones put together again (RFC 5545, 3.1).
fn lines(text: &str) -> Vec<String> {
    assert!(text.lines().all(|line| line.len() <= 75) && text.ends_with("END:VCALENDAR\r\n"), "{text}");
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

fn values<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(name)?.strip_prefix(':')).collect()
}

fn starts(lines: &[String]) -> Vec<DateTime<Utc>> {
    let instant = |text: &str| NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").unwrap().and_utc();
    values(lines, "DTSTART").into_iter().map(instant).collect()
}

story!(a_calendar_shows_when_and_not_what, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.clock.set(at("2027-03-01T09:00:00Z"));
    phone.remind("My secret tablets", daily("21:00")).await;
    let path = address(&phone).await;
    assert!(path.ends_with(".ics"));
    let answer = ask(world, &path).await;
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    let calendar = lines(&answer.text);
    assert!(!answer.text.contains("secret") && !answer.text.contains("tablets") && !answer.text.contains("Sam"));
    assert_eq!(values(&calendar, "SUMMARY").into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(["Reminder"]));
    let starts = starts(&calendar);
    assert_eq!(starts.len(), 56, "eight weeks");
    assert!(starts.iter().all(|start| start.with_timezone(&London).format("%H:%M").to_string() == "21:00"));
    assert!(
        starts.contains(&at("2027-03-27T21:00:00Z")) && starts.contains(&at("2027-03-28T20:00:00Z")),
        "both times of year"
    );
    // The same in the app, and the same each time.
    let listed = phone.occurrence_on("2027-03-02").await;
    assert!(values(&calendar, "UID").contains(&listed["id"].as_str().unwrap()));
    assert!(calendar.iter().any(|line| line.starts_with("REFRESH-INTERVAL;VALUE=DURATION:PT")), "{}", answer.text);
    assert_eq!(values(&calendar, "X-PUBLISHED-TTL").len(), 1);
    world.advance(chrono::Duration::minutes(7));
    assert_eq!(ask(world, &path).await.text, answer.text);
    let tag = answer.header("etag").unwrap();
    let again = Answer::of(world.api.request(Method::GET, &path, None).header("If-None-Match", tag)).await;
    assert_eq!((again.status.as_u16(), again.text.len()), (304, 0));
    assert!(phone.reminders().await["settings"]["calendar"] == true);
});

story!(a_calendar_knows_pauses_quiet_hours_answers_and_languages, |world| {
    let (sam, phone) = world.client_with_phone("Siân").await;
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "language": "cy" })).await.is(200);
    phone.remind("Tabledi", daily("21:00")).await;
    phone.choose_reminder_settings(&json!({ "paused_until": "2026-11-20" })).await;
    let path = address(&phone).await;
    let calendar = lines(&ask(world, &path).await.text);
    assert_eq!(starts(&calendar)[0], at("2026-11-21T21:00:00Z"));
    assert!(values(&calendar, "SUMMARY").iter().all(|s| *s == "Reminder"), "Welsh is not offered here");
    let welsh = Config { languages: vec![Language::En, Language::Cy], ..world.config.clone() };
    let server = world.another_server_told(welsh).await;
    let in_welsh = lines(&server.api.get(&path).await.text);
    assert!(values(&in_welsh, "SUMMARY").iter().all(|s| *s == "Nodyn atgoffa"));
    server.end().await;
    assert_eq!(values(&calendar, "BEGIN").iter().filter(|c| **c == "VALARM").count(), starts(&calendar).len());
    phone.say(&phone.occurrence_on("2026-11-21").await, "skip").await;
    phone.choose_reminder_settings(&json!({ "quiet_from": "20:00", "quiet_until": "08:00" })).await;
    let calendar = lines(&ask(world, &path).await.text);
    assert_eq!(starts(&calendar)[0], at("2026-11-22T21:00:00Z"), "what was answered needs no event");
    assert!(!values(&calendar, "BEGIN").contains(&"VALARM"), "and nothing rings in quiet hours");
});

story!(a_calendar_ends_when_it_is_replaced_or_ended_or_the_client_is_supported_no_more, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let first = address(&phone).await;
    assert_eq!(first.len(), "/calendar/.ics".len() + 32, "192 bits");
    let second = address(&phone).await;
    ask(world, &first).await.is_problem(404, "not_found");
    ask(world, &second).await.is(200);
    ask(world, second.trim_end_matches(".ics")).await.is(200);
    phone.delete("/api/v1/me/calendar").await.is(204);
    ask(world, &second).await.is_problem(404, "not_found");
    assert!(phone.reminders().await["settings"]["calendar"] == false);
    let third = address(&phone).await;
    let mut tx = world.app.db.begin().await.unwrap();
    let sql = "UPDATE client SET active = FALSE WHERE id = $1";
    tx.query(sql).bind(ClientId(phone.client)).execute().await.unwrap();
    tx.commit().await.unwrap();
    ask(world, &third).await.is_problem(404, "not_found");
    // Guessing ends after a while, and begins again later.
    for _ in 0..57 {
        ask(world, "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics").await.is_problem(404, "not_found");
    }
    ask(world, "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics").await.is_problem(429, "too_many_tries");
    // Whose calendar it is gets it all the same, from the same place.
    let (_, kims) = world.client_with_phone("Kim").await;
    ask(world, &address(&kims).await).await.is(200);
    world.advance(chrono::Duration::hours(1));
    ask(world, "/calendar/nothing").await.is_problem(404, "not_found");
});
