#![no_main]
//! The guided run of `form_body`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("form_body", input));
