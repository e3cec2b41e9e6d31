//! A store in memory. Each verb reads its records, lets the domain decide, and writes: as the real store's do, in one piece.

mod ending;
mod viewing;
mod visitor;

use std::collections::BTreeMap;
use std::sync::Arc;

use aside_base::Timestamp;
use aside_vault_domain::{Invitation, Otk, Refusal, Session, View};

use crate::name::{self, Key, Kind, Party};

pub use ending::Ended;

/// What is on disk. States share the records in which they do not differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The invitations by number.
    pub invitations: BTreeMap<u8, Arc<Invitation>>,
    /// The one-time keys.
    pub keys: BTreeMap<Key, Arc<Otk>>,
    /// The sessions by number.
    pub sessions: BTreeMap<u8, Arc<Session>>,
    /// The views by number.
    pub views: BTreeMap<u8, Arc<View>>,
    /// Whether the conversation was closed.
    pub closed: bool,
}

impl Disk {
    /// How many keys of this kind were made.
    #[must_use]
    pub fn made(&self, kind: Kind) -> u8 {
        // Cannot fail: a world makes a handful.
        u8::try_from(self.keys.keys().filter(|key| key.purpose == kind).count()).unwrap_or(u8::MAX)
    }

    /// The key that would be made next.
    #[must_use]
    pub fn next(&self, kind: Kind) -> Key {
        Key { purpose: kind, serial: self.made(kind) }
    }

    /// The session that this browser is the viewer of.
    #[must_use]
    pub fn session_of_viewer(&self, by: Party) -> Option<u8> {
        self.sessions.iter().find(|(_, session)| session.viewer == Some(by.viewer())).map(|(number, _)| *number)
    }

    fn invitation(&mut self, number: u8) -> Result<&mut Invitation, Refusal> {
        self.invitations.get_mut(&number).map(Arc::make_mut).ok_or(Refusal::NotValid)
    }

    fn key(&self, key: Key) -> Result<Arc<Otk>, Refusal> {
        self.keys.get(&key).cloned().ok_or(Refusal::NotValid)
    }

    fn insert(&mut self, key: Key, invitation: Option<u8>, session: Option<u8>, expires_at: Timestamp) {
        let otk = Otk {
            hash: key.hash(),
            purpose: key.purpose(),
            site: name::site(),
            invitation: invitation.map(name::invitation),
            session: session.map(name::session),
            expires_at,
            used_at: None,
        };
        self.keys.insert(key, Arc::new(otk));
    }

    fn consume(&mut self, key: Key, now: Timestamp) {
        if let Some(otk) = self.keys.get_mut(&key) {
            Arc::make_mut(otk).used_at = Some(now);
        }
    }

    /// Which invitation a key is for.
    #[must_use]
    pub fn form_of(&self, key: Key) -> Option<u8> {
        let id = self.keys.get(&key)?.invitation?;
        self.invitations.iter().find(|(_, invitation)| invitation.id == id).map(|(number, _)| *number)
    }

    /// Closes open views, and names them.
    pub fn close_views(&mut self, now: Timestamp, which: impl Fn(&View) -> bool) -> Vec<u8> {
        let open = self.views.iter_mut().filter(|(_, view)| view.closed_at.is_none() && which(view));
        open.map(|(number, view)| {
            Arc::make_mut(view).closed_at = Some(now);
            *number
        })
        .collect()
    }

    /// Writes into this disk whatever `after` has otherwise than `before`: what a store does that read, let go, and writes.
    pub fn overwrite(&mut self, before: &Self, after: &Self) {
        fn changed<K: Ord + Clone, V: PartialEq + Clone>(
            into: &mut BTreeMap<K, V>,
            before: &BTreeMap<K, V>,
            after: &BTreeMap<K, V>,
        ) {
            for (key, value) in after {
                if before.get(key) != Some(value) {
                    into.insert(key.clone(), value.clone());
                }
            }
        }
        changed(&mut self.invitations, &before.invitations, &after.invitations);
        changed(&mut self.keys, &before.keys, &after.keys);
        changed(&mut self.sessions, &before.sessions, &after.sessions);
        changed(&mut self.views, &before.views, &after.views);
        self.closed |= after.closed;
    }
}
