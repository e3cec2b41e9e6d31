#![no_main]
//! The guided run of `sealed_form`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("sealed_form", input));
