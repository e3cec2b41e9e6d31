//! `aside-desk audit`: the audit log as JSON lines, then the counted refusals, for export and for the tests. Names and ids
//! only.

use std::path::Path;

use aside_desk_domain::{AuditLine, RefusalLine};
use aside_desk_store::AuditLog as _;
use aside_operate::StartError;
use serde::Serialize;

use crate::config::{open_store, read};
use crate::output;

/// Rows read at once.
const BATCH: u32 = 500;

pub(crate) async fn print(file: &Path) -> Result<(), StartError> {
    let store = open_store(&read(file)?)?;
    let mut after = 0;
    loop {
        let lines = store.audit_lines(after, BATCH).await.map_err(StartError::new)?;
        let Some(last) = lines.last() else { break };
        after = last.number;
        for line in &lines {
            show(&Shown::of(line))?;
        }
    }
    after = 0;
    loop {
        let lines = store.refusal_lines(after, BATCH).await.map_err(StartError::new)?;
        let Some(last) = lines.last() else { return Ok(()) };
        after = last.number;
        for line in &lines {
            show(&Counted::of(line))?;
        }
    }
}

fn show(line: &impl Serialize) -> Result<(), StartError> {
    output::line(&serde_json::to_string(line).map_err(StartError::new)?);
    Ok(())
}

/// A row as it is printed.
#[derive(Serialize)]
struct Shown<'l> {
    number: i64,
    at: i64,
    site: Option<&'l str>,
    who: Named<'l>,
    session: Option<&'l str>,
    from: Option<&'l str>,
    what: &'l str,
    on: Named<'l>,
    result: &'l str,
    reason: Option<&'l str>,
}

/// A kind of thing and its id.
#[derive(Serialize)]
struct Named<'l> {
    kind: &'l str,
    id: Option<&'l str>,
}

impl<'l> Shown<'l> {
    fn of(line: &'l AuditLine) -> Self {
        Self {
            number: line.number,
            at: line.at.0,
            site: line.site.as_deref(),
            who: Named { kind: &line.actor.0, id: line.actor.1.as_deref() },
            session: line.session.as_deref(),
            from: line.from.as_deref(),
            what: &line.action,
            on: Named { kind: &line.target.0, id: line.target.1.as_deref() },
            result: &line.outcome,
            reason: line.reason.as_deref(),
        }
    }
}

/// Refusals of one kind, network, account and minute, as they are printed.
#[derive(Serialize)]
struct Counted<'l> {
    at: i64,
    who: Named<'l>,
    from: Option<&'l str>,
    what: &'l str,
    result: &'static str,
    count: u64,
}

impl<'l> Counted<'l> {
    fn of(line: &'l RefusalLine) -> Self {
        let account = line.account.as_deref();
        Self {
            at: line.at.0,
            who: Named { kind: if account.is_some() { "login_to" } else { "unknown" }, id: account },
            from: line.from.as_deref(),
            what: &line.kind,
            result: "refused",
            count: line.count,
        }
    }
}
