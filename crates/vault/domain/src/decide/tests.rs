//! Random lives: whatever visitors, agents, desks and clocks do in whatever order, the promises hold.

use std::collections::{HashMap, HashSet};

use aside_base::{
    AgentId, ConversationId, DefinitionHash, InvitationId, KeyHash, Purpose, SessionId, SiteId, SubmissionId, Timestamp,
};
use aside_wire::{AgentRights, CancelReason, Channel, Clocks, Invite, Reopen, Status};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{Confirmation, Invitation, Lease, Opened, Otk, Reference, Refusal, Repeat, Session, State, View, ViewId};

/// One thing somebody does. Small numbers choose among the keys, devices and sessions there are, right and wrong ones.
#[derive(Debug, Clone)]
enum Step {
    Mint,
    Reissue,
    Open { key: usize, device: u8 },
    Load { device: u8 },
    Submit { key: usize, device: u8 },
    Decline { key: usize, device: u8 },
    Cancel,
    Grant { session: usize, lapsed: bool },
    View { key: usize, session: usize, viewer: usize, lapsed: bool },
    End { session: usize },
    CloseConversation,
    Ask { key: usize },
    Stop,
    Lock { session: usize },
    Unlock { session: usize },
    Rights { secure_forms: bool, card_numbers: bool },
    Confirm { session: usize, new_factor: bool },
    Reveal { session: usize, viewer: usize, lapsed: bool, card_number: bool },
    Wait { seconds: u32 },
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    let (key, device, session) = (0_usize..64, 0_u8..3, 0_usize..2);
    prop_oneof![
        3 => Just(Step::Mint),
        1 => Just(Step::Reissue),
        4 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Open { key, device }),
        3 => device.clone().prop_map(|device| Step::Load { device }),
        5 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Submit { key, device }),
        1 => (key.clone(), device).prop_map(|(key, device)| Step::Decline { key, device }),
        1 => Just(Step::Cancel),
        4 => (session.clone(), prop::bool::weighted(0.1)).prop_map(|(session, lapsed)| Step::Grant { session, lapsed }),
        6 => (key.clone(), session.clone(), session.clone(), prop::bool::weighted(0.1))
            .prop_map(|(key, session, viewer, lapsed)| Step::View { key, session, viewer, lapsed }),
        1 => session.clone().prop_map(|session| Step::End { session }),
        1 => session.clone().prop_map(|session| Step::Lock { session }),
        2 => session.clone().prop_map(|session| Step::Unlock { session }),
        1 => (any::<bool>(), any::<bool>())
            .prop_map(|(secure_forms, card_numbers)| Step::Rights { secure_forms, card_numbers }),
        4 => (session.clone(), prop::bool::weighted(0.2))
            .prop_map(|(session, new_factor)| Step::Confirm { session, new_factor }),
        6 => (session.clone(), session, prop::bool::weighted(0.1), any::<bool>()).prop_map(
            |(session, viewer, lapsed, card_number)| Step::Reveal { session, viewer, lapsed, card_number }
        ),
        1 => Just(Step::Stop),
        1 => Just(Step::CloseConversation),
        1 => key.prop_map(|key| Step::Ask { key }),
        2 => prop_oneof![4 => 0_u32..40, 1 => 299_u32..302].prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Sweep),
    ]
}

/// What a store would keep, and what an honest observer has seen.
struct World {
    invitation: Invitation,
    sessions: Vec<Session>,
    otks: Vec<Otk>,
    keys: HashMap<KeyHash, usize>,
    now: Timestamp,
    fresh: u8,
    opened_by: HashMap<u8, u32>,
    used: HashSet<KeyHash>,
    submits: u32,
    revoked: bool,
    ended: bool,
    view: Option<View>,
    revealed: u32,
    locked: [bool; 2],
    /// When a factor confirmed in the first session that was there before the form was sent.
    confirmed: Option<Timestamp>,
}

fn id(byte: u8) -> Uuid {
    Uuid::from_bytes([byte; 16])
}

fn site() -> SiteId {
    "northwind".parse().unwrap()
}

