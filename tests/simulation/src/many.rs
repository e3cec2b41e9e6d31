//! Many lists, one after the other; one that breaks something is made shorter until nothing can be left out.

use std::cell::Cell;

use aside_wire::Reopen;
use proptest::bool::ANY;
use proptest::prelude::{Just, prop_oneof};
use proptest::test_runner::{
    Config, FileFailurePersistence, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner,
};

use crate::house::Setting;
use crate::ledger::Played;
use crate::operation::operations;
use crate::world::run;

/// Where the seeds of lists that broke something are kept.
const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds.txt");
/// How often a list is made shorter, at most.
const SHORTER: u32 = 400;

/// Which lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// The same ones each time.
    Same,
    /// Others each time.
    New,
}

/// Plays the lists of the kept seeds, then so many more, each of at most `longest` operations.
///
/// # Errors
/// The shortest list that breaks something, and the sentence that it breaks. Its seed is kept.
pub fn many(lists: u32, longest: usize, chance: Chance) -> Result<Played, String> {
    let all = Cell::new(Played::default());
    let config = Config {
        cases: lists,
        max_shrink_iters: SHORTER,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(SEEDS))),
        ..Config::default()
    };
    let mut runner = match chance {
        Chance::Same => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        Chance::New => TestRunner::new(config),
    };
    // A week; or until the conversation closes.
    let kept = prop_oneof![3 => Just(7_u16), 1 => Just(0)];
    let played = runner.run(&(ANY, kept, operations(longest)), |(once, keep_days, list)| {
        let reopen = if once { Reopen::Once } else { Reopen::SameDevice };
        let mut sum = all.get();
        sum += run(Setting { reopen, keep_days }, &list).map_err(TestCaseError::fail)?;
        all.set(sum);
        Ok(())
    });
    played.map_err(|error| match error {
        TestError::Fail(reason, (once, days, list)) => format!("{reason}\nonce: {once}, kept: {days} days\n{list:#?}"),
        TestError::Abort(reason) => reason.to_string(),
    })?;
    Ok(all.get())
}
