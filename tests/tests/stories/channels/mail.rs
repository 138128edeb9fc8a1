//! E-mail: to the provider's mail server, encrypted where it leaves this machine, in words that say nothing.

use chrono::Duration;
use companion::{config::Config, jobs, notify::Kind};
use companion_tests::{
    World, json, relays,
    smtp_peer::{SmtpPeer, Temper},
    story,
};

use super::{asked, delivery, is_rung, shown, test};

story!(a_test_is_really_sent_and_says_what_became_of_it, |world, relays| {
    let email = shown(&world.dee, "email").await;
    test(&world.dee, &email).await;
    let last = shown(&world.dee, "email").await["last_test"].clone();
    assert_eq!((&last["at"], &last["sent_at"], &last["problem"]), (&json!(world.now()), &json!(null), &json!(null)));
    world.run_jobs().await;
    let mail = relays.smtp.only();
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("companion@provider.example", [world.dee.email.clone()].as_slice())
    );
    assert_eq!(mail.header("From"), "Companion <companion@provider.example>");
    assert_eq!(mail.header("To"), world.dee.email);
    assert_eq!(mail.header("Subject"), "This is a test");
    assert_eq!(mail.header("Date"), "Mon, 16 Nov 2026 09:00:00 +0000");
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.header("Content-Type"), "text/plain; charset=utf-8");
    assert_eq!(mail.header_if_any("Importance"), None);
    let last = shown(&world.dee, "email").await["last_test"].clone();
    assert_eq!((&last["sent_at"], &last["delivered_at"]), (&json!(world.now()), &json!(null)), "sent is not arrived");
    // Whoever it reaches says so.
    world.advance(Duration::minutes(1));
    let page = relays::press(&world.api, &mail.link()).await;
    assert!(page.text.contains("Thank you, it arrived."), "{}", page.text);
    let last = shown(&world.dee, "email").await["last_test"].clone();
    assert_eq!((&last["delivered_at"], &last["seen_at"]), (&json!(world.now()), &json!(world.now())));
});

story!(a_mail_says_nothing_of_anybody_and_stands_with_others_about_the_same, |world, relays| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let mut request = phone.new_request("now", Some("the voices are back"));
    request["how"] = json!("visit");
    let id = phone.new_id();
    phone.put_request(id, &request).await.is(201);
    is_rung(world).await;
    let first = relays.smtp.only();
    world.advance(Duration::seconds(30));
    relays::ring(world, &world.dee, "email", Kind::ContactRequest, id).await;
    let second = relays.smtp.only();
    assert_eq!(first.header("Subject"), "Someone asks for contact");
    assert_eq!(first.header("Importance"), "high");
    let thread = |m: &companion_tests::smtp_peer::Mail| (m.header("In-Reply-To"), m.header("References"));
    assert_eq!(thread(&first), thread(&second));
    assert_ne!(first.header("Message-ID"), second.header("Message-ID"));
    assert_ne!(first.link(), second.link());
    for mail in [&first, &second] {
        let all = mail.data.to_lowercase();
        for secret in ["sam", "dee worker", "voices", "visit", "now", "01632", &id.to_string(), "urgent", "harbour"] {
            assert!(!all.replace(&world.dee.email, "").contains(secret), "{secret:?} in {all}");
        }
    }
});

story!(a_mail_server_that_cannot_now_is_asked_again_and_one_that_never_will_is_not, |world, relays| {
    let ring = async || relays::ring(world, &world.dee, "email", Kind::Readiness, world.app.new_id()).await;
    for (temper, problem) in [
        (Temper::Says("RCPT", "450 4.2.1 try again"), "450"),
        (Temper::Says("DATA", "451 4.3.0 not now"), "451"),
        (Temper::Says(".", "452 4.3.1 no room"), "452"),
        (Temper::Greets("421 4.3.2 closing"), "421"),
        (Temper::HangsUpAt("MAIL"), "unreachable"),
        (Temper::HangsAt("EHLO"), "unreachable"),
    ] {
        relays.smtp.next(temper.clone());
        let ring = ring().await;
        assert_eq!(delivery(world, ring).await, ("queued".into(), 1, Some(problem.into())), "{temper:?}");
        world.advance(Duration::seconds(2));
        world.run_jobs().await;
        assert_eq!(delivery(world, ring).await.0, "sent", "{temper:?}");
        relays.smtp.only();
    }
    for (temper, problem) in [
        (Temper::Says("RCPT", "550 5.1.1 nobody of that name"), "550"),
        (Temper::Says("MAIL", "553 5.7.1 not from there"), "553"),
        (Temper::Says(".", "554 5.7.1 unwanted"), "554"),
    ] {
        relays.smtp.next(temper.clone());
        let ring = ring().await;
        assert_eq!(delivery(world, ring).await, ("failed".into(), 1, Some(problem.into())), "{temper:?}");
        world.advance(Duration::minutes(10));
        world.run_jobs().await;
        assert!(relays.smtp.take().is_empty());
    }
});

