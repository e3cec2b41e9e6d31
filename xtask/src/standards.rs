//! Holds `docs/standards.md` against the tests: each row names at least one, and each that is named exists.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use crate::tree::root;

    /// The test names in the last cell of each row, with the row.
    fn named(page: &str) -> Vec<(String, Vec<String>)> {
        let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| requirement"));
        rows.map(|row| {
            let last = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
            (row.to_owned(), last.split('`').skip(1).step_by(2).map(str::to_owned).collect())
        })
        .collect()
    }

    /// The names of all functions that stand under a `#[test]`-like attribute or are run by a conformance suite.
    fn functions(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if name != "target" && name != "node_modules" && name != "web" {
                    functions(&path, found);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                for line in text.lines().filter_map(|line| line.split_once("fn ")) {
                    found.insert(line.1.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
                }
            }
        }
    }

    #[test]
    fn every_row_names_a_test_and_every_named_test_exists() {
        let page = fs::read_to_string(root().join("docs/standards.md")).unwrap();
        let mut known = BTreeSet::new();
        for folder in ["crates", "apps", "tests", "xtask"] {
            functions(&root().join(folder), &mut known);
        }
        let rows = named(&page);
        assert!(rows.len() > 40, "the rows are not found");
        for (row, tests) in rows {
            assert!(!tests.is_empty(), "no test in: {row}");
            for test in tests {
                assert!(known.contains(&test), "there is no test {test}, named in: {row}");
            }
        }
    }

    #[test]
    fn a_row_without_a_test_and_a_test_that_is_not_there_are_noticed() {
        let rows = named("| requirement | what | proved by |\n|---|---|---|\n| 1 | `a` | |\n| 2 | b | `c`, `d` |\n");
        assert_eq!(rows[0].1, Vec::<String>::new());
        assert_eq!(rows[1].1, ["c", "d"]);
    }
}
