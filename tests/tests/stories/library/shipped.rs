//! The texts that come with the app: each organisation has its own copies, and what people here decided is not undone.

use companion::resources::install_everywhere;
use companion_tests::{
    Value, World, json,
    pack::{article, text},
    story,
};

use super::states;

/// Makes our first text of `sleep` an older one than the binary carries, as if it had come with an older version.
async fn came_with_an_older_version(world: &World) -> String {
    let older = article("Sleep, last year", "Count sheep.");
    let mut tx = world.app.db.begin().await.unwrap();
    tx.query("UPDATE resource_text SET markdown = $1 WHERE edition = 'en' AND number = 1 AND resource_id IN (SELECT id FROM resource WHERE slug = 'sleep')")
        .bind(&older)
        .execute()
        .await
        .unwrap();
    tx.query("UPDATE organisation SET library_revision = library_revision + 1").execute().await.unwrap();
    tx.commit().await.unwrap();
    older
}

/// What happens when the server of a newer version starts.
async fn start_anew(world: &World) {
    install_everywhere(&world.app).await.unwrap();
}

fn newer(resource: &Value) -> &Value {
    &resource["editions"].as_array().unwrap().iter().find(|e| e["edition"] == "en").unwrap()["newer_shipped"]
}

story!(the_texts_are_there_from_the_start_and_a_second_start_adds_nothing, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let pack = phone.pack().await;
    assert!(["sleep", "slow-breathing"].iter().all(|slug| pack.resource(slug).is_some()));
    let counts = async || {
        (world.count("SELECT COUNT(*) FROM resource").await, world.count("SELECT COUNT(*) FROM resource_text").await)
    };
    let before = counts().await;
    assert_eq!(pack["resources"].as_array().unwrap().len(), usize::try_from(before.0).unwrap());
    start_anew(world).await;
    assert_eq!(counts().await, before);
    // A resource that was thrown out stays out.
    let sleep = world.lead.resource("sleep").await;
    world.lead.act_on(&sleep, "retire", &json!({ "withdraw": true })).await.is(200);
    start_anew(world).await;
    assert_eq!(world.lead.resource("sleep").await["retired"], "withdrawn");
    assert!(phone.pack().await.resource("sleep").is_none());
});

story!(a_newer_text_takes_the_place_of_one_that_nobody_touched, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let current = phone.pack().await;
    came_with_an_older_version(world).await;
    let old = phone.pack().await;
    assert_eq!(old.text("sleep", "en")["title"], "Sleep, last year");
    start_anew(world).await;
    let sleep = world.lead.resource("sleep").await;
    assert_eq!((states(&sleep), newer(&sleep)), (vec![(2, "published"), (1, "earlier")], &json!(null)));
    let pack = phone.pack_having(&old.came()).await;
    assert_eq!(pack.came(), [current.hash("sleep", "en")], "and nothing else is sent anew");
    start_anew(world).await;
    assert_eq!(states(&world.lead.resource("sleep").await).len(), 2);
});

story!(beside_a_text_that_was_reviewed_a_newer_one_is_only_offered, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let current = phone.pack().await;
    came_with_an_older_version(world).await;
    let sleep = world.lead.resource("sleep").await;
    world.lead.act_on(&sleep, "review", text(&sleep, "published")).await.is(200);
    start_anew(world).await;
    let sleep = world.lead.resource("sleep").await;
    assert_eq!((states(&sleep), newer(&sleep)), (vec![(2, "shipped_offer"), (1, "published")], &json!(2)));
    let shown = phone.pack().await.text("sleep", "en").clone();
    assert_eq!((&shown["title"], &shown["reviewed"]["by"]), (&json!("Sleep, last year"), &json!("Pat Worker")));
    // Taken up, it is read from now on, and nobody has reviewed it.
    let taken = world.lead.act_on(&sleep, "publish", text(&sleep, "shipped_offer")).await.is(200);
    assert_eq!((states(&taken), newer(&taken)), (vec![(2, "published"), (1, "earlier")], &json!(null)));
    assert_eq!(phone.pack().await.hash("sleep", "en"), current.hash("sleep", "en"));
});

story!(beside_a_text_that_was_changed_a_newer_one_is_only_offered, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    came_with_an_older_version(world).await;
    world.lead.rewrite("sleep", &article("Nights", "Open it.")).await;
    start_anew(world).await;
    let sleep = world.lead.resource("sleep").await;
    assert_eq!(states(&sleep), [(3, "shipped_offer"), (2, "published"), (1, "earlier")]);
    assert_eq!((newer(&sleep), &phone.pack().await.text("sleep", "en")["title"]), (&json!(3), &json!("Nights")));
    start_anew(world).await;
    assert_eq!(states(&world.lead.resource("sleep").await), states(&sleep), "offered once");
    // Who goes on with their own has decided.
    let decided = world.lead.rewrite("sleep", &article("Nights", "Open it wide.")).await;
    assert_eq!((states(&decided)[0], newer(&decided)), ((4, "published"), &json!(null)));
    start_anew(world).await;
    assert_eq!(phone.pack().await.text("sleep", "en")["blocks"][1]["text"][0]["text"], "Open it wide.");
});

story!(a_text_of_ours_that_somebody_here_chose_is_theirs, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    came_with_an_older_version(world).await;
    let changed = world.lead.rewrite("sleep", &article("Nights", "Open it.")).await;
    let ours = changed["texts"].as_array().unwrap().iter().find(|t| t["edition"] == "en" && t["number"] == 1).unwrap();
    world.lead.act_on(&changed, "publish", ours).await.is(200);
    start_anew(world).await;
    let sleep = world.lead.resource("sleep").await;
    assert_eq!(states(&sleep), [(3, "shipped_offer"), (2, "earlier"), (1, "published")]);
    assert_eq!(
        (newer(&sleep), &phone.pack().await.text("sleep", "en")["title"]),
        (&json!(3), &json!("Sleep, last year"))
    );
});

story!(a_wording_of_ours_is_not_put_beside_words_of_theirs, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let welsh = phone.pack().await.text("sleep", "cy").clone();
    let mut tx = world.app.db.begin().await.unwrap();
    // As if there had been no Welsh one yet.
    tx.query("DELETE FROM resource_text WHERE edition = 'cy'").execute().await.unwrap();
    tx.commit().await.unwrap();
    world.lead.rewrite("sleep", &article("Nights", "Open it.")).await;
    start_anew(world).await;
    let sleep = world.lead.resource("sleep").await;
    let offered = sleep["texts"].as_array().unwrap().iter().find(|t| t["edition"] == "cy").unwrap();
    assert_eq!(offered["state"], "shipped_offer", "it says what ours said");
    assert!(phone.pack().await.resource("sleep").unwrap()["editions"]["cy"].is_null());
    world.lead.act_on(&sleep, "publish", offered).await.is(200);
    assert_eq!(phone.pack().await.text("sleep", "cy"), &welsh);
});

story!(a_draft_in_the_making_is_left_alone, |world| {
    came_with_an_older_version(world).await;
    let sleep = world.lead.resource("sleep").await;
    let drafted =
        world.lead.draft(&sleep, &text(&sleep, "published")["hash"], &article("Nights", "Open it.")).await.is(200);
    start_anew(world).await;
    let sleep = world.lead.resource("sleep").await;
    assert_eq!(states(&sleep), [(3, "published"), (2, "draft"), (1, "earlier")]);
    assert_eq!(text(&sleep, "draft"), text(&drafted, "draft"));
    let hash = &text(&sleep, "draft")["hash"];
    world.lead.draft(&sleep, hash, &article("Nights", "Open it wide.")).await.is(200);
});
