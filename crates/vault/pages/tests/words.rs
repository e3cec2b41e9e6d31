//! The words of these pages: every message that is used is said, every message that is said is used.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::path::Path;

use aside_language::Catalog;

#[test]
fn every_message_that_is_used_is_said_and_every_one_that_is_said_is_used() {
    let used = used();
    let catalog = Catalog::embedded().unwrap();
    let said: BTreeSet<_> = catalog.keys("en").map(str::to_owned).collect();
    assert!(used.len() > 100);
    assert_eq!(used.difference(&said).collect::<Vec<_>>(), Vec::<&String>::new(), "used, not said");
    assert_eq!(said.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "said, not used");
}

#[test]
fn what_is_written_without_escaping_is_our_own_markup() {
    let allowed = [
        "safe",
        "lead",
        "text",
        "real_how",
        "offline",
        "unsent",
        "shell.who(key)",
        "shell.reference()",
        "shell.style().text",
        "shell.script().text",
        "style.text",
        "script.text",
        "frame.style",
        "frame.script",
    ];
    for (name, template) in files("templates", "html") {
        for (before, _) in template.match_indices("|safe").map(|(at, _)| template.split_at(at)) {
            let expression = before.rsplit("{{").next().unwrap().trim();
            assert!(allowed.contains(&expression), "{name}: {expression}");
        }
    }
}

/// The text literals in sources and templates that have the shape of a message's name.
fn used() -> BTreeSet<String> {
    // What a page tells the desk, and the names of template files, have the same shape.
    let others = ["factor-step", "viewer-ready"];
    let mut used = BTreeSet::new();
    for (_, text) in files("src", "rs").into_iter().chain(files("templates", "html")) {
        let text = text.split("#[cfg(test)]").next().unwrap();
        for literal in text.split('"') {
            let named = ["export-", "factor-", "form-", "viewer-"].iter().any(|prefix| literal.starts_with(prefix));
            let plain = literal.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if named && plain && !others.contains(&literal) {
                used.insert(literal.to_owned());
            }
        }
    }
    used
}

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}
