//! Everybody who may call, and the words that only some of them may read.

use chrono::Duration;
use companion::{
    access::Role,
    auth::session::{self, Owner},
    ids::WorkerId,
};
use companion_tests::{Client, Phone, Value, Worker, World, json, pictures, push_peer::PushPeer, reminders::daily};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    NoToken,
    Forged,
    Expired,
    ThisPhone,
    OtherPhone,
    Assigned,
    Unassigned,
    Coach,
    Lead,
    OtherLead,
    Admin,
    OtherOrganisation,
    Deactivated,
    RevokedPhone,
}

impl Subject {
    pub const ALL: [Self; 14] = [
        Self::NoToken,
        Self::Forged,
        Self::Expired,
        Self::ThisPhone,
        Self::OtherPhone,
        Self::Assigned,
        Self::Unassigned,
        Self::Coach,
        Self::Lead,
        Self::OtherLead,
        Self::Admin,
        Self::OtherOrganisation,
        Self::Deactivated,
        Self::RevokedPhone,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::NoToken => "no token",
            Self::Forged => "forged token",
            Self::Expired => "expired token",
            Self::ThisPhone => "this client's phone",
            Self::OtherPhone => "another client's phone",
            Self::Assigned => "assigned worker",
            Self::Unassigned => "unassigned worker",
            Self::Coach => "unassigned recovery coach",
            Self::Lead => "lead of the service",
            Self::OtherLead => "lead of another service",
            Self::Admin => "admin",
            Self::OtherOrganisation => "lead elsewhere",
            Self::Deactivated => "worker who left",
            Self::RevokedPhone => "revoked phone",
        }
    }
}

/// The people behind the subjects, and the client whose records are at stake.
pub struct Subjects {
    pub sam: Client,
    pub kim: Client,
    pub phone: Phone,
    pub other_phone: Phone,
    pub revoked_phone: Phone,
    pub unassigned: Worker,
    pub coach: Worker,
    pub other_lead: Worker,
    pub admin: Worker,
    pub elsewhere: Worker,
    pub left: Worker,
    /// Somebody for the admin to change.
    pub colleague: Worker,
    /// Tokens that ran out an hour ago: a phone's, a worker's.
    pub expired: (String, String),
    /// Where push subscriptions lead.
    pub peer: PushPeer,
    /// A photo of this client's that they share.
    pub photo: Uuid,
    /// A picture of the library.
    pub image: Uuid,
    /// The id of a resource that everybody here reads.
    pub sleep: Value,
}

impl Subjects {
    pub async fn gather(world: &World) -> Self {
        let here = world.provider;
        let sam = world.client("Samantha").await;
        let kim = world.client("Kim").await;
        let revoked_phone = world.phone_of(&sam).await;
        let lost = Worker::only(&world.dee.devices(&sam).await)["id"].as_str().unwrap().to_owned();
        let phone = world.phone_of(&sam).await;
        let other_service = world.another_service(here, "Night house").await;
        let other_provider = world.another_provider("Elsewhere").await;
        let left = world.worker(here, "Lee", &[Role::SupportWorker]).await;
        let mut photo = phone.new_photo("The sea", &pictures::photo("here"));
        photo["shared"] = json!(true);
        let image = phone.new_id();
        world.lead.put_image(image, pictures::drawing(1)).await.is(201);
        let subjects = Self {
            other_phone: world.phone_of(&kim).await,
            unassigned: world.worker(here, "Uma", &[Role::SupportWorker]).await,
            coach: world.worker(here, "Rae", &[Role::RecoveryCoach]).await,
            other_lead: world.worker(other_service, "Olu", &[Role::TeamLead]).await,
            admin: world.worker(here, "Ada", &[Role::Admin]).await,
            elsewhere: world.worker(other_provider, "Eve", &[Role::TeamLead]).await,
            colleague: world.worker(here, "Col", &[Role::SupportWorker]).await,
            expired: expired(world).await,
            peer: PushPeer::start().await,
            photo: phone.add(&photo).await,
            image,
            sleep: world.lead.resource("sleep").await["id"].clone(),
            sam,
            kim,
            phone,
            revoked_phone,
            left,
        };
        subjects.give_up_the_lost_phone_and_say_goodbye(world, &lost).await;
        subjects
    }

    /// Who left was assigned to this client until then.
    async fn give_up_the_lost_phone_and_say_goodbye(&self, world: &World, lost: &str) {
        let record = format!("/api/v1/team/clients/{}", self.sam.id);
        let both =
            json!({ "workers": [{ "worker_id": world.dee.id, "key_worker": true }, { "worker_id": self.left.id }] });
        world.lead.put(&format!("{record}/assignments"), &both).await.is(200);
        self.left.get(&record).await.is(200);
        self.admin.patch(&format!("/api/v1/admin/workers/{}", self.left.id), &json!({ "active": false })).await.is(200);
        world.dee.delete(&format!("{record}/devices/{lost}")).await.is(204);
    }
}

