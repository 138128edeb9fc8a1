//! What holds for any order and any sequence.

use chrono::Duration;
use companion_tests::{Phone, Value, Worker, World, json, scale, story};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRng, TestRunner},
};

/// Examples of a strategy: the same ones each time, more of them at a larger scale.
fn examples<S: Strategy>(strategy: S, count: u64) -> Vec<S::Value> {
    let config = Config::default();
    let mut runner = TestRunner::new_with_rng(config.clone(), TestRng::deterministic_rng(config.rng_algorithm));
    (0..count * scale()).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Sends days late, in this order, assessing in between; what the engine makes of it all.
async fn assessments_of(world: &World, order: &[usize]) -> Vec<Value> {
    let (client, phone) = world.client_with_phone("Sam").await;
    let first = world.now();
    world.advance(Duration::days(40));
    for (n, day) in order.iter().enumerate() {
        let value = if *day < 30 { [5.0, 6.0, 5.0, 4.0][day % 4] } else { 1.0 };
        let made = first + Duration::days(i64::try_from(*day).unwrap()) + Duration::hours(1);
        phone.check_in_made_at(made, &[("mood", value), ("sleep", value)]).await;
        if n % 5 == 0 {
            world.run_jobs().await;
        }
    }
    world.run_jobs().await;
    let mut all = world.dee.assessments(&client).await;
    world.clock.set(first);
    for assessment in &mut all {
        // Each client's items have ids of their own.
        for fact in assessment["facts"].as_array_mut().unwrap() {
            fact["item_id"] = Value::Null;
        }
    }
    all
}

story!(late_check_ins_in_any_order_give_the_same_assessments, |world| {
    let in_order: Vec<usize> = (0..36).collect();
    let expected = assessments_of(world, &in_order).await;
    assert!(expected.iter().any(|a| a["level"] != "steady"), "there is something to find");
    for order in examples(Just(in_order.clone()).prop_shuffle(), 2) {
        let found = assessments_of(world, &order).await;
        assert_eq!(levels(&found), levels(&expected), "{order:?}");
        assert_eq!(found.first(), expected.first(), "today's facts and sentence: {order:?}");
    }
});

fn levels(assessments: &[Value]) -> Vec<(Value, Value)> {
    assessments.iter().map(|a| (a["day"].clone(), a["level"].clone())).collect()
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Tap(&'static str),
    Acknowledge,
    Promise,
    Attempt,
    Cancel,
    Complete,
}

/// What should be so, in a few words.
#[derive(Default)]
struct Model {
    open: Option<Open>,
    ended: usize,
}

struct Open {
    id: Value,
    urgency: &'static str,
    owned: bool,
    /// A worker has had to do with it since the newest tap.
    looked_at: bool,
}

const URGENCY: [&str; 3] = ["when_you_can", "today", "now"];

fn rank(urgency: &str) -> Option<usize> {
    URGENCY.iter().position(|u| *u == urgency)
}

impl Model {
    async fn take(&mut self, step: Step, world: &World, phone: &Phone) {
        world.advance(Duration::seconds(1));
        match (step, &mut self.open) {
            (Step::Tap(urgency), None) => {
                let asked = phone.ask(urgency).await;
                assert_eq!(asked["folded_into"], Value::Null);
                self.open = Some(Open { id: asked["id"].clone(), urgency, owned: false, looked_at: false });
            }
            (Step::Tap(urgency), Some(open)) => {
                assert_eq!(phone.ask(urgency).await["folded_into"], open.id);
                open.owned &= urgency != "now";
                open.looked_at = false;
                open.urgency = URGENCY[rank(urgency).max(rank(open.urgency)).unwrap()];
            }
            (_, None) => {}
            (Step::Acknowledge, Some(open)) => {
                world.dee.acknowledge(&open.id).await;
                (open.owned, open.looked_at) = (true, true);
            }
            (Step::Promise, Some(open)) => {
                world.dee.promise(&open.id, world.now() + Duration::hours(1)).await;
                (open.owned, open.looked_at) = (true, true);
            }
            (Step::Attempt, Some(open)) => {
                world
                    .dee
                    .act_on_request(&open.id, "attempt", &json!({ "how": "text", "reached": false }))
                    .await
                    .is(200);
                (open.owned, open.looked_at) = (true, true);
            }
            (Step::Cancel, Some(open)) => {
                phone.cancel(&open.id).await.is(200);
                if !open.looked_at {
                    // Nobody had it, or it was asked again since: somebody must still look.
                    world.dee.acknowledge(&open.id).await;
                }
                (self.open, self.ended) = (None, self.ended + 1);
            }
            (Step::Complete, Some(open)) => {
                world.dee.act_on_request(&open.id, "complete", &json!({})).await.is(200);
                (self.open, self.ended) = (None, self.ended + 1);
            }
        }
    }

    async fn holds(&self, world: &World, phone: &Phone, story: &[Step]) {
        let mine = phone.requests().await;
        assert_eq!(mine.len(), self.ended + usize::from(self.open.is_some()), "{story:?}");
        let inbox = world.dee.inbox().await;
        let Some(open) = &self.open else { return assert!(inbox.is_empty(), "{story:?} {inbox:#?}") };
        let request = &Worker::only(&inbox)["contact_request"];
        assert_eq!((&request["id"], &request["urgency"]), (&open.id, &json!(open.urgency)), "{story:?}");
        let owned = ["seen", "promised", "attempted"].contains(&request["state"].as_str().unwrap());
        assert_eq!(owned, open.owned, "{story:?}");
        assert_eq!(request["owner"].is_null(), !open.owned, "{story:?}");
    }
}

story!(any_sequence_of_taps_and_answers_leaves_one_request_that_is_as_urgent_as_its_most_urgent_tap, |world| {
    let step = prop_oneof![
        4 => prop::sample::select(URGENCY.to_vec()).prop_map(Step::Tap),
        1 => Just(Step::Acknowledge),
        1 => Just(Step::Promise),
        1 => Just(Step::Attempt),
        1 => Just(Step::Cancel),
        1 => Just(Step::Complete),
    ];
    for story in examples(prop::collection::vec(step, 1..14), 8) {
        let (_, phone) = world.client_with_phone("Sam").await;
        let mut model = Model::default();
        for (n, step) in story.iter().enumerate() {
            model.take(*step, world, &phone).await;
            model.holds(world, &phone, &story[..=n]).await;
        }
        // The next client begins with an empty inbox.
        if let Some(open) = &model.open {
            world.dee.act_on_request(&open.id, "complete", &json!({})).await.is(200);
        }
    }
});
