//! One shift for another worker.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{Value, Worker, World, json, rota::daily, story};

use super::Desk;

/// Dee by night, the lead by day, and Kit who is on nothing.
async fn rota(world: &World) -> (Value, Value, Worker) {
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    let nights = daily(world, "22:00-08:00", Some(&world.dee));
    let days = daily(world, "08:00-22:00", Some(&world.lead));
    world.publish(&[nights.clone(), days.clone()], None).await;
    (nights, days, kit)
}

fn who(shift: &Value) -> &str {
    shift["worker"]["first_name"].as_str().unwrap()
}

story!(a_swap_counts_from_the_second_yes, |world| {
    let (nights, _, kit) = rota(world).await;
    let swap = world.dee.propose_swap(world, &nights, "2026-11-17", &kit).await.is(200);
    assert_eq!(
        (&swap["state"], &swap["giver"]["first_name"], &swap["to"]["first_name"]),
        (&json!("waiting"), &json!("Dee"), &json!("Kit"))
    );
    assert!(!swap["giver_yes_at"].is_null() && swap["taker_yes_at"].is_null(), "who proposes has said yes");
    let shift = world.dee.shift(world, &nights, "2026-11-17").await;
    assert_eq!((who(&shift), &shift["swapped"]), ("Dee", &json!(false)));
    assert_eq!(kit.my_rota().await["asked"][0]["id"], swap["id"]);
    assert_eq!(world.dee.my_rota().await["asked"], json!([]));

    world.advance(Duration::hours(1));
    let agreed = kit.answer_swap(&swap, "yes").await.is(200);
    assert_eq!((&agreed["state"], &agreed["taker_yes_at"]), (&json!("agreed"), &json!("2026-11-16T10:00:00Z")));
    assert_eq!(kit.answer_swap(&swap, "yes").await.is(200), agreed, "a retry");
    let shift = world.dee.shift(world, &nights, "2026-11-17").await;
    assert_eq!((who(&shift), &shift["swapped"]), ("Kit", &json!(true)));
    assert_eq!(who(&world.dee.shift(world, &nights, "2026-11-18").await), "Dee", "one night only");
    let next = kit.my_rota().await["next"].clone();
    assert_eq!((next.as_array().unwrap().len(), &next[0]["date"]), (1, &json!("2026-11-17")));
    kit.answer_swap(&swap, "no").await.is_problem(409, "conflict");
    world.dee.answer_swap(&swap, "withdraw").await.is_problem(409, "conflict");
});

story!(a_shift_can_be_given_for_one_in_return, |world| {
    let (nights, days, _) = rota(world).await;
    let path = format!("/api/v1/team/rota/swaps/{}", world.app.new_id::<uuid::Uuid>());
    let body = json!({
        "service_id": world.provider.service, "pattern_id": nights["id"], "date": "2026-11-17", "to": world.lead.id,
        "in_return": { "pattern_id": days["id"], "date": "2026-11-19" }, "words": "My sister is over.",
    });
    let swap = world.dee.put(&path, &body).await.is(200);
    assert_eq!((&swap["words"], &swap["in_return"]["date"]), (&json!("My sister is over."), &json!("2026-11-19")));
    world.lead.answer_swap(&swap, "yes").await.is(200);
    assert_eq!(who(&world.dee.shift(world, &nights, "2026-11-17").await), "Pat");
    assert_eq!(who(&world.dee.shift(world, &days, "2026-11-19").await), "Dee");
    let retried = world.dee.put(&path, &body).await.is(200);
    assert_eq!(retried["state"], "agreed", "the same again");
    let mut other = body.clone();
    other["words"] = json!("Something else.");
    world.dee.put(&path, &other).await.is_problem(409, "conflict");
    let (kept,): (Vec<u8>,) = world.app.db.query("SELECT words FROM rota_swap").one().await.unwrap();
    assert!(!kept.windows(6).any(|part| part == b"sister"), "sealed");
});

story!(a_lead_may_propose_for_others_and_then_both_must_say_yes, |world| {
    let (nights, _, kit) = rota(world).await;
    let swap = world.lead.propose_swap(world, &nights, "2026-11-17", &kit).await.is(200);
    assert!(swap["giver_yes_at"].is_null() && swap["taker_yes_at"].is_null());
    world.lead.answer_swap(&swap, "yes").await.is_problem(403, "forbidden");
    assert_eq!(kit.answer_swap(&swap, "yes").await.is(200)["state"], "waiting");
    assert_eq!(who(&world.dee.shift(world, &nights, "2026-11-17").await), "Dee");
    assert_eq!(world.dee.answer_swap(&swap, "yes").await.is(200)["state"], "agreed");
    assert_eq!(who(&world.dee.shift(world, &nights, "2026-11-17").await), "Kit");
});

