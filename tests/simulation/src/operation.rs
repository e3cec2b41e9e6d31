//! What may happen, as data: a list of these is a run.

use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::Index;

use crate::link::Wire;

#[expect(missing_docs, reason = "each field names which, or how")]
/// One thing that somebody does, or that happens to a zone. An index names the one of the things there are then.
#[derive(Debug, Clone)]
pub enum Operation {
    /// A visitor comes and writes.
    Visit,
    /// An agent sends a form in a conversation: a card or a note.
    Invite { agent: Index, conversation: Index, card: bool },
    /// The whole of it without a hitch: sent, opened, filled in, sent, and looked at.
    Round { agent: Index, conversation: Index, card: bool },
    /// A device of the visitor presses the button and opens the form.
    Open { invitation: Index, laptop: bool },
    /// The device loads its form once more.
    Reload { invitation: Index },
    /// The device sends the form, filled in well or badly.
    Submit { invitation: Index, well: bool },
    /// The visitor will not answer.
    Decline { invitation: Index },
    /// The visitor leaves the form.
    Leave { invitation: Index },
    /// A request with a key is sent again, from the browser it came from or from a stranger's.
    Replay { request: Index, stranger: bool },
    /// An agent asks to see the answers and looks: the one who sent the form, or any.
    Look { agent: Index, invitation: Index, sender: bool },
    /// The whole end of a conversation without a hitch: closed, told to the vault, and its forms looked back at.
    Past { conversation: Index },
    /// The manager asks to look back at the answers, and reveals what is masked.
    History { invitation: Index },
    /// Another program reads the answers by their tokens.
    Detokenise { invitation: Index },
    /// The manager takes along what is kept of a visitor.
    Export { conversation: Index },
    /// The manager erases a visitor.
    Erase { conversation: Index },
    /// The vault's purge comes round.
    Purge,
    /// An agent reveals what is masked in one of the views that were opened.
    Reveal { view: Index, code: bool },
    /// The agent is done with a view.
    Done { view: Index },
    /// The sender takes the form back.
    Cancel { invitation: Index },
    /// The sender offers it anew.
    Reissue { invitation: Index },
    /// A conversation goes to another agent.
    Transfer { conversation: Index, agent: Index },
    /// A conversation is closed.
    Close { conversation: Index },
    /// An agent locks the workspace.
    Lock { agent: Index },
    /// An agent signs out.
    SignOut { agent: Index },
    /// An agent signs in, or unlocks.
    SignIn { agent: Index },
    /// The vault is killed and started again; its operator types the passphrase at once, or not yet.
    CrashVault { unsealed: bool },
    /// The vault's operator types the passphrase.
    Unseal,
    /// The desk is killed and started again.
    CrashDesk,
    /// The wire between the zones is cut or mended.
    Wire(Wire),
    /// The vault's operator makes newer keys for the sites.
    Rotate,
    /// Everything is moved to the newest keys.
    Rewrap,
    /// The vault's operator retires what nothing needs any more.
    Retire,
    /// The desk's tasks and the vault's sweeper come round.
    Turn,
    /// Time passes, in seconds.
    Wait(u32),
}

/// Lists of so many operations. What a day is made of comes often, what breaks it seldom.
pub fn operations(most: usize) -> impl Strategy<Value = Vec<Operation>> {
    let index = any::<Index>;
    let one = prop_oneof![
        5 => Just(Operation::Visit),
        8 => (index(), index(), any::<bool>()).prop_map(|(agent, conversation, card)| Operation::Invite { agent, conversation, card }),
        8 => (index(), any::<bool>()).prop_map(|(invitation, laptop)| Operation::Open { invitation, laptop }),
        2 => index().prop_map(|invitation| Operation::Reload { invitation }),
        8 => (index(), proptest::bool::weighted(0.8)).prop_map(|(invitation, well)| Operation::Submit { invitation, well }),
        1 => index().prop_map(|invitation| Operation::Decline { invitation }),
        1 => index().prop_map(|invitation| Operation::Leave { invitation }),
        6 => (index(), any::<bool>()).prop_map(|(request, stranger)| Operation::Replay { request, stranger }),
        8 => (index(), index(), proptest::bool::weighted(0.7)).prop_map(|(agent, invitation, sender)| Operation::Look { agent, invitation, sender }),
        12 => (index(), index(), proptest::bool::weighted(0.7)).prop_map(|(agent, conversation, card)| Operation::Round { agent, conversation, card }),
        6 => (index(), any::<bool>()).prop_map(|(view, code)| Operation::Reveal { view, code }),
        1 => index().prop_map(|view| Operation::Done { view }),
        1 => index().prop_map(|invitation| Operation::Cancel { invitation }),
        4 => index().prop_map(|invitation| Operation::Reissue { invitation }),
        1 => (index(), index()).prop_map(|(conversation, agent)| Operation::Transfer { conversation, agent }),
        1 => index().prop_map(|conversation| Operation::Close { conversation }),
        1 => index().prop_map(|agent| Operation::Lock { agent }),
        1 => index().prop_map(|agent| Operation::SignOut { agent }),
        3 => index().prop_map(|agent| Operation::SignIn { agent }),
        1 => proptest::bool::weighted(0.6).prop_map(|unsealed| Operation::CrashVault { unsealed }),
        3 => Just(Operation::Unseal),
        1 => Just(Operation::CrashDesk),
        1 => Just(Operation::Wire(Wire::CutBefore)),
        1 => Just(Operation::Wire(Wire::CutAfter)),
        6 => Just(Operation::Wire(Wire::Whole)),
        1 => Just(Operation::Rotate),
        1 => Just(Operation::Rewrap),
        1 => Just(Operation::Retire),
        2 => index().prop_map(|conversation| Operation::Past { conversation }),
        4 => index().prop_map(|invitation| Operation::History { invitation }),
        4 => index().prop_map(|invitation| Operation::Detokenise { invitation }),
        2 => index().prop_map(|conversation| Operation::Export { conversation }),
        1 => index().prop_map(|conversation| Operation::Erase { conversation }),
        2 => Just(Operation::Purge),
        6 => Just(Operation::Turn),
        3 => prop_oneof![8 => Just(1_u32), 8 => 5_u32..60, 3 => Just(301), 1 => Just(1_801), 1 => Just(86_401), 1 => Just(8 * 86_400)].prop_map(Operation::Wait),
    ];
    proptest::collection::vec(one, most / 2..=most)
}
