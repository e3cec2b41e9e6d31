//! A store in memory. Each verb reads its records, lets the domain decide, and writes: as the real store's do, in one piece.

use std::collections::BTreeMap;
use std::sync::Arc;

use aside_base::{KeyHash, SubmissionId, Timestamp};
use aside_form::Kind as Asked;
use aside_vault_domain::{
    Confirmation, Invitation, Lease, Left, Loaded, Opened, Otk, Refusal, Repeat, Session, Sight, Stated, View, Wanted,
};
use aside_wire::{AgentRights, CancelReason, HistoryReason};

use crate::name::{self, Key, Kind, Party};

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

/// What ends with a session, a conversation or a right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Ended {
    /// Views that were open.
    pub views: Vec<u8>,
    /// Submissions whose off-the-record answers go.
    pub submissions: Vec<SubmissionId>,
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

    /// Step 2, the click.
    ///
    /// # Errors
    /// As the rules have it, here and below.
    pub fn mint_open(&mut self, form: u8, now: Timestamp) -> Result<(), Refusal> {
        let key = self.next(Kind::Open);
        let expires_at = self.invitation(form)?.mint_open(key.hash(), now)?;
        self.insert(key, Some(form), None, expires_at);
        Ok(())
    }

    /// S14.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn reissue(&mut self, form: u8, now: Timestamp) -> Result<(), Refusal> {
        let key = self.next(Kind::Open);
        let expires_at = self.invitation(form)?.reissue(key.hash(), now)?;
        self.insert(key, Some(form), None, expires_at);
        Ok(())
    }

    /// Step 2, the form. Where cookies do not stick, the page's `submit` key comes with it.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn open(&mut self, by: Party, key: Key, cookies: bool, now: Timestamp) -> Result<Opened, Refusal> {
        let form = self.form_of(key).ok_or(Refusal::NotValid)?;
        let otk = self.key(key)?;
        let submit = self.next(Kind::Submit);
        let (device, hash) = (cookies.then(|| by.device()), (!cookies).then(|| submit.hash()));
        let invitation = self.invitation(form)?;
        let opened = invitation.open(&otk, device, hash, now)?;
        let deadline = invitation.deadline;
        if opened == Opened::Now {
            self.consume(key, now);
            if !cookies {
                self.insert(submit, Some(form), None, deadline);
            }
            let opened = Arc::clone(&self.invitations[&form]);
            for other in self.invitations.values_mut() {
                Arc::make_mut(other).give_way_to(&opened, now);
            }
        }
        Ok(opened)
    }

    /// The bound device's form, with its key; nothing where this closed it for good.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn load_form(&mut self, form: u8, by: Party, now: Timestamp) -> Result<Option<Key>, Refusal> {
        let key = self.next(Kind::Submit);
        match self.invitation(form)?.load_form(by.device(), key.hash(), now)? {
            Loaded::Until(expires_at) => {
                self.insert(key, Some(form), None, expires_at);
                Ok(Some(key))
            }
            Loaded::Closed => Ok(None),
        }
    }

    /// The visitor leaves the form; whether that closed it for good, just now or before.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn leave(&mut self, key: Key, device: Option<KeyHash>, now: Timestamp) -> Result<bool, Refusal> {
        let form = self.form_of(key).ok_or(Refusal::NotValid)?;
        let otk = self.key(key)?;
        Ok(matches!(self.invitation(form)?.leave(&otk, device, now)?, Left::ForGood { .. }))
    }

    /// Whether a submission may go on, before its body is read.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn check_submit(&self, key: Key, device: Option<KeyHash>, now: Timestamp) -> Result<Repeat, Refusal> {
        let form = self.form_of(key).ok_or(Refusal::NotValid)?;
        self.invitations[&form].check_submit(&*self.key(key)?, device, now)
    }

    /// Steps 3 and 4.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn submit(
        &mut self,
        key: Key,
        device: Option<KeyHash>,
        submission: SubmissionId,
        now: Timestamp,
    ) -> Result<Repeat, Refusal> {
        let form = self.form_of(key).ok_or(Refusal::NotValid)?;
        let otk = self.key(key)?;
        let repeat = self.invitation(form)?.submit(&otk, device, submission, now)?;
        if repeat == Repeat::First {
            self.consume(key, now);
        }
        Ok(repeat)
    }

    /// The visitor will not answer; whether that is news.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn decline(&mut self, key: Key, device: Option<KeyHash>, now: Timestamp) -> Result<bool, Refusal> {
        let form = self.form_of(key).ok_or(Refusal::NotValid)?;
        let otk = self.key(key)?;
        let news = self.invitation(form)?.decline(&otk, device, now)?;
        if news {
            self.consume(key, now);
        }
        Ok(news)
    }

    /// The agent takes it back.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn cancel(&mut self, form: u8, now: Timestamp) -> Result<bool, Refusal> {
        self.invitation(form)?.cancel(CancelReason::Agent, now)
    }

    /// What the sweeper does.
    pub fn expire_due(&mut self, now: Timestamp) {
        for invitation in self.invitations.values_mut() {
            if invitation.clock_ended(now).is_some() {
                Arc::make_mut(invitation).expire(now);
            }
        }
    }

    /// Step 6.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn grant(&mut self, form: u8, session: u8, lease: Lease, now: Timestamp) -> Result<(), Refusal> {
        let key = self.next(Kind::View);
        let asks = self.sessions.get(&session).cloned().ok_or(Refusal::NotValid)?;
        self.invitation(form)?.grant(&asks, lease, key.hash())?;
        self.insert(key, Some(form), Some(session), now.plus_seconds(name::TICK));
        Ok(())
    }

    /// The desk asks for a `history` key.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn grant_history(&mut self, form: u8, session: u8, lease: Lease, now: Timestamp) -> Result<(), Refusal> {
        let (key, closed) = (self.next(Kind::History), self.closed);
        let asks = self.sessions.get(&session).cloned().ok_or(Refusal::NotValid)?;
        self.invitation(form)?.grant_history(&asks, lease, closed, key.hash())?;
        self.insert(key, Some(form), Some(session), now.plus_seconds(name::TICK));
        Ok(())
    }

    /// Step 7: consumes the key in this browser and opens the view of this number. Answers the former views it closed.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn view(&mut self, by: Party, key: Key, number: u8, lease: Lease, now: Timestamp) -> Result<Vec<u8>, Refusal> {
        let form = self.form_of(key).ok_or(Refusal::NotValid)?;
        let otk = self.key(key)?;
        let session = self.sessions.values().find(|session| otk.session == Some(session.id)).cloned();
        let session = session.ok_or(Refusal::NotValid)?;
        let closed = self.closed;
        let invitation = self.invitation(form)?;
        // The desk names the submission, and the desk is believed in nothing: it may know it.
        let submission = invitation.submission.ok_or(Refusal::NotValid)?;
        let sight = if key.purpose == Kind::History {
            invitation.view_history(&otk, submission, &session, by.viewer(), lease, closed, now)?;
            Sight::History(Stated { reason: HistoryReason::Dispute, reference: None })
        } else {
            invitation.view(&otk, submission, &session, by.viewer(), lease, now)?;
            Sight::Sender
        };
        let id = invitation.id;
        self.consume(key, now);
        let closed = self.close_views(now, |view| view.submission == submission);
        let view = View {
            id: name::view(number),
            invitation: id,
            submission,
            session: session.id,
            sight,
            opened_at: now,
            closed_at: None,
        };
        self.views.insert(number, Arc::new(view));
        Ok(closed)
    }

    /// Whether a card number may be revealed in this view, or the code on its back, which is off the record.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn reveal(
        &self,
        view: u8,
        by: Party,
        lease: Lease,
        off_the_record: bool,
        now: Timestamp,
    ) -> Result<SubmissionId, Refusal> {
        let view = self.views.get(&view).ok_or(Refusal::NotValid)?;
        let invitation = self.invitations.values().find(|invitation| invitation.id == view.invitation);
        let session = self.sessions.values().find(|session| session.id == view.session);
        let (invitation, session) = invitation.zip(session).ok_or(Refusal::NotValid)?;
        let kind = if off_the_record { Asked::Cvv } else { Asked::CardNumber };
        let wanted = Wanted { kind, sensitive: true, off_the_record };
        view.check_reveal(invitation, session, by.viewer(), lease, wanted, now)?;
        Ok(view.submission)
    }

    /// A second factor confirms the session: one that was set up before the form was sent, or one that the desk invented since.
    pub fn confirm(&mut self, session: u8, since: Timestamp, now: Timestamp) {
        if let Some(session) = self.sessions.get_mut(&session) {
            Arc::make_mut(session).confirmed = Some(Confirmation { at: now, since });
        }
    }

    /// A browser becomes the session's viewer.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn enrol(&mut self, by: Party, key: Key, now: Timestamp) -> Result<(), Refusal> {
        let otk = self.key(key)?;
        let session = self.sessions.values_mut().find(|session| otk.session == Some(session.id));
        Arc::make_mut(session.ok_or(Refusal::NotValid)?).enrol(&otk, by.viewer(), now)?;
        self.consume(key, now);
        Ok(())
    }

    /// The desk offers a browser the place of the viewer once more.
    ///
    /// # Errors
    /// See [`Self::mint_open`].
    pub fn offer_enrolment(&mut self, session: u8, now: Timestamp) -> Result<bool, Refusal> {
        let key = self.next(Kind::Enrol);
        let offered = self.sessions.get_mut(&session).ok_or(Refusal::NotValid)?;
        let offered = Arc::make_mut(offered).offer_enrolment(key.hash())?;
        if offered {
            self.insert(key, None, Some(session), now.plus_seconds(name::TICK));
        }
        Ok(offered)
    }

    /// The session is over.
    pub fn end_session(&mut self, session: u8, now: Timestamp) -> Ended {
        if let Some(session) = self.sessions.get_mut(&session) {
            Arc::make_mut(session).end(now);
        }
        let mut ended = self.lose_rights(now, CancelReason::SessionEnded, |i| i.session == name::session(session));
        ended.views = self.close_views(now, |view| view.session == name::session(session));
        ended
    }

    /// The session is locked.
    pub fn lock_session(&mut self, session: u8, now: Timestamp) -> Ended {
        if let Some(session) = self.sessions.get_mut(&session) {
            Arc::make_mut(session).lock(now);
        }
        let views = self.close_views(now, |view| view.session == name::session(session));
        Ended { views, ..Ended::default() }
    }

    /// The conversation is closed.
    pub fn close_conversation(&mut self, now: Timestamp) -> Ended {
        self.closed = true;
        let mut ended = self.lose_rights(now, CancelReason::ConversationClosed, |_| true);
        let gone = ended.submissions.clone();
        ended.views = self.close_views(now, |view| gone.contains(&view.submission));
        ended
    }

    /// The conversation went to another agent: one invitation's right is gone.
    pub fn revoke(&mut self, form: u8, now: Timestamp) -> Ended {
        let mut ended = self.lose_rights(now, CancelReason::Transferred, |i| i.id == name::invitation(form));
        let gone = ended.submissions.clone();
        ended.views = self.close_views(now, |view| view.sight == Sight::Sender && gone.contains(&view.submission));
        ended
    }

    /// The agent of the session may do nothing with answers any more.
    pub fn take_rights(&mut self, session: u8, now: Timestamp) -> Ended {
        if let Some(session) = self.sessions.get_mut(&session) {
            Arc::make_mut(session).rights = AgentRights::default();
        }
        let mut ended = self.lose_rights(now, CancelReason::RightLost, |i| i.session == name::session(session));
        ended.views = self.close_views(now, |view| view.session == name::session(session));
        ended
    }

    fn lose_rights(&mut self, now: Timestamp, reason: CancelReason, of: impl Fn(&Invitation) -> bool) -> Ended {
        let mut ended = Ended::default();
        let with_right = self.invitations.values_mut().filter(|invitation| !invitation.right_lost && of(invitation));
        for invitation in with_right {
            let invitation = Arc::make_mut(invitation);
            invitation.lose_right(reason, now);
            ended.submissions.extend(invitation.submission);
        }
        ended
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
