//! An agent's account, its login name, and its password as a hash only.

use std::fmt;
use std::str::FromStr;

use aside_base::{AgentId, SiteId};

/// A text that cannot be an agent's login or display name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgentTextError {
    /// Not a login name.
    #[error("name: 1 to 60 of a-z, 0-9, dot, hyphen, underscore and @")]
    Name,
    /// Not a display name.
    #[error("display name: 1 to 60 characters, none of them control characters")]
    DisplayName,
}

/// The name an agent logs in with, unique in its site. Capitals are folded: `Dana` and `dana` are one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgentName(String);

impl AgentName {
    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AgentName {
    type Err = AgentTextError;

    fn from_str(text: &str) -> Result<Self, AgentTextError> {
        let name = text.to_ascii_lowercase();
        let fits = (1..=60).contains(&name.len())
            && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'@'));
        if fits { Ok(Self(name)) } else { Err(AgentTextError::Name) }
    }
}

/// What people see of an agent: a first name (P6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DisplayName(String);

impl DisplayName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DisplayName {
    type Err = AgentTextError;

    fn from_str(text: &str) -> Result<Self, AgentTextError> {
        let name = text.trim();
        let fits = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if fits { Ok(Self(name.to_owned())) } else { Err(AgentTextError::DisplayName) }
    }
}

/// A password as its PHC string (argon2id with salt and cost). Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a PHC string.
    #[must_use]
    pub const fn from_phc(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string, to verify a password against.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// An agent's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// The account's id.
    pub id: AgentId,
    /// Its site, for ever.
    pub site: SiteId,
    /// What the agent types to log in.
    pub name: AgentName,
    /// What others see.
    pub display_name: DisplayName,
}

impl Agent {
    /// The part of the agent that stands beside what it wrote.
    #[must_use]
    pub fn to_ref(&self) -> AgentRef {
        AgentRef { id: self.id, display_name: self.display_name.as_str().to_owned() }
    }
}

/// An agent as entries and invitations name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRef {
    /// The account.
    pub id: AgentId,
    /// What others see.
    pub display_name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_name_folds_capitals_and_refuses_the_rest() {
        assert_eq!(
            "Dana.K@northwind".parse::<AgentName>().map(|n| n.as_str().to_owned()),
            Ok("dana.k@northwind".into())
        );
        for bad in ["", "da na", "dana\n", "dána", "' or 1=1 --", &"x".repeat(61)] {
            assert_eq!(bad.parse::<AgentName>(), Err(AgentTextError::Name), "{bad:?}");
        }
    }

    #[test]
    fn a_display_name_is_trimmed_and_accepts_every_script() {
        assert_eq!("  D'Ánna 李 ".parse::<DisplayName>().map(|n| n.as_str().to_owned()), Ok("D'Ánna 李".into()));
        for bad in ["", "   ", "a\u{0}b", &"x".repeat(61)] {
            assert_eq!(bad.parse::<DisplayName>(), Err(AgentTextError::DisplayName), "{bad:?}");
        }
    }

    #[test]
    fn a_password_hash_does_not_print() {
        assert_eq!(format!("{:?}", PasswordHash::from_phc("$argon2id$v=19$…".into())), "PasswordHash(…)");
    }
}