story!(a_mail_whose_server_hung_up_too_soon_comes_again_under_the_same_id, |world, relays| {
    for temper in [Temper::HangsUpAt("."), Temper::HangsAt(".")] {
        relays.smtp.next(temper);
        relays::ring(world, &world.dee, "email", Kind::Readiness, world.app.new_id()).await;
        let first = relays.smtp.only();
        world.advance(Duration::seconds(2));
        world.run_jobs().await;
        let second = relays.smtp.only();
        assert_eq!(first.header("Message-ID"), second.header("Message-ID"));
        assert_eq!(first.link(), second.link());
    }
});

story!(a_mail_server_that_is_down_is_tried_less_and_less_and_then_no_more, |world, relays| {
    relays.smtp.always(Temper::Greets("421 4.3.2 closing"));
    let email = shown(&world.dee, "email").await;
    test(&world.dee, &email).await;
    let began = world.now();
    relays.smtp.connections();
    let mut tried = Vec::new();
    for _ in 0..905 {
        world.run_jobs().await;
        tried.extend((0..relays.smtp.connections()).map(|_| (world.now() - began).num_seconds()));
        world.advance(Duration::seconds(1));
    }
    assert_eq!(tried, [0, 2, 6, 14, 30, 62, 126, 254, 510], "for the quarter of an hour that it is of use");
    let last = shown(&world.dee, "email").await["last_test"].clone();
    assert_eq!((&last["sent_at"], &last["problem"]), (&json!(null), &json!("421")));
    // What is over by the time it could be sent is not sent.
    let (_, phone) = world.client_with_phone("Sam").await;
    let request = asked(&phone).await;
    let ring = is_rung(world).await;
    world.lead.acknowledge(&json!(request)).await;
    relays.smtp.behave();
    world.advance(Duration::seconds(2));
    world.run_jobs().await;
    assert!(relays.smtp.take().is_empty());
    assert_eq!(delivery(world, ring).await, ("dropped".into(), 1, Some("answered".into())));
});

/// A node with this mail server, which trusts the authority of `trusted`.
async fn with_server(world: &World, smtp_url: String, trusted: Option<&SmtpPeer>) -> companion::app::App {
    let mut config: Config = world.config.clone();
    config.smtp_url = smtp_url;
    if let Some(peer) = trusted {
        // The port is this peer's alone, also among stories that run beside this one.
        let file = std::env::temp_dir().join(format!("companion-ca-{}.pem", peer.address.port()));
        std::fs::write(&file, peer.authority.as_ref().unwrap()).unwrap();
        config.smtp_ca_file = file.to_str().unwrap().into();
    }
    let app = world.another_node_told(config.clone()).await;
    if !config.smtp_ca_file.is_empty() {
        std::fs::remove_file(&config.smtp_ca_file).unwrap();
    }
    app
}

story!(a_mail_goes_encrypted_and_signed_in, |world, _relays| {
    for from_the_start in [false, true] {
        let peer = SmtpPeer::encrypted(from_the_start, "companion", "a p@ss:word").await;
        let (scheme, rest) = if from_the_start { ("smtps", "") } else { ("smtp", "?tls=required") };
        let url = |password: &str| format!("{scheme}://companion:{password}@{}{rest}", peer.address);
        let node = with_server(world, url("a%20p%40ss%3Aword"), Some(&peer)).await;
        relays::ring_unsent(world, &world.dee, "email", Kind::Readiness, world.app.new_id()).await;
        jobs::run_due(&node).await.unwrap();
        let mail = peer.only();
        assert_eq!((mail.encrypted, mail.user.as_deref()), (true, Some("companion")));

        // A certificate of nobody we trust: nothing is sent, nobody is signed in.
        let node = with_server(world, url("a%20p%40ss%3Aword"), None).await;
        let ring = relays::ring_unsent(world, &world.dee, "email", Kind::Readiness, world.app.new_id()).await;
        jobs::run_due(&node).await.unwrap();
        assert_eq!(delivery(world, ring).await, ("queued".into(), 1, Some("unreachable".into())));
        assert!(peer.take().is_empty());

        // A wrong password is for the operator to look at.
        let node = with_server(world, url("wrong"), Some(&peer)).await;
        world.advance(Duration::seconds(2));
        jobs::run_due(&node).await.unwrap();
        assert_eq!(delivery(world, ring).await, ("failed".into(), 2, Some("535".into())));
        let health = world.api.get("/health/engine").await.is(200);
        let refused_by = health["push_refused_by"].as_array().unwrap();
        assert!(refused_by.contains(&json!(peer.address.to_string())), "{refused_by:?}");
    }
});

story!(a_server_that_does_not_encrypt_is_sent_nothing, |world, _relays| {
    // It takes mails in clear, and we were told that it encrypts.
    let peer = SmtpPeer::that_asks_for("companion", "secret").await;
    let node = with_server(world, format!("smtp://companion:secret@{}?tls=required", peer.address), None).await;
    let ring = relays::ring_unsent(world, &world.dee, "email", Kind::Readiness, world.app.new_id()).await;
    jobs::run_due(&node).await.unwrap();
    assert!(peer.take().is_empty());
    assert_eq!(delivery(world, ring).await, ("queued".into(), 1, Some("unreachable".into())));
});
