//! A login of an agent: known by a token of which only the hash is kept; its stages, its idle lock, its end (A4).

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use aside_base::{AgentId, SessionId, SiteId, Timestamp};

use crate::{Agent, Idle, Permission, Permissions, Policy, Role, UnknownName, Where};

/// The longest a session lives by default, whatever happens in it.
pub const SESSION_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// How long a login that is not finished waits for its next step.
pub const UNFINISHED_LIFE: Duration = Duration::from_secs(15 * 60);

/// How far a login has come. Only a ready session has rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SessionStage {
    /// A second factor must be shown.
    SecondFactor,
    /// A new password must be set: the first one, or one that is too old.
    NewPassword,
    /// A second factor must be set up.
    SetUpFactor,
    /// Nothing is missing.
    Ready,
}

impl SessionStage {
    /// All stages, in the order they are gone through.
    pub const ALL: [Self; 4] = [Self::SecondFactor, Self::NewPassword, Self::SetUpFactor, Self::Ready];

    /// The stage's name, as stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::NewPassword => "new_password",
            Self::SetUpFactor => "set_up_factor",
            Self::Ready => "ready",
        }
    }
}

impl FromStr for SessionStage {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text).ok_or(UnknownName("stage"))
    }
}

/// What an account's login still needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// It has a second factor, so one is asked for.
    pub has_factor: bool,
    /// Its password is a first one or too old.
    pub new_password: bool,
    /// The policy asks for a second factor of it.
    pub wants_factor: bool,
}

impl Needs {
    /// The first stage of a login whose password was right.
    #[must_use]
    pub const fn first(self) -> SessionStage {
        if self.has_factor { SessionStage::SecondFactor } else { self.after_factor() }
    }

    /// The stage after the second factor was shown.
    #[must_use]
    pub const fn after_factor(self) -> SessionStage {
        if self.new_password { SessionStage::NewPassword } else { self.after_password() }
    }

    /// The stage after a new password was set.
    #[must_use]
    pub const fn after_password(self) -> SessionStage {
        if self.wants_factor && !self.has_factor { SessionStage::SetUpFactor } else { SessionStage::Ready }
    }
}

/// Whether a password must be replaced: always a first one, and one that is the only factor when it is too old (PCI 8.3.9).
#[must_use]
pub fn password_is_due(
    policy: &Policy,
    must_change: bool,
    has_factor: bool,
    changed_at: Timestamp,
    now: Timestamp,
) -> bool {
    let days = policy.password.expires_after_days().filter(|_| !has_factor);
    let ends = days.map(|days| changed_at.plus(Duration::from_secs(u64::from(days) * 86_400)));
    must_change || ends.is_some_and(|ends| ends <= now)
}

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
    /// How far the login has come.
    pub stage: SessionStage,
    /// The last input of the person. Feeds and polling are none.
    pub last_input_at: Timestamp,
    /// Since when it is locked.
    pub locked_at: Option<Timestamp>,
    /// From where it was started.
    pub from: Where,
}

impl Session {
    /// A ready session that starts at `now` and lives as long as sessions do by default.
    #[must_use]
    pub fn begun(id: SessionId, agent: &Agent, from: Option<IpAddr>, now: Timestamp) -> Self {
        Self {
            id,
            agent: agent.id,
            site: agent.site.clone(),
            started_at: now,
            ends_at: now.plus(SESSION_LIFE),
            ended_at: None,
            stage: SessionStage::Ready,
            last_input_at: now,
            locked_at: None,
            from,
        }
    }

