//! A login of an agent: known by a token of which only the hash is kept, never longer than twelve hours.

use std::time::Duration;

use aside_base::{AgentId, SessionId, SiteId, Timestamp};

use crate::Agent;

/// The longest a session lives, whatever happens in it.
pub const SESSION_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// A login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name, also at the vault. A name, never a credential.
    pub id: SessionId,
    /// Whose it is.
    pub agent: AgentId,
    /// The agent's site.
    pub site: SiteId,
    /// Since when.
    pub started_at: Timestamp,
    /// When it ends at the latest.
    pub ends_at: Timestamp,
    /// When it ended; nothing brings it back.
    pub ended_at: Option<Timestamp>,
}

impl Session {
    /// Whether the session still carries rights.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }
}

/// A live session together with its agent: who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    /// The session.
    pub session: Session,
    /// Its agent.
    pub agent: Agent,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The agent logged out.
    Logout,
    /// Twelve hours are over.
    TooOld,
    /// The vault no longer knows it.
    EndedByVault,
}

impl EndReason {
    /// All reasons.
    pub const ALL: [Self; 3] = [Self::Logout, Self::TooOld, Self::EndedByVault];

    /// The reason's name, as stored and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::TooOld => "too_old",
            Self::EndedByVault => "ended_by_vault",
        }
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn a_session_lives_until_its_end_and_not_a_millisecond_longer() {
        let start = Timestamp(1_000);
        let rng = SeededRng::new(1);
        let session = Session {
            id: SessionId::generate(start, &rng),
            agent: AgentId::generate(start, &rng),
            site: "northwind".parse().unwrap(),
            started_at: start,
            ends_at: start.plus(SESSION_LIFE),
            ended_at: None,
        };
        assert!(session.is_live(start));
        assert!(session.is_live(Timestamp(session.ends_at.0 - 1)));
        assert!(!session.is_live(session.ends_at));
        assert!(!Session { ended_at: Some(start), ..session }.is_live(start));
    }
}
