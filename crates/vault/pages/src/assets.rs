//! The style sheets and scripts that stand inside the pages, and their hashes: the whole script inventory (PCI 6.4.3).

use std::sync::LazyLock;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rust_embed::RustEmbed;

/// A style sheet or script as pages carry it.
pub struct Asset {
    /// Its name in the inventory.
    pub name: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// The text between the tags.
    pub text: String,
    hash: String,
}

impl Asset {
    /// Its hash as a content security policy and a `integrity` attribute write it: `sha256-…`.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.hash
    }

    /// Where it is loaded from, if it does not stand inside the page. The address changes with the text, so that it may be kept for
    /// good.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/script/{}?v={}", self.name, self.version())
    }

    /// What of its hash stands in its address.
    #[must_use]
    pub fn version(&self) -> String {
        self.hash.bytes().rev().filter(u8::is_ascii_alphanumeric).take(16).map(char::from).collect()
    }

    fn of(name: &'static str, purpose: &'static str, text: String) -> Self {
        let hash = format!("sha256-{}", STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes())));
        Self { name, purpose, text, hash }
    }
}

const TOKENS: &str = include_str!("../../../../web/tokens/tokens.css");
const DARK: &str = "@media (prefers-color-scheme:dark)";

/// The form pages in the chat's look: light and dark.
pub(crate) static FORM_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let css = lean_css(&[TOKENS, include_str!("../../../../web/form/form.css")]);
    Asset::of("form.css", "draws the visitor's pages", css)
});

/// The form pages in the look of link channels, which is one fixed look (C6): the same sheet without the dark scheme.
pub(crate) static LINK_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let light = without_block(TOKENS, DARK);
    let css = lean_css(&[&light, include_str!("../../../../web/form/form.css"), ":root{color-scheme:light}"]);
    Asset::of("link.css", "draws the visitor's pages on link channels", css)
});

/// The visitor's pages.
pub(crate) static FORM_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::of(
        "form.js",
        "eases filling in the form; tells the chat what happened, never what was typed",
        lean_js(include_str!("../../../../web/form/form.js")),
    )
});

/// The agent's frame.
pub(crate) static VIEWER_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let css = lean_css(&[TOKENS, include_str!("../../../../web/form/viewer.css")]);
    Asset::of("viewer.css", "draws the agent's view of the answers", css)
});

/// The agent's frame.
pub(crate) static VIEWER_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::of(
        "viewer.js",
        "enrols the agent's browser, reveals and hides answers, closes the view",
        lean_js(include_str!("../../../../web/form/viewer.js")),
    )
});

/// The form's sealing, with the library that it is built from. The one script that is loaded by an address of its own, after the
/// page was drawn; where it was not built (`cargo xtask web`), forms are posted as they are.
pub(crate) static SEAL_SCRIPT: LazyLock<Option<Asset>> = LazyLock::new(|| {
    let text = String::from_utf8(Built::get("seal.js")?.data.into_owned()).ok()?;
    Some(Asset::of("seal.js", "seals what was typed to a key of the vault's, in the visitor's browser", text))
});

/// What of the form is not written by hand.
#[derive(RustEmbed)]
#[folder = "../../../web/dist/form"]
struct Built;

/// The sealing script, for the address that the form loads it from.
#[must_use]
pub fn seal_script() -> Option<&'static Asset> {
    SEAL_SCRIPT.as_ref()
}

/// Everything that any page of the vault runs or draws with. There is nothing else.
pub fn inventory() -> impl Iterator<Item = &'static Asset> {
    inside().into_iter().chain(seal_script())
}

/// What stands inside the pages.
fn inside() -> [&'static Asset; 5] {
    [&FORM_STYLE, &LINK_STYLE, &FORM_SCRIPT, &VIEWER_STYLE, &VIEWER_SCRIPT]
}

/// A sheet without its comments and line breaks.
fn lean_css(sheets: &[&str]) -> String {
    let mut lean = String::new();
    for sheet in sheets {
        let mut rest = *sheet;
        while let Some((before, after)) = rest.split_once("/*") {
            lines(&mut lean, before, "");
            rest = after.split_once("*/").map_or("", |(_, after)| after);
        }
        lines(&mut lean, rest, "");
    }
    lean
}

/// A script without its whole-line comments and indentation. Our scripts hold no text over several lines.
fn lean_js(script: &str) -> String {
    let mut lean = String::new();
    let kept: Vec<_> = script.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    lines(&mut lean, &kept.join("\n"), "\n");
    lean
}

fn lines(lean: &mut String, text: &str, end: &str) {
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        lean.push_str(line);
        lean.push_str(end);
    }
}

/// `sheet` without the block that begins with `head`.
fn without_block(sheet: &str, head: &str) -> String {
    let Some((before, block)) = sheet.split_once(head) else { return sheet.to_owned() };
    let mut depth = 0_usize;
    let end = block.char_indices().find(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return false,
        }
        depth == 0
    });
    format!("{before}{}", end.map_or("", |(at, _)| &block[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_very_text_between_the_tags() {
        for asset in inventory() {
            let hash = STANDARD.encode(digest::digest(&digest::SHA256, asset.text.as_bytes()));
            assert_eq!(asset.source(), format!("sha256-{hash}"), "{}", asset.name);
        }
    }

    #[test]
    fn what_stands_inside_a_page_can_neither_end_its_tag_nor_call_out() {
        for asset in inside() {
            for never in [
                "</",
                "<!--",
                "http:",
                "https:",
                "//",
                "@import",
                "url(",
                "eval(",
                "innerHTML",
                "localStorage",
                "console.",
            ] {
                assert!(!asset.text.contains(never), "{} holds {never}", asset.name);
            }
        }
    }

    #[test]
    fn link_pages_have_one_fixed_look() {
        assert!(FORM_STYLE.text.contains("prefers-color-scheme:dark"));
        assert!(!LINK_STYLE.text.contains("prefers-color-scheme:dark"));
        assert!(LINK_STYLE.text.contains("forced-colors"));
        assert_eq!(without_block("a{b}@x{c{d}}e{f}", "@x"), "a{b}e{f}");
    }

    #[test]
    fn layout_is_logical_so_that_it_turns_with_the_language() {
        for asset in inventory().filter(|a| a.name.ends_with(".css")) {
            for physical in [
                "margin-left",
                "margin-right",
                "padding-left",
                "padding-right",
                "text-align:left",
                "text-align:right",
                "border-left",
                "border-right",
                ";left:",
                ";right:",
                "{left:",
                "{right:",
                "float:",
            ] {
                assert!(!asset.text.contains(physical), "{} holds {physical}", asset.name);
            }
        }
    }

    #[test]
    fn colours_come_from_the_tokens_alone() {
        for sheet in [include_str!("../../../../web/form/form.css"), include_str!("../../../../web/form/viewer.css")] {
            let colours = sheet.split('#').skip(1).map(|after| {
                let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
                &after[..end]
            });
            let colours = colours.filter(|word| word.bytes().all(|b| b.is_ascii_hexdigit())).collect::<Vec<_>>();
            assert_eq!(colours, Vec::<&str>::new());
            assert!(!sheet.contains("rgb"));
        }
    }
}
