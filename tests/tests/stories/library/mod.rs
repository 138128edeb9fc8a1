//! The library as its writers and readers know it: drafts, publishing, reviews, history, pictures.

mod faults;
mod figures;
mod folder;
mod pictures;
mod rule_of_five;
mod shipped;

use chrono::Duration;
use companion::access::Role;
use companion_tests::{
    Value, json,
    pack::{article, text},
    story,
};

/// The states of the English wording, newest first.
fn states(resource: &Value) -> Vec<(i64, &str)> {
    let texts = resource["texts"].as_array().unwrap().iter().filter(|t| t["edition"] == "en");
    texts.map(|t| (t["number"].as_i64().unwrap(), t["state"].as_str().unwrap())).collect()
}

story!(a_draft_is_the_teams_until_it_is_published, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let coach = world.worker(world.provider, "Rae", &[Role::RecoveryCoach]).await;
    let before = phone.get("/api/v1/me/pack").await.header("etag").unwrap().to_owned();
    let sleep = coach.resource("sleep").await;
    assert_eq!((&sleep["may_write"], &sleep["may_publish"]), (&json!(true), &json!(false)));

    let drafted = coach.draft(&sleep, &text(&sleep, "published")["hash"], &article("Nights", "Open it.")).await.is(200);
    assert_eq!(states(&drafted), [(2, "draft"), (1, "published")]);
    assert_eq!(drafted["title"], sleep["title"], "called what clients read it as");
    let draft = text(&drafted, "draft");
    assert_eq!((&draft["by"], &draft["at"], &draft["reviewed"]), (&json!("Rae"), &json!(world.now()), &Value::Null));
    assert_eq!(text(&drafted, "published")["by"], Value::Null, "came with the app");
    assert_eq!(phone.get("/api/v1/me/pack").await.header("etag"), Some(before.as_str()));
    // The same again is no conflict with oneself.
    let again = coach.draft(&sleep, &text(&sleep, "published")["hash"], &article("Nights", "Open it.")).await.is(200);
    assert_eq!(states(&again), states(&drafted));

    coach.act_on(&sleep, "publish", draft).await.is_problem(403, "forbidden");
    let published = world.lead.act_on(&sleep, "publish", draft).await.is(200);
    assert_eq!(states(&published), [(2, "published"), (1, "earlier")]);
    assert_eq!(world.lead.act_on(&sleep, "publish", draft).await.is(200), published, "twice is once");
    let sql = "SELECT detail FROM audit WHERE action = 'resource.published' ORDER BY seq LIMIT 1";
    let told: sqlx::types::Json<Value> = world.app.db.query(sql).scalar().await.unwrap();
    assert_eq!(
        (&told["number"], &told["hash"]),
        (&draft["number"], &draft["hash"]),
        "which text it was is in the trail"
    );
    let pack = phone.pack().await;
    assert_eq!(pack.text("sleep", "en")["title"], "Nights");
    let words = pack.text("sleep", "en")["blocks"].clone();
    assert_eq!(words[1], json!({ "kind": "paragraph", "text": [{ "text": "Open it." }] }));
    let listed = world.dee.library().await.into_iter().find(|r| r["slug"] == "sleep").unwrap();
    let shown = &listed["editions"][0]["published"];
    assert_eq!((&listed["title"], &shown["number"], &shown["by"]), (&json!("Nights"), &json!(2), &json!("Rae")));
});

story!(nobody_saves_over_what_they_have_not_seen, |world| {
    let coach = world.worker(world.provider, "Rae", &[Role::RecoveryCoach]).await;
    let sleep = coach.resource("sleep").await;
    let from = &text(&sleep, "published")["hash"];
    let first = coach.draft(&sleep, from, &article("Nights", "By Rae.")).await.is(200);
    // Pat's screen still shows the text that Rae began with.
    world.lead.draft(&sleep, from, &article("Nights", "By Pat.")).await.is_problem(409, "conflict");
    world.lead.draft(&sleep, &json!(null), &article("Nights", "By Pat.")).await.is_problem(409, "conflict");
    let seen = text(&first, "draft");
    let second = world.lead.draft(&sleep, &seen["hash"], &article("Nights", "By both.")).await.is(200);
    assert_eq!(text(&second, "draft")["by"], "Pat");
    assert_eq!(states(&second), [(2, "draft"), (1, "published")], "one draft at a time");
    coach.draft(&sleep, &seen["hash"], &article("Nights", "By Rae again.")).await.is_problem(409, "conflict");
    // Nor is anything published or signed but what was on the screen.
    for act in ["publish", "review"] {
        world.lead.act_on(&sleep, act, seen).await.is_problem(409, "conflict");
    }
    assert_eq!(states(&world.lead.resource("sleep").await), states(&second));
});

