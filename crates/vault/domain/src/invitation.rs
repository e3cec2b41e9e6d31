//! The record of an invitation: one form sent once in one conversation.

use aside_base::{ConversationId, DefinitionHash, InvitationId, KeyHash, SessionId, SiteId, SubmissionId, Timestamp};
use aside_wire::{CancelReason, Channel, Clocks, InvitationStatus, Invite, Reopen, Status};

use crate::{Reference, Refusal};

/// The clocks of S5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clock {
    /// Send to first click.
    InvitationLife,
    /// Click to loaded.
    OpenLimit,
    /// First open to submit.
    SubmitLimit,
    /// The own short life of a `view` or `enrol` key (S4). Never ends an invitation.
    KeyLife,
}

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Sent, not opened; a re-issue comes back to here.
    Sent,
    /// Opened.
    Viewed,
    /// Answered.
    Submitted,
    /// Answered, and the agent has looked.
    Read,
    /// A clock ended before the answers came.
    Expired(Clock),
    /// Taken back, or the right was lost before the answers came.
    Cancelled(CancelReason),
    /// The visitor chose not to answer.
    Declined,
}

impl State {
    /// The status that the zones share.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Sent => Status::Sent,
            Self::Viewed => Status::Viewed,
            Self::Submitted => Status::Submitted,
            Self::Read => Status::Read,
            Self::Expired(_) => Status::Expired,
            Self::Cancelled(_) => Status::Cancelled,
            Self::Declined => Status::Declined,
        }
    }

    /// Whether answers may still come.
    #[must_use]
    pub const fn awaits_answers(self) -> bool {
        matches!(self, Self::Sent | Self::Viewed)
    }

    /// Whether there are answers.
    #[must_use]
    pub const fn answered(self) -> bool {
        matches!(self, Self::Submitted | Self::Read)
    }
}

/// An invitation as the vault keeps it.
///
/// A one-time key is live only while its invitation names it: minting another, binding, ending or re-issuing voids the
/// former by forgetting its hash here.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Invitation {
    /// Its id, made by the desk.
    pub id: InvitationId,
    /// The site it belongs to.
    pub site: SiteId,
    /// The conversation it was sent in.
    pub conversation: ConversationId,
    /// The session that sent it: the only one that may view (S8).
    pub session: SessionId,
    /// The agent's first name, for the page (P6).
    pub agent_name: String,
    /// The form, in the version it was sent with (F1).
    pub definition: DefinitionHash,
    /// How it reaches the visitor.
    pub channel: Channel,
    /// Its clocks.
    pub clocks: Clocks,
    /// The page's language.
    pub locale: String,
    /// Whether the form may be left and opened again (S11).
    pub reopen: Reopen,
    /// Four characters that stand in the chat and on the page (P6).
    pub reference: Reference,
    /// When it was sent, first: a re-issue does not change it.
    pub sent_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// When *invitation life* ends: no click after it.
    pub life_ends_at: Timestamp,
    /// When the clock that runs now ends the invitation; means nothing once [`State::awaits_answers`] is false.
    pub deadline: Timestamp,
    /// The live `open` key.
    pub open_key: Option<KeyHash>,
    /// The live `submit` key; after submission the one that was used, so that its repeat is known.
    pub submit_key: Option<KeyHash>,
    /// The live `view` key.
    pub view_key: Option<KeyHash>,
    /// The live `history` key.
    pub history_key: Option<KeyHash>,
    /// The device that opened it (its cookie's hash), when it could keep a cookie (S10).
    pub device: Option<KeyHash>,
    /// When its page was first loaded there.
    pub loaded_at: Option<Timestamp>,
    /// The answers, once there are any.
    pub submission: Option<SubmissionId>,
    /// The visitor asked for a new link, and none was issued since (S14).
    pub asked: bool,
    /// The right to view is gone for good (S8).
    pub right_lost: bool,
}

impl Invitation {
    /// A new invitation as the desk asked for it at `now`. `link_key` is the `open` key of a link.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] names a clock outside 1 to 86400 s, or a name or locale that is empty or too long.
    pub fn sent(
        site: SiteId,
        invite: Invite,
        reference: Reference,
        link_key: Option<KeyHash>,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        invite.clocks.check().map_err(|error| Refusal::Invalid(error.0))?;
        if invite.agent_name.trim().is_empty() || invite.agent_name.chars().count() > 100 {
            return Err(Refusal::Invalid("agent_name"));
        }
        if !(1..=35).contains(&invite.locale.len())
            || !invite.locale.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        {
            return Err(Refusal::Invalid("locale"));
        }
        let life_ends_at = now.plus_seconds(invite.clocks.invitation_life);
        Ok(Self {
            id: invite.invitation,
            site,
            conversation: invite.conversation,
            session: invite.session,
            agent_name: invite.agent_name,
            definition: invite.definition,
            channel: invite.channel,
            clocks: invite.clocks,
            locale: invite.locale,
            reopen: invite.reopen,
            reference,
            sent_at: now,
            state: State::Sent,
            since: now,
            life_ends_at,
            deadline: life_ends_at,
            open_key: link_key.filter(|_| invite.channel == Channel::Link),
            submit_key: None,
            view_key: None,
            history_key: None,
            device: None,
            loaded_at: None,
            submission: None,
            asked: false,
            right_lost: false,
        })
    }

    /// Whether a repeated request asks for this very invitation (a reply was lost).
    #[must_use]
    pub fn repeats(&self, site: &SiteId, invite: &Invite) -> bool {
        self.site == *site
            && self.id == invite.invitation
            && self.conversation == invite.conversation
            && self.session == invite.session
            && self.definition == invite.definition
            && self.channel == invite.channel
    }

    /// The clock that has ended by `now`, if the invitation still awaited answers: what the sweep will write, and what
    /// everybody is told from that moment on whether the sweep has come or not.
    #[must_use]
    pub fn clock_ended(&self, now: Timestamp) -> Option<Clock> {
        if now < self.deadline {
            return None;
        }
        match self.state {
            // The open limit of a late click may outlast the life (S5 counts it from the click).
            State::Sent if self.deadline > self.life_ends_at => Some(Clock::OpenLimit),
            State::Sent => Some(Clock::InvitationLife),
            State::Viewed => Some(Clock::SubmitLimit),
            _ => None,
        }
    }

    /// The status as of `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> InvitationStatus {
        let (status, since) = match self.clock_ended(now) {
            Some(_) => (Status::Expired, self.deadline),
            None => (self.state.status(), self.since),
        };
        InvitationStatus { invitation: self.id, status, since, submission: self.submission }
    }
}
