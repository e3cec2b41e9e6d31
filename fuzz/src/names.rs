//! Names and keys that stand in addresses, cookies, headers and bodies.

use std::fmt::Display;
use std::str::FromStr;

use aside_base::{DefinitionHash, InvitationId, OneTimeKey, Origin, SessionId, SiteId};
use aside_vault_domain::{ApiKey, ViewId};

/// What is taken is written as it was read, or read again as the same.
pub(crate) fn names(input: &[u8]) {
    let Some(text) = crate::text(input) else { return };
    same::<SiteId>(text);
    same::<DefinitionHash>(text);
    if let Ok(id) = text.parse::<InvitationId>() {
        assert_eq!(id.to_string().parse::<InvitationId>(), Ok(id));
    }
    if let Ok(id) = text.parse::<SessionId>() {
        assert_eq!(id.to_string().parse::<SessionId>(), Ok(id));
    }
    if let Ok(view) = text.parse::<ViewId>() {
        assert_eq!(view.to_string().parse::<ViewId>(), Ok(view));
    }
    if let Ok(origin) = text.parse::<Origin>() {
        assert_eq!(origin.as_str().parse::<Origin>().map(|again| again.as_str() == origin.as_str()), Ok(true));
        assert!(!origin.authority().contains(['/', '@', '?', '#', '\\', ' ']), "{origin:?} has more than a host in it");
    }
    if let Ok(key) = text.parse::<OneTimeKey>() {
        assert_eq!(key.to_text(), text, "a key has two spellings");
    }
    if let Some((id, secret)) = ApiKey::read(text) {
        assert_eq!(ApiKey::text(id, &secret).as_str(), text, "an API key has two spellings");
    }
}

fn same<T: FromStr + Display>(text: &str) {
    if let Ok(name) = text.parse::<T>() {
        assert_eq!(name.to_string(), text, "a name has two spellings");
    }
}
