#![no_main]
//! The guided run of `passkey_attestation`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("passkey_attestation", input));
