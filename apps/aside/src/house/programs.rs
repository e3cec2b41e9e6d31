//! Where the two programs' files are: beside this one, as a build and a package both lay them.

use std::path::{Path, PathBuf};

/// A program that is not where it should be.
#[derive(Debug, thiserror::Error)]
#[error("{name} is not in {folder}; build both programs with: cargo build -p aside-desk -p aside-vault{release}", folder = folder.display())]
pub struct MissingProgram {
    name: &'static str,
    folder: PathBuf,
    release: &'static str,
}

/// The files of the two programs.
#[derive(Debug, Clone)]
pub struct Programs {
    /// `aside-desk`.
    pub desk: PathBuf,
    /// `aside-vault`.
    pub vault: PathBuf,
}

impl Programs {
    /// Finds both beside `executable`, or one folder up when that is a test in Cargo's `deps`.
    ///
    /// # Errors
    /// When one is missing; the error says how to build it.
    pub fn beside(executable: &Path) -> Result<Self, MissingProgram> {
        let mut folder = executable.parent().unwrap_or(Path::new("."));
        if folder.ends_with("deps") {
            folder = folder.parent().unwrap_or(folder);
        }
        let find = |name: &'static str| {
            let path = folder.join(name);
            let release = if folder.ends_with("release") { " --release" } else { "" };
            if path.is_file() { Ok(path) } else { Err(MissingProgram { name, folder: folder.to_owned(), release }) }
        };
        Ok(Self { desk: find("aside-desk")?, vault: find("aside-vault")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_beside_the_executable_and_above_deps() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = Programs::beside(&folder.path().join("aside")).unwrap_err().to_string();
        assert!(refusal.contains("cargo build"), "{refusal}");
        for name in ["aside-desk", "aside-vault"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let desk = folder.path().join("aside-desk");
        assert_eq!(Programs::beside(&folder.path().join("aside")).unwrap().desk, desk);
        assert_eq!(Programs::beside(&folder.path().join("deps/journey-1")).unwrap().desk, desk);
    }
}
