//! `cargo xtask model [--deep] [WORDS]`: walks through the scenarios whose name has these words, and says how far.
#![expect(clippy::print_stdout, reason = "a command line tool talks to its user")]

use std::process::ExitCode;

use aside_model::{SCENARIOS, Scenario, World, walk};

fn main() -> ExitCode {
    let (mut sound, deep) = (true, std::env::args().any(|argument| argument == "--deep"));
    let only: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--deep").collect();
    for scenario in SCENARIOS.iter().filter(|scenario| only.iter().all(|words| scenario.name.contains(words))) {
        let scenario = if deep { Scenario { bounds: scenario.deep, ..*scenario } } else { *scenario };
        let walked = walk(World::of(scenario));
        println!(
            "{:>9} states  {:>9} steps  depth {:>3}  {}",
            walked.states, walked.steps, walked.depth, scenario.name
        );
        for (property, way) in &walked.broken {
            sound = false;
            println!("  BROKEN: {property}\n    {way}");
        }
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
