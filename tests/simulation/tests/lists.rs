//! The lists of the short run.

use aside_simulation::{Chance, Played, many};

#[test]
fn whatever_happens_in_whatever_order_the_invariants_hold() {
    let played = many(20, 60, Chance::Same).unwrap_or_else(|broken| panic!("{broken}"));
    println!("{played:?}");
    // Lists in which nothing happens prove nothing.
    let least = Played {
        operations: 700,
        sent: 60,
        reissued: 2,
        answered: 40,
        viewed: 40,
        looked_back: 10,
        revealed: 40,
        detokenised: 60,
        exported: 4,
        erased: 4,
        purged: 20,
        replayed: 20,
        transferred: 2,
        killed: 6,
        unsealed: 3,
        rotated: 20,
        retired: 20,
    };
    assert!(least.is_reached_by(&played), "too little happened: {played:?}");
}
