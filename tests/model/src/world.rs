//! A vault and everybody around it, as a state machine.

use std::collections::BTreeMap;
use std::sync::Arc;

use aside_base::Timestamp;
use aside_vault_domain::{Invitation, Lease, Reference, Session};
use aside_wire::{AgentRights, Channel, Clocks, Invite, Reopen};
use stateright::{Model, Property};

use crate::act::Act;
use crate::disk::Disk;
use crate::flight::Flight;
use crate::ghost::Ghost;
use crate::memory::Memory;
use crate::name::{self, Key, Kind, Party};
use crate::property;
use crate::scenario::{Beginning, Scenario};

/// What kind of store the vault has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// One where reading, deciding and writing are one step: the one we have.
    Transactions,
    /// One that reads, lets go, decides and writes. Only to see that the checker finds what that leads to.
    ReadThenWrite,
}

/// What becomes of a request whose connection breaks while it is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handlers {
    /// It is handled to its end: so `aside_web::serve_stream` has it.
    RunToTheirEnd,
    /// Its handler is dropped between two steps. Only to see that the checker finds what that leads to.
    DroppedWithTheirConnection,
}

/// The world to walk through.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Which part of it.
    pub scenario: Scenario,
    /// With which store.
    pub store: Store,
    /// With which handlers.
    pub handlers: Handlers,
}

/// How everything stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// Server time.
    pub now: Timestamp,
    /// What lasts.
    pub disk: Disk,
    /// What does not.
    pub memory: Memory,
    /// The requests that are being handled.
    pub flights: Vec<Flight>,
    /// Which browser got which `submit` key with its form.
    pub holders: BTreeMap<Key, Party>,
    /// The key that was stolen.
    pub stolen: Option<Key>,
    /// The browser that took the place of the sender's session's viewer.
    pub enrolled: Option<Party>,
    /// What all this is held against.
    pub ghost: Ghost,
}

impl State {
    pub(crate) fn lease_of(&self, session: u8) -> Lease {
        if self.memory.leases[usize::from(session)] { Lease::Alive } else { Lease::Lapsed }
    }

    /// The desk vouches for a session; for one that has ended it cannot.
    pub(crate) fn renew(&mut self, session: u8) {
        if self.disk.sessions[&session].ended_at.is_none() {
            self.memory.leases[usize::from(session)] = true;
        }
    }

    pub(crate) fn sweep(&mut self) {
        let now = self.now;
        self.memory.kept.retain(|_, gone_at| now < *gone_at);
        for (&number, session) in &self.disk.sessions.clone() {
            if !self.memory.leases[usize::from(number)] && self.memory.screens.values().any(|s| s.session == number) {
                self.memory.screens.retain(|_, screen| screen.session != number);
                self.disk.close_views(now, |view| view.session == session.id);
            }
        }
        self.disk.expire_due(now);
    }

    /// A form that came as the reply to its opening has its key in it.
    pub(crate) fn learn_submit_keys(&mut self, before: &Self) {
        let fresh =
            self.disk.keys.keys().filter(|key| key.purpose == Kind::Submit && !before.disk.keys.contains_key(key));
        for key in fresh.copied().collect::<Vec<_>>() {
            let opened_on = self.disk.form_of(key).and_then(|form| self.ghost.opened_on[usize::from(form)]);
            if let Some(by) = opened_on {
                self.holders.entry(key).or_insert(by);
            }
        }
    }
}

impl Model for World {
    type State = State;
    type Action = Act;

    fn init_states(&self) -> Vec<State> {
        vec![self.beginning()]
    }

    fn actions(&self, state: &State, acts: &mut Vec<Act>) {
        self.possible(state, acts);
    }

    fn next_state(&self, before: &State, act: Act) -> Option<State> {
        self.after(before, act)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        property::of(self)
    }
}

impl World {
    /// This scenario with the vault as it is.
    #[must_use]
    pub const fn of(scenario: Scenario) -> Self {
        Self { scenario, store: Store::Transactions, handlers: Handlers::RunToTheirEnd }
    }

    fn beginning(&self) -> State {
        let forms = if self.scenario.beginning == Beginning::TwoSent { 2 } else { 1 };
        let mut state = State {
            now: name::START,
            disk: Disk {
                invitations: (0..forms).map(|number| (number, Arc::new(sent(number, self.scenario.reopen)))).collect(),
                keys: BTreeMap::new(),
                sessions: BTreeMap::from([(0, Arc::new(session(0))), (1, Arc::new(session(1)))]),
                views: BTreeMap::new(),
                closed: false,
            },
            memory: Memory { leases: [true; 2], ..Memory::default() },
            flights: Vec::new(),
            holders: BTreeMap::new(),
            stolen: None,
            enrolled: None,
            ghost: Ghost::default(),
        };
        if self.scenario.enrolled {
            if let Some(session) = state.disk.sessions.get_mut(&0) {
                Arc::make_mut(session).viewer = Some(Party::Sender.viewer());
            }
            state.enrolled = Some(Party::Sender);
        }
        if self.scenario.beginning == Beginning::Submitted {
            self.fill_in(&mut state);
        }
        state
    }

    /// The way to a form that was filled in and sent, through the same rules.
    fn fill_in(&self, state: &mut State) {
        let (open, submit) = (Key { purpose: Kind::Open, serial: 0 }, Key { purpose: Kind::Submit, serial: 0 });
        let phone = Some(Party::Phone.device());
        let (disk, now) = (&mut state.disk, state.now);
        let way = disk
            .mint_open(0, now)
            .and_then(|()| disk.open(Party::Phone, open, true, now))
            .and_then(|_| disk.load_form(0, Party::Phone, now))
            .and_then(|_| disk.submit(submit, phone, name::submission(0), now));
        assert!(way.is_ok(), "the way to the beginning is open: {way:?}");
        state.ghost.accept(open);
        state.ghost.accept(submit);
        state.ghost.submissions[0] = 1;
        state.ghost.opened_on[0] = Some(Party::Phone);
        state.holders.insert(submit, Party::Phone);
        state.memory.kept.insert(name::submission(0), now.plus_seconds(2 * name::TICK));
    }
}

fn sent(number: u8, reopen: Reopen) -> Invitation {
    let invite = Invite {
        invitation: name::invitation(number),
        conversation: name::conversation(),
        session: name::session(0),
        agent_name: "Dana".to_owned(),
        definition: name::definition(),
        channel: Channel::Web,
        clocks: Clocks { invitation_life: 2 * name::TICK, open_limit: name::TICK, submit_limit: 2 * name::TICK },
        locale: "en".to_owned(),
        reopen,
    };
    let reference = Reference::from_stored("7F3K".to_owned());
    // Cannot fail: clocks and names as the rules want them.
    Invitation::sent(name::site(), invite, reference, None, name::START).unwrap_or_else(|_| unreachable!())
}

fn session(number: u8) -> Session {
    Session {
        id: name::session(number),
        site: name::site(),
        agent: Some(name::agent(number)),
        agent_name: "Dana".to_owned(),
        enrol_key: None,
        viewer: (number == 1).then(|| Party::Colleague.viewer()),
        started_at: name::START,
        ended_at: None,
        locked_at: None,
        confirmed: None,
        rights: AgentRights { secure_forms: true, card_numbers: true, history: number == 1, ..AgentRights::default() },
    }
}
