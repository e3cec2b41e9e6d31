#![no_main]
//! The guided run of `names`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("names", input));
