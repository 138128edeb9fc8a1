//! The resilience pack on a phone: all of it in one answer, then what changed.

mod additions;
mod choosing;
mod first_aid;
mod marks;
mod sharing;

use companion::access::Role;
use companion_tests::{Answer, Phone, World, json, pack::article, pictures, story};
use reqwest::Method;

/// Asks for the pack with these headers.
async fn ask_with(world: &World, phone: &Phone, headers: &[(&str, &str)]) -> reqwest::Response {
    let token = phone.token().await;
    let request = world.api.request(Method::GET, "/api/v1/me/pack", Some(&token));
    headers.iter().fold(request, |r, (name, value)| r.header(*name, *value)).send().await.unwrap()
}

story!(the_first_answer_is_the_whole_pack, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    let resources = pack["resources"].as_array().unwrap();
    assert!(resources.len() > 30);
    for resource in resources {
        let slug = resource["slug"].as_str().unwrap();
        assert_eq!(resource["retired"], false);
        assert_eq!(resource["kind"] == "exercise", resource["exercise"].is_string(), "{slug}");
        for edition in resource["editions"].as_object().unwrap().keys() {
            let text = pack.text(slug, edition);
            assert!(!text["title"].as_str().unwrap().is_empty() && text["blocks"].as_array().unwrap().len() > 1);
            // Nobody at this provider has read it yet, and the reader can see that.
            assert!(text["reviewed"].is_null(), "{slug}");
            // Words for a crisis wait until a native speaker has read them.
            assert!(!(text["awaiting_native_review"] == true && text["stage"] == "crisis"), "{slug} {edition}");
        }
    }
    let nothing_yet = [&pack["chosen"], &pack["additions"], &pack["first_aid"], &pack["marks"]];
    assert_eq!(nothing_yet, [&json!([]), &json!([]), &json!(null), &json!({})]);
});

story!(after_that_only_what_changed_comes, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let whole = phone.get("/api/v1/me/pack").await;
    let tag = whole.header("etag").unwrap().to_owned();
    for tag in [tag.clone(), format!("W/{tag}")] {
        assert_eq!(ask_with(world, &phone, &[("If-None-Match", &tag)]).await.status(), 304);
    }
    let whole = phone.pack().await;
    let unchanged = phone.pack_having(&whole.came()).await;
    assert_eq!(unchanged["texts"], json!({}));
    assert_eq!(unchanged["resources"], whole["resources"]);

    world.lead.rewrite("sleep", &article("Sleep, in our own words", "Open the window.")).await;
    let changed = ask_with(world, &phone, &[("If-None-Match", &tag)]).await;
    assert_eq!(changed.status(), 200);
    assert_ne!(changed.headers()["etag"], tag);
    let changed = phone.pack_having(&whole.came()).await;
    assert_eq!(changed.came(), [changed.hash("sleep", "en")]);
    assert_eq!(changed.text("sleep", "en")["title"], "Sleep, in our own words");
    assert_ne!(changed.hash("sleep", "en"), whole.hash("sleep", "en"));
    // Whichever way a phone came by its texts, it has the same pack under the same tag.
    let tags = [&whole.came()[..], &[]].map(|have| format!("/api/v1/me/pack?have={}", have.join(",")));
    assert_eq!(phone.get(&tags[0]).await.header("etag"), phone.get(&tags[1]).await.header("etag"));
});

story!(a_phone_restored_from_an_old_copy_gets_what_it_lacks, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let old = phone.pack().await;
    world.lead.rewrite("sleep", &article("Sleep, in our own words", "Open the window.")).await;
    let new = phone.pack().await;
    let mut have = vec!["ffffffffffffffff", "", "%20no+such/hash", old.hash("sleep", "en")];
    have.extend(old.came().into_iter().filter(|h| *h != old.hash("slow-breathing", "en")));
    let restored = phone.pack_having(&have).await;
    let mut lacking = [new.hash("sleep", "en"), new.hash("slow-breathing", "en")];
    lacking.sort_unstable();
    assert_eq!(restored.came(), lacking);
});

