//! Random lives: whatever visitors, agents, desks and clocks do in whatever order, the promises hold.

use std::collections::{HashMap, HashSet};

use aside_base::{
    AgentId, ConversationId, DefinitionHash, InvitationId, KeyHash, Purpose, SessionId, SiteId, SubmissionId, Timestamp,
};
use aside_form::Kind;
use aside_wire::{AgentRights, CancelReason, Channel, Clocks, HistoryReason, Invite, Reopen, Status};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    Confirmation, Invitation, Lease, Left, Loaded, NoRight, Opened, Otk, Reference, Refusal, Repeat, Session, Sight,
    State, Stated, View, ViewId, Wanted,
};

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
    Transfer,
    Leave { key: usize, device: u8 },
    OpenAnother { device: u8 },
    GrantHistory { session: usize, lapsed: bool },
    ViewHistory { key: usize, session: usize, viewer: usize, lapsed: bool },
    Ask { key: usize },
    Stop,
    Lock { session: usize },
    Unlock { session: usize },
    Rights { secure_forms: bool, card_numbers: bool },
    Confirm { session: usize, new_factor: bool },
    Reveal { session: usize, viewer: usize, lapsed: bool, wanted: Wanted },
    Copy { session: usize, viewer: usize, wanted: Wanted },
    Wait { seconds: u32 },
    Sweep,
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let kind = prop::sample::select(vec![Kind::Text, Kind::CardNumber, Kind::Cvv]);
    (kind, any::<bool>(), any::<bool>()).prop_map(|(kind, sensitive, off_the_record)| Wanted {
        kind,
        sensitive: sensitive || kind != Kind::Text,
        off_the_record: off_the_record || kind == Kind::Cvv,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let (key, device, session) = (0_usize..64, 0_u8..3, 0_usize..2);
    prop_oneof![
        3 => Just(Step::Mint),
        1 => Just(Step::Reissue),
        4 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Open { key, device }),
        3 => device.clone().prop_map(|device| Step::Load { device }),
        5 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Submit { key, device }),
        1 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Decline { key, device }),
        1 => (key.clone(), device.clone()).prop_map(|(key, device)| Step::Leave { key, device }),
        1 => device.prop_map(|device| Step::OpenAnother { device }),
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
        6 => (session.clone(), session.clone(), prop::bool::weighted(0.1), wanted())
            .prop_map(|(session, viewer, lapsed, wanted)| Step::Reveal { session, viewer, lapsed, wanted }),
        2 => (session.clone(), session.clone(), wanted())
            .prop_map(|(session, viewer, wanted)| Step::Copy { session, viewer, wanted }),
        2 => (session.clone(), prop::bool::weighted(0.1))
            .prop_map(|(session, lapsed)| Step::GrantHistory { session, lapsed }),
        3 => (key.clone(), session.clone(), session, prop::bool::weighted(0.1))
            .prop_map(|(key, session, viewer, lapsed)| Step::ViewHistory { key, session, viewer, lapsed }),
        1 => Just(Step::Transfer),
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
    closed: bool,
    /// When a form that opens once was first loaded.
    loaded: Option<Timestamp>,
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
    fn begin(reopen: Reopen) -> Self {
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
                    self.loaded = None;
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
                self.closed = true;
                None
            }
            Step::Transfer => {
                self.lose(CancelReason::Transferred);
                None
            }
            Step::Leave { key, device } => self.leave(&self.pick(key), device),
            Step::OpenAnother { device } => {
                self.open_another(device);
                None
            }
            Step::GrantHistory { session, lapsed } => self.grant_history(session, lapsed),
            Step::ViewHistory { key, session, viewer, lapsed } => {
                self.view_history(&self.pick(key), session, viewer, lapsed)
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
                self.sessions[0].rights = AgentRights { secure_forms, card_numbers, ..self.sessions[0].rights };
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
            Step::Reveal { session, viewer, lapsed, wanted } => self.reveal(session, viewer, lapsed, wanted),
            Step::Copy { session, viewer, wanted } => self.copy(session, viewer, wanted),
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
                    self.loaded = Some(self.now);
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
            Ok(Loaded::Until(expires_at)) => {
                assert!(self.opened_by.contains_key(&device), "a device that did not open it loaded the form");
                let first = *self.loaded.get_or_insert(self.now);
                let returned = self.now > first.plus_seconds(5);
                assert!(
                    self.invitation.reopen == Reopen::SameDevice || !returned,
                    "a form that opens once opened twice"
                );
                self.keep(key, Purpose::Submit, None, expires_at);
                None
            }
            Ok(Loaded::Closed) => {
                assert!(self.invitation.reopen == Reopen::Once && self.opened_by.contains_key(&device) && !self.ended);
                self.ended = true;
                None
            }
            Err(refusal) => Some(refusal),
        }
    }

    fn leave(&mut self, otk: &Otk, device: u8) -> Option<Refusal> {
        match self.invitation.leave(otk, device_hash(device), self.now) {
            Ok(left) => {
                let bound = self.opened_by.keys().copied().next();
                assert!(bound == Some(0) || bound == Some(device), "a device that did not open it left the form");
                match left {
                    Left::ToComeBack => assert!(self.invitation.reopen == Reopen::SameDevice && !self.ended),
                    Left::ForGood { news } => {
                        assert_eq!(self.invitation.state, State::Cancelled(CancelReason::FormClosed));
                        assert_eq!(news, !self.ended, "closed twice");
                    }
                }
                self.ended |= matches!(left, Left::ForGood { .. });
                None
            }
            Err(refusal) => Some(refusal),
        }
    }

    /// Another form of the conversation is opened on the device.
    fn open_another(&mut self, device: u8) {
        let mut other = self.invitation.clone();
        other.id = InvitationId::from_uuid(id(3));
        other.device = device_hash(device);
        other.state = State::Viewed;
        let before = self.invitation.state;
        let closed = self.invitation.give_way_to(&other, self.now).is_some();
        let here = device > 0 && self.opened_by.contains_key(&device) && before == State::Viewed;
        assert!(!closed || here && !self.ended, "a form gave way that was not open there");
        self.ended |= closed;
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
            self.shown(submission, session, Sight::Sender);
        }
        seen.err()
    }

    fn shown(&mut self, submission: SubmissionId, session: usize, sight: Sight) {
        self.view = Some(View {
            id: ViewId::from_uuid(id(50)),
            invitation: self.invitation.id,
            submission,
            session: self.sessions[session].id,
            sight,
            opened_at: self.now,
            closed_at: None,
        });
    }

    fn grant_history(&mut self, session: usize, lapsed: bool) -> Option<Refusal> {
        let (key, lease) = (self.fresh_key(), if lapsed { Lease::Lapsed } else { Lease::Alive });
        let asking = self.sessions[session].clone();
        match self.invitation.grant_history(&asking, lease, self.closed, key) {
            Ok(submission) => {
                assert!(
                    asking.rights.history && self.closed && !lapsed && self.submits == 1,
                    "history without the right"
                );
                assert!(!self.locked[session] && asking.ended_at.is_none(), "history in a locked session");
                assert_eq!(self.invitation.submission, Some(submission));
                self.keep(key, Purpose::History, Some(asking.id), self.now.plus_seconds(10));
                None
            }
            Err(refusal) => Some(refusal),
        }
    }

    fn view_history(&mut self, otk: &Otk, session: usize, viewer: usize, lapsed: bool) -> Option<Refusal> {
        let (lease, closed) = (if lapsed { Lease::Lapsed } else { Lease::Alive }, self.closed);
        let looking = self.sessions[session].clone();
        let submission = self.invitation.submission.unwrap_or(SubmissionId::from_uuid(id(0)));
        let browser = viewer_hash(viewer);
        let seen = self.invitation.view_history(otk, submission, &looking, browser, lease, closed, self.now);
        if seen.is_ok() {
            assert_eq!(otk.purpose, Purpose::History);
            assert!(session == viewer && looking.rights.history && closed && !lapsed, "history without the right");
            assert!(!self.locked[session] && looking.ended_at.is_none(), "history in a locked session");
            self.consume(otk);
            let stated = Stated { reason: HistoryReason::Dispute, reference: None };
            self.shown(submission, session, Sight::History(stated));
        }
        seen.err()
    }

    fn copy(&mut self, session: usize, viewer: usize, wanted: Wanted) -> Option<Refusal> {
        let (view, looking) = (self.view.clone()?, &self.sessions[session]);
        let copied = view.check_copy(&self.invitation, looking, viewer_hash(viewer), Lease::Alive, wanted, self.now);
        if copied.is_ok() {
            assert!(session == viewer && looking.rights.copy && !self.locked[session], "copied without the right");
            assert!(wanted.kind != Kind::Cvv && !wanted.off_the_record, "a copy of what may never be kept");
            let confirmed = looking.confirmation(self.now).is_some();
            assert!(!wanted.sensitive || confirmed, "a hidden answer was copied without a factor");
        }
        copied.err()
    }

    fn reveal(&mut self, session: usize, viewer: usize, lapsed: bool, wanted: Wanted) -> Option<Refusal> {
        let lease = if lapsed { Lease::Lapsed } else { Lease::Alive };
        let (view, looking) = (self.view.clone()?, &self.sessions[session]);
        let shown = view.check_reveal(&self.invitation, looking, viewer_hash(viewer), lease, wanted, self.now);
        if shown.is_ok() {
            assert!(!lapsed && !self.locked[session] && looking.ended_at.is_none(), "revealed without the right");
            assert!(looking.rights.card_numbers || wanted.kind != Kind::CardNumber);
            if view.sight == Sight::Sender {
                assert_eq!((session, viewer), (0, 0), "another session or browser saw an answer");
                assert!(!self.revoked && looking.rights.secure_forms, "revealed without the right");
                let confirmed = self.confirmed.expect("revealed without a factor that is old enough");
                assert!(self.now < confirmed.plus_seconds(300), "revealed on an old confirmation");
            } else {
                assert!(session == viewer && looking.rights.history && self.closed, "history without the right");
                assert!(!wanted.off_the_record, "history showed what was off the record");
                let confirmed = looking.confirmation(self.now).expect("revealed without a factor");
                assert!(confirmed.since <= self.invitation.sent_at, "revealed with a factor of yesterday");
            }
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
    fn no_life_breaks_a_promise(steps in proptest::collection::vec(step(), 1..60), once in any::<bool>()) {
        let mut world = World::begin(if once { Reopen::Once } else { Reopen::SameDevice });
        for step in &steps {
            world.take(step);
        }
        let status = world.invitation.status(world.now).status;
        prop_assert_eq!(world.submits == 1, matches!(status, Status::Submitted | Status::Read));
        prop_assert!(!world.revoked || (world.invitation.right_lost && world.invitation.ended(world.now).is_some()));
    }
}

const NUMBER: Wanted = Wanted { kind: Kind::CardNumber, sensitive: true, off_the_record: false };

/// The random lives are worth something only if they reach the interesting places.
#[test]
fn the_straight_way_reaches_a_view() {
    let mut world = World::begin(Reopen::SameDevice);
    for step in [
        Step::Mint,
        Step::Open { key: 0, device: 1 },
        Step::Load { device: 1 },
        Step::Submit { key: 0, device: 1 },
        Step::Grant { session: 0, lapsed: false },
        Step::View { key: 0, session: 0, viewer: 0, lapsed: false },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, wanted: NUMBER },
        Step::Confirm { session: 0, new_factor: true },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, wanted: NUMBER },
        Step::Confirm { session: 0, new_factor: false },
        Step::Reveal { session: 0, viewer: 0, lapsed: false, wanted: NUMBER },
    ] {
        world.take(&step);
    }
    assert_eq!(world.invitation.state, State::Read);
    assert_eq!((world.used.len(), world.revealed), (3, 1));
}

