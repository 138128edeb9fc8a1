//! Burden and usefulness: how many flags, how soon somebody had them, what came of them, and what none came before.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{Value, Worker, World, json, story};

fn of_service<'f>(month: &'f Value, name: &str) -> &'f Value {
    month["services"].as_array().unwrap().iter().find(|s| s["service_name"] == name).unwrap()
}

/// A client with a flag, raised today.
async fn flagged(world: &World, name: &str) -> Value {
    let (_, phone) = world.client_with_phone(name).await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 4).await;
    phone.flags().await[0]["id"].clone()
}

story!(the_figures_say_what_came_of_each_flag_and_of_whom_it_was_asked, |world| {
    let night = world.another_service(world.provider, "Night house").await;
    let noor = world.worker(night, "Noor", &[Role::SupportWorker]).await;
    let sams = flagged(world, "Sam").await;
    let raised: Value = Worker::only(&world.dee.flags().await)["raised_at"].clone();
    let month = raised.as_str().unwrap()[..7].to_owned();
    let raised = chrono::DateTime::parse_from_rfc3339(raised.as_str().unwrap()).unwrap().to_utc();
    let minutes = (world.now() + Duration::minutes(30) - raised).num_minutes();
    world.advance(Duration::minutes(30));
    world.dee.act_on_flag(&sams, "acknowledge", &json!({})).await.is(200);
    world.dee.resolve(&sams, "talked_and_fine").await;

    let figures = world.dee.flag_figures(24).await;
    let months = figures["months"].as_array().unwrap();
    assert_eq!(months.len(), 24);
    let newest = world.now().format("%Y-%m").to_string();
    assert_eq!(months[0]["month"], newest, "newest first");
    let names: Vec<&str> = months.iter().map(|m| m["month"].as_str().unwrap()).collect();
    assert!(names.windows(2).all(|w| w[0] > w[1]), "{names:?}");
    let of_month = months.iter().find(|m| m["month"] == month).unwrap();
    let here = of_service(of_month, "Flexible community");
    assert_eq!(
        (&here["flags"], &here["by_kind"]),
        (&json!(1), &json!({ "early_warning": 1, "silence": 0, "client_asked": 0, "reminders": 0 }))
    );
    assert_eq!((&here["clients"], &here["workers"]), (&json!(1), &json!(2)), "Dee and Pat support Sam");
    assert_eq!(
        (&here["acknowledged"], &here["resolved"], &here["led_to_something"], &here["not_useful"]),
        (&json!(1), &json!(1), &json!(1), &json!(0))
    );
    assert_eq!(here["median_minutes_to_acknowledge"].as_f64().unwrap().round(), minutes as f64);
    let total = &of_month["total"];
    assert_eq!((&total["flags"], &total["workers"], &total["clients"]), (&json!(1), &json!(2), &json!(1)));
    assert_eq!(total["service_id"], Value::Null);
    let noors = noor.flag_figures(24).await;
    let of_month = noors["months"].as_array().unwrap().iter().find(|m| m["month"] == month).unwrap();
    let there = of_service(of_month, "Night house");
    assert_eq!(
        (&there["flags"], &there["workers"], &there["median_minutes_to_acknowledge"]),
        (&json!(0), &json!(1), &Value::Null)
    );
    assert_eq!(there["flags_per_worker_week"], 0.0);
    // Nobody is named, whoever asks; another organisation has its own.
    let text = figures.to_string();
    for name in ["Sam", "Dee", "Pat", "Noor", &sams.as_str().unwrap()[..8]] {
        assert!(!text.contains(name), "{name} in {text}");
    }
    let elsewhere = world.another_provider("Elsewhere").await;
    let eve = world.worker(elsewhere, "Eve", &[Role::SupportWorker]).await;
    assert_eq!(
        eve.flag_figures(24).await["months"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["total"]["flags"].as_u64().unwrap())
            .sum::<u64>(),
        0
    );
    for wrong in ["0", "25", "x"] {
        world.dee.get(&format!("/api/v1/team/figures/flags?months={wrong}")).await.is_problem(422, "invalid");
    }
    assert_eq!(world.dee.get("/api/v1/team/figures/flags").await.is(200)["months"].as_array().unwrap().len(), 6);
});

