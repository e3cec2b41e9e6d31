//! Writes the style sheet.

use std::fmt::Write as _;

use crate::{Role, Tokens, TokensError};

const HEAD: &str = "/* Made from tokens.json: cargo run -p aside-tokens > web/tokens/tokens.css */\n";

/// The whole sheet, in a fixed order, so that the committed file can be held against it.
pub(crate) fn write(tokens: &Tokens) -> Result<String, TokensError> {
    let mut css = String::from(HEAD);
    css.push_str(":root{color-scheme:light dark;\n");
    colours(&mut css, tokens, |role| &role.light)?;
    for (name, value) in tokens.faces.iter().chain(&tokens.sizes) {
        line(&mut css, name, value);
    }
    css.push_str("}\n@media (prefers-color-scheme:dark){:root{\n");
    colours(&mut css, tokens, |role| &role.dark)?;
    css.push_str("}}\n@media (forced-colors:active){:root{\n");
    for (name, role) in &tokens.colours {
        line(&mut css, name, &role.forced);
    }
    css.push_str("}}\n@media (prefers-reduced-motion:reduce){:root{\n");
    line(&mut css, "motion", "0ms");
    css.push_str("}}\n");
    Ok(css)
}

fn colours(css: &mut String, tokens: &Tokens, pick: impl Fn(&Role) -> &String) -> Result<(), TokensError> {
    for (name, role) in &tokens.colours {
        let colour = pick(role);
        let value = tokens
            .palette
            .get(colour)
            .ok_or_else(|| TokensError::Unknown { role: name.clone(), colour: colour.clone() })?;
        line(css, name, value);
    }
    Ok(())
}

fn line(css: &mut String, name: &str, value: &str) {
    // Cannot fail: writing to a String.
    let _ = writeln!(css, "--{name}:{value};");
}
