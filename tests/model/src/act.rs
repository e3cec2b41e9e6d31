//! What may happen in a world, and what comes of it.

use std::sync::Arc;

use aside_base::Timestamp;

use crate::flight::Call;
use crate::ghost::Wrong;
use crate::memory::Memory;
use crate::name::{self, Key, Kind, Party};
use crate::world::{Handlers, State, World};

/// One thing that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Time passes: every lease lapses.
    Tick,
    /// The sweeper comes round.
    Sweep,
    /// The vault is killed and started again: what was in its memory is gone, with every request it was handling.
    Crash,
    /// Somebody gets hold of one key.
    Steal(Key),
    /// The visitor presses the button: the desk has an `open` key made.
    Click(u8),
    /// The agent sends the link anew.
    Reissue(u8),
    /// The agent takes the form back.
    Cancel(u8),
    /// The device gets its form.
    Load(Party, u8),
    /// The visitor will not answer.
    Decline(Party, Key),
    /// The visitor leaves the form.
    Leave(Party, Key),
    /// The desk asks for a `view` key in the name of a session.
    Grant(u8, u8),
    /// The desk asks for a `history` key in the name of a session.
    GrantHistory(u8, u8),
    /// The desk says that a session lives.
    Renew(u8),
    /// The desk says that somebody is there again.
    Unlock(u8),
    /// The sender's second factor confirms; or one that was set up only after the form was sent.
    Confirm {
        /// Whose session: the sender's 0, the colleague's 1.
        session: u8,
        /// Whether it is such a new one.
        new: bool,
    },
    /// The desk offers the place of the viewer.
    Offer,
    /// A browser takes it.
    Enrol(Party, Key),
    /// The agent puts the answers away.
    Done(u8),
    /// A request reaches the vault.
    Begin(Call),
    /// The vault goes on with a request.
    Step(usize),
    /// The connection of a request breaks, and its handler is dropped where it stands.
    Drop(usize),
}

impl World {
    /// Everything that somebody could try now: whatever can be sent may be sent, again and again and in any order.
    pub(crate) fn possible(&self, state: &State, acts: &mut Vec<Act>) {
        let bounds = self.scenario.bounds;
        let mut all = vec![Act::Sweep, Act::Crash];
        if state.now < name::START.plus_seconds(u32::from(bounds.ticks) * name::TICK) {
            all.push(Act::Tick);
        }
        all.extend((0..state.flights.len()).map(Act::Step));
        if self.handlers == Handlers::DroppedWithTheirConnection {
            acts.extend((0..state.flights.len()).map(Act::Drop));
        }
        self.desk(state, &mut all);
        self.browsers(state, &mut all);
        if state.stolen.is_none() {
            all.extend(state.disk.keys.keys().copied().map(Act::Steal));
        }
        acts.extend(all.into_iter().filter(self.scenario.allows));
    }

    fn desk(&self, state: &State, acts: &mut Vec<Act>) {
        let bounds = self.scenario.bounds;
        for &form in state.disk.invitations.keys() {
            if state.disk.made(Kind::Open) < bounds.open {
                acts.extend([Act::Click(form), Act::Reissue(form)]);
            }
            acts.push(Act::Cancel(form));
            if state.disk.made(Kind::View) < bounds.view {
                acts.extend([Act::Grant(form, 0), Act::Grant(form, 1)]);
            }
        }
        for &form in state.disk.invitations.keys() {
            if state.disk.made(Kind::History) < bounds.history {
                acts.extend([Act::GrantHistory(form, 0), Act::GrantHistory(form, 1)]);
            }
            self.begins(state, [Call::Revoke(form)], acts);
        }
        if state.disk.made(Kind::Enrol) < bounds.enrol {
            acts.push(Act::Offer);
        }
        acts.extend([Act::Renew(0), Act::Renew(1), Act::Unlock(0)]);
        for session in [0, 1] {
            acts.extend([Act::Confirm { session, new: false }, Act::Confirm { session, new: true }]);
        }
        let ends = [Call::End(0), Call::End(1), Call::Lock(0), Call::Close, Call::TakeRights(0), Call::TakeRights(1)];
        self.begins(state, ends, acts);
    }

    fn browsers(&self, state: &State, acts: &mut Vec<Act>) {
        let visitors = [Party::Phone, Party::Laptop];
        let lookers = [Party::Sender, Party::Colleague, Party::Thief];
        for &form in state.disk.invitations.keys() {
            if state.disk.made(Kind::Submit) < self.scenario.bounds.submit {
                acts.extend(visitors.map(|by| Act::Load(by, form)));
                acts.push(Act::Load(Party::Thief, form));
            }
        }
        for &key in state.disk.keys.keys() {
            let thief = (state.stolen == Some(key)).then_some(Party::Thief);
            match key.purpose {
                Kind::Open => {
                    self.begins(state, visitors.into_iter().chain(thief).map(|by| Call::Open(by, key)), acts);
                }
                Kind::Submit => {
                    let holders: Vec<_> = state.holders.get(&key).copied().into_iter().chain(thief).collect();
                    self.begins(state, holders.iter().map(|by| Call::Submit(*by, key)), acts);
                    acts.extend(holders.iter().map(|by| Act::Decline(*by, key)));
                    acts.extend(holders.iter().map(|by| Act::Leave(*by, key)));
                }
                // The desk is believed in nothing: everybody has every key that it was given for a view.
                Kind::View | Kind::History => self.begins(state, lookers.map(|by| Call::View(by, key)), acts),
                Kind::Enrol => acts.extend(std::iter::once(Party::Sender).chain(thief).map(|by| Act::Enrol(by, key))),
            }
        }
        for &view in state.disk.views.keys() {
            self.begins(state, lookers.map(|by| Call::Reveal(by, view)), acts);
            self.begins(state, lookers.map(|by| Call::RevealCode(by, view)), acts);
            acts.push(Act::Done(view));
        }
    }

