//! The rule set: every number the engine uses, what it means and where it comes from.

use serde::{Deserialize, Serialize};

/// Name of this rule set. It is stored with every assessment, so that a flag can be explained later by the rules that raised it.
/// It changes whenever a number below, or the way they are used, changes.
pub const VERSION: &str = "2026-11-ewma-1";

/// The numbers behind an assessment. `Rules::default()` is what runs; other values are for replaying a client's diary.
///
/// Distances are in *spreads*: one spread is the usual day-to-day variation of this client's answers to this item. What is marked
/// **own choice** has no published source: it was set on made-up diaries and checked on real ones
/// (`early-warning/README.md`), never fitted to a person.
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
    /// Days an answer made after `learn_days` waits before it may refine the norm, and only if no change was seen
    /// meanwhile: a slow drift must not teach the engine that it is normal. Own choice.
    pub wait_days: i64,
    /// Least spread, in tenths of the item's scale. Own choice: one point on a scale of 1 to 7. A client who always answers the
    /// same has a spread of nothing, and would otherwise be flagged for a trifle.
    pub least_spread: f64,
    /// An answer further than this many spreads from usual counts as this far, both now and while
    /// learning: one bad day is a bad day, and whoever has many of them has a usual with many of them. Own choice; less (2 to 3)
    /// doubled the false alarms on real diaries, which have heavy tails.
    pub clip: f64,
    /// Weight of the newest answer in the moving average, between 0 and 1. EWMA: Roberts 1959, Technometrics 1(3); .2 is in the
    /// range of .05 to .25 that Lucas & Saccucci 1990 recommend, and the best row of its kind in `early-warning/README.md`.
    pub lambda: f64,
    /// Days after which an answer no longer says anything about now. Own choice.
    pub memory_days: i64,
    /// The *recent* usual: made of answers this many days old or less (and older than `wait_days`). Own choice.
    pub lately_days: i64,
    /// How much of the way from the when-well usual to a worse recent one a change is measured from, between 0 and 1. At 0 a
    /// client whose life has moved on is flagged for ever, at 1 a slow relapse is absorbed. Only detection uses this; what
    /// sentences and charts call usual is the when-well one. Own choice.
    pub lately_share: f64,
    /// How much the uncertainty of the usual itself widens the limit: variance added is this / answers. Own choice: 1 for
    /// independent days, more because neighbouring days resemble each other.
    pub usual_doubt: f64,
    /// How alike two items of one client are expected to move by chance (correlation). Own choice.
    pub likeness: f64,
    /// How much more a client's own sign counts than a standard item. Own choice, after DESIGN section 5.
    pub sign_weight: f64,
    /// Height of the summary (in standard errors) at which a watch begins. README's table has 3.2 to 3.3 for an EWMA at about 2
    /// false alarms a person-year; a little higher here, because the highest of several subsets is taken.
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
    /// Half the width of the usual band, in spreads; never less than one point of the scale. Own choice.
    pub band: f64,
    /// Whether silence is a signal for this client at all. They may not want it to be.
    pub silence: bool,
    /// Days after the last check-in at which a change no longer stands: nothing is known by then. Own choice.
    pub quiet_days: i64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            learn_days: 28,
            learn_answers: 10,
            fixed_at: 45,
            wait_days: 14,
            least_spread: 5.0 / 3.0,
            clip: 4.0,
            lately_days: 84,
            lately_share: 0.8,
            lambda: 0.2,
            memory_days: 28,
            usual_doubt: 2.0,
            likeness: 0.3,
            sign_weight: 1.15,
            watch: 3.4,
            alert: 4.2,
            ease: 0.6,
            persist: 3,
            recent: 4,
            band: 1.0,
            silence: true,
            quiet_days: 7,
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
    /// The rules for one client, by what was chosen for them. Own choice: *sooner* and *later* are a step of 15 % of both heights,
    /// about twice and about half as many flags.
    #[must_use]
    pub fn chosen(sensitivity: Sensitivity, silence: bool) -> Self {
        let usual = Self::default();
        let step = match sensitivity {
            Sensitivity::Sooner => 0.85,
            Sensitivity::Usual => 1.0,
            Sensitivity::Later => 1.15,
        };
        Self { watch: usual.watch * step, alert: usual.alert * step, silence, ..usual }
    }
}
