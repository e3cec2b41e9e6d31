//! Why a request is refused: one exhaustive match from what went wrong to what a client is told.
//!
//! The private text goes to the log here and nowhere else; the public one never depends on it.

mod rule;

use aside_base::Timestamp;
use aside_desk_domain::{AttemptRefusal, PasswordFault, SessionStage};
use aside_desk_store::{StoreError, VerbError};
use aside_web::{Problem, TooMany};
use aside_wire::ProblemKind;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::api::Part;
use crate::link::LinkError;
use crate::password::Crowded;
use crate::shown;

/// What a session lacks that is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotReady {
    /// The login is at this stage.
    Unfinished(SessionStage),
    /// It is locked.
    Locked,
}

/// A refusal, before it is put into words for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody is signed in here, or no longer.
    SignedOut,
    /// The login has further steps, or the session must be unlocked first.
    NotReady(NotReady),
    /// Name or password is wrong: never said which. Says whether the next try needs a CAPTCHA.
    LoginFailed(bool),
    /// A solved CAPTCHA is needed, and did not come or is not accepted.
    Captcha,
    /// Too many failed tries: for so many seconds, no more are taken.
    LockedOut(u64),
    /// The code, the passkey or the recovery code is wrong; so many tries are left.
    WrongCode(u32),
    /// The permission is missing.
    NotAllowed(&'static str),
    /// The password breaks these rules.
    Password(&'static str, Vec<PasswordFault>),
    /// This stops secure forms, and nobody said yes to that.
    ConfirmStop {
        /// The parts of the minimum that would not be met.
        parts: Vec<Part>,
        /// The forms that would be cancelled.
        open_invitations: u32,
    },
    /// Secure forms are stopped on this site (A10).
    FormsStopped,
    /// The agent has no second factor at the vault (A5).
    NoFactor,
    /// Disk space is kept for authenticated acts.
    LowSpace,
    /// No such thing, or not of this site or visitor: never said which.
    NotFound,
    /// This one may not, with the finer reason.
    NoRight(&'static str),
    /// It is in a state that does not allow it, with the finer reason.
    WrongState(&'static str),
    /// A clock ended.
    Expired,
    /// It was used already.
    Used,
    /// A field is wrong.
    Invalid(&'static str, &'static str),
    /// A place in a policy is out of its range.
    OutOfRange(&'static str),
    /// Too many from one network.
    TooMany(TooMany),
    /// Too much at once in the whole house.
    Busy(u64),
    /// The vault cannot be reached; the private text says why.
    VaultDown,
    /// The vault's keys cannot be used just now (V2).
    VaultSealed,
    /// The vault has no room for answers off the record just now (V3).
    VaultFull,
    /// Our own fault; the private text says why.
    Failed(String),
}

impl From<TooMany> for Refusal {
    fn from(limit: TooMany) -> Self {
        Self::TooMany(limit)
    }
}

impl From<Crowded> for Refusal {
    fn from(_: Crowded) -> Self {
        Self::Busy(5)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy(1),
            StoreError::Failed(private) => Self::Failed(private),
        }
    }
}

impl<R: Into<Self>> From<VerbError<R>> for Refusal {
    fn from(error: VerbError<R>) -> Self {
        match error {
            VerbError::Refused(refusal) => refusal.into(),
            VerbError::Store(error) => error.into(),
        }
    }
}

impl From<LinkError> for Refusal {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Down(_) => Self::VaultDown,
            LinkError::Busy(seconds) => Self::Busy(seconds),
            LinkError::Garbled(text) => Self::Failed(text),
            LinkError::Refused(kind) => match kind {
                ProblemKind::NotValid => Self::NotFound,
                ProblemKind::Used => Self::Used,
                ProblemKind::Expired => Self::Expired,
                ProblemKind::NoRight => Self::NoRight("vault"),
                ProblemKind::HistoryOff => Self::NoRight("history_off"),
                ProblemKind::WrongState => Self::WrongState("vault"),
                ProblemKind::NoFactor => Self::NoFactor,
                ProblemKind::Stopped => Self::FormsStopped,
                ProblemKind::Locked => Self::NotReady(NotReady::Locked),
                ProblemKind::Invalid => Self::Failed("the vault found a field invalid".to_owned()),
                ProblemKind::Sealed => Self::VaultSealed,
                ProblemKind::Full => Self::VaultFull,
                ProblemKind::Busy => Self::Busy(1),
                ProblemKind::Failed => Self::Failed("the vault failed".to_owned()),
            },
        }
    }
}

impl Refusal {
    /// Why a try at a password or a code is not taken at `now`.
    pub(crate) fn of_attempt(refusal: AttemptRefusal, now: Timestamp) -> Self {
        match refusal {
            AttemptRefusal::Captcha(_) => Self::Captcha,
            AttemptRefusal::Locked(until) => Self::LockedOut(now.seconds_until(until)),
        }
    }

    /// The problem document for it.
    pub(crate) fn problem(self) -> Problem {
        match self {
            Self::SignedOut => Problem::new(StatusCode::UNAUTHORIZED, "signed_out", "Sign in first."),
            Self::NotReady(NotReady::Unfinished(stage)) => {
                Problem::new(StatusCode::FORBIDDEN, "unfinished", "Finish signing in first.").code(stage.as_str())
            }
            Self::NotReady(NotReady::Locked) => Problem::new(StatusCode::LOCKED, "locked", "Unlock the session first."),
            Self::LoginFailed(captcha) => {
                Problem::new(StatusCode::UNAUTHORIZED, "login_failed", "The name or the password is not right.")
                    .with("captcha", captcha)
            }
            Self::Captcha => {
                Problem::new(StatusCode::UNAUTHORIZED, "captcha", "A solved challenge is needed.").with("captcha", true)
            }
            Self::LockedOut(seconds) => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "locked", "Too many failed tries.").retry_after(seconds)
            }
            Self::WrongCode(left) => {
                Problem::new(StatusCode::UNAUTHORIZED, "wrong_code", "The code is not right.").with("left", left)
            }
            Self::NotAllowed(permission) => {
                Problem::new(StatusCode::FORBIDDEN, "not_allowed", "You may not do that.").code(permission)
            }
            Self::Password(field, faults) => {
                let reasons: Vec<&str> = faults.into_iter().map(shown::fault).collect();
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "This password cannot be taken.")
                    .field(field)
                    .with("reasons", reasons)
            }
            Self::ConfirmStop { parts, open_invitations } => {
                let parts: Vec<&str> = parts.into_iter().map(Part::as_str).collect();
                Problem::new(StatusCode::CONFLICT, "confirm_stop", "This stops secure forms.")
                    .with("parts", parts)
                    .with("open_invitations", open_invitations)
            }
            Self::FormsStopped => {
                Problem::new(StatusCode::CONFLICT, "forms_stopped", "Secure forms are stopped on this site.")
            }
            Self::NoFactor => {
                Problem::new(StatusCode::CONFLICT, "no_factor", "Set up a second factor for secure forms first.")
            }
            Self::LowSpace => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "low_space",
                "Disk space runs low; what is left is kept for those who are signed in.",
            )
            .retry_after(60),
            Self::NotFound => Problem::new(StatusCode::NOT_FOUND, "not_valid", "There is no such thing here."),
            Self::NoRight(code) => {
                Problem::new(StatusCode::FORBIDDEN, "no_right", "Could not load secure form.").code(code)
            }
            Self::WrongState(code) => {
                Problem::new(StatusCode::CONFLICT, "wrong_state", "Its state does not allow that.").code(code)
            }
            Self::Expired => Problem::new(StatusCode::GONE, "expired", "Its time is over."),
            Self::Used => Problem::new(StatusCode::GONE, "used", "It was used already."),
            Self::Invalid(field, title) => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", title).field(field)
            }
            Self::OutOfRange(field) => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Not in the range it must be in.")
                    .field(field)
            }
            Self::TooMany(limit) => Problem::too_many(limit.retry_after),
            Self::Busy(seconds) => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much at once. Try again in a moment.")
                    .retry_after(seconds)
            }
            Self::VaultDown => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "vault_down",
                "Secure forms are not available just now. Nothing is lost; try again in a moment.",
            )
            .retry_after(5),
            Self::VaultSealed => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "vault_sealed",
                "Secure forms are locked: the vault's keys cannot be used just now.",
            ),
            Self::VaultFull => Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "vault_full",
                "The vault has no room for another form just now. Try again in a moment.",
            )
            .retry_after(30),
            Self::Failed(private) => {
                tracing::error!(reason = %private, "request failed");
                Problem::failed()
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}
