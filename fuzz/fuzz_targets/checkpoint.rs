#![no_main]
//! The guided run of `checkpoint`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("checkpoint", input));
