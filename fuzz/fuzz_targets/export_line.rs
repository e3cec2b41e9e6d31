#![no_main]
//! The guided run of `export_line`.

libfuzzer_sys::fuzz_target!(|input: &[u8]| aside_fuzz::run("export_line", input));
