//! The short run: the kept corpus as it is, then thousands of inputs made from it.

use std::path::{Path, PathBuf};

use aside_fuzz::{TARGETS, Target};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestRunner};

/// Inputs made from the corpus, for each target.
const MADE: u32 = 4_000;
/// Inputs of noise, for each.
const NOISE: u32 = 1_000;
/// What parsers look for, to be put into the middle of things.
const WORDS: &[&[u8]] = &[
    b"&otk=",
    b"%00",
    b"\0",
    b"\"",
    b"\\u0000",
    b"{\"",
    b"}}",
    b"[[[[",
    b"=",
    b";",
    b"\r\n",
    b"\xff\xfe",
    b"\xf0\x9f\x92\xb3",
    b"4111111111111111",
    b"9223372036854775808",
    b"-1",
    b"1e999",
    b"\xbf\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x9f\x5f",
    b"__Host-",
];

/// Where an input is changed, and how.
type Edit = (u16, u8, u8);

fn corpus(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    files.sort();
    files.into_iter().filter_map(|path| std::fs::read(&path).ok().map(|input| (path, input))).collect()
}

#[test]
fn every_target_has_a_corpus_and_survives_it() {
    for target in TARGETS {
        let corpus = corpus(target);
        assert!(!corpus.is_empty(), "{}: no corpus", target.name);
        for (path, input) in corpus {
            println!("{}", path.display());
            (target.run)(&input);
        }
    }
}

#[test]
fn every_target_survives_what_is_made_from_its_corpus() {
    for target in TARGETS {
        let seeds: Vec<Vec<u8>> = corpus(target).into_iter().map(|(_, input)| input).collect();
        println!("{}: {MADE} inputs", target.name);
        let input = (any::<u16>(), vec(any::<Edit>(), 0..24)).prop_map(|(seed, edits)| made(&seeds, seed, &edits));
        survives(target, MADE, &input);
    }
}

#[test]
fn every_target_survives_noise() {
    for target in TARGETS {
        survives(target, NOISE, &vec(any::<u8>(), 0..512));
    }
}

/// Other inputs each time; one that breaks something is made shorter and shown.
fn survives(target: &Target, inputs: u32, input: &impl Strategy<Value = Vec<u8>>) {
    let config = Config { cases: inputs, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(input, |input| {
        (target.run)(&input);
        Ok(())
    });
    run.unwrap_or_else(|broken| panic!("{}: {broken}", target.name));
}

fn made(seeds: &[Vec<u8>], seed: u16, edits: &[Edit]) -> Vec<u8> {
    let mut input = seeds[usize::from(seed) % seeds.len()].clone();
    for (place, how, what) in edits {
        let at = usize::from(*place) % (input.len() + 1);
        let end = (at + usize::from(*what)).min(input.len());
        match how % 6 {
            0 if at < input.len() => input[at] = *what,
            1 => input.insert(at, *what),
            2 => drop(input.drain(at..end)),
            3 => input.extend_from_within(at..end),
            4 => drop(input.splice(at..at, WORDS[usize::from(*what) % WORDS.len()].iter().copied())),
            _ => input.truncate(at),
        }
    }
    input
}
