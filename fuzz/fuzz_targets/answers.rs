#![no_main]
//! The guided run of `answers`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("answers", input));
