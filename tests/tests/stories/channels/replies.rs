//! "1" by return of text, or a key pressed in a call: brought by the gateway, signed, and taken once.

use chrono::Duration;
use companion::notify::Kind;
use companion_tests::{
    World,
    gateway_peer::{encode, sign_standard, sign_twilio},
    json,
    relays::{self, REPLIES, bring, bring_to, standard, text, twilio},
    story,
};
use uuid::Uuid;

use super::{acknowledged, asked, is_rung, stands};

const NUMBER: &str = "+447700900123";

async fn rung(world: &World, relays: &relays::Relays) -> (companion_tests::Phone, Uuid) {
    let (_, phone) = world.client_with_phone("Sam").await;
    relays::choose(&world.dee, world, &[("sms", Some(NUMBER)), ("voice", Some(NUMBER))]).await;
    let request = asked(&phone).await;
    is_rung(world).await;
    relays.sms.only();
    (phone, request)
}

story!(a_1_by_return_acknowledges_as_whoever_has_the_number, |world, relays| {
    let (_phone, request) = rung(world, relays).await;
    assert_eq!(
        standard(world, "m1", "07700 900 999", "1").await.is(200),
        json!({ "outcome": null }),
        "nobody's number"
    );
    assert_eq!(standard(world, "m2", NUMBER, "who is this?").await.is(200), json!({ "outcome": null }));
    assert_eq!(stands(world, request).await, ("received".into(), None));
    assert_eq!(standard(world, "m3", NUMBER, " 1 ").await.is(200), json!({ "outcome": "yours" }));
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.dee.id)));
    assert_eq!(acknowledged(world).await, [(format!("worker:{}", world.dee.id), json!("reply"))]);
    let sql = "SELECT COUNT(*) FROM delivery WHERE channel_id IS NOT NULL AND seen_at IS NOT NULL";
    assert_eq!(world.count(sql).await, 1);
});

story!(twilio_brings_it_in_its_own_form_and_hears_what_came_of_it, |world, relays| {
    let (phone, request) = rung(world, relays).await;
    let nothing = twilio(world, &text("SM1", NUMBER, "Who? +44 & more é")).await;
    assert_eq!(nothing.header("content-type"), Some("text/xml; charset=utf-8"));
    assert!(nothing.text.ends_with("<Response></Response>"), "{}", nothing.text);
    let yours = twilio(world, &text("SM2", NUMBER, "Yes!")).await;
    assert!(yours.text.contains("<Response><Message>You have it."), "{}", yours.text);
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.dee.id)));

    // A key, in a call that was made to them.
    world.dee.act_on_request(&json!(request), "complete", &json!({})).await.is(200);
    let request = asked(&phone).await;
    is_rung(world).await;
    relays.sms.only();
    // The text did not say that it arrived, so the next way is tried.
    world.advance(Duration::seconds(60));
    is_rung(world).await;
    relays.voice.only();
    let key = |digits| {
        vec![
            ("CallSid", "CA1"),
            ("Direction", "outbound-api"),
            ("From", "+441632960999"),
            ("To", NUMBER),
            ("Digits", digits),
        ]
    };
    let pressed = twilio(world, &key("1")).await;
    assert!(pressed.text.contains("<Response><Say>You have it."), "{}", pressed.text);
    assert_eq!(stands(world, request).await, ("seen".into(), Some(world.dee.id)));
});

story!(a_reply_counts_once_and_only_with_its_signature, |world, relays| {
    let (phone, request) = rung(world, relays).await;
    let now = world.now().timestamp();
    let body = json!({ "id": "m1", "from": NUMBER, "text": "1" }).to_string();
    let of_now = now.to_string();
    let old = (now - 301).to_string();
    let good = sign_standard("m1", &of_now, body.as_bytes());
    for (id, at, signature) in [
        ("m1", of_now.as_str(), ""),
        ("m1", of_now.as_str(), "v1,"),
        ("m1", of_now.as_str(), "v1,AAAA"),
        ("m2", of_now.as_str(), good.as_str()),
        ("m1", old.as_str(), good.as_str()),
        ("m1", old.as_str(), sign_standard("m1", &old, body.as_bytes()).as_str()),
        ("m1", "soon", sign_standard("m1", "soon", body.as_bytes()).as_str()),
        ("m1", of_now.as_str(), sign_standard("m1", &of_now, b"{}").as_str()),
    ] {
        let headers = [("webhook-id", id), ("webhook-timestamp", at), ("webhook-signature", signature)];
        bring(world, &headers, body.clone()).await.is_problem(401, "unauthorised");
    }
    bring(world, &[], body.clone()).await.is_problem(401, "unauthorised");
    let form = text("SM1", NUMBER, "1");
    let elsewhere = sign_twilio("https://elsewhere.example/api/v1/gateway/replies", &form);
    let other = sign_twilio(&format!("{}{REPLIES}", relays::PUBLIC), &text("SM1", NUMBER, "0"));
    for signature in ["x", "", elsewhere.as_str(), other.as_str()] {
        let answer = bring(world, &[("x-twilio-signature", signature)], encode(&form)).await;
        answer.is_problem(401, "unauthorised");
    }
    assert_eq!(stands(world, request).await, ("received".into(), None));

    standard(world, "m1", NUMBER, "1").await.is(200);
    twilio(world, &text("SM1", NUMBER, "1")).await.is(200);
    world.dee.act_on_request(&json!(request), "complete", &json!({})).await.is(200);
    // The same again, an hour later, when somebody else asks.
    world.advance(Duration::minutes(1));
    let request = asked(&phone).await;
    is_rung(world).await;
    relays.sms.only();
    assert_eq!(standard(world, "m1", NUMBER, "1").await.is(200), json!({ "outcome": null }));
    assert!(twilio(world, &text("SM1", NUMBER, "1")).await.text.contains("<Response></Response>"));
    assert_eq!(stands(world, request).await, ("received".into(), None));
    assert_eq!(standard(world, "m9", NUMBER, "1").await.is(200), json!({ "outcome": "yours" }));
});

