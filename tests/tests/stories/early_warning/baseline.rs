//! What is usual when well: suggested by the answers, agreed by people, and what changes are measured by from then on.

use chrono::{DateTime, Duration, Utc};
use companion::access::Role;
use companion_tests::{Answer, Phone, Value, Worker, World, early_warning::numbers, json, story};
use reqwest::Method;

story!(what_is_usual_is_suggested_by_the_answers_and_in_force_once_agreed_together, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let none = world.dee.baselines(&sam).await;
    assert_eq!((&none["current"], &none["proposed"], &none["history"]), (&Value::Null, &Value::Null, &json!([])));
    assert_eq!(none["suggestion"]["items"], json!([]), "nothing was answered");
    world.usual_days(&phone, 9).await;
    assert_eq!(world.dee.baselines(&sam).await["suggestion"]["items"], json!([]), "nine days are too few");

    world.usual_days(&phone, 25).await;
    let suggestion = world.dee.baselines(&sam).await["suggestion"].clone();
    let first = world.now().date_naive() - Duration::days(33);
    assert_eq!(
        (&suggestion["first_day"], &suggestion["last_day"]),
        (&json!(first), &json!(first + Duration::days(27)))
    );
    let items = suggestion["items"].as_array().unwrap();
    let (mood, anxiety) = (&items[0], items.iter().find(|i| i["short"] == "anxiety").unwrap());
    assert_eq!(
        (&mood["text"], &mood["answers"], &mood["adjusted"]),
        (&json!("How has your mood been?"), &json!(28), &json!(false))
    );
    assert_eq!((&mood["centre"], &anxiety["centre"]), (&json!(5.0), &json!(2.0)));
    assert_eq!(
        mood["scale"],
        json!({ "min": 1, "max": 7, "labels": { "low": "Very low", "middle": "In between", "high": "Good" }, "higher_is": "better" })
    );

    // Mood as it was answered; of anxiety both say that it is higher than that.
    let mut usual = numbers(&suggestion);
    usual["items"] = json!([usual["items"][0], { "item_id": anxiety["item_id"], "low": 2, "centre": 3, "high": 4 }]);
    let agreed = world.dee.agree(&sam, phone.new_id(), &usual).await;
    assert_eq!(
        (&agreed["state"], &agreed["agreed_how"], &agreed["in_force"]),
        (&json!("agreed"), &json!("together"), &json!(true))
    );
    assert_eq!(
        (&agreed["in_force_from"], &agreed["proposed_by"]["first_name"]),
        (&json!(world.now().date_naive()), &json!("Dee"))
    );
    let told: Vec<(&Value, &Value, &Value)> =
        agreed["items"].as_array().unwrap().iter().map(|i| (&i["short"], &i["answers"], &i["adjusted"])).collect();
    assert_eq!(told, [(&json!("mood"), &json!(28), &json!(false)), (&json!("anxiety"), &Value::Null, &json!(true))]);

    // The client reads the same, of the worker the first name only; and the engine goes by it.
    let mine = phone.baselines().await;
    assert_eq!(
        (&mine["current"]["items"], &mine["current"]["words"]),
        (&agreed["items"], &json!("As it was in spring."))
    );
    assert_eq!(mine["current"]["proposed_by"], "Dee");
    assert!(!mine.to_string().contains("Dee Worker"));
    let refused = phone.answer_baseline(&agreed["id"], "agree", None).await.is_problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("together"), "{refused}");
    world.run_jobs().await;
    let now = phone.check_ins().await["usual"].clone();
    let band = now.as_array().unwrap().iter().find(|u| u["item_id"] == anxiety["item_id"]).unwrap();
    assert_eq!((&band["low"], &band["centre"], &band["high"]), (&json!(2.0), &json!(3.0), &json!(4.0)));
});

story!(a_new_usual_ends_the_change_that_was_measured_by_the_old_one, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 12).await;
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert_eq!(flag["stands_today"], true);
    let last_weeks = format!("/baseline?first_day={}", world.now().date_naive() - Duration::days(11));
    let usual = numbers(&world.dee.of(&sam, &last_weeks).await.is(200)["suggestion"]);
    world.dee.agree(&sam, phone.new_id(), &usual).await;
    world.run_jobs().await;
    world.bad_days(&phone, 1).await;
    let flag = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert_eq!(flag["stands_today"], false, "this is usual now");
    assert_eq!(phone.flags().await[0]["stands"], false);
    let eased = flag["timeline"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(eased["what"], "eased");
    assert!(eased["words"].as_str().is_some_and(|w| w.contains("agreed")), "{eased}");
    assert_eq!(flag["state"], "open", "and somebody still says what came of it");
});

