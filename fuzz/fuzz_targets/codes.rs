#![no_main]
//! The guided run of `codes`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("codes", input));
