//! What becomes of an invitation until it is answered or ended.

use std::sync::Arc;

use aside_base::{KeyHash, SubmissionId, Timestamp};
use aside_vault_domain::{Left, Loaded, Opened, Refusal, Repeat};
use aside_wire::CancelReason;

use super::Disk;
use crate::name::{Key, Kind, Party};

impl Disk {
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
}
