//! What the desk is told of a refusal: one exhaustive match from the domain's words to problem documents.

use aside_vault_domain::{NoRight, Refusal};
use aside_vault_store::Error;
use aside_web::Problem;
use aside_wire::ProblemKind;
use http::StatusCode;

use crate::Vault;

/// An error of the store as the zone link answers it; a failure's private text goes to the log.
pub(crate) fn answer(vault: &Vault, error: Error) -> Problem {
    match error {
        Error::Refused(refusal) => problem(refusal),
        Error::Busy => of_kind(ProblemKind::Busy),
        Error::Failed(private) => {
            vault.log_failure(&private);
            of_kind(ProblemKind::Failed)
        }
    }
}

/// A refusal as the zone link answers it.
pub(crate) fn problem(refusal: Refusal) -> Problem {
    let kind = match refusal {
        Refusal::NotValid => ProblemKind::NotValid,
        Refusal::Used | Refusal::Replaced => ProblemKind::Used,
        Refusal::Expired(_) | Refusal::Erased => ProblemKind::Expired,
        Refusal::AlreadySubmitted | Refusal::OtherDevice | Refusal::WrongState(_) | Refusal::ConversationClosed => {
            ProblemKind::WrongState
        }
        Refusal::NoRight(NoRight::HistoryOff) => ProblemKind::HistoryOff,
        // What only a viewer's browser is told does not come here; no right is the safe word for it.
        Refusal::NoRight(_)
        | Refusal::Confirm
        | Refusal::FactorTooNew
        | Refusal::Key(_)
        | Refusal::WrongCode { .. }
        | Refusal::FactorLocked { .. } => ProblemKind::NoRight,
        Refusal::NoFactor => ProblemKind::NoFactor,
        Refusal::Stopped => ProblemKind::Stopped,
        Refusal::Locked => ProblemKind::Locked,
        Refusal::Sealed => return of_kind(ProblemKind::Sealed).retry_after(10),
        Refusal::Full => return of_kind(ProblemKind::Full).retry_after(10),
        Refusal::Invalid(field) => return of_kind(ProblemKind::Invalid).field(field),
    };
    of_kind(kind).code(refusal.as_str())
}

/// A problem of this kind, with the kind's one status and sentence.
pub(crate) fn of_kind(kind: ProblemKind) -> Problem {
    let (status, name, title) = match kind {
        ProblemKind::NotValid => (StatusCode::NOT_FOUND, "not_valid", "There is no such thing here."),
        ProblemKind::Used => (StatusCode::GONE, "used", "This was used already."),
        ProblemKind::Expired => (StatusCode::GONE, "expired", "The time for this has ended."),
        ProblemKind::NoRight => (StatusCode::FORBIDDEN, "no_right", "This session has no right to do that."),
        ProblemKind::HistoryOff => {
            (StatusCode::FORBIDDEN, "history_off", "The vault's operator lets nobody here read what is stored.")
        }
        ProblemKind::WrongState => (StatusCode::CONFLICT, "wrong_state", "The invitation's state does not allow that."),
        ProblemKind::NoFactor => (StatusCode::FORBIDDEN, "no_factor", "The agent has no second factor here."),
        ProblemKind::Stopped => (StatusCode::CONFLICT, "stopped", "The site's secure forms are stopped."),
        ProblemKind::Locked => (StatusCode::LOCKED, "locked", "The session is locked."),
        ProblemKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "A field is wrong."),
        ProblemKind::Sealed => (StatusCode::SERVICE_UNAVAILABLE, "sealed", "The vault's keys cannot be used now."),
        ProblemKind::Full => (StatusCode::SERVICE_UNAVAILABLE, "full", "There is no room for such answers now."),
        ProblemKind::Busy => {
            return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Too much at once.").retry_after(1);
        }
        ProblemKind::Failed => return Problem::failed(),
    };
    Problem::new(status, name, title)
}

#[cfg(test)]
mod tests {
    use aside_vault_domain::Clock;
    use axum::response::IntoResponse as _;

    use super::*;

    #[test]
    fn each_refusal_has_its_status() {
        for (refusal, status) in [
            (Refusal::NotValid, 404),
            (Refusal::Used, 410),
            (Refusal::Expired(Clock::OpenLimit), 410),
            (Refusal::NoRight(NoRight::Lost), 403),
            (Refusal::AlreadySubmitted, 409),
            (Refusal::NoFactor, 403),
            (Refusal::Stopped, 409),
            (Refusal::Locked, 423),
            (Refusal::Invalid("clocks"), 422),
        ] {
            assert_eq!(problem(refusal).into_response().status(), status, "{refusal:?}");
        }
        assert_eq!(of_kind(ProblemKind::Busy).into_response().headers()["retry-after"], "1");
    }
}
