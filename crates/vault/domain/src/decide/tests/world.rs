//! What a store would keep, what an honest observer has seen, and the keys that go round.

use std::collections::{HashMap, HashSet};

use aside_base::{
    AgentId, ConversationId, DefinitionHash, InvitationId, KeyHash, Purpose, SessionId, SiteId, Timestamp,
};
use aside_wire::{AgentRights, Channel, Clocks, Invite, Reopen};
use uuid::Uuid;

use crate::{Invitation, Otk, Reference, Session, View};

/// What a store would keep, and what an honest observer has seen.
pub(super) struct World {
    pub(super) invitation: Invitation,
    pub(super) sessions: Vec<Session>,
    pub(super) otks: Vec<Otk>,
    pub(super) keys: HashMap<KeyHash, usize>,
    pub(super) now: Timestamp,
    pub(super) fresh: u8,
    pub(super) opened_by: HashMap<u8, u32>,
    pub(super) used: HashSet<KeyHash>,
    pub(super) submits: u32,
    pub(super) revoked: bool,
    pub(super) ended: bool,
    pub(super) closed: bool,
    /// When a form that opens once was first loaded.
    pub(super) loaded: Option<Timestamp>,
    pub(super) view: Option<View>,
    pub(super) revealed: u32,
    pub(super) locked: [bool; 2],
    /// When a factor confirmed in the first session that was there before the form was sent.
    pub(super) confirmed: Option<Timestamp>,
}

pub(super) fn id(byte: u8) -> Uuid {
    Uuid::from_bytes([byte; 16])
}

pub(super) fn site() -> SiteId {
    "northwind".parse().unwrap()
}

pub(super) fn device_hash(device: u8) -> Option<KeyHash> {
    // 0 is a browser that keeps no cookies.
    (device > 0).then_some(KeyHash([200 + device; 32]))
}

pub(super) fn viewer_hash(session: usize) -> KeyHash {
    KeyHash([if session == 0 { 220 } else { 221 }; 32])
}

const CLOCKS: Clocks = Clocks { invitation_life: 60, open_limit: 30, submit_limit: 50 };

impl World {
    pub(super) fn begin(reopen: Reopen) -> Self {
        let now = Timestamp(1_000_000);
        let session = |byte, viewer| Session {
            id: SessionId::from_uuid(id(byte)),
            site: site(),
            agent: Some(AgentId::from_uuid(id(byte))),
            agent_name: "Dana".into(),
            enrol_key: None,
            viewer: Some(viewer),
            started_at: now,
            ended_at: None,
            locked_at: None,
            confirmed: None,
            // The second one may read what is stored, too.
            rights: AgentRights {
                secure_forms: true,
                card_numbers: true,
                copy: true,
                history: byte == 11,
                export: false,
            },
        };
        let invite = Invite {
            invitation: InvitationId::from_uuid(id(1)),
            conversation: ConversationId::from_uuid(id(2)),
            session: SessionId::from_uuid(id(10)),
            agent_name: "Dana".into(),
            definition: DefinitionHash::of_digest(&[1; 32]),
            channel: Channel::Web,
            clocks: CLOCKS,
            locale: "en".into(),
            reopen,
        };
        let reference = Reference::from_stored("7F3K".into());
        Self {
            invitation: Invitation::sent(site(), invite, reference, None, now).unwrap(),
            sessions: vec![session(10, viewer_hash(0)), session(11, viewer_hash(1))],
            otks: Vec::new(),
            keys: HashMap::new(),
            now,
            fresh: 0,
            opened_by: HashMap::new(),
            used: HashSet::new(),
            submits: 0,
            revoked: false,
            ended: false,
            closed: false,
            loaded: None,
            view: None,
            revealed: 0,
            locked: [false; 2],
            confirmed: None,
        }
    }

    pub(super) fn fresh_key(&mut self) -> KeyHash {
        self.fresh += 1;
        KeyHash([self.fresh; 32])
    }

    pub(super) fn keep(&mut self, hash: KeyHash, purpose: Purpose, session: Option<SessionId>, expires_at: Timestamp) {
        let invitation = Some(self.invitation.id);
        self.keys.insert(hash, self.otks.len());
        self.otks.push(Otk { hash, purpose, site: site(), invitation, session, expires_at, used_at: None });
    }

    /// Mostly recent keys, as people have them; a key nobody made when there are none.
    pub(super) fn pick(&self, key: usize) -> Otk {
        let count = self.otks.len();
        match count.checked_sub(1 + key % 4).or(count.checked_sub(1)) {
            Some(place) => self.otks[place].clone(),
            None => Otk {
                hash: KeyHash([255; 32]),
                purpose: Purpose::Open,
                site: site(),
                invitation: None,
                session: None,
                expires_at: self.now,
                used_at: None,
            },
        }
    }

    /// A key is used up: never twice, whatever for.
    pub(super) fn consume(&mut self, otk: &Otk) {
        assert!(self.used.insert(otk.hash), "a key worked twice");
        assert!(otk.used_at.is_none() && self.now < otk.expires_at, "a used or expired key worked");
        let place = self.keys[&otk.hash];
        self.otks[place].used_at = Some(self.now);
    }
}
