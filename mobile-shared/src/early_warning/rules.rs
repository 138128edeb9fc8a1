//! The rule set: every number the engine uses, what it means and where it comes from.

use serde::{Deserialize, Serialize};

/// Name of this rule set. It is stored with every assessment, so that a flag can be explained later by the rules that raised it.
/// It changes whenever a number below, or the way they are used, changes.
pub const VERSION: &str = "2026-11-together-2";

/// The numbers behind an assessment. `Rules::default()` is what runs; other values are for replaying a client's diary.
///
/// Distances are in *spreads*: one spread is the usual day-to-day variation of this client's answers to this item. What is marked
/// **own choice** has no published source. `docs/early-warning.md` says what happens to every figure when a number is halved or
/// doubled; none was fitted finer than that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Days from an item's first answer that count as "when well". Four weeks, as in EMPOWER (Gumley et al. 2022,
    /// Health Technology Assessment 26(27)).
    pub learn_days: i64,
    /// Answers needed before anything is called usual. Own choice: three weeks at three check-ins a week.
    pub learn_answers: usize,
    /// Answers after which the norm that changes are measured by is complete. Own choice: a mean of 45 is twice as sure as one
    /// of 12. (What sentences and charts call usual is complete after `learn_days`.)
    pub fixed_at: usize,
    /// Days an answer made after `learn_days` waits before it may refine the norm or count as recent, and only if no change was
    /// seen meanwhile: a slow drift must not teach the engine that it is normal. Own choice.
    pub wait_days: i32,
    /// Least spread, in tenths of the item's scale. A client who always answers the same has a spread of nothing, and would
    /// otherwise be flagged for a trifle. Own choice: one point on a scale of 0 to 10.
    pub least_spread: f64,
    /// Least spread, in steps of the scale as this client uses it (a step is the smallest difference between two answers seen so
    /// far): on a coarse scale one step is a small change, and whoever always answered the same must not be flagged for the first
    /// one. Own choice: rounding alone hides half a step either way.
    pub least_steps: f64,
    /// An answer further than this many spreads from usual counts as this far, both now and while learning: one bad day is a bad
    /// day, and whoever has many of them has a usual with many of them (winsorizing, Tukey 1962). Own choice of the number; less
    /// raised the false alarms on real diaries, which have heavy tails.
    pub clip: f64,
    /// Days after which an answer weighs a third of a new one: the time constant of a moving average that forgets by the
    /// calendar, not by the check-in (EWMA: Roberts 1959, Technometrics 1(3)). A week, which every weekday is part of.
    pub fade_days: f64,
    /// The *recent* usual: made of answers this many days old or less (and older than `wait_days`). Twelve weeks. Own choice.
    pub lately_days: i32,
    /// How much of the way from the when-well usual to a worse recent one a change is measured from, between 0 and 1. At 0 a
    /// client whose life has moved on is flagged for ever, at 1 a slow relapse is absorbed. Only detection uses this; what
    /// sentences and charts call usual is the when-well one. Own choice.
    pub lately_share: f64,
    /// How much the uncertainty of the usual itself widens the limit: variance added is this / answers. Own choice: 1 for
    /// independent days, more because neighbouring days resemble each other.
    pub usual_doubt: f64,
    /// How much one day resembles the next (correlation of neighbouring days). About .17 in the real diaries of Jang et al. 2024.
    pub carry_over: f64,
    /// How alike two items of one client are expected to move by chance (correlation). About .25 to .3 in the same diaries.
    pub likeness: f64,
    /// An item that is as usual or better speaks for a passing bad mood rather than a change in the others, but never more than
    /// if it stood this many standard errors high. Own choice: at 0 or less one very good item would vouch for a bad one.
    pub calm: f64,
    /// How much more a client's own sign counts than a standard item, once for each stage of the plan it stands for; standard
    /// items count for as much less, so that having signs does not make for more flags. Own choice, after DESIGN section 5.
    pub sign_weight: f64,
    /// Standard errors that are added to the height for each spread by which the last answers lie above those before them: a
    /// change that is still growing is seen sooner, one that is already going down later. Own choice.
    pub slope_weight: f64,
    /// Height of the summary (in standard errors) at which a watch begins, for somebody who checks in every day. Chosen for about
    /// 1.3 false alarms a person-year on made-up diaries; a published EWMA needs 3.2 to 3.3 for 2.
    pub watch: f64,
    /// Height of the summary at which it is an alert, if an item was outside usual on each of the last `recent` answers. Own choice.
    pub alert: f64,
    /// A change that stands goes on until the summary falls below this share of the height that raised it. Own choice:
    /// without the gap a flag would flicker.
    pub ease: f64,
    /// Persistence: at least `persist` of the last `recent` answers to an item lie outside usual. Own choice.
    pub persist: usize,
    /// See `persist`.
    pub recent: usize,
    /// Half the width of the usual band, in spreads; never less than one point of the scale (or a quarter of it). Own choice.
    pub band: f64,
    /// Days after the last check-in at which a change no longer stands: nothing is known by then. Own choice.
    pub quiet_days: i64,
    /// Whether silence is a signal for this client at all. They may not want it to be.
    pub silence: bool,
    /// How surprising a silence must be: minus the natural logarithm of its probability by this client's own rhythm, with what
    /// was last heard added to it (`silence_worse`). Own choice.
    pub silence_limit: f64,
    /// What one standard error of worsening, when last heard, adds to the surprise: silence after a worsening is noticed within
    /// days, silence after weeks as usual takes long. Own choice.
    pub silence_worse: f64,
    /// How surprising a silence must be by the client's rhythm alone, whatever was last heard. At 2 it is longer than seven in eight
    /// of their own gaps: nobody is called quiet for what they often do. Own choice.
    pub silence_surprise: f64,
    /// Fewest days without a check-in that may be called silence. Own choice.
    pub silence_least: i64,
    /// Days after which silence no longer stands by itself: it has been told, and no more is known. Own choice; less than the two
    /// weeks after which a standing flag counts anew.
    pub silence_days: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            learn_days: 28,
            learn_answers: 10,
            fixed_at: 45,
            wait_days: 10,
            least_spread: 1.0,
            least_steps: 0.8,
            clip: 4.0,
            fade_days: 7.0,
            lately_days: 84,
            lately_share: 0.8,
            usual_doubt: 3.0,
            carry_over: 0.2,
            likeness: 0.3,
            calm: 0.5,
            sign_weight: 1.15,
            slope_weight: 0.5,
            watch: 3.55,
            alert: 4.0,
            ease: 0.6,
            persist: 3,
            recent: 4,
            band: 1.0,
            quiet_days: 7,
            silence: true,
            silence_limit: 12.0,
            silence_worse: 4.0,
            silence_surprise: 2.0,
            silence_least: 4,
            silence_days: 13,
        }
    }
}

/// How readily a change is raised for one client, as client and worker chose it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    Sooner,
    #[default]
    Usual,
    Later,
}

impl Rules {
    /// The rules for one client, by what was chosen for them. Own choice: *sooner* and *later* are a step of 15 % of each height.
    #[must_use]
    pub fn chosen(sensitivity: Sensitivity, silence: bool) -> Self {
        let usual = Self::default();
        let step = match sensitivity {
            Sensitivity::Sooner => 0.85,
            Sensitivity::Usual => 1.0,
            Sensitivity::Later => 1.15,
        };
        Self {
            watch: usual.watch * step,
            alert: usual.alert * step,
            silence_limit: usual.silence_limit * step,
            silence,
            ..usual
        }
    }

    /// Days after which an answer no longer says anything about now: by then it would weigh less than a fiftieth.
    pub(super) fn memory_days(&self) -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "a few weeks")]
        let days = (4.0 * self.fade_days).round() as i32;
        days.clamp(1, 366)
    }

    /// The weight of an answer by its age in days.
    pub(super) fn fading(&self) -> Vec<f64> {
        (0..=self.memory_days()).map(|age| (-f64::from(age) / self.fade_days).exp()).collect()
    }
}