#[test]
fn the_clock_that_ended_is_named() {
    let mut world = World::begin(Reopen::SameDevice);
    world.now = world.now.plus_seconds(59);
    world.take(&Step::Mint);
    world.now = world.now.plus_seconds(29);
    assert_eq!(world.invitation.clock_ended(world.now), None);
    world.now = world.now.plus_seconds(1);
    assert_eq!(world.invitation.clock_ended(world.now), Some(crate::Clock::OpenLimit));
    let status = world.invitation.status(world.now);
    assert_eq!((status.status, status.since), (Status::Expired, world.now));
}

/// A world whose form was opened and loaded by device 1.
fn loaded(reopen: Reopen) -> World {
    let mut world = World::begin(reopen);
    for step in [Step::Mint, Step::Open { key: 0, device: 1 }, Step::Load { device: 1 }] {
        world.take(&step);
    }
    world
}

#[test]
fn a_form_that_opens_once_forgives_a_second_tap_and_nothing_later() {
    let mut world = loaded(Reopen::Once);
    world.now = world.now.plus_seconds(5);
    world.take(&Step::Load { device: 1 });
    assert_eq!(world.invitation.state, State::Viewed);
    world.now = world.now.plus_seconds(1);
    world.take(&Step::Load { device: 1 });
    assert_eq!(world.invitation.state, State::Cancelled(CancelReason::FormClosed));
    let mut world = loaded(Reopen::SameDevice);
    world.now = world.now.plus_seconds(30);
    world.take(&Step::Load { device: 1 });
    assert_eq!(world.invitation.state, State::Viewed);
}

