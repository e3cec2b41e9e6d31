#![no_main]
//! The guided run of `captcha`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("captcha", input));