story!(what_is_retired_stays_with_whoever_keeps_it_and_what_is_withdrawn_is_gone, |world| {
    let (sam, bookmarked) = world.client_with_phone("Sam").await;
    let (_, half_read) = world.client_with_phone("Kim").await;
    let (_, in_first_aid) = world.client_with_phone("Noor").await;
    let (_, read) = world.client_with_phone("Ari").await;
    let (_, never) = world.client_with_phone("Lou").await;
    let pack = never.pack().await;
    let (id, hash) = (pack.id("sleep"), pack.hash("sleep", "en"));
    world.dee.choose(&sam, json!([{ "resource_id": id }])).await.is(200);
    bookmarked.mark(&id, json!({ "bookmarked": true })).await.is(200);
    half_read.mark(&id, json!({ "opened_at": world.now(), "read_to": 40 })).await.is(200);
    in_first_aid.fill_first_aid(json!([id])).await;
    read.read(&id).await;

    let sleep = world.lead.resource("sleep").await;
    world.lead.act_on(&sleep, "retire", &json!({ "withdraw": false })).await.is(200);
    for keeps in [&bookmarked, &half_read, &in_first_aid] {
        let pack = keeps.pack().await;
        assert_eq!(pack.resource("sleep").unwrap()["retired"], true);
        assert!(pack.text("sleep", "en").is_object(), "with its words, for a new phone too");
    }
    for offered_no_longer in [&read, &never] {
        let pack = offered_no_longer.pack().await;
        assert!(pack.resource("sleep").is_none() && !pack.came().contains(&hash));
    }
    // Kept no longer, it goes.
    bookmarked.mark(&id, json!({ "bookmarked": false })).await.is(200);
    let pack = bookmarked.pack().await;
    assert!(pack.resource("sleep").is_none());
    assert_eq!(pack["chosen"], json!([]), "what is not there is not recommended");

    world.lead.act_on(&sleep, "retire", &json!({ "withdraw": true })).await.is(200);
    for phone in [&bookmarked, &half_read, &in_first_aid, &read, &never] {
        let pack = phone.pack().await;
        assert!(!pack.to_string().contains(id.as_str().unwrap()), "gone, with every mention of it");
        assert!(!pack.came().contains(&hash));
    }
    world.lead.act_on(&sleep, "restore", &json!({})).await.is(200);
    assert_eq!(half_read.pack().await.mark(&id)["read_to"], 40, "where they were");
    assert_eq!(in_first_aid.pack().await["first_aid"], json!([id]));
    assert_eq!(bookmarked.pack().await["chosen"][0]["resource_id"], id);
});

story!(the_whole_library_travels_small, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let plain = phone.bytes("/api/v1/me/pack").await;
    let answer = ask_with(world, &phone, &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert_eq!(answer.headers()["cache-control"], "private, no-cache");
    let zipped = answer.bytes().await.unwrap();
    println!("{} bytes, {} of them sent", plain.len(), zipped.len());
    assert!(zipped.starts_with(&[0x1f, 0x8b]) && zipped.len() * 2 < plain.len());
    assert!(zipped.len() < 1_000_000, "on a bad line this is what joining costs");
});

story!(two_organisations_have_nothing_of_each_other, |world| {
    let elsewhere = world.another_provider("Elsewhere").await;
    let eve = world.worker(elsewhere, "Eve", &[Role::TeamLead]).await;
    let toni = world.client_of(elsewhere, "Toni", &[&eve]).await;
    let (theirs, (_, ours)) = (world.phone_of(&toni).await, world.client_with_phone("Sam").await);
    let (our_pack, their_pack) = (ours.pack().await, theirs.pack().await);
    assert_eq!(our_pack.came(), their_pack.came(), "the same texts to begin with");
    assert_ne!(our_pack.id("sleep"), their_pack.id("sleep"), "and copies of their own");

    ours.mark(&their_pack.id("sleep"), json!({ "bookmarked": true })).await.is_problem(404, "not_found");
    assert_eq!(ours.fill_first_aid(json!([their_pack.id("sleep")])).await, json!([]));
    let chosen = json!([{ "resource_id": our_pack.id("sleep") }]);
    eve.choose(&toni, chosen).await.is_problem(422, "invalid");
    eve.rewrite("sleep", &article("Sleep elsewhere", "Close the window.")).await;
    assert_eq!(ours.pack().await.hash("sleep", "en"), our_pack.hash("sleep", "en"));

    // An id of an addition or a picture means nothing on the other side.
    let (note, image) = (ours.add(&ours.new_note("A walk", "to the pier")).await, ours.new_id());
    theirs.put_addition(note, &theirs.new_note("Another", "altogether")).await.is(201);
    assert_eq!(ours.pack().await.addition(note).unwrap()["title"], "A walk");
    world.lead.put_image(image, pictures::drawing(1)).await.is(201);
    for (who, status) in [(&ours, 200), (&theirs, 404)] {
        let seen: Answer = who.get(&format!("/api/v1/me/resource-images/{image}")).await;
        assert_eq!(seen.status, status);
    }
    eve.get(&format!("/api/v1/team/resource-images/{image}")).await.is_problem(404, "not_found");
    eve.put_image(image, pictures::drawing(2)).await.is(201);
});
