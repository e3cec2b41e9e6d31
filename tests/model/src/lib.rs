//! The life of keys and invitations (S3 to S12, V3, V4), walked through in every order of events.
//!
//! [`World`] is a vault whose rules are the functions of `aside-vault-domain` themselves: what the checker walks is what the
//! stores call, so the two cannot drift apart. Around the rules stand a store whose verbs are atomic ([`disk`]), the vault's
//! memory ([`memory`]), handlers that run in steps and interleave with one another wherever the store lets them ([`flight`]),
//! and whoever means harm.
//!
//! The adversary may send any key that a party ever knew again and at any time (replay, reorder), run two requests at once
//! (race), steal one key of any kind, and stop the vault between any two steps: what is on disk stays, what is in memory is
//! lost. The desk is believed in nothing: it grants, renews and unlocks whenever it likes, and everybody learns its `view` keys.

pub mod act;
pub mod disk;
pub mod flight;
pub mod ghost;
pub mod memory;
pub mod name;
mod property;
pub mod scenario;
pub mod world;

pub use scenario::{Bounds, SCENARIOS, Scenario};
pub use world::{Handlers, State, Store, World};

use std::collections::BTreeSet;

use stateright::{Checker, DiscoveryClassification, Expectation, HasDiscoveries, Model as _};

/// How many walk at once.
const THREADS: usize = 2;

/// What a walk came to.
#[derive(Debug)]
pub struct Walked {
    /// States that differ.
    pub states: usize,
    /// Steps between them.
    pub steps: usize,
    /// The longest shortest way to a state.
    pub depth: usize,
    /// Properties that were broken, with a way there; and things that should be possible and never happened.
    pub broken: Vec<(&'static str, String)>,
}

/// Walks through everything that can happen in a world.
#[must_use]
pub fn walk(world: World) -> Walked {
    // Depth first: what waits to be looked at stays small.
    told(&world.checker().threads(THREADS).spawn_dfs().join())
}

/// Walks through a world until `property` is seen to be broken, the shortest way.
#[must_use]
pub fn hunt(world: World, property: &'static str) -> Walked {
    let found = HasDiscoveries::AnyOf(BTreeSet::from([property]));
    told(&world.checker().threads(THREADS).finish_when(found).spawn_bfs().join())
}

fn told(checker: &impl Checker<World>) -> Walked {
    let mut broken: Vec<_> = checker
        .discoveries()
        .into_iter()
        .filter(|(name, _)| matches!(checker.discovery_classification(name), DiscoveryClassification::Counterexample))
        .map(|(name, path)| (name, way(&path.into_actions())))
        .collect();
    let seen: Vec<_> = checker.discoveries().into_keys().collect();
    let possible = checker.model().properties();
    let possible = possible.iter().filter(|property| property.expectation == Expectation::Sometimes);
    broken.extend(possible.filter(|p| !seen.contains(&p.name)).map(|p| (p.name, "never happened".to_owned())));
    broken.sort_unstable();
    Walked { states: checker.unique_state_count(), steps: checker.state_count(), depth: checker.max_depth(), broken }
}

fn way(acts: &[act::Act]) -> String {
    acts.iter().map(|act| format!("{act:?}")).collect::<Vec<_>>().join(" → ")
}
