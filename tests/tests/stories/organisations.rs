//! Two providers on one server, and two nodes on one database.

use companion::{access::Role, jobs};
use companion_tests::{Backend, World, json, story, world};

story!(two_organisations_never_see_each_other, |world| {
    let elsewhere = world.another_provider("Elsewhere").await;
    let eve = world.worker(elsewhere, "Eve", &[Role::TeamLead, Role::SupportWorker, Role::Admin]).await;
    let theirs = world.client_of(elsewhere, "Toni", &[&eve]).await;
    let theirs_phone = world.phone_of(&theirs).await;
    let (ours, phone) = world.client_with_phone("Sam").await;
    for phone in [&phone, &theirs_phone] {
        phone.ask("now").await;
        phone.check_in_with_note("hello", true).await;
    }
    world.run_jobs().await;

    let lists = [
        "/api/v1/team/inbox",
        "/api/v1/team/clients",
        "/api/v1/team/contact-requests",
        "/api/v1/team/flags",
        "/api/v1/team/workers",
        "/api/v1/team/services",
        "/api/v1/admin/workers",
        "/api/v1/admin/services",
        "/api/v1/admin/audit",
        "/api/v1/admin/organisation",
    ];
    for path in lists {
        let text = eve.get(path).await.is(200).to_string();
        for ours in [
            ours.id.to_string(),
            world.dee.id.to_string(),
            world.provider.service.to_string(),
            "Sam".into(),
            "Harbour".into(),
        ] {
            assert!(!text.contains(&ours), "{path} shows {ours}");
        }
    }
    for what in ["", "/check-ins", "/timeline", "/devices"] {
        eve.of(&ours, what).await.is_problem(404, "not_found");
        world.lead.of(&theirs, what).await.is_problem(404, "not_found");
    }
    // Nobody of another provider can be assigned, handed to, or changed.
    let assign = json!({ "workers": [{ "worker_id": world.dee.id }] });
    eve.put(&format!("/api/v1/team/clients/{}/assignments", theirs.id), &assign).await.is_problem(422, "invalid");
    let request = theirs_phone.requests().await[0]["id"].clone();
    eve.act_on_request(&request, "hand-over", &json!({ "to": world.dee.id })).await.is_problem(422, "invalid");
    eve.patch(&format!("/api/v1/admin/workers/{}", world.dee.id), &json!({ "active": false }))
        .await
        .is_problem(404, "not_found");
    let services = json!({ "service_ids": [world.provider.service] });
    eve.patch(&format!("/api/v1/admin/workers/{}", eve.id), &services).await.is_problem(422, "invalid");
    // With two providers, a phone that has not joined is told neither's name.
    assert_eq!(world.api.get("/api/v1/provider").await.is(200)["name"], json!(null));
});

/// Two equal nodes on one PostgreSQL: each job is done once, by one of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_share_the_work() {
    world::tell(Backend::Postgres, async |world: &World| {
        let other = world.another_node().await;
        let mut phones = Vec::new();
        for n in 0..12 {
            let (_, phone) = world.client_with_phone(&format!("Client {n}")).await;
            phones.push(phone);
        }
        let mut done = (0, 0);
        for round in 0..34 {
            world.advance(chrono::Duration::days(1));
            let value = if round < 30 { [5.0, 6.0, 5.0, 4.0][round % 4] } else { 1.0 };
            let answers = [("mood", value), ("sleep", value)];
            let check_ins = phones.iter().map(|phone| phone.check_in(&answers));
            futures_util::future::join_all(check_ins).await;
            let both = tokio::join!(jobs::run_due(&world.app), jobs::run_due(&other));
            done = (done.0 + both.0.unwrap(), done.1 + both.1.unwrap());
            // A node comes back empty-handed while the other still works.
            world.run_jobs().await;
        }
        println!("one node did {} jobs, the other {}", done.0, done.1);
        assert!(done.0 > 0 && done.1 > 0, "both worked");
        assert_eq!(world.count("SELECT COUNT(*) FROM flag").await, 12);
        assert_eq!(world.count("SELECT COUNT(*) FROM flag_entry WHERE what = 'raised'").await, 12);
        assert_eq!(world.count("SELECT COUNT(*) FROM job WHERE done_at IS NOT NULL AND attempts <> 1").await, 0);
        assert_eq!(world.count("SELECT COUNT(*) FROM job WHERE done_at IS NULL AND lease_until IS NOT NULL").await, 0);
        other.db.close().await;
    })
    .await;
}
