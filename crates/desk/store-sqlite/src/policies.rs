//! A site's policy, and what a change of it does at once.

use aside_base::{SiteId, Timestamp};
use aside_desk_domain::{
    Action, By, Change, Errand, FormsChange, Idle, Outcome, Policy, PolicyRefusal, Status, Target, forms_change,
};
use aside_desk_store::{Aftermath, Security, SiteSecurity, StoreError, VerbError};
use aside_wire::CancelReason;
use async_trait::async_trait;
use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::row::{all, corrupt, execute, id, moment_or_none, one, site};
use crate::{SqliteStore, audit, errands, invitations, rights, sending};

crate::statements::statements! {
    SECURITY = "SELECT policy, forms_stopped_since FROM sites WHERE id = ?";
    POLICIES = "SELECT policy, id FROM sites";
    SAVE = "UPDATE sites SET policy = ?2, lock_after = ?3, forms_stopped_since = ?4 WHERE id = ?1";
    OPEN = "SELECT id FROM invitations WHERE site = ? AND status IN ('sent', 'received', 'viewed')";
    OPEN_COUNT = "SELECT count(*) FROM invitations WHERE site = ? AND status IN ('sent', 'received', 'viewed')";
    SHORTEN = "UPDATE sessions SET ends_at = min(ends_at, started_at + ?2) WHERE site = ?1 AND ended_at IS NULL AND ends_at > 0";
    SIGNED_IN = "SELECT DISTINCT s.agent FROM sessions s WHERE s.ended_at IS NULL AND s.ends_at > ?2 AND s.site = ?1 AND s.stage = 'ready'";
}

fn read_policy(row: &Row<'_>) -> rusqlite::Result<Policy> {
    serde_json::from_str(row.get_ref(0)?.as_str()?).map_err(|error| corrupt(0, error))
}

/// A site's policy; none without such a site.
pub(crate) fn policy(connection: &Connection, site: &SiteId) -> rusqlite::Result<Option<Policy>> {
    one(connection, SECURITY, [site.as_str()], read_policy)
}

