//! Who is let look: sessions and their browsers, views, and what is revealed in them.

use std::sync::Arc;

use aside_base::{SubmissionId, Timestamp};
use aside_form::Kind as Asked;
use aside_vault_domain::{Confirmation, Lease, Refusal, Sight, Stated, View, Wanted};
use aside_wire::HistoryReason;

use super::Disk;
use crate::name::{self, Key, Kind, Party};

impl Disk {
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
        let closed = self.close_views(now, |view| view.submission == submission && view.session == session.id);
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
}
