//! Who looked: one row for each look, in a chain that shows every change to it.

use companion::access::Role;
use companion::audit::Verdict;
use companion_tests::{Value, World, http::items, json, story};

/// The newest row: who, what, whose records.
async fn newest(world: &World) -> (i64, String, String, Value) {
    let sql = "SELECT seq, actor, action, clients FROM audit ORDER BY seq DESC LIMIT 1";
    let row: (i64, String, String, sqlx::types::Json<Value>) = world.app.db.query(sql).one().await.unwrap();
    (row.0, row.1, row.2, row.3.0)
}

story!(every_look_at_a_record_leaves_exactly_one_row, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    world.usual_days(&phone, 30).await;
    world.bad_days(&phone, 5).await;
    let request = phone.ask("today").await["id"].clone();
    let flag = phone.flags().await[0]["id"].clone();
    let of_sam = |what: &str| format!("/api/v1/team/clients/{}{what}", sam.id);
    let reads = [
        (of_sam(""), "client.read"),
        (of_sam("/check-ins"), "check_ins.read"),
        (of_sam("/assessments"), "assessments.read"),
        (of_sam("/timeline"), "timeline.read"),
        (of_sam("/items"), "items.read"),
        (of_sam("/contact-requests"), "contact_requests.read"),
        (of_sam("/devices"), "devices.read"),
        (of_sam("/assignments"), "assignments.read"),
        ("/api/v1/team/inbox".into(), "inbox.read"),
        ("/api/v1/team/flags".into(), "flags.read"),
        ("/api/v1/team/contact-requests".into(), "contact_requests.read"),
        ("/api/v1/team/clients".into(), "caseload.read"),
    ];
    for (path, action) in reads {
        let before = newest(world).await.0;
        world.dee.get(&path).await.is(200);
        let row = newest(world).await;
        assert_eq!(row.0, before + 1, "{path}");
        assert_eq!(
            (row.1, row.2.as_str(), row.3),
            (format!("worker:{}", world.dee.id), action, json!([sam.id.0])),
            "{path}"
        );
    }
    // What is done to a record is a look as well, and one row.
    let acts = [
        (format!("/api/v1/team/flags/{}/acknowledge", flag.as_str().unwrap()), "flag.acknowledge"),
        (format!("/api/v1/team/contact-requests/{}/acknowledge", request.as_str().unwrap()), "contact.acknowledge"),
    ];
    for (path, action) in acts {
        let before = newest(world).await.0;
        world.dee.post(&path, &json!({})).await.is(200);
        let row = newest(world).await;
        assert_eq!((row.0, row.2.as_str()), (before + 1, action));
    }
    // A look that was refused is in the trail too.
    let uma = world.worker(world.provider, "Uma", &[Role::SupportWorker]).await;
    uma.of(&sam, "/check-ins").await.is_problem(404, "not_found");
    let row = newest(world).await;
    assert_eq!((row.1, row.2.as_str(), row.3), (format!("worker:{}", uma.id), "denied", json!([sam.id.0])));
    assert!(matches!(world.verify_audit().await, Verdict::Whole { rows, .. } if rows == row.0));
});

story!(an_admin_reads_the_trail_and_no_words, |world| {
    let (sam, phone) = world.client_with_phone("Sam").await;
    phone.check_in_with_note("canary", true).await;
    world.dee.check_ins(&sam).await;
    let admin = world.worker(world.provider, "Ada", &[Role::Admin]).await;
    let trail = admin.get("/api/v1/admin/audit").await.is(200);
    let looked = items(&trail).into_iter().find(|r| r["what"] == "check_ins.read").unwrap();
    assert_eq!(looked["who"], "Dee Worker");
    assert!(!trail.to_string().contains("canary"));
});

story!(every_change_to_the_trail_is_found, |world| {
    let (sam, _) = world.client_with_phone("Sam").await;
    for _ in 0..6 {
        world.dee.check_ins(&sam).await;
    }
    let change = async |sql: &'static str| {
        let mut tx = world.app.db.begin().await.unwrap();
        tx.query(sql).execute().await.unwrap();
        tx.commit().await.unwrap();
    };
    change("CREATE TABLE kept AS SELECT * FROM audit").await;
    change("CREATE TABLE kept_head AS SELECT id, audit_seq, audit_hash, audit_seal FROM organisation").await;
    let whole = world.verify_audit().await;
    let Verdict::Whole { rows, .. } = &whole else { panic!("{whole:?}") };
    assert!(*rows >= 7);

    // Edited, each column that is read; deleted; put in another order; cut off; cut off with the head set back;
    // and one put in between.
    let tampered: [(&[&'static str], Verdict); 10] = [
        (&["UPDATE audit SET action = 'nothing' WHERE seq = 3"], Verdict::BrokenAt { seq: 3 }),
        (&["UPDATE audit SET actor = 'worker:somebody' WHERE seq = 3"], Verdict::BrokenAt { seq: 3 }),
        (&["UPDATE audit SET clients = '[]' WHERE seq = 4"], Verdict::BrokenAt { seq: 4 }),
        (&["UPDATE audit SET detail = '{\"x\":1}' WHERE seq = 4"], Verdict::BrokenAt { seq: 4 }),
        (&["UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE seq = 5"], Verdict::BrokenAt { seq: 5 }),
        (&["DELETE FROM audit WHERE seq = 2"], Verdict::BrokenAt { seq: 2 }),
        (
            &[
                "UPDATE audit SET seq = 1000 WHERE seq = 4",
                "UPDATE audit SET seq = 4 WHERE seq = 5",
                "UPDATE audit SET seq = 5 WHERE seq = 1000",
            ],
            Verdict::BrokenAt { seq: 4 },
        ),
        (&["DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)"], Verdict::HeadDoesNotFit),
        (
            &[
                "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)",
                "UPDATE organisation SET audit_seq = audit_seq - 1, audit_hash = (SELECT hash FROM audit ORDER BY seq DESC LIMIT 1)",
            ],
            Verdict::HeadDoesNotFit,
        ),
        (
            &[
                "INSERT INTO audit SELECT organisation_id, seq + 1, at, actor, action, clients, detail, hash FROM audit ORDER BY seq DESC LIMIT 1",
            ],
            Verdict::BrokenAt { seq: rows + 1 },
        ),
    ];
    for (statements, expected) in tampered {
        for sql in statements {
            change(sql).await;
        }
        assert_eq!(world.verify_audit().await, expected, "{statements:?}");
        change("DELETE FROM audit").await;
        change("INSERT INTO audit SELECT * FROM kept").await;
        change(
            "UPDATE organisation SET audit_seq = (SELECT audit_seq FROM kept_head k WHERE k.id = organisation.id),
                audit_hash = (SELECT audit_hash FROM kept_head k WHERE k.id = organisation.id),
                audit_seal = (SELECT audit_seal FROM kept_head k WHERE k.id = organisation.id)",
        )
        .await;
        assert_eq!(world.verify_audit().await, whole, "as it was");
    }
});
