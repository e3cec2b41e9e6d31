#![no_main]
//! The guided run of `opened_form`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("opened_form", input));
