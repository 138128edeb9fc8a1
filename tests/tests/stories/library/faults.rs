//! What may not be in a text is told with its line, by the preview and by saving alike, and nothing is kept of it.

use companion_tests::{
    Value, World, json,
    pack::{article, text},
    story,
};

async fn preview(world: &World, markdown: &str) -> Value {
    let body = json!({ "edition": "en", "markdown": markdown });
    world.lead.post("/api/v1/team/resources/preview", &body).await.is(200)
}

/// What the preview and saving say of it, which must be the same; nothing is kept.
async fn faults(world: &World, sleep: &Value, markdown: &str) -> Vec<String> {
    let seen = preview(world, markdown).await;
    let told: Vec<String> = seen["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let message = f["message"].as_str().unwrap();
            f["line"].as_i64().map_or_else(|| message.to_owned(), |line| format!("Line {line}: {message}"))
        })
        .collect();
    assert!(!told.is_empty() && seen["publishable"] == false, "nothing is wrong with {markdown:?}");
    let answer = world.lead.draft(sleep, &text(sleep, "published")["hash"], markdown).await;
    let problem = answer.is_problem(422, "invalid");
    let errors = problem["errors"].as_array().unwrap();
    assert!(errors.iter().all(|e| e["field"] == "markdown"));
    assert_eq!(errors.iter().map(|e| e["message"].as_str().unwrap()).collect::<Vec<_>>(), told, "{markdown:?}");
    let new = json!({ "edition": "en", "markdown": markdown });
    world.lead.post("/api/v1/team/resources", &new).await.is_problem(422, "invalid");
    told
}

story!(a_preview_shows_a_text_as_phones_would_get_it_and_keeps_nothing, |world| {
    let markdown =
        article("A warm drink", "Put the **kettle** on. See [sleep](resource:sleep) or ring [us](tel:116123).");
    let seen = preview(world, &markdown).await;
    let (phone, sleep) = (world.client_with_phone("Sam").await.1, world.lead.resource("sleep").await);
    world.lead.rewrite("sleep", &markdown).await;
    assert_eq!(&seen["text"], phone.pack().await.text("sleep", "en"), "as phones get it");
    assert_eq!((&seen["publishable"], &seen["faults"]), (&json!(true), &json!([])));
    assert!(seen["words"].as_i64().unwrap() > 8 && seen["reading_age"].as_f64().unwrap() > 4.0);
    let advice = seen["advice"].to_string();
    assert!(advice.contains("Two sources"), "{advice}");
    let lost = preview(world, &article("A warm drink", "See [this](resource:no-such-piece).")).await;
    assert!(lost["advice"].to_string().contains("no-such-piece") && lost["publishable"] == true);
    // A text that says nothing yet can be kept as a draft, and waits.
    let bare = "+++\ntitle = \"Nights\"\nsummary = \"\"\ntopics = []\nminutes = 1\nwritten_on = 2026-11-16\n+++\n";
    let seen = preview(world, bare).await;
    assert_eq!((&seen["publishable"], &seen["faults"]), (&json!(false), &json!([])));
    let shown = world.lead.resource("sleep").await;
    let drafted = world.lead.draft(&sleep, &text(&shown, "published")["hash"], bare).await.is(200);
    world.lead.act_on(&sleep, "publish", text(&drafted, "draft")).await.is_problem(422, "invalid");
    assert_eq!(world.count("SELECT COUNT(*) FROM resource_text WHERE state = 'draft'").await, 1);
});

