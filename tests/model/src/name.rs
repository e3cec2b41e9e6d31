//! Everybody and everything of a world, by small numbers.

use aside_base::{
    AgentId, ConversationId, DefinitionHash, InvitationId, KeyHash, Purpose, SessionId, SiteId, SubmissionId, Timestamp,
};
use aside_vault_domain::ViewId;
use uuid::Uuid;

/// Who sends requests to the vault's public host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// The visitor's device.
    Phone,
    /// Another device of the visitor.
    Laptop,
    /// The browser of the agent who sends.
    Sender,
    /// A colleague's enrolled browser: another agent's session, or the same agent's next one.
    Colleague,
    /// Whoever stole a key.
    Thief,
}

impl Party {
    /// The hash of the cookie that binds forms to this device.
    #[must_use]
    pub const fn device(self) -> KeyHash {
        KeyHash([0xD0 + self as u8; 32])
    }

    /// The hash of the cookie by which this browser is known as a viewer, or would be.
    #[must_use]
    pub const fn viewer(self) -> KeyHash {
        KeyHash([0xE0 + self as u8; 32])
    }
}

/// A one-time key: the `serial`-th of its purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What for.
    pub purpose: Kind,
    /// Which one.
    pub serial: u8,
}

/// [`Purpose`], in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// [`Purpose::Enrol`].
    Enrol,
    /// [`Purpose::History`].
    History,
    /// [`Purpose::Open`].
    Open,
    /// [`Purpose::Submit`].
    Submit,
    /// [`Purpose::View`].
    View,
}

impl Key {
    /// What a store keeps of it.
    #[must_use]
    pub const fn hash(self) -> KeyHash {
        let mut hash = [0; 32];
        hash[0] = 1 + self.purpose as u8;
        hash[1] = self.serial;
        KeyHash(hash)
    }

    /// What it is for.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self.purpose {
            Kind::Enrol => Purpose::Enrol,
            Kind::History => Purpose::History,
            Kind::Open => Purpose::Open,
            Kind::Submit => Purpose::Submit,
            Kind::View => Purpose::View,
        }
    }
}

/// How long one tick of the world's clock is, in seconds: every clock here is a multiple of it.
pub const TICK: u32 = 300;

/// When the world begins.
pub const START: Timestamp = Timestamp(1_000_000_000);

const fn number(kind: u8, serial: u8) -> Uuid {
    Uuid::from_u128(((kind as u128) << 8) | serial as u128)
}

/// The invitation of this number.
#[must_use]
pub const fn invitation(serial: u8) -> InvitationId {
    InvitationId::from_uuid(number(1, serial))
}

/// The sender's session is 0, the colleague's 1.
#[must_use]
pub const fn session(serial: u8) -> SessionId {
    SessionId::from_uuid(number(2, serial))
}

/// The submission of this number.
#[must_use]
pub const fn submission(serial: u8) -> SubmissionId {
    SubmissionId::from_uuid(number(3, serial))
}

/// The view of this number.
#[must_use]
pub const fn view(serial: u8) -> ViewId {
    ViewId::from_uuid(number(4, serial))
}

/// The agent behind the session of this number.
#[must_use]
pub const fn agent(serial: u8) -> AgentId {
    AgentId::from_uuid(number(5, serial))
}

/// The one conversation.
#[must_use]
pub const fn conversation() -> ConversationId {
    ConversationId::from_uuid(number(6, 0))
}

/// The one site.
#[must_use]
pub fn site() -> SiteId {
    // Cannot fail: a site's name as the grammar has it.
    "northwind".parse().unwrap_or_else(|_| unreachable!())
}

/// The one form.
#[must_use]
pub fn definition() -> DefinitionHash {
    DefinitionHash::of_digest(&[7; 32])
}
