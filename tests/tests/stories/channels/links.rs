//! S24: the link in a message. Machines fetch links; only a person's press counts, once, for whoever was rung, while nobody has it.

use chrono::Duration;
use companion::{access::Role, notify::Kind};
use companion_tests::{Answer, World, json, relays, story};
use reqwest::Method;
use uuid::Uuid;

use super::{acknowledged, asked, flag_asked_about, is_rung, stands};

/// A request, and the link in the text by which Dee is rung for it.
async fn rung(world: &World, relays: &relays::Relays) -> (companion_tests::Phone, Uuid, String) {
    let (_, phone) = world.client_with_phone("Sam").await;
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    let request = asked(&phone).await;
    is_rung(world).await;
    let link = relays.sms.only().link();
    (phone, request, link)
}

fn says(page: &Answer, words: &str) {
    assert_eq!(page.status.as_u16(), 200, "{}", page.text);
    assert!(page.text.contains(words), "not {words:?} but {}", page.text);
}

const BUTTON: &str = "I’ve got this</button>";

story!(fetching_a_link_changes_nothing_and_a_press_acknowledges_as_whoever_was_rung, |world, relays| {
    let (phone, request, link) = rung(world, relays).await;
    for _ in 0..3 {
        let page = relays::open(&world.api, &link).await;
        says(&page, BUTTON);
        says(&page, "Someone asks for contact");
        for secret in ["Sam", "Dee", "Pat", "Harbour", "<script", "http-equiv", &request.to_string()] {
            assert!(!page.text.contains(secret), "{secret}");
        }
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("x-robots-tag"), Some("noindex, nofollow, noarchive"));
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("form-action 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    }
    let head = world.api.request(Method::HEAD, &link, None).send().await.unwrap();
    assert_eq!(head.status().as_u16(), 200);
    // Scanners that post without having pressed anything.
    for body in ["", "mine=no", "a=b", "{}"] {
        let post = world.api.request(Method::POST, &link, None).header("content-type", "text/plain").body(body);
        says(&Answer::of(post).await, BUTTON);
    }
    assert_eq!(stands(world, request).await, ("received".into(), None));
    assert_eq!(acknowledged(world).await, []);

    world.advance(Duration::minutes(2));
    says(&relays::press(&world.api, &link).await, "You have it.");
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.dee.id)));
    assert_eq!(acknowledged(world).await, [(format!("worker:{}", world.dee.id), json!("link"))]);
    let story = phone.request(&json!(request)).await;
    assert_eq!((&story["seen_by"], &story["seen_at"]), (&json!("Dee"), &json!(world.now())));
    let inbox = world.dee.inbox().await;
    let row = companion_tests::Worker::only(&inbox);
    assert!(row.to_string().contains("\"seen\""), "{row}");

    // Used is used: it says so, and does nothing more.
    says(&relays::press(&world.api, &link).await, "You have it.");
    says(&relays::open(&world.api, &link).await, "You have it.");
    assert_eq!(acknowledged(world).await.len(), 1);
    assert_eq!(world.verify_audit().await, whole(world).await);
});

async fn whole(world: &World) -> companion::audit::Verdict {
    let verdict = world.verify_audit().await;
    assert!(matches!(verdict, companion::audit::Verdict::Whole { .. }), "{verdict:?}");
    verdict
}

story!(a_press_takes_nothing_from_anybody, |world, relays| {
    let (_phone, request, link) = rung(world, relays).await;
    relays::ring(world, &world.dee, "sms", Kind::ContactRequest, request).await;
    let second = relays.sms.only().link();
    world.lead.acknowledge(&json!(request)).await;
    let before = acknowledged(world).await;
    says(&relays::press(&world.api, &link).await, "Somebody else has it.");
    says(&relays::open(&world.api, &link).await, "Somebody else has it.");
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.lead.id)));
    assert_eq!(acknowledged(world).await, before);
    world.lead.act_on_request(&json!(request), "complete", &json!({})).await.is(200);
    says(&relays::press(&world.api, &second).await, "This is over");
    assert_eq!(stands(world, request).await, ("done".into(), Some(world.lead.id)));
});

story!(a_link_that_is_too_old_or_made_up_does_nothing_and_says_so_kindly, |world, relays| {
    let (_phone, request, link) = rung(world, relays).await;
    let token = link.strip_prefix("/ack/").unwrap();
    let mut other = token.to_owned();
    other.replace_range(0..1, if token.starts_with('A') { "B" } else { "A" });
    for forged in [other.as_str(), &token[..token.len() - 1], &"A".repeat(24), "x", "%00", "..%2f..%2fapi"] {
        for answer in [
            relays::open(&world.api, &format!("/ack/{forged}")).await,
            relays::press(&world.api, &format!("/ack/{forged}")).await,
        ] {
            assert_eq!(answer.status.as_u16(), 404, "{forged}");
            assert!(answer.text.contains("leads nowhere"), "{}", answer.text);
        }
    }
    // Whoever guesses on and on is asked to wait; who has a link is not.
    let mut refused = 0;
    for _ in 0..60 {
        let guess = relays::open(&world.api, &format!("/ack/{}", "B".repeat(24))).await;
        refused += usize::from(guess.status.as_u16() == 429);
    }
    assert!(refused > 0);
    says(&relays::open(&world.api, &link).await, BUTTON);
    world.advance(Duration::minutes(60));
    says(&relays::press(&world.api, &link).await, "This link is too old.");
    says(&relays::open(&world.api, &link).await, "This link is too old.");
    assert_eq!(stands(world, request).await, ("received".into(), None));
});

