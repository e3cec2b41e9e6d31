//! Requests that are being handled: what the vault's handlers do in steps, between which anything else may happen.

use aside_vault_domain::{Lease, Opened, Repeat, Sight, State as Standing};

use crate::disk::{Disk, Ended};
use crate::ghost::Wrong;
use crate::memory::Screen;
use crate::name::{self, Key, Kind, Party};
use crate::world::{State, Store};

/// A request whose handling takes more than one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// `POST /open`.
    Open(Party, Key),
    /// `POST /form/{id}`.
    Submit(Party, Key),
    /// `POST /view`.
    View(Party, Key),
    /// `POST /view/reveal` of a card number.
    Reveal(Party, u8),
    /// `POST /view/reveal` of what is off the record.
    RevealCode(Party, u8),
    /// The desk ends the session of this number.
    End(u8),
    /// The desk locks the session of this number.
    Lock(u8),
    /// The desk closes the conversation.
    Close,
    /// The conversation goes to another agent: the desk takes the right to one invitation back.
    Revoke(u8),
    /// The desk takes every right away from the agent of the session of this number.
    TakeRights(u8),
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Phase {
    /// What is in memory was looked at, and the records for a first look.
    Asked,
    /// The records were read, and let go: only where the store is no store.
    Read(Box<Disk>),
    /// The view is recorded, its page is being made.
    Viewed,
    /// The reveal is recorded, the answer is being fetched from memory.
    Revealed,
    /// The end is recorded, memory is being cleared of it.
    Ended(Ended),
}

/// A request on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Flight {
    /// Which.
    pub call: Call,
    /// How far.
    pub phase: Phase,
    /// The lease, as it was when the request began.
    lease: Lease,
    /// The number of the submission or view that it would make.
    made: u8,
}

impl State {
    /// Begins to handle a request. `None` when it is refused at first sight.
    #[must_use]
    pub fn begin(mut self, call: Call, cookies: bool) -> Option<Self> {
        let mut flight = Flight { call, phase: Phase::Asked, lease: Lease::Lapsed, made: self.unused() };
        match call {
            Call::Open(by, key) => {
                if self.disk.clone().open(by, key, cookies, self.now) != Ok(Opened::Now) {
                    return None;
                }
            }
            Call::Submit(by, key) => {
                if self.disk.check_submit(key, cookies.then(|| by.device()), self.now) != Ok(Repeat::First) {
                    return None;
                }
                self.memory.kept.insert(name::submission(flight.made), self.now.plus_seconds(2 * name::TICK));
            }
            Call::View(by, _) => {
                let session = self.disk.session_of_viewer(by)?;
                flight.lease = self.lease_of(session);
                let screen = Screen { of: by, session, shown: false };
                self.memory.screens.insert(name::view(flight.made), screen);
            }
            Call::Reveal(by, view) | Call::RevealCode(by, view) => {
                let screen = self.memory.screens.get(&name::view(view)).filter(|screen| screen.of == by)?;
                flight.lease = self.lease_of(screen.session);
            }
            // The screens first: should the record fail, the answers are off them all the same.
            Call::End(session) => {
                self.memory.leases[usize::from(session)] = false;
                self.memory.screens.retain(|_, screen| screen.session != session);
            }
            Call::Lock(session) => self.memory.screens.retain(|_, screen| screen.session != session),
            Call::Close | Call::Revoke(_) | Call::TakeRights(_) => {}
        }
        self.flights.push(flight);
        Some(self)
    }

    /// The next step of a request.
    pub fn step(&mut self, which: usize, store: Store, cookies: bool) {
        let mut flight = self.flights.remove(which);
        let phase = match std::mem::replace(&mut flight.phase, Phase::Asked) {
            Phase::Asked if store == Store::ReadThenWrite => Some(Phase::Read(Box::new(self.disk.clone()))),
            Phase::Asked => {
                let mut disk = self.disk.clone();
                let next = self.record(&flight, &mut disk, cookies);
                self.disk = disk;
                next
            }
            Phase::Read(before) => {
                let mut after = (*before).clone();
                let next = self.record(&flight, &mut after, cookies);
                self.disk.overwrite(&before, &after);
                next
            }
            Phase::Viewed => {
                // The right may have ended while the page was made.
                if let Some(screen) = self.memory.screens.get_mut(&name::view(flight.made)) {
                    screen.shown = true;
                }
                None
            }
            Phase::Revealed => {
                self.show_off_the_record(flight.call);
                None
            }
            Phase::Ended(ended) => {
                self.forget(&ended);
                self.acknowledge(flight.call);
                None
            }
        };
        if let Some(phase) = phase {
            self.flights.insert(which, Flight { phase, ..flight });
        }
    }

