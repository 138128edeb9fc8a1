//! What is read and what helps, through HTTP: without names, and never for fewer than five.

use chrono::Duration;
use companion::access::Role;
use companion_tests::{Client, Phone, Value, World, json, story};

async fn people(world: &World, count: usize) -> Vec<(Client, Phone)> {
    let mut people = Vec::new();
    for n in 0..count {
        people.push(world.client_with_phone(&format!("Client {n}")).await);
    }
    people
}

fn of_resource<'f>(figures: &'f Value, id: &Value) -> Option<&'f Value> {
    figures["resources"].as_array().unwrap().iter().find(|r| r["id"] == *id)
}

fn of_topic<'f>(figures: &'f Value, topic: &str) -> &'f Value {
    figures["topics"].as_array().unwrap().iter().find(|t| t["topic"] == topic).unwrap()
}

story!(four_tell_nothing_and_five_tell_five, |world| {
    let people = people(world, 6).await;
    let sleep = people[0].1.pack().await.id("sleep");
    let helped = json!({ "opened_at": world.now(), "read_to": 100, "helped": "helped" });
    for (n, (_, phone)) in people.iter().enumerate() {
        let figures = world.lead.figures().await;
        let told = if n >= 5 { json!(5) } else { json!(null) };
        assert_eq!(of_topic(&figures, "sleep")["read"], told, "{n}");
        assert_eq!(of_topic(&figures, "sleep")["helped"], told, "{n}");
        assert_eq!(of_resource(&figures, &sleep).map(|r| r["read"].clone()), (n >= 5).then_some(told));
        let little = figures["little_opened"].as_array().unwrap().iter().any(|r| r["id"] == sleep);
        assert_eq!(little, n < 5);
        phone.mark(&sleep, helped.clone()).await.is(200);
    }
    let figures = world.lead.figures().await;
    assert_eq!(of_resource(&figures, &sleep).unwrap()["read"], 5, "six are told as five");
    assert_eq!(of_topic(&figures, "sleep")["not_for_me"], json!(null));
    assert_eq!(figures["fewest"], 5);
    // Another organisation counts its own, and a worker who does not decide sees none.
    let elsewhere = world.another_provider("Elsewhere").await;
    let eve = world.worker(elsewhere, "Eve", &[Role::TeamLead]).await;
    assert_eq!(of_topic(&eve.figures().await, "sleep")["read"], json!(null));
    world.dee.get("/api/v1/team/resources/figures").await.is_problem(403, "forbidden");
    // Twelve weeks later it is over.
    world.advance(Duration::days(85));
    assert_eq!(of_topic(&world.lead.figures().await, "sleep")["read"], json!(null));
});

story!(who_does_not_want_to_be_counted_is_not_counted, |world| {
    let people = people(world, 5).await;
    let sleep = people[0].1.pack().await.id("sleep");
    for (_, phone) in &people {
        phone.read(&sleep).await;
        phone.search_in_vain("knitting").await;
    }
    let told = async || {
        let figures = world.lead.figures().await;
        (of_resource(&figures, &sleep).is_some(), !figures["missing_searches"].as_array().unwrap().is_empty())
    };
    assert_eq!(told().await, (true, true));
    let (_, shy) = &people[3];
    assert_eq!(shy.sharing().await["pack_counted"], true, "until they say otherwise");
    shy.be_counted(false).await;
    assert_eq!(told().await, (false, false));
    // An app that knows of no such choice takes none back.
    assert_eq!(shy.choose_sharing(&json!({})).await["pack_counted"], false);
    shy.search_in_vain("knitting").await;
    assert_eq!(told().await, (false, false));
    // Counted again, what is on the phone counts; what was searched for before is forgotten.
    shy.be_counted(true).await;
    assert_eq!(told().await, (true, false));
});

story!(a_search_in_vain_is_told_when_five_people_have_made_it, |world| {
    let people = people(world, 6).await;
    for (n, (_, phone)) in people.iter().enumerate() {
        let told = world.lead.figures().await["missing_searches"].clone();
        assert_eq!(told, if n >= 5 { json!([{ "words": "a bus pass", "people": 5 }]) } else { json!([]) });
        // Often, and each in their own way.
        for words in ["a bus pass", "  A  Bus Pass ", "a BUS pass"] {
            phone.search_in_vain(words).await;
        }
        phone.search_in_vain(&format!("something of my own {n}")).await;
    }
    let told = world.lead.figures().await;
    assert_eq!(told["missing_searches"], json!([{ "words": "a bus pass", "people": 5 }]));
    assert!(!told.to_string().contains("my own"));
    // The same sending twice is one, and what is no search is refused.
    let phone = &people[0].1;
    let (path, count) = (format!("/api/v1/me/pack/searches/{}", phone.new_id()), "SELECT COUNT(*) FROM missing_search");
    let before = world.count(count).await;
    for _ in 0..2 {
        phone.put(&path, &json!({ "words": "x", "searched_at": world.now() })).await.is(204);
    }
    for wrong in [json!("  "), json!("x".repeat(81))] {
        phone.put(&path, &json!({ "words": wrong, "searched_at": world.now() })).await.is_problem(422, "invalid");
    }
    assert_eq!(world.count(count).await, before + 1);
});

story!(services_are_told_apart_only_where_each_has_five, |world| {
    let night = world.another_service(world.provider, "Night house").await;
    let sleep = world.client_with_phone("Sam").await.1.pack().await.id("sleep");
    for n in 0..10 {
        let of = if n % 2 == 0 { world.provider } else { night };
        let client = world.client_of(of, &format!("Client {n}"), &[&world.dee]).await;
        assert_eq!(of_topic(&world.lead.figures().await, "sleep")["services"], json!(null), "{n}");
        world.phone_of(&client).await.read(&sleep).await;
    }
    let figures = world.lead.figures().await;
    let of_service = |name: &str| json!({ "name": name, "read": 5, "helped": null, "not_for_me": null });
    let both = json!([of_service("Flexible community"), of_service("Night house")]);
    assert_eq!((&of_topic(&figures, "sleep")["read"], &of_topic(&figures, "sleep")["services"]), (&json!(10), &both));
});

story!(what_is_read_in_private_is_not_called_little_read, |world| {
    let pack = world.client_with_phone("Sam").await.1.pack().await;
    let slug = pack["resources"].as_array().unwrap().iter().map(|r| r["slug"].as_str().unwrap());
    let discreet: Vec<&str> = slug.filter(|s| pack.text(s, "en")["discreet"] == true).collect();
    assert!(!discreet.is_empty());
    let figures = world.lead.figures().await;
    let little = |slug: &str| figures["little_opened"].as_array().unwrap().iter().any(|r| r["id"] == pack.id(slug));
    assert!(little("sleep"));
    // Phones leave no trace of having opened it, so nobody can say that it is not opened.
    assert!(discreet.iter().all(|slug| !little(slug)), "{discreet:?}");
});
