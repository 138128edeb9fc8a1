//! Encryption by another implementation than the one that is shipped, and RFC 8291's own example by both.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use companion::notify::words;
use companion_tests::{
    Value, json, oracle,
    push_peer::{Browser, PushPeer, Received},
    story,
};
use ece::EcKeyComponents;

use super::{on_desk, on_phone, try_out};

/// RFC 8291, section 5 and appendix A.
fn example() -> (Browser, Received) {
    let raw = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let private = raw("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94");
    let public = raw("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
    let body = raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
    );
    let browser = Browser {
        id: uuid::Uuid::nil(),
        endpoint: String::new(),
        private: EcKeyComponents::new(private, public),
        auth: raw("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap(),
    };
    (browser, Received { path: String::new(), headers: std::collections::HashMap::new(), body })
}

const PLAIN: &[u8] = b"When I grow up, I want to be a watermelon";

#[test]
fn the_rfcs_example_is_read_by_the_library_we_ship() {
    let (browser, message) = example();
    assert_eq!(ece::decrypt(&browser.private, &browser.auth, &message.body).unwrap(), PLAIN);
}

#[test]
fn the_rfcs_example_is_read_by_the_oracle() {
    let (browser, message) = example();
    let Some(read) = oracle::decrypt(&[oracle::question(&browser, &message)]) else { return };
    assert_eq!(read, [(PLAIN.to_vec(), Value::Null)]);
}

story!(every_push_is_read_by_the_oracle_and_says_neutral_words_only, |world| {
    let peer = PushPeer::start().await;
    let (sam, phone) = world.client_with_phone("Samantha").await;
    let (browser, dee) = (on_phone(&phone, &peer).await, on_desk(world, &world.dee, &peer).await);
    for language in ["en", "cy"] {
        world.dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &json!({ "language": language })).await.is(200);
        let request = phone.put_request(phone.new_id(), &phone.new_request("now", Some("canary"))).await.is(201);
        world.run_jobs().await;
        world.dee.acknowledge(&request["id"]).await;
        world.dee.act_on_request(&request["id"], "complete", &json!({})).await.is(200);
        try_out(&phone, &browser).await;
        world.run_jobs().await;
    }
    let told = peer.take();
    assert_eq!(told.len(), 6);
    let questions: Vec<Value> = told
        .iter()
        .map(|message| oracle::question(if browser.got(message) { &browser } else { &dee }, message))
        .collect();
    let Some(answers) = oracle::decrypt(&questions) else { return };
    assert_eq!(answers.len(), told.len());
    for ((plain, claims), message) in answers.into_iter().zip(&told) {
        assert_eq!(plain.len(), words::SIZE, "one size");
        let payload: Value = serde_json::from_slice(&plain).unwrap();
        assert!(words::all().contains(&payload["t"].as_str().unwrap()), "{payload}");
        assert_eq!(payload["tag"], message.topic());
        assert!(!String::from_utf8_lossy(&plain).contains("canary"));
        assert_eq!(claims["aud"], format!("http://{}", peer.address));
        assert_eq!(claims["sub"], world.app.config.push_subject().unwrap());
        let left = claims["exp"].as_i64().unwrap() - world.now().timestamp();
        assert!((1..=24 * 3600).contains(&left));
    }
});