story!(no_is_no_and_what_was_proposed_can_be_taken_back, |world| {
    let (nights, _, kit) = rota(world).await;
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    uma.propose_swap(world, &nights, "2026-11-17", &kit).await.is_problem(403, "forbidden");
    let offer = kit.propose_swap(world, &nights, "2026-11-17", &kit).await.is(200);
    assert_eq!(
        (&offer["giver_yes_at"], offer["taker_yes_at"].is_null()),
        (&json!(null), false),
        "Kit offers to take it"
    );
    uma.answer_swap(&offer, "no").await.is_problem(403, "forbidden");
    assert_eq!(world.dee.answer_swap(&offer, "no").await.is(200)["state"], "declined");
    kit.answer_swap(&offer, "yes").await.is_problem(409, "conflict");
    let swap = world.dee.propose_swap(world, &nights, "2026-11-18", &kit).await.is(200);
    kit.answer_swap(&swap, "withdraw").await.is_problem(403, "forbidden");
    assert_eq!(world.dee.answer_swap(&swap, "withdraw").await.is(200)["state"], "withdrawn");
    kit.answer_swap(&swap, "yes").await.is_problem(409, "conflict");
    for date in ["2026-11-17", "2026-11-18"] {
        assert_eq!(who(&world.dee.shift(world, &nights, date).await), "Dee");
    }
    let elsewhere = world.another_provider("Elsewhere").await;
    let eve = world.worker(elsewhere, "Eve", &[Role::TeamLead]).await;
    eve.answer_swap(&swap, "yes").await.is_problem(404, "not_found");
    eve.propose_swap(world, &nights, "2026-11-18", &kit).await.is_problem(404, "not_found");
});

