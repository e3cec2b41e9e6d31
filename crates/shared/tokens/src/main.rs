//! Prints the style sheet of the committed tokens: `cargo run -p aside-tokens > web/tokens/tokens.css`.

use std::io::Write as _;

use aside_tokens::{SOURCE, Tokens};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    std::io::stdout().write_all(Tokens::read(SOURCE)?.sheet()?.as_bytes())?;
    Ok(())
}
