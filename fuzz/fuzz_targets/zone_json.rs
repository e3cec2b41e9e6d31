#![no_main]
//! The guided run of `zone_json`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("zone_json", input));
