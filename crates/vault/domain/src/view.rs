//! An open view: an agent's browser has the answers of one submission before it (step 7).

use std::fmt;
use std::str::FromStr;

use aside_base::{InvitationId, KeyHash, ParseIdError, Rng, SessionId, SubmissionId, Timestamp};
use aside_form::Kind;
use aside_wire::HistoryReason;
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

/// By which right somebody looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sight {
    /// The session that sent the form looks, while the conversation is open (S8).
    Sender,
    /// Somebody with the right to it looks at what is stored, once the conversation is closed (V6).
    History(Stated),
}

/// What somebody said to look at what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stated {
    /// Why.
    pub reason: HistoryReason,
    /// Which case it belongs to.
    pub reference: Option<String>,
}

impl fmt::Display for Stated {
    /// As audited: `dispute CASE-2026-0147`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.as_str())?;
        self.reference.as_ref().map_or(Ok(()), |reference| write!(f, " {reference}"))
    }
}

/// A factor that was set up less than so long ago confirms no history view, in seconds: one that a taken-over desk invented
/// stands in the audit log for three days before it opens anything.
pub(crate) const NOTICE_SECONDS: i64 = 72 * 3_600;

/// An answer that is to be revealed or copied, as far as a decision needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// What was asked for.
    pub kind: Kind,
    /// Whether it is hidden until it is revealed (V11).
    pub sensitive: bool,
    /// Whether it was never stored.
    pub off_the_record: bool,
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
    /// By which right.
    pub sight: Sight,
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
        viewer: KeyHash,
        lease: Lease,
    ) -> Result<(), Refusal> {
        // Whose browser it is comes first: another one learns nothing about the view.
        session.check_viewer(viewer)?;
        if self.session != session.id {
            return Err(Refusal::NoRight(NoRight::OtherSession));
        }
        match self.sight {
            Sight::Sender => {
                if invitation.session != session.id {
                    return Err(Refusal::NoRight(NoRight::OtherSession));
                }
                session.check_viewing(lease)?;
                if invitation.right_lost {
                    return Err(Refusal::NoRight(NoRight::Lost));
                }
            }
            // A closed conversation stays closed: it was when the view was opened.
            Sight::History(_) => session.check_history(lease)?,
        }
        if self.closed_at.is_some() {
            return Err(Refusal::NoRight(NoRight::ViewClosed));
        }
        Ok(())
    }

    /// When a factor must have been set up at the latest to confirm in this view at `now`: before the form was sent, or, for
    /// history, 72 hours ago.
    #[must_use]
    pub fn latest_factor(&self, invitation: &Invitation, now: Timestamp) -> Timestamp {
        match self.sight {
            Sight::Sender => invitation.sent_at,
            Sight::History(_) => invitation.sent_at.max(Timestamp(now.0 - NOTICE_SECONDS * 1_000)),
        }
    }

    /// Checks that an answer may be revealed in this view at `now`: as [`Self::check`], then the right to see a card number if
    /// it is one, then a confirmation of the last 300 s by a factor that is old enough ([`Self::latest_factor`]).
    ///
    /// # Errors
    /// As [`Self::check`]; [`NoRight::OffTheRecord`] in history; [`Refusal::Confirm`]; [`Refusal::FactorTooNew`].
    pub fn check_reveal(
        &self,
        invitation: &Invitation,
        session: &Session,
        viewer: KeyHash,
        lease: Lease,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check(invitation, session, viewer, lease)?;
        if wanted.off_the_record && self.sight != Sight::Sender {
            return Err(Refusal::NoRight(NoRight::OffTheRecord));
        }
        if wanted.kind == Kind::CardNumber && !session.rights.card_numbers {
            return Err(Refusal::NoRight(NoRight::CardNumbers));
        }
        session.check_confirmed(self.latest_factor(invitation, now), now)
    }

    /// Checks that an answer may be copied from this view at `now`: as [`Self::check`], with the right to copy; what is hidden
    /// until it is revealed needs everything that a reveal needs. A security code never is, nor what is off the record: a
    /// clipboard keeps what it held.
    ///
    /// # Errors
    /// As [`Self::check_reveal`]; [`NoRight::Copy`].
    pub fn check_copy(
        &self,
        invitation: &Invitation,
        session: &Session,
        viewer: KeyHash,
        lease: Lease,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check(invitation, session, viewer, lease)?;
        if !session.rights.copy || wanted.kind == Kind::Cvv || wanted.off_the_record {
            return Err(Refusal::NoRight(NoRight::Copy));
        }
        if wanted.sensitive {
            self.check_reveal(invitation, session, viewer, lease, wanted, now)?;
        }
        Ok(())
    }
}
