//! Configuration files: TOML, no unknown keys (the types say `deny_unknown_fields`), errors that name file, line and key.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::StartError;

/// A configuration with the folder that its relative paths start from: the file's own.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// What the file says.
    pub config: T,
    folder: PathBuf,
}

impl<T> Loaded<T> {
    /// A path of the configuration, seen from the file's folder.
    #[must_use]
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

/// Reads `file`.
///
/// # Errors
/// One line that names the file, and the line and key where there is one.
pub fn load<T: DeserializeOwned>(file: &Path) -> Result<Loaded<T>, StartError> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| StartError(format!("{shown} cannot be read: {error}")))?;
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    let wrong = |error: &toml::de::Error, key: Option<String>| {
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let place = match (line, key) {
            (Some(line), Some(key)) => format!("{shown}, line {line}, {key}"),
            (Some(line), None) => format!("{shown}, line {line}"),
            (None, Some(key)) => format!("{shown}, {key}"),
            (None, None) => shown.to_string(),
        };
        StartError(format!("{place}: {}", error.message().lines().next().unwrap_or("is wrong")))
    };
    let toml = toml::Deserializer::parse(&text).map_err(|error| wrong(&error, None))?;
    match serde_path_to_error::deserialize(toml) {
        Ok(config) => Ok(Loaded { config, folder }),
        Err(error) => {
            let path = error.path().to_string();
            let key = (path != ".").then_some(path);
            Err(wrong(error.inner(), key))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Config {
        listen: Listen,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Listen {
        public: std::net::SocketAddr,
    }

    fn read(text: &str) -> Result<Loaded<Config>, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vault.toml");
        std::fs::write(&file, text).unwrap();
        load(&file).map_err(|error| error.to_string())
    }

    #[test]
    fn a_good_file_is_read_and_its_paths_start_at_its_folder() {
        let loaded = read("[listen]\npublic = \"127.0.0.1:8081\"\n").unwrap();
        assert_eq!(loaded.config.listen.public.port(), 8081);
        assert!(loaded.path(Path::new("ca.pem")).ends_with("ca.pem"));
        assert_eq!(loaded.path(Path::new("/etc/ca.pem")), Path::new("/etc/ca.pem"));
    }

    #[test]
    fn what_is_wrong_is_named_with_file_line_and_key() {
        let error = read("[listen]\npublic = \"here\"\n").unwrap_err();
        assert!(error.contains("vault.toml, line 2, listen.public"), "{error}");
        let error = read("[listen]\npublic = \"127.0.0.1:1\"\nhost = 1\n").unwrap_err();
        assert!(error.contains("listen.host") && error.contains("unknown field"), "{error}");
        let error = read("[listen]\n").unwrap_err();
        assert!(error.contains("missing field `public`"), "{error}");
        let error = read("[listen\n").unwrap_err();
        assert!(error.contains("line 1"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = load::<Config>(Path::new("/nowhere/vault.toml")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/vault.toml cannot be read"), "{error}");
    }
}