    /// A handler that is dropped cleans up after itself, and nothing more.
    pub fn drop_handler(&mut self, which: usize) {
        let flight = self.flights.remove(which);
        match flight.call {
            Call::Submit(..) => {
                self.memory.kept.remove(&name::submission(flight.made));
            }
            Call::View(..) => {
                self.memory.screens.remove(&name::view(flight.made));
            }
            _ => {}
        }
    }

    /// What the store is asked to do: the domain decides on the records of `disk`.
    fn record(&mut self, flight: &Flight, disk: &mut Disk, cookies: bool) -> Option<Phase> {
        let now = self.now;
        match flight.call {
            Call::Open(by, key) => {
                if disk.open(by, key, cookies, now) == Ok(Opened::Now) {
                    self.opened(by, key, disk);
                }
                None
            }
            Call::Submit(by, key) => {
                let submission = name::submission(flight.made);
                if disk.submit(key, cookies.then(|| by.device()), submission, now) == Ok(Repeat::First) {
                    self.submitted(by, key, disk, cookies);
                } else {
                    self.memory.kept.remove(&submission);
                }
                None
            }
            Call::View(by, key) => match disk.view(by, key, flight.made, flight.lease, now) {
                Ok(closed) => {
                    self.viewed(by, key, disk);
                    self.take_off(&closed);
                    Some(Phase::Viewed)
                }
                Err(_) => {
                    self.memory.screens.remove(&name::view(flight.made));
                    None
                }
            },
            Call::Reveal(by, view) => {
                disk.reveal(view, by, flight.lease, false, now).ok()?;
                self.revealed(by, view, disk);
                None
            }
            Call::RevealCode(by, view) => {
                disk.reveal(view, by, flight.lease, true, now).ok()?;
                self.revealed(by, view, disk);
                Some(Phase::Revealed)
            }
            Call::End(session) => Some(Phase::Ended(disk.end_session(session, now))),
            Call::Lock(session) => Some(Phase::Ended(disk.lock_session(session, now))),
            Call::Close => {
                self.ghost.closed = true;
                Some(Phase::Ended(disk.close_conversation(now)))
            }
            Call::Revoke(form) => Some(Phase::Ended(disk.revoke(form, now))),
            Call::TakeRights(session) => Some(Phase::Ended(disk.take_rights(session, now))),
        }
    }

    fn forget(&mut self, ended: &Ended) {
        self.take_off(&ended.views);
        for submission in &ended.submissions {
            self.memory.kept.remove(submission);
        }
    }

    fn take_off(&mut self, views: &[u8]) {
        for view in views {
            self.memory.screens.remove(&name::view(*view));
        }
    }

    /// Whoever asked for an end is told that it is done.
    fn acknowledge(&mut self, call: Call) {
        let sent_by =
            |session: u8| self.disk.invitations.iter().filter(move |(_, i)| i.session == name::session(session));
        let revoked: Vec<u8> = match call {
            Call::End(session) | Call::TakeRights(session) => sent_by(session).map(|(form, _)| *form).collect(),
            Call::Close => self.disk.invitations.keys().copied().collect(),
            Call::Revoke(form) => vec![form],
            _ => Vec::new(),
        };
        for form in revoked {
            self.ghost.revoked[usize::from(form)] = true;
        }
        match call {
            Call::Lock(0) => self.ghost.locked = true,
            Call::End(1) | Call::TakeRights(1) => self.ghost.history_taken = true,
            _ => {}
        }
    }

