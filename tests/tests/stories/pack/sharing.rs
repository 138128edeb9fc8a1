//! What a client makes of their pack is theirs: the team sees what is shared, for as long as it is shared.

use companion::access::Role;
use companion_tests::{Client, Phone, Value, Worker, World, json, pictures, story};

/// Everything a worker can ask about a client and about the library, in one text.
async fn everything_seen(worker: &Worker, client: &Client) -> String {
    let mut seen = String::new();
    for what in ["", "/pack", "/timeline", "/check-ins", "/assessments", "/items", "/contact-requests", "/devices"] {
        seen += &worker.of(client, what).await.is(200).to_string();
    }
    // The figures are for leads: a support worker reads that they are not for them.
    for list in ["inbox", "clients", "flags", "contact-requests", "resources", "resources/figures"] {
        seen += &worker.get(&format!("/api/v1/team/{list}")).await.text;
    }
    seen
}

/// A client who has done everything there is to do with a pack, and shared nothing of it.
async fn a_full_pack(world: &World) -> (Client, Phone, Value) {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mark = json!({ "bookmarked": true, "helped": "not_for_me", "read_to": 37, "opened_at": world.now() });
    phone.mark(&phone.pack().await.id("sleep"), mark).await.is(200);
    let mut note = phone.new_note("canary-title", "canary-text");
    note["url"] = json!("https://canary.example.org/");
    let note = phone.add(&note).await;
    let photo = phone.add(&phone.new_photo("canary-photo", &pictures::photo("here"))).await;
    phone.fill_first_aid(json!([photo, note])).await;
    phone.search_in_vain("canary-search").await;
    (sam, phone, json!({ "note": note, "photo": photo }))
}

story!(a_worker_sees_nothing_that_is_not_shared, |world| {
    let (sam, _, ids) = a_full_pack(world).await;
    let (note, photo) = (ids["note"].as_str().unwrap(), ids["photo"].as_str().unwrap());
    for worker in [&world.dee, &world.lead] {
        let seen = everything_seen(worker, &sam).await;
        for word in ["canary", ":\"not_for_me\"", "\"read_to\":37", note, photo] {
            assert!(!seen.contains(word), "{word} in {seen}");
        }
        assert_eq!(worker.pack_of(&sam).await["shared"], json!({ "marks": [], "additions": [] }));
        let photo = format!("/pack/additions/{}/photo", ids["photo"].as_str().unwrap());
        worker.of(&sam, &photo).await.is_problem(404, "not_found");
    }
});

story!(what_is_shared_is_seen_as_it_is_until_it_is_shared_no_longer, |world| {
    let (sam, phone, ids) = a_full_pack(world).await;
    let (sleep, photo) =
        (phone.pack().await.id("sleep"), format!("/pack/additions/{}/photo", ids["photo"].as_str().unwrap()));
    let mark =
        json!({ "bookmarked": true, "helped": "helped", "read_to": 60, "shared": true, "opened_at": world.now() });
    let kept = phone.mark(&sleep, mark.clone()).await.is(200);
    for id in [&ids["note"], &ids["photo"]] {
        phone.mark(id, json!({ "shared": true })).await.is(200);
    }
    let shared = world.dee.pack_of(&sam).await["shared"].clone();
    let title = phone.pack().await.text("sleep", "en")["title"].clone();
    let told = json!({ "resource_id": sleep, "title": title, "bookmarked": true, "helped": "helped", "read_to": 60,
                       "changed_at": kept["changed_at"] });
    assert_eq!(shared["marks"], json!([told]), "and not when it was opened");
    let titles: Vec<&Value> = shared["additions"].as_array().unwrap().iter().map(|a| &a["title"]).collect();
    assert_eq!(titles, ["canary-photo", "canary-title"]);
    let path = format!("/api/v1/team/clients/{}{photo}", sam.id);
    assert_eq!(pictures::size(&world.dee.bytes(&path).await), (32, 64));

    let mut private = mark;
    private["shared"] = json!(false);
    phone.mark(&sleep, private).await.is(200);
    for id in [&ids["note"], &ids["photo"]] {
        phone.mark(id, json!({ "shared": false })).await.is(200);
    }
    assert_eq!(world.dee.pack_of(&sam).await["shared"], json!({ "marks": [], "additions": [] }));
    world.dee.of(&sam, &photo).await.is_problem(404, "not_found");
    assert!(!everything_seen(&world.lead, &sam).await.contains("canary"));
    assert_eq!(phone.pack().await["additions"].as_array().unwrap().len(), 2, "the client keeps them");
});

story!(what_is_shared_from_the_start_is_seen_and_what_is_removed_is_not, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mut photo = phone.new_photo("The sea", &pictures::photo("here"));
    photo["shared"] = json!(true);
    let id = phone.add(&photo).await;
    let path = format!("/pack/additions/{id}/photo");
    assert_eq!(world.dee.pack_of(&sam).await["shared"]["additions"][0]["title"], "The sea");
    assert_eq!(world.dee.of(&sam, &path).await.status, 200);
    phone.remove(id).await;
    assert_eq!(world.dee.pack_of(&sam).await["shared"]["additions"], json!([]));
    world.dee.of(&sam, &path).await.is_problem(404, "not_found");
    // A late sharing of what is gone brings nothing to light.
    phone.mark(&json!(id), json!({ "shared": true })).await.is_problem(404, "not_found");
});

story!(each_look_at_a_pack_is_in_the_trail_and_a_stranger_is_refused, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    let mut photo = phone.new_photo("The sea", &pictures::photo("here"));
    photo["shared"] = json!(true);
    let path = format!("/pack/additions/{}/photo", phone.add(&photo).await);
    let newest = async || -> (String, String, Value) {
        let sql = "SELECT actor, action, clients FROM audit ORDER BY seq DESC LIMIT 1";
        let row: (String, String, sqlx::types::Json<Value>) = world.app.db.query(sql).one().await.unwrap();
        (row.0, row.1, row.2.0)
    };
    let looked =
        |worker: &Worker, action: &str| (format!("worker:{}", worker.id), action.to_owned(), json!([sam.id.0]));
    for (what, action) in [("/pack", "pack.read"), (path.as_str(), "pack.photo.read")] {
        assert_eq!(world.dee.of(&sam, what).await.status, 200);
        assert_eq!(newest().await, looked(&world.dee, action));
    }
    world.dee.choose(&sam, json!([])).await.is(200);
    assert_eq!(newest().await, looked(&world.dee, "pack.change"));

    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    for what in ["/pack", path.as_str()] {
        uma.of(&sam, what).await.is_problem(404, "not_found");
        assert_eq!(newest().await, looked(&uma, "denied"));
    }
    uma.choose_after(&sam, &json!(1), json!([])).await.is_problem(404, "not_found");
    assert_eq!(world.dee.pack_of(&sam).await["revision"], 1);
});
