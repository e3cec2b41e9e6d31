#![no_main]
//! The guided run of `desk_key`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("desk_key", input));
