//! That a decision by an older state is not written, whatever came between.

use std::sync::Arc;

use chrono::{TimeDelta, TimeZone, Utc};

use super::*;
use crate::{
    access::Role,
    audit::Actor,
    clients::{self, NewClient, PackageCover, Reach},
    clock::{Chance, MovableClock},
    config::{Config, Flags},
    db::Db,
    organisation::{self, NewService, Settings},
    seal::MasterKey,
    workers::admin::{self, NewWorker},
};

struct Night {
    app: App,
    clock: MovableClock,
    organisation: OrganisationId,
    client: ClientId,
    worker: WorkerId,
    file: std::path::PathBuf,
}

impl Night {
    async fn begin(name: &str) -> Self {
        let file = std::env::temp_dir().join(format!("companion-escalation-{name}-{}.db", std::process::id()));
        let _ = std::fs::remove_file(&file);
        let url = format!("sqlite:{}", file.display());
        let db = Db::open(&url).await.unwrap();
        db.migrate().await.unwrap();
        let clock = MovableClock::at(Utc.with_ymd_and_hms(2026, 11, 17, 3, 0, 0).unwrap());
        let config = Config::load(&Flags { database_url: Some(url), ..Flags::default() }).unwrap();
        let (chance, master) = (Chance::seeded(1), MasterKey::new(&[7; 32]));
        let app = App::new(db, Arc::new(clock.clone()), chance, master, config).await.unwrap();
        let settings = Settings {
            name: "Harbour Support".into(),
            brand_colour: None,
            phone: None,
            phone_hours: None,
            nation: "england".into(),
        };
        let organisation = organisation::create(&app, &settings).await.unwrap();
        let service = NewService { name: "Nights".into(), kind: "medium".into() };
        let service_id = organisation::add_service(&app, organisation, service).await.unwrap().id;
        let worker = NewWorker {
            email: "dee@example.org".into(),
            name: "Dee Worker".into(),
            first_name: "Dee".into(),
            password: "a long walk by the sea".into(),
            roles: vec![Role::SupportWorker],
            service_ids: vec![service_id],
        };
        let worker = admin::add(&app, organisation, Actor::System, worker).await.unwrap();
        let client = NewClient {
            name: "Sam Example".into(),
            preferred_name: "Sam".into(),
            phone: None,
            service_id,
            language: "en".into(),
            time_zone: "Europe/London".into(),
            hours_per_week: None,
            cover: PackageCover::Day,
            dedicated_phone: None,
            reach: Reach::default(),
            about: None,
            check_ins_per_week: None,
        };
        let client = clients::add(&app, organisation, Actor::System, client).await.unwrap();
        Self { app, clock, organisation, client, worker, file }
    }

    async fn end(self) {
        self.app.db.close().await;
        std::fs::remove_file(self.file).unwrap();
    }

    async fn as_it_is(&self, subject: Subject) -> Row {
        open(&self.app.db, self.organisation, subject).await.unwrap().unwrap()
    }

    async fn store(&self, row: &Row, state: &State) -> bool {
        let mut tx = self.app.db.begin().await.unwrap();
        let written = store(&mut tx, row, row.kind, state, self.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        written
    }
}

#[tokio::test]
async fn what_was_decided_by_an_older_state_is_not_written() {
    let night = Night::begin("fence").await;
    let subject = Subject::Flag(FlagId(night.app.new_id()));
    let mut tx = night.app.db.begin().await.unwrap();
    begin(&mut tx, &night.app, night.organisation, night.client, subject, Kind::ContactNow).await.unwrap();
    tx.commit().await.unwrap();

    // A node reads it and is paused. Meanwhile somebody takes it.
    let (stale, decided) = (night.as_it_is(subject).await, State::begin(night.app.now() + TimeDelta::minutes(5)));
    let until = night.app.now() + TimeDelta::minutes(30);
    let mut tx = night.app.db.begin().await.unwrap();
    acknowledged(&mut tx, &night.app, night.organisation, subject, night.worker, until).await.unwrap();
    tx.commit().await.unwrap();
    night.clock.advance(TimeDelta::minutes(1));
    assert!(!night.store(&stale, &decided).await);
    let held = night.as_it_is(subject).await;
    assert_eq!(held.state(night.app.now()), State::Held { by: night.worker.0, until });
    assert_eq!(held.due_at, Some(until));

    // By the state as it is, it is written; once.
    assert!(night.store(&held, &decided).await);
    assert!(!night.store(&held, &decided).await);

    // What has ended stays so.
    let mut tx = night.app.db.begin().await.unwrap();
    let last = night.as_it_is(subject).await;
    ended(&mut tx, &night.app, night.organisation, subject).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!night.store(&last, &decided).await);
    assert!(open(&night.app.db, night.organisation, subject).await.unwrap().is_none());
    night.end().await;
}

#[tokio::test]
async fn one_that_is_open_has_a_next_look_and_there_is_one_for_each_subject() {
    let night = Night::begin("constraints").await;
    let subject = Subject::Flag(FlagId(night.app.new_id()));
    let insert_one = async || {
        let mut tx = night.app.db.begin().await.unwrap();
        let state = State::begin(night.app.now());
        insert(&mut tx, &night.app, night.organisation, Some(night.client), subject, Kind::PlanRule, &state).await?;
        Ok::<_, Error>(tx.commit().await?)
    };
    insert_one().await.unwrap();
    assert!(insert_one().await.is_err(), "a second about the same");
    let mut tx = night.app.db.begin().await.unwrap();
    for wrong in [
        "UPDATE escalation SET due_at = NULL",
        "UPDATE escalation SET ended_at = looked_at",
        "UPDATE escalation SET client_id = NULL",
    ] {
        assert!(tx.query(wrong).execute().await.is_err(), "{wrong}");
    }
    drop(tx);
    night.end().await;
}
