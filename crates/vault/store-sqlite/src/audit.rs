//! Audit entries: written in the transaction of the act itself, so that neither is without the other.

use std::collections::BTreeMap;
use std::str::FromStr;

use aside_base::Timestamp;
use aside_chain::{Body, Who};
use aside_chain_sqlite::{append, page};
use aside_vault_domain::{Act, AuditRow, CallerKind, Occasion, On, Outcome, Refusal, ViewId};
use aside_vault_store::RefusalCount;
use rusqlite::Connection;
use uuid::Uuid;

use crate::fault::{Fault, Step};

/// What a command is about to try: for the entry of its refusal.
pub(crate) struct Tried {
    pub(crate) act: Act,
    pub(crate) on: On,
}

/// Writes the entry of something done.
pub(crate) fn done(connection: &Connection, occasion: &Occasion, act: Act, on: &On) -> rusqlite::Result<()> {
    write(connection, occasion, act, on, Outcome::Done)
}

/// Writes the entry of what was refused within something that was done.
pub(crate) fn not_done(
    connection: &Connection,
    occasion: &Occasion,
    act: Act,
    on: &On,
    refusal: Refusal,
) -> rusqlite::Result<()> {
    write(connection, occasion, act, on, Outcome::Refused(refusal))
}

/// Writes the entry of a refusal, if the caller is known: a desk always, a browser when the command proved it. Refusals of
/// strangers are counted elsewhere, so that a flood cannot fill the disk.
pub(crate) fn refused(
    connection: &Connection,
    occasion: &Occasion,
    tried: Tried,
    refusal: Refusal,
    known: Option<Box<On>>,
) -> rusqlite::Result<()> {
    let on = match known {
        Some(on) => *on,
        None if matches!(occasion.caller.kind, CallerKind::Desk | CallerKind::Operator) => tried.on,
        None => return Ok(()),
    };
    write(connection, occasion, tried.act, &on, Outcome::Refused(refusal))
}

fn write(connection: &Connection, occasion: &Occasion, act: Act, on: &On, outcome: Outcome) -> rusqlite::Result<()> {
    let caller = &occasion.caller;
    let (result, reason) = match outcome {
        Outcome::Done => ("done", None),
        Outcome::Refused(_) => ("refused", Some(outcome.as_str().to_owned())),
    };
    let kept = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let body = Body {
        at: occasion.now,
        site: on.site.as_ref().map(ToString::to_string),
        who: Who { kind: caller.kind.as_str().to_owned(), id: kept(&caller.name) },
        session: on.session.map(|id| id.to_string()),
        from: kept(&caller.address),
        act: act.as_str().to_owned(),
        on: named(on),
        result: result.to_owned(),
        reason,
        count: None,
        detail: on.detail.clone(),
    };
    append(connection, &body).map(|_| ())
}

fn named(on: &On) -> BTreeMap<String, String> {
    let things = [
        ("agent", on.agent.map(|id| id.to_string())),
        ("conversation", on.conversation.map(|id| id.to_string())),
        ("invitation", on.invitation.map(|id| id.to_string())),
        ("submission", on.submission.map(|id| id.to_string())),
        ("view", on.view.map(|id| id.to_string())),
    ];
    things.into_iter().filter_map(|(kind, id)| Some((kind.to_owned(), id?))).collect()
}

/// Writes what was counted of callers that nobody knows: an entry for each kind, network and minute.
pub(crate) fn counted(connection: &Connection, counts: &[RefusalCount]) -> Step<()> {
    for counted in counts.iter().filter(|counted| counted.count > 0) {
        append(connection, &of_counted(counted))?;
    }
    Ok(())
}

fn of_counted(counted: &RefusalCount) -> Body {
    let (act, reason) = counted.kind.split_once(':').unwrap_or((&counted.kind, ""));
    Body {
        at: Timestamp(counted.minute.saturating_mul(60_000)),
        site: None,
        who: Who { kind: "unknown".to_owned(), id: None },
        session: None,
        from: Some(counted.prefix.clone()),
        act: act.to_owned(),
        on: BTreeMap::new(),
        result: "refused".to_owned(),
        reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
        count: Some(u64::from(counted.count)),
        detail: None,
    }
}

/// Rows after `after`, at most `limit`.
pub(crate) fn read(connection: &Connection, after: i64, limit: u32) -> Step<Vec<AuditRow>> {
    page(connection, after, limit)?.into_iter().map(|stored| row(stored.place.sequence, &stored.body)).collect()
}

fn row(sequence: i64, text: &str) -> Step<AuditRow> {
    let unreadable = || Fault::Broken(format!("audit entry {sequence} cannot be read"));
    let body = Body::parse(text).map_err(|_| unreadable())?;
    let thing = |kind: &str| body.on.get(kind).map(String::as_str);
    let on = On {
        site: parsed(body.site.as_deref()).map_err(|()| unreadable())?,
        agent: parsed(thing("agent")).map_err(|()| unreadable())?,
        session: parsed(body.session.as_deref()).map_err(|()| unreadable())?,
        conversation: parsed(thing("conversation")).map_err(|()| unreadable())?,
        invitation: parsed(thing("invitation")).map_err(|()| unreadable())?,
        submission: parsed(thing("submission")).map_err(|()| unreadable())?,
        view: parsed::<Uuid>(thing("view")).map_err(|()| unreadable())?.map(ViewId::from_uuid),
        detail: body.detail.clone(),
    };
    Ok(AuditRow {
        sequence,
        at: body.at,
        caller: (body.who.kind, body.who.id.unwrap_or_default(), body.from.unwrap_or_default()),
        act: body.act,
        on,
        outcome: if body.result == "done" { body.result } else { body.reason.unwrap_or(body.result) },
        count: body.count,
    })
}

fn parsed<T: FromStr>(text: Option<&str>) -> Result<Option<T>, ()> {
    text.map(str::parse).transpose().map_err(|_| ())
}