story!(a_reply_is_to_the_newest_ring_while_that_is_of_use, |world, relays| {
    let (_phone, first) = rung(world, relays).await;
    let (_, kim) = world.client_with_phone("Kim").await;
    let second = asked(&kim).await;
    world.advance(Duration::seconds(30));
    is_rung(world).await;
    world.advance(Duration::minutes(59));
    assert_eq!(standard(world, "m1", NUMBER, "1").await.is(200), json!({ "outcome": "yours" }));
    assert_eq!(stands(world, second).await, ("seen".into(), Some(world.dee.id)));
    assert_eq!(stands(world, first).await, ("received".into(), None), "a yes is for one");
    // The newest was theirs already.
    assert_eq!(standard(world, "m2", NUMBER, "1").await.is(200), json!({ "outcome": "yours" }));
    assert_eq!(stands(world, first).await, ("received".into(), None));
    world.advance(Duration::minutes(2));
    assert_eq!(standard(world, "m3", NUMBER, "1").await.is(200), json!({ "outcome": null }), "too long ago");
    relays.sms.take();
    relays::ring(world, &world.dee, "sms", Kind::Readiness, world.app.new_id()).await;
    assert_eq!(standard(world, "m4", NUMBER, "1").await.is(200), json!({ "outcome": "heard" }));
    relays.sms.take();
});

story!(a_reply_is_for_what_needs_somebody_before_what_does_not, |world, relays| {
    let (_phone, first) = rung(world, relays).await;
    // A yes to a test that came after it is for the test.
    relays::ring(world, &world.dee, "sms", Kind::Readiness, world.app.new_id()).await;
    assert_eq!(standard(world, "m0", NUMBER, "1").await.is(200), json!({ "outcome": "heard" }));
    assert_eq!(stands(world, first).await, ("received".into(), None));
    // A request that somebody else has by now takes nothing away from it.
    let (_, kim) = world.client_with_phone("Kim").await;
    let second = asked(&kim).await;
    world.advance(Duration::seconds(1));
    is_rung(world).await;
    world.lead.acknowledge(&json!(second)).await;
    assert_eq!(standard(world, "m1", NUMBER, "1").await.is(200), json!({ "outcome": "yours" }));
    assert_eq!(stands(world, first).await, ("seen".into(), Some(world.dee.id)));
    relays.sms.take();
});

story!(a_key_is_for_the_call_that_it_is_pressed_in, |world, relays| {
    let (_phone, first) = rung(world, relays).await;
    world.advance(Duration::seconds(60));
    is_rung(world).await;
    let call = relays.voice.only();
    let (_, kim) = world.client_with_phone("Kim").await;
    let second = asked(&kim).await;
    is_rung(world).await;
    let action = call.words.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = [("CallSid", "CA1"), ("Direction", "outbound-api"), ("To", NUMBER), ("Digits", "1")];
    let path = action.strip_prefix(relays::PUBLIC).unwrap();
    let signed = sign_twilio(action, &form);
    let headers = [("x-twilio-signature", signed.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let pressed = bring_to(world, path, &headers, encode(&form)).await;
    assert!(pressed.text.contains("<Say>You have it."), "{}", pressed.text);
    assert_eq!(stands(world, first).await, ("seen".into(), Some(world.dee.id)));
    assert_eq!(stands(world, second).await, ("received".into(), None));
    relays.sms.take();
});

story!(who_has_no_gateway_takes_nobodys_word, |world| {
    standard(world, "m1", NUMBER, "1").await.is_problem(401, "unauthorised");
    twilio(world, &text("SM1", NUMBER, "1")).await.is_problem(401, "unauthorised");
});
