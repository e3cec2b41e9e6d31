#![no_main]
//! The guided run of `headers`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("headers", input));
