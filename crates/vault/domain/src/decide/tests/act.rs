//! Each step as the stores take it, with what must hold after it.

use aside_base::{InvitationId, Purpose, SubmissionId};
use aside_form::Kind;
use aside_wire::{AgentRights, CancelReason, HistoryReason, Reopen};

use super::step::Step;
use super::world::{World, device_hash, id, viewer_hash};
use crate::{
    Confirmation, Lease, Left, Loaded, Opened, Otk, Refusal, Repeat, Sight, State, Stated, View, ViewId, Wanted,
};

impl World {
    pub(super) fn take(&mut self, step: &Step) {
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
    pub(super) fn open_another(&mut self, device: u8) {
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

    pub(super) fn copy(&mut self, session: usize, viewer: usize, wanted: Wanted) -> Option<Refusal> {
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
