//! What must hold in every state, and what must be possible at all: a world where nothing happens proves nothing.

use aside_vault_domain::{Invitation, Sight, State as Standing};
use aside_wire::{CancelReason, Reopen};
use stateright::Property;

use crate::flight::{Call, Phase};
use crate::ghost::Wrong;
use crate::name::{Kind, Party};
use crate::scenario::Beginning;
use crate::world::{State, World};

/// The properties of a world.
pub(crate) fn of(world: &World) -> Vec<Property<World>> {
    let mut properties = vec![
        Property::always("no one-time key is accepted twice", |_, s: &State| {
            s.ghost.accepted.values().all(|count| *count <= 1)
        }),
        Property::always("no invitation has a second submission", |_, s: &State| {
            s.ghost.submissions.iter().all(|n| *n <= 1)
        }),
        Property::always("only the device that opened a form sends it", |_, s: &State| {
            never(s, Wrong::SubmittedElsewhere)
        }),
        Property::always("nobody but the sender's enrolled browser is shown the answers", |_, s: &State| {
            never(s, Wrong::ViewByOther)
        }),
        Property::always("a session has one viewer, ever", |_, s: &State| never(s, Wrong::TwoViewers)),
        Property::always("no answer is shown after the right was taken away", |_, s: &State| {
            never(s, Wrong::ViewAfterRevocation)
        }),
        Property::always("no answer is shown while the session is locked", |_, s: &State| {
            never(s, Wrong::ViewWhileLocked)
        }),
        Property::always("a masked answer needs a factor from before the form was sent", |_, s: &State| {
            never(s, Wrong::RevealUnconfirmed)
        }),
        Property::always(
            "history is for whoever has the right to it, once the conversation is closed",
            |_, s: &State| never(s, Wrong::HistoryWithoutRight),
        ),
        Property::always("nothing off the record is history", |_, s: &State| never(s, Wrong::HistoryOffTheRecord)),
        Property::always("a form that was closed for good stays closed", |_, s: &State| never(s, Wrong::Reopened)),
        Property::always("opening another form on a device closes the former one", |_, s: &State| {
            never(s, Wrong::TwoForms)
        }),
        Property::always("what has ended never awaits answers again", |_, s: &State| never(s, Wrong::Revived)),
        Property::always("a right that was taken away closes the open views", |_, s: &State| views_closed(s)),
        Property::always("a right that was taken away takes the answers off the screens", |_, s: &State| {
            screens_clear(s)
        }),
        Property::always("a right that was taken away wipes what is off the record", |_, s: &State| memory_wiped(s)),
        Property::always("a right that was taken away before submission cancels the form", |_, s: &State| cancelled(s)),
    ];
    if world.scenario.reopen == Reopen::Once {
        properties.push(Property::sometimes("a form is closed for good", |_, s: &State| s.ghost.closed_for_good[0]));
    }
    if world.scenario.beginning == Beginning::TwoSent {
        properties.push(Property::sometimes("a form gives way to another", |_, s: &State| {
            s.disk.invitations.values().any(|i| i.state == Standing::Cancelled(CancelReason::AnotherForm))
        }));
    }
    if world.scenario.bounds.history > 0 {
        properties.push(Property::sometimes("somebody looks at what is stored", |_, s: &State| {
            s.memory.screens.values().any(|screen| screen.shown && screen.of == Party::Colleague)
        }));
    }
    if world.scenario.beginning == Beginning::Sent {
        properties.push(Property::sometimes("a form is sent", |_, s: &State| s.ghost.submissions[0] == 1));
        if world.scenario.bounds.ticks >= 2 {
            properties.push(Property::sometimes("a clock ends it", |_, s: &State| {
                s.disk.invitations.values().any(|i| matches!(i.state, Standing::Expired(_)))
            }));
        }
        properties
            .push(Property::sometimes("a thief opens it", |_, s: &State| s.ghost.opened_on[0] == Some(Party::Thief)));
        if world.scenario.bounds.flights >= 2 {
            properties.push(Property::sometimes("two requests race for one key", |_, s: &State| racing(s)));
        }
    }
    if world.scenario.bounds.view > 0 && world.scenario.bounds.history == 0 {
        properties.push(Property::sometimes("the sender looks", |_, s: &State| {
            s.memory.screens.values().any(|screen| screen.shown && screen.of == Party::Sender)
        }));
        properties.push(Property::sometimes("the right is taken away while a view is on its way", |_, s: &State| {
            s.ghost.revoked[0]
                && s.flights.iter().any(|flight| matches!(flight.call, Call::View(..) | Call::Reveal(..)))
        }));
        properties.push(Property::sometimes("the vault was killed under a view", |_, s: &State| {
            s.memory.screens.is_empty() && s.disk.views.values().any(|view| view.closed_at.is_none())
        }));
    }
    if world.scenario.bounds.enrol > 0 {
        properties.push(Property::sometimes("a thief takes the viewer's place", |_, s: &State| {
            s.enrolled == Some(Party::Thief)
        }));
    }
    properties
}

fn never(state: &State, wrong: Wrong) -> bool {
    state.ghost.wrong != Some(wrong)
}

/// The invitations whose right to view is gone, and whoever took it away knows. While somebody else is still taking it away,
/// memory may be a step behind the records: that request goes on to its end by itself.
fn revoked(state: &State) -> impl Iterator<Item = &Invitation> {
    let ending = state.flights.iter().any(|flight| matches!(flight.phase, Phase::Ended(_)));
    let invitations = state.disk.invitations.iter().filter(move |_| !ending);
    invitations.filter(|(form, _)| state.ghost.revoked[usize::from(**form)]).map(|(_, invitation)| &**invitation)
}

fn views_closed(state: &State) -> bool {
    let open = || state.disk.views.values().filter(|view| view.closed_at.is_none() && view.sight == Sight::Sender);
    revoked(state).all(|invitation| !open().any(|view| view.invitation == invitation.id))
        && !(state.ghost.locked && open().next().is_some())
}

/// A screen that waits for a view to be decided shows nothing yet.
fn screens_clear(state: &State) -> bool {
    let shown = |invitation: &Invitation| {
        state.disk.views.values().any(|view| {
            view.sight == Sight::Sender
                && view.invitation == invitation.id
                && state.memory.screens.get(&view.id).is_some_and(|screen| screen.shown)
        })
    };
    revoked(state).all(|invitation| !shown(invitation))
}

fn memory_wiped(state: &State) -> bool {
    revoked(state).filter_map(|invitation| invitation.submission).all(|gone| !state.memory.kept.contains_key(&gone))
}

fn cancelled(state: &State) -> bool {
    revoked(state).all(|invitation| !invitation.state.awaits_answers() || invitation.clock_ended(state.now).is_some())
}

fn racing(state: &State) -> bool {
    let keys: Vec<_> = state
        .flights
        .iter()
        .filter_map(|flight| match flight.call {
            Call::Open(_, key) | Call::Submit(_, key) if key.purpose != Kind::View => Some(key),
            _ => None,
        })
        .collect();
    keys.len() == 2 && keys[0] == keys[1]
}
