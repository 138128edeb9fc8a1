//! Promise 2: whatever a phone creates carries its own id; the same again is free, another under it is refused.

use companion_tests::{Answer, Value, Worker, json, story};
use std::future::Future;

/// Many at once.
async fn together<F: Future<Output = Answer>>(calls: impl Iterator<Item = F>) -> Vec<Answer> {
    futures_util::future::join_all(calls).await
}

#[track_caller]
fn one_created_and_all_the_same(answers: &[Answer]) {
    let statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1, "{statuses:?} {}", answers[0].text);
    assert!(statuses.iter().all(|s| [200, 201].contains(s)), "{statuses:?}");
    assert!(answers.iter().all(|a| a.body == answers[0].body), "one body for all");
}

mod promise_2_a_retry_is_free {
    use super::*;

    story!(check_in, |world| {
        let (sam, phone) = world.client_with_phone("Sam").await;
        let (id, mut body) = (phone.new_id(), phone.new_check_in(&[("mood", 3.0), ("sleep", 2.0)]).await);
        body["note"] = json!("a long day");
        let first = phone.put_check_in(id, &body).await.is(201);
        // The same later, from the queue of the phone, written differently and with a field of a newer app.
        world.advance(chrono::Duration::hours(3));
        let mut again = body.clone();
        again["a_field_of_next_year"] = json!([1, 2]);
        again["note_shared"] = json!(true);
        assert_eq!(phone.put_check_in(id, &again).await.is(200), first);

        for (field, other) in
            [("note", json!("another")), ("note_shared", json!(false)), ("replaces", json!(phone.new_id()))]
        {
            let mut changed = body.clone();
            changed[field] = other;
            phone.put_check_in(id, &changed).await.is_problem(409, "conflict");
        }
        assert_eq!(phone.check_ins().await["items"], json!([first]), "and nothing was changed");

        world.run_jobs().await;
        assert_eq!(world.count("SELECT COUNT(*) FROM job WHERE done_at IS NOT NULL").await, 1, "assessed once");
        assert_eq!(world.dee.check_ins(&sam).await.len(), 1);
    });

    story!(fifty_check_ins_at_once_are_one, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let (id, body) = (phone.new_id(), phone.new_check_in(&[("mood", 3.0)]).await);
        one_created_and_all_the_same(&together((0..50).map(|_| phone.put_check_in(id, &body))).await);
        assert_eq!(world.count("SELECT COUNT(*) FROM check_in").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) FROM job").await, 1);
    });

    story!(contact_request, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let (id, body) = (phone.new_id(), phone.new_request("today", Some("please ring")));
        let first = phone.put_request(id, &body).await.is(201);
        assert_eq!(phone.put_request(id, &body).await.is(200), first);
        // The same tap with the contact key, when the session was lost in between.
        assert_eq!(phone.put_request_with_key(id, &body).await.is(200)["id"], json!(id));
        for (field, other) in [("when", json!("now")), ("how", json!("visit")), ("message", json!("other"))] {
            let mut changed = body.clone();
            changed[field] = other;
            phone.put_request(id, &changed).await.is_problem(409, "conflict");
            phone.put_request_with_key(id, &changed).await.is_problem(409, "conflict");
        }
        assert_eq!(phone.requests().await, [first]);
    });

    story!(fifty_contact_requests_at_once_are_one, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let (id, body) = (phone.new_id(), phone.new_request("now", None));
        one_created_and_all_the_same(&together((0..50).map(|_| phone.put_request(id, &body))).await);
        assert_eq!(Worker::only(&world.dee.inbox().await)["contact_request"]["taps"], 1);
    });

    story!(addition, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        let request = phone.ask("today").await["id"].clone();
        let id = phone.new_id();
        let answers = together((0..50).map(|_| phone.add_words(&request, id, "and it is about the rent"))).await;
        one_created_and_all_the_same(&answers);
        phone.add_words(&request, id, "other words").await.is_problem(409, "conflict");
        let additions = phone.request(&request).await["additions"].clone();
        assert_eq!(Worker::only(additions.as_array().unwrap())["message"], "and it is about the rent");
    });

    story!(flag_answer, |world| {
        let (_, phone) = world.client_with_phone("Sam").await;
        world.usual_days(&phone, 30).await;
        world.bad_days(&phone, 5).await;
        let flag = phone.flags().await[0]["id"].clone();
        let id = phone.new_id();
        let answers = together((0..20).map(|_| phone.answer_flag(&flag, id, "about_right", Some("yes")))).await;
        assert!(answers.iter().all(|a| a.status == 200 && a.body == answers[0].body));
        phone.answer_flag(&flag, id, "one_off", Some("yes")).await.is_problem(409, "conflict");
        phone.answer_flag(&flag, id, "about_right", None).await.is_problem(409, "conflict");
        let inbox = world.dee.inbox().await;
        let timeline = Worker::only(&inbox)["flag"]["timeline"].as_array().unwrap();
        assert_eq!(timeline.iter().filter(|e| e["what"] == "answered").count(), 1);
        assert_eq!(phone.flags().await[0]["answer"]["answer"], "about_right");
    });

    story!(an_id_that_another_client_used_is_taken_or_free_but_never_theirs, |world| {
        let (_, sam) = world.client_with_phone("Sam").await;
        let (_, kim) = world.client_with_phone("Kim").await;
        let id = sam.new_id();
        sam.put_check_in(id, &sam.new_check_in(&[("mood", 3.0)]).await).await.is(201);
        let kims = kim.put_check_in(id, &kim.new_check_in(&[("sleep", 6.0)]).await).await.is(201);
        assert_eq!(kim.check_ins().await["items"], json!([kims]));
        let request = sam.new_id();
        sam.put_request(request, &sam.new_request("now", Some("sam's words"))).await.is(201);
        let other: Value = kim.put_request(request, &kim.new_request("now", None)).await.is_problem(409, "conflict");
        assert!(!other.to_string().contains("sam's words"));
    });
}
