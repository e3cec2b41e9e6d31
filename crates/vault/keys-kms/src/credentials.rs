//! Who signs: the access key in a file of AWS's own format. Read for each request, so that a rotated one holds at once.

use std::path::Path;

use aside_vault_keys::read_credential;
use aws_credential_types::Credentials;
use zeroize::Zeroizing;

/// Reads the profile `default` of the file at `path`.
pub(crate) fn read(path: &Path) -> Result<Credentials, String> {
    let text = read_credential(path).map_err(|error| error.to_string())?;
    parse(&text).ok_or_else(|| format!("{} names no access key in its profile [default]", path.display()))
}

fn parse(text: &Zeroizing<String>) -> Option<Credentials> {
    let (mut id, mut secret, mut token) = (None, None, None);
    let mut default = false;
    for line in text.lines().map(str::trim) {
        if let Some(profile) = line.strip_prefix('[') {
            default = profile.trim_end_matches(']').trim() == "default";
        } else if default && let Some((name, value)) = line.split_once('=') {
            let value = Some(value.trim()).filter(|value| !value.is_empty()).map(str::to_owned);
            match name.trim() {
                "aws_access_key_id" => id = value,
                "aws_secret_access_key" => secret = value,
                "aws_session_token" => token = value,
                _ => {}
            }
        }
    }
    Some(Credentials::new(id?, secret?, token, None, "file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_profile_and_no_other_is_read() {
        let file = |text: &str| parse(&Zeroizing::new(text.to_owned()));
        let found = file(
            "[other]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = o\n\
             # ours\n[default]\naws_access_key_id=AKIDEXAMPLE\naws_secret_access_key = a=b\naws_session_token = t\n",
        );
        let found = found.unwrap();
        assert_eq!((found.access_key_id(), found.secret_access_key()), ("AKIDEXAMPLE", "a=b"));
        assert_eq!(found.session_token(), Some("t"));
        assert!(file("[other]\naws_access_key_id = A\naws_secret_access_key = b\n").is_none());
        assert!(file("[default]\naws_access_key_id =\naws_secret_access_key = b\n").is_none());
    }
}
