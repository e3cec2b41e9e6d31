//! Every scenario, walked through to its end.

use aside_model::{Handlers, SCENARIOS, Scenario, Store, World, hunt, walk};

#[test]
fn nothing_that_must_not_happen_can() {
    for scenario in SCENARIOS {
        let walked = walk(World::of(*scenario));
        println!("{}: {} states, {} steps, depth {}", scenario.name, walked.states, walked.steps, walked.depth);
        assert!(walked.broken.is_empty(), "{}: {:#?}", scenario.name, walked.broken);
    }
}

fn scenario(name: &str) -> Scenario {
    *SCENARIOS
        .iter()
        .find(|scenario| scenario.name.starts_with(name))
        .unwrap_or_else(|| panic!("no scenario begins with {name}"))
}

/// The checker must find it, or its silence about the rest is worth nothing.
fn is_found(world: World, wanted: &'static str) {
    let walked = hunt(world, wanted);
    let found = walked.broken.iter().find(|(name, _)| *name == wanted);
    assert!(found.is_some(), "{wanted} was not found in {} states", walked.states);
}

#[test]
fn a_store_that_reads_lets_go_and_writes_is_found_out() {
    for (name, wanted) in [
        ("two devices", "no one-time key is accepted twice"),
        ("two devices", "no invitation has a second submission"),
        ("who may look", "no one-time key is accepted twice"),
        ("who may look", "no answer is shown after the right was taken away"),
    ] {
        is_found(World { store: Store::ReadThenWrite, ..World::of(scenario(name)) }, wanted);
    }
}

#[test]
fn a_handler_that_is_dropped_with_its_connection_is_found_out() {
    let world = World { handlers: Handlers::DroppedWithTheirConnection, ..World::of(scenario("who may look")) };
    is_found(world, "a right that was taken away wipes what is off the record");
}