    /// Whether the session still lives, locked or not.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.ends_at
    }

    /// What time alone does to it now, if anything.
    #[must_use]
    pub fn idle_step(&self, idle: &Idle, now: Timestamp) -> Option<IdleStep> {
        if self.ended_at.is_some() {
            return None;
        }
        if now >= self.ends_at {
            return Some(IdleStep::End(EndReason::TooOld));
        }
        if self.stage != SessionStage::Ready {
            let over = self.last_input_at.plus(UNFINISHED_LIFE) <= now;
            return over.then_some(IdleStep::End(EndReason::Idle));
        }
        let minutes = |minutes: u32| Duration::from_secs(u64::from(minutes) * 60);
        match self.locked_at {
            Some(locked_at) => {
                let over = idle.on && locked_at.plus(minutes(idle.sign_out_after_minutes)) <= now;
                over.then_some(IdleStep::End(EndReason::Idle))
            }
            None if idle.on && self.last_input_at.plus(minutes(idle.lock_after_minutes)) <= now => {
                Some(if idle.sign_out_after_minutes == 0 { IdleStep::End(EndReason::Idle) } else { IdleStep::Lock })
            }
            None => None,
        }
    }
}

/// What time does to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleStep {
    /// It locks.
    Lock,
    /// It ends.
    End(EndReason),
}

/// A live session together with who is calling and what they may do: read with every request, so that each change holds at
/// once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    /// The session.
    pub session: Session,
    /// Its agent.
    pub agent: Agent,
    /// The agent's role.
    pub role: Role,
    /// What the agent's profile gives.
    pub permissions: Permissions,
    /// When it locks without further input; none when it is locked, not ready, or the site's consoles never lock.
    pub locks_at: Option<Timestamp>,
    /// Whether the site's secure forms are on.
    pub forms_on: bool,
}

impl LiveSession {
    /// Whether it is locked at `now`, noted or not.
    #[must_use]
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.session.locked_at.is_some() || self.locks_at.is_some_and(|at| at <= now)
    }

    /// Whether its agent may do this at `now`: the session is ready and unlocked, and the profile gives it.
    #[must_use]
    pub fn may(&self, permission: Permission, now: Timestamp) -> bool {
        self.is_usable(now) && self.permissions.has(permission)
    }

    /// Whether it is live, ready and unlocked.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.session.is_live(now) && self.session.stage == SessionStage::Ready && !self.is_locked(now)
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The agent logged out.
    Logout,
    /// Its longest life is over.
    TooOld,
    /// The vault no longer knows it.
    EndedByVault,
    /// It stayed locked for too long, or its login was never finished.
    Idle,
    /// The agent ended it from another session.
    EndedElsewhere,
    /// An admin ended it.
    EndedByAdmin,
    /// The account was turned off.
    Deactivated,
    /// The password was changed elsewhere.
    PasswordChanged,
    /// The second factors were reset.
    FactorReset,
}

impl EndReason {
    /// All reasons.
    pub const ALL: [Self; 9] = [
        Self::Logout,
        Self::TooOld,
        Self::EndedByVault,
        Self::Idle,
        Self::EndedElsewhere,
        Self::EndedByAdmin,
        Self::Deactivated,
        Self::PasswordChanged,
        Self::FactorReset,
    ];

    /// The reason's name, as stored and audited.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::TooOld => "too_old",
            Self::EndedByVault => "ended_by_vault",
            Self::Idle => "idle",
            Self::EndedElsewhere => "ended_elsewhere",
            Self::EndedByAdmin => "ended_by_admin",
            Self::Deactivated => "deactivated",
            Self::PasswordChanged => "password_changed",
            Self::FactorReset => "factor_reset",
        }
    }
}

impl fmt::Display for EndReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a sign-in does not become a session although the password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// The account was turned off, or its password changed, while the password was checked.
    #[error("the account changed meanwhile")]
    Changed,
}

/// Why a session cannot be unlocked or moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepRefusal {
    /// It has ended, or it is not at this step.
    #[error("the session is not at this step")]
    Session,
    /// The code, passkey or recovery code is not one that can be used (again).
    #[error("the factor cannot be used")]
    Factor,
    /// A second factor is needed besides the password.
    #[error("a second factor is needed")]
    FactorNeeded,
}

#[cfg(test)]
mod tests;