fn device_hash(device: u8) -> Option<KeyHash> {
    // 0 is a browser that keeps no cookies.
    (device > 0).then_some(KeyHash([200 + device; 32]))
}

fn viewer_hash(session: usize) -> KeyHash {
    KeyHash([if session == 0 { 220 } else { 221 }; 32])
}

const CLOCKS: Clocks = Clocks { invitation_life: 60, open_limit: 30, submit_limit: 50 };

impl World {
    fn begin() -> Self {
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
            rights: AgentRights { secure_forms: true, card_numbers: true, ..AgentRights::default() },
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
            reopen: Reopen::SameDevice,
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
            view: None,
            revealed: 0,
            locked: [false; 2],
            confirmed: None,
        }
    }

    fn fresh_key(&mut self) -> KeyHash {
        self.fresh += 1;
        KeyHash([self.fresh; 32])
    }

    fn keep(&mut self, hash: KeyHash, purpose: Purpose, session: Option<SessionId>, expires_at: Timestamp) {
        let invitation = Some(self.invitation.id);
        self.keys.insert(hash, self.otks.len());
        self.otks.push(Otk { hash, purpose, site: site(), invitation, session, expires_at, used_at: None });
    }

    /// Mostly recent keys, as people have them; a key nobody made when there are none.
    fn pick(&self, key: usize) -> Otk {
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
    fn consume(&mut self, otk: &Otk) {
        assert!(self.used.insert(otk.hash), "a key worked twice");
        assert!(otk.used_at.is_none() && self.now < otk.expires_at, "a used or expired key worked");
        let place = self.keys[&otk.hash];
        self.otks[place].used_at = Some(self.now);
    }

    fn take(&mut self, step: &Step) {
        let before = self.invitation.clone();
        let refused = match *step {
            Step::Mint => {
                let key = self.fresh_key();
                let minted = self.invitation.mint_open(key, self.now);
                if let Ok(expires_at) = minted {
                    self.keep(key, Purpose::Open, None, expires_at);
                }
                minted.err()
            }
            Step::Reissue => {
                let key = self.fresh_key();
                let minted = self.invitation.reissue(key, self.now);
                if let Ok(expires_at) = minted {
                    self.keep(key, Purpose::Open, None, expires_at);
                    self.opened_by.clear();
                }
                minted.err()
            }
            Step::Open { key, device } => self.open(&self.pick(key), device),
            Step::Load { device } => self.load(device),
            Step::Submit { key, device } => self.submit(&self.pick(key), device),
            Step::Decline { key, device } => {
                let otk = self.pick(key);
                let declined = self.invitation.decline(&otk, device_hash(device), self.now);
                if declined == Ok(true) {
                    self.consume(&otk);
                    self.ended = true;
                }
                declined.err()
            }
            Step::Cancel | Step::Stop => {
                let reason = if matches!(step, Step::Stop) { CancelReason::Stopped } else { CancelReason::Agent };
                let cancelled = self.invitation.cancel(reason, self.now);
                self.ended |= cancelled == Ok(true);
                cancelled.err()
            }
            Step::Grant { session, lapsed } => self.grant(session, lapsed),
            Step::View { key, session, viewer, lapsed } => self.view(&self.pick(key), session, viewer, lapsed),
            Step::End { session } => {
                self.sessions[session].end(self.now);
                if session == 0 {
                    self.lose(CancelReason::SessionEnded);
                }
                None
            }
            Step::CloseConversation => {
                self.lose(CancelReason::ConversationClosed);
                None
            }
            Step::Ask { key } => {
                let otk = self.pick(key);
                self.invitation.ask(&otk, self.now).err()
            }
            Step::Lock { session } => {
                self.locked[session] |= self.sessions[session].lock(self.now);
                self.confirmed = self.confirmed.filter(|_| session != 0);
                None
            }
            Step::Unlock { session } => {
                self.sessions[session].unlock();
                self.locked[session] = false;
                None
            }
            Step::Rights { secure_forms, card_numbers } => {
                let lost = self.sessions[0].rights.secure_forms && !secure_forms;
                self.sessions[0].rights = AgentRights { secure_forms, card_numbers, ..AgentRights::default() };
                if lost {
                    self.lose(CancelReason::RightLost);
                }
                None
            }
            Step::Confirm { session, new_factor } => {
                let sent_at = self.invitation.sent_at;
                let since = if new_factor { sent_at.plus_seconds(1) } else { sent_at };
                let looked = self.sessions[session].check_viewing(Lease::Alive);
                if looked.is_ok() {
                    self.sessions[session].confirmed = Some(Confirmation { at: self.now, since });
                    if session == 0 {
                        self.confirmed = Some(self.now).filter(|_| !new_factor);
                    }
                }
                looked.err()
            }
            Step::Reveal { session, viewer, lapsed, card_number } => self.reveal(session, viewer, lapsed, card_number),
            Step::Wait { seconds } => {
                self.now = self.now.plus_seconds(seconds);
                None
            }
            Step::Sweep => {
                let expired = self.invitation.expire(self.now).is_some();
                self.ended |= expired;
                None
            }
        };
        if refused.is_some() {
            assert_eq!(self.invitation, before, "a refusal changed something: {step:?}");
        }
    }

    fn open(&mut self, otk: &Otk, device: u8) -> Option<Refusal> {
        let submit = if device == 0 { Some(self.fresh_key()) } else { None };
        match self.invitation.open(otk, device_hash(device), submit, self.now) {
            Ok(Opened::Now) => {
                assert_eq!(otk.purpose, Purpose::Open);
                assert!(!self.ended && self.submits == 0, "an ended invitation was opened");
                assert!(self.opened_by.is_empty(), "two devices have the form");
                self.consume(otk);
                self.opened_by.insert(device, 1);
                if let Some(submit) = submit {
                    self.keep(submit, Purpose::Submit, None, self.invitation.deadline);
                }
                None
            }
            Ok(Opened::Before) => {
                assert!(device > 0 && self.opened_by.contains_key(&device), "a foreign device came back");
                None
            }
            Err(refusal) => Some(refusal),
        }
    }

    fn load(&mut self, device: u8) -> Option<Refusal> {
        let (key, Some(hash)) = (self.fresh_key(), device_hash(device)) else { return None };
        match self.invitation.load_form(hash, key, self.now) {
            Ok(expires_at) => {
                assert!(self.opened_by.contains_key(&device), "a device that did not open it loaded the form");
                self.keep(key, Purpose::Submit, None, expires_at);
                None
            }
            Err(refusal) => Some(refusal),
        }
    }

    fn submit(&mut self, otk: &Otk, device: u8) -> Option<Refusal> {
        let submission = SubmissionId::from_uuid(id(100 + u8::try_from(self.submits).unwrap()));
        match self.invitation.submit(otk, device_hash(device), submission, self.now) {
            Ok(Repeat::First) => {
                assert_eq!(otk.purpose, Purpose::Submit);
                assert!(!self.ended, "an ended invitation took answers");
                let bound = self.opened_by.keys().copied().next();
                assert!(bound == Some(0) || bound == Some(device), "a device that did not open it submitted");
                self.consume(otk);
                self.submits += 1;
                assert_eq!(self.submits, 1, "two submissions");
                None
            }
            Ok(Repeat::AlreadySent) => {
                assert!(self.used.contains(&otk.hash) && self.submits == 1);
                None
            }
            Err(refusal) => Some(refusal),
        }
    }

    fn grant(&mut self, session: usize, lapsed: bool) -> Option<Refusal> {
        let (key, lease) = (self.fresh_key(), if lapsed { Lease::Lapsed } else { Lease::Alive });
        let asking = self.sessions[session].clone();
        match self.invitation.grant(&asking, lease, key) {
            Ok(submission) => {
                assert!(session == 0 && !self.revoked && !lapsed && self.submits == 1, "a right that is not there");
                assert!(!self.locked[0] && asking.rights.secure_forms, "a grant to a locked session");
                assert_eq!(self.invitation.submission, Some(submission));
                self.keep(key, Purpose::View, Some(asking.id), self.now.plus_seconds(10));
                None
            }
            Err(refusal) => Some(refusal),
        }
    }

    fn view(&mut self, otk: &Otk, session: usize, viewer: usize, lapsed: bool) -> Option<Refusal> {
        let lease = if lapsed { Lease::Lapsed } else { Lease::Alive };
        let looking = self.sessions[session].clone();
        let submission = self.invitation.submission.unwrap_or(SubmissionId::from_uuid(id(0)));
        let seen = self.invitation.view(otk, submission, &looking, viewer_hash(viewer), lease, self.now);
        if seen.is_ok() {
            assert_eq!(otk.purpose, Purpose::View);
            assert_eq!((session, viewer), (0, 0), "another session or browser saw the answers");
            assert!(!self.revoked, "a view after the right was lost");
            assert!(!lapsed, "a view while the desk was silent");
            assert!(!self.locked[0] && looking.rights.secure_forms, "a view in a locked session");
            self.consume(otk);
            self.view = Some(View {
                id: ViewId::from_uuid(id(50)),
                invitation: self.invitation.id,
                submission,
                session: looking.id,
                opened_at: self.now,
                closed_at: None,
            });
        }
        seen.err()
    }

    fn reveal(&mut self, session: usize, viewer: usize, lapsed: bool, card_number: bool) -> Option<Refusal> {
        let lease = if lapsed { Lease::Lapsed } else { Lease::Alive };
        let (view, looking) = (self.view.clone()?, &self.sessions[session]);
        let shown = view.check_reveal(&self.invitation, looking, viewer_hash(viewer), lease, card_number, self.now);
        if shown.is_ok() {
            assert_eq!((session, viewer), (0, 0), "another session or browser saw an answer");
            assert!(!self.revoked && !lapsed && !self.locked[0], "revealed without the right");
            assert!(looking.rights.secure_forms && (looking.rights.card_numbers || !card_number));
            let confirmed = self.confirmed.expect("revealed without a factor that is old enough");
            assert!(self.now < confirmed.plus_seconds(300), "revealed on an old confirmation");
            self.revealed += 1;
        }
        shown.err()
    }

    fn lose(&mut self, reason: CancelReason) {
        let event = self.invitation.lose_right(reason, self.now);
        assert_eq!(event.is_some(), self.invitation.state == State::Cancelled(reason) && !self.ended);
        self.revoked = true;
        self.ended |= event.is_some();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_life_breaks_a_promise(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = World::begin();
        for step in &steps {
            world.take(step);
        }
        let status = world.invitation.status(world.now).status;
        prop_assert_eq!(world.submits == 1, matches!(status, Status::Submitted | Status::Read));
        prop_assert!(!world.revoked || (world.invitation.right_lost && world.invitation.ended(world.now).is_some()));
    }
}

/// The random lives are worth something only if they reach the interesting places.
#[test]
fn the_straight_way_reaches_a_view() {
    let mut world = World::begin();
    for step in [
        Step::Mint,
        Step::Open { key: 0, device: 1 },
        Step::Load { device: 1 },
        Step::Submit { key: 0, device: 1 },
        Step::Grant { session: 0, lapsed: false },
        Step::View { key: 0, session: 0, viewer: 0, lapsed: false },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, card_number: true },
        Step::Confirm { session: 0, new_factor: true },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, card_number: true },
        Step::Confirm { session: 0, new_factor: false },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, card_number: true },
    ] {
        world.take(&step);
    }
    assert_eq!(world.invitation.state, State::Read);
    assert_eq!((world.used.len(), world.revealed), (3, 1));
}

#[test]
fn the_clock_that_ended_is_named() {
    let mut world = World::begin();
    world.now = world.now.plus_seconds(59);
    world.take(&Step::Mint);
    world.now = world.now.plus_seconds(29);
    assert_eq!(world.invitation.clock_ended(world.now), None);
    world.now = world.now.plus_seconds(1);
    assert_eq!(world.invitation.clock_ended(world.now), Some(crate::Clock::OpenLimit));
    let status = world.invitation.status(world.now);
    assert_eq!((status.status, status.since), (Status::Expired, world.now));
}
