//! Why a request is refused: one exhaustive match from what went wrong to what a client is told.
//!
//! The private text goes to the log here and nowhere else; the public one never depends on it.

use aside_desk_domain::{ActRefusal, AskRefusal, BeginRefusal, ConfirmRefusal, ViewRefusal};
use aside_desk_store::{StoreError, VerbError};
use aside_web::{Problem, TooMany};
use aside_wire::ProblemKind;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::link::LinkError;

/// A refusal, before it is put into words for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody is signed in here, or no longer.
    SignedOut,
    /// Name or password is wrong: never said which.
    LoginFailed,
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
    /// Too many from one network.
    TooMany(TooMany),
    /// Too much at once in the whole house.
    Busy(u64),
    /// The vault cannot be reached; the private text says why.
    VaultDown,
    /// Our own fault; the private text says why.
    Failed(String),
}

impl From<TooMany> for Refusal {
    fn from(limit: TooMany) -> Self {
        Self::TooMany(limit)
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

/// What stands for every id that names something else already.
const TAKEN: Refusal = Refusal::Invalid("id", "This id is taken.");

impl From<ActRefusal> for Refusal {
    fn from(refusal: ActRefusal) -> Self {
        match refusal {
            ActRefusal::NotFound => Self::NotFound,
            ActRefusal::Closed => Self::WrongState("closed"),
            ActRefusal::IdTaken => TAKEN,
        }
    }
}

impl From<BeginRefusal> for Refusal {
    fn from(refusal: BeginRefusal) -> Self {
        match refusal {
            BeginRefusal::NotFound => Self::NotFound,
            BeginRefusal::Closed => Self::WrongState("closed"),
            BeginRefusal::SessionEnded => Self::SignedOut,
            BeginRefusal::IdTaken => TAKEN,
            BeginRefusal::GivenUp => Self::WrongState("given_up"),
        }
    }
}

impl From<ConfirmRefusal> for Refusal {
    fn from(refusal: ConfirmRefusal) -> Self {
        match refusal {
            ConfirmRefusal::NotFound => Self::NotFound,
            ConfirmRefusal::Closed => Self::WrongState("closed"),
            ConfirmRefusal::SessionEnded => Self::SignedOut,
            ConfirmRefusal::GivenUp => Self::WrongState("given_up"),
        }
    }
}

impl From<AskRefusal> for Refusal {
    fn from(refusal: AskRefusal) -> Self {
        match refusal {
            AskRefusal::NotFound => Self::NotFound,
            AskRefusal::WrongState => Self::WrongState("settled"),
        }
    }
}

impl From<ViewRefusal> for Refusal {
    fn from(refusal: ViewRefusal) -> Self {
        match refusal {
            ViewRefusal::OtherAgent | ViewRefusal::OtherSession | ViewRefusal::Closed => {
                Self::NoRight(refusal.as_str())
            }
            ViewRefusal::NotSubmitted => Self::WrongState(refusal.as_str()),
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
                ProblemKind::WrongState => Self::WrongState("vault"),
                ProblemKind::NoFactor => Self::NoRight("no_factor"),
                ProblemKind::Stopped => Self::WrongState("stopped"),
                ProblemKind::Locked => Self::NoRight("locked"),
                ProblemKind::Invalid => Self::Failed("the vault found a field invalid".to_owned()),
                ProblemKind::Busy => Self::Busy(1),
                ProblemKind::Failed => Self::Failed("the vault failed".to_owned()),
            },
        }
    }
}

impl Refusal {
    /// The problem document for it.
    pub(crate) fn problem(self) -> Problem {
        match self {
            Self::SignedOut => Problem::new(StatusCode::UNAUTHORIZED, "signed_out", "Sign in first."),
            Self::LoginFailed => {
                Problem::new(StatusCode::UNAUTHORIZED, "login_failed", "The name or the password is not right.")
            }
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
