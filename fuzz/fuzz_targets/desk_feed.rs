#![no_main]
//! The guided run of `desk_feed`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("desk_feed", input));
