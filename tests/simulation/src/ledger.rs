//! What the players did and were told: what the zones' records are held against.

use std::collections::{BTreeMap, BTreeSet};

use aside_base::Timestamp;

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
    /// Whether the visitor was told that the answers are there.
    pub(crate) acknowledged: Option<Acknowledged>,
    /// Whether the desk was told to take the right away: by a sign-out, a close, a transfer.
    pub(crate) revoked: bool,
    /// Whether the device was told that it is closed for good.
    pub(crate) closed_for_good: bool,
    /// Whether its answers have reached their end at the vault: erased, or older than the site keeps any.
    pub(crate) over: bool,
}

impl Sent {
    pub(crate) fn new(id: String, visitor: usize, agent: usize, session: u32, card: bool) -> Self {
        let (key, acknowledged) = (None, None);
        let (revoked, closed_for_good, over) = (false, false, false);
        Self { id, visitor, agent, session, card, device: 0, key, acknowledged, revoked, closed_for_good, over }
    }
}

/// Which device was told that its answers are there, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acknowledged {
    pub(crate) device: usize,
    pub(crate) at: Timestamp,
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
    /// A person's of the desk.
    Person(usize),
    /// Nobody's that anybody knows.
    Stranger,
}

/// A view that was opened.
#[derive(Debug, Clone)]
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) person: usize,
    pub(crate) session: u32,
    pub(crate) sent: usize,
    /// Whether it looks back: at what is stored, by somebody else than the sender.
    pub(crate) history: bool,
    /// Whether the person put it away, or opened another view of the same answers.
    pub(crate) closed: bool,
}

macro_rules! played {
    ($($(#[$of:meta])* $field:ident,)*) => {
        /// How much happened in a run: one in which nothing does proves nothing.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Played {
            $($(#[$of])* pub $field: u32,)*
        }

        impl Played {
            /// Whether at least as much of everything happened in `played`.
            #[must_use]
            pub const fn is_reached_by(&self, played: &Self) -> bool {
                true $(&& self.$field <= played.$field)*
            }
        }

        impl std::ops::AddAssign for Played {
            fn add_assign(&mut self, more: Self) {
                $(self.$field += more.$field;)*
            }
        }
    };
}

played! {
    /// Operations.
    operations,
    /// Forms that were sent to a visitor.
    sent,
    /// Forms that were issued anew.
    reissued,
    /// Forms that were answered.
    answered,
    /// Views that were opened.
    viewed,
    /// Views of history that were opened.
    looked_back,
    /// Answers that were revealed.
    revealed,
    /// Forms whose answers a program read by their tokens.
    detokenised,
    /// Files that were taken along.
    exported,
    /// Visitors who were erased.
    erased,
    /// Purges.
    purged,
    /// Requests that were sent again.
    replayed,
    /// Conversations that were handed on.
    transferred,
    /// Zones that were killed.
    killed,
    /// Key providers that were unsealed.
    unsealed,
    /// Rotations of the sites' keys.
    rotated,
    /// Former keys that were retired.
    retired,
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
    /// Answers and data keys of each form, sealed as they stood in the vault at some time.
    pub(crate) sealed: BTreeSet<(usize, Vec<u8>)>,
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

/// What a visitor says in the chat, which no other says.
pub(crate) fn words(visitor: usize) -> String {
    format!("Marmaduke Thistledown {visitor:04}")
}
