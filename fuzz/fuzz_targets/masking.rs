#![no_main]
//! The guided run of `masking`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("masking", input));