story!(on_the_phone_the_client_says_whether_it_is_their_usual, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 12).await;
    let usual = world.dee.suggested(&sam).await;
    let asked = world.dee.propose(&sam, phone.new_id(), &usual).await;
    assert_eq!(
        (&asked["state"], &asked["in_force"], &asked["agreed_how"]),
        (&json!("proposed"), &json!(false), &Value::Null)
    );
    assert_eq!(phone.baselines().await["proposed"]["id"], asked["id"]);
    assert_eq!(phone.baselines().await["current"], Value::Null);

    let no = phone.answer_baseline(&asked["id"], "not_my_usual", Some("that was a bad autumn")).await.is(200);
    assert_eq!((&no["state"], &no["in_force_from"]), (&json!("declined"), &Value::Null));
    let again = phone.answer_baseline(&asked["id"], "not_my_usual", Some("that was a bad autumn")).await.is(200);
    assert_eq!(again, no, "a retry is free");
    phone.answer_baseline(&asked["id"], "agree", None).await.is_problem(409, "conflict");
    let heard = world.dee.baselines(&sam).await["history"][0].clone();
    assert_eq!((&heard["state"], &heard["answer_words"]), (&json!("declined"), &json!("that was a bad autumn")));

    // Asked again, and again before the answer: the first of the two is taken back.
    world.advance(Duration::hours(1));
    let first = world.dee.propose(&sam, phone.new_id(), &usual).await;
    world.advance(Duration::hours(1));
    let second = world.dee.propose(&sam, phone.new_id(), &usual).await;
    let gone = phone.answer_baseline(&first["id"], "agree", None).await.is_problem(409, "conflict");
    assert!(gone["detail"].as_str().unwrap().contains("taken this back"), "{gone}");
    world.advance(Duration::days(1));
    let yes = phone.answer_baseline(&second["id"], "agree", None).await.is(200);
    assert_eq!(
        (&yes["state"], &yes["agreed_how"], &yes["in_force"]),
        (&json!("agreed"), &json!("on_phone"), &json!(true))
    );
    assert_eq!(yes["in_force_from"], json!(world.now().date_naive()), "from the day of the answer");
    assert_eq!(phone.answer_baseline(&second["id"], "agree", None).await.is(200), yes);
    let states: Vec<Value> =
        world.dee.baselines(&sam).await["history"].as_array().unwrap().iter().map(|b| b["state"].clone()).collect();
    assert_eq!(states, ["agreed", "withdrawn", "declined"], "nothing is forgotten");
    assert!(world.run_jobs().await > 0, "and the client is assessed by it");
    phone.answer_baseline(&json!(phone.new_id()), "agree", None).await.is_problem(404, "not_found");
});

story!(a_baseline_is_saved_once_after_a_look_and_only_if_it_can_be, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 12).await;
    let usual = world.dee.suggested(&sam).await;
    let id = phone.new_id();
    let body = world.dee.new_baseline(&sam, id, &usual, "together").await;
    let with = |field: &str, value: Value| {
        let mut other = body.clone();
        other[field] = value;
        other
    };
    // Not looked at; looked at something else; looked at yesterday.
    for seen in [Value::Null, json!("0".repeat(64)), world.dee.seen(&sam, &json!({})).await] {
        let refused = world.dee.put_baseline(&sam, &with("seen", seen)).await.is_problem(409, "conflict");
        assert!(refused["detail"].as_str().unwrap().contains("look first"), "{refused}");
    }
    world.advance(Duration::days(1));
    world.dee.put_baseline(&sam, &body).await.is_problem(409, "conflict");
    let body = world.dee.new_baseline(&sam, id, &usual, "together").await;
    let kept = world.dee.put_baseline(&sam, &body).await.is(200);
    // The same again, days later too, when the look is long ago; anything else under its id is a conflict.
    world.advance(Duration::days(2));
    assert_eq!(world.dee.put_baseline(&sam, &body).await.is(200), kept);
    for (field, value) in [("words", json!("other")), ("agreed_how", json!("on_phone"))] {
        let mut other = body.clone();
        other[field] = value;
        world.dee.put_baseline(&sam, &other).await.is_problem(409, "conflict");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM baseline").await, 1);
    // What cannot be usual.
    let mood = usual["items"][0]["item_id"].clone();
    let item =
        |low: f64, centre: f64, high: f64| json!({ "item_id": mood, "low": low, "centre": centre, "high": high });
    let tomorrow = json!(world.now().date_naive() + Duration::days(1));
    for (field, wrong) in [
        ("items", json!([])),
        ("items", json!([item(5.0, 4.0, 6.0)])),
        ("items", json!([item(0.0, 4.0, 6.0)])),
        ("items", json!([item(4.0, 5.0, 6.0), item(4.0, 5.0, 6.0)])),
        ("items", json!([{ "item_id": phone.new_id(), "low": 1, "centre": 2, "high": 3 }])),
        ("last_day", tomorrow.clone()),
        ("first_day", tomorrow),
        ("words", json!("x".repeat(1001))),
    ] {
        let mut other = body.clone();
        (other[field], other["id"]) = (wrong, json!(phone.new_id()));
        world.dee.put_baseline(&sam, &other).await.is_problem(422, "invalid");
    }
    let far = ["-262143-01-01", "+262142-12-31"];
    for (first, last) in [(far[0], far[0]), (far[0], far[1]), (far[1], far[1])] {
        let mut other = body.clone();
        (other["first_day"], other["last_day"], other["id"]) = (json!(first), json!(last), json!(phone.new_id()));
        world.dee.put_baseline(&sam, &other).await.is_problem(422, "invalid");
    }
    for days in [
        "2026-12-01&last_day=2026-11-01",
        "-262143-01-01",
        "%2B262142-12-31",
        "1926-01-01",
        "2026-11-16&last_day=-262143-01-01",
    ] {
        world.dee.of(&sam, &format!("/baseline?first_day={days}")).await.is_problem(422, "invalid");
    }
});

