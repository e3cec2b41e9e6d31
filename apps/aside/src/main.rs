//! The `aside` command.

fn main() {}
