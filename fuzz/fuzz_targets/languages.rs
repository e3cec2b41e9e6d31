#![no_main]
//! The guided run of `languages`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("languages", input));
