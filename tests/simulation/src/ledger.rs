//! What the players did and were told: what the zones' records are held against.

use std::collections::BTreeMap;

/// A form that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) visitor: usize,
    /// Who sent it, and in which of the person's sessions.
    pub(crate) agent: usize,
    pub(crate) session: u32,
    pub(crate) card: bool,
    /// The device that has it open, and the key in its form.
    pub(crate) device: usize,
    pub(crate) key: Option<String>,
    /// Whether the visitor was told that the answers are there, and which device sent them.
    pub(crate) acknowledged: Option<usize>,
    /// Whether the desk was told to take the right away: by a sign-out, a close, a transfer.
    pub(crate) revoked: bool,
    /// Whether the sender tried to offer it anew.
    pub(crate) reissued: bool,
    /// Whether the device was told that it is closed for good.
    pub(crate) closed_for_good: bool,
}

/// A request with a key that reached the vault.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) key: String,
    pub(crate) by: By,
    pub(crate) path: String,
    pub(crate) fields: Vec<(String, String)>,
    /// Which invitation.
    pub(crate) sent: usize,
}

/// Whose browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    /// A visitor's device.
    Device(usize, usize),
    /// An agent's.
    Agent(usize),
    /// Nobody's that anybody knows.
    Stranger,
}

/// A view that was opened.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) agent: usize,
    pub(crate) session: u32,
    pub(crate) sent: usize,
    /// Whether the agent put it away, or opened another view of the same answers.
    pub(crate) closed: bool,
}

/// How much happened in a run: one in which nothing does proves nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Played {
    /// Operations.
    pub operations: u32,
    /// Forms that were sent to a visitor.
    pub sent: u32,
    /// Forms that were answered.
    pub answered: u32,
    /// Views that were opened.
    pub viewed: u32,
    /// Answers that were revealed.
    pub revealed: u32,
    /// Requests that were sent again.
    pub replayed: u32,
    /// Conversations that were handed on.
    pub transferred: u32,
    /// Zones that were killed.
    pub killed: u32,
}

impl Played {
    /// Whether at least as much of everything happened in `played`.
    #[must_use]
    pub const fn is_reached_by(&self, played: &Self) -> bool {
        self.operations <= played.operations
            && self.sent <= played.sent
            && self.answered <= played.answered
            && self.viewed <= played.viewed
            && self.revealed <= played.revealed
            && self.replayed <= played.replayed
            && self.transferred <= played.transferred
            && self.killed <= played.killed
    }
}

impl std::ops::AddAssign for Played {
    fn add_assign(&mut self, more: Self) {
        self.operations += more.operations;
        self.sent += more.sent;
        self.answered += more.answered;
        self.viewed += more.viewed;
        self.revealed += more.revealed;
        self.replayed += more.replayed;
        self.transferred += more.transferred;
        self.killed += more.killed;
    }
}

/// All of it.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) sent: Vec<Sent>,
    pub(crate) shown: Vec<Shown>,
    pub(crate) views: Vec<Opened>,
    /// Who first got through with each key.
    pub(crate) accepted: BTreeMap<String, By>,
    /// How much.
    pub(crate) played: Played,
    /// What must never have happened, as it happened.
    pub(crate) broken: Vec<String>,
}

impl Ledger {
    pub(crate) fn note(&mut self, what: String) {
        self.broken.push(what);
    }
}

/// The answer of a form, which no other form has: searched for in files where it must not be. A published test number does for
/// the card.
pub(crate) fn marker(number: usize) -> String {
    format!("Zephyrine Quillfeather {number:04}")
}
