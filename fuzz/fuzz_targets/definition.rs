#![no_main]
//! The guided run of `definition`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("definition", input));