    fn begins(&self, state: &State, calls: impl IntoIterator<Item = Call>, acts: &mut Vec<Act>) {
        if state.flights.len() < self.scenario.bounds.flights {
            acts.extend(calls.into_iter().map(Act::Begin));
        }
    }

    /// What comes of it. `None` when nothing does.
    pub(crate) fn after(&self, before: &State, act: Act) -> Option<State> {
        let mut state = before.clone();
        let now = state.now;
        match act {
            Act::Tick => {
                state.now = now.plus_seconds(name::TICK);
                state.memory.leases = [false; 2];
            }
            Act::Sweep => state.sweep(),
            Act::Crash => {
                state.memory = Memory::default();
                state.flights.clear();
            }
            Act::Steal(key) => state.stolen = Some(key),
            Act::Click(form) => state.disk.mint_open(form, now).ok()?,
            Act::Reissue(form) => state.disk.reissue(form, now).ok()?,
            Act::Cancel(form) => state.disk.cancel(form, now).ok().filter(|news| *news).map(|_| ())?,
            Act::Load(by, form) => match state.disk.load_form(form, by, now).ok()? {
                Some(key) if state.ghost.closed_for_good[usize::from(form)] => {
                    state.holders.insert(key, by);
                    state.ghost.note(Wrong::Reopened);
                }
                Some(key) => {
                    state.holders.insert(key, by);
                }
                None => state.ghost.closed_for_good[usize::from(form)] = true,
            },
            Act::Decline(by, key) => {
                let device = self.scenario.cookies.then(|| by.device());
                state.disk.decline(key, device, now).ok().filter(|news| *news)?;
                state.ghost.accept(key);
            }
            Act::Leave(by, key) => {
                let device = self.scenario.cookies.then(|| by.device());
                let for_good = state.disk.leave(key, device, now).ok()?;
                if let Some(form) = state.disk.form_of(key).filter(|_| for_good) {
                    state.ghost.closed_for_good[usize::from(form)] = true;
                }
            }
            Act::GrantHistory(form, session) => {
                state.renew(session);
                let lease = state.lease_of(session);
                state.disk.grant_history(form, session, lease, now).ok()?;
            }
            Act::Grant(form, session) => {
                state.renew(session);
                let lease = state.lease_of(session);
                state.disk.grant(form, session, lease, now).ok()?;
            }
            Act::Renew(session) => state.renew(session),
            Act::Unlock(session) => {
                // What the desk tells of a session, it tells in order.
                if state.flights.iter().any(|flight| flight.call == Call::Lock(session)) {
                    return None;
                }
                Arc::make_mut(state.disk.sessions.get_mut(&session)?).unlock();
                state.ghost.locked = false;
            }
            Act::Confirm { session, new } => {
                // Only the enrolled browser can show a proof, and the factor is its agent's.
                let own = session == 1 || state.enrolled == Some(Party::Sender);
                if !own || state.disk.sessions[&session].check_alive(state.lease_of(session)).is_err() {
                    return None;
                }
                state.disk.confirm(session, if new { Timestamp(name::START.0 + 1) } else { name::START }, now);
            }
            Act::Offer => state.disk.offer_enrolment(0, now).ok().filter(|offered| *offered).map(|_| ())?,
            Act::Enrol(by, key) => {
                state.disk.enrol(by, key, now).ok()?;
                state.ghost.accept(key);
                if state.enrolled.replace(by).is_some() {
                    state.ghost.note(Wrong::TwoViewers);
                }
            }
            Act::Done(view) => {
                if state.disk.close_views(now, |open| open.id == name::view(view)).is_empty() {
                    return None;
                }
                state.memory.screens.remove(&name::view(view));
            }
            Act::Begin(call) => state = state.begin(call, self.scenario.cookies)?,
            Act::Drop(which) => state.drop_handler(which),
            Act::Step(which) => state.step(which, self.store, self.scenario.cookies),
        }
        state.learn_submit_keys(before);
        for (form, was) in &before.disk.invitations {
            if was.ended(before.now).is_some() && state.disk.invitations[form].ended(state.now).is_none() {
                state.ghost.note(Wrong::Revived);
            }
        }
        (state != *before).then_some(state)
    }
}
