//! The people: an admin brings workers, a lead brings clients and says who supports them.

use companion::access::Role;
use companion_tests::{Client, http::items, json, story, worker::PASSWORD};

story!(a_lead_brings_a_client_and_says_who_supports_them, |world| {
    let new = json!({
        "name": "Rhian Example", "preferred_name": "Rhi", "phone": "01632 960 002", "service_id": world.provider.service,
        "language": "cy", "time_zone": "Europe/London", "hours_per_week": 20, "cover": "sleeping_night",
        "dedicated_phone": "01632 960 003", "about": "I keep bees", "check_ins_per_week": 4,
        "reach": { "how": "text", "when": "after ten", "words": "never say who you are",
                   "leave_message": false, "not_at_work": true },
    });
    let page = world.lead.post("/api/v1/team/clients", &new).await.is(201);
    for (field, value) in new.as_object().unwrap().iter().filter(|(f, _)| *f != "service_id") {
        assert_eq!(page[field], *value, "{field}");
    }
    let rhi = Client {
        provider: world.provider.id,
        id: companion::ids::ClientId(page["id"].as_str().unwrap().parse().unwrap()),
        name: "Rhi".into(),
    };
    // Nobody's yet, but the lead's.
    world.dee.of(&rhi, "").await.is_problem(404, "not_found");
    let assign = |workers: companion_tests::Value| json!({ "workers": workers });
    let path = format!("/api/v1/team/clients/{}/assignments", rhi.id);
    let two_keys = assign(
        json!([{ "worker_id": world.dee.id, "key_worker": true }, { "worker_id": world.lead.id, "key_worker": true }]),
    );
    world.lead.put(&path, &two_keys).await.is_problem(422, "invalid");
    world.lead.put(&path, &assign(json!([{ "worker_id": world.dee.id, "key_worker": true }]))).await.is(200);
    world.dee.of(&rhi, "").await.is(200);
    let caseload = items(&world.dee.get("/api/v1/team/clients").await.is(200));
    assert_eq!((&caseload[0]["key_worker"]["first_name"], &caseload[0]["joined"]), (&json!("Dee"), &json!(false)));

    // The number to ring is the client's own line where there is one.
    let phone = world.phone_of(&rhi).await;
    assert_eq!(phone.get("/api/v1/me/cover").await.is(200)["phone"], "01632 960 003");
    assert_eq!(phone.ask("now").await["phone"], "01632 960 003");
    let inbox = world.dee.inbox().await;
    let asker = &inbox[0]["contact_request"]["client"];
    assert_eq!((&asker["phone"], &asker["reach"]["words"]), (&json!("01632 960 002"), &json!("never say who you are")));

    // A change changes what is given and leaves the rest.
    let record = format!("/api/v1/team/clients/{}", rhi.id);
    let changed = world.dee.patch(&record, &json!({ "preferred_name": "Rhiannon" })).await.is(200);
    assert_eq!((&changed["preferred_name"], &changed["about"]), (&json!("Rhiannon"), &json!("I keep bees")));
    world.dee.patch(&record, &json!({ "hours_per_week": 40 })).await.is_problem(403, "forbidden");
    assert_eq!(world.lead.patch(&record, &json!({ "hours_per_week": 40 })).await.is(200)["hours_per_week"], 40);
    for wrong in [
        json!({ "time_zone": "Mars/Base" }),
        json!({ "language": "xx" }),
        json!({ "hours_per_week": 0 }),
        json!({ "name": " " }),
    ] {
        world.lead.patch(&record, &wrong).await.is_problem(422, "invalid");
    }
});

story!(an_admin_brings_workers_and_sees_nobodys_record, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.ask("now").await;
    let admin = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    let new = |email: &str| {
        json!({ "email": email, "name": "Nia Worker", "first_name": "Nia", "password": PASSWORD,
                "roles": ["support_worker", "peer_navigator"], "service_ids": [world.provider.service] })
    };
    let nia = admin.post("/api/v1/admin/workers", &new("Nia@Example.org")).await.is(201);
    assert_eq!(nia["email"], "nia@example.org");
    assert!(!nia.to_string().contains("password"));
    admin.post("/api/v1/admin/workers", &new("nia@example.org")).await.is_problem(409, "conflict");
    for wrong in [
        json!({ "password": "short" }),
        json!({ "email": "no address" }),
        json!({ "roles": [] }),
        json!({ "first_name": "" }),
    ] {
        let mut body = new("other@example.org");
        let (field, value) = wrong.as_object().unwrap().iter().next().unwrap();
        body[field] = value.clone();
        let problem = admin.post("/api/v1/admin/workers", &body).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], *field);
    }
    let signed_in = world
        .api
        .post("/api/v1/auth/sign-in", &json!({ "email": "nia@example.org", "password": PASSWORD }))
        .await
        .is(200);
    assert_eq!(signed_in["worker"]["services"][0]["name"], "Flexible community");

    // An admin assigned to a client still sees nobody: an admin as such supports nobody.
    let assign = json!({ "workers": [{ "worker_id": admin.id }] });
    world.lead.put(&format!("/api/v1/team/clients/{}/assignments", sam.id), &assign).await.is_problem(422, "invalid");
    assert!(admin.inbox().await.is_empty());
    admin.of(&sam, "").await.is_problem(404, "not_found");
    admin
        .patch(&format!("/api/v1/admin/workers/{}", admin.id), &json!({ "active": false }))
        .await
        .is_problem(422, "invalid");
});

story!(what_helps_to_be_understood_is_asked_once_and_stands_beside_every_request, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let nothing = phone.get("/api/v1/me").await.is(200)["communication"].clone();
    assert_eq!(
        nothing,
        json!({ "needs": [], "interpreter_language": null, "words": null, "changed_at": null, "changed_by": null })
    );
    let path = format!("/api/v1/team/clients/{}/communication", sam.id);
    let told = json!({ "needs": ["interpreter", "text_not_call", "text_not_call"], "interpreter_language": "Somali", "words": "One thing at a time." });
    let kept = world.dee.put(&path, &told).await.is(200);
    assert_eq!(kept["needs"], json!(["text_not_call", "interpreter"]));
    assert_eq!(kept["changed_by"], "Dee");
    assert_eq!(phone.get("/api/v1/me").await.is(200)["communication"], kept);

    // The client changes it on their phone; whoever is about to ring reads it.
    let mine = json!({ "needs": ["easy_read", "more_time"], "words": "Call me Sam." });
    let mine = phone.put("/api/v1/me/communication", &mine).await.is(200);
    assert_eq!(mine["changed_by"], json!(null));
    let request = phone.ask("today").await;
    let asked =
        world.dee.get(&format!("/api/v1/team/contact-requests/{}", request["id"].as_str().unwrap())).await.is(200);
    assert_eq!(asked["client"]["communication"], mine);
    world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "about": "Likes trains." })).await.is(200);
    assert_eq!(world.dee.get(&format!("/api/v1/team/clients/{}", sam.id)).await.is(200)["communication"], mine);

    for bad in [json!({ "needs": ["mind_reading"] }), json!({ "needs": [], "words": "x".repeat(501) })] {
        phone.put("/api/v1/me/communication", &bad).await.is_problem(422, "invalid");
    }
    let other = world.worker(world.provider, "Noor", &[Role::SupportWorker]).await;
    other.put(&path, &told).await.is_problem(404, "not_found");
});
