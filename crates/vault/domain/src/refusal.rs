//! Why the vault says no. Typed for the audit and the pages; what a client may learn of it is decided in `http`.

use aside_base::Timestamp;
use aside_wire::Status;

use crate::Clock;

/// A refusal. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// No such thing, or not here, not for this purpose, not of this site: never said which (S4).
    NotValid,
    /// The key was used already.
    Used,
    /// A newer key has taken this one's place: a stale tab, a former click, a link that was re-issued.
    Replaced,
    /// A clock ended (S5).
    Expired(Clock),
    /// There is a submission already, and there will never be a second (S6).
    AlreadySubmitted,
    /// Another device has the form (S10).
    OtherDevice,
    /// The invitation is in this status, which does not allow it.
    WrongState(Status),
    /// The right to view is not there (S8).
    NoRight(NoRight),
    /// The conversation is closed.
    ConversationClosed,
    /// The agent has no second factor here, or not the one that was shown (A5).
    NoFactor,
    /// The site's secure forms are stopped (A10).
    Stopped,
    /// The session is locked (A4).
    Locked,
    /// A second factor must confirm first: there was no confirmation in the last 300 s.
    Confirm,
    /// The factor that confirmed was set up after the form was sent.
    FactorTooNew,
    /// The code is wrong or was used before.
    WrongCode {
        /// How many more may be wrong.
        left: u8,
    },
    /// Too many codes were wrong.
    FactorLocked {
        /// Until when nothing can be confirmed.
        until: Timestamp,
    },
    /// The key that is needed is not at hand, and its provider is sealed or cannot be reached (V2).
    Sealed,
    /// There is no room in memory for the form's off-the-record answers (V3).
    Full,
    /// It was kept, and was erased since (V5, V8).
    Erased,
    /// A key of the vault's API does not open this (V7).
    Key(KeyFault),
    /// A field of the request is wrong; names it.
    Invalid(&'static str),
}

/// Why a key of the vault's API does not open something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyFault {
    /// There is no such key.
    Unknown,
    /// It was revoked.
    Revoked,
    /// Its time is over.
    Expired,
    /// It does not work from this network.
    Network,
    /// It was not made for this.
    Scope,
    /// It was not made for answers of this kind.
    Kind,
}

/// Which part of the right to view is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoRight {
    /// Not the session that sent the form.
    OtherSession,
    /// The session has ended.
    SessionEnded,
    /// Lost for good: the conversation was closed or the session ended once.
    Lost,
    /// The desk has not renewed the session's lease in time (V4).
    LeaseLapsed,
    /// Not the browser that was enrolled for the session.
    OtherBrowser,
    /// The view was closed.
    ViewClosed,
    /// The agent may not use secure forms (A1).
    SecureForms,
    /// The agent may not see card numbers in full (A1).
    CardNumbers,
    /// The agent may not read stored answers (V6).
    History,
    /// The vault's operator lets nobody of this desk read what is stored (V6).
    HistoryOff,
    /// What is stored is read once the conversation is closed (V6).
    ConversationOpen,
    /// It was off the record, and history never holds it (V6).
    OffTheRecord,
    /// The agent may not copy answers.
    Copy,
    /// The agent may not take along what is stored (V8).
    Export,
}

impl Refusal {
    /// The refusal's name, as audited and counted.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotValid => "not_valid",
            Self::Used => "used",
            Self::Replaced => "replaced",
            Self::Expired(_) => "expired",
            Self::AlreadySubmitted => "already_submitted",
            Self::OtherDevice => "other_device",
            Self::WrongState(_) => "wrong_state",
            Self::NoRight(NoRight::OtherSession) => "other_session",
            Self::NoRight(NoRight::SessionEnded) => "session_ended",
            Self::NoRight(NoRight::Lost) => "right_lost",
            Self::NoRight(NoRight::LeaseLapsed) => "lease_lapsed",
            Self::NoRight(NoRight::OtherBrowser) => "other_browser",
            Self::NoRight(NoRight::ViewClosed) => "view_closed",
            Self::NoRight(NoRight::SecureForms) => "secure_forms",
            Self::NoRight(NoRight::CardNumbers) => "card_numbers",
            Self::NoRight(NoRight::HistoryOff) => "history_off",
            Self::NoRight(NoRight::History) => "history",
            Self::NoRight(NoRight::ConversationOpen) => "conversation_open",
            Self::NoRight(NoRight::OffTheRecord) => "off_the_record",
            Self::NoRight(NoRight::Copy) => "copy",
            Self::NoRight(NoRight::Export) => "export",
            Self::ConversationClosed => "conversation_closed",
            Self::NoFactor => "no_factor",
            Self::Stopped => "stopped",
            Self::Locked => "locked",
            Self::Confirm => "confirm",
            Self::FactorTooNew => "factor_too_new",
            Self::WrongCode { .. } => "wrong_code",
            Self::FactorLocked { .. } => "factor_locked",
            Self::Sealed => "sealed",
            Self::Full => "full",
            Self::Erased => "erased",
            Self::Key(KeyFault::Unknown) => "key_unknown",
            Self::Key(KeyFault::Revoked) => "key_revoked",
            Self::Key(KeyFault::Expired) => "key_expired",
            Self::Key(KeyFault::Network) => "key_network",
            Self::Key(KeyFault::Scope) => "key_scope",
            Self::Key(KeyFault::Kind) => "key_kind",
            Self::Invalid(_) => "invalid",
        }
    }
}