story!(who_works_here_no_more_can_say_nothing, |world, relays| {
    let admin = world.worker(world.provider, "Alex", &[Role::Admin]).await;
    let (_phone, request, link) = rung(world, relays).await;
    admin.patch(&format!("/api/v1/admin/workers/{}", world.dee.id), &json!({ "active": false })).await.is(200);
    says(&relays::press(&world.api, &link).await, "leads nowhere");
    assert_eq!(stands(world, request).await, ("received".into(), None));
    assert_eq!(acknowledged(world).await, []);
});

story!(a_link_is_for_what_it_was_rung_for_and_not_for_what_became_of_it, |world, relays| {
    let (phone, request, link) = rung(world, relays).await;
    // Somebody takes it; then it is asked for again, now.
    world.lead.acknowledge(&json!(request)).await;
    world.advance(Duration::minutes(5));
    phone.ask("now").await;
    assert_eq!(stands(world, request).await, ("received".into(), None));
    world.advance(Duration::minutes(1));
    says(&relays::press(&world.api, &link).await, "This is over, or has changed since.");
    assert_eq!(stands(world, request).await, ("received".into(), None), "the old link says nothing of the new need");
    is_rung(world).await;
    says(&relays::press(&world.api, &relays.sms.only().link()).await, "You have it.");
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.dee.id)));
});

story!(who_is_rung_again_for_what_they_had_is_shown_the_button_again, |world, relays| {
    let (_phone, request, link) = rung(world, relays).await;
    says(&relays::press(&world.api, &link).await, "You have it.");
    says(&relays::open(&world.api, &link).await, "You have it.");
    world.dee.promise(&json!(request), world.now() + Duration::minutes(10)).await;
    world.advance(Duration::minutes(10));
    is_rung(world).await;
    let again = relays.sms.only().link();
    says(&relays::open(&world.api, &again).await, BUTTON);
    says(&relays::press(&world.api, &again).await, "You have it.");
    assert_eq!(stands(world, request).await, ("promised".into(), Some(world.dee.id)));
});

story!(a_cancelled_request_is_looked_at_by_a_press_too, |world, relays| {
    let (phone, request, link) = rung(world, relays).await;
    let cancel = json!({ "id": phone.new_id() });
    phone.post(&format!("/api/v1/me/contact-requests/{request}/cancel"), &cancel).await.is(200);
    says(&relays::press(&world.api, &link).await, "You have it.");
    assert_eq!(stands(world, request).await, ("cancelled".into(), Some(world.dee.id)));
});

story!(a_link_works_in_welsh_and_for_a_flag_that_its_client_asked_about, |world, relays| {
    relays::choose(&world.dee, world, &[("sms", Some("07700 900123"))]).await;
    flag_asked_about(world).await;
    is_rung(world).await;
    let link = relays.sms.only().link();
    let request = world.api.request(Method::GET, &link, None).header("accept-language", "cy-GB, en;q=0.5");
    let page = Answer::of(request).await;
    says(&page, "<html lang=\"cy\">");
    says(&page, "Baner i edrych arni");
    assert_eq!(page.header("content-language"), Some("cy"));
    says(&relays::press(&world.api, &link).await, "You have it.");
    let flags = world.dee.flags().await;
    let flag = companion_tests::Worker::only(&flags);
    assert_eq!((&flag["state"], &flag["owner"]["first_name"]), (&json!("acknowledged"), &json!("Dee")));
    assert_eq!(acknowledged(world).await.last().unwrap().1, json!("link"));
});

story!(two_presses_at_once_are_one, |world, relays| {
    let (_phone, request, link) = rung(world, relays).await;
    let (kim_link, kim) = {
        let kim = world.worker(world.provider, "Kim", &[Role::SupportWorker]).await;
        relays::choose(&kim, world, &[("sms", Some("07700 900124"))]).await;
        relays::ring(world, &kim, "sms", Kind::ContactRequest, request).await;
        (relays.sms.only().link(), kim)
    };
    let presses = (0..6).map(|n| relays::press(&world.api, if n % 2 == 0 { &link } else { &kim_link }));
    let pages = futures_util::future::join_all(presses).await;
    let (_, owner) = stands(world, request).await;
    assert!([world.dee.id, kim.id].contains(&owner.unwrap()));
    assert_eq!(acknowledged(world).await.len(), 1);
    let told = |words: &str| pages.iter().filter(|p| p.text.contains(words)).count();
    assert_eq!(told("You have it.") + told("Somebody else has it."), 6);
    assert!(told("You have it.") >= 1 && told("Somebody else has it.") >= 1);
});
