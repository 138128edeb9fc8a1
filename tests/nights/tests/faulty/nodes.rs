//! What a node does with what the core said.

use super::faults;

faults! {
    NoFence: "what was read long ago is written all the same" {
        fn compares_the_fence(&self) -> bool {
            false
        }
    }
    RingsAfter: "a ring that waited is sent though somebody has it" {
        fn asks_before_sending(&self) -> bool {
            false
        }
    }
    ClocksFight: "a row of a clock that is ahead is taken at once" {
        fn waits_for_other_clocks(&self) -> bool {
            false
        }
    }
    ClockBackStalls: "a clock that went back is waited for" {
        fn minds_the_clock(&self) -> bool {
            false
        }
    }
}