story!(a_flag_that_was_not_useful_and_a_warning_that_was_missed_are_counted_too, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 4).await;
    let flag = phone.flags().await[0]["id"].clone();
    phone.answer_flag(&flag, phone.new_id(), "one_off", None).await.is(200);
    world.dee.resolve(&flag, "not_useful").await;

    let today = world.now().date_naive();
    let told =
        json!({ "id": phone.new_id(), "noticed_on": today, "words": "Her sister rang us. Nothing in the check-ins." });
    let kept = world.dee.tell_missed(&sam, &told).await.is(200);
    assert_eq!(
        (&kept["noticed_on"], &kept["words"], &kept["by"]["first_name"]),
        (&told["noticed_on"], &told["words"], &json!("Dee"))
    );
    assert_eq!(world.dee.tell_missed(&sam, &told).await.is(200), kept, "a retry is free");
    let mut other = told.clone();
    other["words"] = json!("something else");
    world.dee.tell_missed(&sam, &other).await.is_problem(409, "conflict");
    assert_eq!(world.lead.missed(&sam).await, [kept]);
    for day in [today + Duration::days(1), today - Duration::days(367)] {
        let wrong = json!({ "id": phone.new_id(), "noticed_on": day });
        world.dee.tell_missed(&sam, &wrong).await.is_problem(422, "invalid");
    }
    let figures = world.dee.flag_figures(2).await;
    let sum = |what: &str| {
        figures["months"].as_array().unwrap().iter().map(|m| m["total"][what].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!((sum("missed"), sum("not_useful"), sum("client_said_one_off"), sum("led_to_something")), (1, 1, 1, 0));
    // Opened again weeks later, it was still taken as soon as it was.
    let minutes = |figures: &Value| figures["months"][1]["total"]["median_minutes_to_acknowledge"].clone();
    world.advance(Duration::days(21));
    let before = minutes(&world.dee.flag_figures(2).await);
    assert!(before.is_number());
    phone.answer_flag(&flag, phone.new_id(), "please_talk", None).await.is(200);
    assert_eq!(minutes(&world.dee.flag_figures(2).await), before);
    world.dee.act_on_flag(&flag, "acknowledge", &json!({})).await.is(200);
    assert_eq!(minutes(&world.dee.flag_figures(2).await), before);
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    uma.tell_missed(&sam, &told).await.is_problem(404, "not_found");
});

story!(a_service_of_one_client_tells_nobody_outside_it_about_them, |world| {
    let night = world.another_service(world.provider, "Night house").await;
    let noor = world.worker(night, "Noor", &[Role::SupportWorker]).await;
    let ada = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    world.client("Sam").await;
    let kim = world.client_of(night, "Kim", &[&noor]).await;
    let told = json!({ "id": world.chance.id(world.now()), "noticed_on": world.now().date_naive() });
    noor.tell_missed(&kim, &told).await.is(200);
    let newest = async |worker: &Worker| worker.flag_figures(1).await["months"][0].clone();
    let names = |month: &Value| -> Vec<String> {
        month["services"].as_array().unwrap().iter().map(|s| s["service_name"].as_str().unwrap().to_owned()).collect()
    };
    let total = |month: &Value| (month["total"]["clients"].clone(), month["total"]["missed"].clone());
    for outside in [&world.dee, &ada] {
        let seen = newest(outside).await;
        assert_eq!((names(&seen), total(&seen)), (vec!["Flexible community".to_owned()], (json!(1), json!(0))));
    }
    let seen = newest(&noor).await;
    assert_eq!((names(&seen), total(&seen)), (vec!["Night house".to_owned()], (json!(1), json!(1))));
    for name in ["Lou", "Max", "Nia", "Oli"] {
        world.client_of(night, name, &[&noor]).await;
    }
    let seen = newest(&ada).await;
    assert_eq!((names(&seen).len(), total(&seen)), (2, (json!(6), json!(1))), "five are enough");
    assert_eq!(names(&newest(&noor).await), ["Night house"]);
});
