//! The lists of the short run.

use aside_simulation::{Chance, Played, many};

#[test]
fn whatever_happens_in_whatever_order_the_invariants_hold() {
    let played = many(40, 60, Chance::Same).unwrap_or_else(|broken| panic!("{broken}"));
    println!("{played:?}");
    // Lists in which nothing happens prove nothing.
    let least = Played {
        operations: 800,
        sent: 80,
        answered: 20,
        viewed: 5,
        revealed: 5,
        replayed: 40,
        transferred: 2,
        killed: 40,
    };
    assert!(least.is_reached_by(&played), "too little happened: {played:?}");
}
