//! Pictures of the library: added once, drawn anew, seen by workers and phones.

use companion_tests::{
    json,
    pack::article,
    pictures::{self, drawing, photo},
    story,
};

story!(a_picture_is_added_once_and_drawn_anew, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let (id, file) = (phone.new_id(), photo("GPS 51.4816 N"));
    let kept = world.lead.put_image(id, file.clone()).await.is(201);
    assert_eq!((&kept["id"], &kept["width"], &kept["height"]), (&json!(id), &json!(32), &json!(64)), "upright");
    assert_eq!(world.lead.put_image(id, file).await.is(200), kept);
    world.lead.put_image(id, drawing(1)).await.is_problem(409, "conflict");

    let markdown = article("The sea", &format!("Look:\n\n![The sea at dusk](image:{id})\n\nThen breathe."));
    world.lead.rewrite("sleep", &markdown).await;
    let block = json!({ "kind": "image", "image_id": id, "alt": "The sea at dusk" });
    assert_eq!(phone.pack().await.text("sleep", "en")["blocks"][2], block);
    let (team, mine) = (format!("/api/v1/team/resource-images/{id}"), format!("/api/v1/me/resource-images/{id}"));
    let seen = phone.bytes(&mine).await;
    assert_eq!(seen, world.dee.bytes(&team).await);
    assert_eq!(
        (pictures::size(&seen), seen.len()),
        ((32, 64), usize::try_from(kept["bytes"].as_i64().unwrap()).unwrap())
    );
    assert!(!seen.windows(3).any(|w| w == b"GPS") && !seen.windows(4).any(|w| w == b"Exif"));
    let answer = phone.get(&mine).await;
    assert_eq!(answer.header("content-type"), Some("image/jpeg"));
    assert_eq!(answer.header("cache-control"), Some("private, max-age=31536000, immutable"));
    phone.get(&format!("/api/v1/me/resource-images/{}", phone.new_id())).await.is_problem(404, "not_found");
});

story!(what_is_no_picture_or_too_large_is_refused, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    for bad in [b"<svg onload=alert(1)>".to_vec(), b"GIF89a".to_vec(), vec![], drawing(1)[..40].to_vec()] {
        let problem = world.lead.put_image(phone.new_id(), bad).await.is_problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "picture");
    }
    let mut file = drawing(1);
    file.resize(1024 * 1024, 0);
    world.lead.put_image(phone.new_id(), file.clone()).await.is(201);
    file.push(0);
    world.lead.put_image(phone.new_id(), file).await.is_problem(413, "too_large");
    world.dee.put_image(phone.new_id(), drawing(1)).await.is_problem(403, "forbidden");
    assert_eq!(world.count("SELECT COUNT(*) FROM resource_image").await, 1);
});

story!(the_same_picture_sent_many_times_at_once_is_one, |world| {
    let (_, phone) = world.client_with_phone("Sam").await;
    let id = phone.new_id();
    let answers = futures_util::future::join_all((0..10).map(|n| world.lead.put_image(id, drawing(n / 5)))).await;
    let kept: Vec<_> = answers.iter().filter(|a| a.status.is_success()).collect();
    assert_eq!((kept.len(), answers.iter().filter(|a| a.status == 409).count()), (5, 5), "one drawing holds");
    assert!(kept.iter().all(|a| a.body == kept[0].body));
});
