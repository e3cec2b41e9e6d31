//! An open view: an agent's browser has the answers of one submission before it (step 7).

use std::fmt;
use std::str::FromStr;

use aside_base::{InvitationId, ParseIdError, Rng, SessionId, SubmissionId, Timestamp};
use uuid::Uuid;

use crate::{Invitation, Lease, NoRight, Refusal, Session};

/// Names a view: not a credential, the viewer's cookie is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewId(Uuid);

impl ViewId {
    /// A fresh UUIDv7.
    #[must_use]
    pub fn generate(now: Timestamp, rng: &dyn Rng) -> Self {
        // The shape of every other id of the house.
        Self(*SubmissionId::generate(now, rng).as_uuid())
    }

    /// The id of a known UUID.
    #[must_use]
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The UUID itself, for the stores.
    #[must_use]
    pub const fn as_uuid(&self) -> &Uuid {
        &self.0
    }
}

impl fmt::Display for ViewId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ViewId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError)
    }
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct View {
    /// Its name.
    pub id: ViewId,
    /// What is looked at.
    pub invitation: InvitationId,
    /// Its answers.
    pub submission: SubmissionId,
    /// The session that looks.
    pub session: SessionId,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it was closed, by whomever.
    pub closed_at: Option<Timestamp>,
}

impl View {
    /// Checks that the right behind this open view still stands: before each reveal, and every few seconds.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] names what is missing.
    pub fn check(
        &self,
        invitation: &Invitation,
        session: &Session,
        viewer: aside_base::KeyHash,
        lease: Lease,
    ) -> Result<(), Refusal> {
        // Whose browser it is comes first: another one learns nothing about the view.
        session.check_viewer(viewer)?;
        if self.session != session.id || invitation.session != session.id {
            return Err(Refusal::NoRight(NoRight::OtherSession));
        }
        session.check_viewing(lease)?;
        if invitation.right_lost {
            return Err(Refusal::NoRight(NoRight::Lost));
        }
        if self.closed_at.is_some() {
            return Err(Refusal::NoRight(NoRight::ViewClosed));
        }
        Ok(())
    }

    /// Checks that an answer may be revealed in this view at `now`: as [`Self::check`], then the right to see a card number if
    /// it is one, then a confirmation of the last 300 s by a factor that was set up before the form was sent.
    ///
    /// # Errors
    /// As [`Self::check`]; [`Refusal::Confirm`]; [`Refusal::FactorTooNew`].
    pub fn check_reveal(
        &self,
        invitation: &Invitation,
        session: &Session,
        viewer: aside_base::KeyHash,
        lease: Lease,
        card_number: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check(invitation, session, viewer, lease)?;
        if card_number && !session.rights.card_numbers {
            return Err(Refusal::NoRight(NoRight::CardNumbers));
        }
        session.check_confirmed(invitation.sent_at, now)
    }
}
