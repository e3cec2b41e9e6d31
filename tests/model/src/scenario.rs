//! Parts of the world that are walked through on their own, each whole within its bounds.

use aside_wire::Reopen;

use crate::act::Act;
use crate::flight::Call;
use crate::name::{Kind, Party};

/// How many of each there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Ticks of the clock.
    pub ticks: u8,
    /// `enrol` keys.
    pub enrol: u8,
    /// `open` keys.
    pub open: u8,
    /// `submit` keys.
    pub submit: u8,
    /// `view` keys.
    pub view: u8,
    /// `history` keys.
    pub history: u8,
    /// Requests that are handled at once.
    pub flights: usize,
}

/// Where a scenario begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// One form was sent; nothing has come of it yet.
    Sent,
    /// Two were.
    TwoSent,
    /// The form was opened, filled in and sent, on the visitor's phone.
    Submitted,
}

/// A part of the world.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Its name.
    pub name: &'static str,
    /// Where it begins.
    pub beginning: Beginning,
    /// How far it goes in the tests.
    pub bounds: Bounds,
    /// How far it goes when there is time.
    pub deep: Bounds,
    /// Whether the visitor's browsers keep cookies.
    pub cookies: bool,
    /// Whether a form may be left and opened again.
    pub reopen: Reopen,
    /// Whether the sender's browser is enrolled when it begins.
    pub enrolled: bool,
    /// What may happen in it.
    pub allows: fn(&Act) -> bool,
}

const NONE: Bounds = Bounds { ticks: 2, enrol: 0, open: 0, submit: 0, view: 0, history: 0, flights: 2 };

/// All of them. Together they leave nothing out that the domain decides.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "two devices and a thief, until the form is sent",
        beginning: Beginning::Sent,
        bounds: Bounds { ticks: 2, open: 2, submit: 1, ..NONE },
        deep: Bounds { ticks: 3, open: 2, submit: 2, ..NONE },
        cookies: true,
        reopen: Reopen::SameDevice,
        enrolled: true,
        allows: visitors,
    },
    Scenario {
        name: "the same, in browsers that keep no cookie",
        beginning: Beginning::Sent,
        bounds: Bounds { ticks: 2, open: 2, submit: 1, ..NONE },
        deep: Bounds { ticks: 3, open: 2, submit: 2, ..NONE },
        cookies: false,
        reopen: Reopen::SameDevice,
        enrolled: true,
        allows: visitors,
    },
    Scenario {
        name: "a form that opens once",
        beginning: Beginning::Sent,
        bounds: Bounds { ticks: 2, open: 2, submit: 1, ..NONE },
        deep: Bounds { ticks: 3, open: 2, submit: 2, ..NONE },
        cookies: true,
        reopen: Reopen::Once,
        enrolled: true,
        allows: visitors,
    },
    Scenario {
        name: "two forms in one conversation",
        beginning: Beginning::TwoSent,
        bounds: Bounds { ticks: 0, open: 2, submit: 2, ..NONE },
        deep: Bounds { ticks: 1, open: 2, submit: 2, ..NONE },
        cookies: true,
        reopen: Reopen::SameDevice,
        enrolled: true,
        allows: |act| visitors(act) && !matches!(act, Act::Reissue(_)),
    },
    Scenario {
        name: "who may look, while rights come and go",
        beginning: Beginning::Submitted,
        bounds: Bounds { ticks: 0, view: 1, ..NONE },
        deep: Bounds { ticks: 1, view: 2, ..NONE },
        cookies: true,
        reopen: Reopen::SameDevice,
        enrolled: true,
        allows: |act| {
            viewing(act) && !matches!(act, Act::Confirm { .. } | Act::Begin(Call::Reveal(..) | Call::RevealCode(..)))
        },
    },
    Scenario {
        name: "who may reveal, while rights come and go",
        beginning: Beginning::Submitted,
        bounds: Bounds { ticks: 0, view: 1, ..NONE },
        deep: Bounds { ticks: 1, view: 1, ..NONE },
        cookies: true,
        reopen: Reopen::SameDevice,
        enrolled: true,
        allows: |act| viewing(act) && !matches!(act, Act::Begin(Call::View(Party::Colleague | Party::Thief, _))),
    },
    Scenario {
        name: "a browser becomes the viewer",
        beginning: Beginning::Submitted,
        bounds: Bounds { ticks: 0, enrol: 2, view: 1, ..NONE },
        deep: Bounds { ticks: 1, enrol: 2, view: 1, ..NONE },
        cookies: true,
        reopen: Reopen::SameDevice,
        enrolled: false,
        allows: |act| matches!(act, Act::Offer | Act::Enrol(..) | Act::Steal(_)) || ending(act) || looking(act),
    },
    Scenario {
        name: "history, after the conversation was closed",
        beginning: Beginning::Submitted,
        bounds: Bounds { ticks: 0, view: 1, history: 1, ..NONE },
        deep: Bounds { ticks: 1, view: 1, history: 1, ..NONE },
        cookies: true,
        reopen: Reopen::SameDevice,
        enrolled: true,
        allows: |act| history(act) || matches!(act, Act::Grant(..)),
    },
    Scenario {
        name: "a whole life, one key of each kind",
        beginning: Beginning::Sent,
        bounds: Bounds { ticks: 0, open: 1, submit: 1, view: 1, flights: 1, ..NONE },
        deep: Bounds { ticks: 1, open: 1, submit: 1, view: 1, ..NONE },
        cookies: true,
        reopen: Reopen::SameDevice,
        enrolled: true,
        allows: |act| visitors(act) || viewing(act),
    },
];

fn visitors(act: &Act) -> bool {
    match act {
        Act::Tick | Act::Sweep | Act::Crash | Act::Click(_) | Act::Reissue(_) | Act::Cancel(_) => true,
        Act::Load(..)
        | Act::Decline(..)
        | Act::Leave(..)
        | Act::Step(_)
        | Act::Begin(Call::Open(..) | Call::Submit(..)) => true,
        Act::Steal(key) => matches!(key.purpose, Kind::Open | Kind::Submit),
        _ => false,
    }
}

fn looking(act: &Act) -> bool {
    let moments = matches!(act, Act::Tick | Act::Sweep | Act::Crash | Act::Step(_) | Act::Done(_));
    let desk = matches!(act, Act::Grant(..) | Act::Renew(0) | Act::Confirm { session: 0, .. });
    moments || desk || matches!(act, Act::Begin(Call::View(..) | Call::Reveal(..) | Call::RevealCode(..)))
}

fn ending(act: &Act) -> bool {
    matches!(act, Act::Step(_) | Act::Begin(Call::End(0) | Call::Close))
}

fn viewing(act: &Act) -> bool {
    looking(act)
        || ending(act)
        || matches!(act, Act::Unlock(_) | Act::Begin(Call::Lock(_) | Call::Revoke(_) | Call::TakeRights(0)))
}

fn history(act: &Act) -> bool {
    let moments = matches!(act, Act::Tick | Act::Sweep | Act::Crash | Act::Step(_));
    let desk = matches!(act, Act::GrantHistory(..) | Act::Confirm { session: 1, .. } | Act::Renew(1));
    let ends = matches!(act, Act::Begin(Call::Close | Call::End(1) | Call::TakeRights(1)));
    moments || desk || ends || matches!(act, Act::Begin(Call::View(..) | Call::Reveal(..) | Call::RevealCode(..)))
}
