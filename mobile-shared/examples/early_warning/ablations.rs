//! The engine without some of its parts: is each worth its place?

use mobile_shared::early_warning::Rules;

#[derive(Debug)]
pub struct Ablation {
    pub name: &'static str,
    without: fn(&mut Rules),
}

pub const ABLATIONS: [Ablation; 14] = [
    Ablation { name: "no silence", without: |r| r.silence = false },
    Ablation { name: "silence whatever was last heard (`silence_worse` 0)", without: |r| r.silence_worse = 0.0 },
    Ablation {
        name: "the same, told sooner (`silence_limit` 5)",
        without: |r| (r.silence_worse, r.silence_limit) = (0.0, 5.0),
    },
    Ablation { name: "no growth (`slope_weight` 0)", without: |r| r.slope_weight = 0.0 },
    Ablation { name: "items taken as independent (`likeness` 0)", without: |r| r.likeness = 0.0 },
    Ablation { name: "full contrast between items (`calm` −9)", without: |r| r.calm = -9.0 },
    Ablation { name: "full contrast, no silence", without: |r| (r.calm, r.silence) = (-9.0, false) },
    Ablation { name: "when well only (`lately_share` 0)", without: |r| r.lately_share = 0.0 },
    Ablation { name: "the worse of when well and lately (`lately_share` 1)", without: |r| r.lately_share = 1.0 },
    Ablation { name: "no least steps (`least_steps` 0)", without: |r| r.least_steps = 0.0 },
    Ablation { name: "no persistence (`persist` 1)", without: |r| r.persist = 1 },
    Ablation { name: "days taken as independent (`carry_over` 0)", without: |r| r.carry_over = 0.0 },
    Ablation { name: "the usual taken as certain (`usual_doubt` 0)", without: |r| r.usual_doubt = 0.0 },
    Ablation { name: "ends where it began (`ease` 1)", without: |r| r.ease = 1.0 },
];

impl Ablation {
    pub fn rules(&self) -> Rules {
        let mut rules = Rules::default();
        (self.without)(&mut rules);
        rules
    }
}
