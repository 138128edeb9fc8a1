use std::time::Instant;

use nights::{Nights, Real, Setting, Steps, count, live};

fn real() -> Box<dyn Steps> {
    Box::new(Real)
}

/// Each run lives through nights that none before it did; a night given by its seed is told line by line.
#[test]
fn every_invariant_holds_in_twenty_thousand_nights() {
    if let Some(seed) = given_seed() {
        let told = live(seed, Setting::EVERYTHING, real, true);
        println!("{}", told.said);
        assert!(told.broken.is_none(), "{:?}", told.broken);
        return;
    }
    let first = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos() as u64);
    println!("nights from COMPANION_TEST_SEED={first} on");
    let (began, nights) = (Instant::now(), Nights { first, count: count(), make: real });
    match nights.live() {
        Ok(sum) => {
            let (took, nights) = (began.elapsed().as_secs_f64(), sum.nights.into_inner());
            let (looks, rings) = (sum.looks.into_inner(), sum.rings.into_inner());
            println!(
                "{nights} nights, {looks} looks, {rings} rings in {took:.1} s: {:.0} a second",
                nights as f64 / took
            );
            assert!(rings > nights, "something happens in them");
        }
        Err(found) => panic!("{found}"),
    }
}

fn given_seed() -> Option<u64> {
    std::env::var("COMPANION_TEST_SEED").ok()?.parse().ok()
}