/// The policy of a site that stands.
pub(crate) fn policy_of(connection: &Connection, site: &SiteId) -> rusqlite::Result<Policy> {
    policy(connection, site)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// All sites with their policies.
pub(crate) fn policies(connection: &Connection) -> rusqlite::Result<Vec<(SiteId, Policy)>> {
    all(connection, POLICIES, [], |row| Ok((site(row, 1)?, read_policy(row)?)))
}

/// Writes a policy down.
pub(crate) fn save(
    connection: &Connection,
    site: &SiteId,
    policy: &Policy,
    stopped_since: Option<Timestamp>,
) -> rusqlite::Result<()> {
    let json = value(policy)?.to_string();
    let Idle { on, lock_after_minutes, .. } = policy.idle;
    let lock_after = on.then_some(i64::from(lock_after_minutes) * 60_000);
    execute(connection, SAVE, params![site.as_str(), json, lock_after, stopped_since.map(|at| at.0)]).map(|_| ())
}

fn security(connection: &Connection, site: &SiteId) -> rusqlite::Result<Option<SiteSecurity>> {
    let found = one(connection, SECURITY, [site.as_str()], |row| Ok((read_policy(row)?, moment_or_none(row, 1)?)))?;
    let Some((policy, forms_stopped_since)) = found else { return Ok(None) };
    let open = one(connection, OPEN_COUNT, [site.as_str()], |row| row.get(0))?.unwrap_or(0);
    Ok(Some(SiteSecurity { policy, forms_stopped_since, open_invitations: open }))
}

/// The parts of a policy: a change of one is a row of the audit log.
const PARTS: [&str; 9] = [
    "password",
    "lockout",
    "idle",
    "session_hours",
    "second_factor",
    "hide_card_numbers",
    "audit_days",
    "idle_account_days",
    "review",
];

/// The parts that differ, each with what it was and became.
fn changed(before: &Policy, after: &Policy) -> rusqlite::Result<Vec<(&'static str, String)>> {
    let (was, is) = (value(before)?, value(after)?);
    let differ = PARTS.into_iter().filter(|part| was[*part] != is[*part]);
    Ok(differ.map(|part| (part, format!("{} → {}", was[part], is[part]))).collect())
}

fn value(policy: &Policy) -> rusqlite::Result<serde_json::Value> {
    serde_json::to_value(policy).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Cancels what nobody has answered yet.
fn cancel_open(connection: &Connection, site: &SiteId, by: &By, aftermath: &mut Aftermath) -> rusqlite::Result<()> {
    sending::give_up_of_site(connection, site, by.at)?;
    let open = all(connection, OPEN, [site.as_str()], |row| id(row, 0))?;
    for invitation in open {
        let Some(placed) = invitations::placed(connection, site, invitation)? else { continue };
        let reason = Some(CancelReason::Stopped);
        let change = Change { status: Status::Cancelled, at: by.at, submission: None, reason };
        aftermath.entries.extend(invitations::move_on(connection, &placed.invitation, &change, by.at)?);
    }
    Ok(())
}

fn set(
    connection: &Connection,
    site: &SiteId,
    policy: &Policy,
    confirmed: bool,
    by: &By,
) -> Result<Aftermath, Fault<PolicyRefusal>> {
    policy.check().map_err(|error| Fault::Refused(error.into()))?;
    let before = security(connection, site)?.ok_or(Fault::Refused(PolicyRefusal::NotFound))?;
    let mut aftermath = Aftermath::default();
    let change = forms_change(before.forms_stopped_since.is_none(), policy);
    let stopped_since = match &change {
        FormsChange::Same => before.forms_stopped_since,
        FormsChange::Resume => None,
        FormsChange::Stop(_) => Some(by.at),
    };
    if let FormsChange::Stop(parts) = &change
        && !confirmed
    {
        let (parts, open_invitations) = (parts.clone(), before.open_invitations);
        return Err(Fault::Refused(PolicyRefusal::Confirm { parts, open_invitations }));
    }
    save(connection, site, policy, stopped_since)?;
    for (part, change) in changed(&before.policy, policy)? {
        let outcome = Outcome::DoneBecause(part);
        audit::note_change(connection, site, by, Action::ChangePolicy, Target::Site, outcome, Some(change))?;
    }
    let switched = match change {
        FormsChange::Same => None,
        FormsChange::Resume => Some((true, Action::ResumeForms)),
        FormsChange::Stop(_) => {
            cancel_open(connection, site, by, &mut aftermath)?;
            Some((false, Action::StopForms))
        }
    };
    if let Some((on, action)) = switched {
        errands::owe(connection, site, Errand::SwitchForms(on), by.at)?;
        audit::note(connection, site, by, action, Target::Site, Outcome::Done)?;
        aftermath.forms_on = Some(on);
    }
    if policy.session_hours < before.policy.session_hours {
        execute(connection, SHORTEN, params![site.as_str(), i64::from(policy.session_hours) * 3_600_000])?;
    }
    if policy.second_factor != before.policy.second_factor {
        let signed_in = all(connection, SIGNED_IN, params![site.as_str(), by.at.0], |row| id(row, 0))?;
        for agent in signed_in {
            rights::restage(connection, site, policy, agent, by.at, &mut aftermath)?;
        }
    }
    Ok(aftermath)
}

#[async_trait]
impl Security for SqliteStore {
    async fn security(&self, site: &SiteId) -> Result<Option<SiteSecurity>, StoreError> {
        let site = site.clone();
        self.read("security", move |connection| Ok(security(connection, &site)?)).await
    }

    async fn set_policy(
        &self,
        site: &SiteId,
        policy: Policy,
        confirmed: bool,
        by: By,
    ) -> Result<Aftermath, VerbError<PolicyRefusal>> {
        let site = site.clone();
        self.verb("set_policy", move |connection| set(connection, &site, &policy, confirmed, &by)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_policy_that_changes_is_told_with_what_it_was_and_became() {
        let before = Policy::default();
        let named: Vec<String> = value(&before).unwrap().as_object().unwrap().keys().cloned().collect();
        assert!(
            named.len() == PARTS.len() && PARTS.iter().all(|part| named.iter().any(|name| name == part)),
            "{named:?}"
        );
        let after = Policy { session_hours: 8, hide_card_numbers: false, ..before.clone() };
        let told = changed(&before, &after).unwrap();
        assert_eq!(told, [("session_hours", "12 → 8".to_owned()), ("hide_card_numbers", "true → false".to_owned())]);
        assert_eq!(changed(&before, &before).unwrap(), []);
    }
}