    fn opened(&mut self, by: Party, key: Key, disk: &Disk) {
        self.ghost.accept(key);
        if let Some(form) = disk.form_of(key).map(usize::from) {
            self.ghost.opened_on[form] = Some(by);
            if self.ghost.closed_for_good[form] {
                self.ghost.note(Wrong::Reopened);
            }
            let other_forms =
                self.ghost.opened_on.iter().enumerate().filter(|(other, on)| *other != form && **on == Some(by));
            let left_open: Vec<u8> = other_forms.map(|(other, _)| if other == 0 { 0 } else { 1 }).collect();
            if left_open.iter().any(|other| {
                disk.invitations.get(other).is_some_and(|i| {
                    i.state == Standing::Viewed && i.device == Some(by.device()) && i.clock_ended(self.now).is_none()
                })
            }) {
                self.ghost.note(Wrong::TwoForms);
            }
        }
    }

    fn submitted(&mut self, by: Party, key: Key, disk: &Disk, cookies: bool) {
        self.ghost.accept(key);
        if let Some(form) = disk.form_of(key).map(usize::from) {
            self.ghost.submissions[form] = (self.ghost.submissions[form] + 1).min(2);
            if cookies && self.ghost.opened_on[form] != Some(by) {
                self.ghost.note(Wrong::SubmittedElsewhere);
            }
            if self.ghost.closed_for_good[form] {
                self.ghost.note(Wrong::Reopened);
            }
        }
    }

    fn viewed(&mut self, by: Party, key: Key, disk: &Disk) {
        self.ghost.accept(key);
        let Some(form) = disk.form_of(key) else { return };
        self.judge(form, by, key.purpose == Kind::History);
    }

    fn revealed(&mut self, by: Party, view: u8, disk: &Disk) {
        let Some(view) = disk.views.get(&view) else { return };
        let Some((form, invitation)) = disk.invitations.iter().find(|(_, i)| i.id == view.invitation) else { return };
        self.judge(*form, by, view.sight != Sight::Sender);
        let session = disk.sessions.values().find(|session| session.id == view.session);
        let confirmed =
            session.and_then(|session| session.confirmed).filter(|c| self.now < c.at.plus_seconds(name::TICK));
        // No world lasts for the 72 hours after which a younger factor counts for history.
        if confirmed.is_none_or(|confirmed| confirmed.since > invitation.sent_at) {
            self.ghost.note(Wrong::RevealUnconfirmed);
        }
    }

    fn show_off_the_record(&mut self, call: Call) {
        let Call::RevealCode(by, view) = call else { return };
        let Some(view) = self.disk.views.get(&view) else { return };
        let there = self.memory.kept.get(&view.submission).is_some_and(|gone_at| self.now < *gone_at);
        let form = self.disk.invitations.iter().find(|(_, i)| i.id == view.invitation).map(|(form, _)| *form);
        if let Some(form) = form.filter(|_| there) {
            if view.sight != Sight::Sender {
                self.ghost.note(Wrong::HistoryOffTheRecord);
            }
            if self.ghost.revoked[usize::from(form)] {
                self.ghost.note(Wrong::ViewAfterRevocation);
            }
            if Some(by) != self.enrolled {
                self.ghost.note(Wrong::ViewByOther);
            }
        }
    }

    /// Whether these answers may be shown to this browser now, by what the world remembers.
    fn judge(&mut self, form: u8, by: Party, history: bool) {
        if history {
            if by != Party::Colleague || !self.ghost.closed || self.ghost.history_taken {
                self.ghost.note(Wrong::HistoryWithoutRight);
            }
            return;
        }
        if Some(by) != self.enrolled {
            self.ghost.note(Wrong::ViewByOther);
        }
        if self.ghost.revoked[usize::from(form)] {
            self.ghost.note(Wrong::ViewAfterRevocation);
        }
        if self.ghost.locked {
            self.ghost.note(Wrong::ViewWhileLocked);
        }
    }

    /// The lowest number that no submission and no view has.
    fn unused(&self) -> u8 {
        let taken = |number: u8| {
            let (submission, view) = (name::submission(number), name::view(number));
            self.disk.views.contains_key(&number)
                || self.memory.kept.contains_key(&submission)
                || self.memory.screens.contains_key(&view)
                || self.disk.invitations.values().any(|invitation| invitation.submission == Some(submission))
                || self.flights.iter().any(|flight| flight.made == number)
        };
        (0..=u8::MAX).find(|number| !taken(*number)).unwrap_or(u8::MAX)
    }
}