story!(a_review_is_signed_and_new_words_need_a_new_one, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let sleep = world.lead.resource("sleep").await;
    let shown = text(&sleep, "published");
    world.dee.act_on(&sleep, "review", shown).await.is_problem(403, "forbidden");
    let old = phone.pack().await;
    let reviewed = world.lead.act_on(&sleep, "review", shown).await.is(200);
    let signed = json!({ "by": "Pat Worker", "on": "2026-11-16" });
    assert_eq!(text(&reviewed, "published")["reviewed"], signed);
    // The phone hears of it as of any change, and only of it.
    let pack = phone.pack_having(&old.came()).await;
    assert_eq!(pack.came(), [pack.hash("sleep", "en")]);
    assert_eq!(pack.text("sleep", "en")["reviewed"], signed);

    let drafted = world.lead.draft(&sleep, &shown["hash"], &article("Nights", "Open it.")).await.is(200);
    assert_eq!(phone.pack().await.text("sleep", "en")["reviewed"], signed, "as long as those words are read");
    world.advance(Duration::days(1));
    let signed_draft = world.lead.act_on(&sleep, "review", text(&drafted, "draft")).await.is(200);
    let draft = text(&signed_draft, "draft");
    assert_eq!(draft["reviewed"]["on"], "2026-11-17");
    let reworded = world.lead.draft(&sleep, &draft["hash"], &article("Nights", "Shut it.")).await.is(200);
    assert_eq!(text(&reworded, "draft")["reviewed"], Value::Null, "new words");
    world.lead.act_on(&sleep, "publish", text(&reworded, "draft")).await.is(200);
    assert_eq!(phone.pack().await.text("sleep", "en")["reviewed"], Value::Null);
});

story!(an_earlier_text_is_published_again_and_a_draft_thrown_away, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let before = phone.pack().await;
    let changed = world.lead.rewrite("sleep", &article("Nights", "Open it.")).await;
    let earlier = text(&changed, "earlier");
    let again = world.lead.act_on(&changed, "publish", earlier).await.is(200);
    assert_eq!(states(&again), [(2, "earlier"), (1, "published")]);
    assert_eq!(phone.pack().await.hash("sleep", "en"), before.hash("sleep", "en"));

    // A draft begins with what clients read, or somebody would write past it unseen.
    let (read, earlier) = (&text(&again, "published")["hash"], &text(&again, "earlier")["hash"]);
    world.lead.draft(&again, earlier, &article("Nights", "Open it wide.")).await.is_problem(409, "conflict");
    let drafted = world.lead.draft(&again, read, &article("Nights", "Open it wide.")).await.is(200);
    assert_eq!(states(&drafted)[0], (3, "draft"));
    let path = format!("/api/v1/team/resources/{}/drafts/en", again["id"].as_str().unwrap());
    let discarded = world.lead.delete(&path).await.is(200);
    assert_eq!(states(&discarded), [(2, "earlier"), (1, "published")]);
    world.lead.delete(&path).await.is(200);
    world.lead.act_on(&again, "publish", text(&drafted, "draft")).await.is_problem(404, "not_found");
});

story!(a_new_resource_is_named_after_its_title_and_can_be_said_in_several_ways, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let navigator = world.worker(world.provider, "Nan", &[Role::PeerNavigator]).await;
    let new = |title: &str| json!({ "edition": "en", "markdown": article(title, "Put the kettle on.") });
    let create = async |title: &str| navigator.post("/api/v1/team/resources", &new(title)).await.is(201);
    let drink = create("A warm drink, at four").await;
    assert_eq!((&drink["slug"], states(&drink)), (&json!("a-warm-drink-at-four"), vec![(1, "draft")]));
    let again = navigator.post("/api/v1/team/resources", &new("A warm drink, at four")).await.is(200);
    assert_eq!(again, drink, "the same again, when the first reply was lost");
    assert_eq!(create("A warm drink – at four!").await["slug"], "a-warm-drink-at-four-2");
    assert_eq!(create("¿?").await["slug"], "text");
    assert!(phone.pack().await.resource("a-warm-drink-at-four").is_none());
    world.lead.act_on(&drink, "publish", text(&drink, "draft")).await.is(200);

    // In Welsh too: the first text of its wording is based on none.
    let path = format!("/api/v1/team/resources/{}/drafts/cy", drink["id"].as_str().unwrap());
    let welsh =
        |based_on: Value| json!({ "markdown": article("Diod gynnes", "Berwch y tegell."), "based_on": based_on });
    let both = navigator.put(&path, &welsh(json!(null))).await.is(200);
    let draft = both["texts"].as_array().unwrap().iter().find(|t| t["edition"] == "cy").unwrap();
    world.lead.act_on(&drink, "publish", draft).await.is(200);
    let pack = phone.pack().await;
    assert_eq!(pack.text("a-warm-drink-at-four", "cy")["title"], "Diod gynnes");
    assert_eq!(pack.text("a-warm-drink-at-four", "en")["title"], "A warm drink, at four");
    // What is all there is of a resource is not thrown away.
    let other = navigator.resource("text").await;
    let path = format!("/api/v1/team/resources/{}/drafts/en", other["id"].as_str().unwrap());
    navigator.delete(&path).await.is_problem(409, "conflict");
    let path = format!("/api/v1/team/resources/{}/drafts/fr", other["id"].as_str().unwrap());
    navigator.put(&path, &welsh(json!(null))).await.is_problem(404, "not_found");
});

story!(retired_and_withdrawn_are_said_in_the_list_and_taken_back, |world| {
    let sleep = world.lead.resource("sleep").await;
    for (act, body, said) in [
        ("retire", json!({ "withdraw": false }), json!("retired")),
        ("retire", json!({ "withdraw": true }), json!("withdrawn")),
        ("restore", json!({}), json!(null)),
    ] {
        assert_eq!(world.lead.act_on(&sleep, act, &body).await.is(200)["retired"], said);
        let listed = world.dee.library().await.into_iter().find(|r| r["slug"] == "sleep").unwrap();
        assert_eq!(listed["retired"], said, "every worker sees it");
    }
    let nothing = json!({ "id": world.provider.service });
    world.lead.act_on(&nothing, "retire", &json!({ "withdraw": true })).await.is_problem(404, "not_found");
    world.lead.act_on(&sleep, "retire", &json!({})).await.is_problem(422, "invalid");
});