async fn expired(world: &World) -> (String, String) {
    let somebody = world.client("Old phone").await;
    let phone = world.phone_of(&somebody).await;
    world.clock.advance(Duration::hours(-1));
    let answer =
        world.api.post("/api/v1/auth/refresh", &json!({ "refresh_token": phone.tokens().await.refresh })).await.is(200);
    let mut tx = world.app.db.begin().await.unwrap();
    let worker =
        session::begin(&mut tx, &world.app, world.provider.id, Owner::Worker(WorkerId(world.dee.id))).await.unwrap();
    tx.commit().await.unwrap();
    world.clock.advance(Duration::hours(1));
    (answer["access_token"].as_str().unwrap().to_owned(), worker.access_token)
}

/// In every draft of the plan.
pub const PLAN_CANARY: &str = "canary-plan";

/// Words that are found nowhere else.
pub struct Canaries {
    /// For the client and for whoever supports them.
    shared: Vec<String>,
    /// For the client alone.
    private: Vec<String>,
    /// For whoever supports them, not for the client.
    of_the_team: Vec<String>,
}

impl Canaries {
    /// Writes a word of its own into every field that takes words.
    pub async fn plant(world: &World, subjects: &Subjects) -> Self {
        let (phone, dee, sam) = (&subjects.phone, &world.dee, &subjects.sam);
        let shared = [
            "canary-sign",
            "canary-note",
            "canary-message",
            "canary-addition",
            "canary-answer",
            "canary-about",
            "canary-reach",
            "Samantha",
            "canary-why",
            "canary-kept",
            "canary-usual",
            "canary-agreed",
            "canary-reminder",
            PLAN_CANARY,
        ];
        let (private, of_the_team) = (
            ["canary-private", "canary-own", "canary-search", "canary-reason"],
            ["canary-attempt", "canary-flag-note", "canary-completed", "canary-rules", "canary-missed"],
        );
        let change = json!({ "about": shared[5], "reach": { "how": "call", "words": shared[6] } });
        dee.patch(&format!("/api/v1/team/clients/{}", sam.id), &change).await.is(200);
        let signs = json!({ "check_ins_per_week": 3, "signs": [{ "series_id": null, "text": shared[0] }] });
        phone.put("/api/v1/me/items", &signs).await.is(200);

        world.usual_days(phone, 30).await;
        world.bad_days(phone, 4).await;
        phone.check_in_with_note(shared[1], true).await;
        phone.check_in_with_note(private[0], false).await;
        let flag = phone.flags().await[0]["id"].clone();
        phone.answer_flag(&flag, phone.new_id(), "please_talk", Some(shared[4])).await.is(200);
        dee.act_on_flag(&flag, "note", &json!({ "words": of_the_team[1] })).await.is(200);

        let request =
            phone.put_request(phone.new_id(), &phone.new_request("today", Some(shared[2]))).await.is(201)["id"].clone();
        phone.add_words(&request, phone.new_id(), shared[3]).await.is(201);
        dee.act_on_request(&request, "attempt", &json!({ "how": "call", "reached": true, "words": of_the_team[0] }))
            .await
            .is(200);
        dee.act_on_request(&request, "complete", &json!({ "words": of_the_team[2] })).await.is(200);

        let mut usual = dee.new_baseline(sam, phone.new_id(), &dee.suggested(sam).await, "on_phone").await;
        usual["words"] = json!(shared[10]);
        let asked = dee.put_baseline(sam, &usual).await.is(200);
        phone.answer_baseline(&asked["id"], "agree", Some(shared[11])).await.is(200);
        let rules = dee.new_rules(sam, phone.new_id(), "usual", true, of_the_team[3]).await;
        dee.put_rules(sam, &rules).await.is(200);
        let missed = json!({ "id": phone.new_id(), "noticed_on": world.now().date_naive(), "words": of_the_team[4] });
        dee.tell_missed(sam, &missed).await.is(200);

        dee.choose(sam, json!([{ "resource_id": subjects.sleep, "why": shared[8] }])).await.is(200);
        let mut kept = phone.new_note(shared[9], shared[9]);
        kept["shared"] = json!(true);
        phone.add(&kept).await;
        phone.add(&phone.new_note(private[1], private[1])).await;
        phone.search_in_vain(private[2]).await;
        let plan = json!({ "do_not_tell": [companion_tests::plan::line(PLAN_CANARY)] });
        phone.write_plan(&Value::Null, &plan).await;
        phone.remind(shared[12], daily("21:00")).await;
        let tonight = phone.occurrence_on(&world.now().date_naive().to_string()).await;
        let mut skip = phone.new_act(&tonight);
        skip["reason"] = json!(private[3]);
        phone.put_act(&tonight, "skip", &skip).await.is(200);
        let own = |words: &[&str]| words.iter().map(|&w| w.to_owned()).collect();
        Self { shared: own(&shared), private: own(&private), of_the_team: own(&of_the_team) }
    }

    /// The words in an answer that its reader may not read.
    pub fn leaked(&self, subject: Subject, text: &str) -> Vec<&String> {
        let forbidden: Vec<&Vec<String>> = match subject {
            Subject::ThisPhone => vec![&self.of_the_team],
            Subject::Assigned | Subject::Lead => vec![&self.private],
            _ => vec![&self.shared, &self.private, &self.of_the_team],
        };
        forbidden.into_iter().flatten().filter(|word| text.contains(word.as_str())).collect()
    }
}