story!(faults_name_their_line, |world| {
    let texts = world.count("SELECT COUNT(*) FROM resource_text").await;
    let sleep = &world.lead.resource("sleep").await;
    for (words, line, said) in [
        ("One.\n\n<script>alert(1)</script>", 13, "HTML"),
        ("One <b onclick=x>bold</b> word.", 11, "HTML"),
        ("<iframe src=\"https://example.org\"></iframe>", 11, "HTML"),
        ("[x](javascript:alert(1))", 11, "link"),
        ("[x](http://example.org)", 11, "link"),
        ("![](image:00000000-0000-7000-8000-000000000001)", 11, "what the picture shows"),
        ("![a cat](https://example.org/cat.png)", 11, "picture button"),
        ("One.\n\n# Another title", 13, "##"),
        ("One.\n\n    code", 13, "code"),
        ("One.\n\n---", 13, "Lines across"),
    ] {
        let told = faults(world, sleep, &article("A warm drink", words)).await;
        assert!(told[0].starts_with(&format!("Line {line}: ")) && told[0].contains(said), "{words:?}: {told:?}");
    }
    let unknown = "![a cat](image:00000000-0000-7000-8000-000000000001)";
    let told = faults(world, sleep, &article("A warm drink", unknown)).await;
    assert!(told[0].contains("not in the library"), "{told:?}");
    let good = article("A warm drink", "Put the kettle on.");
    for (from, to, said) in [
        ("minutes = 2", "minutes = two", "Line 5: "),
        ("minutes = 2", "minutes = 90", "Between 1 and 60"),
        ("title = ", "titel = ", "titel"),
        ("\"A warm drink\"", "\"\"", "title"),
        ("[\"hope\"]", "[\"happiness\"]", "Line 4: "),
        ("2026-11-16", "12:00:00", "a date"),
        ("minutes = 2", "minutes = 2\nlanguage = \"cy\"", "another language"),
        ("minutes = 2", "minutes = 2\nkind = \"exercise\"", "exercise"),
        ("+++", "", "begins with a line +++"),
    ] {
        let told = faults(world, sleep, &good.replace(from, to)).await;
        assert!(told.iter().any(|t| t.contains(said)), "{to:?}: {told:?}");
    }
    let source = "2026-11-16\n[[sources]]\ntitle = \"x\"\npublisher = \"y\"\nurl = \"javascript:alert(1)\"";
    assert!(faults(world, sleep, &good.replace("2026-11-16", source)).await[0].contains("https://"));
    let long = article("A warm drink", &"Put the kettle on. ".repeat(2200));
    assert!(faults(world, sleep, &long).await[0].contains("too long"));
    assert_eq!(world.count("SELECT COUNT(*) FROM resource_text").await, texts);
});

story!(marks_that_hide_or_turn_words_reach_nobody, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let image = phone.new_id();
    world.lead.put_image(image, companion_tests::pictures::drawing(1)).await.is(201);
    let hidden = ["\u{202e}", "\u{200b}", "\u{2066}", "\u{e0041}", "\u{feff}"];
    // As they are, as Markdown may write them, and as TOML may.
    let words = format!(
        "Pay {}now{}.\n\nAnd &#x202e;so &#8203;on.\n\n![A&#x202e; mug](image:{image})\n\n[x](https://example.org/&#x202e;y)",
        hidden[0], hidden[1]
    );
    let source = "title = \"On \\u202Etea\"\npublisher = \"\\u200BUs\"\nurl = \"https://example.org/\\u202E\"";
    let markdown = article("A \\u202Ewarm\\u200B drink", &words)
        .replace("For a day", "For\\u202e a\u{2066} day")
        .replace("2026-11-16", &format!("2026-11-16\nsearch_words = [\"\\u202Etea\"]\n[[sources]]\n{source}"));
    world.lead.rewrite("sleep", &markdown).await;
    let told = phone.pack().await.text("sleep", "en").clone();
    assert_eq!((&told["title"], &told["summary"]), (&json!("A warm drink"), &json!("For a day like this.")));
    assert_eq!(told["sources"][0], json!({ "title": "On tea", "publisher": "Us", "url": "https://example.org/" }));
    assert_eq!(told["blocks"][3], json!({ "kind": "image", "image_id": image, "alt": "A mug" }));
    let listed = world.dee.library().await.into_iter().find(|r| r["slug"] == "sleep").unwrap();
    for seen in [told.to_string(), listed.to_string()] {
        assert!(!seen.chars().any(|c| hidden.iter().any(|h| h.contains(c))), "{seen}");
    }
});
