//! Everybody at once: no order of things that happen together makes a call fail.

use std::sync::Arc;

use companion::{clock::Chance, jobs};
use companion_tests::{Answer, Phone, Worker, http::items, json, scale, story};
use futures_util::{StreamExt, stream};

/// One call of a busy afternoon.
async fn something(phone: &Phone, worker: &Worker, what: u8) -> Answer {
    match what % 8 {
        0 | 1 => {
            phone.put_check_in(phone.new_id(), &phone.new_check_in(&[("mood", f64::from(1 + what % 7))]).await).await
        }
        2 => {
            phone
                .put_request(
                    phone.new_id(),
                    &phone.new_request(["now", "today"][usize::from(what / 8 % 2)], Some("hello")),
                )
                .await
        }
        3 => phone.put_request_with_key(phone.new_id(), &phone.new_request("now", None)).await,
        4 => worker.get("/api/v1/team/inbox").await,
        5 => worker.get("/api/v1/team/clients").await,
        6 => match phone.requests().await.first() {
            Some(request) if what > 128 => phone.add_words(&request["id"], phone.new_id(), "and more").await,
            Some(request) => {
                let act = ["acknowledge", "complete"][usize::from(what / 8 % 2)];
                worker.act_on_request(&request["id"], act, &json!({})).await
            }
            None => phone.get("/api/v1/me/cover").await,
        },
        _ => worker.get(&format!("/api/v1/team/clients/{}/check-ins", phone.client)).await,
    }
}

story!(a_busy_afternoon_fails_nobody, |world| {
    let mut phones = Vec::new();
    for n in 0..4 {
        let (_, phone) = world.client_with_phone(&format!("Client {n}")).await;
        world.usual_days(&phone, 12).await;
        phones.push(phone);
    }
    let chance = Arc::new(Chance::seeded(5));
    let stop = tokio_util::sync::CancellationToken::new();
    // The engine works all the while.
    let engine = tokio::spawn({
        let (app, stop) = (world.app.clone(), stop.clone());
        async move {
            let mut done = 0;
            while !stop.is_cancelled() {
                done += jobs::run_due(&app).await.unwrap();
                tokio::task::yield_now().await;
            }
            done
        }
    });
    let calls = (0..400 * scale()).map(|_| {
        let ([who, what], phones) = (chance.bytes::<2>(), &phones);
        let worker = if who < 128 { &world.dee } else { &world.lead };
        async move { something(&phones[usize::from(who) % phones.len()], worker, what).await }
    });
    let answers: Vec<Answer> = stream::iter(calls).buffer_unordered(40).collect().await;
    stop.cancel();
    let done = engine.await.unwrap() + world.run_jobs().await;

    let failed: Vec<String> = answers
        .iter()
        .filter(|a| !a.status.is_success() && a.status != 409)
        .map(|a| format!("{} {} {}", a.asked, a.status, a.text))
        .collect();
    assert!(failed.is_empty(), "{} of {} failed: {:#?}", failed.len(), answers.len(), &failed[..failed.len().min(5)]);
    println!("{} calls, {done} jobs", answers.len());
    assert_eq!(
        world.count("SELECT COUNT(*) FROM job WHERE done_at IS NULL AND attempts > 0").await,
        0,
        "no job failed"
    );
    for phone in &phones {
        let open =
            phone.requests().await.into_iter().filter(|r| r["state"] != "done" && r["state"] != "cancelled").count();
        assert!(open <= 1, "{open} open at once");
    }
    assert!(matches!(world.verify_audit().await, companion::audit::Verdict::Whole { .. }));
    assert_eq!(items(&world.dee.get("/api/v1/team/clients").await.is(200)).len(), 4);
});
