//! What each rule of the domain refuses, as a refusal of the request.

use aside_desk_domain::{
    ActRefusal, AskRefusal, BeginRefusal, ConfirmRefusal, EraseRefusal, FactorRefusal, HistoryRefusal, KeyRefusal,
    PeopleRefusal, Permission, PolicyRefusal, ProfileRefusal, SiteError, TransferRefusal, ViewRefusal,
};

use super::Refusal;
use crate::shown;

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
            BeginRefusal::NotAllowed => Self::NotAllowed(Permission::UseSecureForms.as_str()),
            BeginRefusal::FormsStopped => Self::FormsStopped,
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
            ViewRefusal::OtherAgent | ViewRefusal::OtherSession | ViewRefusal::Closed | ViewRefusal::Lost => {
                Self::NoRight(refusal.as_str())
            }
            ViewRefusal::NotSubmitted => Self::WrongState(refusal.as_str()),
        }
    }
}

impl From<PeopleRefusal> for Refusal {
    fn from(refusal: PeopleRefusal) -> Self {
        match refusal {
            PeopleRefusal::NotFound => Self::NotFound,
            PeopleRefusal::NoProfile => Self::Invalid("profile", "There is no such profile."),
            PeopleRefusal::NameTaken => Self::Invalid("name", "This name is taken."),
            PeopleRefusal::Own | PeopleRefusal::LastManager | PeopleRefusal::NotActive => {
                Self::WrongState(refusal.as_str())
            }
        }
    }
}

impl From<ProfileRefusal> for Refusal {
    fn from(refusal: ProfileRefusal) -> Self {
        match refusal {
            ProfileRefusal::NotFound => Self::NotFound,
            ProfileRefusal::NameTaken => Self::Invalid("name", "This name is taken."),
            ProfileRefusal::BeyondRole => {
                Self::Invalid("permissions", "A profile gives no more than its role may have.")
            }
            ProfileRefusal::BuiltIn
            | ProfileRefusal::InUse
            | ProfileRefusal::Own
            | ProfileRefusal::LastManager
            | ProfileRefusal::TooMany => Self::WrongState(refusal.as_str()),
        }
    }
}

impl From<TransferRefusal> for Refusal {
    fn from(refusal: TransferRefusal) -> Self {
        match refusal {
            TransferRefusal::NotFound => Self::NotFound,
            TransferRefusal::Closed => Self::WrongState("closed"),
            TransferRefusal::NoTaker => Self::Invalid("agent", "Nobody who can take a conversation."),
            TransferRefusal::SameOwner => Self::WrongState("same_owner"),
        }
    }
}

impl From<HistoryRefusal> for Refusal {
    fn from(refusal: HistoryRefusal) -> Self {
        Self::WrongState(refusal.as_str())
    }
}

impl From<SiteError> for Refusal {
    fn from(refusal: SiteError) -> Self {
        match refusal {
            SiteError::Keeping => Self::OutOfRange("keeping.days"),
            SiteError::Brand | SiteError::Origins | SiteError::Url(_) | SiteError::Clock(_) => {
                Self::Failed(refusal.to_string())
            }
        }
    }
}

impl From<EraseRefusal> for Refusal {
    fn from(refusal: EraseRefusal) -> Self {
        match refusal {
            EraseRefusal::NotFound => Self::NotFound,
            EraseRefusal::NotConfirmed => Self::Invalid("confirm", "This is not its reference."),
        }
    }
}

impl From<PolicyRefusal> for Refusal {
    fn from(refusal: PolicyRefusal) -> Self {
        match refusal {
            PolicyRefusal::NotFound => Self::NotFound,
            PolicyRefusal::Range(wrong) => Self::OutOfRange(wrong.0),
            PolicyRefusal::Confirm { parts, open_invitations } => {
                Self::ConfirmStop { parts: parts.into_iter().map(shown::part).collect(), open_invitations }
            }
        }
    }
}

impl From<FactorRefusal> for Refusal {
    fn from(refusal: FactorRefusal) -> Self {
        match refusal {
            FactorRefusal::Session => Self::SignedOut,
            FactorRefusal::NotFound => Self::NotFound,
            FactorRefusal::LastFactor => Self::WrongState("last_factor"),
            FactorRefusal::TooMany => Self::WrongState("too_many"),
            FactorRefusal::Taken => Self::Invalid("credential", "This passkey is registered already."),
        }
    }
}

impl From<KeyRefusal> for Refusal {
    fn from(refusal: KeyRefusal) -> Self {
        match refusal {
            KeyRefusal::NotFound => Self::NotFound,
            KeyRefusal::Field(field) => Self::Invalid(field, "Not one that a key can have."),
            KeyRefusal::BeyondOwn => Self::NotAllowed("scopes"),
            KeyRefusal::TooMany => Self::WrongState("too_many"),
        }
    }
}
