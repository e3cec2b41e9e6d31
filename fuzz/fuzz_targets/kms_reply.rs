#![no_main]
//! The guided run of `kms_reply`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("kms_reply", input));
