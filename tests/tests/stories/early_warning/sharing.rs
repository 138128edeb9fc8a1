//! What the client chooses: to read flags on the phone, to let silence count, and what to say to a flag.

use companion_tests::{Value, Worker, json, story};

story!(who_does_not_want_to_read_flags_is_shown_none_and_the_team_still_is, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let chosen = phone.sharing().await;
    assert_eq!(
        (&chosen["flags_shown"], &chosen["silence_counts"], &chosen["pack_counted"]),
        (&json!(true), &json!(true), &json!(true))
    );
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    let flag = phone.flags().await[0]["id"].clone();
    assert!(phone.check_ins().await["sentence"].is_string());
    let page = world.dee.of(&sam, "").await.is(200);
    assert_eq!((&page["flags_shown"], &page["silence_counts"]), (&json!(true), &json!(true)));

    let chosen = phone.choose_sharing(&json!({ "flags_shown": false })).await;
    assert_eq!(
        (&chosen["flags_shown"], &chosen["silence_counts"], &chosen["pack_counted"]),
        (&json!(false), &json!(true), &json!(true))
    );
    assert!(phone.flags().await.is_empty());
    let mine = phone.check_ins().await;
    assert_eq!((&mine["sentence"], mine["items"].as_array().unwrap().len()), (&Value::Null, 35));
    assert_eq!(
        world.dee.of(&sam, "").await.is(200)["flags_shown"],
        false,
        "the team knows that the client does not read it"
    );
    assert_eq!(Worker::only(&world.dee.inbox().await)["flag"]["id"], flag);
    assert!(world.dee.of(&sam, "/check-ins").await.is(200)["sentence"].is_string());
    // Somebody who has it on their screen still may answer: that reaches the team.
    let answered = phone.answer_flag(&flag, phone.new_id(), "please_talk", None).await.is(200);
    assert_eq!((&answered["sentence"], &answered["facts"]), (&json!(""), &json!([])), "and is told nothing by that");
    assert_eq!(Worker::only(&world.dee.inbox().await)["group"], "now");

    // Shown again as soon as they say so; an app that knows of no such choice takes none back.
    phone.choose_sharing(&json!({ "pack_counted": false })).await;
    assert!(phone.flags().await.is_empty());
    phone.choose_sharing(&json!({ "flags_shown": true })).await;
    assert_eq!(phone.flags().await.len(), 1);
});

story!(a_client_may_say_that_they_are_not_sure, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    let flag = phone.flags().await[0]["id"].clone();
    let mine = phone.answer_flag(&flag, phone.new_id(), "not_sure", None).await.is(200);
    assert_eq!((&mine["answer"]["answer"], &mine["kind"]), (&json!("not_sure"), &json!("early_warning")));
    let inbox = world.dee.inbox().await;
    let row = Worker::only(&inbox);
    assert_eq!(
        (&row["flag"]["answer"]["answer"], &row["flag"]["state"]),
        (&json!("not_sure"), &json!("open")),
        "it closes nothing"
    );
    assert_ne!(row["group"], "now", "and asks for nothing");
    // An older app's answer still does.
    phone.answer_flag(&flag, phone.new_id(), "about_right", None).await.is(200);
    phone.answer_flag(&flag, phone.new_id(), "perhaps", None).await.is_problem(422, "invalid");
});

story!(who_reads_welsh_reads_their_flag_in_welsh_and_the_team_in_english, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    let mine = phone.flags().await[0].clone();
    let teams = Worker::only(&world.dee.inbox().await)["flag"].clone();
    assert!(teams["sentence"].as_str().unwrap().contains("from your usual"), "{teams}");
    // The phone chooses between the two, whatever the record says.
    assert_eq!((&mine["sentence"], &mine["sentences"]["en"]), (&teams["sentence"], &teams["sentence"]));
    let welsh = mine["sentences"]["cy"].clone();
    assert!(!welsh.as_str().unwrap().contains("usual"), "{mine}");
    assert_eq!(mine["facts"], teams["facts"], "and both are about the same numbers");
    assert_eq!(world.dee.assessments(&sam).await[0]["sentence"], teams["sentence"]);
    let (picture, desk) = (phone.check_ins().await, world.dee.of(&sam, "/check-ins").await.is(200));
    assert_eq!((&picture["sentences"]["en"], &desk["sentences"]), (&desk["sentence"], &Value::Null));
    assert_ne!(picture["sentences"]["cy"], desk["sentence"]);
    // An app that knows of no choice reads one: that of the record.
    assert_eq!(picture["sentence"], desk["sentence"]);
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "language": "cy" })).await.is(200);
    assert_eq!(phone.flags().await[0]["sentence"], welsh);
    assert_eq!(phone.check_ins().await["sentence"], picture["sentences"]["cy"]);
});