/// Mood as it is usual for somebody who never answered.
async fn by_hand(world: &World, phone: &Phone) -> Value {
    let day = world.now().date_naive() - Duration::days(2);
    let mood = phone.item("mood").await["id"].clone();
    json!({ "first_day": day, "last_day": day, "items": [{ "item_id": mood, "low": 4, "centre": 5, "high": 6 }] })
}

story!(a_day_is_a_day_in_the_clients_own_calendar, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let settings = format!("/api/v1/team/clients/{}", sam.id);
    world.dee.patch(&settings, &json!({ "time_zone": "Pacific/Auckland" })).await.is(200);
    // Ten in the evening there.
    let usual = by_hand(world, &phone).await;
    let today = world.dee.new_baseline(&sam, phone.new_id(), &usual, "together").await;
    let too_late = world.dee.new_baseline(&sam, phone.new_id(), &usual, "together").await;
    world.advance(Duration::minutes(119));
    assert_eq!(world.dee.put_baseline(&sam, &today).await.is(200)["in_force_from"], "2026-11-16");
    world.advance(Duration::minutes(2));
    world.dee.put_baseline(&sam, &too_late).await.is_problem(409, "conflict");
    let next = world.dee.agree(&sam, phone.new_id(), &usual).await;
    assert_eq!((&next["in_force_from"], &next["in_force"]), (&json!("2026-11-17"), &json!(true)));
    // Moved to where it is still the 16th: what is agreed later takes the place of what was agreed before all the same.
    world.dee.patch(&settings, &json!({ "time_zone": "Europe/London" })).await.is(200);
    world.advance(Duration::minutes(1));
    for how in ["together", "on_phone"] {
        world.advance(Duration::minutes(1));
        let mut last = world.dee.new_baseline(&sam, phone.new_id(), &usual, how).await;
        last = world.dee.put_baseline(&sam, &last).await.is(200);
        if how == "on_phone" {
            last = phone.answer_baseline(&last["id"], "agree", None).await.is(200);
        }
        assert_eq!((&last["in_force_from"], &last["in_force"]), (&json!("2026-11-17"), &json!(true)), "{how}");
    }
});

story!(in_summer_a_day_begins_an_hour_earlier, |world| {
    world.advance("2027-06-14T23:30:00Z".parse::<DateTime<Utc>>().unwrap() - world.now());
    let una = world.worker(world.provider, "Una", &[Role::SupportWorker]).await;
    let sam = world.client_of(world.provider, "Sam", &[&una]).await;
    let phone = world.phone_of(&sam).await;
    let usual = by_hand(world, &phone).await;
    assert_eq!(una.agree(&sam, phone.new_id(), &usual).await["in_force_from"], "2027-06-15");
});

story!(a_baseline_in_force_wakes_the_team_and_is_read_with_an_etag, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 12).await;
    let mut stream = world.dee.stream(None).await;
    let agreed = world.dee.agree(&sam, phone.new_id(), &world.dee.suggested(&sam).await).await;
    let heard = stream.next().await.unwrap();
    assert_eq!((&heard.data["what"], &heard.data["client_id"]), (&json!("client"), &json!(sam.id.0)));
    let first = phone.get("/api/v1/me/baseline").await;
    assert_eq!(first.body["current"]["id"], agreed["id"]);
    let tag = first.header("etag").unwrap().to_owned();
    let token = phone.token().await;
    let again = world.api.request(Method::GET, "/api/v1/me/baseline", Some(&token));
    let again = Answer::of(again.header("if-none-match", tag)).await;
    assert_eq!(again.status, 304);
});
