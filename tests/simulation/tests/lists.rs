//! The lists of the short run.

use aside_simulation::{Chance, Played, many};

#[test]
fn whatever_happens_in_whatever_order_the_invariants_hold() {
    let played = many(16, 60, Chance::Same).unwrap_or_else(|broken| panic!("{broken}"));
    println!("{played:?}");
    // Lists in which nothing happens prove nothing.
    let least = Played {
        operations: 600,
        sent: 60,
        answered: 30,
        viewed: 30,
        revealed: 25,
        replayed: 20,
        transferred: 2,
        killed: 8,
    };
    assert!(least.is_reached_by(&played), "too little happened: {played:?}");
}