#[test]
fn leaving_a_form_that_opens_once_is_final_and_its_repeat_says_the_same() {
    let mut world = loaded(Reopen::Once);
    let key = world.pick(0);
    assert_eq!(world.invitation.leave(&key, device_hash(2), world.now), Err(Refusal::OtherDevice));
    assert_eq!(world.invitation.leave(&key, device_hash(1), world.now), Ok(Left::ForGood { news: true }));
    assert_eq!(world.invitation.leave(&key, device_hash(1), world.now), Ok(Left::ForGood { news: false }));
    let refused = world.invitation.check_submit(&key, device_hash(1), world.now);
    assert_eq!(refused, Err(Refusal::WrongState(Status::Cancelled)));
    let mut world = loaded(Reopen::SameDevice);
    let key = world.pick(0);
    assert_eq!(world.invitation.leave(&key, device_hash(1), world.now), Ok(Left::ToComeBack));
}

#[test]
fn another_form_closes_the_one_that_its_device_has_open_and_no_other() {
    // Edge case 12: what is only received stays as it is.
    let mut received = World::begin(Reopen::SameDevice);
    received.open_another(1);
    assert_eq!(received.invitation.state, State::Sent);
    for reopen in [Reopen::SameDevice, Reopen::Once] {
        let mut open = loaded(reopen);
        open.open_another(2);
        assert_eq!(open.invitation.state, State::Viewed, "of another device");
        let mut foreign = open.invitation.clone();
        foreign.id = InvitationId::from_uuid(id(4));
        foreign.conversation = ConversationId::from_uuid(id(5));
        assert_eq!(open.invitation.give_way_to(&foreign, open.now), None, "of another conversation");
        open.open_another(1);
        assert_eq!(open.invitation.state, State::Cancelled(CancelReason::AnotherForm));
    }
    let mut without_cookies = World::begin(Reopen::SameDevice);
    without_cookies.take(&Step::Mint);
    without_cookies.take(&Step::Open { key: 0, device: 0 });
    without_cookies.open_another(0);
    assert_eq!(without_cookies.invitation.state, State::Viewed, "nobody knows whether it is one device");
}

