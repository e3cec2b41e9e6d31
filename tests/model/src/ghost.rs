//! What the world remembers beside the vault's own records, to hold them against: it decides nothing.

use std::collections::BTreeMap;

use crate::name::{Key, Party};

/// The world's own memory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Ghost {
    /// How often each key was accepted, counted to 2.
    pub accepted: BTreeMap<Key, u8>,
    /// How many submissions of each invitation were taken, counted to 2.
    pub submissions: [u8; 2],
    /// Whose device each form was last opened on.
    pub opened_on: [Option<Party>; 2],
    /// The right to view each invitation is gone for good, and whoever took it away was told so.
    pub revoked: [bool; 2],
    /// The sender's session is locked, and whoever locked it was told so.
    pub locked: bool,
    /// The device put the form away where closed is closed (S11), and was told so.
    pub closed_for_good: [bool; 2],
    /// The conversation is closed, on record.
    pub closed: bool,
    /// The colleague's right to read what is stored is gone, and whoever took it away was told so.
    pub history_taken: bool,
    /// The first thing that must never happen.
    pub wrong: Option<Wrong>,
}

/// What must never happen in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// Somebody else than the sender's enrolled browser was shown the answers.
    ViewByOther,
    /// The answers were shown after the right to view was taken away.
    ViewAfterRevocation,
    /// The answers were shown while the session was locked.
    ViewWhileLocked,
    /// A masked answer was revealed without a factor that was old enough.
    RevealUnconfirmed,
    /// Stored answers were shown as history to somebody without the right, or while the conversation was open.
    HistoryWithoutRight,
    /// What is off the record was shown as history.
    HistoryOffTheRecord,
    /// Answers were taken from a device that did not open the form.
    SubmittedElsewhere,
    /// An invitation that had ended awaited answers again.
    Revived,
    /// A form that was closed for good was opened, loaded or sent.
    Reopened,
    /// Opening another form left the former one open.
    TwoForms,
    /// A second browser became a session's viewer.
    TwoViewers,
}

impl Ghost {
    /// Counts that a key was accepted.
    pub fn accept(&mut self, key: Key) {
        let count = self.accepted.entry(key).or_default();
        *count = (*count + 1).min(2);
    }

    /// Notes the first thing that went wrong.
    pub const fn note(&mut self, wrong: Wrong) {
        if self.wrong.is_none() {
            self.wrong = Some(wrong);
        }
    }
}
