#![no_main]
//! The guided run of `passkey_assertion`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("passkey_assertion", input));