#[test]
fn history_is_for_those_with_the_right_once_the_conversation_is_closed() {
    // Edge case 31.
    let mut world = loaded(Reopen::SameDevice);
    world.take(&Step::Submit { key: 0, device: 1 });
    let now = world.now;
    let ask = |world: &mut World, session: usize, closed| {
        let asking = world.sessions[session].clone();
        world.invitation.grant_history(&asking, Lease::Alive, closed, KeyHash([99; 32])).err()
    };
    assert_eq!(ask(&mut world, 1, false), Some(Refusal::NoRight(NoRight::ConversationOpen)));
    assert_eq!(ask(&mut world, 0, true), Some(Refusal::NoRight(NoRight::History)));
    world.take(&Step::CloseConversation);
    world.take(&Step::GrantHistory { session: 1, lapsed: false });
    world.take(&Step::ViewHistory { key: 0, session: 1, viewer: 1, lapsed: false });
    let view = world.view.clone().unwrap();
    assert_eq!(world.invitation.state, State::Submitted, "nobody read it as its sender");
    let reveal = |world: &World, wanted, since: Timestamp| {
        let mut looking = world.sessions[1].clone();
        looking.confirmed = Some(Confirmation { at: now, since });
        view.check_reveal(&world.invitation, &looking, viewer_hash(1), Lease::Alive, wanted, now)
    };
    let sent_at = world.invitation.sent_at;
    assert_eq!(reveal(&world, NUMBER, sent_at), Ok(()));
    assert_eq!(reveal(&world, NUMBER, sent_at.plus_seconds(1)), Err(Refusal::FactorTooNew));
    let off = Wanted { off_the_record: true, ..NUMBER };
    assert_eq!(reveal(&world, off, sent_at), Err(Refusal::NoRight(NoRight::OffTheRecord)));
    // A factor that stood in the log for three days may, whenever the form was sent.
    world.invitation.sent_at = Timestamp(now.0 - 400 * 86_400_000);
    let three_days_ago = Timestamp(now.0 - 72 * 3_600_000);
    assert_eq!(reveal(&world, NUMBER, three_days_ago), Ok(()));
    assert_eq!(reveal(&world, NUMBER, Timestamp(three_days_ago.0 + 1)), Err(Refusal::FactorTooNew));
}

#[test]
fn a_copy_needs_its_own_right_and_never_takes_what_may_not_be_kept() {
    let mut world = loaded(Reopen::SameDevice);
    for step in [
        Step::Submit { key: 0, device: 1 },
        Step::Grant { session: 0, lapsed: false },
        Step::View { key: 0, session: 0, viewer: 0, lapsed: false },
    ] {
        world.take(&step);
    }
    let name = Wanted { kind: Kind::Text, sensitive: false, off_the_record: false };
    assert_eq!(world.copy(0, 0, name), None);
    assert_eq!(world.copy(0, 0, NUMBER), Some(Refusal::Confirm), "it was not revealed");
    world.take(&Step::Confirm { session: 0, new_factor: false });
    assert_eq!(world.copy(0, 0, NUMBER), None);
    let refused = Some(Refusal::NoRight(NoRight::Copy));
    assert_eq!(world.copy(0, 0, Wanted { kind: Kind::Cvv, ..NUMBER }), refused);
    assert_eq!(world.copy(0, 0, Wanted { off_the_record: true, ..NUMBER }), refused);
    world.sessions[0].rights.copy = false;
    assert_eq!(world.copy(0, 0, name), refused);
}