story!(a_shift_that_is_over_or_somebody_elses_is_not_swapped, |world| {
    let (nights, _, kit) = rota(world).await;
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    let fault = async |who: &Worker, date: &str, to: &Worker| {
        let problem = who.propose_swap(world, &nights, date, to).await.is_problem(422, "invalid");
        problem["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    assert_eq!(fault(&world.dee, "2026-11-14", &kit).await, "date", "over");
    assert_eq!(fault(&world.dee, "2025-12-31", &kit).await, "date", "never was");
    assert_eq!(fault(&world.dee, "2026-11-17", &world.dee).await, "to");
    let other = world.another_service(world.provider, "Night house").await;
    let stranger = world.worker(other, "Sid", &[Role::SupportWorker]).await;
    assert_eq!(fault(&world.dee, "2026-11-17", &stranger).await, "to");
    kit.is_away(world, Some("2026-11-19T00:00:00Z"), "leave").await;
    assert_eq!(fault(&world.dee, "2026-11-17", &kit).await, "to", "away then");

    // Two are asked for the same night; the first yes to come has it.
    let (one, two) = (
        world.dee.propose_swap(world, &nights, "2026-11-20", &kit).await.is(200),
        world.dee.propose_swap(world, &nights, "2026-11-20", &uma).await.is(200),
    );
    uma.answer_swap(&two, "yes").await.is(200);
    kit.answer_swap(&one, "yes").await.is_problem(409, "conflict");
    assert_eq!(kit.my_rota().await["asked"], json!([]));
    let swaps = world.dee.rota(world).await["swaps"].clone();
    assert_eq!([&swaps[0]["state"], &swaps[1]["state"]], ["too_late", "agreed"]);

    // A yes in the middle of the night counts for the rest of it; one after its end for nothing.
    let late = world.dee.propose_swap(world, &nights, "2026-11-16", &uma).await.is(200);
    let too_late = world.dee.propose_swap(world, &nights, "2026-11-17", &uma).await.is(200);
    world.until("2026-11-17T02:00:00Z").await;
    uma.answer_swap(&late, "yes").await.is(200);
    assert_eq!(uma.my_rota().await["now"].as_array().unwrap().len(), 1);
    world.until("2026-11-18T08:00:00Z").await;
    uma.answer_swap(&too_late, "yes").await.is_problem(409, "conflict");
});

story!(two_who_say_yes_to_the_same_night_at_once_do_not_both_get_it, |world| {
    let (nights, _, kit) = rota(world).await;
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    let one = world.dee.propose_swap(world, &nights, "2026-11-20", &kit).await.is(200);
    let two = world.dee.propose_swap(world, &nights, "2026-11-20", &uma).await.is(200);
    let (a, b) = tokio::join!(kit.answer_swap(&one, "yes"), uma.answer_swap(&two, "yes"));
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", a.text, b.text);
});

story!(a_shift_that_a_lead_has_given_to_somebody_else_since_stays_theirs, |world| {
    let (mut nights, days, kit) = rota(world).await;
    let swap = world.dee.propose_swap(world, &nights, "2026-11-17", &kit).await.is(200);
    kit.answer_swap(&swap, "yes").await.is(200);
    let mut moved = nights.clone();
    moved["from"] = json!("21:00");
    world.publish(&[moved, days.clone()], None).await;
    assert_eq!(who(&world.dee.shift(world, &nights, "2026-11-17").await), "Kit", "it is the same shift still");
    nights["worker_id"] = json!(world.lead.id);
    world.publish(&[nights.clone(), days], None).await;
    assert_eq!(who(&world.dee.shift(world, &nights, "2026-11-17").await), "Pat");
});

story!(who_is_asked_hears_of_it_by_daylight, |world| {
    let (nights, _, kit) = rota(world).await;
    let desk = Desk::of(world, &kit).await;
    world.dee.propose_swap(world, &nights, "2026-11-17", &kit).await.is(200);
    world.run_jobs().await;
    assert_eq!(desk.kinds(), ["rota"]);
    world.until("2026-11-16T21:00:00Z").await;
    world.dee.propose_swap(world, &nights, "2026-11-18", &kit).await.is(200);
    world.until("2026-11-17T07:59:00Z").await;
    assert_eq!(desk.kinds(), [""; 0]);
    world.until("2026-11-17T08:00:00Z").await;
    assert_eq!(desk.kinds(), ["rota"]);
});

story!(what_became_of_it_is_told_to_the_other_and_it_is_all_in_the_trail, |world| {
    let kit = world.worker(world.provider, "Kit", &[Role::SupportWorker]).await;
    // On a night that is far away: nobody is asked whether their phone works.
    let mut nights = daily(world, "22:00-08:00", Some(&world.dee));
    nights["starts_on"] = json!("2026-11-24");
    let days = daily(world, "08:00-08:00", Some(&world.lead));
    world.publish(&[nights.clone(), days], None).await;
    let (dee, desk) = (Desk::of(world, &world.dee).await, Desk::of(world, &kit).await);
    let swap = world.dee.propose_swap(world, &nights, "2026-11-25", &kit).await.is(200);
    world.run_jobs().await;
    assert_eq!((dee.kinds(), desk.kinds()), (Vec::new(), vec!["rota".to_owned()]));
    world.until("2026-11-16T21:00:00Z").await;
    kit.answer_swap(&swap, "yes").await.is(200);
    world.until("2026-11-17T07:59:00Z").await;
    assert_eq!(dee.kinds(), [""; 0], "at nine in the evening it can wait");
    world.until("2026-11-17T08:00:00Z").await;
    assert_eq!((dee.kinds(), desk.kinds()), (vec!["rota".to_owned()], Vec::new()));
    // Taken back before anybody heard of it: nobody does.
    world.until("2026-11-17T21:00:00Z").await;
    let swap = world.dee.propose_swap(world, &nights, "2026-11-26", &kit).await.is(200);
    world.dee.answer_swap(&swap, "withdraw").await.is(200);
    world.until("2026-11-18T09:00:00Z").await;
    assert_eq!((dee.kinds(), desk.kinds()), (Vec::new(), Vec::new()));

    world.dee.is_away(world, None, "leave").await;
    let sql = "SELECT actor, action FROM audit WHERE action LIKE 'rota.%' AND action NOT LIKE '%.read' ORDER BY seq";
    let trail: Vec<(String, String)> = world.app.db.query(sql).all().await.unwrap();
    let said = |worker: &Worker, what: &str| (format!("worker:{}", worker.id), what.to_owned());
    let by_dee = |what| said(&world.dee, what);
    let whole = [
        said(&world.lead, "rota.publish"),
        by_dee("rota.swap"),
        said(&kit, "rota.swap.answer"),
        by_dee("rota.swap"),
        by_dee("rota.swap.answer"),
        by_dee("rota.absence"),
    ];
    assert_eq!(trail, whole);
});
